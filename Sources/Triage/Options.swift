package import BusinessTime
package import Classification
package import Correspondence
package import Extraction
package import MailText
package import Replies
package import Routing
package import Rules

package import struct Foundation.TimeInterval

/// Everything of the configuration that understanding, deciding and composing depend on. Made by `ConfigLoading`,
/// checked there; a value, so a reload makes a new one and a replay may keep an old one.
package struct TriageOptions: Sendable {
    /// Digest of the files it was made from, shortened; stored with every decision.
    package var configVersion: String
    package var identity: OwnIdentity
    /// Region for phone numbers without a country code, the admin's words, and what is our own.
    package var extraction: ExtractionOptions
    /// The words by which quoted mail and signatures are known.
    package var phrases: MailPhrases
    package var rules: RuleSet
    package var lexicon: Lexicon
    package var routing: RoutingOptions
    package var serviceLevels: ServiceLevels
    package var replies: ReplyOptions
    package var templates: TemplateSet
    /// How long after its end a ticket is opened again by a mail of its customer; a later one opens a new ticket that
    /// names the old.
    package var reopenWindow: TimeInterval

    package init(
        configVersion: String, identity: OwnIdentity, extraction: ExtractionOptions, rules: RuleSet, lexicon: Lexicon,
        routing: RoutingOptions, serviceLevels: ServiceLevels, replies: ReplyOptions, templates: TemplateSet,
        phrases: MailPhrases = .standard, reopenWindow: TimeInterval = 30 * 86_400
    ) {
        self.phrases = phrases
        self.reopenWindow = reopenWindow
        self.configVersion = configVersion
        self.identity = identity
        self.extraction = extraction
        self.rules = rules
        self.lexicon = lexicon
        self.routing = routing
        self.serviceLevels = serviceLevels
        self.replies = replies
        self.templates = templates
    }
}
