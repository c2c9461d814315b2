/// One step of the explanation of a decision: what was concluded, from what, and where that stands.
///
/// Reasons are stored with the decision and shown by `postroom explain`, so they are written for a person. They may
/// quote a word of the mail (the phrase that matched); they never go into a log.
package struct Reason: Hashable, Sendable, Codable {
    package enum Subject: String, Hashable, Sendable, Codable, CaseIterable {
        case kind, trust, thread, duplicate, language, detail, category, urgency, importance, complexity,
            tier, team, assignee, deadline, reply, handling, defect
    }

    package let about: Subject
    /// What follows: `complaint`, `P1`, `li.na`, `suppressed: mailingList`.
    package let conclusion: String
    /// Why, in words: `rule vip-complaint matched`, `"投诉" in the subject`, `Auto-Submitted: auto-replied`.
    package let because: String
    /// Where the rule stands: `rules.d/10-vip.yaml:12`, `RFC 3834 section 2`; nil for a plain fact.
    package let source: String?
    /// The weight of this piece of evidence, where several are added up.
    package let weight: Double?

    package init(
        _ about: Subject, _ conclusion: String, because: String, source: String? = nil, weight: Double? = nil
    ) {
        self.about = about
        self.conclusion = conclusion
        self.because = because
        self.source = source
        self.weight = weight
    }
}
