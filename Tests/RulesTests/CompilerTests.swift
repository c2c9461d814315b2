import Rules
import Testing
import Vocabulary

struct BadRule: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let definition: RuleDefinition
    /// Start of the expected problem, with its place.
    let problem: String

    init(_ description: String, _ definition: RuleDefinition, gives problem: String) {
        testDescription = description
        self.definition = definition
        self.problem = problem
    }
}

@Suite struct CompilerTests {
    @Test(
        "what cannot stand is named, with its place",
        arguments: [
            BadRule(
                "an unknown key", rule("r", leaf("subjekt", "contains", ["x"])),
                gives: "rules.d/test.yaml:3:5: unknown condition subjekt; did you mean subject?"),
            BadRule(
                "an unknown detail", rule("r", leaf("detail.phon", "exists")),
                gives: "rules.d/test.yaml:3:5: unknown condition detail.phon; did you mean detail.phone?"),
            BadRule(
                "the first half of a key", rule("r", leaf("ticket", "exists")),
                gives:
                    "rules.d/test.yaml:3:5: unknown condition ticket; did you mean ticket.follow_up, ticket.reopened, ticket.state or ticket.age?"
            ),
            BadRule(
                "the first half of a key, mistyped", rule("r", leaf("customers", "exists")),
                gives:
                    "rules.d/test.yaml:3:5: unknown condition customers; did you mean customer.known, customer.tier or customer.open_tickets?"
            ),
            BadRule(
                "a media type without a slash", rule("r", leaf("attachment.type", "equals", ["a/b", "pdf"])),
                gives: #"rules.d/test.yaml:3:31: attachment.type is never "pdf"; write a media type such as"#),
            BadRule(
                "a file name with a wildcard", rule("r", leaf("attachment.name", "equals", ["*.tar.gz"])),
                gives: #"rules.d/test.yaml:3:30: "*.tar.gz" is compared as it stands; for a pattern write "#
                    + #"{ matches: '(?i)\.tar\.gz$' }"#),
            BadRule(
                "an unknown test", rule("r", leaf("subject", "contain", ["x"])),
                gives: "rules.d/test.yaml:3:15: unknown test contain; did you mean contains?"),
            BadRule(
                "a bad regular expression, in RE2's words", rule("r", leaf("subject", "matches", ["(ab"])),
                gives: "rules.d/test.yaml:3:30: bad regular expression: missing ): (ab"),
            BadRule(
                "look-ahead, which is not linear", rule("r", leaf("subject", "matches", ["x", "a(?=b)"])),
                gives: "rules.d/test.yaml:3:31: bad regular expression: invalid perl operator: (?="),
            BadRule(
                "a pattern that would need too much memory",
                rule("r", leaf("subject", "matches", ["((a{100}){100}){100}"])),
                gives: "rules.d/test.yaml:3:30: bad regular expression: "),
            BadRule(
                "contains without words", rule("r", leaf("subject", "contains", [])),
                gives: "rules.d/test.yaml:3:15: contains has no values"),
            BadRule(
                "contains with an empty word", rule("r", leaf("subject", "contains", [" "])),
                gives: "rules.d/test.yaml:3:30: contains with an empty text always holds"),
            BadRule(
                "a kind that there is not", rule("r", leaf("kind", "equals", ["custmer"])),
                gives: #"rules.d/test.yaml:3:30: kind is never "custmer"; did you mean customer?"#),
            BadRule(
                "an urgency that there is not", rule("r", leaf("urgency", "equals", ["high"])),
                gives: #"rules.d/test.yaml:3:30: urgency is never "high"; known are P1, P2, P3, P4"#),
            BadRule(
                "an empty any", rule("r", .any([], at: at(2, 7))),
                gives: "rules.d/test.yaml:2:7: an empty any never holds"),
            BadRule(
                "an empty all", rule("r", .all([], at: at(2, 7))),
                gives: "rules.d/test.yaml:2:7: an empty all always holds"),
            BadRule(
                "two values of a key that has one",
                rule(
                    "r",
                    .all(
                        [leaf("kind", "equals", ["dsn"], line: 3), leaf("kind", "equals", ["own"], line: 4)], at: at(2))
                ),
                gives: "rules.d/test.yaml:4:5: kind cannot be this and, as line 3 wants, something else"),
            BadRule(
                "wanted and forbidden",
                rule(
                    "r",
                    .all(
                        [
                            leaf("text", "contains", ["x"], line: 3),
                            .none([leaf("text", "contains", ["x"], line: 5)], at: at(4)),
                        ], at: at(2))),
                gives: "rules.d/test.yaml:5:5: line 3 wants the very condition that none forbids here"),
            BadRule(
                "an unknown action", rule("r", leaf("kind", "exists"), ["urgancy": "P1"]),
                gives: "rules.d/test.yaml:9:9: unknown action urgancy; did you mean urgency?"),
            BadRule(
                "an unknown urgency", rule("r", leaf("kind", "exists"), ["urgency": "P9"]),
                gives: "rules.d/test.yaml:9:20: urgency is P1, P2, P3 or P4, not P9"),
            BadRule(
                "an unknown category", rule("r", leaf("kind", "exists"), ["category": "complain"]),
                gives: "rules.d/test.yaml:9:20: unknown category complain; did you mean complaint?"),
            BadRule(
                "ignore that is not true", rule("r", leaf("kind", "exists"), ["ignore": "yes"]),
                gives: "rules.d/test.yaml:9:20: ignore is true or a reason, or is left out"),
            BadRule(
                "ignored mail with a team", rule("r", leaf("kind", "exists"), ["ignore": "true", "team": "a"]),
                gives: "rules.d/test.yaml:9:9: mail that is ignored or quarantined gets no team"),
            BadRule(
                "a rule that does nothing", rule("r", leaf("kind", "exists"), [:]),
                gives: "rules.d/test.yaml:1:3: rule r does nothing"),
            BadRule(
                "a rule without a name", rule("", leaf("kind", "exists")),
                gives: "rules.d/test.yaml:1:3: the rule has no name"),
        ])
    func problem(_ row: BadRule) {
        let (_, problems) = RuleSet.compile([row.definition])
        #expect(problems.count == 1)
        #expect(problems.first?.description.hasPrefix(row.problem) == true, "\(problems)")
    }

    @Test("all problems of all rules come at once, good rules are compiled nevertheless")
    func everything() {
        let (rules, problems) = RuleSet.compile([
            rule("a", leaf("nonsense", "exists")), rule("b", line: 20, leaf("kind", "exists")),
            rule("b", line: 40, leaf("subject", "matches", ["["])),
        ])
        #expect(rules.rules.map(\.name) == ["b"])
        #expect(problems.count == 3)
        #expect(problems[1].message.hasPrefix("rule b exists already (rules.d/test.yaml:20:3)"))
    }

    @Test("categories of one's own are known when they are listed")
    func ownCategories() {
        let definition = rule("r", leaf("category", "equals", ["spare_parts"]), ["category": "spare_parts"])
        #expect(RuleSet.compile([definition]).problems.count == 2)
        #expect(
            RuleSet.compile([definition], categories: Category.shipped + ["spare_parts"].map { Category($0) }).problems
                .isEmpty)
    }

    @Test("conditions in words, for lists")
    func words() throws {
        let condition = ConditionDefinition.all(
            [leaf("kind", "equals", ["customer"]), .none([leaf("header.List-Id", "exists")], at: at(4))], at: at(2))
        let entry = try #require(try compiled([rule("r", condition)]).rules.first)
        #expect(entry.condition == "all of (kind is customer; none of (header.List-Id exists))")
        #expect(entry.effects == [.urgency(.p1)])
    }
}

@Suite struct RuleTestTests {
    private func definition(_ entries: [(String, String)]) -> RuleTestDefinition {
        RuleTestDefinition(
            location: at(12, 7),
            entries: entries.map {
                .init(key: LocatedText($0, at: at(12, 9)), values: [LocatedText($1, at: at(12, 20))])
            })
    }

    private func run(
        _ entries: [(String, String)], classify: ((String, String) -> (category: Category?, urgency: Urgency?))? = nil
    ) throws -> [String] {
        let condition = ConditionDefinition.all(
            [
                leaf("category", "equals", ["complaint"]), leaf("customer.tier", "equals", ["vip"]),
                leaf("text", "contains", ["退款"]),
            ], at: at(2))
        return try compiled([rule("vip", condition, tests: [definition(entries)])])
            .runTests(classify: classify).map(\.description)
    }

    @Test("a test that comes out as expected gives nothing")
    func good() throws {
        let mail = [("category", "complaint"), ("text", "我要退款"), ("tier", "vip")]
        #expect(try run(mail + [("expect", "match")]).isEmpty)
        #expect(try run(mail.dropLast() + [("expect", "no match")]).isEmpty)
    }

    @Test("a failed test says which condition did not hold")
    func failed() throws {
        #expect(
            try run([("category", "complaint"), ("text", "我要退款"), ("expect", "match")]) == [
                "rules.d/test.yaml:12:7: test of rule vip failed: a match was expected, but this does not hold: "
                    + "customer.tier is vip"
            ])
    }

    @Test("a test without a category asks the classifier")
    func classified() throws {
        let mail = [("subject", "投诉"), ("text", "我要退款"), ("tier", "vip"), ("expect", "match")]
        #expect(try run(mail).count == 1)
        #expect(try run(mail) { subject, _ in (subject == "投诉" ? .complaint : nil, nil) }.isEmpty)
    }

    @Test("mistakes in tests are problems of the file")
    func mistakes() {
        func problems(_ entries: [(String, String)]) -> [String] {
            RuleSet.compile([rule("r", leaf("kind", "exists"), tests: [definition(entries)])]).problems.map(\.message)
        }
        #expect(
            problems([("text", "x")]) == [
                "the test does not say what to expect; add `expect: match` or `expect: no match`"
            ])
        #expect(problems([("expect", "maybe")]) == ["expect is `match` or `no match`, not maybe"])
        #expect(problems([("txt", "x"), ("expect", "match")]) == ["unknown key txt in a test; did you mean text?"])
        #expect(problems([("kind", "man"), ("expect", "match")]).count == 1)
    }
}

@Suite struct NearestTests {
    @Test(
        "the nearest known word",
        arguments: [
            ("acounts", "accounts"), ("first-response", "first_response"), ("Organization", "organisation"),
            ("mailboxs", "mailboxes"), ("qwertz", nil), ("", nil), ("soterage", "storage"),
        ] as [(String, String?)])
    func word(_ row: (String, String?)) {
        let known = ["accounts", "first_response", "organisation", "mailboxes", "storage"]
        #expect(nearest(to: row.0, in: known) == row.1)
    }
}
