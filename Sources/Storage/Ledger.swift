internal import GRDB
package import Vocabulary

package import struct Foundation.Date

/// How far a mailbox is recorded.
package struct MailboxState: Sendable, Equatable {
    package let uidValidity: UIDValidity
    /// Every UID up to it is recorded or known to be absent; 0 at the beginning.
    package let cursor: UID
    /// Mail that arrived earlier is not ours to handle. Kept from the first sight on, whatever the options say later.
    package let baseline: Date?
    /// The server has given the mailbox a new UIDVALIDITY since it was last opened: all of it is read again.
    package let changedValidity: Bool
}

/// A recorded message whose source has not been told yet.
package struct PendingAcknowledgement: Sendable, Equatable {
    package let locator: MessageLocator
    package let deliveryID: Int64
    package let outcome: DeliveryState
    package let category: Category?
    /// An earlier try to move it by COPY may have been carried out.
    package let moveBegun: Bool
    /// The mailbox to which a rule wants it moved, in place of the account's own.
    package let moveTo: String?
}

/// The ledger of one mailbox under its present UIDVALIDITY, for comparing with the server.
package struct MailboxLedger: Sendable, Equatable {
    package let uidValidity: UIDValidity
    package let cursor: UID
    /// Recorded UIDs, ascending, joined where they follow each other.
    package let recorded: [ClosedRange<UID>]
    package let parked: [UID]
    package let unacknowledged: Int
    /// Ranges that a dead process was working on.
    package let unfinished: [ClosedRange<UID>]
}

/// A row of `mailbox_cursor`.
struct MailboxRow {
    let id: Int64
    let account: AccountName
    let mailbox: MailboxName
    let uidValidity: UIDValidity
    let cursor: UID
    let baseline: Date?

    static func find(_ account: AccountName, _ mailbox: MailboxName, in database: Database) throws -> MailboxRow? {
        var select = try Prepared(
            database,
            """
            SELECT mailbox_cursor.id, uid_validity, cursor, baseline_at
            FROM mailbox_cursor JOIN account ON account.id = account_id WHERE account.name = ? AND mailbox = ?
            """)
        select.bind(account.rawValue)
        select.bind(mailbox.rawValue)
        guard try select.step() else { return nil }
        return MailboxRow(
            id: select.int(0), account: account, mailbox: mailbox,
            uidValidity: UIDValidity(UInt32(truncatingIfNeeded: select.int(1))),
            cursor: UID(UInt32(truncatingIfNeeded: select.int(2))), baseline: select.optionalDate(3))
    }

    static func require(_ account: AccountName, _ mailbox: MailboxName, in database: Database) throws -> MailboxRow {
        guard let row = try find(account, mailbox, in: database) else {
            throw StorageError(.notFound, tried: "read the ledger of \(account)/\(mailbox)")
        }
        return row
    }
}

extension Store {
    /// Where a mailbox stands; nil when it was never opened.
    package func mailboxState(account: AccountName, mailbox: MailboxName) throws(StorageError) -> MailboxState? {
        try read("read the ledger of \(account)/\(mailbox)") { database in
            try MailboxRow.find(account, mailbox, in: database).map {
                MailboxState(
                    uidValidity: $0.uidValidity, cursor: $0.cursor, baseline: $0.baseline, changedValidity: false)
            }
        }
    }

