import Rules
import Testing
import Vocabulary

/// Thousands of patterns are sieved by the words that they need; the sieve must let through what matches.
@Suite struct ManyPatternsTests {
    private static let odd = [
        #"(?i)refund|money\s+back"#, "退款|退货", #"(?i)\burgent\b"#, #"\d{6,}"#, "^Re:", #"(?i)straße"#, "(?i)ÄNDERUNG",
        "(?i)kelvin", "(?i)list", "Ａ", #"[a-c]{3}"#, "(?i)ВОЗВРАТ", "x.*y", "", "(?i)ünter", "ſ", "K",
        #"(?:foo|bar)baz"#,
    ]

    private static let texts = [
        "I want my MONEY\n BACK", "我要退款", "URGENT: pump", "order 1234567", "Re: hello", "Hauptstrasse STRASSE Straße",
        "Änderung", "\u{212A}elvin", "li\u{17F}t", "Ａ", "abcabc", "возврат", "x y", "GÜNTER", "\u{17F}", "K",
        "foobaz barbaz",
        "", "nothing of it",
    ]

    /// Words that no text has, to make it many.
    private static let filling = (0..<400).map { "filling\($0)word|(?i)other\($0)" }

    private func matching(_ patterns: [String], _ text: String) throws -> Set<String> {
        let rules = try compiled(
            patterns.enumerated().map { rule("r\($0)", line: $0 * 20 + 1, leaf("text", "matches", [$1])) })
        let outcome = rules.evaluate(rules.observe(SampleMail(given: [.text: [text]])), facts: RuleFacts())
        return Set(outcome.matched.map(\.name))
    }

    @Test("one by one and in a crowd the same patterns match", arguments: texts)
    func same(_ text: String) throws {
        let crowd = try matching(Self.odd + Self.filling, text)
        for (number, pattern) in Self.odd.enumerated() {
            let isAlone = try !matching([pattern], text).isEmpty
            #expect(crowd.contains("r\(number)") == isAlone, "\(pattern) on \(text)")
        }
    }

    @Test("every pattern of a crowd is found by its own word")
    func each() throws {
        let patterns = Self.odd + Self.filling
        let rules = try compiled(
            patterns.enumerated().map { rule("r\($0)", line: $0 * 20 + 1, leaf("text", "matches", [$1])) })
        for number in stride(from: 0, to: 400, by: 37) {
            let observed = rules.observe(SampleMail(given: [.text: ["an OTHER\(number) thing"]]))
            let outcome = rules.evaluate(observed, facts: RuleFacts())
            #expect(outcome.matched.contains { $0.name == "r\(Self.odd.count + number)" })
        }
    }
}
