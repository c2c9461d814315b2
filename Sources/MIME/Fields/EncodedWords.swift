/// Decodes an unstructured field body or a phrase: unfolds it (RFC 5322 section 2.2.3), reads encoded words (RFC 2047)
/// and bytes above 127 (RFC 6532: UTF-8; before it: anything).
///
/// Words of one charset that follow each other are put together before their charset is undone, because many programs
/// split a character, a group of base64 or the shift state of ISO-2022-JP over two words. White space between two words
/// is dropped (section 6.2). Words inside quotes or without white space around them break section 5, are common, and
/// are read.
func decodedText(_ bytes: Bytes, _ range: Range<Int>, findings: inout Findings, field: String? = nil) -> String {
    findings.work += range.count
    if isPlain(bytes, range) { return asciiText(bytes, range) }
    var decoder = PhraseDecoder(range: range)
    decoder.decode(bytes, &findings, field)
    return text(decoder.output.span, 0..<decoder.output.count)
}

/// No encoded word can start here, nothing is folded and all is ASCII.
private func isPlain(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
    for index in range {
        let byte = bytes[index]
        if byte >= 127 || byte < 32 { return false }
        if byte == 61 && index + 1 < range.upperBound && bytes[index + 1] == 63 { return false }
    }
    return true
}

private struct PhraseDecoder {
    let range: Range<Int>
    /// UTF-8.
    var output: [UInt8] = []
    /// Text between words, not yet decoded.
    private var plain: [UInt8] = []
    /// Words of `charset`, their transfer encoding undone.
    private var word: [UInt8] = []
    private var charset = ""
    /// Base64 text of the last word that makes no whole group of four: some programs cut the encoded text, not the
    /// words.
    private var carry: [UInt8] = []
    /// White space after a word, dropped when another word follows.
    private var gap: [UInt8] = []
    private var isAfterWord = false
    /// No `?=` stands behind this place: looking again would make hostile input quadratic.
    private var noEndFrom = Int.max

    init(range: Range<Int>) {
        self.range = range
        output.reserveCapacity(range.count)
    }

