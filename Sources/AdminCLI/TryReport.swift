import Classification
import Correspondence
import Foundation
import MIME
import MailText
import Replies
import Triage
import Vocabulary

/// One message as `postroom try` shows it; as JSON the contract that other tools measure by.
struct TryReport: Encodable {
    let id: String
    let message: MessageReport
    let text: TextReport
    let details: [String: [DetailReport]]
    let attachments: [AttachmentFact]
    let decision: DecisionReport
    let rules: RuleReport

    init(id: String, bytes: [UInt8], options: TriageOptions, now: Date?) {
        let parsed = Message(parsing: bytes)
        let understanding = understand(parsed, options: options)
        let moment = now ?? understanding.sentAt ?? Date()
        let facts = Facts(arrivedAt: moment)
        let decision = decide(understanding, facts: facts, options: options, now: moment)
        let outcome = explainRules(understanding, facts: facts, options: options, now: moment)
        rules = RuleReport(outcome, of: options.rules)
        self.id = id
        message = MessageReport(parsed, further: understanding.defects)
        text = TextReport(
            own: understanding.text.own,
            signatureLines: understanding.text.closingLines + understanding.text.signatureLines,
            language: understanding.text.language.rawValue)
        details = Dictionary(grouping: understanding.details.map(DetailReport.init), by: \.field)
        attachments = understanding.attachments
        self.decision = DecisionReport(decision, understanding: understanding)
    }

    struct TextReport: Encodable {
        let own: String
        let signatureLines: [Int]
        let language: String

        enum CodingKeys: String, CodingKey {
            case own, language
            case signatureLines = "sig_lines"
        }
    }

    struct DetailReport: Encodable {
        let field: String
        let detail: Detail

        init(_ detail: Detail) {
            field = detail.field.rawValue
            self.detail = detail
        }

        enum CodingKeys: String, CodingKey {
            case value, normalized, confidence, line, evidence, span, change
            case phoneExtension = "ext"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(detail.value, forKey: .value)
            try container.encode(detail.normalized, forKey: .normalized)
            try container.encode(detail.phoneExtension, forKey: .phoneExtension)
            try container.encode(detail.confidence, forKey: .confidence)
            try container.encode(detail.line, forKey: .line)
            try container.encode(detail.evidence, forKey: .evidence)
            try container.encodeIfPresent(detail.span.map { [$0.lowerBound, $0.upperBound] }, forKey: .span)
            try container.encodeIfPresent(detail.isChange, forKey: .change)
        }
    }

    func jsonLine() throws -> String { try compactJSON(self) }

