import Foundation

/// The offsets of a time zone from UTC, as a table: Foundation's own lookup takes microseconds, and a deadline needs
/// several for each day that it crosses.
struct ZoneOffsets: Hashable, Sendable {
    let name: String
    /// When an offset begins, in seconds since 1970; ascending.
    private let starts: [Int]
    /// The offset from `starts` of the same index on, in seconds east of UTC.
    private let offsets: [Int]

    /// The table is exact between these years; before and after the nearest offset of the table holds. Nobody's
    /// deadlines lie there, and no government has said yet what its clocks will do.
    private static let years = 1990...2060

    /// Nil when the tz database has no such zone.
    init?(name: String) {
        guard let zone = TimeZone(identifier: name),
            let first = CalendarDay(year: Self.years.lowerBound, month: 1, day: 1),
            let last = CalendarDay(year: Self.years.upperBound, month: 12, day: 31)
        else { return nil }
        func offset(_ second: Int) -> Int {
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(second)))
        }
        var starts = [Int.min]
        var offsets = [offset(first.number * 86_400)]
        let week = 7 * 86_400
        for second in stride(from: first.number * 86_400, to: last.number * 86_400, by: week) {
            // No zone changes its clocks twice within a week.
            let next = offset(second + week)
            guard next != offsets[offsets.count - 1] else { continue }
            var (before, after) = (second, second + week)
            while after - before > 1 {
                let middle = before + (after - before) / 2
                if offset(middle) == next { after = middle } else { before = middle }
            }
            starts.append(after)
            offsets.append(next)
        }
        self.name = name
        self.starts = starts
        self.offsets = offsets
    }

    /// Seconds east of UTC at a moment.
    func offset(at second: Int) -> Int { offsets[index(at: second)] }

    private func index(at second: Int) -> Int {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= second { low = middle } else { high = middle }
        }
        return low
    }

    /// The moment when clocks show `local` (seconds since 1970-01-01 00:00 of the clock's own reckoning).
    ///
    /// A time that is skipped when clocks go forward gives the moment of the change. A time that comes twice when they
    /// go back gives the earlier or the later moment, as asked: opening hours then last from the first to the second.
    func moment(ofLocal local: Int, later: Bool) -> Int {
        // Offsets lie within 15 hours of UTC, so only the offsets around there can be in force.
        let lowest = index(at: local - 15 * 3600)
        let highest = index(at: local + 15 * 3600)
        var found: Int?
        for candidate in lowest...highest {
            let moment = local - offsets[candidate]
            let begins = starts[candidate]
            let ends = candidate + 1 < starts.count ? starts[candidate + 1] : Int.max
            if moment >= begins, moment < ends {
                if !later { return moment }
                found = moment
            }
        }
        if let found { return found }
        // Skipped: the change after which clocks show more than `local`.
        for candidate in lowest...highest where candidate > 0 && starts[candidate] + offsets[candidate] > local {
            return starts[candidate]
        }
        return local - offsets[highest]
    }
}
