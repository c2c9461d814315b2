import CurlTransport
import Foundation
import TestSupport
import Testing

@Suite struct CertificateTests {
    let files: TestCertificates

    init() async throws { files = try await TestCertificates.shared }

    private func endpoint(
        _ peer: TLSPeer, ca: String? = "ca", pin: String? = nil, client: ClientCertificate? = nil
    ) -> Endpoint {
        Endpoint(
            host: "localhost", port: peer.port, security: .implicitTLS, caFile: ca.map { files.path($0) },
            pin: pin.flatMap { PublicKeyPin($0) }, clientCertificate: client)
    }

    @Test("a good certificate of a trusted authority is accepted")
    func good() async throws {
        let peer = try await TLSPeer.start(["imap", "--cert", files.path("good")])
        #expect(try await SecuredLine().failure(endpoint(peer)) == nil)
        #expect(await peer.stop() == ["PLAIN"])
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let certificate: String
        let ca: String?
        let said: String
    }

    @Test(
        "a certificate that is not to be trusted is refused before anybody logs in",
        arguments: [
            Row(testDescription: "of an unknown authority", certificate: "good", ca: "other-ca", said: "certificate"),
            Row(testDescription: "not of the system's authorities", certificate: "good", ca: nil, said: "certificate"),
            Row(testDescription: "expired", certificate: "expired", ca: "ca", said: "expired"),
            Row(testDescription: "of another host", certificate: "elsewhere", ca: "ca", said: "localhost"),
        ])
    func refused(_ row: Row) async throws {
        let peer = try await TLSPeer.start(["imap", "--cert", files.path(row.certificate)])
        let error = try #require(try await SecuredLine().failure(endpoint(peer, ca: row.ca)))
        #expect(error.reason == .tls)
        #expect(isClear(error, says: ["the server's certificate is not trusted", row.said, "ca_file"]), "\(error)")
        #expect(await peer.stop() == [])
    }

    @Test("a renewed CA file is seen by the next connection, and one that has gone trusts nobody")
    func renewal() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/ca.pem"
        let peer = try await TLSPeer.start(["imap", "--cert", files.path("good")])
        let endpoint = Endpoint(host: "localhost", port: peer.port, security: .implicitTLS, caFile: file)
        func put(_ name: String) throws {
            try Data(contentsOf: URL(filePath: files.path(name))).write(to: URL(filePath: file), options: .atomic)
        }
        try put("other-ca")
        #expect(try await SecuredLine().failure(endpoint)?.reason == .tls)
        try put("ca")
        #expect(try await SecuredLine().failure(endpoint) == nil)
        #expect(try await SecuredLine().failure(endpoint) == nil)
        try FileManager.default.removeItem(atPath: file)
        let gone = try #require(try await SecuredLine().failure(endpoint))
        #expect(isClear(gone, says: ["nobody can be trusted", "ca.pem does not exist"]), "\(gone)")
        try Data("no certificate\n".utf8).write(to: URL(filePath: file))
        let empty = try #require(try await SecuredLine().failure(endpoint))
        #expect(isClear(empty, says: ["ca.pem holds no certificates"]), "\(empty)")
    }

    @Test("a pinned key is asked for beside a good certificate")
    func pin() async throws {
        let peer = try await TLSPeer.start(["imap", "--cert", files.path("good")])
        let right = try files.pin("good")
        let wrong = try files.pin("elsewhere")
        #expect(try await SecuredLine().failure(endpoint(peer, pin: right)) == nil)
        #expect(try await SecuredLine().failure(endpoint(peer, pin: "\(wrong);\(right)")) == nil)
        let error = try #require(try await SecuredLine().failure(endpoint(peer, pin: wrong)))
        #expect(error.reason == .pinMismatch)
        #expect(isClear(error, says: ["none of the pinned ones", "set `pin`"]), "\(error)")
        // A pin is no substitute for an authority.
        #expect(try await SecuredLine().failure(endpoint(peer, ca: "other-ca", pin: right))?.reason == .tls)
    }

    @Test("a client certificate logs in, by itself too", arguments: [[], ["--tls12"]])
    func clientCertificate(_ versions: [String]) async throws {
        let arguments = ["imap", "--cert", files.path("good"), "--client-ca", files.path("ca")] + versions
        let peer = try await TLSPeer.start(arguments + ["--mechanisms", "PLAIN EXTERNAL"])
        let client = ClientCertificate(
            certificateFile: files.path("client-only"), keyFile: files.path("locked-key"),
            keyPassword: Secret("open sesame"))
        #expect(try await SecuredLine().failure(endpoint(peer, client: client)) == nil)
        #expect(try await SecuredLine().failure(endpoint(peer, client: client), .external) == nil)
        #expect(await peer.stop() == ["PLAIN", "EXTERNAL ada@example.com"])
    }

    @Test("a client certificate that is missing or refused is told so", arguments: [[], ["--tls12"]])
    func noClientCertificate(_ versions: [String]) async throws {
        let peer = try await TLSPeer.start(
            ["imap", "--cert", files.path("good"), "--client-ca", files.path("ca")] + versions)
        let missing = try #require(try await SecuredLine().failure(endpoint(peer)))
        if versions.isEmpty {
            #expect(missing.reason == .clientCertificate)
            #expect(isClear(missing, says: ["asks for a client certificate", "`client_certificate`"]), "\(missing)")
        } else {
            #expect(missing.reason == .tls, "\(missing)")  // TLS 1.2 has no alert for it but handshake_failure
        }
        let stranger = ClientCertificate(certificateFile: files.path("stranger"))
        let refused = try #require(try await SecuredLine().failure(endpoint(peer, client: stranger)))
        #expect(refused.reason == .clientCertificate)
        #expect(isClear(refused, says: ["does not accept our client certificate", "unknown ca"]), "\(refused)")
        #expect(await peer.stop() == [])
    }

    @Test("files of a client certificate that cannot work are found before a connection is made")
    func clientFiles() async throws {
        let peer = try await TLSPeer.start(["imap", "--cert", files.path("good")])
        let rows: [(ClientCertificate, String)] = [
            (.init(certificateFile: "/nonexistent/c.pem"), "c.pem cannot be read"),
            (.init(certificateFile: files.path("client-only")), "is a password missing?"),
            (.init(certificateFile: files.path("client"), keyFile: files.path("good")), "does not belong to"),
            (.init(certificateFile: files.path("client"), keyFile: files.path("locked-key")), "is a password missing?"),
            (
                .init(
                    certificateFile: files.path("client"), keyFile: files.path("locked-key"), keyPassword: Secret("x")),
                "is the password wrong?"
            ),
            (.init(certificateFile: files.path("expired")), "has expired"),
        ]
        for (client, said) in rows {
            #expect(client.problem()?.contains(said) == true, "\(said): \(client.problem() ?? "")")
            let error = try #require(try await SecuredLine().failure(endpoint(peer, client: client)))
            #expect(error.reason == .clientCertificate)
            #expect(isClear(error, says: ["`client_certificate`"]), "\(error)")
        }
    }

    @Test(
        "what is a pin",
        arguments: [
            ("sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", true),
            (
                "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;sha256//+/bcAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                true
            ),
            ("", false), ("sha256//=", false), ("/etc/ssl/key.pem", false),
            ("sha1//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", false),
            ("sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;", false),
        ])
    func pins(text: String, isPin: Bool) { #expect((PublicKeyPin(text) != nil) == isPin) }
}
