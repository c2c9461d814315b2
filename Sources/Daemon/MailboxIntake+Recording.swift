import ConfigLoading
import Foundation
import IMAPClient
import Logging
import Storage
import Triage
import Vocabulary

/// Recording a batch, and only then telling the server.
extension MailboxIntake {
    func record(
        _ arrivals: [Arrival], through: UID, _ round: Round, under decided: Config? = nil,
        since started: ContinuousClock.Instant = .now
    ) async throws {
        let batch = ArrivalBatch(
            account: account.name, mailbox: mailbox, uidValidity: round.status.uidValidity, arrivals: arrivals,
            coveredThrough: through)
        let config = decided ?? shared.config
        let began = ContinuousClock.now
        let recorded = try await shared.writer.run { store in
            try store.record(batch, options: config.triage, mode: config.mode, now: Date())
        }
        let ended = ContinuousClock.now
        shared.counters.add(ended - began, to: "commit")
        if !recorded.isEmpty { shared.health.progressed(account.name, mailbox) }
        for delivery in recorded { report(delivery, duration: ended - started) }
        if recorded.contains(where: { $0.outboxID != nil }) { shared.outboxSignal.signal() }
    }

    func report(_ delivery: RecordedDelivery, duration: Duration) {
        guard !delivery.wasKnown else { return }
        shared.counters.count(outcome: delivery.state.rawValue)
        var metadata: Logger.Metadata = [
            "delivery": "\(delivery.id)", "uid": "\(delivery.uid)", "outcome": "\(delivery.state)",
            "duration_ms": "\(milliseconds(duration))",
        ]
        if let ticket = delivery.ticket { metadata["ticket"] = "\(ticket.rawValue)" }
        if let decision = delivery.decision {
            metadata["category"] = "\(decision.category)"
            metadata["urgency"] = "\(decision.urgency)"
            metadata["basis"] = "\(decision.basis)"
            metadata["reply"] = "\(decision.reply.word)"
            if let assignee = decision.assignee { metadata["assignee"] = "\(assignee)" }
        }
        logger.log(level: delivery.state == .parked ? .error : .info, "delivery recorded", metadata: metadata)
    }

    /// Sets the keyword and moves what is recorded; idempotent, so what a crash left undone is done again.
    /// False when the server refused some of it.
    @discardableResult
    func acknowledge(_ round: Round) async throws -> Bool {
        let config = shared.config
        guard config.mode == .act, !round.status.readOnly else { return true }
        let started = ContinuousClock.now
        let validity = round.status.uidValidity
        defer { shared.counters.add(ContinuousClock.now - started, to: "acknowledge") }
        while !Task.isCancelled {
            let pending = try await shared.writer.run { store in
                try store.unacknowledged(
                    account: account.name, mailbox: mailbox, uidValidity: validity, limit: 2_000)
            }
            guard !pending.isEmpty else { break }
            do {
                FaultPoint.reach(.acknowledgeBefore)
                try await tellServer(pending, round)
                FaultPoint.reach(.acknowledgeTold)
            } catch let error as IMAPError where !error.endsSession {
                // The mail is recorded; a mailbox that cannot be marked or moved must not hold up what comes next.
                logger.warning(
                    "recorded mail could not be marked or moved; it is tried again",
                    metadata: ["count": "\(pending.count)", "error": "\(error)"])
                return false
            }
            try await shared.writer.run { try $0.markAcknowledged(pending.map(\.deliveryID), now: Date()) }
            FaultPoint.reach(.acknowledgeAfter)
        }
        return true
    }

    func tellServer(_ pending: [PendingAcknowledgement], _ round: Round) async throws {
        if let keyword = account.acknowledge.keyword {
            _ = try await round.session.add(keyword: keyword, to: pending.map(\.locator.uid))
        }
        let targets = Dictionary(grouping: pending, by: target)
        for (target, deliveries) in targets {
            guard let target, target != mailbox else { continue }
            // A COPY may have been carried out and its answer lost: from now on the target is searched before another one.
            let begun = Set(deliveries.filter(\.moveBegun).map(\.locator.uid))
            if await !round.session.movesInOneStep {
                try await shared.writer.run { try $0.markMoveBegun(deliveries.map(\.deliveryID)) }
            }
            if try await round.session.move(deliveries.map(\.locator.uid), to: target, begun: begun) == .copiedOnly {
                logger.warning(
                    "messages were copied; the server cannot move them away", metadata: ["count": "\(deliveries.count)"]
                )
            }
        }
    }
}

extension MailboxIntake {
    /// Where a recorded message goes: where a rule says, else where all mail of the account goes. Only mail that was dealt
    /// with leaves the mailbox by itself: what is in quarantine stays in sight.
    private func target(of delivery: PendingAcknowledgement) -> MailboxName? {
        let usual = delivery.outcome == .quarantined ? nil : account.acknowledge.moveTo
        return (delivery.moveTo ?? usual).map {
            MailboxName($0.replacingOccurrences(of: "{category}", with: delivery.category?.rawValue ?? "other"))
        }
    }
}

func milliseconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let tenths = seconds * 10_000 + attoseconds / 100_000_000_000_000
    return "\(tenths / 10).\(tenths % 10)"
}
