/// Finds the lines that say who wrote what follows: `On … wrote:`, `在 … 写道：`, `… schrieb am …:`.
///
/// Programs wrap such a line where it grows long: before the address, inside its angle brackets, before the verb. So
/// it is known by its end (verb and colon) and followed upwards over a few lines to its beginning.
struct AttributionFinder {
    private let text: TextLines
    private let phrases: QuoteBoundaries

    init(_ text: TextLines, _ phrases: QuoteBoundaries) {
        self.text = text
        self.phrases = phrases
    }

    /// Lines that one attribution may have.
    private static let tallest = 4
    /// The same where a program put blank lines and a link between its pieces.
    private static let tallestBroken = 6

    /// The first line of the attribution that ends at this line, which is neither blank nor marked.
    func firstLine(endingAt index: Int) -> Int? {
        let content = text.lines[index].content
        guard let said = beforeColon(content) else { return firstLineWithoutColon(index, content) }
        guard !said.isEmpty else { return nil }
        let first = beginning(ofAttributionEndingAt: index)
        let whole = text.lines[first].content.lowerBound..<said.upperBound
        if endsInAddress(said), isDated(whole) { return first }
        if endsInVerb(said) { return first }
        // "Am 14.01.2024 um 10:00 schrieb Hans:" has its verb in the middle.
        if opens(whole), isDated(whole), hasVerb(whole) { return first }
        if isFollowedByQuote(index), digits(said) >= 6, text.bytes[said].contains(0x40) { return first }
        return lineWithVerbAbove(index)
    }

    /// A line with a date and an address right above a marked line introduces it, in whatever language.
    private func isFollowedByQuote(_ index: Int) -> Bool {
        text.lines[(index + 1)...].prefix(2).first { !$0.isBlank }.map { $0.quoteDepth > 0 } ?? false
    }

    /// The first line of an attribution whose last one looks like a quote: a link was unfolded inside the brackets of
    /// the address, and `> wrote:` stands alone on its line.
    func firstLine(brokenAt index: Int) -> Int? {
        let line = text.lines[index]
        guard line.quoteDepth == 1, line.content.count <= 24, !line.isBlank, let said = beforeColon(line.content),
            phrases.attributionVerbs.contains(where: {
                $0.count == said.count && begins(text.bytes, said, with: $0)
            })
        else { return nil }
        for candidate in (max(0, index - Self.tallestBroken)..<index).reversed() {
            let line = text.lines[candidate]
            if line.quoteDepth > 0 { return nil }
            if !line.isBlank, opens(line.content), isDated(line.content) { return candidate }
        }
        return nil
    }

    /// A date or time and more than a few words: `2013`, `03:57`, `30.04.2025`; or an address.
    func isDated(_ lines: ClosedRange<Int>) -> Bool {
        isDated(text.lines[lines.lowerBound].content.lowerBound..<text.lines[lines.upperBound].content.upperBound)
    }

    // MARK: Other forms

    /// Zoho writes `---- On … <address> wrote ----`, old Gmail `2013/7/20 Ada <ada@example.com>` and no verb at all.
    private func firstLineWithoutColon(_ index: Int, _ content: Range<Int>) -> Int? {
        let bytes = text.bytes
        // Nearly every line of prose is done with here: its first or last byte, or no date near its beginning.
        guard content.count > 20, phrases.opensAttribution[Int(bytes[content.lowerBound])],
            phrases.endsAttribution[Int(bytes[content.upperBound - 1])],
            bytes[content.prefix(Self.nearbyDate)].contains(where: isASCIIDigit)
        else { return nil }
        let said = withoutDashes(content)
        guard said.count > 8, bytes[said].contains(0x40) else { return nil }
        if endsInVerb(said), opens(said), digits(said) >= 6 { return index }
        return beginsWithDate(said) && endsInAddress(said) && isAlone(index) ? index : nil
    }

    /// How far into its line a date begins at most: behind dashes, an opener and the name of a day.
    private static let nearbyDate = 32

