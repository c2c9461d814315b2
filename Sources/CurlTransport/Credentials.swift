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
    package enum Mechanism: String, Sendable, Hashable, CaseIterable {
        /// SASL PLAIN or LOGIN, whichever is offered; the IMAP LOGIN command where neither is.
        case automatic
        /// SASL PLAIN (RFC 4616).
        case plain
        /// SASL LOGIN: not a standard, and still all that some servers offer.
        case login
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
