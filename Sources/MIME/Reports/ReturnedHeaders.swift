extension Message {
    /// The headers of the mails that this one carries whole (message/rfc822) or as header alone (text/rfc822-headers),
    /// in their order: the third part of a report is the mail that the report is about (RFC 6522 section 3).
    package var returnedHeaders: [Header] {
        var headers: [Header] = []
        for (index, part) in parts.enumerated() {
            if part.kind == .message, index + 1 < parts.count { headers.append(parts[index + 1].header) }
            if Self.headerTypes.contains(part.mediaType), let header = headerPart(part) { headers.append(header) }
            // A report is about one mail; a digest of thousands is none.
            if headers.count == 10 { break }
        }
        return headers
    }

    private static let headerTypes: Set<String> = [
        "text/rfc822-headers", "message/rfc822-headers", "message/global-headers",
    ]

    /// RFC 6522 section 4; with addresses in UTF-8, RFC 6533 section 4.
    private func headerPart(_ part: Part) -> Header? {
        guard part.kind == .leaf else { return nil }
        return Message(parsing: decoded(part)).header
    }
}
