import Foundation
import MIME
import Vocabulary

// What must hold for every mail, however it was made. `require` says which promise was broken before it aborts.

func require(_ condition: Bool, _ promise: @autoclosure () -> String) {
    if condition { return }
    complain("BROKEN: \(promise())")
    abort()
}

/// Reads a mail in every way we have.
func checkMail(_ bytes: [UInt8]) {
    let message = Message(parsing: bytes)
    check(message, .standard, size: bytes.count)
    checkContents(of: message)
    checkStructuredFields(of: message)
    // Limits that a short mail reaches.
    let tight = Limits(
        nesting: 2, parts: 4, headerBytes: 200, fields: 5, fieldBytes: 60, encodedWords: 2, addresses: 2, messageIDs: 2,
        parameters: 2, defects: 6)
    check(Message(parsing: bytes, limits: tight), tight, size: bytes.count)
    if !bytes.contains(13) && bytes.contains(10) && !message.defects.contains(where: { $0.kind == .encodedComposite }) {
        checkLineEnds(message, bytes)
    }
}

private func check(_ message: Message, _ limits: Limits, size: Int) {
    require(message.parts.first?.path == "", "the root is the first part")
    // An embedded message is read although it is one part too many, once for each level.
    require(message.parts.count <= limits.parts + limits.nesting, "the limit of parts holds")
    require(Set(message.parts.map(\.path)).count == message.parts.count, "a path names one part")
    require(message.defects.count <= limits.defects + 1, "the limit of defects holds")
    require(message.work <= 32 * size + 10_000, "\(message.work) looks at \(size) bytes")
    checkFields(message, limits)
    for part in message.parts { check(part, of: message) }
}

private func checkFields(_ message: Message, _ limits: Limits) {
    require(message.header.count <= limits.fields, "the limit of fields holds")
    require(message.header.fields.count == message.header.count, "each field can be read")
    require(isOneLine(message.subject), "the subject is one line")
    for list in [message.from, message.sender, message.replyTo, message.to, message.cc] {
        require(list.count <= limits.addresses, "the limit of addresses holds")
        for address in list {
            require(isOneLine(address.displayName), "a display name is one line")
            require(isOneLine(address.address), "an address is one line")
        }
    }
    require(message.references.count <= limits.messageIDs, "the limit of identifiers holds")
    for id in message.references + message.inReplyTo + [message.messageID].compactMap(\.self) {
        require(isOneLine(id.value) && !id.value.isEmpty, "an identifier is one line")
    }
}

/// Text that goes into tables, logs and fields of our own: no line end, NUL or other control character.
private func isOneLine(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 32 && $0 != 127 } }

private func check(_ part: Part, of message: Message) {
    let raw = message.raw(part)
    require(raw.count == part.body.count, "the body of \(part.path) lies in its bytes")
    require(part.mediaType.utf8.allSatisfy { $0 > 32 && $0 < 127 }, "a media type is a word")
    let body = message.decodedBody(part)
    require(body.bytes.count <= raw.count, "no decoder writes more than it reads")
    require(body.defects.count <= Limits.standard.defects + 1, "the limit of defects holds for a body")
    var pieces: [UInt8] = []
    let defects = message.decode(part) { piece in
        piece.withUnsafeBufferPointer { pieces.append(contentsOf: $0) }
    }
    require(pieces == body.bytes, "\(part.path) decoded in pieces is what it is as a whole")
    require(defects == body.defects, "\(part.path) has the same defects in pieces and as a whole")
    let text = message.decodedText(part)
    require((0...1).contains(text.confidence), "confidence is a share")
    require(!text.charset.isEmpty, "a text has a charset")
    require(text.text.utf8.count <= 12 * body.bytes.count + 16, "a text is no longer than its bytes explain")
}

/// The same mail with CRLF says the same.
private func checkLineEnds(_ message: Message, _ bytes: [UInt8]) {
    var crlf: [UInt8] = []
    crlf.reserveCapacity(bytes.count * 2)
    for byte in bytes {
        if byte == 10 { crlf.append(13) }
        crlf.append(byte)
    }
    let other = Message(parsing: crlf)
    let (one, two) = (outline(message), outline(other))
    require(one == two, "LF and CRLF read alike:\n\(one)\n\(two)")
}

/// What does not depend on line ends.
private func outline(_ message: Message) -> String {
    var lines = message.parts.map { part in
        """
        \(part.path) \(part.kind) \(part.mediaType) \(part.charset ?? "-") \(part.disposition ?? "-") \
        \(part.filename ?? "-") \(part.transferEncoding ?? "-") \(part.isUndivided) \(part.isBodyText) \
        \(part.isAttachment) \(part.alternative ?? "-")
        """
    }
    for list in [message.from, message.sender, message.replyTo, message.to, message.cc] {
        lines.append(list.map { "\($0.displayName) <\($0.address)>" }.joined(separator: ", "))
    }
    lines.append(message.subject)
    lines.append(message.date.map(String.init) ?? "-")
    lines.append(([message.messageID] + message.inReplyTo + message.references).map { $0?.value ?? "-" }.joined())
    lines += message.defects.map(\.description)
    return lines.joined(separator: "\n")
}
