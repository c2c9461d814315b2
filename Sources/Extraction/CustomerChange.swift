import MailText
import Vocabulary

// A mail that says what has changed: `我们的地址已变更为…`, `our new phone number is …`.

/// Marks the details that stand behind words of change, in the same sentence.
func markChanges(_ text: ScannedText, _ details: [Detail]) -> [Detail] {
    let changes = text.marks.filter { $0.kind == .change }
    guard !changes.isEmpty else { return details }
    // For each place of a change the bytes of the plain text from there to the end of its sentence.
    let reaches = changes.compactMap { change -> Range<Int>? in
        let line = text.line(at: change.start)
        guard line.number != nil else { return nil }
        let end = sentenceEnd(text.bytes, change.end..<line.range.upperBound)
        return text.plainPlaces(change.start..<end)
    }
    return details.map { detail in
        guard isContact(detail.field), let span = detail.span, reaches.contains(where: { $0.overlaps(span) }) else {
            return detail
        }
        var detail = detail
        detail.isChange = true
        detail.evidence += ", said to be new"
        return detail
    }
}

private func isContact(_ field: Detail.Field) -> Bool {
    switch field {
    case .name, .company, .title, .phone, .email, .address, .website: true
    default: false
    }
}

/// `。`, `；`, `;`, and a full stop that a blank follows.
private func sentenceEnd(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    var index = range.lowerBound
    while index < range.upperBound {
        let byte = bytes[index]
        if byte == 0x3B || byte == 0x21 || byte == 0x3F { return index }
        if byte == 0x2E, index + 1 < range.upperBound, bytes[index + 1] == 0x20 { return index }
        if byte == 0xE3, index + 2 < range.upperBound, bytes[index + 1] == 0x80, bytes[index + 2] == 0x82 {
            return index
        }
        index += 1
    }
    return range.upperBound
}
