import SMTPProtocol
import TestSupport
import Vocabulary

/// Drives a `SubmissionDialogue` against a scripted server without a socket, and writes down what happened.
struct SubmissionHarness {
    /// How the server's octets are cut on their way.
    enum Cut: Sendable {
        case none
        case everyOctet
        /// Once, after so many octets of all that the server says.
        case after(Int)
    }

    private(set) var log: [String] = []
    private(set) var results: [SendResult] = []
    private(set) var messages: [[UInt8]] = []
    /// What the client said, in the order of its writes.
    private(set) var writes: [[UInt8]] = []
    private(set) var serverOctets = 0
    private var dialogue = SubmissionDialogue(heloName: "post.example.com")
    private var player: DialoguePlayer
    private let cut: Cut
    private var mails: [OutgoingMail]
    /// What the server has said and the client has not heard yet.
    private var underway: [[UInt8]] = []

    /// Sends the mails one after another, and QUIT at the end. Every dialogue begins with EHLO.
    @discardableResult
    init(_ script: Dialogue, _ mails: [OutgoingMail], cut: Cut = .none) {
        player = DialoguePlayer(script.connections[0])
        self.cut = cut
        self.mails = mails
        dialogue.start()
        run()
    }

    private mutating func run() {
        while true {
            let output = dialogue.takeOutput()
            if !output.isEmpty {
                writes.append(output)
                player.take(output)
            }
            if let event = dialogue.nextEvent() {
                note(event)
                if case .closed = event { return }
                if case .beforeCompletion = event { dialogue.complete() }
                continue
            }
            if output.isEmpty && dialogue.isReady {
                if mails.isEmpty { dialogue.quit() } else { dialogue.begin(mails.removeFirst()) }
                continue
            }
            if !underway.isEmpty {
                dialogue.receive(underway.removeFirst())
                continue
            }
            switch player.advance() {
            case .send(let bytes): underway = pieces(of: bytes)
            case .message(let message): messages.append(message)
            case .drop, .reset: dialogue.connectionEnded("the server closed the connection")
            case .needInput(nil): dialogue.connectionEnded("no answer in time")
            case .needInput(let wanted?):
                if output.isEmpty {
                    log.append("stuck: \(wanted)")
                    return
                }
            case .mismatch(let text):
                log.append("mismatch: \(text)")
                return
            case .wait, .freeze: break
            }
        }
    }

    private mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        let start = serverOctets
        serverOctets += bytes.count
        switch cut {
        case .none: return [bytes]
        case .everyOctet: return bytes.map { [$0] }
        case .after(let place):
            let here = min(max(place - start, 0), bytes.count)
            return [Array(bytes[..<here]), Array(bytes[here...])]
        }
    }

    private mutating func note(_ event: SubmissionDialogue.Event) {
        switch event {
        case .ready: log.append("ready")
        case .beforeCompletion: log.append("beforeCompletion")
        case .closed(let refusal): log.append("closed: \(refusal)")
        case .finished(let result):
            results.append(result)
            log.append(summary(result))
        }
    }
}

/// A result in one line: the outcome of the whole, and of each recipient when there are several.
func summary(_ result: SendResult) -> String {
    if result.perRecipient.count == 1 { return summary(result.outcome) }
    return summary(result.outcome) + " [" + result.perRecipient.map { summary($0.outcome) }.joined(separator: ", ")
        + "]"
}

private func summary(_ outcome: SendOutcome) -> String {
    switch outcome {
    case .accepted(let id): id.map { "accepted \($0)" } ?? "accepted"
    case .deferred(let refusal): "deferred \(refusal.stage.rawValue)\(refusal.reply.map { " \($0.code)" } ?? "")"
    case .rejected(let refusal): "rejected \(refusal.stage.rawValue)\(refusal.reply.map { " \($0.code)" } ?? "")"
    case .uncertain: "uncertain"
    }
}

/// Example mail.
enum Mails {
    static func address(_ text: String) -> EmailAddress {
        guard let address = EmailAddress(text) else { preconditionFailure("\(text) is no address") }
        return address
    }

    static func mail(
        to recipients: [String] = ["ada@example.net"], body: String = "Hello\r\n",
        subject: String = "Subject: a receipt\r\n"
    ) -> OutgoingMail {
        OutgoingMail(
            reversePath: address("support@example.com"), recipients: recipients.map(address),
            bytes: Array("\(subject)\r\n\(body)".utf8))
    }

    static let plain = mail()
    static let three = mail(to: ["ada@example.net", "bob@example.net", "cyd@example.net"])
}