    /// `Ada <ada@example.com> schrieb am Di., 16. Aug. 2016` and below it `um 12:52 Uhr:`.
    private func lineWithVerbAbove(_ index: Int) -> Int? {
        guard index > 0, digits(text.lines[index].content) > 0 else { return nil }
        let above = text.lines[index - 1]
        guard !above.isBlank, above.quoteDepth == 0, above.content.count <= 200,
            text.bytes[above.content].contains(0x40)
        else { return nil }
        return hasVerb(above.content) ? index - 1 : nil
    }

    /// Programs wrap the line: the date on one line, the name on the next.
    private func beginning(ofAttributionEndingAt index: Int) -> Int {
        var first = index
        var candidate = index
        while index - candidate < Self.tallest, candidate >= 0 {
            let line = text.lines[candidate]
            if line.isBlank || line.quoteDepth > 0 { break }
            if opens(line.content) { return candidate }
            // The bracket of the address opens at the end of the line above.
            if candidate < index, text.bytes[line.content.upperBound - 1] == UInt8(ascii: "<"), isDated(line.content) {
                first = candidate
            }
            candidate -= 1
        }
        return first
    }

    // MARK: Facts about a line

    /// The line without its final colon and what stands before it; nil when it does not end so.
    private func beforeColon(_ content: Range<Int>) -> Range<Int>? {
        let bytes = text.bytes
        if bytes[content.upperBound - 1] == UInt8(ascii: ":") {
            return trimmed(bytes, content.lowerBound..<content.upperBound - 1)
        }
        return ends(bytes, content, with: [0xEF, 0xBC, 0x9A])
            ? trimmed(bytes, content.lowerBound..<content.upperBound - 3) : nil
    }

    private func withoutDashes(_ content: Range<Int>) -> Range<Int> {
        var start = content.lowerBound
        var end = content.upperBound
        while start < end, text.bytes[start] == UInt8(ascii: "-") { start += 1 }
        while start < end, text.bytes[end - 1] == UInt8(ascii: "-") { end -= 1 }
        return trimmed(text.bytes, start..<end)
    }

    private func opens(_ range: Range<Int>) -> Bool {
        guard let first = range.first, phrases.opensAttribution[Int(text.bytes[first])] else { return false }
        return beginsWithDate(range)
            || phrases.attributionOpeners.contains { begins(text.bytes, range, with: $0) }
    }

    /// A year of four digits and what may stand behind it: `2026-`, `2026/`, `2026.`, `2026年`, `2026 `.
    private func beginsWithDate(_ range: Range<Int>) -> Bool {
        guard range.count > 6 else { return false }
        let start = range.lowerBound
        guard text.bytes[start] == UInt8(ascii: "2"), text.bytes[start..<start + 4].allSatisfy(isASCIIDigit) else {
            return false
        }
        return !isASCIILetterOrDigit(text.bytes[start + 4])
    }

    private func endsInVerb(_ said: Range<Int>) -> Bool {
        phrases.attributionVerbs.contains { ends(text.bytes, said, with: $0) }
    }

    private func hasVerb(_ range: Range<Int>) -> Bool {
        phrases.attributionVerbs.contains { contains(text.bytes, range, $0) }
    }

    private func endsInAddress(_ said: Range<Int>) -> Bool {
        text.bytes[said.upperBound - 1] == UInt8(ascii: ">") && text.bytes[said].contains(0x40)
    }

    /// Whether the lines beside this one are blank.
    private func isAlone(_ index: Int) -> Bool {
        (index == 0 || text.lines[index - 1].isBlank)
            && (index + 1 == text.lines.count || text.lines[index + 1].isBlank || text.lines[index + 1].quoteDepth > 0)
    }

    private func digits(_ range: Range<Int>) -> Int { text.bytes[range].count(where: isASCIIDigit) }

    private func isDated(_ range: Range<Int>) -> Bool {
        digits(range) >= 4 || text.bytes[range].contains(UInt8(ascii: "@"))
    }
}
