import BusinessTime
import Foundation
import MailText
import Replies
import Rules
import Vocabulary

/// Which text answers a mail, and with what in it: what a rule says, else by category and tier.
struct TemplateChoice {
    private(set) var template: String
    private(set) var because: String
    /// In which it would be sent; nil when there is no such template in any that fits.
    let language: Language?
    /// What the customer did not tell, of what the rule asks for.
    private(set) var asks: [Detail.Field]?
    /// Attachments that are not accepted.
    private(set) var files: [String]?
    /// When somebody works again; nil when somebody does.
    let opens: Date?

    /// The purposes that are known by name; each other template is an admin's own.
    static let needInformation = "need-information"
    static let attachmentRefused = "attachment-refused"

    init(
        _ category: Vocabulary.Category, _ effects: RuleEffects, _ understanding: Understanding, _ facts: Facts,
        _ options: TriageOptions, now: Date
    ) {
        let usual = category == .complaint ? "complaint-received" : "receipt"
        let wanted = understanding.text.language
        func exists(_ name: String) -> Bool { options.templates.language(of: name, wanted: wanted) != nil }
        opens = OfficeHours(options.serviceLevels, now: now).opens
        template = effects.reply ?? usual
        because = effects.reply == nil ? "the first mail of a ticket gets a receipt" : "a rule says so"
        if effects.reply == nil, let tier = effects.tier ?? facts.customer?.tier, exists("\(tier)-\(usual)") {
            template = "\(tier)-\(usual)"
            because = "the customer's tier has a receipt of its own"
        }
        if template == Self.needInformation {
            let missing = effects.ask.filter { field in !understanding.details.contains { $0.field == field } }
            asks = missing
            if missing.isEmpty {
                template = usual
                because = "nothing that the rule asks for is missing"
            }
        }
        if template == Self.attachmentRefused { files = Self.refused(understanding.attachments) }
        language = options.templates.language(of: template, wanted: wanted)
    }

    /// Those that can start something, hide something or cannot be looked into; all of them when none is like that.
    private static func refused(_ attachments: [AttachmentFact]) -> [String] {
        let risky: Set<String> = ["runnable", "encrypted", "macros", "double-extension", "misnamed", "unread"]
        let odd = attachments.filter { !risky.isDisjoint(with: $0.flags) }
        return (odd.isEmpty ? attachments : odd).map(\.filename)
    }
}

/// Whether somebody works now, by the calendar of the deadline that fits all mail. A short break, such as lunch, counts as
/// open: nobody wants to be told at noon that we are closed.
struct OfficeHours {
    let isOpen: Bool
    /// When it opens; nil while it is open.
    let opens: Date?

    private static let longestBreak: TimeInterval = 2 * 3600

    init(_ levels: ServiceLevels, now: Date) {
        let opening = levels.fallback.calendar.opening(from: now)
        isOpen = opening.timeIntervalSince(now) <= Self.longestBreak
        opens = isOpen ? nil : opening
    }
}
