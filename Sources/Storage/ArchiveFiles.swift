internal import Digest
internal import Foundation

/// Messages too large for memory, as files of the archive: `archive-2026-11/<SHA-256>.eml`, as they came.
///
/// They come through the spool, a folder of the same file system, so that archiving one is a sync and a rename. A file in
/// the archive is whole and durable, and so is its name; what is left in the spool when the process dies belongs to
/// messages that were not recorded, and is removed at the next start.
struct ArchiveFiles: Sendable {
    let options: StorageOptions

    func path(_ digest: SHA256Digest, month: ArchiveMonth) -> String {
        "\(options.archiveFolder(month))/\(Hexadecimal.encode(digest.bytes)).eml"
    }

    func contains(_ digest: SHA256Digest, month: ArchiveMonth) -> Bool {
        StoreFiles.exists(path(digest, month: month))
    }

    /// Takes those that wait in the spool. Repeating it changes nothing.
    func store(_ blobs: [ArchiveBlob], month: ArchiveMonth) throws(StorageError) {
        let waiting = blobs.compactMap { blob in
            if case .file(let path) = blob.content { (path, blob.digest) } else { nil }
        }
        guard !waiting.isEmpty else { return }
        let folder = options.archiveFolder(month)
        if !StoreFiles.exists(folder) {
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failure("make \(StoreFiles.name(folder))") }
            try StoreFiles.syncDirectory(options.directory)
        }
        for (spooled, digest) in waiting where !contains(digest, month: month) {
            try Self.sync(spooled)
            guard rename(spooled, path(digest, month: month)) == 0 else { throw failure("archive a large message") }
        }
        try StoreFiles.syncDirectory(folder)
    }

    /// Nil when the month has no such file; throws when the file is not what its name says.
    func bytes(_ digest: SHA256Digest, month: ArchiveMonth) throws -> [UInt8]? {
        let path = path(digest, month: month)
        guard StoreFiles.exists(path) else { return nil }
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe))
        guard sha256(bytes) == digest else { throw StorageError(.corrupt, tried: "read a file of archive \(month)") }
        return bytes
    }

    /// What a process that died has left.
    func emptySpool() throws(StorageError) {
        let folder = options.spoolDirectory
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failure("make the spool") }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] { unlink("\(folder)/\(name)") }
    }

    private static func sync(_ path: String) throws(StorageError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StorageError(StoreFiles.systemReason(errno), tried: "read a spooled message")
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw StorageError(StoreFiles.systemReason(errno), tried: "sync a spooled message")
        }
    }

    private func failure(_ tried: String) -> StorageError { StorageError(StoreFiles.systemReason(errno), tried: tried) }
}
