internal import Correspondence
internal import Digest
package import Foundation
internal import GRDB
internal import Replies
package import Triage
package import Vocabulary

/// What one of our people tells the customer of a ticket, in the words of a template.
package struct StaffMail: Sendable {
    /// Template: `progress`, `resolved`.
    package var template: String
    /// How the work stands, or what came out of it.
    package var message: String
    /// The ticket is resolved with it, in the same transaction.
    package var resolves: Bool

    package init(template: String, message: String, resolves: Bool = false) {
        self.template = template
        self.message = message
        self.resolves = resolves
    }
}

extension Store {
    /// Puts the mail into the outbox and notes the answer on the ticket, together or not at all. Gives the row, which may
    /// be held: the pre-send checks are made here too, and an unapproved template waits.
    ///
    /// It goes to the customer of the ticket, below his last mail, from the address that he wrote to.
    package func send(
        _ mail: StaffMail, on number: TicketNumber, options: TriageOptions, actor: String, now: Date
    ) throws(StorageError) -> OutboxItem {
        let tried = "write to the customer of \(number)"
        return try change(tried) { database, audit in
            let ticket = try Self.ticket(number, database).summary
            let plan = try Self.plan(mail, ticket, options: options, tried: tried, now: now, database)
            var counters = try Counters(database)
            let writer = OutboxWriter(
                database: database, keys: keys, options: options, now: now,
                month: ArchiveMonth(secondsSince1970: now.timeIntervalSince1970), holdsReplies: false,
                approvals: try TemplateApprovals(database))
            let promise = OutboxWriter.Promise(
                id: counters.nextOutbox(), ticket: number.rawValue, plan: plan, isAutomatic: false,
                participants: try Self.participants(number, database))
            guard let written = try writer.write(promise) else {
                throw StorageError(.refused("there is no template \(mail.template)"), tried: tried)
            }
            try counters.store(database)
            try Self.noteHumanAnswer(number, actor: actor, now: now, database, &audit)
            try TicketEvents.append(
                number.rawValue, written.held == nil ? "reply-queued" : "reply-held", actor: actor,
                outboxID: promise.id, detail: written.held, at: now, to: database)
            try audit.add(
                AuditEntry(
                    actor: actor, action: "outbox.\(written.held == nil ? "queued" : "held")", object: "outbox",
                    objectID: promise.id, ticket: number.rawValue, reason: written.held ?? mail.template),
                at: now, to: database)
            if mail.resolves {
                try apply(
                    .resolve(note: mail.message), to: try Self.ticket(number, database).summary, actor: actor,
                    now: now, database, &audit)
            }
            try archive.store([written.blob], month: writer.month)
            guard
                let row = try Row.fetchOne(database, sql: "SELECT * FROM outbox WHERE id = ?", arguments: [promise.id])
            else { throw StorageError(.corrupt, tried: tried) }
            return try OutboxItem(row, database)
        }
    }

    private static func plan(
        _ mail: StaffMail, _ ticket: TicketSummary, options: TriageOptions, tried: String, now: Date,
        _ database: Database
    ) throws -> ReplyPlan {
        guard let customer = ticket.customer, let address = EmailAddress(customer.address) else {
            throw StorageError(.refused("the ticket has no customer with an address"), tried: tried)
        }
        guard let language = options.templates.language(of: mail.template, wanted: ticket.language) else {
            throw StorageError(
                .refused("there is no template \(mail.template) in a language that fits \(ticket.language)"),
                tried: tried)
        }
        let last = try lastMail(ticket.number, database)
        guard let sender = try usualSender(ticket.number, options, database) else {
            throw StorageError(.refused("no address of ours is configured"), tried: tried)
        }
        // What a person sends may wait for a relay as long as mail servers usually try (RFC 5321 section 4.5.4.1).
        let patience: TimeInterval = 4 * 86_400
        return ReplyPlan(
            template: mail.template, language: language,
            recipient: NamedAddress(displayName: customer.name, address: address),
            sender: NamedAddress(displayName: options.replies.organisation.name(in: language), address: sender),
            originalSubject: ticket.subject, originalMessageID: last, originalReferences: [], salutationName: nil,
            category: ticket.category, urgency: ticket.urgency, firstResponseDue: nil,
            notBefore: options.replies.quietHours?.notBefore(template: mail.template, now: now) ?? now,
            expires: now + patience, message: mail.message)
    }

    /// Message-ID of the newest mail of the ticket that has one: the answer stands below it.
    private static func lastMail(_ number: TicketNumber, _ database: Database) throws -> MessageID? {
        try String.fetchOne(
            database,
            sql: """
                SELECT message.message_id FROM ticket_event JOIN message USING (delivery_id)
                WHERE ticket = ? AND message.kind = 'customer' AND message.message_id IS NOT NULL
                ORDER BY number DESC LIMIT 1
                """, arguments: [number.rawValue]
        ).flatMap { MessageID($0) }
    }

    /// The address that answered on this ticket before, without its extension, when it is still ours; else our first.
    private static func usualSender(
        _ number: TicketNumber, _ options: TriageOptions, _ database: Database
    ) throws -> EmailAddress? {
        let path = try String.fetchOne(
            database, sql: "SELECT reverse_path FROM outbox WHERE ticket = ? ORDER BY id LIMIT 1",
            arguments: [number.rawValue])
        return path.flatMap { EmailAddress($0) }.flatMap {
            $0 == options.replies.bounceAddress ? nil : options.identity.own($0)
        }
            ?? options.identity.addresses.first
    }

    /// The customer, whom we wrote to about the ticket, and the writers of its mail whose part in it is not doubted.
    private static func participants(_ number: TicketNumber, _ database: Database) throws -> [EmailAddress] {
        try String.fetchAll(
            database,
            sql: """
                SELECT address FROM customer JOIN ticket ON customer.id = customer_id WHERE number = ?
                UNION SELECT address FROM outbox_recipient JOIN outbox ON outbox.id = outbox_id WHERE ticket = ?
                """, arguments: [number.rawValue, number.rawValue]
        ).compactMap { EmailAddress($0) }
    }
}
