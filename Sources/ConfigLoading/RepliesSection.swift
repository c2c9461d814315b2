import BusinessTime
import Foundation
import Replies
import Rules
import Vocabulary

/// `replies:` whether automatic answers leave, and the caps on them.
struct RepliesSection {
    private var mode = ReplyOptions.Mode.hold
    private var maxAge: Int?
    private var perSender: Int?
    private var perTicket: (count: Int?, period: Int?) = (nil, nil)
    private var total: (count: Int?, period: Int?) = (nil, nil)
    private var quietHours: QuietHours?
    private var requiresApproval = true
    private var blockPeriod: Int?
    private var sizeLimit: Int?

    init(_ value: ConfigValue?, timeZone: String) {
        guard let table = value?.table("replies") else { return }
        mode =
            table.required("mode", "write send, hold (a person releases each one) or off")?.word(ReplyOptions.Mode.self)
            ?? mode
        maxAge = table["max_age"]?.seconds(60...(30 * 86_400))
        perSender = table["per_sender"]?.seconds(0...(30 * 86_400))
        perTicket = Self.cap(table["per_ticket"])
        total = Self.cap(table["total"])
        requiresApproval =
            table["approval"]?.choice(["required": true, "off": false], order: ["required", "off"]) ?? true
        blockPeriod = table["block_bounced"]?.seconds(0...(3650 * 86_400))
        sizeLimit = table["max_size"]?.bytes((16 << 10)...(100 << 20))
        quietHours = table["quiet_hours"].flatMap { Self.quietHours($0, timeZone: timeZone) }
        table.finish()
    }

    func options(organisation: OrganisationSection) -> ReplyOptions {
        var options = ReplyOptions(
            mode: mode, organisation: organisation.name, defaultLanguage: organisation.defaultLanguage,
            quietHours: quietHours)
        options.requiresApproval = requiresApproval
        if let blockPeriod { options.blockPeriod = TimeInterval(blockPeriod) }
        if let sizeLimit { options.sizeLimit = sizeLimit }
        if let maxAge { options.maxReplyAge = TimeInterval(maxAge) }
        if let perSender { options.perWriterPeriod = TimeInterval(perSender) }
        if let count = perTicket.count { options.perTicketCap = count }
        if let period = perTicket.period { options.perTicketWindow = TimeInterval(period) }
        if let count = total.count { options.processCap = count }
        if let period = total.period { options.processWindow = TimeInterval(period) }
        return options
    }

    /// `{ count: 3, within: 24h }`
    private static func cap(_ value: ConfigValue?) -> (count: Int?, period: Int?) {
        guard let table = value?.table("count and within") else { return (nil, nil) }
        let count = table.required("count", "write how many")?.int(0...1_000_000)
        let period = table.required("within", "write in what time, such as 24h")?.seconds(60...(30 * 86_400))
        table.finish()
        return (count, period)
    }

    private static func quietHours(_ value: ConfigValue, timeZone: String) -> QuietHours? {
        guard let table = value.table("quiet_hours") else { return nil }
        func time(_ key: String) -> Int? {
            guard let value = table.required(key, "write a time such as 22:00"), let text = value.text("a time") else {
                return nil
            }
            guard let minutes = minutes(ofTime: text), minutes < 1440 else {
                value.report("\(text) is no time of day; write it as 22:00, in quotes")
                return nil
            }
            return minutes
        }
        let from = time("from")
        let to = time("to")
        let exempt = table["exempt"]?.texts("names of templates")?.map(\.text)
        table.finish()
        guard let from, let to, let zone = TimeZone(identifier: timeZone) else { return nil }
        if from == to {
            value.report("from and to are the same time; remove quiet_hours if there are none")
            return nil
        }
        var hours = QuietHours(timeZone: zone, fromMinute: from, toMinute: to)
        if let exempt { hours.exemptTemplates = Set(exempt) }
        return hours
    }
}
