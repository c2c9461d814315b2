import Foundation

/// `fixtures/tls/peer.py` as a process: a small IMAP server with TLS, or a proxy, on 127.0.0.1.
///
/// It prints into a file: the end of a pipe does not come while another child of the tests holds it open, too.
package final class TLSPeer: Sendable {
    package let port: Int
    private let process: Process
    private let folder: TemporaryFolder
    private var output: URL { folder.url.appending(path: "output") }

    /// On a thread of its own: starting takes a moment, and the pool of Swift's tasks is small.
    package static func start(_ arguments: [String]) async throws -> TLSPeer {
        try await onOwnThread { try TLSPeer(arguments) }
    }

    private init(_ arguments: [String]) throws {
        folder = try TemporaryFolder()
        process = Process()
        let output = folder.url.appending(path: "output")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        defer { try? handle.close() }
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", Checkout.fixtures.appending(path: "tls/peer.py").path] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        try process.run()
        let limit = ContinuousClock.now + .seconds(60)
        while process.isRunning && .now < limit {
            let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
            if let end = text.firstIndex(of: "\n"), let port = Int(text[..<end]) {
                self.port = port
                return
            }
            usleep(10_000)  // nothing tells us when another program has written
        }
        Self.end(process)
        throw MailHostError(description: "peer.py \(arguments) did not start")
    }

    deinit { Self.end(process) }

    /// SIGTERM may be blocked: the process has the signal mask of the thread that started it.
    private static func end(_ process: Process) {
        if process.isRunning { _ = kill(process.processIdentifier, SIGKILL) }
    }

    /// Ends it and gives the lines that it printed: logins, or ways through the proxy.
    @discardableResult
    package func stop() async -> [String] {
        await onOwnThread {
            Self.end(self.process)
            self.process.waitUntilExit()
            let text = (try? Data(contentsOf: self.output)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            return text.split(separator: "\n").dropFirst().map(String.init)
        }
    }
}

/// Certificates made on the spot with the openssl program, once a test run.
package struct TestCertificates: Sendable {
    private static let made = Result { try TestCertificates() }
    package static var shared: TestCertificates { get async throws { try await onOwnThread { try made.get() } } }

    private let folder: TemporaryFolder

    /// The file of that name: `ca`, `other-ca`; each with its key in the same file: `good`, `expired`, `elsewhere` (for
    /// another host), `client`, `stranger` (a client of the other authority); apart: `locked-key` (the client's key, its
    /// password is `open sesame`) and `client-only`.
    package func path(_ name: String) -> String { folder.path + "/\(name).pem" }

    /// The pin of a certificate (RFC 7469 section 2.4).
    package func pin(_ name: String) throws -> String {
        let key = try run(
            """
            openssl x509 -in \(name).pem -pubkey -noout | openssl pkey -pubin -outform der \
            | openssl dgst -sha256 -binary | base64
            """)
        return "sha256//" + key.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private init() throws {
        folder = try TemporaryFolder()
        for name in ["ca", "other-ca"] {
            try run(
                """
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=\(name) \
                -addext basicConstraints=critical,CA:TRUE -keyout \(name).key -out \(name).pem
                """)
        }
        let names = "DNS:localhost,IP:127.0.0.1"
        try issue("good", names)
        try issue("expired", names, days: -1)
        try issue("elsewhere", "DNS:mail.example.com")
        try issue("client", "DNS:client.example.com")
        try issue("stranger", "DNS:client.example.com", by: "other-ca")
        try run(
            """
            openssl pkey -in client.pem -aes256 -passout 'pass:open sesame' -out locked-key.pem
            openssl x509 -in client.pem -out client-only.pem
            """)
    }

    private func issue(_ name: String, _ names: String, days: Int = 30, by authority: String = "ca") throws {
        try run(
            """
            printf 'subjectAltName=\(names)\n' >\(name).ext
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=\(name) \
            -keyout \(name).key -out \(name).csr
            openssl x509 -req -days \(days) -in \(name).csr -CA \(authority).pem -CAkey \(authority).key \
            -CAcreateserial -extfile \(name).ext -out \(name).crt
            cat \(name).crt \(name).key >\(name).pem
            chmod 640 \(name).pem
            """)
    }

    @discardableResult
    private func run(_ script: String) throws -> String {
        let process = Process()
        let output = folder.url.appending(path: "output")
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-ec", "exec >output\n" + script]
        process.currentDirectoryURL = folder.url
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw MailHostError(description: "failed: \(script)") }
        return String(decoding: try Data(contentsOf: output), as: UTF8.self)
    }
}

/// Runs what blocks on a thread of its own.
private func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}

private func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: body()) }
    }
}
