package import Foundation
package import Vocabulary

/// What an admin sets about automatic answers. Defaults are the careful ones.
package struct ReplyOptions: Sendable, Hashable {
    package enum Mode: String, Sendable, Hashable, CaseIterable {
        /// Replies leave by themselves.
        case send
        /// Replies are made and held; a person releases each one.
        case hold
        /// No automatic reply is made.
        case off
    }

    package var mode: Mode
    /// Older mail is not answered: a receipt for an old mail is noise.
    package var maxReplyAge: TimeInterval
    /// One automatic answer per sender and this period (RFC 3834 section 2).
    package var perWriterPeriod: TimeInterval
    /// Breaks a loop with a correspondent who hides being a machine, and one between two of them.
    package var perTicketCap: Int
    package var perTicketWindow: TimeInterval
    /// Breaks every other flood.
    package var processCap: Int
    package var processWindow: TimeInterval
    package var organisation: OrganisationName
    /// For mail in a language without a template.
    package var defaultLanguage: Language
    package var quietHours: QuietHours?
    /// Only templates that somebody has approved leave by themselves; replies of others are held.
    package var requiresApproval: Bool
    /// How long an address that refused a mail for good gets no automatic one.
    package var blockPeriod: TimeInterval
    /// The reverse path of our mail where address extensions do not work; what arrives there is a report on some mail.
    package var bounceAddress: EmailAddress?
    /// The largest mail that leaves without being looked at, in octets.
    package var sizeLimit: Int

    package init(
        mode: Mode = .send, maxReplyAge: TimeInterval = 24 * 3600, perWriterPeriod: TimeInterval = 24 * 3600,
        perTicketCap: Int = 3, perTicketWindow: TimeInterval = 24 * 3600, processCap: Int = 500,
        processWindow: TimeInterval = 3600, organisation: OrganisationName,
        defaultLanguage: Language = .english, quietHours: QuietHours? = nil, requiresApproval: Bool = false,
        blockPeriod: TimeInterval = 90 * 86_400, bounceAddress: EmailAddress? = nil, sizeLimit: Int = 10 << 20
    ) {
        self.requiresApproval = requiresApproval
        self.blockPeriod = blockPeriod
        self.bounceAddress = bounceAddress
        self.sizeLimit = sizeLimit
        self.mode = mode
        self.maxReplyAge = maxReplyAge
        self.perWriterPeriod = perWriterPeriod
        self.perTicketCap = perTicketCap
        self.perTicketWindow = perTicketWindow
        self.processCap = processCap
        self.processWindow = processWindow
        self.organisation = organisation
        self.defaultLanguage = defaultLanguage
        self.quietHours = quietHours
    }
}

/// How the organisation signs, by language.
package struct OrganisationName: Sendable, Hashable {
    package var names: [Language: String]
    /// Lines below the name: department, telephone, opening hours, website.
    package var signatureLines: [Language: [String]]
    /// For a language that has no name of its own.
    package var defaultLanguage: Language

    package init(
        names: [Language: String], signatureLines: [Language: [String]] = [:], defaultLanguage: Language = .english
    ) {
        self.names = names
        self.signatureLines = signatureLines
        self.defaultLanguage = defaultLanguage
    }

    /// The name in this language, a related one, the default, or any; empty only when none was given at all.
    package func name(in language: Language) -> String {
        value(of: names, in: language) ?? ""
    }

    package func signature(in language: Language) -> [String] {
        value(of: signatureLines, in: language) ?? []
    }

    private func value<Value>(of table: [Language: Value], in language: Language) -> Value? {
        let offered = table.keys.sorted { $0.rawValue < $1.rawValue }
        let chosen = closestLanguage(to: language, among: offered, otherwise: defaultLanguage) ?? offered.first
        return chosen.flatMap { table[$0] }
    }
}

/// The hours of the day in which no automatic mail leaves. Times are minutes after midnight in `timeZone`; a span may
/// cross midnight. Receipts are exempt unless the admin says otherwise: they answer somebody who is awake.
package struct QuietHours: Sendable, Hashable {
    package var timeZone: TimeZone
    package var fromMinute: Int
    package var toMinute: Int
    package var exemptTemplates: Set<String>

    /// The shipped templates that answer a mail at once.
    package static let receipts: Set<String> = [
        "receipt", "complaint-received", "vip-receipt", "out-of-hours", "need-information", "attachment-refused",
    ]

    package init(
        timeZone: TimeZone, fromMinute: Int, toMinute: Int,
        exemptTemplates: Set<String> = receipts
    ) {
        self.timeZone = timeZone
        self.fromMinute = fromMinute
        self.toMinute = toMinute
        self.exemptTemplates = exemptTemplates
    }

    /// The first moment, not before `now`, at which mail of this template may leave.
    package func notBefore(template: String, now: Date) -> Date {
        guard fromMinute != toMinute, !exemptTemplates.contains(template) else { return now }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let clock = calendar.dateComponents([.hour, .minute], from: now)
        let minute = (clock.hour ?? 0) * 60 + (clock.minute ?? 0)
        guard isQuiet(minute) else { return now }
        let end = DateComponents(hour: toMinute / 60, minute: toMinute % 60, second: 0)
        return calendar.nextDate(after: now, matching: end, matchingPolicy: .nextTime) ?? now
    }

    private func isQuiet(_ minute: Int) -> Bool {
        fromMinute < toMinute
            ? (fromMinute..<toMinute).contains(minute) : minute >= fromMinute || minute < toMinute
    }
}
