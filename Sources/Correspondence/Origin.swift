package import MIME
import Vocabulary

/// Says who is behind a mail. Order matters, and each step leaves a reason:
///
/// 1. our own mail, come back (it is automatic too, and still ours);
/// 2. a delivery report, which quotes our mail and must not be taken for it;
/// 3. a machine's mail, also when it comes from an agent's address (a holiday answer runs no command);
/// 4. a customer's mail that one of our people forwarded;
/// 5. an agent's;
/// 6. everything else is a customer's: nobody is turned away because his mail is odd.
package func origin(of message: Message, identity: OwnIdentity) -> MailOrigin {
    origin(of: message, identity: identity, depth: 0)
}

/// - Parameter depth: how many forwards this mail lies within.
func origin(of message: Message, identity: OwnIdentity, depth: Int) -> MailOrigin {
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

    var origin = MailOrigin(
        kind: .customer, trust: trust, writer: person.writer, replyTo: person.replyTo, reversePath: reversePath,
        automatic: evidence.map(\.sign), ours: recipients.ours, addressedToUs: recipients.addressed,
        references: references, tokens: recipients.tokens, ticketNumbers: ticketNumbers(in: message.subject),
        report: nil, reasons: [person.reason, reasonOfTrust])
    if let (claim, reason) = ownMail(message, facts: facts, identity: identity) {
        (origin.kind, origin.ownClaim, origin.reasons[0]) = (.own, claim, reason)
    } else if let (found, reason) = deliveryReport(message, facts: facts, reversePath: reversePath, identity: identity)
    {
        (origin.kind, origin.report, origin.reasons[0]) = (.dsn, found, reason)
    } else if let reason = automaticVerdict(evidence) {
        (origin.kind, origin.reasons[0]) = (.automatic, reason)
    } else {
        if let reason = person.agentReason { (origin.kind, origin.reasons[0]) = (.agent, reason) }
        if depth < forwardDepth { applyForward(message, to: &origin, identity: identity, depth: depth) }
    }
    origin.reasons += [recipients.reason, answerReason(origin), subjectReason(origin.ticketNumbers)].compactMap { $0 }
    return origin
}

/// A colleague forwards what a colleague forwarded; deeper nests are not taken apart.
private let forwardDepth = 2

/// Where the answer goes, when that is not where the mail came from.
private func answerReason(_ origin: MailOrigin) -> Reason? {
    guard origin.kind == .customer, let writer = origin.writer, let answer = origin.replyTo,
        answer.address != writer.address
    else { return nil }
    return Reason(
        .reply, "answered to \(answer.address)", because: "Reply-To of \(writer.address)",
        source: "RFC 5322 section 3.6.2")
}

/// Two numbers in one subject come from a mail that was forwarded or answered across tickets. Neither is better.
private func subjectReason(_ numbers: [TicketNumber]) -> Reason? {
    guard numbers.count > 1 else { return nil }
    let named = numbers.prefix(5).map { "[#\($0.rawValue)]" }.joined(separator: ", ")
    return Reason(.thread, "no ticket by subject", because: "the subject names several: \(named)")
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
    /// When several of ours were written to: which one answers, and why.
    var reason: Reason?
}

/// Our addresses among the recipients. To and Cc come first, because the reply is to come from the address that the
/// customer wrote to; what the MTA noted (Delivered-To) helps with blind copies and carries tokens as well.
private func ourRecipients(_ message: Message, facts: HeaderFacts, identity: OwnIdentity) -> OurRecipients {
    var found = OurRecipients()
    var all: [EmailAddress] = []
    func take(_ address: EmailAddress, addressed: Bool) {
        guard let own = identity.own(address) else { return }
        if found.ours == nil { found.ours = own }
        if all.count < tokenLimit, !all.contains(own) { all.append(own) }
        if addressed { found.addressed = true }
        // An address that is ours as it stands has no extension, whatever its local part looks like.
        guard !identity.addresses.contains(address),
            let token = address.localPartExtension(delimiter: identity.recipientDelimiter), !token.isEmpty,
            found.tokens.count < tokenLimit, !found.tokens.contains(token)
        else { return }
        found.tokens.append(token)
    }
    for parsed in message.to { parsed.email.map { take($0, addressed: true) } }
    let isInTo = found.ours != nil
    for parsed in message.cc { parsed.email.map { take($0, addressed: true) } }
    let isInCc = found.ours != nil
    for entry in facts.entries where entry.role == .otherRecipients || entry.role == .delivered {
        for address in listedAddresses(entry.field.body) { take(address, addressed: entry.role == .otherRecipients) }
    }
    if let ours = found.ours, all.count > 1 {
        let place = isInTo ? "To" : isInCc ? "Cc" : "the fields of the delivery"
        found.reason = Reason(
            .reply, "answered as \(ours)", because: "the first of our \(all.count) addresses, in \(place)")
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
