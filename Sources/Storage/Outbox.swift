package import Digest
internal import GRDB
package import Vocabulary

package import struct Foundation.Date

/// Where an outgoing mail stands.
package enum OutboxState: String, Sendable, Codable, CaseIterable, CustomStringConvertible {
    case queued, sending, accepted, deferred, uncertain, held, cancelled, failed

    package var description: String { rawValue }
}

/// Where one recipient of it stands.
package enum RecipientState: String, Sendable, Codable, CaseIterable {
    case pending, accepted, rejected
    /// Said by a delivery report (RFC 3464 section 2.3.3).
    case delivered, delayed, bounced

    init?(reportedAction action: String) {
        switch action.lowercased() {
        case "failed": self = .bounced
        case "delayed": self = .delayed
        case "delivered", "relayed", "expanded": self = .delivered
        default: return nil
        }
    }
}

/// A mail that may be sent now.
package struct OutboxMail: Sendable, Equatable {
    package let id: Int64
    package let ticket: TicketNumber
    package let messageID: MessageID
    package let reversePath: EmailAddress?
    /// Those that no server has accepted or refused for good yet.
    package let recipients: [EmailAddress]
    /// Name of its bytes in the archive: `outgoingBytes(_:)`.
    package let digest: SHA256Digest
    package let attempts: Int
    package let expires: Date
    let month: Int64
}

/// A mail that a server has taken, and which is not written down as such yet.
package struct AcceptedMail: Sendable, Equatable {
    package let id: Int64
    package let queueID: String?
    package let reply: String
    package let recipients: [RecipientReply]

    package init(id: Int64, queueID: String?, reply: String, recipients: [RecipientReply]) {
        self.id = id
        self.queueID = queueID
        self.reply = reply
        self.recipients = recipients
    }
}

/// What a server said of one recipient.
package struct RecipientReply: Sendable, Equatable {
    package var address: EmailAddress
    package var accepted: Bool
    package var reply: String

    package init(address: EmailAddress, accepted: Bool, reply: String) {
        self.address = address
        self.accepted = accepted
        self.reply = reply
    }
}

/// One mail of the outbox as lists and details show it.
package struct OutboxItem: Sendable, Equatable, Codable {
    package let id: Int64
    package let kind: String
    package let ticket: TicketNumber
    package let state: OutboxState
    package let reason: String?
    package let template: String?
    package let language: Language
    package let messageID: String
    package let subject: String
    package let recipients: [Recipient]
    package let digest: SHA256Digest
    package let size: Int
    package let createdAt: Date
    package let notBefore: Date
    package let expires: Date
    package let attempts: Int
    package let queueID: String?
    package let lastReply: String?

    package struct Recipient: Sendable, Equatable, Codable {
        package let address: String
        package let state: RecipientState
        package let reply: String?
    }
}

package struct OutboxFilter: Sendable {
    package var states: [OutboxState]
    package var ticket: TicketNumber?
    package var limit: Int

    /// An empty list of states means all of them.
    package init(states: [OutboxState] = [], ticket: TicketNumber? = nil, limit: Int = 200) {
        self.states = states
        self.ticket = ticket
        self.limit = limit
    }
}

extension Store {
    /// Mails that may leave now, the one that waits longest first. Those that have become pointless meanwhile (expired,
    /// the ticket is closed, a person has answered) are cancelled here, with the reason.
    package func claimable(now: Date, limit: Int) throws(StorageError) -> [OutboxMail] {
        let due = try read("look into the outbox") { try Self.dueRows(now: now, limit: limit, $0) }
        try cancelPointless(
            due.compactMap { row in
                row.pointless.map {
                    PointlessMail(id: row.id, reason: $0, isMissed: row.attempts > 0 || !row.isAutomatic)
                }
            }, now: now)
        let sendable = due.filter { $0.pointless == nil }
        return try read("look into the outbox") { database in
            try sendable.compactMap { try Self.mail($0.id, database) }
        }
    }

    private struct DueRow {
        let id: Int64
        let attempts: Int64
        let isAutomatic: Bool
        let pointless: String?
    }

    private static func dueRows(now: Date, limit: Int, _ database: Database) throws -> [DueRow] {
        var select = try Prepared(
            database,
            """
            SELECT outbox.id, attempts, automatic, \(pointlessReason)
            FROM outbox JOIN ticket ON ticket.number = outbox.ticket
            WHERE outbox.state IN ('queued', 'deferred') AND not_before <= ? ORDER BY not_before LIMIT ?
            """)
        select.bind(now)
        select.bind(now)
        select.bind(limit)
        var rows: [DueRow] = []
        while try select.step() {
            rows.append(
                DueRow(
                    id: select.int(0), attempts: select.int(1), isAutomatic: select.int(2) != 0,
                    pointless: select.optionalText(3)))
        }
        return rows
    }

