/// Replies: whether a mail gets an automatic answer, what the answer says, and the mail that carries it.
///
/// Three steps, each a pure function:
///
/// 1. `suppression(of:options:)` decides on silence. It is one list of questions; each has a name, the standard or the
///    promise it comes from, and a row in the tests. "Do not answer" says nothing about accepting the mail: a ticket
///    opens either way.
/// 2. `TemplateSet` holds the admins' texts, by purpose and language. It is strict where Mustache is not: an unknown
///    variable, a missing partial, a tag we do not use or an optional value without its section is a problem with
///    `file:line:column` when the set is made, not a hole in a customer's letter.
/// 3. `replyMessage(…)` makes the mail: threading, `Auto-Submitted`, the ticket's tag in the subject, our own mark.
///
/// Text and HTML come from one source. The template is plain text; the HTML form is made from the rendered text by
/// escaping it and giving paragraphs, points and signature their elements, so neither an admin nor a customer can put
/// markup into it, and the two can never say different things.
///
/// What customers write (subject, name) is used in a reply only as one short line without control characters, and not
/// at all when it holds a link: a receipt must not carry somebody's advertisement to a forged sender.
///
/// Standards: RFC 3834 (automatic responses), RFC 5230 sections 4.5 and 4.6 (when a vacation answer is due), RFC 5322
/// section 3.6.4 (threading), RFC 3676 section 4.3 (signature delimiter).
///
/// What this room does not do: it sends nothing, knows no ticket and reads no clock.
