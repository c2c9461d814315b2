import CurlTransport
import IMAPClient
import TestSupport
import Testing
import Vocabulary

struct IdleTests {
    private var soon: ContinuousClock.Instant { .now + .milliseconds(100) }
    private var late: ContinuousClock.Instant { .now + .seconds(20) }

    private static let begin = "C: TAG IDLE\nS: + idling\n"
    private static let end = "C: DONE\nS: TAG OK done\n"

    @Test("new mail ends it")
    func news() async throws {
        try await Scripted.run(
            Self.begin + """
                S: * OK Still here
                S: * 2 RECENT
                S: * 1 EXPUNGE
                S: * 2 EXISTS
                S: * 1 FETCH (FLAGS (\\Seen))
                S: * 3 EXISTS
                """ + "\n" + Self.end
        ) { session, _ in
            try await #expect(session.idle(until: late) == .mailboxChanged)
        }
    }

    @Test("mail that came since the last listing ends it before it begins")
    func newsBefore() async throws {
        try await Scripted.run(
            """
            C: TAG UID FETCH 4:* *
            S: * 4 EXISTS
            S: TAG OK done
            """
        ) { session, _ in
            _ = try await session.messages(above: UID(3))
            try await #expect(session.idle(until: late) == .mailboxChanged)
        }
    }

    @Test("it ends in time")
    func deadline() async throws {
        try await Scripted.run(Self.begin + Self.end + Self.look(next: 10)) { session, _ in
            try await #expect(session.idle(until: soon) == .timeIsOver)
        }
    }

    /// What is asked when a wait is over without news.
    private static func look(next: Int) -> String {
        """
        C: TAG NOOP
        S: TAG OK nothing
        C: TAG STATUS "INBOX" (MESSAGES UIDNEXT UIDVALIDITY)
        S: * STATUS INBOX (MESSAGES 3 UIDNEXT \(next) UIDVALIDITY 7)
        S: TAG OK done

        """
    }

    @Test("a server that shows an open mailbox nothing new is caught by STATUS, and the mailbox opened anew")
    func stale() async throws {
        let again = "C: TAG SELECT \"INBOX\"\n" + Scripted.standardSelect
        try await Scripted.run(Self.begin + Self.end + Self.look(next: 11) + again) { session, _ in
            try await #expect(session.idle(until: soon) == .mailboxChanged)
            _ = try await session.opened(MailboxName("INBOX"))
            _ = try await session.opened(MailboxName("INBOX"))
        }
    }

    @Test("it is renewed meanwhile, and news between two are seen")
    func renewal() async throws {
        try await Scripted.run(
            Self.begin + Self.end + Self.begin + "C: DONE\nS: * 9 EXISTS\nS: TAG OK done",
            with: Setting(\.idleRenewal, .milliseconds(50))
        ) { session, _ in
            try await #expect(session.idle(until: late) == .mailboxChanged)
        }
    }

    @Test("an interruption ends it at once")
    func interruption() async throws {
        try await Scripted.run(Self.begin + Self.end) { session, _ in
            async let idling = session.idle(until: late)
            session.interrupt()
            try await #expect(idling == .interrupted)
        }
    }

    @Test("cancelling the task is an interruption")
    func cancellation() async throws {
        try await Scripted.run(Self.begin + Self.end) { session, _ in
            let outcome = try await withThrowingTaskGroup(of: IdleOutcome.self) { group in
                group.addTask { try await session.idle(until: .now + .seconds(20)) }
                group.cancelAll()
                return try await group.next()
            }
            #expect(outcome == .interrupted)
        }
    }

    @Test("a server that ends it by itself gets no DONE")
    func endedByServer() async throws {
        try await Scripted.run(
            Self.begin + """
                S: TAG OK enough
                C: TAG2 IDLE
                S: + idling
                S: * 4 EXISTS
                C: DONE
                S: TAG2 OK done
                """
        ) { session, _ in
            try await #expect(session.idle(until: late) == .mailboxChanged)
        }
    }

    @Test("without IDLE the mailbox is asked", arguments: ["", "IDLE"])
    func polling(capabilities: String) async throws {
        // With IDLE in the list and refused, the same.
        let refusal = capabilities.isEmpty ? "" : "C: TAG IDLE\nS: TAG NO not now\n"
        try await Scripted.run(
            refusal + """
                \(Self.look(next: 10))C: TAG NOOP
                S: * 4 EXISTS
                S: TAG OK done
                """, capabilities: capabilities, with: Setting(\.pollInterval, .milliseconds(50))
        ) { session, _ in
            try await #expect(session.idle(until: late) == .mailboxChanged)
        }
    }

    struct Break: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        let reason: IMAPError.Reason
    }

    @Test(
        "a connection that breaks meanwhile is an error at once",
        arguments: [
            Break(testDescription: "dropped", script: begin + "DROP", reason: .transport(.closed)),
            Break(testDescription: "reset", script: begin + "RESET", reason: .transport(.closed)),
            Break(testDescription: "BYE", script: begin + "S: * BYE timeout", reason: .bye),
            Break(
                testDescription: "DONE is not answered", script: begin + "C: DONE\nSTALL", reason: .transport(.timedOut)
            ),
            Break(testDescription: "IDLE is not answered", script: "C: TAG IDLE\nSTALL", reason: .transport(.timedOut)),
        ])
    func breaks(_ row: Break) async throws {
        let server = try ScriptedServer(Dialogue(text: Scripted.opening() + "\n" + row.script))
        let account = try Scripted.account(port: server.port) { $0.commandTimeout = .milliseconds(300) }
        let session = IMAPSession(account: account, logger: Scripted.quiet)
        try await session.connect()
        _ = try await session.select(MailboxName("INBOX"))
        let error = await failure { _ = try await session.idle(until: .now + .milliseconds(400)) }
        #expect(error?.reason == row.reason)
        server.stop()
    }
}
