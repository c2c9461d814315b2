import CurlTransport
import Foundation
import TestSupport
import Testing

@Suite struct ProxyTests {
    let files: TestCertificates

    init() async throws { files = try await TestCertificates.shared }

    private func endpoint(_ server: TLSPeer, by proxy: Proxy) -> Endpoint {
        Endpoint(
            host: "localhost", port: server.port, security: .implicitTLS, caFile: files.path("ca"), proxy: proxy)
    }

    private func proxy(
        _ kind: Proxy.Kind, _ port: Int, password: String? = nil, ca: String? = "ca", host: String = "127.0.0.1"
    ) -> Proxy {
        Proxy(
            kind: kind, host: host, port: port, user: password.map { _ in "postroom" },
            secret: password.map { Secret($0) }, caFile: kind == .https ? ca.map { files.path($0) } : nil)
    }

    private func peer(_ kind: Proxy.Kind, _ more: [String] = [], certificate: String = "good") async throws -> TLSPeer {
        let name = kind == .socks5h ? "socks5" : kind.rawValue
        return try await TLSPeer.start([name] + more + (kind == .https ? ["--cert", files.path(certificate)] : []))
    }

    @Test("each kind of proxy lets us through, with a password and without", arguments: Proxy.Kind.allCases)
    func through(kind: Proxy.Kind) async throws {
        let server = try await TLSPeer.start(["imap", "--cert", files.path("good")])
        for password in [nil, "let me pass"] {
            let way = try await peer(kind, password.map { ["--auth", "postroom:\($0)"] } ?? [])
            let error = try await SecuredLine().failure(
                endpoint(server, by: proxy(kind, way.port, password: password)))
            #expect(error == nil)
            let asked = await way.stop()
            #expect(asked.count == 1 && asked[0].hasSuffix(":\(server.port)"))
            #expect(asked[0].hasPrefix("localhost:") == (kind != .socks5), "who looks the name up? \(asked)")
        }
        #expect(await server.stop() == ["PLAIN", "PLAIN"])
    }

    @Test("an untrusted server stays untrusted behind a proxy", arguments: Proxy.Kind.allCases)
    func untrustedServer(kind: Proxy.Kind) async throws {
        let server = try await TLSPeer.start(["imap", "--cert", files.path("expired")])
        let way = try await peer(kind)
        let error = try #require(try await SecuredLine().failure(endpoint(server, by: proxy(kind, way.port))))
        #expect(error.reason == .tls)
        // Of TLS inside TLS libcurl 7.88 loses the reason.
        let words = kind == .https ? ["no trusted TLS"] : ["the server's certificate is not trusted", "expired"]
        #expect(isClear(error, says: words), "\(error)")
        #expect(await server.stop() == [])
    }

