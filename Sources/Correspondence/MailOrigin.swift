package import Vocabulary

/// Who is behind a mail, and what it belongs to.
package struct MailOrigin: Sendable, Codable, Equatable {
    package var kind: WriterKind
    package var trust: Trust
    /// The person: From, else Sender; for a form the Reply-To. Nil when there is no usable address.
    package var writer: NamedAddress?
    /// Where an answer goes.
    package var replyTo: NamedAddress?
    package var reversePath: ReversePath
    /// Every sign that forbids an automatic answer. That does not make the mail automatic: `kind` says whether it is.
    package var automatic: [AutomaticSign]
    /// Our address it was meant for, without extension: To, Cc, then what the delivering MTA noted.
    package var ours: EmailAddress?
    /// One of our addresses stands in To or Cc itself (RFC 5230 section 4.5).
    package var addressedToUs: Bool
    /// References, oldest first, then In-Reply-To; each once.
    package var references: [MessageID]
    /// Extensions of our addresses it was sent to (`c.TOKEN` of `support+c.TOKEN@`). Not verified.
    package var tokens: [String]
    /// `[#1001]` in the subject, in their order. A guess until the writer is known to take part.
    package var ticketNumbers: [TicketNumber]
    package var report: DeliveryReport?
    /// Set on the kind `own` alone: what the mail says of itself. Whoever holds the store's key checks it.
    package var ownClaim: OwnClaim?
    /// The mail within, when one of our people forwarded a customer's; `writer` and `replyTo` are the customer's then.
    package var forwarded: ForwardedMail?
    package var reasons: [Reason]

    package init(
        kind: WriterKind, trust: Trust, writer: NamedAddress?, replyTo: NamedAddress?, reversePath: ReversePath,
        automatic: [AutomaticSign], ours: EmailAddress?, addressedToUs: Bool, references: [MessageID], tokens: [String],
        ticketNumbers: [TicketNumber], report: DeliveryReport?, ownClaim: OwnClaim? = nil,
        forwarded: ForwardedMail? = nil, reasons: [Reason]
    ) {
        self.kind = kind
        self.trust = trust
        self.writer = writer
        self.replyTo = replyTo
        self.reversePath = reversePath
        self.automatic = automatic
        self.ours = ours
        self.addressedToUs = addressedToUs
        self.references = references
        self.tokens = tokens
        self.ticketNumbers = ticketNumbers
        self.report = report
        self.ownClaim = ownClaim
        self.forwarded = forwarded
        self.reasons = reasons
    }
}

/// The marks by which a mail says that it is ours. They are sealed with the store's key, which this room does not have.
package struct OwnClaim: Sendable, Codable, Equatable {
    /// Body of the field X-Postroom; nil where the field is missing.
    package var mark: String?
    /// A provider may have rewritten it.
    package var messageID: MessageID?

    package init(mark: String?, messageID: MessageID?) {
        self.mark = mark
        self.messageID = messageID
    }
}

/// A customer's mail that one of our people forwarded to a shared mailbox.
package struct ForwardedMail: Sendable, Codable, Equatable {
    package enum Form: String, Sendable, Codable {
        /// As message/rfc822.
        case attachment
        /// As text below a block of `From:`, `Date:`, `Subject:`.
        case inline
    }

    package var originalSender: NamedAddress
    /// Nil where the forward does not show it; an inline one seldom does.
    package var originalMessageID: MessageID?
    package var originalSubject: String?
    package var how: Form

    package init(originalSender: NamedAddress, originalMessageID: MessageID?, originalSubject: String?, how: Form) {
        self.originalSender = originalSender
        self.originalMessageID = originalMessageID
        self.originalSubject = originalSubject
        self.how = how
    }
}

/// What a DSN says (RFC 3464), also one that only looks like one.
package struct DeliveryReport: Sendable, Codable, Equatable {
    package struct Recipient: Sendable, Codable, Equatable {
        /// The address to which delivery was tried, without its type; empty when the report names none.
        package var finalRecipient: String
        /// Lower-cased: `failed`, `delayed`, `delivered`, `relayed`, `expanded`.
        package var action: String
        /// `5.1.1`; empty when none was given.
        package var status: String
        /// What the other server said, cut to a reasonable length.
        package var diagnostic: String

        package init(finalRecipient: String, action: String, status: String, diagnostic: String) {
            self.finalRecipient = finalRecipient
            self.action = action
            self.status = status
            self.diagnostic = diagnostic
        }
    }

    package var recipients: [Recipient]
    /// Of the mail that could not be delivered, from the returned part.
    package var originalMessageID: MessageID?
    /// Original-Envelope-Id: the ENVID we gave (RFC 3461).
    package var envelopeID: String?

    package init(recipients: [Recipient], originalMessageID: MessageID?, envelopeID: String?) {
        self.recipients = recipients
        self.originalMessageID = originalMessageID
        self.envelopeID = envelopeID
    }
}
