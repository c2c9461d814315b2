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
        case "SEARCH": return .search(try searchNumbers())
        case "ESEARCH": return .esearch(try searchResult())
        case "LIST", "LSUB": return .list(try listedMailbox())
        case "STATUS": return try mailboxStatus()
        case "ID": return .id(try parameters())
        case "NAMESPACE": return .namespace(personal: try namespaces())
        case "VANISHED": return try vanished()
        default: return .other(word)
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
    private mutating func searchNumbers() throws(ParseFailure) -> [UInt32] {
        var numbers: [UInt32] = []
        while let byte = peek, byte != UInt8(ascii: "(") {
            numbers.append(try number())
            skipSpaces()
        }
        return numbers
    }

    /// RFC 4731 section 4: `(TAG "p5") UID MIN 1 ALL 1:5,7`.
    private mutating func searchResult() throws(ParseFailure) -> SearchResult {
        var result = SearchResult()
        if accept(UInt8(ascii: "(")) {
            _ = try atom()
            try spaces()
            result.tag = try astring()
            try expect(UInt8(ascii: ")"))
            skipSpaces()
        }
        while peek != nil {
            let word = asciiUpper(try atom())
            skipSpaces()
            switch word {
            case "UID": result.isUID = true
            case "MIN": result.minimum = try number()
            case "MAX": result.maximum = try number()
            case "COUNT": result.count = try number()
            case "ALL": result.all = try uidSet()
            default: try skipValue()
            }
            skipSpaces()
        }
        return result
    }

    /// `(\HasNoChildren) "/" "INBOX"` and perhaps extended data, which we read over.
    private mutating func listedMailbox() throws(ParseFailure) -> ListedMailbox {
        let attributes = try atomList().map(asciiLower)
        try spaces()
        let delimiter = try nstring().map { String(decoding: $0, as: UTF8.self) }
        try spaces()
        return ListedMailbox(attributes: attributes, delimiter: delimiter, name: ModifiedUTF7.decode(try astring()))
    }

    /// `INBOX (MESSAGES 3 UIDNEXT 5)`.
    private mutating func mailboxStatus() throws(ParseFailure) -> Response {
        let name = ModifiedUTF7.decode(try astring())
        try spaces()
        try expect(UInt8(ascii: "("))
        var items: [String: UInt64] = [:]
        skipSpaces()
        while !accept(UInt8(ascii: ")")) {
            let item = asciiUpper(try atom())
            try spaces()
            if let byte = peek, byte &- 48 < 10 { items[item] = try number64() } else { try skipValue() }
            skipSpaces()
        }
        return .mailboxStatus(name: name, items: items)
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

    /// RFC 2342 section 5: the first of three groups is ours: `(("" "/")) NIL NIL`.
    private mutating func namespaces() throws(ParseFailure) -> [Namespace] {
        guard accept(UInt8(ascii: "(")) else { return [] }
        var namespaces: [Namespace] = []
        skipSpaces()
        while !accept(UInt8(ascii: ")")) {
            try expect(UInt8(ascii: "("))
            let prefix = ModifiedUTF7.decode(try astring())
            try spaces()
            let delimiter = try nstring().map { String(decoding: $0, as: UTF8.self) }
            skipSpaces()
            while !accept(UInt8(ascii: ")")) {
                try skipValue()
                skipSpaces()
            }
            namespaces.append(Namespace(prefix: prefix, delimiter: delimiter))
            skipSpaces()
        }
        return namespaces
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
