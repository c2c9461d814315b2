package import Vocabulary

/// Chooses team and person (the order is told in `Routing.swift`). Never empty-handed.
///
/// `team` and `assignee` are what a rule asked for.
package func assign(
    category: Category, urgency: Urgency, language: Language, team: String?, assignee: String?, stickyOwner: String?,
    stickyBasis: StickyBasis = .ticket, facts: RoutingFacts, options: RoutingOptions
) -> Assignment {
    var chooser = Chooser(language: language, facts: facts, options: options)
    let chosenTeam = chooser.team(asked: team, category: category)
    let person =
        chooser.asked(assignee)
        ?? chooser.sticky(stickyOwner, basis: stickyBasis, team: chosenTeam, teamWasAsked: team != nil)
        ?? chooser.member(of: chosenTeam)
        ?? chooser.superior(of: chosenTeam)
        ?? chooser.dutyOwner()
    return Assignment(
        team: chooser.finalTeam(chosenTeam, person: person, teamWasAsked: team != nil), assignee: person,
        reasons: chooser.reasons)
}

/// One choice, collecting its reasons on the way.
private struct Chooser {
    let language: Language
    let facts: RoutingFacts
    let options: RoutingOptions
    private(set) var reasons: [Reason] = []

    init(language: Language, facts: RoutingFacts, options: RoutingOptions) {
        self.language = language
        self.facts = facts
        self.options = options
    }

    private mutating func because(_ about: Reason.Subject, _ conclusion: String, _ why: String) {
        reasons.append(Reason(about, conclusion, because: why))
    }

    private func canWork(_ id: String) -> Bool { options.person(id)?.active ?? false }

    // MARK: Team

    mutating func team(asked: String?, category: Category) -> Team? {
        if let asked {
            if let team = options.team(asked) {
                because(.team, asked, "a rule asks for this team")
                return team
            }
            because(.team, options.defaultTeam, "a rule asks for team \(asked), which does not exist")
        }
        if let team = options.teams.first(where: { $0.categories.contains(category) }) {
            because(.team, team.id, "handles category \(category)")
            return team
        }
        because(.team, options.defaultTeam, "the default team: no other handles category \(category)")
        return options.team(options.defaultTeam)
    }

    /// A person who was not chosen from the team brings the own team along, unless a rule asked for the team.
    mutating func finalTeam(_ team: Team?, person: String, teamWasAsked: Bool) -> String {
        guard let team else { return options.defaultTeam }
        if teamWasAsked || team.members.contains(person) || team.superior == person || person == options.dutyOwner {
            return team.id
        }
        guard let own = options.teams.first(where: { $0.members.contains(person) }) else { return team.id }
        because(.team, own.id, "the team of \(person)")
        return own.id
    }

    // MARK: Person

    mutating func asked(_ id: String?) -> String? {
        guard let id else { return nil }
        guard let person = options.person(id) else {
            because(.assignee, "not \(id)", "a rule asks for this person, who does not exist")
            return nil
        }
        guard person.active else {
            because(.assignee, "not \(id)", "a rule asks for this person, who is inactive")
            return nil
        }
        because(.assignee, id, "a rule asks for this person")
        return id
    }

    mutating func sticky(_ id: String?, basis: StickyBasis, team: Team?, teamWasAsked: Bool) -> String? {
        guard let id else { return nil }
        let whose = basis == .ticket ? "the ticket" : "the customer's last ticket"
        guard canWork(id) else {
            because(.assignee, "not \(id)", "was responsible for \(whose), but is inactive")
            return nil
        }
        if basis == .customer || teamWasAsked, let team, !team.members.contains(id), team.superior != id {
            because(.assignee, "not \(id)", "was responsible for \(whose), but is not in team \(team.id)")
            return nil
        }
        because(.assignee, id, "stays responsible: had \(whose)")
        return id
    }

    mutating func member(of team: Team?) -> String? {
        guard let team else { return nil }
        let active = team.members.filter(canWork)
        guard !active.isEmpty else {
            because(.assignee, "nobody of \(team.id)", "no member is active")
            return nil
        }
        let speaking = active.filter { options.person($0)?.speaks(language) ?? false }
        let candidates = speaking.isEmpty ? active : speaking
        if speaking.isEmpty { because(.language, language.rawValue, "nobody active in \(team.id) speaks it") }
        let turns = inTurn(candidates, team: team)
        switch team.strategy {
        case .roundRobin:
            let last = facts.lastAssigned[team.id].map { "after \($0)" } ?? "first turn"
            because(.assignee, turns[0], "round robin in \(team.id): \(last)")
            return turns[0]
        case .leastOpen:
            let loads = turns.map { facts.openTickets[$0] ?? 0 }
            let least = loads.min() ?? 0
            let chosen = turns[loads.firstIndex(of: least) ?? 0]
            because(.assignee, chosen, "fewest open tickets in \(team.id): \(least)")
            return chosen
        }
    }

    /// The candidates, beginning with who comes after the last one served. The last one may have left, be inactive or
    /// not speak the language: the place among all members counts.
    private func inTurn(_ candidates: [String], team: Team) -> [String] {
        guard let last = facts.lastAssigned[team.id], let place = team.members.firstIndex(of: last) else {
            return candidates
        }
        let order = team.members[(place + 1)...] + team.members[...place]
        return order.filter { candidates.contains($0) }
    }

    mutating func superior(of team: Team?) -> String? {
        guard let team, let superior = team.superior, canWork(superior) else { return nil }
        because(.assignee, superior, "superior of \(team.id), of which nobody is active")
        return superior
    }

    mutating func dutyOwner() -> String {
        because(.assignee, options.dutyOwner, "duty owner: nobody else can take it")
        return options.dutyOwner
    }
}
