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

/// The text of a body whose transfer encoding is undone: by its declared charset, by guessing where there is none or where
/// what was declared cannot be true.
func decodeBodyText(_ bytes: Bytes, _ range: Range<Int>, label: String?, _ findings: inout Findings) -> TextReading {
    if let label, !label.isEmpty {
        let charset = Charset(label: label)
        if charset == nil { findings.note(.unknownCharset) }
        let reading = decodeDeclared(bytes, range, charset)
        if reading.bad > 0 { findings.note(.wrongCharset) }
        return reading
    }
    // RFC 2046 section 4.1.2: no charset means US-ASCII. Eight-bit text without one, and seven-bit text full of escape
    // sequences, is the sender's slip.
    if isASCII(bytes, range) && !hasISO2022JPEscape(bytes, range) {
        return TextReading(text: text(bytes, range), charset: .ascii, confidence: 1, bad: 0)
    }
    findings.note(.undeclaredCharset)
    return guessed(bytes, range)
}

/// Undoes a charset. Where the declared one (nil: an unknown label) cannot be right, what the bytes say goes before it.
func decodeDeclared(_ bytes: Bytes, _ range: Range<Int>, _ declared: Charset?) -> TextReading {
    guard let declared else { return guessed(bytes, range) }
    switch declared {
    case .ascii:
        // The default label of programs that never asked themselves.
        if !isASCII(bytes, range) || hasISO2022JPEscape(bytes, range) {
            var reading = guessed(bytes, range)
            reading.bad = Swift.max(1, reading.bad)
            return reading
        }
        return TextReading(text: text(bytes, range), charset: .ascii, confidence: 1, bad: 0)
    case .utf8:
        if let text = validText(bytes, range) { return TextReading(text: text, charset: .utf8, confidence: 1, bad: 0) }
        return damagedUTF8(bytes, range)
    default:
        return decodeOther(bytes, range, declared)
    }
}

private func decodeOther(_ bytes: Bytes, _ range: Range<Int>, _ declared: Charset) -> TextReading {
    if declared.keepsASCII && isASCII(bytes, range) {
        return TextReading(text: text(bytes, range), charset: declared, confidence: 1, bad: 0)
    }
    // Text of several characters that is UTF-8 through and through is UTF-8, whatever it is called. (Two characters may
    // pass for it by accident: the word for "Unicom" in GBK is the famous case.)
    if isMultiByte(declared), countEightBit(bytes, range) >= 18, let text = validText(bytes, range) {
        return TextReading(text: text, charset: .utf8, confidence: 0.9, bad: 1)
    }
    var output: [UInt8] = []
    let bad = declared.decode(bytes, range, into: &output)
    if bad > 0 && !isASCII(bytes, range), let text = validText(bytes, range) {
        return TextReading(text: text, charset: .utf8, confidence: 0.9, bad: bad)
    }
    return TextReading(
        text: text(output.span, 0..<output.count), charset: declared, confidence: bad > 0 ? 0.7 : 1, bad: bad)
}

/// Declared UTF-8 that is not: a few broken bytes in a long text are damage, many are another charset.
private func damagedUTF8(_ bytes: Bytes, _ range: Range<Int>) -> TextReading {
    var output: [UInt8] = []
    let bad = appendUTF8(bytes, range, to: &output)
    if bad * 2 > countEightBit(bytes, range) {
        var reading = guessed(bytes, range)
        reading.bad = bad
        return reading
    }
    return TextReading(text: text(output.span, 0..<output.count), charset: .utf8, confidence: 0.7, bad: bad)
}

private func guessed(_ bytes: Bytes, _ range: Range<Int>) -> TextReading {
    let guess = guessCharset(bytes, range)
    var output: [UInt8] = []
    let bad = guess.charset.decode(bytes, range, into: &output)
    return TextReading(
        text: text(output.span, 0..<output.count), charset: guess.charset, confidence: guess.confidence, bad: bad)
}

private func isMultiByte(_ charset: Charset) -> Bool {
    switch charset {
    case .gb18030, .big5, .cp949, .cp932, .eucJP: true
    default: false
    }
}

private func countEightBit(_ bytes: Bytes, _ range: Range<Int>) -> Int {
    var count = 0
    for index in range { count &+= Int(bytes[index] >> 7) }
    return count
}
