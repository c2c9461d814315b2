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
    /// Addresses and display names of Cc alone.
    case cc
    /// Addresses and display names of Reply-To; none when there is no such field.
    case replyTo
    /// Our address that the mail was written to.
    case recipient
    /// Every field of that name, one value each.
    case header(String)
    /// What the classifier found; in `decide` a category that an earlier rule set comes first.
    case category
    /// As `category`.
    case urgency
    /// How sure the classifier is of its category, 0 to 1; a number.
    case categoryScore
    /// Share of the evidence that speaks for one category, 0 to 1; a number.
    case score(Category)
    /// Clean file name of each attachment; empty text for one without a name.
    case attachmentName
    /// Media type of each attachment, by its content where that tells.
    case attachmentType
    /// What is odd about any attachment: `encrypted`, `macros`, `runnable`, `misnamed` and so on.
    case attachmentFlag
    /// Decoded size of each attachment in bytes; a number.
    case attachmentSize
    /// How many attachments there are; a number.
    case attachmentCount
    /// Size of the message as it came, in bytes; a number.
    case size
    /// `true` or `false`: what a spam filter in front of us wrote into the header.
    case spamFlag
    /// Its score; a number, and none when no filter gave one.
    case spamScore
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

    /// The same for keys whose values are numbers.
    func numbers(_ key: RuleKey) -> [Double]

    /// For reasons: what each of the values was found in, such as the name of a file; empty where the value says it all.
    func origins(_ key: RuleKey) -> [String]
}

extension RuleInput {
    package func numbers(_ key: RuleKey) -> [Double] { [] }
    package func origins(_ key: RuleKey) -> [String] { [] }
}

extension RuleKey {
    /// As rule files write it.
    package var name: String {
        switch self {
        case .kind: "kind"
        case .trust: "trust"
        case .language: "language"
        case .subject: "subject"
        case .text: "text"
        case .from: "from"
        case .to: "to"
        case .cc: "cc"
        case .replyTo: "reply_to"
        case .recipient: "recipient"
        case .header(let name): "header.\(name)"
        case .category: "category"
        case .urgency: "urgency"
        case .categoryScore: "category.score"
        case .score(let category): "score.\(category)"
        case .attachmentName: "attachment.name"
        case .attachmentType: "attachment.type"
        case .attachmentFlag: "attachment.flag"
        case .attachmentSize: "attachment.size"
        case .attachmentCount: "attachment.count"
        case .size: "size"
        case .spamFlag: "spam.flag"
        case .spamScore: "spam.score"
        case .detail(let field): "detail.\(field.rawValue)"
        }
    }
}
