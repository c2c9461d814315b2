/// Undoes uuencode (POSIX) as a transfer encoding: what stands between `begin MODE NAME` and `end`.
///
/// Returns the number of bytes written; a body without a `begin` line gives nothing but a defect.
func decodeUuencode(
    _ bytes: Bytes, _ range: Range<Int>, into target: inout [UInt8], _ findings: inout Findings
) -> Int {
    var written = 0
    var line = range.lowerBound
    var isInside = false
    while line < range.upperBound {
        var lineEnd = findByte(bytes, 10, from: line, to: range.upperBound)
        let next = lineEnd < 0 ? range.upperBound : lineEnd + 1
        if lineEnd < 0 { lineEnd = range.upperBound }
        if lineEnd > line && bytes[lineEnd - 1] == 13 { lineEnd -= 1 }
        let content = line..<lineEnd
        if !isInside {
            isInside = starts(bytes, content, with: "begin ")
        } else if starts(bytes, content, with: "end") && content.count <= 4 {
            return written
        } else if !content.isEmpty {
            decodeUuLine(bytes, content, into: &target, &written)
        }
        line = next
    }
    findings.note(.badUuencode)
    return written
}

/// One line: a length, then groups of four characters for three bytes.
private func decodeUuLine(_ bytes: Bytes, _ line: Range<Int>, into target: inout [UInt8], _ written: inout Int) {
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
            target[written] = UInt8(truncatingIfNeeded: group >> shift)
            written += 1
            left -= 1
        }
    }
}

func starts(_ bytes: Bytes, _ range: Range<Int>, with prefix: String) -> Bool {
    guard range.count >= prefix.utf8.count else { return false }
    var index = range.lowerBound
    for byte in prefix.utf8 {
        if bytes[index] != byte { return false }
        index += 1
    }
    return true
}
