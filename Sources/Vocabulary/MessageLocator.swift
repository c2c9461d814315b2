/// The name an admin gave an account in `postroom.yaml`.
package struct AccountName: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }
}

/// An IMAP mailbox ("folder") by its decoded name, as people write it: `INBOX`, `Handled/投诉`.
package struct MailboxName: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }
}

/// RFC 9051 section 2.3.1.1: the generation of a mailbox's UIDs.
package struct UIDValidity: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
    package var description: String { String(rawValue) }
}

/// RFC 9051 section 2.3.1.1: names a message inside one mailbox and one UIDVALIDITY; grows, with gaps.
package struct UID: Hashable, Sendable, Codable, RawRepresentable, Comparable, CustomStringConvertible {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
    package static func < (left: UID, right: UID) -> Bool { left.rawValue < right.rawValue }
    package var description: String { String(rawValue) }
}

/// Names one message for ever: a UID means nothing without the UIDVALIDITY it was read under, and that nothing without
/// the mailbox and account (RFC 9051 section 2.3.1.1).
package struct MessageLocator: Hashable, Sendable, Codable, CustomStringConvertible {
    package let account: AccountName
    package let mailbox: MailboxName
    package let uidValidity: UIDValidity
    package let uid: UID

    package init(account: AccountName, mailbox: MailboxName, uidValidity: UIDValidity, uid: UID) {
        self.account = account
        self.mailbox = mailbox
        self.uidValidity = uidValidity
        self.uid = uid
    }

    package var description: String { "\(account)/\(mailbox);UIDVALIDITY=\(uidValidity)/;UID=\(uid)" }
}
