import Rules
import Testing
import Vocabulary

private func list(_ name: String, _ entries: [String], line: Int = 50) -> ListDefinition {
    ListDefinition(
        name: LocatedText(name, at: at(line, 3)),
        entries: entries.enumerated().map { LocatedText($1, at: at(line + 1 + $0)) })
}

private func inList(_ key: String, _ name: String) -> ConditionDefinition { leaf(key, "in", [name]) }

private func use(_ name: String, line: Int = 4) -> ConditionDefinition { .use(LocatedText(name, at: at(line, 7))) }

private func named(_ name: String, _ condition: ConditionDefinition, line: Int = 70) -> NamedCondition {
    NamedCondition(name: LocatedText(name, at: at(line, 3)), condition: condition)
}

@Suite struct RuleSourceTests {
    private func messages(_ source: RuleSource) -> [String] {
        RuleSet.compile(source).problems.map(\.description)
    }

    @Test("a list stands for its entries, domains and all")
    func lists() throws {
        let compilation = RuleSet.compile(
            RuleSource(
                lists: [list("suppliers", ["@parts.example", "ada@example.net"])],
                rules: [rule("r", inList("from", "suppliers"), ["tags": "supplier"])]))
        #expect(compilation.problems.isEmpty && compilation.warnings.isEmpty)
        let rules = compilation.rules
        func holds(_ address: String) -> Bool {
            !rules.evaluate(rules.observe(SampleMail(given: [.from: [address]])), facts: RuleFacts()).matched.isEmpty
        }
        #expect(holds("bob@parts.example") && holds("ADA@example.net"))
        #expect(!holds("bob@example.net"))
        #expect(rules.rules.first?.condition == "from is in the list suppliers")
    }

    @Test("words of a list are looked for in a text, beside others")
    func listOfPhrases() throws {
        let condition = ConditionDefinition.leaf(
            LeafDefinition(
                key: LocatedText("text", at: at(3)), operation: LocatedText("contains", at: at(3)),
                operands: [LocatedText("money back", at: at(3))], lists: [LocatedText("refunds", at: at(3))]))
        let compilation = RuleSet.compile(
            RuleSource(lists: [list("refunds", ["退款"])], rules: [rule("r", condition)]))
        let rules = compilation.rules
        for text in ["我要退款", "my money back"] {
            let observed = rules.observe(SampleMail(given: [.text: [text]]))
            #expect(!rules.evaluate(observed, facts: RuleFacts()).matched.isEmpty)
        }
    }

    @Test("another content of a list is another condition, and another fingerprint")
    func contentCounts() {
        func compiled(_ entries: [String]) -> RuleSet {
            RuleSet.compile(
                RuleSource(lists: [list("a", entries)], rules: [rule("r", inList("from", "a"))])
            ).rules
        }
        #expect(compiled(["@a.example"]).fingerprint != compiled(["@b.example"]).fingerprint)
    }

    @Test("a condition has a name, and names use names")
    func conditions() throws {
        let compilation = RuleSet.compile(
            RuleSource(
                conditions: [
                    named("paying", .all([use("customer"), leaf("category", "is", ["billing"])], at: at(71))),
                    named("customer", leaf("kind", "is", ["customer"]), line: 80),
                ], rules: [rule("r", use("paying"))]))
        #expect(compilation.problems.isEmpty && compilation.warnings.isEmpty, "\(compilation.warnings)")
        #expect(compilation.rules.rules.first?.condition == "all of (kind is customer; category is billing)")
    }

    @Test("what cannot be: unknown, twice, around in a circle, empty")
    func mistakes() {
        let kind = leaf("kind", "is", ["customer"])
        #expect(
            messages(RuleSource(rules: [rule("r", inList("from", "vips"))])) == [
                "rules.d/test.yaml:3:30: there is no list vips; name it under `lists:` of a rule file, or write values "
                    + "with `is`"
            ])
        #expect(
            messages(RuleSource(lists: [list("vip", ["a"])], rules: [rule("r", inList("from", "vips"))])) == [
                "rules.d/test.yaml:3:30: there is no list vips; did you mean vip?"
            ])
        #expect(
            messages(
                RuleSource(
                    lists: [list("a", ["x"]), list("a", ["y"], line: 60), list("b", [], line: 65)],
                    rules: [rule("r", kind)])) == [
                    "rules.d/test.yaml:60:3: list a exists already (rules.d/test.yaml:50:3); names must differ",
                    "rules.d/test.yaml:65:3: list b is empty; conditions with it never hold",
                ])
        #expect(
            messages(RuleSource(rules: [rule("r", use("x"))])) == [
                "rules.d/test.yaml:4:7: there is no condition x; name it under `conditions:` of a rule file"
            ])
        #expect(
            messages(
                RuleSource(conditions: [named("a", use("b")), named("b", use("a"), line: 80)], rules: [])
            ).map { $0.split(separator: ": ", maxSplits: 1).last.map(String.init) } == [
                "a uses b uses a: a condition cannot use itself"
            ])
        #expect(
            messages(RuleSource(conditions: [named("a", kind), named("a", kind, line: 80)], rules: [])) == [
                "rules.d/test.yaml:80:3: condition a exists already (rules.d/test.yaml:70:3); names must differ"
            ])
    }

    @Test("a bad pattern in a list is reported where it stands")
    func patternInList() {
        let condition = ConditionDefinition.leaf(
            LeafDefinition(
                key: LocatedText("subject", at: at(3)), operation: LocatedText("matches", at: at(3)), operands: [],
                lists: [LocatedText("patterns", at: at(3))]))
        let found = messages(
            RuleSource(lists: [list("patterns", ["good", "(bad"])], rules: [rule("r", condition)]))
        #expect(found.count == 1 && found[0].hasPrefix("rules.d/test.yaml:52:1: bad regular expression"))
    }

    @Test("names that nobody uses are warned about")
    func unused() {
        let warnings = RuleSet.compile(
            RuleSource(
                lists: [list("a", ["x"])], conditions: [named("c", leaf("kind", "is", ["own"]))],
                rules: [rule("r", leaf("kind", "is", ["customer"]))])
        ).warnings.map(\.message)
        #expect(warnings == ["no rule uses the list a; remove it", "no rule uses the condition c; remove it"])
    }
}

