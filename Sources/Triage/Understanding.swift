package import Classification
package import Correspondence
package import Digest
package import MailText
package import Rules
package import Vocabulary

package import struct Foundation.Date

/// What one message says, read without knowing anything but its bytes and the options: no clock, no store, no network.
///
/// It is `Codable` because a message that killed a process is understood again in a child process, which hands this
/// value back, and because a replay compares it.
package struct Understanding: Sendable, Codable, Equatable {
    /// SHA-256 of the bytes as they came; the name of the message in the archive.
    package var rawDigest: SHA256Digest
    /// Size of those bytes.
    package var size: Int
    /// SHA-256 over Message-ID, Date, From, To, Subject and body: the same message arriving again has the same one,
    /// whatever Received lines were added (promise 2 of CONTRIBUTING).
    package var fingerprint: SHA256Digest
    package var messageID: MessageID?
    /// The Date field; nil when missing or unreadable.
    package var sentAt: Date?
    package var subject: String
    /// Who wrote it, whether that can be believed, where an answer would go, what it refers to.
    package var origin: MailOrigin
    /// What the person wrote.
    package var text: WrittenText
    package var details: [Detail]
    package var scores: ClassificationScores
    /// Which conditions of the admins' rules hold for the message alone; those on facts are judged by `decide`.
    package var observations: RuleObservations
    /// The files that came with it, wherever in the mail they stood.
    package var attachments: [AttachmentFact]
    /// What was wrong with the message, as `defect-name: where`. A defect is no error: the rest was read.
    package var defects: [String]
}
