import ConfigLoading
import Correspondence
import Foundation
import IMAPClient
import Logging
import Storage
import Triage
import Vocabulary

/// Sends each account a mail now and then and looks whether it is recorded: the one test of the whole way that a silent
/// mailbox cannot pass. Off unless `alarms: { canary: … }` says how often.
struct CanaryService: Sendable {
    let shared: DaemonShared

    /// Until cancelled.
    func run() async {
        while !Task.isCancelled {
            if let interval = shared.config.alarms.canary {
                for account in shared.config.accounts { await look(account, every: interval) }
            }
            try? await Task.sleep(for: min(.seconds(30), (shared.config.alarms.canary ?? .seconds(300)) / 10))
        }
    }

    func look(_ account: AccountOptions, every interval: Duration) async {
        let config = shared.config
        guard config.mode == .act, config.submission != nil, let mailbox = account.mailboxes.first else { return }
        do {
            let domain = config.triage.identity.messageIDDomain
            let last = try await shared.writer.run { try $0.lastCanary(account: account.name, domain: domain) }
            if let last {
                let age = Duration.seconds(Date().timeIntervalSince(last.begunAt))
                if last.hasArrived { try await clear(account.name, mailbox) }
                if !last.hasArrived, age > interval { try await raise(account.name, mailbox, last) }
                if age < interval { return }
            }
            try await shared.writer.run { try $0.beginCanary(account: account.name, now: Date()) }
            shared.noticeSignal.signal()
        } catch {
            shared.logger.warning("test mail could not be looked after", metadata: ["error": "\(error)"])
        }
    }

    private func raise(_ account: AccountName, _ mailbox: MailboxName, _ last: Canary) async throws {
        let detail =
            last.wasSent
            ? "A test mail was taken by the relay and has not arrived in the mailbox."
            : "A test mail could not be handed to the relay."
        let isNew = try await shared.writer.run {
            try $0.raise(.canary, account: account, mailbox: mailbox, detail: detail, now: Date())
        }
        guard isNew else { return }
        shared.logger.error(
            "test mail went missing",
            metadata: ["account": "\(account)", "mailbox": "\(mailbox)", "error": "\(detail)"])
    }

    private func clear(_ account: AccountName, _ mailbox: MailboxName) async throws {
        let wasRaised = try await shared.writer.run {
            try $0.clear(.canary, account: account, mailbox: mailbox, detail: "A test mail has arrived.", now: Date())
        }
        if wasRaised {
            shared.logger.notice("test mail arrived again", metadata: ["account": "\(account)"])
        }
    }
}
