package import CurlTransport
package import FoundationEssentials
package import Vocabulary

/// One shared mailbox account, as the configuration describes it.
package struct AccountOptions: Sendable {
    /// Which of the mail that is there already belongs to us. Kept as an INTERNALDATE baseline by the ledger.
    package enum StartRule: Sendable, Hashable {
        case all
        /// What is unseen when the account is first met.
        case unseen
        /// Only what comes after the account is first met.
        case new
        case date(Date)
    }

    /// How the server is told that a message is recorded.
    package struct Acknowledgement: Sendable, Hashable {
        /// The keyword set on every recorded message; nil for none.
        package var keyword: String?
        /// The mailbox it is moved to; may hold `{category}`. Nil leaves it where it is.
        package var moveTo: String?

        package init(keyword: String? = "$PostroomDone", moveTo: String? = nil) {
            self.keyword = keyword
            self.moveTo = moveTo
        }
    }

    package var name: AccountName
    package var endpoint: Endpoint
    package var credentials: Credentials
    package var mailboxes: [MailboxName]
    /// The shared address customers write to.
    package var address: EmailAddress
    package var start: StartRule
    /// IDLE is a hint: the mailbox is asked anyway this often.
    package var pollInterval: Duration
    /// An IDLE is renewed at most after this time. RFC 2177 allows 29 minutes; providers and NAT boxes do not.
    package var idleRenewal: Duration
    /// Connections at the same time. Providers count them, and refuse or lock out who has too many.
    package var maxConnections: Int
    package var acknowledge: Acknowledgement
    /// How long a server may take for DNS, TCP, TLS and login.
    package var connectTimeout: Duration
    /// How long it may be silent while a command is open. A transfer that makes progress is never cut.
    package var commandTimeout: Duration
    /// Messages above this are not fetched whole.
    package var maxMessageSize: Int
    /// How much is fetched at once.
    package var fetchLimits: FetchLimits
    /// Where large messages go; nil keeps them in memory.
    package var spool: SpoolOptions?

    package init(
        name: AccountName, endpoint: Endpoint, credentials: Credentials,
        mailboxes: [MailboxName] = [MailboxName("INBOX")], address: EmailAddress, start: StartRule = .new,
        pollInterval: Duration = .seconds(60), idleRenewal: Duration = .seconds(9 * 60),
        maxConnections: Int = 5, acknowledge: Acknowledgement = Acknowledgement(),
        connectTimeout: Duration = .seconds(30),
        commandTimeout: Duration = .seconds(60), maxMessageSize: Int = 50 << 20,
        fetchLimits: FetchLimits = FetchLimits(), spool: SpoolOptions? = nil
    ) {
        self.spool = spool
        self.name = name
        self.endpoint = endpoint
        self.credentials = credentials
        self.mailboxes = mailboxes
        self.address = address
        self.start = start
        self.pollInterval = pollInterval
        self.idleRenewal = idleRenewal
        self.maxConnections = maxConnections
        self.acknowledge = acknowledge
        self.connectTimeout = connectTimeout
        self.commandTimeout = commandTimeout
        self.maxMessageSize = maxMessageSize
        self.fetchLimits = fetchLimits
    }
}

/// How much one FETCH command may ask for. Two are in flight, so memory is bounded by about three times the bytes: what
/// the caller works on, what is being read, and a message at the edge.
package struct FetchLimits: Sendable, Hashable {
    package var messages: Int
    package var bytes: Int
    /// Commands in flight.
    package var window: Int

    package init(messages: Int = 200, bytes: Int = 8 << 20, window: Int = 2) {
        self.messages = messages
        self.bytes = bytes
        self.window = window
    }
}
