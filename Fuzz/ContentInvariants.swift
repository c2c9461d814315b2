import MIME

// What must hold for what is read out of a mail on request: its contents, the facts of its files, reports, fields.

func checkContents(of message: Message) {
    let contents = message.contents
    let limits = Limits.standard
    require(contents.attachments.count <= message.parts.count + limits.enclosedFiles, "the limit of files holds")
    require(contents.defects.count <= limits.defects + 1, "the limit of defects holds for contents")
    for text in contents.texts { check(text, in: message) }
    for attachment in contents.attachments {
        check(attachment.part, in: message)
        _ = message.externalBody(attachment.part)
        _ = attachment.part.partialMessage
        checkFacts(attachment, of: message)
    }
}

private func check(_ part: Part, in message: Message) {
    let text = message.decodedText(part)
    require((0...1).contains(text.confidence), "confidence is a share")
    require(message.raw(part).count == part.body.count, "the body of \(part.path) lies in its bytes")
}

private func checkFacts(_ attachment: Attachment, of message: Message) {
    var size = 0
    let facts = message.facts(of: attachment) { piece in size += piece.count }
    require(facts.size == size, "the size of a file is that of its pieces")
    // An embedded message that is encoded against RFC 2045 section 6.4 is a file as it decodes; its part keeps the wire.
    if attachment.part.kind != .message {
        require(facts.size == message.decoded(attachment.part).count, "the size of a file is that of its whole")
    }
    let name = facts.name.text
    require(!name.isEmpty && name.utf8.count <= 255, "a clean name fits a file system")
    require(!name.utf8.contains(47) && !name.utf8.contains(92), "a clean name has no path")
    require(name != "." && name != "..", "a clean name is no folder")
    require(name.utf8.last != 32 && name.utf8.last != 46, "a clean name ends visibly")
    require(name.unicodeScalars.allSatisfy { !isHidden($0) }, "a clean name hides nothing: \(name.debugDescription)")
    require(CleanFilename(name).text == name, "a clean name is clean: \(name.debugDescription)")
}

/// Controls, marks of direction, characters without width.
private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<32, 127..<160, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF, 0xE0000...0xE007F: true
    default: false
    }
}

/// Reports and the fields that are read as data.
func checkStructuredFields(of message: Message) {
    _ = message.deliveryStatus
    _ = message.dispositionNotification
    _ = message.feedbackReport
    for header in message.returnedHeaders + [message.header] {
        require(header.list.defects.count <= Limits.standard.defects + 1, "the limit of defects holds for a list")
        _ = header.received
        _ = header.dispositionNotificationTo
        _ = header.authenticationResults
        _ = header.autoSubmitted
        for uri in header.list.unsubscribe + header.list.post {
            _ = uri.scheme
            _ = uri.recipients
            _ = uri.mailtoFields
        }
    }
}
