package import Digest
import MIME

/// What is recorded of an attachment: what it is called, what it is, and what is odd about it.
package struct AttachmentFact: Sendable, Codable, Equatable {
    /// IMAP-like part number: `1.2`. Of a file found inside a part (a winmail.dat, uuencoded text), below that part's.
    package let path: String
    /// Fit to be shown and to be saved under, never empty (`CleanFilename`).
    package let filename: String
    /// The best that is known: by the content, else as declared, else by the name.
    package let mediaType: String
    /// As the sender says.
    package let declaredType: String
    /// Decoded size in bytes.
    package let size: Int
    /// SHA-256 of the decoded content; nil in records that are older than this value.
    package let digest: SHA256Digest?
    /// `part`, `uuencode`, `tnef` and so on: where in the mail it was found.
    package let source: String
    /// `encrypted`, `macros`, `runnable`, `misnamed` and so on (`AttachmentFacts.Flag`), in alphabetical order.
    package let flags: [String]

    package init(
        path: String, filename: String, mediaType: String, declaredType: String, size: Int, digest: SHA256Digest?,
        source: String, flags: [String]
    ) {
        self.path = path
        self.filename = filename
        self.mediaType = mediaType
        self.declaredType = declaredType
        self.size = size
        self.digest = digest
        self.source = source
        self.flags = flags
    }
}

/// The facts on every attachment of a message, each read once and none kept.
struct AttachmentReading {
    private(set) var facts: [AttachmentFact] = []
    /// What was wrong with their transfer encodings.
    private(set) var defects: [Defect] = []
    /// Clean names, empty for an attachment that came without one, so that a rule can ask for those. All attachments have
    /// one, also beyond the limit of `facts`.
    private(set) var names: [String] = []

    /// Attachments that are read; of more, only the names are.
    private static let limit = 200

    init(_ message: Message, _ contents: Contents) {
        for attachment in contents.attachments {
            guard facts.count < Self.limit else {
                names.append(attachment.filename.map { CleanFilename($0).text } ?? "")
                continue
            }
            let fact = read(attachment, of: message)
            facts.append(fact)
            names.append(attachment.filename == nil ? "" : fact.filename)
        }
    }

    private mutating func read(_ attachment: Attachment, of message: Message) -> AttachmentFact {
        var hasher = SHA256Hasher()
        let facts = message.facts(of: attachment) { hasher.update($0) }
        defects += facts.defects
        return AttachmentFact(
            path: attachment.part.path, filename: facts.name.text, mediaType: facts.mediaType,
            declaredType: facts.declaredType, size: facts.size, digest: hasher.finalize(),
            source: attachment.source.rawValue, flags: facts.flags.map(\.rawValue).sorted())
    }
}
