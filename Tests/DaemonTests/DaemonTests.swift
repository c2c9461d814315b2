import CurlTransport
import Foundation
import IMAPClient
import IMAPProtocol
import Testing
import Vocabulary

@testable import Daemon
@testable import Storage

private func ledger(_ recorded: [ClosedRange<UInt32>], cursor: UInt32) -> MailboxLedger {
    MailboxLedger(
        uidValidity: UIDValidity(1), cursor: UID(cursor),
        recorded: recorded.map { UID($0.lowerBound)...UID($0.upperBound) }, parked: [], unacknowledged: 0,
        unfinished: [])
}

@Test func aMessageUpToTheCursorThatTheLedgerDoesNotKnowIsMissing() {
    let difference = LedgerDifference(
        onServer: UIDSet(numbers: [1, 2, 3, 5, 9, 10]), ledger: ledger([1...2, 5...8], cursor: 9), baseline: nil)
    #expect(difference.missing == [UID(3), UID(9)])
    #expect(difference.waiting == 1)
    #expect(difference.gone == 3)
    #expect(difference.recorded == 6)
}

@Test func whatWasThereBeforeTheStartIsNotMissing() {
    let difference = LedgerDifference(
        onServer: UIDSet(numbers: [1, 2, 3, 7, 8]), ledger: ledger([7...7], cursor: 8),
        baseline: Date(timeIntervalSince1970: 0))
    #expect(difference.missing == [UID(8)])
}

@Test func pausesGrowToFiveMinutesAndVaryByAQuarter() {
    var backoff = Backoff()
    let pauses = (0..<12).map { _ in backoff.next(random: 0.5) }
    #expect(pauses.first == .seconds(1))
    #expect(pauses.last == .seconds(300))
    #expect(pauses == pauses.sorted())
    backoff.succeed()
    #expect(backoff.next(random: 0) == .seconds(0.875))
}

@Test func aSignalWakesOneWaiterAndIsKeptWhenNobodyWaits() async {
    let signal = Signal()
    signal.signal()
    signal.signal()
    await signal.wait()
    await withTaskGroup(of: Void.self) { group in
        group.addTask { await signal.wait() }
        group.addTask { signal.signal() }
    }
}

@Test func aCancelledWaitReturnsAndTheNextSignalStillWorks() async {
    let signal = Signal()
    await withTaskGroup(of: Void.self) { group in
        group.addTask { await signal.wait() }
        group.cancelAll()
    }
    signal.signal()
    await signal.wait()
}

@Test func whatBreaksTheConnectionTwiceIsTakenAloneAndParkedAtTheThirdTime() throws {
    var suspects = Suspects()
    var broken = IMAPError(
        reason: .transport(.closed), account: AccountName("a"), host: "imap.example.com", command: "UID FETCH", said: ""
    )
    broken.unanswered = [UID(4), UID(5)]
    suspects.note(broken)
    #expect(suspects.uids.isEmpty)
    suspects.note(broken)
    #expect(suspects.uids == [UID(4), UID(5)])
    #expect(!suspects.breaksTheConnection(UID(4)))
    broken.unanswered = [UID(4)]
    suspects.note(broken)
    #expect(suspects.breaksTheConnection(UID(4)))
    #expect(!suspects.breaksTheConnection(UID(5)))
    #expect(suspects.isWorthAnotherTry(broken))
    #expect(!suspects.brokeForHours(UID(4)))
}
