internal import GRDB
package import Vocabulary

package import struct Foundation.Date

/// The last test mail of an account.
package struct Canary: Sendable, Equatable {
    package let begunAt: Date
    /// A relay has taken it.
    package let wasSent: Bool
    package let hasArrived: Bool
}

extension Store {
    /// Promises a test mail to an account itself: whether it arrives shows the whole way, relay and mailbox and us.
    package func beginCanary(account: AccountName, now: Date) throws(StorageError) {
        try change("begin a test mail") { database, _ in
            // One that no relay has taken until now need not pile up behind others.
            try database.execute(
                sql: """
                    UPDATE notice SET settled_at = ?, last_reply = 'superseded'
                    WHERE kind = 'canary' AND account = ? AND settled_at IS NULL
                    """,
                arguments: [now.storedMilliseconds, account.rawValue])
            try database.execute(
                sql: """
                    INSERT INTO notice (created_at, kind, account, subject, text, not_before) VALUES (?, 'canary', ?, ?, ?, ?)
                    """,
                arguments: [
                    now.storedMilliseconds, account.rawValue, "Test mail to \(account)",
                    "Postroom sends this mail to itself, to see whether mail arrives. It may be deleted.",
                    now.storedMilliseconds,
                ])
        }
    }

    package func lastCanary(account: AccountName, domain: String) throws(StorageError) -> Canary? {
        try read("look for a test mail") { database in
            var select = try Prepared(
                database,
                """
                SELECT id, created_at, settled_at FROM notice WHERE kind = 'canary' AND account = ? ORDER BY id DESC LIMIT 1
                """)
            select.bind(account.rawValue)
            guard try select.step() else { return nil }
            let id = keys.messageID(noticeID: select.int(0), createdAt: select.int(1), domain: domain)
            var arrived = try Prepared(
                database, "SELECT 1 FROM message WHERE message_key = ? AND message_id = ? LIMIT 1")
            arrived.bind(Recorder.key(of: id))
            arrived.bind(StoredText.messageID(id))
            return Canary(
                begunAt: select.date(1), wasSent: !select.isNull(2), hasArrived: try arrived.step())
        }
    }
}
