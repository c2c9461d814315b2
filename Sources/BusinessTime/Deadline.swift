package import Vocabulary

package import struct Foundation.Date

extension BusinessCalendar {
    /// The moment when `time` has passed since `start`.
    ///
    /// Linear in the days it crosses. Ends, because a calendar without weekly hours cannot be made and holidays are
    /// finitely many.
    package func deadline(after time: ServiceTime, from start: Date) -> Date {
        switch time {
        case .elapsed(let seconds): Self.date(Self.seconds(start) + max(0, seconds))
        case .working(let seconds): Self.date(moment(afterOpenSeconds: max(0, seconds), from: Self.seconds(start)))
        case .workingDays(let days): Self.date(closing(afterWorkdays: max(0, days), from: Self.seconds(start)))
        }
    }

    private func moment(afterOpenSeconds amount: Int, from start: Int) -> Int {
        guard amount > 0 else { return start }
        var left = amount
        var cursor = start
        // The day before too: its hours may reach past midnight where the clocks change there.
        var day = localDay(at: start) - 1
        while true {
            for open in intervals(onDay: day) where open.end > cursor {
                let begin = max(open.start, cursor)
                if left <= open.end - begin { return begin + left }
                left -= open.end - begin
                cursor = open.end
            }
            day += 1
        }
    }

    /// Closing of the `count`th day that opens after the day of `start`; of that day itself when `count` is 0 and it
    /// has not closed yet.
    private func closing(afterWorkdays count: Int, from start: Int) -> Int {
        var day = localDay(at: start)
        if count == 0, let last = intervals(onDay: day).last, last.end > start { return last.end }
        var left = max(1, count)
        while true {
            day += 1
            guard let last = intervals(onDay: day).last else { continue }
            left -= 1
            if left == 0 { return last.end }
        }
    }

    /// Seconds of opening time between two moments; 0 when `end` is not later.
    package func openSeconds(from start: Date, to end: Date) -> Int {
        var cursor = Self.seconds(start)
        let end = Self.seconds(end)
        guard cursor < end else { return 0 }
        var sum = 0
        for day in (localDay(at: cursor) - 1)...localDay(at: end) {
            for open in intervals(onDay: day) where open.end > cursor && open.start < end {
                let begin = max(open.start, cursor)
                cursor = min(open.end, end)
                sum += max(0, cursor - begin)
            }
        }
        return sum
    }
}
