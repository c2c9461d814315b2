internal import CTLSShim
internal import Glibc
internal import Synchronization

/// The certificates of one file, as trusted ones. All connections share it: reading the system's 140 takes 25 ms and
/// 800 kB, and libcurl would do so for each connection (notes on libcurl, trap 8), because each has a multi handle of its
/// own on a thread of its own.
///
/// `@unchecked Sendable`: OpenSSL's store is counted by reference and locks itself.
final class TrustedCertificates: @unchecked Sendable {
    let store: UnsafeMutableRawPointer

    private init(store: UnsafeMutableRawPointer) { self.store = store }

    deinit { tls_store_release(store) }

    private struct Entry {
        let version: FileVersion
        let certificates: TrustedCertificates
    }

    private static let known = Mutex<[String: Entry]>([:])

    /// Those of a file, read anew when it has changed: a renewed list is seen by the next connection. The error is a line
    /// for an admin. A file that has gone is an error, and not what stood there once: taking it away must take trust away.
    static func of(file: String) throws(TrustProblem) -> TrustedCertificates {
        guard let version = FileVersion(of: file) else {
            throw TrustProblem(message: "\(file) does not exist or cannot be reached")
        }
        let result = known.withLock { known -> Result<TrustedCertificates, TrustProblem> in
            if let entry = known[file], entry.version == version { return .success(entry.certificates) }
            var reason: UnsafePointer<CChar>?
            guard let store = tls_store_create(file, &reason) else {
                known[file] = nil
                let why = reason.map { " (\(String(cString: $0)))" } ?? ""
                return .failure(TrustProblem(message: "\(file) holds no certificates that can be read\(why)"))
            }
            let certificates = TrustedCertificates(store: store)
            known[file] = Entry(version: version, certificates: certificates)
            return .success(certificates)
        }
        return try result.get()
    }
}

struct TrustProblem: Error {
    let message: String
}

/// Tells a file that was replaced or written to from what it was.
private struct FileVersion: Equatable {
    let device: UInt
    let number: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    init?(of file: String) {
        var found = stat()
        guard stat(file, &found) == 0 else { return nil }
        device = UInt(found.st_dev)
        number = UInt(found.st_ino)
        size = Int(found.st_size)
        seconds = found.st_mtim.tv_sec
        nanoseconds = found.st_mtim.tv_nsec
    }
}
