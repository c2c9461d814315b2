package import Vocabulary

/// A set of numbers as ranges: `1:4,7` (RFC 9051 section 9, sequence-set, without `*`).
package struct UIDSet: Sendable, Hashable, CustomStringConvertible {
    /// Ascending, not touching each other.
    package private(set) var ranges: [ClosedRange<UInt32>]

    package init() { ranges = [] }

    package init(_ uids: some Sequence<UID>) {
        self.init(numbers: uids.map(\.rawValue))
    }

    package init(numbers: [UInt32]) {
        self.init(ranges: numbers.map { $0...$0 })
    }

    private init(ranges unordered: [ClosedRange<UInt32>]) {
        var merged: [ClosedRange<UInt32>] = []
        for range in unordered.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            // Ranges are joined only where no number lies between: a number that nobody named must not come along.
            if let last = merged.last, UInt64(range.lowerBound) <= UInt64(last.upperBound) + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        ranges = merged
    }

    /// Nil for what is not a set, for 0 and for `*`.
    package init?(parsing text: String) {
        var ranges: [ClosedRange<UInt32>] = []
        for item in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let ends = item.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = ends.first.flatMap({ UInt32(String($0) ?? "") }),
                let last = ends.last.flatMap({ UInt32(String($0) ?? "") }), first > 0, last > 0
            else { return nil }
            ranges.append(min(first, last)...max(first, last))  // 4:1 is 1:4
        }
        guard !ranges.isEmpty else { return nil }
        self.init(ranges: ranges)
    }

    /// What is here and not there. Linear in the number of ranges.
    package func subtracting(_ other: UIDSet) -> UIDSet {
        var left: [ClosedRange<UInt32>] = []
        var index = 0
        for range in ranges {
            var start = UInt64(range.lowerBound)
            while index < other.ranges.count && other.ranges[index].upperBound < range.lowerBound { index += 1 }
            var next = index
            while next < other.ranges.count && other.ranges[next].lowerBound <= range.upperBound {
                let hole = other.ranges[next]
                if start < UInt64(hole.lowerBound) { left.append(UInt32(start)...(hole.lowerBound - 1)) }
                start = max(start, UInt64(hole.upperBound) + 1)
                next += 1
            }
            if start <= UInt64(range.upperBound) { left.append(UInt32(start)...range.upperBound) }
            index = max(index, next - 1)
        }
        return UIDSet(ranges: left)
    }

    package func union(_ other: UIDSet) -> UIDSet { UIDSet(ranges: ranges + other.ranges) }

    package func intersection(_ other: UIDSet) -> UIDSet { subtracting(subtracting(other)) }

    /// Ascending. Only for sets that are known to be small.
    package var uids: [UID] { ranges.flatMap { $0.map { UID($0) } } }

    package init(ranges: [ClosedRange<UID>]) {
        self.init(ranges: ranges.map { $0.lowerBound.rawValue...$0.upperBound.rawValue })
    }

    package var isEmpty: Bool { ranges.isEmpty }
    package var count: UInt64 { ranges.reduce(0) { $0 + UInt64($1.upperBound - $1.lowerBound) + 1 } }

    package func contains(_ uid: UID) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < uid.rawValue { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(uid.rawValue)
    }

    package var description: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound):\($0.upperBound)" }.joined(separator: ",")
    }

    /// The set in pieces whose text has at most so many bytes. RFC 7162 section 4 wants servers to take lines of 8,192
    /// octets; older ones were only asked for 1,000 (RFC 2683 section 3.2.1.5).
    package func pieces(maximumLength: Int = 2_000) -> [UIDSet] {
        var pieces: [UIDSet] = []
        var current: [ClosedRange<UInt32>] = []
        var length = 0
        for range in ranges {
            let cost = range.count == 1 ? 11 : 22
            if !current.isEmpty && length + cost > maximumLength {
                pieces.append(UIDSet(ranges: current))
                current = []
                length = 0
            }
            current.append(range)
            length += cost
        }
        if !current.isEmpty { pieces.append(UIDSet(ranges: current)) }
        return pieces
    }
}
