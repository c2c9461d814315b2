import Foundation
import IMAPClient
import Logging
import Storage
import Vocabulary

/// Looking whether anything was missed, and whether somebody else works here.
extension MailboxIntake {
    /// At the start and once a day: is everything that stands on the server in the ledger? What is not is taken now.
    func reconcile(_ round: Round) async throws {
        let uids = try await round.session.allUIDs()
        let (ledger, state) = try await shared.writer.run { store in
            (
                try store.ledger(account: account.name, mailbox: mailbox),
                try store.mailboxState(account: account.name, mailbox: mailbox)
            )
        }
        guard let ledger, ledger.uidValidity == round.status.uidValidity else { return }
        let difference = LedgerDifference(onServer: uids, ledger: ledger, baseline: state?.baseline)
        logger.notice(
            "mailbox reconciled",
            metadata: [
                "recorded": "\(difference.recorded)", "waiting": "\(difference.waiting)", "gone": "\(difference.gone)",
                "missing": "\(difference.missing.count)",
            ])
        guard !difference.missing.isEmpty else { return }
        logger.error(
            "messages are on the server and not in the ledger; they are taken now",
            metadata: ["missing": "\(difference.missing.count)"])
        let missing = Set(difference.missing), before = UID(missing.map(\.rawValue).min().map { $0 - 1 } ?? 0)
        let listing = try await round.session.messages(above: before)
        try await takeAlone(listing.messages.filter { missing.contains($0.uid) }, round, suspects: Suspects())
        try await acknowledge(round)
    }

    /// Another installation that works on the same mailbox answers our customers a second time.
    func reportForeignMarks(_ session: IMAPSession) async throws {
        guard let other = await session.foreignInstance else { return }
        let detail = """
            Messages that are new to this installation carry the mark of another one (\(other)). Two installations on one \
            mailbox answer everything twice: stop one of them.
            """
        let isNew = try await shared.writer.run {
            try $0.raise(.foreignInstance, account: account.name, mailbox: mailbox, detail: detail, now: Date())
        }
        guard isNew else { return }
        logger.error("another installation works on the mailbox", metadata: ["instance": "\(other)"])
        shared.noticeSignal.signal()
    }

    /// At the start and once a day: when this connection has seen no such mark, the other installation is gone.
    func forgetForeignMarks(_ session: IMAPSession) async throws {
        guard await session.foreignInstance == nil else { return }
        let wasRaised = try await shared.writer.run {
            try $0.clear(
                .foreignInstance, account: account.name, mailbox: mailbox,
                detail: "No message that is new to this installation carries the mark of another one any more.",
                now: Date())
        }
        guard wasRaised else { return }
        logger.notice("no sign of another installation any more")
        shared.noticeSignal.signal()
    }
}
