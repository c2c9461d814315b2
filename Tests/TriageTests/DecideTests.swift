import Foundation
import Replies
import Routing
import Testing
import Triage
import Vocabulary

private func decided(
    _ mail: [UInt8], facts: Facts = Facts(arrivedAt: Sample.monday), now: Date = Sample.monday + 60,
    mode: ReplyOptions.Mode = .send
) throws -> Decision {
    let options = try Sample.options(mode: mode)
    return decide(understand(mail, options: options), facts: facts, options: options, now: now)
}

struct OutcomeCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let mail: [UInt8]
    let outcome: String
    let reply: String
    init(_ sentence: String, _ mail: [UInt8], gives outcome: String, reply: String) {
        (testDescription, self.mail, self.outcome, self.reply) = (sentence, mail, outcome, reply)
    }
}

@Test(
    "every kind of mail ends in its named state",
    arguments: [
        OutcomeCase("a customer's question opens a ticket", Sample.mail(), gives: "ticketed", reply: "receipt"),
        OutcomeCase(
            "a complaint gets a receipt of its own",
            Sample.mail(subject: "投诉：客服态度恶劣", body: "我要投诉你们的客服，态度非常差，要求退款。"), gives: "ticketed",
            reply: "complaint-received"),
        OutcomeCase(
            "an automatic answer opens none and gets none",
            Sample.mail(subject: "Out of office", extra: "Auto-Submitted: auto-replied\r\n"), gives: "ignored",
            reply: "none (autoSubmitted)"),
        OutcomeCase(
            "a newsletter is not a customer",
            Sample.mail(
                from: "News <news@lists.example>",
                extra: "List-Id: <news.lists.example>\r\nList-Unsubscribe: <mailto:leave@lists.example>\r\n"
                    + "Precedence: bulk\r\n"),
            gives: "ignored", reply: "none (mailingList)"),
        OutcomeCase(
            "an agent's mail waits for a later version",
            Sample.mail(from: "Li Na <li.na@example.com>"), gives: "ignored", reply: "none (notCustomer)"),
        OutcomeCase(
            "a sender who asks for silence still gets a ticket",
            Sample.mail(extra: "X-Auto-Response-Suppress: All\r\n"), gives: "ticketed",
            reply: "none (responseSuppressed)"),
        OutcomeCase(
            "mail without any sender still gets a ticket",
            Sample.mail(from: ""), gives: "ticketed", reply: "none (noReplyAddress)"),
    ])
func endsInANamedState(_ row: OutcomeCase) throws {
    let decision = try decided(row.mail)
    #expect(decision.outcome.name == row.outcome)
    #expect(decision.reply.word == row.reply)
    #expect(decision.reasons.contains { $0.about == .reply })
}

@Test func aNewTicketHasAnOwnerADeadlineAndReasonsForBoth() throws {
    let decision = try decided(Sample.mail())
    #expect(decision.team == "service")
    #expect(decision.assignee == "li.na")
    #expect(decision.firstResponseDue == Sample.monday + 4 * 3600)
    for subject in [Reason.Subject.category, .urgency, .assignee, .deadline, .reply] {
        #expect(decision.reasons.contains { $0.about == subject }, "no reason about \(subject)")
    }
}

@Test func theTurnPassesOnAndTheCustomersOwnerStays() throws {
    var facts = Facts(arrivedAt: Sample.monday)
    facts.routing = RoutingFacts(lastAssigned: ["service": "li.na"])
    #expect(try decided(Sample.mail(), facts: facts).assignee == "wang")
    facts.customer = .init(id: 1, tier: nil, lastAssignee: "li.na")
    #expect(try decided(Sample.mail(), facts: facts).assignee == "li.na")
}

@Test func mailFromBeforeTheStartIsNotOurs() throws {
    let facts = Facts(arrivedAt: Sample.monday, baseline: Sample.monday + 1)
    let decision = try decided(Sample.mail(), facts: facts)
    #expect(decision.outcome == .ignored("beforeStart"))
    #expect(decision.assignee == nil)
}

