internal import Correspondence
internal import Digest
internal import Foundation
internal import GRDB
internal import Replies
internal import Triage
internal import Vocabulary

/// Composes a mail and puts it into the outbox, inside the transaction of what causes it.
///
/// Its Message-ID is a keyed hash of the row, its bytes go into the archive before the transaction commits, and nothing is
/// composed a second time. A mail that must not leave by itself is written as held, with the reason: replies are on
/// hold, its template is not approved, or a pre-send check hit.
struct OutboxWriter {
    let database: Database
    let keys: StoreKeys
    let options: TriageOptions
    let now: Date
    let month: ArchiveMonth
    let holdsReplies: Bool
    let approvals: TemplateApprovals

    /// A mail to be composed.
    struct Promise {
        let id: Int64
        let ticket: Int64
        /// The delivery that causes it; nil when one of our people does.
        var deliveryID: Int64?
        let plan: ReplyPlan
        /// No person asked for this mail: it is taken back when one has answered.
        var isAutomatic: Bool
        /// Why a rule wants a person to look at it first.
        var heldByRule: String?
        /// Who may get it.
        var participants: [EmailAddress]
    }

    struct Written {
        let blob: ArchiveBlob
        /// Why it waits for a person; nil when it may go.
        let held: String?
    }

    /// Nil when there is no such template any more.
    func write(_ promise: Promise) throws -> Written? {
        let createdAt = now.storedMilliseconds
        guard
            let composed = compose(promise.plan, identifiers: identifiers(promise, createdAt), options: options)
        else { return nil }
        let held = holdReason(promise, composed)
        let digest = sha256(composed.bytes)
        try insert(promise, composed, digest, held, createdAt)
        for address in composed.recipients { try addRecipient(address, to: promise) }
        return Written(blob: ArchiveBlob.compress(composed.bytes, digest: digest), held: held)
    }

    // MARK: Held?

    static let byRule = "held by a rule"

    /// A person who sends a mail has looked at it, but may have overlooked something: the checks are made all the same.
    private func holdReason(_ promise: Promise, _ composed: ComposedReply) -> String? {
        let plan = promise.plan
        if promise.isAutomatic, holdsReplies { return "replies are on hold" }
        if let reason = promise.heldByRule { return "\(OutboxWriter.byRule): \(reason)" }
        let isApproved = approvals.holds(plan.template, plan.language, of: options.templates)
        if options.replies.requiresApproval, !isApproved {
            return "template \(plan.template) (\(plan.language)) is not approved"
        }
        // An approved text has been read by a person; what differs from mail to mail has not.
        let values = [plan.originalSubject, plan.salutationName ?? "", plan.message ?? ""] + (plan.files ?? [])
        let context = PreSendContext(
            ticket: TicketNumber(promise.ticket), participants: promise.participants,
            ours: options.identity.addresses, agents: options.identity.agents,
            recipientDelimiter: options.identity.recipientDelimiter, sizeLimit: options.replies.sizeLimit)
        let findings = preSendFindings(
            subject: isApproved ? "" : composed.subject,
            text: isApproved ? values.joined(separator: "\n") : composed.text, recipients: composed.recipients,
            attachments: 0, size: composed.bytes.count, context: context)
        return findings.isEmpty ? nil : findings.map(\.description).joined(separator: "; ")
    }

    // MARK: Rows

    private func insert(
        _ promise: Promise, _ composed: ComposedReply, _ digest: SHA256Digest, _ held: String?, _ createdAt: Int64
    ) throws {
        var insert = try Prepared(
            database,
            """
            INSERT INTO outbox (id, kind, ticket, delivery_id, state, reason, automatic, template, language, message_id,
              subject, reverse_path, raw_digest, archive_month, size, created_at, updated_at, not_before, expires_at)
            VALUES (?, 'reply', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insert.bind(promise.id)
        insert.bind(promise.ticket)
        insert.bind(promise.deliveryID)
        insert.bind(held == nil ? "queued" : "held")
        insert.bind(held)
        insert.bind(promise.isAutomatic ? 1 : 0)
        insert.bind(promise.plan.template)
        insert.bind(promise.plan.language.rawValue)
        insert.bind(composed.messageID.value)
        insert.bind(StoredText.subject(composed.subject))
        insert.bind(composed.reversePath.description)
        insert.bind(blob: digest.bytes)
        insert.bind(month.stored)
        insert.bind(composed.bytes.count)
        insert.bind(createdAt)
        insert.bind(createdAt)
        insert.bind(promise.plan.notBefore)
        insert.bind(promise.plan.expires)
        try insert.run()
    }

    private func identifiers(_ promise: Promise, _ createdAt: Int64) -> ReplyIdentifiers {
        let delimiter = options.identity.recipientDelimiter
        let sender = promise.plan.sender.address
        let number = TicketNumber(promise.ticket)
        let messageID = keys.messageID(
            outboxID: promise.id, createdAt: createdAt, domain: options.identity.messageIDDomain)
        let sealed = keys.address(sender, token: keys.bounceToken(outboxID: promise.id), delimiter: delimiter)
        return ReplyIdentifiers(
            messageID: messageID, ticket: number, date: now,
            reversePath: options.replies.bounceAddress ?? sealed ?? sender,
            replyTo: keys.address(sender, token: keys.customerToken(number), delimiter: delimiter),
            mark: keys.ownMark(outboxID: promise.id))
    }

    private func addRecipient(_ address: EmailAddress, to promise: Promise) throws {
        var insert = try Prepared(
            database,
            """
            INSERT OR IGNORE INTO outbox_recipient (outbox_id, address, state, updated_at) VALUES (?, ?, 'pending', ?)
            """)
        insert.bind(promise.id)
        insert.bind(address.normalized)
        insert.bind(now)
        try insert.run()
        var note = try Prepared(
            database,
            """
            INSERT INTO contact_point (kind, value, first_seen_at, last_auto_reply_at) VALUES ('email', ?, ?, ?)
            ON CONFLICT (value, kind) DO UPDATE SET
              last_auto_reply_at = coalesce(excluded.last_auto_reply_at, last_auto_reply_at)
            """)
        note.bind(address.normalized)
        note.bind(now)
        note.bind(promise.isAutomatic ? now : nil)
        try note.run()
    }
}
