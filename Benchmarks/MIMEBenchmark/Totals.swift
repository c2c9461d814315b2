import MIME

/// What was read, so that two readers can be seen to do the same.
struct Totals {
    var parts = 0
    var decoded = 0
    var text = 0

    mutating func add(_ bytes: [UInt8]) {
        let message = Message(parsing: bytes)
        parts += message.parts.count
        for part in message.parts where part.kind == .leaf {
            if part.isText {
                text += message.decodedText(part).text.utf8.count
            } else {
                decoded += message.decoded(part).count
            }
        }
    }

    mutating func addInPieces(_ message: Message) {
        parts += message.parts.count
        for part in message.parts where part.kind == .leaf {
            if part.isText {
                text += message.decodedText(part).text.utf8.count
            } else {
                var count = 0
                _ = message.decode(part) { piece in count += piece.count }
                decoded += count
            }
        }
    }

    /// Everything that can be asked of a message.
    mutating func addAll(of message: Message) {
        addInPieces(message)
        let contents = message.contents
        for attachment in contents.attachments { decoded += message.facts(of: attachment).size }
        parts += contents.texts.count + message.header.received.count + message.header.authenticationResults.count
        parts += message.header.list.unsubscribe.count + message.returnedHeaders.count
        parts += message.deliveryStatus?.recipients.count ?? 0
    }
}
