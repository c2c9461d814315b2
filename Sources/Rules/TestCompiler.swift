import Vocabulary

/// Reads the `tests` of a rule: made-up mails by the keys of conditions.
struct TestCompiler {
    let categories: [Category]
    private(set) var problems: [RuleProblem] = []

    init(categories: [Category]) { self.categories = categories }

    mutating func compile(_ definition: RuleTestDefinition) -> RuleTest? {
        let before = problems.count
        var test = RuleTest(location: definition.location)
        var expectation: Bool?
        for entry in definition.entries {
            switch entry.key.text {
            case "expect": expectation = expected(entry)
            default: take(entry, into: &test)
            }
        }
        if problems.count == before, expectation == nil {
            report(
                definition.location, "the test does not say what to expect; add `expect: match` or `expect: no match`")
        }
        test.expectsMatch = expectation ?? true
        if test.numbers[.attachmentCount] == nil, let names = test.values[.attachmentName] {
            test.numbers[.attachmentCount] = [Double(names.count)]
        }
        return problems.count == before ? test : nil
    }

    private mutating func report(_ location: SourceLocation, _ message: String) {
        problems.append(RuleProblem(location, message))
    }

    private mutating func expected(_ entry: RuleTestDefinition.Entry) -> Bool? {
        switch entry.values.first?.text {
        case "match": return true
        case "no match", "no-match", "no_match": return false
        case let other:
            report(
                entry.values.first?.location ?? entry.key.location,
                "expect is `match` or `no match`, not \(other ?? "nothing")")
            return nil
        }
    }

    private mutating func take(_ entry: RuleTestDefinition.Entry, into test: inout RuleTest) {
        let name = entry.key.text == "tier" ? "customer.tier" : entry.key.text
        guard let key = ConditionKey(name, categories: categories) else {
            let known = ConditionKey.names + ["tier", "expect"]
            report(entry.key.location, "unknown key \(name) in a test; \(advice(for: name, known: known))")
            return
        }
        if key.form.isNumeric { return takeNumbers(entry, key, into: &test) }
        let values = entry.values.map(\.text)
        if let words = key.words(categories: categories) {
            for value in entry.values where !words.contains(value.text) {
                report(
                    value.location, "\(key.name) is never \"\(value.text)\"; \(advice(for: value.text, known: words))")
            }
        }
        let first = values.first
        switch key {
        case .message(let key): test.values[key] = values
        case .account: test.facts.account = first
        case .mailbox: test.facts.mailbox = first
        case .knownCustomer: test.facts.isKnownCustomer = first == "true"
        case .tier: test.facts.tier = first
        case .followUp: test.facts.isFollowUp = first == "true"
        case .reopened: test.facts.reopens = first == "true"
        case .ticketState: test.facts.ticketState = first
        case .hours: test.facts.isOpen = first == "open"
        case .weekday: test.moment.weekday = first ?? ""
        case .workday: test.moment.isWorkday = first == "true"
        case .importance: test.facts.importance = first.flatMap(Importance.init)
        case .complexity: test.facts.complexity = first.flatMap(Complexity.init)
        case .openTickets, .ticketAge, .time, .day, .age: break
        }
    }

    private mutating func takeNumbers(
        _ entry: RuleTestDefinition.Entry, _ key: ConditionKey, into test: inout RuleTest
    ) {
        var numbers: [Double] = []
        for value in entry.values {
            guard let number = key.form.value(value.text) else {
                report(value.location, "\"\(value.text)\" is no value for \(key.name); \(key.form.remedy)")
                continue
            }
            numbers.append(number)
        }
        switch key {
        case .message(let key): test.numbers[key] = numbers
        case .openTickets: test.facts.openTickets = numbers.first.map { Int($0) }
        case .ticketAge: test.facts.ticketAge = numbers.first
        case .age: test.facts.age = numbers.first
        case .time: test.moment.minute = numbers.first.map { Int($0) } ?? 0
        case .day: test.moment.day = numbers.first.map { Int($0) } ?? 0
        default: break
        }
    }
}
