import ConfigLoading
import Foundation
import IMAPClient
import Storage
import TestSupport
import Testing
import Vocabulary

@testable import Daemon

/// Messages that are too large for memory go through files.
@Suite("Large mail")
struct LargeMailTests {
    private static func large(_ number: Int, bytes: Int = 60_000) -> [UInt8] {
        CustomerMail.number(number) + Array(String(repeating: "The rest of a long letter.\r\n", count: bytes / 28).utf8)
    }

    private static func trial(
        _ server: FakeIMAPServer, limit: Int = 50 << 20, folder: String? = nil, maximum: Int = 4 << 30
    ) throws -> Trial {
        let trial = try Trial(
            server,
            change: { config in
                config.accounts[0].maxMessageSize = limit
                config.accounts[0].spool = SpoolOptions(
                    folder: folder ?? config.storage.spoolDirectory, threshold: 20_000, maximum: maximum)
            })
        return trial
    }

    private static func files(_ trial: Trial, _ folder: (String) -> Bool) throws -> [String] {
        let state = trial.config.storage.directory
        let folders = try FileManager.default.contentsOfDirectory(atPath: state).filter(folder)
        return try folders.flatMap { try FileManager.default.contentsOfDirectory(atPath: state + "/" + $0) }
    }

    @Test("a large message is recorded, and archived as a file of its own; small ones beside it are not")
    func archived() async throws {
        let server = try FakeIMAPServer { state in
            state.add(CustomerMail.number(1))
            state.add(Self.large(2))
            state.add(CustomerMail.number(3))
            state.add(Self.large(4))
        }
        defer { server.stop() }
        let trial = try Self.trial(server)
        try await trial.drainUntilDone()
        #expect(try trial.measured().recorded == 4)
        #expect(try trial.brokenPromises(headsOnly: false) == [])
        #expect(try Self.files(trial) { $0.hasPrefix("archive-") && !$0.contains("sqlite") }.count == 2)
        #expect(try Self.files(trial) { $0 == "spool" } == [])
    }

    @Test("a message over the limit is understood from its beginning and archived whole")
    func overTheLimit() async throws {
        let server = try FakeIMAPServer { state in
            state.add(CustomerMail.number(1))
            state.add(Self.large(2, bytes: 200_000))
        }
        defer { server.stop() }
        let trial = try Self.trial(server, limit: 100_000)
        try await trial.drainUntilDone()
        #expect(try trial.measured().recorded == 2)
        #expect(try trial.brokenPromises(headsOnly: false) == [], "the archive has all of it")
        #expect(try trial.measured().tickets == 2)
    }

    @Test("a spool that cannot be written ends the connection, and the mail is taken when it can")
    func noSpool() async throws {
        let server = try FakeIMAPServer { state in
            state.add(CustomerMail.number(1))
            state.add(Self.large(2))
        }
        defer { server.stop() }
        let place = try TemporaryFolder()
        let trial = try Self.trial(server, folder: place.path + "/missing")
        #expect(try await !trial.drain())
        #expect(!trial.log.lines(with: ["mailbox failed", "could not be written"]).isEmpty)
        try FileManager.default.createDirectory(atPath: place.path + "/missing", withIntermediateDirectories: false)
        try await trial.drainUntilDone()
        #expect(try trial.measured().recorded == 2)
        #expect(try trial.brokenPromises(headsOnly: false) == [])
    }

    @Test("a message larger than the disk is taken from its beginning, and holds up nobody")
    func largerThanTheDisk() async throws {
        let server = try FakeIMAPServer { state in
            let uid = state.add(CustomerMail.number(1))
            state.inbox.edit(uid) { $0.announcedSize = 3 << 50 }
            state.add(CustomerMail.number(2))
        }
        defer { server.stop() }
        let trial = try Self.trial(server, maximum: .max)
        try await trial.drain()
        #expect(trial.config.accounts.first?.spool?.hasRoom(for: 3 << 50) == false)
        #expect(try trial.measured().recorded == 2)
    }

    @Test("what a dead process left in the spool is gone at the next start")
    func leftovers() async throws {
        let server = try FakeIMAPServer { $0.add(CustomerMail.number(1)) }
        defer { server.stop() }
        let trial = try Self.trial(server)
        try await trial.drain()
        trial.stop()
        let left = trial.config.storage.spoolDirectory + "/p1-1"
        #expect(FileManager.default.createFile(atPath: left, contents: Data("x".utf8)))
        try await trial.drain()
        #expect(try Self.files(trial) { $0 == "spool" } == [])
    }
}
