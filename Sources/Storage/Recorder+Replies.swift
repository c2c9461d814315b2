internal import Correspondence
internal import Digest
internal import Foundation
internal import GRDB
internal import Replies
internal import Triage
internal import Vocabulary

extension Recorder {
    /// Puts a reply into the outbox, with the record that causes it (promise 3 of CONTRIBUTING). Its Message-ID is a
    /// keyed hash of
    /// the row, its bytes go into the archive, and nothing is composed a second time. Nil when there is no such
    /// template.
    func promise(_ plan: ReplyPlan, ticket: Int64, deliveryID: Int64) throws -> Int64? {
        let id = counters.nextOutbox()
        let createdAt = now.storedMilliseconds
        guard let composed = compose(plan, identifiers: identifiers(id, plan, ticket, createdAt), options: options)
        else { return nil }
        let digest = sha256(composed.bytes)
        blobs.append(ArchiveBlob.compress(composed.bytes, digest: digest))

        var insert = try Prepared(
            database,
            """
            INSERT INTO outbox (id, kind, ticket, delivery_id, state, reason, automatic, template, language, message_id,
              subject, reverse_path, raw_digest, archive_month, size, created_at, updated_at, not_before, expires_at)
            VALUES (?, 'reply', ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insert.bind(id)
        insert.bind(ticket)
        insert.bind(deliveryID)
        insert.bind(setting.holdReplies ? "held" : "queued")
        insert.bind(setting.holdReplies ? "replies are on hold" : nil)
        insert.bind(plan.template)
        insert.bind(plan.language.rawValue)
        insert.bind(composed.messageID.value)
        insert.bind(StoredText.subject(composed.subject))
        insert.bind(composed.reversePath.description)
        insert.bind(blob: digest.bytes)
        insert.bind(setting.month.stored)
        insert.bind(composed.bytes.count)
        insert.bind(createdAt)
        insert.bind(createdAt)
        insert.bind(plan.notBefore)
        insert.bind(plan.expires)
        try insert.run()

        for address in composed.recipients { try addRecipient(address, to: id) }
        repliesInWindow += 1
        return id
    }

    private func identifiers(
        _ id: Int64, _ plan: ReplyPlan, _ ticket: Int64, _ createdAt: Int64
    ) -> ReplyIdentifiers {
        let delimiter = options.identity.recipientDelimiter
        let sender = plan.sender.address
        let number = TicketNumber(ticket)
        let messageID = keys.messageID(outboxID: id, createdAt: createdAt, domain: options.identity.messageIDDomain)
        return ReplyIdentifiers(
            messageID: messageID, ticket: number, date: now,
            reversePath: keys.address(sender, token: keys.bounceToken(outboxID: id), delimiter: delimiter) ?? sender,
            replyTo: keys.address(sender, token: keys.customerToken(number), delimiter: delimiter),
            mark: keys.ownMark(messageID))
    }

    private func addRecipient(_ address: EmailAddress, to id: Int64) throws {
        var insert = try Prepared(
            database,
            """
            INSERT OR IGNORE INTO outbox_recipient (outbox_id, address, state, updated_at) VALUES (?, ?, 'pending', ?)
            """)
        insert.bind(id)
        insert.bind(address.normalized)
        insert.bind(now)
        try insert.run()
        var note = try Prepared(
            database,
            """
            INSERT INTO contact_point (kind, value, first_seen_at, last_auto_reply_at) VALUES ('email', ?, ?, ?)
            ON CONFLICT (value, kind) DO UPDATE SET last_auto_reply_at = excluded.last_auto_reply_at
            """)
        note.bind(address.normalized)
        note.bind(now)
        note.bind(now)
        try note.run()
    }

    /// Writes what a delivery report says (RFC 3464) to the mail that it is about. A report proves that the mail went
    /// out, so an uncertain row becomes accepted.
    func applyReport(_ record: MessageRecord) throws {
        guard let outbox = record.surroundings.reportedOutbox, let report = record.understanding.origin.report else {
            return
        }
        var failed = false
        for recipient in report.recipients.prefix(100) {
            guard let state = RecipientState(reportedAction: recipient.action),
                let address = Self.reportedAddress(recipient.finalRecipient)
            else { continue }
            var update = try Prepared(
                database,
                "UPDATE outbox_recipient SET state = ?, reply = ?, updated_at = ? WHERE outbox_id = ? AND address = ?")
            update.bind(state.rawValue)
            update.bind(StoredText.name("\(recipient.status) \(recipient.diagnostic)"))
            update.bind(now)
            update.bind(outbox)
            update.bind(address.normalized)
            try update.run()
            if database.changesCount > 0, state == .bounced { failed = true }
        }
        var certain = try Prepared(
            database,
            "UPDATE outbox SET state = 'accepted', reason = 'a delivery report proves it', updated_at = ? "
                + "WHERE id = ? AND state = 'uncertain'")
        certain.bind(now)
        certain.bind(outbox)
        try certain.run()
        if let ticket = record.ticketNumber {
            try appendEvent(ticket, failed ? "reply-bounced" : "reply-reported", record, outbox: outbox)
        }
    }

    /// `rfc822; ada@example.com` (RFC 3464 section 2.3.2), or the address alone.
    private static func reportedAddress(_ text: String) -> EmailAddress? {
        let address = text.split(separator: ";", maxSplits: 1).last ?? ""
        let trimmed = address.drop(while: { $0 == " " || $0 == "<" })
        return EmailAddress(String(trimmed.prefix(while: { $0 != " " && $0 != ">" })))
    }
}
