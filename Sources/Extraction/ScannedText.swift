import MailText
import Vocabulary

/// Text made ready for the scanners: folded bytes, lines with their numbers in the mail, labels found. A class, because
/// each scanner holds it.
final class ScannedText {
    struct Line {
        /// In the folded bytes, without the line end.
        let range: Range<Int>
        /// The range without the blanks at both ends.
        let content: Range<Int>
        /// In the plain text of the mail; nil for the subject.
        let number: Int?
        let isSignature: Bool
        /// Where it begins in the plain text of the mail, in bytes.
        let plainStart: Int

        /// Before the first line.
        static let none = Line(range: 0..<0, content: 0..<0, number: nil, isSignature: false, plainStart: 0)
    }

    struct Label {
        let kind: DetailWords.Kind
        let start: Int
        let end: Int
    }

    let folded: FoldedText
    let bytes: [UInt8]
    let lines: [Line]
    /// Ascending, none inside another.
    let labels: [Label]
    /// Words that say what their line is, in the same order.
    let marks: [Label]
    let words: DetailWords
    /// For each line the label that stands alone on the line above it, as in forms.
    private let labelAbove: [Int: Label]
    private let source: [UInt8]

    convenience init(written text: WrittenText, words: DetailWords) {
        let plain = Array(text.plain.utf8)
        var starts = [0]
        starts.reserveCapacity(plain.count / 24 + 8)
        var place = firstIndex(of: 0x0A, in: plain, from: 0)
        while place < plain.count {
            starts.append(place + 1)
            place = firstIndex(of: 0x0A, in: plain, from: place + 1)
        }
        starts.append(plain.count + 1)
        if text.writtenLines.count == 1, text.writtenLines[0] == 0..<starts.count - 1,
            plain.count <= ScanLimits.textBytes
        {
            self.init(
                plain, numbers: Array(0..<starts.count - 1), starts: starts, signature: text.signatureLines, words)
            return
        }
        var source: [UInt8] = []
        source.reserveCapacity(min(plain.count, ScanLimits.textBytes) + 1)
        var numbers: [Int] = []
        numbers.reserveCapacity(starts.count)
        for range in text.writtenLines where range.upperBound < starts.count {
            let end = min(starts[range.upperBound], plain.count)
            let room = ScanLimits.textBytes - source.count
            guard room > 0 else { break }
            if let last = source.last, last != 0x0A { source.append(0x0A) }
            source.append(contentsOf: plain[starts[range.lowerBound]..<end].prefix(room))
            numbers.append(contentsOf: range)
        }
        self.init(source, numbers: numbers, starts: starts, signature: text.signatureLines, words)
    }

    convenience init(subject: String, words: DetailWords) {
        let bytes = Array(subject.utf8.prefix(ScanLimits.subjectBytes)).map { $0 == 0x0A ? 0x20 : $0 }
        self.init(bytes, numbers: [], starts: [], signature: [], words)
    }

    /// - Parameters:
    ///   - numbers: those of the lines of `source`, ascending, and so are those of the `signature`.
    ///   - starts: where the lines of the mail begin.
    private init(
        _ source: [UInt8], numbers: [Int], starts: [Int], signature: [Int], _ words: DetailWords
    ) {
        self.source = source
        self.words = words
        folded = FoldedText(source)
        bytes = folded.bytes
        var lines: [Line] = []
        lines.reserveCapacity(numbers.count + 1)
        var start = 0
        var signed = signature[...]
        while start < bytes.count || lines.isEmpty {
            let range = start..<firstIndex(of: 0x0A, in: bytes, from: start)
            let number = lines.count < numbers.count ? numbers[lines.count] : nil
            while let first = signed.first, let number, first < number { signed.removeFirst() }
            lines.append(
                Line(
                    range: range, content: trimmed(bytes, range), number: number,
                    isSignature: number != nil && signed.first == number, plainStart: number.map { starts[$0] } ?? 0))
            start = range.upperBound + 1
        }
        self.lines = lines
        var labels: [Label] = []
        var marks: [Label] = []
        let hits = words.finder.longestHits(in: bytes)
        labels.reserveCapacity(hits.count)
        marks.reserveCapacity(hits.count)
        for hit in hits {
            // A phrase may go over a line end; a label or mark is read within its line, so it must not.
            if bytes[hit.start..<hit.end].contains(0x0A) { continue }
            let label = Label(kind: words.kind(of: hit), start: hit.start, end: hit.end)
            if label.kind.precedesValue { labels.append(label) } else { marks.append(label) }
        }
        self.labels = labels
        self.marks = marks
        labelAbove = Self.labelsAbove(bytes, lines, labels)
    }

