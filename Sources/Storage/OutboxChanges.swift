internal import GRDB
internal import Vocabulary

package import struct Foundation.Date

extension Store {
    /// Commits that the next octets can complete the message. To be called before they leave: after a crash the mail
    /// counts as possibly sent, and no second relay is tried (promise 3 of CONTRIBUTING). False when it may no longer
    /// be sent: it was held or cancelled meanwhile, or has become pointless.
    ///
    /// `accepted` is the mail before it on the same connection, when its acceptance is not written yet: both stand in one
    /// commit, so that never more than one mail of a connection is `sending`.
    package func markSending(
        _ id: Int64, after accepted: AcceptedMail? = nil, now: Date
    ) throws(StorageError) -> Bool {
        try change("mark outbox \(id) sending") { database, audit in
            if let accepted { try Self.accept(accepted, now: now, database, &audit) }
            var update = try Prepared(
                database,
                """
                UPDATE outbox SET state = 'sending', attempts = attempts + 1, updated_at = ?
                WHERE id = ? AND state IN ('queued', 'deferred') AND expires_at > ? AND NOT EXISTS (
                  SELECT 1 FROM ticket WHERE number = outbox.ticket AND automatic = 1
                  AND (ticket.state = 'closed' OR last_human_answer_at > created_at))
                RETURNING ticket
                """)
            update.bind(now)
            update.bind(id)
            update.bind(now)
            guard let ticket = try update.onlyNumber() else { return false }
            try Self.auditOutbox(id, "sending", nil, ticket: ticket, actor: "outbox", now, database, &audit)
            return true
        }
    }

    /// The server has taken it. Recipients it refused are bounced at once; the others wait for a report, if any comes.
    package func markAccepted(_ mail: AcceptedMail, now: Date) throws(StorageError) {
        try change("mark outbox \(mail.id) accepted") { database, audit in
            try Self.accept(mail, now: now, database, &audit)
        }
    }

    package func markAccepted(
        _ id: Int64, queueID: String?, reply: String, recipients: [RecipientReply], now: Date
    ) throws(StorageError) {
        try markAccepted(AcceptedMail(id: id, queueID: queueID, reply: reply, recipients: recipients), now: now)
    }

    private static func accept(
        _ mail: AcceptedMail, now: Date, _ database: Database, _ audit: inout AuditChain
    ) throws {
        var update = try Prepared(
            database,
            """
            UPDATE outbox SET state = 'accepted', reason = NULL, updated_at = ?, queue_id = ?, last_reply = ?
            WHERE id = ? AND state = 'sending' RETURNING ticket
            """)
        update.bind(now)
        update.bind(mail.queueID)
        update.bind(StoredText.name(mail.reply))
        update.bind(mail.id)
        guard let ticket = try update.onlyNumber() else {
            let exists = try Bool.fetchOne(database, sql: "SELECT 1 FROM outbox WHERE id = ?", arguments: [mail.id])
            throw StorageError(exists == nil ? .notFound : .conflict, tried: "mark outbox \(mail.id) accepted")
        }
        try note(mail.recipients, on: mail.id, now, database)
        // No word on a recipient, and the message accepted: he is accepted with it.
        var accepted = try Prepared(
            database,
            """
            UPDATE outbox_recipient SET state = 'accepted', updated_at = ? WHERE outbox_id = ? AND state = 'pending'
            """)
        accepted.bind(now)
        accepted.bind(mail.id)
        try accepted.run()
        let event = mail.recipients.contains { !$0.accepted } ? "reply-partly-refused" : "reply-sent"
        try addOutboxEvent(mail.id, event, nil, ticket: ticket, actor: "outbox", now, database)
        try auditOutbox(mail.id, "accepted", nil, ticket: ticket, actor: "outbox", now, database, &audit)
    }

