import ConfigLoading
import CurlTransport
import Foundation
import Logging
import MIME
import SMTPClient
import SMTPProtocol
import Storage
import Synchronization
import Vocabulary

/// A run of mails over one connection, each in the states of the outbox.
///
/// To be fast where the relay is, the acceptance of a mail is written in one commit with the `sending` of the next one: a
/// mail costs one sync of the disk, and never more than one mail of a connection is `sending`. Where the relay is slow
/// there is nothing to gain, and each acceptance is written at once.
final class Mailing: Sendable {
    private let shared: DaemonShared
    private let relay: SubmissionOptions
    private let session: SMTPSession
    private let options: OutboxOptions
    /// The acceptance that is not written yet.
    private let unwritten: Mutex<AcceptedMail?>

    /// So long a mail may take for its acceptance to wait for the next one.
    private static let fast = Duration.milliseconds(20)

    init(shared: DaemonShared, relay: SubmissionOptions, session: SMTPSession, options: OutboxOptions) {
        self.shared = shared
        self.relay = relay
        self.session = session
        self.options = options
        unwritten = Mutex(nil)
    }

    /// Nil when the run came to its end; else what is wrong with the relay. What was not sent is still queued.
    func send(_ mails: [OutboxMail]) async -> (any Error)? {
        for (index, mail) in mails.enumerated() {
            // A reload may have said `observe` in the meantime, to stop just this.
            if Task.isCancelled || shared.config.mode != .act { break }
            FaultPoint.reach(.claimAfter)
            do {
                if let trouble = try await send(mail, isLast: index == mails.count - 1) {
                    await writeAccepted()
                    return trouble
                }
            } catch {
                await writeAccepted()
                return error
            }
        }
        await writeAccepted()
        return nil
    }

    /// Held, cancelled or answered by a person while it was on its way.
    private struct CalledBack: Error {}
    /// The relay could not take a mail because of itself.
    private struct RelayTrouble: Error, CustomStringConvertible {
        let description: String
    }

    private func send(_ mail: OutboxMail, isLast: Bool) async throws -> (any Error)? {
        guard let outgoing = try await outgoing(mail) else { return nil }
        let started = ContinuousClock.now
        let result: SendResult
        do {
            result = try await session.send(outgoing) {
                try markSending(mail)
            } afterCompletion: {
                FaultPoint.reach(.dotAfter)
            }
        } catch is CalledBack {
            shared.logger.info("outgoing mail was called back", metadata: ["outbox": "\(mail.id)"])
            return nil
        }
        let took = ContinuousClock.now - started
        if case .accepted(let queueID) = result.outcome {
            unwritten.withLock {
                $0 = AcceptedMail(
                    id: mail.id, queueID: queueID, reply: result.outcome.said, recipients: replies(mail, result))
            }
            if isLast || took > Self.fast { await writeAccepted() }
            log(mail, .accepted, result, took)
            return nil
        }
        await writeAccepted()
        let trouble = trouble(result)
        let state = try await settled(mail, result, goesToNext: trouble != nil && hasOtherRelay)
        log(mail, state, result, took)
        return trouble
    }

    /// The mail as it is handed over; nil when it cannot be, and a person must look at it.
    private func outgoing(_ mail: OutboxMail) async throws -> OutgoingMail? {
        guard let bytes = try? shared.writer.store.outgoingBytes(mail) else {
            try await hold(mail, "its text is missing from the archive")
            return nil
        }
        guard !mail.recipients.isEmpty else {
            try await hold(mail, "no recipient is left to send to")
            return nil
        }
        // The left side of the Message-ID names the mail in reports, and nobody can guess it (RFC 3461 section 4.4).
        let envelopeID = String(mail.messageID.value.prefix { $0 != "@" })
        // Domains go out as A-labels, as in the mail itself: SMTPUTF8 is asked for only where nothing else helps.
        return OutgoingMail(
            reversePath: mail.reversePath?.withASCIIDomain, recipients: mail.recipients.map(\.withASCIIDomain),
            bytes: bytes,
            notification: DeliveryNotification(envelopeID: envelopeID, occasions: options.deliveryReports))
    }

    private func hold(_ mail: OutboxMail, _ reason: String) async throws {
        try await shared.writer.run { store in
            try store.hold(mail.id, reason: reason, actor: "outbox", now: Date())
        }
    }

