internal import Correspondence
internal import Digest
internal import Foundation
internal import GRDB
internal import MailText
internal import Replies
internal import Triage
internal import Vocabulary

/// A parked delivery that is tried again: its row and its minimal ticket are there already.
struct ParkedRow {
    let deliveryID: Int64
    let uid: UID
    let ticket: Int64?
    let arrivedAt: Date
    let size: Int
    let rawDigest: SHA256Digest?
}

extension Recorder {
    /// Facts, decision and all rows of one message that was understood.
    func record(
        _ understanding: Understanding, blob: ArchiveBlob, arrival: Arrival, retrying parked: ParkedRow?
    ) throws -> RecordedDelivery {
        let (facts, surroundings) = try facts(for: understanding, arrivedAt: arrival.arrivedAt)
        let decision = decide(understanding, facts: facts, options: options, now: now)
        let deliveryID = parked?.deliveryID ?? counters.nextDelivery()
        let record = MessageRecord(
            deliveryID: deliveryID, understanding: understanding, facts: facts, decision: decision,
            ending: Ending(decision.outcome, facts: facts), surroundings: surroundings)
        blobs.append(blob)

        try prepareTicket(record, parked: parked)
        if parked == nil {
            try insertDelivery(
                id: deliveryID, arrival, digest: blob.digest, ending: record.ending, ticket: record.ticketNumber,
                moveTo: decision.handling?.moveTo)
        } else {
            try updateDelivery(
                id: deliveryID, digest: blob.digest, ending: record.ending, ticket: record.ticketNumber,
                moveTo: decision.handling?.moveTo)
        }
        if case .send(let plan) = decision.reply, isReplyDue(record), let ticket = record.ticketNumber {
            record.outboxID = try promise(plan, record: record, ticket: ticket)
        }
        let decisionJSON = try insertMessage(record)
        try insertDetails(record)
        try writeTicket(record, parked: parked)
        try applyHandling(record)
        if case .dsn = decision.outcome { try applyReport(record) }
        try audit.add(
            AuditEntry(
                actor: "intake", action: "delivery.\(record.ending.state)", object: "delivery", objectID: deliveryID,
                ticket: record.ticketNumber, reason: record.auditReason,
                after: keys.auditDigest(decisionJSON)), at: now, to: database)
        return RecordedDelivery(
            id: deliveryID, uid: arrival.uid, state: record.ending.state, detail: record.ending.detail,
            ticket: record.ticketNumber.map { TicketNumber($0) }, decision: decision, outboxID: record.outboxID,
            wasKnown: false)
    }

