internal import GRDB
package import Triage
package import Vocabulary

package import struct Foundation.Date

/// What a person may change about a ticket.
package enum TicketChange: Sendable, Equatable {
    case assign(String, team: String?)
    case setState(TicketState)
    case setUrgency(Urgency)
    case setCategory(Category)
    case note(String)
    case resolve(note: String?)
    case reopen(note: String?)

    /// What those hear who watch the ticket; nil for what does not concern them.
    var newsForWatchers: String? {
        switch self {
        case .assign(let person, _): "is now with \(person)"
        case .setState(let state): "is now \(state.rawValue)"
        case .setUrgency(let urgency): "is now \(urgency)"
        case .setCategory, .note: nil
        case .resolve: "is resolved"
        case .reopen: "is open again"
        }
    }

    /// The word in events and in the audit.
    var name: String {
        switch self {
        case .assign: "assigned"
        case .setState: "state-set"
        case .setUrgency: "urgency-set"
        case .setCategory: "category-set"
        case .note: "noted"
        case .resolve: "resolved"
        case .reopen: "reopened"
        }
    }
}

extension Store {
    /// One change with its event and its audit row. `expecting` is the version that the caller has seen; when somebody
    /// else has changed the ticket meanwhile, nothing happens and the reason is `conflict`. Without it the change is made
    /// to whatever stands there.
    @discardableResult
    package func change(
        _ number: TicketNumber, _ change: TicketChange, expecting version: Int? = nil, actor: String, now: Date
    ) throws(StorageError) -> TicketSummary {
        let tried = "change ticket \(number)"
        return try self.change(tried) { database, audit in
            let before = try Self.ticket(number, database).summary
            if let version, version != before.version { throw StorageError(.conflict, tried: tried) }
            try apply(change, to: before, actor: actor, now: now, database, &audit)
            return try Self.ticket(number, database).summary
        }
    }

    /// The change itself, with its event and its audit row, inside a transaction.
    func apply(
        _ change: TicketChange, to before: TicketSummary, actor: String, now: Date, _ database: Database,
        _ audit: inout AuditChain
    ) throws {
        let number = before.number
        let target = try change.target(from: before, tried: "change ticket \(number)")
        try Self.store(target, of: before, now: now, database)
        try TicketEvents.append(
            number.rawValue, change.name, actor: actor, detail: change.detail(before), note: change.text, at: now,
            to: database)
        if let news = change.newsForWatchers {
            try Self.tellWatchers(of: number.rawValue, news, except: actor, now: now, database)
        }
        try audit.add(
            AuditEntry(
                actor: actor, action: "ticket.\(change.name)", object: "ticket", objectID: number.rawValue,
                ticket: number.rawValue, reason: change.detail(before),
                before: keys.auditDigest(Self.auditText(before)), after: keys.auditDigest(target.auditText)),
            at: now, to: database)
    }

    /// A person has answered the customer: automatic mail that still waits is no longer sent, and the first response is
    /// met.
    package func noteHumanAnswer(_ number: TicketNumber, actor: String, now: Date) throws(StorageError) {
        try self.change("note an answer on \(number)") { database, audit in
            try Self.noteHumanAnswer(number, actor: actor, now: now, database, &audit)
        }
    }

    static func noteHumanAnswer(
        _ number: TicketNumber, actor: String, now: Date, _ database: Database, _ audit: inout AuditChain
    ) throws {
        let moment = now.storedMilliseconds
        try database.execute(
            sql: """
                UPDATE ticket SET last_human_answer_at = ?, first_response_at = coalesce(first_response_at, ?),
                  updated_at = ? WHERE number = ?
                """, arguments: [moment, moment, moment, number.rawValue])
        guard database.changesCount == 1 else {
            throw StorageError(.notFound, tried: "note an answer on \(number)")
        }
        try TicketEvents.append(number.rawValue, "answered", actor: actor, at: now, to: database)
        try audit.add(
            AuditEntry(
                actor: actor, action: "ticket.answered", object: "ticket", objectID: number.rawValue,
                ticket: number.rawValue), at: now, to: database)
    }

