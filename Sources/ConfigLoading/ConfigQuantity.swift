import Rules
import Vocabulary

/// Durations and sizes as admins write them (`Quantity`).
extension ConfigValue {
    /// Seconds, within the range.
    func seconds(_ range: ClosedRange<Int>) -> Int? {
        guard let text = text("a duration such as 60s") else { return nil }
        guard let seconds = Quantity.seconds(text) else {
            report("\(text) is no duration; \(Quantity.durationWords)")
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
        guard let time = Quantity.serviceTime(text) else {
            report("\(text) is no time for a deadline; \(Quantity.serviceWords)")
            return nil
        }
        return time
    }

    func bytes(_ range: ClosedRange<Int>) -> Int? {
        guard let text = text("a size such as 50MB") else { return nil }
        guard let bytes = Quantity.bytes(text), range.contains(bytes) else {
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
