import ConfigLoading
import Foundation
import IMAPClient
import Logging
import MIME
import Storage
import Triage
import Vocabulary

/// One message at a time: what was in work when the process died, what breaks the connection, what is too large.
extension MailboxIntake {
    /// Messages that were in work when the process died, or that a broken connection points at: fetched alone and
    /// understood in a child process. Only one whose child fails twice is parked.
    func takeAlone(_ messages: [ListedMessage], _ round: Round, suspects: Suspects) async throws {
        guard !messages.isEmpty else { return }
        logger.notice("taking messages one at a time", metadata: ["count": "\(messages.count)"])
        let (breakers, others) = messages.sorted { $0.uid < $1.uid }.partitioned {
            suspects.breaksTheConnection($0.uid)
        }
        var cameThrough = false
        for message in others {
            if Task.isCancelled { return }
            cameThrough = try await takeOne(message, round) || cameThrough
        }
        for message in breakers {
            // A server that breaks every fetch is in trouble itself: only beside mail that came through is the message to
            // blame, or after so many tries that hours have gone by.
            if cameThrough || suspects.brokeForHours(message.uid) {
                try await park(message, reason: "fetching it breaks the connection", round)
            } else {
                cameThrough = try await takeOne(message, round)
            }
        }
    }

    /// True when the server handed it over.
    private func takeOne(_ message: ListedMessage, _ round: Round) async throws -> Bool {
        try await round.session.startFetch(FetchPlan([message]).batches)
        guard let fetched = try await round.session.nextBatch() else { return false }
        var arrivals: [Arrival] = []
        for fetched in fetched.messages { arrivals.append(try await isolated(fetched)) }
        try await record(merged(arrivals, fetched.failed), through: round.cursor, round)
        return !fetched.messages.isEmpty
    }

    /// Throws when there is no child that could be asked: that is no fault of the message.
    func isolated(_ message: FetchedMessage) async throws -> Arrival {
        let now = Date()
        var said = ""
        for _ in 1...2 {
            do {
                let understanding = try await shared.isolated.understand(message.content)
                return Preparation.arrival(message, understanding, now: now)
            } catch  where error.isUnavailable {
                throw error
            } catch {
                said = error.description
                logger.warning("child failed on a message", metadata: ["uid": "\(message.uid)", "error": "\(said)"])
            }
        }
        return Preparation.parked(message, reason: said, now: now)
    }

    /// Of a message over the limit only the beginning is understood, in the child: its header, and enough to open a
    /// ticket. Its bytes are archived whole.
    func takeOversized(_ messages: [ListedMessage], _ round: Round) async throws {
        for message in messages {
            if Task.isCancelled { return }
            logger.warning(
                "message is over the size limit; only its beginning is read",
                metadata: ["uid": "\(message.uid)", "bytes": "\(message.size)"])
            do {
                try await takeOversized(message, round)
            } catch let error as IMAPError where !error.endsSession {
                try await park(message, reason: "its beginning is refused: \(error.said)", round)
            }
        }
    }

    private func takeOversized(_ message: ListedMessage, _ round: Round) async throws {
        if let spool = account.spool, message.size <= spool.maximum, spool.hasRoom(for: message.size) {
            try await round.session.startFetch(FetchPlan([message]).batches)
            guard let fetched = try await round.session.nextBatch() else { return }
            var arrivals: [Arrival] = []
            for whole in fetched.messages { arrivals.append(try await beginning(of: whole)) }
            return try await record(merged(arrivals, fetched.failed), through: round.cursor, round)
        }
        if let head = try await round.session.fetchHead(of: message.uid) {
            try await record([try await isolated(head)], through: round.cursor, round)
        } else if try await isThere(message.uid, round) {
            try await park(message, reason: "the server gives no text for its beginning", round)
        }
    }

    /// Understood from its first bytes, named and archived by all of them.
    private func beginning(of message: FetchedMessage) async throws -> Arrival {
        guard let digest = Preparation.digest(of: message), let head = Preparation.head(of: message) else {
            return try await isolated(message)
        }
        let beginning = FetchedMessage(
            uid: message.uid, internalDate: message.internalDate, size: message.size, flags: message.flags, bytes: head)
        let arrival = try await isolated(beginning)
        return Preparation.arrival(arrival, of: message, digest: digest)
    }

    private func isThere(_ uid: UID, _ round: Round) async throws -> Bool {
        try await round.session.messages(above: UID(uid.rawValue - 1), limit: 1).messages.contains { $0.uid == uid }
    }

    func park(_ message: ListedMessage, reason: String, _ round: Round) async throws {
        let arrival = Arrival(
            uid: message.uid, arrivedAt: message.internalDate ?? Date(), size: message.size,
            content: .parked(reason: reason, nil))
        try await record([arrival], through: round.cursor, round)
    }
}

/// UIDs that were asked for when a connection broke. Once is chance; what is there again the next time is taken alone,
/// and what still breaks the connection alone is parked.
struct Suspects: Sendable {
    private var breaks: [UID: Int] = [:]

    var uids: Set<UID> { Set(breaks.filter { $0.value >= 2 }.keys) }

    mutating func note(_ error: any Error) {
        guard let imap = error as? IMAPError, !imap.unanswered.isEmpty else { return }
        for uid in imap.unanswered { breaks[uid, default: 0] += 1 }
    }

    func breaksTheConnection(_ uid: UID) -> Bool { (breaks[uid] ?? 0) >= 3 }

    /// Fifty failures with pauses of up to five minutes between them.
    func brokeForHours(_ uid: UID) -> Bool { (breaks[uid] ?? 0) >= 50 }

    func isWorthAnotherTry(_ error: any Error) -> Bool { !((error as? IMAPError)?.unanswered.isEmpty ?? true) }
}

extension Array {
    /// Those for which the condition holds, and the others; both in their order.
    fileprivate func partitioned(by condition: (Element) -> Bool) -> (holding: [Element], others: [Element]) {
        (filter(condition), filter { !condition($0) })
    }
}
