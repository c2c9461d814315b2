import ArgumentParser
import BusinessTime
import ConfigLoading
import Foundation
import Routing
import Storage
import Triage
import Vocabulary

/// What customers asked for: looking, and changing by hand.
struct Tickets: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tickets", abstract: "List, show and change tickets.",
        subcommands: [
            TicketList.self, TicketShow.self, TicketAssign.self, TicketSet.self, TicketNote.self,
            TicketProgress.self, TicketResolve.self, TicketReopen.self,
        ],
        defaultSubcommand: TicketList.self)
}

struct TicketList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List tickets, the next deadline first.",
        discussion: "Without options: what is not resolved or closed.")

    @OptionGroup var config: ConfigOptions
    @Option(help: "Only this state: new, open, waiting, resolved or closed. May be repeated.") var state:
        [TicketState] = []
    @Option(help: "Only tickets of this person.") var assignee: String?
    @Option(help: "Only tickets of this team.") var team: String?
    @Option(help: "Only this category.") var category: String?
    @Option(help: "Only this urgency: P1 to P4.") var urgency: Urgency?
    @Option(help: "Only tickets with this tag.") var tag: String?
    @Option(help: "At most this many.") var limit = 200
    @Flag(help: "Print one JSON object a ticket.") var json = false

    func run() async throws {
        let (store, zone) = try config.openStoreWithZone()
        let states = state.isEmpty ? [TicketState.new, .open, .waiting] : state
        let tickets = try store.tickets(
            TicketFilter(
                states: states, assignee: assignee, team: team, category: category.map { Category($0) },
                urgency: urgency, tag: tag, limit: limit))
        if json {
            for ticket in tickets { print(try compactJSON(ticket)) }
            return
        }
        guard !tickets.isEmpty else { return print("no tickets") }
        print(ticketTable(tickets, zone: zone).rendered())
    }
}

/// number, customer, subject, category, urgency, assignee, first-response deadline.
func ticketTable(_ tickets: [TicketSummary], zone: TimeZone) -> Table {
    var table = Table([
        .init("number", .right), .init("customer", maximum: 26), .init("subject", maximum: 34), .init("category"),
        .init("urgency"), .init("assignee", maximum: 16), .init("state"), .init("first response due"),
    ])
    for ticket in tickets {
        let customer = ticket.customer.map { $0.name.isEmpty ? $0.address : $0.name } ?? "-"
        table.add([
            "\(ticket.number)", customer, ticket.subject, "\(ticket.category)", "\(ticket.urgency)", ticket.assignee,
            ticket.state.rawValue, ticket.firstResponseDue.map { moment($0, zone) } ?? "-",
        ])
    }
    return table
}

struct TicketShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the whole record of a ticket.")

    @OptionGroup var config: ConfigOptions
    @Argument(help: "Number of the ticket: 1001 or '#1001'.") var number: TicketNumber
    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        let (store, zone) = try config.openStoreWithZone()
        let record = try found { () throws(StorageError) in try store.ticket(number) }
        print(json ? try compactJSON(record) : describe(record, zone: zone))
    }

    private func describe(_ record: TicketRecord, zone: TimeZone) -> String {
        let ticket = record.summary
        var lines = ["Ticket \(ticket.number): \(printable(ticket.subject))", ""]
        func add(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            lines.append("  " + name + String(repeating: " ", count: max(1, 20 - name.utf8.count)) + printable(value))
        }
        add("customer", ticket.customer.map { "\($0.name) <\($0.address)>" })
        add("tier", ticket.tier ?? ticket.customer?.tier)
        add("state", ticket.state.rawValue)
        let grades = [ticket.importance.map { "\($0) importance" }, ticket.complexity?.rawValue].compactMap { $0 }
        add("category", (["\(ticket.category)", "\(ticket.urgency)"] + grades).joined(separator: ", "))
        add("tags", ticket.tags.joined(separator: ", "))
        add("watched by", record.watchers.joined(separator: ", "))
        add("assignee", ticket.assignee + (ticket.team.map { " (\($0))" } ?? ""))
        add("opened", moment(ticket.openedAt, zone))
        add("first response due", ticket.firstResponseDue.map { moment($0, zone) })
        add("first response", ticket.firstResponseAt.map { moment($0, zone) })
        add("resolution due", ticket.resolutionDue.map { moment($0, zone) })
        add("resolved", ticket.resolvedAt.map { moment($0, zone) })
        if !record.details.isEmpty { lines += ["", "  Details"] }
        for detail in record.details {
            lines.append("    \(detail.field.rawValue): \(printable(detail.normalized)) (\(detail.evidence))")
        }
        lines += ["", "  Mail"]
        for message in record.messages {
            lines.append(
                "    \(moment(message.arrivedAt, zone))  \(message.state)  \(cut(printable(message.subject ?? ""), to: 60))"
            )
            for file in message.attachments { lines.append("      attachment \(file.forPeople())") }
        }
        for mail in record.outbox {
            lines.append(
                "    \(moment(mail.createdAt, zone))  reply \(mail.state)  \(cut(printable(mail.subject), to: 60))")
        }
        lines += ["", "  History"]
        for event in record.events {
            let more = [event.detail, event.note].compactMap { $0 }.map(printable).joined(separator: ": ")
            lines.append(
                "    \(moment(event.at, zone))  \(event.kind) by \(event.actor)\(more.isEmpty ? "" : "  \(more)")")
        }
        return lines.joined(separator: "\n")
    }
}

