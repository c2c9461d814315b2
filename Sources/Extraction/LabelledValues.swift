import MailText
import Vocabulary

// Values behind a label at the beginning of a line: `姓名：…`, `Company: …`, as web forms and signatures write them.

func findLabelledValues(_ text: ScannedText, _ found: inout DetailList) {
    for label in text.labels {
        guard let field = field(of: label.kind) else { continue }
        let line = text.line(at: label.start)
        guard let value = value(of: label, in: text, line, field), isPlausible(text, value, field) else { continue }
        let words = text.plain(label.start..<label.end)
        let detail = text.detail(field, value, confidence: 0.92, "label " + words)
        found.add(field == .address ? withTail(detail, text, line) : detail, at: value)
    }
    findFormValues(text, &found)
}

/// An address behind its label goes on over lines that can only be the rest of it.
private func withTail(_ detail: Detail, _ text: ScannedText, _ line: ScannedText.Line) -> Detail {
    guard let first = detail.value.utf8.first, first < 0x80, let span = detail.span else { return detail }
    let tail = SaidAddress(text).following(text.lineIndex(at: line.range.lowerBound))
    guard let last = tail.last else { return detail }
    let value = ([detail.value] + tail.map { text.written($0) }).joined(separator: ", ")
    return Detail(
        .address, value: value, confidence: detail.confidence, line: detail.line, evidence: detail.evidence,
        span: span.lowerBound..<text.plainPlaces(last).upperBound)
}

/// Values below their label: `Name`, and on the next line `Ada Byron`.
private func findFormValues(_ text: ScannedText, _ found: inout DetailList) {
    for (index, line) in text.lines.enumerated() {
        guard let label = text.label(above: index), let field = field(of: label.kind) else { continue }
        var value = line.content
        if let first = value.first, text.bytes[first] == 0x7C || text.bytes[first] == 0x2A {
            value = text.trimmedRange(first + 1..<value.upperBound)
        }
        guard !value.isEmpty, isPlausible(text, value, field) else { continue }
        let words = text.plain(label.start..<label.end)
        let detail = text.detail(field, value, confidence: 0.9, "below the label " + words)
        found.add(field == .address ? withFollowingLines(detail, text, index) : detail, at: value)
    }
}

/// An address below its label goes on until a blank line, a label, or a line of something else.
private func withFollowingLines(_ detail: Detail, _ text: ScannedText, _ index: Int) -> Detail {
    guard let first = detail.value.utf8.first, first < 0x80, let span = detail.span else { return detail }
    var pieces = [detail.value]
    var end = span.upperBound
    for line in text.lines[(index + 1)...].prefix(5) {
        let range = line.content
        let bytes = text.bytes[range]
        guard !range.isEmpty, range.count <= 70, !bytes.contains(0x40), !bytes.contains(0x3A),
            !text.labels(in: range).contains(where: { $0.start == range.lowerBound })
        else { break }
        pieces.append(text.written(range))
        end = text.plainPlaces(range).upperBound
    }
    while let last = pieces.last, last.hasSuffix(".") { pieces[pieces.count - 1] = String(last.dropLast()) }
    return Detail(
        .address, value: pieces.joined(separator: ", "), confidence: detail.confidence, line: detail.line,
        evidence: detail.evidence, span: span.lowerBound..<end)
}

private func field(of kind: DetailWords.Kind) -> Detail.Field? {
    switch kind {
    case .name: .name
    case .company: .company
    case .titleLabel: .title
    case .address: .address
    default: nil
    }
}

