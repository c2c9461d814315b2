package import Vocabulary

package import struct Foundation.Date

/// A mail of ours, before it is bytes. A value: the same message serialises to the same bytes, for ever.
///
/// No field can smuggle in another one: names are `FieldName`s, addresses and identifiers are types without control
/// characters, and in every free text line ends and control characters become spaces before it is folded. Runs of spaces
/// in a field become one, since a reader may not tell them from folding.
package struct OutgoingMessage: Sendable {
    package var from: NamedAddress
    /// Who sent it for the author (RFC 5322 section 3.6.2), if somebody else did.
    package var sender: NamedAddress?
    package var replyTo: NamedAddress?
    package var to: [NamedAddress]
    package var cc: [NamedAddress]
    package var subject: String
    package var date: Date
    package var messageID: MessageID
    /// Identifiers of others that cannot stand in a field as they are (blanks, beyond ASCII, longer than a line) are left
    /// out of this and of `references`: changed they would name another mail.
    package var inReplyTo: MessageID?
    package var references: [MessageID]
    /// Further fields, in their order: `Auto-Submitted: auto-replied`.
    package var fields: [(name: FieldName, body: String)]
    package var text: String
    package var html: String?
    /// Pictures that `html` shows by their `InlineImage.url`. Without `html` they are attachments.
    package var inlineImages: [InlineImage]
    package var attachments: [OutgoingFile]
    /// What the boundaries of multiparts are made from; nothing else of the message needs to be unique.
    package var boundarySeed: String

    package init(
        from: NamedAddress, sender: NamedAddress? = nil, replyTo: NamedAddress? = nil, to: [NamedAddress],
        cc: [NamedAddress] = [], subject: String, date: Date, messageID: MessageID, inReplyTo: MessageID? = nil,
        references: [MessageID] = [], fields: [(name: FieldName, body: String)] = [], text: String,
        html: String? = nil, inlineImages: [InlineImage] = [], attachments: [OutgoingFile] = [], boundarySeed: String
    ) {
        self.from = from
        self.sender = sender
        self.replyTo = replyTo
        self.to = to
        self.cc = cc
        self.subject = subject
        self.date = date
        self.messageID = messageID
        self.inReplyTo = inReplyTo
        self.references = references
        self.fields = fields
        self.text = text
        self.html = html
        self.inlineImages = inlineImages
        self.attachments = attachments
        self.boundarySeed = boundarySeed
    }

    /// An address beyond ASCII stands in the header, so the message needs a server with SMTPUTF8 (RFC 6531). That is one
    /// with such a local part: a domain is written in its ASCII form. Everything else is seven-bit.
    package var needsSMTPUTF8: Bool {
        ([from] + to + cc + [sender, replyTo].compactMap { $0 }).contains { named in
            named.address.withASCIIDomain.description.utf8.contains { $0 >= 0x80 }
        }
    }

    /// The message as it goes to the submission server: CRLF line ends, seven-bit, lines of at most 78 characters where the
    /// content allows it and never more than 998 (RFC 5322 section 2.1.1).
    package func serialized() -> [UInt8] {
        var writer = MessageWriter()
        writer.write(self)
        return writer.output
    }
}
