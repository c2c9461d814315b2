/// Reads the text of one whole response. It gives up by throwing `ParseFailure`, which `parse()` turns into
/// `Response.malformed`: a response is understood as a whole or not at all.
struct ResponseParser {
    /// Stands for a literal in the text. No server may send NUL (RFC 9051 section 9, CHAR).
    static let literalMark: UInt8 = 0

    struct ParseFailure: Error {}

    private(set) var text: [UInt8]
    private var literals: [ResponseLiteral]
    private var nextLiteral = 0
    var index = 0
    let maximumDepth: Int
    /// Mailbox names stand as they are (RFC 6855 section 3), not in modified UTF-7.
    private let utf8Names: Bool
    /// For the report of a failure.
    var uidSeen: UInt32?

    init(text: [UInt8], literals: [ResponseLiteral], maximumDepth: Int = 200, utf8Names: Bool = false) {
        self.text = text
        self.literals = literals
        self.maximumDepth = maximumDepth
        self.utf8Names = utf8Names
    }

    /// Gives the array back, so that its memory is used again.
    mutating func returnText() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &text)
        return taken
    }

    mutating func parse() -> Response {
        do throws(ParseFailure) {
            guard marksAreLiterals else { throw ParseFailure() }
            if peek == UInt8(ascii: "+") { return .continuation(try continuationText()) }
            if peek == UInt8(ascii: "*") { return try untagged() }
            return try tagged()
        } catch {
            let place = Self.firstWord(of: text)
            return .malformed(
                Malformation(
                    .syntax, place: place, uid: uidSeen, hadLiteral: !literals.isEmpty, streamed: literals.streamed))
        }
    }

    private mutating func continuationText() throws(ParseFailure) -> ResponseText {
        index += 1
        if peek == 0x20 { index += 1 }
        return responseText()
    }

    /// `p12 OK …`. What begins with anything else than a word and a status is junk.
    private mutating func tagged() throws(ParseFailure) -> Response {
        let junk = Response.malformed(Malformation(.junk, place: ""))
        guard let tag = try? atom(), accept(0x20), let word = try? atom() else { return junk }
        guard let status = TaggedStatus(rawValue: asciiLower(word)) else { return junk }
        _ = accept(0x20)
        return .tagged(tag: tag, status, responseText())
    }

    private var marksAreLiterals: Bool {
        literals.count == text.reduce(into: 0) { $0 += $1 == Self.literalMark ? 1 : 0 }
    }

    /// `FETCH` of `* 12 FETCH (…`: for people who look for the cause.
    static func firstWord(of text: [UInt8]) -> String {
        let word = text.dropFirst(2).drop { $0 &- 48 < 10 || $0 == 0x20 }.prefix(20).prefix { $0 &- 33 < 94 }
        return String(decoding: word, as: UTF8.self).uppercased()
    }
}

// MARK: - Primitives

extension ResponseParser {
    var peek: UInt8? { index < text.count ? text[index] : nil }

