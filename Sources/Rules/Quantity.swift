package import Vocabulary

/// Numbers with units, as admins write them. A number without a unit is refused where one is needed: nobody knows which
/// was meant.
///
///     90s  15m  24h  7d  1h30m   real time
///     4wh  30wm  3wd             opening time of the calendar, working days
///     50MB  8 MiB  512kB         sizes; powers of 1024, as admins of mail servers mean them
///     18:00                      time of day
///     2026-11-11                 day
package enum Quantity {
    package static let durationWords = "write a duration such as 90s, 15m, 24h or 7d"
    package static let serviceWords = "write a duration such as 24h, 90m, 8wh (opening hours) or 3wd (working days)"

    /// Seconds of a real-time duration; nil when it is none.
    package static func seconds(_ text: String) -> Int? {
        guard let parts = parts(text), !parts.isEmpty else { return nil }
        var sum = 0
        for (amount, unit) in parts {
            guard let factor = ["s": 1, "m": 60, "h": 3600, "d": 86_400][unit] else { return nil }
            let (product, overflow) = amount.multipliedReportingOverflow(by: factor)
            guard !overflow, product <= longest else { return nil }
            sum += product
        }
        return sum <= longest ? sum : nil
    }

    package static func serviceTime(_ text: String) -> ServiceTime? {
        if let seconds = seconds(text) { return .elapsed(seconds: seconds) }
        guard let parts = parts(text), parts.count == 1, let (amount, unit) = parts.first, amount <= 100_000 else {
            return nil
        }
        return switch unit {
        case "wd" where amount <= 1000: .workingDays(amount)
        case "wh" where amount <= 10_000: .working(seconds: amount * 3600)
        case "wm": .working(seconds: amount * 60)
        default: nil
        }
    }

    package static func bytes(_ text: String) -> Int? {
        guard let parts = parts(text.lowercased()), parts.count == 1, let (amount, unit) = parts.first else {
            return nil
        }
        let factors = [
            "b": 0, "k": 10, "kb": 10, "kib": 10, "m": 20, "mb": 20, "mib": 20, "g": 30, "gb": 30, "gib": 30,
        ]
        guard let shift = factors[unit], amount <= 1 << 20 else { return nil }
        return amount << shift
    }

    /// Minutes since midnight of `18:00`; 24:00 is the end of the day.
    static func minuteOfDay(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            let hour = digits(parts[0]), let minute = digits(parts[1]), minute < 60, hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }

    /// `2026-11-11` as 20261111.
    static func day(_ text: String) -> Int? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.count) == [4, 2, 2], let year = digits(parts[0]),
            let month = digits(parts[1]), let day = digits(parts[2]), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        return year * 10_000 + month * 100 + day
    }

    /// `5`, `-1.5`.
    static func number(_ text: String) -> Double? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 &- 48 < 10 || $0 == 0x2E || $0 == 0x2D || $0 == 0x2B }),
            let number = Double(text), number.isFinite
        else { return nil }
        return number
    }

    private static func digits(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { $0 &- 48 < 10 } ? Int(text) : nil
    }

    /// Ten years; a longer deadline is a slip of the pen.
    private static let longest = 3660 * 86_400

    /// `1h30m` as [(1, "h"), (30, "m")]; nil when anything else stands there.
    private static func parts(_ text: String) -> [(Int, String)]? {
        var parts: [(Int, String)] = []
        var digits = ""
        var unit = ""
        for byte in text.utf8 where byte != 0x20 {
            if byte &- 48 < 10 {
                if !unit.isEmpty {
                    guard let amount = Int(digits) else { return nil }
                    parts.append((amount, unit))
                    (digits, unit) = ("", "")
                }
                digits.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                unit.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        guard let amount = Int(digits), !unit.isEmpty else { return nil }
        return parts + [(amount, unit)]
    }
}
