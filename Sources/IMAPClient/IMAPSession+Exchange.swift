internal import CurlTransport
internal import Glibc
internal import IMAPProtocol
internal import Logging
internal import Vocabulary

// Commands out, responses in.

extension IMAPSession {
    /// Sends a command and reads up to its result. Untagged data goes to `take`, after the session has noted what it must
    /// always note. Throws when the result is not OK.
    @discardableResult
    func run(
        _ command: Command, patience: Duration? = nil, take: (Response) -> Void = { _ in }
    ) throws(IMAPError) -> ResponseText {
        let tag = try start(command)
        return try finish(tag, command.verb, patience: patience, take: take)
    }

    /// Sends a command and does not wait. Tags are our own, because libcurl has used `A001` and on; and nobody can guess
    /// them, so that no mail can hold the end of a command, whatever a broken server makes of it.
    func start(_ command: Command) throws(IMAPError) -> String {
        guard connection.isOpen else { throw error(.notReady, command.verb, "there is no connection") }
        commandNumber += 1
        let tag = "\(tagPrefix)\(commandNumber)"
        outstanding.insert(tag)
        let parts = command.encoded(tag: tag, dialect: CommandDialect(capabilities: capabilities))
        for (index, part) in parts.enumerated() {
            try send(part, for: command.verb)
            if index < parts.count - 1 { try waitForContinuation(tag, command.verb) }
        }
        logger.trace("command sent", metadata: ["command": "\(command.verb)", "tag": "\(tag)"])
        return tag
    }

    func finish(
        _ tag: String, _ verb: String, patience: Duration? = nil, take: (Response) -> Void = { _ in }
    ) throws(IMAPError) -> ResponseText {
        while true {
            if let (status, text) = finished.removeValue(forKey: tag) {
                note(text)
                guard status == .ok else { throw refusal(status, verb, text) }
                return text
            }
            let response = try nextResponse(for: verb, patience: patience)
            try note(response, verb)
            take(response)
        }
    }

    /// Reads until the server asks for more. A tagged result instead of it is a refusal.
    func waitForContinuation(_ tag: String, _ verb: String) throws(IMAPError) {
        while true {
            let response = try nextResponse(for: verb)
            if case .continuation = response { return }
            try note(response, verb)
            if let (status, text) = finished.removeValue(forKey: tag) { throw refusal(status, verb, text) }
        }
    }

    func send(_ bytes: [UInt8], for verb: String) throws(IMAPError) {
        do throws(TransportError) {
            try connection.send(bytes, until: .now + account.commandTimeout)
        } catch {
            throw failed(error, verb)
        }
    }

    // MARK: - Reading

    /// The next response, from the inbox or the wire. Waits as long as there is progress.
    func nextResponse(for verb: String, patience: Duration? = nil) throws(IMAPError) -> Response {
        if let response = takeFromInbox() { return try checked(response, verb) }
        var watch = ProgressWatch(window: patience ?? account.commandTimeout)
        while inbox.isEmpty {
            do throws(TransportError) {
                watch.received(try receive(until: watch.deadline))
            } catch {
                if error.reason == .timedOut && watch.mayGoOn() { continue }
                throw failed(error, verb)
            }
            if let code = spool?.failure { throw spoolFailed(code, verb) }
        }
        guard let response = takeFromInbox() else { preconditionFailure("something has come") }
        return try checked(response, verb)
    }

    /// A response, together with the text that went to the spool for it.
    func takeFromInbox() -> Response? {
        guard let response = inbox.popFirst() else { return nil }
        spooled = nil
        switch response {
        case .fetch(let data):
            for section in data.sections {
                if case .streamed = section.content { spooled = spool?.take() }
            }
        case .malformed(let malformation): for _ in 0..<malformation.streamed { _ = spool?.take() }
        default: break
        }
        return response
    }

    private func spoolFailed(_ code: Int32, _ verb: String) -> IMAPError {
        failed(.spool, verb, "a large message could not be written: \(String(cString: strerror(code)))")
    }

    /// A server may hold us with `* OK Still here` while it works, but not without end.
    private func checked(_ response: Response, _ verb: String) throws(IMAPError) -> Response {
        guard case .untagged(.ok, let text) = response, text.code == nil else {
            onlyStatusSince = nil
            return response
        }
        let since = onlyStatusSince ?? .now
        onlyStatusSince = since
        if since + account.commandTimeout * 20 < .now {
            throw failed(.transport(.timedOut), verb, "the server only says that it is still working")
        }
        return response
    }

