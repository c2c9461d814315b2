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

    /// As `try --json` and the other reports name them.
    enum CodingKeys: String, CodingKey {
        case path, filename, size, source, flags
        case mediaType = "type"
        case declaredType = "declared_type"
        case digest = "sha256"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(path, forKey: .path)
        try container.encode(filename, forKey: .filename)
        try container.encode(mediaType, forKey: .mediaType)
        try container.encode(declaredType, forKey: .declaredType)
        try container.encode(size, forKey: .size)
        // Null when unknown: every object has the same keys.
        try container.encode(digest, forKey: .digest)
        try container.encode(source, forKey: .source)
        try container.encode(flags, forKey: .flags)
    }

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
    /// Clean names, empty for an attachment that came without one, so that a rule can ask for those.
    private(set) var names: [String] = []

    /// All of them, however many: one left out is one that no rule sees. `Limits.parts` and `Limits.enclosedFiles` bound
    /// their number, and each costs what its size costs.
    init(_ message: Message, _ contents: Contents) {
        for attachment in contents.attachments {
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
