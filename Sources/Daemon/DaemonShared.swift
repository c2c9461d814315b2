import ConfigLoading
import Foundation
import IMAPClient
import Logging
import Storage
import Synchronization
import Vocabulary

/// What the services of one daemon share: the configuration in force, the store, the counters. Values and small locked
/// boxes; no service knows another.
final class DaemonShared: Sendable {
    let writer: StoreWriter
    let isolated: IsolatedUnderstanding
    let counters = RunCounters()
    let health = Health()
    let outboxSignal = Signal()
    let noticeSignal = Signal()
    let sessions = OpenSessions()
    let relays = RelayPool()
    let logger: Logger
    private let configBox: Mutex<Config>

    init(config: Config, writer: StoreWriter, isolated: IsolatedUnderstanding, logger: Logger) {
        configBox = Mutex(config)
        self.writer = writer
        self.isolated = isolated
        self.logger = logger
    }

    /// The configuration in force at this moment.
    var config: Config { configBox.withLock { $0 } }

    func adopt(_ config: Config) {
        configBox.withLock { $0 = config }
        relays.forget()
        outboxSignal.signal()
    }
}

/// Wakes one waiting task; a signal given while nobody waits is kept for the next one that does.
///
/// An `AsyncStream` would not do: it ends for good when the task that waits on it is cancelled.
final class Signal: Sendable {
    private struct State {
        var isPending = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func signal() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.waiter == nil { state.isPending = true }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns at the next signal, at once when one is pending, and when the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state in
                    if state.isPending || Task.isCancelled {
                        state.isPending = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume()
        }
    }
}

/// The conversations that are open, so that a stop or a reload need not wait for a server that is silent.
final class OpenSessions: Sendable {
    private let sessions = Mutex<[ObjectIdentifier: IMAPSession]>([:])

    func add(_ session: IMAPSession) { sessions.withLock { $0[ObjectIdentifier(session)] = session } }
    func remove(_ session: IMAPSession) { sessions.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(session)) } }

    /// Waits for the conversations that were told to end, and breaks off those that do not within `patience`. Nothing is
    /// lost by that: what is not recorded is found again, what is not told is told again.
    func end(within patience: Duration) async {
        let deadline = ContinuousClock.now + patience
        while sessions.withLock({ !$0.isEmpty }), ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
        for session in sessions.withLock({ Array($0.values) }) { session.abort() }
    }
}

/// How each mailbox is doing, for systemd's status line and for `postroom status` of a running daemon.
final class Health: Sendable {
    struct Mailbox: Sendable {
        var isReached = false
        /// When it was last read to its end or a batch of it recorded, or else when that was first expected. By a clock that
        /// nobody sets. A backlog that takes an hour is no silence.
        var lastProgress = ContinuousClock.now
        /// Whether it was read to its end since it is expected.
        var wasRead = false
        /// What the last failure said.
        var said: String?
    }

    private let mailboxes = Mutex<[String: Mailbox]>([:])

    private func key(_ account: AccountName, _ mailbox: MailboxName) -> String { "\(account)/\(mailbox)" }

    func expect(_ account: AccountName, _ mailbox: MailboxName) {
        mailboxes.withLock { $0[key(account, mailbox)] = Mailbox() }
    }

    func forgetAll() { mailboxes.withLock { $0.removeAll() } }

    func reached(_ account: AccountName, _ mailbox: MailboxName) {
        mailboxes.withLock { $0[key(account, mailbox), default: Mailbox()].isReached = true }
    }

    func lost(_ account: AccountName, _ mailbox: MailboxName, said: String) {
        mailboxes.withLock { $0[key(account, mailbox), default: Mailbox()].fail(said) }
    }

    func completedCycle(_ account: AccountName, _ mailbox: MailboxName) {
        mailboxes.withLock { $0[key(account, mailbox), default: Mailbox()].complete() }
    }

    func progressed(_ account: AccountName, _ mailbox: MailboxName) {
        mailboxes.withLock { $0[key(account, mailbox), default: Mailbox()].lastProgress = .now }
    }

    func mailbox(_ account: AccountName, _ mailbox: MailboxName) -> Mailbox? {
        mailboxes.withLock { $0[key(account, mailbox)] }
    }

    /// `2 of 3 mailboxes reached`.
    var statusLine: String {
        mailboxes.withLock { mailboxes in
            "\(mailboxes.values.count { $0.isReached }) of \(mailboxes.count) mailboxes reached"
        }
    }
}

extension Health.Mailbox {
    fileprivate mutating func complete() {
        lastProgress = .now
        wasRead = true
        said = nil
    }

    fileprivate mutating func fail(_ words: String) {
        isReached = false
        said = words
    }
}
