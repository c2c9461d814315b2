package import Vocabulary

/// Which conditions hold for one message, with what was seen. Made in parallel by `RuleSet.observe`, stored with the
/// message, judged by `RuleSet.evaluate`.
///
/// A condition is named by a digest of what it says, so the same condition has the same name in every rule and after a
/// reload; only conditions that hold are listed.
package struct RuleObservations: Sendable, Codable, Equatable {
    /// The rule set that looked: `RuleSet.fingerprint`.
    package var ruleSet: String
    /// What the classifier said; rules may ask for it and may overrule it.
    package var category: Category?
    package var urgency: Urgency?
    /// Name of the condition, and what was seen: `subject contains "退款"`.
    package var evidence: [String: String]

    package init(
        ruleSet: String = "", category: Category? = nil, urgency: Urgency? = nil, evidence: [String: String] = [:]
    ) {
        self.ruleSet = ruleSet
        self.category = category
        self.urgency = urgency
        self.evidence = evidence
    }
}

/// What the rules want, all of them together. Nil and empty mean that no rule said anything.
package struct RuleEffects: Sendable, Equatable {
    package var category: Category?
    package var urgency: Urgency?
    package var importance: Importance?
    package var complexity: Complexity?
    package var team: String?
    package var assignee: String?
    /// Grade of the customer, for this mail.
    package var tier: String?
    /// Labels for the ticket, each once, in the order of the rules.
    package var tags: [String] = []
    /// Persons or teams who hear of all that happens on the ticket, each once.
    package var watch: [String] = []
    /// The mailbox on the server to which the mail is moved.
    package var moveTo: String?
    /// Until when a person must have answered, and until when the matter must be solved.
    package var due: ServiceTime?
    package var resolution: ServiceTime?
    /// Why the reply waits for a person.
    package var holdReply: String?
    /// Name of the reply's template.
    package var reply: String?
    /// `reply: none`.
    package var noReply = false
    /// What the reply asks the customer for, as far as the mail does not have it.
    package var ask: [Detail.Field] = []
    package var ignore = false
    /// Why, in the admin's words.
    package var ignoreReason: String?
    package var quarantine = false
    /// Persons or teams to tell, each once, in the order of the rules.
    package var notify: [String] = []

    package init() {}
}

/// One thing that one rule wants.
package enum RuleEffect: Hashable, Sendable {
    case category(Category)
    case urgency(Urgency)
    case importance(Importance)
    case complexity(Complexity)
    case team(String)
    case assignee(String)
    case tier(String)
    case tags([String])
    case watch([String])
    case moveTo(String)
    case due(ServiceTime)
    case resolution(ServiceTime)
    case holdReply(String)
    case reply(String)
    case noReply
    case ask([Detail.Field])
    /// With the admin's reason, if there is one.
    case ignore(String?)
    case quarantine
    case notify([String])
}

/// A rule that held.
package struct RuleMatch: Sendable, Equatable {
    package let name: String
    package let location: SourceLocation
    /// Why, one line a condition: `subject contains "退款"`.
    package let evidence: [String]
    /// What it set; an effect that an earlier rule had set already is not in here.
    package let applied: [RuleEffect]
}

/// A rule that did not hold because of one condition alone, although others of its conditions did.
package struct RuleNearMiss: Sendable, Equatable {
    package let name: String
    package let location: SourceLocation
    /// What held.
    package let evidence: [String]
    /// The condition that would have had to be otherwise: `customer.tier is vip`.
    package let failed: String
    package let failedAt: SourceLocation
}

/// What the rules say about one message, and why.
package struct RuleOutcome: Sendable, Equatable {
    package var effects = RuleEffects()
    package var matched: [RuleMatch] = []
    /// Ready to be stored with the decision; the source is `file:line` of the rule.
    package var reasons: [Reason] = []
    /// Only when asked for (`explaining: true`).
    package var nearMisses: [RuleNearMiss] = []
    /// Names of rules that were not tried, because an earlier one said `stop`. Only when asked for.
    package var notReached: [String] = []

    package init() {}

    /// The rule that set the category or urgency, for `Decision.basis`.
    package func rule(setting wanted: (RuleEffect) -> Bool) -> RuleMatch? {
        matched.first { $0.applied.contains(where: wanted) }
    }
}
