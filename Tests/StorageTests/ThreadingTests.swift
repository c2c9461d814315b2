import Foundation
import Storage
import Testing
import Triage
import Vocabulary

@Suite struct ThreadingTests {
    private func opened() throws -> (StoreFixture, OutboxItem, String) {
        let fixture = try StoreFixture()
        try fixture.record([Letter()])
        let item = try #require(try fixture.store.outboxItems().first)
        let mail = try #require(try fixture.store.claimable(now: fixture.now, limit: 1).first)
        return (fixture, item, String(decoding: try fixture.store.outgoingBytes(mail), as: UTF8.self))
    }

    private func field(_ name: String, of mail: String) -> String? {
        let unfolded = mail.replacingOccurrences(of: "\r\n ", with: " ")
        return unfolded.split(separator: "\r\n").first { $0.hasPrefix(name + ": ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }

    @Test func anAnswerToOurMailJoinsTheTicket() throws {
        let (fixture, item, _) = try opened()
        let answer = Letter(subject: "Re: Received", messageID: "<a2@example.net>", references: ["<\(item.messageID)>"])
        let recorded = try fixture.record(answer)
        #expect(recorded.state == .followedUp)
        #expect(recorded.ticket == item.ticket)
        let events = try fixture.store.ticket(item.ticket).events.map(\.kind)
        #expect(events == ["opened", "reply-queued", "followed-up"])
        try fixture.expectConsistent()
    }

    @Test func anAnswerToTheCustomersOwnMailJoinsToo() throws {
        let (fixture, item, _) = try opened()
        let recorded = try fixture.record(
            Letter(messageID: "<a2@example.net>", references: ["<unknown@example.org>", "<first@example.net>"]))
        #expect(recorded.ticket == item.ticket)
        #expect(recorded.state == .followedUp)
        try fixture.expectConsistent()
    }

    @Test func theTokenOfTheReplyAddressFindsTheTicketInAnyCase() throws {
        let (fixture, item, mail) = try opened()
        let replyTo = try #require(field("Reply-To", of: mail))
        let address = try #require(
            replyTo.split(whereSeparator: { " <>".contains($0) }).first { $0.contains("@") }.map(String.init))
        #expect(address.contains("+c.\(item.ticket.rawValue)."))
        let recorded = try fixture.record(
            Letter(to: address.uppercased(), subject: "more", messageID: "<a3@example.net>"))
        #expect(recorded.ticket == item.ticket)
        try fixture.expectConsistent()
    }

    @Test(
        "a made-up token finds nothing",
        arguments: ["c.1001.aaaaaaaaaaaaaaaa", "c.1001.", "b.1.aaaaaaaaaaaaaaaa", "c.1001"])
    func refusesTokens(_ token: String) throws {
        let (fixture, _, _) = try opened()
        let recorded = try fixture.record(
            Letter(
                from: "eve@example.org", to: "support+\(token)@example.com", messageID: "<e@example.org>",
                returnPath: nil))
        #expect(recorded.state == .ticketed)
        #expect(recorded.ticket != TicketNumber(1001))
        try fixture.expectConsistent()
    }

    @Test func aTokenForOnePurposeIsWorthNothingForAnother() throws {
        let (fixture, _, _) = try opened()
        let path = try fixture.sqlite("SELECT reverse_path FROM outbox")
        guard let path else { return }
        let bounce = try #require(EmailAddress(path)?.localPartExtension())
        #expect(bounce.hasPrefix("b.1."))
        let forged = "c.1001." + bounce.split(separator: ".")[2]
        let recorded = try fixture.record(
            Letter(from: "eve@example.org", to: "support+\(forged)@example.com", messageID: "<e@example.org>"))
        #expect(recorded.ticket != TicketNumber(1001))
        try fixture.expectConsistent()
    }

    @Test func theNumberInTheSubjectCountsOnlyForSomebodyWhoTakesPart() throws {
        let (fixture, item, _) = try opened()
        let stranger = try fixture.record(
            Letter(from: "eve@example.org", subject: "Re: [#1001] hello", messageID: "<e@example.org>"))
        #expect(stranger.state == .ticketed)
        #expect(stranger.ticket != item.ticket)
        let customer = try fixture.record(Letter(subject: "Re: [#1001] hello", messageID: "<a4@example.net>"))
        #expect(customer.ticket == item.ticket)
        try fixture.expectConsistent()
    }

    @Test func aStrangerWhoQuotesReferencesIsAttachedAndChangesNothing() throws {
        let (fixture, item, _) = try opened()
        try fixture.store.change(item.ticket, .resolve(note: nil), actor: "li.na", now: fixture.now)
        let recorded = try fixture.record(
            Letter(from: "eve@example.org", messageID: "<e@example.org>", references: ["<first@example.net>"]))
        #expect(recorded.ticket == item.ticket)
        let ticket = try fixture.store.ticket(item.ticket)
        #expect(ticket.summary.state == .resolved)
        #expect(ticket.events.last?.detail == "the writer does not take part")
        #expect(recorded.outboxID == nil)
        try fixture.expectConsistent()
    }

    @Test func aCustomerWhoseAuthenticationFailedDoesNotTakePart() throws {
        let (fixture, item, _) = try opened()
        let failed = "Authentication-Results: mx.example.com; dkim=fail header.d=example.net; dmarc=fail"
        let recorded = try fixture.record(
            Letter(messageID: "<f@example.org>", references: ["<first@example.net>"], extra: [failed]))
        let facts = try fixture.store.explanation(deliveryID: recorded.id).facts
        if recorded.ticket == item.ticket { #expect(facts.ticket?.writerTakesPart == false) }
        try fixture.expectConsistent()
    }

    @Test func aFollowUpOpensAFinishedTicketAgain() throws {
        let (fixture, item, _) = try opened()
        try fixture.store.change(item.ticket, .resolve(note: "sent again"), actor: "li.na", now: fixture.now)
        fixture.now += 3600
        try fixture.record([Letter(messageID: "<a5@example.net>", references: ["<first@example.net>"])])
        let ticket = try fixture.store.ticket(item.ticket)
        #expect(ticket.summary.state == .open)
        #expect(ticket.summary.resolvedAt == nil)
        #expect(ticket.events.last?.kind == "reopened")
        #expect(ticket.summary.firstResponseDue == fixture.now.addingTimeInterval(24 * 3600))
        try fixture.expectConsistent()
    }

    @Test func aBounceIsWrittenToTheMailItReportsOn() throws {
        let (fixture, item, _) = try opened()
        #expect(try fixture.store.markSending(item.id, now: fixture.now))
        try fixture.store.markUncertain(item.id, reason: "connection lost", now: fixture.now)
        let recorded = try fixture.record(bounce(of: item))
        #expect(recorded.state == .dsn)
        #expect(recorded.ticket == item.ticket)
        let after = try fixture.store.outboxItem(item.id)
        #expect(after.recipients.map(\.state) == [.bounced])
        #expect(after.state == .accepted, "the report proves that it went out")
        #expect(try fixture.store.ticket(item.ticket).events.last?.kind == "reply-bounced")
        try fixture.expectConsistent()
    }

    @Test func aBounceOfAMailWeNeverSentIsKeptWithoutATicket() throws {
        let (fixture, item, _) = try opened()
        let forged = OutboxItem.forged(messageID: "o.1.aaaaaaaa@example.com")
        let recorded = try fixture.record(bounce(messageID: forged))
        #expect(recorded.state == .dsn)
        #expect(recorded.ticket == nil)
        #expect(try fixture.store.outboxItem(item.id).recipients.map(\.state) == [.pending])
        try fixture.expectConsistent()
    }

    private func bounce(of item: OutboxItem) -> Letter { bounce(messageID: item.messageID) }

    private func bounce(messageID: String) -> Letter {
        let body = """
            --b\r\nContent-Type: text/plain\r\n\r\nCould not be delivered.\r\n--b\r
            Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r
            Final-Recipient: rfc822; ada@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r
            Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <\(messageID)>\r\n\r\n--b--\r\n
            """
        return Letter(
            from: "MAILER-DAEMON@example.net", subject: "Undelivered Mail", messageID: "<dsn1@example.net>",
            returnPath: "<>",
            extra: ["MIME-Version: 1.0", "Content-Type: multipart/report; report-type=delivery-status; boundary=b"],
            body: body)
    }
}

extension OutboxItem {
    /// Of the form of ours, with another seal.
    static func forged(messageID: String) -> String { messageID }
}
