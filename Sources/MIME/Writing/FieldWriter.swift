import Vocabulary

/// Writes header fields: folded before 76 characters where white space allows it (RFC 5322 section 2.2.3), with encoded
/// words for what is not ASCII (RFC 2047).
///
/// Whatever text comes in, one call writes one field: `fieldText` leaves no character that could end a line.
struct FieldWriter {
    private(set) var output: [UInt8] = []
    private var column = 0
    private var isFirstWord = true

    /// Words that must stay whole: a date, parameters.
    mutating func write(_ name: String, structured words: [String]) {
        write(name, words: words.map { fieldText($0) })
    }

    /// An identifier that we made ourselves and that must be there (RFC 5322 section 3.6.4).
    mutating func write(_ name: String, own identifier: MessageID) {
        write(name, words: [bracketed(writtenIdentifier(identifier))])
    }

    /// Identifiers of others, as they are or not at all; without any there is no field.
    mutating func write(_ name: String, identifiers: [MessageID]) {
        let usable = identifiers.filter { isWritable($0) }
        if !usable.isEmpty { write(name, words: usable.map { bracketed(Array($0.value.utf8)) }) }
    }

    /// A field with syntax of its own, which encoded words would break: they stand only for what is not ASCII, and for words
    /// that are too long for any line.
    mutating func write(_ name: String, unstructured text: String) { write(name, text, longestWord: 900) }

    /// Words for people to read: a subject.
    mutating func write(_ name: String, phrase text: String) { write(name, text, longestWord: 70) }

    private mutating func write(_ name: String, _ text: String, longestWord: Int) {
        begin(name)
        var run: [UInt8] = []
        for word in fieldText(text).split(separator: 32) {
            if needsEncoding(word, longest: longestWord) {
                if !run.isEmpty { run.append(32) }
                run += word
            } else {
                appendEncoded(run)
                run.removeAll(keepingCapacity: true)
                append(word: word)
            }
        }
        appendEncoded(run)
        end()
    }

    mutating func write(_ name: String, addresses: [NamedAddress]) {
        begin(name)
        for (index, address) in addresses.enumerated() {
            let comma: [UInt8] = index + 1 < addresses.count ? [44] : []
            let display = fieldText(address.displayName)
            let plain = writtenAddress(address.address)
            if display.isEmpty {
                append(word: plain + comma)
            } else {
                append(displayName: display)
                append(word: bracketed(plain) + comma)
            }
        }
        end()
    }

    /// Each word on a line with others, or on its own.
    mutating func write(_ name: String, words: [[UInt8]]) {
        begin(name)
        for word in words { append(word: word) }
        end()
    }

    private mutating func begin(_ name: String) {
        output.append(contentsOf: name.utf8)
        output.append(58)
        column = name.utf8.count + 1
        isFirstWord = true
    }

    private mutating func end() { output += [13, 10] }

    /// A word with a space before it, on a new line where it would not fit. The first one stays beside the name: some
    /// programs take a first line without text for the end of the field.
    private mutating func append(word: some Collection<UInt8>) {
        if column + 1 + word.count > 76 && !isFirstWord {
            output += [13, 10]
            column = 0
        }
        output.append(32)
        output += word
        column += 1 + word.count
        isFirstWord = false
    }

    private mutating func appendEncoded(_ run: [UInt8]) {
        guard !run.isEmpty else { return }
        for word in encodedWords(run, firstLength: 76 - column - 1, length: 75) { append(word: word) }
    }

    /// One word if it can be, on a new line where it must: Python's email reads two of them with a space between.
    private mutating func appendEncoded(phrase: [UInt8]) {
        let whole = encodedWords(phrase, firstLength: 75, length: 75)
        if whole.count == 1 && !isFirstWord { append(word: whole[0]) } else { appendEncoded(phrase) }
    }

    /// A display name (RFC 5322 section 3.2.5) that fits a line: atoms as they are, else a quoted string. It is not folded,
    /// since GMime takes that for a part of the name. All others are encoded words (RFC 2047 section 5).
    private mutating func append(displayName name: [UInt8]) {
        let isAtoms = name.allSatisfy { isAtomByte($0) || $0 == 32 }
        let plain = isAtoms ? name : quotedString(name)
        if plain.count > 70 || needsEncoding(name[...], longest: 70) {
            appendEncoded(phrase: name)
        } else {
            append(word: plain)
        }
    }

    /// Not ASCII, or looks like an encoded word, or too long.
    private func needsEncoding(_ word: ArraySlice<UInt8>, longest: Int) -> Bool {
        if word.count > longest || word.contains(where: { $0 >= 0x80 }) { return true }
        for index in word.indices.dropLast() where word[index] == 61 && word[index + 1] == 63 { return true }
        return false
    }

    private func bracketed(_ bytes: [UInt8]) -> [UInt8] { [60] + bytes + [62] }

    private func isWritable(_ id: MessageID) -> Bool {
        id.value.utf8.count <= 900 && id.value.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 60 && $0 != 62 }
    }
}

/// Text as a field has it: control characters and all that some reader takes for a line end (RFC 5322 section 2.2; NEL, LS
/// and PS of Unicode too) are spaces, and of several spaces one is left, none at the ends.
func fieldText(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        let value = scalar.value
        let isSpace = value <= 32 || (127...159).contains(value) || value == 0x2028 || value == 0x2029
        if !isSpace {
            bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        } else if bytes.last != 32 && !bytes.isEmpty {
            bytes.append(32)
        }
    }
    if bytes.last == 32 { bytes.removeLast() }
    return bytes
}

/// An identifier of ours without what would end it, and within a line.
func writtenIdentifier(_ id: MessageID) -> [UInt8] {
    Array(id.value.utf8.filter { $0 > 32 && $0 < 127 && $0 != 60 && $0 != 62 }.prefix(900))
}
