/// MIME: bytes to message and message to bytes.
///
/// What goes in: the bytes of one mail as a server or a file gave them, with LF, CRLF or (in a few old archives) CR line
/// ends. What comes out: a `Message`, which keeps those bytes once; header fields and parts are ranges of them, and a
/// part is decoded when somebody asks (`decoded`, `text`). Going the other way, an `OutgoingMessage` is serialised to
/// seven-bit bytes with CRLF; what it writes, `Message` reads back.
///
/// What can go wrong: nothing throws and nothing traps. Mail that breaks a rule is still read, as its writer most
/// likely meant it, and a `Defect` says which rule and where. Structure beyond `Limits` is kept as raw bytes with a
/// defect. Every function here is linear in its input; `Message.work` counts the bytes that were looked at, so that a
/// test can prove it.
///
/// Standards: RFC 5322 (with the obsolete syntax of its section 4), RFC 2045 to 2047, RFC 2049, RFC 2231, RFC 2183,
/// RFC 6532 (UTF-8 in header fields), RFC 3464 and RFC 8098 as structure. Charsets: those of glibc's iconv, read from it
/// into tables of our own, with the labels that mail programs use for something else (`Charset`).
///
/// Where to look: `Message` and `Header` for callers; `EntityReader` for the walk through header blocks and multiparts;
/// one file for each kind of field body (`AddressList`, `DateField`, `MessageIDList`, `ParameterList`, `EncodedWords`),
/// transfer encoding (`Base64`, `QuotedPrintable`, `Uuencode`) and charset family; `OutgoingMessage` for writing.
/// `Octets.swift` holds all that is `unsafe`.
