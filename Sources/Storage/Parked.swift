package import Digest
package import Foundation
internal import GRDB
package import Triage
package import Vocabulary

/// A message that could not be processed, and what was kept of it.
package struct ParkedDelivery: Sendable, Equatable, Codable {
    package let deliveryID: Int64
    package let locator: MessageLocator
    package let arrivedAt: Date
    package let recordedAt: Date
    package let size: Int
    package let reason: String
    package let ticket: TicketNumber?
    /// Name of its bytes in the archive; nil when they could never be fetched.
    package let digest: SHA256Digest?
    package let retryRequested: Bool
}

extension Store {
    /// Parked deliveries, oldest first; `retriesOnly` gives those that an operator wants tried again.
    package func parked(retriesOnly: Bool = false, limit: Int = 200) throws(StorageError) -> [ParkedDelivery] {
        try read("list parked messages") { database in
            let condition = retriesOnly ? "AND retry_requested_at IS NOT NULL" : ""
            return try Row.fetchAll(
                database, sql: Self.selectParked + " \(condition) ORDER BY delivery.id LIMIT ?", arguments: [limit]
            ).map(ParkedDelivery.init)
        }
    }

    private static let selectParked = """
        SELECT delivery.*, mailbox_cursor.mailbox AS mailbox_name, account.name AS account_name
        FROM delivery JOIN mailbox_cursor ON mailbox_cursor.id = mailbox_id JOIN account ON account.id = account_id
        WHERE state = 'parked'
        """

    package func parkedDelivery(_ id: Int64) throws(StorageError) -> ParkedDelivery {
        try read("read parked message \(id)") { database in
            let row = try Row.fetchOne(
                database, sql: Self.selectParked + " AND delivery.id = ?", arguments: [id])
            guard let row else { throw StorageError(.notFound, tried: "read parked message \(id)") }
            return try ParkedDelivery(row)
        }
    }

    /// Asks for another attempt. The daemon makes it: it finds the request with `parked(retriesOnly:)`, understands the
    /// bytes again and calls `recordRetry`.
    package func retryParked(_ id: Int64, actor: String, now: Date) throws(StorageError) {
        let tried = "retry parked message \(id)"
        try change(tried) { database, audit in
            try database.execute(
                sql: "UPDATE delivery SET retry_requested_at = ? WHERE id = ? AND state = 'parked'",
                arguments: [now.storedMilliseconds, id])
            guard database.changesCount == 1 else { throw StorageError(.notFound, tried: tried) }
            try audit.add(
                AuditEntry(actor: actor, action: "parked.retry-requested", object: "delivery", objectID: id), at: now,
                to: database)
        }
    }

    /// An operator has dealt with it: it ends as ignored, and its minimal ticket is closed.
    package func closeParked(_ id: Int64, actor: String, now: Date) throws(StorageError) {
        let tried = "close parked message \(id)"
        try change(tried) { database, audit in
            let ticket = try Int64.fetchOne(
                database, sql: "SELECT ticket FROM delivery WHERE id = ? AND state = 'parked'", arguments: [id])
            try database.execute(
                sql: """
                    UPDATE delivery SET state = 'ignored', detail = 'closed by an operator', retry_requested_at = NULL
                    WHERE id = ? AND state = 'parked'
                    """, arguments: [id])
            guard database.changesCount == 1 else { throw StorageError(.notFound, tried: tried) }
            if let ticket { try Self.closeMinimalTicket(ticket, actor: actor, now: now, database) }
            try audit.add(
                AuditEntry(actor: actor, action: "parked.closed", object: "delivery", objectID: id, ticket: ticket),
                at: now, to: database)
        }
    }

    private static func closeMinimalTicket(
        _ number: Int64, actor: String, now: Date, _ database: Database
    ) throws {
        guard let row = try TicketRow.find(number, in: database), row.state.isInWork else { return }
        try database.execute(
            sql: "UPDATE ticket SET state = 'closed', resolved_at = ?, updated_at = ? WHERE number = ?",
            arguments: [now.storedMilliseconds, now.storedMilliseconds, number])
        try changeLoad(row.assignee, by: -1, database)
        try TicketEvents.append(
            number, "closed", actor: actor, detail: "the parked message was closed", at: now, to: database)
    }

