package import Vocabulary

/// A file that goes with a mail of ours.
package struct OutgoingFile: Sendable, Hashable {
    /// The name that the recipient sees: one that every system can save a file under.
    package let name: String
    package let mediaType: MediaType
    package let content: [UInt8]

    package init(name: String, mediaType: MediaType, content: [UInt8]) {
        self.name = CleanFilename(name).text
        self.mediaType = mediaType
        self.content = content
    }
}

/// A picture within the HTML text (RFC 2392).
package struct InlineImage: Sendable, Hashable {
    package let contentID: MessageID
    package let file: OutgoingFile

    package init(contentID: MessageID, file: OutgoingFile) {
        self.contentID = contentID
        self.file = file
    }

    /// What the HTML says: `<img src="cid:logo@example.com">` (RFC 2392 section 2).
    package var url: String {
        var url: [UInt8] = Array("cid:".utf8)
        for byte in writtenIdentifier(contentID) { appendPercentEncoded(byte, keeping: "@", to: &url) }
        return String(decoding: url, as: UTF8.self)
    }
}

/// A media type that may stand in a Content-Type field: two tokens (RFC 2045 section 5.1), and no container of parts.
package struct MediaType: Sendable, Hashable, CustomStringConvertible {
    /// Lower-cased: `application/pdf`.
    package let description: String

    package init?(_ text: String) {
        let words = text.utf8.split(separator: 47, omittingEmptySubsequences: false)
        guard text.utf8.count <= 127, words.count == 2,
            words.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isTokenByte) })
        else { return nil }
        let lowered = asciiLowercased(text)
        guard !lowered.hasPrefix("multipart/") else { return nil }
        description = lowered
    }

    private init(known: String) { description = known }

    package static let octetStream = MediaType(known: "application/octet-stream")
    package static let embeddedMessage = MediaType(known: "message/rfc822")

    var isText: Bool { description.hasPrefix("text/") }
    /// RFC 2046 section 5.2: their bodies may not be encoded.
    var isMessage: Bool { description.hasPrefix("message/") }
}

/// RFC 2045 section 5.1: printable ASCII without tspecials.
@inline(__always) func isTokenByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || "!#$%&'*+-.^_`{|}~".utf8.contains(byte)
}
