/// Digest: hashes and keyed hashes, from the system's OpenSSL.
///
/// What goes in: bytes. What comes out: a SHA-256 (FIPS 180-4) that names a message in the archive, or an HMAC-SHA-256
/// (RFC 2104) under the store's secret key that proves a token, a Message-ID or an audit row is ours. `Base32` and
/// `Hexadecimal` write bytes as text; base32 (RFC 4648 section 6, lower case, no padding) is for what stands in an
/// address, because mail systems change the case of a local part.
///
/// What can go wrong: nothing that a caller could handle. OpenSSL fails here only without memory or without its own
/// algorithms, and then the process traps.

/// A SHA-256, compared byte for byte and written as 64 hexadecimal digits.
package struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    /// Always 32.
    package static let byteCount = 32

    package let bytes: [UInt8]

    /// Nil unless there are exactly 32 bytes.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// Nil unless the text is exactly 64 hexadecimal digits.
    package init?(hex: some StringProtocol) {
        guard let bytes = Hexadecimal.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    package var hex: String { Hexadecimal.encode(bytes) }

    /// The first eight bytes as a number that fits a signed column: a short key for an index. Never proof of equality.
    package var indexKey: Int64 { bytes[..<8].reduce(0) { $0 << 8 | Int64($1) } }

    package var description: String { hex }
}

extension SHA256Digest: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let digest = SHA256Digest(hex: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not 64 hexadecimal digits")
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}
