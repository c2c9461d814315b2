/// UTF-16 (RFC 2781): the byte order from the label, else from the mark at the begin, else from where zero bytes stand,
/// else big-endian (section 4.3).
func decodeUTF16(_ bytes: Bytes, _ range: Range<Int>, bigEndian: Bool?, into output: inout [UInt8]) -> Int {
    var index = range.lowerBound
    var isBig = bigEndian ?? true
    if range.count >= 2 {
        let mark = UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
        if bigEndian == nil && (mark == 0xFEFF || mark == 0xFFFE) {
            isBig = mark == 0xFEFF
            index += 2
        } else if bigEndian == nil {
            var zeros = (even: 0, odd: 0)
            for place in 0..<Swift.min(range.count, 256) where bytes[range.lowerBound + place] == 0 {
                if place % 2 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
            }
            isBig = zeros.odd <= zeros.even
        }
    }
    var bad = 0
    var high: UInt32 = 0
    while index + 1 < range.upperBound {
        let first = UInt32(bytes[index])
        let second = UInt32(bytes[index + 1])
        let unit = isBig ? first << 8 | second : second << 8 | first
        index += 2
        if high != 0 {
            let previous = high
            high = 0
            if (0xDC00..<0xE000).contains(unit) {
                append(0x10000 + (previous - 0xD800) << 10 + (unit - 0xDC00), to: &output)
                continue
            }
            append(replacementScalar, to: &output)
            bad += 1
        }
        if (0xD800..<0xDC00).contains(unit) {
            high = unit
        } else if (0xDC00..<0xE000).contains(unit) {
            append(replacementScalar, to: &output)
            bad += 1
        } else {
            append(unit, to: &output)
        }
    }
    if high != 0 || index < range.upperBound {
        append(replacementScalar, to: &output)
        bad += 1
    }
    return bad
}

/// UTF-32, with the byte order as above.
func decodeUTF32(_ bytes: Bytes, _ range: Range<Int>, bigEndian: Bool?, into output: inout [UInt8]) -> Int {
    var index = range.lowerBound
    var isBig = bigEndian ?? true
    func unit(_ bytes: Bytes, _ index: Int, _ isBig: Bool) -> UInt32 {
        var value: UInt32 = 0
        for place in 0..<4 { value = value << 8 | UInt32(bytes[index + (isBig ? place : 3 - place)]) }
        return value
    }
    if bigEndian == nil && range.count >= 4 {
        if unit(bytes, index, false) == 0xFEFF { isBig = false }
        if unit(bytes, index, isBig) == 0xFEFF { index += 4 }
    }
    var bad = 0
    while index + 3 < range.upperBound {
        let value = unit(bytes, index, isBig)
        index += 4
        if value < 0x110000 && !(0xD800..<0xE000).contains(value) {
            append(value, to: &output)
        } else {
            append(replacementScalar, to: &output)
            bad += 1
        }
    }
    if index < range.upperBound {
        append(replacementScalar, to: &output)
        bad += 1
    }
    return bad
}
