import Correspondence
import Foundation
import MIME
import Replies
import Storage
import Testing
import Triage
import Vocabulary

/// Reports on our mail: which mail they are about, what they change, and whom they tell.
@Suite struct ReportMatchingTests {
    /// A store in which mail 1, the receipt for Ada, has left.
    private func sentReceipt() throws -> (StoreFixture, OutboxMail) {
        let fixture = try StoreFixture()
        try fixture.record(Letter())
        let mail = try #require(try fixture.store.claimable(now: fixture.now, limit: 1).first)
        _ = try fixture.store.markSending(mail.id, now: fixture.now)
        try fixture.store.markAccepted(mail.id, queueID: "Q", reply: "ok", recipients: [], now: fixture.now)
        fixture.now += 60
        return (fixture, mail)
    }

    private func report(
        to: String = "support@example.com", action: String = "failed", status: String = "5.1.1",
        recipient: String = "ada@example.net", envelope: String? = nil, returned: String? = nil, id: String = "report"
    ) -> Letter {
        var body = """
            --b\r
            Content-Type: text/plain\r
            \r
            Your message was not delivered.\r
            --b\r
            Content-Type: message/delivery-status\r
            \r
            Reporting-MTA: dns; mx.example.net\r\n
            """
        if let envelope { body += "Original-Envelope-Id: \(envelope)\r\n" }
        body += "\r\nFinal-Recipient: rfc822; \(recipient)\r\nAction: \(action)\r\nStatus: \(status)\r\n\r\n"
        if let returned { body += "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <\(returned)>\r\n\r\n" }
        return Letter(
            from: "MAILER-DAEMON@mx.example.net", to: to, subject: "Undelivered Mail",
            messageID: "<\(id)@mx.example.net>",
            returnPath: "<>", extra: ["Content-Type: multipart/report; report-type=delivery-status; boundary=b"],
            body: body + "--b--\r\n")
    }

    private func link(_ fixture: StoreFixture, _ letter: Letter) throws -> Facts.ReportFacts? {
        let delivery = try fixture.record(letter)
        #expect(delivery.state == .dsn)
        return try fixture.store.explanation(deliveryID: delivery.id).facts.report
    }

    @Test func theReversePathNamesTheMail() throws {
        let (fixture, mail) = try sentReceipt()
        let path = try #require(mail.reversePath)
        #expect(try link(fixture, report(to: path.description)) == .init(outboxID: 1, link: .reversePath))
        try fixture.expectConsistent()
    }

    @Test func theEnvelopeIDNamesTheMail() throws {
        let (fixture, mail) = try sentReceipt()
        let envelope = String(mail.messageID.value.prefix { $0 != "@" })
        #expect(try link(fixture, report(envelope: envelope)) == .init(outboxID: 1, link: .envelopeID))
        try fixture.expectConsistent()
    }

    @Test func theReturnedMessageIDNamesTheMail() throws {
        let (fixture, mail) = try sentReceipt()
        #expect(try link(fixture, report(returned: mail.messageID.value)) == .init(outboxID: 1, link: .messageID))
        try fixture.expectConsistent()
    }

    @Test func theAddressAloneFindsTheLastMailButMarksNothing() throws {
        let (fixture, _) = try sentReceipt()
        #expect(try link(fixture, report()) == .init(outboxID: 1, link: .recipient))
        #expect(try fixture.store.outboxItem(1).recipients.map(\.state) == [.bounced])
        #expect(try fixture.store.blockedAddresses(now: fixture.now).isEmpty, "anybody can name an address")
        try fixture.expectConsistent()
    }

    @Test func forgedNamesFindNothing() throws {
        let (fixture, _) = try sentReceipt()
        let forged = "o.1.aaaaaaaaaaaaaaaaaaaaaaaaaa"
        let letter = report(
            to: "support+b.1.aaaaaaaaaaaaaaaa@example.com", recipient: "eve@evil.example", envelope: forged,
            returned: forged + "@example.com")
        #expect(try link(fixture, letter) == nil)
        #expect(try fixture.store.outboxItem(1).recipients.map(\.state) == [.accepted])
        try fixture.expectConsistent()
    }

    struct Said: Sendable, CustomTestStringConvertible {
        let action: String
        let status: String
        let state: RecipientState
        var blocked: Double?
        var told = true
        var testDescription: String { "\(action) \(status)" }
    }

