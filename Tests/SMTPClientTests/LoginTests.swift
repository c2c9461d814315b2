import CurlTransport
import SMTPClient
import SMTPProtocol
import TestSupport
import Testing

/// What keeps us out, and what is then to be done with the queue.
@Suite struct LoginTests {
    private let credentials = Credentials(user: "support@example.com", secret: Secret("not the password"))

    @Test("a login is accepted, and our own EHLO learns what is offered")
    func accepted() async throws {
        let script: Dialogue = """
            LOGIN smtp PIPELINING
            C: EHLO post.example.com
            S: 250-relay.example
            S: 250-8BITMIME
            S: 250 SIZE 1000
            """
        try await withScriptedServer(script) { server in
            let session = ScriptedRelay.session(server, credentials: credentials)
            try await session.connect()
            let offers = await session.extensions
            #expect(offers.eightBitMIME && offers.size == .octets(1_000) && !offers.pipelining)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: Dialogue
        let isSilent: Bool
        let disposition: FailureDisposition

        init(_ name: String, _ script: String, _ disposition: FailureDisposition) {
            isSilent = script == "STALL"
            (testDescription, self.script, self.disposition) = (name, Dialogue(text: script, name: name), disposition)
        }
    }

    static let offersLogin =
        "S: 220 relay.example\nC: EHLO *\nS: 250-relay.example\nS: 250 AUTH PLAIN\nC: AUTH PLAIN *\n"

    @Test(
        "a refused login is told apart from one that is put off",
        arguments: [
            Case("a wrong password", offersLogin + "S: 535 5.7.8 authentication failed", .hold),
            Case("a login that is put off", offersLogin + "S: 454 4.7.0 temporary authentication failure", .retry),
            Case("closed during the login", offersLogin + "DROP", .retry),
            Case("closed at once", "DROP", .retry),
            Case("too many connections", "S: 421 4.7.0 too many connections", .retry),
            Case("no SMTP at all", "S: HTTP/1.1 400 Bad Request", .retry),
            Case("silence instead of a greeting", "STALL", .retry),
        ])
    func refused(_ row: Case) async throws {
        let server = try ScriptedServer(row.script)
        let session = ScriptedRelay.session(
            server, credentials: credentials, timeouts: SubmissionTimeouts(all: .seconds(row.isSilent ? 1 : 20)))
        let error = await #expect(throws: SubmissionError.self) { try await session.connect() }
        #expect(error?.disposition == row.disposition, "\(error.map(String.init(describing:)) ?? "")")
        #expect(error.map { "\($0)" }?.contains("not the password") == false)
        server.verify()
    }

    @Test("a relay that wants a login at MAIL holds the queue, not the mail")
    func loginWanted() async throws {
        let script = ScriptedRelay.hello + "C: MAIL *\nS: 530 5.7.0 Authentication required\nS: 503 no\nS: 503 no"
        try await withScriptedServer(Dialogue(text: script)) { server in
            let session = ScriptedRelay.session(server)
            let error = await #expect(throws: SubmissionError.self) { try await session.send(ScriptedRelay.mail()) }
            #expect(error?.disposition == .hold)
        }
    }

    @Test("STARTTLS that is not offered ends it before a word of the login")
    func noStartTLS() async throws {
        try await withScriptedServer("S: 220 relay.example\nC: EHLO *\nS: 250 AUTH PLAIN") { server in
            let session = ScriptedRelay.session(server, credentials: credentials, security: .startTLS)
            let error = await #expect(throws: SubmissionError.self) { try await session.connect() }
            #expect(error?.disposition == .retry)
            #expect(!server.receivedText[0].contains("AUTH"))
        }
    }

    @Test("a port where nobody listens")
    func unreachable() async throws {
        let server = try ScriptedServer("DROP")
        server.stop()
        let error = await #expect(throws: SubmissionError.self) { try await ScriptedRelay.session(server).connect() }
        #expect(error?.disposition == .retry)
    }
}
