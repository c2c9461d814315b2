import BusinessTime
import Classification
import ConfigLoading
import CurlTransport
import Extraction
import Foundation
import IMAPClient
import Replies
import Rules
import SMTPClient
import Storage
import TestSupport
import Testing
import Triage
import Vocabulary

/// A copy of the good configuration in a folder of its own, with one file replaced or changed.
struct Workbench {
    let folder: TemporaryFolder
    var path: String { folder.path + "/etc" }

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.copyItem(
            at: BadConfig.folder.appending(path: "base"), to: folder.url.appending(path: "etc"))
    }

    func change(_ file: String, _ old: String, _ new: String) throws {
        let url = URL(filePath: path + "/" + file)
        let text = try String(contentsOf: url, encoding: .utf8)
        try #require(text.contains(old))
        try text.replacing(old, with: new).write(to: url, atomically: true, encoding: .utf8)
    }

    func load(_ environment: [String: String] = [:], secrets: SecretLoading = .skipped) throws(ConfigError) -> Config {
        try loadConfig(directory: path, environment: environment, secrets: secrets)
    }
}

@Suite struct LoadingTests {
    @Test("who polls once an hour is not alarmed by an hour of silence, and who asks for it is told")
    func silence() throws {
        let bench = try Workbench()
        try bench.change("postroom.yaml", "    start: new", "    start: new\n    poll: 1h\n    connections: 2")
        let config = try bench.load()
        #expect(config.alarms.silence == .seconds(3 * 3600))
        #expect(config.accounts.first?.maxConnections == 2)
        try bench.change(
            "postroom.yaml", "mode: act\ntime_zone", "mode: act\nalarms: { silence: 30m, canary: 2h }\ntime_zone")
        let error = #expect(throws: ConfigError.self) { try bench.load() }
        #expect(error.map { "\($0)" }?.contains("silence is under twice the longest poll (3600s)") == true)
    }

    @Test("everything that can be set arrives where it belongs")
    func everything() throws {
        let bench = try Workbench()
        try bench.change(
            "postroom.yaml", "    start: new",
            """
                start: 2026-11-01
                user: desk
                port: 1993
                login: plain
                mailboxes: [INBOX, Handled/投诉]
                poll: 30s
                idle_renewal: 4m
                connect_timeout: 10s
                command_timeout: 1m30s
                acknowledge: { keyword: none, move_to: "Done/{category}" }
            """)
        try bench.change(
            "postroom.yaml", "  mode: send",
            """
              mode: hold
              max_age: 12h
              per_sender: 2d
              per_ticket: { count: 1, within: 2h }
              total: { count: 50, within: 30m }
              quiet_hours: { from: "21:30", to: "08:00", exempt: [receipt] }
            """)
        try bench.change(
            "postroom.yaml", "mode: act\ntime_zone",
            """
            mode: observe
            operators: [ops@example.com]
            categories: [spare_parts]
            lexicon: [{ phrases: [gasket, 垫片], category: spare_parts, weight: 1.5 }]
            limits: { batch_messages: 50, batch_bytes: 4MB, message_bytes: 20MB }
            region: DE
            time_zone
            """)
        let config = try bench.load()
        let account = try #require(config.accounts.first)
        #expect(account.start == .date(Date(timeIntervalSince1970: 1_793_491_200)))
        #expect(account.endpoint.port == 1993)
        #expect(account.credentials.user == "desk")
        #expect(account.credentials.mechanism == .plain)
        #expect(account.mailboxes.map(\.rawValue) == ["INBOX", "Handled/投诉"])
        #expect(account.pollInterval == .seconds(30))
        #expect(config.alarms.silence == .seconds(15 * 60))
        #expect(account.idleRenewal == .seconds(240))
        #expect(account.commandTimeout == .seconds(90))
        #expect(account.acknowledge == .init(keyword: nil, moveTo: "Done/{category}"))
        #expect(account.fetchLimits.messages == 50)
        #expect(account.maxMessageSize == 20 << 20)
        #expect(config.mode == .observe)
        #expect(config.operators.map(\.description) == ["ops@example.com"])
        #expect(config.triage.extraction.region == "DE")
        #expect(config.triage.lexicon.entries.suffix(2).map(\.phrase) == ["gasket", "垫片"])
        let replies = config.triage.replies
        #expect(replies.mode == .hold)
        #expect(replies.maxReplyAge == 12 * 3600)
        #expect(replies.perWriterPeriod == 48 * 3600)
        #expect(replies.perTicketCap == 1 && replies.perTicketWindow == 7200)
        #expect(replies.processCap == 50 && replies.processWindow == 1800)
        #expect(replies.quietHours?.fromMinute == 21 * 60 + 30)
        #expect(replies.quietHours?.exemptTemplates == ["receipt"])
    }

