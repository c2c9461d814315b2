package import MIME
package import Vocabulary

package import struct Foundation.Date

/// What a reply gets when its row of the outbox exists.
package struct ReplyIdentifiers: Sendable {
    package var messageID: MessageID
    package var ticket: TicketNumber
    package var date: Date
    /// Where bounces come: an address with a bounce token. It goes into the envelope, not into the header.
    package var reversePath: EmailAddress
    /// Where the customer's answer comes: our address with a thread token; nil when extensions do not work.
    package var replyTo: EmailAddress?
    /// Keyed digest by which we know our own mail when it comes back.
    package var mark: String?

    package init(
        messageID: MessageID, ticket: TicketNumber, date: Date, reversePath: EmailAddress, replyTo: EmailAddress?,
        mark: String? = nil
    ) {
        self.messageID = messageID
        self.ticket = ticket
        self.date = date
        self.reversePath = reversePath
        self.replyTo = replyTo
        self.mark = mark
    }
}

/// The mail that carries an automatic reply (RFC 3834 section 3, RFC 5322 section 3.6.4).
///
/// `inReplyTo` is the Message-ID of the customer's mail and `references` its References; both together become ours, so
/// that the reply stands below the mail it answers in every mail program. The subject carries the ticket's tag even if
/// the template forgot it.
package func replyMessage(
    rendered: RenderedReply, to: NamedAddress, from: NamedAddress, inReplyTo: MessageID?, references: [MessageID],
    identifiers: ReplyIdentifiers
) -> OutgoingMessage {
    OutgoingMessage(
        from: from, replyTo: identifiers.replyTo.map { NamedAddress(displayName: from.displayName, address: $0) },
        to: [to], subject: taggedSubject(rendered.subject, ticket: identifiers.ticket), date: identifiers.date,
        messageID: identifiers.messageID, inReplyTo: inReplyTo,
        references: thread(references, answering: inReplyTo),
        fields: automaticFields(language: rendered.language, mark: identifiers.mark), text: rendered.text,
        html: rendered.html, boundarySeed: identifiers.messageID.value)
}

/// RFC 3834 section 5 marks the mail for every machine that reads the standard, X-Auto-Response-Suppress for Exchange,
/// which does not. There is no Precedence field: RFC 3834 section 3.1.8 does not recommend
/// one, and filters take it for mass mail.
private func automaticFields(language: Language, mark: String?) -> [(name: FieldName, body: String)] {
    let fields = [
        ("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"), ("X-Postroom", mark ?? "yes"),
        ("Content-Language", language.rawValue),
    ]
    return fields.compactMap { name, body in FieldName(name).map { ($0, body) } }
}

private func taggedSubject(_ subject: String, ticket: TicketNumber) -> String {
    let line = oneLine(subject)
    return line.contains(ticket.subjectTag) ? line : "\(ticket.subjectTag) \(line)"
}

/// The References of the answered mail, then its own id (RFC 5322 section 3.6.4). Of a very long thread the first and the
/// last ones are kept: the first names the thread, the last its place.
private func thread(_ references: [MessageID], answering id: MessageID?) -> [MessageID] {
    var seen: Set<MessageID> = []
    let all = (references.filter { $0 != id } + (id.map { [$0] } ?? [])).filter { seen.insert($0).inserted }
    let limit = 20
    guard all.count > limit, let first = all.first else { return all }
    return [first] + all.suffix(limit - 1)
}
