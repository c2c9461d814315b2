/// Correspondence: who wrote a mail, whether that can be believed, where an answer would go, and what it refers to.
///
/// What goes in: a parsed message and our own identity. What comes out: a `MailOrigin`, a value with its reasons. What
/// can go wrong: nothing; a mail without a usable sender is a customer's mail without a writer, because to drop it
/// would lose it.
///
/// Two questions are kept apart all through this room, because mixing them up is how systems lose customers or start
/// loops:
///
/// - **May a machine answer it?** Every `AutomaticSign` says no, however weak it is. Silence costs one receipt.
/// - **Did a machine write it?** Only then is the kind `automatic`, and no ticket opens. That needs proof, or two weak
///   signs that have nothing to do with each other (`MachineEvidence`). A wrong verdict here costs a customer.
///
/// So `Precedence: bulk` on an inquiry forbids a receipt and still opens a ticket, and so does a null reverse path, a
/// request for silence (`X-Auto-Response-Suppress`) or a spam flag.
///
/// Header fields are looked at once (`HeaderFacts`), as bytes. Bodies are read only when the mail is a delivery report or
/// looks like one, and, for its first 16 KB, when one of our people forwards a mail. What a field or report says is read in `MIME`, as data; what it is worth is decided here.
///
/// Standards: RFC 3834 (automatic responses), RFC 5230 sections 4.5 and 4.6 (when not to answer), RFC 2369 and RFC 2919
/// (list fields), RFC 3463, RFC 3464 and RFC 8098 (reports), RFC 8601 (Authentication-Results), RFC 5322 section 3.6.
///
/// Tokens and the marks of our own mail are handed on unverified, because checking them needs a key.