    /// Opens the ledger of a mailbox after SELECT. The baseline is stored at first sight and kept; under a new
    /// UIDVALIDITY
    /// the cursor begins anew, and what was recorded before is recognised by its content.
    package func openMailbox(
        account: AccountName, mailbox: MailboxName, uidValidity: UIDValidity, baseline: Date?, now: Date
    ) throws(StorageError) -> MailboxState {
        try change("open the ledger of \(account)/\(mailbox)") { database, audit in
            guard let row = try MailboxRow.find(account, mailbox, in: database) else {
                let id = try Self.insertMailbox(account, mailbox, uidValidity, baseline, now, database)
                try audit.add(
                    AuditEntry(actor: "intake", action: "mailbox.first-seen", object: "mailbox", objectID: id), at: now,
                    to: database)
                return MailboxState(
                    uidValidity: uidValidity, cursor: UID(0), baseline: baseline, changedValidity: false)
            }
            guard row.uidValidity != uidValidity else {
                return MailboxState(
                    uidValidity: uidValidity, cursor: row.cursor, baseline: row.baseline, changedValidity: false)
            }
            try database.execute(
                sql: "UPDATE mailbox_cursor SET uid_validity = ?, generation = generation + 1, cursor = 0 WHERE id = ?",
                arguments: [Int64(uidValidity.rawValue), row.id])
            try database.execute(sql: "DELETE FROM work_range WHERE mailbox_id = ?", arguments: [row.id])
            try audit.add(
                AuditEntry(
                    actor: "intake", action: "mailbox.uidvalidity-changed", object: "mailbox", objectID: row.id,
                    reason: "\(row.uidValidity) to \(uidValidity)"), at: now, to: database)
            return MailboxState(
                uidValidity: uidValidity, cursor: UID(0), baseline: row.baseline, changedValidity: true)
        }
    }

    private static func insertMailbox(
        _ account: AccountName, _ mailbox: MailboxName, _ uidValidity: UIDValidity, _ baseline: Date?, _ now: Date,
        _ database: Database
    ) throws -> Int64 {
        try database.execute(
            sql: "INSERT INTO account (name) VALUES (?) ON CONFLICT DO NOTHING", arguments: [account.rawValue])
        try database.execute(
            sql: """
                INSERT INTO mailbox_cursor (account_id, mailbox, uid_validity, baseline_at, first_seen_at)
                SELECT id, ?, ?, ?, ? FROM account WHERE name = ?
                """,
            arguments: [
                mailbox.rawValue, Int64(uidValidity.rawValue), baseline?.storedMilliseconds, now.storedMilliseconds,
                account.rawValue,
            ])
        return database.lastInsertedRowID
    }

    /// Marks UIDs as being worked on. Found again after a crash, they are taken one at a time (promise 5 of
    /// CONTRIBUTING). Not
    /// synced: a message can kill the process and not the machine.
    package func beginWork(
        account: AccountName, mailbox: MailboxName, uidValidity: UIDValidity, uids: ClosedRange<UID>, now: Date
    ) throws(StorageError) {
        try noteUnsynced("mark work in \(account)/\(mailbox)") { database in
            let row = try MailboxRow.require(account, mailbox, in: database)
            guard row.uidValidity == uidValidity else {
                throw StorageError(.staleUIDValidity, tried: "mark work in \(account)/\(mailbox)")
            }
            var insert = try Prepared(
                database,
                """
                INSERT INTO work_range (mailbox_id, uid_validity, first_uid, last_uid, begun_at)
                VALUES (?, ?, ?, ?, ?)
                """)
            insert.bind(row.id)
            insert.bind(uidValidity.rawValue)
            insert.bind(uids.lowerBound.rawValue)
            insert.bind(uids.upperBound.rawValue)
            insert.bind(now)
            try insert.run()
        }
    }

    /// The same for UIDs with gaps between them.
    package func beginWork(
        account: AccountName, mailbox: MailboxName, uidValidity: UIDValidity, uids: [UID], now: Date
    ) throws(StorageError) {
        guard let first = uids.min(), let last = uids.max() else { return }
        try beginWork(account: account, mailbox: mailbox, uidValidity: uidValidity, uids: first...last, now: now)
    }

    /// Ranges that were begun and not recorded: after a start, what a dead process was working on. Ascending.
    package func unfinishedWork(account: AccountName, mailbox: MailboxName) throws(StorageError) -> [ClosedRange<UID>] {
        try read("read the work of \(account)/\(mailbox)") { database in
            guard let row = try MailboxRow.find(account, mailbox, in: database) else { return [] }
            return try Self.unfinishedWork(row, database)
        }
    }

