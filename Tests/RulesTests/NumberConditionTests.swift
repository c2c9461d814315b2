import Rules
import Testing
import Vocabulary

/// A mail with numbers.
private struct NumberMail: RuleInput {
    var given: [RuleKey: [Double]] = [:]
    func values(_ key: RuleKey) -> [String] { [] }
    func numbers(_ key: RuleKey) -> [Double] { given[key] ?? [] }
}

struct NumberCase: CustomTestStringConvertible, Sendable {
    let key: String
    let operation: String
    let operands: [String]
    let given: [Double]
    let holds: Bool
    let evidence: String?

    init(
        _ key: String, _ operation: String, _ operands: [String] = [], _ given: [Double], _ holds: Bool,
        _ evidence: String? = nil
    ) {
        (self.key, self.operation, self.operands) = (key, operation, operands)
        (self.given, self.holds, self.evidence) = (given, holds, evidence)
    }

    var testDescription: String { "\(key) \(operation) \(operands) of \(given)" }
}

@Suite struct NumberConditionTests {
    private static let megabyte = 1_048_576.0

    @Test(
        "numbers and sizes of the message",
        arguments: [
            NumberCase("size", "over", ["10MB"], [11 * megabyte], true, "size is 11.0 MB"),
            NumberCase("size", "over", ["10MB"], [10 * megabyte], false),
            NumberCase("size", "at_least", ["10MB"], [10 * megabyte], true),
            NumberCase("size", "under", ["2kB"], [2048], false),
            NumberCase("size", "at_most", ["2kB"], [2048], true, "size is 2.0 kB"),
            NumberCase("attachment.size", "over", ["1MB"], [10, 2 * megabyte], true, "attachment.size is 2.0 MB"),
            NumberCase("attachment.size", "over", ["1MB"], [], false),
            NumberCase("attachment.size", "absent", [], [], true),
            NumberCase("attachment.count", "is", ["0", "2"], [2], true, "attachment.count is 2"),
            NumberCase("attachment.count", "between", ["3", "5"], [5], true),
            NumberCase("attachment.count", "between", ["3", "5"], [6], false),
            NumberCase("spam.score", "at_least", ["5.5"], [5.5], true, "spam.score is 5.5"),
            NumberCase("spam.score", "under", ["0"], [-1.5], true),
            NumberCase("spam.score", "exists", [], [], false),
            NumberCase("category.score", "over", ["0.8"], [0.9], true),
            NumberCase("score.complaint", "over", ["0.3"], [0.2], false),
        ])
    func message(_ row: NumberCase) throws {
        let rules = try compiled([rule("r", leaf(row.key, row.operation, row.operands))])
        let keys: [String: RuleKey] = [
            "size": .size, "attachment.size": .attachmentSize, "attachment.count": .attachmentCount,
            "spam.score": .spamScore, "category.score": .categoryScore, "score.complaint": .score(.complaint),
        ]
        let key = try #require(keys[row.key])
        let observed = rules.observe(NumberMail(given: [key: row.given]))
        let outcome = rules.evaluate(observed, facts: RuleFacts())
        #expect(outcome.matched.isEmpty != row.holds)
        if let evidence = row.evidence { #expect(outcome.matched.first?.evidence == [evidence]) }
    }

    private static let evening = RuleFacts(
        account: "support", mailbox: "INBOX", isKnownCustomer: true, tier: "vip", openTickets: 3, isFollowUp: true,
        reopens: true, ticketState: "resolved", ticketAge: 86_400 * 8, isOpen: false,
        moment: LocalMoment(day: 20_261_128, minute: 22 * 60 + 30, weekday: "sat", isWorkday: false), age: 7200,
        importance: .high, complexity: .complex)

    @Test(
        "what the store and the clock know",
        arguments: [
            ("account", "is", ["support"], true), ("account", "is", ["sales"], false),
            ("mailbox", "starts", ["in"], true), ("customer.known", "is", ["true"], true),
            ("customer.open_tickets", "over", ["2"], true), ("customer.open_tickets", "over", ["3"], false),
            ("ticket.reopened", "is", ["true"], true), ("ticket.age", "over", ["7d"], true),
            ("ticket.age", "under", ["1h30m"], false), ("age", "at_least", ["2h"], true),
            ("time", "between", ["18:00", "08:00"], true), ("time", "between", ["08:00", "22:30"], false),
            ("time", "over", ["22:00"], true), ("weekday", "is", ["sat", "sun"], true),
            ("workday", "is", ["false"], true), ("date", "between", ["2026-11-20", "2026-11-28"], true),
            ("date", "is", ["2026-11-29"], false), ("date", "at_least", ["2026-12-01"], false),
            ("importance", "is", ["high"], true), ("complexity", "is", ["simple"], false),
        ])
    func facts(_ key: String, _ operation: String, _ operands: [String], _ holds: Bool) throws {
        let rules = try compiled([rule("r", leaf(key, operation, operands))])
        let outcome = rules.evaluate(rules.observe(SampleMail()), facts: Self.evening)
        #expect(outcome.matched.isEmpty != holds)
    }

    @Test("what is not known holds for nothing but `absent`")
    func unknown() throws {
        for (key, operation, operands) in [
            ("ticket.age", "under", ["1d"]), ("time", "over", ["00:00"]), ("customer.open_tickets", "is", ["0"]),
            ("weekday", "is", ["mon"]), ("importance", "is", ["low"]), ("account", "exists", []),
        ] {
            let rules = try compiled([rule("r", leaf(key, operation, operands))])
            #expect(rules.evaluate(rules.observe(SampleMail()), facts: RuleFacts()).matched.isEmpty, "\(key)")
        }
        let rules = try compiled([rule("r", leaf("ticket.age", "absent"))])
        #expect(!rules.evaluate(rules.observe(SampleMail()), facts: RuleFacts()).matched.isEmpty)
    }

    @Test("a later rule sees the importance, complexity and tier that an earlier one set")
    func chained() throws {
        let rules = try compiled([
            rule("sets", leaf("subject", "contains", ["pump"]), ["importance": "low", "tier": "vip"]),
            rule("reads", leaf("importance", "is", ["low"]), ["team": "a"]),
            rule("tier", leaf("customer.tier", "is", ["vip"]), ["assignee": "b"]),
        ])
        let observed = rules.observe(SampleMail(given: [.subject: ["pump"]]))
        let outcome = rules.evaluate(observed, facts: RuleFacts(importance: .high))
        #expect(outcome.matched.map(\.name) == ["sets", "reads", "tier"])
    }

    @Test(
        "numbers that are none, with what to write",
        arguments: [
            ("size", "over", ["10"], #""10" is no value for size; write a size such as 10MB"#),
            ("age", "over", ["3 weeks"], #""3 weeks" is no value for age; write a duration such as"#),
            ("time", "over", ["6pm"], #""6pm" is no value for time; write a time of day such as 18:00"#),
            ("time", "is", ["24:30"], #""24:30" is no value for time"#),
            ("date", "is", ["11/28/2026"], #""11/28/2026" is no value for date; write a day such as 2026-11-11"#),
            ("date", "is", ["2026-13-01"], #""2026-13-01" is no value for date"#),
            ("spam.score", "over", ["high"], #""high" is no value for spam.score; write a number"#),
            ("size", "contains", ["1MB"], "size is a number: it cannot be asked `contains`, only is, over, under"),
            ("subject", "over", ["1"], "subject is a text: it cannot be asked `over`"),
            ("size", "over", ["1MB", "2MB"], "over takes one value; for two ends write between: [from, to]"),
            ("size", "between", ["1MB"], "between takes two values"),
            ("size", "between", ["2MB", "1MB"], "nothing is between 2MB and 1MB; the smaller value comes first"),
        ])
    func mistakes(_ key: String, _ operation: String, _ operands: [String], _ problem: String) {
        let (_, problems) = RuleSet.compile([rule("r", leaf(key, operation, operands))])
        #expect(problems.count == 1)
        #expect(problems.first?.message.hasPrefix(problem) == true, "\(problems)")
    }
}

@Suite struct EdgeConditionTests {
    @Test(
        "starts and ends",
        arguments: [
            ("starts", "re: your", "Re:  Your invoice", true), ("starts", "invoice", "Your invoice", false),
            ("ends", "发票", "请开发票", true), ("ends", "INVOICE", "an ｉｎｖｏｉｃｅ ", true),
            ("ends", "invoice", "invoices", false),
        ])
    func edges(_ operation: String, _ phrase: String, _ subject: String, _ holds: Bool) throws {
        let rules = try compiled([rule("r", leaf("subject", operation, [phrase]))])
        let outcome = rules.evaluate(rules.observe(SampleMail(given: [.subject: [subject]])), facts: RuleFacts())
        #expect(outcome.matched.isEmpty != holds)
    }
}
