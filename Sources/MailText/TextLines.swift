/// One line of a text, as offsets into its bytes.
struct TextLine {
    /// Without the line feed.
    let range: Range<Int>
    /// Without blanks at both ends; for a quoted line the text behind its marks.
    let content: Range<Int>
    /// How many `>` stand before it.
    let quoteDepth: Int

    var isBlank: Bool { content.isEmpty }
}

/// Bytes with LF line ends, and their lines.
struct TextLines {
    let bytes: [UInt8]
    let lines: [TextLine]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var lines: [TextLine] = []
        lines.reserveCapacity(bytes.count / 40 + 1)
        var start = 0
        while true {
            let end = firstIndex(of: 0x0A, in: bytes, from: start)
            lines.append(Self.line(bytes, start..<end))
            if end == bytes.count { break }
            start = end + 1
        }
        self.lines = lines
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// RFC 3676 section 4.5: quote marks stand at the very start; in life up to three blanks come before them, and
    /// blanks between them. The full-width `＞` is what some Japanese and Chinese input methods give.
    private static func line(_ bytes: [UInt8], _ range: Range<Int>) -> TextLine {
        var index = range.lowerBound
        var depth = 0
        var contentStart = index
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == UInt8(ascii: ">") {
                depth += 1
                index += 1
                contentStart = index
            } else if byte == 0xEF, index + 2 < range.upperBound, bytes[index + 1] == 0xBC, bytes[index + 2] == 0x9E {
                depth += 1
                index += 3
                contentStart = index
            } else if byte == 0x20 || byte == 0x09, index - contentStart < 3 {
                index += 1
            } else {
                break
            }
        }
        return TextLine(range: range, content: trimmed(bytes, contentStart..<range.upperBound), quoteDepth: depth)
    }
}

/// UTF-8 with CR LF and lone CR as LF, cut at `limit` on the border of a character.
func normalizedLineEnds(_ text: String, limit: Int) -> [UInt8] {
    var bytes = Array(text.utf8)
    if bytes.count > limit {
        bytes.removeLast(bytes.count - limit)
        while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
        if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    }
    let first = firstIndex(of: 0x0D, in: bytes, from: 0)
    guard first < bytes.count else { return bytes }
    let written = bytes.withUnsafeMutableBufferPointer { bytes in
        var index = first
        var written = first
        while index < bytes.count {
            var byte = bytes[index]
            index &+= 1
            if byte == 0x0D {
                if index < bytes.count, bytes[index] == 0x0A { index &+= 1 }
                byte = 0x0A
            }
            bytes[written] = byte
            written &+= 1
        }
        return written
    }
    bytes.removeLast(bytes.count - written)
    return bytes
}
