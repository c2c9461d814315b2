import BusinessTime
import Classification
import Correspondence
import Digest
import Extraction
import Foundation
import Logging
import Replies
import Routing
import Rules
import Storage
import TestSupport
import Testing
import Triage
import Vocabulary

/// A store in a folder of its own, with a clock that the test moves.
final class StoreFixture {
    let folder: TemporaryFolder
    let options: StorageOptions
    private(set) var store: Store
    var now = StoreFixture.start
    var triage: TriageOptions
    private var nextUID: UInt32 = 1
    private(set) var uidValidity = UIDValidity(7)

    static let start = Date(timeIntervalSince1970: 1_794_560_400)  // 2026-11-13 09:00 UTC
    static let account = AccountName("support")
    static let inbox = MailboxName("INBOX")

    init(baseline: Date? = nil, change: (inout TriageOptions) -> Void = { _ in }) throws {
        folder = try TemporaryFolder()
        options = StorageOptions(directory: folder.path + "/store")
        store = try Store.open(options, role: .service, logger: quiet)
        triage = try sampleOptions()
        change(&triage)
        try openInbox(baseline: baseline)
    }

    @discardableResult
    func openInbox(_ mailbox: MailboxName = inbox, baseline: Date? = nil) throws -> MailboxState {
        try store.openMailbox(
            account: Self.account, mailbox: mailbox, uidValidity: uidValidity, baseline: baseline, now: now)
    }

    func changeUIDValidity() throws -> MailboxState {
        uidValidity = UIDValidity(uidValidity.rawValue + 1)
        nextUID = 1
        return try openInbox()
    }

    func reopen() throws {
        store.close()
        store = try Store.open(options, role: .service, logger: quiet)
    }

    /// Letters as they would come from the server, with the next UIDs.
    func arrivals(_ letters: [Letter], arrivedAt: Date? = nil) -> [Arrival] {
        letters.map { letter in
            defer { nextUID += 1 }
            let bytes = letter.bytes(date: now)
            let understanding = understand(bytes, options: triage)
            let blob = ArchiveBlob.compress(bytes, digest: understanding.rawDigest)
            return Arrival(
                uid: UID(nextUID), arrivedAt: arrivedAt ?? now, size: bytes.count,
                content: .understood(understanding, blob))
        }
    }

    func parkedArrival(_ bytes: [UInt8]? = Array("broken".utf8)) -> Arrival {
        defer { nextUID += 1 }
        return Arrival(
            uid: UID(nextUID), arrivedAt: now, size: bytes?.count ?? 0,
            content: .parked(
                reason: "the process died twice", bytes.map { ArchiveBlob.compress($0, digest: sha256($0)) }))
    }

    func batch(_ arrivals: [Arrival], mailbox: MailboxName = inbox) -> ArrivalBatch {
        ArrivalBatch(
            account: Self.account, mailbox: mailbox, uidValidity: uidValidity, arrivals: arrivals,
            coveredThrough: arrivals.map(\.uid).max() ?? UID(0))
    }

    @discardableResult
    func record(
        _ letters: [Letter], mode: RecordingMode = .act, hold: Bool = false, mailbox: MailboxName = inbox,
        arrivedAt: Date? = nil
    ) throws -> [RecordedDelivery] {
        try record(arrivals(letters, arrivedAt: arrivedAt), mode: mode, hold: hold, mailbox: mailbox)
    }

    @discardableResult
    func record(
        _ arrivals: [Arrival], mode: RecordingMode = .act, hold: Bool = false, mailbox: MailboxName = inbox
    ) throws -> [RecordedDelivery] {
        try store.record(
            batch(arrivals, mailbox: mailbox), options: triage, mode: mode, holdReplies: hold, now: now)
    }

