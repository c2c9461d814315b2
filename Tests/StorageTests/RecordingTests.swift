import Digest
import Foundation
import Replies
import Storage
import Testing
import Triage
import Vocabulary

@Suite struct RecordingTests {
    @Test func aCustomersMailOpensATicketAndPromisesAReceipt() throws {
        let fixture = try StoreFixture()
        let recorded = try fixture.record(Letter())
        #expect(recorded.state == .ticketed)
        #expect(recorded.ticket == TicketNumber(1001))
        #expect(recorded.outboxID != nil)

        let ticket = try fixture.store.ticket(TicketNumber(1001))
        #expect(ticket.summary.customer?.name == "Ada Example")
        #expect(ticket.summary.customer?.address == "ada@example.net")
        #expect(ticket.summary.state == .new)
        #expect(["li.na", "wang.wei"].contains(ticket.summary.assignee))
        #expect(ticket.summary.firstResponseDue == fixture.now.addingTimeInterval(24 * 3600))
        #expect(ticket.events.map(\.kind) == ["opened", "reply-queued"])
        #expect(ticket.messages.map(\.writerAddress) == ["ada@example.net"])
        #expect(ticket.outbox.map(\.state) == [.queued])
        #expect(ticket.outbox.first?.recipients.map(\.address) == ["ada@example.net"])
        try fixture.expectConsistent()
    }

    @Test func factsAndDecisionComeBackAsTheyWere() throws {
        let fixture = try StoreFixture()
        let letter = Letter(subject: "Odd \u{1} \"quoted\" \\ 投诉\t退款", body: "投诉! I want a refund.\r\n")
        let recorded = try fixture.record(letter)
        let explained = try fixture.store.explanation(deliveryID: recorded.id)
        #expect(explained.decision == recorded.decision)
        #expect(!explained.reasons.isEmpty)
        #expect(explained.locator.uid == UID(1))

        // A replay: the same facts give the same decision.
        let bytes = letter.bytes(date: fixture.now)
        let again = decide(
            understand(bytes, options: fixture.triage), facts: explained.facts, options: fixture.triage,
            now: explained.decidedAt)
        #expect(again == recorded.decision)
        #expect(try fixture.store.rawMessage(sha256(bytes)) == bytes)
        try fixture.expectConsistent()
    }

    @Test func fiftyMailsOfOneSenderInOneBatchGetOneReceipt() throws {
        let fixture = try StoreFixture()
        let letters = (1...50).map { number in
            Letter(subject: "Question \(number)", messageID: "<q\(number)@example.net>")
        }
        let recorded = try fixture.record(letters)
        #expect(recorded.allSatisfy { $0.state == .ticketed })
        #expect(recorded.filter { $0.outboxID != nil }.map(\.uid) == [UID(1)])
        #expect(recorded[1].decision?.reply == .suppressed(.answeredRecently))
        #expect(Set(recorded.compactMap(\.decision?.assignee)).count == 1, "the sticky owner keeps them")
        #expect(try fixture.store.status().deliveries == ["ticketed": 50])
        #expect(try fixture.store.tickets(TicketFilter(limit: 500)).count == 50)
        try fixture.expectConsistent()
    }

    @Test func turnsGoRoundWithinABatch() throws {
        let fixture = try StoreFixture()
        let letters = (1...4).map { number in
            Letter(from: "c\(number)@example.net", messageID: "<t\(number)@example.net>", returnPath: nil)
        }
        let people = try fixture.record(letters).compactMap(\.decision?.assignee)
        #expect(people == ["li.na", "wang.wei", "li.na", "wang.wei"])
        #expect(try fixture.store.status().openTicketsByAssignee == ["li.na": 2, "wang.wei": 2])
        try fixture.expectConsistent()
    }

    @Test func aMessageIsRecordedOnceHoweverOftenItIsHandedOver() throws {
        let fixture = try StoreFixture()
        let arrivals = fixture.arrivals([Letter(), Letter(from: "b@example.net", messageID: "<b@example.net>")])
        let first = try fixture.record(arrivals)
        let second = try fixture.record(arrivals)
        #expect(second.map(\.id) == first.map(\.id))
        #expect(second.allSatisfy { $0.wasKnown && $0.decision == nil })
        #expect(second.map(\.ticket) == first.map(\.ticket))
        #expect(try fixture.store.outboxItems().count == 2)
        try fixture.expectConsistent()
    }

    @Test func observingRecordsAndDecidesButPromisesNothing() throws {
        let fixture = try StoreFixture()
        let recorded = try #require(try fixture.record([Letter()], mode: .observe).first)
        #expect(recorded.state == .ticketed)
        #expect(recorded.outboxID == nil)
        if case .send = recorded.decision?.reply {} else { Issue.record("it would have answered") }
        #expect(try fixture.store.outboxItems().isEmpty)
        try fixture.expectConsistent()
    }