    /// Why an automatic mail would only confuse by now; NULL when it would not. One parameter: now.
    private static let pointlessReason = """
        CASE WHEN expires_at <= ? THEN 'expired'
          WHEN automatic = 1 AND ticket.state = 'closed' THEN 'the ticket is closed'
          WHEN automatic = 1 AND last_human_answer_at > created_at THEN 'a person has answered' END
        """

    private static func mail(_ id: Int64, _ database: Database) throws -> OutboxMail? {
        var select = try Prepared(
            database,
            """
            SELECT ticket, message_id, reverse_path, raw_digest, archive_month, attempts, expires_at
            FROM outbox WHERE id = ? AND state IN ('queued', 'deferred')
            """)
        select.bind(id)
        guard try select.step() else { return nil }
        guard let messageID = MessageID(select.text(1)), let digest = SHA256Digest(bytes: select.blob(3)) else {
            throw StorageError(.corrupt, tried: "read outbox \(id)")
        }
        var recipients: [EmailAddress] = []
        var addresses = try Prepared(
            database, "SELECT address FROM outbox_recipient WHERE outbox_id = ? AND state = 'pending' ORDER BY address")
        addresses.bind(id)
        while try addresses.step() {
            guard let address = EmailAddress(addresses.text(0)) else { continue }
            recipients.append(address)
        }
        return OutboxMail(
            id: id, ticket: TicketNumber(select.int(0)), messageID: messageID,
            reversePath: EmailAddress(select.text(2)),
            recipients: recipients, digest: digest, attempts: Int(select.int(5)), expires: select.date(6),
            month: select.int(4))
    }

    /// The moment from which a mail may be due, for a clock that waits; nil when none waits.
    package func nextDue() throws(StorageError) -> Date? {
        try read("look into the outbox") { database in
            var select = try Prepared(
                database,
                "SELECT min(not_before) FROM outbox WHERE state IN ('queued', 'deferred')")
            return try select.step() ? select.optionalDate(0) : nil
        }
    }

    /// The bytes of a mail as they were composed and archived.
    package func outgoingBytes(_ mail: OutboxMail) throws(StorageError) -> [UInt8] {
        let tried = "read the bytes of outbox \(mail.id)"
        let bytes = try attempt(tried) {
            try archive.bytes(mail.digest, month: ArchiveMonth(stored: mail.month))
                ?? archive.bytes(mail.digest, month: nil)
        }
        guard let bytes else { throw StorageError(.corrupt, tried: tried) }
        return bytes
    }

    /// For lists, the newest first.
    package func outboxItems(_ filter: OutboxFilter = OutboxFilter()) throws(StorageError) -> [OutboxItem] {
        try read("list the outbox") { database in
            var conditions: [String] = []
            var arguments: StatementArguments = []
            if !filter.states.isEmpty {
                conditions.append("state IN (\(databaseQuestionMarks(count: filter.states.count)))")
                arguments += StatementArguments(filter.states.map(\.rawValue))
            }
            if let ticket = filter.ticket {
                conditions.append("ticket = ?")
                arguments += [ticket.rawValue]
            }
            arguments += [filter.limit]
            let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
            return try Row.fetchAll(
                database, sql: "SELECT * FROM outbox \(condition) ORDER BY id DESC LIMIT ?", arguments: arguments
            ).map { try OutboxItem($0, database) }
        }
    }

    package func outboxItem(_ id: Int64) throws(StorageError) -> OutboxItem {
        try read("read outbox \(id)") { database in
            guard let row = try Row.fetchOne(database, sql: "SELECT * FROM outbox WHERE id = ?", arguments: [id]) else {
                throw StorageError(.notFound, tried: "read outbox \(id)")
            }
            return try OutboxItem(row, database)
        }
    }
}

extension OutboxItem {
    init(_ row: Row, _ database: Database) throws {
        guard let state = OutboxState(rawValue: row["state"]), let digest = SHA256Digest(bytes: row.bytes("raw_digest"))
        else { throw StorageError(.corrupt, tried: "read the outbox") }
        let id: Int64 = row["id"]
        self.init(
            id: id, kind: row["kind"], ticket: TicketNumber(row["ticket"]), state: state, reason: row["reason"],
            template: row["template"], language: Language(row["language"] as String), messageID: row["message_id"],
            subject: row["subject"],
            recipients: try Row.fetchAll(
                database, sql: "SELECT * FROM outbox_recipient WHERE outbox_id = ? ORDER BY address", arguments: [id]
            ).map {
                Recipient(
                    address: $0["address"], state: RecipientState(rawValue: $0["state"]) ?? .pending, reply: $0["reply"]
                )
            },
            digest: digest, size: row["size"], createdAt: row.date("created_at"), notBefore: row.date("not_before"),
            expires: row.date("expires_at"), attempts: row["attempts"], queueID: row["queue_id"],
            lastReply: row["last_reply"])
    }
}
