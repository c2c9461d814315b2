import ConfigLoading
import CurlTransport
import Digest
import Foundation
import IMAPClient
import Logging
import Storage
import Triage
import Vocabulary

/// Takes the mail of one mailbox, over a session that its lane has opened.
///
/// The order of one round, which is what "nothing is lost" rests on:
///
/// 1. list what is above the cursor; 2. mark a batch as in progress; 3. fetch it; 4. understand it, in parallel;
/// 5. record it, move the cursor and clear the mark in one transaction; 6. only then tell the server (keyword, move).
///
/// A stop anywhere leaves either a message that is found again above the cursor, or one that is recorded and told again.
/// What was marked when the process died is understood in a child process, so a message that kills cannot do it twice.
///
/// While a batch is understood, the one before it is being recorded and the next one is on its way from the server: at
/// most three batches are in memory.
struct MailboxIntake: Sendable {
    let account: AccountOptions
    let mailbox: MailboxName
    let shared: DaemonShared
    let logger: Logger

    init(account: AccountOptions, mailbox: MailboxName, shared: DaemonShared) {
        self.account = account
        self.mailbox = mailbox
        self.shared = shared
        var logger = shared.logger
        logger[metadataKey: "account"] = "\(account.name)"
        logger[metadataKey: "mailbox"] = "\(mailbox)"
        self.logger = logger
    }

    // MARK: - Once

    enum DrainOutcome: Sendable {
        /// Read to its end.
        case reached
        /// The server counts connections, and this was one too many.
        case turnedAway
        case failed
    }

    /// Catches up and returns.
    func drainOnce(_ gate: LoginGate, reconciling: Bool = false) async -> DrainOutcome {
        var suspects = Suspects()
        for attempt in 1...4 {
            let session = IMAPSession(account: account, logger: logger, instanceName: shared.writer.store.instanceName)
            do {
                try await gate.connect(session)
                var round = try await open(session, isFirst: attempt == 1)
                try await catchUp(&round, suspects: suspects)
                try await completedCycle()
                if reconciling { try await reconcile(round) }
                try await reportForeignMarks(session)
                await session.logout()
                return .reached
            } catch {
                await Self.end(session)
                suspects.note(error)
                if !(error is LoginGate.AccountIsHeld) { report(error, attempt: attempt) }
                if Self.wasTurnedAway(error) { return .turnedAway }
                // Only a connection that one message breaks is worth another try here; the rest is the caller's 75.
                if !suspects.isWorthAnotherTry(error) { return .failed }
            }
        }
        return .failed
    }

    /// The server did not let us in for a reason of its own, such as the number of connections (RFC 5530, LIMIT).
    static func wasTurnedAway(_ error: any Error) -> Bool {
        guard let imap = error as? IMAPError, imap.command == "LOGIN" else { return false }
        return imap.reason == .transport(.refused)
    }

    /// For the summary of a run.
    func noteFinished(reached: Bool) async {
        let state = try? await shared.writer.run { try $0.mailboxState(account: account.name, mailbox: mailbox) }
        shared.counters.finished(
            MailboxSummary(
                account: account.name.rawValue, mailbox: mailbox.rawValue, cursor: state?.cursor.rawValue ?? 0,
                reached: reached))
    }

    /// Closes a conversation that failed, without waiting for the server: on its own thread, where its handle lives.
    static func end(_ session: IMAPSession) async {
        session.abort()
        await session.logout()
    }

    func completedCycle() async throws {
        shared.health.completedCycle(account.name, mailbox)
        try await shared.writer.run { try $0.markCycleComplete(account: account.name, mailbox: mailbox, now: Date()) }
    }

    func report(_ error: any Error, attempt: Int) {
        let imap = error as? IMAPError
        logger.log(
            level: imap?.disposition == .hold ? .error : .warning, "mailbox failed",
            metadata: [
                "error": "\(error)", "attempt": "\(attempt)",
                "disposition": "\(imap?.disposition.rawValue ?? "retry")",
            ])
    }

    // MARK: - One round

    /// What a conversation knows of its mailbox.
    struct Round {
        let session: IMAPSession
        let status: MailboxStatus
        var cursor: UID
        /// Ranges that were in work when the process died.
        var marked: [ClosedRange<UID>]
    }

