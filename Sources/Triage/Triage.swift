/// Triage: what a mail says, what is to become of it, and the mail we answer with. Three pure functions:
///
///     understand(bytes, options)               -> Understanding   many at once, on any thread
///     decide(understanding, facts, options, now) -> Decision      one at a time, inside the writer's transaction
///     compose(plan, identifiers, options)      -> ComposedReply   once ticket number and Message-ID exist
///
/// None of them reads a clock, a disk, a network or a random source, and none fails: a broken message gives an
/// understanding with defects. So a replay of a stored message with the facts stored beside it gives the same decision,
/// `postroom try` decides exactly like the daemon, and a message that kills its process can be understood again in a
/// child process without any side effect.
///
/// The rooms are asked in this order: MIME (what was sent), Correspondence (who writes), MailText (what they wrote),
/// Extraction (the facts in it), Classification and Rules (what it is about), then with the store's facts: Rules again,
/// Routing, BusinessTime, Replies.

package import Vocabulary

/// A reply ready for the outbox.
package struct ComposedReply: Sendable, Equatable {
    package let messageID: MessageID
    /// Where delivery reports go: matched by its token, never answered.
    package let reversePath: EmailAddress
    package let recipients: [EmailAddress]
    package let subject: String
    /// The plain text form.
    package let text: String
    /// The whole message, CRLF line ends.
    package let bytes: [UInt8]
}
