import BusinessTime
import Classification
import Correspondence
package import Foundation
import MailText
import Replies
import Routing
import Rules
import Vocabulary

/// Decides what becomes of one message. Called one message at a time, on facts read in the same transaction that will
/// store the result, so the second mail of a batch sees the first.
///
/// Order: does it count at all (baseline, duplicate), who writes (own, DSN, machine), what the admins' rules say, then
/// what it is about, whose it is, when it is due, and whether an answer goes out.
package func decide(_ understanding: Understanding, facts: Facts, options: TriageOptions, now: Date) -> Decision {
    var decider = Decider(understanding: understanding, facts: facts, options: options, now: now)
    return decider.decide()
}

private struct Decider {
    let understanding: Understanding
    let facts: Facts
    let options: TriageOptions
    let now: Date
    let rules: RuleOutcome
    var reasons: [Reason]

    var origin: MailOrigin { understanding.origin }
    /// Clocks start when the server got the message, and never in the future, whatever its clock says.
    var clockStart: Date { min(facts.arrivedAt, now) }

    init(understanding: Understanding, facts: Facts, options: TriageOptions, now: Date) {
        (self.understanding, self.facts, self.options, self.now) = (understanding, facts, options, now)
        reasons = understanding.origin.reasons
        rules = options.rules.evaluate(
            understanding.observations,
            facts: ruleFacts(understanding, facts: facts, options: options, now: now))
    }

    /// The rules speak once it is known that the mail counts and whose it is; what is named of them then stands in the
    /// decision, whatever becomes of the mail.
    mutating func decide() -> Decision {
        if let end = endsBeforeReading() ?? endsByWriter() { return end }
        var decision = endsByRule() ?? counts()
        if !rules.matched.isEmpty { decision.rules = rules.matched.map(\.name) }
        decision.handling = handling()
        return decision
    }

    private mutating func counts() -> Decision {
        let (category, urgency, basis) = judge()
        var decision =
            if let ticket = facts.ticket, !isTooLateToReopen(ticket) {
                followUp(ticket, category: category, urgency: urgency, basis: basis)
            } else {
                newTicket(category: category, urgency: urgency, basis: basis)
            }
        grade(&decision)
        return decision
    }

    private var tier: String? { rules.effects.tier ?? facts.customer?.tier }

    /// Importance and complexity: what a rule says, else what is usual.
    private func grade(_ decision: inout Decision) {
        let usual = Grading(understanding, category: decision.category, tier: tier)
        decision.tier = tier
        decision.importance = rules.effects.importance ?? usual.importance
        decision.complexity = rules.effects.complexity ?? usual.complexity
        if rules.effects.importance == nil {
            decision.reasons.append(
                Reason(.importance, usual.importance.rawValue, because: usual.importanceBecause))
        }
        if rules.effects.complexity == nil {
            decision.reasons.append(
                Reason(.complexity, usual.complexity.rawValue, because: usual.complexityBecause))
        }
    }

    private func handling() -> Handling? {
        let effects = rules.effects
        let handling = Handling(
            tags: effects.tags, watchers: effects.watch, notified: effects.notify, moveTo: effects.moveTo,
            holdReply: effects.holdReply)
        return handling.isEmpty ? nil : handling
    }

    /// A finished ticket is opened again only for a while: afterwards it is another matter, which names the old one.
    private func isTooLateToReopen(_ ticket: Facts.TicketFacts) -> Bool {
        guard ticket.writerTakesPart, ticket.state == .resolved || ticket.state == .closed else { return false }
        return !reopens(ticket, at: clockStart, window: options.reopenWindow)
    }

    // MARK: - Mail that opens and moves no ticket

    private mutating func endsBeforeReading() -> Decision? {
        if let baseline = facts.baseline, facts.arrivedAt < baseline {
            reasons.append(
                Reason(.kind, "ignored: beforeStart", because: "arrived before the start of this mailbox"))
            return silent(.ignored("beforeStart"), .beforeStart)
        }
        if let duplicate = facts.duplicate {
            reasons.append(
                Reason(
                    .duplicate, "duplicate of delivery \(duplicate.deliveryID)", because: duplicate.basis.rawValue,
                    source: "SHA-256 over Message-ID, Date, From, To, Subject, body"))
            return silent(.duplicate(of: duplicate.deliveryID), .duplicate)
        }
        if facts.messageIDSeenElsewhere {
            reasons.append(
                Reason(
                    .duplicate, "another mail", because: "the same Message-ID stood on a mail with other content"))
        }
        return nil
    }

