// BODYSTRUCTURE and BODY (RFC 9051 section 7.5.2).

extension ResponseParser {
    /// Without recursion: the parts that have begun and not ended lie in `open`.
    mutating func bodyStructure() throws(ParseFailure) -> BodyStructure {
        var parts: [BodyPart] = []
        var open: [OpenPart] = []
        repeat {
            try beginPart(&parts, &open)
            try endParts(&parts, &open)
        } while !open.isEmpty
        return BodyStructure(parts: parts)
    }

    private mutating func beginPart(_ parts: inout [BodyPart], _ open: inout [OpenPart]) throws(ParseFailure) {
        try expect(UInt8(ascii: "("))
        skipSpaces()
        let isMultipart = peek == UInt8(ascii: "(")
        let number = OpenPart.numberOfNext(isMultipart: isMultipart, in: parts, open)
        if !open.isEmpty { open[open.count - 1].children += 1 }
        var part = BodyPart(number: number, parent: open.last?.index, mediaType: "multipart")
        let holdsMore: Bool
        if isMultipart { holdsMore = true } else { holdsMore = try singlePart(&part) }
        parts.append(part)
        guard holdsMore else { return }
        guard open.count < maximumDepth else { throw ParseFailure() }
        open.append(OpenPart(index: parts.count - 1, isMultipart: isMultipart))
    }

    /// Ends what ends here, up to a part that goes on with another one inside it.
    private mutating func endParts(_ parts: inout [BodyPart], _ open: inout [OpenPart]) throws(ParseFailure) {
        while let last = open.last {
            skipSpaces()
            if last.isMultipart {
                if peek == UInt8(ascii: "(") { return }
                try endMultipart(&parts[last.index])
            } else {
                if last.children == 0 { return }
                try endSinglePart(&parts[last.index])
            }
            open.removeLast()
        }
    }

    /// `"TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "7BIT" 42 3 …)`. True when it is a message whose body comes next; else it
    /// is read to its end.
    private mutating func singlePart(_ part: inout BodyPart) throws(ParseFailure) -> Bool {
        let type = lowercase(try looseString())
        try spaces()
        part.mediaType = "\(type)/\(lowercase(try looseString()))"
        try spaces()
        part.parameters = try parameterList()
        try spaces()
        part.contentID = try nstring()
        try spaces()
        part.description = try nstring()
        try spaces()
        part.transferEncoding = try looseString().map(lowercase)
        try spaces()
        part.size = UInt64(try atom())
        skipSpaces()
        // message/global too (RFC 6532). Some servers describe an embedded message like any file.
        if type == "message" && peek == UInt8(ascii: "(") {
            part.envelope = try envelope()
            try spaces()
            return true
        }
        try endSinglePart(&part)
        return false
    }

    /// Lines, where there are any, and then what only BODYSTRUCTURE has: MD5, disposition, languages, location.
    private mutating func endSinglePart(_ part: inout BodyPart) throws(ParseFailure) {
        skipSpaces()
        if let byte = peek, byte &- 48 < 10 {
            part.lines = try number64()
            skipSpaces()
        }
        if peek != UInt8(ascii: ")") { try skipValue() }
        try extensionData(&part)
    }

    private mutating func endMultipart(_ part: inout BodyPart) throws(ParseFailure) {
        part.mediaType = "multipart/\(lowercase(try looseString()))"
        skipSpaces()
        if peek != UInt8(ascii: ")") { part.parameters = try parameterList() }
        try extensionData(&part)
    }

    /// Each of these may be the last one.
    private mutating func extensionData(_ part: inout BodyPart) throws(ParseFailure) {
        skipSpaces()
        if peek != UInt8(ascii: ")") { part.disposition = try disposition() }
        skipSpaces()
        if peek != UInt8(ascii: ")") { part.languages = try languages() }
        skipSpaces()
        if peek != UInt8(ascii: ")") { part.location = try nstring() }
        skipSpaces()
        while !accept(UInt8(ascii: ")")) {
            try skipValue()
            skipSpaces()
        }
    }

    /// `("charset" "utf-8")` or NIL. A name without a value has an empty one.
    private mutating func parameterList() throws(ParseFailure) -> [BodyPart.Parameter] {
        guard peek == UInt8(ascii: "(") else {
            guard try looseString() == nil else { throw ParseFailure() }
            return []
        }
        return try list { parser throws(ParseFailure) in
            let name = try parser.looseString()
            parser.skipSpaces()
            let value = parser.peek == UInt8(ascii: ")") ? nil : try parser.looseString()
            return BodyPart.Parameter(name: lowercase(name), value: value ?? [])
        }
    }

    /// `("attachment" ("filename" "a.pdf"))`, NIL, or from some servers the word alone.
    private mutating func disposition() throws(ParseFailure) -> BodyPart.Disposition? {
        guard accept(UInt8(ascii: "(")) else {
            return try looseString().map { BodyPart.Disposition(kind: lowercase($0), parameters: []) }
        }
        skipSpaces()
        let kind = lowercase(try looseString())
        skipSpaces()
        let parameters = peek == UInt8(ascii: ")") ? [] : try parameterList()
        skipSpaces()
        try expect(UInt8(ascii: ")"))
        return BodyPart.Disposition(kind: kind, parameters: parameters)
    }

    private mutating func languages() throws(ParseFailure) -> [String] {
        guard peek == UInt8(ascii: "(") else { return try looseString().map { [lowercase($0)] } ?? [] }
        return try list { parser throws(ParseFailure) in lowercase(try parser.looseString()) }
    }
}

/// A multipart, or an embedded message, that has begun and not ended.
private struct OpenPart {
    let index: Int
    let isMultipart: Bool
    var children = 0

    /// RFC 9051 section 6.4.5.1: parts of a multipart are counted from 1 behind its number; a message that is no multipart
    /// has one part, number 1.
    static func numberOfNext(isMultipart: Bool, in parts: [BodyPart], _ open: [OpenPart]) -> String {
        let around = open.last.map { parts[$0.index].number } ?? ""
        let place: Int
        if let last = open.last, last.isMultipart {
            place = last.children + 1
        } else if isMultipart {
            return around
        } else {
            place = 1
        }
        return around.isEmpty ? "\(place)" : "\(around).\(place)"
    }
}

private func lowercase(_ text: [UInt8]?) -> String { asciiLower(String(decoding: text ?? [], as: UTF8.self)) }
