package import Foundation

/// A message as a server keeps it, and how the server errs about it.
package struct FakeMessage: Sendable {
    /// What a client gets that asks for the text.
    package enum Body: Sendable {
        case given
        /// The literal announces so many octets more (or fewer) than follow.
        case announced(by: Int)
        /// So many octets of the text, and the connection breaks; every time.
        case broken(after: Int)
        case null, empty
        /// Not in the answer at all.
        case leftOut
        /// Not in the answer to a set of several.
        case leftOutOfSets
        /// `NO [CODE] words` or `BAD words` as the result; the other messages of the set are given.
        case refused(String)
    }

    package let uid: UInt32
    package var bytes: [UInt8]
    package var flags: Set<String> = []
    /// Nil: the server leaves the item out.
    package var internalDate: Date? = Date()
    /// What is said instead of a date.
    package var nonsenseDate: String?
    /// What RFC822.SIZE says when it is wrong.
    package var announcedSize: Int?
    package var body = Body.given
    /// The listing leaves the UID out, or is unreadable for this message.
    package var isListedBadly = false
}

package struct FakeMailbox: Sendable {
    package var uidValidity: UInt32
    package var uidNext: UInt32 = 1
    package var messages: [FakeMessage] = []
    package var permanentFlags = "\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*"
    package var isReadOnly = false
    /// What SELECT says is the next UID, when it is wrong.
    package var promisedUIDNext: UInt32?
    /// The UIDs do not last: no UIDVALIDITY, and UIDNOTSTICKY.
    package var hasNoValidity = false

    package init(uidValidity: UInt32) { self.uidValidity = uidValidity }

    package func message(_ uid: UInt32) -> FakeMessage? { messages.first { $0.uid == uid } }

    package mutating func edit(_ uid: UInt32, _ body: (inout FakeMessage) -> Void) {
        if let index = messages.firstIndex(where: { $0.uid == uid }) { body(&messages[index]) }
    }

    package mutating func remove(_ uids: Set<UInt32>) { messages.removeAll { uids.contains($0.uid) } }
}

/// All that a fake server knows, and what it has counted.
package struct FakeIMAPState: Sendable {
    package var mailboxes = ["INBOX": FakeMailbox(uidValidity: 7)]
    package var capabilities = ["SASL-IR", "LITERAL+", "ID", "IDLE", "UIDPLUS", "MOVE", "NAMESPACE", "UNSELECT"]
    package var user = "support@example.com"
    package var password = "correct horse"
    package var delimiter = "/"
    /// What all personal mailboxes but INBOX begin with.
    package var prefix = ""
    package var requiresID = false
    /// More connections than this are turned away.
    package var connectionLimit: Int?
    /// Who waits is told nothing; who asks is.
    package var isSilentInIdle = false
    package var faults: [FakeFault] = []

    // What was counted.
    package var connections = 0
    package var open = 0
    package var mostOpen = 0
    /// Attempts, also refused ones.
    package var logins = 0
    /// Clients that wait in IDLE.
    package var idling = 0
    package var idles = 0
    /// Verb and arguments of every command, without tags and without what a login says.
    package var commands: [String] = []
    package var bytesReceived = 0
    package var bytesSent = 0
    /// What a client may never do.
    package var clientErrors: [String] = []
    /// Every message that was ever put into a mailbox from outside.
    package var delivered: [(mailbox: String, uid: UInt32, bytes: [UInt8])] = []

    package init() {}

    /// Puts a message into a mailbox. Gives its UID.
    @discardableResult
    package mutating func add(
        _ bytes: [UInt8], to mailbox: String = "INBOX", _ change: (inout FakeMessage) -> Void = { _ in }
    ) -> UInt32 {
        let uid = insert(FakeMessage(uid: 0, bytes: bytes), into: mailbox)
        mailboxes[mailbox]?.edit(uid, change)
        delivered.append((mailbox, uid, bytes))
        return uid
    }

    /// Another text for a message that was delivered.
    package mutating func replace(_ uid: UInt32, with bytes: [UInt8], in name: String = "INBOX") {
        mailboxes[name]?.edit(uid) { $0.bytes = bytes }
        for index in delivered.indices where delivered[index].mailbox == name && delivered[index].uid == uid {
            delivered[index].bytes = bytes
        }
    }

    /// A copy with the next UID of the mailbox.
    mutating func insert(_ message: FakeMessage, into name: String) -> UInt32 {
        var mailbox = mailboxes[name] ?? FakeMailbox(uidValidity: UInt32(70 + mailboxes.count))
        let uid = mailbox.uidNext
        var copy = FakeMessage(uid: uid, bytes: message.bytes)
        (copy.flags, copy.internalDate) = (message.flags, message.internalDate)
        mailbox.messages.append(copy)
        mailbox.uidNext = uid + 1
        mailboxes[name] = mailbox
        return uid
    }

    package var inbox: FakeMailbox {
        get { mailboxes["INBOX"] ?? FakeMailbox(uidValidity: 0) }
        set { mailboxes["INBOX"] = newValue }
    }

    /// All UIDs are new, as after a restored backup.
    package mutating func renumber(_ name: String = "INBOX") {
        guard var mailbox = mailboxes[name] else { return }
        mailbox.uidValidity += 1
        mailbox.uidNext = UInt32(mailbox.messages.count) + 1
        mailbox.messages = mailbox.messages.enumerated().map { index, old in
            var copy = FakeMessage(uid: UInt32(index) + 1, bytes: old.bytes)
            (copy.flags, copy.internalDate, copy.body) = (old.flags, old.internalDate, old.body)
            return copy
        }
        mailboxes[name] = mailbox
    }
}
