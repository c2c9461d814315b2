package import Triage
package import Vocabulary

package import struct Foundation.Date

/// Messages of one mailbox that were read together and are recorded together.
package struct ArrivalBatch: Sendable {
    package var account: AccountName
    package var mailbox: MailboxName
    package var uidValidity: UIDValidity
    /// In the order of their UIDs.
    package var arrivals: [Arrival]
    /// Once this batch is committed, every UID up to here is recorded or known to be absent.
    package var coveredThrough: UID

    package init(
        account: AccountName, mailbox: MailboxName, uidValidity: UIDValidity, arrivals: [Arrival], coveredThrough: UID
    ) {
        self.account = account
        self.mailbox = mailbox
        self.uidValidity = uidValidity
        self.arrivals = arrivals
        self.coveredThrough = coveredThrough
    }
}

/// One message as it came from the server, and what was understood of it.
package struct Arrival: Sendable {
    package enum Content: Sendable {
        case understood(Understanding, ArchiveBlob)
        /// It could not be fetched or understood: why, in words without mail text; the bytes when there are any.
        case parked(reason: String, ArchiveBlob?)
    }

    package var uid: UID
    /// INTERNALDATE.
    package var arrivedAt: Date
    package var size: Int
    package var content: Content
    /// What must live until the message is recorded: the owner of its file in the spool.
    package var source: (any Sendable)?

    package init(uid: UID, arrivedAt: Date, size: Int, content: Content, source: (any Sendable)? = nil) {
        self.source = source
        self.uid = uid
        self.arrivedAt = arrivedAt
        self.size = size
        self.content = content
    }
}

/// Whether decisions are carried out, or only recorded: the way to begin beside another system.
package enum RecordingMode: String, Sendable, Codable {
    case act, observe
}

/// The named states in which a delivery ends (promise 4 of CONTRIBUTING), as the ledger spells them.
package enum DeliveryState: String, Sendable, Codable, CaseIterable, CustomStringConvertible {
    case ticketed
    case followedUp = "followed-up"
    case duplicate, dsn, own, ignored, quarantined
    /// Could not be processed; its bytes are kept and a minimal ticket is open.
    case parked

    package var description: String { rawValue }
}

/// What became of one arrival.
package struct RecordedDelivery: Sendable {
    package let id: Int64
    package let uid: UID
    package let state: DeliveryState
    /// Which rule or standard ignored or quarantined it; why it was parked.
    package let detail: String?
    package let ticket: TicketNumber?
    /// Nil when parked, or when it had been recorded before.
    package let decision: Decision?
    /// The reply that was promised.
    package let outboxID: Int64?
    /// It stood in the ledger already; nothing was done.
    package let wasKnown: Bool
}
