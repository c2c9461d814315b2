import Foundation
import TestSupport
import Testing

/// The way of an admin from a new rule to a mail that it has handled, on real servers: written, checked, tried, put in
/// force, counted, explained, replayed.
@Suite(.serialized) struct RulesPathTests {
    private func write(_ text: String, to name: String, of room: PostRoom) throws {
        try text.write(toFile: room.config + "/" + name, atomically: true, encoding: .utf8)
    }

    private static let rule = """
        rules:
          - name: warranty
            when: { kind: customer, subject: { contains: [warranty, 保修] } }
            then:
              team: warranty-desk
              reply: warranty-received
              tags: [warranty]
              move_to: Warranty
              notify: [zhou.min]
            tests:
              - { kind: customer, subject: "Warranty of my pump", expect: match }
              - { kind: customer, subject: "Price of a pump", expect: no match }

        """

    private static let team = """
          warranty-desk:
            name: 保修 / Warranty
            members: [zhao.lei]

        """

    private func addTeam(_ room: PostRoom) throws {
        let path = room.config + "/teams.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("\nteams:\n"))
        try text.replacingOccurrences(of: "\nteams:\n", with: "\nteams:\n" + Self.team)
            .write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test func aNewRuleIsWrittenCheckedTriedAndPutInForce() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        let daemon = try room.serve()
        try host.deliver([customerMail(subject: "Warranty of my pump", id: "before@customer.example")])
        #expect(daemon.waitFor(event: "delivery recorded"))

        // First with two mistakes: each is named with its place and what to do.
        try write(
            Self.rule.replacingOccurrences(of: "subject: {", with: "subjekt: {"), to: "rules.d/05-own.yaml", of: room)
        let bad = try room.command("check")
        #expect(bad.code == 78)
        #expect(bad.text.contains("rules.d/05-own.yaml:3:29: unknown condition subjekt; did you mean subject?"))
        #expect(bad.text.contains("there is no team warranty-desk"))

        try addTeam(room)
        try write(
            "Subject: [{{ticket}}] Your warranty claim\n\nDear customer,\n\nwe look into it. Your number is {{ticket}}.\n",
            to: "templates/en/warranty-received.mustache", of: room)
        try write(Self.rule, to: "rules.d/05-own.yaml", of: room)
        let good = try room.command("check")
        #expect(good.code == 0, "\(good.text)")
        let sample = room.folder.path + "/sample.eml"
        try Data(customerMail(subject: "Warranty of my pump", id: "try@customer.example")).write(
            to: URL(filePath: sample))
        #expect(try room.command("explain", sample).text.contains("matched      warranty [rules.d/05-own.yaml:2:5]"))

        // What it would have done with the mail that is there already.
        let replay = try room.json("rules", "replay")
        #expect((replay.first?["rules_added"] as? [String]) == ["warranty"], "\(replay)")

        daemon.signal(SIGHUP)
        #expect(daemon.waitFor(event: "configuration reloaded"))
        try host.deliver([
            customerMail(from: "Bo <bo@customer.example>", subject: "Warranty of my pump", id: "after@customer.example")
        ])
        #expect(waitUntil(patience: .seconds(30)) { (try? host.messages(in: "Warranty").count) == 1 })
        daemon.signal(SIGTERM)
        #expect(daemon.exitCode() == 0)

        let tickets = try room.json("tickets", "list", "--tag", "warranty")
        #expect(
            tickets.first?["team"] as? String == "warranty-desk" && tickets.first?["assignee"] as? String == "zhao.lei")
        #expect(try room.outbox().contains { $0["template"] as? String == "warranty-received" })
        let hits = try room.json("rules", "list").first { $0["name"] as? String == "warranty" }
        #expect(hits?["hits"] as? Int == 1 && hits?["last_hit"] != nil)
        let log = try room.json("config", "log")
        #expect(log.count == 2)
        #expect(
            (log.first?["changes"] as? [String])?.contains { $0.hasPrefix("rules.d/05-own.yaml +") } == true, "\(log)")
        let number = try #require(tickets.first?["number"] as? Int)
        #expect(
            try room.command("explain", "\(number)").text.contains("matched      warranty [rules.d/05-own.yaml:2:5]"))
        #expect(try room.brokenInvariants() == "")
    }

    /// Unchanged rules decide as they did, also on what was decided by other configurations since.
    @Test func aReplayOfUnchangedRulesShowsNoDifference() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        try host.deliver([
            customerMail(id: "a@customer.example"),
            customerMail(from: "Bo <bo@customer.example>", subject: "投诉", id: "b@customer.example", body: "我要投诉。"),
            customerMail(
                subject: "Re: Where is my order?", id: "c@customer.example",
                extra: "References: <a@customer.example>\r\n"),
            customerMail(id: "a@customer.example"),
            customerMail(
                from: "News <news@list.example>", id: "n@list.example", extra: "List-Id: <news.list.example>\r\n"),
        ])
        #expect(try room.serveOnce().code == 0)
        let totals = try #require(try room.json("rules", "replay").last)
        #expect(totals["mails"] as? Int == 5 && totals["different"] as? Int == 0, "\(totals)")
        let same = try #require(try room.json("rules", "replay", "--rules", room.config + "/rules.d").last)
        #expect(same["different"] as? Int == 0, "\(same)")
    }

    @Test func aReloadWhoseTestsFailIsRefusedAndToldInTheStatus() throws {
        let host = try MailHost()
        let room = try PostRoom(host)
        let daemon = try room.serve()
        #expect(daemon.waitFor(event: "daemon started"))
        let before = Self.rule.replacingOccurrences(
            of: "team: warranty-desk\n      reply: warranty-received", with: "urgency: P2")
        try write(before.replacingOccurrences(of: "保修]", with: "price]"), to: "rules.d/05-own.yaml", of: room)
        daemon.signal(SIGHUP)
        #expect(daemon.waitFor(event: "configuration is bad; the old one stays in force"))
        #expect(daemon.text.contains("test of rule warranty failed: no match was expected"))
        #expect(
            waitUntil(patience: .seconds(10)) { (try? room.command("status").text.contains("stays in force")) == true })
        try FileManager.default.removeItem(atPath: room.config + "/rules.d/05-own.yaml")
        daemon.signal(SIGHUP)
        #expect(daemon.waitFor(event: "configuration reloaded"))
        #expect(try !room.command("status").text.contains("stays in force"))
        daemon.signal(SIGTERM)
        #expect(daemon.exitCode() == 0)
    }
}
