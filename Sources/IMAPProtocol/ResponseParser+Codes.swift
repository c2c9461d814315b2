// What stands behind OK, NO, BAD, BYE, PREAUTH and `+`: perhaps a code, and words.

extension ResponseParser {
    /// Never fails: a code that cannot be read becomes `.unknown`, or part of the words when it has no end.
    mutating func responseText() -> ResponseText {
        let code = responseCode()
        _ = accept(0x20)
        let words = text[index...].prefix(1_000)
        index = text.count
        return ResponseText(code: code, text: String(decoding: words, as: UTF8.self))
    }

    private mutating func responseCode() -> ResponseCode? {
        guard peek == UInt8(ascii: "["), let end = endOfCode() else { return nil }
        let name = text[(index + 1)..<end].prefix { $0 != 0x20 }
        let arguments = text[(index + 1)..<end].dropFirst(name.count + 1)
        index = end + 1
        let upper = asciiUpper(String(decoding: name, as: UTF8.self))
        var parser = ResponseParser(text: Array(arguments), literals: [])
        if let condition = ResponseCode.Condition(rawValue: upper) { return .condition(condition) }
        if let code = try? parser.knownCode(upper) { return code }
        return .unknown(upper, arguments: String(decoding: arguments.prefix(1_000), as: UTF8.self))
    }

    /// The `]` that is not inside of a quoted string.
    private func endOfCode() -> Int? {
        var isQuoted = false
        var position = index
        while position < text.count {
            let byte = text[position]
            if isQuoted && byte == UInt8(ascii: "\\") {
                position += 1
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: "]") && !isQuoted {
                return position
            }
            position += 1
        }
        return nil
    }

    /// Throws for what is unknown and for what is known and wrong.
    private mutating func knownCode(_ name: String) throws(ParseFailure) -> ResponseCode {
        switch name {
        case "READ-ONLY": return .readOnly
        case "READ-WRITE": return .readWrite
        case "TRYCREATE": return .tryCreate
        case "CLOSED": return .closed
        case "NOMODSEQ": return .noModSeq
        case "UIDNOTSTICKY": return .uidNotSticky
        case "UIDVALIDITY": return .uidValidity(try number())
        case "UIDNEXT": return .uidNext(try number())
        case "UNSEEN": return .unseen(try number())
        case "HIGHESTMODSEQ": return .highestModSeq(try number64())
        case "PERMANENTFLAGS": return .permanentFlags(try atomList())
        case "CAPABILITY": return .capability(try words().map(asciiUpper))
        case "BADCHARSET": return .badCharset(peek == nil ? [] : try atomList())
        case "MODIFIED": return .modified(try uidSet())
        case "MAILBOXID": return .mailboxID(try bracketedWord())
        case "APPENDUID":
            let validity = try number()
            try spaces()
            return .appendUID(validity: validity, try uidSet())
        case "COPYUID":
            let validity = try number()
            try spaces()
            let source = try uidSet()
            try spaces()
            return .copyUID(validity: validity, from: source, to: try uidSet())
        default: throw ParseFailure()
        }
    }

    /// `(F2212ea87)` (RFC 8474 section 7, objectid).
    mutating func bracketedWord() throws(ParseFailure) -> String {
        try expect(UInt8(ascii: "("))
        let word = try atom()
        try expect(UInt8(ascii: ")"))
        return word
    }
}
