/// Files that stand uuencoded in the text of a mail, as programs sent them before MIME (POSIX uuencode): from a line
/// `begin MODE NAME` to a line `end`.
///
/// A person sees the text without them and the files as attachments. Prose that starts with `begin` stays prose: the mode
/// must be one, every line as long as its length character says, and all lines but the last of one length, as every
/// encoder writes them.
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
        let isBase64 = starts(bytes, head, with: "begin-base64 ")
        guard isBase64 || starts(bytes, head, with: "begin "), let name = name(bytes, head, isBase64 ? 13 : 6) else {
            return nil
        }
        return isBase64
            ? base64File(bytes, start, first, end, name) : plainFile(bytes, start, first, end, name)
    }

    /// The mode, three octal digits or four of which the first is 0 or 1, then the name.
    private static func name(_ bytes: Bytes, _ line: Range<Int>, _ skipped: Int) -> String? {
        let mode = line.lowerBound + skipped
        var index = mode
        while index < line.upperBound && bytes[index] & 0xF8 == 0x30 { index += 1 }
        let digits = index - mode
        guard digits == 3 || digits == 4 && bytes[mode] <= 0x31, index < line.upperBound, bytes[index] == 32 else {
            return nil
        }
        let name = trimmed(bytes, index..<line.upperBound)
        // Longer than any file's name: then it is something else.
        guard !name.isEmpty, name.count <= 1000 else { return nil }
        return decodeDeclared(bytes, name, nil).text
    }

    private static func plainFile(_ bytes: Bytes, _ start: Int, _ first: Int, _ end: Int, _ name: String) -> File? {
        var lines = DataLines()
        var line = first
        var dataEnd = first
        while line < end {
            let (content, next) = lineEnd(bytes, from: line, to: end)
            if lines.isProof, isEnd(bytes, content) {
                return File(name: name, range: start..<next, isBase64: false, lines: start..<next, isComplete: true)
            }
            // An empty line may have lost its blank, or have come between the others on the way.
            if !content.isEmpty {
                guard lines.take(bytes, content) else { break }
                dataEnd = next
            }
            line = next
        }
        guard lines.isProofWithoutEnd else { return nil }
        return File(name: name, range: start..<dataEnd, isBase64: false, lines: start..<dataEnd, isComplete: false)
    }

    private static func isEnd(_ bytes: Bytes, _ line: Range<Int>) -> Bool {
        line.count <= 4 && starts(bytes, line, with: "end") && (line.count == 3 || bytes[line.upperBound - 1] == 32)
    }

    /// POSIX uuencode -m: base64 up to a line `====`.
    private static func base64File(_ bytes: Bytes, _ start: Int, _ first: Int, _ end: Int, _ name: String) -> File? {
        var line = first
        while line < end {
            let (content, next) = lineEnd(bytes, from: line, to: end)
            let data = trimmed(bytes, content)
            if data.count == 4, isFound(bytes, [61, 61, 61, 61], at: data.lowerBound) {
                return File(name: name, range: start..<next, isBase64: true, lines: first..<line, isComplete: true)
            }
            guard data.count % 4 == 0 else { return nil }
            for index in data where !isBase64(bytes[index]) { return nil }
            line = next
        }
        return nil
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == 43 || byte == 47 || byte == 61
    }
}

/// The lines of one file, as far as they were seen: whether they can be what an encoder wrote.
private struct DataLines {
    /// Of the first line: bytes that it holds, 45 as a rule.
    private var length = 0
    /// At least one line has lost nothing.
    private var hasWhole = false
    /// Lines of 45 bytes that have lost nothing.
    private var fullLines = 0
    /// A shorter line comes last; nothing but the line of no bytes comes behind it.
    private var hasShorter = false
    /// The line of no bytes was seen, and it was a backquote, not a blank.
    private var hasZero = false
    private var isDone = false

    /// With the line `end` behind them. A file without a byte has at least its zero.
    var isProof: Bool { hasWhole || hasZero }

    /// A mail that was cut, or lost its `end`: the zero behind data, or two lines of 45 bytes.
    var isProofWithoutEnd: Bool { hasWhole && hasZero || fullLines > 1 }

    /// A length, then characters from space to backquote: four for three bytes, where blanks at the end may be lost and
    /// one or two characters of checksum may follow. False: no line of this file.
    mutating func take(_ bytes: Bytes, _ line: Range<Int>) -> Bool {
        for index in line where bytes[index] < 32 || bytes[index] > 96 { return false }
        let held = Int((bytes[line.lowerBound] &- 32) & 63)
        let wanted = (held + 2) / 3 * 4
        guard !isDone, line.count - 1 <= wanted + 2 else { return false }
        if held == 0 {
            isDone = true
            hasZero = bytes[line.lowerBound] == 96
            return true
        }
        if length == 0 { length = held }
        guard !hasShorter, held <= length else { return false }
        hasShorter = held < length
        // Some encoders do not fill up the last group.
        if line.count > (held * 8 + 5) / 6 {
            hasWhole = true
            if held == 45 { fullLines += 1 }
        }
        return true
    }
}
