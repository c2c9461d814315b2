internal import GRDB

/// Numbered steps from one schema to the next. A released step is never changed: a store that has taken it would differ
/// from a fresh one, and a test compares the two.
enum Migrations {
    /// In order; the version of a store is the number of steps it has taken.
    static let steps: [@Sendable (Database) throws -> Void] = [
        { try $0.execute(sql: Schema.version1) },
        { try $0.execute(sql: Schema.version2) },
        { try $0.execute(sql: Schema.version3) },
        { try $0.execute(sql: Schema.version4) },
        { try $0.execute(sql: Schema.version5) },
    ]

    static let currentVersion = steps.count

    /// `Post`, so that `file` and we can tell a store of ours from another SQLite file.
    static let applicationID: Int64 = 0x506F_7374

    /// Takes the missing steps, each in its own transaction. Gives the version that was found.
    static func run(on database: Database) throws -> Int {
        let found = try version(of: database)
        guard found <= currentVersion else {
            throw StorageError(.otherSchema(found: found, wanted: currentVersion), tried: "open postroom.sqlite")
        }
        for number in found..<currentVersion {
            try database.inTransaction(.immediate) {
                try steps[number](database)
                try database.execute(sql: "PRAGMA user_version = \(number + 1)")
                try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                return .commit
            }
        }
        return found
    }

    static func version(of database: Database) throws -> Int {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        if tables > 0 {
            let owner = try Int64.fetchOne(database, sql: "PRAGMA application_id")
            guard owner == applicationID, version > 0 else {
                throw StorageError(.corrupt, tried: "open postroom.sqlite, which another program made")
            }
        }
        return version
    }
}
