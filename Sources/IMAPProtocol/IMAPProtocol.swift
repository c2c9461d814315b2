/// IMAPProtocol: the grammar of IMAP without a socket.
///
/// **In**: the bytes a server sends, in any pieces, to `ResponseReader.feed`. **Out**: `Response` values, the same ones
/// however the bytes were cut. The other way: `Command` gives the bytes of a command. Beside them: `UIDSet`, modified
/// UTF-7 mailbox names, INTERNALDATE, and `MailboxCursor`, the arithmetic of "everything up to here is safe".
///
/// **How it reads**: a response is a line, or several with literals between them. Lines are found with `memchr` and
/// gathered; a literal is copied in bulk into one array reserved for it, so a message passes without work for each byte.
/// When a response is whole, its text is parsed. Mail text only ever stands in literals and quoted strings and is never
/// looked at: nothing in a mail can end a response.
///
/// **What can go wrong**: nothing throws. What is not IMAP becomes `Response.malformed` and the reader goes on with the
/// next line. Lines, literals, their number and the depth of lists are bounded; what is larger is read over and reported.
/// Only an absurd literal (`Malformation.unreadable`) leaves nothing to go on with: the connection must be closed.
///
/// Standards: RFC 9051 section 9 and RFC 3501 section 9 (grammar), RFC 4315 (UIDPLUS), RFC 4731 (ESEARCH), RFC 7162
/// (CONDSTORE, QRESYNC), RFC 7888 (LITERAL+), RFC 5530 (response codes), RFC 2342 (NAMESPACE), RFC 2971 (ID),
/// RFC 3501 section 5.1.3 (modified UTF-7).
