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
        return data
    }

    private mutating func fetchItem(_ data: inout FetchData) throws(ParseFailure) {
        let name = try itemName()
        if accept(UInt8(ascii: "[")) {
            let section = try sectionName()
            let origin = try sectionOrigin()
            skipSpaces()
            guard name == "BODY" else { return try skipValue() }  // BINARY[…]
            data.sections.append(BodySection(name: section, origin: origin, content: try content()))
            return
        }
        try spaces()
        switch name {
        case "UID":
            let uid = try number()
            data.uid = uid
            uidSeen = uid
        case "FLAGS": data.flags = try atomList()
        case "INTERNALDATE": data.internalDate = try nstring().flatMap(internalDate(parsing:))
        case "RFC822.SIZE": data.size = try number64()
        case "MODSEQ":
            try expect(UInt8(ascii: "("))
            data.modSeq = try number64()
            try expect(UInt8(ascii: ")"))
        case "RFC822": data.sections.append(BodySection(name: "", origin: nil, content: try content()))
        default: try skipValue()  // ENVELOPE, BODYSTRUCTURE, X-GM-…
        }
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
            return switch try literal() {
            case .bytes(let bytes): .bytes(bytes)
            case .tooLarge(let size): .tooLarge(size)
            }
        }
        return try nstring().map { .bytes($0) } ?? .none
    }
}
