/// One response of a server (RFC 9051 section 7).
package enum Response: Sendable, Equatable {
    case tagged(tag: String, TaggedStatus, ResponseText)
    /// `+`: the server waits for more of a command, or idles.
    case continuation(ResponseText)
    case untagged(UntaggedStatus, ResponseText)
    case capability([String])
    case flags([String])
    case exists(UInt32)
    case recent(UInt32)
    case expunge(UInt32)
    case vanished(UIDSet, earlier: Bool)
    case fetch(FetchData)
    /// SEARCH; with the highest mod-sequence of what was found when that was asked (RFC 7162 section 3.1.5).
    case search([UInt32], modSeq: UInt64?)
    case esearch(SearchResult)
    case list(ListedMailbox)
    /// LSUB, which IMAP4rev2 has dropped (RFC 9051 appendix E).
    case lsub(ListedMailbox)
    case mailboxStatus(MailboxCounts)
    case id([String: String])
    case namespace(personal: [Namespace], others: [Namespace], shared: [Namespace])
    case enabled([String])
    case quota(root: String, [QuotaResource])
    case quotaRoot(mailbox: String, roots: [String])
    /// Well-formed as far as was looked, and nothing we know: its first word, upper case.
    case other(String)
    case malformed(Malformation)
}

package enum TaggedStatus: String, Sendable { case ok, no, bad }

package enum UntaggedStatus: String, Sendable { case ok, no, bad, bye, preauth }

/// What stands behind OK, NO, BAD, BYE, PREAUTH and `+`.
package struct ResponseText: Sendable, Equatable {
    package let code: ResponseCode?
    /// For people; cut at 1,000 bytes.
    package let text: String

    package init(code: ResponseCode? = nil, text: String) {
        self.code = code
        self.text = text
    }
}

/// ESEARCH (RFC 4731).
package struct SearchResult: Sendable, Equatable {
    package var tag: String?
    package var isUID = false
    package var minimum: UInt32?
    package var maximum: UInt32?
    package var count: UInt32?
    package var all: UIDSet?
    /// RFC 4731 section 3.2.
    package var modSeq: UInt64?
    package init() {}
}

/// What could not be read.
package struct Malformation: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// No response begins like this.
        case junk
        /// It began like one and went wrong.
        case syntax
        /// Over a limit; it was read over.
        case tooLong
        /// A literal so large that reading over it makes no sense: close the connection.
        case unreadable
    }

    package let kind: Kind
    /// What was being read: `FETCH`, `SEARCH`.
    package let place: String
    /// The UID of a FETCH that went wrong, when it had been read by then.
    package var uid: UInt32?
    /// It had a literal. Then the literal's length may be what was wrong, and what follows may be the text of a mail: in a
    /// FETCH, close the connection.
    package var hadLiteral = false
    /// How many of its literals went to the sink: they belong to nothing now.
    package var streamed = 0

    package init(_ kind: Kind, place: String, uid: UInt32? = nil, hadLiteral: Bool = false, streamed: Int = 0) {
        self.kind = kind
        self.place = place
        self.uid = uid
        self.hadLiteral = hadLiteral
        self.streamed = streamed
    }
}
