internal import Digest
internal import Foundation

/// The files beside the databases: the folder, the lock and the key. All of them are for one user only.
enum StoreFiles {
    /// Makes the folder (0700) when it is missing.
    static func prepareDirectory(_ options: StorageOptions) throws(StorageError) {
        let tried = "make the storage directory"
        if mkdir(options.directory, 0o700) == 0 { return }
        if errno == ENOENT {
            try attempt(tried) {
                try FileManager.default.createDirectory(
                    atPath: options.directory, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            }
        } else if errno != EEXIST {
            throw StorageError(systemReason(errno), tried: tried)
        }
    }

    /// Makes an empty file with mode 0600 when there is none. SQLite gives its log files the mode of the database, so no
    /// process-wide umask is needed, which other threads would share.
    static func prepareFile(_ path: String) throws(StorageError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError(systemReason(errno), tried: "make \(name(path))") }
        close(descriptor)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The key of the store. A new one is made only where there is no database yet: with another key all tokens already
    /// sent out would be void, so that a lost key is a person's matter.
    static func key(_ options: StorageOptions, mayMake: Bool) throws(StorageError) -> SecretKey {
        let tried = "read postroom.key"
        if let text = try readKeyFile(options.keyPath) {
            let digits = String(decoding: text.prefix(while: { $0 != UInt8(ascii: "\n") }), as: UTF8.self)
            guard let bytes = Hexadecimal.decode(digits), bytes.count == SecretKey.byteCount else {
                throw StorageError(.keyMismatch, tried: tried)
            }
            return SecretKey(bytes: bytes)
        }
        guard mayMake else { throw StorageError(.keyMissing, tried: tried) }
        let key = SecretKey.random()
        try writeKey(key, to: options.keyPath, directory: options.directory)
        return key
    }

    private static func readKeyFile(_ path: String) throws(StorageError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw StorageError(systemReason(errno), tried: "read postroom.key")
        }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw StorageError(systemReason(errno), tried: "read postroom.key") }
        return Array(buffer[..<count])
    }

    /// Whole or not at all: written beside, synced, renamed, and the folder synced.
    private static func writeKey(_ key: SecretKey, to path: String, directory: String) throws(StorageError) {
        let tried = "write postroom.key"
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError(systemReason(errno), tried: tried) }
        let text = Array((Hexadecimal.encode(key.reveal()) + "\n").utf8)
        let written = write(descriptor, text, text.count) == text.count && fsync(descriptor) == 0
        let problem = errno
        close(descriptor)
        guard written, rename(draft, path) == 0 else {
            throw StorageError(systemReason(written ? errno : problem), tried: tried)
        }
        try syncDirectory(directory)
    }

    /// Makes new names in the folder durable.
    static func syncDirectory(_ directory: String) throws(StorageError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError(systemReason(errno), tried: "sync the storage directory") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw StorageError(systemReason(errno), tried: "sync the storage directory")
        }
    }

    static func systemReason(_ code: Int32) -> StorageError.Reason {
        switch code {
        case ENOSPC, EDQUOT: .diskFull
        case EACCES, EPERM, EROFS: .permission
        default: .other(String(cString: strerror(code)))
        }
    }

    static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// The store belongs to one daemon at a time: an exclusive lock on `postroom.lock`, which holds the pid. The lock ends
/// with the process, however that ends, and is not inherited by programs it starts.
final class StoreLock: Sendable {
    private let descriptor: Int32

    init(path: String) throws(StorageError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError(StoreFiles.systemReason(errno), tried: "open postroom.lock") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let owner = Self.readPID(descriptor)
            close(descriptor)
            guard code == EWOULDBLOCK else {
                throw StorageError(StoreFiles.systemReason(code), tried: "lock the store")
            }
            throw StorageError(.lockedByAnother(pid: owner), tried: "lock the store")
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
            let code = errno
            close(descriptor)
            throw StorageError(StoreFiles.systemReason(code), tried: "write postroom.lock")
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Lets another process have the store. To be called once, after everything else is closed.
    func release() { flock(descriptor, LOCK_UN) }

    /// The process that holds the lock at this path, if one does.
    static func holder(path: String) -> Int32? {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return readPID(descriptor)
    }

    private static func readPID(_ descriptor: Int32) -> Int32? {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: buffer[..<count], as: UTF8.self).filter { $0.isASCII && $0.isNumber })
    }
}