    @Test("pin, client certificate, proxy and login arrive at both servers")
    func servers() async throws {
        let pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        let bench = try Workbench()
        let files = try await TestCertificates.shared
        try bench.change(
            "postroom.yaml", "    password: { env: IMAP_PASSWORD }",
            """
                login: external
                pin: [\(pin), \(pin)]
                client_certificate: { cert: \(files.path("client-only")), key: \(files.path("locked-key")), key_password: { env: KEY } }
                proxy: socks5h://proxy.example.com:1080
            """)
        try bench.change(
            "postroom.yaml", "  password: { credential: submission }",
            """
              password: { env: OTHER }
              pin: "\(pin)"
              proxy: { url: "https://ada@proxy.example.com:3128", password: { env: PROXY }, ca_file: \(files.path("ca")) }
            """)
        let config = try bench.load(["KEY": "open sesame", "OTHER": "x", "PROXY": "let me pass"], secrets: .required)
        let account = try #require(config.accounts.first)
        #expect(account.credentials.mechanism == .external && account.credentials.secret.isEmpty)
        #expect(account.endpoint.pin?.text == "\(pin);\(pin)")
        #expect(account.endpoint.clientCertificate?.keyFile == files.path("locked-key"))
        #expect(account.endpoint.clientCertificate?.keyPassword?.reveal() == "open sesame")
        #expect(account.endpoint.proxy == Proxy(kind: .socks5h, host: "proxy.example.com", port: 1080))
        let submission = try #require(config.submission?.endpoint)
        #expect(submission.pin?.text == pin)
        #expect(
            submission.proxy
                == Proxy(
                    kind: .https, host: "proxy.example.com", port: 3128, user: "ada", secret: Secret("let me pass"),
                    caFile: files.path("ca")))
    }

    @Test("a template or rule folder may lie elsewhere")
    func otherFolders() throws {
        let bench = try Workbench()
        let base = BadConfig.folder.appending(path: "base").path
        try FileManager.default.removeItem(atPath: bench.path + "/templates")
        try FileManager.default.removeItem(atPath: bench.path + "/rules.d")
        try bench.change("postroom.yaml", "mode: act", "mode: act\nrules: ../etc/more\ntemplates: \(base)/templates")
        try FileManager.default.copyItem(atPath: base + "/rules.d", toPath: bench.path + "/more")
        let config = try bench.load()
        #expect(config.triage.rules.rules.map(\.location.file) == ["../etc/more/10.yaml"])
        #expect(config.triage.templates.names == ["complaint-received", "receipt"])
    }

    @Test("the version follows every file, and nothing else")
    func version() throws {
        let bench = try Workbench()
        let first = try bench.load().triage.configVersion
        #expect(try Workbench().load().triage.configVersion == first)
        for file in ["postroom.yaml", "teams.yaml", "sla.yaml", "rules.d/10.yaml", "templates/en/receipt.mustache"] {
            let changed = try Workbench()
            let url = URL(filePath: changed.path + "/" + file)
            try (String(contentsOf: url, encoding: .utf8) + "\n").write(to: url, atomically: true, encoding: .utf8)
            #expect(try changed.load().triage.configVersion != first, "\(file)")
        }
    }

    @Test(
        "a byte order mark and CRLF do no harm",
        arguments: ["postroom.yaml", "teams.yaml", "sla.yaml", "rules.d/10.yaml"])
    func windows(_ file: String) throws {
        let bench = try Workbench()
        let url = URL(filePath: bench.path + "/" + file)
        let text = try String(contentsOf: url, encoding: .utf8).replacing("\n", with: "\r\n")
        try Data([0xEF, 0xBB, 0xBF] + Array(text.utf8)).write(to: url)
        _ = try bench.load()
    }

    @Test("what is no UTF-8 is said to be none")
    func latin1() throws {
        let bench = try Workbench()
        try Data([0x6D, 0xE9, 0x3A, 0x0A]).write(to: URL(filePath: bench.path + "/teams.yaml"))
        #expect(throws: ConfigError.self) { try bench.load() }
        #expect(try problems(ofFolder: URL(filePath: bench.path)) == ["teams.yaml: is not UTF-8; save it as UTF-8"])
    }

    @Test("an empty folder says what is missing")
    func empty() throws {
        let folder = try TemporaryFolder()
        #expect(
            try problems(ofFolder: folder.url).map { $0.prefix { $0 != ";" } } == [
                "postroom.yaml: does not exist", "teams.yaml: does not exist", "sla.yaml: does not exist",
            ])
    }

    @Test("without any file there are options to decide with")
    func builtIn() {
        let options = Config.builtInTriage
        #expect(options.configVersion == "built-in")
        #expect(
            options.serviceLevels.target(category: .complaint, urgency: .p1, tier: nil).calendar.isOpen(
                at: Date(timeIntervalSince1970: 0)))
    }
}

