import ConfigLoading
import CurlTransport
import Foundation
import IMAPClient
import Storage
import Synchronization
import TestSupport
import Testing
import Vocabulary

@testable import Daemon

/// Several mailboxes of an account, and what operators are told of them.
@Suite("Lanes and alarms")
struct LaneTests {
    private static let three = ["INBOX", "Sales", "Billing"].map { MailboxName($0) }

    private static func server(limit: Int? = nil) throws -> FakeIMAPServer {
        try FakeIMAPServer { state in
            for (index, name) in three.map(\.rawValue).enumerated() {
                state.add(CustomerMail.number(index + 1), to: name)
            }
            if let limit { state.connectionLimit = limit }
        }
    }

    @Test("with a cap of one connection all mailboxes are read, and news in each of them is found")
    func oneConnection() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let trial = try Trial(
            server,
            account: { account in
                account.mailboxes = Self.three
                account.maxConnections = 1
                account.pollInterval = .milliseconds(150)
            })
        try await trial.serving {
            await trial.awaitTold(3)
            server.deliver(CustomerMail.number(11), to: "Billing")
            server.deliver(CustomerMail.number(12), to: "Sales")
            server.deliver(CustomerMail.number(13))
            await trial.awaitTold(6)
        }
        #expect(server.state.mostOpen == 1)
        #expect(
            server.state.commands.contains { $0.contains("STATUS") }, "the others are asked for without opening them")
        #expect(try trial.measured().recorded == 6)
        #expect(try trial.brokenPromises(headsOnly: false) == [])
        #expect(trial.complaints.withLock { $0 } == [])
    }

    @Test("a first mailbox that is always busy does not keep the others waiting")
    func busyFirst() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let trial = try Trial(
            server,
            account: { account in
                account.mailboxes = Self.three
                account.maxConnections = 1
                account.pollInterval = .milliseconds(600)
            })
        try await trial.serving {
            await trial.awaitTold(3)
            server.deliver(CustomerMail.number(500), to: "Sales")
            // Each mail comes as soon as the one before is dealt with, so that no wait ever ends without news.
            for number in 11...200 where server.state.mailboxes["Sales"]?.messages.last?.flags.isEmpty == true {
                let uid = server.deliver(CustomerMail.number(number))
                _ = await server.watched.wait(patience: .seconds(8)) { state in
                    state.inbox.message(uid)?.flags.isEmpty == false
                }
            }
        }
        #expect(server.state.mailboxes["Sales"]?.messages.last?.flags.contains(Trial.keyword) == true)
    }

    @Test("mail of a second mailbox that could not be marked is marked at the next poll")
    func toldLater() async throws {
        let server = try Self.server()
        defer { server.stop() }
        server.change { $0.faults = [.refuse("UID STORE", with: "NO [INUSE] somebody else writes", times: 3)] }
        let trial = try Trial(
            server,
            account: { account in
                account.mailboxes = Self.three
                account.maxConnections = 1
                account.pollInterval = .milliseconds(150)
            })
        try await trial.serving { await trial.awaitTold(3) }
        #expect(trial.complaints.withLock { $0 } == [])
    }

    @Test("where the server allows fewer connections than our cap, the mailboxes share those")
    func turnedAway() async throws {
        let server = try Self.server(limit: 1)
        defer { server.stop() }
        let trial = try Trial(
            server,
            account: { account in
                account.mailboxes = Self.three
                account.pollInterval = .milliseconds(150)
            })
        try await trial.serving {
            await trial.awaitTold(3)
            server.deliver(CustomerMail.number(11), to: "Billing")
            await trial.awaitTold(4)
        }
        #expect(!trial.log.lines(with: ["its mailboxes are left to another connection"]).isEmpty)
        #expect(try trial.measured().recorded == 4)
        #expect(trial.complaints.withLock { $0 } == [])
    }

    @Test("a mailbox that does not exist is no trouble for the others of its connection")
    func oneIsMissing() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let trial = try Trial(
            server,
            account: { account in
                account.mailboxes = Self.three + [MailboxName("Gone")]
                account.maxConnections = 1
                account.pollInterval = .milliseconds(150)
            })
        try await trial.serving {
            await trial.awaitTold(3)
            server.deliver(CustomerMail.number(11))
            await trial.awaitTold(4)
        }
        #expect(trial.log.lines(with: ["mailbox failed", "Gone"]).count == 1, "said once, not at every poll")
    }

    @Test("silence is noticed, told once, and taken back")
    func silence() async throws {
        let server = try FakeIMAPServer { $0.add(CustomerMail.number(1)) }
        defer { server.stop() }
        let trial = try Trial(
            server, change: { $0.alarms.silence = .milliseconds(400) },
            account: {
                $0.pollInterval = .milliseconds(50)
                $0.commandTimeout = .milliseconds(100)
            })
        try await trial.serving {
            await trial.awaitTold(1)
            server.change { $0.faults = [.refuse("SELECT", with: "NO closed for repair", times: .max)] }
            server.order(.drop)
            _ = await trial.log.wait(for: "mailbox fell silent")
            server.change { $0.faults = [] }
            _ = await trial.log.wait(for: "mailbox spoke again")
        }
        let notices = try trial.store().dueNotices(now: Date(), domain: "example.com")
        #expect(notices.map(\.subject).map { $0.contains("no complete look") } == [true, false])
        #expect(notices.first?.text.contains("The last failure: account support") == true, "\(notices)")
        #expect(try trial.store().alarms().isEmpty)
        #expect(trial.log.lines(with: ["mailbox fell silent"]).count == 1)
    }

    @Test("a backlog that takes longer than the alarm waits is no silence")
    func backlog() async throws {
        let server = try FakeIMAPServer { state in
            for number in 1...12 { state.add(CustomerMail.number(number)) }
            state.faults = [.late("UID FETCH", by: .milliseconds(100))]
        }
        defer { server.stop() }
        let trial = try Trial(
            server, change: { $0.alarms.silence = .milliseconds(600) },
            account: { $0.fetchLimits = FetchLimits(messages: 1, window: 1) })
        try await trial.serving { await trial.awaitTold(12) }
        #expect(trial.log.lines(with: ["mailbox fell silent"]).isEmpty)
        #expect(try trial.measured().recorded == 12)
    }

    @Test("the mark of another installation raises an alarm, our own does not")
    func foreignMark() async throws {
        let server = try FakeIMAPServer { $0.add(CustomerMail.number(1)) }
        defer { server.stop() }
        let trial = try Trial(server)
        try await trial.drain()
        #expect(server.state.inbox.messages[0].flags.contains { $0.hasPrefix("$PostroomBy-") })
        try await trial.drain()
        #expect(try trial.store().alarms().isEmpty)
        let uid = server.deliver(CustomerMail.number(2))
        server.change { state in state.inbox.edit(uid) { $0.flags.insert("$PostroomBy-00000000") } }
        try await trial.drain()
        try await trial.drain()
        #expect(try trial.store().alarms().map(\.kind) == [.foreignInstance])
        #expect(try trial.store().dueNotices(now: Date(), domain: "example.com").count == 1)
        #expect(try trial.measured().recorded == 2, "it is recorded all the same")
        try await trial.serving { _ = await trial.log.wait(for: "no sign of another installation") }
        #expect(try trial.store().alarms().isEmpty, "the next start sees nothing of it")
    }

    @Test("a refused login is tried once, whatever the number of mailboxes")
    func refusedLogin() async throws {
        let server = try Self.server()
        defer { server.stop() }
        server.change {
            $0.faults = [.refuse("AUTHENTICATE", with: "NO [AUTHENTICATIONFAILED] no such user", times: .max)]
        }
        let trial = try Trial(server, account: { $0.mailboxes = Self.three })
        try await trial.serving {
            _ = await trial.log.wait(for: "mailbox failed")
        }
        #expect(trial.log.lines(with: ["mailbox failed"]).count == 1)
        #expect(server.state.commands.count { $0.hasPrefix("AUTHENTICATE") } == 1)
    }
}
