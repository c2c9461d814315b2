import Foundation
import TestSupport
import Testing

/// Names, addresses and phone numbers of customers must never reach a log (promise 10 of CONTRIBUTING): generated
/// mail says in its
/// labels who wrote it, and the whole log at the most talkative level is searched for them.
@Suite(.enabled(if: MailHost.isAvailable, MailHost.skipComment))
struct PrivacyTests {
    @Test func noCustomersNameAddressOrPhoneNumberIsLogged() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        let box = room.folder.path + "/generated", labels = room.folder.path + "/labels.json"
        let generator = Process()
        generator.executableURL = Checkout.fixtures.appending(path: "mailhost/genmail.py")
        generator.arguments = ["-n", "300", "--seed", "11", "--format", "maildir", "--out", box, "--labels", labels]
        generator.standardError = FileHandle.nullDevice
        try generator.run()
        generator.waitUntilExit()
        try #require(generator.terminationStatus == 0)
        try host.command("deliver", "-j", "1", box)
        let (code, run) = try room.serveOnce()
        #expect(code == 0)
        let log = run.text
        try #require(run.summary?["recorded"] as? Int == 300)

        let data = try Data(contentsOf: URL(filePath: labels))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let messages = try #require(object["messages"] as? [[String: Any]])
        var hits: [String] = []
        for message in messages {
            for field in ["customer_name", "customer_email", "phone", "company", "subject"] {
                guard let value = message[field] as? String, value.utf8.count >= 6 else { continue }
                if log.contains(value) { hits.append("\(field) of message \(message["index"] ?? "")") }
            }
        }
        #expect(hits.isEmpty, "\(hits.prefix(5))")
    }
}
