import Foundation
import Rules
import Triage
import Vocabulary

/// What the rules said of one mail: matched, nearly matched with the one condition that failed, not reached.
struct RuleReport: Encodable {
    struct Matched: Encodable {
        let rule: String
        let location: String
        let because: [String]
        let set: [String]
    }

    struct Nearly: Encodable {
        let rule: String
        let location: String
        let because: [String]
        let failed: String
        let failedAt: String

        enum CodingKeys: String, CodingKey {
            case rule, location, because, failed
            case failedAt = "failed_at"
        }
    }

    let matched: [Matched]
    let nearly: [Nearly]
    let notReached: [String]
    /// Neither: their conditions are far from this mail.
    let others: Int

    enum CodingKeys: String, CodingKey {
        case matched, nearly, others
        case notReached = "not_reached"
    }

    init(_ outcome: RuleOutcome, of rules: RuleSet) {
        matched = outcome.matched.map {
            Matched(rule: $0.name, location: "\($0.location)", because: $0.evidence, set: $0.applied.map(\.forPeople))
        }
        nearly = outcome.nearMisses.map {
            Nearly(
                rule: $0.name, location: "\($0.location)", because: $0.evidence, failed: $0.failed,
                failedAt: "\($0.failedAt)")
        }
        notReached = outcome.notReached
        others = rules.rules.count - matched.count - nearly.count - notReached.count
    }

    func forPeople() -> String {
        var lines = ["  rules"]
        for rule in matched {
            let set =
                rule.set.isEmpty ? "sets nothing that is not set already" : "sets " + rule.set.joined(separator: ", ")
            lines.append("    matched      \(rule.rule) [\(rule.location)]: \(printable(set))")
            lines += rule.because.map { "                   because " + cut(printable($0), to: 120) }
        }
        for rule in nearly {
            lines.append("    nearly       \(rule.rule) [\(rule.location)]")
            lines += rule.because.map { "                   because " + cut(printable($0), to: 120) }
            lines.append("                   but not: \(cut(printable(rule.failed), to: 120)) [\(rule.failedAt)]")
        }
        if !notReached.isEmpty {
            lines.append("    not reached  \(cut(notReached.joined(separator: ", "), to: 140))")
        }
        lines.append("    not matched  \(others) other rule\(others == 1 ? "" : "s")")
        return lines.joined(separator: "\n")
    }
}
