import Foundation
import MIME
import Storage
import TestSupport
import Testing
import Triage
import Vocabulary

/// Three days of a post room, told as a story: fifteen mails, what became of each, every mail that left, and where
/// everything stood in the evening. The story is a golden file; a change of it is read like code.
///
///     POSTROOM_WRITE_GOLDEN=1 swift test --filter ScenarioTests        writes it anew
@Suite("Three days of a post room")
struct ScenarioTests {
    @Test("the story comes out as it is written down")
    func story() throws {
        let told = try Story().tell()
        let golden = Checkout.fixtures.appending(path: "scenario/transcript.txt")
        if ProcessInfo.processInfo.environment["POSTROOM_WRITE_GOLDEN"] != nil {
            try Data(told.utf8).write(to: golden)
        }
        let expected = String(decoding: try Data(contentsOf: golden), as: UTF8.self)
        let (ours, theirs) = (
            told.split(separator: "\n", omittingEmptySubsequences: false),
            expected.split(separator: "\n", omittingEmptySubsequences: false)
        )
        #expect(ours.count == theirs.count)
        for (line, pair) in zip(ours, theirs).enumerated() where pair.0 != pair.1 {
            Issue.record("line \(line + 1) is\n\(pair.0)\ninstead of\n\(pair.1)")
            break
        }
    }
}

/// One telling: the script, the post room, and what is written down.
private final class Story {
    private let room: SimulatedPostRoom
    private var lines: [String] = []
    private var now: Date
    private var sent: [Int64: SimulatedPostRoom.Sent] = [:]
    private let zone = TimeZone(identifier: "Asia/Shanghai") ?? .gmt
    private var day = ""

    private enum Act {
        /// A file of fixtures/scenario.
        case mail(String)
        case progress(TicketNumber, String)
        case resolve(TicketNumber, String)
        case nothing
    }

    /// Beijing time. The fourth day begins a holiday of a week (notice of the State Council of 4 November 2025).
    private static let script: [(time: String, act: Act)] = [
        ("2026-09-29 09:12", .mail("01-vip-complaint")),
        ("2026-09-29 09:40", .mail("02-inquiry-en")),
        ("2026-09-29 10:05", .mail("03-newsletter")),
        ("2026-09-29 11:30", .mail("04-vip-follow-up")),
        ("2026-09-29 12:30", .mail("05-inquiry-ja")),
        ("2026-09-29 15:20", .mail("06-bounce")),
        ("2026-09-29 20:10", .mail("07-inquiry-zh-hant-evening")),
        ("2026-09-29 21:30", .progress(TicketNumber(1001), "更换用的控制器已从仓库发出，预计明天下午送达。\n\n送达后我们的工程师会与您约定安装时间。")),
        ("2026-09-30 08:00", .nothing),
        ("2026-09-30 08:05", .mail("08-vacation-reply")),
        ("2026-09-30 09:30", .mail("09-blocked-writer")),
        ("2026-09-30 10:00", .mail("10-evening-mail-again")),
        ("2026-09-30 10:20", .mail("11-where-is-my-order")),
        ("2026-09-30 14:00", .mail("12-spam")),
        ("2026-09-30 16:30", .mail("13-delayed")),
        ("2026-09-30 17:00", .resolve(TicketNumber(1001), "控制器已更换并测试正常，原件的故障原因是电源模块受潮。更换件自今日起保修两年。")),
        ("2026-10-01 10:00", .mail("14-vip-writes-again")),
        ("2026-10-01 11:00", .mail("15-holiday-inquiry")),
    ]

    init() throws {
        now = try Self.date("2026-09-29 09:00")
        room = try SimulatedPostRoom(start: now)
        try room.approveTemplates(now: now)
        try Self.makeVIP("chen@hengda.example", name: "陈静怡", room.databasePath)
    }

