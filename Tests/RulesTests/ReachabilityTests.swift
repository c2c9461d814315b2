import Rules
import Testing
import Vocabulary

@Suite struct ReachabilityTests {
    private func warnings(_ rules: [RuleDefinition]) -> [String] {
        let compilation = RuleSet.compile(RuleSource(rules: rules))
        #expect(compilation.problems.isEmpty, "\(compilation.problems)")
        return compilation.warnings.map { "\($0.location.line): \($0.message)" }
    }

    private func all(_ parts: ConditionDefinition...) -> ConditionDefinition { .all(parts, at: at(2)) }
    private func any(_ parts: ConditionDefinition...) -> ConditionDefinition { .any(parts, at: at(2)) }
    private func none(_ parts: ConditionDefinition...) -> ConditionDefinition { .none(parts, at: at(2)) }

    private let customer = leaf("kind", "is", ["customer"])
    private let pump = leaf("subject", "contains", ["pump"])
    private let valve = leaf("subject", "contains", ["valve"])

    @Test("behind a stop that always holds before")
    func unreachable() {
        #expect(
            warnings([
                rule("first", customer, ["team": "a"], stop: true),
                rule("second", line: 20, all(customer, pump), ["urgency": "P1"]),
            ]) == [
                "20: rule second is never reached: whenever it would hold, rule first (rules.d/test.yaml:1:3) has held "
                    + "before and stops; put this one first, or remove it"
            ])
    }

    @Test(
        "what a stop in front does not cover",
        arguments: [
            // The earlier one asks for more.
            [("customer pump", "customer")], [("pump", "valve")], [("none pump", "pump")],
        ])
    func reachable(_ pairs: [(String, String)]) {
        func condition(_ words: String) -> ConditionDefinition {
            switch words {
            case "customer pump": all(customer, pump)
            case "none pump": none(pump)
            case "pump": pump
            case "valve": valve
            default: customer
            }
        }
        for (first, second) in pairs {
            #expect(
                warnings([
                    rule("first", condition(first), ["team": "a"], stop: true),
                    rule("second", line: 20, condition(second), ["urgency": "P1"]),
                ]) == [])
        }
    }

    @Test("fewer words imply more, alternatives are looked at one by one, and other words of one key exclude")
    func implications() {
        let many = leaf("kind", "is", ["customer", "agent"])
        #expect(warnings([rule("a", many, stop: true), rule("b", line: 20, customer)]).count == 1)
        #expect(warnings([rule("a", customer, stop: true), rule("b", line: 20, many)]).isEmpty)
        // Each of the alternatives of the later one is covered, by two different rules.
        #expect(
            warnings([
                rule("a", pump, stop: true), rule("b", line: 20, valve, stop: true),
                rule("c", line: 40, any(pump, valve)),
            ]).count == 1)
        #expect(warnings([rule("a", pump, stop: true), rule("c", line: 40, any(pump, valve))]).isEmpty)
        // A customer's mail is no DSN, so `none of dsn` holds.
        #expect(
            warnings([
                rule("a", none(leaf("kind", "is", ["dsn"])), stop: true), rule("b", line: 20, customer),
            ]).count == 1)
        #expect(
            warnings([rule("a", leaf("kind", "exists"), ["team": "x"], stop: true), rule("b", line: 20, customer)])
                .count == 2)
    }

    @Test("what a rule in between may set is not taken for certain")
    func changing() {
        let complaint = leaf("category", "is", ["complaint"])
        let sets = rule("sets", line: 20, pump, ["category": "complaint"])
        let last = rule("last", line: 40, complaint, ["team": "b"])
        #expect(warnings([rule("first", complaint, ["team": "a"], stop: true), sets, last]).isEmpty)
        #expect(warnings([rule("first", complaint, ["team": "a"], stop: true), last]).count == 1)
    }

    @Test("a rule whose every wish is fulfilled before")
    func shadowed() {
        let first = rule("first", customer, ["urgency": "P2", "tags": "a"])
        #expect(
            warnings([first, rule("second", line: 20, all(customer, pump), ["urgency": "P1"])]) == [
                "20: rule second has no effect: rule first (rules.d/test.yaml:1:3) always holds before it and sets the "
                    + "same; put this one first, or remove it"
            ])
        #expect(warnings([first, rule("second", line: 20, all(customer, pump), ["team": "x"])]).isEmpty)
        #expect(warnings([first, rule("second", line: 20, all(customer, pump), ["tags": "b"])]).isEmpty)
        #expect(
            warnings([first, rule("second", line: 20, all(customer, pump), ["urgency": "P1"], stop: true)]).isEmpty)
    }

    @Test("conditions that exclude each other, also through groups")
    func contradictory() {
        #expect(
            warnings([
                rule("r", all(customer, any(leaf("kind", "is", ["dsn"]), leaf("kind", "is", ["own"]))))
            ]) == ["1: rule r never holds: its conditions exclude each other"])
    }

    @Test("conditions that always hold")
    func alwaysTrue() {
        #expect(
            warnings([rule("r", leaf("subject", "matches", ["a*"]))]) == [
                #"3: "a*" also matches an empty text, so it always holds; write what must be there"#
            ])
        #expect(
            warnings([rule("r", any(leaf("subject", "exists"), leaf("subject", "absent")))]) == [
                "2: always holds: subject either exists or is absent; remove one of the two"
            ])
        #expect(
            warnings([rule("r", leaf("hours", "is", ["open", "closed"]))]) == [
                "3: always holds: hours has no other value; remove the condition"
            ])
        #expect(
            warnings([rule("r", leaf("kind", "exists"))]) == [
                "3: always holds: every mail has kind; remove the condition"
            ])
    }

    @Test("many rules with many alternatives are looked through in good time")
    func many() {
        // Each could stand in for each other; a comparison of all with all by their texts would take minutes.
        let rules = (0..<800).map { number in
            rule(
                "r\(number)", line: number * 20 + 1, all(customer, leaf("subject", "contains", ["w\(number)"])),
                stop: true)
        }
        #expect(warnings(rules).isEmpty)
    }
}
