package import CurlTransport
package import SMTPProtocol

/// The relay cannot be used now. It says nothing about any one mail.
package struct SubmissionError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: Sendable, Hashable {
        /// No connection, no TLS, no login, or the connection ended between mails.
        case transport(TransportError)
        /// The server refuses us, whatever the mail: at EHLO, or at MAIL because it wants other credentials.
        case refused(SubmissionRefusal)
    }

    package let reason: Reason
    package let host: String

    package init(_ reason: Reason, host: String) {
        self.reason = reason
        self.host = host
    }

    package var disposition: FailureDisposition {
        switch reason {
        case .transport(let error): error.disposition
        case .refused(let refusal):
            // Trying again would lock the account (RFC 4954 section 6). Other refusals pass: a server under repair
            // greets with 5xx as well.
            refusal.isAboutCredentials ? .hold : .retry
        }
    }

    /// What was tried, what was said, and what an admin can do.
    package var description: String {
        switch reason {
        case .transport(let error): "\(error)"
        case .refused(let refusal) where refusal.isAboutCredentials:
            "\(host): the relay does not accept our login (\(refusal)); check user name and password of `submission`"
        case .refused(let refusal): "\(host): the relay refuses to talk to us (\(refusal)); it is tried again"
        }
    }
}
