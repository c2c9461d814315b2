import Vocabulary

// The machine-readable part of a report (RFC 6522 section 3) is a small header block of its own, or several with blank
// lines between. Here its lines become fields; what they mean stands in the file of each kind of report.

/// A value with the name of its notation before it: `rfc822; ada@example.com` (RFC 3464 section 2.1.2).
package struct TypedValue: Sendable, Hashable {
    /// Lower-cased: `rfc822`, `utf-8`, `dns`, `smtp`; empty where it is missing.
    package let type: String
    package let value: String

    package init(type: String, value: String) {
        self.type = type
        self.value = value
    }

    /// Reads a field body; nil when nothing stands there.
    init?(_ body: String) {
        let bytes = Array(body.utf8)
        let span = bytes.span
        let semicolon = findByte(span, 59, from: 0, to: span.count)
        let isTyped = semicolon >= 0 && findByte(span, 64, from: 0, to: semicolon) < 0
        let type = trimmed(span, 0..<(isTyped ? semicolon : 0))
        let value = trimmed(span, (isTyped ? semicolon + 1 : 0)..<span.count)
        guard !value.isEmpty else { return nil }
        self.init(type: lowercasedText(span, type), value: text(span, value))
    }

    /// The value as an address: without angle brackets, comment or text behind it, and with the escapes of RFC 6533
    /// section 3 undone. An address of another mail system (`x400`) stays as it is.
    package var address: String {
        guard type.isEmpty || type == "rfc822" || type == "utf-8" else { return value }
        let bytes = Array(value.utf8)
        let span = bytes.span
        var range = 0..<span.count
        if let open = bytes.lastIndex(of: 60) {
            let close = findByte(span, 62, from: open, to: span.count)
            range = open + 1..<(close < 0 ? span.count : close)
        }
        let bare = withoutTail(span, trimmed(span, range))
        return type == "utf-8" ? unescaped(span, bare) : text(span, bare)
    }

    /// Up to white space or a comment outside of quotes.
    private func withoutTail(_ bytes: Bytes, _ range: Range<Int>) -> Range<Int> {
        var index = range.lowerBound
        var isQuoted = false
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == 34 { isQuoted.toggle() }
            if !isQuoted && (isSpace(byte) || byte == 40) { break }
            index += 1
        }
        // A quote that is not closed was none.
        guard isQuoted else { return range.lowerBound..<index }
        let end = range.first { isSpace(bytes[$0]) } ?? range.upperBound
        return range.lowerBound..<end
    }

    /// `\x{5C71}` (RFC 6533 section 3: utf-8-addr-xtext and utf-8-addr-unitext).
    private func unescaped(_ bytes: Bytes, _ range: Range<Int>) -> String {
        var value: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if let (scalar, end) = escape(bytes, index, range.upperBound) {
                value += Array(String(scalar).utf8)
                index = end
            } else {
                value.append(bytes[index])
                index += 1
            }
        }
        return text(value.span, 0..<value.count)
    }

    private func escape(_ bytes: Bytes, _ start: Int, _ end: Int) -> (Unicode.Scalar, Int)? {
        guard start + 4 < end, bytes[start] == 92, bytes[start + 1] | 0x20 == 120, bytes[start + 2] == 123 else {
            return nil
        }
        var value: UInt32 = 0
        var index = start + 3
        while index < end && index < start + 9 && hexValue(bytes[index]) < 16 {
            value = value << 4 | UInt32(hexValue(bytes[index]))
            index += 1
        }
        // A control character would be an injected line or worse.
        guard index > start + 3, index < end, bytes[index] == 125, value >= 32, value != 127,
            let scalar = Unicode.Scalar(value)
        else { return nil }
        return (scalar, index + 1)
    }
}

/// Fields of a report that no blank line parts, in their order.
struct ReportGroup {
    var fields: [NamedValue] = []

    /// The first field of that (lower-cased) name that says something.
    subscript(_ name: String) -> String? { fields.first { $0.name == name && !$0.value.isEmpty }?.value }

    func all(_ name: String) -> [String] { fields.filter { $0.name == name && !$0.value.isEmpty }.map(\.value) }
}

/// Reads lines as fields (RFC 3464 section 2.1: the syntax of RFC 822 header fields, also for RFC 5965 section 3 and
/// RFC 8098 section 3.1). Groups are never empty.
///
/// A line that is neither folded nor a field continues the one before: several mail systems put the lines of another
/// server's answer there as they came.
func readReportGroups(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) -> [ReportGroup] {
    findings.work += range.count
    var reader = ReportReader(limit: findings.limits.fields)
    var index = range.lowerBound
    while index < range.upperBound {
        let line = lineEnd(bytes, index, range.upperBound)
        reader.take(bytes, index..<line.end, &findings)
        index = line.next
    }
    return reader.finish(&findings)
}

/// The end of the line that begins at `start`, and where the next one begins. LF, CRLF and CR end a line.
private func lineEnd(_ bytes: Bytes, _ start: Int, _ end: Int) -> (end: Int, next: Int) {
    var index = start
    while index < end && bytes[index] != 10 && bytes[index] != 13 { index += 1 }
    let isPair = index + 1 < end && bytes[index] == 13 && bytes[index + 1] == 10
    return (index, Swift.min(end, index + (isPair ? 2 : 1)))
}

