/// The six bits of each character (RFC 4648 section 4); 255 outside the alphabet.
private let base64Values: [UInt8] = {
    var table = [UInt8](repeating: 255, count: 256)
    for (value, byte) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
        table[Int(byte)] = UInt8(value)
    }
    return table
}()

/// The twelve bits of two characters, by both as a little-endian number; bit 15 when one is outside the alphabet. Of its
/// 128 KB no more than 12 KB are touched by base64.
private let base64Pairs: [UInt16] = (0..<65_536).map { pair in
    let (first, second) = (base64Values[pair & 255], base64Values[pair >> 8])
    return first | second < 64 ? UInt16(first) << 6 | UInt16(second) : 0x8000
}

/// Undoes base64 (RFC 2045 section 6.8), as much at a time as the target has room for.
///
/// Characters outside the alphabet are skipped. Padding ends the data, as the RFC says; but some programs join encoded
/// blocks, so a further line that is base64 through and through is read on, while a list's footer is not.
struct Base64Decoder: Sendable {
    private var index: Int
    private let end: Int
    /// Sextets that are not written yet, and how many.
    private var group: UInt32 = 0
    private var sextets = 0
    private var hasJunk = false

    init(_ range: Range<Int>) {
        index = range.lowerBound
        end = range.upperBound
    }

    var isDone: Bool { index >= end }

    /// No more than this comes out of so many bytes.
    static func bound(_ count: Int) -> Int { count / 4 * 3 + 3 }

    /// Writes from `start` on until the input is used up or fewer than 8 bytes are free; returns where it stopped.
    mutating func fill(
        _ bytes: Bytes, into output: inout MutableSpan<UInt8>, at start: Int, _ findings: inout Findings
    ) -> Int {
        let table = base64Values.span
        let pairs = base64Pairs.span
        precondition(table.count == 256 && pairs.count == 65_536)
        var written = start
        while index < end && written + 8 <= output.count {
            if sextets == 0 {
                decodeWholeGroups(bytes, &index, end, pairs, &output, &written)
                if index >= end || written + 8 > output.count { break }
            }
            let byte = bytes[index]
            let value = table[Int(byte)]
            index += 1
            if value < 64 {
                add(UInt32(value), &output, &written)
            } else if byte == 61 {
                padding(bytes, table, &output, &written, &findings)
            } else if !isSpace(byte) {
                hasJunk = true
            }
        }
        if isDone { finish(&output, &written, &findings) }
        return written
    }

    private mutating func add(_ value: UInt32, _ output: inout MutableSpan<UInt8>, _ written: inout Int) {
        group = group << 6 | value
        sextets += 1
        guard sextets == 4 else { return }
        output[written] = UInt8(truncatingIfNeeded: group >> 16)
        output[written + 1] = UInt8(truncatingIfNeeded: group >> 8)
        output[written + 2] = UInt8(truncatingIfNeeded: group)
        written += 3
        (group, sextets) = (0, 0)
    }

    /// An equals sign ends a group and, unless another block follows, everything.
    private mutating func padding(
        _ bytes: Bytes, _ table: Span<UInt8>, _ output: inout MutableSpan<UInt8>, _ written: inout Int,
        _ findings: inout Findings
    ) {
        flushBase64(group, sextets, &output, &written)
        let isOver = sextets >= 2 && !isBase64Line(bytes, &index, end, table)
        (group, sextets) = (0, 0)
        guard isOver else { return }
        if index < end { findings.note(.dataAfterBase64) }
        index = end
    }

    private mutating func finish(
        _ output: inout MutableSpan<UInt8>, _ written: inout Int, _ findings: inout Findings
    ) {
        if sextets > 0 {
            findings.note(.truncatedBase64)
            flushBase64(group, sextets, &output, &written)
            sextets = 0
        }
        if hasJunk { findings.note(.junkInBase64) }
    }
}

/// Undoes base64 as a whole and returns the number of bytes written from `start` on. `target` needs room for
/// `Base64Decoder.bound` and 8 more.
func decodeBase64(
    _ bytes: Bytes, _ range: Range<Int>, into target: inout [UInt8], at start: Int, _ findings: inout Findings
) -> Int {
    var decoder = Base64Decoder(range)
    var output = target.mutableSpan
    return decoder.fill(bytes, into: &output, at: start, &findings) - start
}

/// The fast part: groups of four without line ends between, two at a time.
@inline(__always)
private func decodeWholeGroups(
    _ bytes: Bytes, _ index: inout Int, _ end: Int, _ pairs: Span<UInt16>, _ output: inout MutableSpan<UInt8>,
    _ written: inout Int
) {
    // Six bytes come out of eight, and storing them needs room for eight.
    let last = Swift.min(end, index + (output.count - written - 2) / 6 * 8)
    while index + 8 <= last {
        let word = load64(bytes, at: index)
        let first = (UInt64(pairs[Int(word & 0xFFFF)]), UInt64(pairs[Int(word >> 16 & 0xFFFF)]))
        if (first.0 | first.1) & 0x8000 != 0 {
            // Lines end where a group ends, nearly always.
            guard word & 0xFFFF == 0x0A0D else { return }
            index += 2
            continue
        }
        let group = first.0 << 12 | first.1
        let second = (UInt64(pairs[Int(word >> 32 & 0xFFFF)]), UInt64(pairs[Int(word >> 48)]))
        if (second.0 | second.1) & 0x8000 != 0 {
            output[written] = UInt8(truncatingIfNeeded: group >> 16)
            output[written + 1] = UInt8(truncatingIfNeeded: group >> 8)
            output[written + 2] = UInt8(truncatingIfNeeded: group)
            index += 4
            written += 3
            continue
        }
        store64(&output, at: written, ((group << 24 | second.0 << 12 | second.1) << 16).byteSwapped)
        index += 8
        written += 6
    }
}

/// Writes the bytes of a group that ended early.
private func flushBase64(_ group: UInt32, _ sextets: Int, _ output: inout MutableSpan<UInt8>, _ written: inout Int) {
    if sextets == 2 {
        output[written] = UInt8(truncatingIfNeeded: group >> 4)
        written += 1
    } else if sextets == 3 {
        output[written] = UInt8(truncatingIfNeeded: group >> 10)
        output[written + 1] = UInt8(truncatingIfNeeded: group >> 2)
        written += 2
    }
}

/// Skips padding and white space; whether the line that follows holds only whole groups of the alphabet.
private func isBase64Line(_ bytes: Bytes, _ index: inout Int, _ end: Int, _ table: Span<UInt8>) -> Bool {
    while index < end && (isSpace(bytes[index]) || bytes[index] == 61) { index += 1 }
    var cursor = index
    var count = 0
    while cursor < end && bytes[cursor] != 10 && bytes[cursor] != 13 {
        let byte = bytes[cursor]
        if table[Int(byte)] >= 64 && byte != 61 { return false }
        cursor += 1
        count += 1
        // A full line of the usual length is evidence enough, and looking no further keeps this linear.
        if count == 60 { return true }
    }
    return count > 0 && count % 4 == 0
}
