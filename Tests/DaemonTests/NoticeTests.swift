import ConfigLoading
import Correspondence
import CurlTransport
import Foundation
import IMAPClient
import SMTPClient
import Storage
import TestSupport
import Testing
import Triage
import Vocabulary

@testable import Daemon

/// Mail to the operators, and test mail, over a real relay into a real mailbox.
@Suite("Notices", .serialized)
struct NoticeTests {
    private static func daemon(
        _ host: MailHost, _ folder: TemporaryFolder, log: CollectedLog, _ change: (inout Config) -> Void
    ) throws -> (Daemon, Config) {
        let address = try #require(EmailAddress("support@\(host.domain)"))
        let account = AccountOptions(
            name: AccountName("support"), endpoint: Endpoint(host: "127.0.0.1", port: host.imapPort, security: .none),
            credentials: Credentials(user: host.user, secret: Secret(host.password)), address: address, start: .all,
            pollInterval: .milliseconds(200))
        var triage = Config.builtInTriage
        triage.identity = OwnIdentity(addresses: [address], messageIDDomain: "post.\(host.domain)")
        var config = Config(
            accounts: [account],
            submission: SubmissionOptions(
                endpoint: Endpoint(host: "127.0.0.1", port: host.smtpPort, security: .none)),
            storage: StorageOptions(directory: folder.path + "/state"), triage: triage)
        change(&config)
        let reload = config
        let daemon = try Daemon(
            config: config, isolatedArguments: Program.understandMarked, environment: [:], logger: log.logger,
            reload: { reload })
        return (daemon, config)
    }

    private static func serving(_ daemon: Daemon, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = await daemon.serve() }
            defer { group.cancelAll() }
            try await body()
        }
    }

    @Test("operators get one mail when a mailbox falls silent, and one when it is read again")
    func operators() async throws {
        let host = try MailHost()
        let folder = try TemporaryFolder()
        let log = CollectedLog()
        let (daemon, _) = try Self.daemon(host, folder, log: log) { config in
            config.alarms.silence = .milliseconds(700)
            config.operators = [EmailAddress("ops@elsewhere.example")].compactMap { $0 }
        }
        try await Self.serving(daemon) {
            try host.command("kill-imap")
            _ = await log.wait(for: "mailbox fell silent")
            _ = await log.wait(for: "operators were told")
            try host.command("restart-imap")
            _ = await log.wait(for: "mailbox spoke again")
            #expect(await log.wait(for: "operators were told", count: 2))
        }
        let mails = try host.sinkMessages(atLeast: 2)
        #expect(mails.map(\.recipients) == [["<ops@elsewhere.example>"], ["<ops@elsewhere.example>"]])
        let texts = mails.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(texts.count { $0.contains("no complete look for too long") } == 1)
        #expect(texts.count { $0.contains("Subject: [Postroom] support/INBOX: read to its end again") } == 1)
        #expect(texts.allSatisfy { $0.contains("Auto-Submitted: auto-generated") })
    }

    @Test("a test mail goes the whole way, is known as our own, and its absence would be an alarm")
    func canary() async throws {
        let host = try MailHost()
        let folder = try TemporaryFolder()
        let log = CollectedLog()
        let (daemon, config) = try Self.daemon(host, folder, log: log) { $0.alarms.canary = .seconds(3600) }
        try await Self.serving(daemon) { _ = await log.wait(for: "delivery recorded") }
        #expect(!log.lines(with: ["delivery recorded", "outcome=own"]).isEmpty)
        let store = try Store.open(config.storage, role: .command, logger: log.logger)
        let canary = try store.lastCanary(
            account: AccountName("support"), domain: config.triage.identity.messageIDDomain)
        #expect(canary?.hasArrived == true)
        #expect(try store.status().tickets.isEmpty, "no ticket, no receipt")
        store.close()
    }
}
