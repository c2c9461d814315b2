package import Foundation
internal import GRDB
package import Vocabulary

/// The state of the store in numbers, for `postroom status`.
package struct StoreStatus: Sendable, Codable, Equatable {
    package let schemaVersion: Int
    /// The daemon that holds the store, if one runs.
    package let servicePID: Int32?
    /// By the names of the states; states without a row are missing.
    package let deliveries: [String: Int]
    package let tickets: [String: Int]
    package let outbox: [String: Int]
    package let mailboxes: [Mailbox]
    /// The next mail that waits in the outbox may leave from here on.
    package let nextDue: Date?
    package let openTicketsByAssignee: [String: Int]
    /// What needs a person at present.
    package let alarms: [Alarm]

    package struct Mailbox: Sendable, Codable, Equatable {
        package let account: AccountName
        package let mailbox: MailboxName
        package let uidValidity: UIDValidity
        /// How many UIDVALIDITYs it has had since it was first seen.
        package let generation: Int
        package let cursor: UID
        package let baseline: Date?
        /// When it was last read to its end; nil: never.
        package let lastCycle: Date?
        package let unacknowledged: Int
        package let inProgress: Int
    }
}

extension Store {
    package func status() throws(StorageError) -> StoreStatus {
        let service = Self.serviceProcess(options)
        let alarms = try alarms()
        return try read("read the status") { database in
            func counts(_ sql: String) throws -> [String: Int] {
                try Row.fetchAll(database, sql: sql).reduce(into: [:]) { $0[$1[0] as String] = $1[1] }
            }
            return StoreStatus(
                schemaVersion: try Migrations.version(of: database), servicePID: service,
                deliveries: try counts("SELECT state, count(*) FROM delivery GROUP BY state"),
                tickets: try counts("SELECT state, count(*) FROM ticket GROUP BY state"),
                outbox: try counts("SELECT state, count(*) FROM outbox GROUP BY state"),
                mailboxes: try Self.mailboxes(database),
                nextDue: try Int64.fetchOne(
                    database, sql: "SELECT min(not_before) FROM outbox WHERE state IN ('queued', 'deferred')"
                ).map(Date.init(storedMilliseconds:)),
                openTicketsByAssignee: try counts(
                    "SELECT assignee, count(*) FROM ticket WHERE state IN ('new', 'open', 'waiting') GROUP BY assignee"),
                alarms: alarms)
        }
    }

    private static func mailboxes(_ database: Database) throws -> [StoreStatus.Mailbox] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT mailbox_cursor.*, account.name AS account_name,
                  (SELECT count(*) FROM delivery WHERE mailbox_id = mailbox_cursor.id
                    AND delivery.uid_validity = mailbox_cursor.uid_validity
                    AND acknowledged_at IS NULL AND state <> 'parked'
                    AND NOT (state = 'ignored' AND detail = 'beforeStart')) AS unacknowledged,
                  (SELECT count(*) FROM work_range WHERE mailbox_id = mailbox_cursor.id) AS in_progress
                FROM mailbox_cursor JOIN account ON account.id = account_id ORDER BY account.name, mailbox
                """
        ).map { row in
            StoreStatus.Mailbox(
                account: AccountName(row["account_name"] as String), mailbox: MailboxName(row["mailbox"] as String),
                uidValidity: UIDValidity(row["uid_validity"] as UInt32), generation: row["generation"],
                cursor: UID(row["cursor"] as UInt32), baseline: row.optionalDate("baseline_at"),
                lastCycle: row.optionalDate("last_cycle_at"), unacknowledged: row["unacknowledged"],
                inProgress: row["in_progress"])
        }
    }

    /// What is wrong with the audit, in words; empty when every row and the end are as they were written.
    package func verifyAudit() throws(StorageError) -> [String] {
        try read("verify the audit") { try AuditChain.problems($0, keys: keys) }
    }
}
