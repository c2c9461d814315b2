/// A text in the form in which phrases and numbers are looked for: full-width letters, digits and signs as ASCII,
/// curly quotes and dashes straight, unusual blanks as a space. Case is left alone: `PhraseFinder` and the scanners
/// ignore it.
///
/// Folding shortens the text; `original(_:)` leads back to the bytes as written.
package struct FoldedText: Sendable {
    package let bytes: [UInt8]
    /// Where folding took bytes away: position in `bytes` right behind the folded character, and how many bytes are
    /// missing up to there.
    private let cuts: [Cut]

    private struct Cut {
        let position: Int
        let missing: Int
    }

    /// At most `limit` bytes of the text, cut on the border of a character.
    package init(_ text: String, limit: Int = .max) {
        var bytes = Array(text.utf8)
        if bytes.count > limit {
            bytes.removeLast(bytes.count - limit)
            while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
        }
        self.init(bytes)
    }

    package init(_ source: [UInt8]) {
        // Often nothing is to be folded; then the bytes are shared.
        let unchanged = source.withUnsafeBufferPointer { Self.plainRun($0, from: 0) }
        if unchanged == source.count {
            bytes = source
            cuts = []
            return
        }
        var cuts: [Cut] = []
        var written = 0
        var missing = 0
        bytes = [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
            source.withUnsafeBufferPointer { source in
                var index = 0
                while index < source.count {
                    let run = Self.plainRun(source, from: index)
                    if run > 0 {
                        _ = target[written..<written + run].update(fromContentsOf: source[index..<index + run])
                        written += run
                        index += run
                        continue
                    }
                    let (folded, length) = Self.fold(source, at: index)
                    target[written] = folded
                    written += 1
                    index += length
                    missing += length - 1
                    cuts.append(Cut(position: written, missing: missing))
                }
            }
            count = written
        }
        self.cuts = cuts
    }

    /// The range of the original bytes that these folded bytes came from.
    package func original(_ range: Range<Int>) -> Range<Int> {
        original(range.lowerBound)..<original(range.upperBound)
    }

    private func original(_ position: Int) -> Int {
        var low = 0
        var high = cuts.count
        while low < high {
            let middle = (low + high) / 2
            if cuts[middle].position <= position { low = middle + 1 } else { high = middle }
        }
        return position + (low == 0 ? 0 : cuts[low - 1].missing)
    }

    /// How many bytes from here on stay as they are.
    @inline(__always)
    private static func plainRun(_ source: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(source)
        var index = start
        while index < source.count {
            let byte = source[index]
            if byte < 0x80 {
                // Eight bytes of ASCII at a time, as long as there are eight.
                while index &+ 8 <= source.count,
                    raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
                {
                    index &+= 8
                }
                if index < source.count, source[index] < 0x80 { index &+= 1 }
                continue
            }
            // Only characters led by these four may be folded.
            if byte == 0xEF || byte == 0xE2 || byte == 0xE3 || byte == 0xC2, fold(source, at: index).length > 0 {
                break
            }
            // A lead byte takes its continuation bytes along: they are below every lead byte.
            index &+= byte < 0xE0 ? 1 : 3
        }
        return min(index, source.count) &- start
    }

    /// The ASCII byte for the character at `index` and its length, or length 0 when it stays.
    private static func fold(_ source: UnsafeBufferPointer<UInt8>, at index: Int) -> (UInt8, length: Int) {
        if source[index] == 0xC2 {
            return index + 1 < source.count && source[index + 1] == 0xA0 ? (0x20, 2) : (0, 0)
        }
        guard index + 2 < source.count else { return (0, 0) }
        let (second, third) = (source[index + 1], source[index + 2])
        switch source[index] {
        // U+FF01 to U+FF3F and U+FF40 to U+FF5E are ASCII, 0xFEE0 further on.
        case 0xEF where second == 0xBC && third >= 0x81 && third <= 0xBF: return (third - 0x60, 3)
        case 0xEF where second == 0xBD && third >= 0x80 && third <= 0x9E: return (third - 0x20, 3)
        case 0xE3 where second == 0x80 && third == 0x80: return (0x20, 3)
        case 0xE2 where second == 0x80:
            switch third {
            case 0x90...0x94: return (0x2D, 3)  // hyphens and dashes
            case 0x98, 0x99: return (0x27, 3)
            case 0x9C, 0x9D: return (0x22, 3)
            case 0x82...0x8A, 0xAF: return (0x20, 3)
            default: return (0, 0)
            }
        default: return (0, 0)
        }
    }
}
