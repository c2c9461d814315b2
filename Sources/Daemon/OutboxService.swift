import ConfigLoading
import CurlTransport
import Foundation
import Logging
import MIME
import SMTPClient
import SMTPProtocol
import Storage
import Vocabulary

/// Sends what the outbox holds, over one connection, at most once each.
///
/// For each mail: claim it (the store looks again whether it may still go), hand over sender and recipients, commit
/// `sending`, and only then let the octets go that can complete the message. If the connection ends between those and
/// the server's answer, nobody knows: the mail is `uncertain` and is not sent again by itself (promise 3 of
/// CONTRIBUTING).
struct OutboxService: Sendable {
    let shared: DaemonShared

    /// Waiting times after the first, second, … failure of a mail (RFC 5321 section 4.5.4.1 asks for at least 30
    /// minutes
    /// between tries in the long run; the first ones are for greylisting).
    private static let schedule: [TimeInterval] = [60, 300, 900, 1800, 3600, 7200, 14400]

    /// Until cancelled.
    func run() async {
        await recoverInterrupted()
        var backoff = Backoff()
        while !Task.isCancelled {
            let sent = await sendDue()
            switch sent {
            case .sent: backoff.succeed()  // there may be more
            case .idle: await wait(upTo: .seconds(30), forSignals: true)
            case .failed: await wait(upTo: backoff.next(random: Double.random(in: 0..<1)), forSignals: false)
            // A refused login is for a person; asking often would lock the account.
            case .held: await wait(upTo: .seconds(15 * 60), forSignals: false)
            }
        }
    }

    /// Sends what is due now and returns.
    func drainOnce() async {
        await recoverInterrupted()
        while await sendDue() == .sent {}
    }

    private enum Pass { case idle, sent, failed, held }

    private func recoverInterrupted() async {
        let found = (try? await shared.writer.run { try $0.recoverInterrupted(now: Date()) }) ?? []
        for id in found {
            shared.logger.warning(
                "outgoing mail may have gone out before the last stop; it is not sent again",
                metadata: ["outbox": "\(id)", "state": "uncertain"])
        }
    }

