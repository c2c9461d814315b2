// What the scanners of text ask about single bytes of UTF-8.

/// A to Z in lower case; every other byte as it is.
@inlinable
package func asciiLowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

@inlinable
package func isASCIIDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

@inlinable
package func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

@inlinable
package func isASCIILetterOrDigit(_ byte: UInt8) -> Bool { isASCIILetter(byte) || isASCIIDigit(byte) }

/// Bytes of the character that begins with this byte; 1 for a stray continuation byte.
@inlinable
package func utf8Length(leadByte byte: UInt8) -> Int {
    if byte < 0xC0 { return 1 }
    if byte < 0xE0 { return 2 }
    return byte < 0xF0 ? 3 : 4
}

/// Length of the blank that begins at `index`, 0 when there is none: space, tab, CR, no-break space, ideographic space,
/// zero-width space and joiners, byte order mark. Mail programs leave all of these around words.
@inlinable
package func blankLength(_ bytes: [UInt8], at index: Int, end: Int) -> Int {
    switch bytes[index] {
    case 0x20, 0x09, 0x0D: return 1
    case 0xC2: return index + 1 < end && bytes[index + 1] == 0xA0 ? 2 : 0
    case 0xE3: return index + 2 < end && bytes[index + 1] == 0x80 && bytes[index + 2] == 0x80 ? 3 : 0
    case 0xE2: return index + 2 < end && bytes[index + 1] == 0x80 && bytes[index + 2] &- 0x8B < 3 ? 3 : 0
    case 0xEF: return index + 2 < end && bytes[index + 1] == 0xBB && bytes[index + 2] == 0xBF ? 3 : 0
    default: return 0
    }
}

/// The range without the blanks at both ends.
@inlinable
package func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end {
        let length = blankLength(bytes, at: start, end: end)
        if length == 0 { break }
        start += length
    }
    while start < end {
        let last = bytes[end - 1]
        if last == 0x20 || last == 0x09 || last == 0x0D {
            end -= 1
        } else if last >= 0x80, end - start >= 2, blankLength(bytes, at: end - 2, end: end) == 2 {
            end -= 2
        } else if last >= 0x80, end - start >= 3, blankLength(bytes, at: end - 3, end: end) == 3 {
            end -= 3
        } else {
            break
        }
    }
    return start..<end
}

/// FNV-1a over bytes in ASCII lower case: the key of small tables of labels, so that a line costs no allocation.
package struct LabelHash: Sendable {
    package var value: UInt64 = 0xCBF2_9CE4_8422_2325

    @inlinable
    package init() {}

    @inlinable
    package mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(asciiLowercased(byte))) &* 0x0000_0100_0000_01B3
    }

    @inlinable
    package static func of(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var hash = LabelHash()
        for index in range { hash.add(bytes[index]) }
        return hash.value
    }

    package static func of(_ text: some StringProtocol) -> UInt64 {
        var hash = LabelHash()
        for byte in text.utf8 { hash.add(byte) }
        return hash.value
    }
}

/// Whether `range` holds these bytes, compared in ASCII lower case (`needle` is in lower case already).
@inlinable
package func contains(_ bytes: [UInt8], _ range: Range<Int>, _ needle: [UInt8]) -> Bool {
    firstRange(bytes, range, of: needle) != nil
}

/// The first place of `needle` (in lower case) inside `range`. For short ranges: the cost is their product.
@inlinable
package func firstRange(_ bytes: [UInt8], _ range: Range<Int>, of needle: [UInt8]) -> Range<Int>? {
    guard let first = needle.first, range.count >= needle.count else { return nil }
    let last = range.upperBound - needle.count
    var index = range.lowerBound
    while index <= last {
        if asciiLowercased(bytes[index]) == first, begins(bytes, index..<range.upperBound, with: needle) {
            return index..<index + needle.count
        }
        index += 1
    }
    return nil
}

/// Whether `range` begins with `needle` (in lower case), compared in ASCII lower case.
@inlinable
package func begins(_ bytes: [UInt8], _ range: Range<Int>, with needle: [UInt8]) -> Bool {
    guard range.count >= needle.count else { return false }
    for offset in needle.indices where asciiLowercased(bytes[range.lowerBound + offset]) != needle[offset] {
        return false
    }
    return true
}

/// Whether `range` ends with `needle` (in lower case), compared in ASCII lower case.
@inlinable
package func ends(_ bytes: [UInt8], _ range: Range<Int>, with needle: [UInt8]) -> Bool {
    guard range.count >= needle.count else { return false }
    return begins(bytes, range.upperBound - needle.count..<range.upperBound, with: needle)
}

/// Where `byte` stands next, or the end. Eight bytes at a time; the classic test for a zero byte in a word.
package func firstIndex(of byte: UInt8, in bytes: [UInt8], from start: Int) -> Int {
    bytes.withUnsafeBytes { raw in
        var index = start
        let ones: UInt64 = 0x0101_0101_0101_0101
        let wanted = ones &* UInt64(byte)
        while index + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ wanted
            let zeros = (word &- ones) & ~word & (ones &* 0x80)
            if zeros != 0 { return index + zeros.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < raw.count, raw[index] != byte { index += 1 }
        return index
    }
}

/// Where the next ASCII digit stands, or the end. Eight bytes at a time: a digit is 3 in the upper half of the byte and
/// does not carry into the next one when 6 is added.
package func firstDigit(in bytes: [UInt8], from start: Int) -> Int {
    bytes.withUnsafeBytes { raw in
        var index = start
        let ones: UInt64 = 0x0101_0101_0101_0101
        while index + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // The upper half of each byte, once as it is and once with 6 added to the lower half.
            let plain = word & (ones &* 0xF0) ^ (ones &* 0x30)
            let added = ((word & (ones &* 0x0F)) &+ (ones &* 0x06)) & (ones &* 0xF0)
            let other = plain | added
            let zeros = (other &- ones) & ~other & (ones &* 0x80)
            if zeros != 0 { return index + zeros.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < raw.count, !isASCIIDigit(raw[index]) { index += 1 }
        return index
    }
}
