package import FoundationEssentials
package import Vocabulary

/// A message as a listing shows it.
package struct ListedMessage: Sendable, Hashable {
    package let uid: UID
    /// RFC822.SIZE. Servers lie about it; it sizes batches and decides nothing else.
    package let size: Int
    package let internalDate: Date?
    package let flags: [String]

    package init(uid: UID, size: Int, internalDate: Date?, flags: [String]) {
        self.uid = uid
        self.size = size
        self.internalDate = internalDate
        self.flags = flags
    }

    package var isSeen: Bool { flags.contains { $0.lowercased() == "\\seen" } }
}

/// What is in a mailbox above some UID, in UID order.
package struct MailboxListing: Sendable, Hashable {
    package let messages: [ListedMessage]
    /// Every UID above the asked one and up to this is either in `messages` or absent for ever.
    package let through: UID
    /// False when the limit cut the listing: ask again above `through`.
    package let isComplete: Bool

    package init(messages: [ListedMessage], through: UID, isComplete: Bool) {
        self.messages = messages
        self.through = through
        self.isComplete = isComplete
    }
}

/// What one FETCH command will ask for.
package struct FetchBatch: Sendable, Hashable {
    /// Ascending.
    package let uids: [UID]
    /// Sum of the announced sizes.
    package let announcedBytes: Int

    package init(uids: [UID], announcedBytes: Int) {
        self.uids = uids.sorted()
        self.announcedBytes = announcedBytes
    }
}

/// A list of batches, made from a listing by count and size.
package struct FetchPlan: Sendable, Hashable {
    package let batches: [FetchBatch]
    /// Too large to be fetched whole (`AccountOptions.maxMessageSize`): the caller records them from `fetchHead`.
    package let oversized: [ListedMessage]

    /// A message that is larger than the byte limit makes a batch of its own.
    package init(_ messages: [ListedMessage], limits: FetchLimits = FetchLimits(), maxMessageSize: Int = .max) {
        var batches: [FetchBatch] = []
        var oversized: [ListedMessage] = []
        var uids: [UID] = []
        var bytes = 0
        for message in messages.sorted(by: { $0.uid < $1.uid }) {
            if message.size > maxMessageSize {
                oversized.append(message)
                continue
            }
            if !uids.isEmpty && (uids.count >= max(limits.messages, 1) || bytes + message.size > limits.bytes) {
                batches.append(FetchBatch(uids: uids, announcedBytes: bytes))
                uids = []
                bytes = 0
            }
            uids.append(message.uid)
            bytes += message.size
        }
        if !uids.isEmpty { batches.append(FetchBatch(uids: uids, announcedBytes: bytes)) }
        self.batches = batches
        self.oversized = oversized
    }
}

/// A message as it came.
package struct FetchedMessage: Sendable, Equatable {
    package let uid: UID
    /// When the server got it: the clock of a ticket starts here (RFC 9051 section 2.3.3). Nil when the server did not
    /// say or said nonsense.
    package let internalDate: Date?
    /// RFC822.SIZE as announced; `content.count` is the truth.
    package let size: Int
    package let flags: [String]
    package let content: FetchedContent

    package init(uid: UID, internalDate: Date?, size: Int, flags: [String], content: FetchedContent) {
        self.uid = uid
        self.internalDate = internalDate
        self.size = size
        self.flags = flags
        self.content = content
    }

    package init(uid: UID, internalDate: Date?, size: Int, flags: [String], bytes: [UInt8]) {
        self.init(uid: uid, internalDate: internalDate, size: size, flags: flags, content: .bytes(bytes))
    }

    /// The server announced another size than it sent. A defect of the server, not of the message.
    package var sizeDiffers: Bool { size != content.count }
}

/// Where the bytes of a message are.
package enum FetchedContent: Sendable, Hashable {
    case bytes([UInt8])
    /// Too large for memory (`SpoolOptions.threshold`).
    case file(SpooledMessage)

    package var count: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .file(let file): file.size
        }
    }
}

/// The result for every UID of a batch: each is in exactly one of the three lists.
package struct FetchedBatch: Sendable, Equatable {
    /// In UID order.
    package var messages: [FetchedMessage] = []
    /// The server has no such message any more.
    package var missing: [UID] = []
    /// The message is there and cannot be had: refused, unreadable, or its answer was broken.
    package var failed: [FetchFailure] = []

    package init() {}
}

package struct FetchFailure: Sendable, Equatable {
    package let uid: UID
    /// What the server said, cleaned.
    package let said: String

    package init(uid: UID, said: String) {
        self.uid = uid
        self.said = said
    }
}
