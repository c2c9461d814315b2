import Vocabulary

/// The name of a field that a caller adds (RFC 5322 section 3.6.8): printable ASCII without colon and space, so that it
/// cannot end early, and none of the fields that `MessageWriter` or the servers on the way write.
package struct FieldName: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init?(_ name: String) {
        guard (1...70).contains(name.utf8.count), name.utf8.allSatisfy(isFieldNameByte),
            !Self.written.contains(asciiLowercased(name))
        else { return nil }
        description = name
    }

    private init(known: String) { description = known }

    package static let autoSubmitted = FieldName(known: "Auto-Submitted")
    package static let autoResponseSuppress = FieldName(known: "X-Auto-Response-Suppress")
    package static let precedence = FieldName(known: "Precedence")
    package static let postroom = FieldName(known: "X-Postroom")

    /// A second one of these would contradict the first, or tell servers where else to deliver.
    private static let written: Set<String> = [
        "date", "from", "sender", "reply-to", "to", "cc", "bcc", "subject", "message-id", "in-reply-to", "references",
        "mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-id",
        "return-path", "received", "resent-to", "resent-cc", "resent-bcc",
    ]
}
