/// Finds the signature at the end of what was written: the lines below the delimiter `-- ` (RFC 3676 section 4.3),
/// below closing words, or a block of contact lines at the very end.
///
/// Only the last lines are looked at, so the work does not grow with the text.
struct SignatureBlock {
    private let text: TextLines
    private let phrases: SignaturePhrases
    /// The lines that may be signature, without blank ones, in their order.
    private let tail: [Int]
    /// Whether the text has no more lines than `tail`.
    private let tailIsAll: Bool
    /// The words of the sender's name, hashed.
    private let writer: Set<UInt64>
    /// What the phrases in a line of `tail` say of it, as bits of `SignaturePhrases.Mark`.
    private let marks: [UInt8]

    /// Lines of the signature, without blank ones; empty when there is none.
    private(set) var lines: [Int] = []
    /// Lines that are no own text: those of the signature, and what apps write below a mail.
    private(set) var cut: [Int] = []
    /// The closing words that lead to the signature.
    private(set) var closing: [Int] = []

    private static let tallestSignature = 24
    private static let longestLine = 160
    /// What the phrases are looked for in; a longer line has nothing to say about titles and companies.
    private static let longestPart = 64

    /// - Parameters:
    ///   - written: the lines that are no quote, ascending.
    ///   - writer: display name of the sender; a last line that repeats it is a signature.
    init(_ text: TextLines, written: [Int], writer: String?, _ phrases: SignaturePhrases) {
        self.text = text
        self.phrases = phrases
        tail = written.suffix(Self.tallestSignature * 2).filter { !text.lines[$0].isBlank }
            .suffix(Self.tallestSignature)
        tailIsAll = written.count <= Self.tallestSignature
        self.writer = Set(Self.words(Array((writer ?? "").utf8)))
        marks = Self.marks(text, tail, phrases)
        guard let place = Self.place(self) else {
            if let last = tail.indices.last, isSignedClosing(last) { closing = [tail[last]] }
            return
        }
        cut = Array(tail[place.cut...])
        guard let start = place.signature else {
            if place.cut > 0, isSignedClosing(place.cut - 1) { closing = [tail[place.cut - 1]] }
            return
        }
        lines = Array(tail[start...])
        closing = Array(tail[closingLines(above: start)])
    }

    // MARK: Where it is

    /// Where in `tail` the parts of a signature begin; each goes on to the end.
    private struct Place {
        /// What is no own text: the signature, or what an app wrote below the mail.
        var cut: Int
        /// The signature; nil when only an app or a row of dashes stands below the text.
        var signature: Int?
    }

    private static func place(_ block: Self) -> Place? {
        let (end, note) = block.trailing()
        if let start = block.belowDelimiter(end) ?? block.belowClosing(end) ?? block.contactLines(end)
            ?? block.introduction(end) ?? block.loneName(end)
        {
            return Place(cut: start, signature: start)
        }
        guard end < block.tail.count else { return nil }
        return Place(cut: end, signature: note)
    }

    /// Where what programs add below a mail begins, and the confidentiality note in it. The person's own signature
    /// stands above.
    private func trailing() -> (end: Int, note: Int?) {
        let note = tail.indices.first { has(.disclaimer, $0) && $0 > 0 }
        var end = note ?? tail.count
        while end > 0, isAppLine(end - 1) || end > 1 && isRow(tail[end - 1]) { end -= 1 }
        return (end, note)
    }

    /// The closing words right above the signature, and those that hold it on their own line: `Thanks, Ada`.
    private func closingLines(above start: Int) -> Range<Int> {
        var first = start
        while first > 0, start - first < 3, isClosing(first - 1) { first -= 1 }
        return first..<start
    }

    /// One pass over the beginnings of the lines.
    private static func marks(_ text: TextLines, _ tail: [Int], _ phrases: SignaturePhrases) -> [UInt8] {
        var bytes: [UInt8] = []
        var starts: [Int] = []
        for line in tail {
            starts.append(bytes.count)
            let content = text.lines[line].content
            bytes.append(contentsOf: text.bytes[content].prefix(longestPart))
            // Half a character would take the line feed along.
            while content.count > longestPart, let last = bytes.last, last >= 0x80 {
                bytes.removeLast()
                if last >= 0xC0 { break }
            }
            bytes.append(0x0A)
        }
        var marks = [UInt8](repeating: 0, count: tail.count)
        var current = 0
        phrases.finder.forEachHit(in: bytes) { hit in
            while current + 1 < starts.count, starts[current + 1] <= hit.start { current += 1 }
            let mark = phrases.mark(of: hit)
            if starts[current] <= hit.start, !mark.opensLine || starts[current] == hit.start {
                marks[current] |= mark.rawValue
            }
        }
        return marks
    }

