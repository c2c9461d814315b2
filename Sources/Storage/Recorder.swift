internal import Digest
internal import Foundation
internal import GRDB
internal import Replies
internal import Routing
internal import Triage
internal import Vocabulary

/// The writer at work inside one transaction. Counters, loads and the end of the audit are read once, kept in memory
/// while messages are recorded, and written back by `finish`.
final class Recorder {
    let database: Database
    let keys: StoreKeys
    let setting: RecordingSetting
    let mailbox: MailboxRow
    var audit: AuditChain
    var counters: Counters
    let configVersionID: Int64

    /// Loads and turns as they are after the messages recorded so far.
    var routing: RoutingFacts
    private var changedAgents: Set<String> = []
    private var changedTeams: Set<String> = []
    /// Automatic replies promised within the process window.
    var repliesInWindow: Int
    private let approvals: TemplateApprovals
    /// How often each rule matched in this transaction.
    var ruleHits: [String: Int] = [:]
    /// To be archived before the transaction commits.
    var blobs: [ArchiveBlob] = []

    var options: TriageOptions { setting.options }
    var now: Date { setting.now }

    init(_ database: Database, keys: StoreKeys, setting: RecordingSetting, mailbox: MailboxRow) throws {
        self.database = database
        self.keys = keys
        self.setting = setting
        self.mailbox = mailbox
        audit = try AuditChain(database, keys: keys)
        counters = try Counters(database)
        configVersionID = try Self.configVersion(setting, database)
        routing = try Self.routingFacts(database)
        repliesInWindow = try Self.repliesInWindow(setting, database)
        approvals = try setting.options.replies.requiresApproval ? TemplateApprovals(database) : TemplateApprovals()
    }

    var outboxWriter: OutboxWriter {
        OutboxWriter(
            database: database, keys: keys, options: options, now: now, month: setting.month,
            holdsReplies: setting.holdReplies, approvals: approvals)
    }

    func record(_ arrival: Arrival) throws -> RecordedDelivery {
        switch arrival.content {
        case .understood(let understanding, let blob):
            try record(understanding, blob: blob, arrival: arrival, retrying: nil)
        case .parked(let reason, let blob):
            try park(arrival, reason: reason, blob: blob)
        }
    }

    /// A message that is in the ledger already, as it was recorded.
    func knownDelivery(_ uid: UID) throws -> RecordedDelivery {
        var select = try Prepared(
            database,
            "SELECT id, state, detail, ticket FROM delivery WHERE mailbox_id = ? AND uid_validity = ? AND uid = ?")
        select.bind(mailbox.id)
        select.bind(mailbox.uidValidity.rawValue)
        select.bind(uid.rawValue)
        guard try select.step(), let state = DeliveryState(rawValue: select.text(1)) else {
            throw StorageError(.corrupt, tried: "read the ledger")
        }
        return RecordedDelivery(
            id: select.int(0), uid: uid, state: state, detail: select.optionalText(2),
            ticket: select.optionalInt(3).map { TicketNumber($0) }, decision: nil, outboxID: nil, wasKnown: true)
    }

    /// Writes back what was kept in memory.
    func finish() throws {
        try counters.store(database)
        for name in changedAgents.sorted() {
            var replace = try Prepared(database, "INSERT OR REPLACE INTO agent (name, open_tickets) VALUES (?, ?)")
            replace.bind(name)
            replace.bind(routing.openTickets[name] ?? 0)
            try replace.run()
        }
        for name in changedTeams.sorted() {
            guard let person = routing.lastAssigned[name] else { continue }
            var replace = try Prepared(database, "INSERT OR REPLACE INTO team (name, last_assignee) VALUES (?, ?)")
            replace.bind(name)
            replace.bind(person)
            try replace.run()
        }
        try storeRuleHits()
        try audit.seal(database)
    }

    func changeLoad(of person: String, by difference: Int) {
        routing.openTickets[person] = max(0, (routing.openTickets[person] ?? 0) + difference)
        changedAgents.insert(person)
    }

    func noteTurn(team: String?, person: String) {
        guard let team else { return }
        routing.lastAssigned[team] = person
        changedTeams.insert(team)
    }

    private static func configVersion(_ setting: RecordingSetting, _ database: Database) throws -> Int64 {
        var select = try Prepared(database, "SELECT id FROM config_version WHERE version = ?")
        select.bind(setting.options.configVersion)
        if try select.step() { return select.int(0) }
        var insert = try Prepared(database, "INSERT INTO config_version (version, first_used_at) VALUES (?, ?)")
        insert.bind(setting.options.configVersion)
        insert.bind(setting.now)
        try insert.run()
        return database.lastInsertedRowID
    }

    static func routingFacts(_ database: Database) throws -> RoutingFacts {
        var facts = RoutingFacts()
        var agents = try Prepared(database, "SELECT name, open_tickets FROM agent")
        while try agents.step() { facts.openTickets[agents.text(0)] = Int(agents.int(1)) }
        var teams = try Prepared(database, "SELECT name, last_assignee FROM team")
        while try teams.step() { facts.lastAssigned[teams.text(0)] = teams.text(1) }
        return facts
    }

    /// Counts backwards from the newest row, and no further than the cap asks: no index on the time is needed.
    private static func repliesInWindow(_ setting: RecordingSetting, _ database: Database) throws -> Int {
        var select = try Prepared(
            database,
            """
            SELECT count(*) FROM (SELECT created_at FROM outbox WHERE automatic = 1 ORDER BY id DESC LIMIT ?)
            WHERE created_at > ?
            """)
        select.bind(setting.options.replies.processCap + 1)
        select.bind(setting.now.addingTimeInterval(-setting.options.replies.processWindow))
        return try select.step() ? Int(select.int(0)) : 0
    }
}

/// The last numbers given out. They are kept apart from the tables, so that no number ever comes back after rows were
/// erased: a ticket number stands in people's mail for ever.
struct Counters {
    private(set) var delivery: Int64 = 0
    private(set) var ticket: Int64 = 1000
    private(set) var outbox: Int64 = 0
    private(set) var customer: Int64 = 0
    private var changed = false

    init(_ database: Database) throws {
        var select = try Prepared(database, "SELECT value FROM meta WHERE key = 'counters'")
        guard try select.step() else { return }
        let numbers = select.text(0).split(separator: " ").compactMap { Int64($0) }
        guard numbers.count == 4 else { throw StorageError(.corrupt, tried: "read the counters") }
        (delivery, ticket, outbox, customer) = (numbers[0], numbers[1], numbers[2], numbers[3])
    }

    mutating func nextDelivery() -> Int64 { next(\.delivery) }
    mutating func nextTicket() -> Int64 { next(\.ticket) }
    mutating func nextOutbox() -> Int64 { next(\.outbox) }
    mutating func nextCustomer() -> Int64 { next(\.customer) }

    private mutating func next(_ counter: WritableKeyPath<Counters, Int64>) -> Int64 {
        self[keyPath: counter] += 1
        changed = true
        return self[keyPath: counter]
    }

    func store(_ database: Database) throws {
        guard changed else { return }
        var replace = try Prepared(database, "INSERT OR REPLACE INTO meta (key, value) VALUES ('counters', ?)")
        replace.bind("\(delivery) \(ticket) \(outbox) \(customer)")
        try replace.run()
    }
}
