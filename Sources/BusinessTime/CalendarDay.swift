/// A day of the Gregorian calendar, without a time and without a zone.
package struct CalendarDay: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Nil when there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.length(ofMonth: month, year: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Reads `2026-10-01` (RFC 3339 full-date).
    package init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.count) == [4, 2, 2],
            parts.allSatisfy({ $0.allSatisfy { $0 &- 48 < 10 } })
        else { return nil }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 &- 48) } }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2])
    }

    /// The day that lies `number` days after 1970-01-01. Howard Hinnant, "chrono-compatible low-level date algorithms",
    /// civil_from_days; good for every year that `init?` accepts.
    init(number: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01 (days_from_civil of the same source).
    var number: Int {
        let year = month <= 2 ? self.year - 1 : self.year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// All days from one to another; nil when they are the wrong way round or more than `limit`.
    package static func days(from first: Self, through last: Self, atMost limit: Int) -> [Self]? {
        let (from, to) = (first.number, last.number)
        guard from <= to, to - from < limit else { return nil }
        return (from...to).map(Self.init(number:))
    }

    package var weekday: Weekday { Weekday(dayNumber: number) }

    package var description: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        default: 31
        }
    }
}

func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

package enum Weekday: Int, Hashable, Sendable, CaseIterable, Comparable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    /// 1970-01-01 was a Thursday.
    init(dayNumber: Int) {
        let index = (dayNumber + 3) % 7
        self = Self.allCases[index < 0 ? index + 7 : index]
    }

    /// Reads `mon`, `Monday`.
    package init?(_ text: String) {
        let text = text.lowercased()
        guard text.count >= 3, let found = Self.allCases.first(where: { $0.name == text || $0.shortName == text })
        else {
            return nil
        }
        self = found
    }

    package var name: String { "\(self)" }
    /// `mon`
    package var shortName: String { String(name.prefix(3)) }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// From one time of day to a later one, `09:00-12:00`; the end may be 24:00. The end itself is closed.
package struct OpeningHours: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Minutes since midnight.
    package let start: Int
    package let end: Int

    package static let wholeDay = OpeningHours(uncheckedStart: 0, end: 24 * 60)

    private init(uncheckedStart start: Int, end: Int) {
        self.start = start
        self.end = end
    }

    /// Nil unless 0 <= start < end <= 24:00.
    package init?(start: Int, end: Int) {
        guard start >= 0, start < end, end <= 24 * 60 else { return nil }
        self.start = start
        self.end = end
    }

    /// Reads `09:00-12:00`, also with an en dash.
    package init?(_ text: String) {
        let parts = text.split(whereSeparator: { $0 == "-" || $0 == "–" })
        guard parts.count == 2, let start = minutes(ofTime: parts[0]), let end = minutes(ofTime: parts[1]) else {
            return nil
        }
        self.init(start: start, end: end)
    }

    package var description: String {
        func time(_ minutes: Int) -> String { "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))" }
        return "\(time(start))-\(time(end))"
    }

    package static func < (left: Self, right: Self) -> Bool { (left.start, left.end) < (right.start, right.end) }
}

/// Minutes since midnight of `9:00`, `09:00` or `24:00`; nil when it is no time of day.
package func minutes(ofTime text: some StringProtocol) -> Int? {
    let bytes = text.utf8.filter { $0 != 0x20 }
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
        parts.allSatisfy({ $0.allSatisfy { $0 &- 48 < 10 } })
    else { return nil }
    let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 &- 48) } }
    guard numbers[1] < 60, numbers[0] * 60 + numbers[1] <= 24 * 60 else { return nil }
    return numbers[0] * 60 + numbers[1]
}
