import Vocabulary

/// A file that a mail brings, wherever in it the file was found.
package struct Attachment: Sendable {
    package enum Source: String, Sendable, Hashable, CaseIterable {
        /// A part of the message, or an embedded message as a whole.
        case part
        /// Out of the text of the mail (`UuencodedText`).
        case uuencode
        /// Out of a winmail.dat (`TNEF`).
        case tnef
        /// The data fork of a Macintosh file (`AppleDouble`).
        case appleDouble = "apple-double"
        case appleSingle = "apple-single"
    }

    /// For `Message.decode` and its like. Of a file that was found inside a leaf, its path stands below that leaf's.
    package let part: Part
    package let source: Source
    /// The HTML text shows it where it refers to it (RFC 2387, RFC 2392): with a Content-ID, within a multipart/related.
    package let isInline: Bool
    /// Without angle brackets.
    package let contentID: String?

    /// As it was sent: see `AttachmentFacts.name` for one that is safe.
    package var filename: String? { part.filename }
}

/// A piece of a message that was sent in several (RFC 2046 section 5.2.2). We do not put them together.
package struct PartialMessage: Sendable, Hashable {
    package let id: String
    package let number: Int
    /// The last piece must say it; others may.
    package let total: Int?
}

/// Content that is elsewhere (RFC 2046 section 5.2.3, RFC 2017). We do not fetch it.
package struct ExternalBody: Sendable {
    /// Lower-cased: `url`, `anon-ftp`, `local-file`.
    package let accessType: String
    /// Of the URL access type, without the white space of folding.
    package let url: String?
    package let expiration: String?
    package let size: Int?
    /// The type of what would be fetched, from the header inside.
    package let mediaType: String
}

extension Part {
    /// Nil where the part is no message/partial, or does not say which piece it is.
    package var partialMessage: PartialMessage? {
        guard mediaType == "message/partial", let id = parameters["id"], !id.isEmpty,
            let number = parameters["number"].flatMap({ Int($0) }), number > 0
        else { return nil }
        return PartialMessage(id: id, number: number, total: parameters["total"].flatMap { Int($0) })
    }
}

extension Message {
    /// Nil where the part is no message/external-body, or does not say how to get at its content.
    package func externalBody(_ part: Part) -> ExternalBody? {
        guard part.mediaType == "message/external-body", let access = part.parameters["access-type"] else { return nil }
        // The phantom body is a header, of which a few kilobytes are more than any sane one has.
        let header = part.body.lowerBound..<Swift.min(part.body.upperBound, part.body.lowerBound + 16 << 10)
        let phantom = Message(parsing: part.header.bytes.copy(header))
        return ExternalBody(
            accessType: asciiLowercased(access),
            url: part.parameters["url"].map { String($0.filter { !$0.isWhitespace }) },
            expiration: part.parameters["expiration"], size: part.parameters["size"].flatMap { Int($0) },
            mediaType: phantom.parts[0].mediaType)
    }
}
