import ConfigLoading
import CurlTransport
import Daemon
import Digest
import Foundation
import IMAPClient
import Storage
import Synchronization
import TestSupport
import Vocabulary

/// A daemon, a store in a folder of its own and a fake server, and what became of the mail in the end.
final class Trial: Sendable {
    let server: FakeIMAPServer
    let folder: TemporaryFolder
    let log = CollectedLog()
    let config: Config
    /// Problems that the steps of a row have found themselves.
    let complaints = Mutex<[String]>([])
    private let daemon = Mutex<Daemon?>(nil)
    private let observer = Mutex<Store?>(nil)
    private let endings = Mutex<[@Sendable () -> Void]>([])

    static let keyword = "$PostroomDone"
    static let inbox = MailboxName("INBOX")

    init(
        _ server: FakeIMAPServer, store: String? = nil, change: (inout Config) -> Void = { _ in },
        account: (inout AccountOptions) -> Void = { _ in }
    ) throws {
        self.server = server
        folder = try TemporaryFolder()
        var options = try Self.account(port: server.port)
        account(&options)
        var config = Config(
            accounts: [options], submission: nil,
            storage: StorageOptions(directory: store ?? folder.path + "/state", busyTimeout: .milliseconds(200)),
            triage: Config.builtInTriage)
        change(&config)
        self.config = config
    }

    static func account(port: Int, name: String = "support") throws -> AccountOptions {
        guard let address = EmailAddress("support@example.com") else { throw TrialError(text: "no address") }
        return AccountOptions(
            name: AccountName(name), endpoint: Endpoint(host: "127.0.0.1", port: port, security: .none),
            credentials: Credentials(user: "support@example.com", secret: Secret("correct horse")), address: address,
            start: .all, pollInterval: .seconds(30), idleRenewal: .seconds(20), connectTimeout: .seconds(5),
            commandTimeout: .seconds(5))
    }

    deinit {
        observer.withLock { $0?.close() }
        for ending in endings.withLock({ $0 }) { ending() }
    }

    /// What must be undone before the folder goes.
    func atEnd(_ ending: @escaping @Sendable () -> Void) { endings.withLock { $0.append(ending) } }

    func complain(_ text: String) { complaints.withLock { $0.append(text) } }

    func expect(_ condition: Bool, _ text: @autoclosure () -> String) { if !condition { complain(text()) } }

    // MARK: - Running

    /// The daemon; opened when there is none.
    func running() throws -> Daemon {
        try daemon.withLock { daemon in
            if let daemon { return daemon }
            let reload = config
            let opened = try Daemon(
                config: config, isolatedArguments: Program.understandMarked, environment: [:], logger: log.logger,
                reload: { reload })
            daemon = opened
            return opened
        }
    }

    /// Lets go of the store, so that the next use opens it anew, as after a restart.
    func stop() { daemon.withLock { $0 = nil } }

    /// One `serve --once`. True when every mailbox was read to its end.
    @discardableResult
    func drain() async throws -> Bool {
        let summary = await (try running()).drainOnce()
        try expectCursorBehindRecorded()
        return summary.exit == 0
    }

    /// Runs again until a run is clean, and then once more, which must change nothing.
    func drainUntilDone(atMost limit: Int = 6) async throws {
        var runs = 1
        while try await !drain(), runs < limit { runs += 1 }
        let (outcome, commands) = (try measured(), server.state.commands.count)
        try await drain()
        let after = try measured()
        expect(outcome == after, "one more run changed \(outcome) to \(after)")
        expect(server.state.commands.count > commands, "one more run asked nothing")
    }

