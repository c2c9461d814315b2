package import Vocabulary

/// What the rules ask beside the message: the store, the clock, and what is usual. Read inside the writer's transaction;
/// a nil is not known, and no condition holds on it but `absent`.
package struct RuleFacts: Sendable, Codable, Equatable {
    /// Where the mail came in, by the names of the configuration.
    package var account: String?
    package var mailbox: String?
    /// There is a file of the writer's.
    package var isKnownCustomer: Bool
    /// Tier of the customer's file: `vip`; nil when nobody graded the customer.
    package var tier: String?
    /// How many of the customer's tickets are in work.
    package var openTickets: Int?
    /// The message belongs to a ticket that exists.
    package var isFollowUp: Bool
    /// The message opens a finished ticket again.
    package var reopens: Bool
    /// State of that ticket: `new`, `open`, `waiting`, `resolved`, `closed`.
    package var ticketState: String?
    /// Seconds since that ticket was opened.
    package var ticketAge: Double?
    /// Whether somebody works now, by the calendar of the deadline that fits all mail; nil when that is not asked.
    package var isOpen: Bool?
    /// When the mail came in, by that calendar's clocks.
    package var moment: LocalMoment?
    /// Seconds from the Date field to the arrival.
    package var age: Double?
    /// What is usual for such mail, before any rule has spoken.
    package var importance: Importance?
    package var complexity: Complexity?

    package init(
        account: String? = nil, mailbox: String? = nil, isKnownCustomer: Bool = false, tier: String? = nil,
        openTickets: Int? = nil, isFollowUp: Bool = false, reopens: Bool = false, ticketState: String? = nil,
        ticketAge: Double? = nil, isOpen: Bool? = nil, moment: LocalMoment? = nil, age: Double? = nil,
        importance: Importance? = nil, complexity: Complexity? = nil
    ) {
        self.account = account
        self.mailbox = mailbox
        self.isKnownCustomer = isKnownCustomer
        self.tier = tier
        self.openTickets = openTickets
        self.isFollowUp = isFollowUp
        self.reopens = reopens
        self.ticketState = ticketState
        self.ticketAge = ticketAge
        self.isOpen = isOpen
        self.moment = moment
        self.age = age
        self.importance = importance
        self.complexity = complexity
    }
}

/// A moment on the clocks of a calendar.
package struct LocalMoment: Sendable, Codable, Equatable {
    /// As a number: 20261128.
    package var day: Int
    /// Minute of the day, 0 to 1439.
    package var minute: Int
    /// `mon` to `sun`.
    package var weekday: String
    /// The calendar opens at all on that day: no weekend, no holiday, or a make-up workday.
    package var isWorkday: Bool

    package init(day: Int, minute: Int, weekday: String, isWorkday: Bool) {
        self.day = day
        self.minute = minute
        self.weekday = weekday
        self.isWorkday = isWorkday
    }

    package static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
}
