/// Storage: the one place where Postroom keeps what it knows. The daemon, the commands and the console never call each
/// other; they read and write here.
///
/// What goes in: batches of messages with what was understood of them (`record`), what happened to outgoing mail
/// (`markSending` and its like), changes that people make to tickets. What comes out: values for those who show or
/// carry
/// out: tickets, explanations, mail to send, the ledger, a status. No row and no type of the database leaves the room.
///
/// Files, all in one folder, mode 0600: `postroom.sqlite` (everything but raw messages), `archive-2026-11.sqlite` (raw
/// messages of a month, zstd), `archive-2026-11/` (those too large for a row, as files), `spool/` (large messages in work;
/// emptied at the start), `postroom.key` (signs tokens, Message-IDs and the audit), `postroom.lock`.
///
/// `record` is the writer of promise 7 of CONTRIBUTING: in one transaction it reads the facts of each message, calls
/// `decide`, and
/// writes the delivery, the ticket, the reply it promises and the audit. The archive is synced first, the transaction
/// commits (and syncs) then, and only then is the source told (promise 11).
///
/// The durable states, and what a crash there means:
///
/// | delivery | meaning | after a crash here |
/// |---|---|---|
/// | (none) | on the server, not yet taken | found again by the cursor |
/// | in `work_range` | its batch is being worked on | taken again one at a time, in a child process |
/// | recorded, `acknowledged_at` null | committed, source not yet told | told again; that is idempotent |
/// | acknowledged | keyword set or moved | nothing |
/// | parked | could not be processed; bytes kept; a minimal ticket is open | an operator retries or closes it |
///
/// | outbox | meaning | after a crash here |
/// |---|---|---|
/// | queued | may be sent from `not_before` on | sent |
/// | sending | committed before the octet that can complete the message leaves | `recoverInterrupted` makes it
/// uncertain |
/// | accepted | 250 seen; recipients may become delivered, delayed or bounced by a DSN | nothing |
/// | deferred | transient refusal or no connection | tried again from `not_before` on |
/// | uncertain | may have gone out; never sent again by itself | nothing |
/// | held | a person must release it | nothing |
/// | cancelled, failed | with the reason | nothing |
///
/// Calls block until they are durable: call them on a thread that may wait. All of them may be called from any thread;
/// writes queue up behind one another. Two processes may have the store open: one daemon (`.service`, which holds the
/// lock and alone changes the schema) and any number of commands, whose writes are short and compare before they set.
///
/// What can go wrong is a `StorageError`: what was tried, why not, what an admin can do.
package import Digest
internal import Foundation
internal import GRDB
package import Logging

