import ArgumentParser
import ConfigLoading
import Correspondence
import Foundation
import MIME
import Replies
import Storage
import Triage
import Vocabulary

/// What a mail would be answered, without sending or recording anything (R35: test before formal sending).
struct OutboxPreview: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Show the answer that a mail would get, as its recipient reads it.",
        discussion: """
            Reads .eml files, mboxes, Maildirs, folders, or - for standard input. Nothing is sent and no store is needed: \
            the ticket number is made up, and what depends on earlier mail (a customer's tier, caps) is not known. Exit \
            code 65 when a pre-send check would hold one of the answers.
            """)
    @OptionGroup var config: ConfigOptions
    @Argument(help: "Mail that came in.") var paths: [String]
    @Option(help: "Also write the HTML form of the (last) answer to this file.") var html: String?
    @Flag(help: "The octets as they would be sent.") var raw = false
    @Flag(help: "Print one JSON object a mail.") var json = false

    private struct Report: Encodable {
        let id: String
        let suppressed: String?
        var template: String?
        var language: String?
        var subject: String?
        var text: String?
        var findings: [String] = []
    }

    func run() async throws {
        let triage = try config.load(secrets: .skipped).triage
        var isHeld = false
        do {
            for path in paths {
                try MessageFiles.each(in: path) { id, bytes in
                    isHeld = try preview(id, bytes, triage) || isHeld
                }
            }
        } catch let failure as MessageFiles.Failure {
            printError("postroom outbox preview: \(failure)")
            throw ExitStatus.noInput
        }
        if isHeld { throw ExitStatus.dataError }
    }

    /// True when a check would hold the answer.
    private func preview(_ id: String, _ bytes: [UInt8], _ triage: TriageOptions) throws -> Bool {
        let understanding = understand(bytes, options: triage)
        let now = understanding.sentAt ?? Date()
        let decision = decide(understanding, facts: Facts(arrivedAt: now), options: triage, now: now)
        switch decision.reply {
        case .suppressed(let why):
            try show(Report(id: id, suppressed: why.rawValue), because: why.rule)
            return false
        case .send(let plan):
            guard let preview = ReplyPreview(plan, options: triage, now: now) else { return false }
            try show(id, plan, preview)
            return !preview.findings.isEmpty
        }
    }

    private func show(_ report: Report, because: String) throws {
        if json { return print(try compactJSON(report)) }
        print("\(report.id): no answer (\(report.suppressed ?? "")): \(because)")
    }

    private func show(_ id: String, _ plan: ReplyPlan, _ preview: ReplyPreview) throws {
        if let html { try preview.html.write(toFile: html, atomically: true, encoding: .utf8) }
        if raw { return FileHandle.standardOutput.write(Data(preview.mail.bytes)) }
        if json {
            var report = Report(id: id, suppressed: nil, template: plan.template, language: plan.language.rawValue)
            report.subject = preview.mail.subject
            report.text = preview.mail.text
            report.findings = preview.findings.map(\.description)
            return print(try compactJSON(report))
        }
        print("\(id): \(plan.template) (\(plan.language))")
        for finding in preview.findings { print("would be held: \(finding)") }
        print("")
        print("From: \(printable(plan.sender.displayName)) <\(plan.sender.address)>")
        print("To: \(printable(plan.recipient.address.description))")
        print("Subject: \(printable(preview.mail.subject))")
        print("")
        print(preview.mail.text)
    }
}

/// A reply composed for looking at: its identifiers are made up.
struct ReplyPreview {
    let mail: ComposedReply
    let findings: [PreSendFinding]
    let html: String

    /// Nil when there is no such template.
    init?(_ plan: ReplyPlan, options: TriageOptions, now: Date) {
        guard let messageID = MessageID("preview@\(options.identity.messageIDDomain)") else { return nil }
        let ticket = TicketNumber(1001)
        let identifiers = ReplyIdentifiers(
            messageID: messageID, ticket: ticket, date: now, reversePath: plan.sender.address, replyTo: nil)
        guard let mail = compose(plan, identifiers: identifiers, options: options) else { return nil }
        self.mail = mail
        let context = PreSendContext(
            ticket: ticket, participants: [plan.recipient.address], ours: options.identity.addresses,
            agents: options.identity.agents, recipientDelimiter: options.identity.recipientDelimiter,
            sizeLimit: options.replies.sizeLimit)
        findings = preSendFindings(
            subject: mail.subject, text: mail.text, recipients: mail.recipients, attachments: 0,
            size: mail.bytes.count, context: context)
        let message = Message(parsing: mail.bytes)
        html = message.parts.first { $0.mediaType == "text/html" }.map { message.text($0) } ?? ""
    }
}
