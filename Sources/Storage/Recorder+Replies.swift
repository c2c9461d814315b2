internal import Correspondence
internal import Digest
internal import Foundation
internal import GRDB
internal import Replies
internal import Triage
internal import Vocabulary

extension Recorder {
    /// Puts a reply into the outbox, with the record that causes it (promise 3 of CONTRIBUTING). Nil when there is no such
    /// template.
    func promise(_ plan: ReplyPlan, record: MessageRecord, ticket: Int64) throws -> Int64? {
        let id = counters.nextOutbox()
        let origin = record.understanding.origin
        let promise = OutboxWriter.Promise(
            id: id, ticket: ticket, deliveryID: record.deliveryID, plan: plan, isAutomatic: true,
            heldByRule: record.decision.handling?.holdReply,
            participants: [origin.writer, origin.replyTo].compactMap { $0?.address })
        guard let written = try outboxWriter.write(promise) else { return nil }
        blobs.append(written.blob)
        record.heldReply = written.held
        repliesInWindow += 1
        return id
    }

    /// Writes what a delivery report says (RFC 3464) to the mail that it is about. A report proves that the mail went
    /// out, so an uncertain row becomes accepted.
    func applyReport(_ record: MessageRecord) throws {
        guard let found = record.facts.report else { return }
        let outbox = found.outboxID
        guard let report = record.understanding.origin.report else {
            if let ticket = record.ticketNumber {
                try appendEvent(
                    ticket, "reply-reported", record, outbox: outbox,
                    detail: "a machine's answer came to its reverse path")
            }
            return
        }
        var failure: String?
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
            guard database.changesCount > 0, state == .bounced else { continue }
            failure = "\(recipient.status) \(recipient.diagnostic)"
            // Only what is sealed may mark an address: anybody can write a report that names one.
            // A server that gave up on a transient trouble (4.x) says nothing of the address.
            guard found.link != .recipient, !recipient.status.hasPrefix("4.") else { continue }
            try Undeliverable(address, status: recipient.status).mark(options.replies, now: now, database)
            try audit.add(
                AuditEntry(
                    actor: "intake", action: "address.blocked", object: "contact_point", ticket: record.ticketNumber,
                    reason: StoredText.cut(recipient.status, 20), after: keys.auditDigest(address.normalized)), at: now,
                to: database)
        }
        var certain = try Prepared(
            database,
            "UPDATE outbox SET state = 'accepted', reason = 'a delivery report proves it', updated_at = ? "
                + "WHERE id = ? AND state = 'uncertain'")
        certain.bind(now)
        certain.bind(outbox)
        try certain.run()
        guard let ticket = record.ticketNumber else { return }
        let event = failure == nil ? "reply-reported" : "reply-bounced"
        let actions = report.recipients.map { "\($0.action) \($0.status)" }
        let detail = actions.isEmpty ? nil : StoredText.name(Array(Set(actions)).sorted().joined(separator: ", "))
        try appendEvent(ticket, event, record, outbox: outbox, detail: detail)
        try Store.tellOwner(ofOutbox: outbox, event: event, detail: detail, now: now, database)
    }

    /// `rfc822; ada@example.com` (RFC 3464 section 2.3.2), or the address alone.
    static func reportedAddress(_ text: String) -> EmailAddress? {
        let address = text.split(separator: ";", maxSplits: 1).last ?? ""
        let trimmed = address.drop(while: { $0 == " " || $0 == "<" })
        return EmailAddress(String(trimmed.prefix(while: { $0 != " " && $0 != ">" })))
    }
}
