/// IMAPClient: a conversation with one IMAP server about one account.
///
/// **In**: `AccountOptions`. **Out**: what is in a mailbox (`MailboxListing`), the messages themselves in batches
/// (`FetchedBatch`), and the news that something changed (`IdleOutcome`); back to the server go keywords and moves.
///
/// An `IMAPSession` is an actor whose executor is the thread of its connection, so its code reads like the dialogue it
/// leads. One session, one connection, one selected mailbox. When it fails with an error that `endsSession`, it is
/// thrown away and a new one is made.
///
/// **How nothing gets lost**: flags and dates are never a reason to skip a message; the listing above a UID is walked
/// in windows; every UID asked for ends as fetched, missing (the server confirms that it is gone) or failed. What
/// cannot be parsed is asked for again alone, so one bad message stops no other. A literal that is shorter or longer
/// than announced ends the connection; no mail is ever put together from two.
///
/// **Memory**: a message over `SpoolOptions.threshold` never is in memory; it goes into a file as it arrives.
///
/// **Servers that do not tell**: IDLE is a hint. At the end of every wait the mailbox is asked by NOOP and STATUS, and where
/// STATUS knows of mail that this connection does not show, the mailbox is opened anew.
///
/// **How nothing hangs**: every command has a deadline that moves with progress; IDLE is renewed, and the caller asks on
/// a timer all the same; `interrupt()` ends an IDLE at once and `abort()` ends everything.
///
/// **What can go wrong**: `IMAPError`, with the account, the verb, what the server said, a remedy and a disposition.
///
/// Standards: RFC 9051 and RFC 3501 (IMAP4rev2, rev1), RFC 2971 (ID), RFC 2177 (IDLE), RFC 4315 (UIDPLUS),
/// RFC 6851 (MOVE), RFC 7888 (LITERAL+), RFC 2342 (NAMESPACE), RFC 5530 (response codes), RFC 2683 (advice to clients).
