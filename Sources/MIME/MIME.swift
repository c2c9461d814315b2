/// MIME: bytes to message and message to bytes.
///
/// What goes in: the bytes of one mail as a server or a file gave them, with LF, CRLF or (in a few old archives) CR line
/// ends. What comes out: a `Message`, which keeps those bytes once, in an array or a mapped file; header fields and parts
/// are ranges of them, and a part is decoded when somebody asks: as a whole (`decoded`, `text`), or piece by piece
/// without a copy (`decode`). Going the other way, an `OutgoingMessage` is serialised to seven-bit bytes with CRLF; what
/// it writes, `Message` reads back, and so do GMime and Python's email.
///
/// What can go wrong: nothing throws and nothing traps. Mail that breaks a rule is still read, as its writer most
/// likely meant it, and a `Defect` says which rule and where. Structure beyond `Limits` is kept as raw bytes with a
/// defect. Every function here is linear in its input; `Message.work` counts the bytes that were looked at, so that a
/// test can prove it.
///
/// The chapters, in the order in which a mail goes through them:
///
/// - **Message**: `Message`, `Part` and `Header` for callers; `EntityReader` walks through header blocks and multiparts
///   in one pass (RFC 5322 sections 2 and 4, RFC 2045, RFC 2046, RFC 2049).
/// - **Fields**: one file for each kind of field body. Addresses, dates, identifiers, parameters (RFC 2231), encoded
///   words (RFC 2047), UTF-8 in fields (RFC 6532); as data, for others to judge: Authentication-Results (RFC 8601),
///   Received (RFC 5321 section 4.4), list fields (RFC 2369, RFC 2919, RFC 8058), Auto-Submitted (RFC 3834).
/// - **Reports**: delivery status (RFC 3464, RFC 6533), read receipts (RFC 8098), abuse reports (RFC 5965), all of
///   RFC 6522's form.
/// - **Encodings**: base64, quoted-printable, uuencode.
/// - **Charsets**: all of glibc's iconv and of the WHATWG Encoding Standard, read into tables of our own with the
///   characters that mail really holds; and the guess where no charset was declared.
/// - **Contents**: the mail as its reader sees it: texts and files (`Message.contents`), what is signed or encrypted
///   (RFC 1847), and facts about files that a policy asks for (`Message.facts`): sniffed type, clean name, flags, size.
/// - **Containers**: what stands inside leaves: winmail.dat (MS-OXTNEF, MS-OXRTFCP, MS-OXRTFEX), files uuencoded in
///   text, AppleDouble and AppleSingle (RFC 1740), directories of zip and 7z.
/// - **Writing**: `OutgoingMessage` with alternatives, inline images (RFC 2387, RFC 2392) and files (RFC 2183), flowed
///   text (RFC 3676), domains as A-labels (RFC 3492, RFC 5891), SMTPUTF8 (RFC 6531) only where nothing else helps.
/// - **Bytes**: the primitives that everything above is made of. `Octets.swift` alone holds what is `unsafe`.
///
/// Where readers of mail disagree, `docs/mime-readings.md` says which side is taken here and why.
