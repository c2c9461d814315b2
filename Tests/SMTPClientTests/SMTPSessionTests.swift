import CurlTransport
import SMTPClient
import SMTPProtocol
import Synchronization
import TestSupport
import Testing

@Suite struct SMTPSessionTests {
    @Test("the dialogues of the fixtures over a socket", arguments: ["two-mails.txt", "one-at-a-time.txt"])
    func fixtures(_ name: String) async throws {
        let script = String(decoding: Checkout.fixture("dialogues/smtp/\(name)"), as: UTF8.self)
        let mails = [ScriptedRelay.mail(), ScriptedRelay.mail(to: "bob@example.org", body: ".dot\r\n")]
        try await withScriptedServer(Dialogue(text: ScriptedRelay.greeting + script, name: name)) { server in
            let session = ScriptedRelay.session(server)
            for (number, mail) in mails.enumerated() {
                let result = try await session.send(mail)
                #expect(summary(result.outcome) == "accepted 4F3W1z2Q0\(number + 1)")
            }
            await session.quit()
            #expect(server.messages == mails.map(\.bytes))
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: Dialogue
        let isSilent: Bool
        let expected: String

        init(_ name: String, _ script: String, gives expected: String) {
            testDescription = name
            isSilent = script.hasSuffix("STALL")
            self.script = Dialogue(text: ScriptedRelay.hello + script, name: name)
            self.expected = expected
        }
    }

    @Test(
        "what the network does to a mail",
        arguments: [
            Case("closed at MAIL", "DROP", gives: "deferred connection"),
            Case("silence at MAIL", "C: MAIL *\nSTALL", gives: "deferred connection"),
            Case("closed at 354", ScriptedRelay.envelope + "C: Subject: *\nRESET", gives: "uncertain"),
            Case("closed after the dot", ScriptedRelay.envelope + "MESSAGE\nDROP", gives: "uncertain"),
            Case("silence after the dot", ScriptedRelay.envelope + "MESSAGE\nSTALL", gives: "uncertain"),
            Case(
                "half an answer after the dot", ScriptedRelay.envelope + "MESSAGE\nS-: 250 2.0.0 O\nSTALL",
                gives: "uncertain"),
            Case(
                "an answer in two pieces",
                ScriptedRelay.envelope + "MESSAGE\nS-: 250 2.0.0 O\nWAIT 30 ms\nS: k: queued as A1",
                gives: "accepted A1"),
            Case(
                "421 after the dot", ScriptedRelay.envelope + "MESSAGE\nS: 421 4.3.2 bye\nDROP",
                gives: "deferred content 421"),
        ])
    func network(_ row: Case) async throws {
        try await withScriptedServer(row.script) { server in
            let limit: Duration = row.isSilent ? .milliseconds(300) : .seconds(20)
            let session = ScriptedRelay.session(server, timeouts: SubmissionTimeouts(all: limit))
            let result = try await session.send(ScriptedRelay.mail())
            #expect(summary(result.outcome) == row.expected)
            let isConnected = await session.isConnected
            #expect(isConnected == (row.expected == "accepted A1"))
        }
    }

    @Test("what must be committed first is asked for before the mail leaves")
    func beforeCompletion() async throws {
        let script = ScriptedRelay.hello + ScriptedRelay.envelope + "MESSAGE\nS: 250 Ok"
        try await withScriptedServer(Dialogue(text: script)) { server in
            let session = ScriptedRelay.session(server)
            let heard = Mutex<String?>(nil)
            _ = try await session.send(ScriptedRelay.mail()) {
                heard.withLock { $0 = server.receivedText[0] }
            }
            #expect(heard.withLock { $0 }?.hasSuffix("DATA\r\n") == true)
        }
    }

    struct CommitFailed: Error {}

    @Test("a mail whose commit fails is not sent, and the next one goes over a new connection")
    func commitFails() async throws {
        let second = ScriptedRelay.hello + ScriptedRelay.envelope + "MESSAGE\nS: 250 Ok"
        let script = ScriptedRelay.hello + ScriptedRelay.envelope + "CONNECTION\n" + second
        try await withScriptedServer(Dialogue(text: script)) { server in
            let session = ScriptedRelay.session(server)
            await #expect(throws: CommitFailed.self) {
                try await session.send(ScriptedRelay.mail()) { throw CommitFailed() }
            }
            let result = try await session.send(ScriptedRelay.mail())
            #expect(summary(result.outcome) == "accepted")
            #expect(server.receivedText[0].hasSuffix("DATA\r\n"))
        }
    }

    @Test("a connection that died between two mails is made anew", arguments: ["DROP", "S: 421 4.4.2 timeout\nDROP"])
    func deadConnection(_ end: String) async throws {
        let mail = ScriptedRelay.hello + ScriptedRelay.envelope + "MESSAGE\nS: 250 Ok\n"
        try await withScriptedServer(Dialogue(text: mail + end + "\nCONNECTION\n" + mail)) { server in
            let session = ScriptedRelay.session(server)
            for _ in 0..<2 {
                let result = try await session.send(ScriptedRelay.mail())
                #expect(summary(result.outcome) == "accepted")
            }
            #expect(server.messages.count == 2)
        }
    }

    @Test("a connection that dies after the dot of its second mail is not made anew")
    func deadAfterDot() async throws {
        let rest = "C: RSET\nS: 250 Ok\n" + ScriptedRelay.envelope + "MESSAGE\nDROP"
        let script = ScriptedRelay.hello + ScriptedRelay.envelope + "MESSAGE\nS: 250 Ok\n" + rest
        try await withScriptedServer(Dialogue(text: script)) { server in
            let session = ScriptedRelay.session(server)
            _ = try await session.send(ScriptedRelay.mail())
            let result = try await session.send(ScriptedRelay.mail())
            #expect(summary(result.outcome) == "uncertain")
        }
    }

    @Test("told to stop, a session does not wait for the server")
    func abort() async throws {
        let script = ScriptedRelay.hello + ScriptedRelay.envelope + "STALL"
        try await withScriptedServer(Dialogue(text: script)) { server in
            let session = ScriptedRelay.session(server, timeouts: SubmissionTimeouts(all: .seconds(600)))
            let result = try await session.send(ScriptedRelay.mail()) { session.abort() }
            #expect(summary(result.outcome) == "uncertain")
        }
    }

    /// Each answer comes in time; all of them together take longer than one may.
    @Test("a server that is slow but answers is waited for")
    func slow() async throws {
        let script =
            ScriptedRelay.hello + "C: MAIL *\nWAIT 600 ms\nS: 250 Ok\nWAIT 600 ms\nS: 250 Ok\nWAIT 600 ms\n"
            + "S: 354 go\nMESSAGE\nWAIT 600 ms\nS: 250 Ok"
        try await withScriptedServer(Dialogue(text: script)) { server in
            let session = ScriptedRelay.session(server, timeouts: SubmissionTimeouts(all: .seconds(2)))
            let result = try await session.send(ScriptedRelay.mail())
            #expect(summary(result.outcome) == "accepted")
        }
    }

    @Test("a big mail arrives whole")
    func bigMail() async throws {
        let script = ScriptedRelay.hello + ScriptedRelay.envelope + "MESSAGE\nS: 250 Ok"
        let mail = ScriptedRelay.mail(body: String(repeating: ".a line of a big mail, with a dot\r\n", count: 20_000))
        try await withScriptedServer(Dialogue(text: script)) { server in
            let result = try await ScriptedRelay.session(server).send(mail)
            #expect(summary(result.outcome) == "accepted")
            #expect(server.messages == [mail.bytes])
        }
    }
}
