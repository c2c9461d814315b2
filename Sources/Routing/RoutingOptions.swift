package import Vocabulary

/// People and teams: the content of `teams.yaml`.
package struct RoutingOptions: Sendable, Hashable {
    package let people: [Person]
    package let teams: [Team]
    /// Takes what no other team handles.
    package let defaultTeam: String
    /// Takes what nobody else can take; parked messages too.
    package let dutyOwner: String

    let peopleByID: [String: Person]
    let teamsByID: [String: Team]

    package init(people: [Person], teams: [Team], defaultTeam: String, dutyOwner: String) {
        self.people = people
        self.teams = teams
        self.defaultTeam = defaultTeam
        self.dutyOwner = dutyOwner
        peopleByID = Dictionary(people.map { ($0.id, $0) }) { first, _ in first }
        teamsByID = Dictionary(teams.map { ($0.id, $0) }) { first, _ in first }
    }

    package func person(_ id: String) -> Person? { peopleByID[id] }
    package func team(_ id: String) -> Team? { teamsByID[id] }
}

package struct Person: Sendable, Hashable {
    package let id: String
    package let name: String
    package let address: EmailAddress?
    /// Languages in which the person can answer; empty: any.
    package let languages: [Language]
    /// Gets new work.
    package let active: Bool

    package init(
        id: String, name: String, address: EmailAddress? = nil, languages: [Language] = [], active: Bool = true
    ) {
        self.id = id
        self.name = name
        self.address = address
        self.languages = languages
        self.active = active
    }

    /// `zh` on either side also means `zh-Hans` and `zh-Hant` (RFC 4647 section 3.3.1). A language that could not be
    /// told is anybody's.
    func speaks(_ language: Language) -> Bool {
        if languages.isEmpty || language == .undetermined { return true }
        return languages.contains { mine in
            mine == language || language.rawValue.hasPrefix(mine.rawValue + "-")
                || mine.rawValue.hasPrefix(language.rawValue + "-")
        }
    }
}

package struct Team: Sendable, Hashable {
    package enum Strategy: String, Sendable, Hashable, CaseIterable {
        /// Who comes after the one that got the last mail, in the order of the members.
        case roundRobin = "round_robin"
        /// Who has the fewest open tickets; among equals as `roundRobin`.
        case leastOpen = "least_open"
    }

    package let id: String
    package let name: String
    /// Ids of persons, in the order of turns.
    package let members: [String]
    package let strategy: Strategy
    package let categories: [Category]
    /// Takes over when no member can; hears of breached deadlines.
    package let superior: String?

    package init(
        id: String, name: String, members: [String], strategy: Strategy = .roundRobin, categories: [Category] = [],
        superior: String? = nil
    ) {
        self.id = id
        self.name = name
        self.members = members
        self.strategy = strategy
        self.categories = categories
        self.superior = superior
    }
}

/// What the store knows of loads and turns; read inside the writer's transaction and stored with the decision.
package struct RoutingFacts: Sendable, Codable, Equatable {
    /// Team to the person who got its last mail.
    package var lastAssigned: [String: String]
    /// Person to the number of tickets that are not resolved.
    package var openTickets: [String: Int]

    package init(lastAssigned: [String: String] = [:], openTickets: [String: Int] = [:]) {
        self.lastAssigned = lastAssigned
        self.openTickets = openTickets
    }
}

/// Whose work it was before.
package enum StickyBasis: Sendable, Hashable {
    /// The ticket has this assignee: stays, whatever the team (R4).
    case ticket
    /// The customer's last ticket had: stays if in the team that the mail now goes to (R37 comes first).
    case customer
}

/// Who is responsible, and why.
package struct Assignment: Sendable, Equatable {
    package let team: String
    package let assignee: String
    package let reasons: [Reason]

    package init(team: String, assignee: String, reasons: [Reason]) {
        self.team = team
        self.assignee = assignee
        self.reasons = reasons
    }
}
