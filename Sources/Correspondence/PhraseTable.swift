/// Phrases to look for in a text, found in one pass over it.
///
/// Phrases and text are compared as bytes; both are ASCII lower-cased by whoever brings them.
struct PhraseTable: Sendable {
    private struct Phrase {
        let bytes: [UInt8]
        /// Its place in the list.
        let rank: Int
    }

    /// By the first byte; most bytes of a text begin none.
    private let buckets: [[Phrase]]

    init(_ phrases: [String]) {
        var buckets = [[Phrase]](repeating: [], count: 256)
        for (rank, phrase) in phrases.enumerated() {
            let bytes = Array(phrase.utf8)
            guard let first = bytes.first else { continue }
            buckets[Int(first)].append(Phrase(bytes: bytes, rank: rank))
        }
        self.buckets = buckets
    }

    /// The place in the list of the phrase that the text holds; of several the one that stands first in the list.
    func rank(in text: [UInt8]) -> Int? {
        var best: Int?
        for index in text.indices {
            for phrase in buckets[Int(text[index])] where phrase.rank < best ?? .max {
                if text[index...].starts(with: phrase.bytes) { best = phrase.rank }
            }
            if best == 0 { return best }
        }
        return best
    }

    func isFound(in text: [UInt8]) -> Bool {
        for index in text.indices {
            for phrase in buckets[Int(text[index])] where text[index...].starts(with: phrase.bytes) { return true }
        }
        return false
    }

    func begins(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first else { return false }
        return buckets[Int(first)].contains { text.starts(with: $0.bytes) }
    }
}

/// Lower-cased in ASCII, as bytes.
func folded(_ text: some StringProtocol) -> [UInt8] {
    text.utf8.map { $0 &- 65 < 26 ? $0 + 32 : $0 }
}
