/// Whether an archive asks for a password, as far as its plain headers tell.

/// RAR 4 and 5 (the format's technical notes). `head`: the first bytes of the archive.
func isEncryptedRAR(_ head: Bytes) -> Bool {
    if isFound(head, [1, 0], at: 6) { return isEncryptedRAR5(head) }
    var index = 7
    for _ in 0..<1_000 {
        guard let flags = number16(head, at: index + 3), let size = number16(head, at: index + 5), size >= 7 else {
            return false
        }
        // The archive header (0x73) with bit 7: all headers behind it are encrypted. A file (0x74) with bit 2.
        if head[index + 2] == 0x73 && flags & 0x80 != 0 { return true }
        if head[index + 2] == 0x74 && flags & 4 != 0 { return true }
        if head[index + 2] == 0x7B { return false }
        let more = flags & 0x8000 != 0 ? number32(head, at: index + 7) ?? 0 : 0
        index += size + more
    }
    return false
}

private func isEncryptedRAR5(_ head: Bytes) -> Bool {
    var index = 8
    for _ in 0..<1_000 {
        // A checksum of four bytes, then the size of what follows it.
        var cursor = index + 4
        guard let size = variableInteger(head, &cursor), size > 0, size <= 2 << 20 else { return false }
        let end = cursor + size
        guard let type = variableInteger(head, &cursor), let flags = variableInteger(head, &cursor) else {
            return false
        }
        // Type 4: the archive encryption header, all behind it is encrypted. Type 5: the end.
        if type == 4 { return true }
        if type == 5 { return false }
        var extra = 0
        var data = 0
        if flags & 1 != 0 { extra = variableInteger(head, &cursor) ?? 0 }
        if flags & 2 != 0 { data = variableInteger(head, &cursor) ?? 0 }
        if type == 2, extra <= size, hasEncryptionRecord(head, from: end - extra, to: end) { return true }
        guard data <= head.count, end <= head.count else { return false }
        index = end + data
    }
    return false
}

/// The extra area of a file header: records of size, type, data; type 1 is encryption.
private func hasEncryptionRecord(_ bytes: Bytes, from start: Int, to end: Int) -> Bool {
    var cursor = start
    while cursor < end {
        guard let size = variableInteger(bytes, &cursor), size > 0, size <= end - cursor else { return false }
        let next = cursor + size
        if variableInteger(bytes, &cursor) == 1 { return true }
        cursor = next
    }
    return false
}

/// Seven bits a byte, the lowest first; nil past the end or above 2^49.
private func variableInteger(_ bytes: Bytes, _ index: inout Int) -> Int? {
    var value = 0
    for place in 0..<7 {
        guard index >= 0, index < bytes.count else { return nil }
        let byte = bytes[index]
        index += 1
        value |= Int(byte & 0x7F) << (7 * place)
        if byte & 0x80 == 0 { return value }
    }
    return nil
}

/// A PDF with an Encrypt entry in its trailer or cross-reference stream (ISO 32000-2 section 7.5.5). Both are plain text
/// in every encrypted file, but may stand anywhere; `take` gets the bytes as they come.
struct PDFTrailer: Sendable {
    private(set) var isEncrypted = false
    private var end: [UInt8] = []
    private static let overlap = 64

    mutating func take(_ bytes: Bytes) {
        if isEncrypted { return }
        if !end.isEmpty {
            let seam = end + [UInt8](copying: bytes, 0..<Swift.min(PDFTrailer.overlap, bytes.count))
            search(seam.span)
        }
        search(bytes)
        let kept = Swift.max(0, bytes.count - PDFTrailer.overlap)
        end = Array((end + [UInt8](copying: bytes, kept..<bytes.count)).suffix(PDFTrailer.overlap))
    }

    private mutating func search(_ bytes: Bytes) {
        var from = 0
        while from < bytes.count {
            let hit = findByte(bytes, 0x2F, from: from, to: bytes.count)
            if hit < 0 { return }
            if let end = keyEnd(bytes, from: hit + 1), isDictionary(bytes, at: end) {
                isEncrypted = true
                return
            }
            from = hit + 1
        }
    }

    private static let key = Array("Encrypt".utf8)

    /// Where the key ends that starts here. Any character of a name may be written `#` and two digits (section 7.3.5).
    private func keyEnd(_ bytes: Bytes, from start: Int) -> Int? {
        var index = start
        for wanted in PDFTrailer.key {
            guard index < bytes.count else { return nil }
            if bytes[index] == wanted {
                index += 1
                continue
            }
            guard bytes[index] == 0x23, index + 2 < bytes.count, hexValue(bytes[index + 1]) == wanted >> 4,
                hexValue(bytes[index + 2]) == wanted & 0x0F
            else { return nil }
            index += 3
        }
        return index
    }

    /// A dictionary, or a reference to one: `12 0 R`.
    private func isDictionary(_ bytes: Bytes, at start: Int) -> Bool {
        var index = start
        func skipBlanks() { while index < bytes.count && (isSpace(bytes[index]) || bytes[index] == 0) { index += 1 } }
        func skipNumber() -> Bool {
            let first = index
            while index < bytes.count && isDigit(bytes[index]) { index += 1 }
            return index > first
        }
        skipBlanks()
        if isFound(bytes, [0x3C, 0x3C], at: index) { return true }
        guard index > start, skipNumber() else { return false }
        skipBlanks()
        guard skipNumber() else { return false }
        skipBlanks()
        return index < bytes.count && bytes[index] == 0x52
    }
}
