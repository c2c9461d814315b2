package import Vocabulary

/// A mail as it was read. Its bytes are kept once; everything else points into them or was decoded from them.
package struct Message: Sendable {
    package let bytes: MessageBytes
    /// The header of the root.
    package let header: Header
    /// All parts, depth first; `parts[0]` is the root and always there.
    package let parts: [Part]
    /// What was wrong with it, in the order in which it was found. Bodies are judged only when they are decoded.
    package let defects: [Defect]
    /// Bytes that reading looked at: at most a small multiple of the size, whatever the message holds.
    package let work: Int

    package let from: [ParsedAddress]
    package let sender: [ParsedAddress]
    package let replyTo: [ParsedAddress]
    package let to: [ParsedAddress]
    package let cc: [ParsedAddress]
    /// Decoded; empty when there is none.
    package let subject: String
    /// The Date field in seconds since 1970; nil when it is missing or unreadable.
    package let date: Int64?
    package let messageID: MessageID?
    package let inReplyTo: [MessageID]
    package let references: [MessageID]

    /// Reads a message. Never fails: what breaks the rules becomes a defect.
    package init(parsing bytes: [UInt8], limits: Limits = .standard) {
        self.init(parsing: MessageBytes(bytes), limits: limits)
    }

    /// The same for bytes that are held already, such as a mapped file. They are kept, not copied.
    package init(parsing bytes: MessageBytes, limits: Limits = .standard) {
        var reader = EntityReader(limits: limits)
        parts = reader.parts(of: bytes)
        self.bytes = bytes
        var root = parts[0].header
        root.rawCharset = Message.rawCharset(of: root, in: parts)
        header = root
        var fields = FieldReader(header: header, findings: reader.findings)
        from = fields.addresses(.from)
        sender = fields.addresses(.sender)
        replyTo = fields.addresses(.replyTo)
        to = fields.addresses(.to)
        cc = fields.addresses(.cc)
        subject = fields.text(.subject) ?? ""
        date = fields.date(.date)
        messageID = fields.messageIDs(.messageID, allowsBare: true).first
        inReplyTo = fields.messageIDs(.inReplyTo)
        references = fields.messageIDs(.references)
        let last = bytes.count - 1
        if last >= 0, bytes.span[last] != 10, bytes.span[last] != 13 { fields.findings.note(.truncatedLine) }
        defects = fields.findings.defects
        work = fields.findings.work
    }

    /// What raw bytes above 127 in the fields most likely are: written in the charset of the text, where that says
    /// anything; else what they look like together.
    private static func rawCharset(of header: Header, in parts: [Part]) -> Charset? {
        guard let first = header.entries.first, let last = header.entries.last,
            !isASCII(header.bytes.span, first.name.lowerBound..<last.body.upperBound)
        else { return nil }
        let text = parts.first { $0.isText && !$0.isEmbedded }?.parameters["charset"].flatMap { Charset(label: $0) }
        guard let text, text != .ascii, text != .utf8 else { return rawFieldCharset(of: header) }
        return text
    }

    /// The part with this path.
    package func part(_ path: String) -> Part? { parts.first { $0.path == path } }

    /// A copy of the body as it stands, not decoded.
    package func raw(_ part: Part) -> [UInt8] { part.header.bytes.copy(part.body) }
}

/// An address as it was found, which need not be a valid one.
package struct ParsedAddress: Sendable, Hashable {
    /// Decoded; empty when there was none.
    package let displayName: String
    package let address: String
    /// The address, if it may stand in an SMTP command.
    package let email: EmailAddress?

    package init(displayName: String, address: String) {
        self.displayName = displayName
        self.address = address
        email = EmailAddress(address)
    }
}
