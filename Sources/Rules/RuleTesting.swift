package import Vocabulary

/// A made-up mail that an admin wrote beside a rule, to see whether the rule holds for it.
package struct RuleTest: Sendable {
    package let location: SourceLocation
    package var values: [RuleKey: [String]] = [:]
    package var numbers: [RuleKey: [Double]] = [:]
    package var facts = RuleFacts()
    /// A working day at noon, unless the test says otherwise.
    package var moment = LocalMoment(day: 20_260_105, minute: 720, weekday: "mon", isWorkday: true)
    package var expectsMatch = true
}

extension RuleTest: RuleInput {
    package func numbers(_ key: RuleKey) -> [Double] { numbers[key] ?? [] }

    /// Fields are looked up without regard to case, as in a mail (RFC 5322 section 1.2.2).
    package func values(_ key: RuleKey) -> [String] {
        guard case .header(let name) = key else { return values[key] ?? [] }
        return values.first { entry in
            guard case .header(let other) = entry.key else { return false }
            return asciiLowercased(other) == asciiLowercased(name)
        }?.value ?? []
    }
}

extension RuleSet {
    /// Runs the `tests` of every rule; a problem for each that does not come out as expected, saying what held and what
    /// did not.
    ///
    /// A test tries its own rule alone. When it names no category or no urgency, `classify` is asked with subject and
    /// text, so a test sees what the classifier would see; without `classify` they stay unknown.
    package func runTests(
        classify: ((_ subject: String, _ text: String) -> (category: Category?, urgency: Urgency?))? = nil
    ) -> [RuleProblem] {
        rulesInOrder.indices.flatMap { number in
            rulesInOrder[number].tests.compactMap { problem(with: $0, ofRule: number, classify: classify) }
        }
    }

    private func problem(
        with test: RuleTest, ofRule number: Int,
        classify: ((_ subject: String, _ text: String) -> (category: Category?, urgency: Urgency?))?
    ) -> RuleProblem? {
        let rule = rulesInOrder[number]
        var test = test
        if let classify, test.values[.category] == nil || test.values[.urgency] == nil {
            let found = classify(test.values[.subject]?.first ?? "", test.values[.text]?.joined(separator: "\n") ?? "")
            if test.values[.category] == nil, let category = found.category {
                test.values[.category] = [category.rawValue]
            }
            if test.values[.urgency] == nil, let urgency = found.urgency { test.values[.urgency] = [urgency.rawValue] }
        }
        test.facts.moment = test.moment
        let run = RuleRun(rules: self, observations: observe(test), facts: test.facts)
        run.run(only: number)
        let outcome = run.outcome
        if let match = outcome.matched.first {
            guard !test.expectsMatch else { return nil }
            return RuleProblem(
                test.location,
                "test of rule \(rule.name) failed: no match was expected, but \(match.evidence.joined(separator: "; "))"
            )
        }
        guard test.expectsMatch else { return nil }
        let why = outcome.nearMisses.first.map { "this does not hold: \($0.failed)" }
        return RuleProblem(
            test.location,
            "test of rule \(rule.name) failed: a match was expected, but "
                + (why ?? "its condition does not hold: \(rule.condition.description(leaves))"))
    }
}
