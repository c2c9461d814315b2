/// Files that stand uuencoded in the text of a mail, as programs sent them before MIME (POSIX uuencode): from a line
/// `begin MODE NAME` to a line `end`.
///
/// A person sees the text without them and the files as attachments. Prose that starts with `begin` stays prose: the lines
/// must be what their length character says.
struct UuencodedText {
    struct File: Equatable {
        let name: String
        /// From the `begin` line to the end of the `end` line.
        let range: Range<Int>
        /// `begin-base64`, whose lines between are `base64`; else `lines` is `range`.
        let isBase64: Bool
        let lines: Range<Int>
        let isComplete: Bool
    }

    private(set) var files: [File] = []
    /// What is left of the text.
    private(set) var text: [Range<Int>] = []

    /// Reads at most so many files; what stands behind stays text.
    init(_ bytes: Bytes, _ range: Range<Int>, limit: Int) {
        var line = range.lowerBound
        var textStart = line
        while line < range.upperBound {
            if bytes[line] == UInt8(ascii: "b"), files.count < limit,
                let file = UuencodedText.file(bytes, at: line, to: range.upperBound)
            {
                if line > textStart { text.append(textStart..<line) }
                files.append(file)
                line = file.range.upperBound
                textStart = line
                continue
            }
            line = UuencodedText.lineEnd(bytes, from: line, to: range.upperBound).next
        }
        if !files.isEmpty && textStart < range.upperBound { text.append(textStart..<range.upperBound) }
    }

    /// The text without the files.
    func rest(_ bytes: Bytes) -> [UInt8] {
        var rest: [UInt8] = []
        rest.reserveCapacity(text.reduce(0) { $0 + $1.count })
        for piece in text { rest.append(contentsOf: [UInt8](copying: bytes, piece)) }
        return rest
    }

    private static func lineEnd(_ bytes: Bytes, from start: Int, to end: Int) -> (content: Range<Int>, next: Int) {
        let hit = findByte(bytes, 10, from: start, to: end)
        let next = hit < 0 ? end : hit + 1
        var upper = hit < 0 ? end : hit
        if upper > start && bytes[upper - 1] == 13 { upper -= 1 }
        return (start..<upper, next)
    }

    private static func file(_ bytes: Bytes, at start: Int, to end: Int) -> File? {
        let (head, first) = lineEnd(bytes, from: start, to: end)
        let isBase64 = hasWord(bytes, at: start, "begin-base64 ")
        guard isBase64 || hasWord(bytes, at: start, "begin "), let name = name(bytes, head, isBase64 ? 13 : 6) else {
            return nil
        }
        return isBase64
            ? base64File(bytes, start, first, end, name) : plainFile(bytes, start, first, end, name)
    }

    /// Three or four octal digits, then the name.
    private static func name(_ bytes: Bytes, _ line: Range<Int>, _ skipped: Int) -> String? {
        var index = line.lowerBound + skipped
        let mode = index
        while index < line.upperBound && bytes[index] & 0xF8 == 0x30 { index += 1 }
        guard (3...4).contains(index - mode), index < line.upperBound, bytes[index] == 32 else { return nil }
        let name = trimmed(bytes, index..<line.upperBound)
        // Longer than any file's name: then it is something else.
        guard !name.isEmpty, name.count <= 1000 else { return nil }
        return decodeDeclared(bytes, name, nil).text
    }

    private static func plainFile(_ bytes: Bytes, _ start: Int, _ first: Int, _ end: Int, _ name: String) -> File? {
        var line = first
        var lastData = first
        var fullLines = 0
        while line < end {
            let (content, next) = lineEnd(bytes, from: line, to: end)
            if content.count >= 3, content.count <= 4, hasWord(bytes, at: line, "end"),
                content.count == 3 || bytes[content.upperBound - 1] == 32
            {
                return File(name: name, range: start..<next, isBase64: false, lines: start..<next, isComplete: true)
            }
            if !content.isEmpty {
                guard isData(bytes, content) else { break }
                if bytes[line] == UInt8(ascii: "M") { fullLines += 1 }
                lastData = next
            }
            line = next
        }
        // Without its end (a mail that was cut) a file must at least have begun.
        guard fullLines >= 1 else { return nil }
        return File(name: name, range: start..<lastData, isBase64: false, lines: start..<lastData, isComplete: false)
    }

    /// A length, then characters from space to backquote: four for three bytes, where blanks at the end may be lost and
    /// one or two characters of checksum may follow.
    private static func isData(_ bytes: Bytes, _ line: Range<Int>) -> Bool {
        let wanted = (Int((bytes[line.lowerBound] &- 32) & 63) + 2) / 3 * 4
        guard line.count - 1 <= wanted + 2 else { return false }
        for index in line where bytes[index] < 32 || bytes[index] > 96 { return false }
        return true
    }

    /// POSIX uuencode -m: base64 up to a line `====`.
    private static func base64File(_ bytes: Bytes, _ start: Int, _ first: Int, _ end: Int, _ name: String) -> File? {
        var line = first
        while line < end {
            let (content, next) = lineEnd(bytes, from: line, to: end)
            if content.count >= 4, bytes[line] == 61, isFound(bytes, [61, 61, 61, 61], at: line) {
                return File(name: name, range: start..<next, isBase64: true, lines: first..<line, isComplete: true)
            }
            for index in content where !isBase64(bytes[index]) { return nil }
            line = next
        }
        return nil
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == 43 || byte == 47 || byte == 61 || isBlank(byte)
    }
}
