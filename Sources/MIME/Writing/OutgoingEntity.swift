import Vocabulary

/// The parts of a message that is being written, with charset and transfer encoding chosen.
indirect enum OutgoingEntity {
    enum Multipart: String { case mixed, alternative, related }

    case text(OutgoingText)
    /// With a Content-ID it is shown within the text.
    case file(EncodedFile, contentID: MessageID?)
    case multipart(Multipart, [OutgoingEntity])

    init(_ message: OutgoingMessage) {
        var body = OutgoingEntity.text(OutgoingText(message.text, mediaType: "text/plain"))
        var files: [OutgoingEntity] = []
        let images = message.inlineImages
        if let html = message.html {
            var shown = OutgoingEntity.text(OutgoingText(html, mediaType: "text/html"))
            if !images.isEmpty {
                let pictures = images.map { OutgoingEntity.file(EncodedFile($0.file), contentID: $0.contentID) }
                shown = .multipart(.related, [shown] + pictures)
            }
            body = .multipart(.alternative, [body, shown])
        } else {
            files = images.map { .file(EncodedFile($0.file), contentID: nil) }
        }
        files += message.attachments.map { .file(EncodedFile($0), contentID: nil) }
        self = files.isEmpty ? body : .multipart(.mixed, [body] + files)
    }

    /// The last CRLF of what was written is part of the content, unlike the one that base64 ends its last line with.
    var keepsLastLineEnd: Bool {
        switch self {
        case .text(let text): text.encoding != .base64
        case .file(let file, _): file.encoding != .base64
        case .multipart: false
        }
    }

    /// The bodies in which a boundary might stand.
    var plainBodies: [[UInt8]] {
        switch self {
        case .text(let text): text.encoding == .sevenBit ? [text.bytes] : []
        case .file(let file, _): file.encoding == .sevenBit ? [file.content] : []
        case .multipart(_, let parts): parts.flatMap(\.plainBodies)
        }
    }

    var estimatedSize: Int {
        switch self {
        case .text(let text): text.bytes.count / 2 * 3 + 512
        case .file(let file, _): file.content.count / 72 * 100 + 2048
        case .multipart(_, let parts): parts.reduce(512) { $0 + $1.estimatedSize }
        }
    }
}

/// A text with CRLF line ends and what is said about it. Charset: us-ascii where that is enough, else utf-8, which every
/// mail program of today reads.
struct OutgoingText {
    let mediaType: String
    let bytes: [UInt8]
    let charset: String
    let isFlowed: Bool
    let encoding: BodyEncoding

    init(_ text: String, mediaType: String) {
        self.mediaType = mediaType
        let canonical = canonicalText(text)
        let flowed = mediaType == "text/plain" ? flowedText(canonical) : nil
        isFlowed = flowed != nil
        bytes = flowed ?? canonical
        charset = charsetName(bytes) ?? "utf-8"
        encoding = BodyEncoding(text: bytes)
    }
}

/// A file and what is said about it.
struct EncodedFile {
    let name: String
    let mediaType: String
    /// Of text that is UTF-8; a text file in another charset says nothing, and the reader guesses.
    let charset: String?
    let content: [UInt8]
    let encoding: BodyEncoding

    init(_ file: OutgoingFile) {
        name = file.name
        charset = file.mediaType.isText ? charsetName(file.content) : nil
        guard file.mediaType.isMessage else {
            // Base64 gives the recipient the very bytes, also of text: a signature may depend on its line ends.
            mediaType = file.mediaType.description
            content = file.content
            encoding = .base64
            return
        }
        // RFC 2046 section 5.2.1: a message is not encoded. One that needs it goes as a file, which opens the same way.
        if let plain = sevenBitMessage(file.content) {
            mediaType = file.mediaType.description
            content = plain
            encoding = .sevenBit
        } else {
            mediaType = MediaType.octetStream.description
            content = file.content
            encoding = .base64
        }
    }
}

/// The smallest charset that we name; nil when the text is in none of them.
private func charsetName(_ bytes: [UInt8]) -> String? {
    if isASCII(bytes.span, 0..<bytes.count) { return "us-ascii" }
    return isValidUTF8(bytes.span, 0..<bytes.count) ? "utf-8" : nil
}

/// The bytes of a mail with CRLF line ends, if they are what RFC 2045 section 2.7 calls seven-bit data; else nil.
private func sevenBitMessage(_ bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 32)
    var length = 0
    for (index, byte) in bytes.enumerated() {
        if byte == 13 {
            guard index + 1 < bytes.count, bytes[index + 1] == 10 else { return nil }
            continue
        }
        if byte == 10 {
            result += [13, 10]
            length = 0
            continue
        }
        length += 1
        guard byte > 0, byte < 0x80, length <= 998 else { return nil }
        result.append(byte)
    }
    return result
}

/// Text as a body has it: CRLF line ends, no lone CR or LF, no NUL (RFC 5322 section 2.3).
func canonicalText(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + text.utf8.count / 32 + 64)
    var wasCR = false
    for byte in text.utf8 {
        if byte == 10 {
            if !wasCR { bytes += [13, 10] }
        } else if byte == 13 {
            bytes += [13, 10]
        } else if byte != 0 {
            bytes.append(byte)
        }
        wasCR = byte == 13
    }
    if !bytes.isEmpty && bytes.last != 10 { bytes += [13, 10] }
    return bytes
}
