import MIME
import Vocabulary

/// The report of a DSN, and how the mail was recognised as one; nil when it is none.
///
/// - By structure: a delivery-status part (RFC 3464), or a refusal in the form of a read receipt (RFC 5429 section
///   2.1.1).
/// - By look: a mail system sent it (`mailer-daemon`, `postmaster`, or nobody) and its subject or its words say that a
///   mail was not delivered; qmail, Exim and the Chinese providers write such ones. Gateways and virus scanners write
///   from any address: then subject and first words must both be those of a notice.
///
/// A person who forwards a bounce, or asks about one, is neither.
func deliveryReport(
    _ message: Message, facts: HeaderFacts, reversePath: ReversePath, identity: OwnIdentity
)
    -> (DeliveryReport, Reason)?
{
    let root = message.parts[0]
    let isReport = root.mediaType == "multipart/report"
    let type = root.parameters["report-type"].map { asciiLowercased($0) }
    let sender = BounceSender(message, reversePath)
    if isReport || sender.system != .none || reversePath == .null, let because = delivery(statusOf: message) {
        return (
            standardReport(of: message, text: nil, facts: facts, identity: identity),
            Reason(.kind, "dsn", because: because, source: "RFC 3464 section 2")
        )
    }
    if isReport, type == "disposition-notification" {
        guard sender.system != .none, deliveryFailureSubject(message.subject) != nil else { return nil }
        let because = "a mail system's read receipt says that the mail was refused"
        return (
            refusal(in: message, facts: facts, identity: identity),
            Reason(.kind, "dsn", because: because, source: "RFC 5429 section 2.1.1")
        )
    }
    if isReport, type != nil, type != "delivery-status" { return nil }
    if sender.isUnattended, let (report, because) = notification(in: message) {
        return (report, Reason(.kind, "dsn", because: because, source: "practice of Amazon SES"))
    }
    let look = BounceLook(message, facts: facts, sender: sender, reversePath: reversePath)
    let because =
        isReport && type == "delivery-status" ? "report-type=delivery-status without that part" : look.sign
    guard let because else { return nil }
    // A gateway may have put the whole report into a mail of its own.
    let report = standardReport(of: message, text: look.text, facts: facts, identity: identity)
    return (report, Reason(.kind, "dsn", because: because, source: "RFC 5321 section 4.5.5, practice"))
}

/// How a delivery status was found in a mail of its own; nil when there is none.
private func delivery(statusOf message: Message) -> String? {
    guard let part = message.deliveryStatusParts.first(where: { !$0.isEmbedded }) else { return nil }
    let isLabelled = part.mediaType.utf8.starts(with: "message/".utf8) && part.kind == .leaf
    return isLabelled ? "a \(part.mediaType) part" : "a delivery status labelled \(shortened(part.mediaType))"
}

// MARK: - What it says

/// From the machine-readable part; when it names nobody, from the text.
private func standardReport(
    of message: Message, text: BounceText?, facts: HeaderFacts, identity: OwnIdentity
)
    -> DeliveryReport
{
    let status = message.deliveryStatus
    let recipients = status?.recipients.prefix(recipientLimit).map { recipient($0) } ?? []
    if recipients.isEmpty {
        var plain = plainReport(of: message, text: text ?? BounceText(message), facts: facts, identity: identity)
        plain.envelopeID = status?.originalEnvelopeID
        return plain
    }
    return DeliveryReport(
        recipients: recipients, originalMessageID: originalMessageID(message, identity: identity),
        envelopeID: status?.originalEnvelopeID)
}

private func recipient(_ recipient: DeliveryStatus.Recipient) -> DeliveryReport.Recipient {
    let diagnostic = shortened(recipient.diagnostic?.value ?? "", to: 500)
    // A gateway may name a mailbox of its own kind (`x400; /S=bob/…`); ours is the other address then.
    let final = recipient.finalRecipient?.address ?? ""
    let given = recipient.originalRecipient?.address ?? ""
    var action = recipient.action
    var status = recipient.status?.description ?? ""
    if status.isEmpty { status = BounceStatus(of: [diagnostic], isDelay: action == "delayed").status }
    // RFC 3464 section 2.3.3 wants an action; without one the class of the status tells (RFC 3463 section 2).
    if action.isEmpty { action = ["2": "delivered", "4": "delayed", "5": "failed"][status.prefix(1)] ?? "" }
    return DeliveryReport.Recipient(
        finalRecipient: final.contains("@") || !given.contains("@") ? recipient.address : given, action: action,
        status: status, diagnostic: diagnostic)
}