    private static func store(
        _ target: TicketTarget, of before: TicketSummary, now: Date, _ database: Database
    ) throws {
        let resolvedAt: Int64? =
            target.state.isInWork ? nil : (before.resolvedAt ?? now).storedMilliseconds
        try database.execute(
            sql: """
                UPDATE ticket SET state = ?, assignee = ?, team = ?, urgency = ?, category = ?, resolved_at = ?,
                  updated_at = ? WHERE number = ?
                """,
            arguments: [
                target.state.rawValue, target.assignee, target.team, target.urgency.rawValue, target.category.rawValue,
                resolvedAt, now.storedMilliseconds, before.number.rawValue,
            ])
        if before.state.isInWork { try changeLoad(before.assignee, by: -1, database) }
        if target.state.isInWork { try changeLoad(target.assignee, by: 1, database) }
        guard target.assignee != before.assignee, let customer = before.customer?.id else { return }
        try database.execute(
            sql: "UPDATE customer SET last_assignee = ?, updated_at = ? WHERE id = ?",
            arguments: [target.assignee, now.storedMilliseconds, customer])
    }

    static func changeLoad(_ person: String, by difference: Int, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO agent (name, open_tickets) VALUES (?, max(0, ?))
                ON CONFLICT (name) DO UPDATE SET open_tickets = max(0, open_tickets + ?)
                """, arguments: [person, difference, difference])
    }

    private static func auditText(_ summary: TicketSummary) -> String { TicketTarget(summary).auditText }
}

/// The changeable values of a ticket.
private struct TicketTarget {
    var state: TicketState
    var assignee: String
    var team: String?
    var urgency: Urgency
    var category: Vocabulary.Category

    init(_ summary: TicketSummary) {
        state = summary.state
        assignee = summary.assignee
        team = summary.team
        urgency = summary.urgency
        category = summary.category
    }

    var auditText: String { "\(state.rawValue)|\(assignee)|\(team ?? "")|\(urgency)|\(category)" }
}

extension TicketChange {
    fileprivate func target(from before: TicketSummary, tried: String) throws(StorageError) -> TicketTarget {
        var target = TicketTarget(before)
        switch self {
        case .assign(let person, let team):
            guard !person.isEmpty else { throw StorageError(.refused("nobody is named"), tried: tried) }
            target.assignee = person
            target.team = team ?? before.team
        case .setState(let state):
            target.state = state
        case .setUrgency(let urgency):
            target.urgency = urgency
        case .setCategory(let category):
            target.category = category
        case .note:
            break
        case .resolve:
            guard before.state.isInWork else {
                throw StorageError(.refused("the ticket is \(before.state.rawValue) already"), tried: tried)
            }
            target.state = .resolved
        case .reopen:
            guard !before.state.isInWork else {
                throw StorageError(.refused("the ticket is \(before.state.rawValue)"), tried: tried)
            }
            target.state = .open
        }
        return target
    }

    /// For the event and the audit: names of states and people's ids, no text of anybody.
    fileprivate func detail(_ before: TicketSummary) -> String? {
        switch self {
        case .assign(let person, _): "\(before.assignee) to \(person)"
        case .setState(let state): "\(before.state.rawValue) to \(state.rawValue)"
        case .setUrgency(let urgency): "\(before.urgency) to \(urgency)"
        case .setCategory(let category): "\(before.category) to \(category)"
        case .note: nil
        case .resolve, .reopen: "from \(before.state.rawValue)"
        }
    }

    fileprivate var text: String? {
        switch self {
        case .note(let text): StoredText.cut(text, 20_000)
        case .resolve(let text), .reopen(let text): text.map { StoredText.cut($0, 20_000) }
        case .assign, .setState, .setUrgency, .setCategory: nil
        }
    }
}

/// Adds an event to a ticket and counts its version.
enum TicketEvents {
    static func append(
        _ ticket: Int64, _ kind: String, actor: String, deliveryID: Int64? = nil, outboxID: Int64? = nil,
        detail: String? = nil, note: String? = nil, at: Date, to database: Database
    ) throws {
        var update = try Prepared(
            database, "UPDATE ticket SET version = version + 1 WHERE number = ? RETURNING version")
        update.bind(ticket)
        guard let version = try update.onlyNumber() else { throw StorageError(.notFound, tried: "note an event") }
        var insert = try Prepared(
            database,
            """
            INSERT INTO ticket_event (ticket, number, at, kind, actor, delivery_id, outbox_id, detail, note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insert.bind(ticket)
        insert.bind(version)
        insert.bind(at)
        insert.bind(kind)
        insert.bind(actor)
        insert.bind(deliveryID)
        insert.bind(outboxID)
        insert.bind(detail)
        insert.bind(note)
        try insert.run()
    }
}
