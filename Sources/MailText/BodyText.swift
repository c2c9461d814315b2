package import MIME

/// Reads a message: all its body parts as one text. `writer` may be another name than that of From, for forms that
/// write for somebody.
package func writtenText(of message: Message) -> WrittenText {
    writtenText(plain: bodyText(of: message), writer: message.from.first?.displayName)
}

/// The body parts that a person sees, each as plain text, one below the other.
///
/// RFC 2046 section 5.1.4: of the parts of a `multipart/alternative` one is shown. We take the plain one, which has the
/// words without the layout, unless it is blank, as some programs send it.
func bodyText(of message: Message) -> String {
    var pieces: [String] = []
    var decided: [String: String] = [:]
    let parts = message.parts.filter(\.isBodyText)
    for part in parts {
        guard let alternative = part.alternative else {
            pieces.append(plainText(of: part, in: message))
            continue
        }
        if let type = decided[alternative] {
            if type == part.mediaType { pieces.append(plainText(of: part, in: message)) }
            continue
        }
        let siblings = parts.filter { $0.alternative == alternative }
        let plain = siblings.first { $0.mediaType == "text/plain" && !isBlank(message.text($0)) }
        decided[alternative] = plain == nil ? "text/html" : "text/plain"
        if part.mediaType == decided[alternative] || siblings.count == 1 {
            pieces.append(plainText(of: part, in: message))
        }
    }
    return pieces.filter { !isBlank($0) }.joined(separator: "\n")
}

private func plainText(of part: Part, in message: Message) -> String {
    let text = message.text(part)
    if part.mediaType == "text/html" { return HTMLText(text).plain }
    let isFlowed = part.parameters["format"].map { $0.lowercased() == "flowed" } ?? false
    guard isFlowed else { return text }
    let deletesSpace = part.parameters["delsp"].map { $0.lowercased() == "yes" } ?? false
    return unflowed(text, deletingSpace: deletesSpace)
}

private func isBlank(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
        let length = bytes[index] == 0x0A ? 1 : blankLength(bytes, at: index, end: bytes.count)
        if length == 0 { return false }
        index += length
    }
    return true
}
