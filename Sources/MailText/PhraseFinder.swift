/// Finds many phrases in one pass over the bytes of a text.
///
/// ASCII letters are compared without case, any blank or line end counts as a space. A phrase that begins or ends with
/// an ASCII letter or digit is found only at the border of a word (`f` not in `Fürth`); `complain*` also finds `complaint`. Chinese and
/// Japanese phrases are found anywhere, because nothing marks words there.
///
/// At each place where a phrase may begin (a character, the first letter of a word) the next six bytes are looked up
/// in a bit map; nearly all places end there. Where the map says yes, the few phrases that begin so are compared
/// (`PhraseTable`). So the work is a few operations per character, and per place that of the phrases with one beginning,
/// however many others there are. An automaton after Aho and Corasick needs no second look, but a dependent load and a
/// guessed branch for every byte: it took twice as long on mail; and so did following the phrases as a tree.
package struct PhraseFinder: Sendable {
    /// One phrase at one place.
    package struct Hit: Sendable, Hashable {
        /// Index of the phrase, as given to `init`.
        package let phrase: Int
        package let start: Int
        package let end: Int
    }

    private let table: PhraseTable
    private let beginnings: PhraseBeginnings

    /// - Parameter phrases: in any case; empty ones are never found.
    package init(_ phrases: [String]) {
        var groups: [PhraseKey: [PhraseTable.Phrase]] = [:]
        var beginnings = PhraseBeginnings()
        for (index, phrase) in phrases.enumerated() {
            var bytes = FoldedText(phrase).bytes.map { asciiLowercased($0) }
            let isPrefix = bytes.last == UInt8(ascii: "*")
            if isPrefix { bytes.removeLast() }
            guard let last = bytes.last else { continue }
            let endsWord = !isPrefix && isASCIILetterOrDigit(last)
            let key = beginnings.insert(bytes, isPrefix: isPrefix)
            groups[key, default: []].append(PhraseTable.Phrase(index: index, bytes: bytes, endsWord: endsWord))
        }
        table = PhraseTable(groups)
        self.beginnings = beginnings
    }

    /// Calls `body` for every place of every phrase, ascending by start, then by end.
    package func forEachHit(in bytes: [UInt8], _ body: (Hit) -> Void) {
        bytes.withUnsafeBytes { raw in
            table.withReader { reader in
                beginnings.forEachPlace(in: raw, reader) { start, candidates in
                    reader.match(candidates, raw, at: start) { phrase, end in
                        body(Hit(phrase: phrase, start: start, end: end))
                    }
                }
            }
        }
    }

    /// The hits that do not stand inside a longer one, ascending. Several phrases of the same bytes all stay.
    package func longestHits(in bytes: [UInt8]) -> [Hit] {
        var kept: [Hit] = []
        kept.reserveCapacity(bytes.count / 48 + 8)
        var coveredTo = 0
        bytes.withUnsafeBytes { raw in
            table.withReader { reader in
                beginnings.forEachPlace(in: raw, reader) { start, candidates in
                    let first = kept.count
                    reader.match(candidates, raw, at: start) { phrase, end in
                        if end <= coveredTo { return }
                        // A longer phrase from the same place takes back the shorter ones.
                        if kept.count > first, kept[kept.count - 1].end < end { kept.removeLast(kept.count - first) }
                        kept.append(Hit(phrase: phrase, start: start, end: end))
                    }
                    if kept.count > first { coveredTo = kept[kept.count - 1].end }
                }
            }
        }
        return kept
    }
}

/// How the phrases begin, as one bit map of hashes: the first word where it is ASCII, else the first six bytes (two
/// Chinese characters), else the first character.
private struct PhraseBeginnings: Sendable {
    private var map = [UInt64](repeating: 0, count: 1024)

    /// What a byte is for the search of beginnings.
    private enum Kind: UInt8 {
        /// Blanks, signs, stray continuation bytes: no phrase begins with them.
        case nothing
        /// A sign that a phrase begins with.
        case sign
        /// A letter or digit: the beginning of a word, whose rest is passed.
        case word
        /// The lead byte of a character of two, three or four bytes.
        case two, three, four
    }

