import CurlTransport
package import Logging
package import SMTPProtocol

/// One connection to a relay; mails go over it one after another. `SMTPClient` says what it promises.
package actor SMTPSession {
    private let options: SubmissionOptions
    private let logger: Logger
    private let thread: ConnectionThread
    private let interrupter: Interrupter
    private let connection: CurlConnection
    private var dialogue: SubmissionDialogue
    private var buffer = [UInt8](repeating: 0, count: 16_384)
    private var mailsOnConnection = 0
    private var isSending = false
    /// What ended the connection, when the transport did.
    private var lastFailure: TransportError?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    package init(_ options: SubmissionOptions, logger: Logger) {
        self.options = options
        self.logger = logger
        thread = ConnectionThread(name: "smtp")
        interrupter = Interrupter()
        connection = CurlConnection(interrupter: interrupter)
        dialogue = SubmissionDialogue(heloName: options.heloName)
    }

    /// Whether a mail can be sent without connecting again. A server may have gone since.
    package var isConnected: Bool { connection.isOpen && dialogue.isReady }

    /// What the server offers; known after `connect()`.
    package var extensions: ServerExtensions { dialogue.extensions }

    /// Ends every wait, now and for good: a mail whose end has left becomes uncertain. Only for a stop that cannot wait.
    package nonisolated func abort() { interrupter.abort() }

    /// Connects, logs in and learns what the server offers. An open connection is ended first.
    package func connect() throws {
        precondition(!isSending, "connecting while a mail is being sent")
        try open()
    }

    /// Sends one mail. `beforeCompletion` runs when the server waits for it and before its end can leave; when it throws,
    /// the mail is not sent and the error comes out here. `afterCompletion` runs when the end has left and the answer has not
    /// come. Connects when there is no connection.
    package func send(
        _ mail: OutgoingMail, beforeCompletion: @Sendable () async throws -> Void = {},
        afterCompletion: @Sendable () -> Void = {}
    ) async throws -> SendResult {
        precondition(!isSending, "one mail at a time on one connection")
        isSending = true
        defer { isSending = false }
        let isReused = isConnected && mailsOnConnection > 0
        if !isConnected { try open() }
        var attempt = try await transfer(mail, beforeCompletion, afterCompletion)
        if isReused && attempt.foundDeadConnection {
            // It died of old age between two mails, as connections do; the mail has not been looked at.
            logger.debug("relay connection had ended, made anew", metadata: metadata)
            try open()
            attempt = try await transfer(mail, beforeCompletion, afterCompletion)
        }
        if let refusal = attempt.refusalOfUs {
            throw SubmissionError(.refused(refusal), host: options.endpoint.host)
        }
        return attempt.result
    }

    /// Says goodbye and closes. Does nothing when nothing is open, or while a mail is being sent.
    package func quit() {
        if isSending { return }
        if isConnected {
            dialogue.quit()
            while converse(limit: options.timeouts.quit) != nil {}
        }
        connection.close()
        dialogue.connectionEnded("we closed the connection")
    }

    // MARK: The conversation

    private func open() throws {
        let timeouts = CurlConnection.Timeouts(connect: options.timeouts.connect, response: options.timeouts.command)
        dialogue = SubmissionDialogue(heloName: options.heloName)
        mailsOnConnection = 0
        lastFailure = nil
        do {
            try connection.open(
                .smtp, to: options.endpoint, credentials: options.credentials, clientName: options.heloName,
                timeouts: timeouts)
        } catch {
            throw SubmissionError(.transport(error), host: options.endpoint.host)
        }
        dialogue.start()
        switch converse() {
        case .ready(let server):
            logger.debug("relay connected", metadata: metadata.merging(["pipelining": "\(server.pipelining)"]) { $1 })
        case .closed(let refusal):
            connection.close()
            throw SubmissionError(
                lastFailure.map { .transport($0) } ?? .refused(refusal), host: options.endpoint.host)
        case .beforeCompletion, .finished, nil: preconditionFailure("no mail was begun")
        }
    }

    /// What came of one attempt with one mail.
    private struct Attempt {
        let result: SendResult
        /// The connection ended before `beforeCompletion`, without a word or with 421.
        let foundDeadConnection: Bool

        /// The server wants other credentials: that is no fault of this mail.
        var refusalOfUs: SubmissionRefusal? {
            // After the dot the mail has had its answer, and is settled as any other.
            if case .deferred(let refusal) = result.outcome, refusal.isAboutCredentials, refusal.stage != .content {
                refusal
            } else {
                nil
            }
        }
    }

    private func transfer(
        _ mail: OutgoingMail, _ beforeCompletion: @Sendable () async throws -> Void,
        _ afterCompletion: @Sendable () -> Void
    ) async throws -> Attempt {
        dialogue.begin(mail)
        mailsOnConnection += 1
        var wasAnnounced = false
        while true {
            switch converse() {
            case .beforeCompletion:
                wasAnnounced = true
                do { try await beforeCompletion() } catch {
                    connection.close()  // the only way not to send what was begun
                    dialogue.connectionEnded("the mail was called back")
                    throw error
                }
                dialogue.complete()
                sendOutput()
                afterCompletion()
            case .finished(let result):
                let isDead = drainClosed() && !wasAnnounced
                return Attempt(result: result, foundDeadConnection: isDead && result.isDeferredByConnection)
            case .ready, .closed, nil: preconditionFailure("a mail ends with its result")
            }
        }
    }

    /// Takes the `closed` event that may follow a result; true when the conversation is over.
    private func drainClosed() -> Bool {
        guard dialogue.isClosed else { return false }
        while let event = dialogue.nextEvent() {
            if case .closed(let refusal) = event {
                logger.debug("relay connection ended", metadata: metadata.merging(["error": "\(refusal)"]) { $1 })
            }
        }
        connection.close()
        return true
    }

    /// Sends what is to be sent and receives until there is an event; nil when the conversation is over.
    private func converse(limit: Duration? = nil) -> SubmissionDialogue.Event? {
        var deadline = ContinuousClock.now
        var repliesSeen = -1
        while true {
            let output = dialogue.takeOutput()
            do {
                if !output.isEmpty { try connection.send(output, until: .now + options.timeouts.block) }
                if let event = dialogue.nextEvent() { return event }
                if dialogue.isClosed { return nil }
                if !output.isEmpty || dialogue.repliesRead != repliesSeen {
                    // Each reply has its time; a server that trickles octets does not get more.
                    deadline = .now + (limit ?? limitOfServer)
                    repliesSeen = dialogue.repliesRead
                }
                let count = try connection.receive(into: &buffer, until: deadline)
                dialogue.receive(buffer[..<count])
            } catch {
                lastFailure = error
                dialogue.connectionEnded(error.said)
            }
        }
    }

    private func sendOutput() {
        let output = dialogue.takeOutput()
        do { if !output.isEmpty { try connection.send(output, until: .now + options.timeouts.block) } } catch {
            lastFailure = error
            dialogue.connectionEnded(error.said)
        }
    }

    private var limitOfServer: Duration {
        switch dialogue.waiting {
        case .command, .nothing: options.timeouts.command
        case .data: options.timeouts.data
        case .completion: options.timeouts.completion
        }
    }

    private var metadata: Logger.Metadata { ["host": "\(options.endpoint.host)"] }
}

extension SendResult {
    /// Nobody looked at the mail: the connection was gone, or the server was closing it.
    fileprivate var isDeferredByConnection: Bool {
        guard case .deferred(let refusal) = outcome else { return false }
        return refusal.stage == .connection || refusal.reply?.isClosing ?? false
    }
}
