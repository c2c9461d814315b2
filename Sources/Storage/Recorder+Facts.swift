internal import Correspondence
internal import Digest
internal import Foundation
internal import GRDB
internal import Replies
internal import Triage
internal import Vocabulary

/// What the transaction found out about a message beside the facts that `decide` sees.
struct Surroundings {
    var ticket: TicketRow?
    var customer: CustomerRow?
}

/// What the writer needs of a ticket.
struct TicketRow {
    let number: Int64
    let state: TicketState
    let version: Int64
    let customerID: Int64?
    let category: String
    let urgency: Urgency
    let team: String?
    let assignee: String
    let resolvedAt: Date?
    let openedAt: Date

    static func find(_ number: Int64, in database: Database) throws -> TicketRow? {
        var select = try Prepared(
            database,
            """
            SELECT state, version, customer_id, category, urgency, team, assignee, resolved_at, opened_at FROM ticket
            WHERE number = ?
            """)
        select.bind(number)
        guard try select.step() else { return nil }
        guard let state = TicketState(rawValue: select.text(0)), let urgency = Urgency(rawValue: select.text(4)) else {
            throw StorageError(.corrupt, tried: "read ticket #\(number)")
        }
        return TicketRow(
            number: number, state: state, version: select.int(1), customerID: select.optionalInt(2),
            category: select.text(3), urgency: urgency, team: select.optionalText(5), assignee: select.text(6),
            resolvedAt: select.optionalDate(7), openedAt: select.date(8))
    }
}

struct CustomerRow {
    let id: Int64
    let tier: String?
    let lastAssignee: String?
}

extension Recorder {
    /// Reads what the store knows about a message, before it is decided.
    func facts(for understanding: Understanding, arrivedAt: Date) throws -> (Facts, Surroundings) {
        var facts = Facts(
            arrivedAt: arrivedAt, baseline: mailbox.baseline, account: mailbox.account.rawValue,
            mailbox: mailbox.mailbox.rawValue)
        var surroundings = Surroundings()
        facts.duplicate = try duplicate(of: understanding, arrivedAt: arrivedAt)
        if facts.duplicate == nil { facts.messageIDSeenElsewhere = try isMessageIDKnown(understanding) }

        let origin = understanding.origin
        if let writer = origin.writer {
            surroundings.customer = try customer(at: writer.address)
            facts.customer = try surroundings.customer.map {
                Facts.CustomerFacts(
                    id: $0.id, tier: $0.tier, lastAssignee: $0.lastAssignee, openTickets: try openTickets(of: $0.id))
            }
        }
        facts.report = try report(origin)
        facts.isOwnMail = try isOwnMail(understanding)
        if let (row, link, takesPart) = try ticket(of: understanding, surroundings, reported: facts.report?.outboxID) {
            surroundings.ticket = row
            facts.ticket = Facts.TicketFacts(
                number: TicketNumber(row.number), state: row.state, link: link, writerTakesPart: takesPart,
                category: Category(row.category), urgency: row.urgency, team: row.team, assignee: row.assignee,
                endedAt: row.resolvedAt, openedAt: row.openedAt)
        }
        facts.routing = routing
        facts.replies = try replyFacts(origin, ticket: surroundings.ticket)
        return (facts, surroundings)
    }

    // MARK: the same message before

    /// A short key for the index: of the Message-ID, or of the raw bytes where there is none.
    static func messageKey(_ understanding: Understanding) -> Int64 {
        understanding.messageID.map(Self.key(of:)) ?? understanding.rawDigest.indexKey
    }

    static func key(of id: MessageID) -> Int64 { sha256(utf8: StoredText.messageID(id)).indexKey }

    /// promise 2 of CONTRIBUTING. The fingerprint covers the Message-ID, so one index on both finds it.
    private func duplicate(of understanding: Understanding, arrivedAt: Date) throws -> Facts.Duplicate? {
        understanding.messageID == nil
            ? try duplicateByBytes(understanding, arrivedAt: arrivedAt)
            : try duplicateByFingerprint(understanding)
    }