@Test func aDuplicateGetsNoSecondTicketAndNoSecondReceipt() throws {
    let facts = Facts(
        arrivedAt: Sample.monday, duplicate: .init(deliveryID: 7, ticket: TicketNumber(1001), basis: .fingerprint))
    let decision = try decided(Sample.mail(), facts: facts)
    #expect(decision.outcome == .duplicate(of: 7))
    #expect(decision.reply == .suppressed(.duplicate))
}

private func ticket(_ state: TicketState, takesPart: Bool) -> Facts.TicketFacts {
    Facts.TicketFacts(
        number: TicketNumber(1001), state: state, link: .references, writerTakesPart: takesPart, category: .billing,
        urgency: .p3, team: "service", assignee: "wang")
}

@Test func aFollowUpStaysWithItsTicketAndOwner() throws {
    let facts = Facts(arrivedAt: Sample.monday, ticket: ticket(.open, takesPart: true))
    let decision = try decided(
        Sample.mail(subject: "Re: urgent!", body: "This is urgent, call me back immediately!"), facts: facts)
    #expect(decision.outcome == .followedUp(TicketNumber(1001), reopens: false))
    #expect(decision.category == .billing)
    #expect(decision.assignee == "wang")
    #expect(decision.urgency < .p3, "a follow-up may make a matter more urgent")
    #expect(decision.reply == .suppressed(.followUp))
}

@Test func aFollowUpReopensAResolvedTicketWithANewDeadline() throws {
    let facts = Facts(arrivedAt: Sample.monday, ticket: ticket(.resolved, takesPart: true))
    let decision = try decided(Sample.mail(), facts: facts)
    #expect(decision.outcome == .followedUp(TicketNumber(1001), reopens: true))
    #expect(decision.firstResponseDue == Sample.monday + 4 * 3600)
}

@Test func aStrangerWhoQuotesATicketIsAttachedAndGetsNothing() throws {
    let facts = Facts(arrivedAt: Sample.monday, ticket: ticket(.resolved, takesPart: false))
    let decision = try decided(Sample.mail(subject: "URGENT", body: "urgent urgent asap"), facts: facts)
    #expect(decision.outcome == .followedUp(TicketNumber(1001), reopens: false))
    #expect(decision.urgency == .p3)
    #expect(decision.reply == .suppressed(.notParticipant))
}

@Test func oneReceiptPerWriterAndPeriod() throws {
    var facts = Facts(arrivedAt: Sample.monday)
    facts.replies.lastToWriter = Sample.monday - 3600
    #expect(try decided(Sample.mail(), facts: facts).reply == .suppressed(.answeredRecently))
    facts.replies.lastToWriter = Sample.monday - 25 * 3600
    #expect(try decided(Sample.mail(), facts: facts).reply.word == "receipt")
}

@Test func anOldMailGetsATicketAndNoReceipt() throws {
    let decision = try decided(Sample.mail(), now: Sample.monday + 25 * 3600)
    #expect(decision.outcome == .ticketed)
    #expect(decision.reply == .suppressed(.tooOld))
}

@Test func aClockAheadOfOursStartsNoClockInTheFuture() throws {
    let decision = try decided(Sample.mail(), facts: Facts(arrivedAt: Sample.monday + 86_400), now: Sample.monday)
    #expect(decision.firstResponseDue == Sample.monday + 4 * 3600)
}

@Test func theStoredFactsGiveTheSameDecisionAgain() throws {
    let options = try Sample.options()
    let understanding = understand(Sample.mail(subject: "投诉", body: "我要退款"), options: options)
    let facts = Facts(arrivedAt: Sample.monday, ticket: ticket(.waiting, takesPart: true))
    let first = decide(understanding, facts: facts, options: options, now: Sample.monday)
    let stored = try JSONDecoder().decode(
        Understanding.self, from: JSONEncoder().encode(understanding))
    let storedFacts = try JSONDecoder().decode(Facts.self, from: JSONEncoder().encode(facts))
    #expect(stored == understanding)
    #expect(decide(stored, facts: storedFacts, options: options, now: Sample.monday) == first)
    #expect(try JSONDecoder().decode(Decision.self, from: JSONEncoder().encode(first)) == first)
}
