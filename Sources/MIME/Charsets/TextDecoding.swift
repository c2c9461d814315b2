/// Text whose charset was declared or had to be found.
struct TextReading {
    var text: String
    /// The charset that was used.
    var charset: Charset
    /// 1 when that is the declared one and it fits.
    var confidence: Double
    /// Places that the declared charset could not explain.
    var bad: Int
}

/// How far a declared charset is believed.
enum LabelTrust: Sendable {
    /// As long as it can be true: what a standard would have read.
    case declared
    /// As long as nothing else is likelier: what a person wants to read. Text labelled ISO 8859 that is UTF-8 all
    /// through is UTF-8, and control characters above 127 are what the Windows code page of that script has there
    /// (WHATWG Encoding, section 4.2, does the same for three of them).
    case likely
}

/// The text of a body whose transfer encoding is undone: by its declared charset, by guessing where there is none or
/// where what was declared cannot be true.
func decodeBodyText(
    _ bytes: Bytes, _ range: Range<Int>, label: String?, trust: LabelTrust = .declared, _ findings: inout Findings
) -> TextReading {
    if let label, !label.isEmpty {
        let charset = Charset(label: label)
        if charset == nil { findings.note(.unknownCharset) }
        let reading = decodeDeclared(bytes, range, charset, trust: trust)
        if reading.bad > 0 { findings.note(.wrongCharset) }
        return reading
    }
    // RFC 2046 section 4.1.2: no charset means US-ASCII. Eight-bit text without one, and seven-bit text full of escape
    // sequences, is the sender's slip.
    if isASCII(bytes, range) && shiftedCharset(bytes, range) == nil {
        return TextReading(text: asciiText(bytes, range), charset: .ascii, confidence: 1, bad: 0)
    }
    findings.note(.undeclaredCharset)
    return guessed(bytes, range)
}

/// Undoes a charset. Where the declared one (nil: an unknown label) cannot be right, what the bytes say goes before it.
func decodeDeclared(
    _ bytes: Bytes, _ range: Range<Int>, _ declared: Charset?, trust: LabelTrust = .declared
) -> TextReading {
    guard let declared else { return guessed(bytes, range) }
    switch declared {
    case .ascii:
        // The default label of programs that never asked themselves.
        if !isASCII(bytes, range) || shiftedCharset(bytes, range) != nil {
            var reading = guessed(bytes, range)
            reading.bad = Swift.max(1, reading.bad)
            return reading
        }
        return TextReading(text: asciiText(bytes, range), charset: .ascii, confidence: 1, bad: 0)
    case .utf8:
        if let text = validText(bytes, range) { return TextReading(text: text, charset: .utf8, confidence: 1, bad: 0) }
        return damagedUTF8(bytes, range)
    case .utf16, .utf32:
        // Text that some program has turned into ASCII without a word to the label.
        if isPlainText(bytes, range) {
            return TextReading(text: asciiText(bytes, range), charset: .ascii, confidence: 0.8, bad: 1)
        }
        return decodeOther(bytes, range, declared)
    case .singleByte(let name):
        if trust == .likely, let better = likelierThanISO8859(bytes, range, name) { return better }
        return decodeOther(bytes, range, declared)
    default:
        return decodeOther(bytes, range, declared)
    }
}

private func decodeOther(_ bytes: Bytes, _ range: Range<Int>, _ declared: Charset) -> TextReading {
    if declared.keepsASCII && isASCII(bytes, range) {
        return TextReading(text: asciiText(bytes, range), charset: declared, confidence: 1, bad: 0)
    }
    // Text of several characters that is UTF-8 through and through is UTF-8, whatever it is called. (Two characters may
    // pass for it by accident: the word for "Unicom" in GBK is the famous case.)
    if declared.isMultiByte, isValidUTF8(bytes, range), countEightBit(bytes, range) >= 18 {
        let text = text(bytes, range)
        return TextReading(text: text, charset: .utf8, confidence: 0.9, bad: 1)
    }
    let (decoded, bad) = declared.text(bytes, range)
    if bad > 0 && !isASCII(bytes, range) {
        if let text = validText(bytes, range) {
            return TextReading(text: text, charset: .utf8, confidence: 0.9, bad: bad)
        }
        if let better = likelierThanBroken(bytes, range, declared, bad) { return better }
    }
    return TextReading(text: decoded, charset: declared, confidence: bad > 0 ? 0.7 : 1, bad: bad)
}

/// Where a declared East Asian charset fails for one character in eight, another that never fails and is clearly
/// likelier.
private func likelierThanBroken(
    _ bytes: Bytes, _ range: Range<Int>, _ declared: Charset, _ bad: Int
) -> TextReading? {
    guard declared.isMultiByte, bad >= 2, bad * 16 >= countEightBit(bytes, range) else { return nil }
    let guess = guessCharset(bytes, range)
    guard guess.charset != declared, guess.charset.isMultiByte, guess.confidence >= 0.75 else { return nil }
    let (decoded, stillBad) = guess.charset.text(bytes, range)
    guard stillBad == 0 else { return nil }
    return TextReading(text: decoded, charset: guess.charset, confidence: guess.confidence, bad: bad)
}

/// `LabelTrust.likely`: nil when the declared charset stays the likeliest.
private func likelierThanISO8859(_ bytes: Bytes, _ range: Range<Int>, _ name: String) -> TextReading? {
    guard !isASCII(bytes, range) else { return nil }
    if countEightBit(bytes, range) >= 2, let text = validText(bytes, range) {
        return TextReading(text: text, charset: .utf8, confidence: 0.9, bad: 1)
    }
    guard let sibling = windowsSibling(name), hasC1Control(bytes, range) else { return nil }
    let (decoded, bad) = sibling.text(bytes, range)
    return TextReading(text: decoded, charset: sibling, confidence: 0.9, bad: bad + 1)
}

/// The Windows code page that has the same letters, or nearly.
private func windowsSibling(_ name: String) -> Charset? {
    switch name {
    case "ISO-8859-1": .windows(1252)
    case "ISO-8859-2": .windows(1250)
    case "ISO-8859-9": .windows(1254)
    case "ISO-8859-7": .windows(1253)
    case "ISO-8859-8": .windows(1255)
    case "ISO-8859-13": .windows(1257)
    default: nil
    }
}

private func hasC1Control(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
    for index in range where bytes[index] & 0xE0 == 0x80 { return true }
    return false
}

/// ASCII with white space and without the zero bytes that UTF-16 and UTF-32 have between its letters.
private func isPlainText(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
    guard range.count >= 8, isASCII(bytes, range) else { return false }
    var spaces = 0
    for index in range {
        if bytes[index] == 0 { return false }
        if isSpace(bytes[index]) { spaces += 1 }
    }
    return spaces > 0
}

/// Declared UTF-8 that is not: a few broken bytes in a long text are damage, many are another charset.
private func damagedUTF8(_ bytes: Bytes, _ range: Range<Int>) -> TextReading {
    let repaired = text(bytes, range)
    var bad = 0
    for scalar in repaired.unicodeScalars where scalar == "\u{FFFD}" { bad += 1 }
    if bad * 2 > countEightBit(bytes, range) {
        var reading = guessed(bytes, range)
        reading.bad = bad
        return reading
    }
    return TextReading(text: repaired, charset: .utf8, confidence: 0.7, bad: bad)
}

private func guessed(_ bytes: Bytes, _ range: Range<Int>) -> TextReading {
    let guess = guessCharset(bytes, range)
    let (decoded, bad) = guess.charset.text(bytes, range)
    return TextReading(text: decoded, charset: guess.charset, confidence: guess.confidence, bad: bad)
}