/// What the changing commands share.
struct TicketChangeOptions: ParsableArguments {
    @OptionGroup var config: ConfigOptions
    @Argument(help: "Number of the ticket: 1001 or '#1001'.") var number: TicketNumber
    @Option(help: "Only if the ticket still has this version (see show --json).") var expecting: Int?

    func apply(_ change: TicketChange) throws {
        let (store, zone) = try config.openStoreWithZone()
        let ticket = try found { () throws(StorageError) in
            try store.change(number, change, expecting: expecting, actor: "cli:\(NSUserName())", now: Date())
        }
        print(ticketTable([ticket], zone: zone).rendered())
    }

    func send(_ mail: StaffMail) throws {
        let triage = try config.load(secrets: .skipped).triage
        let (store, _) = try config.openStoreWithZone()
        let item = try found { () throws(StorageError) in
            if let expecting, try store.ticket(number).summary.version != expecting {
                throw StorageError(.conflict, tried: "write to the customer of \(number)")
            }
            return try store.send(mail, on: number, options: triage, actor: "cli:\(NSUserName())", now: Date())
        }
        let done = mail.resolves ? "resolved \(number); mail" : "mail"
        print("\(done) \(item.id) \(item.state): \(printable(item.subject))")
        if item.state == .held {
            print("held: \(item.reason ?? "")\nlet it go with: postroom outbox release \(item.id)")
        }
    }
}

struct TicketAssign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "assign", abstract: "Give a ticket to a person.")
    @OptionGroup var options: TicketChangeOptions
    @Argument(help: "Person, as in teams.yaml.") var person: String
    @Option(help: "Team, as in teams.yaml.") var team: String?

    func run() async throws {
        let routing = try options.config.load(secrets: .skipped).triage.routing
        guard routing.person(person) != nil else {
            throw ValidationError("\(person) is no person of teams.yaml")
        }
        try options.apply(.assign(person, team: team))
    }
}

struct TicketSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set state, urgency or category of a ticket.")
    @OptionGroup var options: TicketChangeOptions
    @Option(help: "new, open, waiting, resolved or closed.") var state: TicketState?
    @Option(help: "P1 to P4.") var urgency: Urgency?
    @Option(help: "A category.") var category: String?

    func validate() throws {
        if state == nil && urgency == nil && category == nil {
            throw ValidationError("name what to set: --state, --urgency or --category")
        }
    }

    func run() async throws {
        if let category { try options.apply(.setCategory(Category(category))) }
        if let urgency { try options.apply(.setUrgency(urgency)) }
        if let state { try options.apply(.setState(state)) }
    }
}

struct TicketNote: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "note", abstract: "Add a note to a ticket.")
    @OptionGroup var options: TicketChangeOptions
    @Argument(help: "The note.") var text: String

    func run() async throws { try options.apply(.note(text)) }
}

struct TicketResolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Mark a ticket as solved, and tell the customer.",
        discussion: """
            With --result the customer gets the template `resolved` with that text: every closure tells what came out of \
            it. Without it the ticket is closed in silence.
            """)
    @OptionGroup var options: TicketChangeOptions
    @Option(help: "What came out of it, in the customer's language; - reads it from standard input.") var result:
        String?
    @Option(help: "How it was solved, for ourselves.") var note: String?
    @Option(help: "The template that carries the result.") var template = "resolved"

    func validate() throws {
        if result != nil, note != nil { throw ValidationError("--result is kept as the note; leave --note out") }
    }

    func run() async throws {
        guard let result else { return try options.apply(.resolve(note: note)) }
        try options.send(StaffMail(template: template, message: try textArgument(result), resolves: true))
    }
}

struct TicketProgress: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "progress", abstract: "Tell the customer how the work stands.")
    @OptionGroup var options: TicketChangeOptions
    @Argument(help: "How it stands, in the customer's language; - reads it from standard input.") var text: String
    @Option(help: "The template that carries the text.") var template = "progress"

    func run() async throws {
        try options.send(StaffMail(template: template, message: try textArgument(text)))
    }
}

/// The text itself, or standard input for `-`.
private func textArgument(_ text: String) throws -> String {
    let read = text == "-" ? String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) : text
    guard read.contains(where: { !$0.isWhitespace }) else { throw ValidationError("the text is empty") }
    return read
}

struct TicketReopen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "reopen", abstract: "Open a solved ticket again.")
    @OptionGroup var options: TicketChangeOptions
    @Option(help: "Why.") var note: String?

    func run() async throws { try options.apply(.reopen(note: note)) }
}

extension TicketNumber: ExpressibleByArgument {
    package init?(argument: String) { self.init(parsing: argument) }
}
extension TicketState: ExpressibleByArgument {}
extension Urgency: ExpressibleByArgument {
    package init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}

/// A moment where a person reads it: `2026-11-23 18:00 +08:00`.
func moment(_ date: Date, _ zone: TimeZone) -> String {
    var style = Date.ISO8601FormatStyle(timeZone: zone)
    style = style.year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: false)
    let text = date.formatted(style)
    let offset = zone.secondsFromGMT(for: date) / 60
    let sign = offset < 0 ? "-" : "+"
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(text.prefix(16)) \(sign)\(two(abs(offset) / 60)):\(two(abs(offset) % 60))"
}

/// Runs a call of the store; an error becomes one line and an exit code.
func found<Value>(_ body: () throws(StorageError) -> Value) throws -> Value {
    do {
        return try body()
    } catch {
        printError("postroom: \(error)")
        switch error.reason {
        case .notFound: throw ExitStatus.noInput
        case .refused, .conflict: throw ExitStatus.dataError
        case .busy: throw ExitStatus.temporary
        default: throw ExitStatus.ioError
        }
    }
}
