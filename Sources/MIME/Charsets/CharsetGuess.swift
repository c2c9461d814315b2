/// A charset that was found by looking at the bytes.
struct CharsetGuess {
    let charset: Charset
    /// 0 to 1: how much likelier it is than the next best.
    let confidence: Double
}

/// Guesses the charset of text without a declared one: a byte order mark; escape sequences of ISO-2022; UTF-8, since
/// other text seldom passes for it by accident; what the markup says of itself; then the charset under which the bytes
/// are the likeliest text (`IdeographModel`, `AlphabetModel`): East Asian ones by evidence, other scripts by strong
/// evidence, and windows-1252, under which anything can be read, where nothing speaks.
func guessCharset(_ bytes: Bytes, _ range: Range<Int>) -> CharsetGuess {
    if let marked = byteOrderMark(bytes, range) { return CharsetGuess(charset: marked, confidence: 0.95) }
    if let shifted = shiftedCharset(bytes, range) { return CharsetGuess(charset: shifted, confidence: 0.95) }
    if isASCII(bytes, range) { return CharsetGuess(charset: .ascii, confidence: 1) }
    if isValidUTF8(bytes, range) { return CharsetGuess(charset: .utf8, confidence: 0.98) }
    if isMostlyUTF8(bytes, range) { return CharsetGuess(charset: .utf8, confidence: 0.9) }
    if let named = charsetOfMarkup(bytes, range) { return CharsetGuess(charset: named, confidence: 0.9) }
    return likeliestCharset(CharsetSample(bytes, range).bytes)
}

/// By how many bits a charset must beat those named before it is taken: half of what a rare character costs for the
/// East Asian ones, some words' worth for other scripts.
private enum Margin {
    static let ideographsOverWestern = 6.0
    static let scriptOverWestern = 20.0
    static let accentsOverWestern = 12.0
    static let scriptOverIdeographs = 12.0
}

private func likeliestCharset(_ sample: [UInt8]) -> CharsetGuess {
    let western = AlphabetModel.western.bits(sample)
    let ideographs = best(IdeographModel.all.map { ($0.charset, $0.bits(sample)) })
    let scripts = AlphabetModel.others.map { model in (model, bits: model.bits(sample)) }
    let eligible = best(
        scripts.compactMap { model, bits in
            let margin = model.isOwnScript ? Margin.scriptOverWestern : Margin.accentsOverWestern
            let isClear = bits + margin <= western && bits + Margin.scriptOverIdeographs <= ideographs.bits
            return isClear ? (model.charset, bits) : nil
        })
    if eligible.bits.isFinite {
        let next = Swift.min(western, ideographs.bits)
        return CharsetGuess(charset: eligible.charset, confidence: confidence(margin: next - eligible.bits))
    }
    let unclear = scripts.map(\.bits).min() ?? .infinity
    if ideographs.bits + Margin.ideographsOverWestern <= western {
        let next = Swift.min(western, ideographs.next, unclear)
        return CharsetGuess(charset: ideographs.charset, confidence: confidence(margin: next - ideographs.bits))
    }
    let next = Swift.min(ideographs.bits, unclear)
    return CharsetGuess(
        charset: AlphabetModel.western.charset, confidence: Swift.min(0.9, confidence(margin: next - western)))
}

private func best(_ candidates: [(Charset, Double)]) -> (charset: Charset, bits: Double, next: Double) {
    var found = (charset: Charset.ascii, bits: Double.infinity, next: Double.infinity)
    for (charset, bits) in candidates {
        if bits < found.bits {
            found = (charset, bits, found.bits)
        } else if bits < found.next {
            found.next = bits
        }
    }
    return found
}

/// No lead is even odds or worse; eight bits halve the doubt, since characters of a text depend on each other.
private func confidence(margin: Double) -> Double {
    var doubt = 0.5
    for _ in 0..<Int(Swift.max(0, Swift.min(margin, 64)) / 2) { doubt *= 0.841 }
    return margin < 0 ? 0.35 : Swift.min(0.95, 1 - doubt)
}

private func byteOrderMark(_ bytes: Bytes, _ range: Range<Int>) -> Charset? {
    guard range.count >= 4, range.count % 2 == 0 else { return nil }
    let start = range.lowerBound
    switch (bytes[start], bytes[start + 1]) {
    case (0xFF, 0xFE):
        return bytes[start + 2] == 0 && bytes[start + 3] == 0 ? .utf32(bigEndian: nil) : .utf16(bigEndian: nil)
    case (0xFE, 0xFF): return .utf16(bigEndian: nil)
    default: return nil
    }
}

