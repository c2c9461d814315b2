import MailText
import Vocabulary

// Names in sentences, where nothing better says who writes: behind a title (`Mrs. Byron`), behind words that lead to a name
// (`speak to Ada Byron`), and where a given name or an initial shows that capitals are a person's. Such a person is not
// surely the writer, so the confidence is below that of a signature or an introduction.

func findNamesInSentences(_ text: ScannedText, _ found: inout DetailList) {
    guard !found.has(.name) else { return }
    let scan = NameScan(text)
    for line in text.lines where line.number != nil && !line.isSignature {
        scan.forEachName(in: line) { name, confidence, evidence in
            guard !found.overlapsTaken(name) else { return }
            found.add(text.detail(.name, name, confidence: confidence, evidence), at: name)
        }
    }
}

/// Looks through the capitalised words of a line once.
private struct NameScan {
    private let text: ScannedText
    private let capitals: CapitalWords

    init(_ text: ScannedText) {
        self.text = text
        capitals = CapitalWords(text)
    }

    func forEachName(in line: ScannedText.Line, _ body: (Range<Int>, Double, String) -> Void) {
        let bytes = text.bytes
        let end = line.range.upperBound
        var index = line.range.lowerBound
        while index < end {
            // A Chinese or Japanese character: what follows it at once stands apart from nothing.
            if bytes[index] >= 0xE2 {
                index += utf8Length(leadByte: bytes[index])
                continue
            }
            let word = index..<capitals.wordEnd(index, end)
            guard !word.isEmpty else {
                index += 1
                continue
            }
            // A word that goes on from a digit or a sign such as `@` and `.` is part of something else.
            let isApart = index == line.range.lowerBound || !joinsWords(bytes[index - 1])
            index = word.upperBound
            guard isApart, capitals.isCapital(word.lowerBound, end), !isGreeted(word.lowerBound, line) else { continue }
            let words = capitals.personWords(from: word.lowerBound, end)
            guard let first = words.first, let last = words.last, !isInAddress(last.upperBound, end) else { continue }
            index = last.upperBound
            let name = first.lowerBound..<last.upperBound
            guard let (confidence, evidence) = judge(words, line) else { continue }
            body(name, confidence, evidence)
        }
    }

    /// How sure it is that these words are a person's name; nil when nothing says so.
    private func judge(_ words: [Range<Int>], _ line: ScannedText.Line) -> (Double, String)? {
        let first = words[0]
        let isLong = words.count >= 2
        switch lead(before: first.lowerBound, line) {
        case .honorific: return (0.6, "behind a title")
        case .name, .nameLead: return (0.55, "behind words that lead to a name")
        case .personLead where isLong: return (0.5, "behind words that lead to a person")
        default: break
        }
        let isGiven = capitals.isListed(first, in: text.words.givenNames)
        if isLong, isGiven || capitals.isListed(first, in: text.words.givenNameWords) {
            return (0.5, "given name and family name")
        }
        if words.count >= 3, first.count > 1, words[1..<words.count - 1].contains(where: { $0.count == 1 }) {
            return (0.5, "a name with an initial")
        }
        if isLong, isSaying(words[words.count - 1].upperBound, line) {
            return (0.45, "before a word for what people do")
        }
        return isGiven && !isLong ? (0.4, "given name") : nil
    }

    /// The kind of mark that ends right before the name, with a stop, a colon, a question mark or a title between at most.
    private func lead(before start: Int, _ line: ScannedText.Line) -> DetailWords.Kind? {
        let bytes = text.bytes
        var index = start
        var lead: DetailWords.Kind?
        for _ in 0..<2 {
            while index > line.range.lowerBound, [0x20, 0x2E, 0x3A, 0x3F].contains(bytes[index - 1]) { index -= 1 }
            guard let mark = text.mark(endingAt: index, among: Self.leadKinds) else {
                return lead
            }
            guard mark.kind != .honorific || isTitle(mark, line) else { return lead }
            if lead == nil { lead = mark.kind }
            guard mark.kind == .honorific else { return mark.kind }
            index = mark.start
        }
        return lead
    }

    private static let leadKinds: [DetailWords.Kind] = [.honorific, .nameLead, .personLead, .name]

    /// `ms` in small letters are milliseconds, and `12 Mill Dr` is a drive.
    private func isTitle(_ mark: ScannedText.Label, _ line: ScannedText.Line) -> Bool {
        let bytes = text.bytes
        guard capitals.isCapital(mark.start, mark.end) else { return false }
        guard mark.end - mark.start == 2, mark.end < bytes.count, bytes[mark.end] != 0x2E else { return true }
        var start = mark.start - 1
        while start > line.range.lowerBound, isASCIILetterOrDigit(bytes[start - 1]) { start -= 1 }
        return start < line.range.lowerBound || !capitals.isCapital(start, mark.start)
            || capitals.isListed(start..<mark.start - 1, in: text.words.noPersons)
    }

    private func isSaying(_ end: Int, _ line: ScannedText.Line) -> Bool {
        guard end + 1 < line.range.upperBound, text.bytes[end] == 0x20 else { return false }
        return text.marks(in: end + 1..<min(line.range.upperBound, end + 24)).first.map {
            $0.kind == .nameFollower && $0.start == end + 1
        } ?? false
    }

    /// `Hi Ada,`: whom the mail is written to.
    private func isGreeted(_ start: Int, _ line: ScannedText.Line) -> Bool {
        let before = text.trimmedRange(line.range.lowerBound..<start)
        guard before.count <= 24 else { return false }
        return Self.greetings.contains { begins(text.bytes, before, with: $0) }
    }

    private static let greetings: [[UInt8]] = ["hi", "hello", "hey", "dear", "good ", "greetings", "to:", "hallo"].map {
        Array($0.utf8)
    }

    /// `Ada Byron Street`, `Ada Byron 12`: a street that is called after somebody.
    private func isInAddress(_ end: Int, _ lineEnd: Int) -> Bool {
        guard end + 1 < lineEnd, text.bytes[end] == 0x20 else { return false }
        if isASCIIDigit(text.bytes[end + 1]) { return true }
        return text.marks(in: end + 1..<min(lineEnd, end + 24)).first.map {
            ($0.kind == .street || $0.kind == .companySuffix) && $0.start == end + 1
        } ?? false
    }

    private func joinsWords(_ byte: UInt8) -> Bool {
        isASCIILetterOrDigit(byte) || byte >= 0x80 || [0x40, 0x2E, 0x2F, 0x5F, 0x2D, 0x27, 0x23, 0x3C].contains(byte)
    }
}