    func forPeople() -> String {
        var lines = ["\(id)"]
        func add(_ name: String, _ value: String) {
            let name = name + String(repeating: " ", count: max(1, 12 - name.utf8.count))
            lines.append("  " + name + cut(printable(value), to: 100))
        }
        let from = message.headers.from.first
        add(
            "from",
            from.map { [$0.first, $0.last].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ") } ?? "-")
        add("subject", message.headers.subject ?? "-")
        add("outcome", decision.outcome)
        add("category", "\(decision.category)  \(decision.urgency)  by \(decision.basis)")
        let grades = [
            decision.importance.map { "\($0) importance" }, decision.complexity, decision.tier.map { "tier \($0)" },
        ].compactMap { $0 }
        if !grades.isEmpty { add("grade", grades.joined(separator: ", ")) }
        if let assignee = decision.assignee { add("assignee", "\(assignee) (\(decision.team ?? "-"))") }
        if let due = decision.deadlines["first_response"] { add("due", due) }
        add(
            "reply",
            decision.reply["template"].map { "template \($0)" } ?? "none: \(decision.reply["suppressed"] ?? "")")
        for (what, words) in decision.handling?.words ?? [] { add(what, words) }
        for (field, values) in details.sorted(by: { $0.key < $1.key }) {
            add(field, values.map(\.detail.normalized).joined(separator: ", "))
        }
        for file in attachments { lines.append("  attachment  " + file.forPeople()) }
        for reason in decision.reasons { lines.append("    " + reason.forPeople()) }
        if !message.defects.isEmpty { add("defects", message.defects.joined(separator: ", ")) }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// A decision as programs read it.
struct DecisionReport: Encodable {
    let kind: String
    let outcome: String
    let category: String
    let categoryScores: [String: Double]
    let urgency: String
    let importance: String?
    let complexity: String?
    let tier: String?
    let handling: Handling?
    let basis: String
    let team: String?
    let assignee: String?
    let deadlines: [String: String]
    /// `{"template", "language"}` or `{"suppressed", "rule"}`.
    let reply: [String: String]
    let reasons: [Reason]
    let configVersion: String

    init(_ decision: Decision, understanding: Understanding) {
        kind = understanding.origin.kind.rawValue
        outcome = decision.outcome.name
        category = decision.category.rawValue
        categoryScores = Dictionary(
            uniqueKeysWithValues: understanding.scores.categories.map { ($0.key.rawValue, $0.value) })
        urgency = decision.urgency.rawValue
        importance = decision.importance?.rawValue
        complexity = decision.complexity?.rawValue
        tier = decision.tier
        handling = decision.handling
        basis = decision.basis
        team = decision.team
        assignee = decision.assignee
        var deadlines: [String: String] = [:]
        deadlines["first_response"] = decision.firstResponseDue?.formatted(.iso8601)
        deadlines["resolution"] = decision.resolutionDue?.formatted(.iso8601)
        self.deadlines = deadlines
        reply =
            switch decision.reply {
            case .send(let plan): ["template": plan.template, "language": plan.language.rawValue]
            case .suppressed(let reason): ["suppressed": reason.rawValue, "rule": reason.rule]
            }
        reasons = decision.reasons
        configVersion = decision.configVersion
    }

    enum CodingKeys: String, CodingKey {
        case kind, outcome, category, urgency, importance, complexity, tier, handling, basis, team, assignee, deadlines,
            reply, reasons
        case categoryScores = "category_scores"
        case configVersion = "config_version"
    }
}

extension Handling {
    /// What is done beside, each in words.
    var words: [(String, String)] {
        let lists = [("tags", tags), ("watched by", watchers), ("told", notified)].filter { !$0.1.isEmpty }
        let singles = [("moved to", moveTo), ("reply held", holdReply)].compactMap { name, value in
            value.map { (name, $0) }
        }
        return lists.map { ($0.0, $0.1.joined(separator: ", ")) } + singles
    }
}

extension Reason {
    /// `urgency: P1, because rule vip-complaint matched [rules.d/10-vip.yaml:12]`
    func forPeople() -> String {
        var line = "\(about.rawValue): \(conclusion), because \(because)"
        if let weight { line += " (\((weight * 100).rounded() / 100))" }
        if let source { line += " [\(source)]" }
        return cut(printable(line), to: 160)
    }
}

extension AttachmentFact {
    /// `invoice.pdf.exe: runnable, double-extension (application/x-msdownload, 268 bytes, in winmail.dat)`: what matters
    /// most stands where no line is cut.
    func forPeople() -> String {
        let oddities = flags.isEmpty ? "" : ": " + flags.joined(separator: ", ")
        let place =
            switch source {
            case "tnef": ", in winmail.dat"
            case "uuencode": ", uuencoded in the text"
            case "apple-double", "apple-single": ", in a Macintosh file"
            default: ""
            }
        let size = "\(size) \(size == 1 ? "byte" : "bytes")"
        return cutInside(printable(filename), to: 48) + printable("\(oddities) (\(mediaType), \(size)\(place))")
    }
}

/// One line of JSON with the keys in a stable order.
func compactJSON(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// To standard error: what a person must read, so that standard output stays data.
func printError(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
