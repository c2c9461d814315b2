import CurlTransport
import Foundation

/// ConnectionBenchmark: what connections that wait for news cost. `scripts/bench-connections` runs it.
///
///     ConnectionBenchmark HOST PORT CA_FILE COUNT SECONDS
///
/// User and password are read from MH_USER and MH_PASS. Opens `COUNT` IMAP sessions over TLS one after another, puts each
/// of them into IDLE, waits, and prints memory and CPU time a connection as one JSON object. Memory is all anonymous
/// memory of the process beyond what it had before the first connection, shared things such as the trusted certificates
/// included.
@main
enum ConnectionBenchmark {
    static func main() async {
        let arguments = CommandLine.arguments
        let environment = ProcessInfo.processInfo.environment
        guard arguments.count == 6, let port = Int(arguments[2]), let count = Int(arguments[4]), count > 0,
            let seconds = Int(arguments[5]), let user = environment["MH_USER"], let password = environment["MH_PASS"]
        else {
            complain("usage: MH_USER=… MH_PASS=… ConnectionBenchmark HOST PORT CA_FILE COUNT SECONDS")
            exit(64)
        }
        let endpoint = Endpoint(host: arguments[1], port: port, security: .implicitTLS, caFile: arguments[3])
        do {
            try await measure(
                endpoint, Credentials(user: user, secret: Secret(password)), count: count, seconds: seconds)
        } catch {
            complain("\(error)")
            exit(1)
        }
    }

    private static func measure(
        _ endpoint: Endpoint, _ credentials: Credentials, count: Int, seconds: Int
    ) async throws {
        let before = Usage.now
        var lines: [IdleLine] = []
        for number in 0..<count {
            let line = IdleLine(number: number)
            try await line.open(endpoint, credentials)
            lines.append(line)
        }
        let opened = Usage.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for line in lines { group.addTask { try await line.wait(.seconds(seconds)) } }
            try await group.waitForAll()
        }
        let waited = Usage.now
        func number(_ value: Double) -> String { String(format: "%.2f", value) }
        print(
            """
            {"connections": \(count), "kb_each": \((waited.anonymous - before.anonymous) / count), \
            "open_ms_each": \(number((opened.cpu - before.cpu) * 1_000 / Double(count))), \
            "idle_core_percent": \(number((waited.cpu - opened.cpu) * 100 / Double(seconds)))}
            """)
    }
}

/// What the process uses: anonymous memory in kB, CPU time in seconds.
struct Usage {
    let anonymous: Int
    let cpu: Double

    static var now: Usage {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") } ?? ""
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Usage(
            anonymous: Int(line.filter(\.isNumber)) ?? 0, cpu: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }
}

/// A session that waits for news, on a thread of its own as in the daemon.
actor IdleLine {
    private nonisolated let thread: ConnectionThread
    private let connection: CurlConnection
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(number: Int) {
        thread = ConnectionThread(name: "idle-\(number)")
        connection = CurlConnection(interrupter: Interrupter())
    }

    isolated deinit { connection.close() }

    func open(_ endpoint: Endpoint, _ credentials: Credentials) throws {
        try connection.open(.imap, to: endpoint, credentials: credentials)
        try ask("p1 CAPABILITY", until: "p1 OK")
        try ask("p2 SELECT INBOX", until: "p2 OK")
        try ask("p3 IDLE", until: "+ ")
    }

    func wait(_ time: Duration) throws {
        let end = ContinuousClock.now + time
        while try connection.wait(until: end) != .timedOut {
            var buffer = [UInt8](repeating: 0, count: 4_096)
            _ = try connection.receive(into: &buffer, until: end)
        }
    }

    private func ask(_ command: String, until answer: String) throws {
        let deadline = ContinuousClock.now + .seconds(30)
        try connection.send(Array("\(command)\r\n".utf8), until: deadline)
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while !text.contains(answer) {
            let count = try connection.receive(into: &buffer, until: deadline)
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
    }
}

func complain(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