    /// `Name` on one line, what it names on the next one that is not blank.
    private static func labelsAbove(_ bytes: [UInt8], _ lines: [Line], _ labels: [Label]) -> [Int: Label] {
        var above: [Int: Label] = [:]
        /// The label that fills the line.
        func label(filling line: Int) -> Label? {
            let content = bare(bytes, lines[line].content)
            return slice(labels, content).first { $0.start == content.lowerBound && $0.end == content.upperBound }
        }
        var read = -1
        for one in labels where one.start > read {
            read = one.start
            let index = lineIndex(lines, at: one.start)
            guard bare(bytes, lines[index].content) == one.start..<one.end,
                let next = lines[(index + 1)...].firstIndex(where: { !bare(bytes, $0.content).isEmpty }),
                label(filling: next) == nil
            else { continue }
            above[next] = one
        }
        return above
    }

    /// The range without blanks, bars, stars, colons, hyphens and equals signs at both ends, and without a `【` before it.
    static func bare(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var range = trimmed(bytes, range)
        func isMark(_ byte: UInt8) -> Bool {
            byte == 0x2A || byte == 0x7C || byte == 0x3A || byte == 0x20 || byte == 0x2D || byte == 0x09 || byte == 0x3D
        }
        while let first = range.first, isMark(bytes[first]) { range = first + 1..<range.upperBound }
        while let last = range.last, isMark(bytes[last]) { range = range.lowerBound..<last }
        if begins(bytes, range, with: openingBracket) { range = range.lowerBound + 3..<range.upperBound }
        return range
    }

    private static let openingBracket = Array("【".utf8)

    /// The label alone on the line above this one.
    func label(above lineIndex: Int) -> Label? { labelAbove[lineIndex] }

    /// The bytes of the plain text of the mail that `range` came from.
    func plainPlaces(_ range: Range<Int>) -> Range<Int> {
        plainPlaces(folded.original(range), line(at: range.lowerBound))
    }

    /// - Parameter places: bytes of `source`.
    private func plainPlaces(_ places: Range<Int>, _ line: Line) -> Range<Int> {
        let offset = line.plainStart - folded.original(line.range).lowerBound
        return places.lowerBound + offset..<places.upperBound + offset
    }

    /// A detail that stands at `range` of these bytes.
    func detail(
        _ field: Detail.Field, _ range: Range<Int>, normalized: String? = nil, phoneExtension: String = "",
        confidence: Double, _ evidence: String
    ) -> Detail {
        let line = line(at: range.lowerBound)
        let places = folded.original(range)
        let span = line.number == nil ? nil : plainPlaces(places, line)
        return Detail(
            field, value: String(decoding: source[places], as: UTF8.self), normalized: normalized,
            phoneExtension: phoneExtension, confidence: confidence, line: line.number, evidence: evidence, span: span)
    }

    /// The text as the writer wrote it.
    func written(_ range: Range<Int>) -> String {
        String(decoding: source[folded.original(range)], as: UTF8.self)
    }

    /// Whether the writer wrote exactly these words there.
    func isWritten(_ words: String, at range: Range<Int>) -> Bool {
        let place = folded.original(range)
        return words.utf8.count == place.count && words.utf8.elementsEqual(source[place])
    }

