import MailText
import Vocabulary

// vCards (RFC 6350), attached or pasted into the text, and the organiser of a calendar invitation (RFC 5545): the one
// place where a machine has written down what each value is.

func findCards(_ text: ScannedText, _ cards: [String], region: String, _ found: inout DetailList) {
    findPastedCard(text, &found)
    var budget = ScanLimits.phoneCandidates
    for card in cards.prefix(8) { readAttached(card, region: region, &budget, &found) }
}

/// The lines between BEGIN:VCARD and END:VCARD. Numbers and addresses in them are found by their own scanners.
private func findPastedCard(_ text: ScannedText, _ found: inout DetailList) {
    var isCard = false
    for line in text.lines {
        let range = line.content
        if begins(text.bytes, range, with: cardBegins) { isCard = true }
        guard isCard else { continue }
        if begins(text.bytes, range, with: cardEnds) { isCard = false }
        guard isCard, let property = CardProperty(text.bytes, range), let field = property.field,
            field != .phone, field != .email, field != .website
        else { continue }
        let place = text.detail(field, property.value, confidence: 0.95, "vCard in the text")
        let value = property.field == .address ? joinedParts(place.value) : firstPart(place.value)
        guard !value.isEmpty else { continue }
        found.add(
            Detail(
                field, value: value, confidence: 0.95, line: place.line, evidence: place.evidence, span: place.span),
            at: property.value)
    }
}

private let cardBegins = Array("begin:vcard".utf8), cardEnds = Array("end:vcard".utf8)

private func readAttached(
    _ card: String, region: String, _ budget: inout Int, _ found: inout DetailList
) {
    let bytes = unfolded(Array(card.utf8.prefix(ScanLimits.textBytes)))
    let isCalendar = begins(bytes, trimmed(bytes, 0..<bytes.count), with: Array("begin:vcalendar".utf8))
    var start = 0
    while start < bytes.count {
        let end = firstIndex(of: 0x0A, in: bytes, from: start)
        let line = trimmed(bytes, start..<end)
        start = end + 1
        guard let property = CardProperty(bytes, line) else { continue }
        if isCalendar {
            if property.isOrganiser { addOrganiser(property, bytes, &found) }
        } else {
            add(property, bytes, region: region, &budget, &found)
        }
    }
}

private func add(
    _ property: CardProperty, _ bytes: [UInt8], region: String, _ budget: inout Int, _ found: inout DetailList
) {
    guard let field = property.field else { return }
    let value = unescaped(bytes[property.value])
    let shown = field == .address ? joinedParts(value) : field == .company ? firstPart(value) : value
    guard !shown.isEmpty, shown.utf8.count <= 400 else { return }
    var normalized: String?
    if field == .phone {
        guard budget > 0 else { return }
        budget -= 1
        guard let check = PhoneCheck(shown.replacing("tel:", with: ""), region: region) else { return }
        normalized = check.e164
    } else if field == .email {
        guard let address = EmailAddress(shown) else { return }
        normalized = address.normalized
    }
    found.add(
        Detail(field, value: shown, normalized: normalized, confidence: 0.95, line: nil, evidence: "vCard attached"))
}

/// `ORGANIZER;CN="Ada Byron":mailto:ada@example.com`.
private func addOrganiser(_ property: CardProperty, _ bytes: [UInt8], _ found: inout DetailList) {
    let evidence = "organiser of the calendar invitation"
    let value = String(decoding: bytes[property.value], as: UTF8.self)
    if value.lowercased().hasPrefix("mailto:"), let address = EmailAddress(String(value.dropFirst(7))) {
        found.add(
            Detail(
                .email, value: address.description, normalized: address.normalized, confidence: 0.85, line: nil,
                evidence: evidence))
    }
    guard let label = firstRange(bytes, property.parameters, of: Array("cn=".utf8)) else { return }
    let rest = bytes[label.upperBound..<property.parameters.upperBound]
    let isQuoted = rest.first == 0x22
    let name = (isQuoted ? rest.dropFirst() : rest).prefix { $0 != 0x22 && (isQuoted || $0 != 0x3B) }
    guard !name.isEmpty, name.count <= 60, !name.contains(0x40) else { return }
    found.add(
        Detail(.name, value: String(decoding: name, as: UTF8.self), confidence: 0.8, line: nil, evidence: evidence))
}

/// `NAME;PARAMETERS:value` of a vCard or calendar.
private struct CardProperty {
    let name: String
    let parameters: Range<Int>
    let value: Range<Int>

    init?(_ bytes: [UInt8], _ line: Range<Int>) {
        var index = line.lowerBound
        while index < line.upperBound, isASCIILetter(bytes[index]) || bytes[index] == 0x2D || bytes[index] == 0x2E {
            index += 1
        }
        guard index > line.lowerBound, index < line.upperBound, bytes[index] == 0x3A || bytes[index] == 0x3B else {
            return nil
        }
        let nameEnd = index
        var isQuoted = false
        while index < line.upperBound, isQuoted || bytes[index] != 0x3A {
            if bytes[index] == 0x22 { isQuoted.toggle() }
            index += 1
        }
        guard index < line.upperBound else { return nil }
        // `item1.TEL`: Apple groups properties so.
        let whole = String(decoding: bytes[line.lowerBound..<nameEnd], as: UTF8.self).uppercased()
        name = String(whole.split(separator: ".").last ?? "")
        parameters = nameEnd..<index
        value = trimmed(bytes, index + 1..<line.upperBound)
    }

    var isOrganiser: Bool { name == "ORGANIZER" }

    var field: Detail.Field? {
        switch name {
        case "FN": .name
        case "ORG": .company
        case "TITLE": .title
        case "TEL": .phone
        case "EMAIL": .email
        case "ADR": .address
        case "URL": .website
        default: nil
        }
    }
}

/// RFC 6350 section 3.2: a line that begins with a blank goes on with the one before.
private func unfolded(_ bytes: [UInt8]) -> [UInt8] {
    var lines: [UInt8] = []
    lines.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
        if byte == 0x0D { continue }
        if byte == 0x20 || byte == 0x09, index > 0, bytes[index - 1] == 0x0A {
            lines.removeLast()
            continue
        }
        lines.append(byte)
    }
    return lines
}

/// RFC 6350 section 3.4.
private func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
    var text: [UInt8] = []
    var isEscaped = false
    for byte in bytes {
        if !isEscaped, byte == 0x5C {
            isEscaped = true
            continue
        }
        text.append(isEscaped && (byte | 0x20) == 0x6E ? 0x20 : byte)
        isEscaped = false
    }
    return String(decoding: text, as: UTF8.self)
}

private func joinedParts(_ value: String) -> String {
    value.split(separator: ";").map { $0.replacing("\\,", with: ",") }.filter { !$0.isEmpty }.joined(separator: ", ")
}

private func firstPart(_ value: String) -> String {
    String(value.split(separator: ";").first ?? "").replacing("\\,", with: ",")
}
