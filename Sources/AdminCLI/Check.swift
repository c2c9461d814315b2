import ArgumentParser
import ConfigLoading
import Daemon
import Foundation
import Replies
import Rules
import Storage
import Triage

/// Whether the configuration and the store are right.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration, the rules' own tests and the store.",
        discussion: """
            Every problem is reported at once as file:line:column. Secrets are read with --online only, so that the check \
            also runs where they are not. Exit code 78 when the configuration is bad, 65 when the store breaks one of its \
            invariants, 75 when a server could not be used.
            """)

    @OptionGroup var config: ConfigOptions
    @Flag(help: "Also expand and hash every archived message.") var deep = false
    @Flag(help: "Also connect to every server and log in; nothing is changed.") var online = false
    @Flag(help: "Print one JSON object.") var json = false

    private struct Report: Encodable {
        var config: String
        var rules: Int
        var ruleTests: Int
        var templates: [String]
        /// What could be better in them; no reason to refuse the configuration.
        var advice: [String]
        /// Templates whose replies are held until somebody approves them; nil when that is not asked, or there is no store.
        var unapproved: [String]?
        var accounts: [String]
        /// What can stand in them and is hardly meant.
        var warnings: [String]
        var problems: [String]
        var store: [String]?
        var online: [OnlineCheck.Finding]?
    }

    func run() async throws {
        let loaded = try config.load(secrets: online ? .required : .skipped)
        let triage = loaded.triage
        let failures = triage.failedRuleTests()
        var report = Report(
            config: triage.configVersion, rules: triage.rules.rules.count,
            ruleTests: triage.rules.rules.reduce(0) { $0 + $1.testCount }, templates: triage.templates.names,
            advice: triage.templates.advice.map(\.description), unapproved: nil, accounts: loaded.accountNames,
            warnings: loaded.warnings.map(\.description), problems: failures.map(\.description), store: nil, online: nil
        )
        if FileManager.default.fileExists(atPath: loaded.storage.databasePath) {
            let store = try found { () throws(StorageError) in
                try Store.open(loaded.storage, role: .command, logger: ConfigOptions.silent)
            }
            report.store = try found { () throws(StorageError) in try store.checkConsistency(deep: deep) }
            if triage.replies.requiresApproval {
                report.unapproved = try found { () throws(StorageError) in
                    try store.templateApprovals(triage.templates)
                }.filter { $0.approvedAt == nil }.map { "\($0.name) (\($0.language))" }
            }
        }
        if online { report.online = await OnlineCheck(config: loaded, logger: ConfigOptions.silent).run() }
        if json { print(try compactJSON(report)) } else { describe(report) }
        if !failures.isEmpty { throw ExitStatus.config }
        if report.store?.isEmpty == false { throw ExitStatus.dataError }
        if report.online?.contains(where: { !$0.ok }) == true { throw ExitStatus.temporary }
    }

    private func describe(_ report: Report) {
        for problem in report.problems { printError(problem) }
        for warning in report.warnings { printError("warning: " + warning) }
        print("configuration \(report.config) in \(config.folder): ok")
        print("  accounts   \(report.accounts.joined(separator: ", "))")
        print(
            "  rules      \(report.rules), with \(report.ruleTests) tests, \(report.problems.count) failed, "
                + "\(report.warnings.count) warning\(report.warnings.count == 1 ? "" : "s")")
        print("  templates  \(report.templates.joined(separator: ", "))")
        for line in report.advice { print("    advice: \(line)") }
        if let waiting = report.unapproved, !waiting.isEmpty {
            print("    not approved, so their replies are held: \(waiting.joined(separator: ", "))")
            print("    read them with `postroom templates render`, then: postroom templates approve NAME")
        }
        switch report.store {
        case nil: print("  store      not there yet; the daemon makes it")
        case .some(let wrong) where wrong.isEmpty: print("  store      every invariant holds")
        case .some(let wrong):
            print("  store      \(wrong.count) broken:")
            for line in wrong { print("    " + line) }
        }
        for finding in report.online ?? [] {
            print("  \(finding.ok ? "reached   " : "FAILED    ") \(finding.what): \(finding.said)")
        }
    }
}
