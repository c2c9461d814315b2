internal import CurlTransport
internal import IMAPProtocol
internal import Logging

// Waiting for news.

extension IMAPSession {
    /// Waits until there is new mail, somebody interrupts, or the deadline. A hint and no more: connections go deaf without
    /// a sign, so the caller lists the mailbox on a timer of its own, whatever is said here.
    ///
    /// Mail that came since the last listing ends it at once, so nothing falls between listing and waiting. Where the
    /// server has no IDLE it is asked by NOOP and STATUS every `pollInterval`, and often enough for it not to hang up.
    /// When the time is over, STATUS tells whether this connection still hears what happens. Cancelling the task is an interruption.
    package func idle(until deadline: ContinuousClock.Instant) async throws(IMAPError) -> IdleOutcome {
        let result = await withTaskCancellationHandler {
            waitForNews(until: deadline)
        } onCancel: {
            interrupter.interrupt()
        }
        return try result.get()
    }

    private func waitForNews(until deadline: ContinuousClock.Instant) -> Result<IdleOutcome, IMAPError> {
        Result { () throws(IMAPError) in
            guard selected != nil else { throw error(.notReady, "IDLE", "no mailbox is selected") }
            try abandonFetch()
            while true {
                if hasNews { return .mailboxChanged }
                let outcome = try canIdle ? idleOnce(until: deadline) : pollOnce(until: deadline)
                if hasNews { return .mailboxChanged }
                if outcome == .interrupted { return .interrupted }
                if deadline <= .now {
                    if canIdle { try lookAround() }
                    return hasNews ? .mailboxChanged : .timeIsOver
                }
            }
        }
    }

    private var canIdle: Bool { capabilities.contains("IDLE") || capabilities.contains("IMAP4REV2") }

    /// One IDLE command, up to news, interruption, renewal or deadline.
    private func idleOnce(until deadline: ContinuousClock.Instant) throws(IMAPError) -> IdleOutcome {
        let tag = try start(.idle)
        do throws(IMAPError) {
            try waitForContinuation(tag, "IDLE")
        } catch let error where !error.endsSession {
            logger.notice("server refused idle, polling instead", metadata: ["error": "\(error.said)"])
            capabilities.subtract(["IDLE", "IMAP4REV2"])
            return .timeIsOver
        }
        let outcome = try watch(until: min(deadline, .now + account.idleRenewal))
        // The server may have ended it by itself: then DONE would be a command it does not know.
        if finished[tag] == nil { try send(Command.done, for: "IDLE") }
        _ = try finish(tag, "IDLE")
        return outcome
    }

    private func watch(until end: ContinuousClock.Instant) throws(IMAPError) -> IdleOutcome {
        while true {
            while let response = takeFromInbox() { try note(response, "IDLE") }
            if hasNews || !finished.isEmpty { return .mailboxChanged }
            switch try waitOrFail(until: end) {
            case .readable: try receiveOrFail()
            case .interrupted: return .interrupted
            case .timedOut: return .timeIsOver
            }
        }
    }

    private func pollOnce(until deadline: ContinuousClock.Instant) throws(IMAPError) -> IdleOutcome {
        let pause = min(account.pollInterval, ProviderHabits(host: account.endpoint.host).silenceLimit)
        let outcome = try watch(until: min(deadline, .now + pause))
        if outcome != .interrupted { try lookAround() }
        return outcome
    }

    private func waitOrFail(until end: ContinuousClock.Instant) throws(IMAPError) -> CurlConnection.WaitResult {
        do throws(TransportError) { return try connection.wait(until: end) } catch { throw failed(error, "IDLE") }
    }

    /// What made the socket readable may be half a record of TLS: then nothing comes, and that is no failure.
    private func receiveOrFail() throws(IMAPError) {
        do throws(TransportError) {
            _ = try receive(until: .now)
        } catch let error where error.reason == .timedOut {
            return
        } catch {
            throw failed(error, "IDLE")
        }
    }
}
