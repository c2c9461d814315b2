import ArgumentParser
import BusinessTime
import ConfigLoading
import Digest
import Foundation
import Replies
import Storage
import Triage
import Vocabulary

/// The texts that customers get.
struct Templates: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "templates", abstract: "List, read and approve the texts that customers get.",
        subcommands: [TemplatesList.self, TemplatesRender.self, TemplatesApprove.self],
        defaultSubcommand: TemplatesList.self)
}

struct TemplatesList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the templates, and whether they may leave by themselves.")
    @OptionGroup var config: ConfigOptions
    @Flag(help: "Print one JSON object a template and language.") var json = false

    func run() async throws {
        let loaded = try config.load(secrets: .skipped)
        let items = try approvals(loaded)
        if json {
            for item in items { print(try compactJSON(item)) }
            return
        }
        guard !items.isEmpty else { return print("no templates") }
        var table = Table([.init("template"), .init("language"), .init("approved"), .init("by"), .init("hash")])
        for item in items {
            table.add([
                item.name, item.language.rawValue, item.approvedAt.map { moment($0, loaded.timeZone) } ?? "-",
                item.actor ?? "", String(item.digest.hex.prefix(12)),
            ])
        }
        print(table.rendered())
        if loaded.triage.replies.requiresApproval, items.contains(where: { $0.approvedAt == nil }) {
            print("replies of a text that is not approved are held; approve it with: postroom templates approve NAME")
        }
    }

    private func approvals(_ loaded: Config) throws -> [TemplateApproval] {
        let templates = loaded.triage.templates
        guard FileManager.default.fileExists(atPath: loaded.storage.databasePath) else {
            return templates.all.compactMap { name, language in
                templates.digest(of: name, language: language).map {
                    TemplateApproval(name: name, language: language, digest: $0, approvedAt: nil, actor: nil)
                }
            }
        }
        return try found { () throws(StorageError) in
            let store = try Store.open(loaded.storage, role: .command, logger: ConfigOptions.silent)
            return try store.templateApprovals(templates)
        }
    }
}

struct TemplatesRender: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Show a template as a customer would read it, with made-up values.")
    @OptionGroup var config: ConfigOptions
    @Argument(help: "Name of the template, such as receipt.") var name: String
    @Option(help: "Language tag, such as zh-Hans; all of the template's when left out.") var language: String?
    @Option(help: "Also write the HTML form to this file (of the last language).") var html: String?
    @Flag(help: "Without the values that may be missing.") var bare = false
    @Flag(help: "Print one JSON object a language.") var json = false

    private struct Report: Encodable {
        let name: String
        let language: String
        let subject: String
        let text: String
        let html: String
    }

    func run() async throws {
        let triage = try config.load(secrets: .skipped).triage
        let offered = triage.templates.languages(of: name)
        guard !offered.isEmpty else {
            let names = triage.templates.names
            throw ValidationError("there is no template \(name); there are \(names.joined(separator: ", "))")
        }
        let languages = language.map { [Language($0)] } ?? offered
        for language in languages {
            guard offered.contains(language) else {
                throw ValidationError(
                    "\(name) is not written in \(language); it is in \(offered.map(\.rawValue).joined(separator: ", "))"
                )
            }
            guard let reply = triage.templates.render(name, language: language, values: values(language, triage)) else {
                continue
            }
            if let html { try (reply.html ?? "").write(toFile: html, atomically: true, encoding: .utf8) }
            if json {
                print(
                    try compactJSON(
                        Report(
                            name: name, language: language.rawValue, subject: reply.subject, text: reply.text,
                            html: reply.html ?? "")))
            } else {
                if languages.count > 1 { print("--- \(language) ---") }
                print("Subject: \(reply.subject)\n\n\(reply.text)")
            }
        }
    }

    /// A made-up mail in the reader's language.
    private func values(_ language: Language, _ triage: TriageOptions) -> TemplateValues {
        let sample = SampleValues(language)
        let organisation = triage.replies.organisation
        let calendar = triage.serviceLevels.fallback.calendar
        let zone = TimeZone(identifier: calendar.timeZone) ?? .gmt
        let now = Date()
        func text(_ moment: Date) -> String { momentText(moment, timeZone: zone, language: language) }
        let isFull = !bare
        return TemplateValues(
            ticket: TicketNumber(1001), subject: isFull ? sample.subject : "", name: isFull ? sample.name : nil,
            organisation: organisation.name(in: language), signature: organisation.signature(in: language),
            deadline: isFull ? text(calendar.deadline(after: .elapsed(seconds: 86_400), from: now)) : nil,
            category: isFull ? categoryLabel(.progress, language: language) : nil,
            today: dayText(now, timeZone: zone, language: language),
            opens: isFull ? text(calendar.opening(from: now + 12 * 3600)) : nil,
            missing: isFull ? [.orderNumber, .phone].map { fieldLabel($0, language: language) } : [],
            files: isFull ? sample.files : [], message: isFull ? sample.message : nil)
    }
}

/// What a made-up customer wrote, and what we tell him.
private struct SampleValues {
    let subject: String
    let name: String
    let files: [String]
    let message: String

    init(_ language: Language) {
        switch language {
        case .simplifiedChinese:
            (subject, name, files) = ("订单 SO-2026-118 何时发货", "王小明", ["报价单.xlsm", "资料.zip"])
            message = "您的订单已于今天上午从仓库发出，预计后天送达。\n\n- 物流单号：SF 0000 0000 0118\n- 收货后请当面验货。"
        case .traditionalChinese:
            (subject, name, files) = ("訂單 SO-2026-118 何時出貨", "王小明", ["報價單.xlsm", "資料.zip"])
            message = "您的訂單已於今天上午從倉庫寄出，預計後天送達。\n\n- 物流單號：0000 0000 0118\n- 收貨後請當場驗貨。"
        case .japanese:
            (subject, name, files) = ("注文 SO-2026-118 の発送予定について", "山田 太郎", ["見積書.xlsm", "資料.zip"])
            message = "ご注文の品は本日午前に倉庫より発送いたしました。明後日の到着予定です。\n\n- 送り状番号：0000-0000-0118"
        default:
            (subject, name, files) = (
                "When will order SO-2026-118 be shipped?", "Jane Doe", ["quotation.xlsm", "papers.zip"]
            )
            message =
                "Your order left our warehouse this morning and should arrive the day after tomorrow.\n\n- Tracking number: 0000 0000 0118"
        }
    }
}
