import ConfigLoading
import Foundation
import Glibc
import IMAPClient
import Synchronization
import TestSupport
import Testing

/// One row of the fault matrix: what goes wrong, and how it must end.
struct FaultRow: Sendable, CustomTestStringConvertible {
    let name: String
    let mails: Int
    let expected: Outcome
    /// Texts of one log line that must be there.
    let says: [String]
    let server: @Sendable (inout FakeIMAPState) -> Void
    let account: @Sendable (inout AccountOptions) -> Void
    let config: @Sendable (inout Config) -> Void
    let act: @Sendable (Trial) async throws -> Void
    /// Only the beginning of a message can be had, so the archive cannot hold all of it.
    let headsOnly: Bool
    /// Why the present daemon does not end as it should.
    let known: String?
    /// The known trouble comes by chance.
    let isChance: Bool

    var testDescription: String { name }

    /// Five mails wait unless `mails` says otherwise; `server` has them when it arranges its faults.
    init(
        _ name: String, mails: Int = 5, gives expected: Outcome, says: [String] = ["delivery recorded"],
        server: @escaping @Sendable (inout FakeIMAPState) -> Void = { _ in },
        account: @escaping @Sendable (inout AccountOptions) -> Void = { _ in },
        config: @escaping @Sendable (inout Config) -> Void = { _ in }, headsOnly: Bool = false, known: String? = nil,
        isChance: Bool = false,
        act: @escaping @Sendable (Trial) async throws -> Void = { try await $0.drainUntilDone() }
    ) {
        (self.name, self.mails, self.expected, self.says) = (name, mails, expected, says)
        (self.server, self.account, self.config, self.act) = (server, account, config, act)
        (self.headsOnly, self.known, self.isChance) = (headsOnly, known, isChance)
    }

    /// Plays the row; what differs fails the test, unless it is known.
    @discardableResult
    func verify() async throws -> [String] {
        let differences = try await play()
        func report() { for difference in differences { Issue.record("\(name): \(difference)") } }
        if let known {
            withKnownIssue(Comment(rawValue: known), isIntermittent: isChance) { report() }
        } else {
            report()
        }
        return differences
    }

    /// Plays the row. What differs from the expectation, in words; empty when nothing does.
    func play() async throws -> [String] {
        let fake = try FakeIMAPServer { state in
            for number in 0..<mails { state.add(CustomerMail.number(number + 1)) }
            server(&state)
        }
        defer { fake.stop() }
        let trial = try Trial(fake, change: config, account: account)
        defer { trial.stop() }
        try await act(trial)
        let outcome = try trial.measured()
        var differences = try trial.brokenPromises(headsOnly: headsOnly)
        if outcome != expected { differences.append("gave \(outcome)") }
        if trial.log.lines(with: says).isEmpty {
            differences.append("no log line says \(says.joined(separator: " … "))")
        }
        if !differences.isEmpty, ProcessInfo.processInfo.environment["POSTROOM_FAULT_LOG"] != nil {
            print("--- \(name)\n" + (trial.log.lines.value + fake.state.commands).joined(separator: "\n"))
        }
        return differences
    }
}

/// The file that `scripts/faults` prints as a table; without its name in the environment nothing is written.
enum FaultTable {
    private static let path = ProcessInfo.processInfo.environment["POSTROOM_FAULT_TABLE"]
    private static let lock = Mutex(())

    static func add(_ row: FaultRow, differences: [String], took: Duration) {
        add(row.name, expected: row.expected.description, differences: differences, took: took)
    }

    static func add(_ name: String, expected: String, differences: [String], took: Duration) {
        guard let path else { return }
        let shown = differences.isEmpty ? "as expected" : differences.joined(separator: "; ")
        let line = [name, expected, shown, "\(took / .milliseconds(1))"].map {
            $0.replacing("\t", with: " ")
        }
        .joined(separator: "\t")
        lock.withLock { _ in
            guard let file = fopen(path, "a") else { return }
            fputs(line.replacing("\n", with: " ") + "\n", file)
            fclose(file)
        }
    }
}
