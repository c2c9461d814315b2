/// An amount of time that somebody has for something.
package enum ServiceTime: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Real time, nights and holidays included.
    case elapsed(seconds: Int)
    /// Time during which the calendar is open.
    case working(seconds: Int)
    /// Days on which the calendar opens, not counting the day of the start; ends when the last of them closes.
    case workingDays(Int)

    /// `24 h`, `90 min of opening time`, `3 working days`.
    package var description: String {
        switch self {
        case .elapsed(let seconds): Self.words(seconds)
        case .working(let seconds): "\(Self.words(seconds)) of opening time"
        case .workingDays(1): "1 working day"
        case .workingDays(let days): "\(days) working days"
        }
    }

    private static func words(_ seconds: Int) -> String {
        if seconds % 3600 == 0 { return "\(seconds / 3600) h" }
        return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
    }
}
