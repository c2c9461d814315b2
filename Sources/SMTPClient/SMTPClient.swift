/// SMTPClient: a conversation with the relay that takes our mail.
///
/// **In**: `SubmissionOptions`, then one `OutgoingMail` after another. **Out**: a `SendResult` for each, as `SMTPProtocol`
/// defines it. An `SMTPSession` is an actor on a thread of its own (`CurlTransport`): its waiting blocks nobody.
///
/// libcurl connects, secures and logs in; then this room says its own EHLO, because libcurl keeps to itself what the
/// server offers, and carries the octets of a `SubmissionDialogue`.
///
/// **What can go wrong**: what happens to a mail is an outcome, not an error. An error, always a `SubmissionError`, means
/// that the relay cannot be used now: not reached, login refused, told to stop. Its disposition says what to do with the
/// whole queue. `send` also throws what `beforeCompletion` threw; then nothing was sent and the connection is closed.
///
/// **At most once**: `beforeCompletion` runs before the end of a mail can leave; commit the state "sending" in it.
/// A connection that was used before and turns out to be dead is made anew once, but only when the end of the mail had
/// not been given out.
package import CurlTransport

/// How mail is handed over.
package struct SubmissionOptions: Sendable, Hashable {
    package var endpoint: Endpoint
    /// Nil when the relay knows us otherwise, as one on this machine does.
    package var credentials: Credentials?
    /// The name in EHLO: our host's full name.
    package var heloName: String
    package var timeouts: SubmissionTimeouts

    package init(
        endpoint: Endpoint, credentials: Credentials? = nil, heloName: String = "localhost",
        timeouts: SubmissionTimeouts = SubmissionTimeouts()
    ) {
        self.endpoint = endpoint
        self.credentials = credentials
        self.heloName = heloName
        self.timeouts = timeouts
    }
}

/// How long to wait for a server. RFC 5321 section 4.5.3.2 asks for 2 to 10 minutes; the defaults are shorter where a wait
/// that ends too early costs only another attempt.
package struct SubmissionTimeouts: Sendable, Hashable {
    /// Name lookup, TCP and TLS.
    package var connect: Duration = .seconds(30)
    /// The answer to EHLO, AUTH, MAIL, RCPT, RSET (the RFC: 5 minutes).
    package var command: Duration = .seconds(60)
    /// The answer to DATA (2 minutes).
    package var data: Duration = .seconds(120)
    /// The server takes another piece of the mail (3 minutes).
    package var block: Duration = .seconds(180)
    /// The answer to the final dot (10 minutes, and the RFC says why: a sender that gives up too early makes copies. For
    /// us it makes a mail uncertain).
    package var completion: Duration = .seconds(600)
    /// The answer to QUIT, which nobody needs.
    package var quit: Duration = .seconds(5)

    package init() {}

    /// The same limit for everything but the final answer.
    package init(all limit: Duration, completion: Duration? = nil) {
        (connect, command, data, block) = (limit, limit, limit, limit)
        self.completion = completion ?? limit
        quit = min(quit, limit)
    }
}
