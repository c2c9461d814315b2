internal import Correspondence
internal import Foundation
internal import GRDB
internal import MailText
internal import Routing
internal import Triage
internal import Vocabulary

extension Recorder {
    /// Settles which ticket and which customer file a message belongs to, and makes those that are new: rows that refer
    /// to them follow.
    func prepareTicket(_ record: MessageRecord, parked: ParkedRow?) throws {
        switch record.ending.state {
        case .ticketed:
            record.customerID = try record.surroundings.customer?.id ?? openCustomer(record)
            record.ticketNumber = parked?.ticket ?? counters.nextTicket()
            if parked?.ticket == nil { try openTicket(record) } else { try completeTicket(record) }
        case .followedUp:
            record.ticketNumber = record.ending.ticket
            if record.facts.ticket?.writerTakesPart == true { record.customerID = record.surroundings.customer?.id }
        case .duplicate, .dsn, .own, .ignored, .quarantined, .parked:
            record.ticketNumber = record.ending.ticket
        }
    }

    /// What happened on the ticket, once the delivery and the reply have their rows.
    func writeTicket(_ record: MessageRecord, parked: ParkedRow?) throws {
        switch record.ending.state {
        case .ticketed:
            guard let number = record.ticketNumber else { break }
            if parked?.ticket == nil {
                let follows = record.decision.follows
                try addEvent(number, 1, "opened", record, detail: follows.map { "continues \($0)" })
                try noteReply(record, ticket: number, after: 1)
                if let follows {
                    try appendEvent(follows.rawValue, "continued", nil, detail: "by \(TicketNumber(number))")
                }
            } else {
                try appendEvent(number, "retried", record)
                try appendReply(record, ticket: number)
            }
        case .followedUp:
            try followUp(record)
            fallthrough
        case .duplicate, .dsn, .own, .ignored, .quarantined, .parked:
            if let minimal = parked?.ticket, minimal != record.ticketNumber || record.ending.state != .followedUp {
                try closeMinimalTicket(minimal, record)
            }
        }
    }

    // MARK: opening

    private func openCustomer(_ record: MessageRecord) throws -> Int64? {
        guard let writer = record.understanding.origin.writer else { return nil }
        let id = counters.nextCustomer()
        var insert = try Prepared(
            database, "INSERT INTO customer (id, name, address, created_at, updated_at) VALUES (?, ?, ?, ?, ?)")
        insert.bind(id)
        insert.bind(StoredText.name(writer.displayName))
        insert.bind(writer.address.description)
        insert.bind(now)
        insert.bind(now)
        try insert.run()
        // The address may be known already as one that an answer went to.
        var point = try Prepared(
            database,
            """
            INSERT INTO contact_point (kind, value, customer_id, first_seen_at) VALUES ('email', ?, ?, ?)
            ON CONFLICT (value, kind) DO UPDATE SET customer_id = excluded.customer_id
            """)
        point.bind(writer.address.normalized)
        point.bind(id)
        point.bind(now)
        try point.run()
        return id
    }

    private func openTicket(_ record: MessageRecord) throws {
        guard let number = record.ticketNumber else { return }
        let decision = record.decision
        try insertTicket(
            NewTicket(
                number: number, deliveryID: record.deliveryID, customerID: record.customerID,
                subject: record.understanding.subject, language: record.understanding.text.language,
                category: decision.category, urgency: decision.urgency, importance: decision.importance,
                complexity: decision.complexity, tier: decision.tier, team: decision.team,
                assignee: assignee(of: decision), events: isReplyDue(record) ? 2 : 1,
                firstResponseDue: decision.firstResponseDue, resolutionDue: decision.resolutionDue,
                follows: decision.follows?.rawValue))
        try noteAssignment(record)
    }

    /// A reply is to be promised; the ticket then begins with a second event, that says what became of it.
    func isReplyDue(_ record: MessageRecord) -> Bool {
        if case .send = record.decision.reply { setting.mode == .act } else { false }
    }

    /// Routing always names somebody; should it ever not, the duty owner has it.
    private func assignee(of decision: Decision) -> String { decision.assignee ?? options.routing.dutyOwner }

