internal import CCrypto

/// The secret under which this installation signs its tokens. Its bytes are never shown.
package struct SecretKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Length of a key that `random` makes.
    package static let byteCount = 32
    private static let blockSize = 64

    /// The two padded keys of RFC 2104 section 2, made once.
    private let innerPad: [UInt8]
    private let outerPad: [UInt8]
    private let keyBytes: [UInt8]

    package init(bytes: [UInt8]) {
        precondition(!bytes.isEmpty, "a key has bytes")
        keyBytes = bytes
        var block = bytes.count > Self.blockSize ? sha256(bytes).bytes : bytes
        block += Array(repeating: 0, count: Self.blockSize - block.count)
        innerPad = block.map { $0 ^ 0x36 }
        outerPad = block.map { $0 ^ 0x5C }
    }

    /// A new key from the system's random source.
    package static func random() -> SecretKey {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        precondition(RAND_bytes(&bytes, Int32(byteCount)) == 1, "OpenSSL gives random bytes")
        return SecretKey(bytes: bytes)
    }

    /// HMAC-SHA-256 (RFC 2104), 32 bytes.
    package func mac(_ bytes: [UInt8]) -> [UInt8] {
        sha256(outerPad + sha256(innerPad + bytes).bytes).bytes
    }

    /// HMAC of a text, cut to `byteCount` bytes: half of the output is enough for a token (RFC 2104 section 5).
    package func mac(of text: String, byteCount: Int) -> [UInt8] {
        Array(mac(Array(text.utf8)).prefix(byteCount))
    }

    /// For writing the key file, and nothing else.
    package func reveal() -> [UInt8] { keyBytes }

    package var description: String { "SecretKey(…)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Compares in a time that does not depend on where the two differ, so that a token cannot be guessed byte by byte.
package func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
}
