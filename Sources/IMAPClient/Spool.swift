internal import Glibc
internal import IMAPProtocol

/// A message that is too large for memory, in a file of its own. The file is removed with the last one who holds this,
/// unless somebody has moved it to where it stays.
package final class SpooledMessage: Sendable, Hashable {
    package let path: String
    package let size: Int

    package init(path: String, size: Int) {
        self.path = path
        self.size = size
    }

    deinit { unlink(path) }

    package static func == (left: SpooledMessage, right: SpooledMessage) -> Bool { left.path == right.path }
    package func hash(into hasher: inout Hasher) { hasher.combine(path) }
}

/// Where large messages go.
package struct SpoolOptions: Sendable, Hashable {
    /// Must exist; on the file system of the archive.
    package var folder: String
    /// Messages of more bytes are spooled.
    package var threshold: Int
    /// Messages of more bytes are not taken at all.
    package var maximum: Int

    package init(folder: String, threshold: Int = 8 << 20, maximum: Int = 4 << 30) {
        self.folder = folder
        self.threshold = threshold
        self.maximum = maximum
    }
}

extension SpoolOptions {
    /// Whether half of the free disk would hold it. One message that is larger must not hold up a mailbox for ever: of
    /// that one only the beginning is taken.
    package func hasRoom(for size: Int) -> Bool {
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0 else { return true }  // writing will tell
        return UInt64(max(size, 0)) <= UInt64(facts.f_bavail) * UInt64(facts.f_frsize) / 2
    }
}

/// Writes literals into files as they arrive. After a failure it takes no more and says why.
struct SpoolWriter: LiteralSink {
    private let folder: String
    private let name: String
    private var number = 0
    private var file: Int32 = -1
    private var path = ""
    private var written = 0
    /// Whole, in the order in which they came.
    private var finished: ArraySlice<SpooledMessage> = []
    /// The error number of what went wrong.
    private(set) var failure: Int32?

    init(folder: String, name: String) {
        self.folder = folder
        self.name = name
    }

    mutating func begin(size: UInt64, uid: UInt32?) {
        discard()
        number += 1
        path = "\(folder)/\(name)-\(number)"
        written = 0
        file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if file < 0 { return fail() }
        // A disk that is too full says so before the message has come.
        let reserved = posix_fallocate(file, 0, Int(clamping: size))
        if reserved == ENOSPC || reserved == EDQUOT || reserved == EFBIG { fail(reserved) }
    }

    mutating func append(_ bytes: borrowing Span<UInt8>) {
        guard failure == nil, file >= 0 else { return }
        var start = 0
        while start < bytes.count {
            let count = bytes.extracting(start..<bytes.count).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return fail() }
            start += count
        }
        written += bytes.count
    }

    mutating func end() {
        guard failure == nil, file >= 0 else { return }
        close(file)
        file = -1
        finished.append(SpooledMessage(path: path, size: written))
    }

    mutating func take() -> SpooledMessage? { finished.popFirst() }

    /// Removes what is not whole, and what nobody has taken.
    mutating func discard() {
        if file >= 0 {
            close(file)
            unlink(path)
        }
        file = -1
    }

    private mutating func fail(_ code: Int32 = errno) {
        failure = code
        discard()
    }
}
