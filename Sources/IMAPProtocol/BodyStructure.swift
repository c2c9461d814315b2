/// The parts of a message as the server sees them (RFC 9051 section 7.5.2, BODYSTRUCTURE): what one looks at before a
/// part of a large message is fetched.
///
/// The tree lies flat, each part before what is in it, so that no depth of nesting makes a deep stack.
package struct BodyStructure: Sendable, Equatable {
    /// Never empty; the first is the root.
    package let parts: [BodyPart]

    package init(parts: [BodyPart]) {
        precondition(!parts.isEmpty, "a message has at least one part")
        self.parts = parts
    }

    package var root: BodyPart { parts[0] }
}

package struct BodyPart: Sendable, Equatable {
    /// What names it in a FETCH: `1.2` (RFC 9051 section 6.4.5.1). A multipart that is the body of a message has no number
    /// of its own and carries that of the message: empty at the root.
    package let number: String
    /// The index of the part that it is in.
    package let parent: Int?
    /// Lower case: `text/plain`.
    package var mediaType: String
    package var parameters: [Parameter] = []
    package var contentID: [UInt8]?
    package var description: [UInt8]?
    /// Lower case.
    package var transferEncoding: String?
    /// In bytes, encoded. Nil for a multipart, and where the server says nonsense.
    package var size: UInt64?
    package var lines: UInt64?
    /// Of the message that a message/rfc822 holds.
    package var envelope: Envelope?
    package var disposition: Disposition?
    package var languages: [String] = []
    package var location: [UInt8]?

    package init(number: String, parent: Int?, mediaType: String) {
        self.number = number
        self.parent = parent
        self.mediaType = mediaType
    }

    package struct Parameter: Sendable, Equatable {
        /// Lower case.
        package let name: String
        package let value: [UInt8]

        package init(name: String, value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    /// RFC 2183.
    package struct Disposition: Sendable, Equatable {
        /// Lower case: `attachment`.
        package let kind: String
        package let parameters: [Parameter]

        package init(kind: String, parameters: [Parameter]) {
            self.kind = kind
            self.parameters = parameters
        }
    }
}
