import Foundation
import Rules
import Vocabulary

/// RulesBenchmark: what very many rules cost. Prints one JSON line:
///
///     RulesBenchmark RULES PATTERNS words|patterns MAILS
///
/// RULES rules with PATTERNS phrases (`contains`) or regular expressions (`matches`) between them are compiled; then a
/// mail of 8 KB, half Chinese and half English, is observed and judged MAILS times. CPU time of this thread, medians.
@main
enum RulesBenchmark {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 4, let ruleCount = Int(arguments[0]), let patternCount = Int(arguments[1]),
            ["words", "patterns"].contains(arguments[2]), let mails = Int(arguments[3])
        else {
            FileHandle.standardError.write(Data("usage: RulesBenchmark RULES PATTERNS words|patterns MAILS\n".utf8))
            exit(64)
        }
        let definitions = rules(ruleCount, patterns: patternCount, asWords: arguments[2] == "words")
        let start = cpuSeconds()
        let compilation = RuleSet.compile(RuleSource(rules: definitions))
        let compiling = cpuSeconds() - start
        precondition(compilation.problems.isEmpty)
        let mail = Mail()
        var matched = 0
        let spans = (0..<mails).map { _ in
            let start = cpuSeconds()
            let observed = compilation.rules.observe(mail)
            matched = compilation.rules.evaluate(observed, facts: RuleFacts()).matched.count
            return cpuSeconds() - start
        }
        let median = spans.sorted()[spans.count / 2]
        print(
            """
            {"rules":\(ruleCount),"patterns":\(patternCount),"form":"\(arguments[2])",\
            "compile_ms":\((compiling * 1e5).rounded() / 100),"mail_us":\((median * 1e7).rounded() / 10),\
            "matched":\(matched),"warnings":\(compilation.warnings.count)}
            """)
    }

    private static let place = Vocabulary.SourceLocation(file: "rules.d/10.yaml", line: 1, column: 1)
    private static func located(_ text: String) -> LocatedText { LocatedText(text, at: place) }

    /// Each rule asks kind, an address, and its share of the phrases; words of two languages that no mail has, but for a
    /// few.
    private static func rules(_ count: Int, patterns: Int, asWords: Bool) -> [RuleDefinition] {
        (0..<count).map { number in
            let share = (number * patterns / count)..<((number + 1) * patterns / count)
            let operands = share.map { pattern -> LocatedText in
                let (english, chinese) = ("part\(pattern * 7919 % 99_991)x", "型号\(pattern)坏了")
                if pattern == 17 { return located("invoice") }
                if asWords { return located(pattern % 2 == 0 ? english : chinese) }
                return located(pattern % 2 == 0 ? "(?i)\\b\(english)s?\\b" : "\(chinese).{0,6}(修|换)")
            }
            return RuleDefinition(
                name: located("rule-\(number)"),
                condition: .all(
                    [
                        leaf("kind", "is", [located("customer")]),
                        .any(
                            [
                                leaf("text", asWords ? "contains" : "matches", operands),
                                leaf("from", "is", [located("@customer\(number).example")]),
                            ], at: place),
                    ], at: place), effects: [EffectDefinition(key: located("tags"), values: [located("t\(number)")])])
        }
    }

    private static func leaf(_ key: String, _ operation: String, _ operands: [LocatedText]) -> ConditionDefinition {
        .leaf(LeafDefinition(key: located(key), operation: located(operation), operands: operands))
    }
}

private struct Mail: RuleInput {
    private let text: String

    init() {
        let sentences = [
            "Dear all, the invoice of last month has a wrong amount, please send a corrected one.",
            "我们上个月订购的设备还没有到货，请尽快告诉我们什么时候可以发货。", "The part that you sent does not fit our machine.",
            "请把发票寄到新的地址，谢谢。",
        ]
        var text = ""
        var number = 0
        while text.utf8.count < 8192 {
            text += sentences[number % sentences.count] + " (\(number))\n"
            number += 1
        }
        self.text = text
    }

    func values(_ key: RuleKey) -> [String] {
        switch key {
        case .kind: ["customer"]
        case .subject: ["发票 / invoice"]
        case .text: [text]
        case .from: ["ada@example.com", "Ada Example"]
        default: []
        }
    }
}

private func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
