import Correspondence
import Digest
import Foundation
import MIME
import Replies
import Storage
import Testing
import Triage
import Vocabulary

/// Which mails may leave, and what our own people send.
@Suite struct AnsweringTests {
    // MARK: approval

    private func approve(_ fixture: StoreFixture, _ name: String) throws -> [Int64] {
        let digest = try #require(fixture.triage.templates.digest(of: name, language: .english))
        return try fixture.store.approve(
            template: name, language: .english, digest: digest, actor: "cli:admin", now: fixture.now)
    }

    @Test func aTextThatNobodyApprovedIsHeldAndTheApprovalIsOfThisVeryText() throws {
        let fixture = try StoreFixture { $0.replies.requiresApproval = true }
        let first = try #require(try fixture.record(Letter()).outboxID)
        var item = try fixture.store.outboxItem(first)
        #expect(item.state == .held)
        #expect(item.reason == "template receipt (en) is not approved")
        #expect(try approve(fixture, "receipt") == [first], "what waits for it is named")
        #expect(try approve(fixture, "receipt") == [first], "twice is once")

        let second = try #require(
            try fixture.record(
                Letter().with {
                    $0.from = "bob@example.net"
                    $0.messageID = "<second@example.net>"
                }
            ).outboxID)
        #expect(try fixture.store.outboxItem(second).state == .queued)