    /// A customer's tier is set in the file of the customer, before the story begins.
    private static func makeVIP(_ address: String, name: String, _ database: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/sqlite3")
        process.arguments = [
            database,
            """
            INSERT INTO customer (id, name, address, tier, created_at, updated_at)
              VALUES (1, '\(name)', '\(address)', 'vip', 0, 0);
            INSERT INTO contact_point (kind, value, customer_id, first_seen_at) VALUES ('email', '\(address)', 1, 0);
            INSERT OR REPLACE INTO meta (key, value) VALUES ('counters', '0 1000 0 1');
            """,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    func tell() throws -> String {
        lines = ["Three days of a post room. Beijing time; what customers see is indented.", ""]
        for (time, act) in Self.script {
            now = try Self.date(time)
            beginDay(String(time.prefix(10)))
            try perform(act, at: String(time.suffix(5)))
            for mail in try room.sendDue(at: now) { tellSent(mail, at: String(time.suffix(5))) }
            for notice in try room.noticesDue(at: now) { tellNotice(notice, at: String(time.suffix(5))) }
        }
        try tellEnd()
        try room.expectConsistent()
        return lines.joined(separator: "\n") + "\n"
    }

    private func beginDay(_ date: String) {
        guard date != day else { return }
        day = date
        lines += ["", "=== \(date) ===", ""]
    }

    // MARK: What happens

    private func perform(_ act: Act, at time: String) throws {
        switch act {
        case .nothing: break
        case .mail(let name): tellArrival(try room.receive(mail(name), at: now), name, at: time)
        case .progress(let ticket, let text):
            let item = try room.store.send(
                StaffMail(template: "progress", message: text), on: ticket, options: room.triage, actor: "cli:zhou.min",
                now: now)
            lines += [
                "\(time)  zhou.min tells the customer of \(ticket) how the work stands: mail \(item.id) \(wait(item))",
                "",
            ]
        case .resolve(let ticket, let text):
            let item = try room.store.send(
                StaffMail(template: "resolved", message: text, resolves: true), on: ticket, options: room.triage,
                actor: "cli:zhou.min", now: now)
            lines += ["\(time)  zhou.min resolves \(ticket): mail \(item.id) \(wait(item))", ""]
        }
    }

    private func wait(_ item: OutboxItem) -> String {
        item.notBefore > now ? "waits for the end of the quiet hours, \(clock(item.notBefore))" : "\(item.state)"
    }

    /// A mail of the story; `{{reverse-path 2}}` and `{{message-id 2}}` name outgoing mail 2.
    private func mail(_ name: String) throws -> [UInt8] {
        var text = String(decoding: Checkout.fixture("scenario/\(name).eml"), as: UTF8.self)
        for (id, sent) in sent {
            text = text.replacingOccurrences(of: "{{message-id \(id)}}", with: sent.messageID.value)
            text = text.replacingOccurrences(of: "{{reverse-path \(id)}}", with: sent.reversePath?.description ?? "")
        }
        #expect(!text.contains("{{"), "\(name) names a mail that was not sent")
        return Array(text.replacingOccurrences(of: "\n", with: "\r\n").utf8)
    }

    // MARK: What is told

    private func tellArrival(_ delivery: RecordedDelivery, _ name: String, at time: String) {
        let ticket = delivery.ticket.map { " \($0)" } ?? ""
        lines.append("\(time)  \(name)  →  \(delivery.state)\(ticket)\(delivery.detail.map { " (\($0))" } ?? "")")
        guard let decision = delivery.decision else { return }
        if delivery.state == .ticketed {
            lines.append(
                "       \(decision.category) \(decision.urgency), \(decision.assignee ?? "-") of \(decision.team ?? "-"),"
                    + " an answer by \(decision.firstResponseDue.map(clock) ?? "-")")
        }
        for reason in decision.reasons where [.kind, .thread, .reply, .duplicate].contains(reason.about) {
            lines.append("       \(reason.about.rawValue): \(reason.conclusion), because \(masked(reason.because))")
        }
        lines.append("")
    }

    private func tellSent(_ mail: SimulatedPostRoom.Sent, at time: String) {
        sent[mail.id] = mail
        let message = Message(parsing: mail.bytes)
        lines.append("\(time)  mail \(mail.id) leaves")
        for name in ["From", "To", "Reply-To", "Subject", "In-Reply-To"] {
            guard let body = message.header.first(name) else { continue }
            lines.append("       | \(name): \(masked(name == "Subject" ? message.subject : body))")
        }
        lines.append("       |")
        let text = message.parts.first { $0.mediaType == "text/plain" }.map { message.text($0) } ?? ""
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            lines.append(line.isEmpty ? "       |" : "       | \(line)")
        }
        while lines.last == "       |" { lines.removeLast() }
        lines.append("")
    }

    private func tellNotice(_ notice: Notice, at time: String) {
        lines.append("\(time)  \(notice.person ?? "operators") is told: \(notice.subject)")
        for line in notice.text.split(separator: "\n") { lines.append("       \(masked(String(line)))") }
        lines.append("")
    }

    private func tellEnd() throws {
        lines += ["", "=== how it stands ===", ""]
        let all: [TicketState] = [.new, .open, .waiting, .resolved, .closed]
        for ticket in try room.store.tickets(TicketFilter(states: all)).sorted(by: {
            $0.number.rawValue < $1.number.rawValue
        }) {
            lines.append(
                "ticket \(ticket.number) \(ticket.state.rawValue), \(ticket.assignee): \(ticket.subject)")
            let record = try room.store.ticket(ticket.number)
            for event in record.events {
                lines.append(
                    "       \(clock(event.at)) \(event.kind) by \(event.actor)\(event.detail.map { ": \($0)" } ?? "")")
            }
        }
        lines.append("")
        for item in try room.store.outboxItems().reversed() {
            let recipients = item.recipients.map { "\($0.address) \($0.state.rawValue)" }.joined(separator: ", ")
            lines.append("mail \(item.id) of \(item.ticket), \(item.template ?? "-"): \(item.state), \(recipients)")
        }
        for blocked in try room.store.blockedAddresses(now: now) {
            lines.append("blocked until \(clock(blocked.until)): \(blocked.address) (\(blocked.status))")
        }
    }

    // MARK: Words

    private func clock(_ date: Date) -> String {
        var style = Date.ISO8601FormatStyle(timeZone: zone)
        style = style.year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: false)
        return String(date.formatted(style).prefix(16))
    }

    /// Seals are long and say nothing to a reader.
    private func masked(_ text: String) -> String {
        text.replacing(/([bcon]\.[0-9]+)\.[a-z2-7]{16,}/) { "\($0.output.1).…" }
    }

    private static func date(_ text: String) throws -> Date {
        let style = Date.ISO8601FormatStyle(timeZone: TimeZone(identifier: "Asia/Shanghai") ?? .gmt)
        return try style.year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: false)
            .parse(text + ":00")
    }
}
