internal import IMAPProtocol
internal import Logging
package import Vocabulary

/// What STATUS says of a mailbox (RFC 9051 section 6.3.11): enough to see that something has changed.
package struct MailboxGlance: Sendable, Hashable {
    package var uidValidity: UIDValidity?
    package var uidNext: UID?
    package var messages: Int?
}

// Looking at mailboxes without opening them, and at the own one with other eyes.

extension IMAPSession {
    /// The mailbox as it is opened already, or newly opened: when it is another one, or when the server does not show us
    /// what it shows others.
    package func opened(_ mailbox: MailboxName) throws(IMAPError) -> MailboxStatus {
        if let selected, selected.mailbox == mailbox, !isStale { return selected }
        return try select(mailbox)
    }

    package func glance(at mailbox: MailboxName) throws(IMAPError) -> MailboxGlance {
        let name = try wireName(of: mailbox)
        var glance = MailboxGlance()
        try run(.status(name, [.messages, .uidNext, .uidValidity])) { response in
            // The server may tell of other mailboxes unasked, and spell the name in its own way: the last one counts.
            guard case .mailboxStatus(let counts) = response else { return }
            glance.messages = counts.messages.map { Int($0) }
            glance.uidNext = counts.uidNext.map { UID($0) }
            glance.uidValidity = counts.uidValidity.map { UIDValidity($0) }
        }
        return glance
    }

    /// Asks whether there is news. Some servers show an open mailbox as it was when it was opened, so that NOOP brings
    /// nothing for ever: STATUS tells, and then the mailbox is opened anew.
    func lookAround() throws(IMAPError) {
        try run(.noop)
        guard !hasNews, let selected else { return }
        do throws(IMAPError) {
            let glance = try glance(at: selected.mailbox)
            if let validity = glance.uidValidity, validity != selected.uidValidity { return becomeStale("uidvalidity") }
            guard let next = glance.uidNext else { return }
            if let knownNext, next > knownNext { becomeStale("uidnext") }
            knownNext = next
        } catch let error where !error.endsSession {
            logger.debug("server refused status", metadata: ["error": "\(error.said)"])
        }
    }

    private func becomeStale(_ item: String) {
        if hasNews { return }  // it came meanwhile
        logger.debug("mailbox is opened anew, the server showed nothing new in it", metadata: ["item": "\(item)"])
        isStale = true
        hasNews = true
    }

    // MARK: - Marks of installations

    static let markPrefix = "$PostroomBy-"

    /// Whether messages that are new to us carry the mark of another installation. Old ones may: it may be gone.
    package func noteMarks(of messages: [ListedMessage]) {
        for message in messages { noteMarks(message.flags) }
    }

    /// Who else marks messages here?
    func noteMarks(_ flags: [String]) {
        guard let mark else { return }
        let own = asciiLowercased(mark)
        let prefix = asciiLowercased(Self.markPrefix)
        for flag in flags {
            let name = asciiLowercased(flag)
            if name.hasPrefix(prefix) && name != own { foreignInstance = String(name.dropFirst(prefix.utf8.count)) }
        }
    }
}
