package import Vocabulary

/// What became of one mail, for each recipient and as a whole.
package struct SendResult: Sendable, Equatable {
    package struct Recipient: Sendable, Equatable {
        package let address: EmailAddress
        /// What the server said to this recipient's RCPT; nil when it said nothing or was not asked.
        package let reply: SMTPReply?
        package let outcome: SendOutcome
    }

    /// In the order of the mail's recipients.
    package let perRecipient: [Recipient]

    /// The strongest of the recipients' outcomes: accepted for at least one, else uncertain, deferred, rejected.
    package var outcome: SendOutcome {
        let outcomes = perRecipient.map(\.outcome)
        return outcomes.first { if case .accepted = $0 { true } else { false } }
            ?? outcomes.first { if case .uncertain = $0 { true } else { false } }
            ?? outcomes.first { if case .deferred = $0 { true } else { false } } ?? outcomes[0]
    }
}

/// What the sender may do next with a recipient.
package enum SendOutcome: Sendable, Equatable {
    /// The server has taken the mail; the name it keeps it under, when its text tells one.
    case accepted(queueID: String?)
    /// Not taken now; the same may succeed later.
    case deferred(SubmissionRefusal)
    /// Not taken, and never will be.
    case rejected(SubmissionRefusal)
    /// The mail may have been taken: the connection ended, or said nothing, after the end of the mail may have left.
    case uncertain(String)
}

/// Why a mail was not taken: at which point, and what was said.
package struct SubmissionRefusal: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The command whose answer it was.
    package enum Stage: String, Sendable, Hashable, Codable, CaseIterable {
        /// We did not even ask: this mail cannot go to this server.
        case local
        case hello, reset, sender, recipient, data, content, quit
        /// No answer: the connection ended or spoke nonsense.
        case connection
    }

    package let stage: Stage
    /// Nil when there was no reply.
    package let reply: SMTPReply?
    /// For logs and operators: cut, cleaned, without a whole address.
    package let said: String

    package init(_ stage: Stage, reply: SMTPReply) {
        self.stage = stage
        self.reply = reply
        said = reply.description
    }

    package init(_ stage: Stage, said: String) {
        self.stage = stage
        reply = nil
        self.said = printable(said)
    }

    /// The server objects to who we are; every other mail would meet the same.
    package var isAboutCredentials: Bool { reply?.isAboutCredentials ?? false }

    /// It says something of the server and nothing of this mail: another relay may take it. A greylisting server means this
    /// mail and wants to see it again itself.
    package var isAboutServer: Bool {
        switch stage {
        case .connection, .hello, .reset: return true
        case .local, .quit: return false
        case .sender, .recipient, .data, .content:
            guard let reply else { return true }
            // RFC 3463 section 3.4: X.3 is the status of the mail system itself.
            return reply.isClosing || reply.isTransient && reply.enhanced?.subject == 3
        }
    }

    package var description: String { "\(stage.rawValue): \(said)" }
}
