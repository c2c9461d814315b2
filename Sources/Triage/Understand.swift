import Classification
import Correspondence
import Digest
import Extraction
package import MIME
import MailText
package import Rules
import Vocabulary

import struct Foundation.Date

/// Reads one message. Linear in its size; never fails: what cannot be read is a defect.
package func understand(_ bytes: [UInt8], options: TriageOptions) -> Understanding {
    understand(Message(parsing: bytes), options: options)
}

/// The same for a message that is parsed already (`postroom try` shows both).
package func understand(_ message: Message, options: TriageOptions) -> Understanding {
    understand(message, options: options, comparing: options.rules).understanding
}

/// The same, with what other rules would ask of the message: a replay reads it once for both.
package func understand(
    _ message: Message, options: TriageOptions, comparing other: RuleSet
) -> (understanding: Understanding, observations: RuleObservations) {
    let origin = Correspondence.origin(of: message, identity: options.identity)
    let contents = message.contents
    var textDefects: [Defect] = []
    let text = writtenText(of: message, contents, phrases: options.phrases, noting: &textDefects)
    let attachments = AttachmentReading(message, contents)
    let details = Extraction.details(
        in: text, subject: message.subject, writer: origin.writer, cards: contactCards(of: message),
        options: options.extraction)
    let scores = classify(subject: message.subject, text: text, lexicon: options.lexicon)
    let input = MessageRuleInput(
        message: message, origin: origin, text: text, details: details, scores: scores, attachments: attachments)
    let observations = options.rules.observe(input)
    let understanding = Understanding(
        rawDigest: sha256(message.bytes.span), size: message.bytes.count, fingerprint: fingerprint(of: message),
        messageID: message.messageID, sentAt: message.date.map { Date(timeIntervalSince1970: Double($0)) },
        subject: message.subject, origin: origin, text: text, details: details, scores: scores,
        observations: observations, attachments: attachments.facts,
        defects: distinct([message.defects, contents.defects, textDefects, attachments.defects]))
    return (understanding, other.fingerprint == options.rules.fingerprint ? observations : other.observe(input))
}

/// The vCards and calendar invitations of a mail, as text: few and small ones, as people send them.
private func contactCards(of message: Message) -> [String] {
    message.parts.filter { part in
        let isCard = ["text/vcard", "text/x-vcard", "text/directory", "text/calendar"].contains(part.mediaType)
        return isCard && part.body.count <= 256 * 1024
    }.prefix(4).map { message.likelyText($0).text }
}

/// Each defect once: a body that was looked into for files is decoded again as text. As many as one message may have.
private func distinct(_ lists: [[Defect]]) -> [String] {
    var known: Set<Defect> = []
    var distinct: [String] = []
    for defect in lists.joined() where known.insert(defect).inserted {
        if distinct.count == Limits.standard.defects {
            distinct.append(Defect(.defectLimit, in: "root").description)
            break
        }
        distinct.append(defect.description)
    }
    return distinct
}

/// The same message again has the same fingerprint, though its Received lines differ: SHA-256 over Message-ID, Date,
/// From, To, Subject and body (promise 2 of CONTRIBUTING). Lengths are hashed with the values, so that nothing can
/// move from one field into the next. Empty lines at the end do not count: some servers add one when a message is
/// uploaded.
///
/// Fields as they were sent, unfolded and not decoded: a later program that reads charsets better must still know the
/// mails that this one has recorded.
private func fingerprint(of message: Message) -> SHA256Digest {
    var hasher = SHA256Hasher()
    var fields: [UInt8] = []
    for name in ["Message-ID", "Date", "From", "To", "Subject"] {
        let values = message.header.allRaw(name).map { $0.filter { $0 != 0x0D && $0 != 0x0A } }
        let value = [UInt8](values.joined(separator: [0x0A]))
        fields += "\(value.count):".utf8
        fields += value
    }
    hasher.update(fields)
    let bytes = message.bytes.span
    let body = message.parts[0].body
    var end = body.upperBound
    while end > body.lowerBound && (bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D) { end -= 1 }
    hasher.update(bytes.extracting(body.lowerBound..<end))
    return hasher.finalize()
}

/// What the admins' conditions can ask of a message alone.
struct MessageRuleInput: RuleInput {
    let message: Message
    let origin: MailOrigin
    let text: WrittenText
    let details: [Detail]
    let scores: ClassificationScores
    let attachments: AttachmentReading

    func values(_ key: RuleKey) -> [String] {
        switch key {
        case .kind: [origin.kind.rawValue]
        case .trust: [origin.trust.rawValue]
        case .language: [text.language.rawValue]
        case .subject: [message.subject]
        case .text: [text.own]
        case .from: message.from.flatMap(values)
        case .to: (message.to + message.cc).flatMap(values)
        case .cc: message.cc.flatMap(values)
        case .replyTo: message.replyTo.flatMap(values)
        case .recipient: origin.ours.map { [$0.description] } ?? []
        case .header(let name): message.header.all(name)
        case .category: scores.category.map { [$0.rawValue] } ?? []
        case .urgency: scores.urgency.map { [$0.rawValue] } ?? []
        // A nameless attachment counts as an empty name, so that "there is one" can be asked.
        case .attachmentName: attachments.names
        case .attachmentType: attachments.facts.map(\.mediaType)
        case .attachmentFlag: attachments.facts.flatMap(\.flags)
        case .spamFlag: [SpamFields(message.header).flag ? "true" : "false"]
        case .categoryScore, .score, .attachmentSize, .attachmentCount, .size, .spamScore: []
        case .detail(let field): details.filter { $0.field == field }.flatMap { [$0.normalized, $0.value] }
        }
    }

    func numbers(_ key: RuleKey) -> [Double] {
        switch key {
        case .categoryScore: scores.category == nil ? [] : [scores.categoryConfidence]
        case .score(let category): [scores.categories[category] ?? 0]
        case .attachmentSize: attachments.facts.map { Double($0.size) }
        case .attachmentCount: [Double(attachments.facts.count)]
        case .size: [Double(message.bytes.count)]
        case .spamScore: SpamFields(message.header).score.map { [$0] } ?? []
        default: []
        }
    }

    /// The file that has the type or the flag.
    func origins(_ key: RuleKey) -> [String] {
        switch key {
        case .attachmentType: attachments.facts.map(\.filename)
        case .attachmentFlag: attachments.facts.flatMap { fact in fact.flags.map { _ in fact.filename } }
        default: []
        }
    }

    /// An address and the name beside it are two values: a condition tests one at a time, never the joined line.
    private func values(_ address: ParsedAddress) -> [String] {
        address.displayName.isEmpty ? [address.address] : [address.address, address.displayName]
    }
}