    private var kinds: [Kind] = (0..<256).map { byte in
        if isASCIILetterOrDigit(UInt8(byte)) { return .word }
        if byte < 0xC0 { return .nothing }
        return byte < 0xE0 ? .two : byte < 0xF0 ? .three : .four
    }
    /// First letters of short beginnings of words (`tel*`): any longer word may go on from there.
    private var openWords = [Bool](repeating: false, count: 256)

    /// Gives the key that a place of this phrase is looked up by.
    mutating func insert(_ bytes: [UInt8], isPrefix: Bool) -> PhraseKey {
        let first = bytes[0]
        switch kinds[Int(first)] {
        case .nothing, .sign:
            kinds[Int(first)] = .sign
            return PhraseKey(only: first)
        case .word:
            let word = bytes.prefix { isASCIILetterOrDigit($0) }
            if isPrefix, word.count == bytes.count, word.count < 6 {
                openWords[Int(first)] = true
                if isASCIILetter(first) { openWords[Int(first ^ 0x20)] = true }
                return PhraseKey(only: first)
            }
            return marked(PhraseKey(word.prefix(6)))
        case .two, .three, .four:
            let isLong = bytes.count >= 6 && !bytes.prefix(6).contains(0x20)
            return marked(PhraseKey(bytes.prefix(isLong ? 6 : utf8Length(leadByte: first))))
        }
    }

    private mutating func marked(_ key: PhraseKey) -> PhraseKey {
        let bit = Int(key.hash >> 48)
        map[bit >> 6] |= 1 << UInt64(bit & 63)
        return key
    }

    /// Calls `body` for every place where phrases may stand, with those that may.
    @inline(__always)
    func forEachPlace(in raw: UnsafeRawBufferPointer, _ reader: PhraseTable.Reader, _ body: (Int, Range<Int>) -> Void) {
        map.withUnsafeBufferPointer { map in
            kinds.withUnsafeBufferPointer { kinds in
                var index = 0
                while index < raw.count {
                    let start = index
                    let kind = kinds[Int(raw[start])]
                    index &+= 1
                    var found = 0..<0
                    switch kind {
                    case .nothing: continue
                    case .sign: found = reader.candidates(PhraseKey(only: raw[start]))
                    case .word:
                        while index < raw.count, kinds[Int(raw[index])] == .word { index &+= 1 }
                        let key = Self.key(raw, start, min(index &- start, 6))
                        if Self.allows(map, key) { found = reader.candidates(key) }
                        if found.isEmpty, openWords[Int(raw[start])] {
                            found = reader.candidates(PhraseKey(only: asciiLowercased(raw[start])))
                        }
                    case .two, .three, .four:
                        let length = Int(kind.rawValue) &- 1
                        index = start &+ length
                        let key = Self.key(raw, start, 6)
                        if Self.allows(map, key) { found = reader.candidates(key) }
                        if found.isEmpty {
                            let short = Self.key(raw, start, length)
                            if Self.allows(map, short) { found = reader.candidates(short) }
                        }
                    }
                    if !found.isEmpty { body(start, found) }
                }
            }
        }
    }

    @inline(__always)
    private static func allows(_ map: UnsafeBufferPointer<UInt64>, _ key: PhraseKey) -> Bool {
        let bit = Int(truncatingIfNeeded: key.hash >> 48)
        return map[bit >> 6] & 1 << UInt64(bit & 63) != 0
    }

    /// Up to six bytes in lower case; what stands beyond the end of the text is 0.
    @inline(__always)
    private static func key(_ raw: UnsafeRawBufferPointer, _ index: Int, _ count: Int) -> PhraseKey {
        var word: UInt64 = 0
        if index &+ 8 <= raw.count {
            word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
        } else {
            for place in (index..<raw.count).reversed() { word = word << 8 | UInt64(raw[place]) }
        }
        return PhraseKey(lowercased(word & (1 << UInt64(count &* 8) &- 1)), count: count)
    }

    /// A to Z of each byte in lower case: adding puts the border of the range on the highest bit.
    @inline(__always)
    private static func lowercased(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let low = word & (ones &* 0x7F)
        let fromA = low &+ (ones &* 0x3F)
        let beyondZ = low &+ (ones &* 0x25)
        return word | ((fromA & ~beyondZ & ~word) & (ones &* 0x80)) >> 2
    }
}
