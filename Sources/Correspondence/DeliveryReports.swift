import MIME
import Vocabulary

/// The report of a DSN, and how the mail was recognised as one; nil when it is none.
///
/// By structure: multipart/report with a delivery-status part (RFC 3464). By look: a mail system sent it (`mailer-daemon`,
/// `postmaster`, or a null reverse path) and its subject or its first words say that a mail was not delivered; qmail,
/// Exim and the Chinese providers write such ones. A person who forwards a bounce is neither.
func deliveryReport(
    _ message: Message, facts: HeaderFacts, reversePath: ReversePath, identity: OwnIdentity
)
    -> (DeliveryReport, Reason)?
{
    let root = message.parts[0]
    let isReport = root.mediaType == "multipart/report"
    let type = root.parameters["report-type"].map { asciiLowercased($0) }
    let fromSystem = isMailSystem(message, reversePath)
    guard isReport || fromSystem || reversePath == .null else { return nil }
    let because: String
    var source = "RFC 3464 section 2"
    if let part = message.deliveryStatusParts.first(where: { !$0.isEmbedded }) {
        let isLabelled = part.mediaType.utf8.starts(with: "message/".utf8) && part.kind == .leaf
        because = isLabelled ? "a \(part.mediaType) part" : "a delivery status labelled \(shortened(part.mediaType))"
    } else if isReport, type == "delivery-status" {
        because = "report-type=delivery-status without that part"
    } else if !isReport || type == nil, let sign = plainBounceSign(message, facts: facts, fromSystem: fromSystem) {
        because = sign
        source = "RFC 5321 section 4.5.5, practice"
    } else {
        return nil
    }
    let report = report(of: message, facts: facts, identity: identity)
    return (report, Reason(.kind, "dsn", because: because, source: source))
}

/// From the machine-readable part; without one, or when it names nobody, from the text.
private func report(of message: Message, facts: HeaderFacts, identity: OwnIdentity) -> DeliveryReport {
    let status = message.deliveryStatus
    var recipients = status?.recipients.prefix(recipientLimit).map { recipient($0) } ?? []
    if recipients.isEmpty { recipients = plainRecipients(message, facts: facts, identity: identity) }
    return DeliveryReport(
        recipients: recipients, originalMessageID: originalMessageID(message, identity: identity),
        envelopeID: status?.originalEnvelopeID)
}

private func recipient(_ recipient: DeliveryStatus.Recipient) -> DeliveryReport.Recipient {
    let diagnostic = shortened(recipient.diagnostic?.value ?? "", to: 500)
    return DeliveryReport.Recipient(
        finalRecipient: recipient.address, action: recipient.action,
        status: recipient.status?.description ?? plainStatus(diagnostic).status, diagnostic: diagnostic)
}

/// More recipients than any mail of ours has; a forged report must not fill the store.
private let recipientLimit = 100

/// From is a mail system's address or name or nobody's at all, or the envelope came from one.
private func isMailSystem(_ message: Message, _ reversePath: ReversePath) -> Bool {
    if case .address(let path) = reversePath, senderRole(path.localPart) == .machine { return true }
    guard let from = message.from.first, !from.address.isEmpty else { return true }
    let localPart = from.email?.localPart ?? String(from.address.prefix { $0 != "@" })
    switch senderRole(localPart) {
    case .machine: return true
    case .role: return asciiLowercased(localPart).hasPrefix("postmaster")
    default: return asciiLowercased(from.displayName).hasPrefix("mail delivery s") || from.displayName == "系统退信"
    }
}

private func plainBounceSign(_ message: Message, facts: HeaderFacts, fromSystem: Bool) -> String? {
    if let field = facts.first(.failedRecipients) { return field.seen }
    let hasAuthor = message.from.contains { !$0.address.isEmpty }
    if deliveryFailureSubject(message.subject, fromMailSystem: fromSystem && hasAuthor) {
        return "Subject: \(shortened(message.subject))"
    }
    guard fromSystem else { return nil }
    let opening = Array(asciiLowercased(bounceText(message, limit: 4_000)).utf8)
    return openings.first { contains(opening, $0) }.map { "the text says \"\($0)\"" }
}

/// How the programs begin.
private let openings = [
    "this is the qmail-send program", "this is the mail system at host",
    "this message was created automatically by mail",
    "had permanent fatal errors", "had delivery problems", "wasn't able to deliver", "was not able to deliver",
    "message could not be delivered", "message couldn't be delivered", "message cannot be delivered",
    "did not reach the following recipient",
    "failed permanently", "delivery to the following recipient", "undeliverable mail", "退信", "无法投递", "无法送达", "未能送达",
    "無法傳遞", "配信できません",
]

