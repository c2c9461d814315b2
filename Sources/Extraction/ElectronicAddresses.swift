import MailText
import Vocabulary

// E-mail addresses and web addresses.

func findElectronicAddresses(_ text: ScannedText, writer: NamedAddress?, _ found: inout DetailList) {
    if let writer {
        found.add(
            Detail(
                .email, value: writer.address.description, normalized: writer.address.normalized, confidence: 0.95,
                line: nil, evidence: "address in From"))
    }
    let bytes = text.bytes
    var at = firstIndex(of: UInt8(ascii: "@"), in: bytes, from: 0)
    while at < bytes.count {
        let range = emailRange(bytes, around: at)
        if let range { addEmail(text, range, &found) }
        at = firstIndex(of: UInt8(ascii: "@"), in: bytes, from: max(at + 1, range?.upperBound ?? 0))
    }
    var readTo = 0
    for mark in text.marks where mark.kind == .webAddress && mark.start >= readTo {
        guard let range = webRange(bytes, from: mark.start) else { continue }
        addWebsite(text, range, confidence: 0.9, "web address", &found)
        readTo = range.upperBound
    }
    findBareDomains(text, &found)
}

private func addEmail(_ text: ScannedText, _ range: Range<Int>, _ found: inout DetailList) {
    guard let address = EmailAddress(text.plain(range)) else { return }
    found.add(
        text.detail(.email, range, normalized: address.normalized, confidence: 0.97, "address in the text"), at: range)
}

private func addWebsite(
    _ text: ScannedText, _ range: Range<Int>, confidence: Double, _ evidence: String, _ found: inout DetailList
) {
    var host = range
    for prefix in webPrefixes where begins(text.bytes, host, with: prefix) {
        host = host.lowerBound + prefix.count..<host.upperBound
    }
    while let last = host.last, text.bytes[last] == UInt8(ascii: "/") { host = host.lowerBound..<last }
    guard text.bytes[host].contains(UInt8(ascii: ".")) else { return }
    found.add(
        text.detail(
            .website, range, normalized: asciiLowercased(text.plain(host)), confidence: confidence, evidence),
        at: range)
}

private let webPrefixes = ["https://", "http://", "www."].map { Array($0.utf8) }

/// RFC 5321 section 4.5.3.1.1: a local part has at most 64 octets, which also bounds the search to the left.
private func emailRange(_ bytes: [UInt8], around at: Int) -> Range<Int>? {
    var start = at
    while start > 0, at - start < 64, isLocalByte(bytes[start - 1]) { start -= 1 }
    while start < at,
        bytes[start] == UInt8(ascii: ".") || bytes[start] == UInt8(ascii: "-") || bytes[start] == UInt8(ascii: "'")
    { start += 1 }
    var end = at + 1
    while end < bytes.count, end - at <= 253, isDomainByte(bytes[end]) { end += 1 }
    while end > at + 1, bytes[end - 1] == UInt8(ascii: ".") || bytes[end - 1] == UInt8(ascii: "-") { end -= 1 }
    guard start < at, endsInTopLevelDomain(bytes, at + 1..<end) else { return nil }
    return start..<end
}

private func isLocalByte(_ byte: UInt8) -> Bool {
    if isASCIILetterOrDigit(byte) { return true }
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "%"),
        UInt8(ascii: "&"), UInt8(ascii: "'"):
        return true
    default: return false
    }
}

private func isDomainByte(_ byte: UInt8) -> Bool {
    isASCIILetterOrDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
}

/// A dot and at least two letters at the end.
private func endsInTopLevelDomain(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard let dot = bytes[range].lastIndex(of: UInt8(ascii: ".")), dot > range.lowerBound else { return false }
    let top = bytes[(dot + 1)..<range.upperBound]
    return top.count >= 2 && top.count <= 24 && top.allSatisfy(isASCIILetter)
}

