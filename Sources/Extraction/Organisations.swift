import MailText
import Vocabulary

// Company and title: by the suffix a company bears by law, and by the words for positions, in signatures and
// self-introductions.

func findOrganisation(_ text: ScannedText, _ found: inout DetailList) {
    if !found.has(.company) { findIntroducedCompany(text, &found) }
    for line in text.lines where line.isSignature {
        for part in signatureParts(text, line) { readPart(text, part, line, &found) }
    }
}

private func readPart(_ text: ScannedText, _ part: Range<Int>, _ line: ScannedText.Line, _ found: inout DetailList) {
    guard part.count <= 120, !text.bytes[part].contains(0x40), !text.bytes[part].contains(0x3A) else { return }
    let marks = text.marks(in: part)
    if let company = hanCompany(text, part, marks) ?? latinCompany(text, part, marks) {
        add(.company, text, company, line, 0.85, "company suffix", &found)
    } else if let title = title(text, part, marks) {
        add(.title, text, title, line, 0.75, "word for a position", &found)
    }
}

/// The Han word that ends in a company suffix.
private func hanCompany(
    _ text: ScannedText, _ part: Range<Int>, _ marks: ArraySlice<ScannedText.Label>
) -> Range<Int>? {
    let bytes = text.bytes
    guard let suffix = marks.last(where: { $0.kind == .companySuffix && bytes[$0.start] >= 0x80 }) else { return nil }
    var start = suffix.start
    while start > part.lowerBound, mayStandInName(bytes[start - 1]) { start -= 1 }
    let count = suffix.end - start
    return count >= 12 && count <= 90 ? start..<suffix.end : nil
}

private func mayStandInName(_ byte: UInt8) -> Bool {
    byte >= 0x80 || isASCIILetterOrDigit(byte) || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
}

/// The whole part, when it ends in a suffix: `Example Pumps Co., Ltd.`
private func latinCompany(
    _ text: ScannedText, _ part: Range<Int>, _ marks: ArraySlice<ScannedText.Label>
) -> Range<Int>? {
    guard part.count <= 80, isASCIILetterOrDigit(text.bytes[part.lowerBound]) else { return nil }
    let ends = marks.contains {
        $0.kind == .companySuffix && $0.end >= part.upperBound - 1 && $0.start > part.lowerBound
    }
    return ends ? part : nil
}

/// `我是上海某某有限公司的…`, `来自…公司`.
private func findIntroducedCompany(_ text: ScannedText, _ found: inout DetailList) {
    let bytes = text.bytes
    for mark in text.marks where mark.kind == .introduction && bytes[mark.start] >= 0x80 {
        let line = text.line(at: mark.start)
        let clause = mark.end..<min(line.range.upperBound, mark.end + 150)
        guard let suffix = text.marks(in: clause).last(where: { $0.kind == .companySuffix }) else { continue }
        let name = mark.end..<suffix.end
        guard name.count >= 12, name.count <= 90, bytes[name].allSatisfy(mayStandInName) else { continue }
        return add(.company, text, name, line, 0.8, "self-introduction", &found)
    }
}

private func title(_ text: ScannedText, _ part: Range<Int>, _ marks: ArraySlice<ScannedText.Label>) -> Range<Int>? {
    let bytes = text.bytes
    var range = part
    if let name = PersonName.han(text, part) { range = text.trimmedRange(name.upperBound..<part.upperBound) }
    if range.count > 2, bytes[range.lowerBound] == 0x28, bytes[range.upperBound - 1] == 0x29 {
        range = range.lowerBound + 1..<range.upperBound - 1
    }
    guard !range.isEmpty, range.count <= 60, !bytes[range].contains(where: isASCIIDigit) else { return nil }
    let words = marks.filter { $0.kind == .titleWord && $0.start >= range.lowerBound && $0.end <= range.upperBound }
    guard let last = words.last else { return nil }
    if bytes[range.lowerBound] < 0x80 { return range }
    return range.count <= 30 && last.end == range.upperBound ? range : nil
}

private func add(
    _ field: Detail.Field, _ text: ScannedText, _ range: Range<Int>, _ line: ScannedText.Line, _ confidence: Double,
    _ evidence: String, _ found: inout DetailList
) {
    found.add(
        Detail(field, value: text.written(range), confidence: confidence, line: line.number, evidence: evidence),
        at: range)
}
