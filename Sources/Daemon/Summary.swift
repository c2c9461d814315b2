import Foundation
import Glibc
import Synchronization
import Vocabulary

/// What a run did, counted while it runs and printed at the end of `serve --once` as one JSON line.
package final class RunCounters: Sendable {
    private let state = Mutex(State())

    private struct State {
        var outcomes: [String: Int] = [:]
        var parked = 0
        var replies: [String: Int] = [:]
        var stages: [String: Double] = [:]
        var mailboxes: [MailboxSummary] = []
    }

    package init() {}

    func count(outcome: String) {
        state.withLock { $0.outcomes[outcome, default: 0] += 1 }
    }

    func count(reply: String) {
        state.withLock { $0.replies[reply, default: 0] += 1 }
    }

    /// What stands in the outbox at the end, by state.
    func set(replies: [String: Int]) {
        state.withLock { $0.replies = replies }
    }

    /// Adds to the time of a stage: `fetch`, `understand`, `commit`, `acknowledge`. Stages overlap, so their sum is more
    /// than the wall time.
    func add(_ elapsed: Duration, to stage: String) {
        let (seconds, attoseconds) = elapsed.components
        state.withLock { $0.stages[stage, default: 0] += Double(seconds) * 1e6 + Double(attoseconds) / 1e12 }
    }

    func finished(_ mailbox: MailboxSummary) {
        state.withLock { $0.mailboxes.append(mailbox) }
    }

    func summary(seconds: Double, exit: Int32) -> RunSummary {
        state.withLock { state in
            var usage = rusage()
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            let cpu =
                Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
                + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
            return RunSummary(
                recorded: state.outcomes.values.reduce(0, +), outcomes: state.outcomes, replies: state.replies,
                parked: state.outcomes["parked"] ?? 0,
                mailboxes: state.mailboxes.sorted { ($0.account, $0.mailbox) < ($1.account, $1.mailbox) },
                seconds: rounded(seconds), cpuSeconds: rounded(cpu), peakRSSBytes: usage.ru_maxrss * 1024,
                stagesMicroseconds: state.stages.mapValues { Int($0) }, exit: Int(exit))
        }
    }

    private func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}

/// One mailbox in the summary.
package struct MailboxSummary: Sendable, Codable {
    package let account: String
    package let mailbox: String
    /// Highest UID below which everything is recorded or known absent.
    package let cursor: UInt32
    /// Whether the mailbox could be read to its end.
    package let reached: Bool
}

/// The JSON line that `serve --once` ends with.
package struct RunSummary: Sendable, Codable {
    package var event = "summary"
    package let recorded: Int
    package let outcomes: [String: Int]
    package let replies: [String: Int]
    package let parked: Int
    package let mailboxes: [MailboxSummary]
    package let seconds: Double
    package let cpuSeconds: Double
    package let peakRSSBytes: Int
    package let stagesMicroseconds: [String: Int]
    package let exit: Int

    enum CodingKeys: String, CodingKey {
        case event, recorded, outcomes, replies, parked, mailboxes, seconds, exit
        case cpuSeconds = "cpu_seconds"
        case peakRSSBytes = "peak_rss_bytes"
        case stagesMicroseconds = "stages_us"
    }

    package func jsonLine() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