    private mutating func endsByWriter() -> Decision? {
        switch origin.kind {
        case .own where facts.isOwnMail != false: return silent(.own, .ownMail)
        case .own:
            reasons.append(
                Reason(.kind, "not ours", because: "it says that it is our mail and does not carry our seal"))
            return origin.automatic.isEmpty ? agentMail() : automaticMail()
        case .dsn: return report()
        case _ where cameToReversePath: return report()
        case .automatic: return automaticMail()
        case .agent: return agentMail()
        case .customer: return nil
        }
    }

    /// Nobody writes to a reverse path: what arrives there is a report on a mail of ours, or an answer by a machine that
    /// does not know better.
    private var cameToReversePath: Bool {
        if facts.report?.link == .reversePath { return true }
        return options.replies.bounceAddress.map { origin.ours == $0 } ?? false
    }

    private mutating func report() -> Decision {
        if let report = facts.report {
            reasons.append(
                Reason(
                    .thread, "reports on outgoing mail \(report.outboxID)", because: "found by \(report.link.rawValue)",
                    source: "RFC 3464"))
        } else if cameToReversePath {
            reasons.append(Reason(.kind, "dsn", because: "it came to the address for bounces"))
        }
        let ticket = facts.report == nil ? nil : facts.ticket?.number
        return silent(.dsn(ticket), .report, category: .bounce)
    }

    private mutating func automaticMail() -> Decision {
        let sign = origin.automatic.first
        let word = sign?.kind.rawValue ?? "automatic"
        return silent(.ignored(word), suppression(for: sign), category: .autoReply)
    }

    /// Agents work by mail in a later version; until then their mail is kept with its ticket and opens none.
    private mutating func agentMail() -> Decision {
        guard let ticket = facts.ticket else { return silent(.ignored("agentMail"), .notCustomer) }
        return silent(.followedUp(ticket.number, reopens: false), .notCustomer, category: ticket.category)
    }

    private mutating func endsByRule() -> Decision? {
        reasons.append(contentsOf: rules.reasons)
        if rules.effects.quarantine {
            return silent(.quarantined("rule \(ruleName { $0 == .quarantine })"), .quarantined)
        }
        if rules.effects.ignore {
            return silent(.ignored("rule \(ruleName { if case .ignore = $0 { true } else { false } })"), .ignored)
        }
        if let sign = origin.automatic.first(where: { $0.kind == .spamFlag }) {
            reasons.append(Reason(.kind, "quarantined", because: sign.seen, source: sign.rule))
            return silent(.quarantined("spamFlag"), .spam, category: .spam)
        }
        return nil
    }

    /// The rule that had this effect.
    private func ruleName(_ effect: (RuleEffect) -> Bool) -> String { rules.rule(setting: effect)?.name ?? "unnamed" }

    private func suppression(for sign: AutomaticSign?) -> ReplySuppression {
        guard let sign else { return .autoSubmitted }
        return switch sign.kind {
        case .autoSubmitted: .autoSubmitted
        case .mailingList: .mailingList
        case .precedence: .precedence
        case .bulkMailer: .bulkMail
        case .nullReversePath: .nullReversePath
        case .unattendedSender: .unattendedSender
        case .responseSuppressed: .responseSuppressed
        case .autoReplyField, .autoReplySubject: .autoReply
        case .report: .report
        case .spamFlag: .spam
        }
    }

    private func silent(
        _ outcome: Decision.Outcome, _ suppression: ReplySuppression, category: Category = .other
    ) -> Decision {
        let because = Reason(
            .reply, "suppressed: \(suppression.rawValue)", because: "no answer to such mail", source: suppression.rule)
        return Decision(
            outcome: outcome, category: rules.effects.category ?? category, urgency: .p4, basis: outcome.name,
            reply: .suppressed(suppression), reasons: reasons + [because], configVersion: options.configVersion)
    }

    // MARK: - A customer's mail

