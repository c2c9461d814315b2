import Foundation
import Replies
import Storage
import Testing
import Triage
import Vocabulary

@Suite struct OutboxTests {
    private func waiting() throws -> (StoreFixture, OutboxMail) {
        let fixture = try StoreFixture()
        try fixture.record([Letter()])
        return (fixture, try #require(try fixture.store.claimable(now: fixture.now, limit: 10).first))
    }

    private let ada = EmailAddress("ada@example.net")

    @Test func aMailIsSentOnce() throws {
        let (fixture, mail) = try waiting()
        let store = fixture.store
        #expect(mail.recipients == [ada].compactMap { $0 })
        #expect(mail.reversePath?.localPart.hasPrefix("support+b.\(mail.id).") == true)
        #expect(try !store.outgoingBytes(mail).isEmpty)
        #expect(try store.markSending(mail.id, now: fixture.now))
        #expect(try !store.markSending(mail.id, now: fixture.now), "nobody can take it twice")
        #expect(try store.claimable(now: fixture.now, limit: 10).isEmpty)
        try store.markAccepted(
            mail.id, queueID: "4F2A", reply: "250 2.0.0 Ok",
            recipients: [RecipientReply(address: try #require(ada), accepted: true, reply: "250 2.1.5 Ok")],
            now: fixture.now)
        let item = try store.outboxItem(mail.id)
        #expect(item.state == .accepted)
        #expect(item.queueID == "4F2A")
        #expect(item.recipients.map(\.state) == [.accepted])
        #expect(try store.ticket(mail.ticket).events.map(\.kind) == ["opened", "reply-queued", "reply-sent"])
        try fixture.expectConsistent()
    }

    @Test func whatADeadProcessWasSendingIsUncertainAndNeverSentAgain() throws {
        let (fixture, mail) = try waiting()
        #expect(try fixture.store.markSending(mail.id, now: fixture.now))
        try fixture.reopen()
        #expect(try fixture.store.recoverInterrupted(now: fixture.now) == [mail.id])
        #expect(try fixture.store.recoverInterrupted(now: fixture.now).isEmpty)
        #expect(try fixture.store.outboxItem(mail.id).state == .uncertain)
        #expect(try fixture.store.claimable(now: fixture.now, limit: 10).isEmpty)
        // Only a person sends it again.
        try fixture.store.retryOutbox(mail.id, actor: "operator", now: fixture.now)
        #expect(try fixture.store.claimable(now: fixture.now, limit: 10).map(\.messageID) == [mail.messageID])
        try fixture.expectConsistent()
    }

    @Test func aDeferredMailWaitsUntilItsTime() throws {
        let (fixture, mail) = try waiting()
        let later = fixture.now.addingTimeInterval(300)
        #expect(try fixture.store.markSending(mail.id, now: fixture.now))
        try fixture.store.markDeferred(mail.id, until: later, reply: "451 4.7.1 greylisted", now: fixture.now)
        #expect(try fixture.store.claimable(now: fixture.now, limit: 10).isEmpty)
        #expect(try fixture.store.nextDue() == later)
        let again = try #require(try fixture.store.claimable(now: later, limit: 10).first)
        #expect(again.attempts == 1)
        try fixture.expectConsistent()
    }

    @Test func aRefusalBeforeTheEndOfTheMailCountsAsAnAttemptToo() throws {
        let (fixture, mail) = try waiting()
        try fixture.store.markDeferred(
            mail.id, until: fixture.now, reply: "451 4.7.1 greylisted", attempts: mail.attempts + 1, now: fixture.now)
        let again = try #require(try fixture.store.claimable(now: fixture.now, limit: 10).first)
        #expect(again.attempts == 1, "else every pause would be the first and shortest one")
        try fixture.expectConsistent()
    }

    @Test(
        "a mail that has become pointless is cancelled with the reason", arguments: ["expired", "closed", "answered"])
    func cancels(_ what: String) throws {
        let (fixture, mail) = try waiting()
        fixture.now += 60
        switch what {
        case "expired": fixture.now += 25 * 3600
        case "closed":
            try fixture.store.change(mail.ticket, .setState(.closed), actor: "li.na", now: fixture.now)
        default:
            try fixture.store.noteHumanAnswer(mail.ticket, actor: "li.na", now: fixture.now)
        }
        #expect(try !fixture.store.markSending(mail.id, now: fixture.now), "also between claiming and sending")
        #expect(try fixture.store.claimable(now: fixture.now, limit: 10).isEmpty)
        let item = try fixture.store.outboxItem(mail.id)
        #expect(item.state == .cancelled)
        #expect(item.reason?.isEmpty == false)
        try fixture.expectConsistent()
    }

    @Test func aPermanentRefusalTellsAPersonOnTheTicket() throws {
        let (fixture, mail) = try waiting()
        #expect(try fixture.store.markSending(mail.id, now: fixture.now))
        try fixture.store.markFailed(
            mail.id, reply: "550 5.1.1 unknown",
            recipients: [RecipientReply(address: try #require(ada), accepted: false, reply: "550 5.1.1")],
            now: fixture.now)
        #expect(try fixture.store.ticket(mail.ticket).events.last?.kind == "reply-failed")
        #expect(try fixture.store.outboxItem(mail.id).recipients.map(\.state) == [.rejected])
        try fixture.expectConsistent()
    }

    struct Step: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let act: @Sendable (Store, Int64, Date) throws -> Void
    }

    @Test(
        "a change that does not fit the state is a conflict",
        arguments: [
            Step(testDescription: "accepted without sending") {
                try $0.markAccepted($1, queueID: nil, reply: "", recipients: [], now: $2)
            },
            Step(testDescription: "uncertain without sending") { try $0.markUncertain($1, reason: "x", now: $2) },
            Step(testDescription: "released without being held") { try $0.release($1, actor: "operator", now: $2) },
            Step(testDescription: "retried while queued") { try $0.retryOutbox($1, actor: "operator", now: $2) },
        ])
    func refuses(_ step: Step) throws {
        let (fixture, mail) = try waiting()
        let error = #expect(throws: StorageError.self) { try step.act(fixture.store, mail.id, fixture.now) }
        #expect(error?.reason == .conflict)
        let missing = #expect(throws: StorageError.self) { try step.act(fixture.store, 999, fixture.now) }
        #expect(missing?.reason == .notFound)
        try fixture.expectConsistent()
    }

    @Test func listsCanBeNarrowed() throws {
        let (fixture, mail) = try waiting()
        try fixture.record([Letter(from: "b@example.net", messageID: "<b@example.net>", returnPath: nil)])
        try fixture.store.hold(mail.id, reason: "review", actor: "operator", now: fixture.now)
        #expect(try fixture.store.outboxItems(OutboxFilter(states: [.held])).map(\.id) == [mail.id])
        #expect(try fixture.store.outboxItems(OutboxFilter(states: [.queued, .held])).count == 2)
        #expect(try fixture.store.outboxItems(OutboxFilter(ticket: TicketNumber(1002))).count == 1)
        try fixture.store.cancel(mail.id, reason: "not wanted", actor: "operator", now: fixture.now)
        #expect(try fixture.store.status().outbox == ["cancelled": 1, "queued": 1])
        try fixture.expectConsistent()
    }

    @Test func repliesStopAtTheProcessCap() throws {
        let fixture = try StoreFixture { $0.replies.processCap = 3 }
        let letters = (1...6).map {
            Letter(from: "c\($0)@example.net", messageID: "<c\($0)@example.net>", returnPath: nil)
        }
        #expect(try fixture.record(letters).filter { $0.outboxID != nil }.count == 3)
        // Also across batches, and again an hour later.
        try fixture.record([Letter(from: "d@example.net", messageID: "<d@example.net>", returnPath: nil)])
        #expect(try fixture.store.outboxItems().count == 3)
        fixture.now += 3601
        try fixture.record([Letter(from: "e@example.net", messageID: "<e@example.net>", returnPath: nil)])
        #expect(try fixture.store.outboxItems().count == 4)
        try fixture.expectConsistent()
    }
}