    /// Waits for a slot of a rate limit: no attempt is counted, and nothing is said on the ticket.
    package func putOff(_ ids: [Int64], until: Date, reason: String) throws(StorageError) {
        try change("put off outgoing mail") { database, _ in
            for id in ids {
                try database.execute(
                    sql: """
                        UPDATE outbox SET not_before = ?, reason = ? WHERE id = ? AND state IN ('queued', 'deferred')
                        """, arguments: [until.storedMilliseconds, reason, id])
            }
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
        // What the server said stays in the row, which can be erased; the audit has the bare fact.
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
        /// A server was asked and never took it, or one of our people wrote it: somebody relies on it.
        let isMissed: Bool
    }

    /// What expired and is missed fails, and tells a person; all else is cancelled.
    func cancelPointless(_ mails: [PointlessMail], now: Date) throws(StorageError) {
        for mail in mails {
            do {
                if mail.isMissed, mail.reason == Self.expired {
                    try giveUp(mail.id, now: now)
                } else {
                    try cancel(mail.id, reason: mail.reason, actor: "outbox", now: now)
                }
            } catch  where error.reason == .conflict {
                continue  // Somebody else has settled it meanwhile.
            }
        }
    }

    static let expired = "expired"

    private func giveUp(_ id: Int64, now: Date) throws(StorageError) {
        let reason = "not accepted before it expired"
        try settle(id, from: ["queued", "deferred"], to: .failed, reason: reason, actor: "outbox", now: now) { _ in
            "reply-failed"
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
            let ticket = try Int64.fetchOne(database, sql: "SELECT ticket FROM outbox WHERE id = ?", arguments: [id])
            guard let ticket else { throw StorageError(.notFound, tried: tried) }
            if let event = try body(database) {
                try Self.addOutboxEvent(id, event, reason, ticket: ticket, actor: actor, now, database)
            }
            try Self.auditOutbox(id, state.rawValue, reason, ticket: ticket, actor: actor, now, database, &audit)
        }
    }

    private static func addOutboxEvent(
        _ id: Int64, _ kind: String, _ detail: String?, ticket: Int64, actor: String, _ now: Date, _ database: Database
    ) throws {
        try TicketEvents.append(
            ticket, kind, actor: actor, outboxID: id, detail: detail, at: now, to: database)
        // Who holds a mail by hand knows it.
        if kind != "reply-held" || actor == "outbox" {
            try tellOwner(ofOutbox: id, event: kind, detail: detail, now: now, database)
        }
    }

    private static func auditOutbox(
        _ id: Int64, _ state: String, _ reason: String?, ticket: Int64, actor: String, _ now: Date,
        _ database: Database, _ audit: inout AuditChain
    ) throws {
        try audit.add(
            AuditEntry(
                actor: actor, action: "outbox.\(state)", object: "outbox", objectID: id, ticket: ticket, reason: reason),
            at: now, to: database)
    }

    private static func note(
        _ replies: [RecipientReply], on id: Int64, _ now: Date, _ database: Database
    ) throws {
        for reply in replies {
            var update = try Prepared(
                database,
                """
                UPDATE outbox_recipient SET state = ?, reply = ?, updated_at = ? WHERE outbox_id = ? AND address = ?
                """)
            update.bind(reply.accepted ? "accepted" : "rejected")
            update.bind(StoredText.name(reply.reply))
            update.bind(now)
            update.bind(id)
            update.bind(reply.address.normalized)
            try update.run()
            if !reply.accepted, let status = permanentStatus(reply.reply) {
                try Undeliverable(reply.address, status: status).markRefused(now: now, database)
            }
        }
    }

    /// The status of a refusal that is about the address (RFC 3463 section 3.2); nil for every other one. It stands at the
    /// beginning of what the server said: `recipient: 550 5.1.1 …`.
    private static func permanentStatus(_ reply: String) -> String? {
        let words = reply.split(separator: " ").prefix(3)
        return words.first { $0.hasPrefix("5.1.") && $0.dropFirst(4).allSatisfy(\.isNumber) }.map(String.init)
    }
}
