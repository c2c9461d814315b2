package import MIME

/// Reads a message: all its body parts as one text. `writer` may be another name than that of From, for forms that
/// write for somebody.
package func writtenText(of message: Message) -> WrittenText { writtenText(of: message, message.contents) }

/// The same with contents that were looked into already.
package func writtenText(of message: Message, _ contents: Contents) -> WrittenText {
    writtenText(plain: bodyText(of: message, contents), writer: message.from.first?.displayName)
}

/// The body parts that a person sees, each as plain text, one below the other.
///
/// RFC 2046 section 5.1.4: of the parts of a `multipart/alternative` one is shown. We take the plain one, which has the
/// words without the layout, unless it is blank, as some programs send it. Files that stand in the text are cut out, and
/// a mail that is only a winmail.dat has the text inside (`Contents`).
func bodyText(of message: Message, _ contents: Contents) -> String {
    var pieces: [String] = []
    func take(_ text: String, _ part: Part) {
        let piece = plainText(text, of: part)
        if !isBlank(piece) { pieces.append(piece) }
    }
    var decided: [String: String] = [:]
    let parts = contents.texts
    for (index, part) in parts.enumerated() {
        guard let alternative = part.alternative else {
            take(message.text(part), part)
            continue
        }
        if let type = decided[alternative] {
            if type == part.mediaType { take(message.text(part), part) }
            continue
        }
        // Usually the first of the siblings is the plain one, so that its text is decoded once.
        let own = part.mediaType == "text/plain" ? message.text(part) : nil
        let hasPlain =
            own.map { !isBlank($0) } ?? false
            || parts[(index + 1)...].contains {
                $0.alternative == alternative && $0.mediaType == "text/plain" && !isBlank(message.text($0))
            }
        let type = hasPlain ? "text/plain" : "text/html"
        decided[alternative] = type
        if part.mediaType == type || !parts[(index + 1)...].contains(where: { $0.alternative == alternative }) {
            take(own ?? message.text(part), part)
        }
    }
    return pieces.count == 1 ? pieces[0] : pieces.joined(separator: "\n")
}

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
