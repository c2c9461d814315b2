import CurlTransport
import IMAPClient
import TestSupport
import Testing
import Vocabulary

struct OpeningTests {
    private let inbox = MailboxName("INBOX")

    @Test("a mailbox is opened, and the server was told who we are before")
    func opens() async throws {
        try await Scripted.run("") { session, status in
            #expect(status.mailbox == inbox)
            #expect(status.uidValidity == UIDValidity(7))
            #expect(status.uidNext == UID(10))
            #expect(status.exists == 3)
            #expect(!status.readOnly)
            #expect(status.keeps(keyword: "$PostroomDone"))
            #expect(await session.capabilities == ["IMAP4REV1", "IDLE", "UIDPLUS", "MOVE"])
        }
    }

    @Test("what the server still says about the login is skipped up to our own CAPABILITY")
    func skips() async throws {
        let script = """
            LOGIN imap
            C: TAG CAPABILITY
            RAW: half of a line {5}\\r\\n
            S: * 99 EXISTS
            S: * CAPABILITY IMAP4rev1 IDLE
            S: TAG OK done
            C: TAG ID *
            S: TAG BAD what is that
            C: TAG SELECT "INBOX"
            S: * OK [UIDVALIDITY 7] valid
            S: TAG OK done
            """
        try await withScriptedServer(Dialogue(text: script)) { server in
            let session = IMAPSession(account: try Scripted.account(port: server.port), logger: Scripted.quiet)
            try await session.connect()
            let status = try await session.select(inbox)
            #expect(status.exists == 0)
            #expect(status.uidNext == nil)
            #expect(status.keeps(keyword: "x"), "no PERMANENTFLAGS means that all can be kept")
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let select: String
        let reason: IMAPError.Reason
        let disposition: FailureDisposition
        let said: String
    }

    @Test(
        "a mailbox that cannot be used",
        arguments: [
            Row(
                testDescription: "it does not exist", select: "S: TAG NO [NONEXISTENT] no such mailbox",
                reason: .mailboxUnavailable, disposition: .retry, said: "no such mailbox"),
            Row(
                testDescription: "the server wants to know who we are",
                select: "S: TAG NO Unsafe Login. Please contact kefu@example.com",
                reason: .mailboxUnavailable, disposition: .retry, said: "Unsafe Login. Please contact …@example.com"),
            Row(
                testDescription: "the server is busy", select: "S: TAG NO [UNAVAILABLE] later", reason: .refused,
                disposition: .retry, said: "later"),
            Row(
                testDescription: "no UIDVALIDITY", select: "S: TAG OK done", reason: .mailboxUnavailable,
                disposition: .retry,
                said: "no lasting UIDs"),
            Row(
                testDescription: "UIDs that do not last",
                select: "S: * OK [UIDVALIDITY 1] x\nS: * NO [UIDNOTSTICKY] x\nS: TAG OK done",
                reason: .mailboxUnavailable,
                disposition: .retry, said: "no lasting UIDs"),
            Row(
                testDescription: "BYE", select: "S: * BYE going down\nDROP", reason: .bye, disposition: .retry,
                said: "going down"),
            Row(
                testDescription: "closed", select: "DROP", reason: .transport(.closed), disposition: .retry,
                said: "closed"),
            Row(
                testDescription: "silence", select: "STALL", reason: .transport(.timedOut), disposition: .retry,
                said: "in time"),
        ])
    func unusable(_ row: Row) async throws {
        // After a NO the name is tried as the server would write it, which here is the same: INBOX.
        let server = try ScriptedServer(Dialogue(text: Scripted.opening(select: row.select)))
        let account = try Scripted.account(port: server.port) { $0.commandTimeout = .milliseconds(300) }
        let session = IMAPSession(account: account, logger: Scripted.quiet)
        try await session.connect()
        let error = await failure { _ = try await session.select(inbox) }
        #expect(error?.reason == row.reason)
        #expect(error?.disposition == row.disposition)
        #expect(error?.said.contains(row.said) == true, "\(error?.said ?? "")")
        #expect(error.map { "\($0)" }?.hasPrefix("account support, 127.0.0.1, SELECT: ") == true)
        server.stop()
    }

    @Test("a read-only mailbox keeps no keyword, and the answer of SELECT decides")
    func readOnly() async throws {
        let select = """
            S: * OK [UIDVALIDITY 7] valid
            S: * OK [PERMANENTFLAGS ()] none
            S: TAG OK [READ-ONLY] done
            """
        try await Scripted.run("", select: select) { session, status in
            #expect(status.readOnly)
            #expect(!status.keeps(keyword: "x"))
            try await #expect(session.add(keyword: "x", to: uids(1)) == .notKept)
        }
    }

    @Test("a wrong password is one clear line and never tried again")
    func wrongPassword() async throws {
        let script = """
            S: * OK ready
            C: TAG CAPABILITY
            S: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR
            S: TAG OK done
            C: TAG AUTHENTICATE PLAIN *
            S: TAG NO [AUTHENTICATIONFAILED] support@example.com: Authentication failed.
            """
        let server = try ScriptedServer(Dialogue(text: script))
        let session = IMAPSession(account: try Scripted.account(port: server.port), logger: Scripted.quiet)
        let error = try #require(await failure { try await session.connect() })
        #expect(error.reason == .transport(.authenticationFailed))
        #expect(error.disposition == .hold)
        let line = "\(error)"
        #expect(line.contains("Authentication failed.") && line.contains("check user name and password"))
        #expect(!line.contains("support@") && !line.contains("correct horse"))
        server.stop()
        #expect(server.received.count == 1)
    }

    @Test("nothing works without a connection, and a closed session says so")
    func notReady() async throws {
        let session = IMAPSession(account: try Scripted.account(port: 1), logger: Scripted.quiet)
        #expect(await failure { _ = try await session.select(inbox) }?.reason == .notReady)
        #expect(await failure { _ = try await session.messages(above: UID(0)) }?.reason == .notReady)
        #expect(await failure { _ = try await session.idle(until: .now) }?.reason == .notReady)
        #expect(await failure { _ = try await session.move(uids(1), to: inbox) }?.endsSession == true)
        await session.logout()
    }

    @Test("goodbye is said, but not waited for without end")
    func logout() async throws {
        try await Scripted.run("C: TAG LOGOUT\nS: * BYE bye\nS: TAG OK done") { session, _ in await session.logout() }
    }
}