    /// Opens the mailbox on a session, anew where it is open already and seems to be fresh.
    func open(_ session: IMAPSession, isFirst: Bool) async throws -> Round {
        let status = try await session.opened(mailbox)
        let state = try await openLedger(status, session)
        if state.changedValidity {
            logger.warning(
                "mailbox has new UIDs; known messages are recognised by their content",
                metadata: ["uidvalidity": "\(status.uidValidity)"])
        }
        // Marks that stand there when the process opens the mailbox are those of a process that died; later ones are our own,
        // left by a connection that broke, and no reason to suspect the mail.
        let marked =
            isFirst
            ? try await shared.writer.run { try $0.unfinishedWork(account: account.name, mailbox: mailbox) } : []
        return Round(session: session, status: status, cursor: state.cursor, marked: marked)
    }

    /// At first sight the `start` rule becomes a baseline, once and for ever: mail before it is not ours.
    func openLedger(_ status: MailboxStatus, _ session: IMAPSession) async throws -> MailboxState {
        let known = try await shared.writer.run { try $0.mailboxState(account: account.name, mailbox: mailbox) }
        if let known, known.uidValidity == status.uidValidity { return known }
        let isKnown = known != nil
        let baseline = isKnown ? nil : try await baseline(session)
        let state = try await shared.writer.run { store in
            try store.openMailbox(
                account: account.name, mailbox: mailbox, uidValidity: status.uidValidity, baseline: baseline,
                now: Date())
        }
        guard !isKnown, account.start == .new, let next = status.uidNext, next.rawValue > 1 else { return state }
        // Nothing before UIDNEXT needs to be read to know that it is older than the start.
        let covered = ArrivalBatch(
            account: account.name, mailbox: mailbox, uidValidity: status.uidValidity, arrivals: [],
            coveredThrough: UID(next.rawValue - 1))
        let config = shared.config
        return try await shared.writer.run { store in
            _ = try store.record(covered, options: config.triage, mode: config.mode, now: Date())
            return try store.mailboxState(account: account.name, mailbox: mailbox) ?? state
        }
    }

    func baseline(_ session: IMAPSession) async throws -> Date? {
        switch account.start {
        case .all: return nil
        case .date(let date): return date
        case .unseen:
            // Without unseen mail only what comes is ours.
            let dates = try await arrivals(session)
            return dates.filter { !$0.isSeen }.map(\.date).min() ?? newest(dates.map(\.date))
        case .new:
            // By the server's own clock, which may differ from ours: nothing that comes may look older than the start.
            return newest(try await arrivals(session).map(\.date))
        }
    }

    /// A message that was copied here with a date in the future must not push the start there: all mail until then would
    /// count as older.
    private func newest(_ dates: [Date]) -> Date? {
        let limit = Date() + 15 * 60
        return dates.filter { $0 <= limit }.max()
    }

    func arrivals(_ session: IMAPSession) async throws -> [(date: Date, isSeen: Bool)] {
        var position = UID(0), found: [(date: Date, isSeen: Bool)] = []
        while true {
            let listing = try await session.messages(above: position)
            found += listing.messages.compactMap { message in
                message.internalDate.map { ($0, message.isSeen) }
            }
            position = listing.through
            if listing.isComplete { return found }
        }
    }

    /// Reads everything above the cursor. False when recorded mail is left that the server could not be told of.
    @discardableResult
    func catchUp(_ round: inout Round, suspects: Suspects) async throws -> Bool {
        var allTold = true
        while !Task.isCancelled {
            let listing = try await round.session.messages(above: round.cursor, limit: 2_000)
            await round.session.noteMarks(of: listing.messages)
            try await take(listing, &round, suspects: suspects)
            allTold = try await acknowledge(round)
            if listing.isComplete { break }
        }
        await shared.isolated.finish()
        return allTold
    }

    func take(_ listing: MailboxListing, _ round: inout Round, suspects: Suspects) async throws {
        let plan = FetchPlan(
            listing.messages, limits: account.fetchLimits, maxMessageSize: account.maxMessageSize)
        try await takeOversized(plan.oversized, round)
        let alone = try await apart(listing, round, suspects: suspects)
        try await takeAlone(alone, round, suspects: suspects)
        let aloneUIDs = Set(alone.map(\.uid))
        let rest = FetchPlan(
            listing.messages.filter { !aloneUIDs.contains($0.uid) }, limits: account.fetchLimits,
            maxMessageSize: account.maxMessageSize)
        try await takeBatches(rest.batches, &round)
        guard !Task.isCancelled, round.cursor < listing.through else { return }
        // What is left up to the end of the listing is absent for ever.
        try await record([], through: listing.through, round)
        round.cursor = listing.through
    }

