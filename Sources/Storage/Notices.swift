internal import GRDB
package import Vocabulary

package import struct Foundation.Date

/// A mail to operators or to one of our people that waits to be sent. Internal: repeated under one id until it is taken.
package struct Notice: Sendable, Equatable {
    package let id: Int64
    package let createdAt: Date
    package let kind: String
    /// Set for a test mail: it goes to this account itself.
    package let account: AccountName?
    /// Set for a notice about a ticket: the short name of who has it. Nil: for the operators.
    package let person: String?
    package let ticket: TicketNumber?
    package let subject: String
    package let text: String
    package let attempts: Int
    /// The same each time it is sent: who gets it twice can tell.
    package let messageID: MessageID
    /// Says that it is ours when it comes back.
    package let ownMark: String
}

extension Store {
    /// Notices that may be sent now, oldest first. Their Message-IDs end in `domain`.
    package func dueNotices(now: Date, domain: String, limit: Int = 20) throws(StorageError) -> [Notice] {
        try notices(
            "settled_at IS NULL AND not_before <= ? ORDER BY not_before, id", attempts: "attempts", now: now,
            domain: domain, limit: limit)
    }

    /// What the operators' webhook is to be told now: alarms, and no test mails or notices to one person.
    package func dueHookNotices(now: Date, domain: String, limit: Int = 20) throws(StorageError) -> [Notice] {
        try notices(
            """
            hook_settled_at IS NULL AND hook_not_before <= ? AND account IS NULL AND person IS NULL
            ORDER BY hook_not_before, id
            """, attempts: "hook_attempts", now: now, domain: domain, limit: limit)
    }

    private func notices(
        _ condition: String, attempts: String, now: Date, domain: String, limit: Int
    ) throws(StorageError) -> [Notice] {
        try read("read the notices") { database in
            var select = try Prepared(
                database,
                """
                SELECT id, created_at, kind, subject, text, \(attempts), account, person, ticket FROM notice
                WHERE \(condition) LIMIT ?
                """)
            select.bind(now)
            select.bind(limit)
            var notices: [Notice] = []
            while try select.step() {
                let id = keys.messageID(noticeID: select.int(0), createdAt: select.int(1), domain: domain)
                notices.append(
                    Notice(
                        id: select.int(0), createdAt: select.date(1), kind: select.text(2),
                        account: select.optionalText(6).map { AccountName($0) }, person: select.optionalText(7),
                        ticket: select.optionalInt(8).map { TicketNumber($0) }, subject: select.text(3),
                        text: select.text(4), attempts: Int(select.int(5)), messageID: id,
                        ownMark: keys.ownMark(noticeID: select.int(0))))
            }
            return notices
        }
    }

    /// The relay has answered for good: taken, or refused.
    package func settleNotice(_ id: Int64, reply: String, now: Date) throws(StorageError) {
        try change("settle a notice") { database, _ in
            try database.execute(
                sql: "UPDATE notice SET settled_at = ?, last_reply = ?, attempts = attempts + 1 WHERE id = ?",
                arguments: [now.storedMilliseconds, reply, id])
        }
    }

    package func deferNotice(_ id: Int64, until: Date, reply: String) throws(StorageError) {
        try change("defer a notice") { database, _ in
            try database.execute(
                sql: "UPDATE notice SET not_before = ?, last_reply = ?, attempts = attempts + 1 WHERE id = ?",
                arguments: [until.storedMilliseconds, reply, id])
        }
    }

    /// The webhook has taken it, or never will.
    package func settleHook(_ id: Int64, now: Date) throws(StorageError) {
        try change("settle a webhook") { database, _ in
            try database.execute(
                sql: "UPDATE notice SET hook_settled_at = ?, hook_attempts = hook_attempts + 1 WHERE id = ?",
                arguments: [now.storedMilliseconds, id])
        }
    }

    package func deferHook(_ id: Int64, until: Date) throws(StorageError) {
        try change("defer a webhook") { database, _ in
            try database.execute(
                sql: "UPDATE notice SET hook_not_before = ?, hook_attempts = hook_attempts + 1 WHERE id = ?",
                arguments: [until.storedMilliseconds, id])
        }
    }

    /// Where there is no webhook nothing waits for one: what is old news when one is set up is not told then.
    package func settleHooksWithoutWebhook(now: Date) throws(StorageError) {
        let waits = try read("count the webhooks") { database in
            try Int.fetchOne(database, sql: "SELECT 1 FROM notice WHERE hook_settled_at IS NULL LIMIT 1") != nil
        }
        guard waits else { return }
        try change("settle webhooks") { database, _ in
            try database.execute(
                sql: "UPDATE notice SET hook_settled_at = ? WHERE hook_settled_at IS NULL",
                arguments: [now.storedMilliseconds])
        }
    }

    /// How many wait.
    package func waitingNotices() throws(StorageError) -> Int {
        try read("count the notices") { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM notice WHERE settled_at IS NULL") ?? 0
        }
    }

