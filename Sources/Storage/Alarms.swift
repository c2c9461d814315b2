internal import GRDB
package import Vocabulary

package import struct Foundation.Date

/// Something about a mailbox that a person must look at. It lasts until the daemon sees that it has passed.
package struct Alarm: Sendable, Codable, Equatable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// The mailbox was not read to its end for too long, whatever the reason.
        case silence
        /// Another installation works on the same mailbox.
        case foreignInstance = "foreign-instance"
        /// A mail that we sent to ourselves did not arrive.
        case canary
        /// A relay does not accept our login: nothing leaves by it. Account `submission`, mailbox: the relay's name.
        case submission
        /// The files of the configuration are bad, and an older one is in force. Account and mailbox: `configuration`.
        case configuration
    }

    package let kind: Kind
    package let account: AccountName
    package let mailbox: MailboxName
    package let since: Date
    /// In words for an operator; no customer's data.
    package let detail: String
}

extension Store {
    package func alarms() throws(StorageError) -> [Alarm] {
        try read("read the alarms") { database in
            var select = try Prepared(
                database, "SELECT kind, account, mailbox, since, detail FROM alarm ORDER BY since, account, mailbox")
            var alarms: [Alarm] = []
            while try select.step() {
                guard let kind = Alarm.Kind(rawValue: select.text(0)) else { continue }
                alarms.append(
                    Alarm(
                        kind: kind, account: AccountName(select.text(1)), mailbox: MailboxName(select.text(2)),
                        since: select.date(3), detail: select.text(4)))
            }
            return alarms
        }
    }

    /// Raises an alarm and promises the operators a mail about it, together or not at all. False, and nothing, when the
    /// alarm stands already: the mail goes out once per change of state, also across restarts.
    package func raise(
        _ kind: Alarm.Kind, account: AccountName, mailbox: MailboxName, detail: String, now: Date
    ) throws(StorageError) -> Bool {
        try change("raise an alarm") { database, audit in
            try database.execute(
                sql: """
                    INSERT INTO alarm (kind, account, mailbox, since, detail) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO NOTHING
                    """,
                arguments: [kind.rawValue, account.rawValue, mailbox.rawValue, now.storedMilliseconds, detail])
            guard database.changesCount > 0 else { return false }
            try Self.promise(
                kind, subject: "\(account)/\(mailbox): \(kind.headline)", text: detail, now: now, database)
            try audit.add(
                AuditEntry(actor: "daemon", action: "alarm.raised", object: "alarm", reason: kind.rawValue), at: now,
                to: database)
            return true
        }
    }

    /// Takes an alarm back, and tells the operators that too. False when there was none.
    package func clear(
        _ kind: Alarm.Kind, account: AccountName, mailbox: MailboxName, detail: String, now: Date
    ) throws(StorageError) -> Bool {
        let isRaised = try read("read the alarms") { database in
            try Int.fetchOne(
                database, sql: "SELECT 1 FROM alarm WHERE kind = ? AND account = ? AND mailbox = ?",
                arguments: [kind.rawValue, account.rawValue, mailbox.rawValue]) != nil
        }
        guard isRaised else { return false }
        return try change("clear an alarm") { database, audit in
            try database.execute(
                sql: "DELETE FROM alarm WHERE kind = ? AND account = ? AND mailbox = ?",
                arguments: [kind.rawValue, account.rawValue, mailbox.rawValue])
            guard database.changesCount > 0 else { return false }
            try Self.promise(
                kind, subject: "\(account)/\(mailbox): \(kind.relief)", text: detail, now: now, database)
            try audit.add(
                AuditEntry(actor: "daemon", action: "alarm.cleared", object: "alarm", reason: kind.rawValue), at: now,
                to: database)
            return true
        }
    }

    /// Alarms of mailboxes that the configuration no longer names are nobody's.
    package func forgetAlarms(except places: [(AccountName, MailboxName)]) throws(StorageError) {
        let known = Set(places.map { "\($0.0)/\($0.1)" })
        let stale = try alarms().filter { !known.contains("\($0.account)/\($0.mailbox)") }
        guard !stale.isEmpty else { return }
        try change("forget alarms") { database, _ in
            for alarm in stale {
                try database.execute(
                    sql: "DELETE FROM alarm WHERE kind = ? AND account = ? AND mailbox = ?",
                    arguments: [alarm.kind.rawValue, alarm.account.rawValue, alarm.mailbox.rawValue])
            }
        }
    }

    private static func promise(
        _ kind: Alarm.Kind, subject: String, text: String, now: Date, _ database: Database
    ) throws {
        try database.execute(
            sql: "INSERT INTO notice (created_at, kind, subject, text, not_before) VALUES (?, ?, ?, ?, ?)",
            arguments: [now.storedMilliseconds, kind.rawValue, subject, text, now.storedMilliseconds])
    }

    /// What this installation marks messages with: another one that works on the same mailbox has another name.
    package var instanceName: String { String(keys.fingerprint.prefix(8)) }
}

extension Alarm.Kind {
    fileprivate var headline: String {
        switch self {
        case .silence: "no complete look for too long"
        case .foreignInstance: "another Postroom works on this mailbox"
        case .canary: "a test mail did not arrive"
        case .submission: "the mail server refuses our login"
        case .configuration: "the files are bad, an older configuration is in force"
        }
    }

    fileprivate var relief: String {
        switch self {
        case .silence: "read to its end again"
        case .foreignInstance: "no sign of another Postroom any more"
        case .canary: "test mails arrive again"
        case .submission: "the mail server takes our mail again"
        case .configuration: "the files are good and in force"
        }
    }
}
