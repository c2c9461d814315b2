// FETCH (RFC 9051 section 7.5.2).

extension ResponseParser {
    mutating func fetchData(sequence: UInt32) throws(ParseFailure) -> FetchData {
        var data = FetchData(sequence: sequence)
        try expect(UInt8(ascii: "("))
        skipSpaces()
        while !accept(UInt8(ascii: ")")) {
            try fetchItem(&data)
            skipSpaces()
        }
        guard !hasStreamedLeft else { throw ParseFailure() }
        return data
    }

    private mutating func fetchItem(_ data: inout FetchData) throws(ParseFailure) {
        let name = try itemName()
        if accept(UInt8(ascii: "[")) {
            let section = try sectionName()
            let origin = try sectionOrigin()
            skipSpaces()
            return try sectionItem(name, section, origin, &data)
        }
        try spaces()
        switch name {
        case "UID":
            let uid = try number()
            // Twice, and not the same: the length of a literal was wrong, and the beginning of the next response is in it.
            guard data.uid == nil || data.uid == uid else { throw ParseFailure() }
            data.uid = uid
            uidSeen = uid
        case "FLAGS": data.flags = try atomList()
        case "INTERNALDATE": data.internalDate = try nstring().flatMap(internalDate(parsing:))
        case "RFC822.SIZE": data.size = try number64()
        case "MODSEQ": data.modSeq = try modSeq()
        case "ENVELOPE": data.envelope = try attempt { parser throws(ParseFailure) in try parser.envelope() }
        case "BODYSTRUCTURE", "BODY":
            data.structure = try attempt { parser throws(ParseFailure) in try parser.bodyStructure() }
        case "RFC822": try data.add(BodySection(name: "", origin: nil, content: try content()))
        case "RFC822.HEADER": try data.add(BodySection(name: "HEADER", origin: nil, content: try content()))
        case "RFC822.TEXT": try data.add(BodySection(name: "TEXT", origin: nil, content: try content()))
        default: try skipValue()  // PREVIEW, EMAILID, X-GM-…
        }
    }

    private mutating func sectionItem(
        _ name: String, _ section: String, _ origin: UInt64?, _ data: inout FetchData
    ) throws(ParseFailure) {
        switch name {
        case "BODY": try data.add(BodySection(name: section, origin: origin, content: try content()))
        case "BINARY":
            let content = try content()
            try data.add(BodySection(name: section, origin: origin, content: content, isDecoded: true))
        case "BINARY.SIZE": data.binarySizes.append(BinarySize(name: section, size: try number64()))
        default: try skipValue()
        }
    }

    /// `(917162500)` (RFC 7162 section 3.1.4.2).
    private mutating func modSeq() throws(ParseFailure) -> UInt64 {
        try expect(UInt8(ascii: "("))
        let value = try number64()
        try expect(UInt8(ascii: ")"))
        return value
    }

    /// Up to a space or a bracket: `BODY` of `BODY[HEADER]`.
    private mutating func itemName() throws(ParseFailure) -> String {
        let start = index
        while let byte = peek, Self.isAtomByte(byte), byte != UInt8(ascii: "[") { index += 1 }
        guard index > start else { throw ParseFailure() }
        return asciiUpper(String(decoding: text[start..<index], as: UTF8.self))
    }

    /// What stands in `[…]`, which may hold a list of field names: `HEADER.FIELDS (DATE FROM)`.
    private mutating func sectionName() throws(ParseFailure) -> String {
        let start = index
        while let byte = peek, byte != UInt8(ascii: "]") {
            if byte == UInt8(ascii: "\"") {
                _ = try quoted()
            } else if byte == Self.literalMark {
                _ = try literal()
            } else {
                index += 1
            }
        }
        let name = String(decoding: text[start..<index], as: UTF8.self)
        try expect(UInt8(ascii: "]"))
        return asciiUpper(name)
    }

    private mutating func sectionOrigin() throws(ParseFailure) -> UInt64? {
        guard accept(UInt8(ascii: "<")) else { return nil }
        let origin = try number64()
        try expect(UInt8(ascii: ">"))
        return origin
    }

    private mutating func content() throws(ParseFailure) -> BodySection.Content {
        if peek == Self.literalMark {
            return switch try sectionLiteral() {
            case .bytes(let bytes): .bytes(bytes)
            case .tooLarge(let size): .tooLarge(size)
            case .streamed(let size): .streamed(size)
            }
        }
        return try nstring().map { .bytes($0) } ?? .none
    }
}

extension FetchData {
    /// A section comes once in a response. One that comes twice is the sign of a literal that was longer than announced or
    /// shorter: then a message would end in the octets of another.
    fileprivate mutating func add(_ section: BodySection) throws(ResponseParser.ParseFailure) {
        let isThere = sections.contains {
            $0.name == section.name && $0.origin == section.origin && $0.isDecoded == section.isDecoded
        }
        guard !isThere else { throw ResponseParser.ParseFailure() }
        sections.append(section)
    }
}
