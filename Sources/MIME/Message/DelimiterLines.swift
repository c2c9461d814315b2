/// Which byte ends a line. CR alone does so only in a message without any LF.
enum LineEnds {
    case lf, cr

    @inline(__always) var byte: UInt8 { self == .lf ? 10 : 13 }
}

/// The delimiter lines of the multiparts that are open (RFC 2046 section 5.1.1), and the search for the next one.
struct DelimiterLines {
    /// Where an entity ends.
    struct Hit {
        /// End of the content: before the line end that belongs to the delimiter.
        var contentEnd: Int
        /// Begin of the line after the delimiter.
        var next: Int
        /// Index of the multipart whose delimiter it is; -1 at the end of the bytes.
        var level: Int
        /// The delimiter has `--` behind it: the multipart is over.
        var isClose: Bool
    }

    var lineEnds = LineEnds.lf
    private var boundaries: [[UInt8]] = []
    /// Of each boundary: a line is compared with those alone that have its hash, or a hundred that differ in their last
    /// character would all be compared with it.
    private var hashes: [UInt64] = []
    /// Bit `n % 64` is set when a boundary has the length `n`: most lines that begin with `--` are sorted out by it.
    private var lengths: UInt64 = 0

    var isEmpty: Bool { boundaries.isEmpty }

    /// Opens a multipart; returns its level.
    mutating func push(_ boundary: String) -> Int {
        // A boundary does not end in white space (RFC 2046 section 5.1.1), and that of a delimiter line means nothing.
        var bytes = Array(boundary.utf8)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        boundaries.append(bytes)
        hashes.append(bytes.span.fnv(0..<bytes.count))
        lengths |= 1 << UInt64(bytes.count & 63)
        return boundaries.count - 1
    }

    mutating func pop() {
        boundaries.removeLast()
        hashes.removeLast()
        lengths = boundaries.reduce(0) { $0 | 1 << UInt64($1.count & 63) }
    }

    /// The next delimiter line at or after `start`, which is the begin of a line.
    func next(_ bytes: Bytes, from start: Int, work: inout Int) -> Hit {
        let end = bytes.count
        var line = start
        if !boundaries.isEmpty {
            work += 1
            while line < end {
                if bytes[line] == 45, let hit = delimiter(bytes, at: line, start: start) {
                    work += hit.next - start
                    return hit
                }
                // By dashes, not by lines: base64 has thousands of lines and no dash. A dash within a line leads to the end
                // of that line, so that no line costs more than two looks.
                let dash = findByte(bytes, 45, from: line + 1, to: end)
                if dash < 0 { break }
                if bytes[dash - 1] == lineEnds.byte {
                    line = dash
                } else {
                    let lineEnd = findByte(bytes, lineEnds.byte, from: dash, to: end)
                    if lineEnd < 0 { break }
                    line = lineEnd + 1
                }
            }
            work += end - start
        }
        return Hit(contentEnd: end, next: end, level: -1, isClose: true)
    }

    /// The delimiter at `line`, if that line is one; content begins at `start`.
    func delimiter(_ bytes: Bytes, at line: Int, start: Int) -> Hit? {
        guard line + 2 < bytes.count, bytes[line] == 45, bytes[line + 1] == 45 else { return nil }
        var lineEnd = findByte(bytes, lineEnds.byte, from: line, to: bytes.count)
        let next = lineEnd < 0 ? bytes.count : lineEnd + 1
        if lineEnd < 0 { lineEnd = bytes.count }
        // White space that a gateway appended is not part of the boundary.
        while lineEnd > line + 2 && isSpace(bytes[lineEnd - 1]) { lineEnd -= 1 }
        guard let (level, isClose) = match(bytes, line + 2..<lineEnd) else { return nil }
        var contentEnd = line
        if contentEnd > start && bytes[contentEnd - 1] == lineEnds.byte { contentEnd -= 1 }
        if lineEnds == .lf && contentEnd > start && bytes[contentEnd - 1] == 13 { contentEnd -= 1 }
        return Hit(contentEnd: contentEnd, next: next, level: level, isClose: isClose)
    }

    private func match(_ bytes: Bytes, _ range: Range<Int>) -> (level: Int, isClose: Bool)? {
        let count = range.count
        // The length without the closing `--` and white space before it; -1 when there is none.
        var closing = -1
        if count >= 2 && bytes[range.upperBound - 1] == 45 && bytes[range.upperBound - 2] == 45 {
            closing = count - 2
            while closing > 0 && isSpace(bytes[range.lowerBound + closing - 1]) { closing -= 1 }
        }
        let mayOpen = lengths >> UInt64(count & 63) & 1 != 0
        let mayClose = closing >= 0 && lengths >> UInt64(closing & 63) & 1 != 0
        guard mayOpen || mayClose else { return nil }
        let open = mayOpen ? bytes.fnv(range) : 0
        let close = mayClose ? bytes.fnv(range.lowerBound..<range.lowerBound + closing) : 0
        var level = boundaries.count - 1
        while level >= 0 {
            let hash = hashes[level]
            if mayOpen && hash == open && boundaries[level].count == count
                && same(bytes, range.lowerBound, boundaries[level])
            {
                return (level, false)
            }
            if mayClose && hash == close && boundaries[level].count == closing
                && same(bytes, range.lowerBound, boundaries[level])
            {
                return (level, true)
            }
            level -= 1
        }
        return nil
    }

    private func same(_ bytes: Bytes, _ start: Int, _ boundary: [UInt8]) -> Bool {
        for index in boundary.indices where bytes[start + index] != boundary[index] { return false }
        return true
    }
}

extension Span<UInt8> {
    /// FNV-1a.
    fileprivate func fnv(_ range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in range { hash = (hash ^ UInt64(self[index])) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}
