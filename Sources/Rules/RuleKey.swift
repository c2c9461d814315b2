package import Vocabulary

/// What a condition can ask of the message itself. Facts of the store (`customer.tier` and its like) are asked of
/// `RuleFacts` when the message is decided.
package enum RuleKey: Hashable, Sendable {
    /// `WriterKind`: `customer`, `agent`, `dsn`, `own`, `automatic`.
    case kind
    /// `authenticated`, `failed`, `unknown`.
    case trust
    /// A BCP 47 tag; `zh` in a rule also means `zh-Hans` and `zh-Hant`.
    case language
    case subject
    /// What the writer wrote: no quotes, no signature.
    case text
    /// Address and display name of the From field, each a value of its own.
    case from
    /// Addresses and display names of To and Cc, each a value of its own.
    case to
    /// Our address that the mail was written to.
    case recipient
    /// Every field of that name, one value each.
    case header(String)
    /// What the classifier found; in `decide` a category that an earlier rule set comes first.
    case category
    /// As `category`.
    case urgency
    /// Clean file name of each attachment; empty text for one without a name.
    case attachmentName
    /// Media type of each attachment, by its content where that tells.
    case attachmentType
    /// What is odd about any attachment: `encrypted`, `macros`, `runnable`, `misnamed` and so on.
    case attachmentFlag
    /// Value as written and normalized form of each detail of that field.
    case detail(Detail.Field)

    /// The words of `attachmentFlag`.
    package static let attachmentFlags = [
        "bidirectional-control", "cut", "double-extension", "encrypted", "hidden-characters", "inline", "macros",
        "misdeclared", "misnamed", "path", "reserved-name", "runnable", "unread",
    ]
}

/// What the rules ask a message. `Triage` answers from the parsed message.
package protocol RuleInput {
    /// Every value of `key`, one each, never joined; none when the message has no such thing.
    func values(_ key: RuleKey) -> [String]

    /// For reasons: what each of the values was found in, such as the name of a file; empty where the value says it all.
    func origins(_ key: RuleKey) -> [String]
}

extension RuleInput {
    package func origins(_ key: RuleKey) -> [String] { [] }
}

/// What the rules ask the store. Read inside the writer's transaction.
package struct RuleFacts: Sendable, Codable, Equatable {
    /// Tier of the customer's file: `vip`; nil when nobody graded the customer.
    package var tier: String?
    /// The message belongs to a ticket that exists.
    package var isFollowUp: Bool
    /// State of that ticket: `new`, `open`, `waiting`, `resolved`, `closed`.
    package var ticketState: String?
    /// Whether somebody works now, by the calendar of the deadline that fits all mail; nil when that is not asked.
    package var isOpen: Bool?

    package init(tier: String? = nil, isFollowUp: Bool = false, ticketState: String? = nil, isOpen: Bool? = nil) {
        self.tier = tier
        self.isFollowUp = isFollowUp
        self.ticketState = ticketState
        self.isOpen = isOpen
    }
}

/// Whatever a condition's key can name.
enum ConditionKey: Hashable, Sendable {
    case message(RuleKey)
    case tier, followUp, ticketState, hours

    /// Reads a key as rule files write it; nil when there is none of that name.
    init?(_ text: String) {
        if let known = Self.plain[text] {
            self = known
        } else if text.hasPrefix("header."), let name = Self.fieldName(text.dropFirst(7)) {
            self = .message(.header(name))
        } else if text.hasPrefix("detail."), let field = Detail.Field(rawValue: String(text.dropFirst(7))) {
            self = .message(.detail(field))
        } else {
            return nil
        }
    }

    private static let plain = Dictionary(uniqueKeysWithValues: listed.map { ($0.key, $0.value) })

    /// In the order in which advice lists them.
    private static let listed: KeyValuePairs<String, ConditionKey> = [
        "kind": .message(.kind), "trust": .message(.trust), "language": .message(.language),
        "subject": .message(.subject), "text": .message(.text), "from": .message(.from), "to": .message(.to),
        "recipient": .message(.recipient), "category": .message(.category), "urgency": .message(.urgency),
        "attachment.name": .message(.attachmentName), "attachment.type": .message(.attachmentType),
        "attachment.flag": .message(.attachmentFlag), "customer.tier": .tier, "ticket.follow_up": .followUp,
        "ticket.state": .ticketState, "hours": .hours,
    ]

    /// Every key by name, for advice; `header.` stands for all fields.
    static let names: [String] =
        listed.map(\.key) + Detail.Field.allCases.map { "detail.\($0.rawValue)" } + ["header.List-Id"]

    /// RFC 5322 section 3.6.8: printable ASCII without the colon.
    private static func fieldName(_ text: Substring) -> String? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }) else {
            return nil
        }
        return String(text)
    }

    /// Holds one value at a time, so that two different wanted values exclude each other.
    var isSingleValued: Bool {
        switch self {
        case .message(.kind), .message(.trust), .message(.category), .message(.urgency), .tier, .followUp,
            .ticketState, .hours:
            true
        default: false
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
        case .followUp: ["true", "false"]
        case .ticketState: ["new", "open", "waiting", "resolved", "closed"]
        case .hours: ["open", "closed"]
        default: nil
        }
    }
}