/// Seven-bit text that shifts into another character set: ISO-2022-JP (`ESC $ B`, `ESC $ @`, `ESC ( J`, `ESC ( I`,
/// `ESC $ ( D`), ISO-2022-KR (`ESC $ ) C`), ISO-2022-CN (`ESC $ ) A`, `ESC $ ) G`).
func shiftedCharset(_ bytes: Bytes, _ range: Range<Int>) -> Charset? {
    var index = range.lowerBound
    while true {
        index = findByte(bytes, 0x1B, from: index, to: range.upperBound)
        if index < 0 || index + 2 >= range.upperBound { return nil }
        let fourth = index + 3 < range.upperBound ? bytes[index + 3] : 0
        switch (bytes[index + 1], bytes[index + 2], fourth) {
        case (0x24, 0x42, _), (0x24, 0x40, _), (0x28, 0x4A, _), (0x28, 0x49, _): return .iso2022JP
        case (0x24, 0x28, 0x44), (0x24, 0x28, 0x4F), (0x24, 0x28, 0x51): return .iso2022JP
        case (0x24, 0x29, 0x43): return .other("ISO-2022-KR")
        case (0x24, 0x29, 0x41), (0x24, 0x29, 0x47): return .other("ISO-2022-CN-EXT")
        default: index += 1
        }
    }
}

/// A UTF-8 text that was cut inside its last character or has a few broken bytes: characters of several bytes are whole
/// ten times as often as not.
private func isMostlyUTF8(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
    var whole = 0
    var broken = 0
    var index = range.lowerBound
    while index < range.upperBound {
        let byte = bytes[index]
        index += 1
        guard byte >= 0x80 else { continue }
        let length = byte >= 0xF0 && byte < 0xF5 ? 3 : byte >= 0xE0 ? 2 : 1
        guard byte >= 0xC2, byte < 0xF5 else {
            broken += 1
            continue
        }
        let end = Swift.min(range.upperBound, index + length)
        var cursor = index
        while cursor < end && bytes[cursor] & 0xC0 == 0x80 { cursor += 1 }
        if cursor - index == length {
            whole += length
        } else if cursor < range.upperBound {
            broken += 1
        }
        index = cursor
    }
    return whole >= 3 && broken * 10 <= whole
}

/// What HTML says of itself, `<meta charset=gbk>` or `<meta … content="text/html; charset=gbk">`, and XML,
/// `<?xml … encoding="gbk"?>` (WHATWG HTML, "prescan a byte stream"); nil when that does not explain the bytes.
private func charsetOfMarkup(_ bytes: Bytes, _ range: Range<Int>) -> Charset? {
    let head = range.lowerBound..<Swift.min(range.upperBound, range.lowerBound + 2048)
    for (opening, key) in [("<meta", "charset"), ("<?xml", "encoding")] {
        var index = head.lowerBound
        while let tag = find(opening, bytes, index..<head.upperBound) {
            let close = findByte(bytes, 62, from: tag, to: head.upperBound)
            let end = close < 0 ? head.upperBound : close
            if let place = find(key, bytes, tag..<end), let label = attribute(bytes, place + key.utf8.count..<end),
                let charset = Charset(label: label), charset.keepsASCII, explains(charset, bytes, range)
            {
                return charset
            }
            index = end
        }
    }
    return nil
}

private func explains(_ charset: Charset, _ bytes: Bytes, _ range: Range<Int>) -> Bool {
    var output: [UInt8] = []
    let bad = charset.decode(bytes, range, into: &output)
    return bad * 100 <= countEightBit(bytes, range)
}

/// The value behind an equals sign, with or without quotes.
private func attribute(_ bytes: Bytes, _ range: Range<Int>) -> String? {
    var start = range.lowerBound
    while start < range.upperBound && (isSpace(bytes[start]) || bytes[start] == 61) { start += 1 }
    if start < range.upperBound && (bytes[start] == 34 || bytes[start] == 39) { start += 1 }
    var end = start
    while end < range.upperBound && isNamePart(bytes[end]) { end += 1 }
    return end > start ? lowercasedText(bytes, start..<end) : nil
}

private func isNamePart(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == 45 || byte == 95 || byte == 58 || byte == 46
}

/// The first place of lower-case `word`, whatever the case there.
private func find(_ word: String, _ bytes: Bytes, _ range: Range<Int>) -> Int? {
    let word = Array(word.utf8)
    var index = range.lowerBound
    while index + word.count <= range.upperBound {
        var length = 0
        while length < word.count && lowercased(bytes[index + length]) == word[length] { length += 1 }
        if length == word.count { return index }
        index += 1
    }
    return nil
}

func countEightBit(_ bytes: Bytes, _ range: Range<Int>) -> Int {
    var count = 0
    for index in range { count &+= Int(bytes[index] >> 7) }
    return count
}