    /// Those of a listing that must be taken alone: in work when the process died and not recorded since, or pointed at
    /// by broken connections.
    func apart(
        _ listing: MailboxListing, _ round: Round, suspects: Suspects
    ) async throws -> [ListedMessage] {
        guard !round.marked.isEmpty || !suspects.uids.isEmpty else { return [] }
        var recorded: Set<UID> = []
        for range in round.marked {
            recorded.formUnion(
                try await shared.writer.run { store in
                    try store.recordedUIDs(
                        account: account.name, mailbox: mailbox, uidValidity: round.status.uidValidity, in: range)
                })
        }
        return listing.messages.filter { message in
            guard message.size <= account.maxMessageSize, !recorded.contains(message.uid) else { return false }
            return suspects.uids.contains(message.uid) || round.marked.contains { $0.contains(message.uid) }
        }
    }

    /// Three things at once: the next batch comes in, this one is understood, the one before is recorded.
    func takeBatches(_ batches: [FetchBatch], _ round: inout Round) async throws {
        guard let first = batches.first else { return }
        try await round.session.startFetch(batches)
        try await mark(first.uids, round)
        var fetched = try await nextBatch(round)
        var previous: UnderstoodBatch?
        for index in batches.indices {
            guard !Task.isCancelled, let batch = fetched else { break }
            try refuseIfNobodyCameThrough(batch)
            let (current, waiting) = (round, previous)
            let following = index + 1 < batches.count ? batches[index + 1].uids : []
            let started = ContinuousClock.now
            async let next = following.isEmpty ? nil : nextBatch(current)
            async let recording: Void = record(waiting, thenMark: following, current)
            let config = shared.config
            let arrivals = await understood(batch, config)
            try await recording
            if let waiting { round.cursor = waiting.through }
            // Absent UIDs between two batches are known to be absent: the listing was complete up to here.
            let through = following.first.map { UID($0.rawValue - 1) } ?? batches[index].uids.last
            previous = UnderstoodBatch(
                arrivals: arrivals, config: config, through: through ?? round.cursor, fetchedAt: started)
            fetched = try await next
        }
        try await record(previous, thenMark: [], round)
        if let previous { round.cursor = previous.through }
    }

    /// When every message of a batch is refused, the server is in trouble and not the mail: nothing is parked, the
    /// conversation ends and is begun again later.
    private func refuseIfNobodyCameThrough(_ batch: FetchedBatch) throws {
        guard batch.messages.isEmpty, batch.failed.count > 1, let first = batch.failed.first else { return }
        throw ServerHandsNothingOver(count: batch.failed.count, said: first.said)
    }

    private struct ServerHandsNothingOver: Error, CustomStringConvertible {
        let count: Int
        let said: String
        var description: String { "the server refuses all \(count) messages of a batch: \(said)" }
    }

    func nextBatch(_ round: Round) async throws -> FetchedBatch? {
        let started = ContinuousClock.now
        FaultPoint.reach(.fetchBefore)
        let batch = try await round.session.nextBatch()
        shared.counters.add(ContinuousClock.now - started, to: "fetch")
        FaultPoint.reach(.fetchAfter)
        return batch
    }

    func record(_ batch: UnderstoodBatch?, thenMark uids: [UID], _ round: Round) async throws {
        if let batch {
            try await record(
                batch.arrivals, through: batch.through, round, under: batch.config, since: batch.fetchedAt)
        }
        if !uids.isEmpty { try await mark(uids, round) }
    }

    /// A batch that waits for its turn to be recorded.
    struct UnderstoodBatch: Sendable {
        let arrivals: [Arrival]
        /// It is decided by the configuration under which it was understood, whatever was reloaded meanwhile.
        let config: Config
        let through: UID
        let fetchedAt: ContinuousClock.Instant
    }

    func mark(_ uids: [UID], _ round: Round) async throws {
        let validity = round.status.uidValidity
        FaultPoint.reach(.markBefore)
        try await shared.writer.run { store in
            try store.beginWork(account: account.name, mailbox: mailbox, uidValidity: validity, uids: uids, now: Date())
        }
        FaultPoint.reach(.markAfter)
    }

    func understood(_ fetched: FetchedBatch, _ config: Config) async -> [Arrival] {
        let started = ContinuousClock.now
        let arrivals = await Preparation.understood(
            fetched.messages, options: config.triage, now: Date())
        shared.counters.add(ContinuousClock.now - started, to: "understand")
        FaultPoint.reach(.understandAfter)
        return merged(arrivals, fetched.failed)
    }

    func merged(_ arrivals: [Arrival], _ failed: [FetchFailure]) -> [Arrival] {
        guard !failed.isEmpty else { return arrivals }
        let parked = failed.map { failure in
            Arrival(
                uid: failure.uid, arrivedAt: Date(), size: 0,
                content: .parked(reason: "the server does not hand it over: \(failure.said)", nil))
        }
        return (arrivals + parked).sorted { $0.uid < $1.uid }
    }
}
