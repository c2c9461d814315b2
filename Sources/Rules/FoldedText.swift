import Vocabulary

/// Text in the form in which rules compare it: lower case, full-width forms as ASCII, every run of white space one
/// space (so that a phrase is found across a line break), none at the ends.
struct FoldedText: Hashable, Sendable {
    let bytes: [UInt8]

    init(_ text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        Folding.fold(text) { bytes.append($0) }
        if bytes.last == 0x20 { bytes.removeLast() }
        if bytes.first == 0x20 { bytes.removeFirst() }
        self.bytes = bytes
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

/// The folding itself, one pass, byte by byte.
enum Folding {
    /// Hands the folded bytes of `text` to `take`. White space at the ends gives one space there.
    @inline(__always)
    static func fold(_ text: String, _ take: (UInt8) -> Void) {
        var text = text
        text.withUTF8 { bytes in
            var inSpace = false
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if byte < 0x80 {
                    index += 1
                    if byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) {
                        if !inSpace { take(0x20) }
                        inSpace = true
                    } else {
                        inSpace = false
                        take(byte &- 65 < 26 ? byte | 0x20 : byte)
                    }
                    continue
                }
                index += foldWide(bytes, at: index, inSpace: &inSpace, take)
            }
        }
    }

    /// One scalar beyond ASCII; gives its length in UTF-8. `bytes` is well-formed, because it comes from a String.
    @inline(__always)
    private static func foldWide(
        _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, inSpace: inout Bool, _ take: (UInt8) -> Void
    ) -> Int {
        let lead = bytes[index]
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        if length == 2 {
            let scalar = Int(lead & 0x1F) << 6 | Int(bytes[index + 1] & 0x3F)
            if scalar == 0xA0 {  // no-break space
                if !inSpace { take(0x20) }
                inSpace = true
                return 2
            }
            let lower = lowercase[scalar]
            inSpace = false
            take(UInt8(0xC0 | lower >> 6))
            take(UInt8(0x80 | lower & 0x3F))
            return 2
        }
        if length == 3, lead >= 0xE3 {
            let second = bytes[index + 1]
            let third = bytes[index + 2]
            if lead == 0xE3, second == 0x80, third == 0x80 {  // ideographic space
                if !inSpace { take(0x20) }
                inSpace = true
                return 3
            }
            if lead == 0xEF, second == 0xBC || second == 0xBD {
                // U+FF01 to U+FF5E are ASCII 0x21 to 0x7E in full width.
                let offset = (Int(second) - 0xBC) << 6 | Int(third & 0x3F)
                if (0x01...0x5E).contains(offset) {
                    let ascii = UInt8(offset + 0x20)
                    inSpace = false
                    take(ascii &- 65 < 26 ? ascii | 0x20 : ascii)
                    return 3
                }
            }
        }
        inSpace = false
        for offset in 0..<length { take(bytes[index + offset]) }
        return length
    }

    /// Hands the bytes of `text` to `take` with ASCII capitals made small. The long s and the kelvin sign become s and k:
    /// to a pattern that ignores case they are.
    @inline(__always)
    static func lowerASCII(_ text: String, _ take: (UInt8) -> Void) {
        var text = text
        text.withUTF8 { bytes in
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if byte < 0x80 {
                    take(byte &- 65 < 26 ? byte | 0x20 : byte)
                    index += 1
                } else if byte == 0xC5, bytes[index + 1] == 0xBF {
                    take(0x73)
                    index += 2
                } else if byte == 0xE2, bytes[index + 1] == 0x84, bytes[index + 2] == 0xAA {
                    take(0x6B)
                    index += 3
                } else {
                    take(byte)
                    index += 1
                }
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
