import BusinessTime
import Foundation
import Testing
import Vocabulary

/// `2026-10-01 09:00+08:00` as a moment.
func moment(_ text: String) -> Date {
    let form = DateFormatter()
    form.locale = Locale(identifier: "en_US_POSIX")
    form.dateFormat = "yyyy-MM-dd HH:mmxxx"
    return form.date(from: text) ?? .distantPast
}

func hours(_ texts: String...) -> [OpeningHours] { texts.compactMap { OpeningHours($0) } }
func days(_ texts: String...) -> [CalendarDay] { texts.compactMap { CalendarDay($0) } }
let workweek: [Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday]

/// Shanghai office hours, with the National Day holiday of 2026 and its make-up days (State Council).
let shanghai = calendar(
    "Asia/Shanghai", workweek, hours("09:00-12:00", "13:00-18:00"),
    holidays: days(
        "2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04", "2026-10-05", "2026-10-06", "2026-10-07"),
    makeup: days("2026-09-20", "2026-10-10"))
let berlin = calendar("Europe/Berlin", workweek, hours("09:00-17:00"), holidays: days("2026-04-03", "2026-04-06"))
let always = calendar("Europe/Berlin", Weekday.allCases, hours("00:00-24:00"))

func calendar(
    _ zone: String, _ weekdays: [Weekday], _ hours: [OpeningHours], holidays: [CalendarDay] = [],
    makeup: [CalendarDay] = []
) -> BusinessCalendar {
    let weekly = Dictionary(uniqueKeysWithValues: weekdays.map { ($0, hours) })
    do {
        return try BusinessCalendar(
            name: zone, timeZone: zone, weekly: weekly, holidays: holidays, makeupWorkdays: makeup)
    } catch {
        preconditionFailure("the test's own calendar is bad: \(error.problems)")
    }
}

struct DeadlineCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let calendar: BusinessCalendar
    let time: ServiceTime
    let from: String
    let to: String

    init(_ description: String, _ calendar: BusinessCalendar, _ time: ServiceTime, from: String, to: String) {
        testDescription = description
        self.calendar = calendar
        self.time = time
        self.from = from
        self.to = to
    }
}

@Suite struct DeadlineTests {
    private static let hour = 3600

