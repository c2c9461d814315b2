import Vocabulary

/// Sorts the fields of a delivery status into those about the mail and those about each recipient (RFC 3464 section
/// 2.1).
///
/// The standard parts them with blank lines. Programs forget some and add others, so the names decide as well: fields
/// about the mail are known, a second address begins a second recipient, and a group without an address is about the
/// recipient before it.
struct DeliveryStatusReader {
    private static let ofMessage: Set<String> = [
        "original-envelope-id", "reporting-mta", "dsn-gateway", "received-from-mta", "arrival-date",
    ]
    private static let ofRecipient: Set<String> = [
        "original-recipient", "final-recipient", "action", "status", "remote-mta", "diagnostic-code",
        "last-attempt-date", "final-log-id", "will-retry-until",
    ]

    private var fields: [NamedValue] = []
    private var recipients: [ReportGroup] = []
    /// The names of the last one's fields.
    private var namesOfLast: Set<String> = []
    private var isFull = false

    mutating func take(_ group: ReportGroup, _ findings: inout Findings) {
        guard group.fields.contains(where: { isAddress($0) }) else { return takeNameless(group, &findings) }
        var current = ReportGroup()
        for field in group.fields {
            if Self.ofMessage.contains(field.name) {
                // The blank line between the mail's fields and the first recipient's is missing.
                findings.note(.misplacedBlankLine)
                fields.append(field)
                continue
            }
            if let taken = beginsAnother(field, after: current) {
                findings.note(.misplacedBlankLine)
                let next = ReportGroup(fields: current.fields.suffix(taken))
                current.fields.removeLast(taken)
                add(current, &findings)
                current = next
            }
            current.fields.append(field)
        }
        add(current, &findings)
    }

    private func isAddress(_ field: NamedValue) -> Bool {
        (field.name == "final-recipient" || field.name == "original-recipient") && !field.value.isEmpty
    }

    /// How many fields the next recipient takes over from the current one when this field begins it; nil when it does
    /// not.
    private func beginsAnother(_ field: NamedValue, after current: ReportGroup) -> Int? {
        guard isAddress(field), current[field.name] != nil else { return nil }
        // Original-Recipient stands before Final-Recipient (section 2.3): alone at the end, it was the next one's
        // already.
        guard field.name == "final-recipient", let last = current.fields.last, last.name == "original-recipient",
            let final = current.fields.lastIndex(where: { $0.name == "final-recipient" }),
            final < current.fields.count - 2
        else { return 0 }
        return 1
    }

    /// A group that names nobody: about the mail, or cut off the recipient before it by a blank line.
    private mutating func takeNameless(_ group: ReportGroup, _ findings: inout Findings) {
        guard group.fields.contains(where: { Self.ofRecipient.contains($0.name) }) else {
            fields += group.fields
            return
        }
        findings.note(.misplacedBlankLine)
        guard let last = recipients.indices.last, !isFull else {
            fields += group.fields
            return
        }
        for field in group.fields {
            let isMissing = Self.ofRecipient.contains(field.name) && namesOfLast.insert(field.name).inserted
            if isMissing { recipients[last].fields.append(field) } else { fields.append(field) }
        }
    }

    private mutating func add(_ group: ReportGroup, _ findings: inout Findings) {
        guard group.fields.contains(where: { isAddress($0) }) else {
            fields += group.fields
            return
        }
        guard recipients.count < findings.limits.recipients else {
            isFull = true
            return findings.note(.recipientLimit)
        }
        recipients.append(group)
        namesOfLast = Set(group.fields.map(\.name))
    }

    // MARK: From fields to values

    func finish(_ findings: inout Findings) -> DeliveryStatus {
        var status = DeliveryStatus()
        let message = ReportGroup(fields: fields)
        status.originalEnvelopeID = message["original-envelope-id"]
        status.reportingMTA = message["reporting-mta"].flatMap { TypedValue($0) }
        status.gateway = message["dsn-gateway"].flatMap { TypedValue($0) }
        status.receivedFromMTA = message["received-from-mta"].flatMap { TypedValue($0) }
        status.arrivalDate = date(message, "arrival-date", &findings)
        status.fields = fields
        status.recipients = recipients.map { recipient($0, &findings) }
        status.defects = findings.defects
        return status
    }

    private func recipient(_ group: ReportGroup, _ findings: inout Findings) -> DeliveryStatus.Recipient {
        var recipient = DeliveryStatus.Recipient()
        recipient.originalRecipient = group["original-recipient"].flatMap { TypedValue($0) }
        recipient.finalRecipient = group["final-recipient"].flatMap { TypedValue($0) }
        recipient.action = leadingWord(group["action"] ?? "")
        recipient.status = group["status"].flatMap { EnhancedStatus(firstIn: $0) }
        if recipient.action.isEmpty || recipient.status == nil { findings.note(.badReportField) }
        recipient.remoteMTA = group["remote-mta"].flatMap { TypedValue($0) }
        recipient.diagnostic = group["diagnostic-code"].flatMap { TypedValue($0) }
        recipient.lastAttempt = date(group, "last-attempt-date", &findings)
        recipient.willRetryUntil = date(group, "will-retry-until", &findings)
        recipient.finalLogID = group["final-log-id"]
        recipient.fields = group.fields
        return recipient
    }
}

/// A date of a report field, in seconds since 1970.
func date(_ group: ReportGroup, _ name: String, _ findings: inout Findings) -> Int64? {
    guard let value = group[name].map({ Array($0.utf8) }) else { return nil }
    let date = readDate(value.span, 0..<value.count)
    if date == nil { findings.note(.badDate, field: name) }
    return date
}

/// The first word, lower-cased: up to white space, a comma, a semicolon or a comment.
func leadingWord(_ body: String) -> String {
    let word = body.utf8.prefix { $0 > 32 && $0 != 44 && $0 != 59 && $0 != 40 }
    return asciiLowercased(String(decoding: word, as: UTF8.self))
}