    @Test(arguments: [
        Said(action: "failed", status: "5.1.1", state: .bounced, blocked: 90),
        Said(action: "failed", status: "5.2.2", state: .bounced, blocked: 7),
        Said(action: "failed", status: "5.7.1", state: .bounced, blocked: 7),
        Said(action: "failed", status: "4.4.7", state: .bounced),
        Said(action: "delayed", status: "4.4.1", state: .delayed, told: false),
        Said(action: "delivered", status: "2.0.0", state: .delivered, told: false),
        Said(action: "relayed", status: "2.0.0", state: .delivered, told: false),
    ])
    func whatIsSaidIsWritten(_ row: Said) throws {
        let (fixture, mail) = try sentReceipt()
        try fixture.record(report(action: row.action, status: row.status, returned: mail.messageID.value))
        #expect(try fixture.store.outboxItem(1).recipients.map(\.state) == [row.state])
        let blocked = try fixture.store.blockedAddresses(now: fixture.now)
        #expect(
            blocked.map { ($0.until.timeIntervalSince(fixture.now) / 86_400).rounded() }
                == (row.blocked.map { [$0] } ?? []))
        let notices = try fixture.store.dueNotices(now: fixture.now, domain: "example.com")
        #expect(notices.map(\.kind) == (row.told ? ["reply-bounced"] : []))
        let events = try fixture.store.ticket(TicketNumber(1001)).events
        #expect(events.last?.kind == (row.state == .bounced ? "reply-bounced" : "reply-reported"))
        #expect(events.last?.detail == "\(row.action) \(row.status)")
        try fixture.expectConsistent()
    }

    @Test func aBlockedAddressGetsNothingAutomaticUntilItIsFree() throws {
        let (fixture, mail) = try sentReceipt()
        fixture.triage.replies.perWriterPeriod = 0
        try fixture.record(report(returned: mail.messageID.value))
        let second = try fixture.record(Letter().with { $0.messageID = "<second@example.net>" })
        #expect(second.state == .ticketed, "not answered is not lost")
        #expect(second.decision?.reply == .suppressed(.undeliverable))
        let ada = try #require(EmailAddress("ada@example.net"))
        try fixture.store.unblock(ada, actor: "cli:admin", now: fixture.now)
        let third = try fixture.record(Letter().with { $0.messageID = "<third@example.net>" })
        #expect(third.outboxID != nil)
        let twice = #expect(throws: StorageError.self) {
            try fixture.store.unblock(ada, actor: "cli:admin", now: fixture.now)
        }
        #expect(twice?.reason == .notFound)
        try fixture.expectConsistent()
    }

    @Test func whatComesToAReversePathIsNeverTicketedOrAnswered() throws {
        let (fixture, mail) = try sentReceipt()
        let path = try #require(mail.reversePath)
        let away = try fixture.record(
            Letter().with {
                $0.to = path.description
                $0.subject = "I am away"
                $0.messageID = "<away@example.net>"
            })
        #expect(away.state == .dsn)
        #expect(away.ticket == TicketNumber(1001))
        #expect(away.decision?.reply == .suppressed(.report))
        try fixture.expectConsistent()
    }

    // MARK: our own mail

    @Test func ourOwnMailIsKnownByItsSealAndNotByItsWords() throws {
        let (fixture, mail) = try sentReceipt()
        let bytes = try #require(try fixture.store.rawMessage(try fixture.store.outboxItem(1).digest))
        let mark = try #require(Message(parsing: bytes).header.first("X-Postroom"))
        func copy(_ id: String, _ mark: String?, _ subject: String = "[#1001] Received") -> Letter {
            Letter(
                from: "support@example.com", to: "ada@example.net", subject: subject, messageID: "<\(id)>",
                returnPath: nil, extra: mark.map { ["X-Postroom: \($0)"] } ?? [])
        }
        #expect(try fixture.record(copy(mail.messageID.value, mark)).state == .own)
        #expect(try fixture.record(copy("rewritten@provider.example", mark)).state == .own, "the mark is enough")
        #expect(
            try fixture.record(copy(mail.messageID.value, nil, "Another copy")).state == .own,
            "the Message-ID is enough")
        let forged = try fixture.record(copy("o.1.aaaaaaaaaaaaaaaaaaaaaaaaaa@example.com", "o.1.aaaaaaaaaaaaaaaa"))
        #expect(forged.state != .own && forged.state != .ticketed)
        #expect(forged.outboxID == nil)
        try fixture.expectConsistent()
    }

    // MARK: which ticket

    @Test func twoNumbersInASubjectDecideNothing() throws {
        let (fixture, _) = try sentReceipt()
        try fixture.record(Letter().with { $0.messageID = "<second@example.net>" })
        let both = try fixture.record(
            Letter().with {
                $0.messageID = "<both@example.net>"
                $0.subject = "Re: [#1001] and [#1002]"
            })
        #expect(both.state == .ticketed)
        let one = try fixture.record(
            Letter().with {
                $0.messageID = "<one@example.net>"
                $0.subject = "Re: [#1002] Received"
            })
        #expect(one.ticket == TicketNumber(1002))
        try fixture.expectConsistent()
    }

    @Test(arguments: [(20.0, true), (40.0, false)])
    func aFinishedTicketIsOpenedAgainForAWhile(_ days: Double, _ reopens: Bool) throws {
        let (fixture, mail) = try sentReceipt()
        try fixture.store.change(TicketNumber(1001), .resolve(note: nil), actor: "cli:li.na", now: fixture.now)
        fixture.now += days * 86_400
        let again = try fixture.record(
            Letter().with {
                $0.messageID = "<again@example.net>"
                $0.references = ["<\(mail.messageID.value)>"]
            })
        let old = try fixture.store.ticket(TicketNumber(1001))
        if reopens {
            #expect(again.state == .followedUp)
            #expect(old.summary.state == .open)
        } else {
            #expect(again.state == .ticketed)
            #expect(again.decision?.follows == TicketNumber(1001))
            #expect(old.summary.state == .resolved)
            #expect(old.events.last?.kind == "continued" && old.events.last?.detail == "by #1002")
            #expect(try fixture.store.ticket(TicketNumber(1002)).events.first?.detail == "continues #1001")
        }
        try fixture.expectConsistent()
    }
}
