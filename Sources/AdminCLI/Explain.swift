import ArgumentParser
import Foundation
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
            assignee, deadline, reply or silence, each with the rule and its file and line, the phrase, or the standard it comes from. For a \
            file the decision is made now, as postroom try does, and the details are marked in its text.
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
                print(markedDetails(understand(bytes, options: triage)))
            }
        } catch let error as MessageFiles.Failure {
            printError("postroom explain: \(error.description)")
            throw ExitStatus.noInput
        }
    }

    private func explain(_ number: TicketNumber) throws {
        let (store, zone) = try options.config.openStoreWithZone()
        for explanation in try found({ () throws(StorageError) in try store.explanations(ticket: number) }) {
            print(json ? try compactJSON(explanation) : describe(explanation, zone: zone))
        }
    }

    private func describe(_ explanation: Explanation, zone: TimeZone) -> String {
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
            lines.append("  \(subject.rawValue)\(conclusion(subject, decision, zone))")
            for reason in reasons { lines.append("    " + because(reason)) }
        }
        if !explanation.details.isEmpty { lines += ["", "  details"] }
        for detail in explanation.details {
            let place = detail.line.map { "line \($0 + 1)" } ?? "header"
            lines.append(
                "    \(detail.field.rawValue): \(printable(detail.normalized)) (\(place), \(printable(detail.evidence)), "
                    + "confidence \(percent(detail.confidence)))")
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

    private func conclusion(_ subject: Reason.Subject, _ decision: Decision, _ zone: TimeZone) -> String {
        switch subject {
        case .category: ": \(decision.category)"
        case .urgency: ": \(decision.urgency)"
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

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