    @Test(
        "deadlines",
        arguments: [
            DeadlineCase(
                "real time runs at night", shanghai, .elapsed(seconds: 24 * hour),
                from: "2026-11-20 19:00+08:00", to: "2026-11-21 19:00+08:00"),
            DeadlineCase(
                "real time is real across the change of clocks", berlin, .elapsed(seconds: 24 * hour),
                from: "2026-03-28 12:00+01:00", to: "2026-03-29 13:00+02:00"),
            DeadlineCase(
                "within the morning", shanghai, .working(seconds: 2 * hour),
                from: "2026-11-23 09:30+08:00", to: "2026-11-23 11:30+08:00"),
            DeadlineCase(
                "lunch does not count", shanghai, .working(seconds: 2 * hour),
                from: "2026-11-23 11:00+08:00", to: "2026-11-23 14:00+08:00"),
            DeadlineCase(
                "exactly at closing, not at the next opening", shanghai, .working(seconds: 1 * hour),
                from: "2026-11-23 11:00+08:00", to: "2026-11-23 12:00+08:00"),
            DeadlineCase(
                "over the weekend", shanghai, .working(seconds: 4 * hour),
                from: "2026-11-20 17:00+08:00", to: "2026-11-23 12:00+08:00"),
            DeadlineCase(
                "mail before opening", shanghai, .working(seconds: 1 * hour),
                from: "2026-11-23 03:00+08:00", to: "2026-11-23 10:00+08:00"),
            DeadlineCase(
                "mail at midnight", shanghai, .working(seconds: 8 * hour),
                from: "2026-11-23 00:00+08:00", to: "2026-11-23 18:00+08:00"),
            DeadlineCase(
                "the evening before National Day: eight days off", shanghai, .working(seconds: 2 * hour),
                from: "2026-09-30 17:00+08:00", to: "2026-10-08 10:00+08:00"),
            DeadlineCase(
                "a make-up Sunday is worked", shanghai, .working(seconds: 2 * hour),
                from: "2026-09-18 17:00+08:00", to: "2026-09-20 10:00+08:00"),
            DeadlineCase(
                "three working days from the day before the holiday", shanghai, .workingDays(3),
                from: "2026-09-30 10:00+08:00", to: "2026-10-10 18:00+08:00"),
            DeadlineCase(
                "three working days over a weekend: the first day does not count", shanghai, .workingDays(3),
                from: "2026-11-20 10:00+08:00", to: "2026-11-25 18:00+08:00"),
            DeadlineCase(
                "from a Saturday", shanghai, .workingDays(1),
                from: "2026-11-21 10:00+08:00", to: "2026-11-23 18:00+08:00"),
            DeadlineCase(
                "no working day at all means this day's closing", shanghai, .workingDays(0),
                from: "2026-11-20 10:00+08:00", to: "2026-11-20 18:00+08:00"),
            DeadlineCase(
                "or the next one's, once it has closed", shanghai, .workingDays(0),
                from: "2026-11-20 19:00+08:00", to: "2026-11-23 18:00+08:00"),
            DeadlineCase(
                "no time at all", shanghai, .working(seconds: 0),
                from: "2026-11-21 10:00+08:00", to: "2026-11-21 10:00+08:00"),
            DeadlineCase(
                "over Easter and the change to summer time", berlin, .working(seconds: 16 * hour),
                from: "2026-03-27 13:00+01:00", to: "2026-03-31 13:00+02:00"),
            DeadlineCase(
                "Friday evening before a long holiday", berlin, .working(seconds: 1 * hour),
                from: "2026-04-02 18:00+02:00", to: "2026-04-07 10:00+02:00"),
            DeadlineCase(
                "an hour that is skipped is not worked", always, .working(seconds: 24 * hour),
                from: "2026-03-29 00:00+01:00", to: "2026-03-30 01:00+02:00"),
            DeadlineCase(
                "an hour that comes twice is worked twice", always, .working(seconds: 24 * hour),
                from: "2026-10-25 00:00+02:00", to: "2026-10-25 23:00+01:00"),
            DeadlineCase(
                "a day's closing on the day of the change", always, .workingDays(1),
                from: "2026-10-24 12:00+02:00", to: "2026-10-26 00:00+01:00"),
            DeadlineCase(
                "open only in the hour that is skipped, once: the next night counts",
                calendar("Europe/Berlin", Weekday.allCases, hours("02:00-03:00")), .working(seconds: 90 * 60),
                from: "2026-03-28 12:00+01:00", to: "2026-03-31 02:30+02:00"),
            DeadlineCase(
                "a zone with clocks changed at midnight (Havana)",
                calendar("America/Havana", Weekday.allCases, hours("00:00-24:00")), .working(seconds: 24 * hour),
                from: "2026-11-01 00:00-04:00", to: "2026-11-01 23:00-05:00"),
        ])
    func deadline(_ row: DeadlineCase) {
        let found = row.calendar.deadline(after: row.time, from: moment(row.from))
        #expect(found == moment(row.to), "\(row.calendar.describe(found))")
    }

    @Test("a deadline of opening time lies that much opening time away, at every hour of a year")
    func roundTrip() {
        for calendar in [shanghai, berlin, always] {
            var start = moment("2026-01-01 00:17+00:00")
            for amount in stride(from: 1, through: 200_000, by: 1777) {
                let end = calendar.deadline(after: .working(seconds: amount), from: start)
                #expect(calendar.openSeconds(from: start, to: end) == amount)
                start += 78 * 3600 + 61
            }
        }
    }

    @Test("later mail never has an earlier deadline")
    func monotone() {
        var last = Date.distantPast
        for minute in stride(from: 0, to: 40 * 24 * 60, by: 47) {
            let start = moment("2026-09-15 00:00+08:00") + Double(minute * 60)
            let end = shanghai.deadline(after: .working(seconds: 9 * 3600), from: start)
            #expect(end >= last)
            #expect(end >= start)
            last = end
        }
    }

    @Test("wild dates give a date", arguments: [-1e300, -1e12, 1e12, .infinity, .nan])
    func wild(_ seconds: Double) {
        let date = Date(timeIntervalSince1970: seconds)
        #expect(shanghai.deadline(after: .workingDays(3), from: date).timeIntervalSince1970.isFinite)
        #expect(!shanghai.describe(date).isEmpty)
    }
}

