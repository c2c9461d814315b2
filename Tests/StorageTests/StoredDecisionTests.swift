import Foundation
import Replies
import Routing
import Storage
import Testing
import Triage
import Vocabulary

/// What is written by hand is what `Codable` would write, and nothing is forgotten.
@Suite struct StoredDecisionTests {
    private static let moment = Date(timeIntervalSince1970: 1_794_560_400.125)
    private static let odd = "投诉 \"quoted\" \\ / \u{0}\u{1F}\n\t\u{2028}😀"

    private func facts() -> Facts {
        Facts(
            arrivedAt: Self.moment, baseline: Self.moment,
            duplicate: .init(deliveryID: 7, ticket: TicketNumber(1001), basis: .rawWithinDay),
            messageIDSeenElsewhere: true,
            ticket: .init(
                number: TicketNumber(1001), state: .waiting, link: .token, writerTakesPart: true, category: .complaint,
                urgency: .p1, team: Self.odd, assignee: "li.na", endedAt: Self.moment,
                openedAt: Self.moment),
            customer: .init(id: 3, tier: "vip", lastAssignee: "li.na", openTickets: 2),
            routing: RoutingFacts(lastAssigned: ["front": "li.na", "": Self.odd], openTickets: ["li.na": 3, "b": 0]),
            replies: .init(
                lastToWriter: Self.moment, onTicketWithinWindow: 1, inProcessWindow: 2,
                undeliverableUntil: Self.moment),
            isOwnMail: false, report: .init(outboxID: 7, link: .envelopeID),
            account: "support", mailbox: Self.odd)
    }

    private func decision(_ outcome: Decision.Outcome, _ reply: ReplyDecision) -> Decision {
        var decision = Decision(
            outcome: outcome, category: .complaint, urgency: .p1, basis: "rule x", team: "front", assignee: "li.na",
            firstResponseDue: Self.moment, resolutionDue: Self.moment, reply: reply,
            reasons: [
                Reason(.category, Self.odd, because: Self.odd, source: "rules.d/10.yaml:3", weight: 0.1),
                Reason(.urgency, "P1", because: "default"),
            ], configVersion: "v1", follows: TicketNumber(1000))
        decision.importance = .high
        decision.complexity = .complex
        decision.tier = "vip"
        decision.rules = ["a", Self.odd]
        decision.handling = Handling(
            tags: [Self.odd], watchers: ["li.na"], notified: ["b", "c"], moveTo: "Done/A", holdReply: Self.odd)
        return decision
    }

    private func plan() throws -> ReplyPlan {
        let ada = NamedAddress(displayName: Self.odd, address: try #require(EmailAddress("Ada@example.net")))
        return ReplyPlan(
            template: "receipt", language: .simplifiedChinese, recipient: ada, sender: ada, originalSubject: Self.odd,
            originalMessageID: MessageID("<a@b>"), originalReferences: ["<c@d>", "<e@f>"].compactMap { MessageID($0) },
            salutationName: "Ada", category: .inquiry, urgency: .p2, firstResponseDue: Self.moment,
            notBefore: Self.moment, expires: Self.moment, asks: [.orderNumber, .phone], files: [Self.odd],
            opens: Self.moment, message: Self.odd)
    }

    /// A new optional field would be nil in the sample and thereby escape the comparison: this catches it.
    private func expectFull(_ value: Any, _ path: String) {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional, mirror.children.isEmpty {
            Issue.record("\(path) is not set in the sample")
        }
        guard path.count < 200 else { return }
        for child in mirror.children { expectFull(child.value, path + "." + (child.label ?? "")) }
    }

    private func expectSame<Value: Codable & Equatable>(_ value: Value, _ written: [UInt8]) throws {
        #expect(try JSONDecoder().decode(Value.self, from: Data(written)) == value)
        let ours = try JSONSerialization.jsonObject(with: Data(written)) as? NSDictionary
        let theirs = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value)) as? NSDictionary
        #expect(ours == theirs)
    }

    @Test func factsAreWrittenAsCodableWould() throws {
        var full = facts()
        try expectSame(full, StoredDecision.json(full))
        full.duplicate = nil
        full.ticket = nil
        full.customer = nil
        full.baseline = nil
        full.replies = .init()
        try expectSame(full, StoredDecision.json(full))
        try expectSame(Facts(arrivedAt: .distantPast), StoredDecision.json(Facts(arrivedAt: .distantPast)))
    }

    @Test func decisionsAreWrittenAsCodableWould() throws {
        let outcomes: [Decision.Outcome] = [
            .ticketed, .followedUp(TicketNumber(1001), reopens: true), .duplicate(of: 9), .dsn(TicketNumber(1001)),
            .dsn(nil), .own, .ignored(Self.odd), .quarantined("rule"),
        ]
        for outcome in outcomes {
            let sent = decision(outcome, .send(try plan()))
            try expectSame(sent, StoredDecision.json(sent))
        }
        for suppression in ReplySuppression.allCases {
            let silent = decision(.own, .suppressed(suppression))
            try expectSame(silent, StoredDecision.json(silent))
        }
        let bare = Decision(
            outcome: .own, category: .other, urgency: .p4, basis: "", reply: .suppressed(.ownMail), reasons: [],
            configVersion: "")
        try expectSame(bare, StoredDecision.json(bare))
    }

    @Test func theSamplesLeaveNoFieldOut() throws {
        expectFull(facts(), "facts")
        expectFull(try plan(), "plan")
        let full = decision(.ticketed, .suppressed(.ownMail))
        for child in Mirror(reflecting: full).children where child.label != "reasons" {
            expectFull(child.value, child.label ?? "")
        }
        expectFull(full.reasons[0], "reason")
    }

    @Test func aNumberThatJSONDoesNotHaveIsRefused() {
        let reason = Reason(.category, "x", because: "x", weight: .nan)
        let decision = Decision(
            outcome: .own, category: .other, urgency: .p4, basis: "", reply: .suppressed(.ownMail), reasons: [reason],
            configVersion: "")
        #expect(throws: (any Error).self) { try StoredDecision.json(decision) }
    }
}
