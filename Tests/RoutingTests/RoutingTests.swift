import Routing
import Testing
import Vocabulary

private let options = RoutingOptions(
    people: [
        Person(id: "li.na", name: "李娜"), Person(id: "wang.wei", name: "王伟", languages: [Language("zh")]),
        Person(id: "smith", name: "Smith", languages: [.english, .japanese]),
        Person(id: "away", name: "Away", active: false), Person(id: "boss", name: "Boss"),
        Person(id: "duty", name: "Duty"),
    ],
    teams: [
        Team(id: "front", name: "Front line", members: ["li.na", "wang.wei", "smith", "away"]),
        Team(
            id: "tech", name: "Technical", members: ["wang.wei", "smith"], strategy: .leastOpen, categories: [.service]),
        Team(id: "empty", name: "Empty", members: ["away"], categories: [.process], superior: "boss"),
        Team(id: "nobody", name: "Nobody", members: ["away"], categories: [.billing], superior: "away"),
    ], defaultTeam: "front", dutyOwner: "duty")

struct RoutingCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var category: Category = .inquiry
    var language: Language = .undetermined
    var team: String?
    var assignee: String?
    var owner: String?
    var basis: StickyBasis = .ticket
    var facts = RoutingFacts()
    let expected: String
    let because: String

    init(_ description: String, expected: String, because: String, _ change: (inout RoutingCase) -> Void = { _ in }) {
        testDescription = description
        self.expected = expected
        self.because = because
        change(&self)
    }
}

@Suite struct RoutingTests {
    @Test(
        "who is responsible, and why",
        arguments: [
            RoutingCase(
                "the first member begins", expected: "front/li.na", because: "round robin in front: first turn"),
            RoutingCase("then the next", expected: "front/wang.wei", because: "round robin in front: after li.na") {
                $0.facts.lastAssigned["front"] = "li.na"
            },
            RoutingCase(
                "the inactive one is passed over", expected: "front/li.na",
                because: "round robin in front: after smith"
            ) { $0.facts.lastAssigned["front"] = "smith" },
            RoutingCase(
                "turns go on from a member that is inactive now", expected: "front/li.na",
                because: "round robin in front: after away"
            ) { $0.facts.lastAssigned["front"] = "away" },
            RoutingCase(
                "a last one who left the team starts the order anew", expected: "front/li.na",
                because: "round robin in front: after gone"
            ) { $0.facts.lastAssigned["front"] = "gone" },
            RoutingCase(
                "the category chooses the team, the load the person", expected: "tech/smith",
                because: "fewest open tickets in tech: 1"
            ) {
                $0.category = .service
                $0.facts.openTickets = ["wang.wei": 4, "smith": 1]
            },
            RoutingCase("equal loads go in turn", expected: "tech/smith", because: "fewest open tickets in tech: 0") {
                $0.category = .service
                $0.facts.lastAssigned["tech"] = "wang.wei"
            },
            RoutingCase(
                "who knows the language goes first", expected: "front/smith",
                because: "round robin in front: after wang.wei"
            ) {
                $0.language = .japanese
                $0.team = "front"
                $0.facts.lastAssigned["front"] = "wang.wei"
                $0.owner = nil
            },
            RoutingCase("zh means both scripts", expected: "tech/wang.wei", because: "fewest open tickets in tech: 9") {
                $0.language = .traditionalChinese
                $0.category = .service
                $0.facts.openTickets = ["wang.wei": 9]
            },
            RoutingCase("a rule names the person", expected: "tech/smith", because: "a rule asks for this person") {
                $0.team = "tech"
                $0.assignee = "smith"
            },
            RoutingCase(
                "the person's own team comes along", expected: "front/li.na", because: "a rule asks for this person"
            ) {
                $0.category = .service
                $0.assignee = "li.na"
            },
            RoutingCase(
                "an inactive person is not given work", expected: "front/li.na",
                because: "round robin in front: first turn"
            ) { $0.assignee = "away" },
            RoutingCase(
                "who has the ticket keeps it, whatever its category", expected: "front/li.na",
                because: "stays responsible: had the ticket"
            ) {
                $0.category = .service
                $0.owner = "li.na"
            },
            RoutingCase(
                "unless a rule asks for another team", expected: "tech/wang.wei",
                because: "fewest open tickets in tech: 0"
            ) {
                $0.team = "tech"
                $0.owner = "li.na"
            },
            RoutingCase(
                "who had the customer keeps it within the team", expected: "tech/smith",
                because: "stays responsible: had the customer's last ticket"
            ) {
                $0.category = .service
                $0.owner = "smith"
                $0.basis = .customer
            },
            RoutingCase(
                "a technical matter goes to the technical team all the same", expected: "tech/wang.wei",
                because: "fewest open tickets in tech: 0"
            ) {
                $0.category = .service
                $0.owner = "li.na"
                $0.basis = .customer
            },
            RoutingCase(
                "an owner who is away is replaced", expected: "front/li.na",
                because: "round robin in front: first turn"
            ) { $0.owner = "away" },
            RoutingCase(
                "nobody active: the superior", expected: "empty/boss",
                because: "superior of empty, of which nobody is active"
            ) { $0.category = .process },
            RoutingCase(
                "nor the superior: the duty owner", expected: "nobody/duty",
                because: "duty owner: nobody else can take it"
            ) { $0.category = .billing },
            RoutingCase(
                "a team that does not exist", expected: "front/li.na",
                because: "round robin in front: first turn"
            ) { $0.team = "ghosts" },
        ])
    func assignment(_ row: RoutingCase) {
        let found = assign(
            category: row.category, urgency: .p3, language: row.language, team: row.team, assignee: row.assignee,
            stickyOwner: row.owner, stickyBasis: row.basis, facts: row.facts, options: options)
        #expect("\(found.team)/\(found.assignee)" == row.expected)
        #expect(found.reasons.contains { $0.because == row.because }, "\(found.reasons)")
    }

    @Test("a round over many mails is fair")
    func fair() {
        var facts = RoutingFacts()
        var counts: [String: Int] = [:]
        for _ in 0..<300 {
            let found = assign(
                category: .inquiry, urgency: .p3, language: .undetermined, team: nil, assignee: nil, stickyOwner: nil,
                facts: facts, options: options)
            counts[found.assignee, default: 0] += 1
            facts.lastAssigned[found.team] = found.assignee
        }
        #expect(counts == ["li.na": 100, "wang.wei": 100, "smith": 100])
    }

    @Test("there is somebody even with nothing configured that works")
    func always() {
        let broken = RoutingOptions(people: [], teams: [], defaultTeam: "none", dutyOwner: "duty")
        let found = assign(
            category: .inquiry, urgency: .p1, language: .english, team: "x", assignee: "y", stickyOwner: "z",
            facts: RoutingFacts(), options: broken)
        #expect(found.assignee == "duty")
        #expect(found.team == "none")
    }
}
