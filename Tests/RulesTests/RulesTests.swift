import Rules
import Testing
import Vocabulary

/// A mail as the rules see it.
struct SampleMail: RuleInput {
    var given: [RuleKey: [String]] = [:]
    var found: [RuleKey: [String]] = [:]
    func values(_ key: RuleKey) -> [String] { given[key] ?? [] }
    func origins(_ key: RuleKey) -> [String] { found[key] ?? [] }
}

/// Short hands for definitions with places that tests can recognise.
func at(_ line: Int, _ column: Int = 1) -> Vocabulary.SourceLocation {
    Vocabulary.SourceLocation(file: "rules.d/test.yaml", line: line, column: column)
}

func leaf(
    _ key: String, _ operation: String = "equals", _ operands: [String] = [], line: Int = 3
) -> ConditionDefinition {
    .leaf(
        LeafDefinition(
            key: LocatedText(key, at: at(line, 5)), operation: LocatedText(operation, at: at(line, 15)),
            operands: operands.enumerated().map { LocatedText($1, at: at(line, 30 + $0)) }))
}

func rule(
    _ name: String, line: Int = 1, _ condition: ConditionDefinition, _ effects: [String: String] = ["urgency": "P1"],
    stop: Bool = false, tests: [RuleTestDefinition] = []
) -> RuleDefinition {
    RuleDefinition(
        name: LocatedText(name, at: at(line, 3)), condition: condition,
        effects: effects.sorted { $0.key < $1.key }.map {
            EffectDefinition(
                key: LocatedText($0.key, at: at(line + 8, 9)),
                values: $0.value.isEmpty ? [] : [LocatedText($0.value, at: at(line + 8, 20))])
        }, stop: stop, tests: tests)
}

func compiled(_ definitions: [RuleDefinition]) throws -> RuleSet {
    let (rules, problems) = RuleSet.compile(definitions)
    try #require(problems.isEmpty, "\(problems)")
    return rules
}

struct LeafCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let key: String
    let operation: String
    let operands: [String]
    let given: [RuleKey: [String]]
    let holds: Bool
    let evidence: String?

    init(
        _ description: String, _ key: String, _ operation: String, _ operands: [String], given: [RuleKey: [String]],
        holds: Bool, evidence: String? = nil
    ) {
        testDescription = description
        self.key = key
        self.operation = operation
        self.operands = operands
        self.given = given
        self.holds = holds
        self.evidence = evidence
    }
}

