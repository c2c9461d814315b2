internal import Foundation
internal import Replies
internal import Routing
package import Triage
internal import Vocabulary

/// Facts and decisions as the compact JSON in which they stand beside a message: what `JSONDecoder` reads back through
/// `Codable`, with its default strategies.
///
/// They are written by hand because that happens for every message inside the writer's transaction: Foundation's encoder
/// took longer than all rows together, and a streaming `Encoder` of our own still half of the transaction. A test holds
/// what is written here against Foundation's encoder, field by field, and fails when a type gets a field that is
/// missing here.
package enum StoredDecision {
    package static func json(_ facts: Facts) throws -> [UInt8] {
        var text = JSONText()
        try text.append(facts)
        return text.bytes
    }

    package static func json(_ decision: Decision) throws -> [UInt8] {
        var text = JSONText()
        try text.append(decision)
        return text.bytes
    }
}

/// JSON has no NaN and no infinity.
struct NotAJSONNumber: Error {}

/// A JSON text in the making. A comma goes before every member or element but the first.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(4096) }

    mutating func open(_ opener: Unicode.Scalar = "{") { bytes.append(UInt8(ascii: opener)) }
    mutating func close(_ closer: Unicode.Scalar = "}") { bytes.append(UInt8(ascii: closer)) }

    mutating func comma() {
        if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") {
            bytes.append(UInt8(ascii: ","))
        }
    }

    /// The name of a member that is known to need no escapes.
    mutating func key(_ name: StaticString) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func member(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    mutating func member(_ name: StaticString, _ value: Int64?) {
        guard let value else { return }
        key(name)
        number(value)
    }

    mutating func member(_ name: StaticString, _ value: Bool) {
        key(name)
        bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
    }

    mutating func member(_ name: StaticString, _ value: Double?) throws {
        guard let value else { return }
        guard value.isFinite else { throw NotAJSONNumber() }
        key(name)
        bytes.append(contentsOf: value.description.utf8)
    }

    /// As `Date` encodes itself.
    mutating func member(_ name: StaticString, _ value: Date?) throws {
        try member(name, value?.timeIntervalSinceReferenceDate)
    }

    mutating func number(_ value: Int64) { bytes.append(contentsOf: String(value).utf8) }

    mutating func string(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { text in
            var start = 0
            for index in text.indices where text[index] < 0x20 || text[index] == 0x22 || text[index] == 0x5C {
                bytes.append(contentsOf: text[start..<index])
                escape(text[index])
                start = index + 1
            }
            bytes.append(contentsOf: text[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(0x5C)
        switch byte {
        case 0x22, 0x5C: bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        default:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: [UInt8(ascii: "u"), 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
        }
    }
}

extension JSONText {
    // MARK: facts

    fileprivate mutating func append(_ facts: Facts) throws {
        open()
        try member("arrivedAt", facts.arrivedAt)
        try member("baseline", facts.baseline)
        if let duplicate = facts.duplicate {
            key("duplicate")
            open()
            member("deliveryID", duplicate.deliveryID)
            member("ticket", duplicate.ticket?.rawValue)
            member("basis", duplicate.basis.rawValue)
            close()
        }
        member("messageIDSeenElsewhere", facts.messageIDSeenElsewhere)
        if let ticket = facts.ticket { try append(ticket) }
        if let customer = facts.customer {
            key("customer")
            open()
            member("id", customer.id)
            member("tier", customer.tier)
            member("lastAssignee", customer.lastAssignee)
            member("openTickets", customer.openTickets.map(Int64.init))
            close()
        }
        append(facts.routing)
        key("replies")
        open()
        try member("lastToWriter", facts.replies.lastToWriter)
        member("onTicketWithinWindow", Int64(facts.replies.onTicketWithinWindow))
        member("inProcessWindow", Int64(facts.replies.inProcessWindow))
        try member("undeliverableUntil", facts.replies.undeliverableUntil)
        close()
        if let isOwnMail = facts.isOwnMail { member("isOwnMail", isOwnMail) }
        if let report = facts.report {
            key("report")
            open()
            member("outboxID", report.outboxID)
            member("link", report.link.rawValue)
            close()
        }
        member("account", facts.account)
        member("mailbox", facts.mailbox)
        close()
    }

    private mutating func append(_ ticket: Facts.TicketFacts) throws {
        key("ticket")
        open()
        member("number", ticket.number.rawValue)
        member("state", ticket.state.rawValue)
        member("link", ticket.link.rawValue)
        member("writerTakesPart", ticket.writerTakesPart)
        member("category", ticket.category.rawValue)
        member("urgency", ticket.urgency.rawValue)
        member("team", ticket.team)
        member("assignee", ticket.assignee)
        try member("endedAt", ticket.endedAt)
        try member("openedAt", ticket.openedAt)
        close()
    }

    private mutating func append(_ routing: RoutingFacts) {
        key("routing")
        open()
        key("lastAssigned")
        open()
        for (team, person) in routing.lastAssigned {
            comma()
            string(team)
            bytes.append(UInt8(ascii: ":"))
            string(person)
        }
        close()
        key("openTickets")
        open()
        for (person, count) in routing.openTickets {
            comma()
            string(person)
            bytes.append(UInt8(ascii: ":"))
            number(Int64(count))
        }
        close()
        close()
    }

    // MARK: decision

    fileprivate mutating func append(_ decision: Decision) throws {
        open()
        append(decision.outcome)
        member("category", decision.category.rawValue)
        member("urgency", decision.urgency.rawValue)
        member("basis", decision.basis)
        member("team", decision.team)
        member("assignee", decision.assignee)
        try member("firstResponseDue", decision.firstResponseDue)
        try member("resolutionDue", decision.resolutionDue)
        try append(decision.reply)
        key("reasons")
        open("[")
        for reason in decision.reasons { try append(reason) }
        close("]")
        member("configVersion", decision.configVersion)
        member("follows", decision.follows?.rawValue)
        member("importance", decision.importance?.rawValue)
        member("complexity", decision.complexity?.rawValue)
        member("tier", decision.tier)
        if let rules = decision.rules { append("rules", rules) }
        if let handling = decision.handling { append(handling) }
        close()
    }

    private mutating func append(_ handling: Handling) {
        key("handling")
        open()
        append("tags", handling.tags)
        append("watchers", handling.watchers)
        append("notified", handling.notified)
        member("moveTo", handling.moveTo)
        member("holdReply", handling.holdReply)
        close()
    }

    /// A case with values is an object in an object: `{"duplicate":{"of":7}}`; a value without a name is `_0`.
    private mutating func append(_ outcome: Decision.Outcome) {
        func one(_ name: StaticString, _ body: (inout JSONText) -> Void = { _ in }) {
            key(name)
            open()
            body(&self)
            close()
        }
        key("outcome")
        open()
        switch outcome {
        case .ticketed: one("ticketed")
        case .followedUp(let number, let reopens):
            one("followedUp") {
                $0.member("_0", number.rawValue)
                $0.member("reopens", reopens)
            }
        case .duplicate(let delivery): one("duplicate") { $0.member("of", delivery) }
        case .dsn(let number): one("dsn") { $0.member("_0", number?.rawValue) }
        case .own: one("own")
        case .ignored(let why): one("ignored") { $0.member("_0", why) }
        case .quarantined(let why): one("quarantined") { $0.member("_0", why) }
        }
        close()
    }

    private mutating func append(_ reply: ReplyDecision) throws {
        key("reply")
        open()
        switch reply {
        case .suppressed(let why):
            key("suppressed")
            open()
            member("_0", why.rawValue)
            close()
        case .send(let plan):
            key("send")
            open()
            key("_0")
            try append(plan)
            close()
        }
        close()
    }

    private mutating func append(_ plan: ReplyPlan) throws {
        open()
        member("template", plan.template)
        member("language", plan.language.rawValue)
        append("recipient", plan.recipient)
        append("sender", plan.sender)
        member("originalSubject", plan.originalSubject)
        member("originalMessageID", plan.originalMessageID?.value)
        key("originalReferences")
        open("[")
        for id in plan.originalReferences {
            comma()
            string(id.value)
        }
        close("]")
        member("salutationName", plan.salutationName)
        member("category", plan.category.rawValue)
        member("urgency", plan.urgency.rawValue)
        try member("firstResponseDue", plan.firstResponseDue)
        try member("notBefore", plan.notBefore)
        try member("expires", plan.expires)
        if let asks = plan.asks { append("asks", asks.map(\.rawValue)) }
        if let files = plan.files { append("files", files) }
        try member("opens", plan.opens)
        member("message", plan.message)
        close()
    }

    private mutating func append(_ name: StaticString, _ texts: [String]) {
        key(name)
        open("[")
        for text in texts {
            comma()
            string(text)
        }
        close("]")
    }

    private mutating func append(_ name: StaticString, _ address: NamedAddress) {
        key(name)
        open()
        member("displayName", address.displayName)
        member("address", address.address.description)
        close()
    }

    private mutating func append(_ reason: Reason) throws {
        comma()
        open()
        member("about", reason.about.rawValue)
        member("conclusion", reason.conclusion)
        member("because", reason.because)
        member("source", reason.source)
        try member("weight", reason.weight)
        close()
    }
}