    /// Records the outcome of another attempt. Understood, the message is decided as if it had just been read, on its old
    /// row and with its old ticket; parked again, only the reason is renewed.
    @discardableResult
    package func recordRetry(
        _ id: Int64, content: Arrival.Content, options: TriageOptions, mode: RecordingMode, holdReplies: Bool = false,
        now: Date
    ) throws(StorageError) -> RecordedDelivery {
        let setting = RecordingSetting(options: options, mode: mode, holdReplies: holdReplies, now: now)
        let tried = "record parked message \(id) again"
        do {
            return try recordRetryOnce(id, content: content, setting: setting, tried: tried)
        } catch let refusal as ArrivalRefused {
            let content = Arrival.Content.parked(reason: "not recordable: \(refusal.why)", nil)
            return try attempt(tried) { try recordRetryOnce(id, content: content, setting: setting, tried: tried) }
        } catch {
            throw StorageError(error, tried: tried)
        }
    }

    private func recordRetryOnce(
        _ id: Int64, content: Arrival.Content, setting: RecordingSetting, tried: String
    ) throws -> RecordedDelivery {
        try tracking.write { database in
            guard let (mailbox, row) = try ParkedRow.find(id, in: database) else {
                throw StorageError(.notFound, tried: tried)
            }
            let recorder = try Recorder(database, keys: keys, setting: setting, mailbox: mailbox)
            let arrival = Arrival(uid: row.uid, arrivedAt: row.arrivedAt, size: row.size, content: content)
            let result: RecordedDelivery
            switch content {
            case .understood(let understanding, let blob):
                result = try Self.refusing(0) {
                    try recorder.record(understanding, blob: blob, arrival: arrival, retrying: row)
                }
            case .parked(let reason, let blob):
                result = try recorder.parkAgain(row, reason: reason, blob: blob)
            }
            try recorder.finish()
            try archive.store(recorder.blobs, month: setting.month)
            return result
        }
    }
}

extension Recorder {
    func parkAgain(_ row: ParkedRow, reason: String, blob: ArchiveBlob?) throws -> RecordedDelivery {
        let reason = StoredText.name(reason)
        try database.execute(
            sql: "UPDATE delivery SET detail = ?, retry_requested_at = NULL WHERE id = ?",
            arguments: [reason, row.deliveryID])
        if let blob, row.rawDigest == nil {
            blobs.append(blob)
            try database.execute(
                sql: "UPDATE delivery SET raw_digest = ?, archive_month = ? WHERE id = ?",
                arguments: [Data(blob.digest.bytes), setting.month.stored, row.deliveryID])
        }
        if let ticket = row.ticket { try appendEvent(ticket, "retry-failed", nil, detail: reason) }
        try audit.add(
            AuditEntry(
                actor: "intake", action: "delivery.parked", object: "delivery", objectID: row.deliveryID,
                ticket: row.ticket, reason: reason), at: now, to: database)
        return RecordedDelivery(
            id: row.deliveryID, uid: row.uid, state: .parked, detail: reason,
            ticket: row.ticket.map { TicketNumber($0) }, decision: nil, outboxID: nil, wasKnown: false)
    }
}

extension ParkedRow {
    static func find(_ id: Int64, in database: Database) throws -> (MailboxRow, ParkedRow)? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT delivery.*, cursor, baseline_at, mailbox_cursor.uid_validity AS mailbox_validity,
                  mailbox_cursor.mailbox AS mailbox_name, account.name AS account_name
                FROM delivery JOIN mailbox_cursor ON mailbox_cursor.id = mailbox_id
                JOIN account ON account.id = account_id
                WHERE delivery.id = ? AND state = 'parked'
                """, arguments: [id])
        guard let row else { return nil }
        let mailbox = MailboxRow(
            id: row["mailbox_id"], account: AccountName(row["account_name"] as String),
            mailbox: MailboxName(row["mailbox_name"] as String),
            uidValidity: UIDValidity(row["uid_validity"] as UInt32),
            cursor: UID(row["cursor"] as UInt32), baseline: row.optionalDate("baseline_at"))
        return (
            mailbox,
            ParkedRow(
                deliveryID: id, uid: UID(row["uid"] as UInt32), ticket: row["ticket"],
                arrivedAt: row.date("arrived_at"), size: row["size"],
                rawDigest: SHA256Digest(bytes: row.bytes("raw_digest")))
        )
    }
}

extension ParkedDelivery {
    init(_ row: Row) throws {
        self.init(
            deliveryID: row["id"], locator: Store.locator(row), arrivedAt: row.date("arrived_at"),
            recordedAt: row.date("recorded_at"), size: row["size"], reason: row["detail"] ?? "",
            ticket: (row["ticket"] as Int64?).map { TicketNumber($0) },
            digest: SHA256Digest(bytes: row.bytes("raw_digest")),
            retryRequested: row["retry_requested_at"] != nil)
    }
}