    /// Tells whoever has the ticket what became of a mail on it; the kind is that of the ticket's event. In the
    /// transaction of the event: both or neither. No address and no text of the customer stands in it.
    static func tellOwner(
        ofOutbox id: Int64, event: String, detail: String?, now: Date, _ database: Database
    ) throws {
        guard let message = OwnerMessage(event) else { return }
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT ticket.number AS number, assignee, template, last_reply FROM outbox JOIN ticket ON number = outbox.ticket
                WHERE outbox.id = ?
                """, arguments: [id])
        guard let row else { return }
        let ticket = TicketNumber(row["number"])
        let template: String = row["template"] ?? "mail"
        let lines = [
            "\(ticket): outgoing mail \(id) (\(template)) \(message.happened).",
            said(detail, event == "reply-bounced" ? nil : row["last_reply"]).map { "What was said: \($0)" },
            message.advice(id),
        ]
        try database.execute(
            sql: """
                INSERT INTO notice (created_at, kind, subject, text, not_before, person, ticket)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                now.storedMilliseconds, event, "\(ticket): \(message.headline)",
                lines.compactMap { $0 }.joined(separator: "\n\n"), now.storedMilliseconds, row["assignee"] as String,
                ticket.rawValue,
            ])
    }
}

/// A report says more than the relay's answer of long ago; elsewhere that answer is what there is.
private func said(_ detail: String?, _ lastReply: String?) -> String? {
    let words = [detail, lastReply].compactMap { $0 }
    return words.isEmpty ? nil : words.joined(separator: "; ")
}

/// What the owner of a ticket hears when a mail on it did not go as it should.
private struct OwnerMessage {
    let headline: String
    let happened: String
    private let commands: [String]
    private let closing: String

    /// Nil for what is no trouble.
    init?(_ event: String) {
        switch event {
        case "reply-uncertain":
            headline = "a mail may not have arrived"
            happened = "may have gone out, and nobody knows: the connection ended before the server's answer"
            commands = ["retry", "drop"]
            closing = "It is not sent again by itself. Ask the customer, or decide:"
        case "reply-failed", "reply-partly-refused":
            headline = "a mail was refused"
            happened = "was refused by the mail server"
            commands = ["retry", "drop"]
            closing = "The customer has not got it. Reach him another way, or try again:"
        case "reply-bounced":
            headline = "a mail came back"
            happened = "came back as undeliverable"
            commands = []
            closing = "The customer has not got it. Nothing automatic is sent to that address for a while."
        case "reply-held":
            headline = "a mail waits for you"
            happened = "is held until a person has looked at it"
            commands = ["release", "drop"]
            closing = "Look at it, and let it go or not:"
        default: return nil
        }
    }

    func advice(_ id: Int64) -> String {
        let lines = ["postroom outbox show \(id)"] + commands.map { "postroom outbox \($0) \(id)" }
        return closing + "\n\n" + lines.map { "    " + $0 }.joined(separator: "\n")
    }
}

extension Store {
    /// Tells those who watch a ticket what happened to it; nobody is told of what he did himself.
    static func tellWatchers(
        of ticket: Int64, _ news: String, except told: [String], now: Date, _ database: Database
    ) throws {
        var select = try Prepared(database, "SELECT person FROM ticket_watcher WHERE ticket = ? ORDER BY person")
        select.bind(ticket)
        var persons: [String] = []
        while try select.step() { persons.append(select.text(0)) }
        let number = TicketNumber(ticket)
        for person in persons where !told.contains(person) {
            try insertNotice(
                kind: "watched-ticket", subject: "ticket \(number) \(news)",
                text: "You watch ticket \(number), which \(news).\n\n    postroom tickets show \(ticket)",
                person: person, ticket: ticket, now: now, database)
        }
    }

    static func tellWatchers(
        of ticket: Int64, _ news: String, except actor: String, now: Date, _ database: Database
    ) throws {
        try tellWatchers(of: ticket, news, except: [actor], now: now, database)
    }

    /// So many notices that rules cause does one person get in an hour: who sends us a thousand mails must not flood our
    /// own people. The tickets are there all the same.
    static let noticesAnHour = 30
    /// So many rows are looked back at.
    private static let recentNotices = 5000

    /// How many the person got within the last hour.
    private static func recentNotices(to person: String, now: Date, _ database: Database) throws -> Int {
        var select = try Prepared(
            database,
            """
            SELECT count(*) FROM notice WHERE id > (SELECT coalesce(max(id), 0) - ? FROM notice) AND person = ?
              AND created_at > ? AND (kind = 'rule-notice' OR kind = 'watched-ticket')
            """)
        select.bind(recentNotices)
        select.bind(person)
        select.bind(now.addingTimeInterval(-3600))
        return try select.step() ? Int(select.int(0)) : 0
    }

    static func insertNotice(
        kind: String, subject: String, text: String, person: String, ticket: Int64?, now: Date, _ database: Database
    ) throws {
        let recent = try recentNotices(to: person, now: now, database)
        guard recent < noticesAnHour else { return }
        let isLast = recent == noticesAnHour - 1
        let text = isLast ? text + "\n\nThere were many: more of them within this hour are not sent." : text
        var insert = try Prepared(
            database,
            """
            INSERT INTO notice (created_at, kind, subject, text, not_before, person, ticket)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        insert.bind(now)
        insert.bind(kind)
        insert.bind(subject)
        insert.bind(text)
        insert.bind(now)
        insert.bind(person)
        insert.bind(ticket)
        try insert.run()
    }
}
