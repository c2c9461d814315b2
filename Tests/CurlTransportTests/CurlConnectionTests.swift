import CurlTransport
import TestSupport
import Testing

/// A connection on its thread, and what the tests do with it.
actor Line {
    private nonisolated let thread = ConnectionThread(name: "line")
    nonisolated let interrupter: Interrupter
    private let connection: CurlConnection
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init() {
        interrupter = Interrupter()
        connection = CurlConnection(interrupter: interrupter)
    }

    isolated deinit { connection.close() }

    func open(
        _ scheme: CurlConnection.Scheme = .imap, port: Int, host: String = "127.0.0.1",
        security: Endpoint.Security = .none, mechanism: Credentials.Mechanism? = .automatic, caFile: String? = nil,
        patience: Duration = .seconds(20)
    ) throws {
        let credentials = mechanism.map {
            Credentials(user: "ada@example.com", secret: Secret("correct horse"), mechanism: $0)
        }
        try connection.open(
            scheme, to: Endpoint(host: host, port: port, security: security, caFile: caFile), credentials: credentials,
            clientName: "post.example.com", timeouts: .init(connect: patience, response: patience))
    }

    func send(_ text: String) throws { try connection.send(Array(text.utf8), until: .now + .seconds(20)) }

    /// More than any buffer between us and the peer holds.
    func flood() throws {
        try connection.send([UInt8](repeating: 120, count: 64 << 20), until: .now + .milliseconds(300))
    }

    func receive(_ patience: Duration = .seconds(20), room: Int = 65_536) throws -> String {
        var buffer = [UInt8](repeating: 0, count: room)
        let count = try connection.receive(into: &buffer, until: .now + patience)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    func receive(until end: String) throws -> String {
        var text = ""
        while !text.hasSuffix(end) { text += try receive() }
        return text
    }

    func failureToReceive() -> TransportError? {
        do { _ = try receive() } catch { return error as? TransportError }
        return nil
    }

    /// With the time that it took here, on this thread: the test's own task may wait long for its turn.
    func failureToOpen(port: Int) -> (TransportError?, Duration) {
        let begin = ContinuousClock.now
        do { try open(port: port) } catch { return (error as? TransportError, .now - begin) }
        return (nil, .now - begin)
    }

    func wait(_ patience: Duration) throws -> CurlConnection.WaitResult { try connection.wait(until: .now + patience) }
    func close() { connection.close() }
    var isOpen: Bool { connection.isOpen }
}

struct CurlConnectionTests {
    @Test(
        "a login by each mechanism, then bytes both ways",
        arguments: [Credentials.Mechanism.automatic, .plain, .login])
    func login(mechanism: Credentials.Mechanism) async throws {
        try await withScriptedServer(
            """
            LOGIN imap
            C: p1 NOOP
            S: p1 OK done
            """
        ) { server in
            let line = Line()
            try await line.open(port: server.port, mechanism: mechanism)
            try await line.send("p1 NOOP\r\n")
            #expect(try await line.receive(until: "\r\n") == "p1 OK done\r\n")
        }
    }

    @Test("a server that has only the LOGIN command")
    func loginCommand() async throws {
        try await withScriptedServer(
            """
            CONNECTION
            S: * OK ready
            C: TAG CAPABILITY
            S: * CAPABILITY IMAP4rev1
            S: TAG OK done
            CONNECTION
            S: * OK ready
            C: TAG CAPABILITY
            S: * CAPABILITY IMAP4rev1
            S: TAG OK done
            C: TAG LOGIN * *
            S: TAG OK in
            """
        ) { server in
            let line = Line()
            try await line.open(port: server.port)
            #expect(await line.isOpen)
        }
    }

    @Test("a server without SASL-IR is asked in two steps (RFC 4959)")
    func withoutInitialResponse() async throws {
        try await withScriptedServer(
            """
            S: * OK ready
            C: TAG CAPABILITY
            S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
            S: TAG OK done
            C: TAG AUTHENTICATE PLAIN
            S: +\u{20}
            C: AGFkYUBleGFtcGxlLmNvbQBjb3JyZWN0IGhvcnNl
            S: TAG OK in
            """
        ) { server in
            let line = Line()
            try await line.open(port: server.port)
        }
    }

    @Test("CRAM-MD5 sends no password (RFC 2195 section 2)")
    func cramMD5() async throws {
        try await withScriptedServer(
            """
            S: * OK ready
            C: TAG CAPABILITY
            S: * CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=CRAM-MD5
            S: TAG OK done
            C: TAG AUTHENTICATE CRAM-MD5
            S: + PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UuZXhhbXBsZS5uZXQ+
            C: YWRhQGV4YW1wbGUuY29tIDhhYjAzMDEzNTEwYjVhZTk5YTQ1ZTM5YjY2MDNjYjc5
            S: TAG OK in
            """
        ) { server in
            try await Line().open(port: server.port, mechanism: .cramMD5)
        }
    }

    @Test("tags of libcurl are never ours (p1, p2, …)")
    func tags() async throws {
        let server = try ScriptedServer("LOGIN imap")
        let line = Line()
        try await line.open(port: server.port)
        await line.close()
        server.stop()
        for sent in server.receivedText[0].split(separator: "\r\n") where sent.contains(" ") {
            #expect(!sent.hasPrefix("p"), "\(sent)")
        }
    }

    @Test("what follows the login may be lost, half of a line too: so the caller asks, and skips up to the answer")
    func handOver() async throws {
        try await withScriptedServer(
            """
            S: * OK ready
            C: TAG CAPABILITY
            S: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR
            S: TAG OK done
            C: TAG AUTHENTICATE PLAIN *
            S: TAG OK in
            S: * 1 EXISTS
            S-: * half a
            WAIT 50 ms
            S:  line
            C: p1 CAPABILITY
            S: p1 OK now
            """
        ) { server in
            let line = Line()
            try await line.open(port: server.port)
            try await line.send("p1 CAPABILITY\r\n")
            let text = try await line.receive(until: "p1 OK now\r\n")
            // Whatever was kept by libcurl, the answer is whole.
            #expect(text.hasSuffix("p1 OK now\r\n"))
        }
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        let reason: TransportError.Reason
        let said: String
        var scheme = CurlConnection.Scheme.imap
        var security = Endpoint.Security.none
        var mechanism = Credentials.Mechanism.automatic
    }

    private static let imap =
        "S: * OK ready\nC: TAG CAPABILITY\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\nS: TAG OK done\n"
    private static let auth = imap + "C: TAG AUTHENTICATE PLAIN *\n"
    private static let smtp = "S: 220 ready\nC: EHLO post.example.com\nS: 250-x\nS: 250 AUTH PLAIN\nC: AUTH PLAIN *\n"

    @Test(
        "why a login can fail",
        arguments: [
            Failure(
                testDescription: "a wrong password",
                script: auth + "S: TAG NO [AUTHENTICATIONFAILED] ada@example.com: no",
                reason: .authenticationFailed, said: "…@example.com: no"),
            Failure(
                testDescription: "a mechanism that is not offered", script: imap, reason: .mechanism,
                said: "does not let us log in with CRAM-MD5; it offers PLAIN", mechanism: .cramMD5),
            Failure(
                testDescription: "SMTP: a mechanism that is not offered",
                script: "S: 220 ready\nC: EHLO post.example.com\nS: 250-x\nS: 250 AUTH XOAUTH2", reason: .mechanism,
                said: "with PLAIN; it offers XOAUTH2", scheme: .smtp, mechanism: .plain),
            Failure(
                testDescription: "the login service is down", script: auth + "S: TAG NO [UNAVAILABLE] try later",
                reason: .refused, said: "try later"),
            Failure(
                testDescription: "too many sessions", script: auth + "S: TAG NO [LIMIT] too many", reason: .refused,
                said: "too many"),
            Failure(
                testDescription: "BYE for a greeting", script: "S: * BYE overloaded\nDROP", reason: .refused,
                said: "overloaded"),
            Failure(
                testDescription: "another protocol", script: "S: HTTP/1.1 400 Bad Request\nDROP",
                reason: .protocolViolation, said: "HTTP/1.1 400"),
            Failure(testDescription: "closed at once", script: "DROP", reason: .closed, said: ""),
            Failure(testDescription: "silence", script: "STALL", reason: .timedOut, said: "port"),
            Failure(
                testDescription: "silence at the password", script: auth + "STALL", reason: .timedOut, said: "port"),
            Failure(
                testDescription: "STARTTLS is not offered", script: imap, reason: .tls, said: "does not offer STARTTLS",
                security: .startTLS),
            Failure(
                testDescription: "STARTTLS is refused",
                script:
                    "S: * OK ready\nC: TAG CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS\nS: TAG OK done\nC: TAG STARTTLS\nS: TAG BAD no",
                reason: .tls, said: "does not offer STARTTLS", security: .startTLS),
            Failure(
                testDescription: "no TLS where TLS should be", script: "S: * OK ready\nSTALL", reason: .tls,
                said: "no TLS handshake", security: .implicitTLS),
            Failure(
                testDescription: "SMTP: a wrong password", script: smtp + "S: 535 5.7.8 no",
                reason: .authenticationFailed,
                said: "535 5.7.8 no", scheme: .smtp),
            Failure(
                testDescription: "SMTP: put off", script: smtp + "S: 454 4.7.0 later", reason: .refused,
                said: "454 4.7.0 later", scheme: .smtp),
            Failure(
                testDescription: "SMTP: busy", script: "S: 421 busy\nDROP", reason: .refused, said: "421 busy",
                scheme: .smtp),
        ])
    func failures(_ row: Failure) async throws {
        let server = try ScriptedServer(Dialogue(text: row.script))
        let line = Line()
        let error = await #expect(throws: TransportError.self) {
            try await line.open(
                row.scheme, port: server.port, security: row.security, mechanism: row.mechanism, patience: .seconds(2))
        }
        #expect(error?.reason == row.reason)
        #expect(error?.said.contains(row.said) == true, "\(error?.said ?? "")")
        #expect(error.map { isClear($0, host: "127.0.0.1", says: []) } == true)
        #expect(await !line.isOpen)
        server.stop()
    }

    @Test("a password is refused once and asked for once")
    func oneAttempt() async throws {
        let server = try ScriptedServer(Dialogue(text: Self.auth + "S: TAG NO no\nSTALL"))
        let line = Line()
        await #expect(throws: TransportError.self) { try await line.open(port: server.port) }
        server.stop()
        #expect(server.received.count == 1)
        #expect(server.receivedText[0].split(separator: "AUTHENTICATE").count == 2)
    }

    @Test("nobody listens, no such host, no TLS to another machine")
    func nowhere() async throws {
        let server = try ScriptedServer("DROP")
        server.stop()
        let line = Line()
        let refused = await #expect(throws: TransportError.self) { try await line.open(port: server.port) }
        #expect(refused?.reason == .unreachable)
        let unknown = await #expect(throws: TransportError.self) {
            try await line.open(port: 993, host: "no-such-host.invalid", security: .implicitTLS)
        }
        #expect(unknown?.reason == .unreachable)
        let plain = await #expect(throws: TransportError.self) {
            try await line.open(port: 143, host: "mail.example.com")
        }
        #expect(plain?.reason == .misconfigured)
        let noFile = await #expect(throws: TransportError.self) {
            try await line.open(port: server.port, security: .implicitTLS, caFile: "/nonexistent/ca.pem")
        }
        #expect(noFile?.reason == .tls)
    }

    @Test("an interruption ends a wait for news at once, and is remembered when none is going on")
    func interruption() async throws {
        try await withScriptedServer("LOGIN imap") { server in
            let line = Line()
            try await line.open(port: server.port)
            line.interrupter.interrupt()
            #expect(try await line.wait(.seconds(20)) == .interrupted)
            #expect(try await line.wait(.milliseconds(1)) == .timedOut)
            async let waiting = line.wait(.seconds(20))
            line.interrupter.interrupt()
            #expect(try await waiting == .interrupted)
        }
    }

    @Test("an interruption leaves a command alone, an abort does not")
    func abort() async throws {
        try await withScriptedServer(
            """
            LOGIN imap
            C: x
            S: y
            """
        ) { server in
            let line = Line()
            try await line.open(port: server.port)
            line.interrupter.interrupt()
            try await line.send("x\r\n")
            #expect(try await line.receive() == "y\r\n")
            async let waiting = line.failureToReceive()
            line.interrupter.abort()
            #expect(await waiting?.reason == .interrupted)
            #expect(await !line.isOpen)
        }
    }

    @Test("an abort ends a login that hangs")
    func abortLogin() async throws {
        let server = try ScriptedServer("STALL")
        let line = Line()
        async let opening = line.failureToOpen(port: server.port)
        line.interrupter.abort()
        let (error, time) = await opening
        #expect(error?.reason == .interrupted)
        #expect(time < .seconds(10))
        server.stop()
    }

    @Test("the end of the stream is an error after the last bytes, and silence one after the deadline")
    func ends() async throws {
        try await withScriptedServer(
            """
            LOGIN imap
            C: x
            S: last words
            DROP
            """
        ) { server in
            let line = Line()
            try await line.open(port: server.port)
            let silent = await #expect(throws: TransportError.self) { try await line.receive(.milliseconds(20)) }
            #expect(silent?.reason == .timedOut)
            #expect(await line.isOpen)
            try await line.send("x\r\n")
            #expect(try await line.receive(until: "\r\n") == "last words\r\n")
            let closed = await #expect(throws: TransportError.self) { try await line.receive() }
            #expect(closed?.reason == .closed)
            let again = await #expect(throws: TransportError.self) { try await line.send("y") }
            #expect(again?.reason == .closed)
        }
    }

    @Test("a buffer that is too small shows the rest at once")
    func smallBuffer() async throws {
        try await withScriptedServer(
            """
            LOGIN imap
            C: x
            RAW: 0123456789
            """
        ) { server in
            let line = Line()
            try await line.open(port: server.port)
            try await line.send("x\r\n")
            var text = ""
            while text.count < 10 {
                #expect(try await line.wait(.seconds(20)) == .readable)
                text += try await line.receive(room: 4)
            }
            #expect(text == "0123456789")
        }
    }

    @Test("a write to a peer that has gone gives an error and no signal")
    func brokenPipe() async throws {
        try await withScriptedServer(
            """
            LOGIN imap
            RESET
            """
        ) { server in
            let line = Line()
            try await line.open(port: server.port)
            _ = try await line.wait(.seconds(20))
            let error = await #expect(throws: TransportError.self) {
                for _ in 0..<100 { try await line.send(String(repeating: "x", count: 65_536)) }
            }
            #expect(error?.reason == .closed)
        }
    }

    @Test("a peer that takes nothing ends a send at the deadline")
    func stuckSend() async throws {
        let server = try ScriptedServer("LOGIN imap\nFREEZE")
        let line = Line()
        try await line.open(port: server.port)
        let error = await #expect(throws: TransportError.self) { try await line.flood() }
        #expect(error?.reason == .timedOut)
        server.stop()
    }

    @Test("a connection may be opened again after it ended")
    func again() async throws {
        try await withScriptedServer(
            """
            CONNECTION x2
            LOGIN imap
            """
        ) { server in
            let line = Line()
            try await line.open(port: server.port)
            try await line.open(port: server.port)
            await line.close()
            #expect(await !line.isOpen)
        }
    }
}