private func refusal(in message: Message, facts: HeaderFacts, identity: OwnIdentity) -> DeliveryReport {
    let receipt = message.dispositionNotification
    let known = [receipt?.finalRecipient?.address ?? ""].filter { $0.contains("@") }
    let text = BounceText(message)
    var report = DeliveryReport(
        recipients: BounceRecipients(message, text: text, identity: identity).found(known: known, isDelay: false),
        originalMessageID: receipt?.originalMessageID ?? originalMessageID(message, identity: identity),
        envelopeID: nil)
    // RFC 3463 section 3.8: refused by the recipient's own filter, unless it says more.
    for index in report.recipients.indices where report.recipients[index].status == "5.0.0" {
        report.recipients[index].status = "5.7.1"
    }
    return report
}

private func plainReport(
    of message: Message, text: BounceText, facts: HeaderFacts, identity: OwnIdentity
)
    -> DeliveryReport
{
    let known = facts.all(.failedRecipients).flatMap { namedAddresses($0.field.body) }
    let recipients = BounceRecipients(message, text: text, identity: identity)
        .found(known: known, isDelay: isDelay(message.subject, text))
    return DeliveryReport(
        recipients: recipients, originalMessageID: originalMessageID(message, identity: identity), envelopeID: nil)
}

/// Whether the mail system is still trying. A transient status is no sign: after days of trying it stands in the notice
/// that the mail was given up.
private func isDelay(_ subject: String, _ text: BounceText) -> Bool {
    if delaySubjects.isFound(in: folded(subject)) { return true }
    let said = text.all
    return delays.isFound(in: said) && !ends.isFound(in: said)
}

private let delaySubjects = PhraseTable([
    "delay", "warning", "not yet been delivered", "still being retried", "延迟", "延遲", "遅延", "verzögert", "retardé",
])

private let delays = PhraseTable([
    "has been delayed", "not yet been delivered", "warning message only", "still being retried", "will be retried",
    "will continue", "will keep trying", "need to resend", "has been postponed", "will try again",
    "delivery is delayed",
    "继续尝试", "繼續嘗試", "再送を試み", "遅れています",
])

private let ends = PhraseTable(["given up", "giving up", "permanent", "fatal error", "not going to try again"])

/// The Message-ID of the returned mail: its header part or copy, a line of a text, or what the report refers to.
private func originalMessageID(_ message: Message, identity: OwnIdentity) -> MessageID? {
    let isWrapped = !message.deliveryStatusParts.isEmpty && message.deliveryStatusParts.allSatisfy(\.isEmbedded)
    // The first header of a wrapped report is the report's own.
    for header in message.returnedHeaders.dropFirst(isWrapped ? 1 : 0) {
        if let id = header.first("Message-ID").flatMap({ MessageID($0) }) { return id }
    }
    let texts = message.parts.lazy.filter { $0.kind == .leaf && ($0.isText || $0.isUndivided) }.prefix(8)
    for part in texts {
        if let id = inlineMessageID(textLines(message, part, limit: 64_000)) { return id }
    }
    return (message.references + message.inReplyTo).last { identity.isOwn($0) }
}

/// A `Message-ID:` line in a text, quoted or not, its value on the same line or folded.
private func inlineMessageID(_ lines: [String]) -> MessageID? {
    for (index, line) in lines.enumerated() {
        let bytes = folded(line.prefix(40))
        let words = bytes.drop { $0 == 62 || $0 == 32 || $0 == 124 }
        let names = [messageIDName, originalMessageIDName]
        guard let name = names.first(where: { words.starts(with: $0) }) else { continue }
        let value = line.utf8.dropFirst(words.startIndex + name.count)
        let body = String(decoding: value.drop { $0 == 32 }, as: UTF8.self)
        let folded = body.isEmpty && index + 1 < lines.count ? lines[index + 1] : body
        if let id = MessageID(folded) { return id }
    }
    return nil
}

private let messageIDName = Array("message-id:".utf8)
private let originalMessageIDName = Array("original-message-id:".utf8)