    private static func unfinishedWork(_ row: MailboxRow, _ database: Database) throws -> [ClosedRange<UID>] {
        var select = try Prepared(
            database,
            """
            SELECT first_uid, last_uid FROM work_range WHERE mailbox_id = ? AND uid_validity = ? ORDER BY first_uid
            """)
        select.bind(row.id)
        select.bind(row.uidValidity.rawValue)
        var ranges: [ClosedRange<UID>] = []
        while try select.step() {
            ranges.append(select.uid(0)...select.uid(1))
        }
        return ranges
    }

    /// Which UIDs of a range are in the ledger, ascending.
    package func recordedUIDs(
        account: AccountName, mailbox: MailboxName, uidValidity: UIDValidity, in range: ClosedRange<UID>
    ) throws(StorageError) -> [UID] {
        try read("read the ledger of \(account)/\(mailbox)") { database in
            guard let row = try MailboxRow.find(account, mailbox, in: database) else { return [] }
            return try Self.recordedUIDs(row.id, uidValidity, in: range, database)
        }
    }

    static func recordedUIDs(
        _ mailboxID: Int64, _ uidValidity: UIDValidity, in range: ClosedRange<UID>, _ database: Database
    ) throws -> [UID] {
        var select = try Prepared(
            database,
            """
            SELECT uid FROM delivery WHERE mailbox_id = ? AND uid_validity = ? AND uid BETWEEN ? AND ? ORDER BY uid
            """)
        select.bind(mailboxID)
        select.bind(uidValidity.rawValue)
        select.bind(range.lowerBound.rawValue)
        select.bind(range.upperBound.rawValue)
        var uids: [UID] = []
        while try select.step() { uids.append(select.uid(0)) }
        return uids
    }

    /// Recorded messages whose source is still to be told, oldest first. Parked ones stay where they are, and
    /// so does mail from before the start: it is not ours to mark or move.
    package func unacknowledged(
        account: AccountName, mailbox: MailboxName, uidValidity: UIDValidity, limit: Int
    ) throws(StorageError) -> [PendingAcknowledgement] {
        try read("read the ledger of \(account)/\(mailbox)") { database in
            guard let row = try MailboxRow.find(account, mailbox, in: database) else { return [] }
            var select = try Prepared(
                database,
                """
                SELECT id, uid, state, category, EXISTS (SELECT 1 FROM move_begun WHERE move_begun.delivery_id = id),
                  move_to
                FROM delivery LEFT JOIN message ON message.delivery_id = id
                WHERE mailbox_id = ? AND uid_validity = ? AND acknowledged_at IS NULL AND state <> 'parked'
                AND NOT (state = 'ignored' AND detail = 'beforeStart')
                ORDER BY uid LIMIT ?
                """)
            select.bind(row.id)
            select.bind(uidValidity.rawValue)
            select.bind(limit)
            var pending: [PendingAcknowledgement] = []
            while try select.step() {
                guard let state = DeliveryState(rawValue: select.text(2)) else { continue }
                let locator = MessageLocator(
                    account: account, mailbox: mailbox, uidValidity: uidValidity, uid: select.uid(1))
                pending.append(
                    PendingAcknowledgement(
                        locator: locator, deliveryID: select.int(0), outcome: state,
                        category: select.optionalText(3).map { Category($0) }, moveBegun: select.int(4) != 0,
                        moveTo: select.optionalText(5)))
            }
            return pending
        }
    }

    /// To be called before messages are moved by COPY, which may not be repeated blindly.
    package func markMoveBegun(_ deliveryIDs: [Int64]) throws(StorageError) {
        try change("mark \(deliveryIDs.count) deliveries as being moved") { database, _ in
            for id in deliveryIDs {
                var insert = try Prepared(database, "INSERT OR IGNORE INTO move_begun (delivery_id) VALUES (?)")
                insert.bind(id)
                try insert.run()
            }
        }
    }

