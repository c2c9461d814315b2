import ConfigLoading
import Foundation
import IMAPClient
import Logging
import Storage
import Vocabulary

/// Notices when a mailbox was not read to its end, and nothing of it recorded, for too long, whatever the reason: a refused
/// password, a dead server, a connection that nobody noticed to be dead. Everything else can fail silently; this cannot,
/// for it looks at what was done and not at what was tried.
struct SilenceAlarm: Sendable {
    let shared: DaemonShared

    /// Until cancelled.
    func run() async {
        while !Task.isCancelled {
            await look()
            let interval = min(max(shared.config.alarms.silence / 10, .milliseconds(20)), .seconds(30))
            try? await Task.sleep(for: interval)
        }
    }

    func look() async {
        let config = shared.config
        do {
            let places = config.accounts.flatMap { account in account.mailboxes.map { (account.name, $0) } }
            for (account, mailbox) in places {
                guard let health = shared.health.mailbox(account, mailbox) else { continue }
                let silence = ContinuousClock.now - health.lastProgress
                if silence > config.alarms.silence {
                    try await raise(account, mailbox, silence, said: health.said)
                } else if health.wasRead {
                    try await clear(account, mailbox)
                }
            }
            let relays = config.relays.map { RelayPool.alarmPlace($0) }
            try await shared.writer.run { try $0.forgetAlarms(except: places + relays + [ConfigurationRecord.place]) }
        } catch {
            shared.logger.warning("alarms could not be looked at", metadata: ["error": "\(error)"])
        }
    }

    private func raise(_ account: AccountName, _ mailbox: MailboxName, _ silence: Duration, said: String?) async throws
    {
        let minutes = max(1, silence.components.seconds / 60)
        let reason = said.map { "The last failure: \($0)" } ?? "No failure was reported."
        let detail = "not read to its end for \(minutes) min. \(reason)"
        let isNew = try await shared.writer.run {
            try $0.raise(.silence, account: account, mailbox: mailbox, detail: detail, now: Date())
        }
        guard isNew else { return }
        shared.logger.error(
            "mailbox fell silent",
            metadata: [
                "account": "\(account)", "mailbox": "\(mailbox)", "duration_ms": "\(milliseconds(silence))",
                "error": "\(said ?? "none reported")",
            ])
        shared.noticeSignal.signal()
    }

    private func clear(_ account: AccountName, _ mailbox: MailboxName) async throws {
        let wasRaised = try await shared.writer.run {
            try $0.clear(
                .silence, account: account, mailbox: mailbox, detail: "The mailbox is read to its end again.",
                now: Date())
        }
        guard wasRaised else { return }
        shared.logger.notice(
            "mailbox spoke again", metadata: ["account": "\(account)", "mailbox": "\(mailbox)"])
        shared.noticeSignal.signal()
    }
}
