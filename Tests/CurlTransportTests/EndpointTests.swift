import CurlTransport
import Testing

struct EndpointTests {
    @Test(
        "endpoints that may be used",
        arguments: [
            Endpoint(host: "mail.example.com", port: 993, security: .implicitTLS),
            Endpoint(host: "mail.example.com", port: 143, security: .startTLS),
            Endpoint(host: "邮件.example", port: 993, security: .implicitTLS),
            Endpoint(host: "192.0.2.1", port: 993, security: .implicitTLS),
            Endpoint(host: "2001:db8::1", port: 993, security: .implicitTLS),
            Endpoint(host: "localhost", port: 143, security: .none),
            Endpoint(host: "127.0.0.1", port: 143, security: .none),
            Endpoint(host: "127.1.2.3", port: 143, security: .none),
            Endpoint(host: "::1", port: 143, security: .none),
        ])
    func good(endpoint: Endpoint) { #expect(endpoint.problem == nil) }

    @Test(
        "endpoints that may not",
        arguments: [
            ("mail.example.com", 143, Endpoint.Security.none, "without TLS"),
            ("127.0.0.1.example.com", 143, .none, "without TLS"),
            ("127.0.0", 143, .none, "without TLS"),
            ("0.0.0.0", 143, .none, "without TLS"),
            ("mail.example.com", 0, .implicitTLS, "port 0"),
            ("mail.example.com", 65_536, .implicitTLS, "port 65536"),
            ("", 993, .implicitTLS, "not a host name"),
            ("user@mail.example.com", 993, .implicitTLS, "not a host name"),
            ("mail.example.com/INBOX", 993, .implicitTLS, "not a host name"),
            ("mail example.com", 993, .implicitTLS, "not a host name"),
            ("mail\r\nexample.com", 993, .implicitTLS, "not a host name"),
            ("%6d", 993, .implicitTLS, "not a host name"),
            ("-x", 993, .implicitTLS, "not a host name"),
        ])
    func bad(host: String, port: Int, security: Endpoint.Security, problem: String) throws {
        let endpoint = Endpoint(host: host, port: port, security: security)
        #expect(try #require(endpoint.problem).contains(problem))
    }

    @Test("an IPv6 address is written in brackets")
    func brackets() {
        #expect("\(Endpoint(host: "2001:db8::1", port: 993, security: .startTLS))" == "[2001:db8::1]:993")
        #expect("\(Endpoint(host: "mail.example.com", port: 993, security: .startTLS))" == "mail.example.com:993")
    }

    @Test("a secret shows itself to nobody but who asks for it")
    func secrets() {
        let secret = Secret("hunter2")
        let credentials = Credentials(user: "support", secret: secret)
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in [
            "\(secret)", String(reflecting: secret), "\(credentials)", String(reflecting: credentials), dumped,
        ] {
            #expect(!text.contains("hunter2"), "\(text.prefix(20))")
        }
        #expect(secret.reveal() == "hunter2")
    }

    @Test(
        "what others say is cleaned before it is logged",
        arguments: [
            ("plain words", "plain words"),
            ("two\r\nlines\t\u{1B}[31m", "two lines [31m"),
            ("no user ada.l+x@example.com here", "no user …@example.com here"),
            ("<ada@example.com>", "<…@example.com>"),
            ("to:ada@example.com, bob@example.net", "to:…@example.com, …@example.net"),
            ("密码错误", "密码错误"),
            (String(repeating: "x", count: 300), String(repeating: "x", count: 199) + "…"),
        ])
    func cleans(said: String, clean: String) { #expect(cleaned(said) == clean) }

    @Test(
        "what is done after a failure",
        arguments: [
            (TransportError.Reason.authenticationFailed, FailureDisposition.hold), (.misconfigured, .hold),
            (.mechanism, .hold), (.proxyAuthentication, .hold), (.unreachable, .retry), (.proxy, .retry),
            (.pinMismatch, .retry), (.clientCertificate, .retry),
            (.tls, .retry), (.refused, .retry), (.timedOut, .retry), (.closed, .retry), (.protocolViolation, .retry),
            (.interrupted, .retry),
        ])
    func dispositions(reason: TransportError.Reason, disposition: FailureDisposition) {
        let error = TransportError(reason, host: "mail.example.com", said: "x")
        #expect(error.disposition == disposition)
        #expect(!error.remedy.isEmpty)
        #expect("\(error)".hasPrefix("mail.example.com: x"))
    }
}
