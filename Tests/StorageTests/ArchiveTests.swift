import Digest
import Foundation
import Storage
import Testing
import Vocabulary

@Suite struct ArchiveTests {
    @Test(
        "bytes come back as they were",
        arguments: [[], [0], Array("mail".utf8), Array(repeating: 65, count: 3_000_000)])
    func comesBack(_ bytes: [UInt8]) throws {
        let fixture = try StoreFixture()
        try fixture.record([fixture.parkedArrival(bytes)])
        #expect(try fixture.store.rawMessage(sha256(bytes)) == bytes)
        #expect(try fixture.store.rawMessage(sha256(bytes + [1])) == nil)
        try fixture.expectConsistent()
    }

    @Test func compressingIsPureAndMayRunOnManyThreads() {
        let bytes = Array(repeating: UInt8(65), count: 100_000)
        let expected = ArchiveBlob.compress(bytes, digest: sha256(bytes))
        guard case .frame(let frame) = expected.content else { Issue.record("compressed in memory"); return }
        #expect(frame.count < 1000)
        DispatchQueue.concurrentPerform(iterations: 32) { _ in
            #expect(ArchiveBlob.compress(bytes, digest: expected.digest) == expected)
        }
    }

    @Test func eachMonthHasItsFileAndOldMailIsFoundInAnyOfThem() throws {
        let fixture = try StoreFixture()
        var digests: [SHA256Digest] = []
        for month in 0..<5 {
            fixture.now = StoreFixture.start.addingTimeInterval(Double(month) * 31 * 24 * 3600)
            let letter = Letter(from: "m\(month)@example.net", messageID: "<m\(month)@example.net>", returnPath: nil)
            let bytes = letter.bytes(date: fixture.now)
            digests.append(sha256(bytes))
            try fixture.record([letter])
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: fixture.options.directory)
            .filter { $0.hasPrefix("archive-") && $0.hasSuffix(".sqlite") }.sorted()
        #expect(files.first == "archive-2026-11.sqlite")
        #expect(files.count == 5)
        for digest in digests { #expect(try fixture.store.rawMessage(digest) != nil) }
        try fixture.reopen()
        for digest in digests.reversed() { #expect(try fixture.store.rawMessage(digest) != nil) }
        try fixture.expectConsistent()
    }

    @Test(
        "a moment lies in a month of UTC",
        arguments: [
            (0.0, "1970-01"), (951_782_400, "2000-02"), (951_868_800, "2000-03"), (1_796_083_199, "2026-11"),
            (1_796_083_200, "2026-12"), (1_798_761_600, "2027-01"), (4_102_444_799, "2099-12"),
        ])
    func months(seconds: Double, expected: String) throws {
        let fixture = try StoreFixture()
        fixture.now = Date(timeIntervalSince1970: seconds)
        try fixture.record([fixture.parkedArrival()])
        #expect(FileManager.default.fileExists(atPath: fixture.options.directory + "/archive-\(expected).sqlite"))
    }
}
