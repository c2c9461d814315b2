import CurlTransport
import IMAPClient

/// One login at a time for each account, and none after the server has refused one: every further try would bring the
/// account nearer to a lock. A reload makes new gates.
actor LoginGate {
    /// Nothing was tried, because an earlier login of the account was refused; that one was reported.
    struct AccountIsHeld: Error, CustomStringConvertible {
        var description: String { "the account's login was refused; it is not tried again before a reload" }
    }

    private var isRefused = false
    /// Lanes that are let in.
    private var inside = 0
    /// Mailboxes of lanes that were turned away.
    private var orphans: [MailboxIntake] = []
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func connect(_ session: IMAPSession) async throws {
        while isBusy { await withCheckedContinuation { waiting.append($0) } }
        if isRefused { throw AccountIsHeld() }
        isBusy = true
        let failure = await Self.attempt(session)
        isRefused = (failure as? IMAPError)?.disposition == .hold
        leave()
        if let failure { throw failure }
        inside += 1
    }

    /// A lane that was let in has ended its conversation.
    func left() { inside = max(0, inside - 1) }

    /// Leaves mailboxes to a lane that is let in; false when there is none.
    func handOver(_ intakes: [MailboxIntake]) -> Bool {
        guard inside > 0 else { return false }
        orphans += intakes
        return true
    }

    func takeOver() -> [MailboxIntake] {
        defer { orphans = [] }
        return orphans
    }

    private static func attempt(_ session: IMAPSession) async -> (any Error)? {
        do {
            try await session.connect()
            return nil
        } catch {
            return error
        }
    }

    private func leave() {
        isBusy = false
        let next = waiting
        waiting = []
        for continuation in next { continuation.resume() }
    }
}
