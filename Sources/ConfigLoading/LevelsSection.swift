import BusinessTime
import Rules
import Vocabulary

/// `sla.yaml`: calendars and deadlines.
final class LevelsSection {
    /// Nil when there is no calendar or no entry for all mail.
    private(set) var levels: ServiceLevels?
    private var calendars: [String: BusinessCalendar] = [:]
    /// Calendars with problems of their own: that they are missing is no problem more.
    private var named: [String] = []
    private let categories: [Category]
    private let timeZone: String

    init(_ root: ConfigValue?, categories: [Category], timeZone: String) {
        self.categories = categories
        self.timeZone = timeZone
        guard let table = root?.table("calendars and deadlines") else { return }
        for (name, value) in table.required("calendars", "add one calendar, as in the sample")?
            .table("calendars, each under its name")?.all ?? []
        {
            named.append(name.text)
            calendars[name.text] = calendar(name.text, value)
        }
        let standard = table.required("default_calendar", "name the calendar of deadlines that name none")
            .flatMap { self.calendarName($0) }
        let entries = table.required("deadlines", "list deadlines, as in the sample")?.list("deadlines")
        table.finish()
        guard let entries else { return }
        read(entries, standard: standard)
    }

    private func read(_ entries: [ConfigValue], standard: String?) {
        var rules: [ServiceLevelRule] = []
        var catchAll: (rule: ServiceLevelRule, location: SourceLocation)?
        for entry in entries {
            guard let rule = rule(entry, standard: standard) else { continue }
            if let catchAll {
                entry.report(
                    "never used: the entry in line \(catchAll.location.line) fits all mail; put this one before it")
            } else if rule.fitsAll {
                catchAll = (rule, entry.location)
            }
            rules.append(rule)
        }
        if let catchAll {
            levels = ServiceLevels(
                calendars: Array(calendars.values), rules: rules, fallback: catchAll.rule.target)
        } else if rules.count == entries.count {
            let place = entries.last?.location ?? SourceLocation(file: "sla.yaml")
            entries.last?.problems.report(
                place, "no entry fits all mail; end the list with one that has no category, urgency or tier")
        }
    }

    private func rule(_ value: ConfigValue, standard: String?) -> ServiceLevelRule? {
        guard let table = value.table("a deadline") else { return nil }
        let handled = (table["category"]?.texts("categories") ?? []).map {
            knownCategory($0, among: categories, problems: value.problems)
        }
        let urgencies = (table["urgency"]?.texts("P1 to P4") ?? []).map { text in
            let urgency = Urgency(rawValue: text.text)
            if urgency == nil {
                value.problems.report(text.location, "urgency is P1, P2, P3 or P4, not \(text.text)")
            }
            return urgency
        }
        let tiers = table["tier"]?.texts("tiers of customers")?.map(\.text) ?? []
        let firstResponse = table.required("first_response", "write when a person must have answered, such as 24h")?
            .serviceTime()
        let firstHandling = table["first_handling"]?.serviceTime()
        let resolution = table["resolution"]?.serviceTime()
        let calendar = table["calendar"].flatMap { self.calendarName($0) } ?? standard
        table.finish()
        // A rule whose conditions were misread would fit more mail than meant.
        guard !handled.contains(nil), !urgencies.contains(nil), let firstResponse,
            let calendar = calendar.flatMap({ calendars[$0] })
        else { return nil }
        return ServiceLevelRule(
            categories: Set(handled.compactMap { $0 }), urgencies: Set(urgencies.compactMap { $0 }), tiers: Set(tiers),
            target: ServiceTarget(
                firstResponse: firstResponse, firstHandling: firstHandling, resolution: resolution, calendar: calendar,
                source: value.location))
    }

    private func calendarName(_ value: ConfigValue) -> String? {
        guard let name = value.text("a calendar") else { return nil }
        if !named.contains(name) {
            value.report("there is no calendar \(name); \(advice(for: name, known: named)) (see calendars)")
        }
        return name
    }