    /// The next signal or the end of the pause, whichever comes first.
    private func wait(upTo pause: Duration, forSignals: Bool) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: pause) }
            if forSignals { group.addTask { await shared.outboxSignal.wait() } }
            await group.next()
            group.cancelAll()
        }
    }

    private func sendDue() async -> Pass {
        guard shared.config.mode == .act, let submission = shared.config.submission else { return .idle }
        let due: [OutboxMail]
        do {
            FaultPoint.reach(.claimBefore)
            due = try await shared.writer.run { try $0.claimable(now: Date(), limit: 100) }
        } catch {
            shared.logger.error("outbox could not be read", metadata: ["error": "\(error)"])
            return .failed
        }
        guard !due.isEmpty else { return .idle }
        let session = SMTPSession(submission, logger: shared.logger)
        do {
            try await session.connect()
            for mail in due {
                // A reload may have said `observe` in the meantime, to stop just this.
                if Task.isCancelled || shared.config.mode != .act { break }
                FaultPoint.reach(.claimAfter)
                try await send(mail, over: session)
            }
            await session.quit()
            return .sent
        } catch {
            report(error, waiting: due.count)
            return (error as? SubmissionError)?.disposition == .hold ? .held : .failed
        }
    }

    private func report(_ error: any Error, waiting: Int) {
        let submission = error as? SubmissionError
        shared.logger.log(
            level: submission?.disposition == .hold ? .error : .warning, "submission failed",
            metadata: [
                "error": "\(error)", "waiting": "\(waiting)",
                "disposition": "\(submission?.disposition.rawValue ?? "retry")",
            ])
    }

    private func send(_ mail: OutboxMail, over session: SMTPSession) async throws {
        let store = shared.writer.store
        guard let bytes = try? await shared.writer.run({ try $0.outgoingBytes(mail) }) else {
            try await shared.writer.run { store in
                try store.hold(mail.id, reason: "its text is missing from the archive", actor: "outbox", now: Date())
            }
            shared.logger.error("outgoing mail is missing from the archive", metadata: ["outbox": "\(mail.id)"])
            return
        }
        guard !mail.recipients.isEmpty else {
            try await shared.writer.run { store in
                try store.hold(mail.id, reason: "no recipient is left to send to", actor: "outbox", now: Date())
            }
            return
        }
        // Domains go out as A-labels, as in the mail itself: SMTPUTF8 is asked for only where nothing else helps.
        let outgoing = OutgoingMail(
            reversePath: mail.reversePath?.withASCIIDomain, recipients: mail.recipients.map(\.withASCIIDomain),
            bytes: bytes)
        let started = ContinuousClock.now
        let result: SendResult
        do {
            result = try await session.send(outgoing) {
                // Durable before the octets leave that can complete the mail.
                guard try store.markSending(mail.id, now: Date()) else { throw CalledBack() }
                FaultPoint.reach(.dotBefore)
            } afterCompletion: {
                FaultPoint.reach(.dotAfter)
            }
        } catch is CalledBack {
            shared.logger.info("outgoing mail was called back", metadata: ["outbox": "\(mail.id)"])
            return
        }
        FaultPoint.reach(.acceptedBefore)
        let state = try await settled(mail, result)
        FaultPoint.reach(.acceptedAfter)
        shared.logger.log(
            level: state == .accepted ? .info : .warning, "outgoing mail settled",
            metadata: [
                "outbox": "\(mail.id)", "ticket": "\(mail.ticket.rawValue)", "state": "\(state)",
                "attempt": "\(mail.attempts + 1)", "duration_ms": "\(milliseconds(ContinuousClock.now - started))",
                "said": "\(result.outcome.said)",
            ])
    }

    /// Held, cancelled or answered by a person while it was on its way.
    private struct CalledBack: Error {}

    /// The outcome is known and must not be forgotten because the disk is full or another process writes for long.
    private func settled(_ mail: OutboxMail, _ result: SendResult) async throws -> OutboxState {
        for _ in 1...20 {
            do { return try await settle(mail, result) } catch let error as StorageError
                where error.disposition != .giveUp
            {
                shared.logger.warning(
                    "outcome of an outgoing mail could not be stored yet",
                    metadata: ["outbox": "\(mail.id)", "error": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            }
        }
        return try await settle(mail, result)
    }

    private func settle(_ mail: OutboxMail, _ result: SendResult) async throws -> OutboxState {
        let retry = Self.schedule[min(mail.attempts, Self.schedule.count - 1)]
        return try await shared.writer.run { store in
            let now = Date()
            switch result.outcome {
            case .accepted(let queueID):
                try store.markAccepted(
                    mail.id, queueID: queueID, reply: result.outcome.said, recipients: replies(mail, result), now: now)
                return .accepted
            case .deferred(let refusal):
                try store.markDeferred(
                    mail.id, until: now + retry, reply: refusal.description, attempts: mail.attempts + 1, now: now)
                return .deferred
            case .rejected(let refusal):
                try store.markFailed(mail.id, reply: refusal.description, recipients: replies(mail, result), now: now)
                return .failed
            case .uncertain(let reason):
                try store.markUncertain(mail.id, reason: reason, now: now)
                return .uncertain
            }
        }
    }

    /// By the addresses as we store them, which are in the order of those that were sent to.
    private func replies(_ mail: OutboxMail, _ result: SendResult) -> [RecipientReply] {
        zip(mail.recipients, result.perRecipient).map { address, recipient in
            var accepted = false
            if case .accepted = recipient.outcome { accepted = true }
            return RecipientReply(address: address, accepted: accepted, reply: recipient.outcome.said)
        }
    }
}

extension SendOutcome {
    /// What the relay said, for the log.
    fileprivate var said: String {
        switch self {
        case .accepted(let queueID): queueID.map { "queued as \($0)" } ?? "accepted"
        case .deferred(let refusal), .rejected(let refusal): refusal.description
        case .uncertain(let reason): reason
        }
    }
}