/// Lines without their ends; blank ones are kept.
private func lines(of text: String) -> [Substring] {
    text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
}

private func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
}

/// What can be read from a bounce that follows no standard: addresses named before the returned copy, and the first
/// status in it.
private func plainRecipients(
    _ message: Message, facts: HeaderFacts, identity: OwnIdentity
)
    -> [DeliveryReport.Recipient]
{
    let text = bounceText(message, limit: 16_000)
    let said = String(text[..<copyBegins(text)])
    let (status, diagnostic) = plainStatus(said)
    let subject = Array(asciiLowercased(message.subject).utf8)
    let delayed =
        ["delayed", "warning", "not yet been delivered", "延迟", "遅延"].contains { contains(subject, $0) }
        || status.hasPrefix("4.")
    var addresses = facts.all(.failedRecipients).flatMap { namedAddresses($0.field.body) }
    if addresses.isEmpty { addresses = namedAddresses(said) }
    let systems = Set(message.from.map { asciiLowercased($0.address) })
    let failed = addresses.filter { address in
        !systems.contains(asciiLowercased(address)) && !(EmailAddress(address).map { identity.isOwn($0) } ?? true)
    }
    return failed.prefix(recipientLimit).map {
        DeliveryReport.Recipient(
            finalRecipient: $0, action: delayed ? "delayed" : "failed", status: status, diagnostic: diagnostic)
    }
}

/// The first body text, cut.
private func bounceText(_ message: Message, limit: Int) -> String {
    guard let part = message.parts.first(where: { $0.isBodyText }) else { return "" }
    return cut(message.text(part), to: limit)
}

private func cut(_ text: String, to limit: Int) -> String {
    text.utf8.count <= limit ? text : String(decoding: text.utf8.prefix(limit), as: UTF8.self)
}

/// Where the copy of the returned mail begins: its addresses are not those that failed.
private func copyBegins(_ text: String) -> String.Index {
    let bytes = Array(asciiLowercased(text).utf8)
    let marks = [
        "--- below this line is a copy", "this is a copy of the message", "----- original message -----",
        "----- message header", "--- the header of the original", "----- returned message", "\nreturn-path:",
        "\nreceived: ", "\nmessage-id:", "原邮件", "original message headers",
    ]
    let first = marks.compactMap { firstIndex(of: Array($0.utf8), in: bytes[...]) }.min() ?? bytes.count
    return text.utf8.index(text.startIndex, offsetBy: first)
}

/// Enhanced status, else what an SMTP reply code means; and the line on which it stands.
private func plainStatus(_ text: String) -> (status: String, diagnostic: String) {
    for line in lines(of: text) {
        if let status = EnhancedStatus(firstIn: line) { return (status.description, shortened(trimmed(line), to: 500)) }
    }
    for line in lines(of: text) {
        let words = line.split { !$0.isNumber }
        guard let code = words.first(where: { $0.count == 3 && ($0.hasPrefix("55") || $0.hasPrefix("45")) }) else {
            continue
        }
        return ("\(code.prefix(1)).0.0", shortened(trimmed(line), to: 500))
    }
    return ("", "")
}

/// Addresses in a text, each once, in their order.
private func namedAddresses(_ text: String) -> [String] {
    var found: [String] = []
    let ends: Set<Character> = ["<", ">", "(", ")", "[", "]", ",", ";", ":", "\"", "'", "“", "”", "，", "。", "；", "："]
    for word in text.split(whereSeparator: { $0.isWhitespace || ends.contains($0) }) where word.contains("@") {
        let address = word.hasSuffix(".") ? String(word.dropLast()) : String(word)
        guard let parsed = EmailAddress(address), parsed.domain.contains("."), !found.contains(address) else {
            continue
        }
        found.append(address)
        if found.count == recipientLimit { break }
    }
    return found
}

/// The Message-ID of the returned mail: its header part or copy, a line of the text, or what the report refers to.
private func originalMessageID(_ message: Message, identity: OwnIdentity) -> MessageID? {
    for header in message.returnedHeaders {
        if let id = header.first("Message-ID").flatMap({ MessageID($0) }) { return id }
    }
    for line in lines(of: bounceText(message, limit: 64_000)) {
        guard asciiLowercased(String(line.prefix(11))) == "message-id:" else { continue }
        return MessageID(trimmed(line.dropFirst(11)))
    }
    return (message.references + message.inReplyTo).last { identity.isOwn($0) }
}
