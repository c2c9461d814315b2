import MailText

/// Words that begin with a capital and what stands between them, as names of people and of companies are written in
/// sentences of a language with an alphabet.
struct CapitalWords {
    private let bytes: [UInt8]
    private let words: DetailWords

    init(_ text: ScannedText) {
        bytes = text.bytes
        words = text.words
    }

    // MARK: Words

    /// The letters from `start` on, with the apostrophes and hyphens between them; `start` where there is none.
    func wordEnd(_ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end {
            let byte = bytes[index]
            if isASCIILetter(byte) || byte >= 0xC3 && byte < 0xE2 || byte & 0xC0 == 0x80 {
                index += 1
            } else if byte == 0x27 || byte == 0x2D, index > start, index + 1 < end,
                isASCIILetter(bytes[index + 1]) || bytes[index + 1] >= 0xC3 && bytes[index + 1] < 0xE2
            {
                index += 1
            } else {
                break
            }
        }
        return index
    }

    /// The word without `'s` at its end.
    func withoutGenitive(_ word: Range<Int>) -> Range<Int> {
        if word.count > 2, bytes[word.upperBound - 1] | 0x20 == 0x73, bytes[word.upperBound - 2] == 0x27 {
            return word.lowerBound..<word.upperBound - 2
        }
        return word
    }

    func isCapital(_ index: Int, _ end: Int) -> Bool {
        guard index < end else { return false }
        let byte = bytes[index]
        if byte < 0x80 { return byte &- 0x41 < 26 }
        guard byte >= 0xC3, byte < 0xE0, index + 1 < end,
            let scalar = Unicode.Scalar(UInt32(byte & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F))
        else { return false }
        return scalar.properties.isUppercase
    }

    /// More than one letter and none of them small, as people shout and abbreviate.
    private func isShouted(_ word: Range<Int>) -> Bool {
        word.count > 1 && bytes[word].allSatisfy { $0 < 0x80 && !($0 &- 0x61 < 26) }
    }

    func isListed(_ word: Range<Int>, in set: Set<UInt64>) -> Bool { set.contains(LabelHash.of(bytes, word)) }

    // MARK: Names of people

