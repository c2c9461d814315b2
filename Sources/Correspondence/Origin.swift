package import MIME
import Vocabulary

/// Says who is behind a mail. Order matters, and each step leaves a reason:
///
/// 1. our own mail, come back (it is automatic too, and still ours);
/// 2. a delivery report, which quotes our mail and must not be taken for it;
/// 3. a machine's mail, also when it comes from an agent's address (a holiday answer runs no command);
/// 4. an agent's;
/// 5. everything else is a customer's: nobody is turned away because his mail is odd.
package func origin(of message: Message, identity: OwnIdentity) -> MailOrigin {
    let facts = HeaderFacts(message.header)
    let reversePath = reversePath(facts)
    let recipients = ourRecipients(message, facts: facts, identity: identity)
    let references = references(of: message)
    let person = writer(of: message, identity: identity)
    let (trust, reasonOfTrust) = trust(in: person, message: message, facts: facts, identity: identity)
    let evidence = machineEvidence(
        EvidenceContext(
            facts: facts, message: message, identity: identity, reversePath: reversePath,
            addressedToUs: recipients.addressed, answersUs: references.contains { identity.isOwn($0) },
            isForm: person.isForm))

    var report: DeliveryReport?
    let kind: WriterKind
    let kindReason: Reason
    if let reason = ownMail(message, facts: facts, identity: identity) {
        (kind, kindReason) = (.own, reason)
    } else if let (found, reason) = deliveryReport(message, facts: facts, reversePath: reversePath, identity: identity)
    {
        (kind, kindReason, report) = (.dsn, reason, found)
    } else if let reason = automaticVerdict(evidence) {
        (kind, kindReason) = (.automatic, reason)
    } else if let reason = person.agentReason {
        (kind, kindReason) = (.agent, reason)
    } else {
        (kind, kindReason) = (.customer, person.reason)
    }
    return MailOrigin(
        kind: kind, trust: trust, writer: person.writer, replyTo: person.replyTo, reversePath: reversePath,
        automatic: evidence.map(\.sign), ours: recipients.ours, addressedToUs: recipients.addressed,
        references: references, tokens: recipients.tokens, ticketNumbers: ticketNumbers(in: message.subject),
        report: report, reasons: [kindReason, reasonOfTrust])
}

/// A copy of what we sent. The field X-Postroom and a Message-ID of our domain are two marks; a provider may rewrite the
/// id or drop the field, so with From ours one of them is enough. A stranger gains nothing by it: his mail is recorded
/// as ours and nobody is answered.
private func ownMail(_ message: Message, facts: HeaderFacts, identity: OwnIdentity) -> Reason? {
    guard let from = message.from.first?.email, identity.isOwn(from) else { return nil }
    var marks: [String] = []
    if facts.first(.ownMark) != nil { marks.append("X-Postroom") }
    if let id = message.messageID, identity.isOwn(id) { marks.append("a Message-ID of \(identity.messageIDDomain)") }
    guard !marks.isEmpty else { return nil }
    return Reason(.kind, "own", because: "From is ours, with \(marks.joined(separator: " and "))")
}

// MARK: - Who writes

private struct Writer {
    var writer: NamedAddress?
    var replyTo: NamedAddress?
    var isForm = false
    var reason: Reason
    /// Set when the writer is one of our people.
    var agentReason: Reason?
}

/// The person behind the mail: From, else Sender (RFC 5322 section 3.6.2). A form or portal writes for somebody else, who
/// stands in Reply-To; that counts when an admin named the form, when From is our own address (a script on our own
/// site), or when nobody reads From's address anyway.
private func writer(of message: Message, identity: OwnIdentity) -> Writer {
    let author = message.from.lazy.compactMap(named).first ?? message.sender.lazy.compactMap(named).first
    let other = attendedReplyTo(message, identity)
    guard let author else {
        let because =
            other == nil ? "no usable address in From, Sender or Reply-To" : "no usable From; Reply-To is taken"
        return Writer(writer: other, replyTo: other, reason: Reason(.kind, "customer", because: because))
    }
    let isForm = identity.isForm(author.address) || identity.isOwn(author.address)
    if let other, isForm || senderRole(author.address.localPart) == .noReply {
        let reason = Reason(.kind, "customer", because: "\(author.address) writes for the person in Reply-To")
        return Writer(writer: other, replyTo: other, isForm: isForm, reason: reason)
    }
    let answer = message.replyTo.lazy.compactMap(named).first { !identity.isOwn($0.address) } ?? author
    var found = Writer(
        writer: author, replyTo: answer, isForm: identity.isForm(author.address),
        reason: Reason(.kind, "customer", because: "From is neither ours nor a machine's"))
    if identity.isAgent(author.address) {
        found.agentReason = Reason(.kind, "agent", because: "From is an agent's address")
    } else if identity.isOwn(author.address) {
        found.agentReason = Reason(.kind, "agent", because: "From is a shared address of ours, without our marks")
    }
    return found
}