private struct ReportReader {
    private var groups: [ReportGroup] = []
    private var group = ReportGroup()
    private var name = ""
    private var value: [UInt8] = []
    private var fieldsLeft: Int

    init(limit: Int) { fieldsLeft = limit }

    mutating func take(_ bytes: Bytes, _ line: Range<Int>, _ findings: inout Findings) {
        let content = trimmed(bytes, line)
        if content.isEmpty {
            endGroup(&findings)
        } else if let colon = fieldColon(bytes, line) {
            endField(&findings)
            guard fieldsLeft > 0 else { return findings.note(.fieldLimit) }
            fieldsLeft -= 1
            name = lowercasedText(bytes, trimmed(bytes, line.lowerBound..<colon))
            value = Array(copying: bytes, trimmed(bytes, colon + 1..<line.upperBound))
        } else if !name.isEmpty {
            if !isBlank(bytes[line.lowerBound]) { findings.note(.badReportField) }
            if !value.isEmpty { value.append(32) }
            for index in content { value.append(bytes[index]) }
        } else {
            findings.note(.badReportField)
        }
    }

    /// The colon behind a field name that begins the line.
    private func fieldColon(_ bytes: Bytes, _ line: Range<Int>) -> Int? {
        var index = line.lowerBound
        while index < line.upperBound && isFieldNameByte(bytes[index]) { index += 1 }
        guard index > line.lowerBound else { return nil }
        while index < line.upperBound && isBlank(bytes[index]) { index += 1 }
        return index < line.upperBound && bytes[index] == 58 ? index : nil
    }

    private mutating func endField(_ findings: inout Findings) {
        guard !name.isEmpty else { return }
        let text = decodedText(value.span, 0..<value.count, findings: &findings, field: name)
        group.fields.append(NamedValue(name: name, value: text))
        name = ""
        value = []
    }

    private mutating func endGroup(_ findings: inout Findings) {
        endField(&findings)
        if !group.fields.isEmpty { groups.append(group) }
        group = ReportGroup()
    }

    mutating func finish(_ findings: inout Findings) -> [ReportGroup] {
        endGroup(&findings)
        return groups
    }
}

// MARK: - The part

extension Message {
    /// The parts that hold a report of one of these media types: our own ones, else those of an embedded message (a
    /// gateway may have wrapped the report into a mail of its own), else parts of a multipart/report that say they are
    /// something else and hold it all the same.
    func reportParts(_ types: Set<String>, reportType: String, holds: ([ReportGroup]) -> Bool) -> [Part] {
        let labelled = parts.filter { types.contains($0.mediaType) }
        let own = labelled.filter { !$0.isEmbedded }
        guard labelled.isEmpty else { return own.isEmpty ? labelled : own }
        // RFC 6522 section 3: the first part is for people, the second for machines.
        let root = parts[0]
        guard root.mediaType == "multipart/report" else { return [] }
        let declared = root.parameters["report-type"].map { asciiLowercased($0) }
        guard declared == nil || declared == reportType else { return [] }
        let hidden = parts.dropFirst().first { part in
            guard !part.isEmbedded, part.kind != .multipart else { return false }
            var findings = Findings(limits: .standard)
            // The first groups tell; a returned mail that is a report itself has them further down.
            return holds(Array(reportGroups(part, &findings).prefix(2)))
        }
        return hidden.map { [$0] } ?? []
    }

    /// The fields of a report part, its transfer encoding and charset undone (RFC 3464 section 2.1 asks for neither,
    /// and some gateways add both).
    func reportGroups(_ part: Part, _ findings: inout Findings) -> [ReportGroup] {
        findings.part = part.path
        let limit = findings.limits.reportBytes
        let coding =
            part.kind == .leaf ? part.transferEncoding.flatMap { TransferCoding(named: $0) } ?? .identity : .identity
        // Encoded text is at most about three times as long.
        let end = part.body.lowerBound + (coding.changesBytes ? 4 * limit : limit)
        if end < part.body.upperBound { findings.note(.reportLimit) }
        let body = part.body.lowerBound..<Swift.min(part.body.upperBound, end)
        guard coding.changesBytes else { return reportGroups(part.header.bytes.span, body, part, &findings) }
        let decoded = coding.decoded(part.header.bytes.span, body, &findings)
        if decoded.count > limit { findings.note(.reportLimit) }
        return reportGroups(decoded.span, 0..<Swift.min(decoded.count, limit), part, &findings)
    }

    private func reportGroups(
        _ bytes: Bytes, _ range: Range<Int>, _ part: Part, _ findings: inout Findings
    ) -> [ReportGroup] {
        // An escape character begins a character of ISO-2022-JP or its kin.
        let isPlain = isASCII(bytes, range) && findByte(bytes, 27, from: range.lowerBound, to: range.upperBound) < 0
        if isPlain && part.charset == nil { return readReportGroups(bytes, range, &findings) }
        let text = Array(decodeBodyText(bytes, range, label: part.charset, &findings).text.utf8)
        return readReportGroups(text.span, 0..<text.count, &findings)
    }
}
