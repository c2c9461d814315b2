/// Marks which lines of a text are quoted or forwarded mail.
///
/// Three things show it, in this order: `>` before the line; a line after which nothing is the writer's (a separator
/// such as `-----Original Message-----`, or a block of header lines From, Sent, To, Subject); a line that says who
/// wrote what follows (`On … wrote:`). After the last one, lines with `>` are the quote and the rest is an answer
/// below it; where no line has a `>` the program did not mark its quote, and all that follows is quoted.
struct QuotedLines {
    private let text: TextLines
    private let phrases: QuoteBoundaries
    private let attributions: AttributionFinder
    private(set) var isQuoted: [Bool]
    /// The first line that is no quote, as far as we have come.
    private var firstWritten: Int?

    init(_ text: TextLines, _ phrases: QuoteBoundaries) {
        self.text = text
        self.phrases = phrases
        attributions = AttributionFinder(text, phrases)
        isQuoted = [Bool](repeating: false, count: text.lines.count)
        mark()
    }

    /// A line longer than this introduces nothing.
    private static let longestIntroduction = 400

    private mutating func mark() {
        var index = 0
        while index < text.lines.count {
            let line = text.lines[index]
            if line.quoteDepth > 0 {
                isQuoted[index] = true
                if let first = attributions.firstLine(brokenAt: index), markAttribution(first...index) { return }
            } else if !line.isBlank, line.content.count <= Self.longestIntroduction {
                if beginsQuotedRest(at: index) {
                    return markRest(from: index)
                }
                if let first = attributions.firstLine(endingAt: index), markAttribution(first...index) { return }
            }
            if isRestOfQuotedLine(index) { isQuoted[index] = true }
            if firstWritten == nil, !isQuoted[index], !line.isBlank { firstWritten = index }
            index += 1
        }
    }

    /// Programs that wrap long lines after marking them leave the last word of a quoted line on a line of its own: a few
    /// small letters between two marked lines, below one that is full and not finished.
    private func isRestOfQuotedLine(_ index: Int) -> Bool {
        let line = text.lines[index]
        guard index > 0, index + 1 < text.lines.count, line.quoteDepth == 0, !line.isBlank, line.content.count <= 24
        else { return false }
        let above = text.lines[index - 1]
        let first = text.bytes[line.content.lowerBound]
        return above.quoteDepth > 0 && above.range.count >= 64 && text.lines[index + 1].quoteDepth > 0
            && isASCIILetter(first) && first >= 0x61 && !LineFacts.isFinished(text.bytes, above.content)
    }

    /// Marks the attribution, and the rest when no `>` follows. True when nothing is left to look at.
    ///
    /// A mail that begins with an attribution and goes on without a mark is an answer whose quote was taken away: were
    /// the rest the quote, the mail would say nothing.
    private mutating func markAttribution(_ lines: ClosedRange<Int>) -> Bool {
        let next = text.lines[(lines.upperBound + 1)...].prefix(Self.furthestQuote).first { !$0.isBlank }
        let isMarked = next.map { $0.quoteDepth > 0 } ?? false
        guard isMarked || attributions.isDated(lines) else { return false }
        let isFirst = firstWritten.map { $0 >= lines.lowerBound } ?? true
        if isMarked || isFirst {
            for index in lines { isQuoted[index] = true }
            if isFirst { firstWritten = nil }
            return false
        }
        markRest(from: lines.lowerBound)
        return true
    }

    /// Blank lines between an attribution and its quote; there are seldom more than two.
    private static let furthestQuote = 32

    /// The line of dashes above belongs to the quote as well.
    private mutating func markRest(from first: Int) {
        var first = first
        while first > 0, text.lines[first - 1].quoteDepth == 0,
            text.lines[first - 1].isBlank || isRule(text.lines[first - 1].content)
        {
            first -= 1
        }
        for index in first..<isQuoted.count { isQuoted[index] = true }
    }

