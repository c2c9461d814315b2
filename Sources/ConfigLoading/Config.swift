import BusinessTime
import Classification
import Correspondence
package import CurlTransport
import Extraction
package import IMAPClient
import Replies
import Routing
import Rules
package import SMTPClient
package import SMTPProtocol
package import Storage
package import Telemetry
package import Triage
package import Vocabulary

package import struct Foundation.TimeInterval

/// Everything that the program is told. A value: a reload makes a new one, and whoever works with the old one finishes
/// with it.
package struct Config: Sendable {
    package var accounts: [AccountOptions]
    /// Where mail leaves, in the order in which they are tried; empty when nothing is ever sent.
    package var relays: [SubmissionOptions]
    package var outbox: OutboxOptions
    package var storage: StorageOptions
    package var triage: TriageOptions
    package var log: LogOptions
    package var mode: RecordingMode
    /// Who is told when the program needs a person.
    package var operators: [EmailAddress]
    package var limits: LimitOptions
    package var alarms: AlarmOptions
    /// Where alarms are posted beside the mail to the operators; nil: nowhere.
    package var webhook: WebhookEndpoint?
    /// The files that it was read from, by name: stored with what is decided under it. No secret stands in them.
    package var sources: [ConfigSource] = []
    /// What can stand and is hardly meant.
    package var warnings: [ConfigProblem] = []
    /// Those that are shipped and those of the admin's own.
    package var categories: [Category] = Category.shipped

    package init(
        accounts: [AccountOptions], submission: SubmissionOptions?, storage: StorageOptions, triage: TriageOptions,
        log: LogOptions = LogOptions(), mode: RecordingMode = .act, operators: [EmailAddress] = [],
        limits: LimitOptions = LimitOptions(), alarms: AlarmOptions = AlarmOptions(), webhook: WebhookEndpoint? = nil,
        outbox: OutboxOptions = OutboxOptions()
    ) {
        self.webhook = webhook
        self.alarms = alarms
        self.accounts = accounts
        relays = submission.map { [$0] } ?? []
        self.outbox = outbox
        self.storage = storage
        self.triage = triage
        self.log = log
        self.mode = mode
        self.operators = operators
        self.limits = limits
    }

    /// The relay that is tried first.
    package var submission: SubmissionOptions? {
        get { relays.first }
        set { relays = newValue.map { [$0] } ?? [] }
    }

    /// The names that the admin gave the accounts, in their order.
    package var accountNames: [String] { accounts.map(\.name.rawValue) }

    /// What Postroom knows without any file, for `postroom try`: the shipped lexicon, one team, real time around the
    /// clock, no rules and no templates.
    package static var builtInTriage: TriageOptions {
        let hours = Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, [OpeningHours.wholeDay]) })
        guard
            let calendar = try? BusinessCalendar(name: "always", timeZone: "UTC", weekly: hours)
        else { preconditionFailure("a calendar that is always open is good") }
        let level = ServiceTarget(
            firstResponse: .elapsed(seconds: 24 * 3600), firstHandling: .elapsed(seconds: 48 * 3600),
            calendar: calendar)
        return TriageOptions(
            configVersion: "built-in", identity: OwnIdentity(addresses: [], messageIDDomain: "localhost"),
            extraction: ExtractionOptions(region: "CN"), rules: .empty, lexicon: .shipped,
            routing: RoutingOptions(
                people: [Person(id: "duty", name: "Duty owner")],
                teams: [Team(id: "support", name: "Support", members: ["duty"])], defaultTeam: "support",
                dutyOwner: "duty"),
            serviceLevels: ServiceLevels(calendars: [calendar], rules: [], fallback: level),
            replies: ReplyOptions(organisation: OrganisationName(names: [:])), templates: .empty)
    }
}

/// How much is taken at once; memory follows from it.
package struct LimitOptions: Sendable, Hashable {
    /// Messages of one fetch, and of one transaction.
    package var batchMessages: Int
    /// Bytes of one fetch.
    package var batchBytes: Int
    /// A message over this is not fetched whole.
    package var messageBytes: Int

    package init(batchMessages: Int = 200, batchBytes: Int = 8 << 20, messageBytes: Int = 50 << 20) {
        self.batchMessages = batchMessages
        self.batchBytes = batchBytes
        self.messageBytes = messageBytes
    }
}

/// How mail leaves.
package struct OutboxOptions: Sendable, Hashable {
    /// At most so many mails to one domain in this time: some providers turn away who sends faster.
    package struct Rate: Sendable, Hashable {
        /// Lower case; `*` for each domain that is not named.
        package let domain: String
        package let count: Int
        package let period: TimeInterval

        package init(domain: String, count: Int, period: TimeInterval) {
            self.domain = domain
            self.count = count
            self.period = period
        }
    }

    package var rates: [Rate]
    /// What relays are asked to report on (RFC 3461); empty: nothing.
    package var deliveryReports: Set<DeliveryNotification.Occasion>

    package init(rates: [Rate] = [], deliveryReports: Set<DeliveryNotification.Occasion> = [.failure, .delay]) {
        self.rates = rates
        self.deliveryReports = deliveryReports
    }
}

/// When operators are told that something is wrong.
package struct AlarmOptions: Sendable, Hashable {
    /// How long a mailbox may go without having been read to its end.
    package var silence: Duration
    /// How often each account gets a test mail; nil: never.
    package var canary: Duration?

    package init(silence: Duration = .seconds(15 * 60), canary: Duration? = nil) {
        self.silence = silence
        self.canary = canary
    }
}
