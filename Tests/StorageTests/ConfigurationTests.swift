import Foundation
import Storage
import Testing

@Suite struct ConfigurationTests {
    private func file(_ name: String, _ text: String) -> StoredFile { StoredFile(name: name, bytes: Array(text.utf8)) }

    @Test("each configuration in force is kept with its files, and what changed stands in the audit")
    func kept() throws {
        let fixture = try StoreFixture()
        let main = file("postroom.yaml", "organisation: {}\n")
        try fixture.store.noteConfiguration(
            "aaa", files: [main, file("rules.d/10.yaml", "- a\n")], now: fixture.now)
        fixture.now += 60
        try fixture.store.noteConfiguration(
            "bbb", files: [main, file("rules.d/10.yaml", "- b\n"), file("rules.d/20.yaml", "- c\n")], now: fixture.now)
        fixture.now += 60
        // The same again is no change; an older one that comes back is.
        try fixture.store.noteConfiguration("bbb", files: [main], now: fixture.now)
        let all = try fixture.store.configurations()
        #expect(all.map(\.version) == ["bbb", "aaa"])
        #expect(all[0].files == ["postroom.yaml", "rules.d/10.yaml", "rules.d/20.yaml"])
        #expect(all[0].since == StoreFixture.start + 60)
        #expect(try fixture.store.files(ofConfiguration: "aaa").map(\.name) == ["postroom.yaml", "rules.d/10.yaml"])
        #expect(try fixture.store.files(ofConfiguration: "\(all[1].number)").last?.bytes == Array("- a\n".utf8))
        fixture.now += 60
        try fixture.store.noteConfiguration("aaa", files: [], now: fixture.now)
        #expect(try fixture.store.configurations().map(\.version) == ["aaa", "bbb"])
        let audited = try fixture.sqlite("SELECT reason FROM audit WHERE action = 'config.in-force' ORDER BY id")
        if let audited {
            #expect(
                audited.split(separator: "\n").map(String.init) == [
                    "postroom.yaml new, rules.d/10.yaml new", "rules.d/10.yaml changed, rules.d/20.yaml new",
                    "rules.d/10.yaml changed, rules.d/20.yaml removed",
                ])
        }
        try fixture.expectConsistent()
    }

    @Test("deliveries name their configuration, also one whose files nobody kept")
    func named() throws {
        let fixture = try StoreFixture()
        try fixture.record(Letter())
        let only = try #require(try fixture.store.configurations().first)
        #expect(only.version == "test-1" && only.deliveries == 1 && only.files.isEmpty && only.since == nil)
        #expect(throws: StorageError.self) { try fixture.store.files(ofConfiguration: "nothing") }
    }
}