struct ActionCase: CustomTestStringConvertible, Sendable {
    let effects: [String: String]
    let problem: String
    var testDescription: String { "\(effects.sorted { $0.key < $1.key })" }
}

@Suite struct ActionTests {
    @Test("every action sets its field, once")
    func effects() throws {
        let rules = try compiled([
            rule(
                "one", leaf("kind", "exists"),
                [
                    "importance": "high", "complexity": "complex", "tier": "vip", "tags": "a", "watch": "ada",
                    "move_to": "Done/A", "due": "4wh", "due.resolution": "3wd", "hold_reply": "the lawyer reads it",
                ]),
            rule(
                "two", line: 20, leaf("kind", "exists"),
                ["importance": "low", "tags": "b", "watch": "ada", "due": "1h", "move_to": "Done/B"]),
        ])
        let outcome = rules.evaluate(rules.observe(SampleMail(given: [.kind: ["customer"]])), facts: RuleFacts())
        let effects = outcome.effects
        #expect(effects.importance == .high && effects.complexity == .complex && effects.tier == "vip")
        #expect(effects.tags == ["a", "b"] && effects.watch == ["ada"] && effects.moveTo == "Done/A")
        #expect(effects.due == .working(seconds: 4 * 3600) && effects.resolution == .workingDays(3))
        #expect(effects.holdReply == "the lawyer reads it")
        #expect(outcome.matched[1].applied == [.tags(["b"])])
        let ignoring = try compiled([rule("i", leaf("kind", "exists"), ["ignore": "a newsletter"])])
        let ignored = ignoring.evaluate(ignoring.observe(SampleMail(given: [.kind: ["x"]])), facts: RuleFacts())
        #expect(ignored.effects.ignore && ignored.effects.ignoreReason == "a newsletter")
        #expect(ignored.reasons.first?.conclusion == "ignored: a newsletter")
    }

    @Test(
        "actions that cannot be carried out",
        arguments: [
            ActionCase(effects: ["importance": "urgent"], problem: "importance is high or normal or low, not urgent"),
            ActionCase(effects: ["complexity": "hard"], problem: "complexity is simple or complex, not hard"),
            ActionCase(effects: ["due": "tomorrow"], problem: "tomorrow is no time for a deadline; write a duration"),
            ActionCase(effects: ["due": "4"], problem: "4 is no time for a deadline"),
            ActionCase(effects: ["move_to": "inbox"], problem: "move_to INBOX would bring the mail in again"),
            ActionCase(effects: ["move_to": "/Done"], problem: "move_to takes the name of a mailbox"),
            ActionCase(effects: ["hold_reply": "true"], problem: "hold_reply says why, in words"),
            ActionCase(
                effects: ["hold_reply": "why", "reply": "none"], problem: "there is no reply to hold: the rule says"),
            ActionCase(effects: ["tags": "a,b"], problem: "a tag is a word or two without a comma"),
            ActionCase(effects: ["tags": ""], problem: "tags names none; list words"),
            ActionCase(effects: ["watch": ""], problem: "watch names nobody; list persons or teams"),
            ActionCase(
                effects: ["ignore": "true", "due": "4h"],
                problem: "mail that is ignored or quarantined gets no due; remove one of the two"),
        ])
    func mistakes(_ row: ActionCase) {
        let (_, problems) = RuleSet.compile([rule("r", leaf("kind", "exists"), row.effects)])
        #expect(problems.count == 1)
        #expect(problems.first?.message.hasPrefix(row.problem) == true, "\(problems)")
    }
}
