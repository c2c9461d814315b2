/// What the server read in the header of a message (RFC 9051 section 7.5.2, ENVELOPE).
///
/// All texts are the bytes of the header as the server gives them: encoded words are not decoded, and a charset may be
/// missing. That is the work of MIME.
package struct Envelope: Sendable, Equatable {
    package var date: [UInt8]?
    package var subject: [UInt8]?
    package var from: [Entry] = []
    package var sender: [Entry] = []
    package var replyTo: [Entry] = []
    package var to: [Entry] = []
    package var cc: [Entry] = []
    package var bcc: [Entry] = []
    package var inReplyTo: [UInt8]?
    package var messageID: [UInt8]?

    package init() {}

    /// An address, or several under a name (RFC 5322 section 3.4, group).
    package enum Entry: Sendable, Equatable {
        case address(Address)
        case group(name: [UInt8], members: [Address])
    }

    package struct Address: Sendable, Equatable {
        package let displayName: [UInt8]?
        package let localPart: [UInt8]?
        /// Nil for a local user who stands there without one.
        package let domain: [UInt8]?

        package init(displayName: [UInt8]?, localPart: [UInt8]?, domain: [UInt8]?) {
            self.displayName = displayName
            self.localPart = localPart
            self.domain = domain
        }
    }
}