@Suite struct CalendarTests {
    @Test(
        "open or closed",
        arguments: [
            ("2026-11-23 09:00+08:00", true), ("2026-11-23 08:59+08:00", false), ("2026-11-23 12:00+08:00", false),
            ("2026-11-23 17:59+08:00", true), ("2026-11-23 18:00+08:00", false), ("2026-11-22 10:00+08:00", false),
            ("2026-10-05 10:00+08:00", false), ("2026-10-10 10:00+08:00", true), ("2026-11-23 02:00+00:00", true),
        ])
    func open(_ row: (String, Bool)) { #expect(shanghai.isOpen(at: moment(row.0)) == row.1) }

    @Test("the next opening")
    func opening() {
        #expect(shanghai.opening(from: moment("2026-09-30 20:00+08:00")) == moment("2026-10-08 09:00+08:00"))
        #expect(shanghai.opening(from: moment("2026-11-23 10:00+08:00")) == moment("2026-11-23 10:00+08:00"))
        #expect(shanghai.opening(from: moment("2026-11-23 12:30+08:00")) == moment("2026-11-23 13:00+08:00"))
    }

    @Test("a moment is shown with its zone")
    func describe() {
        #expect(shanghai.describe(moment("2026-11-23 10:00+00:00")) == "2026-11-23 18:00 (Asia/Shanghai)")
        #expect(berlin.describe(moment("2026-07-01 10:00+00:00")) == "2026-07-01 12:00 (Europe/Berlin)")
        #expect(berlin.describe(moment("1999-12-31 23:30+00:00")) == "2000-01-01 00:30 (Europe/Berlin)")
    }

    @Test(
        "offsets agree with Foundation over the years",
        arguments: [
            "Europe/Berlin", "America/New_York", "Asia/Shanghai",
            "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "UTC",
        ])
    func offsets(_ zone: String) {
        let calendar = calendar(zone, workweek, hours("09:00-17:00"))
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = TimeZone(identifier: zone)
        form.dateFormat = "yyyy-MM-dd HH:mm"
        for step in 0..<2000 {
            let date = Date(timeIntervalSince1970: 1_000_000_000 + Double(step) * 611_113)
            #expect(calendar.describe(date) == "\(form.string(from: date)) (\(zone))")
        }
    }

    @Test("a calendar that never opens is refused, even with make-up days")
    func neverOpens() {
        #expect(problems(weekly: [:], makeup: days("2026-10-10")) == [.neverOpens])
    }

    @Test("all problems of a calendar come at once")
    func allProblems() {
        let found = problems(
            zone: "Asia/Shangai", weekly: [.monday: hours("09:00-13:00", "12:00-18:00")],
            holidays: days("2026-10-01"), makeup: days("2026-10-01"))
        #expect(found.count == 3)
        #expect(found.map(\.description).contains("hours of monday overlap: 09:00-13:00 and 12:00-18:00"))
    }

    private func problems(
        zone: String = "Asia/Shanghai", weekly: [Weekday: [OpeningHours]], holidays: [CalendarDay] = [],
        makeup: [CalendarDay] = []
    ) -> [CalendarProblem] {
        do {
            _ = try BusinessCalendar(
                name: "x", timeZone: zone, weekly: weekly, holidays: holidays, makeupWorkdays: makeup)
            return []
        } catch {
            return error.problems
        }
    }

    @Test("days and hours are read strictly")
    func reading() {
        #expect(CalendarDay("2026-02-29") == nil)
        #expect(CalendarDay("2028-02-29")?.weekday == .tuesday)
        #expect(CalendarDay("2026-2-9") == nil)
        #expect(CalendarDay("1969-12-31")?.weekday == .wednesday)
        #expect(OpeningHours("9:00-18:00")?.description == "09:00-18:00")
        #expect(OpeningHours("18:00-09:00") == nil)
        #expect(OpeningHours("09:00-24:00")?.end == 1440)
        #expect(OpeningHours("09:00-24:01") == nil)
        #expect(Weekday("Fri") == .friday && Weekday("sunday") == .sunday && Weekday("fr") == nil)
    }
}

@Suite struct ServiceLevelTests {
    @Test("the first entry that fits decides")
    func first() {
        func target(_ hours: Int) -> ServiceTarget {
            ServiceTarget(firstResponse: .elapsed(seconds: hours * 3600), calendar: shanghai)
        }
        let levels = ServiceLevels(
            calendars: [shanghai],
            rules: [
                ServiceLevelRule(categories: [.complaint], tiers: ["vip"], target: target(1)),
                ServiceLevelRule(urgencies: [.p1], target: target(2)),
                ServiceLevelRule(categories: [.complaint], target: target(3)),
            ], fallback: target(24))
        func first(_ category: Category, _ urgency: Urgency, _ tier: String?) -> String {
            levels.target(category: category, urgency: urgency, tier: tier).firstResponse.description
        }
        #expect(first(.complaint, .p1, "vip") == "1 h")
        #expect(first(.complaint, .p1, nil) == "2 h")
        #expect(first(.complaint, .p3, "standard") == "3 h")
        #expect(first(.inquiry, .p3, nil) == "24 h")
    }
}