    // MARK: Lines after which nothing is the writer's

    private func beginsQuotedRest(at index: Int) -> Bool {
        let content = text.lines[index].content
        let bytes = text.bytes
        if isSeparator(content) { return true }
        switch bytes[content.lowerBound] {
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "="): return false
        default: break
        }
        let openings = phrases.openings[Int(asciiLowercased(bytes[content.lowerBound]))]
        return openings.contains { begins(bytes, content, with: $0) } || headerBlock(at: index)
    }

    /// `-----Original Message-----`, `------------------ 原始邮件 ------------------`, `---- 回复的原邮件 ----`.
    private func isSeparator(_ content: Range<Int>) -> Bool {
        let bytes = text.bytes
        guard content.count <= 160 else { return false }
        var start = content.lowerBound
        while start < content.upperBound, let length = dashLength(at: start, end: content.upperBound) {
            start += length
        }
        guard start - content.lowerBound >= 2 else { return false }
        let label = trimmed(bytes, start..<content.upperBound)
        return !label.isEmpty && phrases.separators.contains { contains(bytes, label, $0) }
    }

    /// A line of nothing but dashes and the like.
    private func isRule(_ content: Range<Int>) -> Bool {
        var index = content.lowerBound
        while index < content.upperBound {
            guard let length = dashLength(at: index, end: content.upperBound) else { return false }
            index += length
        }
        return content.count >= 3
    }

    private func dashLength(at index: Int, end: Int) -> Int? {
        switch text.bytes[index] {
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "="), UInt8(ascii: "*"), UInt8(ascii: "#"): return 1
        case 0xE2:  // en dash, em dash, horizontal bar; box drawings
            guard index + 2 < end else { return nil }
            let second = text.bytes[index + 1]
            return second == 0x80 && text.bytes[index + 2] &- 0x90 < 6 || second == 0x94 ? 3 : nil
        default: return nil
        }
    }

    /// A field named From, Date or Subject, and two more (one with From) within the next lines.
    private func headerBlock(at index: Int) -> Bool {
        guard let first = headerField(text.lines[index].content), first != .copy else { return false }
        var seen: UInt8 = 1 << first.rawValue
        var looked = 0
        for line in text.lines[(index + 1)...].prefix(10) where !line.isBlank && line.quoteDepth == 0 {
            if let field = headerField(line.content) {
                seen |= 1 << field.rawValue
            } else if looked > 0 {
                break
            }
            looked += 1
            if looked == 6 { break }
        }
        let hasFrom = seen & (1 << QuoteBoundaries.HeaderField.from.rawValue) != 0
        return seen.nonzeroBitCount >= (hasFrom ? 2 : 3) && (hasFrom || first == .date)
    }

    /// `From: …`, `*From:* …`, `发件人：…`, `| 发件人 | … |`: which field it is.
    private func headerField(_ content: Range<Int>) -> QuoteBoundaries.HeaderField? {
        let bytes = text.bytes
        var start = content.lowerBound
        let end = min(content.upperBound, start + max(40, phrases.longestHeaderField + 4))
        while start < end,
            bytes[start] == UInt8(ascii: "*") || bytes[start] == UInt8(ascii: "|") || bytes[start] == 0x20
        {
            start += 1
        }
        guard start < end, phrases.opensHeaderField[Int(bytes[start])] else { return nil }
        var index = start
        while index < end {
            let byte = bytes[index]
            if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "|") { break }
            if byte == 0xEF, index + 2 < end, bytes[index + 1] == 0xBC, bytes[index + 2] == 0x9A { break }
            index += 1
        }
        guard index < end, index > start else { return nil }
        var label = trimmed(bytes, start..<index)
        while label.count > 0, bytes[label.upperBound - 1] == UInt8(ascii: "*") {
            label = label.lowerBound..<label.upperBound - 1
        }
        return phrases.headerFields[LabelHash.of(bytes, label)]
    }
}
