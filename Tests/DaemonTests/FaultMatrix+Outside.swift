import ConfigLoading
import CurlTransport
import Foundation
import Glibc
import IMAPClient
import Storage
import TestSupport
import Triage
import Vocabulary

// Trouble that is not the server's: the disk, the clock, the process, the certificate.

extension FaultMatrix {
    static let outside: [FaultRow] =
        [
            FaultRow(
                "another program holds the database for longer than we wait", gives: Outcome(recorded: 5),
                says: ["mailbox failed", "the database is locked"],
                act: { trial in
                    _ = try trial.running()
                    let holder = try await DatabaseHolder(trial.config.storage.databasePath)
                    trial.expect(try await !trial.drain(), "the lock was not noticed")
                    await holder.letGo()
                    try await trial.drainUntilDone()
                }),
            FaultRow(
                "another program holds the database for a moment", gives: Outcome(recorded: 5),
                config: { $0.storage.busyTimeout = .seconds(5) },
                act: { trial in
                    _ = try trial.running()
                    let holder = try await DatabaseHolder(trial.config.storage.databasePath)
                    async let reached = trial.drain()
                    // It has listed, and waits for the lock.
                    _ = await trial.server.watched.wait { $0.commands.contains { $0.hasPrefix("SELECT") } }
                    await holder.letGo()
                    trial.expect(try await reached, "it did not wait")
                    try await trial.drainUntilDone()
                }),
            FaultRow(
                "a second daemon is refused the store", gives: Outcome(recorded: 5),
                says: ["store could not be opened", "stop it first"],
                act: { trial in
                    try await trial.drainUntilDone()
                    let code = try await trial.runProgram()
                    trial.expect(code == 74, "it ended with \(code)")
                    try await trial.drainUntilDone()
                }),
            FaultRow(
                "a message kills the process, and then two children", gives: Outcome(recorded: 4, parked: 1),
                says: ["child failed on a message", "signal 6"],
                server: { $0.replace(3, with: CustomerMail.number(3, body: "deadly-nightshade")) },
                act: { trial in
                    let poison = ["POSTROOM_FAULT_SUBJECT": "deadly-nightshade"]
                    let first = try await trial.runProgram(poison)
                    trial.expect(first == 128 + SIGABRT, "the first run ended with \(first)")
                    let second = try await trial.runProgram(poison)
                    trial.expect(second == 0, "the second run ended with \(second)")
                }),
            killed("the process dies while messages are fetched", at: "fetch-after", says: "taking messages one"),
            killed("the process dies before a batch is committed", at: "commit-before", says: "taking messages one"),
            killed(
                "the process dies after the commit, before the server is told", at: "commit-after", says: "run started"),
            killed(
                "the process dies after the server is told, before that is noted", at: "acknowledge-told",
                says: "run started"),
            FaultRow(
                "the clock goes back by a day", gives: Outcome(recorded: 5),
                act: { trial in
                    try trial.recordFirst(at: Date() + 86_400)
                    try await trial.drainUntilDone()
                }),
            FaultRow(
                "the clock jumps ahead by a month", gives: Outcome(recorded: 5),
                act: { trial in
                    try trial.recordFirst(at: Date() - 30 * 86_400)
                    try await trial.drainUntilDone()
                }),
            FaultRow(
                "the certificate of another account is not to be trusted, so no password is sent",
                gives: Outcome(recorded: 5), says: ["mailbox failed", "certificate is not trusted"],
                config: { config in
                    guard var other = config.accounts.first else { return }
                    other.name = AccountName("untrusted")
                    other.endpoint = Endpoint(
                        host: "127.0.0.1", port: UntrustedServer.start(), security: .implicitTLS)
                    config.accounts.append(other)
                },
                act: { trial in
                    defer { UntrustedServer.stop() }
                    for _ in 1...2 { try await trial.drain() }
                }),
        ] + fullDisk

    private static var fullDisk: [FaultRow] {
        guard TinyDisk.isPossible else {
            print("skipped: only root may mount the small disk of the row about a full disk")
            return []
        }
        return [
            FaultRow(
                "the disk is full for a while", gives: Outcome(recorded: 5),
                says: ["mailbox failed", "the disk is full"],
                server: { state in
                    for number in 1...5 {
                        let body = CustomerMail.noise(700 << 10, seed: UInt64(number))
                        state.replace(UInt32(number), with: CustomerMail.number(number, body: body))
                    }
                },
                act: { trial in
                    let disk = try TinyDisk(trial.config.storage.directory, megabytes: 2)
                    trial.atEnd { disk.remove() }
                    trial.expect(try await !trial.drain(), "the full disk was not noticed")
                    try disk.grow(megabytes: 64)
                    try await trial.drainUntilDone()
                })
        ]
    }

    private static func killed(_ name: String, at point: String, says phrase: String) -> FaultRow {
        FaultRow(
            name, gives: Outcome(recorded: 5), says: [phrase],
            act: { trial in
                let code = try await trial.runProgram(["POSTROOM_FAULT": "\(point):1"])
                trial.expect(code == 128 + SIGKILL, "it ended with \(code)")
                try await trial.drainUntilDone()
            })
    }
}
