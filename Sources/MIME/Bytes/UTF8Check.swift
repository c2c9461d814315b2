/// Whether bytes are UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF.
///
/// The standard library's check goes byte by byte outside ASCII; mail in Chinese and Japanese is mostly characters of three
/// bytes, which are taken here two at a time.
func isValidUTF8(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    let end = range.upperBound
    while index + 8 <= end {
        let word = load64(bytes, at: index)
        let eightBit = word & 0x8080_8080_8080_8080
        if eightBit == 0 {
            index += 8
            while index + 32 <= end && isASCIIBlock(bytes, index) { index += 32 }
            continue
        }
        index += eightBit.trailingZeroBitCount >> 3
        while index + 8 <= end && isPairOfThree(load64(bytes, at: index)) { index += 6 }
        guard index < end else { break }
        let length = sequenceLength(bytes, index, end)
        if length == 0 { return false }
        index += length
    }
    while index < end {
        let length = sequenceLength(bytes, index, end)
        if length == 0 { return false }
        index += length
    }
    return true
}

/// Thirty-two bytes without one above 127.
@inline(__always)
private func isASCIIBlock(_ bytes: Bytes, _ index: Int) -> Bool {
    let first = load64(bytes, at: index) | load64(bytes, at: index + 8)
    let second = load64(bytes, at: index + 16) | load64(bytes, at: index + 24)
    return (first | second) & 0x8080_8080_8080_8080 == 0
}

/// Two sequences of three bytes whose first bytes allow any continuation, which all but `E0` and `ED` do.
@inline(__always)
private func isPairOfThree(_ word: UInt64) -> Bool {
    guard word & 0x0000_C0C0_F0C0_C0F0 == 0x0000_8080_E080_80E0 else { return false }
    let first = word & 0x0F
    let second = word >> 24 & 0x0F
    return first != 0 && first != 0x0D && second != 0 && second != 0x0D
}

/// The length of the sequence at `index`; 0 when it is none.
@inline(__always)
private func sequenceLength(_ bytes: Bytes, _ index: Int, _ end: Int) -> Int {
    let first = bytes[index]
    if first < 0x80 { return 1 }
    let left = end - index
    if first < 0xE0 { return first >= 0xC2 && left >= 2 && isContinuation(bytes[index + 1]) ? 2 : 0 }
    guard left >= 3, isContinuation(bytes[index + 2]) else { return 0 }
    let second = bytes[index + 1]
    if first < 0xF0 {
        let lowest: UInt8 = first == 0xE0 ? 0xA0 : 0x80
        let highest: UInt8 = first == 0xED ? 0x9F : 0xBF
        return second >= lowest && second <= highest ? 3 : 0
    }
    guard left >= 4, first <= 0xF4, isContinuation(bytes[index + 3]) else { return 0 }
    let lowest: UInt8 = first == 0xF0 ? 0x90 : 0x80
    let highest: UInt8 = first == 0xF4 ? 0x8F : 0xBF
    return second >= lowest && second <= highest ? 4 : 0
}

@inline(__always)
private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

/// Whether no byte is above 127.
func isASCII(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    var bits: UInt64 = 0
    while index + 8 <= range.upperBound {
        bits |= load64(bytes, at: index)
        index += 8
    }
    while index < range.upperBound {
        bits |= UInt64(bytes[index])
        index += 1
    }
    return bits & 0x8080_8080_8080_8080 == 0
}
