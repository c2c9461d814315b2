import Vocabulary

/// Writes header fields: folded before 76 characters where white space allows it (RFC 5322 section 2.2.3), with encoded
/// words for what is not ASCII (RFC 2047).
struct FieldWriter {
    private(set) var output: [UInt8] = []
    private var column = 0

    /// Words that must stay whole: identifiers, a date, parameters.
    mutating func write(_ name: String, structured words: [String]) {
        begin(name)
        for word in words { append(word: Array(clean(word).utf8)) }
        end()
    }

    mutating func write(_ name: String, identifiers: [MessageID]) {
        write(
            name,
            structured: identifiers.map { id in
                "<" + String(decoding: id.value.utf8.filter { $0 > 32 && $0 != 60 && $0 != 62 }, as: UTF8.self) + ">"
            })
    }

    /// Free text: a subject, a comment.
    mutating func write(_ name: String, unstructured text: String) {
        begin(name)
        let bytes = clean(text).utf8.split(separator: 32).map(Array.init)
        var run: [UInt8] = []
        for word in bytes {
            if needsEncoding(word) {
                run += run.isEmpty ? word : [32] + word
            } else {
                flush(&run)
                append(word: word)
            }
        }
        flush(&run)
        end()
    }

    mutating func write(_ name: String, addresses: [NamedAddress]) {
        begin(name)
        for (index, address) in addresses.enumerated() {
            let comma = index + 1 < addresses.count ? "," : ""
            let display = clean(address.displayName)
            let plain = addressText(address.address)
            if display.isEmpty {
                append(word: Array("\(plain)\(comma)".utf8))
                continue
            }
            appendPhrase(Array(display.utf8))
            append(word: Array("<\(plain)>\(comma)".utf8))
        }
        end()
    }

    /// The address with its local part quoted where it is no dot-atom (RFC 5322 section 3.4.1): a comma in it would end the
    /// address.
    private func addressText(_ address: EmailAddress) -> String {
        let local = Array(address.localPart.utf8)
        let isQuoted = local.count > 1 && local.first == 34 && local.last == 34
        if isQuoted || local.allSatisfy({ isAtomByte($0) || $0 == 46 || $0 >= 0x80 }) { return "\(address)" }
        var quoted: [UInt8] = [34]
        for byte in local {
            if byte == 34 || byte == 92 { quoted.append(92) }
            quoted.append(byte)
        }
        return String(decoding: quoted + [34, 64], as: UTF8.self) + address.domain
    }

    /// Line ends and other control characters become spaces: what is written as one field stays one field.
    private func clean(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for index in bytes.indices where bytes[index] < 32 || bytes[index] == 127 { bytes[index] = 32 }
        return String(decoding: trimmedBytes(bytes), as: UTF8.self)
    }

    private func trimmedBytes(_ bytes: [UInt8]) -> [UInt8] {
        let range = trimmed(bytes.span, 0..<bytes.count)
        return Array(bytes[range])
    }

    private mutating func begin(_ name: String) {
        output.append(contentsOf: name.utf8)
        output.append(58)
        column = name.utf8.count + 1
    }

    private mutating func end() {
        output += [13, 10]
        column = 0
    }

    /// A word with a space before it, on a new line where it would not fit.
    private mutating func append(word: [UInt8]) {
        if column + 1 + word.count > 76 && column > 1 {
            output += [13, 10]
            column = 0
        }
        output.append(32)
        output += word
        column += 1 + word.count
    }

    private mutating func flush(_ run: inout [UInt8]) {
        guard !run.isEmpty else { return }
        for word in encodedWords(run, firstLength: 76 - column - 1) { append(word: word) }
        run.removeAll(keepingCapacity: true)
    }

    /// A display name: atoms as they are, a quoted string where ASCII needs it, else encoded words (RFC 2047 section 5).
    private mutating func appendPhrase(_ name: [UInt8]) {
        let words = name.split(separator: 32).map(Array.init)
        if words.contains(where: needsEncoding) {
            var run = name
            flush(&run)
        } else if name.allSatisfy({ isAtomByte($0) || $0 == 32 }) {
            for word in words { append(word: word) }
        } else {
            var quoted: [UInt8] = [34]
            for byte in name {
                if byte == 34 || byte == 92 { quoted.append(92) }
                quoted.append(byte)
            }
            append(word: quoted + [34])
        }
    }

    /// Not ASCII, or looks like an encoded word, or too long for any line (RFC 5322 section 2.1.1: 998 characters).
    private func needsEncoding(_ word: [UInt8]) -> Bool {
        if word.count > 900 || word.contains(where: { $0 >= 0x80 }) { return true }
        for index in word.indices.dropLast() where word[index] == 61 && word[index + 1] == 63 { return true }
        return false
    }

    /// RFC 5322 section 3.2.3.
    private func isAtomByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }
}

/// Splits UTF-8 text into encoded words of at most 75 characters, never inside a character (RFC 2047 sections 2 and 5).
func encodedWords(_ text: [UInt8], firstLength: Int) -> [[UInt8]] {
    let overhead = "=?utf-8?B??=".utf8.count
    var words: [[UInt8]] = []
    var start = 0
    var length = Swift.min(75, firstLength)
    if length < overhead + 16 { length = 75 }
    while start < text.count {
        var end = Swift.min(text.count, start + (length - overhead) / 4 * 3)
        while end < text.count && text[end] & 0xC0 == 0x80 { end -= 1 }
        var word = Array("=?utf-8?B?".utf8)
        appendBase64(Array(text[start..<end]), lineLength: 0, to: &word)
        word += [63, 61]
        words.append(word)
        start = end
        length = 75
    }
    return words
}
