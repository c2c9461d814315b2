package import Digest
package import Foundation
internal import GRDB
package import Triage
package import Vocabulary

/// Why a message was handled as it was: the facts that the store knew then, and the decision with its reasons. With the
/// same message and options, `decide` on these facts gives the same decision again.
package struct Explanation: Sendable, Codable {
    package let deliveryID: Int64
    package let locator: MessageLocator
    package let ticket: TicketNumber?
    package let state: DeliveryState
    package let detail: String?
    package let decidedAt: Date
    package let subject: String
    package let facts: Facts
    package let decision: Decision
    package let details: [Detail]
    package let attachments: [AttachmentFact]
    /// What was wrong with the message.
    package let defects: [String]
    /// The reply that was promised, if one was.
    package let outbox: OutboxItem?
    /// Names the message in the archive; nil when no bytes were kept.
    package let rawDigest: SHA256Digest?

    package var reasons: [Reason] { decision.reasons }
}

extension Store {
    /// The decision on one delivery. A parked one has none: `notFound`.
    package func explanation(deliveryID: Int64) throws(StorageError) -> Explanation {
        let tried = "explain delivery \(deliveryID)"
        return try read(tried) { database in
            guard let explanation = try Self.explanation(deliveryID, database) else {
                throw StorageError(.notFound, tried: tried)
            }
            return explanation
        }
    }

    /// The decisions on all messages of a ticket, the first first.
    package func explanations(ticket number: TicketNumber) throws(StorageError) -> [Explanation] {
        try read("explain ticket \(number)") { database in
            try Self.ticket(number, database).messages.compactMap { try Self.explanation($0.deliveryID, database) }
        }
    }

    private static func explanation(_ id: Int64, _ database: Database) throws -> Explanation? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT delivery.*, message.*, mailbox_cursor.mailbox AS mailbox_name, account.name AS account_name
                FROM delivery JOIN message ON delivery_id = delivery.id
                JOIN mailbox_cursor ON mailbox_cursor.id = mailbox_id JOIN account ON account.id = account_id
                WHERE delivery.id = ?
                """, arguments: [id])
        guard let row, let state = DeliveryState(rawValue: row["state"]) else { return nil }
        let decoder = JSONDecoder()
        let outboxID: Int64? = row["outbox_id"]
        let message = try TicketRecord.Message(id, database)
        return Explanation(
            deliveryID: id, locator: locator(row),
            ticket: (row["ticket"] as Int64?).map { TicketNumber($0) }, state: state, detail: row["detail"],
            decidedAt: row.date("decided_at"), subject: row["subject"],
            facts: try decoder.decode(Facts.self, from: Data((row["facts"] as String).utf8)),
            decision: try decoder.decode(Decision.self, from: Data((row["decision"] as String).utf8)),
            details: try details(deliveryID: id, database), attachments: message?.attachments ?? [],
            defects: (row["defects"] as String?)?.split(separator: "\n").map(String.init) ?? [],
            outbox: try outboxID.flatMap { outbox in
                try Row.fetchOne(database, sql: "SELECT * FROM outbox WHERE id = ?", arguments: [outbox])
                    .map { try OutboxItem($0, database) }
            }, rawDigest: SHA256Digest(bytes: row.bytes("raw_digest")))
    }

    static func locator(_ row: Row) -> MessageLocator {
        MessageLocator(
            account: AccountName(row["account_name"] as String), mailbox: MailboxName(row["mailbox_name"] as String),
            uidValidity: UIDValidity(row["uid_validity"] as UInt32), uid: UID(row["uid"] as UInt32))
    }
}
