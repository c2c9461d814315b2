/// Undoes uuencode (POSIX) as a transfer encoding, as much at a time as the target has room for: what stands between
/// `begin MODE NAME` and `end`. A body without a `begin` line gives nothing but a defect.
struct UuencodeDecoder: Sendable {
    /// The begin of a line.
    private var index: Int
    private let end: Int
    private var isInside = false

    /// No line writes more than this.
    private static let longestLine = 63

    init(_ range: Range<Int>) {
        index = range.lowerBound
        end = range.upperBound
    }

    var isDone: Bool { index >= end }

    /// Writes from `start` on until the input is used up or too little room is left for a line; returns where it stopped.
    mutating func fill(
        _ bytes: Bytes, into output: inout MutableSpan<UInt8>, at start: Int, _ findings: inout Findings
    ) -> Int {
        var written = start
        while index < end && written + UuencodeDecoder.longestLine <= output.count {
            var lineEnd = findByte(bytes, 10, from: index, to: end)
            let next = lineEnd < 0 ? end : lineEnd + 1
            if lineEnd < 0 { lineEnd = end }
            if lineEnd > index && bytes[lineEnd - 1] == 13 { lineEnd -= 1 }
            let line = index..<lineEnd
            index = next
            if !isInside {
                isInside = starts(bytes, line, with: "begin ")
            } else if starts(bytes, line, with: "end") && line.count <= 4 {
                index = end
                return written
            } else if !line.isEmpty {
                decodeUuLine(bytes, line, into: &output, &written)
            }
            if isDone { findings.note(.badUuencode) }
        }
        return written
    }
}

/// One line: a length, then groups of four characters for three bytes.
private func decodeUuLine(
    _ bytes: Bytes, _ line: Range<Int>, into output: inout MutableSpan<UInt8>, _ written: inout Int
) {
    var left = Int((bytes[line.lowerBound] &- 32) & 63)
    var index = line.lowerBound + 1
    while left > 0 && index < line.upperBound {
        var group: UInt32 = 0
        for place in 0..<4 {
            // Trailing spaces are often lost on the way; a missing character is a space.
            let byte = index + place < line.upperBound ? bytes[index + place] : 32
            group = group << 6 | UInt32((byte &- 32) & 63)
        }
        index += 4
        for shift in [16, 8, 0] as [UInt32] where left > 0 {
            output[written] = UInt8(truncatingIfNeeded: group >> shift)
            written += 1
            left -= 1
        }
    }
}
