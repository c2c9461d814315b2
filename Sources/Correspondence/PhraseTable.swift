/// Phrases to look for in a text, found in one pass over it.
///
/// Phrases and text are compared as bytes; both are ASCII lower-cased by whoever brings them.
struct PhraseTable: Sendable {
    private struct Phrase {
        /// Where its bytes stand.
        let range: Range<Int>
        /// Its place in the list.
        let rank: Int
    }

    /// Of all phrases, one behind the other.
    private let bytes: [UInt8]
    /// Sorted by the first byte.
    private let phrases: [Phrase]
    /// By the first byte: where its phrases begin in the list; most bytes of a text begin none.
    private let starts: [Int]

    init(_ texts: [String]) {
        var bytes: [UInt8] = []
        var phrases: [Phrase] = []
        for (rank, text) in texts.enumerated() where !text.isEmpty {
            phrases.append(Phrase(range: bytes.count..<bytes.count + text.utf8.count, rank: rank))
            bytes += text.utf8
        }
        phrases.sort { (bytes[$0.range.lowerBound], $0.rank) < (bytes[$1.range.lowerBound], $1.rank) }
        var starts = [Int](repeating: 0, count: 257)
        for phrase in phrases { starts[Int(bytes[phrase.range.lowerBound]) + 1] += 1 }
        for byte in 0..<256 { starts[byte + 1] += starts[byte] }
        (self.bytes, self.phrases, self.starts) = (bytes, phrases, starts)
    }

    /// The place in the list of the phrase that the text holds; of several the one that stands first in the list.
    func rank(in text: [UInt8]) -> Int? {
        var best: Int?
        scan(text) { rank in
            if rank < best ?? .max { best = rank }
            return best != 0
        }
        return best
    }

    func isFound(in text: [UInt8]) -> Bool {
        var isFound = false
        scan(text) { _ in
            isFound = true
            return false
        }
        return isFound
    }

    /// Hands over the rank of each phrase that the text holds, until the answer is false.
    @inline(__always)
    private func scan(_ text: [UInt8], _ take: (Int) -> Bool) {
        for index in text.indices {
            let first = starts[Int(text[index])]
            let last = starts[Int(text[index]) + 1]
            guard first < last else { continue }
            for place in first..<last where holds(text, at: index, phrases[place].range) {
                if !take(phrases[place].rank) { return }
            }
        }
    }

    /// The first byte is the same already.
    @inline(__always)
    private func holds(_ text: [UInt8], at start: Int, _ range: Range<Int>) -> Bool {
        guard range.count <= text.count - start else { return false }
        let shift = start - range.lowerBound
        var index = range.lowerBound + 1
        while index < range.upperBound, text[index + shift] == bytes[index] { index += 1 }
        return index == range.upperBound
    }

    func begins(_ text: ArraySlice<UInt8>) -> Bool {
        guard let byte = text.first else { return false }
        return phrases[starts[Int(byte)]..<starts[Int(byte) + 1]].contains { text.starts(with: bytes[$0.range]) }
    }

    /// The same for a text that is not lower-cased yet.
    func beginsFolded(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        let byte = Int(first &- 65 < 26 ? first + 32 : first)
        return starts[byte] < starts[byte + 1] && begins(folded(text)[...])
    }
}

/// Lower-cased in ASCII, as bytes.
func folded(_ text: some StringProtocol) -> [UInt8] {
    text.utf8.map { $0 &- 65 < 26 ? $0 + 32 : $0 }
}
