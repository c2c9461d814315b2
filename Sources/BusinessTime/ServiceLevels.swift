package import Vocabulary

/// Who gets how much time: the content of `sla.yaml`.
package struct ServiceLevels: Hashable, Sendable {
    /// By name.
    package let calendars: [String: BusinessCalendar]
    /// In order; the first that fits decides.
    package let rules: [ServiceLevelRule]
    /// Where no rule fits, which `ConfigLoading` does not let happen: R6's 24 hours.
    package let fallback: ServiceTarget

    /// `fallback` needs a calendar, so there is always one.
    package init(calendars: [BusinessCalendar], rules: [ServiceLevelRule], fallback: ServiceTarget) {
        self.calendars = Dictionary(calendars.map { ($0.name, $0) }) { first, _ in first }
        self.rules = rules
        self.fallback = fallback
    }

    package func target(category: Category, urgency: Urgency, tier: String?) -> ServiceTarget {
        rules.first { $0.fits(category: category, urgency: urgency, tier: tier) }?.target ?? fallback
    }
}

/// One entry of `deadlines`: for which mail, and how long. An empty set means any.
package struct ServiceLevelRule: Hashable, Sendable {
    package let categories: Set<Category>
    package let urgencies: Set<Urgency>
    package let tiers: Set<String>
    package let target: ServiceTarget

    package init(
        categories: Set<Category> = [], urgencies: Set<Urgency> = [], tiers: Set<String> = [], target: ServiceTarget
    ) {
        self.categories = categories
        self.urgencies = urgencies
        self.tiers = tiers
        self.target = target
    }

    package func fits(category: Category, urgency: Urgency, tier: String?) -> Bool {
        (categories.isEmpty || categories.contains(category)) && (urgencies.isEmpty || urgencies.contains(urgency))
            && (tiers.isEmpty || tier.map { tiers.contains($0) } ?? false)
    }

    /// Fits whatever comes.
    package var fitsAll: Bool { categories.isEmpty && urgencies.isEmpty && tiers.isEmpty }
}

/// What is promised for one mail.
package struct ServiceTarget: Hashable, Sendable {
    /// A first answer by a person.
    package let firstResponse: ServiceTime
    /// Work on the matter has begun (R6: within 48 h); nil when nobody watches it.
    package let firstHandling: ServiceTime?
    /// The matter is solved; nil when no clock runs for that.
    package let resolution: ServiceTime?
    package let calendar: BusinessCalendar
    /// The entry that says so.
    package let source: SourceLocation?

    package init(
        firstResponse: ServiceTime, firstHandling: ServiceTime? = nil, resolution: ServiceTime? = nil,
        calendar: BusinessCalendar, source: SourceLocation? = nil
    ) {
        self.firstResponse = firstResponse
        self.firstHandling = firstHandling
        self.resolution = resolution
        self.calendar = calendar
        self.source = source
    }
}
