import MailText
import Vocabulary

// Postal addresses in sentences: `Please ship to 12 Mill Lane, Leeds`, `My new address is …`, `We live at …`, over the lines
// that they are written on.

func findAddressesInSentences(_ text: ScannedText, _ found: inout DetailList) {
    guard !found.has(.address) else { return }
    let reader = SaidAddress(text)
    var budget = 16
    for lead in leads(text) where budget > 0 {
        budget -= 1
        guard let address = reader.address(behind: lead, found) else { continue }
        found.add(address.detail, at: address.range)
        if found.details.count(where: { $0.field == .address }) == 2 { return }
    }
}

/// Words that lead to an address, in the order of the text.
private func leads(_ text: ScannedText) -> [ScannedText.Label] {
    let labels = text.labels.filter { $0.kind == .address && text.bytes[$0.start] < 0x80 }
    let marks = text.marks.filter {
        $0.kind == .addressLead || $0.kind == .premisesLead || $0.kind == .change && text.bytes[$0.start] < 0x80
    }
    return (labels + marks).sorted { $0.start < $1.start }
}

struct SaidAddress {
    private let text: ScannedText

    init(_ text: ScannedText) { self.text = text }

    func address(behind lead: ScannedText.Label, _ found: DetailList) -> (detail: Detail, range: Range<Int>)? {
        let lineIndex = text.lineIndex(at: lead.start)
        let line = text.lines[lineIndex]
        guard line.number != nil else { return nil }
        for start in starts(behind: lead, line) {
            let (first, isFinished) = piece(start..<line.range.upperBound)
            guard opens(first, lead.kind), !found.overlapsTaken(first) else { continue }
            var pieces = [first]
            if !isFinished { pieces += following(lineIndex) }
            let whole = first.lowerBound..<pieces[pieces.count - 1].upperBound
            guard isAddress(pieces, lead.kind) else { continue }
            let place = text.detail(.address, first, confidence: 0.75, "said to be an address")
            let value = pieces.map { text.written(bare($0)) }.joined(separator: ", ")
            let span = place.span.map { $0.lowerBound..<text.plainPlaces(pieces[pieces.count - 1]).upperBound }
            let detail = Detail(
                .address, value: value, confidence: lead.kind == .address ? 0.75 : 0.6, line: place.line,
                evidence: place.evidence, span: span)
            return (detail, whole)
        }
        return nil
    }

    // MARK: Where it begins

    /// Right behind the words, and behind a colon, a question mark or `is` a little further on.
    private func starts(behind lead: ScannedText.Label, _ line: ScannedText.Line) -> [Int] {
        let bytes = text.bytes
        let end = line.range.upperBound
        var start = skipping([0x20, 0x3A], lead.end, end)
        for word in Self.leadingWords where begins(bytes, start..<end, with: word) { start += word.count }
        var starts = [skipping([0x20, 0x3A, 0x3F], start, end)]
        guard lead.kind != .premisesLead else { return starts }
        let near = start..<min(end, start + 80)
        for sign in Self.announcingSigns {
            if let sign = firstRange(bytes, near, of: sign) {
                starts.append(skipping([0x20, 0x3A, 0x3F], sign.upperBound, end))
            }
        }
        // A number says more than a capital.
        let (numbers, others) = (starts.filter { $0 < end && isASCIIDigit(bytes[$0]) }, starts.filter { $0 < end })
        return numbers + others
    }

    private static let leadingWords: [[UInt8]] = ["it is ", "it's ", "is now ", "is ", "to ", "with "].map {
        Array($0.utf8)
    }
    private static let announcingSigns: [[UInt8]] = [": ", "? ", " is "].map { Array($0.utf8) }

    private func skipping(_ signs: [UInt8], _ index: Int, _ end: Int) -> Int {
        var index = index
        while index < end, signs.contains(text.bytes[index]) { index += 1 }
        return index
    }

    /// A number, a word for premises, or a capital.
    private func opens(_ range: Range<Int>, _ lead: DetailWords.Kind) -> Bool {
        guard range.count >= 4, range.count <= 200, !text.bytes[range].contains(0x40) else { return false }
        let first = text.bytes[range.lowerBound]
        // `10.0.0.1` and `fe80:0:1` are addresses of another kind.
        let token = text.bytes[range].prefix { $0 != 0x20 }
        if token.contains(0x3A) || isASCIIDigit(first) && token.count(where: { $0 == 0x2E }) > 1 { return false }
        if isASCIIDigit(first) || opensPremises(range) { return true }
        return lead != .premisesLead && (first &- 0x41 < 26 || first >= 0xC3 && first < 0xE0)
    }

    private func opensPremises(_ range: Range<Int>) -> Bool {
        text.marks(in: range).first { $0.start == range.lowerBound && $0.kind == .premises } != nil
    }

    // MARK: Where it ends

    /// What of this line belongs to the address, and whether a sentence or a clause ended with it.
    private func piece(_ range: Range<Int>) -> (Range<Int>, isFinished: Bool) {
        let bytes = text.bytes
        var index = range.lowerBound
        while index < min(range.upperBound, range.lowerBound + 200) {
            switch bytes[index] {
            case 0x3F, 0x21, 0x3B, 0x28: return (bare(range.lowerBound..<index), true)
            case 0x2E where endsSentence(index, range): return (bare(range.lowerBound..<index), true)
            case 0x20 where stops(index + 1, range.upperBound): return (bare(range.lowerBound..<index), true)
            default: index += 1
            }
        }
        return (bare(range), false)
    }