    private func calendar(_ name: String, _ value: ConfigValue) -> BusinessCalendar? {
        guard let table = value.table("a calendar") else { return nil }
        let before = value.problems.count
        let zone = table["time_zone"]?.text("a time zone such as Asia/Shanghai") ?? timeZone
        let weekly = table.required("hours", "write opening hours, such as mon-fri: [\"09:00-18:00\"]")
            .map { weeklyHours($0) }
        let holidays = table["holidays"].map { days($0) } ?? []
        let makeup = table["makeup_workdays"].map { days($0) } ?? []
        let makeupHours = table["makeup_hours"].map { hours($0) } ?? []
        table.finish()
        guard let weekly, value.problems.count == before else { return nil }
        do throws(CalendarProblems) {
            return try BusinessCalendar(
                name: name, timeZone: zone, weekly: weekly, holidays: holidays.map(\.day),
                makeupWorkdays: makeup.map(\.day), makeupHours: makeupHours)
        } catch {
            for problem in error.problems {
                let place = place(of: problem, in: table, days: makeup) ?? value.location
                value.problems.report(place, problem.description)
            }
            return nil
        }
    }

    private func place(
        of problem: CalendarProblem, in table: ConfigTable, days: [(day: CalendarDay, location: SourceLocation)]
    ) -> SourceLocation? {
        switch problem {
        case .unknownTimeZone: table["time_zone"]?.location
        case .neverOpens: table.location(of: "hours")
        case .overlappingHours(nil, _, _): table.location(of: "makeup_hours")
        case .overlappingHours: table.location(of: "hours")
        case .holidayAndWorkday(let day): days.first { $0.day == day }?.location
        }
    }

    /// `mon-fri: ["09:00-12:00", "13:00-18:00"]`, `sat: "10:00-12:00"`; a day that is not named is closed.
    private func weeklyHours(_ value: ConfigValue) -> [Weekday: [OpeningHours]] {
        var weekly: [Weekday: [OpeningHours]] = [:]
        for (key, value) in value.table("weekdays and hours")?.all ?? [] {
            guard let weekdays = weekdays(key.text) else {
                value.problems.report(key.location, "\(key.text) is no weekday; write mon, sat-sun or mon-fri")
                continue
            }
            let hours = hours(value)
            for weekday in weekdays {
                if weekly[weekday] != nil {
                    value.problems.report(key.location, "\(weekday.name) has hours already; write each day once")
                }
                weekly[weekday] = hours
            }
        }
        return weekly
    }

    private func weekdays(_ text: String) -> [Weekday]? {
        let ends = text.split(separator: "-", maxSplits: 1).map { Weekday(String($0)) }
        guard let first = ends.first.flatMap({ $0 }), let last = ends.last.flatMap({ $0 }), first <= last else {
            return nil
        }
        return Weekday.allCases.filter { first <= $0 && $0 <= last }
    }

    private func hours(_ value: ConfigValue) -> [OpeningHours] {
        (value.texts("hours such as \"09:00-18:00\"") ?? []).compactMap { text in
            if let hours = OpeningHours(text.text) { return hours }
            value.problems.report(
                text.location,
                "\(text.text) is no opening time; write it as \"09:00-18:00\", from the earlier to the later")
            return nil
        }
    }

    /// Days and ranges: `2026-10-01`, `2026-10-01..2026-10-07`.
    private func days(_ value: ConfigValue) -> [(day: CalendarDay, location: SourceLocation)] {
        var result: [(day: CalendarDay, location: SourceLocation)] = []
        for text in value.texts("days such as 2026-10-01") ?? [] {
            guard let days = range(text.text) else {
                value.problems.report(
                    text.location,
                    "\(text.text) is no day and no range of at most 60 days; write 2026-10-01 or 2026-10-01..2026-10-07"
                )
                continue
            }
            for day in days where result.contains(where: { $0.day == day }) {
                value.problems.report(text.location, "\(day) stands twice; remove it here")
            }
            result += days.map { ($0, text.location) }
        }
        return result
    }

    private func range(_ text: String) -> [CalendarDay]? {
        if let day = CalendarDay(text) { return [day] }
        guard let dots = text.firstRange(of: ".."), let first = CalendarDay(text[..<dots.lowerBound]),
            let last = CalendarDay(text[dots.upperBound...])
        else { return nil }
        return CalendarDay.days(from: first, through: last, atMost: 60)
    }
}