/// `https://…`, `www.…`: up to a blank, a bracket, a quote or anything that is not ASCII.
private func webRange(_ bytes: [UInt8], from start: Int) -> Range<Int>? {
    if start > 0, bytes[start - 1] == UInt8(ascii: "@") || bytes[start - 1] == UInt8(ascii: ".") { return nil }
    let rest = start..<min(bytes.count, start + 2048)
    var end = start
    while end < rest.upperBound, isWebByte(bytes[end]) { end += 1 }
    while end > start, endsNoAddress(bytes[end - 1]) { end -= 1 }
    return end - start > 8 ? start..<end : nil
}

/// `.`, `,`, `;`, `:`, `!`, `?` and `)` end the sentence around an address.
private func endsNoAddress(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x2E, 0x2C, 0x3B, 0x3A, 0x21, 0x3F, 0x29: true
    default: false
    }
}

private func isWebByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x27 && byte != 0x3C && byte != 0x3E && byte != 0x7C
}

/// `example.com` alone on a line of the signature, or behind a label.
private func findBareDomains(_ text: ScannedText, _ found: inout DetailList) {
    for label in text.labels where label.kind == .website && label.end < text.bytes.count {
        let line = text.line(at: label.start)
        var start = label.end
        while start < line.range.upperBound, [0x20, 0x3A, 0x09, 0x7C, 0x3D, 0x2A].contains(text.bytes[start]) {
            start += 1
        }
        if begins(text.bytes, start..<line.range.upperBound, with: closingBracket) { start += 3 }
        if start > label.end, let range = domain(text.bytes, from: start, end: line.range.upperBound) {
            addWebsite(text, range, confidence: 0.9, "label", &found)
        }
    }
    for (index, line) in text.lines.enumerated() where line.isSignature || text.label(above: index)?.kind == .website {
        guard text.bytes[line.range].contains(UInt8(ascii: ".")) else { continue }
        for part in signatureParts(text, line) {
            if let range = domain(text.bytes, from: part.lowerBound, end: part.upperBound), range == part {
                addWebsite(text, range, confidence: 0.7, "alone on its line", &found)
            }
        }
    }
}

private let closingBracket = Array("】".utf8)

private func domain(_ bytes: [UInt8], from start: Int, end: Int) -> Range<Int>? {
    var stop = start
    while stop < end, isWebByte(bytes[stop]), bytes[stop] != UInt8(ascii: ","), bytes[stop] != UInt8(ascii: ";") {
        stop += 1
    }
    guard stop - start >= 4, stop - start <= 200, !bytes[start..<stop].contains(UInt8(ascii: "@")) else { return nil }
    let slash = bytes[start..<stop].firstIndex(of: UInt8(ascii: "/")) ?? stop
    guard bytes[start..<slash].allSatisfy(isDomainByte), endsInTopLevelDomain(bytes, start..<slash) else { return nil }
    return start..<stop
}

/// The pieces of a signature line between bars, bullets, tabs, slashes and hyphens with blanks around them.
func signatureParts(_ text: ScannedText, _ line: ScannedText.Line) -> [Range<Int>] {
    let bytes = text.bytes
    var parts: [Range<Int>] = []
    var start = line.range.lowerBound
    var index = start
    while index < line.range.upperBound {
        let length = partSeparator(bytes, index, line.range)
        if length > 0 {
            let part = text.trimmedRange(start..<index)
            if !part.isEmpty { parts.append(part) }
            start = index + length
        }
        index += max(length, 1)
    }
    let last = text.trimmedRange(start..<line.range.upperBound)
    if !last.isEmpty { parts.append(last) }
    return parts
}

private func partSeparator(_ bytes: [UInt8], _ index: Int, _ line: Range<Int>) -> Int {
    switch bytes[index] {
    case 0x7C, 0x09: return 1
    case 0x2D, 0x2F:
        let isApart =
            index > line.lowerBound && bytes[index - 1] == 0x20 && index + 1 < line.upperBound
            && bytes[index + 1] == 0x20
        return isApart ? 1 : 0
    case 0xC2: return index + 1 < line.upperBound && bytes[index + 1] == 0xB7 ? 2 : 0  // ·
    case 0xE2: return index + 2 < line.upperBound && bytes[index + 1] == 0x80 && bytes[index + 2] == 0xA2 ? 3 : 0  // •
    default: return 0
    }
}
