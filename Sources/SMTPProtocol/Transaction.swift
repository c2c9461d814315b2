import Vocabulary

/// One mail on its way through the dialogue: what is still to be said, and what was answered.
struct Transaction: Sendable {
    let mail: OutgoingMail
    let envelope: Envelope
    /// Not given out yet.
    var commands: ArraySlice<SubmissionDialogue.Command>
    /// The answers to each RCPT.
    var replies: [SMTPReply?]
    /// MAIL was refused: whatever was said to RCPT does not matter.
    var senderRefusal: SubmissionRefusal?
    var dataRefusal: SubmissionRefusal?
    /// What is to leave together with the final dot.
    var content: [UInt8] = []

    init(_ mail: OutgoingMail, _ envelope: Envelope, commands: [SubmissionDialogue.Command]) {
        self.mail = mail
        self.envelope = envelope
        self.commands = commands[...]
        replies = Array(repeating: nil, count: mail.recipients.count)
    }

    /// Somebody is to get the mail.
    var hasRecipient: Bool { senderRefusal == nil && replies.contains { $0?.isPositive ?? false } }

    /// After MAIL was refused nothing makes sense any more, and DATA makes none without a recipient.
    mutating func dropPointlessCommands() {
        if senderRefusal != nil || (commands.first == .data && !hasRecipient) { commands = [] }
    }

    func withoutContent() -> Transaction {
        var copy = self
        copy.content = []
        return copy
    }

    /// The result for all recipients; `ending` is for those that were not refused by themselves.
    func result(_ ending: SendOutcome) -> SendResult {
        SendResult(
            perRecipient: zip(mail.recipients, replies).map { address, reply in
                SendResult.Recipient(address: address, reply: reply, outcome: refusal(of: reply) ?? ending)
            })
    }

    private func refusal(of reply: SMTPReply?) -> SendOutcome? {
        if let senderRefusal { return Self.outcome(senderRefusal) }
        guard let reply, !reply.isPositive else { return nil }
        let refusal = SubmissionRefusal(.recipient, reply: reply)
        // Too many recipients: some servers say 552 where 452 is meant (RFC 5321 section 4.5.3.1.10).
        if reply.code == 552 && hasRecipient { return .deferred(refusal) }
        return Self.outcome(refusal)
    }

    /// Permanent is what the server says of this mail with a 5xx. It is not permanent when it is about us, or when no
    /// command of this mail was answered.
    static func outcome(_ refusal: SubmissionRefusal) -> SendOutcome {
        guard refusal.reply?.isPermanent ?? false, !refusal.isAboutCredentials else { return .deferred(refusal) }
        switch refusal.stage {
        case .local, .sender, .recipient, .data, .content: return .rejected(refusal)
        case .hello, .reset, .quit, .connection: return .deferred(refusal)
        }
    }
}
