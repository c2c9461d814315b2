import ArgumentParser
import Classification
import ConfigLoading
import Foundation
import MailText
import Rules
import Triage
import Vocabulary

/// The admins' rules.
struct RulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "List the rules and run their tests.",
        subcommands: [RulesList.self, RulesTest.self], defaultSubcommand: RulesList.self)
}

struct RulesList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the rules in the order in which they are tried.")
    @OptionGroup var config: ConfigOptions
    @Flag(help: "Print one JSON object a rule.") var json = false

    private struct Row: Encodable {
        let name: String
        let location: String
        let condition: String
        let effects: [String]
        let stop: Bool
        let tests: Int
    }

    func run() async throws {
        let rules = try config.load(secrets: .skipped).triage.rules.rules
        if json {
            for rule in rules {
                print(
                    try compactJSON(
                        Row(
                            name: rule.name, location: "\(rule.location)", condition: rule.condition,
                            effects: rule.effects.map(\.forPeople), stop: rule.stop, tests: rule.testCount)))
            }
            return
        }
        guard !rules.isEmpty else { return print("no rules") }
        var table = Table([
            .init("rule", maximum: 30), .init("when", maximum: 60), .init("then", maximum: 50), .init("tests", .right),
            .init("where"),
        ])
        for rule in rules {
            let effects = rule.effects.map(\.forPeople).joined(separator: ", ") + (rule.stop ? ", stop" : "")
            table.add([rule.name, rule.condition, effects, "\(rule.testCount)", "\(rule.location)"])
        }
        print(table.rendered())
    }
}

struct RulesTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the tests that stand beside the rules.")
    @OptionGroup var config: ConfigOptions

    func run() async throws {
        let triage = try config.load(secrets: .skipped).triage
        let (rules, failures) = (triage.rules, triage.failedRuleTests())
        for failure in failures { printError("\(failure)") }
        let count = rules.rules.reduce(0) { $0 + $1.testCount }
        print("\(count) tests of \(rules.rules.count) rules, \(failures.count) failed")
        if !failures.isEmpty { throw ExitStatus.config }
    }
}

extension TriageOptions {
    /// The tests beside the rules that do not come out as their admin expects. Category and urgency of a test that names
    /// none are those that the lexicon finds.
    func failedRuleTests() -> [RuleProblem] {
        rules.runTests { subject, text in
            let scores = classify(subject: subject, text: writtenText(plain: text), lexicon: lexicon)
            return (scores.category, scores.urgency)
        }
    }
}

extension RuleEffect {
    /// As it stands in the file: `urgency: P1`.
    fileprivate var forPeople: String {
        switch self {
        case .category(let category): "category: \(category)"
        case .urgency(let urgency): "urgency: \(urgency)"
        case .importance(let importance): "importance: \(importance)"
        case .complexity(let complexity): "complexity: \(complexity)"
        case .tier(let tier): "tier: \(tier)"
        case .tags(let names): "tags: \(names.joined(separator: " "))"
        case .watch(let names): "watch: \(names.joined(separator: " "))"
        case .moveTo(let mailbox): "move_to: \(mailbox)"
        case .due(let time): "due: \(time)"
        case .resolution(let time): "solved: \(time)"
        case .holdReply(let why): "hold_reply: \(why)"
        case .team(let team): "team: \(team)"
        case .assignee(let person): "assignee: \(person)"
        case .reply(let template): "reply: \(template)"
        case .noReply: "no reply"
        case .ask(let fields): "ask: \(fields.map(\.rawValue).joined(separator: " "))"
        case .ignore(let why): why.map { "ignore: \($0)" } ?? "ignore"
        case .quarantine: "quarantine"
        case .notify(let names): "notify: \(names.joined(separator: " "))"
        }
    }
}
