internal import GRDB
internal import Vocabulary

package import struct Foundation.Date

extension Store {
    /// Commits that the next octets can complete the message. To be called before they leave: after a crash the mail
    /// counts as possibly sent, and no second relay is tried (promise 3 of CONTRIBUTING). False when it may no longer
    /// be sent: it
    /// was held or cancelled meanwhile, or has become pointless.
    package func markSending(_ id: Int64, now: Date) throws(StorageError) -> Bool {
        try change("mark outbox \(id) sending") { database, audit in
            let sql = """
                UPDATE outbox SET state = 'sending', attempts = attempts + 1, updated_at = ?
                WHERE id = ? AND state IN ('queued', 'deferred') AND expires_at > ? AND NOT EXISTS (
                  SELECT 1 FROM ticket WHERE number = outbox.ticket AND automatic = 1
                  AND (ticket.state = 'closed' OR last_human_answer_at > created_at))
                """
            let moment = now.storedMilliseconds
            try database.execute(sql: sql, arguments: [moment, id, moment])
            guard database.changesCount == 1 else { return false }
            try Self.auditOutbox(id, "sending", nil, actor: "outbox", now, database, &audit)
            return true
        }
    }

    /// The server has taken it. Recipients it refused are bounced at once; the others wait for a report, if any comes.
    package func markAccepted(
        _ id: Int64, queueID: String?, reply: String, recipients: [RecipientReply], now: Date
    ) throws(StorageError) {
        try settle(id, from: ["sending"], to: .accepted, reason: nil, actor: "outbox", now: now) { database in
            try database.execute(
                sql: "UPDATE outbox SET queue_id = ?, last_reply = ? WHERE id = ?",
                arguments: [queueID, StoredText.name(reply), id])
            try Self.note(recipients, on: id, now, database)
            // No word on a recipient, and the message accepted: he is accepted with it.
            try database.execute(
                sql: """
                    UPDATE outbox_recipient SET state = 'accepted', updated_at = ?
                    WHERE outbox_id = ? AND state = 'pending'
                    """, arguments: [now.storedMilliseconds, id])
            return recipients.contains { !$0.accepted } ? "reply-partly-refused" : "reply-sent"
        }
    }

    /// A transient refusal, or no connection: tried again from `until` on. `attempts` counts this one too: a refusal
    /// before
    /// the end of the mail never came to `markSending`, which counts the others.
    package func markDeferred(
        _ id: Int64, until: Date, reply: String, attempts: Int = 0, now: Date
    ) throws(StorageError) {
        try settle(id, from: ["queued", "deferred", "sending"], to: .deferred, reason: nil, actor: "outbox", now: now) {
            try $0.execute(
                sql: "UPDATE outbox SET not_before = ?, last_reply = ?, attempts = max(attempts, ?) WHERE id = ?",
                arguments: [until.storedMilliseconds, StoredText.name(reply), attempts, id])
            return nil
        }
    }

    /// Refused for good. An event on the ticket tells a person.
    package func markFailed(
        _ id: Int64, reply: String, recipients: [RecipientReply] = [], now: Date
    ) throws(StorageError) {
        let reason = "refused"
        try settle(id, from: ["queued", "deferred", "sending"], to: .failed, reason: reason, actor: "outbox", now: now)
        {
            try $0.execute(
                sql: "UPDATE outbox SET last_reply = ? WHERE id = ?", arguments: [StoredText.name(reply), id])
            try Self.note(recipients, on: id, now, $0)
            return "reply-failed"
        }
    }

    /// The connection broke after the octets that can complete the message had left: nobody knows.
    package func markUncertain(_ id: Int64, reason: String, now: Date) throws(StorageError) {
        try settle(id, from: ["sending"], to: .uncertain, reason: reason, actor: "outbox", now: now) { _ in
            "reply-uncertain"
        }
    }

    /// A person must look at it first.
    package func hold(_ id: Int64, reason: String, actor: String, now: Date) throws(StorageError) {
        try settle(id, from: ["queued", "deferred", "sending"], to: .held, reason: reason, actor: actor, now: now) {
            _ in
            "reply-held"
        }
    }

    /// Lets a held mail go. One that has expired is given `extended` more time, since a person wants it.
    package func release(_ id: Int64, actor: String, extending: Double = 24 * 3600, now: Date) throws(StorageError) {
        try settle(id, from: ["held"], to: .queued, reason: nil, actor: actor, now: now) { database in
            try database.execute(
                sql: "UPDATE outbox SET not_before = ?, expires_at = max(expires_at, ?) WHERE id = ?",
                arguments: [
                    now.storedMilliseconds, now.addingTimeInterval(extending).storedMilliseconds, id,
                ])
            return "reply-released"
        }
    }

