internal import CZstd
package import Digest
internal import Foundation

/// The raw bytes of a message, compressed for the archive and named by their SHA-256. Made by the threads that read
/// mail, so that the one writer only stores it.
package struct ArchiveBlob: Sendable, Hashable {
    package let digest: SHA256Digest
    /// Size of the bytes as they came.
    package let size: Int
    package let content: Content

    package enum Content: Sendable, Hashable {
        /// A zstd frame (RFC 8878) that names its content size.
        case frame([UInt8])
        /// The bytes as they are, in a file of the spool, which becomes a file of the archive. Too large for memory.
        case file(String)
    }

    /// For bytes that wait in a file of `StorageOptions.spoolDirectory`.
    package init(file path: String, size: Int, digest: SHA256Digest) {
        self.init(digest: digest, size: size, content: .file(path))
    }

    private init(digest: SHA256Digest, size: Int, content: Content) {
        self.digest = digest
        self.size = size
        self.content = content
    }

    /// zstd's level: 1 costs 55 µs for a mail of 33 KB; 3 costs more and gains nothing.
    private static let level: Int32 = 1

    /// Pure: may be called on many threads at once, each keeps a context of its own.
    package static func compress(_ bytes: [UInt8], digest: SHA256Digest) -> ArchiveBlob {
        let bound = ZSTD_compressBound(bytes.count)
        let context = CompressionContext.ofThisThread()
        let frame = [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            let result = bytes.withUnsafeBytes { input in
                ZSTD_compressCCtx(context, output.baseAddress, bound, input.baseAddress, input.count, level)
            }
            // It fails only without memory or with too small an output, and the output has the bound's size.
            precondition(ZSTD_isError(result) == 0, "zstd compresses")
            count = result
        }
        return ArchiveBlob(digest: digest, size: bytes.count, content: .frame(frame))
    }

    /// The bytes again, or nil when the frame is damaged or its content is not what its name says.
    static func expand(_ frame: [UInt8], size: Int, digest: SHA256Digest) -> [UInt8]? {
        // The frame's own word on its size is not believed: a damaged one could ask for any amount of memory.
        guard size >= 0 else { return nil }
        var whole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: max(size, 1)) { output, count in
            let result = frame.withUnsafeBytes { input in
                ZSTD_decompress(output.baseAddress, size, input.baseAddress, input.count)
            }
            whole = ZSTD_isError(result) == 0 && result == size
            count = whole ? size : 0
        }
        return whole && sha256(bytes) == digest ? bytes : nil
    }
}

/// A zstd context per thread, freed when the thread ends.
private enum CompressionContext {
    static let key: pthread_key_t = {
        var key = pthread_key_t()
        let made = pthread_key_create(&key) { ZSTD_freeCCtx(OpaquePointer($0)) }
        precondition(made == 0, "a thread key is made")
        return key
    }()

    static func ofThisThread() -> OpaquePointer {
        if let known = pthread_getspecific(key) { return OpaquePointer(known) }
        guard let context = ZSTD_createCCtx() else { preconditionFailure("zstd has memory for a context") }
        pthread_setspecific(key, UnsafeRawPointer(context))
        return context
    }
}
