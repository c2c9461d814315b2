import BusinessTime
import Classification
import Correspondence
import Extraction
import Foundation
import Replies
import Routing
import Rules
import TestSupport
import Triage
import Vocabulary

/// A small post room: two teams, one calendar, the shipped templates and lexicon, no rules.
enum Sample {
    static let monday = Date(timeIntervalSince1970: 1_795_395_600)  // 2026-11-23 09:00 in Shanghai

    static func address(_ text: String) -> EmailAddress {
        guard let address = EmailAddress(text) else { preconditionFailure("\(text) is no address") }
        return address
    }

    static func options(rules: RuleSet = .empty, mode: ReplyOptions.Mode = .send) throws -> TriageOptions {
        let day = [OpeningHours("09:00-18:00")].compactMap { $0 }
        let calendar = try BusinessCalendar(
            name: "office", timeZone: "Asia/Shanghai",
            weekly: [.monday: day, .tuesday: day, .wednesday: day, .thursday: day, .friday: day])
        let (templates, problems) = TemplateSet.compile(sources: try shippedTemplates(), defaultLanguage: .english)
        precondition(problems.isEmpty, "shipped templates: \(problems)")
        return TriageOptions(
            configVersion: "test",
            identity: OwnIdentity(
                addresses: [address("support@example.com")], agents: [address("li.na@example.com")],
                messageIDDomain: "post.example.com"),
            extraction: ExtractionOptions(region: "CN"), rules: rules, lexicon: .shipped,
            routing: RoutingOptions(
                people: [
                    Person(id: "li.na", name: "Li Na"), Person(id: "wang", name: "Wang"),
                    Person(id: "duty", name: "Duty"),
                ],
                teams: [
                    Team(id: "service", name: "Service", members: ["li.na", "wang"]),
                    Team(id: "complaints", name: "Complaints", members: ["wang"], categories: [.complaint]),
                ],
                defaultTeam: "service", dutyOwner: "duty"),
            serviceLevels: ServiceLevels(
                calendars: [calendar], rules: [],
                fallback: ServiceTarget(firstResponse: .working(seconds: 4 * 3600), resolution: nil, calendar: calendar)
            ),
            replies: ReplyOptions(
                mode: mode,
                organisation: OrganisationName(names: [.english: "Example Ltd", .simplifiedChinese: "示例公司"])),
            templates: templates)
    }

    private static func shippedTemplates() throws -> [TemplateSource] {
        let folder = Checkout.root.appending(path: "etc/postroom/templates")
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().compactMap { path in
            let text = try? String(contentsOf: folder.appending(path: path), encoding: .utf8)
            return text.flatMap { TemplateSource(path: "templates/" + path, text: $0) }
        }
    }

    static func mail(
        from: String = "Ada <ada@customer.example>", subject: String = "Where is my order?",
        id: String? = "<1@customer.example>", extra: String = "", body: String = "Order SO-2026-000123 has not come."
    ) -> [UInt8] {
        var text = "From: \(from)\r\nTo: support@example.com\r\nSubject: \(subject)\r\n"
        text += "Date: Mon, 23 Nov 2026 09:00:00 +0800\r\n"
        if let id { text += "Message-ID: \(id)\r\n" }
        return Array(
            (text + extra + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\(body)\r\n").utf8)
    }
}
