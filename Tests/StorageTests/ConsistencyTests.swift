import Foundation
import Storage
import Testing
import Vocabulary

struct Damage: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let sql: String
    let found: String

    init(_ sentence: String, _ sql: String, found: String) {
        (testDescription, self.sql, self.found) = (sentence, sql, found)
    }
}

private let unlocked = "DROP TRIGGER audit_keeps_values; DROP TRIGGER audit_keeps_rows; "

@Suite struct ConsistencyTests {
    /// A ticket with a reply, a follow-up, a duplicate and a parked message.
    private func lively() throws -> StoreFixture {
        let fixture = try StoreFixture()
        try fixture.record([
            Letter(), Letter(), Letter(messageID: "<f@example.net>", references: ["<first@example.net>"]),
        ])
        try fixture.record([fixture.parkedArrival()])
        try fixture.expectConsistent()
        return fixture
    }

    @Test(
        "planted damage is found",
        arguments: [
            Damage(
                "a delivery loses its ticket", "UPDATE delivery SET ticket = NULL WHERE id = 1", found: "delivery 1"),
            Damage(
                "a duplicate loses its original", "UPDATE delivery SET duplicate_of = NULL WHERE id = 2",
                found: "duplicate of nothing"),
            Damage(
                "a parked one loses its reason", "UPDATE delivery SET detail = '' WHERE id = 4", found: "delivery 4"),
            Damage("what was understood is gone", "DELETE FROM message WHERE delivery_id = 2", found: "delivery 2"),
            Damage("an assignee is gone", "UPDATE ticket SET assignee = ''", found: "no assignee"),
            Damage("an event is gone", "DELETE FROM ticket_event WHERE number = 2", found: "events"),
            Damage("a load is wrong", "UPDATE agent SET open_tickets = 9", found: "open tickets"),
            Damage("a recipient is gone", "DELETE FROM outbox_recipient", found: "no recipient"),
            Damage(
                "a reply hangs in the air", "UPDATE outbox SET delivery_id = 3", found: "promised by no delivery"),
            Damage("a state without a reason", "UPDATE outbox SET state = 'held'", found: "without a reason"),
            Damage(
                "bytes that are not there", "UPDATE outbox SET raw_digest = zeroblob(32)",
                found: "no bytes in the archive"),
            Damage(
                "a month that is not there", "UPDATE delivery SET archive_month = 199901 WHERE id = 1",
                found: "no bytes in the archive"),
            Damage(
                "a number nobody gave", "UPDATE meta SET value = '1 1001 1 1' WHERE key = 'counters'",
                found: "given out"),
            Damage(
                "the cursor passes work in progress",
                "INSERT INTO work_range (mailbox_id, uid_validity, first_uid, last_uid, begun_at) VALUES (1, 7, 2, 9, 0)",
                found: "in progress"),
            Damage("a resolved ticket without a time", "UPDATE ticket SET state = 'resolved'", found: "without a time"),
            Damage("a reference into nothing", "DELETE FROM customer", found: "refers to"),
            Damage(
                "an audit row is changed", unlocked + "UPDATE audit SET actor = 'nobody' WHERE id = 2", found: "row 2"),
            Damage(
                "the last audit row is changed",
                unlocked + "UPDATE audit SET reason = 'x' WHERE id = (SELECT max(id) FROM audit)", found: "last row"),
            Damage("an audit row is taken out", unlocked + "DELETE FROM audit WHERE id = 2", found: "row 2 is missing"),
            Damage(
                "the end of the audit is cut off",
                unlocked + "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)",
                found: "last row"),
            Damage("the whole audit is gone", unlocked + "DELETE FROM audit", found: "last row"),
            Damage(
                "the first audit rows are cut off", unlocked + "DELETE FROM audit WHERE id < 3",
                found: "row 1 is missing"),
        ])
    func finds(_ damage: Damage) throws {
        let fixture = try lively()
        guard try fixture.sqlite("PRAGMA foreign_keys = OFF; " + damage.sql) != nil else { return }
        let problems = try fixture.store.checkConsistency()
        #expect(problems.contains { $0.contains(damage.found) }, "\(problems)")
    }

    @Test func theAuditCannotBeChangedByOrdinaryMeans() throws {
        let fixture = try lively()
        let tool = Process()
        tool.executableURL = URL(filePath: "/usr/bin/sqlite3")
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3") else { return }
        tool.arguments = [fixture.options.databasePath, "UPDATE audit SET actor = 'x'"]
        tool.standardError = Pipe()
        try tool.run()
        tool.waitUntilExit()
        #expect(tool.terminationStatus != 0)
        #expect(try fixture.store.verifyAudit() == [])
        try fixture.expectConsistent()
    }

    @Test func theAuditHoldsNoPersonalValue() throws {
        let fixture = try lively()
        try fixture.store.change(TicketNumber(1001), .note("Ada called"), actor: "operator", now: fixture.now)
        let rows = try fixture.sqlite(
            "SELECT actor, action, object, reason, hex(before), hex(after), CAST(before AS TEXT) FROM audit")
        guard let rows else { return }
        for word in ["Ada", "ada@", "example.net", "order"] { #expect(!rows.contains(word), "\(word)") }
        try fixture.expectConsistent()
    }

    @Test func damagedBytesInTheArchiveAreFoundAndNeverHandedOut() throws {
        let fixture = try lively()
        let archive = fixture.options.archivePath(try #require(ArchiveMonth(year: 2026, month: 11)))
        guard try fixture.sqlite("UPDATE blob SET data = substr(data, 1, 20) WHERE id = 1", database: archive) != nil
        else { return }
        let problems = try fixture.store.checkConsistency(deep: true)
        #expect(problems.contains { $0.contains("damaged bytes") }, "\(problems)")
    }
}