/// What stands behind the label: it must open its line or clause, and a colon, a tab or a bar must follow (a name and
/// an address may also follow directly, as in `请联系王芳，`).
private func value(
    of label: ScannedText.Label, in text: ScannedText, _ line: ScannedText.Line, _ field: Detail.Field
) -> Range<Int>? {
    let bytes = text.bytes
    guard opensClause(bytes, label.start, line.range.lowerBound) else { return nil }
    var start = label.end
    // `**Name** Ada Byron`, as forms write it.
    var hasColon = label.start > 0 && bytes[label.start - 1] == 0x2A && start < bytes.count && bytes[start] == 0x2A
    while start < line.range.upperBound {
        let byte = bytes[start]
        if byte == 0x3A || byte == 0x7C || byte == 0x09 {
            hasColon = true
        } else if begins(bytes, start..<line.range.upperBound, with: closingBracket) {
            hasColon = true
            start += 2
        } else if byte == 0x3D {
            hasColon = true
        } else if byte != 0x20, byte != 0x2A {
            break
        }
        start += 1
    }
    // `Name` alone on a line is the label of a form, and so is what stands for another label.
    let isDirect = bytes[label.start] >= 0x80 && (field == .name || field == .address) && label.end - label.start >= 9
    guard hasColon || isDirect else { return nil }
    if field == .name { start = nameStart(text, start, line.range.upperBound) }
    if field == .name, let name = PersonName.han(text, start..<line.range.upperBound) { return name }
    let end = valueEnd(bytes, start, line.range.upperBound, field)
    let range = text.trimmedRange(start..<end)
    let isLabel = text.labels(in: range).contains { $0.start == range.lowerBound && $0.end == range.upperBound }
    return range.isEmpty || isLabel ? nil : range
}

/// Behind `是` and words for whose person it is: `现场联系人是我同事王芳`.
private func nameStart(_ text: ScannedText, _ start: Int, _ end: Int) -> Int {
    var start = start
    // `联系人由王海变更为邓琳`: the new one counts.
    if let change = text.marks(in: start..<end).first(where: { $0.kind == .change }) {
        start = change.end
        while start < end, text.bytes[start] == 0x20 || text.bytes[start] == 0x22 || text.bytes[start] == 0x3A {
            start += 1
        }
    }
    for word in beforeNames where begins(text.bytes, start..<end, with: word) { start += word.count }
    return start
}

private let beforeNames: [[UInt8]] = ["是", "为", "為", "我司", "我方", "我们的", "我們的", "我的", "我", "同事", "公司的", "的"].map {
    Array($0.utf8)
}

private let closingBracket = Array("】".utf8)

private func opensClause(_ bytes: [UInt8], _ start: Int, _ lineStart: Int) -> Bool {
    var index = start
    while index > lineStart, bytes[index - 1] == 0x20 || bytes[index - 1] == 0x2A || bytes[index - 1] == 0x09 {
        index -= 1
    }
    guard index > lineStart else { return true }
    switch bytes[index - 1] {
    case 0x2C, 0x3B, 0x7C, 0x28, 0x2F, 0x2D, 0x3E: return true
    case 0x82, 0x81, 0xB7: return true  // 。 、 · and their like
    default: return index < start && bytes[start] >= 0x80 || bytes[index - 1] >= 0x80 && bytes[start] >= 0x80
    }
}

/// An address goes on over commas; everything else ends there.
private func valueEnd(_ bytes: [UInt8], _ start: Int, _ lineEnd: Int, _ field: Detail.Field) -> Int {
    var index = start
    while index < lineEnd {
        let byte = bytes[index]
        if byte == 0x3B || byte == 0x7C || byte == 0x09 { break }
        if byte == 0xE3, index + 2 < lineEnd, bytes[index + 1] == 0x80, bytes[index + 2] == 0x82 { break }
        if field != .address, field != .company, byte == 0x2C { break }
        if byte == 0x2C, field == .company || field == .address, index + 1 < lineEnd, bytes[index + 1] >= 0x80 { break }
        index += 1
    }
    return index
}

private func isPlausible(_ text: ScannedText, _ value: Range<Int>, _ field: Detail.Field) -> Bool {
    let bytes = text.bytes[value]
    let digits = bytes.count { isASCIIDigit($0) }
    switch field {
    case .name:
        // A name in Han characters that is none of the usual ones is short, or has the dot of foreign names.
        let first = text.bytes[value.lowerBound]
        if first >= 0xE3, first < 0xEA, value.count > 12, !contains(text.bytes, value, Array("·".utf8)) { return false }
        return digits == 0 && value.count <= 60 && value.count >= 2 && !bytes.contains(0x40) && !bytes.contains(0x3F)
    case .title: return digits <= 2 && value.count <= 80
    case .company: return value.count >= 4 && value.count <= 120
    default: return value.count >= 8 && value.count <= 300
    }
}
