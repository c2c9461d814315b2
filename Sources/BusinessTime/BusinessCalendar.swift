package import struct Foundation.Date

/// When a team works: weekly hours in a time zone, days off, and days worked instead (调休).
package struct BusinessCalendar: Hashable, Sendable {
    package let name: String
    package let weekly: [Weekday: [OpeningHours]]
    package let holidays: Set<CalendarDay>
    /// Days that are worked although the week says otherwise, as a Saturday before a long holiday.
    package let makeupWorkdays: Set<CalendarDay>
    /// Hours of a make-up workday: those given, else those of the first weekday that has any.
    package let makeupHours: [OpeningHours]

    package var timeZone: String { zone.name }

    private let zone: ZoneOffsets
    /// By `Weekday.rawValue`.
    private let week: [[OpeningHours]]
    private let holidayNumbers: Set<Int>
    private let makeupNumbers: Set<Int>

    /// Checks everything at once; what is wrong is thrown as one list.
    package init(
        name: String, timeZone: String, weekly: [Weekday: [OpeningHours]], holidays: [CalendarDay] = [],
        makeupWorkdays: [CalendarDay] = [], makeupHours: [OpeningHours] = []
    ) throws(CalendarProblems) {
        let zone = ZoneOffsets(name: timeZone)
        let week = Weekday.allCases.map { (weekly[$0] ?? []).sorted() }
        let problems =
            (zone == nil ? [CalendarProblem.unknownTimeZone(timeZone)] : [])
            + Self.problems(week: week, holidays: holidays, makeupWorkdays: makeupWorkdays, makeupHours: makeupHours)
        guard let zone, problems.isEmpty else { throw CalendarProblems(calendar: name, problems: problems) }
        self.name = name
        self.zone = zone
        self.week = week
        self.weekly = weekly.filter { !$0.value.isEmpty }.mapValues { $0.sorted() }
        self.holidays = Set(holidays)
        self.makeupWorkdays = Set(makeupWorkdays)
        self.makeupHours = makeupHours.isEmpty ? week.first { !$0.isEmpty } ?? [] : makeupHours.sorted()
        holidayNumbers = Set(holidays.map(\.number))
        makeupNumbers = Set(makeupWorkdays.map(\.number))
    }

    private static func problems(
        week: [[OpeningHours]], holidays: [CalendarDay], makeupWorkdays: [CalendarDay], makeupHours: [OpeningHours]
    ) -> [CalendarProblem] {
        var problems: [CalendarProblem] = []
        // Make-up days alone are finitely many: a deadline could run past the last of them and never come.
        if week.allSatisfy(\.isEmpty) { problems.append(.neverOpens) }
        for (weekday, hours) in zip(Weekday.allCases, week) {
            if let overlap = firstOverlap(hours) { problems.append(.overlappingHours(weekday, overlap.0, overlap.1)) }
        }
        if let overlap = firstOverlap(makeupHours.sorted()) {
            problems.append(.overlappingHours(nil, overlap.0, overlap.1))
        }
        for day in Set(holidays).intersection(makeupWorkdays).sorted() { problems.append(.holidayAndWorkday(day)) }
        return problems
    }

    private static func firstOverlap(_ hours: [OpeningHours]) -> (OpeningHours, OpeningHours)? {
        zip(hours, hours.dropFirst()).first { $0.end > $1.start }
    }
}

/// Why a calendar cannot be.
package enum CalendarProblem: Hashable, Sendable, CustomStringConvertible {
    case unknownTimeZone(String)
    case neverOpens
    /// Nil: the hours of make-up workdays.
    case overlappingHours(Weekday?, OpeningHours, OpeningHours)
    case holidayAndWorkday(CalendarDay)

    package var description: String {
        switch self {
        case .unknownTimeZone(let name):
            "unknown time zone \(name); use a name of the tz database such as Asia/Shanghai"
        case .neverOpens: "the calendar never opens, so no deadline would ever come; give it weekly hours"
        case .overlappingHours(let weekday, let first, let second):
            "hours of \(weekday?.name ?? "make-up workdays") overlap: \(first) and \(second)"
        case .holidayAndWorkday(let day): "\(day) is a holiday and a make-up workday; remove one of the two"
        }
    }
}

package struct CalendarProblems: Error, Hashable, Sendable {
    package let calendar: String
    package let problems: [CalendarProblem]
}

// MARK: - Days and moments

extension BusinessCalendar {
    /// Whether the calendar opens at all on that day.
    package func isWorkday(_ day: CalendarDay) -> Bool { !hours(onDay: day.number).isEmpty }

    package func isOpen(at date: Date) -> Bool {
        let second = Self.seconds(date)
        // The day before too: hours that end at midnight may be stretched over it by a change of the clocks.
        return (localDay(at: second) - 1...localDay(at: second)).contains { day in
            intervals(onDay: day).contains { $0.start <= second && second < $0.end }
        }
    }

    /// The first moment from `date` on when the calendar is open; `date` itself when it is.
    package func opening(from date: Date) -> Date {
        let from = Self.seconds(date)
        if isOpen(at: date) { return date }
        var day = localDay(at: from)
        while true {
            if let next = intervals(onDay: day).first(where: { $0.start >= from }) { return Self.date(next.start) }
            day += 1
        }
    }

    /// `2026-11-23 18:00 (Asia/Shanghai)`.
    package func describe(_ date: Date) -> String {
        let second = Self.seconds(date)
        let local = second + zone.offset(at: second)
        let minute = local.flooredModulo(86_400) / 60
        let day = CalendarDay(number: local.flooredQuotient(86_400))
        return "\(day) \(padded(minute / 60, 2)):\(padded(minute % 60, 2)) (\(timeZone))"
    }

    /// The day on the calendar's clocks.
    package func day(of date: Date) -> CalendarDay { CalendarDay(number: localDay(at: Self.seconds(date))) }

    /// The minute on the calendar's clocks, 0 to 1439.
    package func minuteOfDay(_ date: Date) -> Int {
        let second = Self.seconds(date)
        return (second + zone.offset(at: second)).flooredModulo(86_400) / 60
    }

    struct Interval {
        let start: Int
        let end: Int
    }

    func localDay(at second: Int) -> Int { (second + zone.offset(at: second)).flooredQuotient(86_400) }

    func hours(onDay day: Int) -> [OpeningHours] {
        if makeupNumbers.contains(day) { return makeupHours }
        if holidayNumbers.contains(day) { return [] }
        return week[Weekday(dayNumber: day).rawValue]
    }

    /// Opening hours of a day as moments; without those that the clocks skip.
    func intervals(onDay day: Int) -> [Interval] {
        hours(onDay: day).compactMap { hours in
            let start = zone.moment(ofLocal: day * 86_400 + hours.start * 60, later: false)
            let end = zone.moment(ofLocal: day * 86_400 + hours.end * 60, later: true)
            return start < end ? Interval(start: start, end: end) : nil
        }
    }

    /// Whole seconds since 1970, kept inside the years 1 to 9999: a wild date gives a wild deadline, but gives one.
    static func seconds(_ date: Date) -> Int {
        let seconds = date.timeIntervalSince1970
        guard seconds.isFinite else { return 0 }
        return Int(min(max(seconds, -62_135_596_800), 253_402_300_799).rounded(.down))
    }

    static func date(_ second: Int) -> Date { Date(timeIntervalSince1970: Double(second)) }
}

extension Int {
    func flooredQuotient(_ divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    func flooredModulo(_ divisor: Int) -> Int { self - flooredQuotient(divisor) * divisor }
}
