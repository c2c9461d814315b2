/// LIST or LSUB of one mailbox.
package struct ListedMailbox: Sendable, Equatable {
    /// Lower case, with their backslash: `\noselect`.
    package let attributes: [String]
    /// Nil for a flat name.
    package let delimiter: String?
    /// Decoded from modified UTF-7.
    package let name: String
    /// What it was called when it was asked for, or before it was renamed (RFC 9051 section 6.3.9.7).
    package var oldName: String?
    /// Upper case; by which of the asked options something is below it: `SUBSCRIBED` (RFC 5258 section 3.5).
    package var childInfo: [String] = []

    package init(attributes: [String], delimiter: String?, name: String) {
        self.attributes = attributes
        self.delimiter = delimiter
        self.name = name
    }

    /// What the server uses it for (RFC 6154 section 2), lower case and with its backslash: `\sent`.
    package var specialUses: [String] { attributes.filter(Self.uses.contains) }

    /// A name that is only there for what is below it cannot be opened.
    package var isSelectable: Bool { !attributes.contains("\\noselect") && !attributes.contains("\\nonexistent") }

    /// RFC 6154 section 2 and RFC 8457 (`\Important`).
    private static let uses: Set<String> = [
        "\\all", "\\archive", "\\drafts", "\\flagged", "\\important", "\\junk", "\\sent", "\\trash",
    ]
}

package struct Namespace: Sendable, Equatable {
    package let prefix: String
    package let delimiter: String?

    package init(prefix: String, delimiter: String?) {
        self.prefix = prefix
        self.delimiter = delimiter
    }
}

/// STATUS of a mailbox (RFC 9051 section 7.3.4): what was asked for and answered.
package struct MailboxCounts: Sendable, Equatable {
    package let name: String
    package var messages: UInt32?
    package var recent: UInt32?
    package var unseen: UInt32?
    package var deleted: UInt32?
    package var uidNext: UInt32?
    package var uidValidity: UInt32?
    /// Of all messages together, in bytes (RFC 8438).
    package var size: UInt64?
    package var highestModSeq: UInt64?
    /// RFC 8474 section 4.3.
    package var mailboxID: String?

    package init(name: String) { self.name = name }
}

/// `STORAGE 10 512` (RFC 9208 section 4.2.1). STORAGE counts units of 1,024 bytes.
package struct QuotaResource: Sendable, Equatable {
    /// Upper case.
    package let name: String
    package let usage: UInt64
    package let limit: UInt64

    package init(name: String, usage: UInt64, limit: UInt64) {
        self.name = name
        self.usage = usage
        self.limit = limit
    }

    /// Nothing more fits in.
    package var isFull: Bool { usage >= limit }
}