    private func duplicateByFingerprint(_ understanding: Understanding) throws -> Facts.Duplicate? {
        var select = try Prepared(
            database,
            """
            SELECT delivery.id, ticket, fingerprint FROM message JOIN delivery ON delivery.id = delivery_id
            WHERE message_key = ? AND fingerprint_key = ? ORDER BY delivery_id LIMIT 3
            """)
        select.bind(Self.messageKey(understanding))
        select.bind(understanding.fingerprint.indexKey)
        while try select.step() {
            guard select.blob(2) == understanding.fingerprint.bytes else { continue }
            return Facts.Duplicate(
                deliveryID: select.int(0), ticket: select.optionalInt(1).map { TicketNumber($0) }, basis: .fingerprint)
        }
        return nil
    }

    /// Web forms write no Message-ID and repeat themselves weeks apart: the same bytes count only within a day, or when
    /// the mailbox is read again under another UIDVALIDITY.
    private func duplicateByBytes(_ understanding: Understanding, arrivedAt: Date) throws -> Facts.Duplicate? {
        let day: Double = 24 * 60 * 60
        var select = try Prepared(
            database,
            """
            SELECT delivery.id, ticket, raw_digest, arrived_at, mailbox_id, uid_validity
            FROM message JOIN delivery ON delivery.id = delivery_id
            WHERE message_key = ? AND fingerprint_key = ? AND message_id IS NULL ORDER BY delivery_id DESC LIMIT 50
            """)
        select.bind(Self.messageKey(understanding))
        select.bind(understanding.fingerprint.indexKey)
        while try select.step() {
            guard select.blob(2) == understanding.rawDigest.bytes else { continue }
            let isReread = select.int(4) == mailbox.id && select.int(5) != Int64(mailbox.uidValidity.rawValue)
            let isRecent = abs(arrivedAt.timeIntervalSince(select.date(3))) < day
            guard isReread || isRecent else { continue }
            return Facts.Duplicate(
                deliveryID: select.int(0), ticket: select.optionalInt(1).map { TicketNumber($0) },
                basis: isRecent ? .rawWithinDay : .rawAfterUIDValidityChange)
        }
        return nil
    }

    private func isMessageIDKnown(_ understanding: Understanding) throws -> Bool {
        guard let id = understanding.messageID else { return false }
        var select = try Prepared(database, "SELECT 1 FROM message WHERE message_key = ? AND message_id = ? LIMIT 1")
        select.bind(Self.messageKey(understanding))
        select.bind(StoredText.messageID(id))
        return try select.step()
    }

    // MARK: the writer

    private func customer(at address: EmailAddress) throws -> CustomerRow? {
        var select = try Prepared(
            database,
            """
            SELECT customer.id, tier, last_assignee FROM contact_point JOIN customer ON customer.id = customer_id
            WHERE value = ? AND kind = 'email'
            """)
        select.bind(address.normalized)
        guard try select.step() else { return nil }
        return CustomerRow(id: select.int(0), tier: select.optionalText(1), lastAssignee: select.optionalText(2))
    }

    /// The condition is that of the index, word for word.
    private func openTickets(of customer: Int64) throws -> Int {
        var select = try Prepared(
            database,
            """
            SELECT count(*) FROM ticket
            WHERE customer_id = ? AND (state = 'new' OR state = 'open' OR state = 'waiting')
            """)
        select.bind(customer)
        return try select.step() ? Int(select.int(0)) : 0
    }

