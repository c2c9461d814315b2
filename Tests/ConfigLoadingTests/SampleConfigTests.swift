import BusinessTime
import ConfigLoading
import Correspondence
import CurlTransport
import Extraction
import Foundation
import IMAPClient
import MailText
import Replies
import Routing
import Rules
import SMTPClient
import Storage
import TestSupport
import Testing
import Triage
import Vocabulary

@Suite struct SampleConfigTests {
    static let folder = Checkout.root.appending(path: "etc/postroom").path

    private func sample() throws -> Config {
        let credentials = try TemporaryFolder()
        for name in ["support-imap", "submission"] {
            try "secret-of-\(name)\n".write(
                to: credentials.url.appending(path: name), atomically: true, encoding: .utf8)
        }
        return try loadConfig(
            directory: Self.folder, environment: ["CREDENTIALS_DIRECTORY": credentials.path])
    }

    @Test("the shipped sample loads without a problem")
    func loads() throws {
        let config = try sample()
        let account = try #require(config.accounts.first)
        #expect(account.name == AccountName("support"))
        #expect(account.endpoint == Endpoint(host: "imap.example.com", port: 993, security: .implicitTLS))
        #expect(account.credentials.user == "support@example.com")
        #expect(account.credentials.secret.reveal() == "secret-of-support-imap")
        #expect(account.start == .new)
        #expect(account.acknowledge.keyword == "$PostroomDone")
        #expect(config.submission?.endpoint.port == 587)
        #expect(config.submission?.heloName == "postroom.example.com")
        #expect(config.storage.directory == "/var/lib/postroom")
        #expect(config.mode == .act)
        #expect(config.triage.replies.mode == .send)
        #expect(config.triage.identity.agents.count == 8)
        #expect(config.triage.configVersion.count == 12)
    }

    @Test("the tests of the shipped rules pass")
    func ruleTests() throws {
        #expect(try sample().triage.rules.runTests().map(\.description) == [])
    }

    @Test("the list of keys in the shipped rules names every flag of an attachment")
    func attachmentFlags() throws {
        let url = URL(filePath: Self.folder).appending(path: "rules.d/10-priority.yaml")
        let keys = try String(contentsOf: url, encoding: .utf8)
            .components(separatedBy: "# Tests:")[0]
        let part = try #require(keys.components(separatedBy: "attachment.flag: ").last)
        let words = Set(part.split { !($0.isLetter || $0 == "-") }.map(String.init))
        #expect(RuleKey.attachmentFlags.filter { !words.contains($0) } == [])
    }

    @Test("the rules that README.md shows load, and their tests pass")
    func rulesOfTheReadme() throws {
        let folder = try TemporaryFolder()
        let target = folder.url.appending(path: "etc")
        try FileManager.default.copyItem(at: URL(filePath: Self.folder), to: target)
        let text = try String(contentsOf: Checkout.root.appending(path: "README.md"), encoding: .utf8)
        let blocks = text.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        #expect(blocks.count >= 2)
        for (number, block) in blocks.enumerated() {
            try block.write(
                to: target.appending(path: "rules.d/9\(number)-readme.yaml"), atomically: true, encoding: .utf8)
        }
        let config = try loadConfig(directory: target.path, environment: [:], secrets: .skipped)
        #expect(config.triage.rules.runTests().map(\.description) == [])
    }

    @Test("the commented keys of a server are right, each by itself")
    func serverKeys() throws {
        let file = URL(filePath: Self.folder).appending(path: "postroom.yaml")
        let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
        let starts = ["pin: ", "client_certificate: ", "proxy: ", "login: ", "port: ", "ca_file: "].map {
            "    # " + $0
        }
        let places = lines.indices.filter { index in starts.contains { lines[index].hasPrefix($0) } }
        #expect(places.count == 7)
        for place in places {
            let folder = try TemporaryFolder()
            let target = folder.url.appending(path: "etc")
            try FileManager.default.copyItem(at: URL(filePath: Self.folder), to: target)
            var changed = lines
            changed[place] = lines[place].replacing("# ", with: "", maxReplacements: 1)
            try changed.joined(separator: "\n").write(
                to: target.appending(path: "postroom.yaml"), atomically: true, encoding: .utf8)
            let config = try loadConfig(directory: target.path, environment: [:], secrets: .skipped)
            #expect(config.accounts.count == 1)
        }
    }

