// Charsets that are more than pairs: GB18030 with its four-byte characters, the Japanese ones.

/// GB18030 (which contains GBK and GB2312): pairs, and four bytes for the rest of Unicode.
func decodeGB18030(_ bytes: Bytes, _ range: Range<Int>, into output: inout [UInt8]) -> Int {
    let pairs = DoubleByteTable.gbk.pairs
    let table = pairs.span
    precondition(table.count == 128 * 256)
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
            } else if let scalar = fourByteScalar(bytes, index - 1, range.upperBound) {
                store(scalar, &target, &written)
                index += 3
            } else if byte == 0x80 {
                store(0x20AC, &target, &written)  // The euro sign of code page 936.
            } else {
                store(replacementScalar, &target, &written)
                bad += 1
                if second >= 0x80 && byte > 0x80 { index += 1 }
            }
        }
        return bad
    }
}

/// The character of `81-FE 30-39 81-FE 30-39`.
private func fourByteScalar(_ bytes: Bytes, _ index: Int, _ end: Int) -> UInt32? {
    guard index + 3 < end, (0x81...0xFE).contains(bytes[index]), isDigit(bytes[index + 1]),
        (0x81...0xFE).contains(bytes[index + 2]), isDigit(bytes[index + 3])
    else { return nil }
    let linear =
        ((Int(bytes[index]) - 0x81) * 10 + Int(bytes[index + 1]) - 0x30) * 1260
        + (Int(bytes[index + 2]) - 0x81) * 10 + Int(bytes[index + 3]) - 0x30
    if linear >= 189_000 && linear < 189_000 + 0x100000 { return UInt32(linear - 189_000 + 0x10000) }
    guard linear < gb18030Rest.count, gb18030Rest[linear] != 0 else { return nil }
    return gb18030Rest[linear]
}

/// The four-byte characters of the Basic Multilingual Plane, in order: those that have no pair (GB18030-2005).
private let gb18030Rest: [UInt32] = {
    var table = [UInt32](repeating: 0, count: 39_420)
    guard let descriptor = IconvDescriptor(from: "GB18030") else { return table }
    var buffer = [UInt8](repeating: 0, count: 32)
    for linear in table.indices {
        let source: [UInt8] = [
            UInt8(0x81 + linear / 12_600), UInt8(0x30 + linear / 1260 % 10), UInt8(0x81 + linear / 10 % 126),
            UInt8(0x30 + linear % 10),
        ]
        descriptor.reset()
        var target = buffer.mutableSpan
        let step = descriptor.convert(source.span, 0..<4, into: &target, at: 0)
        if step.error == 0 && step.written > 0 { table[linear] = onlyScalar(buffer.span, step.written) ?? 0 }
    }
    return table
}()

/// HZ (RFC 1843): GB2312 with seven bits between `~{` and `~}`.
func decodeHZ(_ bytes: Bytes, _ range: Range<Int>, into output: inout [UInt8]) -> Int {
    var bad = 0
    var isShifted = false
    var index = range.lowerBound
    while index < range.upperBound {
        let byte = bytes[index]
        let second = index + 1 < range.upperBound ? bytes[index + 1] : 0
        index += 1
        if byte == 0x7E, second == 0x7B || second == 0x7D || second == 0x7E || second == 10 {
            if second == 0x7E { output.append(byte) }
            if second == 0x7B || second == 0x7D { isShifted = second == 0x7B }
            index += 1
        } else if byte == 10 || byte == 13 {
            isShifted = false
            output.append(byte)
        } else if isShifted, byte > 0x20 {
            let scalar = DoubleByteTable.gbk.scalar(byte | 0x80, second | 0x80)
            if scalar == 0 { bad += 1 }
            append(scalar == 0 ? replacementScalar : scalar, to: &output)
            if scalar != 0 { index += 1 }
        } else if byte < 0x80 {
            output.append(byte)
        } else {
            append(replacementScalar, to: &output)
            bad += 1
        }
    }
    return bad
}

/// Shift_JIS as Windows has it (code page 932), with half-width katakana as single bytes.
func decodeShiftJIS(_ bytes: Bytes, _ range: Range<Int>, into output: inout [UInt8]) -> Int {
    DoubleByteTable.cp932.decode(bytes, range, into: &output)
}

/// EUC-JP: pairs of JIS X 0208, `8E` and half-width katakana, `8F` and JIS X 0212.
func decodeEUCJP(_ bytes: Bytes, _ range: Range<Int>, into output: inout [UInt8]) -> Int {
    var bad = 0
    var index = range.lowerBound
    while index < range.upperBound {
        let byte = bytes[index]
        index += 1
        if byte < 0x80 {
            output.append(byte)
            continue
        }
        let second = index < range.upperBound ? bytes[index] : 0
        if byte == 0x8F, index + 1 < range.upperBound {
            let scalar = DoubleByteTable.jis0212.scalar(second, bytes[index + 1])
            if scalar != 0 {
                append(scalar, to: &output)
                index += 2
                continue
            }
        }
        let scalar =
            byte == 0x8E && (0xA1...0xDF).contains(second)
            ? 0xFF61 + UInt32(second - 0xA1) : DoubleByteTable.eucJP.scalar(byte, second)
        if scalar != 0 {
            append(scalar, to: &output)
            index += 1
        } else {
            append(replacementScalar, to: &output)
            bad += 1
            if second >= 0x80 { index += 1 }
        }
    }
    return bad
}

