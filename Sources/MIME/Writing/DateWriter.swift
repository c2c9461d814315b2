import struct Foundation.Date

// The body of a Date field (RFC 5322 section 3.3), always in UTC.

/// `Tue, 11 Jun 2024 01:35:30 +0000`. A moment outside the years 1900 to 9999, which the field cannot say, becomes the
/// nearest one that it can.
func dateFieldText(_ date: Date) -> String {
    let seconds = date.timeIntervalSince1970
    // Also for what is not a number the comparison is false.
    let known = seconds > earliest ? Swift.min(seconds, latest) : earliest
    return dateFieldText(Int64(known.rounded(.down)))
}

/// 1 January 1900 and the end of 9999.
private let earliest = -2_208_988_800.0
private let latest = 253_402_300_799.0

private let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
private let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

private func dateFieldText(_ seconds: Int64) -> String {
    let days = Int((Double(seconds) / 86400).rounded(.down))
    let time = Int(seconds) - days * 86400
    let (year, month, day) = civilDate(daysSince1970: days)
    let weekday = weekdays[((days % 7) + 7) % 7]
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let clock = "\(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))"
    return "\(weekday), \(two(day)) \(months[month - 1]) \(year) \(clock) +0000"
}

/// Year, month and day of the Gregorian calendar, counted from 1 March so that the leap day is a year's last.
func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}
