import Foundation
import Storage
import Testing
import Triage
import Vocabulary

@Suite struct LedgerTests {
    @Test func theBaselineIsKeptFromTheFirstSightOn() throws {
        let fixture = try StoreFixture(baseline: StoreFixture.start)
        let again = try fixture.openInbox(baseline: StoreFixture.start.addingTimeInterval(999))
        #expect(again.baseline == StoreFixture.start)
        #expect(!again.changedValidity)
        #expect(try fixture.changeUIDValidity().changedValidity)
        #expect(try fixture.openInbox().changedValidity == false)
        try fixture.expectConsistent()
    }

    @Test func workThatWasBegunAndNotRecordedIsFoundAfterACrash() throws {
        let fixture = try StoreFixture()
        let (store, now) = (fixture.store, fixture.now)
        func begin(_ range: ClosedRange<UInt32>) throws {
            try store.beginWork(
                account: StoreFixture.account, mailbox: StoreFixture.inbox, uidValidity: fixture.uidValidity,
                uids: UID(range.lowerBound)...UID(range.upperBound), now: now)
        }
        func unfinished() throws -> [ClosedRange<UInt32>] {
            try fixture.store.unfinishedWork(account: StoreFixture.account, mailbox: StoreFixture.inbox)
                .map { $0.lowerBound.rawValue...$0.upperBound.rawValue }
        }
        try begin(1...2)
        try begin(3...6)
        #expect(try unfinished() == [1...2, 3...6])
        try fixture.record([Letter(), Letter(messageID: "<b@example.net>")])
        #expect(try unfinished() == [3...6])
        try fixture.reopen()
        #expect(try unfinished() == [3...6], "a start finds what a dead process was working on")

        // One at a time: the rest stays marked.
        try fixture.record([Letter(messageID: "<c@example.net>")])
        #expect(try unfinished() == [4...6])
        // 4 and 5 are absent.
        let rest = ArrivalBatch(
            account: StoreFixture.account, mailbox: StoreFixture.inbox, uidValidity: fixture.uidValidity, arrivals: [],
            coveredThrough: UID(6))
        _ = try fixture.store.record(rest, options: fixture.triage, mode: .act, now: fixture.now)
        #expect(try unfinished().isEmpty)
        let state = try fixture.store.mailboxState(account: StoreFixture.account, mailbox: StoreFixture.inbox)
        #expect(state?.cursor == UID(6))
        try fixture.expectConsistent()
    }

    @Test func theCursorNeverGoesBack() throws {
        let fixture = try StoreFixture()
        try fixture.record([Letter(), Letter(messageID: "<b@example.net>")])
        let lower = ArrivalBatch(
            account: StoreFixture.account, mailbox: StoreFixture.inbox, uidValidity: fixture.uidValidity, arrivals: [],
            coveredThrough: UID(1))
        _ = try fixture.store.record(lower, options: fixture.triage, mode: .act, now: fixture.now)
        #expect(try fixture.openInbox().cursor == UID(2))
        try fixture.expectConsistent()
    }

    @Test func workUnderAnOldUIDValidityIsRefusedAndForgotten() throws {
        let fixture = try StoreFixture()
        let old = fixture.uidValidity
        try fixture.store.beginWork(
            account: StoreFixture.account, mailbox: StoreFixture.inbox, uidValidity: old, uids: [UID(3), UID(9)],
            now: fixture.now)
        _ = try fixture.changeUIDValidity()
        #expect(try fixture.store.unfinishedWork(account: StoreFixture.account, mailbox: StoreFixture.inbox).isEmpty)
        let error = #expect(throws: StorageError.self) {
            try fixture.store.beginWork(
                account: StoreFixture.account, mailbox: StoreFixture.inbox, uidValidity: old, uids: [UID(3)],
                now: fixture.now)
        }
        #expect(error?.reason == .staleUIDValidity)
        try fixture.expectConsistent()
    }

    @Test func theSourceIsToldOfEveryDeliveryThatIsNotParked() throws {
        let fixture = try StoreFixture()
        let recorded = try fixture.record(
            fixture.arrivals([Letter()]) + [fixture.parkedArrival()]
                + fixture.arrivals([Letter(messageID: "<b@example.net>")]))
        func pending() throws -> [PendingAcknowledgement] {
            try fixture.store.unacknowledged(
                account: StoreFixture.account, mailbox: StoreFixture.inbox, uidValidity: fixture.uidValidity, limit: 10)
        }
        #expect(try pending().map(\.locator.uid) == [UID(1), UID(3)])
        #expect(try pending().allSatisfy { $0.outcome == .ticketed && $0.category != nil })
        try fixture.store.markAcknowledged([recorded[0].id], now: fixture.now)
        try fixture.store.markAcknowledged([recorded[0].id], now: fixture.now)
        #expect(try pending().map(\.locator.uid) == [UID(3)])
        try fixture.expectConsistent()
    }

    @Test func theLedgerJoinsNeighbours() throws {
        let fixture = try StoreFixture()
        try fixture.record([Letter(), Letter(messageID: "<b@example.net>")])
        _ = fixture.arrivals([Letter()])  // UID 3 is absent.
        try fixture.record([fixture.parkedArrival(nil)])
        let ledger = try #require(
            try fixture.store.ledger(account: StoreFixture.account, mailbox: StoreFixture.inbox))
        #expect(ledger.recorded == [UID(1)...UID(2), UID(4)...UID(4)])
        #expect(ledger.parked == [UID(4)])
        #expect(ledger.unacknowledged == 2)
        #expect(ledger.cursor == UID(4))
        #expect(
            try fixture.store.recordedUIDs(
                account: StoreFixture.account, mailbox: StoreFixture.inbox, uidValidity: fixture.uidValidity,
                in: UID(2)...UID(9)) == [UID(2), UID(4)])
        #expect(try fixture.store.ledger(account: AccountName("other"), mailbox: StoreFixture.inbox) == nil)
        try fixture.store.markCycleComplete(
            account: StoreFixture.account, mailbox: StoreFixture.inbox, now: fixture.now)
        #expect(try fixture.store.status().mailboxes.first?.lastCycle == fixture.now)
        try fixture.expectConsistent()
    }
}