/// ISO-2022-JP (RFC 1468, RFC 1554, RFC 2237) and what is sent under that name: seven-bit, with escape sequences that
/// choose the character set; half-width katakana (`ESC ( I`), which no RFC allows; and bytes above 127.
func decodeISO2022JP(_ bytes: Bytes, _ range: Range<Int>, into output: inout [UInt8]) -> Int {
    var decoder = ISO2022JPDecoder(range: range)
    let bad = decodeInPieces(range, into: &output) { index, end, target, written in
        decoder.decode(bytes, to: end, &target, &written)
        index = decoder.index
        return 0
    }
    return bad + decoder.bad
}

private struct ISO2022JPDecoder {
    enum CharacterSet { case ascii, roman, katakana, jis0208, jis0212, jis0213, jis0213Second, gb2312, ksc5601 }

    let range: Range<Int>
    var set = CharacterSet.ascii
    /// What `ESC N` takes one character of (RFC 1554): the upper half of ISO 8859-1 or 8859-7.
    var second: Charset?
    var index: Int
    var bad = 0

    init(range: Range<Int>) {
        self.range = range
        index = range.lowerBound
    }

    /// Up to `end`, or a little past it; writes from `written` on.
    mutating func decode(_ bytes: Bytes, to end: Int, _ target: inout MutableSpan<UInt8>, _ written: inout Int) {
        while index < end && written + 8 <= target.count {
            let byte = bytes[index]
            if byte == 0x1B {
                escape(bytes, &target, &written)
            } else if byte == 10 || byte == 13 {
                // RFC 1468: a line ends in ASCII; a writer that forgot it meant it.
                set = .ascii
                store(UInt32(byte), &target, &written)
                index += 1
            } else if byte < 0x21 || set == .ascii && byte < 0x80 {
                store(UInt32(byte), &target, &written)
                index += 1
            } else {
                character(bytes, byte, &target, &written)
            }
        }
    }

    private mutating func escape(_ bytes: Bytes, _ target: inout MutableSpan<UInt8>, _ written: inout Int) {
        let first = index + 1 < range.upperBound ? bytes[index + 1] : 0
        let second = index + 2 < range.upperBound ? bytes[index + 2] : 0
        if first == 0x4E {
            singleShift(second, &target, &written)
            return
        }
        let third = index + 3 < range.upperBound ? bytes[index + 3] : 0
        var length = 3
        switch (first, second) {
        case (0x28, 0x42): set = .ascii
        case (0x28, 0x4A), (0x28, 0x48): set = .roman
        case (0x28, 0x49): set = .katakana
        case (0x24, 0x40), (0x24, 0x42): set = .jis0208
        case (0x24, 0x41): set = .gb2312
        case (0x24, 0x28) where third == 0x44: (set, length) = (.jis0212, 4)
        case (0x24, 0x28) where third == 0x43: (set, length) = (.ksc5601, 4)
        case (0x24, 0x28) where third == 0x4F || third == 0x51: (set, length) = (.jis0213, 4)
        case (0x24, 0x28) where third == 0x50: (set, length) = (.jis0213Second, 4)
        case (0x2E, 0x41): self.second = .singleByte("ISO-8859-1")
        case (0x2E, 0x46): self.second = .singleByte("ISO-8859-7")
        case (0x24, 0x28) where third == 0x42 || third == 0x40: (set, length) = (.jis0208, 4)
        default:
            store(replacementScalar, &target, &written)
            bad += 1
            length = 1
        }
        index += length
    }

    /// `ESC N` and one character of the second set.
    private mutating func singleShift(_ byte: UInt8, _ target: inout MutableSpan<UInt8>, _ written: inout Int) {
        let source = [byte | 0x80]
        var character: [UInt8] = []
        if byte >= 0x20, second?.decode(source.span, 0..<1, into: &character) == 0 {
            for byte in character {
                target[written] = byte
                written += 1
            }
        } else {
            store(replacementScalar, &target, &written)
            bad += 1
        }
        index = Swift.min(range.upperBound, index + (byte < 0x20 ? 2 : 3))
    }

    private mutating func character(
        _ bytes: Bytes, _ byte: UInt8, _ target: inout MutableSpan<UInt8>, _ written: inout Int
    ) {
        var scalar: UInt32 = 0
        var length = 1
        if byte >= 0x80 {
            scalar = (0xA1...0xDF).contains(byte) ? 0xFF61 + UInt32(byte - 0xA1) : 0
        } else if set == .roman {
            scalar = byte == 0x5C ? 0xA5 : byte == 0x7E ? 0x203E : UInt32(byte)
        } else if set == .katakana {
            scalar = byte < 0x60 ? 0xFF61 + UInt32(byte - 0x21) : 0
        } else if index + 1 < range.upperBound, bytes[index + 1] > 0x20, bytes[index + 1] < 0x7F {
            scalar = pair(byte | 0x80, bytes[index + 1] | 0x80)
            length = 2
        }
        if scalar == 0 {
            scalar = replacementScalar
            bad += 1
        }
        store(scalar, &target, &written)
        index += length
    }

    private func pair(_ first: UInt8, _ second: UInt8) -> UInt32 {
        switch set {
        case .jis0208: DoubleByteTable.eucJP.scalar(first, second)
        case .jis0212: DoubleByteTable.jis0212.scalar(first, second)
        case .jis0213: DoubleByteTable.jis0213.scalar(first, second)
        case .jis0213Second: DoubleByteTable.jis0213Second.scalar(first, second)
        case .gb2312: DoubleByteTable.gbk.scalar(first, second)
        case .ksc5601: DoubleByteTable.cp949.scalar(first, second)
        case .ascii, .roman, .katakana: 0
        }
    }
}
