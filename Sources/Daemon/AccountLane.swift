import CurlTransport
import Foundation
import IMAPClient
import Logging
import Storage
import Vocabulary

/// One connection of an account, and the mailboxes it looks after.
///
/// Each mailbox has a connection of its own as long as the account's cap allows (`connections:`). Where there are more
/// mailboxes, one connection visits several: it waits for news at the first of them, and asks for the others by STATUS
/// at every poll. A lane knows nothing of other lanes, so a slow account delays nobody; but where the server allows fewer
/// connections than our cap, a lane that is turned away leaves its mailboxes to one that was let in.
struct AccountLane: Sendable {
    private let account: AccountOptions
    private let intakes: [MailboxIntake]
    private let gate: LoginGate
    private let shared: DaemonShared
    private let logger: Logger

    /// The lanes of an account; together they have every mailbox once.
    static func lanes(of account: AccountOptions, shared: DaemonShared) -> [AccountLane] {
        let count = max(1, min(account.mailboxes.count, account.maxConnections))
        let gate = LoginGate()
        return (0..<count).map { first in
            let mailboxes = stride(from: first, to: account.mailboxes.count, by: count).map { account.mailboxes[$0] }
            return AccountLane(account: account, mailboxes: mailboxes, gate: gate, shared: shared)
        }
    }

    private init(account: AccountOptions, mailboxes: [MailboxName], gate: LoginGate, shared: DaemonShared) {
        self.account = account
        self.gate = gate
        self.shared = shared
        intakes = mailboxes.map { MailboxIntake(account: account, mailbox: $0, shared: shared) }
        var logger = shared.logger
        logger[metadataKey: "account"] = "\(account.name)"
        self.logger = logger
    }

    var mailboxes: [MailboxName] { intakes.map(\.mailbox) }

    /// What a lane remembers of one of its mailboxes between visits.
    private struct Visits {
        let intake: MailboxIntake
        var suspects = Suspects()
        var nextReconciliation = ContinuousClock.now
        /// The operator's request that was met last.
        var metRequest: Date?
        var isFirst = true
        /// Why the last visit failed, while the connection goes on.
        var failure: String?
        /// What STATUS said when it was last visited.
        var seen: MailboxGlance?
    }

    // MARK: - For ever

    /// Until cancelled. A failure here is never anybody else's.
    func run() async {
        var backoff = Backoff()
        var visits = intakes.map { Visits(intake: $0) }
        while !Task.isCancelled {
            do {
                try await converse(&visits, &backoff)
            } catch {
                guard !Task.isCancelled else { break }
                if MailboxIntake.wasTurnedAway(error), await gate.handOver(visits.map(\.intake)) {
                    logger.notice(
                        "connection was refused, its mailboxes are left to another connection of the account",
                        metadata: ["count": "\(visits.count)", "error": "\(error)"])
                    return
                }
                await pause(after: error, visits.map(\.intake), &backoff)
            }
        }
    }

    private func converse(_ visits: inout [Visits], _ backoff: inout Backoff) async throws {
        let session = IMAPSession(account: account, logger: logger, instanceName: shared.writer.store.instanceName)
        shared.sessions.add(session)
        defer { shared.sessions.remove(session) }
        do {
            try await withTaskCancellationHandler {
                try await gate.connect(session)
                do {
                    try await lookAfter(session, &visits, &backoff)
                    await gate.left()
                } catch {
                    await gate.left()
                    throw error
                }
                await session.logout()
            } onCancel: {
                session.interrupt()
            }
        } catch {
            await MailboxIntake.end(session)
            throw error
        }
    }

    private func lookAfter(
        _ session: IMAPSession, _ visits: inout [Visits], _ backoff: inout Backoff
    ) async throws {
        var wanted = Array(visits.indices)
        var othersDue = ContinuousClock.now + account.pollInterval
        while !Task.isCancelled {
            for intake in await gate.takeOver() {
                wanted.append(visits.count)
                visits.append(Visits(intake: intake))
            }
            // The first one last: there the lane then waits for news.
            for index in wanted.reversed() where !Task.isCancelled { try await visit(index, session, &visits) }
            if visits.allSatisfy({ $0.failure != nil }) {
                throw NoMailboxIsReached(said: visits[0].failure ?? "no mailbox is reached")
            }
            // Only now: a server that lets us in and breaks at the first mail must not be asked every second.
            backoff.succeed()
            if !Task.isCancelled { wanted = try await waitForNews(session, &visits, &othersDue) }
        }
    }

    private struct NoMailboxIsReached: Error, CustomStringConvertible {
        let said: String
        var description: String { said }
    }

