import Vocabulary

import struct Foundation.Date

/// Writes an `OutgoingMessage`: header in the order of RFC 5322 section 3.6, then the tree of its parts.
///
/// The tree is the one that mail programs write and read best, each level only where it is needed:
///
///     multipart/mixed                text and attachments (RFC 2046 section 5.1.3)
///         multipart/alternative      the plain text first (RFC 2046 section 5.1.4)
///             text/plain
///             multipart/related      HTML and its pictures (RFC 2387)
///                 text/html
///                 image/png
///         application/pdf
struct MessageWriter {
    private(set) var output: [UInt8] = []
    private var boundaries = Boundaries(seed: "", avoiding: [])

    mutating func write(_ message: OutgoingMessage) {
        let root = OutgoingEntity(message)
        boundaries = Boundaries(seed: message.boundarySeed, avoiding: root.plainBodies)
        output.reserveCapacity(root.estimatedSize + 4096)
        var fields = FieldWriter()
        fields.write("Date", structured: [dateFieldText(message.date)])
        fields.write("From", addresses: [message.from])
        if let sender = message.sender { fields.write("Sender", addresses: [sender]) }
        if let replyTo = message.replyTo { fields.write("Reply-To", addresses: [replyTo]) }
        if !message.to.isEmpty { fields.write("To", addresses: message.to) }
        if !message.cc.isEmpty { fields.write("Cc", addresses: message.cc) }
        fields.write("Subject", phrase: message.subject)
        fields.write("Message-ID", own: message.messageID)
        if let id = message.inReplyTo { fields.write("In-Reply-To", identifiers: [id]) }
        fields.write("References", identifiers: message.references)
        for field in message.fields { fields.write(field.name.description, unstructured: field.body) }
        fields.write("MIME-Version", structured: ["1.0"])
        write(root, &fields)
    }

    /// The Content fields of an entity behind those in `fields`, and its body, which ends at the begin of a line.
    private mutating func write(_ entity: OutgoingEntity, _ fields: inout FieldWriter) {
        switch entity {
        case .text(let text): write(text, &fields)
        case .file(let file, let contentID): write(file, contentID, &fields)
        case .multipart(let kind, let parts): write(kind, parts, &fields)
        }
    }

    private mutating func write(_ text: OutgoingText, _ fields: inout FieldWriter) {
        var words = ["\(text.mediaType);", "charset=\(text.charset)"]
        if text.isFlowed { words = [words[0], words[1] + ";", "format=flowed"] }
        fields.write("Content-Type", structured: words)
        fields.write("Content-Transfer-Encoding", structured: [text.encoding.rawValue])
        end(&fields)
        text.encoding.append(text.bytes, to: &output)
    }

    private mutating func write(_ file: EncodedFile, _ contentID: MessageID?, _ fields: inout FieldWriter) {
        fields.write("Content-Type", value: file.mediaType, charset: file.charset, name: file.name)
        fields.write("Content-Transfer-Encoding", structured: [file.encoding.rawValue])
        fields.write("Content-Disposition", value: contentID == nil ? "attachment" : "inline", filename: file.name)
        if let contentID { fields.write("Content-ID", own: contentID) }
        end(&fields)
        file.encoding.append(file.content, to: &output)
    }

    private mutating func write(
        _ kind: OutgoingEntity.Multipart, _ parts: [OutgoingEntity], _ fields: inout FieldWriter
    ) {
        let boundary = boundaries.next()
        var words = ["multipart/\(kind.rawValue);"]
        // RFC 2387 section 3.1: the type of the part that refers to the others.
        if kind == .related { words.append("type=\"text/html\";") }
        fields.write("Content-Type", structured: words + ["boundary=\"\(boundary)\""])
        end(&fields)
        for part in parts {
            append("--\(boundary)\r\n")
            var partFields = FieldWriter()
            write(part, &partFields)
            // The CRLF before a delimiter belongs to it (RFC 2046 section 5.1.1): a text keeps its own last one.
            if part.keepsLastLineEnd { append("\r\n") }
        }
        append("--\(boundary)--\r\n")
    }

    private mutating func end(_ fields: inout FieldWriter) {
        output += fields.output
        append("\r\n")
    }

    private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }
}

/// Boundaries that cannot stand in the parts: they hold `=_`, which quoted-printable and base64 never write (RFC 2045
/// section 6.7), and differ from every body that is written as it is. None is the begin of another.
private struct Boundaries {
    private let base: String
    private var count = 0

    init(seed: String, avoiding bodies: [[UInt8]]) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in seed.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var base = "_\(String(hash, radix: 36))"
        while bodies.contains(where: { contains($0, Array(base.utf8)) }) {
            hash = hash &* 0x5851_F42D_4C95_7F2D &+ 1
            base = "_\(String(hash, radix: 36))"
        }
        self.base = base
    }

    mutating func next() -> String {
        count += 1
        return "=_\(count)\(base)"
    }
}

private func contains(_ text: [UInt8], _ sequence: [UInt8]) -> Bool {
    var index = 0
    while true {
        index = findByte(text.span, sequence[0], from: index, to: text.count)
        if index < 0 { return false }
        if text[index...].starts(with: sequence) { return true }
        index += 1
    }
}
