import Foundation
import Rules
import Storage
import TestSupport
import Testing
import Triage
import Vocabulary

/// Promise 7 of CONTRIBUTING on the real store: every stored decision can be made again, byte for byte, from the bytes of
/// the message and the facts that were stored with it.
@Suite struct RebuildTests {
    private static let rules: [RuleDefinition] = [
        sampleRule(
            "safety", line: 1, sampleLeaf("text", "contains", ["smoke", "冒烟"]),
            ["urgency": ["P1"], "notify": ["front"]]),
        sampleRule(
            "vip", line: 10, sampleLeaf("from", "is", ["@vip.example"]),
            ["tier": ["vip"], "tags": ["vip"], "watch": ["li.na"], "due": ["2h"]]),
        sampleRule(
            "busy", line: 20, sampleLeaf("customer.open_tickets", "at_least", ["1"]), ["importance": ["high"]]),
        sampleRule("again", line: 30, sampleLeaf("ticket.reopened", "is", ["true"]), ["urgency": ["P2"]]),
        sampleRule("weekend", line: 40, sampleLeaf("workday", "is", ["false"]), ["tags": ["weekend"]]),
        sampleRule(
            "supplier", line: 50, sampleLeaf("from", "is", ["@supplier.example"]),
            ["ignore": ["a supplier"], "move_to": ["Suppliers"]]),
        sampleRule("legal", line: 60, sampleLeaf("subject", "matches", ["(?i)lawyer"]), ["hold_reply": ["read first"]]),
        sampleRule("old", line: 70, sampleLeaf("age", "over", ["1d"]), ["tags": ["late"]]),
    ]

    private static let subjects = [
        "A question about my order", "投诉：设备冒烟", "Complaint: third time", "Invoice for PO-2026", "Re: my lawyer writes",
        "请提供发票", "Urgent! The line is down", "修改地址", "Thank you", "Angebot", "見積もりのお願い",
    ]

    private static let domains = ["example.net", "vip.example", "supplier.example", "example.org"]

    /// The mail of some weeks: new matters, follow-ups, duplicates, machines, suppliers, at all hours.
    private func letter(_ number: Int) -> Letter {
        let domain = Self.domains[number % 4]
        // A follow-up is by the writer of the mail that it follows, some batches earlier.
        let first = number % 5 == 4 && number >= 84 ? number - 84 : number
        var letter = Letter()
        let address = "writer\(first % 97)@\(domain)"
        letter.from = "Writer \(first % 97) <\(address)>"
        letter.returnPath = "<\(address)>"
        letter.subject = Self.subjects[number % Self.subjects.count]
        letter.messageID = number % 13 == 0 ? nil : "<m\(number)@\(domain)>"
        letter.body = "Hello,\r\nmatter \(number), order PO-2026\(number).\r\n" + (number % 7 == 0 ? "smoke!\r\n" : "")
        letter.age = number % 11 == 0 ? 100_000 : 60
        if first != number { letter.references = ["<m\(first)@\(domain)>"] }
        if number % 17 == 0 { letter.extra = ["Auto-Submitted: auto-replied"] }
        if number % 19 == 0 { letter.extra = ["List-Id: <news.example.org>", "Precedence: list"] }
        return letter
    }

    private func filled(_ count: Int) throws -> StoreFixture {
        let fixture = try StoreFixture { options in
            let compiled = RuleSet.compile(RuleSource(rules: Self.rules))
            #expect(compiled.problems.isEmpty, "\(compiled.problems)")
            options.rules = compiled.rules
        }
        var number = 0
        while number < count {
            // A duplicate now and then, in the same batch and later.
            let letters = (number..<min(number + 40, count)).map { letter($0 % 23 == 22 ? $0 - 1 : $0) }
            try fixture.record(letters)
            // Half of what is open is dealt with, so that mail comes to finished tickets too.
            for ticket in try fixture.store.tickets(TicketFilter(states: [.new, .open])).filter({ $0.version % 2 == 0 })
            {
                try fixture.store.change(ticket.number, .resolve(note: nil), actor: "cli:ada", now: fixture.now)
            }
            number += 40
            fixture.now += 5 * 3600 + 0.4567
        }
        return fixture
    }

    @Test("the decisions of 2,000 mails, made again from the store, are the same to the byte")
    func rebuild() throws {
        let fixture = try filled(2000)
        var (rebuilt, last): (Int, Int64) = (0, 0)
        var outcomes: Set<String> = []
        var matched: Set<String> = []
        while true {
            let messages = try fixture.store.messages(since: .distantPast, after: last, limit: 300)
            guard let newest = messages.last else { break }
            last = newest.deliveryID
            for message in messages {
                let raw = try #require(try fixture.store.rawMessage(of: message))
                let understanding = understand(raw, options: fixture.triage)
                let facts = try message.decodedFacts()
                let decision = decide(understanding, facts: facts, options: fixture.triage, now: message.decidedAt)
                let json = try StoredDecision.json(decision)
                #expect(json == message.decision, "delivery \(message.deliveryID)")
                outcomes.insert(decision.outcome.name)
                matched.formUnion(decision.rules ?? [])
                rebuilt += 1
            }
        }
        #expect(rebuilt == 2000)
        #expect(outcomes.isSuperset(of: ["ticketed", "followed-up", "duplicate", "ignored"]))
        #expect(matched == Set(Self.rules.map(\.name.text)), "each rule was at work")
        try fixture.expectConsistent()
    }

