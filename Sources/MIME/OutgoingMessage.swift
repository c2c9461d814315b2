package import Vocabulary

package import struct Foundation.Date

/// A mail of ours, before it is bytes. A value: the same message serialises to the same bytes, for ever.
///
/// No field can smuggle in another one: names are `FieldName`s, addresses and identifiers are types without control
/// characters, and in every free text line ends and control characters become spaces before it is folded.
package struct OutgoingMessage: Sendable {
    package var from: NamedAddress
    /// Who sent it for the author (RFC 5322 section 3.6.2), if somebody else did.
    package var sender: NamedAddress?
    package var replyTo: NamedAddress?
    package var to: [NamedAddress]
    package var subject: String
    package var date: Date
    package var messageID: MessageID
    package var inReplyTo: MessageID?
    package var references: [MessageID]
    /// Further fields, in their order: `Auto-Submitted: auto-replied`.
    package var fields: [(name: FieldName, body: String)]
    package var text: String
    package var html: String?
    /// What the boundaries of multiparts are made from; nothing else of the message needs to be unique.
    package var boundarySeed: String

    package init(
        from: NamedAddress, sender: NamedAddress? = nil, replyTo: NamedAddress? = nil, to: [NamedAddress],
        subject: String, date: Date, messageID: MessageID, inReplyTo: MessageID? = nil, references: [MessageID] = [],
        fields: [(name: FieldName, body: String)] = [], text: String, html: String? = nil, boundarySeed: String
    ) {
        self.from = from
        self.sender = sender
        self.replyTo = replyTo
        self.to = to
        self.subject = subject
        self.date = date
        self.messageID = messageID
        self.inReplyTo = inReplyTo
        self.references = references
        self.fields = fields
        self.text = text
        self.html = html
        self.boundarySeed = boundarySeed
    }

    /// An address outside ASCII stands in the header: the message needs a server with SMTPUTF8 (RFC 6531). Everything else
    /// is seven-bit.
    package var needsSMTPUTF8: Bool {
        ([from] + to + [sender, replyTo].compactMap { $0 }).contains { named in
            named.address.description.utf8.contains { $0 >= 0x80 }
        }
    }

    /// The message as it goes to the submission server: CRLF line ends, seven-bit, lines of at most 76 characters where the
    /// content allows it (RFC 5322 section 2.1.1).
    package func serialized() -> [UInt8] {
        var writer = MessageWriter()
        writer.write(self)
        return writer.output
    }
}

/// The name of a field (RFC 5322 section 3.6.8): printable ASCII without colon and space, so that it cannot end early.
package struct FieldName: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init?(_ name: String) {
        guard (1...70).contains(name.utf8.count), name.utf8.allSatisfy(isFieldNameByte) else { return nil }
        description = name
    }

    private init(known: String) { description = known }

    package static let autoSubmitted = FieldName(known: "Auto-Submitted")
    package static let autoResponseSuppress = FieldName(known: "X-Auto-Response-Suppress")
    package static let precedence = FieldName(known: "Precedence")
    package static let postroom = FieldName(known: "X-Postroom")
}
