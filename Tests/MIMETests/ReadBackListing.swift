import Foundation
import MIME
import Vocabulary

/// What a reader must find in a message, and what our own reader finds, in the lines that `fixtures/readback` describes.
struct ReadBackListing {
    private(set) var lines: [String] = []
    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    private mutating func put(_ name: String, _ value: String, isText: Bool = true) {
        put(name, Array(value.utf8), isText: isText)
    }

    private mutating func put(_ name: String, _ value: [UInt8], isText: Bool) {
        var escaped = Array("\(name) ".utf8)
        for byte in value {
            if byte >= 32 && byte != 37 && byte != 127 && (isText || byte < 128) {
                escaped.append(byte)
            } else {
                escaped += [37, Self.hexDigits[Int(byte >> 4)], Self.hexDigits[Int(byte & 15)]]
            }
        }
        lines.append(String(decoding: escaped, as: UTF8.self))
    }

    private mutating func put(_ name: String, _ ids: [MessageID]) {
        if !ids.isEmpty { put(name, ids.map(\.value).joined(separator: " ")) }
    }
}

// MARK: What a message was made from

extension ReadBackListing {
    init(expecting message: OutgoingMessage) {
        let addressFields = [
            ("From", [message.from]), ("Sender", message.sender.map { [$0] } ?? []),
            ("Reply-To", message.replyTo.map { [$0] } ?? []), ("To", message.to), ("Cc", message.cc),
        ].filter { !$0.1.isEmpty }
        let references = message.references.filter { $0.value.utf8.allSatisfy { 33..<127 ~= $0 } }
        var fields = ["Date"] + addressFields.map(\.0) + ["Subject", "Message-ID"]
        if message.inReplyTo != nil { fields.append("In-Reply-To") }
        if !references.isEmpty { fields.append("References") }
        fields += message.fields.map(\.name.description) + ["MIME-Version", "Content-Type"]
        let isSingle = message.html == nil && message.attachments.isEmpty && message.inlineImages.isEmpty
        put("fields", (fields + (isSingle ? ["Content-Transfer-Encoding"] : [])).joined(separator: " "))
        put("date", "\(Int(message.date.timeIntervalSince1970))")
        for (name, addresses) in addressFields {
            for named in addresses {
                put(name.lowercased(), "\(cleaned(named.displayName))\t\(written(named.address))")
            }
        }
        put("subject", cleaned(message.subject))
        put("message-id", [message.messageID])
        put("in-reply-to", message.inReplyTo.map { [$0] } ?? [])
        put("references", references)
        for field in message.fields { put("note", cleaned(field.body)) }
        putParts(message)
    }

    private mutating func putParts(_ message: OutgoingMessage) {
        var depth = 0
        let loose = message.attachments + (message.html == nil ? message.inlineImages.map(\.file) : [])
        if !loose.isEmpty {
            put("part", "0 multipart/mixed")
            depth = 1
        }
        if let html = message.html {
            put("part", "\(depth) multipart/alternative")
            putText(message.text, "text/plain", depth + 1)
            var htmlDepth = depth + 1
            if !message.inlineImages.isEmpty {
                put("part", "\(htmlDepth) multipart/related")
                htmlDepth += 1
            }
            putText(html, "text/html", htmlDepth)
            for image in message.inlineImages { putFile(image.file, htmlDepth, contentID: image.contentID) }
        } else {
            putText(message.text, "text/plain", depth)
            for image in message.inlineImages { putFile(image.file, depth, contentID: nil) }
        }
        for file in message.attachments { putFile(file, depth, contentID: nil) }
    }

    private mutating func putText(_ text: String, _ type: String, _ depth: Int) {
        put("part", "\(depth) \(type)")
        let bytes = canonical(text)
        put("charset", bytes.allSatisfy { $0 < 0x80 } ? "us-ascii" : "utf-8")
        put("body", bytes, isText: true)
    }

