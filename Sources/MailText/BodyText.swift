package import MIME

/// Reads a message: all its body parts as one text. `writer` may be another name than that of From, for forms that
/// write for somebody.
package func writtenText(of message: Message, phrases: MailPhrases = .standard) -> WrittenText {
    writtenText(of: message, message.contents, phrases: phrases)
}

/// The same with contents that were looked into already.
package func writtenText(
    of message: Message, _ contents: Contents, phrases: MailPhrases = .standard
) -> WrittenText {
    var defects: [Defect] = []
    return writtenText(of: message, contents, phrases: phrases, noting: &defects)
}

/// The same; what was wrong with the texts that were decoded is added to `defects`.
package func writtenText(
    of message: Message, _ contents: Contents, phrases: MailPhrases = .standard, noting defects: inout [Defect]
) -> WrittenText {
    var body = BodyText(message, contents)
    let plain = body.text()
    defects += body.defects
    return writtenText(plain: plain, writer: message.from.first?.displayName, phrases: phrases)
}

/// The body parts that a person sees, each as plain text, one below the other.
///
/// RFC 2046 section 5.1.4: of the parts of a `multipart/alternative` one is shown. We take the plain one, which has the
/// words without the layout, unless it is blank, as some programs send it. Files that stand in the text are cut out, and
/// a mail that is only a winmail.dat has the text inside (`Contents`). Each text is decoded at most once, HTML beside plain
/// text not at all.
private struct BodyText {
    private let message: Message
    private let parts: [Part]
    private var choice: AlternativeChoice
    /// Texts that were decoded, as plain text: nil where blank.
    private var pieces: [Int: String?] = [:]
    /// Hardly more than `Limits.defects`: those of the text that goes beyond are the last.
    private(set) var defects: [Defect] = []

    init(_ message: Message, _ contents: Contents) {
        self.message = message
        parts = contents.texts
        choice = AlternativeChoice(parts, of: message)
    }

    mutating func text() -> String {
        for (index, part) in parts.enumerated() where part.alternative != nil && part.mediaType == "text/plain" {
            if piece(index) != nil { choice.offer(index, .plain) }
        }
        for (index, part) in parts.enumerated() where part.alternative != nil && !choice.hasPlain(index) {
            if piece(index) != nil { choice.offer(index, part.mediaType == "text/html" ? .html : .other) }
        }
        choice.decide()
        let shown = parts.indices.filter { choice.isShown($0) }.compactMap { piece($0) }
        return shown.count == 1 ? shown[0] : shown.joined(separator: "\n")
    }

    private mutating func piece(_ index: Int) -> String? {
        if let known = pieces[index] { return known }
        let decoded = message.likelyText(parts[index])
        if defects.count <= Limits.standard.defects { defects += decoded.defects }
        let text = plainText(decoded.text, of: parts[index])
        let piece = isBlank(text) ? nil : text
        pieces[index] = .some(piece)
        return piece
    }
}

/// Text of an unknown subtype is plain text (RFC 2046 section 4.1.4).
private func plainText(_ text: String, of part: Part) -> String {
    if part.mediaType == "text/html" { return HTMLText(text).plain }
    let isFlowed = part.parameters["format"].map { $0.lowercased() == "flowed" } ?? false
    guard isFlowed else { return text }
    let deletesSpace = part.parameters["delsp"].map { $0.lowercased() == "yes" } ?? false
    return unflowed(text, deletingSpace: deletesSpace)
}

private func isBlank(_ text: String) -> Bool {
    // Nearly every text shows at its first bytes that it is not.
    var opening = 32
    while true {
        let bytes = Array(text.utf8.prefix(opening))
        // Not past the last four bytes of a beginning: a blank may be cut there.
        let end = bytes.count < opening ? bytes.count : opening - 4
        var index = 0
        while index < end {
            let length = bytes[index] == 0x0A ? 1 : blankLength(bytes, at: index, end: bytes.count)
            if length == 0 { return false }
            index += length
        }
        if end == bytes.count { return true }
        opening *= 16
    }
}
