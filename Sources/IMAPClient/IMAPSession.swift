internal import CurlTransport
internal import IMAPProtocol
package import Logging
package import Vocabulary

/// One connection to one account.
///
/// Everything runs on the thread of the connection, one call at a time; a call blocks that thread and nobody else. After
/// an error that `endsSession` the session is closed and only `connect()` brings it back.
package actor IMAPSession {
    package nonisolated let account: AccountOptions
    nonisolated let logger: Logger
    private nonisolated let thread: ConnectionThread
    nonisolated let interrupter = Interrupter()

    let connection: CurlConnection
    var reader = ResponseReader()
    /// Takes large messages.
    var spool: SpoolWriter?
    /// The text of the response that was taken last, when it went to the spool.
    var spooled: SpooledMessage?
    var receiveBuffer: [UInt8] = []
    /// Responses that have come and were not looked at.
    var inbox: ArraySlice<Response> = []
    /// Tags of commands whose result has not come; those of FETCHes in flight are in `fetchRun`.
    var outstanding: Set<String> = []
    /// Results of commands that came before they were waited for.
    var finished: [String: (TaggedStatus, ResponseText)] = [:]
    let tagPrefix = "p" + String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16) + "x"
    var commandNumber = 0
    /// Since when the server has said nothing but "still working".
    var onlyStatusSince: ContinuousClock.Instant?

    /// Upper case; as the server said last.
    package internal(set) var capabilities: Set<String> = []
    package internal(set) var selected: MailboxStatus?
    /// Messages in the selected mailbox.
    var exists = 0
    /// How many of them there were when it was opened; what is above has come since.
    var existedAtOpening: UInt32 = 0
    /// More messages came since the mailbox was last listed.
    var hasNews = false
    /// Prefix and delimiter of mailbox names; asked for when they are first needed.
    var hierarchy: Namespace?
    var fetchRun = FetchRun()
    /// UIDNEXT as far as it is known from what was listed, SELECT and STATUS.
    var knownNext: UID?
    /// The server told somebody else of mail that it did not show here.
    var isStale = false
    /// Our own mark on messages: another installation has another one.
    nonisolated let mark: String?
    /// The mark of another installation, seen on a message that is new to us or has just been changed.
    package internal(set) var foreignInstance: String?
    /// Said once in a session.
    var toldThatKeywordsAreNotKept = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// `instanceName` stands in the mark that is set beside the keyword; nil sets and looks for none.
    package init(account: AccountOptions, logger: Logger, instanceName: String? = nil) {
        self.account = account
        mark = instanceName.map { Self.markPrefix + $0 }
        var logger = logger
        logger[metadataKey: "account"] = "\(account.name)"
        self.logger = logger
        thread = ConnectionThread(name: "imap-\(account.name)")
        connection = CurlConnection(interrupter: interrupter)
    }

    /// On the connection's own thread, because libcurl is only called from there.
    isolated deinit { connection.close() }

    /// Ends an `idle` at once; when none is running, the next one. A running command goes on. From any thread.
    package nonisolated func interrupt() { interrupter.interrupt() }

    /// Ends whatever is going on, for good. From any thread.
    package nonisolated func abort() { interrupter.abort() }

    // MARK: - Opening

    /// Connects and logs in, learns what the server can do and tells it who we are.
    package func connect() throws(IMAPError) {
        close()
        let timeouts = CurlConnection.Timeouts(connect: account.connectTimeout, response: account.commandTimeout)
        do throws(TransportError) {
            try connection.open(
                .imap, to: account.endpoint, credentials: account.credentials, timeouts: timeouts)
        } catch {
            throw self.error(.transport(error.reason), "LOGIN", error.said)
        }
        reader = ResponseReader(limits: readerLimits)
        spool = account.spool.map { SpoolWriter(folder: $0.folder, name: tagPrefix) }
        receiveBuffer = [UInt8](repeating: 0, count: 256 << 10)
        try synchronize()
        try introduce()
        let names = capabilities.sorted().joined(separator: " ")
        logger.debug("imap session opened", metadata: ["capabilities": "\(names)"])
    }

    private var readerLimits: ResponseReader.Limits {
        var limits = ResponseReader.Limits()
        // Servers lie about sizes, so what was planned by RFC822.SIZE may be somewhat longer.
        let planned = min(max(account.maxMessageSize, 0), 1 << 40)
        limits.message = planned + planned / 4 + 1 << 20
        if let spool = account.spool {
            limits.inMemory = spool.threshold
            limits.message = spool.maximum
        }
        return limits
    }

    /// libcurl keeps what it had read behind the last answer of the login; half a line may be the first thing we see.
    /// So we ask, and skip everything up to the answer.
    private func synchronize() throws(IMAPError) {
        let tag = try start(.capability)
        while true {
            switch try nextResponse(for: "CAPABILITY") {
            case .tagged(tag, .ok, let text):
                note(text)
                return
            case .tagged(tag, _, let text):
                throw failed(.protocolViolation, "CAPABILITY", text.text)
            case .capability(let names):
                capabilities = Set(names)
            case .untagged(.bye, let text):
                throw failed(.bye, "CAPABILITY", text.text)
            default:
                break
            }
        }
    }

    /// RFC 2971, always and at once: 163, 126 and others refuse SELECT to who has not said it. Who does not know the
    /// command says BAD, and that is all.
    private func introduce() throws(IMAPError) {
        do throws(IMAPError) {
            _ = try run(.id([("name", "Postroom"), ("vendor", "Postroom"), ("version", "1")]))
        } catch let error where !error.endsSession {
            logger.debug("server refused id", metadata: ["error": "\(error.said)"])
        }
    }

    // MARK: - Small commands

    /// Opens a mailbox; EXAMINE when `readOnly`. Opening it anew also makes servers look at it again that do not show
    /// new mail to an open session.
    package func select(_ mailbox: MailboxName, readOnly: Bool = false) throws(IMAPError) -> MailboxStatus {
        do throws(IMAPError) {
            return try select(mailbox, wireName: mailbox, readOnly: readOnly)
        } catch let error where error.reason == .mailboxUnavailable {
            let wireName = try wireName(of: mailbox)
            if wireName == mailbox { throw error }
            return try select(mailbox, wireName: wireName, readOnly: readOnly)
        }
    }

    private func select(
        _ mailbox: MailboxName, wireName: MailboxName, readOnly: Bool
    ) throws(IMAPError) -> MailboxStatus {
        try abandonFetch()
        selected = nil
        exists = 0
        hasNews = false
        let command = Command.select(wireName, readOnly: readOnly)
        var answer = SelectAnswer()
        do throws(IMAPError) {
            answer.take(try run(command) { answer.take($0) })
        } catch let error where error.reason == .refused && !error.isPassing {
            throw self.error(.mailboxUnavailable, command.verb, error.said)
        }
        guard let validity = answer.uidValidity, !answer.uidsDoNotLast else {
            throw self.error(
                .mailboxUnavailable, command.verb,
                "the server gives no lasting UIDs for \(mailbox), so nothing could be recorded safely")
        }
        let status = MailboxStatus(
            mailbox: mailbox, uidValidity: UIDValidity(validity), uidNext: answer.uidNext.map { UID($0) },
            exists: exists, readOnly: readOnly || answer.isReadOnly, permanentFlags: answer.permanentFlags,
            highestModSeq: answer.highestModSeq)
        selected = status
        existedAtOpening = UInt32(clamping: exists)
        hasNews = false
        isStale = false
        knownNext = status.uidNext
        return status
    }

    /// Lets the server tell what it has not told; true when there is new mail since the last listing.
    @discardableResult
    package func noop() throws(IMAPError) -> Bool {
        try run(.noop)
        return hasNews
    }

    /// Makes a mailbox. That it exists already is no error.
    package func create(_ mailbox: MailboxName) throws(IMAPError) {
        try create(wireName: try wireName(of: mailbox))
    }

    func create(wireName: MailboxName) throws(IMAPError) {
        do throws(IMAPError) {
            try run(.create(wireName))
        } catch let error where error.serverCode == "ALREADYEXISTS" {
            return
        }
    }

    /// Says goodbye, if there is still somebody to say it to, and closes.
    package func logout() {
        if connection.isOpen {
            _ = try? abandonFetch()
            _ = try? run(.logout, patience: .seconds(5))
        }
        close()
    }

    func close() {
        connection.close()
        spool?.discard()
        spool = nil
        spooled = nil
        knownNext = nil
        inbox = []
        outstanding = []
        finished = [:]
        fetchRun = FetchRun()
        receiveBuffer = []
        capabilities = []
        selected = nil
        hierarchy = nil
        hasNews = false
    }
}

/// What SELECT tells (RFC 9051 section 6.3.2), besides EXISTS.
private struct SelectAnswer {
    var uidValidity: UInt32?
    var uidNext: UInt32?
    var permanentFlags: [String]?
    var highestModSeq: UInt64?
    var isReadOnly = false
    var uidsDoNotLast = false

    mutating func take(_ response: Response) {
        if case .untagged(.ok, let text) = response { take(text) }
        if case .untagged(.no, let text) = response { take(text) }  // UIDNOTSTICKY comes so
    }

    mutating func take(_ text: ResponseText) {
        switch text.code {
        case .uidValidity(let value): uidValidity = value
        case .uidNext(let value): uidNext = value
        case .permanentFlags(let flags): permanentFlags = flags
        case .highestModSeq(let value): highestModSeq = value
        case .readOnly: isReadOnly = true
        case .readWrite: isReadOnly = false
        case .uidNotSticky: uidsDoNotLast = true
        default: break
        }
    }
}
