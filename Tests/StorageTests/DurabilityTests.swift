import Foundation
import Storage
import TestSupport
import Testing
import Vocabulary

/// promise 11 of CONTRIBUTING: the archive is synced, then the tracking database, then `record` returns. Watched from
/// outside: this
/// test program runs itself under strace, with one test that records one batch.
@Suite struct DurabilityTests {
    private static let marker = "POSTROOM_RECORD_UNDER_STRACE"

    @Test(.enabled(if: ProcessInfo.processInfo.environment[marker] != nil))
    func recordsOneBatchForStrace() throws {
        let fixture = try StoreFixture()
        try fixture.record([Letter(), Letter(from: "b@example.net", messageID: "<b@example.net>")])
        let mail = try #require(try fixture.store.claimable(now: fixture.now, limit: 1).first)
        // Something that can be told apart in the trace, after `record` has returned.
        try Data("told".utf8).write(to: URL(filePath: fixture.folder.path + "/told-the-source"))
        _ = try fixture.store.markSending(mail.id, now: fixture.now)
        try Data("sent".utf8).write(to: URL(filePath: fixture.folder.path + "/last-octets"))
    }

    @Test func theArchiveIsSyncedThenTheTrackingThenTheSourceIsTold() throws {
        guard ProcessInfo.processInfo.environment[Self.marker] == nil else { return }
        let strace = "/usr/bin/strace"
        guard FileManager.default.isExecutableFile(atPath: strace) else {
            print("skipped: \(strace) is missing, so the order of the syncs is not watched")
            return
        }
        let folder = try TemporaryFolder()
        let trace = folder.path + "/trace"
        let process = Process()
        process.executableURL = URL(filePath: strace)
        process.arguments = [
            "-f", "-y", "-e", "trace=fsync,fdatasync,write,pwrite64,openat", "-o", trace,
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"), "--testing-library",
            "swift-testing", "--filter", "recordsOneBatchForStrace",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging([Self.marker: "1"]) { $1 }
        process.standardOutput = Pipe()
        process.standardError = Pipe()
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            print("skipped: strace could not run this program (status \(process.terminationStatus))")
            return
        }
        let lines = String(decoding: try #require(FileManager.default.contents(atPath: trace)), as: UTF8.self)
            .split(separator: "\n").map(String.init)

        let told = try #require(lines.firstIndex { $0.contains("openat") && $0.contains("told-the-source") })
        let recording = lines[..<told]
        let tracking = try #require(recording.lastIndex { isSync($0, of: "postroom.sqlite-wal") })
        let archived = try #require(recording.lastIndex { isSync($0, of: "archive-2026-11.sqlite-wal") })
        #expect(archived < tracking, "the archive is synced before the tracking transaction commits")
        let lastArchiveWrite = try #require(recording.lastIndex { isWrite($0, to: "archive-2026-11.sqlite-wal") })
        #expect(lastArchiveWrite < archived)
        let lastTrackingWrite = try #require(recording.lastIndex { isWrite($0, to: "postroom.sqlite-wal") })
        #expect(lastTrackingWrite < tracking, "all of the commit is synced before the source is told")

        let octets = try #require(lines.firstIndex { $0.contains("openat") && $0.contains("last-octets") })
        let sending = lines[told..<octets]
        let committed = try #require(sending.lastIndex { isWrite($0, to: "postroom.sqlite-wal") })
        #expect(sending.suffix(from: committed).contains { isSync($0, of: "postroom.sqlite-wal") })
    }

    private func isSync(_ line: String, of file: String) -> Bool {
        (line.contains("fdatasync(") || line.contains("fsync(")) && line.contains("/\(file)>")
    }

    private func isWrite(_ line: String, to file: String) -> Bool {
        line.contains("write") && line.contains("/\(file)>")
    }
}
