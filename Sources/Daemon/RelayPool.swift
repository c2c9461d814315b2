import ConfigLoading
import CurlTransport
import Foundation
import Logging
import SMTPClient
import Storage
import Synchronization
import Vocabulary

/// What is known of the relays: which one refused our login, and which one was not to be used a moment ago.
///
/// A refused login is not tried again before a reload: every further try would bring the account nearer to a lock. A relay
/// that cannot be reached is passed over for a while, and then the first one comes first again.
final class RelayPool: Sendable {
    private struct Standing {
        var isRefused = false
        var backoff = Backoff()
        /// Nothing is tried there before, while another one can be used.
        var passedOverUntil = ContinuousClock.now
        /// Whether the operators may still believe that it refuses us: true at the start, for an alarm of the last run.
        var mayHaveAlarm = true
    }

    private let standings = Mutex<[Key: Standing]>([:])

    /// Two logins at one server are two relays.
    private struct Key: Hashable {
        let endpoint: Endpoint
        let user: String?

        init(_ relay: SubmissionOptions) {
            endpoint = relay.endpoint
            user = relay.credentials?.user
        }
    }

    /// A new configuration: everything may have changed.
    func forget() { standings.withLock { $0.removeAll() } }

    /// Those that may be asked now, in this order: as configured, the ones that failed lately last.
    func candidates(_ relays: [SubmissionOptions]) -> [SubmissionOptions] {
        standings.withLock { standings in
            let usable = relays.filter { !(standings[Key($0)]?.isRefused ?? false) }
            func isPassedOver(_ relay: SubmissionOptions) -> Bool {
                (standings[Key(relay)]?.passedOverUntil ?? .now) > .now
            }
            return usable.filter { !isPassedOver($0) } + usable.filter(isPassedOver)
        }
    }

    /// Those that did nothing wrong lately.
    func healthy(_ relays: [SubmissionOptions], except relay: SubmissionOptions) -> [SubmissionOptions] {
        standings.withLock { standings in
            relays.filter { other in
                guard Key(other) != Key(relay) else { return false }
                guard let standing = standings[Key(other)] else { return true }
                return !standing.isRefused && standing.passedOverUntil <= .now
            }
        }
    }

    func failed(_ relay: SubmissionOptions) {
        standings.withLock {
            let pause = $0[Key(relay), default: Standing()].backoff.next(random: Double.random(in: 0..<1))
            $0[Key(relay)]?.passedOverUntil = .now + max(pause, .seconds(5))
        }
    }

    func refused(_ relay: SubmissionOptions) {
        standings.withLock {
            $0[Key(relay), default: Standing()].isRefused = true
            $0[Key(relay)]?.mayHaveAlarm = true
        }
    }

    /// True when an alarm of this relay may stand, and is to be taken back.
    func succeeded(_ relay: SubmissionOptions) -> Bool {
        standings.withLock {
            let mayHaveAlarm = $0[Key(relay), default: Standing()].mayHaveAlarm
            $0[Key(relay)] = Standing(mayHaveAlarm: false)
            return mayHaveAlarm
        }
    }

    static func alarmPlace(_ relay: SubmissionOptions) -> (AccountName, MailboxName) {
        (AccountName("submission"), MailboxName(relay.endpoint.description))
    }
}

/// No relay can be used now.
struct NoRelay: Error {
    /// Every one refuses our login: a person must act, and nothing is tried before.
    let isHeld: Bool
}

extension DaemonShared {
    /// An open connection to the first relay that can be used. A relay is left for the next one while nothing of a mail
    /// has been said to it.
    func connectRelay(_ relays: [SubmissionOptions]) async throws(NoRelay) -> (SubmissionOptions, SMTPSession) {
        for relay in self.relays.candidates(relays) {
            let session = SMTPSession(relay, logger: logger)
            do {
                try await session.connect()
                await noteWorking(relay)
                return (relay, session)
            } catch {
                await noteTrouble(relay, error)
            }
        }
        throw NoRelay(isHeld: self.relays.candidates(relays).isEmpty)
    }

    /// A relay did not do what it should; the log says what, and the operators hear of a refused login, once.
    func noteTrouble(_ relay: SubmissionOptions, _ error: any Error) async {
        let isRefused = (error as? SubmissionError)?.disposition == .hold
        logger.log(
            level: isRefused ? .error : .warning, "submission failed",
            metadata: [
                "host": "\(relay.endpoint)", "error": "\(error)",
                "disposition": "\(isRefused ? FailureDisposition.hold : .retry)",
            ])
        guard isRefused else { return relays.failed(relay) }
        relays.refused(relay)
        let (account, mailbox) = RelayPool.alarmPlace(relay)
        let detail = "Nothing leaves by this relay before the configuration is loaded again. It said: \(error)"
        let isNew = try? await writer.run {
            try $0.raise(.submission, account: account, mailbox: mailbox, detail: detail, now: Date())
        }
        if isNew == true { noticeSignal.signal() }
    }

    private func noteWorking(_ relay: SubmissionOptions) async {
        guard relays.succeeded(relay) else { return }
        let (account, mailbox) = RelayPool.alarmPlace(relay)
        let wasRaised = try? await writer.run {
            try $0.clear(
                .submission, account: account, mailbox: mailbox, detail: "It has taken our login.", now: Date())
        }
        if wasRaised == true {
            logger.notice("relay accepts our login again", metadata: ["host": "\(relay.endpoint)"])
            noticeSignal.signal()
        }
    }
}
