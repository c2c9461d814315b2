internal import Digest
internal import Foundation
internal import GRDB
internal import Triage

extension Store {
    /// Everything that must hold at any time and does not, in words; empty when all is well. Reads the whole tracking
    /// database once, and of the archive whether each message is there; `deep` also expands and hashes every message.
    package func checkConsistency(deep: Bool = false) throws(StorageError) -> [String] {
        var problems = try durabilityProblems()
        problems += try read("check the store") { database in
            var found = try String.fetchAll(database, sql: "PRAGMA quick_check").filter { $0 != "ok" }
                .map { "postroom.sqlite: \($0)" }
            found += try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").prefix(20)
                .map { "\($0[0] as String): a row refers to a \($0[2] as String) that is not there" }
            for rule in Self.rules { found += try rule.problems(database) }
            found += try AuditChain.problems(database, keys: keys)
            found += try countersProblems(database)
            return found
        }
        problems += try archiveProblems(deep: deep)
        return problems
    }

    /// Promise 11, as the connections say it themselves.
    private func durabilityProblems() throws(StorageError) -> [String] {
        try attempt("check the connections") {
            var problems: [String] = []
            if try !tracking.writeWithoutTransaction({ try Connection.isDurable($0) }) {
                problems.append("postroom.sqlite: not in WAL mode with synchronous=FULL")
            }
            for month in try archive.months().prefix(1) where try !archive.isDurable(month) {
                problems.append("archive \(month): not in WAL mode with synchronous=FULL")
            }
            return problems
        }
    }

    /// A query that gives the ids of rows that break a rule, and the sentence for one of them.
    private struct Rule {
        let sentence: String
        let sql: String

        init(_ sentence: String, _ sql: String) {
            self.sentence = sentence
            self.sql = sql
        }

        func problems(_ database: Database) throws -> [String] {
            try Row.fetchAll(database, sql: sql + " LIMIT 20").map { row in
                sentence.replacingOccurrences(of: "%", with: (row[0] as DatabaseValue).shownAsID)
            }
        }
    }

    private static let rules = [
        Rule(
            "delivery % is ticketed without a ticket",
            "SELECT id FROM delivery WHERE state IN ('ticketed', 'followed-up', 'parked') AND ticket IS NULL"),
        Rule(
            "delivery % is a duplicate of nothing",
            "SELECT id FROM delivery WHERE state = 'duplicate' AND duplicate_of IS NULL"),
        Rule(
            "delivery % is ignored, quarantined or parked without a reason",
            "SELECT id FROM delivery WHERE state IN ('ignored', 'quarantined', 'parked') AND coalesce(detail, '') = ''"),
        Rule(
            "delivery % has no record of what was understood",
            """
            SELECT id FROM delivery LEFT JOIN message ON delivery_id = id
            WHERE delivery_id IS NULL AND state NOT IN ('parked', 'ignored')
            """),
        Rule(
            "delivery % has a record of what was understood but no bytes in the archive",
            "SELECT id FROM delivery JOIN message ON delivery_id = id WHERE raw_digest IS NULL OR archive_month IS NULL"
        ),
        Rule(
            "delivery % lies in UIDs that are marked as in progress and passed by the cursor",
            """
            SELECT w.id FROM work_range w JOIN mailbox_cursor m ON m.id = mailbox_id
            WHERE w.uid_validity = m.uid_validity AND first_uid <= cursor
            """),
        Rule(
            "work range % belongs to a UIDVALIDITY that is gone",
            """
            SELECT w.id FROM work_range w JOIN mailbox_cursor m ON m.id = mailbox_id
            WHERE w.uid_validity <> m.uid_validity
            """),
        Rule("ticket #% has no assignee", "SELECT number FROM ticket WHERE assignee = ''"),
        Rule(
            "ticket #% has another number of events than its version says",
            """
            SELECT number FROM ticket
            WHERE version <> (SELECT count(*) FROM ticket_event WHERE ticket_event.ticket = ticket.number)
            """),
        Rule(
            "ticket #% was opened by no delivery",
            """
            SELECT number FROM ticket WHERE NOT EXISTS (
              SELECT 1 FROM delivery WHERE id = ticket.delivery_id AND delivery.ticket IS NOT NULL)
            """),
        Rule(
            "ticket #% is finished without a time, or in work with one",
            "SELECT number FROM ticket WHERE (state IN ('resolved', 'closed')) <> (resolved_at IS NOT NULL)"),
        Rule(
            "agent % has another number of open tickets than the counter says",
            """
            SELECT name FROM agent WHERE open_tickets <> (
              SELECT count(*) FROM ticket WHERE assignee = name AND state IN ('new', 'open', 'waiting'))
            """),
        Rule(
            "agent % has open tickets and no counter",
            """
            SELECT DISTINCT assignee FROM ticket WHERE state IN ('new', 'open', 'waiting')
            AND assignee NOT IN (SELECT name FROM agent)
            """),
        Rule(
            "outbox % has no recipient",
            "SELECT id FROM outbox WHERE NOT EXISTS (SELECT 1 FROM outbox_recipient WHERE outbox_id = id)"),
        Rule(
            "outbox % is held, cancelled, failed or uncertain without a reason",
            """
            SELECT id FROM outbox WHERE state IN ('held', 'cancelled', 'failed', 'uncertain')
            AND coalesce(reason, '') = ''
            """),
        Rule(
            "outbox % shares its Message-ID with another row",
            "SELECT max(id) FROM outbox GROUP BY message_id HAVING count(*) > 1"),
        Rule(
            "outbox % is accepted and has a recipient that still waits",
            """
            SELECT id FROM outbox JOIN outbox_recipient ON outbox_id = id
            WHERE outbox.state = 'accepted' AND outbox_recipient.state = 'pending'
            """),
        Rule(
            "delivery % promised a reply that is not in the outbox",
            """
            SELECT message.delivery_id FROM message LEFT JOIN outbox ON outbox.id = outbox_id
            WHERE outbox_id IS NOT NULL AND (outbox.id IS NULL OR outbox.delivery_id <> message.delivery_id)
            """),
        Rule(
            "outbox % is promised by no delivery",
            """
            SELECT outbox.id FROM outbox LEFT JOIN message ON message.delivery_id = outbox.delivery_id
            WHERE outbox.kind = 'reply' AND automatic = 1 AND message.outbox_id IS NOT outbox.id
            """),
        Rule(
            "customer % cannot be reached at his address",
            """
            SELECT id FROM customer EXCEPT SELECT customer_id FROM contact_point
            """),
    ]