    /// Sends again what failed or may have gone out: only a person decides that.
    package func retryOutbox(_ id: Int64, actor: String, extending: Double = 24 * 3600, now: Date) throws(StorageError)
    {
        let states = ["failed", "uncertain", "deferred"]
        try settle(id, from: states, to: .queued, reason: nil, actor: actor, now: now) { database in
            try database.execute(
                sql: "UPDATE outbox SET not_before = ?, expires_at = max(expires_at, ?) WHERE id = ?",
                arguments: [now.storedMilliseconds, now.addingTimeInterval(extending).storedMilliseconds, id])
            try database.execute(
                sql: "UPDATE outbox_recipient SET state = 'pending' WHERE outbox_id = ? AND state <> 'accepted'",
                arguments: [id])
            return "reply-retried"
        }
    }

    package func cancel(_ id: Int64, reason: String, actor: String, now: Date) throws(StorageError) {
        let states = ["queued", "deferred", "held", "uncertain"]
        try settle(id, from: states, to: .cancelled, reason: reason, actor: actor, now: now) { _ in "reply-cancelled" }
    }

    /// At the start: what a dead process was sending may have gone out. Gives the rows concerned.
    package func recoverInterrupted(now: Date) throws(StorageError) -> [Int64] {
        let ids = try read("look for interrupted mail") {
            try Int64.fetchAll($0, sql: "SELECT id FROM outbox WHERE state = 'sending' ORDER BY id")
        }
        for id in ids { try markUncertain(id, reason: "the process ended while sending", now: now) }
        return ids
    }

    struct PointlessMail {
        let id: Int64
        let reason: String
    }

    func cancelPointless(_ mails: [PointlessMail], now: Date) throws(StorageError) {
        for mail in mails {
            do {
                try cancel(mail.id, reason: mail.reason, actor: "outbox", now: now)
            } catch  where error.reason == .conflict {
                continue  // Somebody else has settled it meanwhile.
            }
        }
    }

    /// One change of state with its event and its audit row. Compare and set: the row must be in one of `from`.
    private func settle(
        _ id: Int64, from states: [String], to state: OutboxState, reason: String?, actor: String, now: Date,
        also body: (Database) throws -> String?
    ) throws(StorageError) {
        let tried = "mark outbox \(id) \(state)"
        try change(tried) { database, audit in
            var arguments: StatementArguments = [state.rawValue, reason, now.storedMilliseconds, id]
            arguments += StatementArguments(states)
            try database.execute(
                sql: """
                    UPDATE outbox SET state = ?, reason = ?, updated_at = ?
                    WHERE id = ? AND state IN (\(databaseQuestionMarks(count: states.count)))
                    """, arguments: arguments)
            guard database.changesCount == 1 else {
                let exists = try Bool.fetchOne(database, sql: "SELECT 1 FROM outbox WHERE id = ?", arguments: [id])
                throw StorageError(exists == nil ? .notFound : .conflict, tried: tried)
            }
            let event = try body(database)
            if let event { try Self.addOutboxEvent(id, event, reason, actor: actor, now, database) }
            try Self.auditOutbox(id, state.rawValue, reason, actor: actor, now, database, &audit)
        }
    }

    private static func addOutboxEvent(
        _ id: Int64, _ kind: String, _ detail: String?, actor: String, _ now: Date, _ database: Database
    ) throws {
        guard let ticket = try Int64.fetchOne(database, sql: "SELECT ticket FROM outbox WHERE id = ?", arguments: [id])
        else { return }
        try TicketEvents.append(
            ticket, kind, actor: actor, outboxID: id, detail: detail, at: now, to: database)
    }

    private static func auditOutbox(
        _ id: Int64, _ state: String, _ reason: String?, actor: String, _ now: Date, _ database: Database,
        _ audit: inout AuditChain
    ) throws {
        let ticket = try Int64.fetchOne(database, sql: "SELECT ticket FROM outbox WHERE id = ?", arguments: [id])
        try audit.add(
            AuditEntry(
                actor: actor, action: "outbox.\(state)", object: "outbox", objectID: id, ticket: ticket, reason: reason),
            at: now, to: database)
    }

    private static func note(
        _ replies: [RecipientReply], on id: Int64, _ now: Date, _ database: Database
    ) throws {
        for reply in replies {
            try database.execute(
                sql: """
                    UPDATE outbox_recipient SET state = ?, reply = ?, updated_at = ?
                    WHERE outbox_id = ? AND address = ?
                    """,
                arguments: [
                    reply.accepted ? "accepted" : "rejected", StoredText.name(reply.reply), now.storedMilliseconds, id,
                    reply.address.normalized,
                ])
        }
    }
}