    /// Admins' rules first, then the lexicon where it is sure, then the default.
    private mutating func judge() -> (Category, Urgency, basis: String) {
        let scores = understanding.scores
        reasons.append(contentsOf: scores.reasons)
        let category = rules.effects.category ?? scores.category ?? .other
        let urgency = rules.effects.urgency ?? scores.urgency ?? Self.usualUrgency(of: category)
        let basis =
            if rules.effects.category != nil {
                "rule \(ruleName { if case .category = $0 { true } else { false } })"
            } else if rules.effects.urgency != nil {
                "rule \(ruleName { if case .urgency = $0 { true } else { false } })"
            } else {
                scores.category != nil ? "lexicon" : "default"
            }
        if rules.effects.category == nil, scores.category == nil {
            reasons.append(Reason(.category, category.rawValue, because: "nothing in the mail was clear enough"))
        }
        if rules.effects.urgency == nil, scores.urgency == nil {
            reasons.append(Reason(.urgency, urgency.rawValue, because: "usual for \(category)"))
        }
        return (category, urgency, basis)
    }

    /// What is usual when neither a rule nor a word of the mail says more. A complaint is never routine (R18).
    private static func usualUrgency(of category: Category) -> Urgency {
        switch category {
        case .complaint: .p2
        case .suggestion, .spam, .autoReply, .bounce: .p4
        default: .p3
        }
    }

    private mutating func followUp(
        _ ticket: Facts.TicketFacts, category: Category, urgency: Urgency, basis: String
    ) -> Decision {
        let reopens = ticket.writerTakesPart && (ticket.state == .resolved || ticket.state == .closed)
        reasons.append(Reason(.thread, "ticket \(ticket.number)", because: "found by \(ticket.link.rawValue)"))
        if !ticket.writerTakesPart {
            reasons.append(
                Reason(
                    .thread, "attached only", because: "the writer takes no part in the ticket",
                    source: "only who takes part in a ticket may move it"))
        }
        // A follow-up may make a matter more urgent, never less: the first mail's promise stands.
        let urgency = ticket.writerTakesPart ? min(urgency, ticket.urgency) : ticket.urgency
        let due = reopens ? deadlines(category: ticket.category, urgency: urgency) : nil
        let suppression: ReplySuppression = ticket.writerTakesPart ? .followUp : .notParticipant
        reasons.append(
            Reason(
                .reply, "suppressed: \(suppression.rawValue)", because: "the first mail of a ticket gets the receipt",
                source: suppression.rule))
        return Decision(
            outcome: .followedUp(ticket.number, reopens: reopens), category: ticket.category, urgency: urgency,
            basis: basis, team: ticket.team, assignee: ticket.assignee, firstResponseDue: due?.firstResponse,
            resolutionDue: due?.resolution, reply: .suppressed(suppression), reasons: reasons,
            configVersion: options.configVersion)
    }

    private mutating func newTicket(category: Category, urgency: Urgency, basis: String) -> Decision {
        if let old = facts.ticket {
            reasons.append(
                Reason(
                    .thread, "a new ticket that continues \(old.number)",
                    because: "that one ended more than \(Int(options.reopenWindow / 86_400)) days ago"))
        }
        let assignment = Routing.assign(
            category: category, urgency: urgency, language: understanding.text.language, team: rules.effects.team,
            assignee: rules.effects.assignee, stickyOwner: facts.ticket?.assignee ?? facts.customer?.lastAssignee,
            stickyBasis: .customer,
            facts: facts.routing, options: options.routing)
        reasons.append(contentsOf: assignment.reasons)
        let due = deadlines(category: category, urgency: urgency)
        let reply = self.reply(category: category, urgency: urgency, due: due.firstResponse)
        return Decision(
            outcome: .ticketed, category: category, urgency: urgency, basis: basis, team: assignment.team,
            assignee: assignment.assignee, firstResponseDue: due.firstResponse, resolutionDue: due.resolution,
            reply: reply, reasons: reasons, configVersion: options.configVersion, follows: facts.ticket?.number)
    }

