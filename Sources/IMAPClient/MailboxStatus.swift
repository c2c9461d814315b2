package import Vocabulary

/// A selected mailbox, as SELECT answered (RFC 9051 section 6.3.2).
package struct MailboxStatus: Sendable, Hashable {
    package let mailbox: MailboxName
    package let uidValidity: UIDValidity
    /// Nil when the server did not say.
    package let uidNext: UID?
    package let exists: Int
    package let readOnly: Bool
    /// Flags and keywords that can be changed for good; nil when the server did not say, which means all of them.
    package let permanentFlags: [String]?
    package let highestModSeq: UInt64?

    package init(
        mailbox: MailboxName, uidValidity: UIDValidity, uidNext: UID?, exists: Int, readOnly: Bool,
        permanentFlags: [String]?, highestModSeq: UInt64?
    ) {
        self.mailbox = mailbox
        self.uidValidity = uidValidity
        self.uidNext = uidNext
        self.exists = exists
        self.readOnly = readOnly
        self.permanentFlags = permanentFlags
        self.highestModSeq = highestModSeq
    }

    /// Whether keywords of our own can be made (`\*` in PERMANENTFLAGS, RFC 9051 section 7.1).
    package var allowsKeywords: Bool { !readOnly && (permanentFlags?.contains("\\*") ?? true) }

    /// Whether this keyword will be kept: new ones are allowed, or this one exists already. Where it will not, the
    /// caller relies on its ledger alone.
    package func keeps(keyword: String) -> Bool {
        if readOnly { return false }
        let name = asciiLowercased(keyword)
        return allowsKeywords || permanentFlags?.contains { asciiLowercased($0) == name } == true
    }
}

/// What became of an order to set a keyword.
package enum KeywordOutcome: Sendable, Hashable {
    case stored
    /// The mailbox keeps no such keyword, or is read-only: the ledger alone knows.
    case notKept
}

/// What became of an order to move.
package enum MoveOutcome: Sendable, Hashable {
    case moved
    /// The server has neither MOVE nor UIDPLUS: the messages were copied and marked `\Deleted`, and the originals are
    /// still there, because a bare EXPUNGE would also remove what others have marked.
    case copiedOnly
}

/// Why waiting ended.
package enum IdleOutcome: Sendable, Hashable {
    /// There is new mail: list the mailbox.
    case mailboxChanged
    /// The time is over: list the mailbox all the same.
    case timeIsOver
    /// `interrupt()` was called.
    case interrupted
}