@Suite struct ConditionTests {
    @Test(
        "one condition on one key",
        arguments: [
            LeafCase(
                "a word inside the subject", "subject", "contains", ["退款"], given: [.subject: ["关于退款的问题"]],
                holds: true, evidence: #"subject contains "退款""#),
            LeafCase(
                "case does not matter", "text", "contains", ["Money Back"], given: [.text: ["I want my MONEY BACK."]],
                holds: true),
            LeafCase(
                "full width is folded", "text", "contains", ["refund"], given: [.text: ["请ＲＥＦＵＮＤ谢谢"]], holds: true),
            LeafCase(
                "a phrase goes over a line break", "text", "contains", ["money back"],
                given: [.text: ["give me my money\r\n  back"]], holds: true),
            LeafCase(
                "an ideographic space is a space", "text", "contains", ["緊急 対応"], given: [.text: ["緊急　対応"]],
                holds: true),
            LeafCase(
                "Cyrillic and accents fold too", "text", "contains", ["ВОЗВРАТ", "réclamation"],
                given: [.text: ["RÉCLAMATION"]], holds: true),
            LeafCase(
                "a word that is not there", "text", "contains", ["refund"], given: [.text: ["refun d"]], holds: false),
            LeafCase(
                "the tail of a longer phrase counts", "text", "contains", ["b c"], given: [.text: ["a b c d"]],
                holds: true),
            LeafCase(
                "RE2 with a flag", "subject", "matches", ["(?i)urgent|紧急"], given: [.subject: ["URGENT: pump"]],
                holds: true, evidence: #"subject matches "URGENT""#),
            LeafCase(
                "without the flag case matters", "subject", "matches", ["urgent"], given: [.subject: ["URGENT"]],
                holds: false),
            LeafCase(
                "several patterns, one of them matches", "subject", "matches", ["^a$", "^b$", "c+"],
                given: [.subject: ["xccx"]], holds: true, evidence: #"subject matches "cc""#),
            LeafCase(
                "one address at a time: the anchored pattern sees no joined line", "from", "matches",
                ["^ada@example\\.com$"], given: [.from: ["bob@example.net", "ada@example.com"]], holds: true),
            LeafCase(
                "a joined line would match this", "to", "contains", ["com bob"],
                given: [.to: ["ada@example.com", "bob@example.com"]], holds: false),
            LeafCase(
                "equals ignores case", "from", "equals", ["Ada@Example.com"], given: [.from: ["ada@example.COM"]],
                holds: true, evidence: "from is ada@example.COM"),
            LeafCase(
                "@domain means all its addresses", "from", "equals", ["@example.com"],
                given: [.from: ["ada@example.com"]], holds: true),
            LeafCase(
                "and not those of a longer domain", "from", "equals", ["@example.com"],
                given: [.from: ["ada@sub.example.com"]], holds: false),
            LeafCase(
                "equals means the whole value", "subject", "equals", ["help"], given: [.subject: ["help me"]],
                holds: false),
            LeafCase(
                "zh means every Chinese", "language", "equals", ["zh"], given: [.language: ["zh-Hant"]], holds: true),
            LeafCase(
                "zh-Hans is not zh-Hant", "language", "equals", ["zh-Hans"], given: [.language: ["zh-Hant"]],
                holds: false),
            LeafCase(
                "a field exists, even empty", "header.List-Id", "exists", [], given: [.header("List-Id"): [""]],
                holds: true, evidence: "header.List-Id exists"),
            LeafCase(
                "a field is absent", "header.List-Id", "absent", [], given: [:], holds: true,
                evidence: "header.List-Id absent"),
            LeafCase(
                "a detail by its field", "detail.order_no", "exists", [], given: [.detail(.orderNumber): ["A-1"]],
                holds: true),
            LeafCase(
                "an attachment by its name", "attachment.name", "matches", [#"(?i)\.pdf$"#],
                given: [.attachmentName: ["a.txt", "Invoice.PDF"]], holds: true),
        ])
    func oneCondition(_ row: LeafCase) throws {
        let rules = try compiled([rule("r", leaf(row.key, row.operation, row.operands))])
        let outcome = rules.evaluate(rules.observe(SampleMail(given: row.given)), facts: RuleFacts())
        #expect(outcome.matched.isEmpty != row.holds)
        if let evidence = row.evidence { #expect(outcome.matched.first?.evidence == [evidence]) }
    }

    @Test("the reason names the first file that made it hold")
    func origin() throws {
        let mail = SampleMail(
            given: [.attachmentFlag: ["inline", "runnable", "runnable"], .attachmentName: ["a.png"]],
            found: [.attachmentFlag: ["a.png", "run.exe", "b.exe"]])
        func evidence(_ key: String, _ operation: String, _ operands: [String]) throws -> [String]? {
            let rules = try compiled([rule("r", leaf(key, operation, operands))])
            return rules.evaluate(rules.observe(mail), facts: RuleFacts()).matched.first?.evidence
        }
        #expect(
            try evidence("attachment.flag", "equals", ["macros", "runnable"])
                == ["attachment.flag is runnable (run.exe)"])
        #expect(
            try evidence("attachment.flag", "contains", ["run"]) == ["attachment.flag contains \"run\" (run.exe)"])
        #expect(try evidence("attachment.flag", "exists", []) == ["attachment.flag exists"])
        #expect(try evidence("attachment.flag", "absent", []) == nil)
        #expect(try evidence("attachment.name", "equals", ["a.png"]) == ["attachment.name is a.png"])
    }

    @Test("all, any and none")
    func groups() throws {
        let condition = ConditionDefinition.all(
            [
                leaf("kind", "equals", ["customer"]),
                .any([leaf("text", "contains", ["refund"]), leaf("text", "contains", ["退款"])], at: at(4)),
                .none([leaf("header.List-Id", "exists")], at: at(5)),
            ], at: at(2))
        let rules = try compiled([rule("r", condition)])
        func holds(_ given: [RuleKey: [String]]) -> Bool {
            !rules.evaluate(rules.observe(SampleMail(given: given)), facts: RuleFacts()).matched.isEmpty
        }
        #expect(holds([.kind: ["customer"], .text: ["退款"]]))
        #expect(!holds([.kind: ["customer"], .text: ["hello"]]))
        #expect(!holds([.kind: ["automatic"], .text: ["refund"]]))
        #expect(!holds([.kind: ["customer"], .text: ["refund"], .header("List-Id"): ["<x>"]]))
        #expect(rules.headerNames == ["List-Id"])
    }

    @Test("facts of the store are judged when the message is decided")
    func facts() throws {
        let rules = try compiled([
            rule("vip", leaf("customer.tier", "equals", ["vip"])),
            rule("again", leaf("ticket.follow_up", "equals", ["true"]), ["team": "a"]),
            rule("closed", leaf("ticket.state", "equals", ["resolved", "closed"]), ["notify": "b"]),
            rule("ungraded", leaf("customer.tier", "absent"), ["reply": "c"]),
        ])
        let observed = rules.observe(SampleMail())
        #expect(observed.evidence.isEmpty)
        let none = rules.evaluate(observed, facts: RuleFacts())
        #expect(none.matched.map(\.name) == ["ungraded"])
        let all = rules.evaluate(observed, facts: RuleFacts(tier: "VIP", isFollowUp: true, ticketState: "closed"))
        #expect(all.matched.map(\.name) == ["vip", "again", "closed"])
        #expect(all.matched[0].evidence == ["customer.tier is VIP"])
    }
}

@Suite struct OrderTests {
    @Test("an earlier rule wins field by field, and notify adds up")
    func firstWins() throws {
        let rules = try compiled([
            rule("one", leaf("kind", "equals", ["customer"]), ["urgency": "P2", "notify": "ada"]),
            rule("two", line: 20, leaf("kind", "exists"), ["urgency": "P1", "team": "billing", "notify": "bob"]),
        ])
        let outcome = rules.evaluate(rules.observe(SampleMail(given: [.kind: ["customer"]])), facts: RuleFacts())
        #expect(outcome.effects.urgency == .p2)
        #expect(outcome.effects.team == "billing")
        #expect(outcome.effects.notify == ["ada", "bob"])
        #expect(outcome.matched[1].applied == [.notify(["bob"]), .team("billing")])
        #expect(
            outcome.reasons.first { $0.about == .team && $0.conclusion == "billing" }?.source == "rules.d/test.yaml:20")
    }

    @Test("a later rule sees the category that an earlier one set")
    func chained() throws {
        let rules = try compiled([
            rule("sets", leaf("subject", "contains", ["invoice"]), ["category": "billing"]),
            rule("reads", leaf("category", "equals", ["billing"]), ["team": "finance"]),
        ])
        let observed = rules.observe(SampleMail(given: [.subject: ["Invoice 7"], .category: ["inquiry"]]))
        #expect(rules.evaluate(observed, facts: RuleFacts()).effects.team == "finance")
        let plain = rules.observe(SampleMail(given: [.subject: ["Hello"], .category: ["inquiry"]]))
        #expect(rules.evaluate(plain, facts: RuleFacts()).effects.team == nil)
    }

    @Test("stop ends it, and explain names the rules that were not reached")
    func stops() throws {
        let rules = try compiled([
            rule("one", leaf("kind", "exists"), stop: true), rule("two", line: 20, leaf("kind", "exists")),
        ])
        let observed = rules.observe(SampleMail(given: [.kind: ["customer"]]))
        let outcome = rules.evaluate(observed, facts: RuleFacts(), explaining: true)
        #expect(outcome.matched.map(\.name) == ["one"])
        #expect(outcome.notReached == ["two"])
    }

    @Test("a reply and no reply exclude each other; the first rule decides")
    func replies() throws {
        let rules = try compiled([
            rule("one", leaf("kind", "exists"), ["reply": "none"]),
            rule("two", line: 20, leaf("kind", "exists"), ["reply": "receipt"]),
        ])
        let outcome = rules.evaluate(rules.observe(SampleMail(given: [.kind: ["customer"]])), facts: RuleFacts())
        #expect(outcome.effects.noReply && outcome.effects.reply == nil)
    }

    @Test("a near miss names the one condition that failed")
    func nearMiss() throws {
        let condition = ConditionDefinition.all(
            [leaf("category", "equals", ["complaint"], line: 4), leaf("customer.tier", "equals", ["vip"], line: 5)],
            at: at(3))
        let rules = try compiled([rule("vip-complaint", condition)])
        let observed = rules.observe(SampleMail(given: [.category: ["complaint"]]))
        let outcome = rules.evaluate(observed, facts: RuleFacts(), explaining: true)
        #expect(outcome.nearMisses.map(\.failed) == ["customer.tier is vip"])
        #expect(outcome.nearMisses.first?.failedAt.line == 5)
        #expect(outcome.nearMisses.first?.evidence == ["category is complaint"])
        let far = rules.evaluate(rules.observe(SampleMail()), facts: RuleFacts(), explaining: true)
        #expect(far.nearMisses.isEmpty)
    }

    @Test("a near miss through none: the one thing that stood in the way")
    func nearMissByNone() throws {
        let condition = ConditionDefinition.all(
            [leaf("text", "contains", ["refund"]), .none([leaf("header.List-Id", "exists", line: 7)], at: at(6))],
            at: at(3))
        let rules = try compiled([rule("r", condition)])
        let observed = rules.observe(SampleMail(given: [.text: ["refund"], .header("List-Id"): ["x"]]))
        let outcome = rules.evaluate(observed, facts: RuleFacts(), explaining: true)
        #expect(outcome.nearMisses.map(\.failed) == ["header.List-Id exists"])
    }
}

@Suite struct ObservationTests {
    @Test("the same condition has the same name in every rule set, so a reload in between does no harm")
    func stableNames() throws {
        let old = try compiled([rule("a", leaf("subject", "contains", ["pump"]))])
        let new = try compiled([
            rule("b", leaf("text", "contains", ["valve"]), ["team": "x"]),
            rule("a", line: 20, leaf("subject", "contains", ["pump"])),
        ])
        let observed = old.observe(SampleMail(given: [.subject: ["pump"], .text: ["valve"]]))
        #expect(!new.made(observed))
        let outcome = new.evaluate(observed, facts: RuleFacts())
        #expect(outcome.matched.map(\.name) == ["a"])
        #expect(outcome.reasons.first?.about == .defect)
    }

    @Test("fingerprints follow the rules' meaning")
    func fingerprint() throws {
        let one = try compiled([rule("a", leaf("subject", "contains", ["pump"]))])
        let same = try compiled([rule("a", line: 50, leaf("subject", "contains", ["pump"]))])
        let other = try compiled([rule("a", leaf("subject", "contains", ["pumps"]))])
        #expect(one.fingerprint == same.fingerprint)
        #expect(one.fingerprint != other.fingerprint)
        #expect(RuleSet.empty.evaluate(RuleSet.empty.observe(SampleMail()), facts: RuleFacts()) == RuleOutcome())
    }

    @Test("ten thousand near hits cost no more than the text: each state of the automaton reports once")
    func hostileText() throws {
        let phrases = (1...60).map { String(repeating: "a", count: $0) }
        let rules = try compiled([rule("r", leaf("text", "contains", phrases))])
        let observed = rules.observe(SampleMail(given: [.text: [String(repeating: "a", count: 200_000)]]))
        #expect(observed.evidence.count == 1)
    }
}
