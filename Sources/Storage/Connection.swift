internal import GRDB

/// Opens database files the one right way: write-ahead log, synchronous FULL, a bounded cache, a patient busy timeout.
///
/// GRDB sets `synchronous=NORMAL` on the writing connection of a pool *after* `prepareDatabase` has run; FULL is therefore
/// set when the pool is open, and read back. With FULL every commit syncs the log before it returns (promise 11).
enum Connection {
    static func tracking(_ options: StorageOptions) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(options.busyTimeout.inSeconds)
        configuration.maximumReaderCount = 2
        configuration.label = "postroom.sqlite"
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0")
        }
        let pool = try DatabasePool(path: options.databasePath, configuration: configuration)
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA cache_size = \(-options.cacheBytes / 1024)")
            try makeDurable(database, walCheckpointBytes: options.walCheckpointBytes)
        }
        return pool
    }

    static let archivePageSize = 32_768

    /// The archive has large rows that are written once: large pages, a small cache, one connection.
    static func archive(path: String, options: StorageOptions) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(options.busyTimeout.inSeconds)
        configuration.label = StoreFiles.name(path)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA page_size = \(archivePageSize); PRAGMA cache_size = -4000")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try makeDurable(database, walCheckpointBytes: options.walCheckpointBytes)
        }
        return queue
    }

    private static func makeDurable(_ database: Database, walCheckpointBytes: Int) throws {
        let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
        try database.execute(
            sql: """
                PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = \(max(walCheckpointBytes / pageSize, 100));
                PRAGMA journal_size_limit = \(walCheckpointBytes)
                """)
        guard try isDurable(database) else {
            throw StorageError(.other("the log mode or synchronous=FULL did not hold"), tried: "open a database")
        }
    }

    /// What promise 11 rests on, as the connection itself says it.
    static func isDurable(_ database: Database) throws -> Bool {
        let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        return synchronous == 2 && journal == "wal"
    }
}

extension Duration {
    /// Seconds as a fraction, for interfaces that want that.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
