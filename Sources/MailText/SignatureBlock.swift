/// Finds the signature at the end of what was written: the lines below the delimiter `-- ` (RFC 3676 section 4.3),
/// below closing words, or a block of contact lines at the very end.
///
/// Only the last lines are looked at, so the work does not grow with the text.
struct SignatureBlock {
    private let text: TextLines
    /// The lines that may be signature, without blank ones, in their order.
    private let tail: [Int]
    /// Whether the text has no more lines than `tail`.
    private let tailIsAll: Bool
    /// The words of the sender's name, hashed.
    private let writer: Set<UInt64>
    /// What the phrases in a line of `tail` say of it, as bits of `SignaturePhrases.Mark`.
    private let marks: [UInt8]

    private static let tallestSignature = 24
    private static let longestLine = 160
    /// What the phrases are looked for in; a longer line has nothing to say about titles and companies.
    private static let longestPart = 64

    /// - Parameters:
    ///   - written: the lines that are no quote, ascending.
    ///   - writer: display name of the sender; a last line that repeats it is a signature.
    init(_ text: TextLines, written: [Int], writer: String?) {
        self.text = text
        tail = written.suffix(Self.tallestSignature * 2).filter { !text.lines[$0].isBlank }
            .suffix(Self.tallestSignature)
        tailIsAll = written.count <= Self.tallestSignature
        self.writer = Set(Self.words(Array((writer ?? "").utf8)))
        marks = Self.marks(text, tail)
    }

    /// Lines of the signature, without blank ones; empty when there is none.
    var lines: [Int] {
        guard let start = firstSignatureLine() else { return [] }
        return Array(tail[start...])
    }

    /// Index into `tail` where the signature begins.
    private func firstSignatureLine() -> Int? {
        var end = tail.count
        var start: Int?
        // Notes of apps and confidentiality notes come last; the person's own signature stands above them.
        if let disclaimer = (0..<end).first(where: { has(.disclaimer, $0) }), disclaimer > 0 {
            start = disclaimer
            end = disclaimer
        }
        while end > 0, isAppLine(end - 1) {
            end -= 1
            start = end
        }
        return belowDelimiter(end) ?? belowClosing(end) ?? contactLines(end) ?? start
    }

    /// One pass over the beginnings of the lines.
    private static func marks(_ text: TextLines, _ tail: [Int]) -> [UInt8] {
        var bytes: [UInt8] = []
        var starts: [Int] = []
        for line in tail {
            starts.append(bytes.count)
            bytes.append(contentsOf: text.bytes[text.lines[line].content].prefix(longestPart))
            bytes.append(0x0A)
        }
        var marks = [UInt8](repeating: 0, count: tail.count)
        var current = 0
        SignaturePhrases.finder.forEachHit(in: bytes) { hit in
            while current + 1 < starts.count, starts[current + 1] <= hit.start { current += 1 }
            let mark = SignaturePhrases.mark(of: hit)
            if starts[current] <= hit.start, !mark.opensLine || starts[current] == hit.start {
                marks[current] |= mark.rawValue
            }
        }
        return marks
    }

    private func has(_ mark: SignaturePhrases.Mark, _ index: Int) -> Bool { marks[index] & mark.rawValue != 0 }

    // MARK: Three ways to know one

    private func belowDelimiter(_ end: Int) -> Int? {
        var index = end - 1
        while index >= 0 {
            if isDelimiter(tail[index]), end - index > 1 || end < tail.count {
                let following = tail[(index + 1)..<end]
                return following.allSatisfy { isShort($0) } || isStrictDelimiter(tail[index]) ? index : nil
            }
            index -= 1
        }
        return nil
    }

    private func belowClosing(_ end: Int) -> Int? {
        var index = end - 1
        var below = 0
        while index >= 0 {
            if isClosing(index) {
                // Nothing below: the closing words are text, not a signature.
                return below == 0 ? nil : index + 1
            }
            guard isShort(tail[index]) else { return nil }
            below += 1
            if below > 14 { return nil }
            index -= 1
        }
        return nil
    }

