import BusinessTime
import Classification
package import Foundation
package import Rules
import Vocabulary

/// What the admins' conditions can ask beside the message itself.
package func ruleFacts(
    _ understanding: Understanding, facts: Facts, options: TriageOptions, now: Date
) -> RuleFacts {
    let arrived = min(facts.arrivedAt, now)
    let tier = facts.customer?.tier
    let grading = Grading(understanding, category: understanding.scores.category ?? .other, tier: tier)
    let calendar = options.serviceLevels.fallback.calendar
    return RuleFacts(
        account: facts.account, mailbox: facts.mailbox, isKnownCustomer: facts.customer != nil, tier: tier,
        openTickets: facts.customer.map { $0.openTickets ?? 0 }, isFollowUp: facts.ticket != nil,
        reopens: facts.ticket.map { reopens($0, at: arrived, window: options.reopenWindow) } ?? false,
        ticketState: facts.ticket?.state.rawValue,
        ticketAge: facts.ticket?.openedAt.map { max(0, arrived.timeIntervalSince($0)) },
        isOpen: OfficeHours(options.serviceLevels, now: now).isOpen, moment: localMoment(arrived, calendar),
        age: understanding.sentAt.map { max(0, arrived.timeIntervalSince($0)) }, importance: grading.importance,
        complexity: grading.complexity)
}

/// What the rules say about a message that was decided, with the rules that nearly matched and those that were not
/// reached.
package func explainRules(
    _ understanding: Understanding, facts: Facts, options: TriageOptions, now: Date
) -> RuleOutcome {
    options.rules.evaluate(
        understanding.observations,
        facts: ruleFacts(understanding, facts: facts, options: options, now: now), explaining: true)
}

/// Whether a mail of a customer opens this ticket again: it was finished, and not too long ago.
func reopens(_ ticket: Facts.TicketFacts, at moment: Date, window: TimeInterval) -> Bool {
    guard ticket.writerTakesPart, ticket.state == .resolved || ticket.state == .closed else { return false }
    return ticket.endedAt.map { moment.timeIntervalSince($0) <= window } ?? true
}

private func localMoment(_ date: Date, _ calendar: BusinessCalendar) -> LocalMoment {
    let day = calendar.day(of: date)
    return LocalMoment(
        day: day.year * 10_000 + day.month * 100 + day.day, minute: calendar.minuteOfDay(date),
        weekday: LocalMoment.weekdays[day.weekday.rawValue], isWorkday: calendar.isWorkday(day))
}
