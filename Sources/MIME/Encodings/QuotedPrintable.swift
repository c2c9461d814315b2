/// The value of each byte as a hexadecimal digit, or 255.
private let hexTable: [UInt8] = (0...255).map { hexValue($0) }

/// Undoes quoted-printable (RFC 2045 section 6.7), as much at a time as the target has room for. An equals sign that means
/// nothing stays as it is (the RFC's advice in the note of that section).
struct QuotedPrintableDecoder: Sendable {
    private var index: Int
    private let end: Int

    init(_ range: Range<Int>) {
        index = range.lowerBound
        end = range.upperBound
    }

    var isDone: Bool { index >= end }

    /// Writes from `start` on until the input is used up or fewer than 8 bytes are free; returns where it stopped.
    mutating func fill(
        _ bytes: Bytes, into output: inout MutableSpan<UInt8>, at start: Int, _ findings: inout Findings
    ) -> Int {
        let hexDigits = hexTable.span
        precondition(hexDigits.count == 256)
        var index = index
        var written = start
        while index < end && written + 8 <= output.count {
            // Eight bytes at a time while there is no equals sign among them, and then those before it.
            let last = Swift.min(end, index + output.count - written)
            while index + 8 <= last {
                let word = load64(bytes, at: index)
                let marked = word ^ 0x3D3D_3D3D_3D3D_3D3D
                let hits = (marked &- 0x0101_0101_0101_0101) & ~marked & 0x8080_8080_8080_8080
                store64(&output, at: written, word)
                let plain = hits.trailingZeroBitCount >> 3
                index += plain
                written += plain
                if plain < 8 { break }
            }
            if index >= end || written >= output.count { break }
            // Text outside ASCII is one pair of digits after the other.
            while index + 2 < end && bytes[index] == 61 && written < output.count {
                let high = hexDigits[Int(bytes[index + 1])]
                let low = hexDigits[Int(bytes[index + 2])]
                if high | low > 15 { break }
                output[written] = high << 4 | low
                written += 1
                index += 3
            }
            if index >= end || written >= output.count { break }
            let byte = bytes[index]
            if byte == 61 {
                if index + 2 < end && hexDigits[Int(bytes[index + 1])] | hexDigits[Int(bytes[index + 2])] < 16 {
                    continue
                }
                if let next = softBreak(bytes, index + 1, end) {
                    index = next
                    continue
                }
                findings.note(.badQuotedPrintable)
            }
            output[written] = byte
            written += 1
            index += 1
        }
        self.index = index
        return written
    }
}

/// Where the text goes on after a soft line break; nil when there is none here. White space that a gateway put between
/// the equals sign and the line end is part of the break (rule 3 of the RFC).
private func softBreak(_ bytes: Bytes, _ start: Int, _ end: Int) -> Int? {
    var index = start
    while index < end && isBlank(bytes[index]) { index += 1 }
    if index >= end { return end }
    if bytes[index] == 13 {
        return index + 1 < end && bytes[index + 1] == 10 ? index + 2 : index + 1
    }
    return bytes[index] == 10 ? index + 1 : nil
}

/// Undoes the Q encoding of encoded words (RFC 2047 section 4.2): as above, with `_` for a space and no line breaks.
func decodeQ(_ bytes: Bytes, _ range: Range<Int>, into target: inout [UInt8]) {
    var index = range.lowerBound
    while index < range.upperBound {
        let byte = bytes[index]
        if byte == 61 && index + 2 < range.upperBound {
            let high = hexValue(bytes[index + 1])
            let low = hexValue(bytes[index + 2])
            if high | low < 16 {
                target.append(high << 4 | low)
                index += 3
                continue
            }
        }
        // A word that is folded inside, against section 2: the line end is no part of it.
        if byte != 13 && byte != 10 { target.append(byte == 95 ? 32 : byte) }
        index += 1
    }
}
