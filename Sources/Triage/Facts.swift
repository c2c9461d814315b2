package import Routing
package import Vocabulary

package import struct Foundation.Date

/// What the store knew when a message was decided, read inside the writer's transaction and stored with the decision:
/// `decide` with the same understanding, facts, options and moment gives the same decision for ever.
package struct Facts: Sendable, Codable, Equatable {
    /// When the server received the message (INTERNALDATE); never later than `now` is used for clocks.
    package var arrivedAt: Date
    /// Mail that arrived earlier is not ours to handle: the `start` baseline of the mailbox. Nil: everything is.
    package var baseline: Date?
    /// The delivery that brought the same message before (promise 2 of CONTRIBUTING).
    package var duplicate: Duplicate?
    /// Another message with the same Message-ID but another fingerprint was recorded: carriers reuse ids. Both count.
    package var messageIDSeenElsewhere: Bool
    /// The ticket that the message belongs to, and how it was found.
    package var ticket: TicketFacts?
    /// The file of the writer's address, if there is one.
    package var customer: CustomerFacts?
    /// Loads and last turns, for choosing the assignee.
    package var routing: RoutingFacts
    /// Automatic replies already promised, for the caps of promise 8 of CONTRIBUTING.
    package var replies: ReplyFacts
    /// Whether a mail that says that it is ours carries our seal; nil when it does not say so, or nobody could check.
    package var isOwnMail: Bool?
    /// The mail of ours that this one reports on, or whose reverse path it was sent to.
    package var report: ReportFacts?
    /// Where it came in, by the names of the configuration; nil in records that are older than these values.
    package var account: String?
    package var mailbox: String?

    package init(
        arrivedAt: Date, baseline: Date? = nil, duplicate: Duplicate? = nil, messageIDSeenElsewhere: Bool = false,
        ticket: TicketFacts? = nil, customer: CustomerFacts? = nil, routing: RoutingFacts = RoutingFacts(),
        replies: ReplyFacts = ReplyFacts(), isOwnMail: Bool? = nil, report: ReportFacts? = nil,
        account: String? = nil, mailbox: String? = nil
    ) {
        self.account = account
        self.mailbox = mailbox
        self.arrivedAt = arrivedAt
        self.baseline = baseline
        self.duplicate = duplicate
        self.messageIDSeenElsewhere = messageIDSeenElsewhere
        self.ticket = ticket
        self.customer = customer
        self.routing = routing
        self.replies = replies
        self.isOwnMail = isOwnMail
        self.report = report
    }

    package struct ReportFacts: Sendable, Codable, Equatable {
        /// How the mail of ours was found, the surest first.
        package enum Link: String, Sendable, Codable {
            /// It came to the sealed reverse path of that mail.
            case reversePath
            /// Original-Envelope-Id is the ENVID that we gave (RFC 3461 section 4.4).
            case envelopeID
            /// The returned mail has our sealed Message-ID.
            case messageID
            /// Nothing but the address: the last mail that went there. Proves nothing; a forger knows addresses.
            case recipient
        }

        package let outboxID: Int64
        package let link: Link

        package init(outboxID: Int64, link: Link) {
            self.outboxID = outboxID
            self.link = link
        }
    }

    package struct Duplicate: Sendable, Codable, Equatable {
        /// Row of the first delivery in the ledger.
        package let deliveryID: Int64
        package let ticket: TicketNumber?
        /// Which rule says so: same fingerprint; same raw bytes within 24 h; same raw bytes after a UIDVALIDITY change.
        package let basis: Basis

        package enum Basis: String, Sendable, Codable {
            case fingerprint, rawWithinDay, rawAfterUIDValidityChange
        }

        package init(deliveryID: Int64, ticket: TicketNumber?, basis: Basis) {
            self.deliveryID = deliveryID
            self.ticket = ticket
            self.basis = basis
        }
    }

    package struct TicketFacts: Sendable, Codable, Equatable {
        package enum Link: String, Sendable, Codable {
            /// References or In-Reply-To names a message of the ticket.
            case references
            /// Our signed token in the recipient address.
            case token
            /// `[#number]` in the subject; counts only for a participant.
            case subjectTag
        }

        package let number: TicketNumber
        package let state: TicketState
        package let link: Link
        /// The writer is known to take part in the ticket. Others are attached, flagged and get nothing.
        package let writerTakesPart: Bool
        package let category: Category
        package let urgency: Urgency
        package let team: String?
        package let assignee: String?
        /// When it was resolved; nil while it is in work.
        package let endedAt: Date?
        /// Nil in records that are older than this value.
        package let openedAt: Date?

        package init(
            number: TicketNumber, state: TicketState, link: Link, writerTakesPart: Bool, category: Category,
            urgency: Urgency, team: String?, assignee: String?, endedAt: Date? = nil, openedAt: Date? = nil
        ) {
            self.openedAt = openedAt
            self.number = number
            self.state = state
            self.link = link
            self.writerTakesPart = writerTakesPart
            self.category = category
            self.urgency = urgency
            self.team = team
            self.assignee = assignee
            self.endedAt = endedAt
        }
    }

    package struct CustomerFacts: Sendable, Codable, Equatable {
        package let id: Int64
        /// `vip`, `standard`, …; nil when nobody graded the customer.
        package let tier: String?
        /// Who handled the customer's last ticket: stays responsible (R4).
        package let lastAssignee: String?
        /// How many of the customer's tickets are in work; nil in records that are older than this value.
        package let openTickets: Int?

        package init(id: Int64, tier: String?, lastAssignee: String?, openTickets: Int? = nil) {
            self.openTickets = openTickets
            self.id = id
            self.tier = tier
            self.lastAssignee = lastAssignee
        }
    }

    package struct ReplyFacts: Sendable, Codable, Equatable {
        /// When this correspondent was last promised an automatic reply.
        package var lastToWriter: Date?
        /// Automatic replies promised on this ticket within the window.
        package var onTicketWithinWindow: Int
        /// Automatic replies promised to anybody within the process window.
        package var inProcessWindow: Int
        /// The address refused mail of ours for good: nothing automatic goes there before this moment.
        package var undeliverableUntil: Date?

        package init(
            lastToWriter: Date? = nil, onTicketWithinWindow: Int = 0, inProcessWindow: Int = 0,
            undeliverableUntil: Date? = nil
        ) {
            self.undeliverableUntil = undeliverableUntil
            self.lastToWriter = lastToWriter
            self.onTicketWithinWindow = onTicketWithinWindow
            self.inProcessWindow = inProcessWindow
        }
    }
}

/// The life of a ticket.
package enum TicketState: String, Sendable, Codable, CaseIterable {
    case new, open, waiting, resolved, closed
}