    private func has(_ mark: SignaturePhrases.Mark, _ index: Int) -> Bool { marks[index] & mark.rawValue != 0 }

    // MARK: Ways to know one

    /// The lowest delimiter, or the standard one above it: a list adds its own below the writer's.
    private func belowDelimiter(_ end: Int) -> Int? {
        guard let lowest = tail[..<end].lastIndex(where: { isDelimiter($0) }), lowest + 1 < end || end < tail.count
        else {
            return nil
        }
        // A row above nothing but thanks closes a box.
        if lowest + 1 < end, (lowest + 1..<end).allSatisfy({ isClosing($0) }) { return nil }
        guard isStrictDelimiter(tail[lowest]) || tail[lowest + 1..<end].allSatisfy({ isShort($0) }) else { return nil }
        var first = lowest
        for index in (0..<lowest).reversed() {
            guard isShort(tail[index]) else { break }
            if isStrictDelimiter(tail[index]) || index + 1 == first && isDelimiter(tail[index]) { first = index }
        }
        return first
    }

    private func belowClosing(_ end: Int) -> Int? {
        var index = end - 1
        var below = 0
        while index >= 0 {
            if isClosing(index) {
                // Nothing below: the closing words are text, not a signature.
                return below == 0 ? nil : index + 1
            }
            guard isShort(tail[index]), !has(.postscript, index) else { return nil }
            below += 1
            if below > 14 { return nil }
            index -= 1
        }
        return nil
    }

    private func contactLines(_ end: Int) -> Int? {
        var index = end
        var strength = 0
        while index > 0 {
            let upper = index - 1
            let isApart = index < end && hasBlankBetween(tail[upper], tail[index])
            let score = signatureScore(upper)
            if score == 0 {
                guard strength > 0, !isApart, mayContinue(upper) else { break }
            } else if isApart, strength > 0, score < 2 {
                break
            }
            strength += max(score - 1, 0)
            index = upper
        }
        // A mail that is nothing but contact lines says them as its matter.
        guard strength > 0, index < end, index > 0 || !tailIsAll, !isAnnounced(index, end) else { return nil }
        return index
    }

    /// Whether a line between contact lines and the blank line above them belongs to them: a title, a company, a
    /// street, in capitals and without a sentence.
    private func mayContinue(_ index: Int) -> Bool {
        let range = content(tail[index])
        guard range.count <= 80, index > 0 || !tailIsAll, !has(.matter, index), !isClosing(index) else { return false }
        if LineFacts.endsInColon(text.bytes, range) { return false }
        let facts = LineFacts(text.bytes, range)
        // `Ada Byron | head of machine design`: a title has more small words than a name or a company.
        let smallWords = facts.hasSeparator ? 4 : 2
        return facts.beginsWithCapital && facts.wide < 8 && !facts.endsSentence && facts.smallWords <= smallWords
            && facts.digits < 7
    }

    /// Whether the text above names these lines as its matter: it ends in a colon, or runs on into a single line.
    private func isAnnounced(_ start: Int, _ end: Int) -> Bool {
        guard start > 0 else { return false }
        let above = content(tail[start - 1])
        if LineFacts.endsInColon(text.bytes, above) { return true }
        let lastWords = max(above.lowerBound, above.upperBound - 100)..<above.upperBound
        if phrases.announcements.contains(where: { contains(text.bytes, lastWords, $0) }), !isNameLine(start) {
            return true
        }
        guard end - start == 1, !LineFacts.isFinished(text.bytes, above), !has(.matter, start - 1) else { return false }
        let isRunOn = above.count >= 55 && !hasBlankBetween(tail[start - 1], tail[start])
        let facts = LineFacts(text.bytes, content(tail[start]))
        return isRunOn || facts.words == 0 && facts.wide < 6 || facts.hasLink
    }

