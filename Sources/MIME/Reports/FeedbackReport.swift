/// A complaint about a mail, or a note that it failed a check: the machine-readable part of a feedback report (RFC 5965
/// section 3; failures of DKIM and SPF, RFC 6591).
package struct FeedbackReport: Sendable, Hashable {
    /// Lower-cased: `abuse`, `fraud`, `virus`, `other` (section 7.3), `not-spam` (RFC 6430), `auth-failure` (RFC 6591);
    /// empty when it is missing.
    package internal(set) var feedbackType = ""
    package internal(set) var userAgent: String?
    package internal(set) var version: String?
    package internal(set) var originalEnvelopeID: String?
    /// The reverse path, without angle brackets; empty is null.
    package internal(set) var originalMailFrom: String?
    /// Without angle brackets.
    package internal(set) var originalRecipients: [String] = []
    /// In seconds since 1970.
    package internal(set) var arrivalDate: Int64?
    package internal(set) var reportingMTA: TypedValue?
    package internal(set) var sourceIP: IPAddress?
    /// How many complaints this one stands for; 1 when nothing is said.
    package internal(set) var incidents = 1
    package internal(set) var reportedDomains: [String] = []
    package internal(set) var reportedURIs: [String] = []
    package internal(set) var authenticationResults: [AuthenticationResults] = []
    /// All fields, those above included.
    package internal(set) var fields: [NamedValue] = []
    package internal(set) var defects: [Defect] = []
}

extension Message {
    private static let feedbackTypes: Set<String> = ["message/feedback-report"]

    /// The feedback report that this mail carries; nil when it carries none.
    package var feedbackReport: FeedbackReport? {
        let parts = reportParts(Self.feedbackTypes, reportType: "feedback-report") { groups in
            groups.contains { $0["feedback-type"] != nil }
        }
        guard let part = parts.first else { return nil }
        var findings = Findings(limits: .standard)
        let groups = reportGroups(part, &findings)
        if !Self.feedbackTypes.contains(part.mediaType) { findings.note(.mislabelledReport) }
        return readFeedbackReport(groups, &findings)
    }
}

/// One group of fields (section 3); blank lines between them are passed over.
private func readFeedbackReport(_ groups: [ReportGroup], _ findings: inout Findings) -> FeedbackReport {
    if groups.count > 1 { findings.note(.misplacedBlankLine) }
    let group = ReportGroup(fields: groups.flatMap(\.fields))
    var found = FeedbackReport()
    found.feedbackType = leadingWord(group["feedback-type"] ?? "")
    if found.feedbackType.isEmpty { findings.note(.badReportField) }
    found.userAgent = group["user-agent"]
    found.version = group["version"]
    found.originalEnvelopeID = group["original-envelope-id"]
    found.originalMailFrom = group["original-mail-from"].map { TypedValue(type: "", value: $0).address }
    found.originalRecipients = group.all("original-rcpt-to").map { TypedValue(type: "", value: $0).address }
    // Received-Date is its name in older drafts.
    found.arrivalDate = date(group, group["arrival-date"] == nil ? "received-date" : "arrival-date", &findings)
    found.reportingMTA = group["reporting-mta"].flatMap { TypedValue($0) }
    found.sourceIP = group["source-ip"].flatMap { IPAddress(leadingWord($0)) }
    found.incidents = group["incidents"].flatMap { Int(leadingWord($0)) }.map { Swift.max(1, $0) } ?? 1
    found.reportedDomains = group.all("reported-domain")
    found.reportedURIs = group.all("reported-uri")
    found.authenticationResults = group.all("authentication-results").map { body in
        let bytes = Array(body.utf8)
        return readAuthenticationResults(bytes.span, 0..<bytes.count, &findings)
    }
    found.fields = group.fields
    found.defects = findings.defects
    return found
}
