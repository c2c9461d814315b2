import ConfigLoading
import CurlTransport
import Digest
import Foundation
import Storage
import TestSupport
import Testing
import Triage
import Vocabulary

@testable import Daemon

/// Operators' alarms as JSON, posted to a receiver on this machine.
@Suite("Webhook", .serialized)
struct WebhookTests {
    /// libcurl's request: its fields come in an order that it chooses, so their number is what counts.
    private static let request =
        "C: POST /hook HTTP/1.1\nC: Host: *\nC: User-Agent: postroom\nC: Accept: *\n"
        + "C: Content-Type: application/json\nC: Idempotency-Key: n.1.*\n"

    private static func answer(_ status: String) -> String {
        "S: HTTP/1.1 \(status)\nS: Content-Length: 0\nS: Connection: close\nS: \nDROP\n"
    }

    private func shared(
        _ url: String?, secret: Secret? = nil, log: CollectedLog
    ) throws -> (DaemonShared, TemporaryFolder) {
        let folder = try TemporaryFolder()
        var config = Config(
            accounts: [], submission: nil, storage: StorageOptions(directory: folder.path + "/state"),
            triage: Config.builtInTriage)
        config.webhook = url.map { WebhookEndpoint(url: $0, secret: secret) }
        let store = try Store.open(config.storage, role: .service, logger: log.logger)
        let shared = DaemonShared(
            config: config, writer: StoreWriter(store),
            isolated: IsolatedUnderstanding(arguments: Program.understandMarked), logger: log.logger)
        _ = try store.raise(
            .silence, account: AccountName("support"), mailbox: MailboxName("INBOX"), detail: "not read for 15 min",
            now: Date())
        return (shared, folder)
    }

    private func waiting(_ shared: DaemonShared, at moment: Date = Date()) throws -> [Notice] {
        try shared.writer.store.dueHookNotices(now: moment, domain: "localhost")
    }

    @Test("an alarm is posted once, with a body that a program reads")
    func posted() async throws {
        let log = CollectedLog()
        let server = try ScriptedServer(
            Dialogue(text: Self.request + "C: Content-Length: *\nC: \n" + Self.answer("200 OK")))
        let (shared, folder) = try shared("http://127.0.0.1:\(server.port)/hook", log: log)
        await WebhookService(shared: shared).postDue()
        server.verify()
        #expect(try waiting(shared, at: Date() + 86_400).isEmpty, "it is settled")
        let body = try #require(server.receivedText.first?.components(separatedBy: "\r\n\r\n").last)
        let event = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: String])
        #expect(event["kind"] == "silence")
        #expect(event["subject"] == "support/INBOX: no complete look for too long")
        #expect(event["text"] == "not read for 15 min")
        #expect(event["id"]?.hasPrefix("n.1.") == true)
        #expect(event["created_at"]?.hasSuffix("Z") == true)
        withExtendedLifetime(folder) {}
    }

    @Test("with a secret the body is signed")
    func signed() async throws {
        let log = CollectedLog()
        let server = try ScriptedServer(
            Dialogue(
                text: Self.request + "C: X-Postroom-Signature: sha256=*\nC: Content-Length: *\nC: \n"
                    + Self.answer("204 No Content")))
        let (shared, folder) = try shared(
            "http://127.0.0.1:\(server.port)/hook", secret: Secret("shared secret"), log: log)
        await WebhookService(shared: shared).postDue()
        server.verify()
        let text = try #require(server.receivedText.first)
        let body = try #require(text.components(separatedBy: "\r\n\r\n").last)
        let mac = SecretKey(bytes: Array("shared secret".utf8)).mac(Array(body.utf8))
        #expect(text.contains("X-Postroom-Signature: sha256=\(Hexadecimal.encode(mac))\r\n"))
        withExtendedLifetime(folder) {}
    }

    @Test(
        "what is not taken is repeated later under the same id",
        arguments: ["500 Oops", "404 Not Found", "302 Found\nS: Location: http://127.0.0.1:1/other"])
    func repeated(_ status: String) async throws {
        let log = CollectedLog()
        let server = try ScriptedServer(
            Dialogue(text: Self.request + "C: Content-Length: *\nC: \n" + Self.answer(status)))
        let (shared, folder) = try shared("http://127.0.0.1:\(server.port)/hook", log: log)
        let first = try #require(try waiting(shared).first)
        await WebhookService(shared: shared).postDue()
        server.verify()
        #expect(try waiting(shared).isEmpty, "not at once")
        let again = try #require(try waiting(shared, at: Date() + 3600).first)
        #expect(again.messageID == first.messageID)
        #expect(again.attempts == 1)
        #expect(!log.lines(with: ["webhook could not be told yet"]).isEmpty)
        withExtendedLifetime(folder) {}
    }

    @Test("nobody listens: it is tried again, and no address of a path stands in the log")
    func unreachable() async throws {
        let log = CollectedLog()
        let closed = try ScriptedServer("S: x")
        closed.stop()
        let (shared, folder) = try shared("http://127.0.0.1:\(closed.port)/secret-path", log: log)
        await WebhookService(shared: shared).postDue()
        #expect(try waiting(shared, at: Date() + 3600).count == 1)
        #expect(!log.lines.value.contains { $0.contains("secret-path") })
        withExtendedLifetime(folder) {}
    }

    @Test("without a webhook nothing waits for one")
    func none() async throws {
        let (shared, folder) = try shared(nil, log: CollectedLog())
        await WebhookService(shared: shared).postDue()
        #expect(try waiting(shared, at: Date() + 86_400).isEmpty)
        withExtendedLifetime(folder) {}
    }

    @Test(
        "addresses that may be used, and why others may not",
        arguments: [
            ("https://hooks.example.com/x", nil), ("http://127.0.0.1:8080/x", nil), ("https://[::1]/x", nil),
            ("http://hooks.example.com/x", "without TLS"), ("ftp://example.com", "no web address"),
            ("hooks", "no web address"),
            ("https://user@example.com/", "no web address"), ("https://example.com/a b", "printable ASCII"),
        ])
    func addresses(_ url: String, _ problem: String?) {
        let found = WebhookEndpoint(url: url).problem
        if let problem { #expect(found?.contains(problem) == true) } else { #expect(found == nil) }
    }
}