    @Test("what a rule wants is done: tags, watchers, notices, where the mail goes, and a held reply")
    func handling() throws {
        let fixture = try filled(0)
        let vip = try fixture.record(
            Letter().with {
                $0.from = "Ada <ada@vip.example>"
                $0.returnPath = "<ada@vip.example>"
                $0.body = "There is smoke.\r\n"
                $0.subject = "My lawyer"
            })
        let record = try fixture.store.ticket(try #require(vip.ticket))
        #expect(record.summary.tags == ["vip"] && record.summary.tier == "vip" && record.watchers == ["li.na"])
        #expect(record.summary.importance == .high && record.summary.complexity != nil)
        #expect(record.summary.firstResponseDue == fixture.now + 2 * 3600)
        #expect(record.outbox.first?.state == .held)
        #expect(record.outbox.first?.reason == "held by a rule: read first")
        // The team front has two members; li.na also watches, and is told once. The owner hears of the held reply.
        let notices = try fixture.store.dueNotices(now: fixture.now, domain: "example.com")
        #expect(notices.filter { $0.kind == "rule-notice" }.compactMap(\.person) == ["li.na", "wang.wei"])
        #expect(notices.filter { $0.kind == "watched-ticket" }.isEmpty)
        #expect(notices.contains { $0.kind == "reply-held" })
        #expect(try fixture.store.tickets(TicketFilter(tag: "vip")).map(\.number) == [record.summary.number])
        #expect(try fixture.store.tickets(TicketFilter(tag: "vi")).isEmpty)

        let supplier = try fixture.record(
            Letter().with {
                $0.from = "news@supplier.example"
                $0.messageID = "<s@supplier.example>"
            })
        #expect(supplier.state == .ignored && supplier.detail == "rule supplier")
        let pending = try fixture.store.unacknowledged(
            account: StoreFixture.account, mailbox: StoreFixture.inbox, uidValidity: fixture.uidValidity, limit: 10)
        #expect(pending.map(\.moveTo) == [nil, "Suppliers"])
        let hits = try fixture.store.ruleHits()
        #expect(hits["vip"]?.hits == 1 && hits["supplier"]?.hits == 1 && hits["busy"] == nil)

        try fixture.store.change(record.summary.number, .resolve(note: nil), actor: "cli:ada", now: fixture.now)
        let news = try fixture.store.dueNotices(now: fixture.now, domain: "example.com")
            .filter { $0.kind == "watched-ticket" }
        #expect(news.map(\.subject) == ["ticket \(record.summary.number) is resolved"])
        try fixture.expectConsistent()
    }

    @Test("who sends a thousand mails does not flood our own people")
    func notFlooding() throws {
        let fixture = try filled(0)
        try fixture.record(
            (0..<50).map { number in
                Letter().with {
                    $0.messageID = "<flood\(number)@example.net>"
                    $0.body = "smoke \(number)\r\n"
                }
            })
        #expect(try fixture.store.tickets().count == 50)
        func told() throws -> [Notice] {
            try fixture.store.dueNotices(now: fixture.now, domain: "example.com", limit: 500)
                .filter { $0.kind == "rule-notice" && $0.person == "li.na" }
        }
        let first = try told()
        #expect(first.count == 30)
        #expect(first.last?.text.hasSuffix("more of them within this hour are not sent.") == true)
        #expect(first.dropLast().allSatisfy { !$0.text.contains("not sent") })
        fixture.now += 3601
        try fixture.record(
            Letter().with {
                $0.messageID = "<later@example.net>"
                $0.body = "smoke\r\n"
            })
        #expect(try told().count == 31)
        try fixture.expectConsistent()
    }

    @Test("in observe mode nobody is told, and what is only recorded is recorded")
    func observing() throws {
        let fixture = try filled(0)
        let letter = Letter().with {
            $0.from = "Ada <ada@vip.example>"
            $0.body = "smoke\r\n"
        }
        try fixture.record([letter], mode: .observe)
        #expect(try fixture.store.dueNotices(now: fixture.now, domain: "example.com").isEmpty)
        #expect(try fixture.store.tickets().first?.tags == ["vip"])
    }
}

/// Short hands for rules with places.
func sampleRule(
    _ name: String, line: Int, _ condition: ConditionDefinition, _ effects: [String: [String]]
) -> RuleDefinition {
    let place = Vocabulary.SourceLocation(file: "rules.d/test.yaml", line: line, column: 3)
    return RuleDefinition(
        name: LocatedText(name, at: place), condition: condition,
        effects: effects.sorted { $0.key < $1.key }.map { key, values in
            EffectDefinition(key: LocatedText(key, at: place), values: values.map { LocatedText($0, at: place) })
        })
}

func sampleLeaf(_ key: String, _ operation: String, _ operands: [String]) -> ConditionDefinition {
    let place = Vocabulary.SourceLocation(file: "rules.d/test.yaml", line: 2, column: 5)
    return .leaf(
        LeafDefinition(
            key: LocatedText(key, at: place), operation: LocatedText(operation, at: place),
            operands: operands.map { LocatedText($0, at: place) }))
}
