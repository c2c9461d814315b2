import Foundation
import Glibc
import TestSupport
import Testing

/// The built program against real Dovecot and Postfix. Each test has a post room of its own; they run one after another,
/// because each starts servers.
@Suite("end to end", .serialized, .enabled(if: MailHost.isAvailable, MailHost.skipComment))
struct EndToEndTests {
    @Test func aMailArrivesByIDLEAndItsReceiptReachesTheCustomer() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        let daemon = try room.serve()
        #expect(daemon.waitFor(event: "daemon started"))
        // A first mail shows that the catching up is over and the daemon waits for news.
        try host.deliver([customerMail(from: "Bo <bo@customer.example>", id: "first@customer.example")])
        #expect(daemon.waitFor(event: "outgoing mail settled"))
        try host.deliver([customerMail(id: "q1@customer.example")])
        let sent = try host.sinkMessages(atLeast: 2)
        #expect(sent.count == 2)
        let receipt = try #require(sent.first { $0.recipients.contains("<ada@customer.example>") })
        let text = String(decoding: receipt.bytes, as: UTF8.self)
        #expect(text.contains("In-Reply-To: <q1@customer.example>"))
        #expect(text.contains("Auto-Submitted: auto-replied"))
        #expect(text.contains("Subject: [#"))
        #expect(receipt.mail.contains("+b."), "the reverse path carries a bounce token: \(receipt.mail)")
        // Told to the server only after the commit: the keyword is there.
        #expect(
            try waitUntil(patience: .seconds(10)) {
                try host.command("doveadm", "fetch", "-u", host.user, "flags", "all").contains("$PostroomDone")
            })
        daemon.signal(SIGTERM)
        #expect(daemon.exitCode() == 0)
        #expect(daemon.waitFor(event: "daemon stopped", patience: .seconds(1)))
        #expect(try room.brokenInvariants() == "")
    }

    @Test func theSameMailInTwoMailboxesIsOneTicketAndOneReceipt() throws {
        let host = try MailHost()
        let room = try PostRoom(
            host,
            accounts: [.init(name: "support", user: "support"), .init(name: "sales", user: "sales", security: "tls")])
        let mail = customerMail(to: "support@sandbox.test, sales@sandbox.test", id: "both@customer.example")
        try host.deliver([mail], to: "support")
        try host.deliver([mail], to: "sales")
        let (code, run) = try room.serveOnce()
        #expect(code == 0, "\(run.text)")
        #expect(try room.deliveries() == ["ticketed": 1, "duplicate": 1])
        #expect(try host.sinkMessages(atLeast: 1).count == 1)
        #expect(try room.brokenInvariants() == "")
    }

    @Test func fiftyMailsOfOneSenderInOneBatchGetOneReceipt() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        try host.deliver(
            (0..<50).map { customerMail(subject: "Question \($0)", id: "n\($0)@customer.example", body: "Part \($0)") })
        let (code, run) = try room.serveOnce()
        #expect(code == 0, "\(run.text)")
        #expect(try room.deliveries()["ticketed"] == 50)
        #expect(try host.sinkMessages(atLeast: 1).count == 1)
        #expect(try room.brokenInvariants() == "")
    }

    @Test func aMessageThatKillsTheProcessIsParkedAndTheOthersAreTaken() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        let poison = ["POSTROOM_FAULT_SUBJECT": "poisonous-marker"]
        try host.deliver([
            customerMail(from: "Bo <bo@customer.example>", id: "a@customer.example"),
            customerMail(from: "Cy <cy@customer.example>", subject: "poisonous-marker", id: "b@customer.example"),
            customerMail(from: "Di <di@customer.example>", id: "c@customer.example"),
        ])
        let (first, _) = try room.serveOnce(poison)
        #expect(first != 0, "the message kills the process that understands it")
        let (second, run) = try room.serveOnce(poison)
        #expect(second == 0, "\(run.text)")
        #expect(try room.deliveries() == ["ticketed": 2, "parked": 1])
        let parked = try room.json("parked", "list")
        #expect(parked.count == 1)
        #expect(parked.first?["ticket"] != nil, "a minimal ticket is open")
        #expect(try room.tickets().count == 3)
        #expect(try room.brokenInvariants() == "")

        // Cured, the operator tries again.
        let id = try #require(parked.first?["deliveryID"] as? Int)
        #expect(try room.command("parked", "retry", "\(id)").code == 0)
        #expect(try room.serveOnce().code == 0)
        #expect(try room.deliveries() == ["ticketed": 3])
        #expect(try room.brokenInvariants() == "")
    }

    @Test(
        "a kill before or after any step loses nothing and repeats nothing",
        arguments: [
            "fetch-before", "fetch-after", "mark-before", "mark-after", "understand-after", "archive-before",
            "archive-after", "commit-before", "commit-after", "acknowledge-before", "acknowledge-told",
            "acknowledge-after", "claim-before", "claim-after", "dot-before", "dot-after", "accepted-before",
            "accepted-after",
        ])
    func killAfter(_ step: String) throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        let count = 30
        try host.deliver(
            (0..<count).map {
                customerMail(
                    from: "P\($0) <p\($0)@customer.example>", id: "k\($0)@customer.example", body: "Part \($0)")
            })
        let (killed, _) = try room.serveOnce(["POSTROOM_FAULT": "\(step):\(step.hasPrefix("dot") ? 7 : 1)"])
        #expect(killed == 128 + SIGKILL)
        let (code, run) = try room.serveOnce()
        #expect(code == 0, "\(run.text)")
        #expect(try room.deliveries() == ["ticketed": count])
        let states = Dictionary(grouping: try room.outbox()) { $0["state"] as? String ?? "" }.mapValues(\.count)
        let uncertain = states["uncertain"] ?? 0
        #expect(uncertain == (["dot-before", "dot-after", "accepted-before"].contains(step) ? 1 : 0))
        #expect(states["accepted"] == count - uncertain)
        let recipients = try host.sinkMessages(atLeast: count - 1).flatMap(\.recipients)
        #expect(Set(recipients).count == recipients.count, "nobody got two receipts")
        #expect(try room.command("reconcile").code == 0)
        #expect(try room.brokenInvariants() == "")
    }

    @Test func aWrongPasswordIsOneClearLineAndHoldsUpNobodyElse() throws {
        let host = try MailHost()
        let room = try PostRoom(
            host,
            accounts: [
                .init(name: "support", user: "support"), .init(name: "sales", user: "sales", password: "wrong"),
            ])
        try host.deliver([customerMail(id: "a@customer.example")])
        let (code, run) = try room.serveOnce()
        #expect(code == 75)
        #expect(try room.deliveries() == ["ticketed": 1])
        let lines = run.lines.filter { $0.contains("\"event\":\"mailbox failed\"") }
        #expect(lines.count == 1)
        #expect(lines.first?.contains("\"account\":\"sales\"") == true)
        #expect(lines.first?.contains("password") == true, "says what an admin can do: \(lines)")
        #expect(!run.text.contains("wrong"), "no secret in the log")
    }

    @Test func aServerThatDiesAndComesBackIsFoundAgain() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        let daemon = try room.serve()
        try host.deliver([customerMail(id: "before@customer.example")])
        #expect(daemon.waitFor(event: "delivery recorded"))
        try host.command("kill-imap")
        #expect(daemon.waitFor(event: "mailbox failed"))
        try host.command("restart-imap")
        try host.deliver([customerMail(from: "Bo <bo@customer.example>", id: "after@customer.example")])
        #expect(
            waitUntil(patience: .seconds(40)) {
                daemon.lines.count { $0.contains("\"event\":\"delivery recorded\"") } == 2
            })
        daemon.signal(SIGTERM)
        #expect(daemon.exitCode() == 0)
        #expect(try room.deliveries() == ["ticketed": 2])
    }

    @Test func observingRecordsAndDecidesAndTouchesNothing() throws {
        let host = try MailHost()
        let room = try PostRoom(
            host,
            accounts: [.init(name: "support", user: "support", extra: "    acknowledge: { move_to: Handled }")],
            mode: "observe")
        try host.deliver([customerMail(id: "a@customer.example")])
        #expect(try room.serveOnce().code == 0)
        #expect(try room.deliveries() == ["ticketed": 1])
        #expect(try room.outbox().isEmpty)
        #expect(try host.sinkMessages().isEmpty)
        #expect(try host.messages().count == 1)
        #expect(try !host.command("doveadm", "fetch", "-u", host.user, "flags", "all").contains("$PostroomDone"))
    }

    @Test func whatIsRecordedIsMovedByTemplate() throws {
        let host = try MailHost()
        let room = try PostRoom(
            host,
            accounts: [
                .init(name: "support", user: "support", extra: "    acknowledge: { move_to: \"Handled/{category}\" }")
            ])
        try host.deliver([customerMail(subject: "投诉", id: "a@customer.example", body: "我要投诉，要求退款。")])
        let (code, run) = try room.serveOnce()
        #expect(code == 0, "\(run.text)")
        #expect(try host.messages().isEmpty)
        #expect(try host.messages(in: "Handled/complaint").count == 1)
        #expect(try room.serveOnce().code == 0)
        #expect(try room.deliveries() == ["ticketed": 1])
    }

    @Test func aReloadTakesGoodConfigurationAndRefusesBad() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        let daemon = try room.serve()
        try host.deliver([customerMail(id: "a@customer.example")])
        #expect(daemon.waitFor(event: "delivery recorded"))
        let good = try String(contentsOfFile: room.config + "/postroom.yaml", encoding: .utf8)
        try "mode: perhaps\n".write(toFile: room.config + "/postroom.yaml", atomically: true, encoding: .utf8)
        daemon.signal(SIGHUP)
        #expect(daemon.waitFor(event: "configuration is bad; the old one stays in force"))
        try good.write(toFile: room.config + "/postroom.yaml", atomically: true, encoding: .utf8)
        try room.write(
            accounts: [.init(name: "support", user: "support"), .init(name: "sales", user: "sales")])
        daemon.signal(SIGHUP)
        #expect(daemon.waitFor(event: "configuration reloaded"))
        try host.deliver([customerMail(from: "Bo <bo@customer.example>", id: "b@customer.example")], to: "sales")
        #expect(waitUntil(patience: .seconds(30)) { daemon.text.contains("\"account\":\"sales\"") })
        daemon.signal(SIGTERM)
        #expect(daemon.exitCode() == 0)
    }

    @Test func aBadConfigurationEndsWith78AndNamesEveryProblem() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        try "mode: perhaps\nacounts: {}\n".write(
            toFile: room.config + "/postroom.yaml", atomically: true, encoding: .utf8)
        let (code, run) = try room.serveOnce()
        #expect(code == 78)
        #expect(run.text.contains("postroom.yaml:1:7: "))
        #expect(run.text.contains("did you mean accounts?"))
    }

    @Test func aSecondDaemonOnTheSameStoreIsRefused() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        let daemon = try room.serve()
        #expect(daemon.waitFor(event: "daemon started"))
        let (code, second) = try room.serveOnce()
        #expect(code == 74)
        #expect(second.text.contains("another process holds the store"))
        daemon.signal(SIGTERM)
        #expect(daemon.exitCode() == 0)
    }

    @Test func systemdIsToldReadyAndStopping() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        let notify = try NotifySocket(in: room.folder)
        let daemon = try room.serve(["NOTIFY_SOCKET": notify.path, "WATCHDOG_USEC": "600000"])
        #expect(notify.waitFor("READY=1"))
        #expect(notify.waitFor("WATCHDOG=1"))
        daemon.signal(SIGHUP)
        #expect(notify.waitFor("RELOADING=1"))
        daemon.signal(SIGTERM)
        #expect(notify.waitFor("STOPPING=1"))
        #expect(daemon.exitCode() == 0)
    }

    @Test func aMailboxThatBeginsNowLeavesOldMailAlone() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        let path = room.config + "/postroom.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacingOccurrences(of: "start: all", with: "start: new")
            .write(toFile: path, atomically: true, encoding: .utf8)
        try host.deliver([customerMail(id: "old@customer.example")])
        #expect(try room.serveOnce().code == 0)
        #expect(try room.deliveries().isEmpty)
        try host.deliver([customerMail(from: "Bo <bo@customer.example>", id: "new@customer.example")])
        #expect(try room.serveOnce().code == 0)
        #expect(try room.deliveries() == ["ticketed": 1])
        #expect(try room.command("reconcile").code == 0)
    }
}

/// The socket that systemd would listen on.
private final class NotifySocket {
    let path: String
    private let descriptor: Int32
    private var seen = ""

    init(in folder: TemporaryFolder) throws {
        path = folder.path + "/notify"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
    }

    deinit { close(descriptor) }

    func waitFor(_ word: String) -> Bool {
        waitUntil(patience: .seconds(20)) {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = recv(self.descriptor, &buffer, buffer.count, 0), count > 0 {
                self.seen += String(decoding: buffer[..<count], as: UTF8.self) + "\n"
            }
            return self.seen.contains(word)
        }
    }
}
