/// The type of a file by its first bytes, whatever its name or its sender say.
///
/// Order: fixed magic numbers, containers that need a second look, then text by what it starts with (the WHATWG's MIME
/// Sniffing section 7 for HTML), where a PDF with something before it comes first. Nil: bytes of no kind we know.
func sniffedType(_ bytes: Bytes) -> FileType? {
    if let type = sniffedProgram(bytes) ?? mediaContainer(bytes) { return type }
    if let type = MagicNumber.type(of: bytes), isBelievable(type, bytes) { return type }
    if let type = sniffedBitmap(bytes) { return type }
    if isFound(bytes, CompoundFile.magic, at: 0) { return .compound }
    if ZipDirectory.isBeginning(bytes) { return .zip }
    if isPKCS7(bytes) { return .pkcs7 }
    if isOpenPGP(bytes) { return .openPGP }
    let text = sniffedText(bytes)
    return (text == nil || text == .plainText) && isLatePDF(bytes) ? .pdf : text
}

/// Readers take a header anywhere in the first 1,024 bytes (Adobe, "PDF Reference 1.7", appendix H note 13).
private func isLatePDF(_ bytes: Bytes) -> Bool {
    let end = Swift.min(bytes.count, 1024)
    var from = 0
    while from < end {
        let hit = findByte(bytes, 0x25, from: from, to: end)
        if hit < 0 { return false }
        if isFound(bytes, [0x25, 0x50, 0x44, 0x46, 0x2D], at: hit), hit + 5 < bytes.count, isDigit(bytes[hit + 5]) {
            return true
        }
        from = hit + 1
    }
    return false
}

/// Two bytes prove little: what stands behind them must fit.
private func isBelievable(_ type: FileType, _ bytes: Bytes) -> Bool {
    switch type {
    case .arj:
        // Header size of at most 2,600, a first header of at least 30 bytes, a known host.
        return (number16(bytes, at: 2) ?? 0) - 30 < 2571 && (number16(bytes, at: 2) ?? 0) >= 30 && bytes[4] >= 30
    case .flash: return bytes.count >= 8 && bytes[3] < 64
    case .compress: return bytes.count > 2 && bytes[2] & 0x60 == 0 && bytes[2] & 0x1F >= 9
    case .bzip2: return bytes.count > 9 && bytes[3] &- 49 < 9 && isFound(bytes, [0x31, 0x41, 0x59], at: 4)
    case .jpegXL: return bytes.count > 12 && !isPlainText(bytes)
    case .mp3: return bytes.count > 9 && bytes[3] < 16
    default: return true
    }
}

private func sniffedProgram(_ bytes: Bytes) -> FileType? {
    if isFound(bytes, [0x4D, 0x5A], at: 0) || isFound(bytes, [0x5A, 0x4D], at: 0) {
        // The PE header stands where the word at 0x3C says. Old programs have none, but are no text.
        if let header = number32(bytes, at: 0x3C), isFound(bytes, [0x50, 0x45, 0, 0], at: header) {
            return .windowsProgram
        }
        return isPlainText(bytes) ? nil : .dosProgram
    }
    if isFound(bytes, [0xCA, 0xFE, 0xBA, 0xBE], at: 0), bytes.count >= 8 {
        // Universal binaries count their architectures where Java has its version, which is 45 or more.
        return bytes[4] == 0 && bytes[5] == 0 && bytes[6] == 0 && bytes[7] < 40 ? .machO : .javaClass
    }
    return nil
}

/// ISO/IEC 14496-12: a `ftyp` box whose brand names the kind of film, sound or picture.
private func mediaContainer(_ bytes: Bytes) -> FileType? {
    guard isFound(bytes, Array("ftyp".utf8), at: 4), bytes.count >= 12 else { return nil }
    switch String(decoding: [bytes[8], bytes[9], bytes[10]], as: UTF8.self) {
    case "qt ": return .quickTime
    case "M4A", "M4B", "M4P": return .m4a
    case "3gp", "3g2": return .threeGP
    case "hei", "hev", "mif", "msf": return .heif
    case "avi": return .avif
    default: return .mp4
    }
}