    /// A full stop that is none of `St.`, `Apt.`, `P.O.` or of a number before more of the address.
    private func endsSentence(_ stop: Int, _ range: Range<Int>) -> Bool {
        let bytes = text.bytes
        guard stop + 1 < range.upperBound else { return true }
        guard bytes[stop + 1] == 0x20 else { return false }
        // `P.O. Box`
        let near = max(range.lowerBound, stop - 8)..<min(range.upperBound, stop + 8)
        if text.marks(in: near).contains(where: { $0.kind == .premises && $0.start < stop && stop < $0.end }) {
            return false
        }
        var start = stop
        while start > range.lowerBound, isASCIILetterOrDigit(bytes[start - 1]) { start -= 1 }
        let isShort = stop - start <= 4 && (stop == start || isASCIILetter(bytes[start]))
        let next = stop + 2..<range.upperBound
        let goesOn = next.first.map { isASCIIDigit(bytes[$0]) } ?? false
        return !(opensPremises(next) || isShort && (goesOn || text.has(.street, in: start..<stop)))
    }

    /// `after the concert`, `for this order`, `and my name is`: small words that no address has.
    private func stops(_ start: Int, _ end: Int) -> Bool {
        let bytes = text.bytes
        var word = start..<start
        while word.upperBound < end, word.count < 9, bytes[word.upperBound] &- 0x61 < 26 {
            word = start..<word.upperBound + 1
        }
        guard !word.isEmpty, word.upperBound == end || !isASCIILetterOrDigit(bytes[word.upperBound]) else {
            return false
        }
        if Self.stopWords.contains(LabelHash.of(bytes, word)) { return true }
        return begins(bytes, word, with: Self.and) && word.upperBound + 1 < end
            && (stops(word.upperBound + 1, end) || isASCIIDigit(bytes[word.upperBound + 1]))
    }

    private static let and = Array("and".utf8)
    private static let stopWords: Set<UInt64> = Set(
        [
            "after", "for", "in", "because", "if", "when", "please", "before", "until", "so", "but", "since", "as",
            "instead", "thanks", "thank", "i", "my", "the", "we", "you", "our", "near", "next", "which", "where",
            "with",
            "from", "starting", "not", "now", "today", "by", "his", "her", "is", "has", "was", "this", "that", "it",
            "last",
        ].map { LabelHash.of($0) })

    /// The lines below that go on with the address: a unit, a town, a postal code, a country.
    func following(_ lineIndex: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        for index in text.lines.indices.dropFirst(lineIndex + 1).prefix(5) {
            let (range, isFinished) = piece(index)
            let next = index + 1
            guard isTail(index, range) || isTown(range) && next < text.lines.count && isTail(next, piece(next).0) else {
                break
            }
            pieces.append(range)
            if isFinished { break }
        }
        return pieces
    }

    private func piece(_ lineIndex: Int) -> (Range<Int>, isFinished: Bool) {
        piece(text.lines[lineIndex].content)
    }

    private func isTail(_ lineIndex: Int, _ range: Range<Int>) -> Bool {
        let bytes = text.bytes
        guard range.count >= 1, range.count <= 60, !bytes[range].contains(where: { Self.otherSigns.contains($0) }),
            !text.labels(in: range).contains(where: { $0.end - $0.start > 1 })
        else { return false }
        if text.marks(in: range).contains(where: { $0.kind == .country && $0.start == range.lowerBound }) {
            return true
        }
        if bytes[text.lines[lineIndex].content.lowerBound] == 0x2C { return true }
        let digits = bytes[range].count { isASCIIDigit($0) }
        return digits >= 1 && digits <= 10
            && (bytes[range].contains { isASCIILetter($0) || $0 >= 0x80 } || range.count <= 10)
    }

    /// `@`, a colon, a tab, a bar, an equals sign and a star: a label and its value.
    private static let otherSigns: [UInt8] = [0x40, 0x3A, 0x09, 0x7C, 0x3D, 0x2A]

    /// A few words that begin with a capital.
    private func isTown(_ range: Range<Int>) -> Bool {
        let bytes = text.bytes
        guard range.count >= 2, range.count <= 40, !bytes[range].contains(where: { Self.otherSigns.contains($0) }),
            !text.labels(in: range).contains(where: { $0.end - $0.start > 1 })
        else { return false }
        let first = bytes[range.lowerBound]
        return first &- 0x41 < 26 || first >= 0xC3
    }

    // MARK: What it must have

    private func isAddress(_ pieces: [Range<Int>], _ lead: DetailWords.Kind) -> Bool {
        let bytes = text.bytes
        let digits = pieces.reduce(0) { count, piece in count + bytes[piece].count { isASCIIDigit($0) } }
        let letters = pieces.reduce(0) { count, piece in count + bytes[piece].count { isASCIILetter($0) || $0 >= 0x80 }
        }
        guard digits >= 1, digits <= 24, letters >= 4 else { return false }
        let hasStreet = pieces.contains { piece in
            text.marks(in: piece).contains { $0.kind == .street || $0.kind == .premises }
        }
        if hasStreet || lead == .premisesLead { return hasStreet }
        let isNumbered = isASCIIDigit(bytes[pieces[0].lowerBound])
        let hasComma = pieces.contains { bytes[$0].contains(0x2C) }
        let groups = pieces.reduce(0) { count, piece in
            count + bytes[piece].split { !isASCIIDigit($0) }.count
        }
        return lead == .address ? hasComma || digits >= 2 : isNumbered && (groups >= 2 || hasComma)
    }

    private func bare(_ range: Range<Int>) -> Range<Int> {
        var range = text.trimmedRange(range)
        while let last = range.last, [0x2C, 0x2E, 0x20].contains(text.bytes[last]) { range = range.lowerBound..<last }
        while let first = range.first, [0x2C, 0x20].contains(text.bytes[first]) {
            range = first + 1..<range.upperBound
        }
        return range
    }
}
