import Vocabulary

/// One entity of a message (RFC 2045 section 2.4): a header and a body, both ranges of the message's bytes.
package struct Part: Sendable {
    package enum Kind: String, Sendable, Hashable {
        /// A body that is not divided further.
        case leaf
        case multipart
        /// An embedded message; its root is the next part.
        case message
    }

    package internal(set) var kind: Kind
    /// The body as it stands, not decoded, within the bytes that `header` was read from; of a multipart, with preamble and
    /// epilogue.
    package internal(set) var body: Range<Int>
    /// Part of an embedded message: neither body text nor attachment of this one.
    package let isEmbedded: Bool
    private let fields: Fields

    /// `""` for the root, then `1`, `1.2`; the root of the embedded message `3` is `3.1`.
    package var path: String { fields.path }
    /// Lower-cased type and subtype: `text/plain`, also where the field is missing or unreadable.
    package var mediaType: String { fields.mediaType }
    /// The parameters of Content-Type.
    package var parameters: ParameterList { fields.parameters }
    /// Content-Disposition without parameters, lower-cased; nil when there is no such field.
    package var disposition: String? { fields.disposition }
    /// The decoded file name as it was sent, from Content-Disposition or else from Content-Type. It may hold a path or
    /// anything else: never use it as the name of a file.
    package var filename: String? { fields.filename }
    /// Content-Transfer-Encoding, lower-cased, as declared; nil when there is none.
    package var transferEncoding: String? { fields.transferEncoding }
    package var header: Header { fields.header }
    /// The path of the innermost multipart/alternative around it: of parts with the same one, one is to be shown.
    package var alternative: String? { fields.alternative }

    init(
        path: String, kind: Kind, mediaType: String, parameters: ParameterList, disposition: String?, filename: String?,
        transferEncoding: String?, header: Header, body: Range<Int>, isEmbedded: Bool, alternative: String?,
        isUndivided: Bool
    ) {
        self.kind = kind
        self.body = body
        self.isEmbedded = isEmbedded
        self.isUndivided = isUndivided
        fields = Fields(
            path: path, mediaType: mediaType, parameters: parameters, disposition: disposition, filename: filename,
            transferEncoding: transferEncoding, header: header, alternative: alternative)
    }

    /// What never changes once it was read, shared by all copies: parts are handed around a lot.
    private final class Fields: Sendable {
        let path: String
        let mediaType: String
        let parameters: ParameterList
        let disposition: String?
        let filename: String?
        let transferEncoding: String?
        let header: Header
        let alternative: String?

        init(
            path: String, mediaType: String, parameters: ParameterList, disposition: String?, filename: String?,
            transferEncoding: String?, header: Header, alternative: String?
        ) {
            self.path = path
            self.mediaType = mediaType
            self.parameters = parameters
            self.disposition = disposition
            self.filename = filename
            self.transferEncoding = transferEncoding
            self.header = header
            self.alternative = alternative
        }
    }

    /// The charset parameter, lower-cased; nil when there is none.
    package var charset: String? { parameters["charset"].map { asciiLowercased($0) } }

    /// A multipart in which no part was found, because its boundary is missing or never appears. Its body is shown as it is,
    /// or the mail would seem empty.
    package internal(set) var isUndivided: Bool

    /// `text` of `text/plain`.
    package var isText: Bool { begins(mediaType, with: "text/") }

    /// Text that a mail program shows as the mail: plain or HTML, not marked as attachment, without a file name, and not
    /// part of an embedded message.
    package var isBodyText: Bool {
        if isEmbedded || disposition == "attachment" || filename != nil { return false }
        return kind == .leaf && (mediaType == "text/plain" || mediaType == "text/html") || isUndivided
    }

    /// What a mail program lists below the mail, by the header alone: every other leaf but the machine-readable parts of
    /// a report, and embedded messages as a whole. `Contents` looks at the bytes too.
    package var isAttachment: Bool {
        switch kind {
        case .multipart: false
        case .message: !isEmbedded
        case .leaf: !isEmbedded && !isBodyText && !isReport
        }
    }

    /// Says to be the machine-readable part of a report (RFC 3464, RFC 8098, RFC 6533), and not a file.
    var isReport: Bool {
        kind == .leaf && Part.reportTypes.contains(mediaType) && !(disposition == "attachment" && filename != nil)
    }

    private static let reportTypes: Set<String> = [
        "message/delivery-status", "message/disposition-notification", "message/feedback-report", "text/rfc822-headers",
        "message/global-delivery-status", "message/global-disposition-notification", "message/global-headers",
    ]
}
