/// Parts that a reader is not shown because they only serve another part: signatures, control information, resource
/// forks, the machine-readable half of a report.
///
/// A mail program that hides them believes their media type. That would be a place to hide a file in, so here the bytes
/// must be what the type says, and the name must not be one that a system opens with something else.
enum CompanionPart {
    /// First bytes that are needed to tell.
    static let window = 1 << 10

    /// Whether a part of a multipart/signed or multipart/encrypted is its signature or control information (RFC 3156
    /// section 4 and 5, RFC 8551 section 3.5.3); `head` are its first bytes.
    static func isControl(_ part: Part, head: Bytes) -> Bool {
        guard part.kind == .leaf, hasHarmlessName(part) else { return false }
        let start = trimmed(head, 0..<head.count).lowerBound
        switch part.mediaType {
        case "application/pgp-signature": return isFound(head, armor, at: start)
        case "application/pkcs7-signature", "application/x-pkcs7-signature": return pkcs7Kind(head) == 2
        // Nothing but the version: what is longer is something else.
        case "application/pgp-encrypted": return isFound(head, version, at: start) && head.count < window
        default: return false
        }
    }

    /// RFC 3464, RFC 5965, RFC 8098: fields like those of a header, or nothing at all.
    static func isReport(_ part: Part, head: Bytes) -> Bool {
        guard part.isReport, hasHarmlessName(part) else { return false }
        let content = trimmed(head, 0..<head.count)
        var index = content.lowerBound
        while index < content.upperBound, isFieldNameByte(head[index]) { index += 1 }
        return content.isEmpty || index > content.lowerBound && index < content.upperBound && head[index] == 58
    }

    /// RFC 1740 section 4: the header of a Macintosh file, without a data fork of its own.
    static func appleHeader(_ part: Part, head: Bytes) -> AppleFile? {
        guard part.kind == .leaf, let file = AppleFile(head), !file.isSingle, file.dataFork == nil else { return nil }
        return file
    }

    private static let armor = Array("-----BEGIN PGP SIGNATURE".utf8)
    private static let version = Array("Version: 1".utf8)

    /// A script may begin with a line of armor and still run, and a zip archive begins at its end.
    private static func hasHarmlessName(_ part: Part) -> Bool {
        guard let name = part.filename else { return true }
        let ending = CleanFilename(name).fileExtension
        let families: Set<FileType.Family> = [.cryptography, .text, .email]
        return !FileType.isRunnable(ending) && FileType.named(ending).allSatisfy { families.contains($0.family) }
    }
}
