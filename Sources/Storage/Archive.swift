internal import Digest
internal import Foundation
internal import GRDB

/// The raw messages, one SQLite file a month.
///
/// A month that is over is never written again, so backup and retention go by file. A blob is stored once a month,
/// named by its digest. `store` returns when the blobs are on the disk; what refers to them is committed after that, so
/// a crash between the two leaves a blob that nothing refers to, and no more.
final class Archive: @unchecked Sendable {
    private let options: StorageOptions
    private let mayCreate: Bool
    /// Guards `open`, and nothing longer than a look into it or the opening of a file.
    private let lock = NSLock()
    private var open: [(month: ArchiveMonth, queue: DatabaseQueue)] = []
    /// Readers of old mail open old months; only so many stay open.
    private let openLimit = 3

    /// Messages that are too large for a row.
    private let files: ArchiveFiles

    init(options: StorageOptions, mayCreate: Bool) {
        files = ArchiveFiles(options: options)
        self.options = options
        self.mayCreate = mayCreate
    }

    /// Stores what is not there yet: large messages as files, the others in one synced transaction.
    func store(_ blobs: [ArchiveBlob], month: ArchiveMonth) throws {
        guard !blobs.isEmpty else { return }
        try files.store(blobs, month: month)
        // Who has something to store may begin a month: a mail that a command sends, too.
        guard let queue = try queue(month, creating: true) else {
            throw StorageError(.absent, tried: "open the archive of \(month)")
        }
        try queue.write { database in
            for blob in blobs {
                guard case .frame(let frame) = blob.content, !files.contains(blob.digest, month: month),
                    try !Self.contains(blob.digest, in: database)
                else {
                    continue
                }
                var insert = try Prepared(
                    database, "INSERT INTO blob (key, digest, size, data) VALUES (?, ?, ?, ?)")
                insert.bind(blob.digest.indexKey)
                insert.bind(blob: blob.digest.bytes)
                insert.bind(blob.size)
                insert.bind(blob: frame)
                try insert.run()
            }
        }
    }

    private static func contains(_ digest: SHA256Digest, in database: Database) throws -> Bool {
        var select = try Prepared(database, "SELECT 1 FROM blob WHERE key = ? AND digest = ?")
        select.bind(digest.indexKey)
        select.bind(blob: digest.bytes)
        return try select.step()
    }

    /// The bytes of that name, looked for in this month or else in all, newest first; checked against the name.
    func bytes(_ digest: SHA256Digest, month: ArchiveMonth?) throws -> [UInt8]? {
        for month in try month.map({ [$0] }) ?? months() {
            if let bytes = try files.bytes(digest, month: month) { return bytes }
            guard let queue = try queue(month) else { continue }
            let found: [UInt8]?? = try queue.read { database in
                var select = try Prepared(database, "SELECT size, data FROM blob WHERE key = ? AND digest = ?")
                select.bind(digest.indexKey)
                select.bind(blob: digest.bytes)
                guard try select.step() else { return nil }
                return .some(ArchiveBlob.expand(select.blob(1), size: Int(select.int(0)), digest: digest))
            }
            guard let found else { continue }
            guard let bytes = found else { throw StorageError(.corrupt, tried: "read a message of archive \(month)") }
            return bytes
        }
        return nil
    }

    /// Those of the names that the month does not have.
    func missing(_ digests: [SHA256Digest], month: ArchiveMonth) throws -> Set<SHA256Digest> {
        let digests = digests.filter { !files.contains($0, month: month) }
        guard StoreFiles.exists(options.archivePath(month)), let queue = try queue(month) else { return Set(digests) }
        return try queue.read { database in
            Set(try digests.filter { try !Self.contains($0, in: database) })
        }
    }

    /// Newest first.
    func months() throws -> [ArchiveMonth] {
        try FileManager.default.contentsOfDirectory(atPath: options.directory)
            .compactMap { ArchiveMonth(fileName: $0) }.sorted(by: >)
    }

    func isDurable(_ month: ArchiveMonth) throws -> Bool {
        guard let queue = try queue(month) else { return false }
        return try queue.writeWithoutTransaction { try Connection.isDurable($0) }
    }

    func integrityProblems(_ month: ArchiveMonth) throws -> [String] {
        guard let queue = try queue(month) else { return [] }
        return try queue.read { try String.fetchAll($0, sql: "PRAGMA quick_check") }.filter { $0 != "ok" }
    }

    private func queue(_ month: ArchiveMonth, creating: Bool = false) throws -> DatabaseQueue? {
        lock.lock()
        defer { lock.unlock() }
        if let place = open.firstIndex(where: { $0.month == month }) {
            let found = open.remove(at: place)
            open.append(found)
            return found.queue
        }
        let path = options.archivePath(month)
        if !StoreFiles.exists(path) {
            guard creating || mayCreate else { return nil }
            try StoreFiles.prepareFile(path)
        }
        let queue = try Connection.archive(path: path, options: options)
        try queue.write { database in
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0 else { return }
            try database.execute(sql: Schema.archive)
        }
        try StoreFiles.syncDirectory(options.directory)
        // A queue that is still in use elsewhere closes when its last user lets go of it.
        if open.count >= openLimit { open.removeFirst() }
        open.append((month, queue))
        return queue
    }

    func close() {
        lock.lock()
        defer { lock.unlock() }
        for (_, queue) in open { try? queue.close() }
        open = []
    }
}
