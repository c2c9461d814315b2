package import Vocabulary

/// What a mailing list says about itself and how to deal with it: RFC 2369 (the List- fields), RFC 2919 (List-Id) and
/// RFC 8058 (unsubscribing with one click).
package struct ListFields: Sendable, Hashable {
    package internal(set) var id: ListID?
    /// The sender's order, which is his order of preference (RFC 2369 section 2).
    package internal(set) var help: [ListURI] = []
    package internal(set) var unsubscribe: [ListURI] = []
    package internal(set) var subscribe: [ListURI] = []
    package internal(set) var post: [ListURI] = []
    package internal(set) var owner: [ListURI] = []
    package internal(set) var archive: [ListURI] = []
    /// `List-Post: NO`: nobody may write to the list (section 3.4).
    package internal(set) var refusesPosts = false
    /// `List-Unsubscribe-Post: List-Unsubscribe=One-Click` (RFC 8058 section 3.1).
    package internal(set) var offersOneClick = false
    package internal(set) var defects: [Defect] = []

    /// Where a POST ends the subscription without further questions; the field counts only beside an HTTPS URI
    /// (RFC 8058 section 3.1). That a valid DKIM signature must cover both fields (section 4) is not looked at here.
    package var oneClickURI: ListURI? { offersOneClick ? unsubscribe.first { $0.scheme == "https" } : nil }

    /// No field of a list is there.
    package var isEmpty: Bool {
        id == nil && help.isEmpty && unsubscribe.isEmpty && subscribe.isEmpty && post.isEmpty && owner.isEmpty
            && archive.isEmpty && !refusesPosts && !offersOneClick
    }
}

/// `Chess talk <chess.club.example>` (RFC 2919 section 2).
package struct ListID: Sendable, Hashable {
    /// Decoded; empty when there is none.
    package let phrase: String
    /// Lower-cased, because it is compared without regard to case (section 6); never empty.
    package let identifier: String
}

/// What an angle bracket of a list field holds, with the comment behind it.
package struct ListURI: Sendable, Hashable {
    /// As written, without the white space that folding put into it.
    package let text: String
    package internal(set) var comments: [String] = []

    /// Lower-cased; empty when there is none.
    package var scheme: String {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return "" }
        return asciiLowercased(String(text[..<colon]))
    }

    /// Whom a mailto URI writes to (RFC 6068 section 2), those that are addresses.
    package var recipients: [EmailAddress] {
        guard scheme == "mailto" else { return [] }
        let addresses = text.utf8.dropFirst("mailto:".utf8.count).prefix { $0 != UInt8(ascii: "?") }
        return addresses.split(separator: UInt8(ascii: ",")).compactMap { EmailAddress(percentDecoded($0)) }
    }

    /// The fields a mailto URI asks for: `subject`, `body` and others, names lower-cased.
    package var mailtoFields: [NamedValue] {
        guard scheme == "mailto", let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) else { return [] }
        let query = text.utf8[text.utf8.index(after: mark)...]
        return query.split(separator: UInt8(ascii: "&")).compactMap { pair in
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            return NamedValue(
                name: asciiLowercased(percentDecoded(pair[..<equals])),
                value: percentDecoded(pair[pair.index(after: equals)...]))
        }
    }

    /// RFC 3986 section 2.1. Control characters become spaces: such text goes into header fields.
    private func percentDecoded(_ text: Substring.UTF8View) -> String {
        let bytes = Array(text)
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            var byte = bytes[index]
            if byte == 37, index + 2 < bytes.count {
                let (high, low) = (hexValue(bytes[index + 1]), hexValue(bytes[index + 2]))
                if high | low < 16 {
                    byte = high << 4 | low
                    index += 2
                }
            }
            decoded.append(byte < 32 || byte == 127 ? 32 : byte)
            index += 1
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}

extension Header {
    /// The list fields; `isEmpty` when the mail came through no list that says so.
    package var list: ListFields {
        var reader = ListFieldsReader(header: self)
        return reader.read()
    }
}

extension Field {
    /// The body read as a field of RFC 2369, whatever its name.
    package var listURIs: [ListURI] { read(as: name) { readListURIs($0, $1, field: name, &$2).uris }.value }

    /// The body read as List-Id; nil when it names no list.
    package var listID: ListID? { read(as: name) { readListID($0, $1, &$2) }.value }
}

private struct ListFieldsReader {
    let header: Header
    var found = ListFields()

    mutating func read() -> ListFields {
        if let field = single("List-Id") {
            let (id, defects) = field.read(as: "List-Id") { readListID($0, $1, &$2) }
            found.id = id
            found.defects += defects
        }
        found.help = uris("List-Help")
        found.unsubscribe = uris("List-Unsubscribe")
        found.subscribe = uris("List-Subscribe")
        found.post = uris("List-Post")
        found.owner = uris("List-Owner")
        found.archive = uris("List-Archive")
        if let field = single("List-Unsubscribe-Post") {
            found.offersOneClick = asciiLowercased(field.body) == "list-unsubscribe=one-click"
        }
        return found
    }