    /// Up to five words from `start` on that may be a name: capitals, initials, and `van`, `de` and their like between them.
    /// Empty when the first word cannot be in a name.
    func personWords(from start: Int, _ end: Int) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = start
        var begin = start
        while found.count < 5 {
            let word = index..<wordEnd(index, end)
            guard !word.isEmpty else { break }
            if !found.isEmpty, isListed(word, in: Self.particles), !isCapital(index, end) {
                guard let next = afterBlank(word.upperBound, end) else { break }
                index = next
                continue
            }
            let bare = withoutGenitive(word)
            // `Ada I. Byron`: a single letter is no word.
            let isWord = bare.count > 1 || found.isEmpty
            guard isCapital(index, end), !isShouted(bare), !isWord || !isListed(bare, in: words.noPersons) else {
                break
            }
            // A particle belongs to the word behind it.
            found.append(begin < index && !found.isEmpty ? begin..<bare.upperBound : bare)
            if bare.upperBound < word.upperBound { break }
            let isInitial = bare.count == 1 && word.upperBound < end && bytes[word.upperBound] == 0x2E
            guard let next = afterBlank(word.upperBound + (isInitial ? 1 : 0), end) else { break }
            index = next
            begin = next
        }
        while let last = found.last, last.count == 1 { found.removeLast() }
        return found
    }

    private func afterBlank(_ index: Int, _ end: Int) -> Int? {
        guard index + 1 < end, bytes[index] == 0x20, bytes[index + 1] != 0x20 else { return nil }
        return index + 1
    }

    // MARK: Names of companies

    /// The name of a company that begins at `start`: capitals, numbers, `&`, and `and`, `of` between them; or a partnership,
    /// `Byron, Babbage and Sons`.
    func company(from start: Int, _ end: Int) -> Range<Int>? {
        if let partners = partnership(from: start, end) { return start..<partners }
        var index = start
        var last = start
        var count = 0
        while count < 7, index < end {
            let token = index..<tokenEnd(index, end)
            guard !token.isEmpty else { break }
            if count > 0, isListed(token, in: Self.connectors) {
                index = token.upperBound + 1
                continue
            }
            guard isCapital(index, end) || isASCIIDigit(bytes[index]) || count > 0 && bytes[index] == 0x26,
                !isListed(withoutSigns(token), in: words.capitalWords)
            else { break }
            count += 1
            let bare = withoutSigns(token)
            last = bare.upperBound
            if last < token.upperBound {
                // `Inc.` and `O.K.` go on; any other sign ends the name.
                let isStop = bytes[bare.upperBound..<token.upperBound].elementsEqual([0x2E])
                let isAbbreviation = bare.count <= 4 && isListed(bare, in: words.companyEndings)
                guard isStop, isAbbreviation || bytes[bare].contains(0x2E) else { break }
                last = token.upperBound
            } else if token.upperBound < end, !isCapital(token.upperBound + 1, end) {
                // `Byron's Pumps` goes on, `Byron's new office` is Byron.
                last = withoutGenitive(bare).upperBound
                if last < bare.upperBound { break }
            }
            index = token.upperBound + 1
        }
        return count > 0 && last - start >= 2 && bytes[start..<last].contains(where: isASCIILetter) ? start..<last : nil
    }

    /// `Byron, Babbage and Sons`: single capitalised words, commas between them, and the last behind `and`.
    private func partnership(from start: Int, _ end: Int) -> Int? {
        var index = start
        for number in 0..<4 {
            let word = index..<wordEnd(index, end)
            guard !word.isEmpty, isCapital(index, end) else { return nil }
            index = word.upperBound
            if number > 0, index < end, bytes[index] == 0x20 || number > 0 && bytes[index] == 0x2C {
                let next = bytes[index] == 0x2C ? index + 1 : index
                if begins(bytes, next..<end, with: Self.and) {
                    let last = next + Self.and.count..<wordEnd(next + Self.and.count, end)
                    guard !last.isEmpty, isCapital(last.lowerBound, end) else { return nil }
                    return withoutGenitive(last).upperBound
                }
            }
            guard index + 1 < end, bytes[index] == 0x2C, bytes[index + 1] == 0x20 else { return nil }
            index += 2
        }
        return nil
    }

    /// The name of a company that ends at `end`, read backwards to the beginning of its line at most.
    func company(endingAt end: Int, from lineStart: Int) -> Range<Int>? {
        var start = end
        var index = end
        var count = 0
        var hasAnd = false
        while count < 7, index > lineStart {
            var token = index..<index
            while token.lowerBound > lineStart, bytes[token.lowerBound - 1] != 0x20, token.count < Self.longestToken {
                token = token.lowerBound - 1..<token.upperBound
            }
            let bare = withoutSigns(token)
            let isPartner = bare.upperBound < token.upperBound && hasAnd && bytes[bare.upperBound] == 0x2C
            guard !bare.isEmpty, count == 0 || bare.upperBound == token.upperBound || isPartner else { break }
            if count > 0, isListed(token, in: Self.partnerWords) {
                hasAnd = true
            } else {
                guard isCapital(bare.lowerBound, end), !isListed(bare, in: words.capitalWords) else { break }
                count += 1
                start = bare.lowerBound
                if bare.lowerBound > token.lowerBound { break }
            }
            index = max(lineStart, token.lowerBound - 1)
        }
        return count > 0 ? start..<end : nil
    }

    /// The next blank, looked for near by: a text without blanks has no names of companies.
    private func tokenEnd(_ start: Int, _ end: Int) -> Int {
        let near = min(end, start + Self.longestToken)
        var index = start
        while index < near, bytes[index] != 0x20 { index += 1 }
        return index
    }

    private static let longestToken = 48

    /// The token without the signs around it; a digit is no sign.
    private func withoutSigns(_ token: Range<Int>) -> Range<Int> {
        var token = token
        while let first = token.first, isSign(bytes[first]) { token = first + 1..<token.upperBound }
        while let last = token.last, isSign(bytes[last]) { token = token.lowerBound..<last }
        return token
    }

    private func isSign(_ byte: UInt8) -> Bool { byte < 0x80 && !isASCIILetterOrDigit(byte) && byte != 0x26 }

    private static let and = Array(" and ".utf8)

    private static let partnerWords: Set<UInt64> = Set(["and", "&"].map { LabelHash.of($0) })
    private static let connectors: Set<UInt64> = Set(["and", "of", "&", "the", "de", "for"].map { LabelHash.of($0) })

    /// Words in lower case inside names.
    static let particles: Set<UInt64> = Set(
        [
            "van", "von", "der", "den", "de", "da", "do", "dos", "das", "di", "del", "della", "la", "le", "ten", "ter",
            "bin", "ibn", "al", "el", "y", "e", "zu", "af", "av",
        ].map { LabelHash.of($0) })
}
