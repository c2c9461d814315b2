/// Finds the fields of a header block (RFC 5322 section 2.2) and where it ends.
struct HeaderReader {
    let delimiters: DelimiterLines
    private(set) var entries: [FieldEntry] = []

    init(delimiters: DelimiterLines) { self.delimiters = delimiters }

    /// Where the block ended: the first byte of the body, and the delimiter line when the entity ended with its header.
    struct End {
        var body: Int
        var delimiter: DelimiterLines.Hit?
    }

    /// Reads from `start`, the begin of a line. `isMessage`: a `From ` line may stand in front.
    mutating func read(_ bytes: Bytes, from start: Int, isMessage: Bool, _ findings: inout Findings) -> End {
        let limits = findings.limits
        let eol = delimiters.lineEnds.byte
        // Most mails have no more; that of a part is short.
        entries.reserveCapacity(isMessage ? 24 : 6)
        var position = start
        var overLimit = false
        while position < bytes.count {
            let first = bytes[position]
            if first == eol { return end(bytes, start..<position, body: position + 1, &findings) }
            if first == 13 && position + 1 < bytes.count && bytes[position + 1] == 10 {
                return end(bytes, start..<position, body: position + 2, &findings)
            }
            if first == 45 && !delimiters.isEmpty, let hit = delimiters.delimiter(bytes, at: position, start: position)
            {
                findings.note(.missingBlankLine)
                findings.work += position - start
                return End(body: position, delimiter: hit)
            }
            let fieldEnd = endOfField(bytes, position)
            if overLimit || entries.count >= limits.fields || position - start > limits.headerBytes {
                if !overLimit { findings.note(entries.count >= limits.fields ? .fieldLimit : .headerLimit) }
                overLimit = true
            } else if !field(bytes, position..<fieldEnd, isFirst: position == start, isMessage, &findings) {
                findings.note(.missingBlankLine)
                findings.work += position - start
                return End(body: position, delimiter: nil)
            }
            position = fieldEnd
        }
        findings.note(.truncatedHeader)
        findings.work += position - start
        return End(body: position, delimiter: nil)
    }

    private func end(_ bytes: Bytes, _ block: Range<Int>, body: Int, _ findings: inout Findings) -> End {
        findings.work += body - block.lowerBound
        if findByte(bytes, 0, from: block.lowerBound, to: block.upperBound) >= 0 { findings.note(.nulInHeader) }
        return End(body: body, delimiter: nil)
    }

    /// The end of the field that begins at `start`, its folded lines and last line end included.
    private func endOfField(_ bytes: Bytes, _ start: Int) -> Int {
        var position = start
        repeat {
            let lineEnd = findByte(bytes, delimiters.lineEnds.byte, from: position, to: bytes.count)
            if lineEnd < 0 { return bytes.count }
            position = lineEnd + 1
        } while position < bytes.count && isBlank(bytes[position])
        return position
    }

    /// Takes one field; false when the line is none, which ends the header.
    private mutating func field(
        _ bytes: Bytes, _ range: Range<Int>, isFirst: Bool, _ isMessage: Bool, _ findings: inout Findings
    ) -> Bool {
        var nameEnd = range.lowerBound
        while nameEnd < range.upperBound && isFieldNameByte(bytes[nameEnd]) { nameEnd += 1 }
        var colon = nameEnd
        while colon < range.upperBound && isBlank(bytes[colon]) { colon += 1 }
        guard colon < range.upperBound, bytes[colon] == 58 else {
            return strayLine(bytes, range, isFirst: isFirst, isMessage, &findings)
        }
        if colon != nameEnd { findings.note(.spaceBeforeColon) }
        guard nameEnd > range.lowerBound else {
            findings.note(.emptyFieldName)
            return true
        }
        entries.append(
            FieldEntry(bytes, name: range.lowerBound..<nameEnd, body: trimmed(bytes, colon + 1..<range.upperBound)))
        return true
    }

    /// A parameter at the begin of a line, after a field that ends in a semicolon: it was meant as a folded line. The field
    /// is made longer by it.
    private mutating func continueParameters(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
        guard let last = entries.last, !last.body.isEmpty, bytes[last.body.upperBound - 1] == 59 else { return false }
        var index = range.lowerBound
        while index < range.upperBound && (isLetter(bytes[index]) || bytes[index] == 42 || isDigit(bytes[index])) {
            index += 1
        }
        guard index > range.lowerBound, index < range.upperBound, bytes[index] == 61 else { return false }
        let end = trimmed(bytes, range).upperBound
        entries[entries.count - 1] = last.extended(to: end)
        return true
    }

    /// A line without a colon: skipped when it is known not to be body text.
    private mutating func strayLine(
        _ bytes: Bytes, _ range: Range<Int>, isFirst: Bool, _ isMessage: Bool, _ findings: inout Findings
    ) -> Bool {
        if isBlank(bytes[range.lowerBound]) && isFirst {
            // The first field was indented, or there is only white space.
            findings.note(.orphanContinuation)
            let content = trimmed(bytes, range)
            if !content.isEmpty { _ = field(bytes, content, isFirst: false, isMessage, &findings) }
            return true
        }
        if continueParameters(bytes, range) {
            findings.note(.unfoldedParameter)
            return true
        }
        var start = range.lowerBound
        if bytes[start] == 62 { start += 1 }
        let from: [UInt8] = [70, 114, 111, 109, 32]
        guard isMessage, start + from.count <= range.upperBound else { return false }
        for index in from.indices where bytes[start + index] != from[index] { return false }
        findings.note(.strayFromLine)
        return true
    }
}
