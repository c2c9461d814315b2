internal import GRDB
internal import Routing
internal import Triage
internal import Vocabulary

extension Recorder {
    /// What rules want beside: tags and watchers of the ticket, and persons who are told of the mail.
    func applyHandling(_ record: MessageRecord) throws {
        for rule in record.decision.rules ?? [] { ruleHits[rule, default: 0] += 1 }
        guard let handling = record.decision.handling else { return }
        if let ticket = record.ticketNumber {
            try addTags(handling.tags, to: ticket)
            for person in persons(handling.watchers) {
                var insert = try Prepared(
                    database, "INSERT OR IGNORE INTO ticket_watcher (ticket, person) VALUES (?, ?)")
                insert.bind(ticket)
                insert.bind(person)
                try insert.run()
            }
        }
        guard setting.mode == .act else { return }
        let told = persons(handling.notified)
        for person in told { try notify(person, of: record) }
        if record.ending.state == .ticketed, let ticket = record.ticketNumber {
            try tellWatchers(ticket, "is new", except: told)
        }
    }

    func storeRuleHits() throws {
        for (rule, count) in ruleHits.sorted(by: { $0.key < $1.key }) {
            var upsert = try Prepared(
                database,
                """
                INSERT INTO rule_hit (rule, hits, first_at, last_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (rule) DO UPDATE SET hits = hits + excluded.hits, last_at = excluded.last_at
                """)
            upsert.bind(StoredText.name(rule))
            upsert.bind(count)
            upsert.bind(now)
            upsert.bind(now)
            try upsert.run()
        }
    }

    func tellWatchers(_ ticket: Int64, _ news: String, except told: [String] = []) throws {
        guard setting.mode == .act else { return }
        try Store.tellWatchers(of: ticket, news, except: told, now: now, database)
    }

    /// A team stands for its members.
    private func persons(_ names: [String]) -> [String] {
        var persons: [String] = []
        for name in names {
            let team = options.routing.teams.first { $0.id == name }
            for person in team?.members ?? [name] where !persons.contains(person) { persons.append(person) }
        }
        return persons
    }

    private func addTags(_ tags: [String], to ticket: Int64) throws {
        guard !tags.isEmpty else { return }
        var select = try Prepared(database, "SELECT tags FROM ticket WHERE number = ?")
        select.bind(ticket)
        guard try select.step() else { return }
        let present = select.text(0).split(separator: "\n").map(String.init)
        guard try !select.step() else { return }
        let new = tags.filter { !present.contains($0) }
        guard !new.isEmpty else { return }
        var update = try Prepared(database, "UPDATE ticket SET tags = ? WHERE number = ?")
        update.bind((present + new).joined(separator: "\n"))
        update.bind(ticket)
        try update.run()
    }

    /// No address and no text of the customer stands in it.
    private func notify(_ person: String, of record: MessageRecord) throws {
        let decision = record.decision
        let number = record.ticketNumber.map { TicketNumber($0) }
        let what = number.map { "ticket \($0)" } ?? "a mail that was \(record.ending.state)"
        let rules = (decision.rules ?? []).joined(separator: ", ")
        var lines = ["A rule wants you to know of \(what): \(decision.category), \(decision.urgency)."]
        if let assignee = decision.assignee { lines.append("It is with \(assignee).") }
        lines.append("Rules that matched: \(rules)")
        lines.append(
            number.map { "    postroom tickets show \($0.rawValue)\n    postroom explain \($0.rawValue)" } ?? "")
        try Store.insertNotice(
            kind: "rule-notice", subject: "\(what): \(decision.category), \(decision.urgency)",
            text: lines.joined(separator: "\n\n"), person: person, ticket: record.ticketNumber, now: now, database)
    }
}
