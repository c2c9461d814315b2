import IMAPClient
import Replies
import Routing
import Rules
import Storage
import Vocabulary

/// What one file says of another: rules of teams, people and templates; replies of the way out.
struct CrossChecks {
    let problems: ProblemList
    let main: MainSection
    let teams: TeamsSection
    let definitions: [RuleDefinition]
    let templates: TemplateSet
    let templatesHaveProblems: Bool

    /// The templates that are used without any rule.
    private static let usual = ["receipt", "complaint-received"]

    func run() {
        for definition in definitions {
            for effect in definition.effects { check(effect) }
        }
        checkReplies()
        for (address, person, location) in teams.addressPlaces
        where main.accounts.contains(where: { $0.address == address }) || main.organisation.addresses.contains(address)
        {
            problems.report(
                location, "\(person) has a shared address; write the person's own, or mail from there is taken for ours"
            )
        }
    }

    private func check(_ effect: EffectDefinition) {
        let teamNames = teams.teams.map(\.id)
        let peopleNames = teams.people.map(\.id)
        switch effect.key.text {
        // With nobody known, teams.yaml has problems of its own.
        case "team" where !teamNames.isEmpty:
            check(effect.values, "team", among: teamNames) { name in
                peopleNames.contains(name) ? "\(name) is a person: write assignee" : team(called: name)
            }
        case "assignee" where !peopleNames.isEmpty:
            check(effect.values, "person", among: peopleNames) { name in
                teamNames.contains(name) ? "\(name) is a team: write team" : person(called: name)
            }
        case "move_to":
            for value in effect.values
            where main.accounts.contains(where: { account in
                account.mailboxes.contains { $0.rawValue.lowercased() == value.text.lowercased() }
            }) && value.text.lowercased() != "inbox" {
                problems.report(
                    value.location,
                    "\(value.text) is read for new mail: what is moved there would come in again; name another mailbox")
            }
        case "notify" where !peopleNames.isEmpty, "watch" where !peopleNames.isEmpty:
            check(effect.values, "person or team", among: peopleNames + teamNames) { name in
                team(called: name) ?? person(called: name)
            }
        case "reply" where !templates.names.isEmpty && !templatesHaveProblems:
            check(effect.values.filter { $0.text != "none" }, "template", among: templates.names) { name in
                ["false", "no", "off"].contains(name) ? "for no reply write none" : nil
            }
        default: break
        }
    }

    private func check(
        _ values: [LocatedText], _ what: String, among known: [String], hint: (String) -> String?
    ) {
        // An empty name is reported by the rules themselves.
        for value in values where !value.text.isEmpty && !known.contains(value.text) {
            problems.report(
                value.location,
                "there is no \(what) \(value.text); \(hint(value.text) ?? advice(for: value.text, known: known))")
        }
    }

    /// Rules use short names; people write what they call each other.
    private func team(called name: String) -> String? {
        teams.teams.first { $0.name == name }.map { "did you mean \($0.id)?" }
    }

    private func person(called name: String) -> String? {
        teams.people.first { $0.name == name || $0.address?.description == name }.map { "did you mean \($0.id)?" }
    }

    private func checkReplies() {
        guard main.wasRead, let replies = main.replies, replies.mode != .off else { return }
        if main.relays.isEmpty, replies.mode == .send, main.mode == .act {
            problems.report(
                main.repliesLocation,
                "replies are to be sent, but there is no usable submission; add it, or set replies.mode to off")
        }
        // A template with a mistake is not missing.
        guard !templatesHaveProblems else { return }
        for name in Self.usual where templates.language(of: name, wanted: main.defaultLanguage) == nil {
            problems.report(
                main.repliesLocation,
                "there is no template \(name) for \(main.defaultLanguage); add \(main.templatesPath.path)/"
                    + "\(main.defaultLanguage)/\(name).mustache, or set replies.mode to off")
        }
    }
}