    @Test("every example that stands in comments is right, too")
    func comments() throws {
        let folder = try TemporaryFolder()
        let target = folder.url.appending(path: "etc")
        try FileManager.default.copyItem(at: URL(filePath: Self.folder), to: target)
        let examples = [
            "postroom.yaml": ["  # sales:", "  # rates:", "  #   "], "sla.yaml": ["  # - {"],
            "rules.d/20-routing.yaml": ["# - name", "#   when", "#   then", "#   stop"],
            "words.d/10-own-words.txt": ["#   "],
        ]
        for (name, starts) in examples {
            let url = target.appending(path: name)
            let lines = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
            let text = lines.map { line in
                let isExample = starts.contains { line.hasPrefix($0) }
                return isExample ? line.replacing("# ", with: "", maxReplacements: 1) : line
            }.joined(separator: "\n")
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        let config = try loadConfig(directory: target.path, environment: [:], secrets: .skipped)
        #expect(config.accounts.map(\.name.rawValue) == ["support", "sales"])
        #expect(config.outbox.rates.map(\.domain) == ["qq.com", "*"])
        #expect(config.triage.rules.rules.map(\.name).contains("supplier-newsletters"))
        let mail = "From: nora@heron.example\r\nTo: support@example.com\r\n\r\nWhere is KD-20481?\r\n\r\n"
        let read = understand(
            Array((mail + "Reply to this request above\r\nWe have sent KD-20482.").utf8), options: config.triage)
        #expect(read.text.own == "Where is KD-20481?")
        #expect(read.details.filter { $0.field == .orderNumber }.map(\.value) == ["KD-20481"])
        #expect(
            config.triage.serviceLevels.target(category: .inquiry, urgency: .p1, tier: "vip").firstResponse
                == .working(seconds: 7200))
    }

    @Test("docs/words.md has every section that a file of words.d may have")
    func sectionsOfWords() throws {
        let text = try String(contentsOf: Checkout.root.appending(path: "docs/words.md"), encoding: .utf8)
        let sections = DetailWords.Kind.allCases.map(\.rawValue) + MailPhrases.Section.allCases.map(\.rawValue)
        #expect(sections.filter { !text.contains("`[\($0)]`") } == [])
        #expect(Set(sections).count == sections.count)
    }

    @Test(
        "deadlines are those of the service standard (R6)",
        arguments: [
            (Category.service, ServiceTime.elapsed(seconds: 72 * 3600)), (.process, .elapsed(seconds: 48 * 3600)),
            (.suggestion, .workingDays(3)), (.inquiry, nil), (.complaint, nil),
        ] as [(Category, ServiceTime?)])
    func deadlines(_ row: (Category, ServiceTime?)) throws {
        let target = try sample().triage.serviceLevels.target(category: row.0, urgency: .p3, tier: nil)
        #expect(target.firstResponse == .elapsed(seconds: 24 * 3600))
        #expect(target.firstHandling == .elapsed(seconds: 48 * 3600))
        #expect(target.resolution == row.1)
        #expect(target.source?.file == "sla.yaml")
    }

    @Test(
        "China's public holidays of 2026 and the days worked for them",
        arguments: [
            ("2026-01-02", false), ("2026-01-04", true), ("2026-02-14", true), ("2026-02-16", false),
            ("2026-02-23", false),
            ("2026-02-24", true), ("2026-02-28", true), ("2026-04-06", false), ("2026-05-05", false),
            ("2026-05-09", true),
            ("2026-06-19", false), ("2026-09-20", true), ("2026-09-25", false), ("2026-10-07", false),
            ("2026-10-08", true),
            ("2026-10-10", true), ("2026-10-11", false),
        ])
    func holidays(_ row: (String, Bool)) throws {
        let calendar = try #require(try sample().triage.serviceLevels.calendars["office"])
        #expect(calendar.isWorkday(try #require(CalendarDay(row.0))) == row.1)
    }

    @Test("every category has a team of its own or the default one, and there is always somebody (R37)")
    func teams() throws {
        let routing = try sample().triage.routing
        func team(_ category: Category) -> String {
            assign(
                category: category, urgency: .p3, language: .english, team: nil, assignee: nil, stickyOwner: nil,
                facts: RoutingFacts(), options: routing
            ).team
        }
        #expect(team(.inquiry) == "front-line")
        #expect(team(.service) == "technical")
        #expect(team(.process) == "process")
        #expect(team(.complaint) == "quality")
        #expect(team(.other) == "front-line")
    }
}
