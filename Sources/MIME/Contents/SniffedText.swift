/// Text files by what they start with. `bytes` may be cut anywhere.
func sniffedText(_ bytes: Bytes) -> FileType? {
    if isFound(bytes, [0xFF, 0xFE], at: 0) || isFound(bytes, [0xFE, 0xFF], at: 0) { return wideText(bytes) }
    guard isPlainText(bytes) else { return nil }
    var start = isFound(bytes, [0xEF, 0xBB, 0xBF], at: 0) ? 3 : 0
    if isFound(bytes, [0x23, 0x21], at: start) { return .script }
    while start < bytes.count && (isSpace(bytes[start]) || bytes[start] == 12) { start += 1 }
    if start == bytes.count { return start == 0 ? nil : .plainText }
    switch bytes[start] {
    case UInt8(ascii: "<"): return markup(bytes, from: start)
    case UInt8(ascii: "-"): return armor(bytes, at: start) ?? .plainText
    case UInt8(ascii: "B"), UInt8(ascii: "b"):
        return card(bytes, at: start) ?? message(bytes, from: start) ?? .plainText
    case UInt8(ascii: "F") where isFound(bytes, Array("From ".utf8), at: start):
        let line = lineEnd(bytes, from: start)
        return message(bytes, from: line) != nil ? .mailFolder : .plainText
    default: return message(bytes, from: start) ?? .plainText
    }
}

/// UTF-16: read on as if its ASCII characters were bytes.
private func wideText(_ bytes: Bytes) -> FileType {
    var narrow: [UInt8] = []
    let isLittle = bytes[0] == 0xFF
    var index = 2
    while index + 1 < bytes.count && narrow.count < 1024 {
        let (low, high) = isLittle ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
        narrow.append(high == 0 && low < 0x80 ? low : 0xC2)
        index += 2
    }
    // Nothing read this way starts with a byte order mark of UTF-16 again.
    return sniffedText(narrow.span) ?? .plainText
}

/// The WHATWG's MIME Sniffing section 3 calls these bytes binary data; text has none of them.
func isPlainText(_ bytes: Bytes) -> Bool {
    let end = Swift.min(bytes.count, 4096)
    for index in 0..<end {
        let byte = bytes[index]
        if byte < 0x20 && (byte <= 0x08 || byte == 0x0B || (byte >= 0x0E && byte != 0x1B)) { return false }
    }
    return true
}

private func markup(_ bytes: Bytes, from start: Int) -> FileType {
    if hasWord(bytes, at: start, "<?php") || hasWord(bytes, at: start, "<?=") { return .php }
    var cursor = start
    var isXML = false
    // Comments, processing instructions and declarations stand before what tells.
    for _ in 0..<64 {
        while cursor < bytes.count && isSpace(bytes[cursor]) { cursor += 1 }
        if hasWord(bytes, at: cursor, "<?") {
            isXML = isXML || hasWord(bytes, at: cursor, "<?xml")
            cursor = place(of: [0x3F, 0x3E], bytes, from: cursor)
        } else if hasWord(bytes, at: cursor, "<!--") {
            cursor = place(of: [0x2D, 0x2D, 0x3E], bytes, from: cursor)
        } else if hasWord(bytes, at: cursor, "<!doctype") && !hasWord(bytes, at: cursor, "<!doctype html") {
            isXML = true
            cursor = place(of: [0x3E], bytes, from: cursor)
        } else {
            break
        }
    }
    if hasTag(bytes, at: cursor, "<svg") { return .svg }
    if hasWord(bytes, at: cursor, "<!doctype html") { return .html }
    if htmlTags.contains(where: { hasTag(bytes, at: cursor, $0) }) { return .html }
    return isXML ? .xml : .plainText
}

/// The WHATWG's MIME Sniffing section 7.1, and `meta`, which mail attachments start with.
private let htmlTags = [
    "<html", "<head", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a", "<style", "<title", "<b", "<body",
    "<br", "<p", "<meta", "<form", "<link", "<img", "<span", "<center",
]

/// Where the text behind a mark starts.
private func place(of mark: [UInt8], _ bytes: Bytes, from start: Int) -> Int {
    var cursor = start
    while let last = mark.last, cursor < bytes.count {
        let hit = findByte(bytes, last, from: cursor, to: bytes.count)
        if hit < 0 { break }
        if isFound(bytes, mark, at: hit + 1 - mark.count) { return hit + 1 }
        cursor = hit + 1
    }
    return bytes.count
}

/// RFC 5545 section 3.4, RFC 6350 section 6.1.1; names are compared without regard to case.
private func card(_ bytes: Bytes, at start: Int) -> FileType? {
    if hasWord(bytes, at: start, "begin:vcalendar") { return .calendar }
    if hasWord(bytes, at: start, "begin:vcard") { return .contact }
    return nil
}

/// OpenPGP (RFC 9580 section 6.2) and PEM (RFC 7468).
private func armor(_ bytes: Bytes, at start: Int) -> FileType? {
    guard hasWord(bytes, at: start, "-----begin ") else { return nil }
    let label = start + 11
    if hasWord(bytes, at: label, "pgp message") { return .openPGP }
    if hasWord(bytes, at: label, "pgp signature") { return .openPGPSignature }
    if hasWord(bytes, at: label, "pgp public") || hasWord(bytes, at: label, "pgp private") { return .openPGPKey }
    if hasWord(bytes, at: label, "pgp signed") { return .plainText }
    if hasWord(bytes, at: label, "pkcs7") || hasWord(bytes, at: label, "cms") { return .pkcs7 }
    if hasWord(bytes, at: label, "certificate") || hasWord(bytes, at: label, "private key") { return .certificate }
    return nil
}

/// A mail: two field lines at the start, the first of a name that only mail has there.
private func message(_ bytes: Bytes, from start: Int) -> FileType? {
    guard mailFields.contains(where: { hasWord(bytes, at: start, $0) }) else { return nil }
    var line = lineEnd(bytes, from: start)
    // Folded lines belong to the first field.
    while line < bytes.count && isBlank(bytes[line]) { line = lineEnd(bytes, from: line) }
    var index = line
    while index < bytes.count && isFieldNameByte(bytes[index]) { index += 1 }
    return index > line && index < bytes.count && bytes[index] == 58 ? .email : nil
}

private let mailFields = [
    "received:", "return-path:", "delivered-to:", "mime-version:", "message-id:", "from:", "dkim-signature:",
    "x-mozilla-status:", "arc-seal:", "authentication-results:", "date:", "subject:", "to:", "reply-to:",
]

private func lineEnd(_ bytes: Bytes, from start: Int) -> Int {
    let end = findByte(bytes, 10, from: start, to: bytes.count)
    return end < 0 ? bytes.count : end + 1
}

/// A tag name with what ends it behind.
private func hasTag(_ bytes: Bytes, at start: Int, _ tag: String) -> Bool {
    guard hasWord(bytes, at: start, tag) else { return false }
    let end = start + tag.utf8.count
    return end >= bytes.count || isSpace(bytes[end]) || bytes[end] == 62 || bytes[end] == 47
}