    private func countersProblems(_ database: Database) throws -> [String] {
        let counters = try Counters(database)
        let tables: [(String, String, Int64)] = [
            ("delivery", "id", counters.delivery), ("ticket", "number", counters.ticket),
            ("outbox", "id", counters.outbox), ("customer", "id", counters.customer),
        ]
        return try tables.compactMap { table, column, last in
            let highest = try Int64.fetchOne(database, sql: "SELECT max(\(column)) FROM \(table)") ?? 0
            return highest > last ? "\(table) \(highest) has a number that was never given out" : nil
        }
    }

    /// Each message and each outgoing mail has its bytes in the month that its row names.
    private func archiveProblems(deep: Bool) throws(StorageError) -> [String] {
        try attempt("check the archive") {
            var problems: [String] = []
            for month in try archive.months() {
                problems += try archive.integrityProblems(month).map { "archive \(month): \($0)" }
            }
            try tracking.read { database in
                var rows = try Prepared(
                    database,
                    """
                    SELECT 'delivery', id, raw_digest, archive_month FROM delivery WHERE raw_digest IS NOT NULL
                    UNION ALL SELECT 'outbox', id, raw_digest, archive_month FROM outbox
                    """)
                var chunk: [ArchivedRow] = []
                while problems.count < 50, try rows.step() {
                    chunk.append(ArchivedRow(rows))
                    if chunk.count == 1000 { try problems += self.problems(of: &chunk, deep: deep) }
                }
                try problems += self.problems(of: &chunk, deep: deep)
            }
            return problems
        }
    }

    /// A row that says where its bytes are.
    private struct ArchivedRow {
        let name: String
        let digest: SHA256Digest?
        let month: ArchiveMonth?

        init(_ row: borrowing Prepared) {
            name = "\(row.text(0)) \(row.int(1))"
            digest = SHA256Digest(bytes: row.blob(2))
            month = ArchiveMonth(stored: row.int(3))
        }
    }

    private func problems(of rows: inout [ArchivedRow], deep: Bool) throws -> [String] {
        defer { rows = [] }
        var problems: [String] = []
        for (month, group) in Dictionary(grouping: rows, by: \.month) {
            let missing = try month.map { try archive.missing(group.compactMap(\.digest), month: $0) } ?? []
            for row in group {
                guard let month, let digest = row.digest, !missing.contains(digest) else {
                    problems.append("\(row.name) has no bytes in the archive")
                    continue
                }
                if deep, (try? archive.bytes(digest, month: month)) == nil {
                    problems.append("\(row.name) has damaged bytes in the archive")
                }
            }
        }
        return problems
    }
}

extension DatabaseValue {
    /// Numbers and names of our own people only: no other column is ever selected by a rule.
    fileprivate var shownAsID: String {
        switch storage {
        case .int64(let number): String(number)
        case .string(let text): text
        default: "?"
        }
    }
}
