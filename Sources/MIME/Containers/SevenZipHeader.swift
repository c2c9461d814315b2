/// Whether a 7z archive asks for a password (7zFormat.txt of the LZMA SDK).
///
/// The header stands at the end: plain, or packed. Its description of coders holds the number of AES (06 F1 07 01) where
/// the files or the header itself are encrypted. A packed header is unpacked first: most archives with a password hide
/// the content, but not the names. `end`: the last bytes of the archive. Nil: the header cannot be read, since it begins
/// before them, is damaged, or is packed in a way that we do not unpack.
func isEncryptedSevenZip(_ head: Bytes, end: Bytes, size: Int) -> Bool? {
    // Section "Signature Header": offset and size of the next header at 12 and 20, counted from byte 32.
    guard let offset = number64(head, at: 12), let length = number64(head, at: 20), offset <= size, length <= size,
        32 + offset + length <= size
    else { return nil }
    let start = 32 + offset - (size - end.count)
    guard start >= 0, start + length <= end.count else { return nil }
    let header = start..<start + length
    if holdsAES(end, header) { return true }
    guard !header.isEmpty, end[header.lowerBound] == 0x17 else { return false }
    guard var packed = PackedHeader(end, header) else { return nil }
    packed.offset += 32 - (size - end.count)
    guard packed.offset >= 0, packed.offset <= end.count, packed.size <= end.count - packed.offset else { return nil }
    let content = packed.offset..<packed.offset + packed.size
    guard let plain = packed.unpacked(end, content) else { return nil }
    return holdsAES(plain.span, plain.indices)
}

/// The coder 06 F1 07 01: AES-256 with SHA-256.
private func holdsAES(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
    var from = range.lowerBound
    while from < range.upperBound {
        let hit = findByte(bytes, 0x06, from: from, to: range.upperBound)
        if hit < 0 { return false }
        if isFound(bytes, [0x06, 0xF1, 0x07, 0x01], at: hit) && hit + 4 <= range.upperBound { return true }
        from = hit + 1
    }
    return false
}

/// The streams information of a packed header: one packed stream, one folder, one coder.
private struct PackedHeader {
    var offset = 0
    var size = 0
    private var unpackedSize = 0
    private var method: [UInt8] = []
    private var properties: [UInt8] = []

    /// What is unpacked at most: names of files compress well, but not without end.
    private static let limit = 1 << 20

    init?(_ bytes: Bytes, _ range: Range<Int>) {
        var index = range.lowerBound + 1
        let end = range.upperBound
        func byte() -> UInt8? {
            guard index < end else { return nil }
            index += 1
            return bytes[index - 1]
        }
        // Section "REAL_UINT64/UINT64": the leading ones of the first byte count those that follow.
        func number() -> Int? {
            guard let first = byte() else { return nil }
            let more = (~first).leadingZeroBitCount
            guard more < 6 else { return nil }
            var value = 0
            for place in 0..<more {
                guard let next = byte() else { return nil }
                value |= Int(next) << (8 * place)
            }
            return value | Int(first & (0x7F >> UInt8(more))) << (8 * more)
        }
        func skipDigests() -> Bool {
            // All defined, one checksum.
            guard byte() == 1 else { return false }
            index += 4
            return true
        }
        // PackInfo: position, number of streams, then sizes and digests.
        guard byte() == 0x06, let position = number(), number() == 1, byte() == 0x09, let packedSize = number() else {
            return nil
        }
        (offset, size) = (position, packedSize)
        var mark = byte()
        if mark == 0x0A {
            guard skipDigests() else { return nil }
            mark = byte()
        }
        // CodersInfo: one folder, in place, with one coder.
        guard mark == 0, byte() == 0x07, byte() == 0x0B, number() == 1, byte() == 0, number() == 1 else { return nil }
        guard let flags = byte(), flags & 0xD0 == 0 else { return nil }
        for _ in 0..<flags & 0x0F {
            guard let next = byte() else { return nil }
            method.append(next)
        }
        if flags & 0x20 != 0 {
            guard let count = number(), count <= 16 else { return nil }
            for _ in 0..<count {
                guard let next = byte() else { return nil }
                properties.append(next)
            }
        }
        guard byte() == 0x0C, let size = number(), size <= PackedHeader.limit else { return nil }
        unpackedSize = size
    }

    func unpacked(_ bytes: Bytes, _ range: Range<Int>) -> [UInt8]? {
        var decoder = LZMADecoder(outputSize: unpackedSize)
        switch method {
        case [0x03, 0x01, 0x01]: return decoder.decodeLZMA(bytes, range, properties: properties)
        case [0x21]: return decoder.decodeLZMA2(bytes, range)
        default: return nil
        }
    }
}
