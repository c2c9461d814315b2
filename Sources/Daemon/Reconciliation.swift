package import ConfigLoading
import Foundation
import IMAPClient
import IMAPProtocol
package import Logging
import Storage
import Vocabulary

/// Compares what stands on the servers with what stands in the ledger, in both directions (promise 4 of CONTRIBUTING).
package struct Reconciliation: Sendable {
    /// What was found about one mailbox.
    package struct Finding: Sendable, Codable {
        package let account: String
        package let mailbox: String
        /// Nil when the mailbox was compared; else why it was not.
        package var failure: String?
        package var onServer = 0
        package var recorded = 0
        package var parked = 0
        /// Above the cursor: not taken yet.
        package var waiting = 0
        /// Up to the cursor, on the server, and not in the ledger. This must be empty: such a mail would be lost.
        package var missing: [UInt32] = []
        /// Recorded, and no longer on the server: moved or deleted since, which is usual.
        package var gone = 0

        package var isClean: Bool { failure == nil && missing.isEmpty }
    }

    private let config: Config
    private let store: Store
    private let logger: Logger

    /// Opens the store beside a running daemon.
    package init(config: Config, logger: Logger) throws {
        self.config = config
        self.logger = logger
        store = try Store.open(config.storage, role: .command, logger: logger)
    }

    package func run() async -> [Finding] {
        var findings: [Finding] = []
        for account in config.accounts {
            for mailbox in account.mailboxes {
                do {
                    findings.append(try await compare(account, mailbox))
                } catch {
                    findings.append(
                        Finding(account: account.name.rawValue, mailbox: mailbox.rawValue, failure: "\(error)"))
                }
            }
        }
        return findings
    }

    private func compare(_ account: AccountOptions, _ mailbox: MailboxName) async throws -> Finding {
        var finding = Finding(account: account.name.rawValue, mailbox: mailbox.rawValue)
        let session = IMAPSession(account: account, logger: logger)
        try await session.connect()
        let status = try await session.select(mailbox, readOnly: true)
        let uids = try await session.allUIDs()
        await session.logout()
        finding.onServer = Int(uids.count)
        guard let ledger = try store.ledger(account: account.name, mailbox: mailbox) else {
            finding.waiting = Int(uids.count)
            return finding
        }
        finding.parked = ledger.parked.count
        let baseline = try store.mailboxState(account: account.name, mailbox: mailbox)?.baseline
        guard ledger.uidValidity == status.uidValidity else {
            finding.failure = "the mailbox has another UIDVALIDITY than the ledger; the daemon will read it anew"
            return finding
        }
        let difference = LedgerDifference(onServer: uids, ledger: ledger, baseline: baseline)
        finding.recorded = difference.recorded
        finding.gone = difference.gone
        finding.waiting = difference.waiting
        finding.missing = difference.missing.map(\.rawValue)
        return finding
    }
}

/// What the server's UIDs of a mailbox and its ledger say differently, under the same UIDVALIDITY.
struct LedgerDifference: Sendable {
    let recorded: Int
    /// Recorded, and no longer on the server.
    let gone: Int
    /// Above the cursor.
    let waiting: Int
    /// Up to the cursor, on the server, and not in the ledger; ascending.
    let missing: [UID]

    init(onServer uids: UIDSet, ledger: MailboxLedger, baseline: Date?) {
        let known = UIDSet(ranges: ledger.recorded)
        let unknown = uids.subtracting(known)
        let cursor = ledger.cursor.rawValue
        // Below the first recorded UID lies what was there before the start of the mailbox.
        let first = baseline == nil ? 1 : ledger.recorded.first?.lowerBound.rawValue ?? .max
        recorded = Int(known.count)
        gone = Int(known.subtracting(uids).count)
        let taken = cursor > 0 ? unknown.intersection(UIDSet(ranges: [UID(1)...UID(cursor)])) : UIDSet()
        waiting = Int(unknown.subtracting(taken).count)
        let before = first > 1 ? UIDSet(ranges: [UID(1)...UID(first - 1)]) : UIDSet()
        missing = taken.subtracting(before).uids
    }
}