        let changed = TemplateSource(
            name: "receipt", language: .english, text: "Subject: [{{ticket}}] Changed\n\nDear customer.\n",
            location: Vocabulary.SourceLocation(file: "receipt.mustache"))
        fixture.triage.templates = TemplateSet.compile(sources: [changed]).0
        let third = try #require(
            try fixture.record(
                Letter().with {
                    $0.from = "eve@example.net"
                    $0.messageID = "<third@example.net>"
                }
            ).outboxID)
        item = try fixture.store.outboxItem(third)
        #expect(item.state == .held)
        let audit = try fixture.sqlite("SELECT actor || ' ' || reason FROM audit WHERE action = 'template.approved'")
        #expect(audit?.hasPrefix("cli:admin receipt (en) ") ?? true)
        #expect(audit?.split(separator: "\n").count ?? 1 == 1)
        try fixture.expectConsistent()
    }

    @Test func aReplyThatRepeatsASecretIsHeldAndItsOwnerIsTold() throws {
        let fixture = try StoreFixture()
        fixture.triage.templates =
            TemplateSet.compile(sources: [
                TemplateSource(
                    name: "receipt", language: .english,
                    text: "Subject: [{{ticket}}] x\n\nYour password: hunter22\n",
                    location: Vocabulary.SourceLocation(file: "receipt.mustache"))
            ]).0
        let id = try #require(try fixture.record(Letter()).outboxID)
        #expect(try fixture.store.outboxItem(id).state == .held)
        #expect(try fixture.store.outboxItem(id).reason?.hasPrefix("pre-send check secret") == true)
        let notices = try fixture.store.dueNotices(now: fixture.now, domain: "example.com")
        #expect(notices.map(\.kind) == ["reply-held"])
        #expect(notices.allSatisfy { !$0.text.contains("hunter22") })
        try fixture.store.release(id, actor: "cli:admin", now: fixture.now)
        #expect(try fixture.store.claimable(now: fixture.now, limit: 5).map(\.id) == [id])
        try fixture.expectConsistent()
    }

    // MARK: what our people send

    private func send(
        _ fixture: StoreFixture, _ template: String, _ message: String, resolves: Bool = false,
        on ticket: TicketNumber = TicketNumber(1001)
    ) throws -> OutboxItem {
        try fixture.store.send(
            StaffMail(template: template, message: message, resolves: resolves), on: ticket, options: fixture.triage,
            actor: "cli:li.na", now: fixture.now)
    }

    @Test func progressStandsBelowTheLastMailAndTakesTheWaitingReceiptBack() throws {
        let fixture = try StoreFixture()
        try fixture.record(Letter())
        fixture.now += 1
        let item = try send(fixture, "progress", "It has left.\n\n- today")
        #expect(item.state == .queued)
        #expect(item.recipients.map(\.address) == ["ada@example.net"])
        let bytes = try #require(try fixture.store.rawMessage(item.digest))
        let message = Message(parsing: bytes)
        #expect(message.inReplyTo.map(\.value) == ["first@example.net"])
        #expect(message.from.first?.address == "support@example.com")
        #expect(message.subject == "[#1001] News")
        #expect(message.header.first("Auto-Submitted") != nil, "no machine is to answer it")
        fixture.now += 1
        let due = try fixture.store.claimable(now: fixture.now, limit: 5)
        #expect(due.map(\.id) == [item.id])
        #expect(try fixture.store.outboxItem(1).state == .cancelled)
        #expect(try fixture.store.outboxItem(1).reason == "a person has answered")
        let ticket = try fixture.store.ticket(TicketNumber(1001))
        #expect(ticket.summary.firstResponseAt != nil)
        #expect(ticket.events.map(\.kind).suffix(3) == ["answered", "reply-queued", "reply-cancelled"])
        try fixture.expectConsistent()
    }

    @Test func aResultResolvesTheTicketInTheSameTransaction() throws {
        let fixture = try StoreFixture()
        try fixture.record(Letter())
        let item = try send(fixture, "resolved", "Replaced.", resolves: true)
        #expect(item.state == .queued)
        #expect(try fixture.store.ticket(TicketNumber(1001)).summary.state == .resolved)
        // A second one is refused, and leaves nothing.
        #expect(throws: StorageError.self) { try send(fixture, "resolved", "Again.", resolves: true) }
        #expect(try fixture.store.outboxItems().count == 2)
        try fixture.expectConsistent()
    }

    @Test func whatCannotBeSentIsRefused() throws {
        let fixture = try StoreFixture()
        try fixture.record(Letter())
        let unknown = #expect(throws: StorageError.self) { try send(fixture, "nothing", "x") }
        #expect(unknown?.description.contains("there is no template nothing") == true)
        let nobody = #expect(throws: StorageError.self) { try send(fixture, "progress", "x", on: TicketNumber(9)) }
        #expect(nobody?.reason == .notFound)
        try fixture.record([fixture.parkedArrival()])
        let parked = try #require(
            try fixture.store.tickets(TicketFilter()).map(\.number).max { $0.rawValue < $1.rawValue })
        let customerless = #expect(throws: StorageError.self) { try send(fixture, "progress", "x", on: parked) }
        #expect(customerless?.description.contains("no customer") == true)
        try fixture.expectConsistent()
    }

    @Test func whatOurPeopleWriteIsLookedAtToo() throws {
        let fixture = try StoreFixture()
        try fixture.record(Letter())
        let item = try send(fixture, "progress", "See the mail of carol@other.example, [#1002].")
        #expect(item.state == .held)
        #expect(item.reason == "pre-send check otherCustomer: an address that belongs to nobody on the ticket")
        try fixture.expectConsistent()
    }

    // MARK: sending

    @Test func theAcceptanceOfAMailIsWrittenWithTheMarkOfTheNext() throws {
        let fixture = try StoreFixture()
        try fixture.record([
            Letter(),
            Letter().with {
                $0.from = "bob@example.net"; $0.messageID = "<b@example.net>"
            },
        ])
        #expect(try fixture.store.markSending(1, now: fixture.now))
        let accepted = AcceptedMail(id: 1, queueID: "Q1", reply: "queued", recipients: [])
        #expect(try fixture.store.markSending(2, after: accepted, now: fixture.now))
        #expect(try fixture.store.outboxItems().map(\.state) == [.sending, .accepted])
        #expect(try fixture.store.recoverInterrupted(now: fixture.now) == [2], "one at the most")
        #expect(
            try fixture.store.dueNotices(now: fixture.now, domain: "example.com").map(\.kind) == ["reply-uncertain"])
        try fixture.expectConsistent()
    }

    @Test func aMailWaitsForItsRateWithoutAnAttempt() throws {
        let fixture = try StoreFixture()
        try fixture.record(Letter())
        try fixture.store.putOff([1], until: fixture.now + 60, reason: "waits for the rate of its domain")
        #expect(try fixture.store.claimable(now: fixture.now, limit: 5).isEmpty)
        let item = try fixture.store.outboxItem(1)
        #expect(item.state == .queued && item.attempts == 0)
        #expect(try fixture.store.claimable(now: fixture.now + 60, limit: 5).count == 1)
        try fixture.expectConsistent()
    }

    @Test func whatExpiresIsTheConcernOfWhoReliedOnIt() throws {
        let fixture = try StoreFixture()
        try fixture.record(Letter())
        let staff = try send(fixture, "progress", "x")
        try fixture.record(
            Letter().with {
                $0.from = "bob@example.net"; $0.messageID = "<b@example.net>"
            })
        try fixture.store.markDeferred(3, until: fixture.now, reply: "sender: 451 later", attempts: 1, now: fixture.now)
        fixture.now += 10 * 86_400
        #expect(try fixture.store.claimable(now: fixture.now, limit: 9).isEmpty)
        #expect(try fixture.store.outboxItem(staff.id).state == .failed, "a person wrote it")
        #expect(try fixture.store.outboxItem(3).state == .failed, "a server was asked")
        #expect(try fixture.store.outboxItem(3).reason == "not accepted before it expired")
        let told = try fixture.store.dueNotices(now: fixture.now, domain: "example.com")
        #expect(told.contains { $0.text.contains("not accepted before it expired; sender: 451 later") })
        #expect(
            try fixture.store.dueNotices(now: fixture.now, domain: "example.com").map(\.kind) == [
                "reply-failed", "reply-failed",
            ])
        try fixture.expectConsistent()
    }
}
