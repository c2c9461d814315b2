import Foundation
import Storage
import Testing
import Triage
import Vocabulary

@Suite struct TicketChangeTests {
    private func opened() throws -> (StoreFixture, TicketNumber) {
        let fixture = try StoreFixture()
        return (fixture, try #require(try fixture.record(Letter()).ticket))
    }

    @Test func peopleChangeTicketsAndEachChangeIsAnEvent() throws {
        let (fixture, number) = try opened()
        let store = fixture.store
        let changes: [TicketChange] = [
            .assign("wang.wei", team: nil), .setUrgency(.p1), .setCategory(.complaint), .setState(.waiting),
            .note("called the carrier"), .resolve(note: "sent again"), .reopen(note: nil),
        ]
        for change in changes { try store.change(number, change, actor: "operator", now: fixture.now) }
        let ticket = try store.ticket(number)
        #expect(ticket.summary.state == .open)
        #expect(ticket.summary.assignee == "wang.wei")
        #expect(ticket.summary.urgency == .p1)
        #expect(ticket.summary.category == .complaint)
        #expect(
            ticket.events.dropFirst(2).map(\.kind) == [
                "assigned", "urgency-set", "category-set", "state-set", "noted", "resolved", "reopened",
            ])
        #expect(ticket.events[6].note == "called the carrier")
        #expect(ticket.events.last?.actor == "operator")
        #expect(ticket.summary.version == ticket.events.count)
        // The sticky owner follows: the customer's next mail goes to him.
        let next = try fixture.record(Letter(messageID: "<n@example.net>"))
        #expect(next.decision?.assignee == "wang.wei")
        try fixture.expectConsistent()
    }

    @Test func aChangeMeantForAnotherVersionDoesNothing() throws {
        let (fixture, number) = try opened()
        let seen = try fixture.store.ticket(number).summary.version
        try fixture.store.change(number, .setUrgency(.p1), expecting: seen, actor: "a", now: fixture.now)
        let error = #expect(throws: StorageError.self) {
            try fixture.store.change(number, .setUrgency(.p4), expecting: seen, actor: "b", now: fixture.now)
        }
        #expect(error?.reason == .conflict)
        #expect(try fixture.store.ticket(number).summary.urgency == .p1)
        try fixture.expectConsistent()
    }

    @Test(
        "what makes no sense is refused",
        arguments: [
            (TicketChange.reopen(note: nil), "the ticket is new"), (.assign("", team: nil), "nobody is named"),
        ])
    func refuses(change: TicketChange, why: String) throws {
        let (fixture, number) = try opened()
        let error = #expect(throws: StorageError.self) {
            try fixture.store.change(number, change, actor: "operator", now: fixture.now)
        }
        #expect(error?.reason == .refused(why))
        let missing = #expect(throws: StorageError.self) {
            try fixture.store.change(TicketNumber(4711), .note("x"), actor: "operator", now: fixture.now)
        }
        #expect(missing?.reason == .notFound)
        try fixture.expectConsistent()
    }

    @Test func listsShowTheNextDeadlineFirst() throws {
        let (fixture, first) = try opened()
        let early = fixture.now.addingTimeInterval(-7200)
        let letter = Letter(from: "b@example.net", messageID: "<b@example.net>", returnPath: nil)
        let second = try #require(try fixture.record([letter], arrivedAt: early).first?.ticket)
        #expect(try fixture.store.tickets().map(\.number) == [second, first])
        try fixture.store.change(first, .resolve(note: nil), actor: "operator", now: fixture.now)
        #expect(try fixture.store.tickets(TicketFilter(states: [.new, .open])).map(\.number) == [second])
        let assignee = try fixture.store.ticket(second).summary.assignee
        #expect(try fixture.store.tickets(TicketFilter(assignee: assignee, limit: 1)).map(\.number) == [second])
        #expect(try fixture.store.tickets(TicketFilter(team: "nobody")).isEmpty)
        try fixture.expectConsistent()
    }
}

