import Foundation
import Replies
import Rules
import Storage
import Testing
import Triage
import Vocabulary

@testable import AdminCLI

@Suite struct ReplayTests {
    private func decision(_ change: (inout Decision) -> Void = { _ in }) -> Decision {
        var decision = Decision(
            outcome: .ticketed, category: .inquiry, urgency: .p3, basis: "lexicon", team: "front", assignee: "li.na",
            reply: .suppressed(.tooOld), reasons: [], configVersion: "a")
        change(&decision)
        return decision
    }

    @Test("what somebody would notice is a change; words of reasons and the configuration's name are none")
    func changes() {
        #expect(Replay.changes(from: decision(), to: decision { $0.configVersion = "b" }).isEmpty)
        let changes = Replay.changes(
            from: decision(),
            to: decision {
                $0.urgency = .p1
                $0.handling = Handling(tags: ["a", "b"])
                $0.outcome = .ignored("rule x")
            })
        #expect(changes.map(\.field) == ["outcome", "urgency", "tags"])
        #expect(
            changes.map(\.old) == ["ticketed", "P3", ""] && changes.map(\.new) == ["ignored (rule x)", "P1", "a, b"])
    }

    private var result: Replay.Result {
        var result = Replay.Result()
        result.mails = 12
        result.passedOver = 1
        result.matches = ["vip": (3, 4), "same": (2, 2)]
        result.differences = [
            Replay.Difference(
                delivery: 7, ticket: TicketNumber(1001), decidedAt: Date(timeIntervalSince1970: 0),
                subject: "退款 <b>\u{1B}[31m", changes: [.init(field: "urgency", old: "P3", new: "P1")],
                rulesAdded: ["vip"], rulesRemoved: []),
            Replay.Difference(
                delivery: 8, ticket: nil, decidedAt: Date(timeIntervalSince1970: 0), subject: "x", changes: [],
                rulesAdded: [], rulesRemoved: ["vip"]),
        ]
        return result
    }

    @Test("as a table: totals, rules, and each mail")
    func table() {
        let table = ReplayReport(result, zone: .gmt, limit: 1).table()
        #expect(
            table.hasPrefix(
                "12 mails decided again, 1 would be handled otherwise, 1 by other rules to the same end; 1 passed over, "
                    + "their bytes are not kept whole"))
        #expect(table.contains("vip") && !table.contains("\nsame"))
        #expect(table.contains("urgency P3 → P1; +rule vip"))
        #expect(table.contains("… and 1 more"))
        #expect(!table.contains("\u{1B}"))
    }

    @Test("as JSON: a line a mail, the totals last; as HTML everything of a mail is escaped")
    func programs() throws {
        let lines = try ReplayReport(result, zone: .gmt, limit: 1).jsonLines().split(separator: "\n")
        #expect(lines.count == 3)
        let totals = try JSONSerialization.jsonObject(with: Data(lines[2].utf8)) as? [String: Any]
        #expect(totals?["mails"] as? Int == 12 && totals?["passed_over"] as? Int == 1)
        let html = ReplayReport(result, zone: .gmt, limit: 1).html()
        #expect(html.contains("退款 &lt;b&gt;") && !html.contains("<b>"))
    }

    @Test("how a file changed, line by line")
    func diff() {
        func files(_ text: String) -> [StoredFile] { [StoredFile(name: "rules.d/10.yaml", bytes: Array(text.utf8))] }
        let diff = FileDiff.all(from: files("a\nb\nc\nd\ne\nf\n"), to: files("a\nb\nc\nd\nE\nf\n"))
        #expect(diff.map(\.summary) == ["rules.d/10.yaml +1 -1"])
        #expect(diff.first?.rendered() == "--- rules.d/10.yaml +1 -1\n…\n c\n d\n-e\n+E\n f\n")
        #expect(FileDiff.all(from: files("a"), to: files("a")).isEmpty)
        #expect(FileDiff.all(from: [], to: files("a\n")).map(\.summary) == ["rules.d/10.yaml +1 -0"])
    }

    @Test("the schema of rule files is JSON and knows every key, test and action")
    func schema() throws {
        let text = try RuleSchema(language: .init()).json()
        let schema = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let definitions = try #require(schema["definitions"] as? [String: Any])
        func properties(_ name: String) -> Set<String> {
            Set(((definitions[name] as? [String: Any])?["properties"] as? [String: Any] ?? [:]).keys)
        }
        #expect(
            properties("condition").isSuperset(of: ["subject", "attachment.size", "score.complaint", "use", "none"]))
        #expect(properties("actions").isSuperset(of: ["move_to", "hold_reply", "due", "tags"]))
        #expect(properties("textTest") == ["is", "in", "contains", "starts", "ends", "matches", "exists", "absent"])
        #expect(properties("numberTest").contains("between"))
    }
}