    mutating func accept(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(ParseFailure) {
        guard accept(byte) else { throw ParseFailure() }
    }

    /// One or more: some servers are generous with spaces.
    mutating func spaces() throws(ParseFailure) {
        try expect(0x20)
        skipSpaces()
    }

    mutating func skipSpaces() { while accept(0x20) {} }

    /// Everything that is not an atom-special (RFC 9051 section 9). `]` is taken, as in flags of some servers; `\` too,
    /// so that a flag is an atom; also bytes above 127.
    mutating func atom() throws(ParseFailure) -> String {
        let start = index
        while let byte = peek, Self.isAtomByte(byte) { index += 1 }
        guard index > start else { throw ParseFailure() }
        return String(decoding: text[start..<index], as: UTF8.self)
    }

    static func isAtomByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "\""): false
        default: true
        }
    }

    mutating func number64() throws(ParseFailure) -> UInt64 {
        let start = index
        var value: UInt64 = 0
        while let byte = peek, byte &- 48 < 10 {
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = product.addingReportingOverflow(UInt64(byte - 48))
            guard !tooLarge && !overflow else { throw ParseFailure() }
            value = sum
            index += 1
        }
        guard index > start else { throw ParseFailure() }
        return value
    }

    mutating func number() throws(ParseFailure) -> UInt32 {
        guard let value = UInt32(exactly: try number64()) else { throw ParseFailure() }
        return value
    }

    /// A quoted string. The grammar escapes only `"` and `\`; we let any byte be escaped.
    mutating func quoted() throws(ParseFailure) -> [UInt8] {
        try expect(UInt8(ascii: "\""))
        var bytes: [UInt8] = []
        while let byte = peek {
            index += 1
            if byte == UInt8(ascii: "\"") { return bytes }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = peek else { break }
                index += 1
                bytes.append(escaped)
            } else {
                bytes.append(byte)
            }
        }
        throw ParseFailure()
    }

    /// A literal where the text of a mail stands: it may have gone to the sink.
    mutating func sectionLiteral() throws(ParseFailure) -> ResponseLiteral {
        try expect(Self.literalMark)
        let taken = literals[nextLiteral]  // as many as marks: checked before
        if case .bytes = taken { literals[nextLiteral] = .bytes([]) }  // so that the bytes have one owner
        nextLiteral += 1
        return taken
    }

    /// A literal anywhere else. One that went to the sink would be missed there without a word.
    mutating func literal() throws(ParseFailure) -> ResponseLiteral {
        let taken = try sectionLiteral()
        if case .streamed = taken { throw ParseFailure() }
        return taken
    }

    /// Literals that nobody has asked for; a streamed one must not be among them.
    var hasStreamedLeft: Bool { literals[nextLiteral...].streamed > 0 }

    /// Reads a value that is worth less than the response it stands in: nil when it breaks its grammar, and then it is
    /// only read over.
    mutating func attempt<Value>(
        _ read: (inout ResponseParser) throws(ParseFailure) -> Value
    ) throws(ParseFailure) -> Value? {
        let (start, firstLiteral) = (index, nextLiteral)
        if let value = try? read(&self), peek == 0x20 || peek == UInt8(ascii: ")") { return value }
        (index, nextLiteral) = (start, firstLiteral)
        try skipValue()
        return nil
    }

    /// A quoted string or a literal; nil for NIL and for a literal that was too large.
    mutating func nstring() throws(ParseFailure) -> [UInt8]? {
        switch peek {
        case UInt8(ascii: "\""): return try quoted()
        case Self.literalMark:
            guard case .bytes(let bytes) = try literal() else { return nil }
            return bytes
        default:
            guard asciiLower(try atom()) == "nil" else { throw ParseFailure() }
            return nil
        }
    }

    /// A string where some servers write a bare word. Nil for NIL.
    mutating func looseString() throws(ParseFailure) -> [UInt8]? {
        if peek == UInt8(ascii: "\"") || peek == Self.literalMark { return try nstring() }
        let word = try atom()
        return asciiLower(word) == "nil" ? nil : Array(word.utf8)
    }

    mutating func mailboxName() throws(ParseFailure) -> String {
        let name = try astring()
        return utf8Names ? name : ModifiedUTF7.decode(name)
    }

    /// A string that may also stand bare.
    mutating func astring() throws(ParseFailure) -> String {
        switch peek {
        case UInt8(ascii: "\""): return String(decoding: try quoted(), as: UTF8.self)
        case Self.literalMark:
            guard case .bytes(let bytes) = try literal() else { throw ParseFailure() }
            return String(decoding: bytes, as: UTF8.self)
        default: return try atom()
        }
    }

    /// `(a b c)`. Words in quotes are words too: some servers write flags so.
    mutating func atomList() throws(ParseFailure) -> [String] {
        try list { parser throws(ParseFailure) in
            parser.peek == UInt8(ascii: "\"") ? try parser.astring() : try parser.atom()
        }
    }

    /// Values between parentheses, with any number of spaces, or none, between them.
    mutating func list<Value>(
        _ read: (inout ResponseParser) throws(ParseFailure) -> Value
    ) throws(ParseFailure) -> [Value] {
        try expect(UInt8(ascii: "("))
        var values: [Value] = []
        skipSpaces()
        while !accept(UInt8(ascii: ")")) {
            values.append(try read(&self))
            skipSpaces()
        }
        return values
    }

    /// Words up to the end.
    mutating func words() throws(ParseFailure) -> [String] {
        var words: [String] = []
        skipSpaces()
        while peek != nil {
            words.append(try atom())
            skipSpaces()
        }
        return words
    }

    /// `1:4,7`.
    mutating func uidSet() throws(ParseFailure) -> UIDSet {
        guard let set = UIDSet(parsing: try atom()) else { throw ParseFailure() }
        return set
    }

    /// Reads over one value of any form: atom, string, literal, list. Without recursion, so that no depth hurts.
    mutating func skipValue() throws(ParseFailure) {
        var depth = 0
        repeat {
            switch peek {
            case UInt8(ascii: "("):
                index += 1
                depth += 1
                guard depth <= maximumDepth else { throw ParseFailure() }
            case UInt8(ascii: ")") where depth > 0:
                index += 1
                depth -= 1
            case UInt8(ascii: "\""): _ = try quoted()
            case Self.literalMark: _ = try literal()
            default: _ = try atom()
            }
            if depth > 0 { skipSpaces() }
        } while depth > 0
    }
}

/// `A` to `Z` to lower case; the locale has no say.
func asciiLower(_ text: String) -> String {
    String(decoding: text.utf8.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
}

func asciiUpper(_ text: String) -> String {
    String(decoding: text.utf8.map { $0 &- 97 < 26 ? $0 & 0xDF : $0 }, as: UTF8.self)
}
