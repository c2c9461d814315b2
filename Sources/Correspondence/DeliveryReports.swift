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
    if message.parts.contains(where: { !$0.isEmbedded && isStatus($0) }) {
        because = "a message/delivery-status part"
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
    // A gateway may have wrapped the report into a mail of its own.
    let own = message.parts.filter { !$0.isEmbedded && isStatus($0) }
    let parts = own.isEmpty ? message.parts.filter(isStatus) : own
    var report = standardReport(message, parts: parts)
    if report.recipients.isEmpty { report.recipients = plainRecipients(message, facts: facts, identity: identity) }
    report.originalMessageID = originalMessageID(message, identity: identity)
    return report
}

private func isStatus(_ part: Part) -> Bool {
    part.mediaType == "message/delivery-status" || part.mediaType == "message/global-delivery-status"
}

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

private func standardReport(_ message: Message, parts: [Part]) -> DeliveryReport {
    var report = DeliveryReport(recipients: [], originalMessageID: nil, envelopeID: nil)
    for group in parts.prefix(10).flatMap({ fieldGroups(cut(message.text($0), to: reportLimit)) }) {
        report.envelopeID = report.envelopeID ?? group["original-envelope-id"]
        guard let recipient = group["final-recipient"] ?? group["original-recipient"] else { continue }
        let diagnostic = shortened(afterType(group["diagnostic-code"] ?? ""), to: 500)
        let status = statusCode(group["status"] ?? "")
        report.recipients.append(
            DeliveryReport.Recipient(
                finalRecipient: bareAddress(afterType(recipient)),
                action: asciiLowercased(firstWord(group["action"] ?? "")),
                status: status.isEmpty ? plainStatus(diagnostic).status : status, diagnostic: diagnostic))
        if report.recipients.count == recipientLimit { break }
    }
    return report
}

/// Bytes of a report that are read: room for all recipients that are kept.
private let reportLimit = 64_000

/// More recipients than any mail of ours has; a forged report must not fill the store.
private let recipientLimit = 100

/// Groups of fields parted by blank lines (RFC 3464 section 2.1), names lower-cased, first of each kept, unfolded. Some
/// programs put blank lines where none belong: a group without a recipient is then passed over.
private func fieldGroups(_ text: String) -> [[String: String]] {
    var groups: [[String: String]] = [[:]]
    var lastName: String?
    for line in lines(of: text) {
        if line.isEmpty {
            groups.append([:])
            lastName = nil
        } else if line.first == " " || line.first == "\t" {
            guard let lastName else { continue }
            groups[groups.count - 1][lastName, default: ""] += " " + trimmed(line)
        } else if let colon = line.firstIndex(of: ":") {
            let name = asciiLowercased(trimmed(line[..<colon]))
            // A second recipient without a blank line before it (seen from several gateways).
            if name == "final-recipient", groups[groups.count - 1][name] != nil { groups.append([:]) }
            guard groups[groups.count - 1][name] == nil else { continue }
            groups[groups.count - 1][name] = trimmed(line[line.index(after: colon)...])
            lastName = name
        }
    }
    return groups
}

/// Lines without their ends; blank ones are kept.
private func lines(of text: String) -> [Substring] {
    text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        .map { $0.allSatisfy(\.isWhitespace) ? "" : $0 }
}

private func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
}

/// `rfc822; a@example.com` → `a@example.com`; also where the type is missing.
private func afterType(_ body: String) -> String {
    guard let semicolon = body.firstIndex(of: ";"), !body[..<semicolon].contains("@") else { return body }
    return trimmed(body[body.index(after: semicolon)...])
}

private func bareAddress(_ text: String) -> String {
    var text = text[...]
    if let open = text.lastIndex(of: "<") { text = text[text.index(after: open)...].prefix { $0 != ">" } }
    return String(trimmed(text).prefix { !$0.isWhitespace })
}

/// The enhanced status code at the beginning: `5.1.1 (bad destination mailbox)` → `5.1.1`.
private func statusCode(_ body: String) -> String {
    enhancedStatus(in: Array(body.utf8)[...]) ?? ""
}

/// The first `class.subject.detail` (RFC 3463) that stands alone.
private func enhancedStatus(in bytes: ArraySlice<UInt8>) -> String? {
    var previous: UInt8 = 32
    for index in bytes.indices {
        defer { previous = bytes[index] }
        guard [50, 52, 53].contains(bytes[index]), !isDigitOrDot(previous) else { continue }
        let run = bytes[index...].prefix { isDigitOrDot($0) }
        let pieces = run.split(separator: 46, omittingEmptySubsequences: false)
        guard pieces.count == 3 || (pieces.count == 4 && pieces[3].isEmpty), pieces[0].count == 1,
            (1...3).contains(pieces[1].count), (1...3).contains(pieces[2].count)
        else { continue }
        return pieces.prefix(3).map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
    }
    return nil
}

private func isDigitOrDot(_ byte: UInt8) -> Bool { byte &- 48 < 10 || byte == 46 }

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
        if let status = enhancedStatus(in: Array(line.utf8)[...]) { return (status, shortened(trimmed(line), to: 500)) }
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
    for part in message.parts.dropFirst() {
        if part.isEmbedded, let id = part.header.first("Message-ID").flatMap({ MessageID($0) }) { return id }
        guard part.mediaType == "text/rfc822-headers" || part.mediaType == "message/rfc822-headers" else { continue }
        if let id = Message(parsing: message.decoded(part)).messageID { return id }
    }
    for line in lines(of: bounceText(message, limit: reportLimit)) {
        guard asciiLowercased(String(line.prefix(11))) == "message-id:" else { continue }
        return MessageID(trimmed(line.dropFirst(11)))
    }
    return (message.references + message.inReplyTo).last { identity.isOwn($0) }
}
