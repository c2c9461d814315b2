import Foundation
import Storage
import Testing
import Triage
import Vocabulary

struct DuplicateCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let first: Letter
    let second: Letter
    let hoursLater: Double
    let expected: DeliveryState
    let basis: String?

    init(
        _ sentence: String, _ first: Letter, then second: Letter, hoursLater: Double = 0, gives expected: DeliveryState,
        basis: String? = nil
    ) {
        (testDescription, self.first, self.second) = (sentence, first, second)
        (self.hoursLater, self.expected, self.basis) = (hoursLater, expected, basis)
    }
}

private let letter = Letter()
private let form = Letter(messageID: nil, extra: ["X-Form: contact"])

@Suite struct DuplicateTests {
    @Test(
        "the same message is recognised by promise 2 of CONTRIBUTING",
        arguments: [
            DuplicateCase("the same bytes", letter, then: letter, gives: .duplicate, basis: "fingerprint"),
            DuplicateCase(
                "other trace fields, as in a second mailbox", letter,
                then: letter.with { $0.returnPath = "<bounces@example.org>" }, gives: .duplicate, basis: "fingerprint"),
            DuplicateCase(
                "the same Message-ID with another body is another mail", letter,
                then: letter.with { $0.body = "Other\r\n" },
                gives: .ticketed),
            DuplicateCase(
                "the same words under another Message-ID are another mail", letter,
                then: letter.with { $0.messageID = "<second@example.net>" }, gives: .ticketed),
            DuplicateCase(
                "without a Message-ID the same bytes within a day", form, then: form, gives: .duplicate,
                basis: "rawWithinDay"),
        ])
    func recognises(_ row: DuplicateCase) throws {
        let fixture = try StoreFixture()
        let bytesDate = fixture.now
        let first = try fixture.record(row.first)
        let arrivals = fixture.arrivals([row.second], arrivedAt: bytesDate.addingTimeInterval(row.hoursLater * 3600))
        let second = try #require(try fixture.record(arrivals).first)
        #expect(second.state == row.expected)
        #expect(second.detail == row.basis)
        if row.expected == .duplicate {
            #expect(second.ticket == first.ticket)
            #expect(second.outboxID == nil)
        }
        try fixture.expectConsistent()
    }

    @Test func webFormsRepeatThemselvesWeeksApart() throws {
        let fixture = try StoreFixture()
        try fixture.record([form])
        let later = fixture.now.addingTimeInterval(14 * 24 * 3600)
        #expect(try fixture.record(fixture.arrivals([form], arrivedAt: later)).map(\.state) == [.ticketed])
        try fixture.expectConsistent()
    }

    @Test func aSharedMessageIDIsToldAsAFact() throws {
        let fixture = try StoreFixture()
        try fixture.record([letter])
        let second = try fixture.record(letter.with { $0.body = "Other\r\n" })
        #expect(try fixture.store.explanation(deliveryID: second.id).facts.messageIDSeenElsewhere)
        // And a repetition of the second is a duplicate of the second.
        let third = try fixture.record(letter.with { $0.body = "Other\r\n" })
        #expect(third.decision?.outcome == .duplicate(of: second.id))
        try fixture.expectConsistent()
    }

    @Test("a whole mailbox under a new UIDVALIDITY opens no ticket twice", arguments: [letter, form])
    func rereads(_ letter: Letter) throws {
        let fixture = try StoreFixture()
        let old = fixture.now.addingTimeInterval(-40 * 24 * 3600)
        let first = try #require(try fixture.record([letter], arrivedAt: old).first)
        let state = try fixture.changeUIDValidity()
        #expect(state.changedValidity)
        #expect(state.cursor == UID(0))
        let again = try #require(try fixture.record([letter], arrivedAt: old).first)
        #expect(again.decision?.outcome == .duplicate(of: first.id))
        #expect(try fixture.store.tickets().count == 1)
        #expect(try fixture.store.outboxItems().count == (first.outboxID == nil ? 0 : 1))
        try fixture.expectConsistent()
    }

    @Test func theSameMailInTwoMailboxesOfOneBatchEachIsOneTicket() throws {
        let fixture = try StoreFixture()
        let sales = MailboxName("销售")
        try fixture.openInbox(sales)
        try fixture.record([letter])
        let second = try #require(try fixture.record([letter], mailbox: sales).first)
        #expect(second.state == .duplicate)
        let twice = letter.with { $0.messageID = "<twice@example.net>" }
        #expect(try fixture.record([twice, twice]).map(\.state) == [.ticketed, .duplicate])
        try fixture.expectConsistent()
    }
}
