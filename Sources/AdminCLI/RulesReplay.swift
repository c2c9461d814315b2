import ArgumentParser
import ConfigLoading
import Dispatch
import Foundation
import MIME
import Rules
import Storage
import Synchronization
import Triage
import Vocabulary

/// What other rules would have done with the mail of the last weeks.
struct RulesReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Decide stored mail again and show what would be otherwise.",
        discussion: """
            Each mail is read again from the archive and decided on the facts that were known then. With --rules DIR the \
            configuration with its own rules is compared with the same one under the rules of DIR: what differs is the \
            rules' doing. Without it what was decided is compared with what the configuration of today would decide.

            Nothing is changed and nothing is sent. Mail whose bytes are no longer kept is counted and passed over.
            """)
    @OptionGroup var config: ConfigOptions
    @Option(help: ArgumentHelp("Mail that was decided in this time: 12h, 30d.", valueName: "duration")) var since =
        "30d"
    @Option(help: ArgumentHelp("A folder of rule files, or one file.", valueName: "dir")) var rules: String?
    @Option(help: "Show at most this many mails.") var limit = 50
    @Flag(help: "Print one JSON object a mail that differs, and one with the totals.") var json = false
    @Flag(help: "Print a page of HTML.") var html = false

    func validate() throws {
        if json && html { throw ValidationError("choose one of --json and --html") }
        if Quantity.seconds(since) == nil { throw ValidationError("--since \(since): \(Quantity.durationWords)") }
    }

    func run() async throws {
        let present = try config.load(secrets: .skipped)
        let other = try rules.map { try config.load(secrets: .skipped, rules: absolute($0)) }
        for warning in other?.warnings ?? [] { printError("warning: \(warning)") }
        let store = try found { () throws(StorageError) in
            try Store.open(present.storage, role: .command, logger: ConfigOptions.silent)
        }
        let replay = Replay(
            store: store, old: other == nil ? nil : present.triage, new: (other ?? present).triage,
            messageBytes: present.limits.messageBytes)
        let start = Date(timeIntervalSinceNow: -Double(Quantity.seconds(since) ?? 0))
        let total = try found { () throws(StorageError) in try store.messageCount(since: start) }
        let progress = ProgressLine("mails", of: total)
        let result = try found { () throws(StorageError) in
            try replay.run(since: start) { progress.show($0) }
        }
        progress.clear()
        let report = ReplayReport(result, zone: present.timeZone, limit: limit)
        print(json ? try report.jsonLines() : html ? report.html() : report.table())
    }
}

/// Runs two sets of options over stored mail.
struct Replay: Sendable {
    let store: Store
    /// The same but for the rules. Nil: what was decided is compared.
    let old: TriageOptions?
    let new: TriageOptions
    /// Of larger mail only the beginning was read when it came; it cannot be decided again from its bytes.
    let messageBytes: Int

    /// One mail that would be decided otherwise.
    struct Difference: Sendable, Encodable {
        struct Change: Sendable, Encodable {
            let field: String
            let old: String
            let new: String
        }

        let delivery: Int64
        let ticket: TicketNumber?
        let decidedAt: Date
        let subject: String
        let changes: [Change]
        /// Rules that match now and did not, and the other way round.
        let rulesAdded: [String]
        let rulesRemoved: [String]

        enum CodingKeys: String, CodingKey {
            case delivery, ticket, subject, changes
            case decidedAt = "decided_at"
            case rulesAdded = "rules_added"
            case rulesRemoved = "rules_removed"
        }
    }

    struct Result: Sendable {
        var mails = 0
        /// The bytes are no longer kept, or only the beginning of the mail had been read.
        var passedOver = 0
        var differences: [Difference] = []
        /// By rule: matches under the old and under the new options.
        var matches: [String: (old: Int, new: Int)] = [:]
    }

    private static let chunk = 200

    func run(since start: Date, progress: (Int) -> Void) throws(StorageError) -> Result {
        var result = Result()
        var last: Int64 = 0
        while true {
            let messages = try store.messages(since: start, after: last, limit: Self.chunk)
            guard let newest = messages.last else { return result }
            last = newest.deliveryID
            let outcomes = outcomes(of: messages)
            for outcome in outcomes { try add(outcome.get(), to: &result) }
            progress(result.mails)
        }
    }

    private enum Outcome: Sendable {
        case passedOver
        case compared(Difference?, old: [String], new: [String])
    }

