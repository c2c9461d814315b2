import ArgumentParser
import ConfigLoading
import Foundation
import Rules
import Storage
import Triage
import Vocabulary

/// Why a mail was handled as it was.
struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain the decisions on a ticket, or on a message in a file.",
        discussion: """
            For a ticket the stored facts, attachments and reasons of each of its mails are shown: category, urgency, \
            assignee, deadline, reply or silence, each with the rule and its file and line, the phrase, or the standard it \
            comes from; then which rules matched, nearly matched and were not reached, under the very configuration that \
            decided, and the details marked in the text. For a file the decision is made now, as postroom try does.
            """)

    @OptionGroup var options: TryOptions
    @Flag(help: "Print one JSON object a mail.") var json = false
    @Argument(help: "Number of a ticket, or a file.") var subject: String

    func run() async throws {
        if let number = TicketNumber(parsing: subject) { return try explain(number) }
        let triage = try options.triageOptions()
        do {
            try MessageFiles.each(in: subject) { id, bytes in
                let report = TryReport(id: id, bytes: bytes, options: triage, now: nil)
                if json { return print(try report.jsonLine()) }
                print(report.forPeople())
                print(report.rules.forPeople() + "\n")
                print(markedDetails(understand(bytes, options: triage)))
            }
        } catch let error as MessageFiles.Failure {
            printError("postroom explain: \(error.description)")
            throw ExitStatus.noInput
        }
    }

    private func explain(_ number: TicketNumber) throws {
        let (store, zone) = try options.config.openStoreWithZone()
        let kept = KeptConfigurations(store, options.config)
        for explanation in try found({ () throws(StorageError) in try store.explanations(ticket: number) }) {
            let again = try Reread(explanation, store: store, kept: kept)
            if json {
                print(try compactJSON(ExplainedMail(explanation: explanation, rules: again?.rules)))
                continue
            }
            print(ExplanationText(explanation, zone: zone).rendered())
            if let again {
                print(again.rules.forPeople() + "\n")
                print(markedDetails(again.understanding))
            } else {
                print("  rules\n    the message or the configuration that decided is no longer kept\n")
                print(ExplanationText(explanation, zone: zone).details())
            }
        }
    }

    /// A stored explanation and what the rules said.
    private struct ExplainedMail: Encodable {
        let explanation: Explanation
        let rules: RuleReport?

        enum CodingKeys: String, CodingKey { case rules }

        func encode(to encoder: any Encoder) throws {
            try explanation.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(rules, forKey: .rules)
        }
    }

    /// The mail of an explanation, understood again under the configuration that decided.
    private struct Reread {
        let understanding: Understanding
        let rules: RuleReport

        /// Nil when the bytes or the configuration are gone.
        init?(_ explanation: Explanation, store: Store, kept: KeptConfigurations) throws {
            guard let options = kept.config(explanation.decision.configVersion)?.triage,
                let digest = explanation.rawDigest,
                let raw = try found({ () throws(StorageError) in try store.rawMessage(digest) })
            else { return nil }
            understanding = understand(raw, options: options)
            let outcome = explainRules(
                understanding, facts: explanation.facts, options: options, now: explanation.decidedAt)
            rules = RuleReport(outcome, of: options.rules)
        }
    }
}

/// A stored explanation for people.
private struct ExplanationText {
    let explanation: Explanation
    let zone: TimeZone

    init(_ explanation: Explanation, zone: TimeZone) {
        self.explanation = explanation
        self.zone = zone
    }

    func rendered() -> String {
        let decision = explanation.decision
        var lines = [
            "Mail \(explanation.deliveryID): \(cut(printable(explanation.subject), to: 80))",
            "  \(explanation.state), decided \(moment(explanation.decidedAt, zone)) with configuration "
                + "\(decision.configVersion)",
        ]
        for subject in Reason.Subject.allCases {
            let reasons = explanation.reasons.filter { $0.about == subject }
            guard !reasons.isEmpty else { continue }
            lines.append("")
            lines.append("  \(subject.rawValue)\(conclusion(subject, decision))")
            for reason in reasons { lines.append("    " + because(reason)) }
        }
        if !explanation.attachments.isEmpty { lines += ["", "  attachments"] }
        for file in explanation.attachments { lines.append("    \(file.path) \(file.forPeople())") }
        if !explanation.defects.isEmpty {
            lines += ["", "  defects of the message"] + explanation.defects.map { "    " + printable($0) }
        }
        if let outbox = explanation.outbox {
            lines += ["", "  reply \(outbox.id) \(outbox.state): \(cut(printable(outbox.subject), to: 80))"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The details as stored, where the text itself is gone.
    func details() -> String {
        guard !explanation.details.isEmpty else { return "" }
        var lines = ["  details"]
        for detail in explanation.details {
            let place = detail.line.map { "line \($0 + 1)" } ?? "header"
            lines.append(
                "    \(detail.field.rawValue): \(printable(detail.normalized)) (\(place), \(printable(detail.evidence)), "
                    + "confidence \(Int((detail.confidence * 100).rounded())) %)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func conclusion(_ subject: Reason.Subject, _ decision: Decision) -> String {
        switch subject {
        case .category: ": \(decision.category)"
        case .urgency: ": \(decision.urgency)"
        case .importance: decision.importance.map { ": \($0)" } ?? ""
        case .complexity: decision.complexity.map { ": \($0)" } ?? ""
        case .tier: decision.tier.map { ": \($0)" } ?? ""
        case .team: decision.team.map { ": \($0)" } ?? ""
        case .assignee: decision.assignee.map { ": \($0)" } ?? ""
        case .deadline: decision.firstResponseDue.map { ": \(moment($0, zone))" } ?? ""
        case .reply: ": \(decision.reply.word)"
        default: ""
        }
    }

    private func because(_ reason: Reason) -> String {
        var line = "\(printable(reason.conclusion)): \(printable(reason.because))"
        if let weight = reason.weight { line += ", weight \((weight * 100).rounded() / 100)" }
        if let source = reason.source { line += "  [\(source)]" }
        return line
    }
}
