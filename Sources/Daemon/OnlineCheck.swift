package import ConfigLoading
import IMAPClient
package import Logging
import SMTPClient
import SMTPProtocol
import Vocabulary

/// Tries every connection of a configuration, and changes nothing: for `postroom check --online`.
package struct OnlineCheck: Sendable {
    package struct Finding: Sendable, Codable {
        /// `account support, INBOX` or `submission`.
        package let what: String
        package let ok: Bool
        /// What was found, or what failed and what an admin can do.
        package let said: String
    }

    private let config: Config
    private let logger: Logger

    package init(config: Config, logger: Logger) {
        self.config = config
        self.logger = logger
    }

    package func run() async -> [Finding] {
        var findings: [Finding] = []
        for account in config.accounts { findings += await check(account) }
        for relay in config.relays { findings.append(await check(relay)) }
        return findings
    }

    private func check(_ account: AccountOptions) async -> [Finding] {
        let session = IMAPSession(account: account, logger: logger)
        do {
            try await session.connect()
        } catch {
            return [Finding(what: "account \(account.name)", ok: false, said: "\(error)")]
        }
        var findings: [Finding] = []
        for mailbox in account.mailboxes {
            let what = "account \(account.name), \(mailbox)"
            do {
                let status = try await session.select(mailbox, readOnly: true)
                findings.append(Finding(what: what, ok: true, said: describe(status, account)))
            } catch {
                findings.append(Finding(what: what, ok: false, said: "\(error)"))
            }
        }
        await session.logout()
        return findings
    }

    private func describe(_ status: MailboxStatus, _ account: AccountOptions) -> String {
        var words = "\(status.exists) messages"
        if let keyword = account.acknowledge.keyword, let kept = status.permanentFlags, !kept.isEmpty,
            !kept.contains("\\*"), !kept.contains(keyword)
        {
            words += "; it keeps no keyword of ours, so the ledger alone knows what is done"
        }
        return words
    }

    private func check(_ submission: SubmissionOptions) async -> Finding {
        let session = SMTPSession(submission, logger: logger)
        do {
            try await session.connect()
            let offers = await session.extensions
            await session.quit()
            return Finding(
                what: "submission", ok: true,
                said: "logged in\(offers.pipelining ? ", PIPELINING" : "")")
        } catch {
            return Finding(what: "submission", ok: false, said: "\(error)")
        }
    }
}
