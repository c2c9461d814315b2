package import Vocabulary

/// What a recipient's mail program did with a mail: the machine-readable part of a message disposition notification
/// (RFC 8098 section 3), a read receipt for short.
package struct DispositionNotification: Sendable, Hashable {
    /// `manual-action/MDN-sent-manually; displayed/error` (section 3.2.6). All words are lower-cased.
    package struct Disposition: Sendable, Hashable {
        /// `manual-action` or `automatic-action`; empty when it is missing.
        package let actionMode: String
        /// `mdn-sent-manually` or `mdn-sent-automatically`; empty when it is missing.
        package let sendingMode: String
        /// `displayed`, `deleted`, `dispatched`, `processed`, or an older word (`denied`, `failed`).
        package let type: String
        package let modifiers: [String]
    }

    /// The program's host or user (section 3.2.1), without the product.
    package internal(set) var reportingUA: String?
    package internal(set) var product: String?
    package internal(set) var gateway: TypedValue?
    package internal(set) var originalRecipient: TypedValue?
    package internal(set) var finalRecipient: TypedValue?
    /// Of the mail it is about (section 3.2.5).
    package internal(set) var originalMessageID: MessageID?
    package internal(set) var disposition: Disposition?
    /// Section 3.2.7, and Failure and Warning of RFC 3798.
    package internal(set) var errors: [String] = []
    /// All fields, those above included.
    package internal(set) var fields: [NamedValue] = []
    package internal(set) var defects: [Defect] = []
}

extension Message {
    private static let dispositionTypes: Set<String> = [
        "message/disposition-notification", "message/global-disposition-notification",
    ]

    /// The read receipt that this mail carries; nil when it carries none.
    package var dispositionNotification: DispositionNotification? {
        let parts = reportParts(Self.dispositionTypes, reportType: "disposition-notification") { groups in
            let group = ReportGroup(fields: groups.flatMap(\.fields))
            return group["disposition"] != nil && group["final-recipient"] != nil
        }
        guard let part = parts.first else { return nil }
        var findings = Findings(limits: .standard)
        let groups = reportGroups(part, &findings)
        if !Self.dispositionTypes.contains(part.mediaType) { findings.note(.mislabelledReport) }
        return readDispositionNotification(groups, &findings)
    }
}

extension Header {
    /// Who asks to be told when the mail was read (RFC 8098 section 2.1).
    package var dispositionNotificationTo: [ParsedAddress] {
        let name = "Disposition-Notification-To"
        guard let field = fields(named: name).first else { return [] }
        return field.read(as: name) { bytes, range, findings in
            var reader = AddressListReader(range: range, field: name)
            return reader.read(bytes, limit: findings.limits.addresses, &findings)
        }.value
    }
}

/// One group of fields (section 3.1); blank lines between them are passed over.
private func readDispositionNotification(
    _ groups: [ReportGroup], _ findings: inout Findings
) -> DispositionNotification {
    if groups.count > 1 { findings.note(.misplacedBlankLine) }
    let group = ReportGroup(fields: groups.flatMap(\.fields))
    var found = DispositionNotification()
    if let agent = group["reporting-ua"].flatMap({ TypedValue($0) }) {
        // `name; product`: read as a typed value, the name is its type, and alone it is the value.
        let pieces = (group["reporting-ua"] ?? "").split(separator: ";", maxSplits: 1)
        found.reportingUA = pieces.first.map { word(String($0)) }
        found.product = pieces.count > 1 ? agent.value : nil
    }
    found.gateway = group["mdn-gateway"].flatMap { TypedValue($0) }
    found.originalRecipient = group["original-recipient"].flatMap { TypedValue($0) }
    found.finalRecipient = group["final-recipient"].flatMap { TypedValue($0) }
    found.originalMessageID = group["original-message-id"].flatMap { MessageID($0) }
    found.disposition = group["disposition"].flatMap { DispositionNotification.Disposition($0) }
    if found.disposition == nil || found.finalRecipient == nil { findings.note(.badReportField) }
    found.errors = group.all("error") + group.all("failure") + group.all("warning")
    found.fields = group.fields
    found.defects = findings.defects
    return found
}

extension DispositionNotification.Disposition {
    /// Section 3.2.6; without a semicolon the words are the type. Nil when there is none.
    init?(_ body: String) {
        let text = asciiLowercased(body)
        let halves = text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        let modes = halves.count > 1 ? halves[0].split(separator: "/", maxSplits: 1) : []
        let kind = (halves.last ?? "").split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let type = word(String(kind.first ?? ""))
        guard !type.isEmpty else { return nil }
        let list = kind.count > 1 ? kind[1].split(separator: ",") : []
        self.init(
            actionMode: modes.first.map { word(String($0)) } ?? "",
            sendingMode: modes.count > 1 ? word(String(modes[1])) : "", type: type,
            modifiers: list.map { word(String($0)) }.filter { !$0.isEmpty })
    }
}

/// A value without white space around it and without a comment behind it.
private func word(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let comment = findByte(bytes.span, 40, from: 0, to: bytes.count)
    return MIME.text(bytes.span, trimmed(bytes.span, 0..<(comment < 0 ? bytes.count : comment)))
}