@Suite struct SecretTests {
    private func bench(_ source: String) throws -> Workbench {
        let bench = try Workbench()
        try bench.change("postroom.yaml", "{ env: IMAP_PASSWORD }", source)
        try bench.change("postroom.yaml", "  password: { credential: submission }", "  password: { env: OTHER }")
        return bench
    }

    private func reveal(_ bench: Workbench, _ environment: [String: String] = [:]) throws -> String? {
        try bench.load(environment.merging(["OTHER": "x"]) { $1 }, secrets: .required)
            .accounts.first?.credentials.secret.reveal()
    }

    @Test("from the environment")
    func environment() throws {
        #expect(try reveal(bench("{ env: PW }"), ["PW": "correct horse"]) == "correct horse")
    }

    @Test("from a credential, without the line end that editors add")
    func credential() throws {
        let folder = try TemporaryFolder()
        try "correct horse\n".write(to: folder.url.appending(path: "imap"), atomically: true, encoding: .utf8)
        #expect(try reveal(bench("{ credential: imap }"), ["CREDENTIALS_DIRECTORY": folder.path]) == "correct horse")
    }

    @Test("from a file that others cannot read; any other is refused")
    func file() throws {
        let bench = try bench("{ file: ../imap-password }")
        let file = bench.folder.path + "/imap-password"
        try "correct horse".write(toFile: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
        #expect(try reveal(bench) == "correct horse")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        let problem = try #require(try problem { try reveal(bench) })
        #expect(problem.message.hasSuffix("imap-password can be read or changed by everybody; chmod o= it"))
    }

    @Test(
        "what is wrong with a secret is told without the secret",
        arguments: [
            ("hunter2", "a secret must not stand in this file"),
            ("{ env: NONE }", "environment variable NONE is not set"),
            ("{ env: EMPTY }", "the secret there is empty"),
            ("{ credential: imap }", "credential imap: CREDENTIALS_DIRECTORY is not set"),
            ("{ credential: ../passwd }", "../passwd is no name of a credential"),
            ("{ file: /nonexistent/x }", "/nonexistent/x does not exist"), ("{ vault: x }", "unknown key vault"),
            ("{}", "a secret has exactly one place"), ("[a, b]", "expected a secret as `key: value` lines, not a list"),
        ])
    func wrong(_ row: (String, String)) throws {
        let problem = try #require(try problem { try reveal(bench(row.0), ["EMPTY": ""]) })
        #expect(problem.message.hasPrefix(row.1), "\(problem)")
        #expect(problem.location.line == 11)
        #expect(!problem.message.contains("hunter2"))
    }

    @Test("commands that talk to no server need no secrets, but a literal one is refused all the same")
    func skipped() throws {
        #expect(try bench("{ credential: imap }").load().accounts.count == 1)
        #expect(throws: ConfigError.self) { try bench("hunter2").load() }
    }

    private func problem(_ body: () throws -> String?) throws -> ConfigProblem? {
        do {
            _ = try body()
            return nil
        } catch let error as ConfigError {
            return error.problems.first
        }
    }
}

@Suite struct DurationTests {
    @Test(
        "times of deadlines",
        arguments: [
            ("90s", .elapsed(seconds: 90)), ("15m", .elapsed(seconds: 900)), ("24h", .elapsed(seconds: 86_400)),
            ("7d", .elapsed(seconds: 7 * 86_400)), ("1h30m", .elapsed(seconds: 5400)),
            ("1d 12h", .elapsed(seconds: 129_600)),
            ("8wh", .working(seconds: 28_800)), ("30wm", .working(seconds: 1800)), ("3wd", .workingDays(3)),
            ("24", nil), ("h", nil), ("", nil), ("24x", nil), ("-1h", nil), ("1.5h", nil), ("3wd2h", nil), ("2w", nil),
            ("99999999999999999999h", nil), ("9999999d", nil), ("３h", nil),
        ] as [(String, ServiceTime?)])
    func time(_ row: (String, ServiceTime?)) throws {
        let bench = try Workbench()
        try bench.change("sla.yaml", "  - { first_response: 24h }", "  - { first_response: \"\(row.0)\" }")
        let config = try? bench.load()
        let found = config?.triage.serviceLevels.target(category: .inquiry, urgency: .p3, tier: nil).firstResponse
        #expect(found == row.1)
    }

    @Test(
        "sizes",
        arguments: [
            ("50MB", 50 << 20), ("8 MiB", 8 << 20), ("2048kB", 2 << 20), ("1G", 1 << 30), ("50", nil), ("2GB", nil),
        ]
            as [(String, Int?)])
    func size(_ row: (String, Int?)) throws {
        let bench = try Workbench()
        try bench.change("postroom.yaml", "mode: act", "mode: act\nlimits: { message_bytes: \"\(row.0)\" }")
        #expect((try? bench.load())?.limits.messageBytes == row.1)
    }
}
