package import Replies
package import Vocabulary

package import struct Foundation.Date

/// What becomes of one message, with every reason. A value: nothing has happened yet.
package struct Decision: Sendable, Codable, Equatable {
    /// The named state in which the delivery ends (promise 4 of CONTRIBUTING).
    package enum Outcome: Sendable, Codable, Equatable {
        /// A new ticket; its number is given when the decision is stored.
        case ticketed
        /// Added to this ticket; `reopens` when that was resolved or closed.
        case followedUp(TicketNumber, reopens: Bool)
        case duplicate(of: Int64)
        /// A delivery report; the ticket whose mail it reports on, if that was found.
        case dsn(TicketNumber?)
        /// A copy of our own mail.
        case own
        /// Not ours to answer or track, by a named rule or standard: `beforeStart`, `mailingList`, `rule newsletter`.
        case ignored(String)
        case quarantined(String)

        /// The word in the ledger, in logs and in `--json`.
        package var name: String {
            switch self {
            case .ticketed: "ticketed"
            case .followedUp: "followed-up"
            case .duplicate: "duplicate"
            case .dsn: "dsn"
            case .own: "own"
            case .ignored: "ignored"
            case .quarantined: "quarantined"
            }
        }
    }

    package var outcome: Outcome
    package var category: Category
    package var urgency: Urgency
    /// What settled the category and urgency: `rule vip-complaint`, `lexicon`, `default`. For logs: no mail text.
    package var basis: String
    package var team: String?
    package var assignee: String?
    /// When the customer must have had a first answer from a person; nil when no clock runs.
    package var firstResponseDue: Date?
    /// When the matter must be solved; nil when no clock runs.
    package var resolutionDue: Date?
    package var reply: ReplyDecision
    /// In the order in which they were reached.
    package var reasons: [Reason]
    /// The configuration that decided.
    package var configVersion: String
    /// The finished ticket that a new one continues: the customer wrote after the time in which it is opened again.
    package var follows: TicketNumber?
    /// How much depends on it, and whether it takes a specialist; nil in records that are older than these values, and for
    /// mail that nobody works on.
    package var importance: Importance?
    package var complexity: Complexity?
    /// The customer's grade that was in force: that of a rule, else that of the customer's file.
    package var tier: String?
    /// Names of the rules that matched, in order; nil when none did.
    package var rules: [String]?
    /// What the rules want beside; nil when nothing.
    package var handling: Handling?

    package init(
        outcome: Outcome, category: Category, urgency: Urgency, basis: String, team: String? = nil,
        assignee: String? = nil, firstResponseDue: Date? = nil, resolutionDue: Date? = nil, reply: ReplyDecision,
        reasons: [Reason], configVersion: String, follows: TicketNumber? = nil
    ) {
        self.follows = follows
        self.outcome = outcome
        self.category = category
        self.urgency = urgency
        self.basis = basis
        self.team = team
        self.assignee = assignee
        self.firstResponseDue = firstResponseDue
        self.resolutionDue = resolutionDue
        self.reply = reply
        self.reasons = reasons
        self.configVersion = configVersion
    }
}

/// What rules want to be done with a mail beside its ticket, its owner and its reply.
package struct Handling: Sendable, Codable, Equatable {
    /// Labels for the ticket, each once.
    package var tags: [String]
    /// Persons and teams who hear of all that happens on the ticket.
    package var watchers: [String]
    /// Persons and teams who are told once, of this mail.
    package var notified: [String]
    /// The mailbox on the server to which the mail is moved, in place of the account's own.
    package var moveTo: String?
    /// Why the reply waits for a person.
    package var holdReply: String?

    package init(
        tags: [String] = [], watchers: [String] = [], notified: [String] = [], moveTo: String? = nil,
        holdReply: String? = nil
    ) {
        self.tags = tags
        self.watchers = watchers
        self.notified = notified
        self.moveTo = moveTo
        self.holdReply = holdReply
    }

    package var isEmpty: Bool { self == Handling() }
}

/// Reply or silence, either with its reason.
package enum ReplyDecision: Sendable, Codable, Equatable {
    case send(ReplyPlan)
    case suppressed(ReplySuppression)

    /// For logs and tables: the template's name, or `none (mailingList)`.
    package var word: String {
        switch self {
        case .send(let plan): plan.template
        case .suppressed(let reason): "none (\(reason.rawValue))"
        }
    }
}

/// A reply as decided, before the ticket number, tokens and Message-ID exist: all that `compose` needs beside those.
package struct ReplyPlan: Sendable, Codable, Equatable {
    /// Purpose and name of the template: `receipt`.
    package var template: String
    package var language: Language
    package var recipient: NamedAddress
    /// Our address that the customer wrote to; the reply comes from it.
    package var sender: NamedAddress
    /// The customer's subject, without reply prefixes.
    package var originalSubject: String
    package var originalMessageID: MessageID?
    /// The References of the customer's mail, oldest first.
    package var originalReferences: [MessageID]
    /// A verified name, else nil: the neutral salutation is used.
    package var salutationName: String?
    package var category: Category
    package var urgency: Urgency
    package var firstResponseDue: Date?
    /// Nothing leaves earlier (quiet hours).
    package var notBefore: Date
    /// Nothing leaves later: a receipt for an old mail is noise.
    package var expires: Date
    /// What the customer is asked for.
    package var asks: [Detail.Field]?
    /// Clean names of attachments that are not accepted.
    package var files: [String]?
    /// When somebody works again; nil when somebody does now.
    package var opens: Date?
    /// What one of our people has to say: how the work stands, what came out of it.
    package var message: String?

    package init(
        template: String, language: Language, recipient: NamedAddress, sender: NamedAddress, originalSubject: String,
        originalMessageID: MessageID?, originalReferences: [MessageID], salutationName: String?, category: Category,
        urgency: Urgency, firstResponseDue: Date?, notBefore: Date, expires: Date, asks: [Detail.Field]? = nil,
        files: [String]? = nil, opens: Date? = nil, message: String? = nil
    ) {
        self.asks = asks
        self.files = files
        self.opens = opens
        self.message = message
        self.template = template
        self.language = language
        self.recipient = recipient
        self.sender = sender
        self.originalSubject = originalSubject
        self.originalMessageID = originalMessageID
        self.originalReferences = originalReferences
        self.salutationName = salutationName
        self.category = category
        self.urgency = urgency
        self.firstResponseDue = firstResponseDue
        self.notBefore = notBefore
        self.expires = expires
    }
}