    func insertDelivery(
        id: Int64, _ arrival: Arrival, digest: SHA256Digest?, ending: Ending, ticket: Int64?, moveTo: String? = nil
    ) throws {
        var insert = try Prepared(
            database,
            """
            INSERT INTO delivery (id, mailbox_id, uid_validity, uid, arrived_at, recorded_at, size, raw_digest,
              archive_month, state, detail, ticket, duplicate_of, config_version_id, move_to)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insert.bind(id)
        insert.bind(mailbox.id)
        insert.bind(mailbox.uidValidity.rawValue)
        insert.bind(arrival.uid.rawValue)
        insert.bind(arrival.arrivedAt)
        insert.bind(now)
        insert.bind(arrival.size)
        insert.bind(blob: digest?.bytes)
        insert.bind(digest == nil ? nil : setting.month.stored)
        insert.bind(ending.state.rawValue)
        insert.bind(ending.detail)
        insert.bind(ticket)
        insert.bind(ending.duplicateOf)
        insert.bind(configVersionID)
        insert.bind(moveTo.map(StoredText.name))
        try insert.run()
    }

    private func updateDelivery(
        id: Int64, digest: SHA256Digest, ending: Ending, ticket: Int64?, moveTo: String?
    ) throws {
        var update = try Prepared(
            database,
            """
            UPDATE delivery SET recorded_at = ?, raw_digest = ?, archive_month = ?, state = ?, detail = ?,
              ticket = coalesce(?, ticket), duplicate_of = ?, retry_requested_at = NULL, config_version_id = ?,
              move_to = ?
            WHERE id = ?
            """)
        update.bind(now)
        update.bind(blob: digest.bytes)
        update.bind(setting.month.stored)
        update.bind(ending.state.rawValue)
        update.bind(ending.detail)
        update.bind(ticket)
        update.bind(ending.duplicateOf)
        update.bind(configVersionID)
        update.bind(moveTo.map(StoredText.name))
        update.bind(id)
        try update.run()
    }

    /// Gives the decision as JSON, for the audit.
    private func insertMessage(_ record: MessageRecord) throws -> [UInt8] {
        let understanding = record.understanding
        let origin = understanding.origin
        let decision = try StoredDecision.json(record.decision)
        var insert = try Prepared(
            database,
            """
            INSERT INTO message (delivery_id, message_key, fingerprint_key, fingerprint, message_id, sent_at, kind, trust,
              language, subject, writer_name, writer_address, category, urgency, suppression, outbox_id, defects,
              decided_at, facts, decision)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insert.bind(record.deliveryID)
        insert.bind(Self.messageKey(understanding))
        insert.bind(understanding.fingerprint.indexKey)
        insert.bind(blob: understanding.fingerprint.bytes)
        insert.bind(understanding.messageID.map(StoredText.messageID))
        insert.bind(understanding.sentAt)
        insert.bind(origin.kind.rawValue)
        insert.bind(origin.trust.rawValue)
        insert.bind(understanding.text.language.rawValue)
        insert.bind(StoredText.subject(understanding.subject))
        insert.bind(origin.writer.map { StoredText.name($0.displayName) })
        insert.bind(origin.writer?.address.description)
        insert.bind(record.decision.category.rawValue)
        insert.bind(record.decision.urgency.rawValue)
        insert.bind(record.suppression)
        insert.bind(record.outboxID)
        insert.bind(record.defects)
        insert.bind(now)
        insert.bind(text: try StoredDecision.json(record.facts))
        insert.bind(text: decision)
        try insert.run()
        return decision
    }

    /// Attachments of every message; details only of a customer's: nothing is kept of people who asked for nothing.
    private func insertDetails(_ record: MessageRecord) throws {
        for part in record.understanding.attachments {
            var insert = try Prepared(
                database,
                """
                INSERT OR IGNORE INTO part (delivery_id, path, filename, media_type, size, declared_type, source, flags,
                  digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
            insert.bind(record.deliveryID)
            insert.bind(StoredText.name(part.path))
            insert.bind(StoredText.name(part.filename))
            insert.bind(StoredText.name(part.mediaType))
            insert.bind(part.size)
            insert.bind(StoredText.name(part.declaredType))
            insert.bind(part.source)
            insert.bind(part.flags.joined(separator: " "))
            insert.bind(blob: part.digest?.bytes)
            try insert.run()
        }
        guard record.ending.state == .ticketed || record.ending.state == .followedUp else { return }
        for (number, detail) in record.understanding.details.prefix(60).enumerated() {
            var insert = try Prepared(
                database,
                """
                INSERT INTO observation (delivery_id, number, customer_id, field, value, normalized, extension,
                  confidence, line, evidence, span_start, span_end, is_change)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
            insert.bind(record.deliveryID)
            insert.bind(number)
            insert.bind(record.customerID)
            insert.bind(detail.field.rawValue)
            insert.bind(StoredText.subject(detail.value))
            insert.bind(StoredText.subject(detail.normalized))
            insert.bind(StoredText.name(detail.phoneExtension))
            insert.bind(detail.confidence)
            insert.bind(detail.line.map(Int64.init))
            insert.bind(StoredText.name(detail.evidence))
            insert.bind(detail.span.map { Int64($0.lowerBound) })
            insert.bind(detail.span.map { Int64($0.upperBound) })
            insert.bind(detail.isChange == true ? 1 : 0)
            try insert.run()
        }
    }
}

/// The outcome of a decision as the ledger has it.
struct Ending {
    let state: DeliveryState
    var detail: String?
    var duplicateOf: Int64?
    /// The ticket that is known before the message is recorded.
    var ticket: Int64?

    static func parked(_ reason: String) -> Ending { Ending(state: .parked, detail: reason) }

    private init(state: DeliveryState, detail: String? = nil) {
        self.state = state
        self.detail = detail
    }

    static let beforeStart = Ending(state: .ignored, detail: "beforeStart")

    init(_ outcome: Decision.Outcome, facts: Facts) {
        switch outcome {
        case .ticketed: state = .ticketed
        case .followedUp(let number, _):
            state = .followedUp
            ticket = number.rawValue
        case .duplicate(let delivery):
            state = .duplicate
            duplicateOf = delivery
            detail = facts.duplicate?.basis.rawValue
            ticket = facts.duplicate?.ticket?.rawValue
        case .dsn(let number):
            state = .dsn
            ticket = number?.rawValue
        case .own: state = .own
        case .ignored(let why):
            state = .ignored
            detail = StoredText.name(why)
        case .quarantined(let why):
            state = .quarantined
            detail = StoredText.name(why)
        }
    }
}

/// All that is written about one message. A class, because it goes through a dozen functions and copying its values
/// would cost more than the rows.
final class MessageRecord {
    let deliveryID: Int64
    let understanding: Understanding
    let facts: Facts
    let decision: Decision
    let ending: Ending
    let surroundings: Surroundings
    var ticketNumber: Int64?
    var customerID: Int64?
    var outboxID: Int64?
    /// Why the reply waits for a person.
    var heldReply: String?

    init(
        deliveryID: Int64, understanding: Understanding, facts: Facts, decision: Decision, ending: Ending,
        surroundings: Surroundings
    ) {
        self.deliveryID = deliveryID
        self.understanding = understanding
        self.facts = facts
        self.decision = decision
        self.ending = ending
        self.surroundings = surroundings
    }

    /// What settled the outcome, and why nothing was answered: `lexicon; reply none (tooOld)`.
    var auditReason: String {
        let basis = ending.detail ?? decision.basis
        return suppression == nil ? basis : "\(basis); reply \(decision.reply.word)"
    }

    var suppression: String? {
        if case .suppressed(let why) = decision.reply { why.rawValue } else { nil }
    }

    var defects: String? {
        let list = understanding.defects
        return list.isEmpty ? nil : StoredText.subject(list.prefix(20).joined(separator: "\n"))
    }
}
