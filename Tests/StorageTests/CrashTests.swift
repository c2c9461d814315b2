import Foundation
import Storage
import TestSupport
import Testing
import Vocabulary

/// A process that dies leaves exactly the bytes that the files hold at that moment. A copy of the files, opened as a store
/// of its own, is therefore what the next start would find.
@Suite struct CrashTests {
    @Test func nothingIsLostAtAnyStep() throws {
        let fixture = try StoreFixture()
        let (account, inbox, now) = (StoreFixture.account, StoreFixture.inbox, fixture.now)
        let empty = try Survivor(of: fixture)
        #expect(try empty.store.status().deliveries.isEmpty)
        try empty.end()

        let arrivals = fixture.arrivals([Letter(), Letter(from: "b@example.net", messageID: "<b@example.net>")])
        try fixture.store.beginWork(
            account: account, mailbox: inbox, uidValidity: fixture.uidValidity, uids: arrivals.map(\.uid), now: now)
        let atWork = try Survivor(of: fixture)
        #expect(try atWork.store.unfinishedWork(account: account, mailbox: inbox) == [UID(1)...UID(2)])
        #expect(try atWork.store.mailboxState(account: account, mailbox: inbox)?.cursor == UID(0))
        try atWork.end()

        let recorded = try fixture.record(arrivals)
        let untold = try Survivor(of: fixture)
        #expect(try untold.store.unfinishedWork(account: account, mailbox: inbox).isEmpty)
        #expect(try untold.store.mailboxState(account: account, mailbox: inbox)?.cursor == UID(2))
        let pending = try untold.store.unacknowledged(
            account: account, mailbox: inbox, uidValidity: fixture.uidValidity, limit: 10)
        #expect(pending.count == 2, "the source is told again")
        let again = try untold.store.record(fixture.batch(arrivals), options: fixture.triage, mode: .act, now: now)
        #expect(again.map(\.wasKnown) == [true, true], "taken again from the server, they are known")
        #expect(try untold.store.outboxItems().count == 2)
        try untold.end()

        try fixture.store.markAcknowledged(recorded.map(\.id), now: now)
        let mail = try #require(try fixture.store.claimable(now: now, limit: 1).first)
        let claimed = try Survivor(of: fixture)
        #expect(try claimed.store.claimable(now: now, limit: 10).count == 2)
        try claimed.end()

        #expect(try fixture.store.markSending(mail.id, now: now))
        let sending = try Survivor(of: fixture)
        #expect(try sending.store.recoverInterrupted(now: now) == [mail.id])
        #expect(try sending.store.claimable(now: now, limit: 10).count == 1)
        try sending.end()

        try fixture.store.markAccepted(mail.id, queueID: "Q", reply: "250", recipients: [], now: now)
        let sent = try Survivor(of: fixture)
        #expect(try sent.store.recoverInterrupted(now: now).isEmpty)
        #expect(try sent.store.outboxItem(mail.id).state == .accepted)
        try sent.end()
        try fixture.expectConsistent()
    }

    /// Archive written, tracking not: what a crash between the two commits leaves.
    @Test func aBlobThatNothingRefersToDoesNoHarm() throws {
        let fixture = try StoreFixture()
        let before = try #require(FileManager.default.contents(atPath: fixture.options.databasePath))
        let log = FileManager.default.contents(atPath: fixture.options.databasePath + "-wal") ?? Data()
        let arrivals = fixture.arrivals([Letter()])
        try fixture.record(arrivals)
        fixture.store.close()
        try before.write(to: URL(filePath: fixture.options.databasePath))
        try log.write(to: URL(filePath: fixture.options.databasePath + "-wal"))
        try fixture.reopen()
        #expect(try fixture.store.status().deliveries.isEmpty)
        let recorded = try fixture.record(arrivals)
        #expect(recorded.map(\.wasKnown) == [false])
        #expect(recorded.map(\.ticket) == [TicketNumber(1001)])
        try fixture.expectConsistent()
    }
}

/// What the next start finds if the process dies now.
private struct Survivor {
    let folder: TemporaryFolder
    let store: Store

    init(of fixture: StoreFixture) throws {
        folder = try TemporaryFolder()
        let options = StorageOptions(directory: folder.path + "/copy")
        let manager = FileManager.default
        try manager.createDirectory(atPath: options.directory, withIntermediateDirectories: true)
        for name in try manager.contentsOfDirectory(atPath: fixture.options.directory)
        where !name.hasSuffix("-shm") && !name.hasSuffix(".lock") {
            try manager.copyItem(
                atPath: fixture.options.directory + "/" + name, toPath: options.directory + "/" + name)
        }
        store = try Store.open(options, role: .service, logger: quiet)
    }

    func end() throws {
        #expect(try store.checkConsistency(deep: true) == [])
        store.close()
    }
}
