internal import Digest
internal import Foundation
internal import GRDB

/// One change, as the audit tells it. Words and ids only.
struct AuditEntry {
    var actor: String
    var action: String
    var object: String
    var objectID: Int64?
    var ticket: Int64?
    var reason: String?
    var before: [UInt8]?
    var after: [UInt8]?
}

/// Adds rows to the audit inside a transaction: each carries the SHA-256 of the row before it, and `meta.audit_head` the
/// keyed seal of the last one. So a changed, missing or added row shows, also at the end.
struct AuditChain {
    private let keys: StoreKeys
    private var lastID: Int64
    private var lastHash: [UInt8]
    private var changed = false

    /// What the first row carries.
    static let beginning = [UInt8](repeating: 0, count: SHA256Digest.byteCount)

    /// Continues the chain as it stands in the database.
    init(_ database: Database, keys: StoreKeys) throws {
        self.keys = keys
        lastID = 0
        lastHash = Self.beginning
        var select = try Prepared(database, Self.selectRows + " ORDER BY id DESC LIMIT 1")
        if try select.step() {
            lastID = select.int(0)
            lastHash = Self.hash(select)
        }
    }

    mutating func add(_ entry: AuditEntry, at: Date, to database: Database) throws {
        lastID += 1
        let milliseconds = at.storedMilliseconds
        var insert = try Prepared(
            database,
            """
            INSERT INTO audit (id, at, actor, action, object, object_id, ticket, reason, before, after, previous)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insert.bind(lastID)
        insert.bind(milliseconds)
        insert.bind(entry.actor)
        insert.bind(entry.action)
        insert.bind(entry.object)
        insert.bind(entry.objectID)
        insert.bind(entry.ticket)
        insert.bind(entry.reason)
        insert.bind(blob: entry.before)
        insert.bind(blob: entry.after)
        insert.bind(blob: lastHash)
        try insert.run()
        lastHash = Self.hash(id: lastID, at: milliseconds, entry, previous: lastHash)
        changed = true
    }

    /// To be called once, before the transaction commits.
    mutating func seal(_ database: Database) throws {
        guard changed else { return }
        var replace = try Prepared(database, "INSERT OR REPLACE INTO meta (key, value) VALUES ('audit_head', ?)")
        replace.bind(blob: keys.auditHead(lastHash))
        try replace.run()
        changed = false
    }

    /// What is wrong with the chain, in words; empty when it holds. Reads every row once and keeps none.
    static func problems(_ database: Database, keys: StoreKeys) throws -> [String] {
        var expected = beginning
        var expectedID: Int64 = 1
        var rows = try Prepared(database, selectRows + " ORDER BY id")
        while try rows.step() {
            let id = rows.int(0)
            if id != expectedID { return ["audit: row \(expectedID) is missing"] }
            if rows.blob(10) != expected {
                return [id == 1 ? "audit: row 1 is not the first" : "audit: row \(id - 1) was changed"]
            }
            expected = hash(rows)
            expectedID += 1
        }
        let head = try Data.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'audit_head'")
        if expectedID == 1, head == nil { return [] }
        guard let head, equalInConstantTime(Array(head), keys.auditHead(expected)) else {
            return ["audit: the last row (\(expectedID - 1)) was changed, or rows after it are missing"]
        }
        return []
    }

    private static let selectRows = """
        SELECT id, at, actor, action, object, object_id, ticket, reason, before, after, previous FROM audit
        """

    private static func hash(_ row: borrowing Prepared) -> [UInt8] {
        let entry = AuditEntry(
            actor: row.text(2), action: row.text(3), object: row.text(4), objectID: row.optionalInt(5),
            ticket: row.optionalInt(6), reason: row.optionalText(7), before: row.isNull(8) ? nil : row.blob(8),
            after: row.isNull(9) ? nil : row.blob(9))
        return hash(id: row.int(0), at: row.int(1), entry, previous: row.blob(10))
    }

    /// SHA-256 of all values of a row, each with its length, so that none can flow into the next.
    private static func hash(id: Int64, at: Int64, _ entry: AuditEntry, previous: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        func append(_ value: Int64?) {
            bytes.append(value == nil ? 0 : 8)
            if let value { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
        }
        func append(_ value: some Collection<UInt8>) {
            append(Int64(value.count))
            bytes.append(contentsOf: value)
        }
        append(id)
        append(at)
        append(entry.actor.utf8)
        append(entry.action.utf8)
        append(entry.object.utf8)
        append(entry.objectID)
        append(entry.ticket)
        append(entry.reason == nil ? nil : 1)
        append((entry.reason ?? "").utf8)
        append(entry.before == nil ? nil : 1)
        append(entry.before ?? [])
        append(entry.after == nil ? nil : 1)
        append(entry.after ?? [])
        append(previous)
        return sha256(bytes).bytes
    }
}