    /// Durable before the octets leave that can complete the mail; runs on the connection's thread.
    private func markSending(_ mail: OutboxMail) throws {
        let accepted = unwritten.withLock { $0 }
        if accepted != nil { FaultPoint.reach(.acceptedBefore) }
        guard try shared.writer.store.markSending(mail.id, after: accepted, now: Date()) else {
            // The acceptance of the mail before it was written all the same.
            unwritten.withLock { $0 = nil }
            throw CalledBack()
        }
        unwritten.withLock { $0 = nil }
        FaultPoint.reach(.dotBefore)
    }

    // MARK: What became of it

    /// The outcome is known and must not be forgotten because the disk is full or another process writes for long.
    private func writeAccepted() async {
        guard
            let mail = unwritten.withLock({ mail in
                defer { mail = nil }
                return mail
            })
        else { return }
        FaultPoint.reach(.acceptedBefore)
        do {
            try await persistently(mail.id) { (store: Store) throws(StorageError) in
                try store.markAccepted(mail, now: Date())
            }
        } catch {
            shared.logger.error(
                "outcome of an outgoing mail could not be stored",
                metadata: ["outbox": "\(mail.id)", "error": "\(error)"])
        }
        FaultPoint.reach(.acceptedAfter)
    }

    private func persistently<Value: Sendable>(
        _ id: Int64, _ body: @escaping @Sendable (Store) throws(StorageError) -> Value
    ) async throws -> Value {
        for _ in 1...20 {
            do { return try await shared.writer.run(body) } catch let error as StorageError
                where error.disposition != .giveUp
            {
                shared.logger.warning(
                    "outcome of an outgoing mail could not be stored yet",
                    metadata: ["outbox": "\(id)", "error": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            }
        }
        return try await shared.writer.run(body)
    }

    /// A refusal that is about the relay; an uncertain mail ends the connection too.
    private func trouble(_ result: SendResult) -> (any Error)? {
        switch result.outcome {
        case .deferred(let refusal) where refusal.isAboutCredentials:
            SubmissionError(.refused(refusal), host: relay.endpoint.host)
        case .deferred(let refusal) where refusal.isAboutServer: RelayTrouble(description: refusal.description)
        case .uncertain(let why): RelayTrouble(description: why)
        default: nil
        }
    }

    private var hasOtherRelay: Bool { !shared.relays.healthy(shared.config.relays, except: relay).isEmpty }

    /// `goesToNext`: another relay is asked at once.
    private func settled(_ mail: OutboxMail, _ result: SendResult, goesToNext: Bool) async throws -> OutboxState {
        let pause = OutboxService.schedule[min(mail.attempts, OutboxService.schedule.count - 1)]
        let until = goesToNext ? Date() : Date() + pause
        let replies = replies(mail, result)
        let state = try await persistently(mail.id) { (store: Store) throws(StorageError) -> OutboxState in
            switch result.outcome {
            case .accepted: preconditionFailure("an acceptance is written by itself")
            case .deferred(let refusal):
                try store.markDeferred(
                    mail.id, until: until, reply: refusal.description, attempts: mail.attempts + 1, now: Date())
                return .deferred
            case .rejected(let refusal):
                try store.markFailed(mail.id, reply: refusal.description, recipients: replies, now: Date())
                return .failed
            case .uncertain(let reason):
                try store.markUncertain(mail.id, reason: reason, now: Date())
                return .uncertain
            }
        }
        if state != .deferred { shared.noticeSignal.signal() }
        return state
    }

    /// By the addresses as we store them, which are in the order of those that were sent to.
    private func replies(_ mail: OutboxMail, _ result: SendResult) -> [RecipientReply] {
        zip(mail.recipients, result.perRecipient).map { address, recipient in
            var accepted = false
            if case .accepted = recipient.outcome { accepted = true }
            return RecipientReply(address: address, accepted: accepted, reply: recipient.outcome.said)
        }
    }

    private func log(_ mail: OutboxMail, _ state: OutboxState, _ result: SendResult, _ took: Duration) {
        shared.logger.log(
            level: state == .accepted ? .info : .warning, "outgoing mail settled",
            metadata: [
                "outbox": "\(mail.id)", "ticket": "\(mail.ticket.rawValue)", "state": "\(state)",
                "attempt": "\(mail.attempts + 1)", "duration_ms": "\(milliseconds(took))",
                "said": "\(result.outcome.said)",
            ])
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