    @Test("a proxy with a certificate of its own is checked against its own authorities")
    func untrustedProxy() async throws {
        let server = try await TLSPeer.start(["imap", "--cert", files.path("good")])
        for (certificate, ca) in [("good", "other-ca"), ("expired", "ca"), ("good", nil)] as [(String, String?)] {
            let way = try await peer(.https, certificate: certificate)
            let error = try #require(
                try await SecuredLine().failure(endpoint(server, by: proxy(.https, way.port, ca: ca))))
            #expect(error.reason == .proxy)
            #expect(isClear(error, says: ["no trusted TLS with the proxy https://127.0.0.1"]), "\(error)")
        }
        #expect(await server.stop() == [])
    }

    @Test("a proxy that refuses says so", arguments: Proxy.Kind.allCases)
    func refused(kind: Proxy.Kind) async throws {
        let server = try await TLSPeer.start(["imap", "--cert", files.path("good")])
        let way = try await peer(kind, ["--refuse"])
        let error = try #require(try await SecuredLine().failure(endpoint(server, by: proxy(kind, way.port))))
        #expect(error.reason == .proxy)
        #expect(error.disposition == .retry)
        #expect(
            isClear(error, says: ["\(kind.rawValue)://127.0.0.1", "does not let us through", "`proxy`"]), "\(error)")
    }

    @Test("a proxy that wants to know us says so, and is asked once", arguments: Proxy.Kind.allCases)
    func unknown(kind: Proxy.Kind) async throws {
        let server = try await TLSPeer.start(["imap", "--cert", files.path("good")])
        let way = try await peer(kind, ["--auth", "postroom:let me pass"])
        let nobody = try #require(try await SecuredLine().failure(endpoint(server, by: proxy(kind, way.port))))
        #expect(nobody.reason == .proxyAuthentication)
        #expect(isClear(nobody, says: ["asks who we are", "`password` of the `proxy`"]), "\(nobody)")
        let wrong = try #require(
            try await SecuredLine().failure(endpoint(server, by: proxy(kind, way.port, password: "guess"))))
        #expect(wrong.reason == .proxyAuthentication)
        #expect(wrong.disposition == .hold)
        #expect(isClear(wrong, says: ["refuses our user or password"]) && !wrong.said.contains("guess"), "\(wrong)")
    }

    @Test("a proxy that is not there", arguments: Proxy.Kind.allCases)
    func nowhere(kind: Proxy.Kind) async throws {
        let server = try await TLSPeer.start(["imap", "--cert", files.path("good")])
        let gone = try await peer(kind)
        await gone.stop()
        let closed = try #require(try await SecuredLine().failure(endpoint(server, by: proxy(kind, gone.port))))
        #expect(closed.reason == .proxy)
        #expect(isClear(closed, says: ["could not connect to the proxy \(kind.rawValue)://"]), "\(closed)")
        let unknown = try #require(
            try await SecuredLine().failure(endpoint(server, by: proxy(kind, 1080, host: "no-such-host.invalid"))))
        #expect(unknown.reason == .proxy)
        #expect(isClear(unknown, says: ["no-such-host.invalid"]), "\(unknown)")
    }

    @Test("what the environment says about proxies counts for nothing")
    func environment() async {
        await #expect(processExitsWith: .success) {
            for name in ["http_proxy", "https_proxy", "imap_proxy", "imaps_proxy", "all_proxy", "ALL_PROXY"] {
                setenv(name, "http://127.0.0.1:1", 1)
            }
            setenv("no_proxy", "*", 1)
            setenv("NO_PROXY", "*", 1)
            let files = try await TestCertificates.shared
            let server = try await TLSPeer.start(["imap", "--cert", files.path("good")])
            let way = try await TLSPeer.start(["http"])
            for proxy in [nil, Proxy(kind: .http, host: "127.0.0.1", port: way.port)] {
                let endpoint = Endpoint(
                    host: "localhost", port: server.port, security: .implicitTLS, caFile: files.path("ca"), proxy: proxy
                )
                if let error = try await SecuredLine().failure(endpoint) { throw error }
            }
            let ways = await way.stop()
            precondition(ways == ["localhost:\(server.port)"])
        }
    }

    @Test(
        "addresses of proxies",
        arguments: [
            ("http://proxy.example.com:3128", "http://proxy.example.com:3128", nil),
            ("socks5h://[2001:db8::1]:1080/", "socks5h://[2001:db8::1]:1080", nil),
            ("HTTPS://ada@proxy.example.com:443", "https://proxy.example.com:443", "ada"),
            ("proxy.example.com:3128", "begins with http://", nil), ("ftp://x:1", "begins with http://", nil),
            ("http://proxy.example.com", "port of the proxy is missing", nil),
            ("http://[::1]", "port of the proxy is missing", nil),
            ("http://ada:hunter2@proxy.example.com:1", "must not stand", nil),
            ("http://x:99999", "not in 1…65535", nil), ("http://a/b:1", "not a host name", nil),
        ] as [(String, String, String?)])
    func addresses(text: String, expected: String, user: String?) {
        do throws(ProxyURLProblem) {
            let proxy = try Proxy(url: text)
            #expect(proxy.description == expected && proxy.user == user)
        } catch {
            #expect(error.message.contains(expected) && !error.message.contains("hunter2"))
        }
    }

    @Test("no TLS only where both the server and the proxy are this machine")
    func plain() {
        let here = Proxy(kind: .socks5, host: "127.0.0.1", port: 1080)
        let there = Proxy(kind: .socks5, host: "proxy.example.com", port: 1080)
        func problem(_ host: String, _ proxy: Proxy) -> String? {
            Endpoint(host: host, port: 143, security: .none, proxy: proxy).problem
        }
        #expect(problem("localhost", here) == nil)
        #expect(problem("mail.example.com", here)?.contains("without TLS") == true)
        #expect(problem("mail.example.com", there)?.contains("without TLS") == true)
        #expect(problem("localhost", there)?.contains("proxy.example.com") == true)
    }
}