    /// The first field of that name; each may stand once (RFC 2369 section 3, RFC 2919 section 3).
    private mutating func single(_ name: String) -> Field? {
        let fields = header.fields(named: name)
        if fields.count > 1 { found.defects.append(Defect(.duplicateField, in: "root \(name)")) }
        return fields.first
    }

    private mutating func uris(_ name: String) -> [ListURI] {
        guard let field = single(name) else { return [] }
        let (read, defects) = field.read(as: name) { readListURIs($0, $1, field: name, &$2) }
        found.defects += defects
        if read.saysNo && name == "List-Post" { found.refusesPosts = true }
        return read.uris
    }
}

/// Reads a list of URIs in angle brackets (RFC 2369 section 2), or `NO`. White space inside the brackets comes from
/// folding and is dropped. URIs without brackets are taken too: their writer forgot them.
///
/// A body that some gateway turned into encoded words is decoded first.
private func readListURIs(
    _ bytes: Bytes, _ range: Range<Int>, field: String, _ findings: inout Findings
) -> (uris: [ListURI], saysNo: Bool) {
    guard range.count > 2, bytes[range.lowerBound] == 61, bytes[range.lowerBound + 1] == 63 else {
        return readPlainListURIs(bytes, range, field: field, &findings)
    }
    findings.note(.badListField, field: field)
    let body = Array(decodedText(bytes, range, findings: &findings, field: field).utf8)
    return readPlainListURIs(body.span, 0..<body.count, field: field, &findings)
}

private func readPlainListURIs(
    _ bytes: Bytes, _ range: Range<Int>, field: String, _ findings: inout Findings
) -> (uris: [ListURI], saysNo: Bool) {
    findings.work += range.count
    var scanner = FieldScanner(range, comments: findings.limits.fieldItems)
    var uris: [ListURI] = []
    var saysNo = false
    while true {
        scanner.skip(bytes)
        let comments = scanner.takeComments(bytes, field: field, &findings)
        if !uris.isEmpty { uris[uris.count - 1].comments += comments }
        if scanner.isAtEnd { break }
        guard uris.count < findings.limits.fieldItems else {
            findings.note(.fieldItemLimit, field: field)
            break
        }
        switch scanner.peek(bytes) {
        case 44: scanner.step()
        case 60:
            scanner.step()
            let rest = scanner.index..<scanner.end
            let inside = scanner.readThrough(62, bytes)
            if inside == nil { scanner.stop() }
            let uri = withoutSpace(bytes, inside ?? rest)
            if uri.isEmpty || inside == nil { findings.note(.badListField, field: field) }
            if !uri.isEmpty { uris.append(ListURI(text: uri)) }
        default:
            let word = scanner.readPlainWord(bytes, stop: 44)
            if uris.isEmpty && lowercasedText(bytes, word) == "no" {
                saysNo = true
            } else {
                findings.note(.badListField, field: field)
                if isURI(bytes, word) { uris.append(ListURI(text: text(bytes, word))) }
            }
        }
    }
    if scanner.isUnclosed || uris.isEmpty && !saysNo { findings.note(.badListField, field: field) }
    return (uris, saysNo)
}

/// `scheme:something` (RFC 3986 section 3.1).
private func isURI(_ bytes: Bytes, _ word: Range<Int>) -> Bool {
    let colon = findByte(bytes, 58, from: word.lowerBound, to: word.upperBound)
    guard colon > word.lowerBound, colon + 1 < word.upperBound, isLetter(bytes[word.lowerBound]) else { return false }
    for index in word.lowerBound..<colon {
        let byte = bytes[index]
        guard isLetter(byte) || isDigit(byte) || byte == 43 || byte == 45 || byte == 46 else { return false }
    }
    return true
}

/// What stands in the last angle brackets; some forget them and write the identifier alone (RFC 2919 section 2).
private func readListID(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) -> ListID? {
    let field = "List-Id"
    // Decoded first: some gateways encode brackets and all.
    let body = Array(decodedText(bytes, range, findings: &findings, field: field).utf8)
    let open = body.lastIndex(of: 60)
    let close = open.map { findByte(body.span, 62, from: $0, to: body.count) } ?? -1
    let inside = (open ?? -1) + 1..<(close < 0 ? body.count : close)
    let identifier = asciiLowercased(withoutSpace(body.span, inside))
    if close < 0 || identifier.isEmpty { findings.note(.badListField, field: field) }
    guard !identifier.isEmpty else { return nil }
    return ListID(phrase: phrase(body.span, 0..<(open ?? 0)), identifier: identifier)
}

/// The words before the brackets; quotes around them are no part of the phrase.
private func phrase(_ bytes: Bytes, _ range: Range<Int>) -> String {
    let words = trimmed(bytes, range)
    guard !words.isEmpty, bytes[words.lowerBound] == 34 else { return text(bytes, words) }
    var scanner = FieldScanner(words, comments: 0)
    var quoted: [UInt8] = []
    scanner.readQuoted(bytes, into: &quoted)
    return text(quoted.span, 0..<quoted.count)
}

private func withoutSpace(_ bytes: Bytes, _ range: Range<Int>) -> String {
    var value: [UInt8] = []
    value.reserveCapacity(range.count)
    for index in range where !isSpace(bytes[index]) { value.append(bytes[index]) }
    return text(value.span, 0..<value.count)
}
