import Routing
import Rules
import Vocabulary

/// `teams.yaml`: who works here, in which teams.
final class TeamsSection {
    private(set) var people: [Person] = []
    private(set) var teams: [Team] = []
    /// Nil when something essential is missing.
    private(set) var options: RoutingOptions?

    var addresses: [EmailAddress] { people.compactMap(\.address) }
    /// Where each address stands, for cross checks.
    private(set) var addressPlaces: [(address: EmailAddress, person: String, location: SourceLocation)] = []

    private let categories: [Category]

    init(_ root: ConfigValue?, categories: [Category]) {
        self.categories = categories
        guard let table = root?.table("people and teams") else { return }
        readPeople(table.required("people", "list the people who answer mail, as in the sample"))
        readTeams(table.required("teams", "list at least one team, as in the sample"))
        let defaultTeam = table.required("default_team", "name the team that takes what no other team handles")?
            .located()
        let dutyOwner = table.required("duty_owner", "name the person who takes what nobody else can take")?.located()
        table.finish()
        guard let defaultTeam, let dutyOwner, let problems = root?.problems else { return }
        if !teams.contains(where: { $0.id == defaultTeam.text }) {
            problems.report(
                defaultTeam.location,
                "there is no team \(defaultTeam.text); \(advice(for: defaultTeam.text, known: teams.map(\.id)))")
        }
        check(person: dutyOwner, problems: problems)
        if people.first(where: { $0.id == dutyOwner.text })?.active == false {
            problems.report(dutyOwner.location, "\(dutyOwner.text) is not active; the duty owner must be")
        }
        options = RoutingOptions(
            people: people, teams: teams, defaultTeam: defaultTeam.text, dutyOwner: dutyOwner.text)
    }

    private func check(person: LocatedText, problems: ProblemList) {
        guard !people.contains(where: { $0.id == person.text }) else { return }
        problems.report(
            person.location,
            "there is no person \(person.text); \(advice(for: person.text, known: people.map(\.id))) (see people)")
    }

    private func readPeople(_ value: ConfigValue?) {
        for (id, value) in value?.table("people, each under a short name")?.all ?? [] {
            guard let table = value.table("a person") else { continue }
            let name = table.required("name", "write the person's name")?.text("a name")
            let address = table["address"]?.address()
            if let address, let place = table["address"]?.location {
                addressPlaces.append((address, id.text, place))
            }
            let languages = table["languages"]?.texts("languages such as zh")?.map { Language($0.text) } ?? []
            let active = table["active"]?.bool() ?? true
            table.finish()
            people.append(
                Person(id: id.text, name: name ?? id.text, address: address, languages: languages, active: active))
        }
    }

    private func readTeams(_ value: ConfigValue?) {
        var handledBy: [Category: String] = [:]
        for (id, value) in value?.table("teams, each under a short name")?.all ?? [] {
            guard let table = value.table("a team") else { continue }
            let name = table["name"]?.text("a name")
            let members = table.required("members", "list people by their short names")?.texts("people") ?? []
            let strategy = table["strategy"]?.word(Team.Strategy.self) ?? .roundRobin
            let superior = table["superior"]?.located("a person")
            let handled = (table["categories"]?.texts("categories") ?? []).compactMap { text in
                knownCategory(text, among: categories, problems: value.problems).map { ($0, text.location) }
            }
            table.finish()
            for (category, location) in handled {
                if let other = handledBy[category] {
                    value.problems.report(
                        location, "category \(category) goes to team \(other) already; remove it from one of the two")
                }
                handledBy[category] = handledBy[category] ?? id.text
            }
            var seen: Set<String> = []
            for member in members {
                check(person: member, problems: value.problems)
                if !seen.insert(member.text).inserted {
                    value.problems.report(member.location, "\(member.text) is in team \(id.text) already; remove it")
                }
            }
            if members.isEmpty, table["members"] != nil {
                value.report("team \(id.text) has no members; name at least one, or remove the team")
            }
            if let superior { check(person: superior, problems: value.problems) }
            teams.append(
                Team(
                    id: id.text, name: name ?? id.text, members: members.map(\.text), strategy: strategy,
                    categories: handled.map(\.0), superior: superior?.text))
        }
    }
}
