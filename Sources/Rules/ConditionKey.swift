import Vocabulary

/// Whatever a condition's key can name: something of the message, or something of `RuleFacts`.
enum ConditionKey: Hashable, Sendable {
    case message(RuleKey)
    case account, mailbox
    case knownCustomer, tier, openTickets
    case followUp, reopened, ticketState, ticketAge
    case hours, time, weekday, day, workday, age
    case importance, complexity

    /// Reads a key as rule files write it; nil when there is none of that name.
    init?(_ text: String, categories: [Category]) {
        if let known = Self.plain[text] {
            self = known
        } else if text.hasPrefix("header."), let name = Self.fieldName(text.dropFirst(7)) {
            self = .message(.header(name))
        } else if text.hasPrefix("detail."), let field = Detail.Field(rawValue: String(text.dropFirst(7))) {
            self = .message(.detail(field))
        } else if text.hasPrefix("score."), categories.contains(Category(String(text.dropFirst(6)))) {
            self = .message(.score(Category(String(text.dropFirst(6)))))
        } else {
            return nil
        }
    }

    private static let plain = Dictionary(uniqueKeysWithValues: listed.map { ($0.key, $0.value) })

    /// In the order in which advice lists them.
    private static let listed: KeyValuePairs<String, ConditionKey> = [
        "kind": .message(.kind), "trust": .message(.trust), "language": .message(.language),
        "subject": .message(.subject), "text": .message(.text), "from": .message(.from), "to": .message(.to),
        "cc": .message(.cc), "reply_to": .message(.replyTo), "recipient": .message(.recipient),
        "category": .message(.category), "category.score": .message(.categoryScore), "urgency": .message(.urgency),
        "importance": .importance, "complexity": .complexity, "attachment.name": .message(.attachmentName),
        "attachment.type": .message(.attachmentType), "attachment.flag": .message(.attachmentFlag),
        "attachment.size": .message(.attachmentSize), "attachment.count": .message(.attachmentCount),
        "size": .message(.size), "spam.flag": .message(.spamFlag), "spam.score": .message(.spamScore),
        "account": .account, "mailbox": .mailbox, "customer.known": .knownCustomer, "customer.tier": .tier,
        "customer.open_tickets": .openTickets, "ticket.follow_up": .followUp, "ticket.reopened": .reopened,
        "ticket.state": .ticketState, "ticket.age": .ticketAge, "hours": .hours, "time": .time, "weekday": .weekday,
        "date": .day, "workday": .workday, "age": .age,
    ]

    /// Every key by name, for advice; `header.` and `score.` stand for all of their kind.
    static let names: [String] =
        listed.map(\.key) + Detail.Field.allCases.map { "detail.\($0.rawValue)" }
        + ["score.complaint", "header.List-Id"]

    /// RFC 5322 section 3.6.8: printable ASCII without the colon.
    private static func fieldName(_ text: Substring) -> String? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }) else {
            return nil
        }
        return String(text)
    }

    /// As rule files write it.
    var name: String {
        if case .message(let key) = self { return key.name }
        return Self.listed.first { $0.value == self }?.key ?? ""
    }

    /// What its values are, and with that which tests it understands.
    enum Form: Sendable {
        case text
        case number, size, duration, timeOfDay, day

        var isNumeric: Bool { self != .text }
    }

    var form: Form {
        switch self {
        case .message(.categoryScore), .message(.score), .message(.attachmentCount), .message(.spamScore),
            .openTickets:
            .number
        case .message(.attachmentSize), .message(.size): .size
        case .ticketAge, .age: .duration
        case .time: .timeOfDay
        case .day: .day
        default: .text
        }
    }

    /// Its values are addresses and display names.
    var isAddress: Bool {
        switch self {
        case .message(.from), .message(.to), .message(.cc), .message(.replyTo), .message(.recipient): true
        default: false
        }
    }

    /// A number from 0 to 1.
    var isShare: Bool {
        switch self {
        case .message(.categoryScore), .message(.score): true
        default: false
        }
    }

    /// Holds one value at a time, so that two different wanted values exclude each other.
    var isSingleValued: Bool {
        switch self {
        case .message(.kind), .message(.trust), .message(.category), .message(.urgency), .message(.spamFlag), .account,
            .mailbox, .knownCustomer, .tier, .followUp, .reopened, .ticketState, .hours, .weekday, .workday,
            .importance, .complexity:
            true
        default: false
        }
    }

    /// Judged when the message is decided: on the store, the clock, or what an earlier rule has set.
    var isJudgedLate: Bool {
        switch self {
        case .message(.category), .message(.urgency): true
        case .message: false
        default: true
        }
    }

    /// The words that this key can have, where they are fixed.
    func words(categories: [Category]) -> [String]? {
        switch self {
        case .message(.kind): WriterKind.allCases.map(\.rawValue)
        case .message(.trust): [Trust.authenticated, .failed, .unknown].map(\.rawValue)
        case .message(.category): categories.map(\.rawValue)
        case .message(.urgency): Urgency.allCases.map(\.rawValue)
        case .message(.attachmentFlag): RuleKey.attachmentFlags
        case .importance: Importance.allCases.map(\.rawValue)
        case .complexity: Complexity.allCases.map(\.rawValue)
        case .message(.spamFlag), .knownCustomer, .followUp, .reopened, .workday: ["true", "false"]
        case .ticketState: ["new", "open", "waiting", "resolved", "closed"]
        case .hours: ["open", "closed"]
        case .weekday: LocalMoment.weekdays
        default: nil
        }
    }
}
