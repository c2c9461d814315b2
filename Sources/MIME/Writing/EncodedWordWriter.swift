// Encoded words that we write (RFC 2047): UTF-8, in whichever of the two encodings is shorter.
//
// A word in base64 that another follows holds whole groups of three bytes, since GMime reads neighbours as one base64 text
// and stops at the padding. Where characters do not allow that, the word is in Q.

/// Splits UTF-8 text into encoded words, never inside a character (RFC 2047 section 5). The first is at most `firstLength`
/// characters long if that leaves room for anything, the others `length`, which is at most 75 (RFC 2047 section 2).
func encodedWords(_ text: [UInt8], firstLength: Int, length: Int) -> [[UInt8]] {
    let frame = "=?utf-8?B??=".utf8.count
    let prefersQ = sizeInQ(text[...]) <= sizeInBase64(text.count)
    var words: [[UInt8]] = []
    var start = 0
    var room = Swift.min(length, firstLength) - frame
    if room < 16 { room = length - frame }
    while start < text.count {
        let rest = text[start...]
        if !prefersQ, let end = endOfBase64Word(rest, room: room) {
            words.append(word("B", base64(text[start..<end])))
            start = end
        } else {
            let end = endOfQWord(rest, room: room)
            words.append(word("Q", q(text[start..<end])))
            start = end
        }
        room = length - frame
    }
    return words
}

private func word(_ encoding: StaticString, _ text: [UInt8]) -> [UInt8] {
    Array("=?utf-8?\(encoding)?".utf8) + text + [63, 61]
}

/// Where a word in base64 ends: at the end of the text if all of it fits, else behind as many characters as give whole
/// groups; nil when none do.
private func endOfBase64Word(_ text: ArraySlice<UInt8>, room: Int) -> Int? {
    if sizeInBase64(text.count) <= room { return text.endIndex }
    var end = text.startIndex + room / 4 * 3
    while end > text.startIndex && text[end] & 0xC0 == 0x80 { end -= 3 }
    return end > text.startIndex ? end : nil
}

/// As many whole characters as fit, at least one.
private func endOfQWord(_ text: ArraySlice<UInt8>, room: Int) -> Int {
    var end = text.startIndex
    var used = 0
    while end < text.endIndex {
        var next = end + 1
        while next < text.endIndex && text[next] & 0xC0 == 0x80 { next += 1 }
        used += sizeInQ(text[end..<next])
        if used > room && end > text.startIndex { break }
        end = next
    }
    return end
}

private func sizeInBase64(_ count: Int) -> Int { (count + 2) / 3 * 4 }

private func sizeInQ(_ text: ArraySlice<UInt8>) -> Int {
    text.reduce(0) { $0 + ($1 == 32 || isPlainInQ($1) ? 1 : 3) }
}

private func base64(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    appendBase64(Array(text), lineLength: 0, to: &output)
    return output
}

/// RFC 2047 section 4.2.
private func q(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    for byte in text {
        if byte == 32 {
            output.append(95)
        } else if isPlainInQ(byte) {
            output.append(byte)
        } else {
            output += [61, hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
        }
    }
    return output
}

/// What Q leaves alone even in a phrase (RFC 2047 section 5, rule 3).
private func isPlainInQ(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == 33 || byte == 42 || byte == 43 || byte == 45 || byte == 47
}