package final class Store: Sendable {
    package enum Role: Sendable {
        /// The daemon: holds the lock, brings the schema up to date.
        case service
        /// A command beside it: takes no lock and changes no schema.
        case command
    }

    /// Steps of `record`, for tests that stop the process there.
    package enum Step: Sendable { case archiving, archived, committing, committed }

    let options: StorageOptions
    let role: Role
    let probe: @Sendable (Step) -> Void
    let keys: StoreKeys
    let tracking: DatabasePool
    let archive: Archive
    let logger: Logger
    private let lock: StoreLock?

    private init(
        options: StorageOptions, role: Role, keys: StoreKeys, tracking: DatabasePool, logger: Logger, lock: StoreLock?,
        probe: @escaping @Sendable (Step) -> Void
    ) {
        self.probe = probe
        self.options = options
        self.role = role
        self.keys = keys
        self.tracking = tracking
        self.archive = Archive(options: options, mayCreate: role == .service)
        self.logger = logger
        self.lock = lock
    }

    /// Opens the store; a service makes what is missing.
    package static func open(
        _ options: StorageOptions, role: Role, logger: Logger, probe: @escaping @Sendable (Step) -> Void = { _ in }
    ) throws(StorageError) -> Store {
        switch role {
        case .service: try openForService(options, logger: logger, probe: probe)
        case .command: try openForCommand(options, logger: logger)
        }
    }

    private static func openForService(
        _ options: StorageOptions, logger: Logger, probe: @escaping @Sendable (Step) -> Void
    ) throws(StorageError) -> Store {
        try StoreFiles.prepareDirectory(options)
        let lock = try StoreLock(path: options.lockPath)
        let isNew = !StoreFiles.exists(options.databasePath)
        let keys = StoreKeys(key: try StoreFiles.key(options, mayMake: isNew))
        try StoreFiles.prepareFile(options.databasePath)
        let pool = try attempt("open postroom.sqlite") { try Connection.tracking(options) }
        let found = try attempt("bring postroom.sqlite up to date") {
            try pool.writeWithoutTransaction { database in
                let found = try Migrations.run(on: database)
                try checkKey(keys, database, mayStore: true)
                return found
            }
        }
        try StoreFiles.syncDirectory(options.directory)
        try ArchiveFiles(options: options).emptySpool()
        if found != Migrations.currentVersion {
            logger.notice(
                "store migrated", metadata: ["from": "\(found)", "to": "\(Migrations.currentVersion)"])
        }
        return Store(
            options: options, role: .service, keys: keys, tracking: pool, logger: logger, lock: lock, probe: probe)
    }

    private static func openForCommand(_ options: StorageOptions, logger: Logger) throws(StorageError) -> Store {
        guard StoreFiles.exists(options.databasePath) else {
            throw StorageError(.absent, tried: "open postroom.sqlite")
        }
        let keys = StoreKeys(key: try StoreFiles.key(options, mayMake: false))
        let pool = try attempt("open postroom.sqlite") { try Connection.tracking(options) }
        try attempt("open postroom.sqlite") {
            try pool.read { database in
                let found = try Migrations.version(of: database)
                guard found == Migrations.currentVersion else {
                    throw StorageError(
                        .otherSchema(found: found, wanted: Migrations.currentVersion), tried: "open postroom.sqlite")
                }
                try checkKey(keys, database, mayStore: false)
            }
        }
        return Store(
            options: options, role: .command, keys: keys, tracking: pool, logger: logger, lock: nil, probe: { _ in })
    }

    private static func checkKey(_ keys: StoreKeys, _ database: Database, mayStore: Bool) throws {
        let known = try String.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'key_fingerprint'")
        if let known {
            guard known == keys.fingerprint else {
                throw StorageError(.keyMismatch, tried: "use postroom.key with postroom.sqlite")
            }
        } else if mayStore {
            try database.execute(
                sql: "INSERT INTO meta (key, value) VALUES ('key_fingerprint', ?)", arguments: [keys.fingerprint])
        }
    }

    /// Moves the log into the database and lets go of files and lock. Nothing may be called afterwards.
    package func close() {
        archive.close()
        do { try tracking.close() } catch {
            logger.warning("store not closed cleanly", metadata: ["error": "\(StorageError(error, tried: "close"))"])
        }
        lock?.release()
    }

    /// The daemon that holds the store at this place, if one runs.
    package static func serviceProcess(_ options: StorageOptions) -> Int32? { StoreLock.holder(path: options.lockPath) }

    /// Changes when another process has committed something: the daemon compares it to see a command's changes.
    package func foreignChanges() throws(StorageError) -> Int {
        try attempt("look for changes") {
            try tracking.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
        }
    }

    /// The bytes of a message by their SHA-256, checked against it; nil when no month has them.
    package func rawMessage(_ digest: SHA256Digest) throws(StorageError) -> [UInt8]? {
        try attempt("read a message of the archive") { try archive.bytes(digest, month: nil) }
    }
}

extension Store {
    func read<Value>(
        _ tried: @autoclosure () -> String, _ body: (Database) throws -> Value
    ) throws(StorageError) -> Value {
        try attempt(tried()) { try tracking.read(body) }
    }

    /// A commit that may be lost in a power failure, though not when the process dies: for notes that only save work
    /// after
    /// a crash. The next ordinary commit syncs it along. Nothing that is promised to anybody is written so.
    func noteUnsynced<Value>(
        _ tried: @autoclosure () -> String, _ body: (Database) throws -> Value
    ) throws(StorageError) -> Value {
        try attempt(tried()) {
            try tracking.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
                let result = Result {
                    var value: Value?
                    try database.inTransaction(.immediate) {
                        value = try body(database)
                        return .commit
                    }
                    return value
                }
                try database.execute(sql: "PRAGMA synchronous = FULL")
                guard let value = try result.get() else { preconditionFailure("a transaction gives its value") }
                return value
            }
        }
    }

    /// One transaction with its audit. GRDB begins writes with BEGIN IMMEDIATE: a transaction that reads first and asks
    /// for the lock later could be refused in its middle, and waiting does not cure that.
    func change<Value>(
        _ tried: @autoclosure () -> String, _ body: (Database, inout AuditChain) throws -> Value
    ) throws(StorageError) -> Value {
        try attempt(tried()) {
            try tracking.write { database in
                var audit = try AuditChain(database, keys: keys)
                let value = try body(database, &audit)
                try audit.seal(database)
                return value
            }
        }
    }
}