    mutating func decode(_ bytes: Bytes, _ findings: inout Findings, _ field: String?) {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == 61, let found = encodedWord(bytes, index) {
                if findings.encodedWords < findings.limits.encodedWords {
                    take(found, bytes, &findings, field)
                    index = found.end
                    continue
                }
                findings.note(.encodedWordLimit, field: field)
            }
            index += 1
            takePlain(byte, &findings, field)
        }
        flushWord(&findings, field)
        flushPlain(&findings, field)
    }

    private mutating func takePlain(_ byte: UInt8, _ findings: inout Findings, _ field: String?) {
        if byte == 13 || byte == 10 { return }
        if isAfterWord {
            if isBlank(byte) {
                gap.append(32)
                return
            }
            flushWord(&findings, field)
        }
        // A control character has no business in a field body; NUL would end a C string somewhere.
        plain.append(byte < 32 || byte == 127 ? 32 : byte)
    }

    private mutating func take(
        _ found: FoundWord, _ bytes: Bytes, _ findings: inout Findings, _ field: String?
    ) {
        flushPlain(&findings, field)
        let charset = lowercasedText(bytes, found.charset)
        if isAfterWord && charset != self.charset && Charset(label: charset) != Charset(label: self.charset) {
            gap.removeAll(keepingCapacity: true)
            flushWord(&findings, field)
        }
        gap.removeAll(keepingCapacity: true)
        self.charset = charset
        isAfterWord = true
        findings.encodedWords += 1
        if found.isBase64 {
            takeBase64(bytes, found.text, &findings)
        } else {
            flushCarry(&findings)
            decodeQ(bytes, found.text, into: &word)
        }
    }

    private mutating func takeBase64(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) {
        var sextets = carry.count
        var isPadded = false
        for index in range {
            if bytes[index] == 61 { isPadded = true }
            if isBase64(bytes[index]) { sextets += 1 }
        }
        if carry.isEmpty && (isPadded || sextets % 4 == 0) {
            appendBase64(bytes, range, &findings)
            return
        }
        var text = carry + [UInt8](copying: bytes, range)
        carry.removeAll(keepingCapacity: true)
        var left = isPadded ? 0 : sextets % 4
        while left > 0, let last = text.popLast() {
            if isBase64(last) {
                carry.insert(last, at: 0)
                left -= 1
            }
        }
        appendBase64(text.span, 0..<text.count, &findings)
    }

    private mutating func flushCarry(_ findings: inout Findings) {
        guard !carry.isEmpty else { return }
        let text = Self.takeOver(&carry)
        appendBase64(text.span, 0..<text.count, &findings)
    }

    private mutating func appendBase64(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) {
        let start = word.count
        word.append(contentsOf: repeatElement(0, count: range.count + 16))
        let count = decodeBase64(bytes, range, into: &word, at: start, &findings)
        word.removeLast(word.count - start - count)
    }

    private func isBase64(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte == 43 || byte == 47 }

    private mutating func flushWord(_ findings: inout Findings, _ field: String?) {
        guard isAfterWord else { return }
        isAfterWord = false
        flushCarry(&findings)
        // A local variable, because `output` is written while it is read.
        let word = Self.takeOver(&self.word)
        findings.work += word.count
        let start = output.count
        let known = Charset(label: charset)
        if known == nil { findings.note(.unknownCharset, field: field) }
        let decoded = decodeDeclared(word.span, 0..<word.count, known)
        if decoded.bad > 0 { findings.note(.badEncodedWord, field: field) }
        output.append(contentsOf: decoded.text.utf8)
        // An encoded line end must not become a real one: a subject is one line.
        for index in start..<output.count where output[index] < 32 || output[index] == 127 { output[index] = 32 }
        plain.append(contentsOf: gap)
        gap.removeAll(keepingCapacity: true)
    }

    private mutating func flushPlain(_ findings: inout Findings, _ field: String?) {
        guard !plain.isEmpty else { return }
        let plain = Self.takeOver(&self.plain)
        if isValidUTF8(plain.span, 0..<plain.count) {
            output.append(contentsOf: plain)
        } else {
            findings.note(.eightBitField, field: field)
            findings.work += plain.count
            takeRaw(plain.span, findings.rawCharset)
        }
    }

    /// Eight-bit text that is no UTF-8: as the message's body, if that explains all of it. What takes a byte for a
    /// character explains everything, so that clear East Asian text goes before it.
    private mutating func takeRaw(_ bytes: Bytes, _ likely: Charset?) {
        let range = 0..<bytes.count
        let guess = guessCharset(bytes, range)
        if let likely, likely.keepsASCII, likely != .utf8, likely != .ascii,
            likely.isMultiByte || !(guess.charset.isMultiByte && guess.confidence > 0.9)
        {
            let start = output.count
            if likely.decode(bytes, range, into: &output) == 0 { return }
            output.removeLast(output.count - start)
        }
        _ = guess.charset.decode(bytes, range, into: &output)
    }

    private static func takeOver(_ bytes: inout [UInt8]) -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    private struct FoundWord {
        var charset: Range<Int>
        var isBase64: Bool
        var text: Range<Int>
        var end: Int
    }

    /// `=?charset*language?B?text?=` at `start` (RFC 2047 section 2, RFC 2231 section 5).
    private mutating func encodedWord(_ bytes: Bytes, _ start: Int) -> FoundWord? {
        let end = range.upperBound
        guard start + 6 < end, bytes[start + 1] == 63 else { return nil }
        var index = start + 2
        var charsetEnd = -1
        // No charset has a longer name.
        let lastName = Swift.min(end, index + 80)
        while index < lastName && bytes[index] != 63 {
            if bytes[index] <= 32 { return nil }
            if bytes[index] == 42 && charsetEnd < 0 { charsetEnd = index }
            index += 1
        }
        guard index < lastName, index > start + 2, index + 2 < end, bytes[index + 2] == 63 else { return nil }
        let charset = start + 2..<(charsetEnd < 0 ? index : charsetEnd)
        let coding = lowercased(bytes[index + 1])
        guard coding == 98 || coding == 113 else { return nil }
        let textStart = index + 3
        guard textStart < noEndFrom, let textEnd = endOfWord(bytes, textStart) else {
            noEndFrom = Swift.min(noEndFrom, textStart)
            return nil
        }
        return FoundWord(charset: charset, isBase64: coding == 98, text: textStart..<textEnd, end: textEnd + 2)
    }

    private func endOfWord(_ bytes: Bytes, _ start: Int) -> Int? {
        var index = start
        while true {
            index = findByte(bytes, 63, from: index, to: range.upperBound)
            if index < 0 || index + 1 >= range.upperBound { return nil }
            if bytes[index + 1] == 61 { return index }
            index += 1
        }
    }
}
