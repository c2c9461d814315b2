package import Vocabulary

// Commands about the session and about mailboxes as a whole.

extension Command {
    package static let capability = Command("CAPABILITY")
    package static let noop = Command("NOOP")
    package static let idle = Command("IDLE")
    package static let logout = Command("LOGOUT")
    package static let namespace = Command("NAMESPACE")
    /// RFC 9051 section 6.4.2: leaves the mailbox and removes nothing.
    package static let unselect = Command("UNSELECT")
    /// RFC 9051 section 6.3.9: a LIST of nothing tells the hierarchy delimiter.
    package static let delimiter = Command("LIST").with(#""" """#)

    /// What ends an IDLE; it has no tag (RFC 2177 section 3).
    package static let done = Array("DONE\r\n".utf8)

    /// RFC 2971. Some providers refuse SELECT to who has not said it.
    package static func id(_ parameters: [(String, String)]) -> Command {
        let list = parameters.map { printable($0.0) + " " + printable($0.1) }.joined(separator: " ")
        return Command("ID").with("(\(list))")
    }

    private static func printable(_ text: String) -> String {
        String(decoding: quoted(text.utf8.filter { (0x20...0x7E).contains($0) }), as: UTF8.self)
    }

    /// RFC 9051 section 6.3.1: `CONDSTORE`, `UTF8=ACCEPT`. Before a mailbox is selected.
    package static func enable(_ capabilities: [String]) -> Command {
        Command("ENABLE").with(capabilities.joined(separator: " "))
    }

    /// With `condstore` the server tells mod-sequences from here on (RFC 7162 section 3.1.8).
    package static func select(_ mailbox: MailboxName, readOnly: Bool, condstore: Bool = false) -> Command {
        let command = Command(readOnly ? "EXAMINE" : "SELECT").with(mailbox: mailbox)
        return condstore ? command.with("(CONDSTORE)") : command
    }

    package static func create(_ mailbox: MailboxName) -> Command { Command("CREATE").with(mailbox: mailbox) }

    /// Mailboxes by a pattern: `*` stands for anything, `%` for anything within one level. With `specialUse` the server
    /// says what each is for (RFC 6154 section 5.2); it must have that capability.
    package static func list(matching pattern: String, specialUse: Bool = false) -> Command {
        let command = Command("LIST").with(#""""#).with(pattern: pattern)
        return specialUse ? command.with("RETURN (SPECIAL-USE)") : command
    }

    /// What STATUS can be asked for; the last four need STATUS=SIZE, IMAP4rev2, CONDSTORE and OBJECTID.
    package enum StatusItem: String, Sendable {
        case messages = "MESSAGES"
        case unseen = "UNSEEN"
        case uidNext = "UIDNEXT"
        case uidValidity = "UIDVALIDITY"
        case size = "SIZE"
        case deleted = "DELETED"
        case highestModSeq = "HIGHESTMODSEQ"
        case mailboxID = "MAILBOXID"
    }

    /// Not for the selected mailbox (RFC 9051 section 6.3.11).
    package static func status(_ mailbox: MailboxName, _ items: [StatusItem]) -> Command {
        let list = items.map(\.rawValue).joined(separator: " ")
        return Command("STATUS").with(mailbox: mailbox).with("(\(list))")
    }

    /// RFC 9208 section 4.1.2: what limits a mailbox, and how full that is.
    package static func quotaRoot(_ mailbox: MailboxName) -> Command {
        Command("GETQUOTAROOT").with(mailbox: mailbox)
    }

    /// A literal8 where the message holds NUL, which takes BINARY (RFC 3516 section 4.4).
    package static func append(_ message: [UInt8], to mailbox: MailboxName, flags: [String] = []) -> Command {
        let command = Command("APPEND").with(mailbox: mailbox).with("(\(flags.joined(separator: " ")))")
        return message.contains(0) ? command.with(literal8: message) : command.with(literal: message)
    }
}