    private func noteAssignment(_ record: MessageRecord) throws {
        let person = assignee(of: record.decision)
        changeLoad(of: person, by: 1)
        noteTurn(team: record.decision.team, person: person)
        guard let customer = record.customerID, record.surroundings.customer?.lastAssignee != person else { return }
        var update = try Prepared(database, "UPDATE customer SET last_assignee = ?, updated_at = ? WHERE id = ?")
        update.bind(person)
        update.bind(now)
        update.bind(customer)
        try update.run()
    }

    func insertTicket(_ ticket: NewTicket) throws {
        var insert = try Prepared(
            database,
            """
            INSERT INTO ticket (number, state, version, delivery_id, customer_id, subject, language, category, urgency,
              importance, complexity, tier, team, assignee, opened_at, updated_at, first_response_due, resolution_due,
              follows)
            VALUES (?, 'new', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insert.bind(ticket.number)
        insert.bind(ticket.events)
        insert.bind(ticket.deliveryID)
        insert.bind(ticket.customerID)
        insert.bind(StoredText.subject(ticket.subject))
        insert.bind(ticket.language.rawValue)
        insert.bind(ticket.category.rawValue)
        insert.bind(ticket.urgency.rawValue)
        insert.bind(ticket.importance?.rawValue)
        insert.bind(ticket.complexity?.rawValue)
        insert.bind(ticket.tier)
        insert.bind(ticket.team)
        insert.bind(ticket.assignee)
        insert.bind(now)
        insert.bind(now)
        insert.bind(ticket.firstResponseDue)
        insert.bind(ticket.resolutionDue)
        insert.bind(ticket.follows)
        try insert.run()
    }

    // MARK: following up

    /// A customer's follow-up opens a waiting or finished ticket again and may make it more urgent; that of somebody who
    /// does not take part is attached, and changes nothing.
    private func followUp(_ record: MessageRecord) throws {
        guard let row = record.surroundings.ticket, let number = record.ticketNumber,
            case .followedUp(_, let reopens) = record.decision.outcome
        else { return }
        if record.facts.ticket?.writerTakesPart != true {
            try appendEvent(number, "followed-up", record, detail: "the writer does not take part")
        } else if record.understanding.origin.kind == .agent {
            try appendEvent(number, "agent-mail", record)
        } else {
            let reopened = reopens && !row.state.isInWork
            let state: TicketState = reopened || row.state == .waiting ? .open : row.state
            let decided = record.decision
            let person = decided.assignee ?? row.assignee
            var update = try Prepared(
                database,
                """
                UPDATE ticket SET state = ?, urgency = ?, team = ?, assignee = ?, updated_at = ?,
                  resolved_at = CASE WHEN ? THEN NULL ELSE resolved_at END,
                  first_response_due = CASE WHEN ? THEN ? ELSE first_response_due END,
                  resolution_due = CASE WHEN ? THEN ? ELSE resolution_due END
                WHERE number = ?
                """)
            update.bind(state.rawValue)
            update.bind(min(row.urgency, decided.urgency).rawValue)
            update.bind(decided.team ?? row.team)
            update.bind(person)
            update.bind(now)
            update.bind(reopened ? 1 : 0)
            update.bind(reopened ? 1 : 0)
            update.bind(decided.firstResponseDue)
            update.bind(reopened ? 1 : 0)
            update.bind(decided.resolutionDue)
            update.bind(number)
            try update.run()
            if row.state.isInWork { changeLoad(of: row.assignee, by: -1) }
            if state.isInWork { changeLoad(of: person, by: 1) }
            try appendEvent(number, reopened ? "reopened" : "followed-up", record)
            try tellWatchers(number, reopened ? "was opened again by a mail" : "has a new mail")
        }
        try appendReply(record, ticket: number)
    }

    // MARK: a parked message that could be read after all

    private func completeTicket(_ record: MessageRecord) throws {
        guard let number = record.ticketNumber, let row = try TicketRow.find(number, in: database) else { return }
        let decision = record.decision
        let person = assignee(of: decision)
        var update = try Prepared(
            database,
            """
            UPDATE ticket SET customer_id = ?, subject = ?, language = ?, category = ?, urgency = ?, importance = ?,
              complexity = ?, tier = ?, team = ?,
              assignee = ?, updated_at = ?, first_response_due = ?, resolution_due = ? WHERE number = ?
            """)
        update.bind(record.customerID)
        update.bind(StoredText.subject(record.understanding.subject))
        update.bind(record.understanding.text.language.rawValue)
        update.bind(decision.category.rawValue)
        update.bind(decision.urgency.rawValue)
        update.bind(decision.importance?.rawValue)
        update.bind(decision.complexity?.rawValue)
        update.bind(decision.tier)
        update.bind(decision.team)
        update.bind(person)
        update.bind(now)
        update.bind(decision.firstResponseDue)
        update.bind(decision.resolutionDue)
        update.bind(number)
        try update.run()
        if row.state.isInWork {
            changeLoad(of: row.assignee, by: -1)
            try noteAssignment(record)
        }
    }

    private func closeMinimalTicket(_ number: Int64, _ record: MessageRecord) throws {
        guard let row = try TicketRow.find(number, in: database), row.state.isInWork else { return }
        var update = try Prepared(
            database, "UPDATE ticket SET state = 'closed', updated_at = ?, resolved_at = ? WHERE number = ?")
        update.bind(now)
        update.bind(now)
        update.bind(number)
        try update.run()
        changeLoad(of: row.assignee, by: -1)
        try appendEvent(number, "closed", record, detail: "the message could be read: \(record.ending.state)")
    }

    // MARK: events

    private func noteReply(_ record: MessageRecord, ticket: Int64, after number: Int64) throws {
        guard isReplyDue(record) else { return }
        try addEvent(
            ticket, number + 1, replyEvent(record), record, outbox: record.outboxID, detail: record.heldReply)
        try tellOwnerOfHeldReply(record)
    }

    private func appendReply(_ record: MessageRecord, ticket: Int64) throws {
        guard isReplyDue(record) else { return }
        try appendEvent(ticket, replyEvent(record), record, outbox: record.outboxID, detail: record.heldReply)
        try tellOwnerOfHeldReply(record)
    }

    /// A check that hit concerns this mail alone, and so its owner. Who holds all replies, or has not approved a text,
    /// knows it.
    private func tellOwnerOfHeldReply(_ record: MessageRecord) throws {
        guard let held = record.heldReply, let outbox = record.outboxID,
            held.hasPrefix("pre-send check") || held.hasPrefix(OutboxWriter.byRule)
        else { return }
        try Store.tellOwner(ofOutbox: outbox, event: "reply-held", detail: held, now: now, database)
    }

    private func replyEvent(_ record: MessageRecord) -> String {
        if record.outboxID == nil { return "reply-not-composed" }
        return record.heldReply == nil ? "reply-queued" : "reply-held"
    }

    func appendEvent(
        _ ticket: Int64, _ kind: String, _ record: MessageRecord?, outbox: Int64? = nil, detail: String? = nil
    ) throws {
        var update = try Prepared(
            database, "UPDATE ticket SET version = version + 1 WHERE number = ? RETURNING version")
        update.bind(ticket)
        guard try update.step() else { return }
        let number = update.int(0)
        guard try !update.step() else { return }
        try addEvent(ticket, number, kind, record, outbox: outbox, detail: detail)
    }

    func addEvent(
        _ ticket: Int64, _ number: Int64, _ kind: String, _ record: MessageRecord?, outbox: Int64? = nil,
        detail: String? = nil
    ) throws {
        var insert = try Prepared(
            database,
            """
            INSERT INTO ticket_event (ticket, number, at, kind, actor, delivery_id, outbox_id, detail)
            VALUES (?, ?, ?, ?, 'intake', ?, ?, ?)
            """)
        insert.bind(ticket)
        insert.bind(number)
        insert.bind(now)
        insert.bind(kind)
        insert.bind(record?.deliveryID)
        insert.bind(outbox)
        insert.bind(detail)
        try insert.run()
    }
}

/// The values of a ticket that is opened.
struct NewTicket {
    let number: Int64
    let deliveryID: Int64
    var customerID: Int64?
    let subject: String
    let language: Language
    let category: Vocabulary.Category
    let urgency: Urgency
    var importance: Importance?
    var complexity: Complexity?
    var tier: String?
    var team: String?
    let assignee: String
    /// How many events it begins with.
    let events: Int
    var firstResponseDue: Date?
    var resolutionDue: Date?
    /// The finished ticket that it continues.
    var follows: Int64?
}

extension TicketState {
    /// Somebody still has to do something, or the customer has.
    package var isInWork: Bool {
        switch self {
        case .new, .open, .waiting: true
        case .resolved, .closed: false
        }
    }
}