    private func contactLines(_ end: Int) -> Int? {
        var index = end
        var strength = 0
        var start = end
        while index > 0 {
            let line = tail[index - 1]
            let score = signatureScore(index - 1)
            guard score > 0 else { break }
            if index < end, hasBlankBetween(line, tail[index]), strength > 0, score < 2 { break }
            strength += score - 1
            index -= 1
            start = index
        }
        // A mail that is nothing but contact lines says them as its matter.
        guard strength > 0, start < end, start > 0 || !tailIsAll else { return nil }
        return start
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

    private func isDelimiter(_ line: Int) -> Bool {
        let range = content(line)
        guard range.count >= 1, range.count <= 120 else { return false }
        let bytes = text.bytes
        if bytes[range.lowerBound] == 0xE2 {  // em dash and its like
            return range.count <= 30 && range.allSatisfy { bytes[$0] == 0xE2 || bytes[$0] & 0xC0 == 0x80 }
        }
        let mark = bytes[range.lowerBound]
        guard mark == 0x2D || mark == 0x5F || mark == 0x3D || mark == 0x2A || mark == 0x7E, range.count >= 2 else {
            return false
        }
        return range.allSatisfy { bytes[$0] == mark || bytes[$0] == 0x20 }
    }

    private func isAppLine(_ index: Int) -> Bool { has(.app, index) && content(tail[index]).count <= 90 }

    private func isClosing(_ index: Int) -> Bool {
        let range = content(tail[index])
        guard range.count <= 90 else { return false }
        if SignaturePhrases.closings.contains(SignaturePhrases.closingKey(text.bytes, range)) { return true }
        return range.count <= 45 && has(.closing, index)
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
        if facts.digits >= 7, facts.wordBytes < 30 { return 2 }
        if has(.part, index), range.count < 60 { return 1 }
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
        return SignaturePhrases.labels[LabelHash.of(bytes, trimmed(bytes, range.lowerBound..<index))]
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

/// What one short line is made of.
private struct LineFacts {
    var digits = 0
    var hasAddress = false
    var hasLink = false
    var endsSentence = false
    /// Bytes that are letters.
    var wordBytes = 0
    var looksLikeName = false

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        var capitals = 0
        var words = 0
        var latin = 0
        var wide = 0
        var other = 0
        var previous: UInt8 = 0x20
        for index in range {
            let byte = bytes[index]
            if isASCIIDigit(byte) {
                digits += 1
            } else if isASCIILetter(byte) {
                latin += 1
                if !isASCIILetter(previous), previous != 0x27 {
                    words += 1
                    if byte < 0x61 { capitals += 1 }
                }
            } else if byte >= 0x80 {
                wide += 1
            } else if byte == UInt8(ascii: "@") {
                hasAddress = true
            } else if byte != 0x20, byte != UInt8(ascii: "."), byte != UInt8(ascii: "-") {
                other += 1
            }
            previous = byte
        }
        wordBytes = latin + wide
        hasLink = contains(bytes, range, Self.www) || contains(bytes, range, Self.http)
        endsSentence = Self.endsSentence(bytes, range)
        let latinName = wide < 4 && words >= 1 && words <= 4 && capitals == words && range.count <= 32
        let hanName = latin == 0 && wide >= 6 && wide <= 12
        looksLikeName = digits == 0 && other == 0 && (latinName || hanName)
    }

    private static let www = Array("www.".utf8)
    private static let http = Array("http".utf8)

    /// A sentence ends in `.`, `?`, `!`, `。` or their like, and is no abbreviation such as `Ltd.`
    private static func endsSentence(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard let last = range.last else { return false }
        switch bytes[last] {
        case UInt8(ascii: "?"), UInt8(ascii: "!"), UInt8(ascii: ","): return true
        case UInt8(ascii: "."): return range.count > 40
        case 0x82: return ends(bytes, range, with: [0xE3, 0x80, 0x82])
        case 0x81: return ends(bytes, range, with: [0xEF, 0xBC, 0x81])
        case 0x9F: return ends(bytes, range, with: [0xEF, 0xBC, 0x9F])
        default: return false
        }
    }
}