    private mutating func deadlines(
        category: Category, urgency: Urgency
    ) -> (firstResponse: Date, resolution: Date?) {
        let target = options.serviceLevels.target(category: category, urgency: urgency, tier: tier)
        let time = rules.effects.due ?? target.firstResponse
        let first = target.calendar.deadline(after: time, from: clockStart)
        let resolution = (rules.effects.resolution ?? target.resolution).map {
            target.calendar.deadline(after: $0, from: clockStart)
        }
        reasons.append(
            Reason(
                .deadline, "first response by \(target.calendar.describe(first))",
                because:
                    "\(time) from \(target.calendar.describe(clockStart)) for \(category) \(urgency)",
                source: rules.effects.due == nil ? target.source?.description : nil))
        return (first, resolution)
    }

    // MARK: - Reply or silence

    private mutating func reply(category: Category, urgency: Urgency, due: Date) -> ReplyDecision {
        if rules.effects.noReply { return suppress(.adminRule, because: "a rule says so") }
        if category == .spam { return suppress(.spam, because: "classified as spam") }
        let input = SuppressionInput(
            kind: origin.kind, trust: origin.trust, reversePath: origin.reversePath, automatic: origin.automatic,
            replyTo: origin.replyTo?.address, addressedToUs: origin.addressedToUs, isDuplicate: facts.duplicate != nil,
            arrivedAt: facts.arrivedAt, sentAt: understanding.sentAt, now: now,
            lastReplyToWriter: facts.replies.lastToWriter, repliesOnTicketInWindow: facts.replies.onTicketWithinWindow,
            repliesInProcessWindow: facts.replies.inProcessWindow, isParticipant: facts.ticket?.writerTakesPart ?? true,
            undeliverableUntil: facts.replies.undeliverableUntil)
        if let (suppression, reason) = Replies.suppression(of: input, options: options.replies) {
            reasons.append(reason)
            return .suppressed(suppression)
        }
        guard let recipient = origin.replyTo, let sender = origin.ours ?? options.identity.addresses.first else {
            return suppress(.noReplyAddress, because: "there is no address to answer to")
        }
        let choice = TemplateChoice(category, rules.effects, understanding, facts, options, now: now)
        guard let language = choice.language else {
            return suppress(.disabled, because: "no template \(choice.template) in a language that fits")
        }
        reasons.append(Reason(.reply, "\(choice.template) (\(language))", because: choice.because))
        let name = verifiedName
        return .send(
            ReplyPlan(
                template: choice.template, language: language, recipient: recipient,
                sender: NamedAddress(
                    displayName: options.replies.organisation.name(in: language), address: sender.withoutExtension()),
                // Of a mail that a colleague forwarded, the customer knows only his own.
                originalSubject: origin.forwarded?.originalSubject ?? understanding.subject,
                originalMessageID: origin.forwarded?.originalMessageID ?? understanding.messageID,
                originalReferences: origin.references, salutationName: name, category: category, urgency: urgency,
                // Who reads when we open again is not told of an answer before that.
                firstResponseDue: choice.opens.map { $0 > due } ?? false ? nil : due,
                notBefore: options.replies.quietHours?.notBefore(template: choice.template, now: now) ?? now,
                expires: now + options.replies.maxReplyAge, asks: choice.asks, files: choice.files,
                opens: choice.opens))
    }

    /// The display name, when it is a person's, the sender is authenticated and the mail is signed with the same name: two
    /// sources agree. Any other name may be anybody's.
    private var verifiedName: String? {
        guard origin.trust == .authenticated, let name = origin.writer?.displayName, !name.isEmpty else { return nil }
        func folded(_ text: String) -> String { text.lowercased().filter { !$0.isWhitespace } }
        guard understanding.details.contains(where: { $0.field == .name && folded($0.normalized) == folded(name) })
        else { return nil }
        let lines = understanding.text.plain.split(separator: "\n", omittingEmptySubsequences: false)
        let signature = understanding.text.signatureLines.prefix(4).filter { lines.indices.contains($0) }
        return signature.contains { folded(String(lines[$0].prefix(200))).hasPrefix(folded(name)) } ? name : nil
    }

    private mutating func suppress(_ suppression: ReplySuppression, because: String) -> ReplyDecision {
        reasons.append(
            Reason(.reply, "suppressed: \(suppression.rawValue)", because: because, source: suppression.rule))
        return .suppressed(suppression)
    }
}
