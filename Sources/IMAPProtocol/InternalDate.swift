package import FoundationEssentials

/// Reads ` 7-Jul-1996 02:44:25 -0700` (RFC 9051 section 9, date-time); nil when it is not one.
package func internalDate(parsing text: [UInt8]) -> Date? {
    var reader = DateReader(bytes: text[...])
    reader.skipSpaces()
    guard let day = reader.number(1...2, until: UInt8(ascii: "-")), let month = reader.month(),
        let year = reader.number(4...4, until: 0x20), let hour = reader.number(2...2, until: UInt8(ascii: ":")),
        let minute = reader.number(2...2, until: UInt8(ascii: ":")), let second = reader.number(2...2, until: 0x20),
        let offset = reader.zone()
    else { return nil }
    guard (1...31).contains(day), year >= 1970, hour < 24, minute < 60, second <= 60 else { return nil }
    let days = daysSince1970(year: year, month: month, day: day)
    return Date(timeIntervalSince1970: Double(days * 86_400 + hour * 3_600 + minute * 60 + second - offset))
}

/// `7-Jul-1996` in UTC (RFC 9051 section 9, date).
func searchDate(_ date: Date) -> String {
    let days = Int((date.timeIntervalSince1970 / 86_400).rounded(.down)) + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(dayOfYear - (153 * shifted + 2) / 5 + 1)-\(names[month - 1])-\(year)"
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar. The year is taken to begin in March, so that the leap day is
/// its last day; 400 years have 146,097 days.
private func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private struct DateReader {
    var bytes: ArraySlice<UInt8>

    mutating func skipSpaces() { bytes = bytes.drop { $0 == 0x20 } }

    mutating func number(_ length: ClosedRange<Int>, until end: UInt8) -> Int? {
        let digits = bytes.prefix { $0 &- 48 < 10 }
        guard length.contains(digits.count), bytes.dropFirst(digits.count).first == end else { return nil }
        bytes = bytes.dropFirst(digits.count + 1)
        return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    mutating func month() -> Int? {
        let name = bytes.prefix(3).map { $0 | 0x20 }
        guard let index = Self.months.firstIndex(of: name), bytes.dropFirst(3).first == UInt8(ascii: "-") else {
            return nil
        }
        bytes = bytes.dropFirst(4)
        return index + 1
    }

    /// Seconds east of UTC.
    mutating func zone() -> Int? {
        guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        let digits = bytes.dropFirst().prefix { $0 &- 48 < 10 }.map { Int($0 - 48) }
        guard digits.count == 4, digits[2] < 6 else { return nil }
        let seconds = (digits[0] * 10 + digits[1]) * 3_600 + (digits[2] * 10 + digits[3]) * 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ].map { Array($0.utf8) }
}