    @discardableResult
    func record(_ letter: Letter) throws -> RecordedDelivery { try #require(try record([letter]).first) }

    /// Every test ends with it.
    func expectConsistent(_ location: Testing.SourceLocation = #_sourceLocation) throws {
        #expect(try store.checkConsistency(deep: true) == [], sourceLocation: location)
    }

    /// The `sqlite3` command, for planting damage and looking past the store. Nil when it is missing.
    @discardableResult
    func sqlite(_ sql: String, database: String? = nil) throws -> String? {
        let tool = "/usr/bin/sqlite3"
        guard FileManager.default.isExecutableFile(atPath: tool) else {
            print("skipped: \(tool) is missing")
            return nil
        }
        let process = Process()
        process.executableURL = URL(filePath: tool)
        process.arguments = [database ?? options.databasePath, sql]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "sqlite3 ran \(sql)")
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// One mail of our own writing.
struct Letter {
    var from = "Ada Example <ada@example.net>"
    var to = "support@example.com"
    var subject = "A question about my order"
    var messageID: String? = "<first@example.net>"
    var references: [String] = []
    var returnPath: String? = "<ada@example.net>"
    var extra: [String] = []
    var body = "Hello, where is my order PO-20260001?\r\n"
    /// Seconds before the moment of arrival.
    var age: Double = 60

    func bytes(date: Date) -> [UInt8] {
        var lines: [String] = []
        if let returnPath { lines.append("Return-Path: \(returnPath)") }
        lines += [
            "From: \(from)", "To: \(to)", "Subject: \(subject)", "Date: \(Self.field(date.addingTimeInterval(-age)))",
        ]
        if let messageID { lines.append("Message-ID: \(messageID)") }
        if !references.isEmpty { lines.append("References: " + references.joined(separator: " ")) }
        lines += extra
        if !extra.contains(where: { $0.hasPrefix("Content-Type") }) {
            lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }

    private static func field(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: date)
    }

    func with(_ change: (inout Letter) -> Void) -> Letter {
        var copy = self
        change(&copy)
        return copy
    }
}

func sampleOptions() throws -> TriageOptions {
    let support = try #require(EmailAddress("support@example.com"))
    let hours = OpeningHours(start: 9 * 60, end: 18 * 60)
    let calendar = try BusinessCalendar(
        name: "office", timeZone: "Asia/Shanghai",
        weekly: Dictionary(uniqueKeysWithValues: Weekday.allCases.prefix(5).map { ($0, [hours].compactMap { $0 }) }))
    let template = TemplateSource(
        name: "receipt", language: .english,
        text: "Subject: [{{ticket}}] Received\n\nDear customer, it is {{ticket}}.\n",
        location: Vocabulary.SourceLocation(file: "receipt.mustache"))
    let complaint = TemplateSource(
        name: "complaint-received", language: .english, text: template.text,
        location: Vocabulary.SourceLocation(file: "complaint-received.mustache"))
    let staff = ["progress", "resolved"].map { name in
        TemplateSource(
            name: name, language: .english,
            text: "Subject: [{{ticket}}] News\n\nDear customer,\n\n{{#message}}\n{{message}}\n{{/message}}\n",
            location: Vocabulary.SourceLocation(file: "\(name).mustache"))
    }
    let (templates, problems) = TemplateSet.compile(sources: [template, complaint] + staff)
    #expect(problems.isEmpty)
    return TriageOptions(
        configVersion: "test-1",
        identity: OwnIdentity(
            addresses: [support], agents: [EmailAddress("li.na@example.com")].compactMap { $0 },
            messageIDDomain: "example.com", authservID: "mx.example.com"),
        extraction: ExtractionOptions(region: "CN"), rules: .empty, lexicon: .shipped,
        routing: RoutingOptions(
            people: [Person(id: "li.na", name: "Li Na"), Person(id: "wang.wei", name: "Wang Wei")],
            teams: [Team(id: "front", name: "Front line", members: ["li.na", "wang.wei"])], defaultTeam: "front",
            dutyOwner: "wang.wei"),
        serviceLevels: ServiceLevels(
            calendars: [calendar], rules: [],
            fallback: ServiceTarget(
                firstResponse: .elapsed(seconds: 24 * 3600), resolution: .workingDays(3), calendar: calendar)),
        replies: ReplyOptions(organisation: OrganisationName(names: [.english: "Example Ltd"])), templates: templates)
}
