// What a server says about mailboxes, whether selected or not (RFC 9051 section 7.3).

extension ResponseParser {
    /// Nil for a word that is not about mailboxes.
    mutating func mailboxData(_ word: String) throws(ParseFailure) -> Response? {
        switch word {
        case "LIST": .list(try listedMailbox())
        case "LSUB": .lsub(try listedMailbox())
        case "STATUS": .mailboxStatus(try mailboxCounts())
        case "NAMESPACE": try namespaces()
        case "QUOTA": try quota()
        case "QUOTAROOT": try quotaRoot()
        default: nil
        }
    }

    /// `(\HasNoChildren) "/" "INBOX"`.
    private mutating func listedMailbox() throws(ParseFailure) -> ListedMailbox {
        let attributes = try atomList().map(asciiLower)
        try spaces()
        let delimiter = try nstring().map { String(decoding: $0, as: UTF8.self) }
        try spaces()
        var entry = ListedMailbox(attributes: attributes, delimiter: delimiter, name: try mailboxName())
        skipSpaces()
        if accept(UInt8(ascii: "(")) { try extendedData(&entry) }
        return entry
    }

    /// `("CHILDINFO" ("SUBSCRIBED") "OLDNAME" ("a"))` (RFC 5258 section 6, RFC 9051 section 6.3.9.7), behind its
    /// parenthesis.
    private mutating func extendedData(_ entry: inout ListedMailbox) throws(ParseFailure) {
        skipSpaces()
        while !accept(UInt8(ascii: ")")) {
            let name = asciiUpper(try astring())
            try spaces()
            switch name {
            case "CHILDINFO":
                entry.childInfo = try list { parser throws(ParseFailure) in asciiUpper(try parser.astring()) }
            case "OLDNAME":
                entry.oldName = try list { parser throws(ParseFailure) in try parser.mailboxName() }.first
            default: try skipValue()
            }
            skipSpaces()
        }
    }

    /// `INBOX (MESSAGES 3 UIDNEXT 5)`.
    private mutating func mailboxCounts() throws(ParseFailure) -> MailboxCounts {
        var counts = MailboxCounts(name: try mailboxName())
        try spaces()
        try expect(UInt8(ascii: "("))
        skipSpaces()
        while !accept(UInt8(ascii: ")")) {
            let item = asciiUpper(try atom())
            try spaces()
            try statusItem(item, &counts)
            skipSpaces()
        }
        return counts
    }

    private mutating func statusItem(_ item: String, _ counts: inout MailboxCounts) throws(ParseFailure) {
        switch item {
        case "MESSAGES": counts.messages = try number()
        case "RECENT": counts.recent = try number()
        case "UNSEEN": counts.unseen = try number()
        case "DELETED": counts.deleted = try number()
        case "UIDNEXT": counts.uidNext = try number()
        case "UIDVALIDITY": counts.uidValidity = try number()
        case "SIZE": counts.size = try number64()
        case "HIGHESTMODSEQ": counts.highestModSeq = try number64()
        case "MAILBOXID": counts.mailboxID = try bracketedWord()
        default: try skipValue()  // APPENDLIMIT, DELETED-STORAGE, …
        }
    }

    /// RFC 2342 section 5, three groups: `(("" "/")) NIL NIL`. A server that leaves some out has none of them.
    private mutating func namespaces() throws(ParseFailure) -> Response {
        let personal = try namespaceGroup()
        let others = try namespaceGroup()
        return .namespace(personal: personal, others: others, shared: try namespaceGroup())
    }

    private mutating func namespaceGroup() throws(ParseFailure) -> [Namespace] {
        skipSpaces()
        guard peek != nil else { return [] }
        guard peek == UInt8(ascii: "(") else {
            try skipValue()  // NIL
            return []
        }
        return try list { parser throws(ParseFailure) in try parser.namespace() }
    }

    private mutating func namespace() throws(ParseFailure) -> Namespace {
        try expect(UInt8(ascii: "("))
        let prefix = try mailboxName()
        try spaces()
        let delimiter = try nstring().map { String(decoding: $0, as: UTF8.self) }
        skipSpaces()
        while !accept(UInt8(ascii: ")")) {  // extensions, RFC 2342 section 4
            try skipValue()
            skipSpaces()
        }
        return Namespace(prefix: prefix, delimiter: delimiter)
    }

    /// RFC 9208 section 4.2.1: `"" (STORAGE 10 512 MESSAGE 20 100)`.
    private mutating func quota() throws(ParseFailure) -> Response {
        let root = try astring()
        var resources: [QuotaResource] = []
        skipSpaces()
        guard accept(UInt8(ascii: "(")) else { return .quota(root: root, []) }
        skipSpaces()
        while !accept(UInt8(ascii: ")")) {
            let name = asciiUpper(try astring())
            try spaces()
            let usage = UInt64(try atom())
            try spaces()
            // A limit of -1, which some write for "none", limits nothing.
            if let limit = UInt64(try atom()), let usage {
                resources.append(QuotaResource(name: name, usage: usage, limit: limit))
            }
            skipSpaces()
        }
        return .quota(root: root, resources)
    }

    /// RFC 9208 section 4.2.2: `INBOX "" "b"`.
    private mutating func quotaRoot() throws(ParseFailure) -> Response {
        let mailbox = try mailboxName()
        var roots: [String] = []
        skipSpaces()
        while peek != nil {
            roots.append(try astring())
            skipSpaces()
        }
        return .quotaRoot(mailbox: mailbox, roots: roots)
    }
}
