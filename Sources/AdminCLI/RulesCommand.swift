import ArgumentParser
import Classification
import ConfigLoading
import Foundation
import MailText
import Rules
import Storage
import Triage
import Vocabulary

/// The admins' rules.
struct RulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "List the rules, test them, and try them on stored mail.",
        subcommands: [RulesList.self, RulesTest.self, RulesReplay.self, RulesSchema.self],
        defaultSubcommand: RulesList.self)
}

struct RulesList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the rules in the order in which they are tried, with how often each matched.")
    @OptionGroup var config: ConfigOptions
    @Flag(help: "Print one JSON object a rule.") var json = false

    private struct Row: Encodable {
        let name: String
        let location: String
        let condition: String
        let effects: [String]
        let stop: Bool
        let tests: Int
        /// Null where there is no store.
        let hits: Int?
        let lastHit: Date?

        enum CodingKeys: String, CodingKey {
            case name, location, condition, effects, stop, tests, hits
            case lastHit = "last_hit"
        }
    }

    func run() async throws {
        let loaded = try config.load(secrets: .skipped)
        let hits = try hits(loaded)
        let rows = loaded.triage.rules.rules.map { rule in
            Row(
                name: rule.name, location: "\(rule.location)", condition: rule.condition,
                effects: rule.effects.map(\.forPeople), stop: rule.stop, tests: rule.testCount,
                hits: hits.map { $0[rule.name]?.hits ?? 0 }, lastHit: hits?[rule.name]?.lastAt)
        }
        if json {
            for row in rows { print(try compactJSON(row)) }
            return
        }
        guard !rows.isEmpty else { return print("no rules") }
        var table = Table([
            .init("rule", maximum: 30), .init("when", maximum: 56), .init("then", maximum: 44), .init("tests", .right),
            .init("hits", .right), .init("last hit"), .init("where"),
        ])
        for row in rows {
            table.add([
                row.name, row.condition, row.effects.joined(separator: ", ") + (row.stop ? ", stop" : ""),
                "\(row.tests)", row.hits.map(String.init) ?? "-",
                row.lastHit.map { moment($0, loaded.timeZone) } ?? "-", row.location,
            ])
        }
        print(table.rendered())
    }

    /// Nil where there is no store yet.
    private func hits(_ loaded: Config) throws -> [String: RuleHits]? {
        guard FileManager.default.fileExists(atPath: loaded.storage.databasePath) else { return nil }
        return try found { () throws(StorageError) in
            try Store.open(loaded.storage, role: .command, logger: ConfigOptions.silent).ruleHits()
        }
    }
}

struct RulesTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the tests that stand beside the rules, or show what the rules do with a mail.",
        discussion: """
            Without FILE: the tests of all rules. FILE may be a rule file (.yaml) that is not in force yet: its tests are \
            run, with the teams, templates and categories of the configuration. Of a message (.eml, mbox, Maildir, folder \
            or -) is shown which rules match, nearly match, and are not reached.
            """)
    @OptionGroup var config: ConfigOptions
    @Flag(help: "Print one JSON object a message.") var json = false
    @Argument(help: "A rule file, or a message.") var file: String?

    func run() async throws {
        if let file, !file.hasSuffix(".yaml") { return try show(file) }
        let rules = try file.map(absolute)
        let loaded = try config.load(secrets: .skipped, rules: rules)
        for warning in loaded.warnings { printError("warning: \(warning)") }
        let failures = loaded.triage.failedRuleTests()
        for failure in failures { printError("\(failure)") }
        let all = loaded.triage.rules.rules
        let count = all.reduce(0) { $0 + $1.testCount }
        print("\(count) tests of \(all.count) rules, \(failures.count) failed")
        if !failures.isEmpty { throw ExitStatus.config }
    }

    private func show(_ file: String) throws {
        let triage = try config.load(secrets: .skipped).triage
        do {
            try MessageFiles.each(in: file) { id, bytes in
                let report = TryReport(id: id, bytes: bytes, options: triage, now: nil)
                print(json ? try compactJSON(report.rules) : "\(id)\n" + report.rules.forPeople() + "\n")
            }
        } catch let error as MessageFiles.Failure {
            printError("postroom rules test: \(error.description)")
            throw ExitStatus.noInput
        }
    }
}

struct RulesSchema: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print a JSON schema of rule files, for editors.",
        discussion: """
            Save it once and name it in the first line of each rule file; editors with a YAML language server then complete \
            keys and mark mistakes:

              postroom rules schema > /etc/postroom/rules.schema.json
              # yaml-language-server: $schema=../rules.schema.json
            """)
    @OptionGroup var config: TryOptions

    func run() async throws {
        let known = FileManager.default.fileExists(atPath: config.config.folder + "/postroom.yaml")
        let categories = known ? try config.config.load(secrets: .skipped).categories : Category.shipped
        print(try RuleSchema(language: RuleLanguage(categories: categories)).json())
    }
}

/// The path from the root: rule files are otherwise named from the configuration's folder.
func absolute(_ path: String) throws -> String {
    let full = URL(fileURLWithPath: path).standardizedFileURL.path
    guard FileManager.default.fileExists(atPath: full) else {
        printError("postroom: there is no file or folder \(path)")
        throw ExitStatus.noInput
    }
    return full
}

extension TriageOptions {
    /// The tests beside the rules that do not come out as their admin expects. Category and urgency of a test that names
    /// none are those that the lexicon finds.
    func failedRuleTests() -> [RuleProblem] {
        rules.runTests { subject, text in
            let scores = classify(subject: subject, text: writtenText(plain: text, phrases: phrases), lexicon: lexicon)
            return (scores.category, scores.urgency)
        }
    }
}

extension RuleEffect {
    /// As it stands in the file: `urgency: P1`.
    var forPeople: String {
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