    /// Notes that the source was told. Repeating it changes nothing; if it is lost, the source is told again.
    package func markAcknowledged(_ deliveryIDs: [Int64], now: Date) throws(StorageError) {
        guard !deliveryIDs.isEmpty else { return }
        try noteUnsynced("mark \(deliveryIDs.count) deliveries acknowledged") { database in
            for id in deliveryIDs {
                var update = try Prepared(
                    database,
                    "UPDATE delivery SET acknowledged_at = ? WHERE id = ? AND acknowledged_at IS NULL")
                update.bind(now)
                update.bind(id)
                try update.run()
            }
            // Almost always empty: only where the server has no MOVE.
            try database.execute(
                sql: """
                    DELETE FROM move_begun
                    WHERE (SELECT acknowledged_at FROM delivery WHERE id = delivery_id) IS NOT NULL
                    """)
        }
    }

    /// Notes that a mailbox was read to its end: the sign of health that `status` shows.
    package func markCycleComplete(account: AccountName, mailbox: MailboxName, now: Date) throws(StorageError) {
        try noteUnsynced("note a cycle of \(account)/\(mailbox)") { database in
            let row = try MailboxRow.require(account, mailbox, in: database)
            try database.execute(
                sql: "UPDATE mailbox_cursor SET last_cycle_at = ? WHERE id = ?",
                arguments: [now.storedMilliseconds, row.id])
        }
    }

    /// Asks the daemon to compare every mailbox with its ledger soon, and to take what is missing.
    package func requestReconciliation(now: Date) throws(StorageError) {
        try change("ask for a reconciliation") { database, audit in
            try database.execute(
                sql: "INSERT OR REPLACE INTO meta (key, value) VALUES ('reconcile_requested', ?)",
                arguments: [now.storedMilliseconds])
            try audit.add(
                AuditEntry(actor: "operator", action: "reconcile.requested", object: "store"), at: now, to: database)
        }
    }

    /// When that was asked for last.
    package func reconciliationRequest() throws(StorageError) -> Date? {
        try read("look for a request") { database in
            try Int64.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'reconcile_requested'")
                .map(Date.init(storedMilliseconds:))
        }
    }

    /// What `postroom reconcile` compares with the server; nil for a mailbox never opened.
    package func ledger(account: AccountName, mailbox: MailboxName) throws(StorageError) -> MailboxLedger? {
        try read("read the ledger of \(account)/\(mailbox)") { database in
            guard let row = try MailboxRow.find(account, mailbox, in: database) else { return nil }
            var select = try Prepared(
                database,
                """
                SELECT uid, state = 'parked', acknowledged_at IS NULL FROM delivery
                WHERE mailbox_id = ? AND uid_validity = ? ORDER BY uid
                """)
            select.bind(row.id)
            select.bind(row.uidValidity.rawValue)
            var recorded: [ClosedRange<UID>] = []
            var parked: [UID] = []
            var unacknowledged = 0
            while try select.step() {
                let uid = select.uid(0)
                if let last = recorded.last, last.upperBound.rawValue &+ 1 == uid.rawValue {
                    recorded[recorded.count - 1] = last.lowerBound...uid
                } else {
                    recorded.append(uid...uid)
                }
                if select.int(1) != 0 { parked.append(uid) } else if select.int(2) != 0 { unacknowledged += 1 }
            }
            return MailboxLedger(
                uidValidity: row.uidValidity, cursor: row.cursor, recorded: recorded, parked: parked,
                unacknowledged: unacknowledged, unfinished: try Self.unfinishedWork(row, database))
        }
    }
}

extension Prepared {
    func uid(_ column: Int32) -> UID { UID(UInt32(truncatingIfNeeded: int(column))) }
}
