/// Text that grows line by line while HTML is rendered: blanks collapse, blank lines come at most one at a time, quoted
/// lines get their `> `.
struct RenderedLines {
    private(set) var bytes: [UInt8] = []
    /// Depth of quoting of what is appended next. Marks deeper than this help nobody and would grow with the square.
    var quoteDepth = 0 {
        willSet { endLineIfBegun() }
    }
    var keepsBlanks = false

    private var lineHasText = false
    private var blankIsDue = false
    private var cellIsDue = false
    private var blankLines = 1

    private static let deepestQuote = 8

    /// Text as it stands in HTML.
    mutating func append(_ text: ArraySlice<UInt8>) {
        if keepsBlanks { return appendAsIs(text) }
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            if byte <= 0x20 {
                blankIsDue = true
                index += 1
            } else if byte == 0xC2, index + 1 < text.endIndex, text[index + 1] == 0xA0 {
                blankIsDue = true
                index += 2
            } else if byte == 0xE2 || byte == 0xEF, isInvisible(text, index) {
                index += 3
            } else {
                beginWord()
                let start = index
                while index < text.endIndex, text[index] > 0x20, text[index] != 0xC2, text[index] != 0xE2,
                    text[index] != 0xEF
                { index += 1 }
                if index == start { index += min(utf8Length(leadByte: byte), text.endIndex - index) }
                bytes.append(contentsOf: text[start..<index])
            }
        }
    }

    /// Zero-width characters, which preheaders are padded with.
    private func isInvisible(_ text: ArraySlice<UInt8>, _ index: Int) -> Bool {
        guard index + 2 < text.endIndex else { return false }
        return text[index] == 0xEF
            ? text[index + 1] == 0xBB && text[index + 2] == 0xBF
            : text[index + 1] == 0x80 && text[index + 2] &- 0x8B < 3
    }

    private mutating func appendAsIs(_ text: ArraySlice<UInt8>) {
        for byte in text {
            if byte == 0x0A {
                endLine()
            } else if byte != 0x0D {
                if !lineHasText { beginWord() }
                bytes.append(byte)
            }
        }
    }

    private mutating func beginWord() {
        if !lineHasText {
            lineHasText = true
            if quoteDepth > 0 {
                bytes.append(contentsOf: repeatElement(UInt8(ascii: ">"), count: min(quoteDepth, Self.deepestQuote)))
                bytes.append(0x20)
            }
        } else if cellIsDue {
            bytes.append(0x09)
        } else if blankIsDue {
            bytes.append(0x20)
        }
        blankIsDue = false
        cellIsDue = false
        blankLines = 0
    }

    /// Ends the line, also an empty one: `<br><br>` is a blank line.
    mutating func endLine() {
        if lineHasText {
            bytes.append(0x0A)
        } else if blankLines == 0 {
            if quoteDepth > 0 { bytes.append(UInt8(ascii: ">")) }
            bytes.append(0x0A)
            blankLines += 1
        }
        lineHasText = false
        blankIsDue = false
        cellIsDue = false
    }

    mutating func beginBlock() { endLineIfBegun() }

    mutating func blankLine() {
        endLineIfBegun()
        endLine()
    }

    mutating func nextCell() {
        if lineHasText { cellIsDue = true }
    }

    private mutating func endLineIfBegun() {
        if lineHasText { endLine() }
    }

    /// The text without blank lines at its ends.
    func finished() -> [UInt8] {
        var end = bytes.count
        while end > 0, bytes[end - 1] <= 0x20 { end -= 1 }
        return Array(bytes[..<end])
    }
}
