import Foundation
import TestSupport

/// A configured post room on a private mail host: its folder with configuration, secrets and state, and the ways to run
/// it. The rules, teams, deadlines and templates are those that are shipped.
final class PostRoom {
    struct Account {
        var name: String
        var user: String
        var mailboxes = ["INBOX"]
        var security = "starttls"
        var password: String?
        var extra = ""
    }

    let host: MailHost
    let folder: TemporaryFolder
    var config: String { folder.path + "/config" }

    init(
        _ host: MailHost, accounts: [Account] = [Account(name: "support", user: "support")], mode: String = "act",
        replies: String = "send"
    ) throws {
        self.host = host
        folder = try TemporaryFolder()
        try FileManager.default.copyItem(
            at: Checkout.root.appending(path: "etc/postroom"), to: URL(filePath: config))
        try write(accounts: accounts, mode: mode, replies: replies)
    }

    /// Writes `postroom.yaml` anew, as an admin edits it while the daemon runs.
    func write(accounts: [Account], mode: String = "act", replies: String = "send") throws {
        var text = """
            mode: \(mode)
            region: CN
            time_zone: Asia/Shanghai
            organisation:
              default_language: en
              name: { en: Example Ltd, zh-Hans: 示例公司, zh-Hant: 示例公司, ja: サンプル株式会社 }
              message_id_domain: post.\(host.domain)
            storage: { directory: \(folder.path)/state }
            submission:
              host: 127.0.0.1
              port: \(host.submissionPort)
              security: starttls
              ca_file: \(host.caFile)
              user: support@\(host.domain)
              password: { file: \(try secret("support-secret")) }
              helo: desk.\(host.domain)
            replies: { mode: \(replies), approval: off }
            log: { level: debug, format: json }
            accounts:

            """
        for account in accounts {
            let port = account.security == "tls" ? host.imapsPort : host.imapPort
            text += """
                  \(account.name):
                    address: \(account.user)@\(host.domain)
                    host: 127.0.0.1
                    port: \(port)
                    security: \(account.security)
                    ca_file: \(host.caFile)
                    password: { file: \(try secret(account.password ?? "\(account.user)-secret")) }
                    mailboxes: [\(account.mailboxes.joined(separator: ", "))]
                    start: all
                    poll: 30s
                    command_timeout: 10s
                \(account.extra)

                """
        }
        try text.write(toFile: config + "/postroom.yaml", atomically: true, encoding: .utf8)
    }

    private func secret(_ text: String) throws -> String {
        let path = folder.path + "/secret-\(text)"
        _ = FileManager.default.createFile(
            atPath: path, contents: Data((text + "\n").utf8), attributes: [.posixPermissions: 0o600])
        return path
    }

    // MARK: Running

    func serveOnce(_ environment: [String: String] = [:]) throws -> (code: Int32?, process: PostroomProcess) {
        try PostroomProcess.run(["serve", "--once", "--config", config], environment: environment, in: folder)
    }

    func serve(_ environment: [String: String] = [:]) throws -> PostroomProcess {
        try PostroomProcess(["serve", "--config", config], environment: environment, in: folder)
    }

    /// Runs a command with `--json` and gives its objects.
    func json(_ arguments: String...) throws -> [[String: Any]] {
        let (_, process) = try PostroomProcess.run(arguments + ["--json", "--config", config], in: folder)
        return process.lines.compactMap {
            (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
        }
    }

    func command(_ arguments: String...) throws -> (code: Int32?, text: String) {
        let (code, process) = try PostroomProcess.run(arguments + ["--config", config], in: folder)
        return (code, process.text)
    }

    /// Deliveries by state.
    func deliveries() throws -> [String: Int] {
        try json("status").first?["deliveries"] as? [String: Int] ?? [:]
    }

    func tickets() throws -> [[String: Any]] { try json("tickets", "list", "--limit", "5000") }

    func outbox() throws -> [[String: Any]] { try json("outbox", "list", "--limit", "5000") }

    /// What `postroom check` finds wrong with the store; every end-to-end test ends with it.
    func brokenInvariants() throws -> String {
        let (code, text) = try command("check")
        return code == 0 ? "" : text
    }
}

/// A customer's mail.
func customerMail(
    from: String = "Ada Example <ada@customer.example>", to: String = "support@sandbox.test",
    subject: String = "Where is my order?", id: String, body: String = "Order SO-2026-000123 has not come yet.",
    extra: String = ""
) -> [UInt8] {
    Array(
        """
        Return-Path: <\(from.split(separator: "<").last.map { String($0.dropLast()) } ?? "")>\r
        From: \(from)\r
        To: \(to)\r
        Subject: \(subject)\r
        Date: \(rfc5322Now())\r
        Message-ID: <\(id)>\r
        \(extra)MIME-Version: 1.0\r
        Content-Type: text/plain; charset=utf-8\r
        \r
        \(body)\r

        """.utf8)
}

private func rfc5322Now() -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
    return formatter.string(from: Date())
}
