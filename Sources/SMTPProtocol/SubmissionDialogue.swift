/// The client's side of SMTP as a state machine: `SMTPProtocol` says how it is driven and what it promises.
///
/// With PIPELINING a mail's commands leave in one write: RSET if it is not the first, MAIL, each RCPT, DATA; after the 354
/// the content and the dot follow in another. Without it one command waits for the answer to the one before, and what
/// became pointless is not said.
package struct SubmissionDialogue: Sendable {
    package enum Event: Sendable, Equatable {
        /// The server's answer to EHLO is read: mails may begin.
        case ready(ServerExtensions)
        /// The server waits for the mail. Commit what must be known after a crash, then call `complete()`.
        case beforeCompletion
        /// The mail that was begun has ended; another may begin unless `closed` follows.
        case finished(SendResult)
        /// Nothing more can be said on this connection.
        case closed(SubmissionRefusal)
    }

    /// What the server is to answer next: each has its own time limit (RFC 5321 section 4.5.3.2).
    package enum Waiting: Sendable, Equatable {
        case nothing, command, data, completion
    }

    enum Command: Sendable, Equatable {
        case hello(extended: Bool)
        case reset, sender
        case recipient(Int)
        case data, quit
    }

    private enum State {
        case greeting
        case ready
        /// Commands are under way.
        case envelope(Transaction)
        /// 354 was said; nothing of the end of the mail has been given out.
        case content(Transaction)
        /// The end of the mail has been given out.
        case completing(Transaction)
        /// 354 was said although nobody is to get the mail: a lone dot ends it (RFC 2920 section 3.1).
        case cancelling(Transaction)
        case closed
    }

    /// So many commands are given out before their answers are read: more could fill the buffers of both sides.
    private static let mostCommandsAtOnce = 100
    /// A mail that is longer leaves before `beforeCompletion`, but for its dot: the time in which a crash makes it
    /// uncertain must not grow with its size. A shorter one leaves in one write with its dot.
    private static let longestSingleWrite = 65_536

    private let heloName: String
    private var state = State.greeting
    private var server = ServerExtensions()
    private var isFirstMail = true
    private var parser = ReplyParser()
    /// Commands given out whose answers have not come.
    private var inFlight: [Command] = []
    private var output: [UInt8] = []
    private var events: [Event] = []
    /// Grows with each reply: the time for the next one begins then.
    package private(set) var repliesRead = 0

    /// `heloName` is our host's name or address literal; what may not stand in a command is left out.
    package init(heloName: String) {
        let name = String(decoding: heloName.utf8.filter(Self.mayStandInName), as: UTF8.self)
        self.heloName = name.isEmpty ? "localhost" : name
    }

    // MARK: What the caller does

    /// Says EHLO. The connection is authenticated already; its extensions are not known here yet.
    package mutating func start() { give(.hello(extended: true)) }

    /// Begins a mail. Only between `ready` or `finished` and the next mail: anything else is a mistake of ours.
    package mutating func begin(_ mail: OutgoingMail) {
        precondition(isReady, "a mail begins when the dialogue is ready")
        if let problem = Envelope.sizeProblem(mail, server) { return refuse(mail, problem) }
        let envelope = Envelope(mail)
        if let problem = envelope.problem(mail, server) { return refuse(mail, problem) }
        let recipients = mail.recipients.indices.map(Command.recipient)
        let commands = (isFirstMail ? [] : [.reset]) + [.sender] + recipients + [.data]
        isFirstMail = false
        advance(Transaction(mail, envelope, commands: commands))
    }

    /// After `beforeCompletion`: gives out the end of the mail. From here on a lost connection means `uncertain`.
    package mutating func complete() {
        guard case .content(let transaction) = state else { preconditionFailure("there is no mail to complete") }
        output += transaction.content
        output += ".\r\n".utf8
        state = .completing(transaction.withoutContent())
    }

    /// Says QUIT, when there is still somebody to say it to.
    package mutating func quit() {
        if isReady { give(.quit) }
    }

    /// The octets to send now, once.
    package mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    package mutating func nextEvent() -> Event? { events.isEmpty ? nil : events.removeFirst() }

    /// Whether a mail may begin.
    package var isReady: Bool { if case .ready = state { inFlight.isEmpty } else { false } }
    package var isClosed: Bool { if case .closed = state { true } else { false } }
    package var extensions: ServerExtensions { server }

    package var waiting: Waiting {
        switch state {
        case .closed: .nothing
        case .completing, .cancelling: .completion
        case .content: .nothing
        case .greeting, .ready, .envelope: inFlight.isEmpty ? .nothing : inFlight[0] == .data ? .data : .command
        }
    }

    /// What the server sent, in pieces of any size.
    package mutating func receive(_ bytes: some Collection<UInt8>) {
        var rest = Array(bytes)[...]
        while !isClosed {
            do throws(ReplyParser.Failure) {
                guard let reply = try parser.next(&rest) else { return }
                repliesRead += 1
                answer(reply)
            } catch {
                connectionEnded(error.description)
            }
        }
    }

    /// The connection is gone, or nothing came in time: `why` says which. Safe to call at any moment.
    package mutating func connectionEnded(_ why: String) {
        end(SubmissionRefusal(.connection, said: why))
    }

    // MARK: What the server says

    private mutating func answer(_ reply: SMTPReply) {
        switch state {
        case .completing(let transaction): answerToContent(reply, transaction)
        case .cancelling(let transaction):
            finish(transaction, .deferred(SubmissionRefusal(.content, reply: reply)))
            if reply.isClosing { end(SubmissionRefusal(.content, reply: reply)) }
        case .content:  // before we said anything: the server has changed its mind
            end(SubmissionRefusal(.content, reply: reply))
        case .closed: break
        case .greeting, .ready, .envelope:
            guard !inFlight.isEmpty else { return end(SubmissionRefusal(.connection, reply: reply)) }
            let command = inFlight.removeFirst()
            if reply.isClosing { return end(SubmissionRefusal(command.stage, reply: reply)) }
            if case .envelope(let transaction) = state {
                answerToEnvelope(reply, command, transaction)
            } else {
                answerBetweenMails(reply, command)
            }
        }
    }

    private mutating func answerBetweenMails(_ reply: SMTPReply, _ command: Command) {
        switch command {
        case .hello where reply.isPositive:
            server = command == .hello(extended: true) ? ServerExtensions(reply) : ServerExtensions()
            state = .ready
            events.append(.ready(server))
        case .hello(extended: true) where reply.isPermanent: give(.hello(extended: false))  // a very old server
        default: end(SubmissionRefusal(command.stage, reply: reply))
        }
    }

    private mutating func answerToEnvelope(_ reply: SMTPReply, _ command: Command, _ transaction: Transaction) {
        var transaction = transaction
        switch command {
        case .reset where !reply.isPositive: return end(SubmissionRefusal(.reset, reply: reply))
        case .sender where !reply.isPositive:
            if reply.isIntermediate { return end(SubmissionRefusal(.sender, reply: reply)) }
            transaction.senderRefusal = SubmissionRefusal(.sender, reply: reply)
        case .recipient(let index):
            if reply.isIntermediate { return end(SubmissionRefusal(.recipient, reply: reply)) }
            transaction.replies[index] = reply
        case .data:
            if reply.isIntermediate { return transmit(transaction) }
            if reply.isPositive { return end(SubmissionRefusal(.data, reply: reply)) }
            transaction.dataRefusal = SubmissionRefusal(.data, reply: reply)
        default: break
        }
        advance(transaction)
    }

    /// 354 came.
    private mutating func transmit(_ transaction: Transaction) {
        guard transaction.hasRecipient else {
            output += ".\r\n".utf8
            state = .cancelling(transaction)
            return
        }
        var transaction = transaction
        transaction.content = transparent(transaction.mail.bytes)
        if transaction.content.count > Self.longestSingleWrite {
            output += transaction.content
            transaction.content = []
        }
        state = .content(transaction)
        events.append(.beforeCompletion)
    }

    private mutating func answerToContent(_ reply: SMTPReply, _ transaction: Transaction) {
        switch reply.code / 100 {
        case 2: finish(transaction, .accepted(queueID: queueID(in: reply)))
        case 4: finish(transaction, .deferred(SubmissionRefusal(.content, reply: reply)))
        // For good, unless it is about us.
        case 5: finish(transaction, Transaction.outcome(SubmissionRefusal(.content, reply: reply)))
        default: return end(SubmissionRefusal(.content, reply: reply))  // 3xx: who knows what it has taken
        }
        if reply.isClosing { end(SubmissionRefusal(.content, reply: reply)) }
    }

    // MARK: What follows

    /// The mail cannot go to this server: nothing is said.
    private mutating func refuse(_ mail: OutgoingMail, _ problem: String) {
        let refusal = SubmissionRefusal(.local, said: problem)
        let recipients = mail.recipients.map {
            SendResult.Recipient(address: $0, reply: nil, outcome: .rejected(refusal))
        }
        events.append(.finished(SendResult(perRecipient: recipients)))
    }

    /// Gives out the next commands of a mail, or ends it when there are none.
    private mutating func advance(_ transaction: Transaction) {
        var transaction = transaction
        if inFlight.isEmpty {
            transaction.dropPointlessCommands()
            if transaction.commands.isEmpty {
                // Without a refusal of DATA every recipient was refused, and `ending` is nobody's.
                let refusal =
                    transaction.dataRefusal ?? SubmissionRefusal(.recipient, said: "no recipient was accepted")
                return finish(transaction, Transaction.outcome(refusal))
            }
            let count = server.pipelining ? Self.mostCommandsAtOnce : 1
            for command in transaction.commands.prefix(count) { give(command, transaction) }
            transaction.commands = transaction.commands.dropFirst(count)
        }
        state = .envelope(transaction)
    }

    /// `ending` is for the recipients that were not refused by themselves.
    private mutating func finish(_ transaction: Transaction, _ ending: SendOutcome) {
        events.append(.finished(transaction.result(ending)))
        state = .ready
    }

    /// Closes the dialogue; a mail that is under way ends with it.
    private mutating func end(_ refusal: SubmissionRefusal) {
        switch state {
        case .closed: return
        case .completing(let transaction): events.append(.finished(transaction.result(.uncertain(refusal.said))))
        case .envelope(let transaction), .content(let transaction), .cancelling(let transaction):
            // The end of the mail has not been given out: nothing can have been taken.
            if events.last == .beforeCompletion { events.removeLast() }
            events.append(.finished(transaction.result(Transaction.outcome(refusal))))
        case .greeting, .ready: break
        }
        inFlight = []
        output = []
        state = .closed
        events.append(.closed(refusal))
    }

    private mutating func give(_ command: Command, _ transaction: Transaction? = nil) {
        let text: String =
            switch command {
            case .hello(let extended): "\(extended ? "EHLO" : "HELO") \(heloName)"
            case .reset: "RSET"
            case .data: "DATA"
            case .quit: "QUIT"
            case .sender: transaction.map { $0.envelope.mailCommand($0.mail, server) } ?? ""
            case .recipient(let index):
                transaction.map { $0.envelope.recipientCommand($0.mail.recipients[index], $0.mail, server) } ?? ""
            }
        // `EmailAddress` lets no control character in; this is the place where one would do harm.
        precondition(text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a command holds a control character")
        output += text.utf8
        output += [13, 10]
        inFlight.append(command)
    }

    private static func mayStandInName(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || ".-_[]:".utf8.contains(byte)
    }
}

extension SubmissionDialogue.Command {
    var stage: SubmissionRefusal.Stage {
        switch self {
        case .hello: .hello
        case .reset: .reset
        case .sender: .sender
        case .recipient: .recipient
        case .data: .data
        case .quit: .quit
        }
    }
}
