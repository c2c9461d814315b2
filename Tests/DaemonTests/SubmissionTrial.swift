import ConfigLoading
import CurlTransport
import Foundation
import Replies
import SMTPClient
import Storage
import TestSupport
import Testing
import Triage
import Vocabulary

@testable import Daemon

/// Queued replies, the real outbox service, and scripted relays: what becomes of the mails.
final class SubmissionTrial {
    let store: Store
    let log = CollectedLog()
    let shared: DaemonShared
    private let folder: TemporaryFolder

    /// So many receipts wait in the outbox, each for a customer of another domain unless `domain` says which.
    init(mails: Int, domain: String?, relays: [SubmissionOptions], change: (inout Config) -> Void) throws {
        folder = try TemporaryFolder()
        var config = try loadConfig(
            directory: Checkout.root.appending(path: "etc/postroom").path, environment: [:], secrets: .skipped)
        config.relays = relays
        config.triage.replies.requiresApproval = false
        config.outbox = OutboxOptions()
        config.storage = StorageOptions(directory: folder.path + "/state")
        change(&config)
        store = try Store.open(config.storage, role: .service, logger: log.logger)
        shared = DaemonShared(
            config: config, writer: StoreWriter(store),
            isolated: IsolatedUnderstanding(arguments: Program.understandMarked), logger: log.logger)
        try queue(mails, domain, config.triage)
    }

    deinit { store.close() }

    private func queue(_ count: Int, _ domain: String?, _ triage: TriageOptions) throws {
        let (account, inbox, now) = (AccountName("support"), MailboxName("INBOX"), Date())
        _ = try store.openMailbox(
            account: account, mailbox: inbox, uidValidity: UIDValidity(1), baseline: nil, now: now)
        let arrivals = (1...count).map { number in
            let writer = "ada\(number)@\(domain ?? "shop\(number).example")"
            let bytes = Array(
                """
                From: <\(writer)>\r
                To: support@example.com\r
                Subject: Price list \(number)\r
                Message-ID: <\(number)@shop.example>\r
                \r
                Please send me your price list.\r\n
                """.utf8)
            let understanding = understand(bytes, options: triage)
            return Arrival(
                uid: UID(UInt32(number)), arrivedAt: now, size: bytes.count,
                content: .understood(
                    understanding, ArchiveBlob.compress(bytes, digest: understanding.rawDigest)))
        }
        let batch = ArrivalBatch(
            account: account, mailbox: inbox, uidValidity: UIDValidity(1), arrivals: arrivals,
            coveredThrough: UID(UInt32(count)))
        _ = try store.record(batch, options: triage, mode: .act, now: now)
    }

    /// Sends what is due, once.
    func run() async { await OutboxService(shared: shared).drainOnce() }

    /// State and attempts of each mail, as `accepted 1`.
    func states() throws -> [String] {
        try store.outboxItems().reversed().map { "\($0.state) \($0.attempts)" }
    }
}

/// One row: what the relays do, and how it must end.
struct SubmissionRow: Sendable, CustomTestStringConvertible {
    let name: String
    /// A dialogue each; a nil is a port on which nobody listens.
    var relays: [String?]
    var mails = 1
    var domain: String?
    /// State and attempts of each mail.
    let ends: [String]
    /// Mails that each relay has got to the dot.
    let got: [Int]
    /// Alarms that stand in the end.
    var alarms = 0
    /// Notices to the owners of tickets.
    var notices = 0
    var security = Endpoint.Security.none
    var credentials = false
    var change: @Sendable (inout Config) -> Void = { _ in }
    /// What an operator does in between; the outbox is run again after it.
    var then: (@Sendable (SubmissionTrial) throws -> Void)?

    var testDescription: String { name }

    func play() async throws -> [String] {
        let servers = try relays.map { try $0.map { try ScriptedServer(Dialogue(text: $0), patience: .seconds(5)) } }
        let free = try ScriptedServer("S: 220 x")
        let closedPort = free.port
        free.stop()
        let options = servers.map { server in
            SubmissionOptions(
                endpoint: Endpoint(host: "127.0.0.1", port: server?.port ?? closedPort, security: security),
                credentials: credentials ? Credentials(user: "post", secret: Secret("secret")) : nil,
                heloName: "post.example.com", timeouts: SubmissionTimeouts(all: .milliseconds(400)))
        }
        let trial = try SubmissionTrial(mails: mails, domain: domain, relays: options, change: change)
        await trial.run()
        if let then {
            try then(trial)
            await trial.run()
        }
        var differences: [String] = []
        func compare<Value: Equatable>(_ what: String, _ found: Value, _ wanted: Value) {
            if found != wanted { differences.append("\(what): \(found), not \(wanted)") }
        }
        compare("mails", try trial.states(), ends)
        for server in servers { server?.stop() }
        compare("got", servers.map { $0?.messages.count ?? 0 }, got)
        compare("alarms", try trial.store.alarms().count, alarms)
        let notices = try trial.store.dueNotices(now: Date() + 7200, domain: "example.com")
        compare("notices", notices.filter { $0.person != nil }.count, self.notices)
        differences += servers.compactMap { $0 }.flatMap(\.mismatches)
        differences += try trial.store.checkConsistency()
        if !differences.isEmpty { differences.append(trial.log.lines.value.suffix(6).joined(separator: " | ")) }
        return differences
    }
}