    /// A last paragraph in which the writer says who they are and how to reach them: `我是某公司的王芳，电话…。` It must say
    /// nothing else, so its first line ends with a number or an address.
    private func introduction(_ end: Int) -> Int? {
        var start = end
        while start > 0, end - start < 3, start == end || !hasBlankBetween(tail[start - 1], tail[start]),
            !isClosing(start - 1)
        {
            start -= 1
            if has(.introduction, start) { break }
        }
        guard start > 0, start < end, has(.introduction, start) else { return nil }
        let isApart = hasBlankBetween(tail[start - 1], tail[start]) || isClosing(start - 1)
        guard isApart, (start..<end).allSatisfy({ isContactClause($0) }) else { return nil }
        return start
    }

    /// Whether nothing but a sign follows the last number or address in the line.
    private func isContactClause(_ index: Int) -> Bool {
        let range = content(tail[index])
        guard range.count <= 240, !has(.matter, index) else { return false }
        if has(.introduction, index) {
            let facts = LineFacts(text.bytes, range)
            guard facts.digits >= 7 || facts.hasAddress,
                let last = text.bytes[range].lastIndex(where: isASCIILetterOrDigit)
            else { return false }
            return range.upperBound - last <= 4
        }
        return has(.place, index)
    }

    /// A name below a finished sentence, maybe with a title, a company, a number or the date beside it, as letters end.
    private func loneName(_ end: Int) -> Int? {
        var start = end
        var hasName = false
        while start > 0, end - start < 4, start == end || !hasBlankBetween(tail[start - 1], tail[start]) {
            let index = start - 1
            guard !has(.matter, index), !has(.closing, index) else { break }
            if isNameLine(index) {
                hasName = true
            } else if !standsBesideName(index) {
                break
            }
            start = index
        }
        guard hasName, start > 0, start < end else { return nil }
        // Words below a quoted line are an answer, whatever they look like.
        let between = tail[start - 1]..<tail[start]
        guard text.lines[between].allSatisfy({ $0.quoteDepth == 0 }) else { return nil }
        return LineFacts.isFinished(text.bytes, content(tail[start - 1])) ? start : nil
    }

    private func isNameLine(_ index: Int) -> Bool {
        let range = content(tail[index])
        if phrases.ordinaryWords.contains(SignaturePhrases.closingKey(text.bytes, range)) { return false }
        let facts = LineFacts(text.bytes, range)
        if facts.words == 0 {
            guard facts.looksLikeName, range.count <= 9, index > 0,
                hasBlankBetween(tail[index - 1], tail[index]) || has(.part, index - 1)
            else { return false }
            return phrases.surnames.contains(LabelHash.of(text.bytes, range.prefix(3)))
        }
        // `Ada  5-1234`: a name and an extension.
        let hasExtension =
            facts.digits >= 4 && facts.digits <= 12 && facts.smallWords == 0 && facts.words <= 3 && range.count <= 32
        return facts.wide < 4 && (facts.looksLikeName || hasExtension)
    }

    /// A company, a title, or a date: `2026年8月3日`, `2026-08-03`.
    private func standsBesideName(_ index: Int) -> Bool {
        let range = content(tail[index])
        let facts = LineFacts(text.bytes, range)
        if facts.endsSentence { return false }
        if has(.part, index), range.count < 60, facts.smallWords <= 2 { return true }
        return facts.digits >= 5 && facts.digits <= 8 && facts.words == 0 && range.count <= 24
    }

    // MARK: Facts about a line

    private func content(_ line: Int) -> Range<Int> { text.lines[line].content }

    private func isShort(_ line: Int) -> Bool { content(line).count <= Self.longestLine }

    private func hasBlankBetween(_ upper: Int, _ lower: Int) -> Bool { lower - upper > 1 }

    /// `-- ` as the standard says; without its blank it is common and counts when short lines follow.
    private func isStrictDelimiter(_ line: Int) -> Bool {
        let range = text.lines[line].range
        return range.count == 3 && text.text(range) == "-- "
    }

    private static let rowSigns = Array("-_=*~".utf8)

