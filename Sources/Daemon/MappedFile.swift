import Glibc
import MIME

/// A file as bytes in memory that are only read when they are looked at, and may be forgotten by the system at any time.
enum MappedFile {
    /// Nil when the file cannot be mapped. The first `limit` bytes, or all.
    static func bytes(of path: String, limit: Int = .max) -> MessageBytes? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { return nil }
        let size = min(Int(facts.st_size), limit)
        guard size > 0 else { return MessageBytes([]) }
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            return nil
        }
        madvise(start, size, MADV_SEQUENTIAL)
        let address = UInt(bitPattern: start)
        // The file is ours alone in the spool, and nobody shortens it.
        return MessageBytes(region: UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: size))
        {
            munmap(UnsafeMutableRawPointer(bitPattern: address), size)
        }
    }
}