    /// The daemon as a service, as long as `body` takes.
    func serving(_ body: @Sendable @escaping () async throws -> Void) async throws {
        let daemon = try running()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = await daemon.serve() }
            defer { group.cancelAll() }
            try await body()
        }
        try expectCursorBehindRecorded()
    }

    /// Waits until so many messages are marked or moved on the server.
    func awaitTold(_ count: Int, patience: Duration = .seconds(8)) async {
        let watched = config.accounts.flatMap(\.mailboxes).map(\.rawValue)
        let came = await server.watched.wait(patience: patience) { Self.told($0, watched) >= count }
        expect(came, "only \(Self.told(server.state, watched)) of \(count) were told in \(patience)")
    }

    /// Waits until a client idles on every mailbox.
    func awaitIdling(_ count: Int = 1, patience: Duration = .seconds(8)) async {
        let came = await server.watched.wait(patience: patience) { $0.idling >= count }
        expect(came, "nobody idled within \(patience)")
    }

    // MARK: - What became of it

    private static func told(_ state: FakeIMAPState, _ watched: [String]) -> Int {
        state.mailboxes.reduce(0) { sum, entry in
            let isSource = watched.contains(entry.key)
            return sum + entry.value.messages.count { !isSource || $0.flags.contains(keyword) }
        }
    }

    /// The store as a command beside the daemon sees it.
    func store() throws -> Store {
        try observer.withLock { observer in
            if let observer { return observer }
            let opened = try Store.open(config.storage, role: .command, logger: log.logger)
            observer = opened
            return opened
        }
    }

    func measured() throws -> Outcome {
        let store = try store()
        let status = try store.status(), state = server.state
        var outcome = Outcome(recorded: status.deliveries.values.reduce(0, +))
        outcome.parked = status.deliveries["parked"] ?? 0
        outcome.recorded -= outcome.parked
        outcome.tickets = status.tickets.values.reduce(0, +)
        outcome.waiting = try waiting(store, state).count
        outcome.told = Self.told(state, config.accounts.flatMap(\.mailboxes).map(\.rawValue))
        let onServer = Set(state.mailboxes.values.flatMap(\.messages).map { sha256($0.bytes) })
        outcome.gone = try state.delivered.count { message in
            let digest = sha256(message.bytes)
            return try !onServer.contains(digest) && store.rawMessage(digest) == nil
        }
        return outcome
    }

    /// What stands in the watched mailboxes and not in the ledger, as `INBOX 4`.
    private func waiting(_ store: Store, _ state: FakeIMAPState, upToCursor: Bool = false) throws -> [String] {
        var found: [String] = []
        for account in config.accounts where account.endpoint.port == server.port {
            for name in account.mailboxes {
                guard let mailbox = state.mailboxes[name.rawValue] else { continue }
                let ledger = try store.ledger(account: account.name, mailbox: name)
                let isCurrent = ledger?.uidValidity.rawValue == mailbox.uidValidity
                for message in mailbox.messages {
                    let uid = UID(message.uid)
                    if upToCursor, !isCurrent || uid > ledger?.cursor ?? UID(0) { continue }
                    if isCurrent, ledger?.recorded.contains(where: { $0.contains(uid) }) == true { continue }
                    found.append("\(name) \(uid)")
                }
            }
        }
        return found
    }

    /// Promise 1: the cursor never passes what is neither recorded nor gone.
    func expectCursorBehindRecorded() throws {
        guard let store = try? store() else { return }
        for name in try waiting(store, server.state, upToCursor: true) {
            complain("the cursor passed \(name), which is not recorded")
        }
    }

    /// What must hold whatever the server did.
    func brokenPromises(headsOnly: Bool = false) throws -> [String] {
        var problems = complaints.withLock { $0 } + server.state.clientErrors.map { "client: \($0)" }
        guard let store = try? store() else { return problems + ["there is no store"] }
        problems += try store.checkConsistency(deep: true)
        guard !headsOnly else { return problems }
        let waiting = Set(try waiting(store, server.state))
        let parked = Set(try store.parked().map { "\($0.locator.mailbox) \($0.locator.uid)" })
        let onServer = Set(server.state.mailboxes.values.flatMap(\.messages).map { sha256($0.bytes) })
        for message in server.state.delivered {
            let name = "\(message.mailbox) \(message.uid)", digest = sha256(message.bytes)
            if waiting.contains(name) || parked.contains(name) || !onServer.contains(digest) { continue }
            if try store.rawMessage(digest) != message.bytes {
                problems.append("\(name) is not archived as it was sent")
            }
        }
        return problems
    }
}

struct TrialError: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}

/// How a trial ends, in numbers of messages.
struct Outcome: Sendable, Equatable, CustomStringConvertible {
    /// In the ledger, in any state but parked.
    var recorded = 0
    var parked = 0
    /// No longer on the server, and never taken.
    var gone = 0
    /// On the server, and not taken.
    var waiting = 0
    /// Marked, or moved, on the server.
    var told = 0
    var tickets = 0

    init(recorded: Int, parked: Int = 0, gone: Int = 0, waiting: Int = 0, told: Int? = nil, tickets: Int? = nil) {
        (self.recorded, self.parked, self.gone, self.waiting) = (recorded, parked, gone, waiting)
        self.told = told ?? recorded
        self.tickets = tickets ?? recorded + parked
    }

    var description: String {
        let others = [(parked, "parked"), (gone, "gone"), (waiting, "waiting")].filter { $0.0 != 0 }
        let all = [(recorded, "recorded")] + others + [(told, "told"), (tickets, "tickets")]
        return all.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
