internal import CCurl

/// A password or token. It is never printed: description, debug description and mirror are masked, and it is not
/// `Codable`. Only `reveal()` gives the text, so that `grep reveal` finds every use.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    package init(_ text: String) { self.text = text }

    package func reveal() -> String { text }

    /// An empty secret is a mistake of configuration, and can be told without revealing one.
    package var isEmpty: Bool { text.isEmpty }

    package var description: String { "(secret)" }
    package var debugDescription: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Who we are to a server.
package struct Credentials: Sendable, Hashable {
    /// How we prove it. A mechanism with a token instead of a password would be a further case.
    package enum Mechanism: String, Sendable, Hashable, CaseIterable {
        /// SASL PLAIN or LOGIN, whichever is offered; where neither is, whatever libcurl knows, down to the IMAP LOGIN
        /// command.
        case automatic
        /// SASL PLAIN (RFC 4616).
        case plain
        /// SASL LOGIN: not a standard, and still all that some servers offer.
        case login
        /// RFC 2195.
        case cramMD5 = "cram-md5"
        /// RFC 2831.
        case digestMD5 = "digest-md5"
        /// RFC 5802.
        case scramSHA1 = "scram-sha-1"
        /// RFC 7677.
        case scramSHA256 = "scram-sha-256"
        /// Microsoft's, for old Exchange servers.
        case ntlm
        /// The client certificate says who we are (RFC 4422 appendix A); there is no password.
        case external

        /// Its name in SASL; nil for `automatic`.
        package var saslName: String? { self == .automatic ? nil : rawValue.uppercased() }

        package var takesPassword: Bool { self != .external }

        /// Whether the libcurl that runs here knows it: Debian's has neither GNU SASL nor, some day, NTLM.
        package var isSupported: Bool {
            switch self {
            case .scramSHA1, .scramSHA256: ccurl_has_feature(1 << 29) != 0  // CURL_VERSION_GSASL
            case .ntlm: ccurl_has_feature(1 << 4) != 0  // CURL_VERSION_NTLM
            case .automatic, .plain, .login, .cramMD5, .digestMD5, .external: true
            }
        }
    }

    package let user: String
    package let secret: Secret
    package let mechanism: Mechanism

    package init(user: String, secret: Secret, mechanism: Mechanism = .automatic) {
        self.user = user
        self.secret = secret
        self.mechanism = mechanism
    }
}