@Suite struct ParkedTests {
    @Test func aParkedMessageOpensATicketForTheDutyOwnerWhoseClockRuns() throws {
        let fixture = try StoreFixture()
        let recorded = try #require(try fixture.record([fixture.parkedArrival()]).first)
        #expect(recorded.state == .parked)
        let summary = try fixture.store.ticket(try #require(recorded.ticket)).summary
        #expect(summary.assignee == "wang.wei")
        #expect(summary.firstResponseDue == fixture.now.addingTimeInterval(24 * 3600))
        #expect(summary.customer == nil)
        let parked = try #require(try fixture.store.parked().first)
        #expect(parked.reason == "the process died twice")
        #expect(parked.locator.uid == UID(1))
        #expect(try fixture.store.rawMessage(try #require(parked.digest)) == Array("broken".utf8))
        let none = #expect(throws: StorageError.self) { try fixture.store.explanation(deliveryID: recorded.id) }
        #expect(none?.reason == .notFound)
        try fixture.expectConsistent()
    }

    @Test func tryingAgainCompletesTheSameTicket() throws {
        let fixture = try StoreFixture()
        let recorded = try #require(try fixture.record([fixture.parkedArrival(nil)]).first)
        try fixture.store.retryParked(recorded.id, actor: "operator", now: fixture.now)
        #expect(try fixture.store.parked(retriesOnly: true).map(\.deliveryID) == [recorded.id])
        let content = try #require(fixture.arrivals([Letter()]).first).content
        let again = try fixture.store.recordRetry(
            recorded.id, content: content, options: fixture.triage, mode: .act, now: fixture.now)
        #expect(again.state == .ticketed)
        #expect(again.ticket == recorded.ticket)
        #expect(again.outboxID != nil)
        let ticket = try fixture.store.ticket(try #require(recorded.ticket))
        #expect(ticket.summary.subject == "A question about my order")
        #expect(ticket.events.map(\.kind) == ["opened", "retried", "reply-queued"])
        #expect(try fixture.store.parked().isEmpty)
        try fixture.expectConsistent()
    }

    @Test func tryingAgainInVainKeepsItParked() throws {
        let fixture = try StoreFixture()
        let recorded = try #require(try fixture.record([fixture.parkedArrival()]).first)
        try fixture.store.retryParked(recorded.id, actor: "operator", now: fixture.now)
        let again = try fixture.store.recordRetry(
            recorded.id, content: .parked(reason: "died a third time", nil), options: fixture.triage, mode: .act,
            now: fixture.now)
        #expect(again.state == .parked)
        #expect(try fixture.store.parked(retriesOnly: true).isEmpty)
        #expect(try fixture.store.parked().map(\.reason) == ["died a third time"])
        try fixture.expectConsistent()
    }

    @Test func aParkedFollowUpClosesItsMinimalTicket() throws {
        let fixture = try StoreFixture()
        let first = try fixture.record(Letter())
        let parked = try #require(try fixture.record([fixture.parkedArrival()]).first)
        let letter = Letter(messageID: "<f@example.net>", references: ["<first@example.net>"])
        let content = try #require(fixture.arrivals([letter]).first).content
        let again = try fixture.store.recordRetry(
            parked.id, content: content, options: fixture.triage, mode: .act, now: fixture.now)
        #expect(again.state == .followedUp)
        #expect(again.ticket == first.ticket)
        #expect(try fixture.store.ticket(try #require(parked.ticket)).summary.state == .closed)
        try fixture.expectConsistent()
    }

    @Test func anOperatorClosesWhatNobodyNeeds() throws {
        let fixture = try StoreFixture()
        let recorded = try #require(try fixture.record([fixture.parkedArrival()]).first)
        try fixture.store.closeParked(recorded.id, actor: "operator", now: fixture.now)
        #expect(try fixture.store.parked().isEmpty)
        #expect(try fixture.store.status().deliveries == ["ignored": 1])
        #expect(try fixture.store.ticket(try #require(recorded.ticket)).summary.state == .closed)
        let twice = #expect(throws: StorageError.self) {
            try fixture.store.closeParked(recorded.id, actor: "operator", now: fixture.now)
        }
        #expect(twice?.reason == .notFound)
        try fixture.expectConsistent()
    }
}
