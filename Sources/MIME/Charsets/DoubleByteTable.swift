/// A charset of one or two bytes a character, East Asian: the scalar of each pair, 0 for pairs without one.
struct DoubleByteTable: Sendable {
    /// Index: (first byte - 0x80) * 256 + second byte. A few cells of Big5-HKSCS and JIS X 0213 are two scalars, a
    /// character and a mark on it: the second, as its place in `marks` and counted from 1, stands above the lowest 21
    /// bits.
    let pairs: [UInt32]
    /// The scalars of single bytes from 0x80 on; 0 when the byte begins a pair.
    let singles: [UInt32]

    static let gbk = DoubleByteTable(iconv: "GB18030")
    /// Big5 with the Hong Kong supplement; what that leaves free is filled from the Windows code page, and the signs of
    /// rows A1 to A3 are those of the Windows code page, as the WHATWG Encoding Standard has it.
    static let big5 = {
        let windows = DoubleByteTable(iconv: "CP950")
        let both = DoubleByteTable(iconv: "BIG5-HKSCS").filled(from: windows)
        let signs = 0x21 * 256..<0x24 * 256
        let pairs = both.pairs.indices.map { signs.contains($0) ? windows.pairs[$0] : both.pairs[$0] }
        return DoubleByteTable(pairs: pairs, singles: both.singles)
    }()
    static let cp949 = DoubleByteTable(iconv: "CP949")
    static let cp932 = DoubleByteTable(iconv: "CP932")
    /// JIS X 0208 as the standard maps it; NEC row 13 and the IBM extensions, which mail from Windows holds under any
    /// Japanese label, from code page 932 (what other systems call cp50220 and cp51932).
    static let eucJP = DoubleByteTable(iconv: "EUC-JP").filled(from: eucPairs(of: cp932))
    /// JIS X 0213, which ISO-2022-JP-3 shifts to, and its second plane.
    static let jis0213 = DoubleByteTable(iconv: "EUC-JISX0213")
    static let jis0213Second = DoubleByteTable(iconv: "EUC-JISX0213", prefix: [0x8F])
    /// JIS X 0212: three bytes in EUC-JP, of which the first is always 0x8F.
    static let jis0212 = DoubleByteTable(iconv: "EUC-JP", prefix: [0x8F])

    /// Asks iconv for each pair.
    init(iconv name: String, prefix: [UInt8] = []) {
        var pairs = [UInt32](repeating: 0, count: 128 * 256)
        var singles = [UInt32](repeating: 0, count: 128)
        if let descriptor = IconvDescriptor(from: name) {
            var buffer = [UInt8](repeating: 0, count: 32)
            for first in 0x80..<0x100 {
                let lead = UInt8(first)
                singles[first - 0x80] = DoubleByteTable.scalar(descriptor, prefix + [lead], &buffer) ?? 0
                if singles[first - 0x80] != 0 { continue }
                for second in 0x30..<0x100 {
                    pairs[(first - 0x80) * 256 + second] =
                        DoubleByteTable.scalar(descriptor, prefix + [lead, UInt8(second)], &buffer) ?? 0
                }
            }
        }
        self.init(pairs: pairs, singles: singles)
    }

    private init(pairs: [UInt32], singles: [UInt32]) {
        self.pairs = pairs
        self.singles = singles
    }

    /// Marks that stand on other characters in one cell.
    private static let marks: [UInt32] = [0x300, 0x301, 0x304, 0x30C, 0x309A, 0x2E5, 0x2E9]

    /// The second scalar of a cell with two.
    static func mark(of cell: UInt32) -> UInt32 {
        let place = Int(cell >> 21)
        return place > 0 && place <= marks.count ? marks[place - 1] : replacementScalar
    }

    /// The character that all of `source` makes; nil when it makes none, or several.
    private static func scalar(
        _ descriptor: borrowing IconvDescriptor, _ source: [UInt8], _ buffer: inout [UInt8]
    ) -> UInt32? {
        descriptor.reset()
        var target = buffer.mutableSpan
        let step = descriptor.convert(source.span, 0..<source.count, into: &target, at: 0)
        var written = step.written
        written += descriptor.finish(into: &target, at: written)
        guard step.error == 0, step.read == source.count, written > 0, let text = validText(buffer.span, 0..<written)
        else { return nil }
        let scalars = text.unicodeScalars.map(\.value)
        if scalars.count == 1 { return scalars[0] }
        guard scalars.count == 2, let mark = marks.firstIndex(of: scalars[1]) else { return nil }
        return scalars[0] | UInt32(mark + 1) << 21
    }

    private func filled(from other: DoubleByteTable) -> DoubleByteTable {
        var pairs = pairs
        for index in pairs.indices where pairs[index] == 0 && singles[index / 256] == 0 {
            pairs[index] = other.pairs[index]
        }
        return DoubleByteTable(pairs: pairs, singles: singles)
    }

    /// Shift_JIS pairs moved to where EUC-JP has them: both are arrangements of the same 94 rows of 94 cells.
    private static func eucPairs(of shiftJIS: DoubleByteTable) -> DoubleByteTable {
        var pairs = [UInt32](repeating: 0, count: 128 * 256)
        for row in 0..<94 {
            for cell in 0..<94 {
                let (first, second) = shiftJISBytes(row: row, cell: cell)
                pairs[(row + 0x21) * 256 + cell + 0xA1] = shiftJIS.pairs[(first - 0x80) * 256 + second]
            }
        }
        return DoubleByteTable(pairs: pairs, singles: [UInt32](repeating: 0, count: 128))
    }

    private static func shiftJISBytes(row: Int, cell: Int) -> (Int, Int) {
        let half = row / 2
        let first = half < 31 ? half + 0x81 : half + 0xC1
        if row % 2 == 1 { return (first, cell + 0x9F) }
        return (first, cell < 63 ? cell + 0x40 : cell + 0x41)
    }

    /// The scalar of a pair; 0 when there is none.
    @inline(__always)
    func scalar(_ first: UInt8, _ second: UInt8) -> UInt32 {
        first < 0x80 ? 0 : pairs[Int(first & 0x7F) << 8 | Int(second)]
    }

    func decode(_ bytes: Bytes, _ range: Range<Int>, into output: inout [UInt8]) -> Int {
        let table = pairs.span
        let singles = singles.span
        precondition(table.count == 128 * 256 && singles.count == 128)
        return decodeInPieces(range, into: &output) { index, end, target, written in
            var bad = 0
            while index < end && written + 8 <= target.count {
                let byte = bytes[index]
                if byte < 0x80 {
                    store(UInt32(byte), &target, &written)
                    index += 1
                    copyASCII(bytes, &index, end, &target, &written)
                    continue
                }
                index += 1
                let second = index < range.upperBound ? bytes[index] : 0
                let scalar = table[Int(byte & 0x7F) << 8 | Int(second)]
                if scalar != 0 {
                    store(scalar, &target, &written)
                    index += 1
                } else if singles[Int(byte & 0x7F)] != 0 {
                    store(singles[Int(byte & 0x7F)], &target, &written)
                } else {
                    store(replacementScalar, &target, &written)
                    bad += 1
                    // The second byte of a pair that does not exist belongs to it, unless it is ASCII (WHATWG Encoding).
                    if second >= 0x80 { index += 1 }
                }
            }
            return bad
        }
    }
}
