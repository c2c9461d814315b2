import CurlTransport
import TestSupport

/// A connection to a `TLSPeer`, on its thread.
actor SecuredLine {
    private nonisolated let thread = ConnectionThread(name: "secured")
    private let connection = CurlConnection(interrupter: Interrupter())
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    isolated deinit { connection.close() }

    /// Opens it, asks something and closes it; nil when that went well.
    func failure(_ endpoint: Endpoint, _ mechanism: Credentials.Mechanism = .plain) throws -> TransportError? {
        let credentials = Credentials(
            user: "ada@example.com", secret: Secret(mechanism.takesPassword ? "correct horse" : ""),
            mechanism: mechanism)
        do throws(TransportError) {
            try connection.open(
                .imap, to: endpoint, credentials: credentials,
                timeouts: .init(connect: .seconds(20), response: .seconds(20)))
            try connection.send(Array("p1 NOOP\r\n".utf8), until: .now + .seconds(20))
            var buffer = [UInt8](repeating: 0, count: 1_024)
            _ = try connection.receive(into: &buffer, until: .now + .seconds(20))
            connection.close()
            return nil
        } catch {
            return error
        }
    }
}

/// What a row of a table wants of an error: one line with the host, what was said, and what to do.
func isClear(_ error: TransportError, host: String = "localhost", says words: [String]) -> Bool {
    let line = error.description
    return line.hasPrefix(host + ": ") && !line.contains("\n") && !line.contains("correct horse")
        && !error.remedy.isEmpty && words.allSatisfy { line.contains($0) }
}