    /// Only an address that can be believed takes part: as one of our people, as the ticket's customer, or because we
    /// wrote to it about the ticket.
    private func takesPart(_ origin: MailOrigin, customer: CustomerRow?, in ticket: TicketRow) throws -> Bool {
        guard origin.trust != .failed, let writer = origin.writer else { return false }
        if origin.kind == .agent { return true }
        if let customer, customer.id == ticket.customerID { return true }
        var select = try Prepared(
            database,
            """
            SELECT 1 FROM outbox JOIN outbox_recipient ON outbox_id = id WHERE ticket = ? AND address = ? LIMIT 1
            """)
        select.bind(ticket.number)
        select.bind(writer.address.normalized)
        return try select.step()
    }

    // MARK: the ticket it belongs to

    private typealias Link = (row: TicketRow, link: Facts.TicketFacts.Link, takesPart: Bool)

    /// References first, then our token, then the number in the subject if the writer takes part.
    private func ticket(
        of understanding: Understanding, _ surroundings: Surroundings, reported: Int64?
    ) throws -> Link? {
        let origin = understanding.origin
        func link(_ number: Int64, _ link: Facts.TicketFacts.Link) throws -> Link? {
            guard let row = try TicketRow.find(number, in: database) else { return nil }
            return (row, link, try takesPart(origin, customer: surroundings.customer, in: row))
        }
        if let outbox = reported, let number = try ticket(ofOutbox: outbox),
            let found = try link(number, .token)
        {
            return found
        }
        for id in origin.references.suffix(referencesTried).reversed() {
            if let number = try ticket(ofReference: id), let found = try link(number, .references) { return found }
        }
        for token in origin.tokens.prefix(tokensTried) {
            if let number = keys.ticket(customerToken: token), let found = try link(number.rawValue, .token) {
                return found
            }
        }
        // A subject with two numbers belongs to either or neither: nobody can tell.
        guard origin.ticketNumbers.count == 1, let number = origin.ticketNumbers.first,
            let found = try link(number.rawValue, .subjectTag), found.takesPart
        else { return nil }
        return found
    }

    /// The last references are the nearest ones (RFC 5322 section 3.6.4); a hostile mail may list thousands.
    private var referencesTried: Int { 30 }
    private var tokensTried: Int { 4 }

    private func ticket(ofReference id: MessageID) throws -> Int64? {
        if let outbox = try outbox(withMessageID: id) { return try ticket(ofOutbox: outbox) }
        var select = try Prepared(
            database,
            """
            SELECT ticket FROM message JOIN delivery ON delivery.id = delivery_id
            WHERE message_key = ? AND message_id = ? AND ticket IS NOT NULL LIMIT 1
            """)
        select.bind(Self.key(of: id))
        select.bind(StoredText.messageID(id))
        return try select.step() ? select.int(0) : nil
    }

    private func ticket(ofOutbox id: Int64) throws -> Int64? {
        var select = try Prepared(database, "SELECT ticket FROM outbox WHERE id = ?")
        select.bind(id)
        return try select.step() ? select.int(0) : nil
    }

    /// The number of the row stands in the Message-ID; the seal beside it makes that worth something.
    func outbox(withMessageID id: MessageID) throws -> Int64? {
        guard let number = StoreKeys.outboxID(in: id) else { return nil }
        var select = try Prepared(database, "SELECT 1 FROM outbox WHERE id = ? AND message_id = ?")
        select.bind(number)
        select.bind(id.value)
        return try select.step() ? number : nil
    }

    // MARK: the mail that a report is about

    private func report(_ origin: MailOrigin) throws -> Facts.ReportFacts? {
        for token in origin.tokens.prefix(tokensTried) {
            if let id = keys.outboxID(bounceToken: token), try ticket(ofOutbox: id) != nil {
                return Facts.ReportFacts(outboxID: id, link: .reversePath)
            }
        }
        guard origin.kind == .dsn, let report = origin.report else { return nil }
        // ENVID is the left side of our Message-ID.
        if let envelope = report.envelopeID,
            let id = MessageID("\(envelope)@\(options.identity.messageIDDomain)"),
            let found = try outbox(withMessageID: id)
        {
            return Facts.ReportFacts(outboxID: found, link: .envelopeID)
        }
        if let id = report.originalMessageID, let found = try outbox(withMessageID: id) {
            return Facts.ReportFacts(outboxID: found, link: .messageID)
        }
        return try lastOutbox(to: report).map { Facts.ReportFacts(outboxID: $0, link: .recipient) }
    }