    /// Takes what has come into the inbox; gives the number of bytes.
    func receive(until deadline: ContinuousClock.Instant) throws(TransportError) -> Int {
        let count = try connection.receive(into: &receiveBuffer, until: deadline)
        let responses =
            if spool != nil {
                reader.feed(receiveBuffer.span.extracting(0..<count), into: &spool!)
            } else {
                reader.feed(receiveBuffer.span.extracting(0..<count))
            }
        if inbox.isEmpty { inbox = responses[...] } else { inbox.append(contentsOf: responses) }
        return count
    }

    // MARK: - What is always noted

    /// A server may send data about the mailbox, the connection and other commands at any time (RFC 9051 section 5.2).
    func note(_ response: Response, _ verb: String) throws(IMAPError) {
        switch response {
        case .tagged(let tag, let status, let text):
            // A result that nobody asked for changes nothing.
            if !fetchRun.finish(tag, status, text), outstanding.remove(tag) != nil { finished[tag] = (status, text) }
        case .exists(let count):
            if Int(count) > exists { hasNews = true }
            exists = Int(count)
        case .expunge(let number):
            exists = max(0, exists - 1)
            if number <= existedAtOpening { existedAtOpening -= 1 }
        case .vanished(let set, earlier: false): exists = max(0, exists - Int(set.count))
        case .fetch(let data):
            // Flags of a message that came since the mailbox was opened, told unasked: somebody has just changed them.
            if data.uid == nil, data.sequence > existedAtOpening, let flags = data.flags { noteMarks(flags) }
            fetchRun.take(data, file: spooled)
        case .capability(let names): capabilities = Set(names)
        case .untagged(.bye, let text) where verb != "LOGOUT": throw failed(.bye, verb, text.text)
        case .untagged(_, let text): note(text)
        case .malformed(let malformation): try note(malformation, verb)
        default: break
        }
    }

    func note(_ text: ResponseText) {
        switch text.code {
        case .capability(let names): capabilities = Set(names)
        case .closed:
            // What came before belongs to the mailbox that was open (RFC 9051 section 7.1).
            exists = 0
            hasNews = false
        case .condition(.alert):
            logger.warning("server sent an alert", metadata: ["text": "\(cleaned(text.text))"])
        default: break
        }
    }

    private func note(_ malformation: Malformation, _ verb: String) throws(IMAPError) {
        logger.warning(
            "response could not be read",
            metadata: [
                "command": "\(verb)", "kind": "\(malformation.kind.rawValue)", "place": "\(malformation.place)",
                "uid": "\(malformation.uid.map(String.init) ?? "unknown")",
            ])
        if malformation.kind == .unreadable {
            throw failed(.protocolViolation, verb, "the server announced a literal of an absurd size")
        }
        // A literal that is shorter or longer than announced ends like this. What follows may be the text of a mail.
        if malformation.hadLiteral && malformation.place == "FETCH" {
            throw failed(.protocolViolation, verb, "an answer does not end where its text ends")
        }
    }

    // MARK: - Errors

    func error(_ reason: IMAPError.Reason, _ verb: String, _ said: String) -> IMAPError {
        IMAPError(reason: reason, account: account.name, host: account.endpoint.host, command: verb, said: said)
    }

    func refusal(_ status: TaggedStatus, _ verb: String, _ text: ResponseText) -> IMAPError {
        var error = error(status == .no ? .refused : .notUnderstood, verb, text.text)
        error.serverCode = text.code?.name
        return error
    }

    /// Ends the session.
    func failed(_ reason: IMAPError.Reason, _ verb: String, _ said: String) -> IMAPError {
        var error = error(reason, verb, said)
        // When our own disk is full, no message is to blame.
        error.unanswered = reason == .spool ? [] : fetchRun.unanswered
        close()
        return error
    }

    func failed(_ transport: TransportError, _ verb: String) -> IMAPError {
        failed(.transport(transport.reason), verb, transport.said)
    }
}

/// How long silence is borne: until a window passes without a whole response and without a kilobyte of one. A slow line
/// is never cut that way, and a peer that sends a byte now and then is.
private struct ProgressWatch {
    private let window: Duration
    private(set) var deadline: ContinuousClock.Instant
    private var bytes = 0

    init(window: Duration) {
        self.window = window
        deadline = .now + window
    }

    mutating func received(_ count: Int) { bytes += count }

    /// Asked when the window is over.
    mutating func mayGoOn() -> Bool {
        guard bytes >= 1_024 else { return false }
        bytes = 0
        deadline = .now + window
        return true
    }
}