    /// On every core: reading a mail again is most of the work.
    private func outcomes(of messages: [StoredMessage]) -> [Swift.Result<Outcome, StorageError>] {
        let found = Mutex<[Int: Swift.Result<Outcome, StorageError>]>([:])
        DispatchQueue.concurrentPerform(iterations: messages.count) { index in
            let outcome = Swift.Result { () throws(StorageError) in try compare(messages[index]) }
            found.withLock { $0[index] = outcome }
        }
        return found.withLock { found in messages.indices.compactMap { found[$0] } }
    }

    private func add(_ outcome: Outcome, to result: inout Result) {
        result.mails += 1
        switch outcome {
        case .passedOver: result.passedOver += 1
        case .compared(let difference, let old, let new):
            for rule in old { result.matches[rule, default: (0, 0)].old += 1 }
            for rule in new { result.matches[rule, default: (0, 0)].new += 1 }
            if let difference { result.differences.append(difference) }
        }
    }

    private func compare(_ message: StoredMessage) throws(StorageError) -> Outcome {
        guard let raw = try store.rawMessage(of: message), raw.count <= messageBytes else { return .passedOver }
        guard let (before, decided) = try? decisions(message, raw: raw) else { return .passedOver }
        let (was, now) = (before.rules ?? [], decided.rules ?? [])
        let changes = Self.changes(from: before, to: decided)
        let (added, removed) = (now.filter { !was.contains($0) }, was.filter { !now.contains($0) })
        guard !(changes.isEmpty && added.isEmpty && removed.isEmpty) else {
            return .compared(nil, old: was, new: now)
        }
        return .compared(
            Difference(
                delivery: message.deliveryID, ticket: message.ticket, decidedAt: message.decidedAt,
                subject: message.subject, changes: changes, rulesAdded: added, rulesRemoved: removed), old: was,
            new: now)
    }

    /// Promise 7 of CONTRIBUTING: from the bytes and the facts of that time, under the same configuration, the decision
    /// comes out as it did.
    private func decisions(_ message: StoredMessage, raw: [UInt8]) throws -> (before: Decision, now: Decision) {
        let facts = try message.decodedFacts()
        let (understanding, observations) = understand(
            Message(parsing: raw), options: new, comparing: (old ?? new).rules)
        let now = decide(understanding, facts: facts, options: new, now: message.decidedAt)
        guard let old else { return (try message.decodedDecision(), now) }
        var before = understanding
        before.observations = observations
        return (decide(before, facts: facts, options: old, now: message.decidedAt), now)
    }

    /// Everything that somebody would notice; not the words of reasons and not the name of the configuration.
    static func changes(from old: Decision, to new: Decision) -> [Difference.Change] {
        func words(_ decision: Decision) -> [(String, String)] {
            let handling = decision.handling ?? Handling()
            return [
                ("outcome", decision.outcome.words), ("category", decision.category.rawValue),
                ("urgency", decision.urgency.rawValue), ("importance", decision.importance?.rawValue ?? ""),
                ("complexity", decision.complexity?.rawValue ?? ""), ("tier", decision.tier ?? ""),
                ("team", decision.team ?? ""), ("assignee", decision.assignee ?? ""),
                ("first response", decision.firstResponseDue?.formatted(.iso8601) ?? ""),
                ("resolution", decision.resolutionDue?.formatted(.iso8601) ?? ""), ("reply", decision.reply.word),
                ("tags", handling.tags.joined(separator: ", ")), ("watch", handling.watchers.joined(separator: ", ")),
                ("notify", handling.notified.joined(separator: ", ")), ("move to", handling.moveTo ?? ""),
                ("hold reply", handling.holdReply ?? ""),
            ]
        }
        return zip(words(old), words(new)).compactMap { left, right in
            left.1 == right.1 ? nil : Difference.Change(field: left.0, old: left.1, new: right.1)
        }
    }
}

extension Decision.Outcome {
    /// The word of the ledger, with what is ignored or quarantined by which rule.
    fileprivate var words: String {
        switch self {
        case .ignored(let why), .quarantined(let why): "\(name) (\(why))"
        default: name
        }
    }
}

/// How far a long work is, on a terminal: one line that is written over.
final class ProgressLine {
    private let what: String
    private let total: Int
    private let isShown = isatty(STDERR_FILENO) == 1

    init(_ what: String, of total: Int) {
        self.what = what
        self.total = total
    }

    func show(_ done: Int) {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\(done) of \(total) \(what)".utf8))
    }

    func clear() {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
