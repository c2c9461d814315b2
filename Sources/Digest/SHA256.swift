internal import CCrypto

/// SHA-256 of bytes that are at hand as a whole.
package func sha256(_ bytes: [UInt8]) -> SHA256Digest { digest(bytes.span) }

/// The same for a part of an array, without copying it.
package func sha256(_ bytes: ArraySlice<UInt8>) -> SHA256Digest { digest(bytes.span) }

/// The same for bytes that somebody else holds.
package func sha256(_ bytes: Span<UInt8>) -> SHA256Digest { digest(bytes) }

/// The same for the UTF-8 of a text.
package func sha256(utf8 text: String) -> SHA256Digest { sha256(Array(text.utf8)) }

private func digest(_ bytes: Span<UInt8>) -> SHA256Digest {
    SHA256Digest(
        unchecked: [UInt8](unsafeUninitializedCapacity: SHA256Digest.byteCount) { output, count in
            count = SHA256Digest.byteCount
            bytes.withUnsafeBufferPointer { input in
                let done = EVP_Digest(input.baseAddress, input.count, output.baseAddress, nil, Algorithm.sha256, nil)
                precondition(done == 1, "OpenSSL computes SHA-256")
            }
        })
}

/// SHA-256 of bytes that come in pieces. Not copyable: the state belongs to OpenSSL.
package struct SHA256Hasher: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, Algorithm.sha256, nil) == 1 else {
            preconditionFailure("OpenSSL starts SHA-256")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: [UInt8]) { update(bytes.span) }
    package mutating func update(_ bytes: ArraySlice<UInt8>) { update(bytes.span) }

    package mutating func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { input in
            let done = EVP_DigestUpdate(context, input.baseAddress, input.count)
            precondition(done == 1, "OpenSSL continues SHA-256")
        }
    }

    package consuming func finalize() -> SHA256Digest {
        SHA256Digest(
            unchecked: [UInt8](unsafeUninitializedCapacity: SHA256Digest.byteCount) { output, count in
                count = SHA256Digest.byteCount
                let done = EVP_DigestFinal_ex(context, output.baseAddress, nil)
                precondition(done == 1, "OpenSSL ends SHA-256")
            })
    }
}

/// Fetched once: OpenSSL 3 otherwise looks the algorithm up for every digest, which costs more than a short digest.
enum Algorithm {
    nonisolated(unsafe) static let sha256: OpaquePointer = {
        guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else { preconditionFailure("OpenSSL knows SHA-256") }
        return algorithm
    }()
}
