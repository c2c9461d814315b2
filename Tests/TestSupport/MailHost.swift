package import Foundation
import Glibc
import Synchronization
package import Testing

/// A private mail host for one test or suite: real Dovecot, Postfix and a sink (`fixtures/mailhost`), on ports and in a
/// folder of its own, so that several run side by side.
///
///     @Test(.enabled(if: MailHost.isAvailable, MailHost.skipComment)) func … {
///         let host = try MailHost()
///
/// It is destroyed with the value; when the test process dies first, a keeper process of the mail host sees to it.
/// Starting takes about two seconds.
package final class MailHost: Sendable {
    /// What `mailhost env` prints: `MH_IMAP_PORT` and so on.
    package let environment: [String: String]
    package let folder: URL
    /// The block of a hundred ports is ours as long as this socket is open: nobody else can bind its first port.
    private let claim: Int32
    private let isGone = Mutex(false)

    /// Nil when a mail host can be started here; else the reason to print.
    package static let unavailableReason: String? = {
        if getuid() != 0 { return "no private mail host: Postfix must be started by root" }
        let (status, output) = run(["check"], environment: [:])
        return status == 0 ? nil : "no private mail host: \(output.trimmingCharacters(in: .whitespacesAndNewlines))"
    }()
    package static var isAvailable: Bool { unavailableReason == nil }
    /// For `.enabled(if:_:)`, so that a skipped test says why.
    package static var skipComment: Comment {
        Comment(rawValue: unavailableReason ?? "a private mail host is available")
    }

    /// Starts one. `settings` are those of `fixtures/mailhost/README.md`, such as `["MAILHOST_STORE": "mdbox"]`.
    package init(_ settings: [String: String] = [:]) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "postroom-mh-\(Self.randomName())")
        var failure = ""
        for _ in 0..<20 {
            guard let (base, claim) = Self.claimPorts() else { continue }
            let all = settings.merging([
                "MAILHOST_BASE_PORT": "\(base)", "MAILHOST_WHILE_PID": "\(getpid())",
            ]) { asked, _ in asked }
            let (status, output) = Self.run(["-C", folder.path, "up"], environment: all)
            if status == 0 {
                self.folder = folder
                self.claim = claim
                environment = Self.variables(in: Self.run(["-C", folder.path, "env"], environment: [:]).output)
                return
            }
            _ = Self.run(["-C", folder.path, "destroy"], environment: [:])
            _ = close(claim)
            failure = output
            if !output.contains("is taken") { break }
        }
        throw MailHostError(description: "the mail host did not start: \(failure)")
    }

    deinit { destroy() }

    /// Stops and deletes it; safe to repeat.
    package func destroy() {
        let first = isGone.withLock { gone in
            defer { gone = true }
            return !gone
        }
        guard first else { return }
        _ = Self.run(["-C", folder.path, "destroy"], environment: [:])
        _ = close(claim)
    }

    // MARK: Where it is

    package var host: String { environment["MH_HOST"] ?? "127.0.0.1" }
    package var domain: String { environment["MH_DOMAIN"] ?? "" }
    package var imapPort: Int { port("MH_IMAP_PORT") }
    package var imapsPort: Int { port("MH_IMAPS_PORT") }
    package var lmtpPort: Int { port("MH_LMTP_PORT") }
    package var smtpPort: Int { port("MH_SMTP_PORT") }
    package var submissionPort: Int { port("MH_SUBMISSION_PORT") }
    package var submissionsPort: Int { port("MH_SUBMISSIONS_PORT") }
    package var sinkPort: Int { port("MH_SINK_PORT") }
    package var caFile: String { environment["MH_CA_FILE"] ?? "" }
    /// The first user's address and password; the other users' passwords are `name-secret` too.
    package var user: String { environment["MH_USER"] ?? "" }
    package var password: String { environment["MH_PASS"] ?? "" }

    private func port(_ name: String) -> Int { environment[name].flatMap(Int.init) ?? 0 }

    // MARK: What it can do

    /// Runs `mailhost COMMAND …` on this host and gives what it printed; throws when it failed.
    @discardableResult
    package func command(_ arguments: String...) throws -> String {
        let (status, output) = Self.run(["-C", folder.path] + arguments, environment: [:])
        guard status == 0 else {
            throw MailHostError(description: "mailhost \(arguments.joined(separator: " ")): \(output)")
        }
        return output
    }

    /// Delivers messages, octet for octet but for line ends, into a user's INBOX by LMTP, in this order.
    package func deliver(_ messages: [[UInt8]], to user: String = "support") throws {
        let box = try TemporaryFolder()
        for (number, message) in messages.enumerated() {
            let name = String(repeating: "0", count: 6 - min(6, "\(number)".count)) + "\(number).eml"
            try Data(message).write(to: box.url.appending(path: name))
        }
        try command("deliver", "-u", user, "-j", "1", box.path)
    }

    /// What `dovecot`, `postfix` or `sink` has logged so far.
    package func log(_ name: String) -> String {
        let file = folder.appending(path: "log/\(name).log")
        return (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func randomName() -> String { String(UInt32.random(in: 0 ... .max), radix: 36) }

    private static func variables(in text: String) -> [String: String] {
        var result: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            result[String(line[..<equals])] = line[line.index(after: equals)...].trimmingCharacters(in: ["\""])
        }
        return result
    }

    /// A block of ports below the range the kernel hands out itself, and the socket that claims it.
    private static func claimPorts() -> (base: Int, claim: Int32)? {
        let base = Int.random(in: 160..<320) * 100
        guard let claim = bound(base) else { return nil }
        for offset in [24, 25, 26, 27, 28, 43, 65, 87, 93] {
            guard let probe = bound(base + offset) else {
                _ = close(claim)
                return nil
            }
            _ = close(probe)
        }
        return (base, claim)
    }

    private static func bound(_ port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let done = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        if done == 0 { return descriptor }
        _ = close(descriptor)
        return nil
    }

    /// Runs the script. Its output goes through a file: the servers it starts must not keep a pipe of ours open.
    private static func run(_ arguments: [String], environment: [String: String]) -> (status: Int32, output: String) {
        let output = FileManager.default.temporaryDirectory.appending(path: "postroom-mh-out-\(randomName())")
        defer { try? FileManager.default.removeItem(at: output) }
        guard FileManager.default.createFile(atPath: output.path, contents: nil),
            let handle = try? FileHandle(forWritingTo: output)
        else { return (-1, "no temporary file") }
        defer { try? handle.close() }
        let process = Process()
        process.executableURL = Checkout.fixtures.appending(path: "mailhost/mailhost")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, asked in asked }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        do { try process.run() } catch { return (-1, "\(error)") }
        process.waitUntilExit()
        let text = (try? Data(contentsOf: output)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return (process.terminationStatus, text)
    }
}

package struct MailHostError: Error, CustomStringConvertible {
    package let description: String
}
