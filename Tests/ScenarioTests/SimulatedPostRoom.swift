import ConfigLoading
import Correspondence
import Digest
import Foundation
import Logging
import MIME
import Replies
import Routing
import Storage
import TestSupport
import Testing
import Triage
import Vocabulary

/// A post room without servers: the real configuration, understanding, deciding, store and outbox, on a clock that the
/// test moves. Mail comes in by `receive` and goes out by `sendDue`.
final class SimulatedPostRoom {
    let store: Store
    var triage: TriageOptions
    let databasePath: String
    private let folder: TemporaryFolder
    private var nextUID: UInt32 = 1
    private static let account = AccountName("support")
    private static let inbox = MailboxName("INBOX")

    /// A mail that left.
    struct Sent {
        let id: Int64
        let messageID: MessageID
        let reversePath: EmailAddress?
        let recipients: [EmailAddress]
        let bytes: [UInt8]
    }

    /// With the shipped configuration. The key is always the same, so that identifiers are.
    init(address: String = "support@example.com", start: Date, change: (inout TriageOptions) -> Void = { _ in }) throws
    {
        folder = try TemporaryFolder()
        var config = try loadConfig(
            directory: Checkout.root.appending(path: "etc/postroom").path, environment: [:], secrets: .skipped)
        let own = try #require(EmailAddress(address))
        let agents = config.triage.routing.people.compactMap(\.address)
        config.triage.identity = OwnIdentity(addresses: [own], agents: agents, messageIDDomain: own.domain)
        change(&config.triage)
        triage = config.triage
        let options = StorageOptions(directory: folder.path + "/store")
        databasePath = options.databasePath
        try FileManager.default.createDirectory(atPath: options.directory, withIntermediateDirectories: true)
        let key = sha256(Array("the key of \(address)".utf8)).hex + "\n"
        try #require(
            FileManager.default.createFile(
                atPath: options.keyPath, contents: Data(key.utf8), attributes: [.posixPermissions: 0o600]))
        store = try Store.open(options, role: .service, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        _ = try store.openMailbox(
            account: Self.account, mailbox: Self.inbox, uidValidity: UIDValidity(1), baseline: nil, now: start)
    }

    deinit { store.close() }

    /// Approves every template of the set.
    func approveTemplates(now: Date) throws {
        for item in try store.templateApprovals(triage.templates) {
            try store.approve(
                template: item.name, language: item.language, digest: item.digest, actor: "cli:admin", now: now)
        }
    }

    /// Records mails that came together, as one batch.
    @discardableResult
    func receive(_ mails: [[UInt8]], at now: Date) throws -> [RecordedDelivery] {
        let arrivals = mails.map { bytes in
            defer { nextUID += 1 }
            let understanding = understand(bytes, options: triage)
            let blob = ArchiveBlob.compress(bytes, digest: understanding.rawDigest)
            return Arrival(
                uid: UID(nextUID), arrivedAt: now, size: bytes.count, content: .understood(understanding, blob))
        }
        let batch = ArrivalBatch(
            account: Self.account, mailbox: Self.inbox, uidValidity: UIDValidity(1), arrivals: arrivals,
            coveredThrough: UID(nextUID - 1))
        return try store.record(batch, options: triage, mode: .act, now: now)
    }

    func receive(_ bytes: [UInt8], at now: Date) throws -> RecordedDelivery {
        try #require(try receive([bytes], at: now).first)
    }

    /// Sends what is due, each accepted by the relay.
    func sendDue(at now: Date) throws -> [Sent] {
        var sent: [Sent] = []
        for mail in try store.claimable(now: now, limit: 100) {
            guard try store.markSending(mail.id, now: now) else { continue }
            let bytes = try store.outgoingBytes(mail)
            try store.markAccepted(mail.id, queueID: "Q\(mail.id)", reply: "queued", recipients: [], now: now)
            sent.append(
                Sent(
                    id: mail.id, messageID: mail.messageID, reversePath: mail.reversePath,
                    recipients: mail.recipients, bytes: bytes))
        }
        return sent
    }

    /// Notices to owners and operators that are due, each taken by the relay.
    func noticesDue(at now: Date) throws -> [Notice] {
        let due = try store.dueNotices(now: now, domain: triage.identity.messageIDDomain)
        for notice in due { try store.settleNotice(notice.id, reply: "queued", now: now) }
        return due
    }

    /// Every test ends with it.
    func expectConsistent(_ location: Testing.SourceLocation = #_sourceLocation) throws {
        let broken = try store.checkConsistency(deep: true)
        #expect(broken.isEmpty, "\(broken)", sourceLocation: location)
    }
}
