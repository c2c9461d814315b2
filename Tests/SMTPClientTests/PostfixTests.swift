import CurlTransport
import Logging
import SMTPClient
import SMTPProtocol
import TestSupport
import Testing
import Vocabulary

/// Against a real Postfix and its sink.
@Suite(.serialized, .enabled(if: MailHost.isAvailable, MailHost.skipComment)) struct PostfixTests {
    /// One for the suite; it goes with the process.
    private static let host = Result { try MailHost() }
    private let host: MailHost

    init() throws {
        host = try Self.host.get()
        try host.command("sink-clear")
    }

    @Test(
        "mail goes out by every way of logging in", arguments: Endpoint.Security.allCases,
        [Credentials.Mechanism.automatic, .plain, .login, .cramMD5])
    func submission(_ security: Endpoint.Security, _ mechanism: Credentials.Mechanism) async throws {
        if security == .none { return }  // submission wants TLS; the sink tests below go without
        let session = session(security, mechanism)
        let mail = mail(to: "ada@example.net", id: "\(security)-\(mechanism)")
        let result = try await session.send(mail)
        guard case .accepted(let queueID?) = result.outcome else {
            Issue.record("\(result)")
            return
        }
        await session.quit()
        #expect(host.log("postfix").contains("\(queueID): client="))
        try #expect(host.sinkMessages(atLeast: 1).map(\.asWritten) == [mail.bytes])
    }

    @Test("two mails on one connection, octet for octet")
    func twoMails() async throws {
        let session = session(.startTLS)
        let dots = ".\r\n..\r\n.dot\r\n你好，已收到\r\n" + String(repeating: "x", count: 900) + "\r\n\r\n.\r\n"
        let mails = [mail(to: "ada@example.net", id: "1"), mail(to: "bob@example.org", id: "2", body: dots)]
        for mail in mails {
            let result = try await session.send(mail)
            #expect(summary(result.outcome).hasPrefix("accepted "))
        }
        let offers = await session.extensions
        #expect(offers.pipelining && offers.eightBitMIME && offers.dsn && offers.size == .octets(52_428_800))
        await session.quit()
        let arrived = try host.sinkMessages(atLeast: 2)
        #expect(Set(arrived.map(\.asWritten)) == Set(mails.map(\.bytes)))
        #expect(Set(arrived.map(\.recipients)) == [["<ada@example.net>"], ["<bob@example.org>"]])
        #expect(Set(arrived.map { $0.mail.prefix(22) }) == ["<support@sandbox.test>"])
    }

    @Test("a recipient that is refused does not keep the mail from the others")
    func someRefused() async throws {
        let session = session(.implicitTLS)
        let mail = mail(to: "nobody@reject.sandbox.test", "ada@example.net", id: "some")
        let result = try await session.send(mail)
        #expect(summary(result.outcome).hasPrefix("accepted"))
        #expect(summary(result.perRecipient[0].outcome) == "rejected recipient 550")
        #expect(result.perRecipient[0].reply?.enhanced?.description == "5.1.1")
        try #expect(host.sinkMessages(atLeast: 1).map(\.recipients) == [["<ada@example.net>"]])
        let none = try await session.send(self.mail(to: "nobody@reject.sandbox.test", id: "none"))
        #expect(summary(none.outcome) == "rejected recipient 550")
        let next = try await session.send(self.mail(to: "ada@example.net", id: "next"))
        #expect(summary(next.outcome).hasPrefix("accepted"))
        await session.quit()
    }

    @Test("a wrong password holds the queue")
    func wrongPassword() async throws {
        let session = session(.startTLS, password: "wrong")
        let error = await #expect(throws: SubmissionError.self) { try await session.connect() }
        #expect(error?.disposition == .hold)
    }

    @Test("a certificate of somebody else is not accepted", arguments: [Endpoint.Security.startTLS, .implicitTLS])
    func wrongCA(_ security: Endpoint.Security) async throws {
        let session = session(security, caFile: "/etc/ssl/certs/ca-certificates.crt")
        let error = await #expect(throws: SubmissionError.self) { try await session.connect() }
        guard case .transport(let reason) = error?.reason else {
            Issue.record("\(error.map(String.init(describing:)) ?? "no error")")
            return
        }
        #expect(reason.reason == .tls)
    }

    struct SinkMode: Sendable { let name: String, expected: String }

    @Test(
        "what the next relay may do",
        arguments: [
            SinkMode(name: "normal", expected: "accepted"),
            SinkMode(name: "tempfail", expected: "deferred recipient 450"),
            SinkMode(name: "reject", expected: "rejected recipient 500"),
            SinkMode(name: "drop", expected: "deferred connection"),
            SinkMode(name: "slow", expected: "accepted"),
        ])
    func sinkModes(_ mode: SinkMode) async throws {
        try host.command("sink-mode", mode.name)
        let options = SubmissionOptions(
            endpoint: Endpoint(host: "127.0.0.1", port: host.sinkPort, security: .none), heloName: "post.example.com")
        let session = SMTPSession(options, logger: Self.silent)
        let mail = mail(to: "ada@example.net", id: mode.name)
        let result = try await session.send(mail)
        #expect(summary(result.outcome) == mode.expected)
        await session.quit()
        try host.command("sink-mode", "normal")
        if mode.expected == "accepted" { try #expect(host.sinkMessages().map(\.asWritten) == [mail.bytes]) }
    }

    @Test("what we send to our own address arrives in its mailbox")
    func delivered() async throws {
        let session = session(.startTLS)
        let result = try await session.send(mail(to: host.user, id: "delivered"))
        #expect(summary(result.outcome).hasPrefix("accepted"))
        await session.quit()
        _ = try host.sinkMessages()  // which waits for the queue to be empty
        let line = "From: Ada <ada@example.net>\r\nMessage-ID: <direct@example.net>\r\n\r\nHi\r\n"
        try host.deliver([Array(line.utf8)])
        let messages = try host.messages()
        #expect(messages.count { $0.contains("Message-ID: <delivered@sandbox.test>") } == 1)
        #expect(messages.last?.contains("Message-ID: <direct@example.net>\n\nHi") == true)
    }

    @Test("a relay that is down, and up again")
    func down() async throws {
        let session = session(.startTLS)
        try host.command("kill-smtp")
        let error = await #expect(throws: SubmissionError.self) { try await session.connect() }
        #expect(error?.disposition == .retry)
        try host.command("restart-smtp")
        let result = try await session.send(mail(to: "ada@example.net", id: "again"))
        #expect(summary(result.outcome).hasPrefix("accepted"))
        try host.command("kill-smtp")
        try host.command("restart-smtp")
        let later = try await session.send(mail(to: "ada@example.net", id: "later"))
        #expect(summary(later.outcome).hasPrefix("accepted"))
        await session.quit()
    }

    private static let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private func session(
        _ security: Endpoint.Security, _ mechanism: Credentials.Mechanism = .automatic, password: String? = nil,
        caFile: String? = nil
    ) -> SMTPSession {
        let port = security == .implicitTLS ? host.submissionsPort : host.submissionPort
        let endpoint = Endpoint(host: "localhost", port: port, security: security, caFile: caFile ?? host.caFile)
        let credentials = Credentials(
            user: host.user, secret: Secret(password ?? host.password), mechanism: mechanism)
        let options = SubmissionOptions(endpoint: endpoint, credentials: credentials, heloName: "post.example.com")
        return SMTPSession(options, logger: Self.silent)
    }

    /// With all the fields that Postfix would add if they were missing.
    private func mail(to recipients: String..., id: String, body: String = "Hello\r\n") -> OutgoingMail {
        let header = """
            From: Support <\(host.user)>\r
            To: \(recipients[0])\r
            Subject: a receipt\r
            Date: Mon, 23 Nov 2026 10:00:00 +0800\r
            Message-ID: <\(id)@sandbox.test>\r
            MIME-Version: 1.0\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Transfer-Encoding: 8bit\r
            \r\n
            """
        return OutgoingMail(
            reversePath: ScriptedRelay.address(host.user), recipients: recipients.map(ScriptedRelay.address),
            bytes: Array((header + body).utf8))
    }
}