    /// The last mail to an address that the report names, when it is young enough that a server may still report on it
    /// (RFC 5321 section 4.5.4.1: it gives up after four to five days).
    private func lastOutbox(to report: DeliveryReport) throws -> Int64? {
        let youngest = now.addingTimeInterval(-5 * 86_400)
        for recipient in report.recipients.prefix(tokensTried) {
            guard let address = Self.reportedAddress(recipient.finalRecipient) else { continue }
            var select = try Prepared(
                database,
                """
                SELECT outbox_id FROM outbox_recipient JOIN outbox ON outbox.id = outbox_id
                WHERE outbox_id > (SELECT coalesce(max(id), 0) - ? FROM outbox) AND address = ?
                  AND outbox.updated_at > ? AND outbox.state IN ('accepted', 'uncertain')
                ORDER BY outbox_id DESC LIMIT 1
                """)
            select.bind(Self.recentMails)
            select.bind(address.normalized)
            select.bind(youngest)
            if try select.step() { return select.int(0) }
        }
        return nil
    }

    /// So many rows are looked through for an address: it has no index, which every mail would pay for.
    private static let recentMails = 5000

    /// Nil when the mail does not say that it is ours.
    private func isOwnMail(_ understanding: Understanding) throws -> Bool? {
        guard understanding.origin.kind == .own else { return nil }
        // The mark is ours whatever Message-ID a provider has put there.
        if let mark = understanding.origin.ownClaim?.mark, keys.isOwnMark(mark) { return true }
        guard let id = understanding.messageID else { return false }
        if try outbox(withMessageID: id) != nil { return true }
        guard let notice = StoreKeys.noticeID(in: id) else { return false }
        var select = try Prepared(database, "SELECT created_at FROM notice WHERE id = ?")
        select.bind(notice)
        guard try select.step() else { return false }
        return id == keys.messageID(noticeID: notice, createdAt: select.int(0), domain: id.domain ?? "")
    }

    // MARK: replies already promised

    private func replyFacts(_ origin: MailOrigin, ticket: TicketRow?) throws -> Facts.ReplyFacts {
        var facts = Facts.ReplyFacts(inProcessWindow: repliesInWindow)
        if let address = origin.replyTo ?? origin.writer {
            var select = try Prepared(
                database,
                "SELECT last_auto_reply_at, undeliverable_until FROM contact_point WHERE value = ? AND kind = 'email'")
            select.bind(address.address.normalized)
            if try select.step() {
                facts.lastToWriter = select.optionalDate(0)
                facts.undeliverableUntil = select.optionalDate(1)
            }
        }
        if let ticket {
            var select = try Prepared(
                database, "SELECT count(*) FROM outbox WHERE ticket = ? AND automatic = 1 AND created_at > ?")
            select.bind(ticket.number)
            select.bind(now.addingTimeInterval(-options.replies.perTicketWindow))
            if try select.step() { facts.onTicketWithinWindow = Int(select.int(0)) }
        }
        return facts
    }
}

/// Texts of mail as they are stored: cut to a length at which an index or a list stays usable. Nobody writes longer
/// ones
/// by hand; the archive has them whole.
enum StoredText {
    static func messageID(_ id: MessageID) -> String { cut(id.value, 1000) }
    static func subject(_ text: String) -> String { cut(text, 1000) }
    static func name(_ text: String) -> String { cut(text, 300) }

    static func cut(_ text: String, _ limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let bytes = text.utf8.prefix(limit)
        // Not in the middle of a character.
        var end = bytes.endIndex
        while end > bytes.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = bytes.index(before: end)
        }
        return String(text[..<end])
    }
}
