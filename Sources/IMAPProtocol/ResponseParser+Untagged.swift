// Untagged data, by its first word.

extension ResponseParser {
    mutating func untagged() throws(ParseFailure) -> Response {
        index += 1
        guard accept(0x20) else { return .malformed(Malformation(.junk, place: "")) }
        skipSpaces()
        if let byte = peek, byte &- 48 < 10 { return try numbered() }
        let word = asciiUpper(try atom())
        if let status = UntaggedStatus(rawValue: asciiLower(word)) {
            _ = accept(0x20)
            return .untagged(status, responseText())
        }
        skipSpaces()
        switch word {
        case "CAPABILITY": return .capability(try words().map(asciiUpper))
        case "ENABLED": return .enabled(try words().map(asciiUpper))
        case "FLAGS": return .flags(try atomList())
        case "SEARCH": return try searchNumbers()
        case "ESEARCH": return .esearch(try searchResult())
        case "ID": return .id(try parameters())
        case "VANISHED": return try vanished()
        default: return try mailboxData(word) ?? .other(word)
        }
    }

    /// `12 EXISTS`, `12 FETCH (…)`.
    private mutating func numbered() throws(ParseFailure) -> Response {
        let number = try number()
        try spaces()
        let word = asciiUpper(try atom())
        switch word {
        case "EXISTS": return .exists(number)
        case "RECENT": return .recent(number)
        case "EXPUNGE": return .expunge(number)
        case "FETCH":
            try spaces()
            return .fetch(try fetchData(sequence: number))
        default: return .other(word)
        }
    }

    /// Numbers, and perhaps `(MODSEQ 5)` behind them (RFC 7162 section 3.1.5).
    private mutating func searchNumbers() throws(ParseFailure) -> Response {
        var numbers: [UInt32] = []
        while let byte = peek, byte != UInt8(ascii: "(") {
            numbers.append(try number())
            skipSpaces()
        }
        guard accept(UInt8(ascii: "(")) else { return .search(numbers, modSeq: nil) }
        guard asciiUpper(try atom()) == "MODSEQ" else { return .search(numbers, modSeq: nil) }
        try spaces()
        return .search(numbers, modSeq: try number64())
    }

    /// RFC 4731 section 4: `(TAG "p5") UID MIN 1 ALL 1:5,7`.
    private mutating func searchResult() throws(ParseFailure) -> SearchResult {
        var result = SearchResult()
        if accept(UInt8(ascii: "(")) { result.tag = try correlator() }
        skipSpaces()
        while peek != nil {
            let word = asciiUpper(try atom())
            skipSpaces()
            switch word {
            case "UID": result.isUID = true
            case "MIN": result.minimum = try number()
            case "MAX": result.maximum = try number()
            case "COUNT": result.count = try number()
            case "ALL": result.all = try uidSet()
            case "MODSEQ": result.modSeq = try number64()
            default: try skipValue()  // PARTIAL (RFC 9394 section 3.1), ADDTO, …
            }
            skipSpaces()
        }
        return result
    }

    /// `TAG "p5"` and perhaps more of the kind (RFC 7377 section 2.1), up to the parenthesis.
    private mutating func correlator() throws(ParseFailure) -> String? {
        var tag: String?
        skipSpaces()
        while !accept(UInt8(ascii: ")")) {
            let name = asciiUpper(try atom())
            try spaces()
            let value = try astring()
            if name == "TAG" { tag = value }
            skipSpaces()
        }
        return tag
    }

    /// RFC 2971 section 3.2: `("name" "Dovecot" "version" NIL)` or NIL.
    private mutating func parameters() throws(ParseFailure) -> [String: String] {
        guard accept(UInt8(ascii: "(")) else {
            try skipValue()
            return [:]
        }
        var parameters: [String: String] = [:]
        skipSpaces()
        while !accept(UInt8(ascii: ")")) {
            let name = asciiLower(String(decoding: try nstring() ?? [], as: UTF8.self))
            try spaces()
            if let value = try nstring() { parameters[name] = String(decoding: value, as: UTF8.self) }
            skipSpaces()
        }
        return parameters
    }

    /// RFC 7162 section 3.2.10.
    private mutating func vanished() throws(ParseFailure) -> Response {
        var earlier = false
        if peek == UInt8(ascii: "(") {
            earlier = try atomList().map(asciiUpper) == ["EARLIER"]
            try spaces()
        }
        return .vanished(try uidSet(), earlier: earlier)
    }
}
