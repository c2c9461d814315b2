import Digest
package import MIME
import Vocabulary

/// The `message` object of `postroom try --json`: what reading made of one mail, with sizes and digests of everything that
/// was decoded, so that another program can compare it with its own reading.
package struct MessageReport: Encodable {
    package let headerCount: Int
    package let headers: Headers
    package let parts: [PartReport]
    package let defects: [String]

    /// `further`: defects that were found elsewhere, inside attachments.
    package init(_ message: Message, further: [String] = []) {
        var defects = message.defects
        var parts: [PartReport] = []
        for part in message.parts { parts.append(PartReport(part, of: message, &defects)) }
        headerCount = message.header.count
        headers = Headers(message)
        self.parts = parts
        let own = defects.map(\.description)
        let known = Set(own)
        self.defects = own + further.filter { !known.contains($0) }
    }

    enum CodingKeys: String, CodingKey {
        case headerCount = "header_count"
        case headers, parts, defects
    }

    package struct Headers: Encodable {
        package let from: [[String]]
        package let to: [[String]]
        package let cc: [[String]]
        package let subject: String?
        package let date: Int64?
        package let messageID: String?
        package let inReplyTo: [String]
        package let references: [String]

        init(_ message: Message) {
            from = message.from.map { [$0.displayName, $0.address] }
            to = message.to.map { [$0.displayName, $0.address] }
            cc = message.cc.map { [$0.displayName, $0.address] }
            subject = message.header.contains("Subject") ? message.subject : nil
            date = message.date
            messageID = message.messageID?.value
            inReplyTo = message.inReplyTo.map(\.value)
            references = message.references.map(\.value)
        }

        enum CodingKeys: String, CodingKey {
            case from, to, cc, subject, date, references
            case messageID = "message-id"
            case inReplyTo = "in-reply-to"
        }

        /// Null stands for a missing value, so that every object has the same keys.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(from, forKey: .from)
            try container.encode(to, forKey: .to)
            try container.encode(cc, forKey: .cc)
            try container.encode(subject, forKey: .subject)
            try container.encode(date, forKey: .date)
            try container.encode(messageID, forKey: .messageID)
            try container.encode(inReplyTo, forKey: .inReplyTo)
            try container.encode(references, forKey: .references)
        }
    }

    package struct PartReport: Encodable {
        package let path: String
        package let kind: String
        package let type: String
        package let charset: String?
        package let disposition: String?
        /// The rest is given of leaves only, text sizes of text only.
        package let leaf: Leaf?

        package struct Leaf {
            package let filename: String?
            package let encoding: String?
            package let size: Int
            package let sha256: String
            package let text: (size: Int, sha256: String)?
        }

        init(_ part: Part, of message: Message, _ defects: inout [Defect]) {
            path = part.path
            kind = part.kind.rawValue
            type = part.mediaType
            charset = part.charset
            disposition = part.disposition
            guard part.kind == .leaf else {
                leaf = nil
                return
            }
            let body = message.decodedBody(part)
            defects += body.defects
            var text: (size: Int, sha256: String)?
            if part.isText {
                let decoded = message.decodedText(part)
                for defect in decoded.defects where !defects.contains(defect) { defects.append(defect) }
                let bytes = Array(decoded.text.utf8)
                text = (bytes.count, Digest.sha256(bytes).hex)
            }
            leaf = Leaf(
                filename: part.filename, encoding: part.transferEncoding, size: body.bytes.count,
                sha256: Digest.sha256(body.bytes).hex, text: text)
        }

        enum CodingKeys: String, CodingKey {
            case path, kind, type, charset, disposition, filename, encoding, size, sha256
            case textSize = "text_size"
            case textDigest = "text_sha256"
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(path, forKey: .path)
            try container.encode(kind, forKey: .kind)
            try container.encode(type, forKey: .type)
            try container.encode(charset, forKey: .charset)
            try container.encode(disposition, forKey: .disposition)
            guard let leaf else { return }
            try container.encode(leaf.filename, forKey: .filename)
            try container.encode(leaf.encoding, forKey: .encoding)
            try container.encode(leaf.size, forKey: .size)
            try container.encode(leaf.sha256, forKey: .sha256)
            if let text = leaf.text {
                try container.encode(text.size, forKey: .textSize)
                try container.encode(text.sha256, forKey: .textDigest)
            }
        }
    }
}
