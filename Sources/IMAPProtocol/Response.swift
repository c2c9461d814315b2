package import FoundationEssentials

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
    case search([UInt32])
    case esearch(SearchResult)
    case list(ListedMailbox)
    /// STATUS of a mailbox: upper-case item to value.
    case mailboxStatus(name: String, items: [String: UInt64])
    case id([String: String])
    case namespace(personal: [Namespace])
    case enabled([String])
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

/// `[CODE arguments]` (RFC 9051 section 7.1 and the extensions we use).
package enum ResponseCode: Sendable, Equatable {
    case readOnly, readWrite, tryCreate, closed, noModSeq, uidNotSticky
    case uidValidity(UInt32)
    case uidNext(UInt32)
    case unseen(UInt32)
    case highestModSeq(UInt64)
    case permanentFlags([String])
    case capability([String])
    case appendUID(validity: UInt32, UIDSet)
    case copyUID(validity: UInt32, from: UIDSet, to: UIDSet)
    /// Any other: ALERT, NONEXISTENT, UNAVAILABLE, LIMIT, …: upper-case name, arguments as they stand.
    case other(String, arguments: String)
}

/// The items of one FETCH response that we know; others are read over.
package struct FetchData: Sendable, Equatable {
    package var sequence: UInt32
    package var uid: UInt32?
    package var flags: [String]?
    package var internalDate: Date?
    package var size: UInt64?
    package var modSeq: UInt64?
    package var sections: [BodySection] = []

    /// `BODY[]` or `RFC822`, from its first byte or a later one.
    package var body: BodySection? { sections.first { $0.name.isEmpty } }

    package init(sequence: UInt32) { self.sequence = sequence }
}

/// `BODY[name]<origin> value`.
package struct BodySection: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case bytes([UInt8])
        /// NIL: the server has none.
        case none
        /// Larger than the reader's limit; it was read over.
        case tooLarge(UInt64)
    }

    /// Upper case; empty for the whole message.
    package let name: String
    /// For a partial fetch, the offset of the first byte.
    package let origin: UInt64?
    package let content: Content

    package init(name: String, origin: UInt64?, content: Content) {
        self.name = name
        self.origin = origin
        self.content = content
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
    package init() {}
}

package struct ListedMailbox: Sendable, Equatable {
    /// Lower case, with their backslash: `\noselect`.
    package let attributes: [String]
    /// Nil for a flat name.
    package let delimiter: String?
    /// Decoded from modified UTF-7.
    package let name: String

    package init(attributes: [String], delimiter: String?, name: String) {
        self.attributes = attributes
        self.delimiter = delimiter
        self.name = name
    }
}

package struct Namespace: Sendable, Equatable {
    package let prefix: String
    package let delimiter: String?

    package init(prefix: String, delimiter: String?) {
        self.prefix = prefix
        self.delimiter = delimiter
    }
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

    package init(_ kind: Kind, place: String, uid: UInt32? = nil, hadLiteral: Bool = false) {
        self.kind = kind
        self.place = place
        self.uid = uid
        self.hadLiteral = hadLiteral
    }
}
