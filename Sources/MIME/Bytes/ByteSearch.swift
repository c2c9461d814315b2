// What stands at a place of bytes, and the little-endian numbers of file formats.

/// Whether these bytes stand at this place.
func isFound(_ bytes: Bytes, _ wanted: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, offset <= bytes.count, bytes.count - offset >= wanted.count else { return false }
    for index in wanted.indices where bytes[offset + index] != wanted[index] { return false }
    return true
}

/// Whether the range begins with this text.
func starts(_ bytes: Bytes, _ range: Range<Int>, with prefix: String) -> Bool {
    guard range.count >= prefix.utf8.count else { return false }
    var index = range.lowerBound
    for byte in prefix.utf8 {
        if bytes[index] != byte { return false }
        index += 1
    }
    return true
}

/// Whether a lower-case word stands here, in any case.
func hasWord(_ bytes: Bytes, at start: Int, _ word: String) -> Bool {
    guard start >= 0, start <= bytes.count, bytes.count - start >= word.utf8.count else { return false }
    var index = start
    for byte in word.utf8 {
        if lowercased(bytes[index]) != byte { return false }
        index += 1
    }
    return true
}

/// Two bytes that the caller knows to be there.
func littleEndian16(_ bytes: Bytes, at index: Int) -> UInt16 {
    UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
}

/// Four bytes that the caller knows to be there.
func littleEndian32(_ bytes: Bytes, at index: Int) -> UInt32 {
    UInt32(littleEndian16(bytes, at: index)) | UInt32(littleEndian16(bytes, at: index + 2)) << 16
}

/// The number at a place that the file itself tells; nil outside.
func number16(_ bytes: Bytes, at index: Int) -> Int? {
    index >= 0 && index <= bytes.count - 2 ? Int(littleEndian16(bytes, at: index)) : nil
}

func number32(_ bytes: Bytes, at index: Int) -> Int? {
    index >= 0 && index <= bytes.count - 4 ? Int(littleEndian32(bytes, at: index)) : nil
}

/// Nil also for numbers from 2^62 on, which count nothing.
func number64(_ bytes: Bytes, at index: Int) -> Int? {
    guard let low = number32(bytes, at: index), let high = number32(bytes, at: index + 4), high < 1 << 30 else {
        return nil
    }
    return low | high << 32
}
