internal import Digest
internal import GRDB
package import Triage
package import Vocabulary

package import struct Foundation.Date

/// A line of the list of tickets.
package struct TicketSummary: Sendable, Equatable, Codable {
    package let number: TicketNumber
    package let state: TicketState
    /// Counts changes; a change names the version that it is meant for.
    package let version: Int
    /// Nil for a ticket whose message could not be read.
    package let customer: Customer?
    package let subject: String
    package let language: Language
    package let category: Vocabulary.Category
    package let urgency: Urgency
    /// Nil on tickets that are older than these values.
    package let importance: Importance?
    package let complexity: Complexity?
    /// The customer's grade that was in force when the ticket was opened.
    package let tier: String?
    package let tags: [String]
    package let team: String?
    package let assignee: String
    package let openedAt: Date
    package let firstResponseDue: Date?
    package let firstResponseAt: Date?
    package let resolutionDue: Date?
    package let resolvedAt: Date?

    package struct Customer: Sendable, Equatable, Codable {
        package let id: Int64
        package let name: String
        package let address: String
        package let tier: String?
    }
}

/// Everything about a ticket: the complete service record of one request (R38).
package struct TicketRecord: Sendable, Codable {
    package let summary: TicketSummary
    package let events: [Event]
    package let messages: [Message]
    package let details: [Detail]
    package let outbox: [OutboxItem]
    /// Persons who hear of all that happens on it.
    package let watchers: [String]

    package struct Event: Sendable, Codable, Equatable {
        package let number: Int
        package let at: Date
        package let kind: String
        package let actor: String
        package let deliveryID: Int64?
        package let outboxID: Int64?
        package let detail: String?
        package let note: String?
    }

    package struct Message: Sendable, Codable, Equatable {
        package let deliveryID: Int64
        package let state: DeliveryState
        package let arrivedAt: Date
        package let sentAt: Date?
        package let writerName: String?
        package let writerAddress: String?
        package let subject: String?
        package let size: Int
        package let attachments: [AttachmentFact]
    }
}

package struct TicketFilter: Sendable {
    package var states: [TicketState]
    package var assignee: String?
    package var team: String?
    package var category: Vocabulary.Category?
    package var urgency: Urgency?
    package var tag: String?
    package var limit: Int

    /// An empty list of states means all of them.
    package init(
        states: [TicketState] = [], assignee: String? = nil, team: String? = nil, category: Vocabulary.Category? = nil,
        urgency: Urgency? = nil, tag: String? = nil, limit: Int = 200
    ) {
        self.tag = tag
        self.states = states
        self.assignee = assignee
        self.team = team
        self.category = category
        self.urgency = urgency
        self.limit = limit
    }
}

extension Store {
    /// The next deadline first; without one last.
    package func tickets(_ filter: TicketFilter = TicketFilter()) throws(StorageError) -> [TicketSummary] {
        try read("list tickets") { database in
            var conditions: [String] = []
            var arguments: StatementArguments = []
            func add(_ column: String, _ value: String?) {
                guard let value else { return }
                conditions.append("ticket.\(column) = ?")
                arguments += [value]
            }
            if !filter.states.isEmpty {
                conditions.append("ticket.state IN (\(databaseQuestionMarks(count: filter.states.count)))")
                arguments += StatementArguments(filter.states.map(\.rawValue))
            }
            add("assignee", filter.assignee)
            add("team", filter.team)
            add("category", filter.category?.rawValue)
            add("urgency", filter.urgency?.rawValue)
            if let tag = filter.tag {
                conditions.append("instr(char(10) || ticket.tags || char(10), char(10) || ? || char(10)) > 0")
                arguments += [tag]
            }
            arguments += [filter.limit]
            let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
            return try Row.fetchAll(
                database, sql: Self.selectTickets + " \(condition) \(Self.nextDeadlineFirst) LIMIT ?",
                arguments: arguments
            ).map(TicketSummary.init)
        }
    }

    private static let nextDeadlineFirst =
        "ORDER BY first_response_due IS NULL, first_response_due, urgency, number"

    private static let selectTickets = """
        SELECT ticket.*, customer.name AS customer_name, customer.address AS customer_address,
          customer.tier AS customer_tier
        FROM ticket LEFT JOIN customer ON customer.id = customer_id
        """

    package func ticket(_ number: TicketNumber) throws(StorageError) -> TicketRecord {
        try read("read ticket \(number)") { try Self.ticket(number, $0) }
    }

