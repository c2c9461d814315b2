package import CurlTransport
package import Vocabulary

/// A conversation with an IMAP server failed.
package struct IMAPError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: Sendable, Hashable {
        /// The connection: could not be made, or broke. The session is over.
        case transport(TransportError.Reason)
        /// Tagged NO: the server will not do it. The session goes on.
        case refused
        /// Tagged BAD: the server did not understand. The session goes on.
        case notUnderstood
        /// The mailbox does not exist, or may not be opened.
        case mailboxUnavailable
        /// The server said BYE. The session is over.
        case bye
        /// What came cannot be an answer: the connection was closed so that nothing is mistaken for something else.
        case protocolViolation
        /// Not connected, or nothing is selected.
        case notReady
        /// A large message could not be written to the spool: the disk, not the server. The session is over.
        case spool
    }

    package let reason: Reason
    package let account: AccountName
    package let host: String
    /// The verb of the command (`UID FETCH`), never its arguments.
    package let command: String
    /// What the other side said, cut and cleaned.
    package let said: String
    /// UIDs that were asked for and not answered when a fetch broke. If the same ones come back again and again, one of
    /// them is what breaks the connection: ask for them one at a time.
    package var unanswered: [UID] = []
    /// The response code of a refusal, upper case (RFC 5530): `NONEXISTENT`, `OVERQUOTA`.
    package var serverCode: String?

    package init(reason: Reason, account: AccountName, host: String, command: String, said: String) {
        self.reason = reason
        self.account = account
        self.host = host
        self.command = command
        self.said = cleaned(said)
    }

    package var disposition: FailureDisposition {
        switch reason {
        case .transport(let reason): TransportError(reason, host: host, said: "").disposition
        // Asking again locks nothing, and a NO without a code may be a passing trouble.
        case .mailboxUnavailable, .refused, .notUnderstood, .bye, .protocolViolation, .notReady, .spool: .retry
        }
    }

    /// Whether the session can be used no more.
    package var endsSession: Bool {
        switch reason {
        case .transport, .bye, .protocolViolation, .notReady, .spool: true
        case .refused, .notUnderstood, .mailboxUnavailable: false
        }
    }

    /// A refusal that says by its code that it will pass, and that no message or mailbox is to blame (RFC 5530).
    package var isPassing: Bool {
        guard let serverCode else { return false }
        return ["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "EXPUNGEISSUED", "CLIENTBUG"].contains(serverCode)
    }

    /// What an admin can do about it.
    package var remedy: String {
        switch reason {
        case .transport(let reason): TransportError(reason, host: host, said: "").remedy
        case .mailboxUnavailable: "check the mailbox name and the account's rights on it"
        case .refused: "see what the server said; it is tried again"
        case .notUnderstood: "the server lacks something it should have; it is tried again"
        case .bye, .protocolViolation, .notReady: "the connection is made again"
        case .spool: "make room on the disk of the storage directory, or look at its rights; it is tried again"
        }
    }

    package var description: String {
        "account \(account), \(host), \(command): \(said.isEmpty ? "no words" : said) (\(remedy))"
    }
}
