import Classification
import Correspondence
import CurlTransport
import Foundation
import IMAPClient
import Replies
import Rules
import SMTPClient
import SMTPProtocol
import Storage
import Telemetry
import Vocabulary

/// `postroom.yaml`. What is missing or wrong has a default here, so that the rest can still be checked.
final class MainSection {
    private(set) var mode = RecordingMode.act
    private(set) var region = "CN"
    private(set) var timeZone = "UTC"
    private(set) var categories = Category.shipped
    private(set) var organisation: OrganisationSection
    private(set) var accounts: [AccountOptions] = []
    private(set) var relays: [SubmissionOptions] = []
    private(set) var outbox = OutboxOptions()
    private var bounceAddress: EmailAddress?
    /// Nil when it could not be told where the data goes.
    private(set) var storage: StorageOptions?
    private(set) var log = LogOptions()
    private(set) var operators: [EmailAddress] = []
    private(set) var limits = LimitOptions()
    private(set) var alarms = AlarmOptions()
    private(set) var webhook: WebhookEndpoint?
    /// How long after its end a ticket is opened again.
    private(set) var reopenWindow: TimeInterval = 30 * 86_400
    private(set) var replies: ReplyOptions?
    private(set) var lexicon = Lexicon.shipped
    private(set) var rulesPath = ConfigPath(path: "rules.d", location: nil)
    private(set) var templatesPath = ConfigPath(path: "templates", location: nil)
    /// Where `replies:` stands, or the file.
    private(set) var repliesLocation = SourceLocation(file: "postroom.yaml")
    /// The file could be read, so that a missing thing is an admin's mistake and not a consequence.
    let wasRead: Bool

    private let problems: ProblemList

    var defaultLanguage: Language { organisation.defaultLanguage }

    init(_ root: ConfigValue?, problems: ProblemList, secrets: SecretReader) {
        self.problems = problems
        let table = root?.table("the configuration")
        wasRead = table != nil
        organisation = OrganisationSection(nil)
        guard let table else { return }
        readBasics(table)
        organisation = OrganisationSection(
            table.required("organisation", "name the organisation that customers write to"))
        readLimits(table["limits"])
        readAccounts(table, secrets: secrets)
        relays = table["submission"].map { submissionRelays($0, secrets: secrets) } ?? []
        readOutbox(table["outbox"])
        readStorage(table)
        readLog(table["log"])
        operators = table["operators"]?.addresses() ?? []
        readAlarms(table["alarms"])
        webhook = table["webhook"].flatMap { webhookEndpoint($0, secrets: secrets) }
        readTickets(table["tickets"])
        let replies = RepliesSection(table["replies"], timeZone: timeZone)
        var options = replies.options(organisation: organisation)
        options.bounceAddress = bounceAddress
        self.replies = options
        repliesLocation = table.location(of: "replies") ?? table.value.location
        readLexicon(table["lexicon"])
        table.finish()
    }

    /// Who we are, once the people are known.
    func identity(agents: [EmailAddress]) -> OwnIdentity? {
        guard let domain = organisation.messageIDDomain ?? accounts.first?.address.domain else { return nil }
        var addresses: [EmailAddress] = []
        for address in accounts.map(\.address) + organisation.addresses + (bounceAddress.map { [$0] } ?? [])
        where !addresses.contains(address) {
            addresses.append(address)
        }
        return OwnIdentity(
            addresses: addresses, agents: agents, messageIDDomain: domain, authservID: organisation.authservID,
            recipientDelimiter: organisation.recipientDelimiter, forms: organisation.forms)
    }

