/// What a place of a text begins with, as one number: up to six bytes in lower case, and how many they are.
struct PhraseKey: Sendable, Hashable, Comparable {
    /// The first byte lowest, the count highest; never 0.
    let value: UInt64

    @inline(__always)
    init(_ word: UInt64, count: Int) { value = word | UInt64(truncatingIfNeeded: count) << 56 }

    /// At most six bytes.
    init(_ bytes: ArraySlice<UInt8>) {
        self.init(bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }, count: bytes.count)
    }

    /// For phrases of which only the first byte is looked up; no other key has this count.
    @inline(__always)
    init(only byte: UInt8) { self.init(UInt64(byte), count: 7) }

    var count: Int { Int(value >> 56) }
    var firstByte: UInt8 { UInt8(truncatingIfNeeded: value) }

    @inline(__always)
    var hash: UInt64 { value &* 0x9E37_79B9_7F4A_7C15 }

    static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// The phrases of a `PhraseFinder`. Those that may stand at one place lie side by side, the shortest first, so that a
/// place costs one look into a hash table and a comparison for each of a few candidates.
struct PhraseTable: Sendable {
    struct Phrase: Sendable {
        let index: Int
        let bytes: [UInt8]
        /// A letter or digit must not follow.
        let endsWord: Bool
    }

    fileprivate struct Candidate: Sendable {
        /// Where its bytes begin in `bytes`.
        let start: UInt32
        let count: UInt32
        let index: UInt32
        let endsWord: Bool
    }

    /// A key and the candidates of its places; a `key` of 0 is a free slot.
    fileprivate struct Slot: Sendable {
        var key: UInt64 = 0
        var first: UInt32 = 0
        var end: UInt32 = 0
    }

    private var bytes: [UInt8] = []
    private var candidates: [Candidate] = []
    private var slots: [Slot]
    /// How many high bits of a hash say where to look first.
    private let bits: Int

    init(_ groups: [PhraseKey: [Phrase]]) {
        bits = Int.bitWidth - (groups.count * 2).leadingZeroBitCount + 1
        slots = [Slot](repeating: Slot(), count: 1 << bits)
        for key in groups.keys.sorted() {
            // What is found by less of the same beginning may stand here as well.
            let shorter = Self.widerKeys(key).flatMap { groups[$0] ?? [] }
            let all = ((groups[key] ?? []) + shorter).sorted {
                ($0.bytes.count, $1.index) < ($1.bytes.count, $0.index)
            }
            insert(all, key)
        }
    }

    private static func widerKeys(_ key: PhraseKey) -> [PhraseKey] {
        if key.count == 7 { return [] }
        if key.firstByte < 0x80 { return [PhraseKey(only: key.firstByte)] }
        let length = utf8Length(leadByte: key.firstByte)
        return key.count > length ? [PhraseKey(key.value & (1 << UInt64(length * 8) - 1), count: length)] : []
    }

    private mutating func insert(_ phrases: [Phrase], _ key: PhraseKey) {
        let first = UInt32(candidates.count)
        for phrase in phrases {
            candidates.append(
                Candidate(
                    start: UInt32(bytes.count), count: UInt32(phrase.bytes.count), index: UInt32(phrase.index),
                    endsWord: phrase.endsWord))
            bytes += phrase.bytes
        }
        var place = Int(key.hash >> UInt64(64 - bits))
        while slots[place].key != 0 { place = (place + 1) & (slots.count - 1) }
        slots[place] = Slot(key: key.value, first: first, end: UInt32(candidates.count))
    }

    func withReader<Result>(_ body: (Reader) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            candidates.withUnsafeBufferPointer { candidates in
                slots.withUnsafeBufferPointer { slots in
                    body(Reader(bytes: bytes, candidates: candidates, slots: slots, shift: UInt64(64 - bits)))
                }
            }
        }
    }

    /// Looks places up.
    struct Reader {
        fileprivate let bytes: UnsafeBufferPointer<UInt8>
        fileprivate let candidates: UnsafeBufferPointer<Candidate>
        fileprivate let slots: UnsafeBufferPointer<Slot>
        fileprivate let shift: UInt64

        /// The candidates of a key; an empty range for an unknown one.
        func candidates(_ key: PhraseKey) -> Range<Int> {
            // At least half of the slots are free, so this ends.
            var place = Int(truncatingIfNeeded: key.hash >> shift)
            while slots[place].key != key.value {
                if slots[place].key == 0 { return 0..<0 }
                place = (place &+ 1) & (slots.count &- 1)
            }
            return Int(slots[place].first)..<Int(slots[place].end)
        }

        /// Calls `body` with each of the candidates that stands at `start` and where it ends, the shortest first.
        @inline(__always)
        func match(
            _ range: Range<Int>, _ text: UnsafeRawBufferPointer, at start: Int,
            _ body: (_ phrase: Int, _ end: Int) -> Void
        ) {
            for number in range {
                let candidate = candidates[number]
                let end = start &+ Int(candidate.count)
                guard end <= text.count else { return }
                if candidate.endsWord, end < text.count, goesOn(text[end]) { continue }
                if isSame(candidate, text, start) { body(Int(candidate.index), end) }
            }
        }

        /// A letter or digit, or the lead byte of an accented letter (U+00C0 to U+024F).
        @inline(__always)
        private func goesOn(_ byte: UInt8) -> Bool { isASCIILetterOrDigit(byte) || byte &- 0xC3 < 7 }

        /// From the end, because the beginnings are alike.
        @inline(__always)
        private func isSame(_ candidate: Candidate, _ text: UnsafeRawBufferPointer, _ start: Int) -> Bool {
            var place = Int(candidate.count)
            while place > 0 {
                place &-= 1
                var byte = asciiLowercased(text[start &+ place])
                if byte == 0x0A || byte == 0x09 || byte == 0x0D { byte = 0x20 }
                if byte != bytes[Int(candidate.start) &+ place] { return false }
            }
            return true
        }
    }
}
