import Testing
import Vocabulary

@testable import IMAPProtocol

/// Sets of UIDs as ranges, held against plain sets of numbers.
@Suite struct UIDSetTests {
    private static func numbers(_ set: UIDSet) -> Set<UInt32> { Set(set.ranges.flatMap { Array($0) }) }

    @Test("difference, union and intersection are those of sets", arguments: 0..<200)
    func arithmetic(seed: Int) {
        var state = UInt64(seed)
        func next(below limit: UInt32) -> UInt32 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt32(state >> 33) % limit
        }
        func some() -> Set<UInt32> { Set((0..<next(below: 40)).map { _ in next(below: 50) + 1 }) }
        let (left, right) = (some(), some())
        let (one, other) = (UIDSet(numbers: Array(left)), UIDSet(numbers: Array(right)))
        #expect(Self.numbers(one.subtracting(other)) == left.subtracting(right))
        #expect(Self.numbers(one.union(other)) == left.union(right))
        #expect(Self.numbers(one.intersection(other)) == left.intersection(right))
        #expect(one.uids.map(\.rawValue) == left.sorted())
    }

    @Test("the last UIDs there can be are no trouble")
    func highest() {
        let all = UIDSet(ranges: [UID(1)...UID(.max)])
        let last = UIDSet(ranges: [UID(.max)...UID(.max)])
        #expect(all.subtracting(last).ranges == [1...(.max - 1)])
        #expect(last.subtracting(all).isEmpty)
        #expect(all.intersection(last) == last)
    }
}