    private func readBasics(_ table: ConfigTable) {
        mode = table["mode"]?.choice(["act": .act, "observe": .observe], order: ["act", "observe"]) ?? mode
        if let value = table["region"], let text = value.text("a country code such as CN") {
            if text.utf8.count == 2, text.utf8.allSatisfy({ $0 &- 65 < 26 }) {
                region = text
            } else {
                value.report("\(text) is no country code; write two capital letters of ISO 3166, such as CN or DE")
            }
        }
        if let value = table["time_zone"], let text = value.text("a time zone such as Asia/Shanghai") {
            if TimeZone(identifier: text) != nil {
                timeZone = text
            } else {
                value.report("\(text) is no time zone; use a name of the tz database such as Asia/Shanghai")
            }
        }
        for own in table["categories"]?.texts() ?? [] {
            if categories.contains(Category(own.text)) {
                problems.report(own.location, "category \(own.text) is there already; remove it")
            } else if !isName(own.text) {
                problems.report(own.location, "\(own.text) is no name of a category; use letters a-z, digits and _")
            } else {
                categories.append(Category(own.text))
            }
        }
        if let value = table["rules"], let text = value.text("a folder") {
            rulesPath = ConfigPath(path: text, location: value.location)
        }
        if let value = table["templates"], let text = value.text("a folder") {
            templatesPath = ConfigPath(path: text, location: value.location)
        }
    }

    private func readAccounts(_ table: ConfigTable, secrets: SecretReader) {
        guard let value = table.required("accounts", "add one account, as in the sample"),
            let entries = value.table("accounts, each under its name")
        else { return }
        if entries.all.isEmpty { value.report("there is no account; add one, as in the sample") }
        var places: [String: String] = [:]
        for (name, value) in entries.all {
            guard let account = accountOptions(name, value, limits: limits, secrets: secrets) else { continue }
            for mailbox in account.mailboxes {
                let place = "\(account.credentials.user) at \(account.endpoint), \(mailbox)"
                if let other = places[place] {
                    problems.report(
                        name.location, "account \(other) reads the same mailbox (\(place)); two readers would disagree")
                }
                places[place] = name.text
            }
            accounts.append(account)
        }
    }

    private func readStorage(_ table: ConfigTable) {
        guard
            let storage = table.required("storage", "name the folder of the databases, as in the sample")?
                .table("storage")
        else { return }
        if let value = storage.required("directory", "write an absolute path such as /var/lib/postroom"),
            let path = value.text("an absolute path")
        {
            if path.hasPrefix("/") {
                self.storage = StorageOptions(directory: path)
            } else {
                value.report("\(path) is relative; write an absolute path such as /var/lib/postroom")
            }
        }
        storage.finish()
    }

    private func readLog(_ value: ConfigValue?) {
        guard let table = value?.table("log") else { return }
        log.level = table["level"]?.word(type(of: log.level)) ?? log.level
        log.format = table["format"]?.word(LogOptions.Format.self) ?? log.format
        table.finish()
    }

    private func readAlarms(_ value: ConfigValue?) {
        let longest = accounts.map { Int($0.pollInterval.components.seconds) }.max() ?? 60
        // Whoever polls once an hour has an hour of silence that means nothing.
        alarms.silence = max(alarms.silence, .seconds(3 * longest))
        guard let table = value?.table("alarms") else { return }
        if let silence = table["silence"]?.seconds(60...(7 * 86_400)) {
            alarms.silence = .seconds(silence)
            if silence < 2 * longest {
                table["silence"]?.report(
                    "silence is under twice the longest poll (\(longest)s): every pause would alarm")
            }
        }
        if let canary = table["canary"]?.seconds(300...(7 * 86_400)) { alarms.canary = .seconds(canary) }
        table.finish()
    }