/// Formats with magic numbers so short that text starts with them too.
private func sniffedBitmap(_ bytes: Bytes) -> FileType? {
    if isFound(bytes, [0x42, 0x4D], at: 0), let headerSize = number32(bytes, at: 14) {
        if [12, 40, 52, 56, 64, 108, 124].contains(headerSize) { return .bmp }
    }
    if isFound(bytes, [0, 0, 1, 0], at: 0) || isFound(bytes, [0, 0, 2, 0], at: 0), bytes.count >= 22 {
        if let count = number16(bytes, at: 4), count > 0, count < 256, bytes[9] == 0 { return .icon }
    }
    // An MPEG audio frame: eleven set bits, layer III, and neither bit rate nor sample rate of the forbidden values.
    if bytes.count >= 4, bytes[0] == 0xFF, bytes[1] & 0xE6 == 0xE2, bytes[2] & 0xF0 != 0xF0, bytes[2] & 0x0C != 0x0C {
        return .mp3
    }
    // `-lh5-` and its like, behind header size and checksum.
    if bytes.count >= 21, bytes[2] == 45, bytes[3] == 108, bytes[4] == 104 || bytes[4] == 122, bytes[6] == 45 {
        return .lha
    }
    return nil
}

/// DER: a SEQUENCE with an object identifier for a type of content first.
private func isPKCS7(_ bytes: Bytes) -> Bool { pkcs7Kind(bytes) != nil }

/// The last arc of the type of content. Under 1.2.840.113549.1.7 (RFC 5652): 1 data, 2 signed, 3 enveloped, 5 digested,
/// 6 encrypted. Under 1.2.840.113549.1.9.16.1: 9 compressed (RFC 3274), 23 enveloped and authenticated (RFC 5083), and 0
/// for the others there, which have numbers of the first row.
func pkcs7Kind(_ bytes: Bytes) -> UInt8? {
    guard bytes.count > 20, bytes[0] == 0x30 else { return nil }
    let length = bytes[1] < 0x80 ? 0 : Int(bytes[1] & 0x7F)
    guard length <= 4 else { return nil }
    let identifier: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07]
    if isFound(bytes, identifier, at: 2 + length) { return bytes[2 + length + identifier.count] }
    let longer: [UInt8] = [0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01]
    guard isFound(bytes, longer, at: 2 + length) else { return nil }
    let arc = bytes[2 + length + longer.count]
    return arc == 9 || arc == 23 ? arc : 0
}

func isEncryptedPKCS7(_ bytes: Bytes) -> Bool {
    switch pkcs7Kind(bytes) {
    case 3, 6, 23: true
    default: false
    }
}

/// Encrypted messages without armor start with a session key (RFC 9580 section 5.1, 5.3): for a public key, version 3 and
/// a known algorithm behind the key's number; for a password, version 4, a cipher and a way to make the key.
private func isOpenPGP(_ bytes: Bytes) -> Bool {
    guard bytes.count >= 16 else { return false }
    // Section 4.2: the tag, and a length of one or two bytes in either packet format.
    let (tag, body): (UInt8, Int) =
        switch bytes[0] {
        case 0x84, 0x8C: (bytes[0] >> 2 & 0x0F, 2)
        case 0x85, 0x8D: (bytes[0] >> 2 & 0x0F, 3)
        case 0xC1, 0xC3: (bytes[0] & 0x3F, bytes[1] < 192 ? 2 : 3)
        default: (0, 0)
        }
    switch tag {
    case 1: return bytes[body] == 3 && [1, 2, 16, 18, 19, 25, 26].contains(bytes[body + 9])
    case 3: return bytes[body] == 4 && bytes[body + 1] < 14 && [0, 1, 3, 4].contains(bytes[body + 2])
    default: return false
    }
}
