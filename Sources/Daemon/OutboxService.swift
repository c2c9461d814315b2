import ConfigLoading
import Foundation
import Logging
import SMTPClient
import SMTPProtocol
import Storage
import Vocabulary

/// Sends what the outbox holds, over one connection, at most once each.
///
/// For each mail: claim it (the store looks again whether it may still go), hand over sender and recipients, commit
/// `sending`, and only then let the octets go that can complete the message. If the connection ends between those and
/// the server's answer, nobody knows: the mail is `uncertain` and is not sent again by itself (promise 3 of
/// CONTRIBUTING), also not by another relay.
///
/// Relays are tried in their order (`RelayPool`); what a relay could not take because of itself goes to the next one at
/// once. The connection stays open for a while, so that the receipt for the next mail need not wait for a login.
struct OutboxService: Sendable {
    let shared: DaemonShared

    /// Waiting times after the first, second, … failure of a mail (RFC 5321 section 4.5.4.1 asks for at least 30
    /// minutes between tries in the long run; the first ones are for greylisting).
    static let schedule: [TimeInterval] = [60, 300, 900, 1800, 3600, 7200, 14400]
    /// How long an idle connection is kept.
    private static let linger = Duration.seconds(10)

    /// Until cancelled.
    func run() async {
        await recoverInterrupted()
        var backoff = Backoff()
        var link = RelayLink()
        while !Task.isCancelled {
            let pass = await sendDue(&link)
            switch pass {
            case .sent: backoff.succeed()  // there may be more
            case .idle where link.isOpen:
                if await !wait(upTo: Self.linger, forSignals: true) { await link.close() }
            case .idle: await wait(upTo: .seconds(30), forSignals: true)
            case .failed: await wait(upTo: backoff.next(random: Double.random(in: 0..<1)), forSignals: false)
            // A refused login is for a person; a reload tries again.
            case .held: await wait(upTo: .seconds(15 * 60), forSignals: true)
            }
        }
        await link.close()
    }

    /// Sends what is due now and returns.
    func drainOnce() async {
        await recoverInterrupted()
        var link = RelayLink()
        while await sendDue(&link) == .sent {}
        await link.close()
    }

    private enum Pass { case idle, sent, failed, held }

    /// What a dead process was sending may have gone out. The owners of the tickets are told with it.
    private func recoverInterrupted() async {
        let found = (try? await shared.writer.run { try $0.recoverInterrupted(now: Date()) }) ?? []
        for id in found {
            shared.logger.warning(
                "outgoing mail may have gone out before the last stop; it is not sent again",
                metadata: ["outbox": "\(id)", "state": "uncertain"])
        }
        if !found.isEmpty { shared.noticeSignal.signal() }
    }

    /// The next signal or the end of the pause, whichever comes first; true when it was the signal.
    @discardableResult
    private func wait(upTo pause: Duration, forSignals: Bool) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                try? await Task.sleep(for: pause)
                return false
            }
            if forSignals {
                group.addTask {
                    await shared.outboxSignal.wait()
                    return true
                }
            }
            let isSignal = await group.next() ?? false
            group.cancelAll()
            return isSignal
        }
    }

    private func sendDue(_ link: inout RelayLink) async -> Pass {
        let config = shared.config
        guard config.mode == .act, !config.relays.isEmpty else { return .idle }
        let due: [OutboxMail]
        let counted = link.limits
        do {
            FaultPoint.reach(.claimBefore)
            due = try await claim(config, &link.limits)
        } catch {
            shared.logger.error("outbox could not be read", metadata: ["error": "\(error)"])
            return .failed
        }
        guard !due.isEmpty else { return .idle }
        guard await link.open(config.relays, shared) else {
            link.limits = counted  // nothing has left
            return link.isHeld ? .held : .failed
        }
        guard let (relay, session) = link.connection else { return .failed }
        let mailing = Mailing(shared: shared, relay: relay, session: session, options: config.outbox)
        let trouble = await mailing.send(due)
        guard let trouble else { return .sent }
        await link.close()
        await shared.noteTrouble(relay, trouble)
        // What is left goes to another relay at once, where there is one that works.
        if !shared.relays.healthy(config.relays, except: relay).isEmpty { return .sent }
        return shared.relays.candidates(config.relays).isEmpty ? .held : .failed
    }

    /// What may be sent now; mail over a rate is put off, until some is found that is not.
    private func claim(_ config: Config, _ limits: inout RateLimits) async throws -> [OutboxMail] {
        while true {
            let now = Date()
            let due = try await shared.writer.run { try $0.claimable(now: now, limit: 100) }
            var allowed: [OutboxMail] = []
            var late: [Date: [Int64]] = [:]
            for mail in due {
                if let slot = limits.wait(for: mail.recipients, rates: config.outbox.rates, now: now) {
                    late[slot, default: []].append(mail.id)
                } else {
                    allowed.append(mail)
                }
            }
            for (slot, ids) in late {
                try await shared.writer.run {
                    try $0.putOff(ids, until: slot, reason: "waits for the rate of its domain")
                }
            }
            if late.isEmpty || !allowed.isEmpty { return allowed }
        }
    }
}

/// The connection that is open, and what is remembered while the service runs.
private struct RelayLink {
    private(set) var connection: (relay: SubmissionOptions, session: SMTPSession)?
    var limits = RateLimits()
    /// No relay is left that accepts our login.
    private(set) var isHeld = false

    var isOpen: Bool { connection != nil }

    /// Keeps an open connection to a relay that is still configured and comes first; else makes one.
    mutating func open(_ relays: [SubmissionOptions], _ shared: DaemonShared) async -> Bool {
        if let (relay, session) = connection {
            if relay == shared.relays.candidates(relays).first, await session.isConnected { return true }
            await close()
        }
        do {
            connection = try await shared.connectRelay(relays)
            isHeld = false
            return true
        } catch {
            isHeld = error.isHeld
            return false
        }
    }

    /// Says goodbye where there is still somebody to say it to.
    mutating func close() async {
        await connection?.session.quit()
        connection = nil
    }
}
