import Foundation
import Storage
import TestSupport
import Testing
import Vocabulary

@Suite struct OpeningTests {
    @Test func twoDaemonsCannotShareAStore() throws {
        let fixture = try StoreFixture()
        let error = #expect(throws: StorageError.self) {
            try Store.open(fixture.options, role: .service, logger: quiet)
        }
        #expect(error?.reason == .lockedByAnother(pid: ProcessInfo.processInfo.processIdentifier))
        #expect(error?.disposition == .hold)
        #expect(Store.serviceProcess(fixture.options) == ProcessInfo.processInfo.processIdentifier)
        // A command may stand beside the daemon.
        let command = try Store.open(fixture.options, role: .command, logger: quiet)
        #expect(try command.tickets().isEmpty)
        command.close()
        try fixture.reopen()
        try fixture.expectConsistent()
    }

    @Test func aCommandMakesNothing() throws {
        let folder = try TemporaryFolder()
        let options = StorageOptions(directory: folder.path + "/none")
        let error = #expect(throws: StorageError.self) { try Store.open(options, role: .command, logger: quiet) }
        #expect(error?.reason == .absent)
        #expect(!FileManager.default.fileExists(atPath: options.directory))
    }

    @Test func everythingIsForOneUserOnly() throws {
        let fixture = try StoreFixture()
        try fixture.record([Letter()])
        let manager = FileManager.default
        func mode(_ path: String) throws -> Int {
            try #require(try manager.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
        }
        #expect(try mode(fixture.options.directory) == 0o700)
        let names = try manager.contentsOfDirectory(atPath: fixture.options.directory)
        #expect(names.contains("postroom.key") && names.contains("archive-2026-11.sqlite"))
        for name in names {
            #expect(try mode(fixture.options.directory + "/" + name) == (name == "spool" ? 0o700 : 0o600), "\(name)")
        }
    }

    @Test func aLostKeyIsNotReplacedInSilence() throws {
        let fixture = try StoreFixture()
        fixture.store.close()
        let path = fixture.options.keyPath
        let kept = try #require(FileManager.default.contents(atPath: path))
        try FileManager.default.removeItem(atPath: path)
        func reason() -> StorageError.Reason? {
            #expect(throws: StorageError.self) {
                try Store.open(fixture.options, role: .service, logger: quiet)
            }?.reason
        }
        #expect(reason() == .keyMissing)
        try Data("00\n".utf8).write(to: URL(filePath: path))
        #expect(reason() == .keyMismatch)
        try Data((String(repeating: "0", count: 64) + "\n").utf8).write(to: URL(filePath: path))
        #expect(reason() == .keyMismatch)
        try kept.write(to: URL(filePath: path))
        try fixture.reopen()
        try fixture.expectConsistent()
    }

    @Test func anotherSchemaIsNotTouched() throws {
        let fixture = try StoreFixture()
        guard try fixture.sqlite("PRAGMA user_version = 99") != nil else { return }
        fixture.store.close()
        for role in [Store.Role.service, .command] {
            let error = #expect(throws: StorageError.self) {
                try Store.open(fixture.options, role: role, logger: quiet)
            }
            guard case .otherSchema(found: 99, wanted: _) = error?.reason else {
                Issue.record("the reason is \(String(describing: error))")
                continue
            }
            #expect(error?.description.contains("newer postroom") == true)
        }
    }

    @Test func aDatabaseOfAnotherProgramIsRefused() throws {
        let folder = try TemporaryFolder()
        let fixture = try StoreFixture()
        let options = StorageOptions(directory: folder.path)
        guard try fixture.sqlite("CREATE TABLE t (a)", database: options.databasePath) != nil else { return }
        try FileManager.default.copyItem(atPath: fixture.options.keyPath, toPath: options.keyPath)
        let error = #expect(throws: StorageError.self) { try Store.open(options, role: .service, logger: quiet) }
        #expect(error?.reason == .corrupt)
    }

    @Test func aDamagedFileIsNamed() throws {
        let fixture = try StoreFixture()
        fixture.store.close()
        try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: fixture.options.databasePath))
        let error = #expect(throws: StorageError.self) {
            try Store.open(fixture.options, role: .service, logger: quiet)
        }
        #expect(error?.reason == .corrupt)
        #expect(error?.description.contains("restore the last backup") == true)
    }

    /// A schema once released is never changed; each released one upgrades to exactly the fresh one.
    @Test("each schema upgrades to the fresh one", arguments: [1, 2, 3, 4, 5])
    func theSchemaIsTheReleasedOne(_ version: Int) throws {
        let fixture = try StoreFixture()
        let fresh = try fixture.sqlite(Self.dump)
        guard let fresh else { return }
        let released = String(decoding: Checkout.fixture("schema/v\(version).sql"), as: UTF8.self)

        // The released schema as a store, migrated.
        let folder = try TemporaryFolder()
        let old = StorageOptions(directory: folder.path)
        try fixture.sqlite(
            "\n" + released + "PRAGMA application_id = 1349481332; PRAGMA user_version = \(version);",
            database: old.databasePath
        )
        try FileManager.default.copyItem(atPath: fixture.options.keyPath, toPath: old.keyPath)
        let migrated = try Store.open(old, role: .service, logger: quiet)
        let after = try fixture.sqlite(Self.dump, database: old.databasePath)
        #expect(after == fresh)
        #expect(try migrated.checkConsistency() == [])
        migrated.close()
    }

    private static let dump = """
        SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY type, name
        """

    @Test func aCommandsChangeIsSeen() throws {
        let fixture = try StoreFixture()
        try fixture.record([Letter()])
        let before = try fixture.store.foreignChanges()
        try fixture.record([Letter(messageID: "<own@example.net>")])
        #expect(try fixture.store.foreignChanges() == before, "our own writes do not count")
        let command = try Store.open(fixture.options, role: .command, logger: quiet)
        try command.change(TicketNumber(1001), .note("called back"), actor: "operator", now: fixture.now)
        command.close()
        #expect(try fixture.store.foreignChanges() != before)
        try fixture.expectConsistent()
    }
}
