import Foundation
import Vocabulary

/// A replay for people and for programs.
struct ReplayReport {
    private let result: Replay.Result
    private let zone: TimeZone
    private let limit: Int

    init(_ result: Replay.Result, zone: TimeZone, limit: Int) {
        self.result = result
        self.zone = zone
        self.limit = limit
    }

    /// Rules whose number of matches is another, and those that match other mails.
    private var changedRules: [(name: String, old: Int, new: Int, added: Int, removed: Int)] {
        var added: [String: Int] = [:]
        var removed: [String: Int] = [:]
        for difference in result.differences {
            for rule in difference.rulesAdded { added[rule, default: 0] += 1 }
            for rule in difference.rulesRemoved { removed[rule, default: 0] += 1 }
        }
        return result.matches.map { ($0.key, $0.value.old, $0.value.new, added[$0.key] ?? 0, removed[$0.key] ?? 0) }
            .filter { $0.3 + $0.4 > 0 }.sorted { ($1.3 + $1.4, $0.0) < ($0.3 + $0.4, $1.0) }
    }

    private var fieldTotals: [(field: String, count: Int)] {
        var totals: [String: Int] = [:]
        for change in result.differences.flatMap(\.changes) { totals[change.field, default: 0] += 1 }
        return totals.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }

    private var summary: String {
        let changed = result.differences.count { !$0.changes.isEmpty }
        var line = "\(result.mails) mails decided again, \(changed) would be handled otherwise"
        let quiet = result.differences.count - changed
        if quiet > 0 { line += ", \(quiet) by other rules to the same end" }
        if result.passedOver > 0 { line += "; \(result.passedOver) passed over, their bytes are not kept whole" }
        return line
    }

    // MARK: Table

    func table() -> String {
        var parts = [summary]
        if !changedRules.isEmpty {
            var table = Table([
                .init("rule", maximum: 40), .init("matched", .right), .init("matches now", .right),
                .init("newly", .right), .init("no longer", .right),
            ])
            for rule in changedRules {
                table.add([rule.name, "\(rule.old)", "\(rule.new)", "\(rule.added)", "\(rule.removed)"])
            }
            parts.append(table.rendered())
        }
        if !fieldTotals.isEmpty {
            parts.append("changes: " + fieldTotals.map { "\($0.field) \($0.count)" }.joined(separator: ", "))
        }
        if !result.differences.isEmpty { parts.append(mails().rendered()) }
        if result.differences.count > limit {
            parts.append("… and \(result.differences.count - limit) more (--limit, or --json for all)")
        }
        return parts.joined(separator: "\n\n")
    }

    private func mails() -> Table {
        var table = Table([
            .init("mail", .right), .init("ticket", .right), .init("decided"), .init("subject", maximum: 34),
            .init("what would be otherwise", maximum: 90),
        ])
        for difference in result.differences.prefix(limit) {
            table.add([
                "\(difference.delivery)", difference.ticket.map { "\($0)" } ?? "-", moment(difference.decidedAt, zone),
                difference.subject, words(difference).joined(separator: "; "),
            ])
        }
        return table
    }

    /// `urgency P3 → P1`, `+rule vip`.
    private func words(_ difference: Replay.Difference) -> [String] {
        func shown(_ value: String) -> String { value.isEmpty ? "none" : value }
        return difference.changes.map { "\($0.field) \(shown($0.old)) → \(shown($0.new))" }
            + difference.rulesAdded.map { "+rule \($0)" } + difference.rulesRemoved.map { "-rule \($0)" }
    }

    // MARK: JSON

    private struct Totals: Encodable {
        let mails: Int
        let different: Int
        let passedOver: Int
        let fields: [String: Int]
        let rules: [String: [String: Int]]

        enum CodingKeys: String, CodingKey {
            case mails, different, fields, rules
            case passedOver = "passed_over"
        }
    }

    func jsonLines() throws -> String {
        let totals = Totals(
            mails: result.mails, different: result.differences.count, passedOver: result.passedOver,
            fields: Dictionary(uniqueKeysWithValues: fieldTotals.map { ($0.field, $0.count) }),
            rules: Dictionary(
                uniqueKeysWithValues: changedRules.map {
                    ($0.name, ["old": $0.old, "new": $0.new, "added": $0.added, "removed": $0.removed])
                }))
        return try (result.differences.map { try compactJSON($0) } + [try compactJSON(totals)])
            .joined(separator: "\n")
    }

    // MARK: HTML

    func html() -> String {
        var rows = ""
        for difference in result.differences {
            rows += "<tr>"
            for cell in [
                "\(difference.delivery)", difference.ticket.map { "\($0)" } ?? "", moment(difference.decidedAt, zone),
                difference.subject,
            ] { rows += "<td>\(escaped(cell))</td>" }
            rows += "<td>" + words(difference).map(escaped).joined(separator: "<br>") + "</td></tr>\n"
        }
        let rules = changedRules.map {
            "<tr><td>\(escaped($0.name))</td><td>\($0.old)</td><td>\($0.new)</td><td>\($0.added)</td>"
                + "<td>\($0.removed)</td></tr>\n"
        }.joined()
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Rules replay</title>
            <style>body{font-family:sans-serif;margin:2em}table{border-collapse:collapse;margin:1em 0}
            td,th{border:1px solid #bbb;padding:.3em .6em;text-align:left;vertical-align:top}</style></head><body>
            <h1>Rules replay</h1><p>\(escaped(summary))</p>
            <table><tr><th>Rule</th><th>Matched</th><th>Matches now</th><th>Newly</th><th>No longer</th></tr>
            \(rules)</table>
            <table><tr><th>Mail</th><th>Ticket</th><th>Decided</th><th>Subject</th><th>What would be otherwise</th></tr>
            \(rows)</table></body></html>
            """
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for character in printable(text) {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