    private mutating func putFile(_ file: OutgoingFile, _ depth: Int, contentID: MessageID?) {
        let isEightBitMail = file.mediaType == .embeddedMessage && file.content.contains { $0 >= 0x80 }
        let type = isEightBitMail ? "application/octet-stream" : file.mediaType.description
        let isText = type.hasPrefix("text/")
        put("part", "\(depth) \(type)")
        if isText { put("charset", file.content.allSatisfy { $0 < 0x80 } ? "us-ascii" : "utf-8") }
        put("disposition", contentID == nil ? "attachment" : "inline")
        put("filename", file.name)
        put("name", file.name)
        put("content-id", contentID.map { [$0] } ?? [])
        if type == "message/rfc822" {
            put("embedded", "a mail within")
        } else {
            put("body", file.content, isText: isText)
        }
    }

    /// Control characters and line ends are spaces, and a run of spaces is one.
    private func cleaned(_ text: String) -> String {
        text.split { character in
            character.unicodeScalars.allSatisfy { scalar in
                scalar.value <= 32 || 127...159 ~= scalar.value || 0x2028...0x2029 ~= scalar.value
            }
        }.joined(separator: " ")
    }

    private func written(_ address: EmailAddress) -> String {
        ReadBackSamples.addresses.first { EmailAddress($0.written)?.description == address.description }?.read
            ?? "unknown \(address)"
    }

    /// CRLF for every line end, the last one too, and no NUL.
    private func canonical(_ text: String) -> [UInt8] {
        let lines = String(text.unicodeScalars.filter { $0 != "\0" }).utf8
        var result: [UInt8] = []
        var before: UInt8 = 0
        for byte in lines {
            if byte == 13 || byte == 10 && before != 13 { result += [13, 10] }
            if byte != 13 && byte != 10 { result.append(byte) }
            before = byte
        }
        return result.isEmpty || result.last == 10 ? result : result + [13, 10]
    }
}

// MARK: What our own reader finds

extension ReadBackListing {
    init(reading bytes: [UInt8]) {
        let message = Message(parsing: bytes)
        put("fields", message.header.fields.map(\.name).joined(separator: " "))
        put("date", message.date.map { "\($0)" } ?? "none")
        let addressFields = [
            ("from", message.from), ("sender", message.sender), ("reply-to", message.replyTo), ("to", message.to),
            ("cc", message.cc),
        ]
        for (name, addresses) in addressFields {
            for address in addresses { put(name, "\(address.displayName)\t\(address.address)") }
        }
        put("subject", message.subject)
        put("message-id", message.messageID.map { [$0] } ?? [])
        put("in-reply-to", message.inReplyTo)
        put("references", message.references)
        for note in message.header.all("X-Note") { put("note", note) }
        for part in message.parts where !part.isEmbedded { putPart(part, of: message) }
        for defect in message.defects { put("defect", defect.description) }
    }

    private mutating func putPart(_ part: Part, of message: Message) {
        put("part", "\(part.path.isEmpty ? 0 : part.path.split(separator: ".").count) \(part.mediaType)")
        if let charset = part.charset, part.isText { put("charset", charset) }
        if part.parameters["format"] == "flowed" { lines.append("flowed") }
        if let disposition = part.disposition {
            put("disposition", disposition)
            put("filename", part.filename ?? "")
        }
        if let name = part.parameters["name"] { put("name", name) }
        if let id = part.header.first("Content-ID").flatMap({ MessageID($0) }) { put("content-id", [id]) }
        switch part.kind {
        case .multipart: break
        case .message: put("embedded", Message(parsing: message.decodedBody(part).bytes).subject)
        case .leaf where part.isText: put("body", message.text(part))
        case .leaf: put("body", message.decodedBody(part).bytes, isText: false)
        }
        for defect in message.decodedBody(part).defects { put("defect", defect.description) }
    }
}
