import Vocabulary

/// Text in the form in which rules compare it: lower case, full-width forms as ASCII, every run of white space one
/// space (so that a phrase is found across a line break), none at the ends.
struct FoldedText: Hashable, Sendable {
    let bytes: [UInt8]

    init(_ text: String) {
        bytes = Folding.folded(text)
    }

    /// `bytes` are in the folded form already.
    init(folded bytes: [UInt8]) { self.bytes = bytes }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func hasPrefix(_ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }

    func hasSuffix(_ suffix: [UInt8]) -> Bool { bytes.suffix(suffix.count).elementsEqual(suffix) }

    /// For short texts; long ones go through `PhraseMatcher`.
    func contains(_ phrase: FoldedText) -> Bool {
        let wanted = phrase.bytes
        guard wanted.count <= bytes.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { bytes[$0...].starts(with: wanted) }
    }

    /// `self` as a rule's word.
    func equals(_ value: FoldedText, key: ConditionKey) -> Bool { value.names(for: key).contains(self) }

    /// Every word of a rule that this value equals: itself; of an address also `@example.com`, which means every address
    /// of that domain; of a language `zh` for `zh-Hans` (RFC 4647 section 3.3.1).
    func names(for key: ConditionKey) -> [FoldedText] {
        switch key {
        case .message(.from), .message(.to), .message(.cc), .message(.replyTo), .message(.recipient),
            .message(.detail(.email)):
            guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0 else { return [self] }
            return [self, FoldedText(folded: Array(bytes[at...]))]
        case .message(.language):
            guard let dash = bytes.firstIndex(of: UInt8(ascii: "-")) else { return [self] }
            return [self, FoldedText(folded: Array(bytes[..<dash]))]
        default: return [self]
        }
    }
}

/// The folding itself: one pass, byte by byte, never longer than the text.
enum Folding {
    static func folded(_ text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { bytes in
            [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
                guard let start = buffer.baseAddress else { return }
                var writer = Writer(start)
                var index = 0
                while index < bytes.count {
                    let byte = bytes[index]
                    if byte < 0x80 {
                        index += 1
                        if byte == 0x20 || byte &- 0x09 < 5 { writer.space() } else { writer.put(lowered(byte)) }
                    } else if byte &- 0xE4 < 6 {
                        // Chinese characters and Korean: nothing to fold, and most of what is not ASCII.
                        writer.put(byte)
                        writer.put(bytes[index + 1])
                        writer.put(bytes[index + 2])
                        index += 3
                    } else {
                        index += wide(bytes, at: index, &writer)
                    }
                }
                count = writer.finish()
            }
        }
    }

    /// Where the folded bytes go. A space at the beginning is left out, one at the end taken back.
    private struct Writer {
        private let start: UnsafeMutablePointer<UInt8>
        private var length = 0

        init(_ start: UnsafeMutablePointer<UInt8>) { self.start = start }

        @inline(__always)
        mutating func put(_ byte: UInt8) {
            start[length] = byte
            length &+= 1
        }

        @inline(__always)
        mutating func space() {
            if length > 0, start[length - 1] != 0x20 { put(0x20) }
        }

        func finish() -> Int { length > 0 && start[length - 1] == 0x20 ? length - 1 : length }
    }

    @inline(__always)
    private static func lowered(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

    /// One scalar beyond ASCII; gives its length in UTF-8. `bytes` is well-formed, because it comes from a String.
    private static func wide(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, _ writer: inout Writer) -> Int {
        let lead = bytes[index]
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        if length == 2 {
            let scalar = Int(lead & 0x1F) << 6 | Int(bytes[index + 1] & 0x3F)
            if scalar == 0xA0 {  // no-break space
                writer.space()
            } else {
                let lower = lowercase[scalar]
                writer.put(UInt8(0xC0 | lower >> 6))
                writer.put(UInt8(0x80 | lower & 0x3F))
            }
            return 2
        }
        if length == 3, lead >= 0xE3 {
            let (second, third) = (bytes[index + 1], bytes[index + 2])
            if lead == 0xE3, second == 0x80, third == 0x80 {  // ideographic space
                writer.space()
                return 3
            }
            if lead == 0xEF, second == 0xBC || second == 0xBD {
                // U+FF01 to U+FF5E are ASCII 0x21 to 0x7E in full width.
                let offset = (Int(second) - 0xBC) << 6 | Int(third & 0x3F)
                if (0x01...0x5E).contains(offset) {
                    writer.put(lowered(UInt8(offset + 0x20)))
                    return 3
                }
            }
        }
        for offset in 0..<length { writer.put(bytes[index + offset]) }
        return length
    }

    /// The bytes of `text` with ASCII capitals made small. The long s and the kelvin sign become s and k: to a pattern that
    /// ignores case they are.
    static func loweredASCII(_ text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { bytes in
            [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
                guard let start = buffer.baseAddress else { return }
                var (index, length) = (0, 0)
                while index < bytes.count {
                    let byte = bytes[index]
                    index += 1
                    if byte < 0x80 {
                        start[length] = byte &- 65 < 26 ? byte | 0x20 : byte
                    } else if byte == 0xC5, bytes[index] == 0xBF {
                        start[length] = 0x73
                        index += 1
                    } else if byte == 0xE2, bytes[index] == 0x84, bytes[index + 1] == 0xAA {
                        start[length] = 0x6B
                        index += 2
                    } else {
                        start[length] = byte
                    }
                    length += 1
                }
                count = length
            }
        }
    }

    /// Lower case of the scalars that take two bytes, where that also takes two; Latin, Greek, Cyrillic and their like.
    private static let lowercase: [UInt16] = (0..<0x800).map { value in
        guard let scalar = Unicode.Scalar(UInt16(value)) else { return UInt16(value) }
        let lower = scalar.properties.lowercaseMapping.unicodeScalars
        guard lower.count == 1, let first = lower.first, (0x80..<0x800).contains(first.value) else {
            return UInt16(value)
        }
        return UInt16(first.value)
    }
}
