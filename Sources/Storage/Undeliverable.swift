internal import GRDB
internal import Replies
package import Vocabulary

package import struct Foundation.Date
package import struct Foundation.TimeInterval

/// An address that refused a mail of ours for good. It gets nothing automatic for a while: a customer who writes is not
/// hindered, and mail that people send goes out all the same.
struct Undeliverable {
    let address: EmailAddress
    /// RFC 3463; may be empty.
    let status: String

    init(_ address: EmailAddress, status: String) {
        self.address = address
        self.status = status
    }

    /// A full or disabled mailbox, a size limit or a policy pass by sooner than an address that does not exist (RFC 3463
    /// section 3: X.1 addressing, X.2 mailbox, X.3 system, X.7 policy).
    private func period(_ options: ReplyOptions) -> TimeInterval {
        let week: TimeInterval = 7 * 86_400
        return status.hasPrefix("5.1.") ? options.blockPeriod : min(options.blockPeriod, week)
    }

    /// Refused while we were asking: without the options at hand, for a month.
    func markRefused(now: Date, _ database: Database) throws {
        let month: TimeInterval = 30 * 86_400
        try mark(until: now.addingTimeInterval(month), status: status, database)
    }

    func mark(_ options: ReplyOptions, now: Date, _ database: Database) throws {
        try mark(until: now.addingTimeInterval(period(options)), status: status, database)
    }

    private func mark(until: Date, status: String, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE contact_point SET undeliverable_until = ?, undeliverable_status = ?
                WHERE kind = 'email' AND value = ?
                """,
            arguments: [
                until.storedMilliseconds, StoredText.cut(status, 20), address.normalized,
            ])
    }
}

/// One entry of the block list.
package struct BlockedAddress: Sendable, Codable, Equatable {
    package let address: String
    package let until: Date
    package let status: String
}

extension Store {
    /// Addresses that get nothing automatic at present, those that are free again first.
    package func blockedAddresses(now: Date) throws(StorageError) -> [BlockedAddress] {
        try read("read the block list") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT value, undeliverable_until, undeliverable_status FROM contact_point
                    WHERE kind = 'email' AND undeliverable_until > ? ORDER BY undeliverable_until, value
                    """, arguments: [now.storedMilliseconds]
            ).map {
                BlockedAddress(
                    address: $0["value"], until: $0.date("undeliverable_until"),
                    status: $0["undeliverable_status"] ?? "")
            }
        }
    }

    /// Takes an address off the list. The audit does not name it: it holds no personal data.
    package func unblock(_ address: EmailAddress, actor: String, now: Date) throws(StorageError) {
        let tried = "take an address off the block list"
        try change(tried) { database, audit in
            try database.execute(
                sql: """
                    UPDATE contact_point SET undeliverable_until = NULL, undeliverable_status = NULL
                    WHERE kind = 'email' AND value = ? AND undeliverable_until IS NOT NULL
                    """, arguments: [address.normalized])
            guard database.changesCount == 1 else { throw StorageError(.notFound, tried: tried) }
            try audit.add(
                AuditEntry(
                    actor: actor, action: "address.unblocked", object: "contact_point",
                    before: keys.auditDigest(address.normalized)), at: now, to: database)
        }
    }
}