    private func isDelimiter(_ line: Int) -> Bool {
        let range = content(line)
        guard range.count >= 1, range.count <= 120 else { return false }
        let bytes = text.bytes
        if bytes[range.lowerBound] == 0xE2 {  // em dash and its like
            return range.count <= 30 && range.allSatisfy { bytes[$0] == 0xE2 || bytes[$0] & 0xC0 == 0x80 }
        }
        let mark = bytes[range.lowerBound]
        guard Self.rowSigns.contains(mark), range.count >= 2 else { return false }
        // Rows in several pieces rule off the columns of a table.
        guard !contains(bytes, range, [0x20, 0x20]) else { return false }
        return range.allSatisfy { bytes[$0] == mark || bytes[$0] == 0x20 }
    }

    /// A delimiter, or a row of other signs: nothing stands below it, so it says nothing.
    private func isRow(_ line: Int) -> Bool {
        if isDelimiter(line) { return true }
        let range = content(line)
        let mark = text.bytes[range.lowerBound]
        return (mark == UInt8(ascii: "#") || mark == UInt8(ascii: "+")) && range.count >= 3
            && text.bytes[range].allSatisfy { $0 == mark }
    }

    private func isAppLine(_ index: Int) -> Bool { has(.app, index) && content(tail[index]).count <= 90 }

    private func isClosing(_ index: Int) -> Bool {
        let range = content(tail[index])
        guard range.count <= 90 else { return false }
        if phrases.closings.contains(SignaturePhrases.closingKey(text.bytes, range)) { return true }
        return range.count <= 45 && has(.closing, index)
    }

    /// `Thanks, Ada`: closing words and a name on one line. The line stays own text, for the thanks in it.
    private func isSignedClosing(_ index: Int) -> Bool {
        let range = content(tail[index])
        guard index > 0, range.count <= 40, has(.closing, index),
            let comma = text.bytes[range].firstIndex(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".") })
        else { return false }
        let name = trimmed(text.bytes, comma + 1..<range.upperBound)
        let facts = LineFacts(text.bytes, name)
        return facts.looksLikeName && facts.words > 0 && facts.words <= 2
    }

    /// 0: no signature line; 1: may stand in one (a name, a company); 2 and more: only signatures have it.
    private func signatureScore(_ index: Int) -> Int {
        let range = content(tail[index])
        let bytes = text.bytes
        guard range.count <= Self.longestLine else { return 0 }
        if has(.matter, index) { return 0 }
        if isWriter(range) { return 2 }
        if let weight = labelWeight(range) { return weight + 1 }
        let facts = LineFacts(bytes, range)
        if facts.endsSentence { return 0 }
        if facts.hasAddress || facts.hasLink { return facts.wordBytes < 60 ? 2 : 0 }
        if facts.digits >= 7, facts.wordBytes < 30, !facts.looksLikeStreet { return 2 }
        if has(.part, index), range.count < 60 { return 1 }
        if facts.looksLikeStreet { return 1 }
        return facts.looksLikeName ? 1 : 0
    }

    private func labelWeight(_ range: Range<Int>) -> Int? {
        let bytes = text.bytes
        var index = range.lowerBound
        let end = min(range.upperBound, index + 32)
        while index < end {
            if bytes[index] == UInt8(ascii: ":") { break }
            if bytes[index] == 0xEF, index + 2 < end, bytes[index + 1] == 0xBC, bytes[index + 2] == 0x9A { break }
            index += 1
        }
        guard index < end else { return nil }
        return phrases.labels[LabelHash.of(bytes, trimmed(bytes, range.lowerBound..<index))]
    }

    /// One to four words, each of them in the sender's name: `Ada`, `Byron, Ada`, `王芳`. Initials may be left out.
    private func isWriter(_ range: Range<Int>) -> Bool {
        guard !writer.isEmpty, range.count <= 48 else { return false }
        let words = Self.words(Array(text.bytes[range]))
        return !words.isEmpty && words.count <= 4 && words.allSatisfy(writer.contains)
    }

    /// Words of more than one letter, in lower case.
    private static func words(_ bytes: [UInt8]) -> [UInt64] {
        bytes.split { !isASCIILetter($0) && $0 < 0x80 }.filter { $0.count > 1 }
            .map { LabelHash.of(bytes, $0.startIndex..<$0.endIndex) }
    }
}
