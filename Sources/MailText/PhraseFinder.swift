/// Finds many phrases in one pass over the bytes of a text.
///
/// ASCII letters are compared without case, any blank or line end counts as a space. A phrase that begins or ends with
/// an ASCII letter or digit is found only at the border of a word; `complain*` also finds `complaint`. Chinese and
/// Japanese phrases are found anywhere, because nothing marks words there.
///
/// At each place where a phrase may begin (a character, the first letter of a word) the next six bytes are looked up
/// in a bit map; nearly all places end there. Where the map says yes, the phrases are followed as a tree
/// (`PhraseTree`). So the work is a few operations per character and at most the longest phrase per place, however
/// many phrases there are. An automaton after Aho and Corasick needs no second look, but a dependent load and a
/// guessed branch for every byte: it took twice as long on mail.
package struct PhraseFinder: Sendable {
    /// One phrase at one place.
    package struct Hit: Sendable, Hashable {
        /// Index of the phrase, as given to `init`.
        package let phrase: Int
        package let start: Int
        package let end: Int
    }

    private let tree: PhraseTree
    private let beginnings: PhraseBeginnings

    /// - Parameter phrases: in any case; empty ones are never found.
    package init(_ phrases: [String]) {
        var tree = PhraseTree()
        var beginnings = PhraseBeginnings()
        for (index, phrase) in phrases.enumerated() {
            var bytes = FoldedText(phrase).bytes.map { asciiLowercased($0) }
            let isPrefix = bytes.last == UInt8(ascii: "*")
            if isPrefix { bytes.removeLast() }
            guard let last = bytes.last else { continue }
            tree.insert(bytes, index, endsWord: !isPrefix && isASCIILetterOrDigit(last))
            beginnings.insert(bytes, isPrefix: isPrefix)
        }
        tree.finish()
        self.tree = tree
        self.beginnings = beginnings
    }

    /// Calls `body` for every place of every phrase, ascending by start, then by end.
    package func forEachHit(in bytes: [UInt8], _ body: (Hit) -> Void) {
        tree.withWalker { walker in
            beginnings.forEachPlace(in: bytes) { start in
                walker.walk(bytes, from: start) { phrase, end in body(Hit(phrase: phrase, start: start, end: end)) }
            }
        }
    }

    /// The hits that do not stand inside a longer one, ascending. Several phrases of the same bytes all stay.
    package func longestHits(in bytes: [UInt8]) -> [Hit] {
        var kept: [Hit] = []
        var coveredTo = 0
        tree.withWalker { walker in
            beginnings.forEachPlace(in: bytes) { start in
                let first = kept.count
                walker.walk(bytes, from: start) { phrase, end in
                    if end <= coveredTo { return }
                    // A longer phrase from the same place takes back the shorter ones.
                    if kept.count > first, kept[kept.count - 1].end < end { kept.removeLast(kept.count - first) }
                    kept.append(Hit(phrase: phrase, start: start, end: end))
                }
                if kept.count > first { coveredTo = kept[kept.count - 1].end }
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

    mutating func insert(_ bytes: [UInt8], isPrefix: Bool) {
        let first = bytes[0]
        switch kinds[Int(first)] {
        case .nothing, .sign: kinds[Int(first)] = .sign
        case .word:
            let word = bytes.prefix { isASCIILetterOrDigit($0) }
            if isPrefix, word.count == bytes.count, word.count < 6 {
                openWords[Int(first)] = true
                if isASCIILetter(first) { openWords[Int(first ^ 0x20)] = true }
            } else {
                set(Self.hash(Self.packed(word.prefix(6)), min(word.count, 6)))
            }
        case .two, .three, .four:
            let isLong = bytes.count >= 6 && !bytes.prefix(6).contains(0x20)
            let length = isLong ? 6 : min(utf8Length(leadByte: first), bytes.count)
            set(Self.hash(Self.packed(bytes.prefix(length)), length))
        }
    }

    private mutating func set(_ hash: Int) { map[hash >> 6] |= 1 << UInt64(hash & 63) }

    private static func packed(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Up to six bytes and how many they are.
    @inline(__always)
    private static func hash(_ word: UInt64, _ count: Int) -> Int {
        Int(truncatingIfNeeded: ((word | UInt64(count) << 56) &* 0x9E37_79B9_7F4A_7C15) >> 48)
    }

    /// Calls `body` for every place where the map allows a phrase.
    @inline(__always)
    func forEachPlace(in bytes: [UInt8], _ body: (Int) -> Void) {
        bytes.withUnsafeBytes { raw in
            map.withUnsafeBufferPointer { map in
                kinds.withUnsafeBufferPointer { kinds in
                    var index = 0
                    while index < raw.count {
                        let start = index
                        let kind = kinds[Int(raw[start])]
                        index &+= 1
                        switch kind {
                        case .nothing: continue
                        case .sign: body(start)
                        case .word:
                            while index < raw.count, kinds[Int(raw[index])] == .word { index &+= 1 }
                            let count = min(index &- start, 6)
                            if openWords[Int(raw[start])] || Self.allows(map, Self.load(raw, start, count), count) {
                                body(start)
                            }
                        case .two, .three, .four:
                            let length = Int(kind.rawValue) &- 1
                            index = start &+ length
                            if Self.allows(map, Self.load(raw, start, 6), 6)
                                || Self.allows(map, Self.load(raw, start, length), length)
                            {
                                body(start)
                            }
                        }
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func allows(_ map: UnsafeBufferPointer<UInt64>, _ word: UInt64, _ count: Int) -> Bool {
        let hash = hash(word, count)
        return map[hash >> 6] & 1 << UInt64(hash & 63) != 0
    }

    /// Up to six bytes in lower case; what stands beyond the end of the text is 0.
    @inline(__always)
    private static func load(_ raw: UnsafeRawBufferPointer, _ index: Int, _ count: Int) -> UInt64 {
        var word: UInt64 = 0
        if index &+ 8 <= raw.count {
            word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
        } else {
            for place in (index..<raw.count).reversed() { word = word << 8 | UInt64(raw[place]) }
        }
        return lowercased(word & (1 << UInt64(count &* 8) &- 1))
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
