import MIME
import Vocabulary

/// What was found within a mail that one of our people forwarded.
private enum Found {
    case mail(ForwardedMail, replyTo: NamedAddress, signs: [AutomaticSign], because: String)
    /// A forward that is left as it is, and why.
    case refused(String)
    case nothing
}

/// Makes the writer of a forwarded mail the customer.
///
/// Only a colleague's forward is taken apart: an agent's, or one from the organisation's own domain. A customer who
/// forwards somebody's mail writes to us himself. It is left alone when authentication failed, when it answers a mail of
/// ours (then the ticket is known), and when it holds several mails, because nobody says which of them is meant.
///
/// Nothing vouches for the address within, so it is not trusted.
func applyForward(_ message: Message, to origin: inout MailOrigin, identity: OwnIdentity, depth: Int) {
    guard let from = message.from.first?.email, identity.isColleague(from) else { return }
    switch forward(in: message, origin: origin, identity: identity, depth: depth) {
    case .mail(let mail, let replyTo, let signs, let because):
        origin.kind = .customer
        origin.trust = .unknown
        origin.forwarded = mail
        origin.writer = mail.originalSender
        origin.replyTo = replyTo
        for sign in signs where !origin.automatic.contains(sign) { origin.automatic.append(sign) }
        if let id = mail.originalMessageID, !origin.references.contains(id) { origin.references.append(id) }
        origin.reasons[0] = Reason(.kind, "customer", because: "forwarded by \(from): \(because)")
        origin.reasons[1] = trustReason(.unknown, "nothing vouches for the sender of the forwarded mail")
    case .refused(let because):
        origin.reasons.append(
            Reason(.kind, origin.kind.rawValue, because: "the forwarded mail is not taken apart: \(because)"))
    case .nothing: return
    }
}

private func forward(in message: Message, origin: MailOrigin, identity: OwnIdentity, depth: Int) -> Found {
    let attached = attachedMails(message)
    let isMarked = isForwardSubject(message.subject)
    let block = isMarked ? forwardBlocks(message) : []
    guard !attached.isEmpty || !block.isEmpty else { return .nothing }
    if origin.trust == .failed { return .refused("authentication failed") }
    let answersUs = origin.references.contains { identity.isOwn($0) } || origin.tokens.contains { $0.hasPrefix("c.") }
    if answersUs { return .refused("the mail answers one of ours") }
    if attached.isEmpty { return inlineForward(block, identity: identity) }
    // A forward says so in its subject, or is nothing but the mail.
    guard isMarked || isEmptyAround(message) else { return .nothing }
    if attached.count > 1 { return .refused("it holds \(attached.count) mails") }
    return attachedForward(message, attached[0], identity: identity, depth: depth)
}

// MARK: - As attachment

private func attachedMails(_ message: Message) -> [Part] {
    message.parts.filter { $0.kind == .message && !$0.isEmbedded }
}

/// No attachment beside the mail, and no more than a signature of text.
private func isEmptyAround(_ message: Message) -> Bool {
    guard !message.parts.contains(where: { $0.isAttachment && $0.kind != .message }) else { return false }
    let text = message.parts.first { $0.isBodyText }.map { textLines(message, $0, limit: 4_000) } ?? []
    return text.reduce(0) { $0 + $1.utf8.count } <= 300
}

private func attachedForward(_ message: Message, _ part: Part, identity: OwnIdentity, depth: Int) -> Found {
    let inner = Message(parsing: message.decoded(part))
    let found = Correspondence.origin(of: inner, identity: identity, depth: depth + 1)
    guard found.kind == .customer, let writer = found.writer else {
        return .refused("the attached mail is no customer's: \(found.reasons[0].because)")
    }
    guard !identity.isColleague(writer.address) else { return .refused("the attached mail is a colleague's") }
    let mail = ForwardedMail(
        originalSender: writer, originalMessageID: inner.messageID, originalSubject: inner.subject, how: .attachment)
    return .mail(
        mail, replyTo: found.replyTo ?? writer, signs: found.automatic.filter { $0.kind != .nullReversePath },
        because: "a message/rfc822 part from \(writer.address)")
}

// MARK: - As text

private func inlineForward(_ blocks: [ForwardBlock], identity: OwnIdentity) -> Found {
    let outside = blocks.filter { block in
        guard let address = block.sender?.address else { return true }
        return !identity.isOwn(address) && !identity.isColleague(address)
    }
    guard let first = outside.first else { return .refused("its senders are all our own people") }
    guard let sender = first.sender else { return .refused("\"\(first.line)\" names no single address") }
    // What the customer quoted follows in the same text; only another forward beside this one competes.
    let rival = outside.dropFirst().first { $0.isMarked && $0.sender?.address != sender.address }
    if rival != nil { return .refused("it holds mails of several senders") }
    guard senderRole(sender.address.localPart) == nil || first.replyTo != nil else {
        return .refused("\(sender.address) is nobody who writes")
    }
    let mail = ForwardedMail(
        originalSender: sender, originalMessageID: first.messageID, originalSubject: first.subject, how: .inline)
    return .mail(mail, replyTo: first.replyTo ?? sender, signs: [], because: first.evidence)
}
