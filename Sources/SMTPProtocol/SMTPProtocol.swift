/// SMTPProtocol: handing a mail to a relay, without a socket.
///
/// **In**: the octets a server says, and `OutgoingMail` values. **Out**: the octets to say, and events of a
/// `SubmissionDialogue`; for each mail one `SendResult` with an outcome for every recipient.
///
/// **The promise kept here**: a mail leaves at most once. `beforeCompletion` is announced before the octets that can
/// complete a message (the final dot and its CRLF) are given out, and they are given out only after `complete()`. So the
/// caller commits "sending" in between, and what a crash or a lost connection leaves behind is known:
///
/// | the conversation ends | outcome |
/// |---|---|
/// | before `complete()`: refused with 4xx, cut, 421, nonsense | deferred |
/// | before `complete()`: refused with 5xx, or this mail cannot go to this server | rejected |
/// | after `complete()`: 2xx | accepted, with the queue id if the text tells one |
/// | after `complete()`: 4xx, 5xx | deferred, rejected: the server has said that it does not have it |
/// | after `complete()`: cut, silence, nonsense | uncertain: it may have gone out |
///
/// **What can go wrong**: nothing throws. Replies that are no replies, endless lines and endless replies end the
/// conversation; lines that are only too long are cut.
///
/// **Order of use**: `start()`, then in turns: send what `takeOutput()` gives, act on `nextEvent()`, give what arrives
/// to `receive(_:)` and an end of the connection to `connectionEnded(_:)`.
///
/// Standards: RFC 5321 (SMTP), RFC 6409 (submission), RFC 2920 (PIPELINING), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8),
/// RFC 1870 (SIZE), RFC 3461 (DSN), RFC 2034 and RFC 3463 (enhanced status codes). BDAT (RFC 3030) is not used: DATA
/// costs one pass over the mail and every server has it.
package import Vocabulary

/// A mail to hand over: its envelope and its octets.
package struct OutgoingMail: Sendable, Equatable {
    /// Nil is the null reverse path `<>` (RFC 5321 section 4.5.5): nobody is told when it cannot be delivered.
    package let reversePath: EmailAddress?
    package let recipients: [EmailAddress]
    /// Header and body with CRLF line ends.
    package let bytes: [UInt8]
    /// What to ask of servers that can report on delivery; ignored by those that cannot.
    package let notification: DeliveryNotification?

    /// A mail without recipients is a mistake of ours and traps.
    package init(
        reversePath: EmailAddress?, recipients: [EmailAddress], bytes: [UInt8],
        notification: DeliveryNotification? = nil
    ) {
        precondition(!recipients.isEmpty, "a mail goes to somebody")
        self.reversePath = reversePath
        self.recipients = recipients
        self.bytes = bytes
        self.notification = notification
    }
}

/// The report that is asked for when a mail is delivered or not (RFC 3461).
package struct DeliveryNotification: Sendable, Hashable {
    package enum Occasion: String, Sendable, Hashable, CaseIterable {
        case success = "SUCCESS"
        case failure = "FAILURE"
        case delay = "DELAY"
    }

    /// Comes back in the report as Original-Envelope-Id; at most 100 octets of printable ASCII.
    package let envelopeID: String
    /// Empty asks for NEVER.
    package let occasions: Set<Occasion>
    /// Whether the report repeats the whole mail, or its header only.
    package let returnsWholeMail: Bool

    package init(envelopeID: String, occasions: Set<Occasion> = [.failure, .delay], returnsWholeMail: Bool = false) {
        self.envelopeID = envelopeID
        self.occasions = occasions
        self.returnsWholeMail = returnsWholeMail
    }
}