    /// The folded text: full-width forms as ASCII.
    func plain(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func trimmedRange(_ range: Range<Int>) -> Range<Int> { trimmed(bytes, range) }

    /// The line that holds this position.
    func line(at position: Int) -> Line { lines[lineIndex(at: position)] }

    func lineIndex(at position: Int) -> Int { Self.lineIndex(lines, at: position) }

    private static func lineIndex(_ lines: [Line], at position: Int) -> Int {
        var low = 0
        var high = lines.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if lines[middle].range.lowerBound <= position { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// The label that `position` belongs to: the last one before it, with nothing between but what leads on to a value.
    func label(before position: Int, lineStart: Int) -> Label? {
        guard let label = lastLabel(endingBy: position), label.start >= lineStart else {
            return formLabel(before: position, lineStart)
        }
        guard leadsOn(from: label.end, to: position) else { return nil }
        if label.end - label.start > 1 { return label }
        // `T: …` and `M +65 …` are labels; the `t` of `don't 5` is not.
        let gap = bytes[label.end..<position]
        let begins = label.start == lineStart || bytes[label.start - 1] == 0x20 || bytes[label.start - 1] == 0x7C
        return begins && (gap.contains(0x3A) || position < bytes.count && bytes[position] == 0x2B) ? label : nil
    }

    /// The label on the line above, for what begins its own line.
    private func formLabel(before position: Int, _ lineStart: Int) -> Label? {
        guard !labelAbove.isEmpty, position - lineStart <= 4 else { return nil }
        let isFirst = bytes[lineStart..<position].allSatisfy { $0 == 0x20 || $0 == 0x28 || $0 == 0x2B || $0 == 0x2A }
        return isFirst ? labelAbove[lineIndex(at: lineStart)] : nil
    }

    /// A mark or label of one of these kinds that ends at `position`.
    func mark(endingAt position: Int, among kinds: [DetailWords.Kind]) -> Label? {
        for list in [marks, labels] {
            var low = 0
            var high = list.count
            while low < high {
                let middle = (low + high) / 2
                if list[middle].end < position { low = middle + 1 } else { high = middle }
            }
            while low < list.count, list[low].end == position {
                if kinds.contains(list[low].kind) { return list[low] }
                low += 1
            }
        }
        return nil
    }

    /// The marks that stand inside `range`.
    func marks(in range: Range<Int>) -> ArraySlice<Label> { Self.slice(marks, range) }

    /// The labels that stand inside `range`.
    func labels(in range: Range<Int>) -> ArraySlice<Label> { Self.slice(labels, range) }

    private static func slice(_ labels: [Label], _ range: Range<Int>) -> ArraySlice<Label> {
        var low = 0
        var high = labels.count
        while low < high {
            let middle = (low + high) / 2
            if labels[middle].start < range.lowerBound { low = middle + 1 } else { high = middle }
        }
        var end = low
        while end < labels.count, labels[end].end <= range.upperBound { end += 1 }
        return labels[low..<end]
    }

    func has(_ kind: DetailWords.Kind, in range: Range<Int>) -> Bool { marks(in: range).contains { $0.kind == kind } }

    private func lastLabel(endingBy position: Int) -> Label? {
        var low = 0
        var high = labels.count
        while low < high {
            let middle = (low + high) / 2
            if labels[middle].end <= position { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : labels[low - 1]
    }

    private static let leading: [[UInt8]] = [
        "是", "为", "為", "号码", "號碼", "编号", "編號", "号", "號", "はこちら", "は", "is", "are", "was", "number", "num", "no", "nr",
        "id", "code",
        "at", "on", "【", "「", "】",
    ].map { Array($0.utf8) }

    /// `: `, ` No. #`, `是`: nothing that would be a value itself.
    private func leadsOn(from start: Int, to end: Int) -> Bool {
        guard end - start <= 24 else { return false }
        var index = start
        while index < end {
            switch bytes[index] {
            case 0x20, 0x09, 0x23, 0x2A, 0x2E, 0x28, 0x29, 0x3A, 0x3D, 0x5B, 0x7C, 0x2D: index += 1
            default:
                guard let word = Self.leading.first(where: { begins(bytes, index..<end, with: $0) }) else {
                    return false
                }
                index += word.count
            }
        }
        return true
    }
}