    /// Reads a mailbox to its end. What is wrong with this mailbox alone, such as that it was renamed, is no trouble for
    /// the others of the lane.
    private func visit(_ index: Int, _ session: IMAPSession, _ visits: inout [Visits]) async throws {
        let intake = visits[index].intake
        do {
            if visits.count > 1 { visits[index].seen = try await session.glance(at: intake.mailbox) }
            var round = try await intake.open(session, isFirst: visits[index].isFirst)
            visits[index].isFirst = false
            shared.health.reached(account.name, intake.mailbox)
            let allTold = try await intake.catchUp(&round, suspects: visits[index].suspects)
            guard !Task.isCancelled else { return }
            if !allTold { visits[index].seen = nil }  // so that it is visited again though nothing has changed
            visits[index].suspects = Suspects()
            try await intake.completedCycle()
            visits[index].failure = nil
            let request = try await shared.writer.run { try $0.reconciliationRequest() }
            if ContinuousClock.now >= visits[index].nextReconciliation || request != visits[index].metRequest {
                try await intake.reconcile(round)
                try await intake.forgetForeignMarks(session)
                visits[index].metRequest = request
                visits[index].nextReconciliation = .now + .seconds(24 * 3600)
            }
            try await intake.reportForeignMarks(session)
        } catch let error as IMAPError where !error.endsSession && error.reason != .notReady {
            visits[index].suspects.note(error)
            if visits[index].failure != error.said { intake.report(error, attempt: 1) }
            visits[index].failure = error.said
            shared.health.lost(account.name, intake.mailbox, said: "\(error)")
        } catch {
            visits[index].suspects.note(error)
            throw error
        }
    }

    /// Waits at the first mailbox; gives those that must be visited. However busy the first one is, the others are looked
    /// at once in every `pollInterval`.
    private func waitForNews(
        _ session: IMAPSession, _ visits: inout [Visits], _ othersDue: inout ContinuousClock.Instant
    ) async throws -> [Int] {
        let isAlone = visits.count == 1
        let end = isAlone ? .now + account.pollInterval : othersDue
        if await session.selected != nil, visits[0].failure == nil {
            let outcome = try await session.idle(until: end)
            if outcome == .mailboxChanged, isAlone || ContinuousClock.now < othersDue { return [0] }
        } else {
            // The first mailbox is not to be had, so there is nowhere to wait for the server's word.
            try? await Task.sleep(until: end, clock: .continuous)
        }
        if isAlone { return [0] }
        othersDue = .now + account.pollInterval
        return try await [0] + changed(session, visits)
    }

    /// Those beside the first one that STATUS shows to be other than at the last visit, or that were left undone then.
    private func changed(_ session: IMAPSession, _ visits: [Visits]) async throws -> [Int] {
        var changed: [Int] = []
        for index in visits.indices.dropFirst() where !Task.isCancelled {
            let (intake, seen) = (visits[index].intake, visits[index].seen)
            guard let seen, seen.uidNext != nil, visits[index].failure == nil,
                try await session.glance(at: intake.mailbox) == seen
            else {
                changed.append(index)
                continue
            }
            try await intake.completedCycle()
        }
        return changed
    }

    private func pause(after error: any Error, _ intakes: [MailboxIntake], _ backoff: inout Backoff) async {
        let isHeld = error is LoginGate.AccountIsHeld || (error as? IMAPError)?.disposition == .hold
        for intake in intakes { shared.health.lost(account.name, intake.mailbox, said: "\(error)") }
        if !(error is LoginGate.AccountIsHeld) { intakes[0].report(error, attempt: backoff.failures + 1) }
        // After a refused login only a person can help. The reload that follows the correction starts the account anew.
        let pause = isHeld ? Duration.seconds(24 * 3600) : backoff.next(random: Double.random(in: 0..<1))
        try? await Task.sleep(for: pause)
    }

    // MARK: - Once

    /// Catches up with all mailboxes of an account and returns; false when one could not be read to its end. Those of a
    /// lane that was turned away are tried once more when the others are through.
    static func drainOnce(_ account: AccountOptions, shared: DaemonShared) async -> Bool {
        let lanes = lanes(of: account, shared: shared)
        var outcomes = await withTaskGroup(of: [MailboxName: MailboxIntake.DrainOutcome].self) { group in
            for lane in lanes { group.addTask { await lane.drained() } }
            return await group.reduce(into: [:]) { $0.merge($1) { $1 } }
        }
        for lane in lanes {
            for intake in lane.intakes {
                if outcomes[intake.mailbox] == .turnedAway, lanes.count > 1 {
                    outcomes[intake.mailbox] = await intake.drainOnce(lane.gate)
                }
                await intake.noteFinished(reached: outcomes[intake.mailbox] == .reached)
            }
        }
        return outcomes.values.allSatisfy { $0 == .reached }
    }

    /// Drains its mailboxes one after the other.
    private func drained() async -> [MailboxName: MailboxIntake.DrainOutcome] {
        var outcomes: [MailboxName: MailboxIntake.DrainOutcome] = [:]
        for intake in intakes { outcomes[intake.mailbox] = await intake.drainOnce(gate) }
        return outcomes
    }
}
