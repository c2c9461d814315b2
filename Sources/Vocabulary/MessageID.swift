/// A Message-ID (RFC 5322 section 3.6.4) without its angle brackets.
package struct MessageID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let value: String

    /// Nil when nothing is left after brackets and white space, or when the text holds control characters.
    package init?(_ text: some StringProtocol) {
        if let text = text as? String, Self.isPlain(text) {
            value = text
            return
        }
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, first <= 0x20 || first == UInt8(ascii: "<") { bytes = bytes.dropFirst() }
        while let last = bytes.last, last <= 0x20 || last == UInt8(ascii: ">") { bytes = bytes.dropLast() }
        guard !bytes.isEmpty, !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        value = String(decoding: bytes, as: UTF8.self)
    }

    /// Nothing to take off and nothing to refuse, as nearly always: then the text is kept without a copy.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, first != UInt8(ascii: "<"), last != UInt8(ascii: ">")
        else { return false }
        return bytes.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// What stands right of the last `@`, lower-cased; nil when there is none.
    package var domain: String? {
        guard let at = value.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        return asciiLowercased(String(value[value.utf8.index(after: at)...]))
    }

    /// `<value>`, as it stands in a field body.
    package var description: String { "<\(value)>" }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = MessageID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a Message-ID")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}