    /// `{ rates: [{ domain: qq.com, count: 20, within: 1m }], delivery_reports: [failure, delay], bounce_address: … }`
    private func readOutbox(_ value: ConfigValue?) {
        guard let table = value?.table("outbox") else { return }
        for item in table["rates"]?.list("rates") ?? [] {
            guard let rate = item.table("domain, count and within") else { continue }
            let domain = rate.required("domain", "write a domain such as qq.com, or \"*\" for each other one")?.text(
                "a domain")
            let count = rate.required("count", "write how many mails")?.int(1...1_000_000)
            let period = rate.required("within", "write in what time, such as 1m")?.seconds(1...86_400)
            rate.finish()
            guard let domain, let count, let period else { continue }
            outbox.rates.append(.init(domain: asciiLowercased(domain), count: count, period: TimeInterval(period)))
        }
        if let value = table["delivery_reports"], let words = value.texts("failure, delay, success") {
            let known = DeliveryNotification.Occasion.allCases
            outbox.deliveryReports = []
            for word in words {
                guard let occasion = known.first(where: { asciiLowercased($0.rawValue) == word.text }) else {
                    problems.report(
                        word.location, "there is no report on \(word.text); known are failure, delay and success")
                    continue
                }
                outbox.deliveryReports.insert(occasion)
            }
        }
        bounceAddress = table["bounce_address"]?.addresses().first
        table.finish()
    }

    /// `{ reopen_within: 30d }`
    private func readTickets(_ value: ConfigValue?) {
        guard let table = value?.table("tickets") else { return }
        if let seconds = table["reopen_within"]?.seconds(0...(3650 * 86_400)) { reopenWindow = TimeInterval(seconds) }
        table.finish()
    }

    private func readLimits(_ value: ConfigValue?) {
        guard let table = value?.table("limits") else { return }
        limits.batchMessages = table["batch_messages"]?.int(1...1000) ?? limits.batchMessages
        limits.batchBytes = table["batch_bytes"]?.bytes((256 << 10)...(256 << 20)) ?? limits.batchBytes
        limits.messageBytes = table["message_bytes"]?.bytes((1 << 20)...(1 << 30)) ?? limits.messageBytes
        table.finish()
    }

    /// `- { phrases: [投诉], category: complaint, weight: 2 }`
    private func readLexicon(_ value: ConfigValue?) {
        var entries: [Lexicon.Entry] = []
        for item in value?.list("phrases") ?? [] {
            guard let table = item.table("phrases and what they mean") else { continue }
            let phrases = table.required("phrases", "list the words to look for")?.texts() ?? []
            let weight = table["weight"].flatMap { Self.weight($0) } ?? 2
            let category = table["category"].flatMap { knownCategory($0, among: categories) }
            let urgency = table["urgency"]?.word(Urgency.self)
            if table["category"] == nil, table["urgency"] == nil {
                item.report("the phrases mean nothing; add category or urgency")
            }
            table.finish()
            for phrase in phrases {
                if let category {
                    entries.append(.init(phrase.text, .category(category), weight: weight, source: phrase.location))
                }
                if let urgency {
                    entries.append(.init(phrase.text, .urgency(urgency), weight: weight, source: phrase.location))
                }
            }
        }
        if !entries.isEmpty { lexicon = Lexicon.shipped.adding(entries) }
    }

    private static func weight(_ value: ConfigValue) -> Double? {
        guard let weight = value.scalar.flatMap(Double.init), (-10...10).contains(weight) else {
            value.report("weight is a number from -10 to 10: 1 hints, 2 says so, 3 settles it, below 0 speaks against")
            return nil
        }
        return weight
    }
}

/// Names that stand in rules, rows and reports.
func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 40 && text.utf8.allSatisfy { $0 &- 97 < 26 || $0 &- 48 < 10 || $0 == 0x5F }
}

func knownCategory(_ value: ConfigValue, among categories: [Category]) -> Category? {
    value.located("a category").flatMap { knownCategory($0, among: categories, problems: value.problems) }
}

func knownCategory(_ text: LocatedText, among categories: [Category], problems: ProblemList) -> Category? {
    let category = Category(text.text)
    if categories.contains(category) { return category }
    problems.report(
        text.location,
        "unknown category \(text.text); \(advice(for: text.text, known: categories.map(\.rawValue))) "
            + "(categories of your own are listed in postroom.yaml)")
    return nil
}
