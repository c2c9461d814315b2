import ArgumentParser
import ConfigLoading
import Daemon
import Foundation
import Storage

/// Is everything on the servers in the ledger?
struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Compare the servers' messages with the ledger, and name every difference.",
        discussion: """
            With --repair what is missing is taken: by the running daemon within a minute, or at once where none runs.

            Exit code 0 when nothing is missing, 65 when a message is, 75 when a mailbox could not be compared.
            """)
    @OptionGroup var config: ConfigOptions
    @Flag(help: "Print one JSON object a mailbox.") var json = false
    @Flag(help: "Have what is missing taken now.") var repair = false

    func run() async throws {
        let loaded = try config.load()
        if repair { try await repair(loaded) }
        let reconciliation: Reconciliation
        do {
            reconciliation = try Reconciliation(config: loaded, logger: ConfigOptions.silent)
        } catch {
            printError("postroom reconcile: \(error)")
            throw ExitStatus.ioError
        }
        let findings = await reconciliation.run()
        if json {
            for finding in findings { print(try compactJSON(finding)) }
        } else {
            print(table(findings).rendered())
            for finding in findings where !finding.isClean { describe(finding) }
        }
        if findings.contains(where: { !$0.missing.isEmpty }) { throw ExitStatus.dataError }
        if findings.contains(where: { $0.failure != nil }) { throw ExitStatus.temporary }
    }

    private func repair(_ loaded: Config) async throws {
        do {
            if Store.serviceProcess(loaded.storage) != nil {
                let store = try Store.open(loaded.storage, role: .command, logger: ConfigOptions.silent)
                try store.requestReconciliation(now: Date())
                store.close()
                printError("the running daemon was asked; look again in a minute")
            } else {
                let daemon = try Daemon(
                    config: loaded, isolatedArguments: Serve.isolatedArguments(config.folder),
                    environment: ProcessInfo.processInfo.environment, logger: ConfigOptions.silent,
                    reload: { loaded })
                if await !daemon.repair() { printError("not every mailbox could be read; see below") }
                daemon.close()
            }
        } catch {
            printError("postroom reconcile --repair: \(error)")
            throw ExitStatus.ioError
        }
    }

    private func table(_ findings: [Reconciliation.Finding]) -> Table {
        var table = Table([
            .init("mailbox"), .init("on server", .right), .init("recorded", .right), .init("waiting", .right),
            .init("parked", .right), .init("gone", .right), .init("missing", .right),
        ])
        for finding in findings {
            table.add([
                "\(finding.account)/\(finding.mailbox)", "\(finding.onServer)", "\(finding.recorded)",
                "\(finding.waiting)", "\(finding.parked)", "\(finding.gone)", "\(finding.missing.count)",
            ])
        }
        return table
    }

    private func describe(_ finding: Reconciliation.Finding) {
        let name = "\(finding.account)/\(finding.mailbox)"
        if let failure = finding.failure { printError("\(name): \(failure)") }
        if !finding.missing.isEmpty {
            let shown = finding.missing.prefix(20).map(String.init).joined(separator: ", ")
            printError("\(name): not in the ledger: UID \(shown)\(finding.missing.count > 20 ? ", …" : "")")
        }
    }
}