    @Test func repliesOnHoldWaitForAPerson() throws {
        let fixture = try StoreFixture()
        try fixture.record([Letter()], hold: true)
        let item = try #require(try fixture.store.outboxItems().first)
        #expect(item.state == .held)
        #expect(item.reason == "replies are on hold")
        #expect(try fixture.store.claimable(now: fixture.now, limit: 10).isEmpty)
        try fixture.store.release(item.id, actor: "operator", now: fixture.now)
        #expect(try fixture.store.claimable(now: fixture.now, limit: 10).map(\.id) == [item.id])
        try fixture.expectConsistent()
    }

    @Test func withoutItsTemplateAReplyIsNotPromised() throws {
        let fixture = try StoreFixture { $0.templates = .empty }
        let recorded = try fixture.record(Letter())
        #expect(recorded.outboxID == nil)
        try fixture.expectConsistent()
    }

    @Test func mailFromBeforeTheStartIsIgnoredAlsoAfterANewUIDValidity() throws {
        let fixture = try StoreFixture(baseline: StoreFixture.start)
        let early = StoreFixture.start.addingTimeInterval(-10)
        let first = try fixture.record([Letter()], arrivedAt: early)
        #expect(first.map(\.state) == [.ignored])
        #expect(first.map(\.detail) == ["beforeStart"])
        let toTell = try fixture.store.unacknowledged(
            account: StoreFixture.account, mailbox: StoreFixture.inbox, uidValidity: fixture.uidValidity, limit: 10)
        #expect(toTell.isEmpty, "what is not ours is neither marked nor moved")
        let state = try fixture.changeUIDValidity()
        #expect(state.baseline == StoreFixture.start)
        let again = try fixture.record([Letter(messageID: "<other@example.net>")], arrivedAt: early)
        #expect(again.map(\.detail) == ["beforeStart"])
        try fixture.expectConsistent()
    }

    @Test func oneMessageThatTheSchemaDoesNotTakeIsParkedAndTheRestRecorded() throws {
        let fixture = try StoreFixture()
        var arrivals = fixture.arrivals([
            Letter(), Letter(from: "b@example.net", messageID: "<b@example.net>"),
            Letter(from: "c@example.net", messageID: "<c@example.net>"),
        ])
        guard case .understood(var odd, let blob) = arrivals[1].content else { return }
        odd.details = [Detail(.phone, value: "1", confidence: .nan, line: nil, evidence: "")]
        arrivals[1].content = .understood(odd, blob)
        let recorded = try fixture.record(arrivals)
        #expect(recorded.map(\.state) == [.ticketed, .parked, .ticketed])
        #expect(recorded.map(\.ticket) == [1001, 1002, 1003].map { TicketNumber($0) })
        try fixture.expectConsistent()
    }

    @Test func aBatchReadUnderAnOldUIDValidityIsRefused() throws {
        let fixture = try StoreFixture()
        let arrivals = fixture.arrivals([Letter()])
        let stale = fixture.batch(arrivals)
        _ = try fixture.changeUIDValidity()
        let error = #expect(throws: StorageError.self) {
            try fixture.store.record(stale, options: fixture.triage, mode: .act, now: fixture.now)
        }
        #expect(error?.reason == .staleUIDValidity)
        #expect(try fixture.store.status().deliveries.isEmpty)
        try fixture.expectConsistent()
    }

    @Test func attachmentsAndDetailsAreKept() throws {
        let fixture = try StoreFixture()
        let body = """
            --b\r\nContent-Type: text/plain\r\n\r\nOrder PO-20260001, call +86 10 6552 9988.\r\n--b\r
            Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="scan.pdf"\r\n\r\nPDF\r\n--b--\r\n
            """
        let recorded = try fixture.record(
            Letter(extra: ["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"], body: body))
        let ticket = try fixture.store.ticket(try #require(recorded.ticket))
        let attachment = try #require(ticket.messages.first?.attachments.first)
        #expect(
            attachment
                == AttachmentFact(
                    path: "2", filename: "scan.pdf", mediaType: "text/plain", declaredType: "application/pdf", size: 3,
                    digest: sha256(Array("PDF".utf8)), source: "part", flags: ["misdeclared", "misnamed"]))
        #expect(ticket.details.contains { $0.field == .email || $0.field == .name })
        try fixture.expectConsistent()
    }

    @Test func longAndOddTextsDoNotStopARecord() throws {
        let fixture = try StoreFixture()
        let letter = Letter(
            from: String(repeating: "Ä", count: 2000) + " <ada@example.net>",
            subject: String(repeating: "投诉\u{0}", count: 3000),
            messageID: "<" + String(repeating: "x", count: 5000) + "@y>")
        let recorded = try fixture.record(letter)
        #expect(recorded.state == .ticketed)
        let summary = try fixture.store.ticket(try #require(recorded.ticket)).summary
        #expect(summary.subject.utf8.count <= 1000)
        // The second copy is still known as the same message.
        #expect(try fixture.record(letter).state == .duplicate)
        try fixture.expectConsistent()
    }
}
