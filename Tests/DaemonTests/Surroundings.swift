import ConfigLoading
import Digest
import Foundation
import Glibc
import IMAPClient
import Storage
import Synchronization
import TestSupport
import Triage
import Vocabulary

// What stands around the daemon and may fail: another program at the database, a disk, a server with a certificate of
// its own making, a clock.

/// Another program that has begun to write into a database, and does not end.
final class DatabaseHolder: Sendable {
    private let process: Process
    private let input: Pipe

    init(_ path: String) async throws {
        (process, input) = (Process(), Pipe())
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/sqlite3")
        process.arguments = [path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data("BEGIN IMMEDIATE;\nSELECT 'held';\n".utf8))
        guard !output.fileHandleForReading.availableData.isEmpty else { throw TrialError(text: "sqlite3 says nothing") }
    }

    /// The end of its input ends it, and rolls back.
    func letGo() async {
        await withCheckedContinuation { continuation in
            process.terminationHandler = { _ in continuation.resume() }
            try? input.fileHandleForWriting.close()
        }
    }
}

/// A file system in memory, small enough to fill up.
final class TinyDisk: Sendable {
    private let path: String

    static let isPossible: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=1m") == 0 else { return false }
        umount2(folder.path, Int32(MNT_DETACH))
        return true
    }()

    init(_ path: String, megabytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m,mode=0700") == 0 else {
            throw TrialError(text: "no small disk: error \(errno)")
        }
    }

    func grow(megabytes: Int) throws {
        guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), "size=\(megabytes)m") == 0 else {
            throw TrialError(text: "the small disk does not grow: error \(errno)")
        }
    }

    func remove() { umount2(path, Int32(MNT_DETACH)) }
}

/// A TLS server on loopback that nobody vouches for. It ends with this process, whatever happens to that.
enum UntrustedServer {
    private static let running = Mutex<(process: Process, input: Pipe, folder: TemporaryFolder)?>(nil)

    /// Gives its port; 1, where nobody listens, when it does not start.
    static func start() -> Int {
        guard let folder = try? TemporaryFolder() else { return 1 }
        let (process, input, output) = (Process(), Pipe(), Pipe())
        process.executableURL = URL(filePath: "/bin/sh")
        process.currentDirectoryURL = folder.url
        process.arguments = ["-c", script]
        process.standardInput = input
        process.standardOutput = output
        guard (try? process.run()) != nil else { return 1 }
        var text = ""
        while !text.contains(/ACCEPT .*\n/) {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            text += String(decoding: data, as: UTF8.self)
        }
        running.withLock { $0 = (process, input, folder) }
        return text.firstMatch(of: /ACCEPT .*:([0-9]+)/).flatMap { Int($0.output.1) } ?? 1
    }

    static func stop() {
        running.withLock { running in
            try? running?.input.fileHandleForWriting.close()
            running?.process.waitUntilExit()
            running = nil
        }
    }

    private static let script = """
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out certificate.pem \
        -subj /CN=127.0.0.1 -days 1 2>/dev/null
        openssl s_server -www -accept 127.0.0.1:0 -key key.pem -cert certificate.pem </dev/null 2>/dev/null &
        server=$!
        read line
        kill $server
        """
}

extension Trial {
    /// Records the first message as if it had been taken at another time: what the clock said then is in the store now.
    func recordFirst(at time: Date) throws {
        let store = try Store.open(config.storage, role: .service, logger: log.logger)
        defer { store.close() }
        guard let account = config.accounts.first?.name, let message = server.state.inbox.messages.first else { return }
        let validity = UIDValidity(server.state.inbox.uidValidity)
        _ = try store.openMailbox(
            account: account, mailbox: Self.inbox, uidValidity: validity, baseline: nil, now: time)
        let understanding = understand(message.bytes, options: config.triage)
        let blob = ArchiveBlob.compress(message.bytes, digest: understanding.rawDigest)
        let arrival = Arrival(
            uid: UID(message.uid), arrivedAt: time, size: message.bytes.count, content: .understood(understanding, blob)
        )
        let batch = ArrivalBatch(
            account: account, mailbox: Self.inbox, uidValidity: validity, arrivals: [arrival],
            coveredThrough: UID(message.uid))
        _ = try store.record(batch, options: config.triage, mode: .act, now: time)
    }
}
