import BusinessTime

/// Durations and sizes as admins write them.
///
///     90s  15m  24h  7d        real time; 1h30m too
///     4wh  30wm                opening time of the calendar
///     3wd                      working days
enum ConfigDuration {
    static let words = "write a duration such as 90s, 15m, 24h or 7d"
    static let serviceWords = "write a duration such as 24h, 90m, 8wh (opening hours) or 3wd (working days)"

    /// Seconds of a real-time duration; nil when it is none. A number without a unit is refused: nobody knows its unit.
    static func seconds(_ text: String) -> Int? {
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

    static func serviceTime(_ text: String) -> ServiceTime? {
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

    /// Bytes of `50MB`, `8 MiB`, `512kB`; powers of 1024, as admins of mail servers mean them.
    static func bytes(_ text: String) -> Int? {
        guard let parts = parts(text.lowercased()), parts.count == 1, let (amount, unit) = parts.first else {
            return nil
        }
        let factors = [
            "b": 0, "k": 10, "kb": 10, "kib": 10, "m": 20, "mb": 20, "mib": 20, "g": 30, "gb": 30, "gib": 30,
        ]
        guard let shift = factors[unit], amount <= 1 << 20 else { return nil }
        return amount << shift
    }
}

extension ConfigValue {
    /// Seconds, within the range.
    func seconds(_ range: ClosedRange<Int>) -> Int? {
        guard let text = text("a duration such as 60s") else { return nil }
        guard let seconds = ConfigDuration.seconds(text) else {
            report("\(text) is no duration; \(ConfigDuration.words)")
            return nil
        }
        guard range.contains(seconds) else {
            report(
                "\(text) is out of range; write something from \(Self.short(range.lowerBound)) to "
                    + Self.short(range.upperBound))
            return nil
        }
        return seconds
    }

    func serviceTime() -> ServiceTime? {
        guard let text = text("a duration such as 24h or 3wd") else { return nil }
        guard let time = ConfigDuration.serviceTime(text) else {
            report("\(text) is no time for a deadline; \(ConfigDuration.serviceWords)")
            return nil
        }
        return time
    }

    func bytes(_ range: ClosedRange<Int>) -> Int? {
        guard let text = text("a size such as 50MB") else { return nil }
        guard let bytes = ConfigDuration.bytes(text), range.contains(bytes) else {
            report(
                "\(text) is no usable size; write something from \(range.lowerBound >> 10)kB to \(range.upperBound >> 20)MB"
            )
            return nil
        }
        return bytes
    }

    private static func short(_ seconds: Int) -> String {
        if seconds >= 86_400, seconds % 86_400 == 0 { return "\(seconds / 86_400)d" }
        if seconds >= 3600, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        return seconds >= 60 && seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds)s"
    }
}