private func named(_ parsed: ParsedAddress) -> NamedAddress? {
    parsed.email.map { NamedAddress(displayName: parsed.displayName, address: $0) }
}

/// What the MTA found out is about From. A form that is authenticated vouches for itself and not for the address that a
/// visitor typed into it.
private func trust(
    in person: Writer, message: Message, facts: HeaderFacts, identity: OwnIdentity
) -> (Trust, Reason) {
    let found = senderTrust(facts, from: message.from, authservID: identity.authservID)
    guard found.0 == .authenticated, person.writer?.address != message.from.first?.email else { return found }
    return (.unknown, trustReason(.unknown, "From is authenticated, the person in Reply-To is not"))
}

// MARK: - Where it was sent, and what it answers

/// The topmost Return-Path is the one of the last delivery. Absent is not null (RFC 5321 section 4.4).
private func reversePath(_ facts: HeaderFacts) -> ReversePath {
    guard let field = facts.first(.returnPath) else { return .absent }
    let text = withoutBrackets(field.field.body)
    // Postfix's pipe and some providers write the null path as a name.
    if text.isEmpty || asciiLowercased(text) == "mailer-daemon" { return .null }
    return EmailAddress(text).map { .address($0) } ?? .malformed(shortened(text))
}

/// What stands in the angle brackets; without them the text as it is.
private func withoutBrackets(_ text: some StringProtocol) -> String {
    let bytes = text.utf8
    guard let open = bytes.firstIndex(of: UInt8(ascii: "<")) else { return String(text) }
    let inside = bytes[bytes.index(after: open)...]
    return String(decoding: inside.prefix { $0 != UInt8(ascii: ">") }, as: UTF8.self)
}

/// A mail of ours has one token, an answer to several of our addresses a few.
private let tokenLimit = 16

private struct OurRecipients {
    var ours: EmailAddress?
    var addressed = false
    var tokens: [String] = []
}

/// Our addresses among the recipients. To and Cc come first, because the reply is to come from the address that the
/// customer wrote to; what the MTA noted (Delivered-To) helps with blind copies and carries tokens as well.
private func ourRecipients(_ message: Message, facts: HeaderFacts, identity: OwnIdentity) -> OurRecipients {
    var found = OurRecipients()
    func take(_ address: EmailAddress, addressed: Bool) {
        guard let own = identity.own(address) else { return }
        if found.ours == nil { found.ours = own }
        if addressed { found.addressed = true }
        // An address that is ours as it stands has no extension, whatever its local part looks like.
        guard !identity.addresses.contains(address),
            let token = address.localPartExtension(delimiter: identity.recipientDelimiter), !token.isEmpty,
            found.tokens.count < tokenLimit, !found.tokens.contains(token)
        else { return }
        found.tokens.append(token)
    }
    for parsed in message.to + message.cc { parsed.email.map { take($0, addressed: true) } }
    for entry in facts.entries where entry.role == .otherRecipients || entry.role == .delivered {
        for address in listedAddresses(entry.field.body) { take(address, addressed: entry.role == .otherRecipients) }
    }
    return found
}

/// Good enough for fields that our own side wrote: addresses between commas, with or without angle brackets.
private func listedAddresses(_ body: String) -> [EmailAddress] {
    body.utf8.split(separator: UInt8(ascii: ",")).compactMap { piece in
        let bare = piece.drop { $0 == 32 }.prefix { $0 != 32 }
        guard piece.contains(UInt8(ascii: "<")) else { return EmailAddress(String(decoding: bare, as: UTF8.self)) }
        return EmailAddress(withoutBrackets(Substring(piece)))
    }
}

private func references(of message: Message) -> [MessageID] {
    if message.references.isEmpty, message.inReplyTo.count < 2 { return message.inReplyTo }
    var seen: Set<MessageID> = []
    return (message.references + message.inReplyTo).filter { seen.insert($0).inserted }
}