    static func ticket(_ number: TicketNumber, _ database: Database) throws -> TicketRecord {
        let row = try Row.fetchOne(
            database, sql: selectTickets + " WHERE number = ?", arguments: [number.rawValue])
        guard let row else { throw StorageError(.notFound, tried: "read ticket \(number)") }
        let events = try Row.fetchAll(
            database, sql: "SELECT * FROM ticket_event WHERE ticket = ? ORDER BY number", arguments: [number.rawValue]
        ).map(TicketRecord.Event.init)
        var deliveries: [Int64] = []
        for id in events.compactMap(\.deliveryID) where !deliveries.contains(id) { deliveries.append(id) }
        return TicketRecord(
            summary: try TicketSummary(row), events: events,
            messages: try deliveries.compactMap { try TicketRecord.Message($0, database) },
            details: try deliveries.flatMap { try details(deliveryID: $0, database) },
            outbox: try Row.fetchAll(
                database, sql: "SELECT * FROM outbox WHERE ticket = ? ORDER BY id", arguments: [number.rawValue]
            ).map { try OutboxItem($0, database) },
            watchers: try String.fetchAll(
                database, sql: "SELECT person FROM ticket_watcher WHERE ticket = ? ORDER BY person",
                arguments: [number.rawValue]))
    }

    static func details(deliveryID: Int64, _ database: Database) throws -> [Detail] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM observation WHERE delivery_id = ? ORDER BY number", arguments: [deliveryID]
        ).compactMap { row in
            Detail.Field(rawValue: row["field"]).map { field in
                let (start, end): (Int?, Int?) = (row["span_start"], row["span_end"])
                var detail = Detail(
                    field, value: row["value"], normalized: row["normalized"], phoneExtension: row["extension"],
                    confidence: row["confidence"], line: row["line"], evidence: row["evidence"],
                    span: start.flatMap { start in end.flatMap { start <= $0 ? start..<$0 : nil } })
                if row["is_change"] as Bool { detail.isChange = true }
                return detail
            }
        }
    }
}

extension TicketSummary {
    init(_ row: Row) throws {
        guard let state = TicketState(rawValue: row["state"]), let urgency = Urgency(rawValue: row["urgency"]) else {
            throw StorageError(.corrupt, tried: "read a ticket")
        }
        let customerID: Int64? = row["customer_id"]
        self.init(
            number: TicketNumber(row["number"]), state: state, version: row["version"],
            customer: customerID.map {
                Customer(
                    id: $0, name: row["customer_name"] ?? "", address: row["customer_address"] ?? "",
                    tier: row["customer_tier"])
            },
            subject: row["subject"], language: Language(row["language"] as String),
            category: Category(row["category"] as String), urgency: urgency,
            importance: (row["importance"] as String?).flatMap(Importance.init),
            complexity: (row["complexity"] as String?).flatMap(Complexity.init), tier: row["tier"],
            tags: (row["tags"] as String).split(separator: "\n").map(String.init), team: row["team"],
            assignee: row["assignee"], openedAt: row.date("opened_at"),
            firstResponseDue: row.optionalDate("first_response_due"),
            firstResponseAt: row.optionalDate("first_response_at"), resolutionDue: row.optionalDate("resolution_due"),
            resolvedAt: row.optionalDate("resolved_at"))
    }
}

extension TicketRecord.Event {
    init(_ row: Row) {
        self.init(
            number: row["number"], at: row.date("at"), kind: row["kind"], actor: row["actor"],
            deliveryID: row["delivery_id"], outboxID: row["outbox_id"], detail: row["detail"], note: row["note"])
    }
}

extension TicketRecord.Message {
    init?(_ deliveryID: Int64, _ database: Database) throws {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM delivery LEFT JOIN message ON delivery_id = id WHERE id = ?",
            arguments: [deliveryID])
        guard let row, let state = DeliveryState(rawValue: row["state"]) else { return nil }
        self.init(
            deliveryID: deliveryID, state: state, arrivedAt: row.date("arrived_at"),
            sentAt: row.optionalDate("sent_at"),
            writerName: row["writer_name"], writerAddress: row["writer_address"], subject: row["subject"],
            size: row["size"],
            attachments: try Row.fetchAll(
                database, sql: "SELECT * FROM part WHERE delivery_id = ?", arguments: [deliveryID]
            ).map(AttachmentFact.init).sorted { $0.isBefore($1) })
    }
}

extension AttachmentFact {
    /// By the numbers of the path: `2` stands before `10`.
    fileprivate func isBefore(_ other: AttachmentFact) -> Bool {
        func numbers(_ path: String) -> [Int] { path.split(separator: ".").map { Int($0) ?? 0 } }
        return numbers(path).lexicographicallyPrecedes(numbers(other.path))
    }

    fileprivate init(_ row: Row) {
        self.init(
            path: row["path"], filename: row["filename"], mediaType: row["media_type"],
            declaredType: row["declared_type"], size: row["size"], digest: SHA256Digest(bytes: row.bytes("digest")),
            source: row["source"], flags: (row["flags"] as String).split(separator: " ").map(String.init))
    }
}
