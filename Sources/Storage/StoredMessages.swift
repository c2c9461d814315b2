package import Digest
package import Foundation
internal import GRDB
package import Triage
package import Vocabulary

/// A message as it was decided, for deciding it again: with the same bytes, facts, moment and options `decide` gives the
/// same decision.
package struct StoredMessage: Sendable {
    package let deliveryID: Int64
    package let ticket: TicketNumber?
    package let subject: String
    package let decidedAt: Date
    /// JSON of `Facts` and `Decision`; read by whoever works on it, not by the reader of the store.
    package let facts: [UInt8]
    package let decision: [UInt8]
    /// The message in the archive; nil when no bytes were kept.
    package let rawDigest: SHA256Digest?
    let archiveMonth: ArchiveMonth?

    package func decodedFacts() throws -> Facts { try JSONDecoder().decode(Facts.self, from: Data(facts)) }

    package func decodedDecision() throws -> Decision { try JSONDecoder().decode(Decision.self, from: Data(decision)) }
}

extension Store {
    /// Messages decided since a moment, oldest first, behind the delivery `after`.
    package func messages(
        since: Date, after: Int64 = 0, limit: Int = 500
    ) throws(StorageError) -> [StoredMessage] {
        try read("read decided messages") { database in
            var select = try Prepared(
                database,
                """
                SELECT delivery_id, ticket, subject, decided_at, facts, decision, raw_digest, archive_month
                FROM message JOIN delivery ON delivery.id = delivery_id
                WHERE delivery_id > ? AND decided_at >= ? ORDER BY delivery_id LIMIT ?
                """)
            select.bind(after)
            select.bind(since)
            select.bind(limit)
            var messages: [StoredMessage] = []
            while try select.step() {
                messages.append(
                    StoredMessage(
                        deliveryID: select.int(0), ticket: select.optionalInt(1).map { TicketNumber($0) },
                        subject: select.text(2), decidedAt: select.date(3), facts: select.blob(4),
                        decision: select.blob(5), rawDigest: SHA256Digest(bytes: select.blob(6)),
                        archiveMonth: select.optionalInt(7).flatMap(ArchiveMonth.init(stored:))))
            }
            return messages
        }
    }

    /// How many there are.
    package func messageCount(since: Date) throws(StorageError) -> Int {
        try read("count decided messages") { database in
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM message WHERE decided_at >= ?",
                arguments: [since.storedMilliseconds]) ?? 0
        }
    }

    /// The bytes of a decided message; nil when they are no longer kept.
    package func rawMessage(of message: StoredMessage) throws(StorageError) -> [UInt8]? {
        guard let digest = message.rawDigest else { return nil }
        return try attempt("read a message of the archive") {
            try archive.bytes(digest, month: message.archiveMonth)
        }
    }
}
