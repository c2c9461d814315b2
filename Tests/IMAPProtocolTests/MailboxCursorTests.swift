import IMAPProtocol
import Testing
import Vocabulary

struct MailboxCursorTests {
    enum Step: Sendable {
        case list([UInt32], through: UInt32)
        case settle([UInt32])
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let start: UInt32
        let steps: [Step]
        let settledThrough: UInt32
        let open: [UInt32]

        init(_ name: String, from start: UInt32 = 0, _ steps: Step..., gives settled: UInt32, open: [UInt32] = []) {
            testDescription = name
            self.start = start
            self.steps = steps
            settledThrough = settled
            self.open = open
        }
    }

    @Test(
        "the cursor stands below the first thing that is not dealt with",
        arguments: [
            Row("nothing is known", gives: 0),
            Row("an empty mailbox", .list([], through: 0), gives: 0),
            Row("everything is settled", .list([1, 2, 3], through: 3), .settle([1, 2, 3]), gives: 3),
            Row("the first is open", .list([1, 2, 3], through: 3), .settle([2, 3]), gives: 0, open: [1]),
            Row("a gap is no hindrance", .list([5, 9], through: 9), .settle([5]), gives: 8, open: [9]),
            Row("absent UIDs at the beginning are passed at once", .list([7], through: 7), gives: 6, open: [7]),
            Row("what was listed as absent is settled", .list([], through: 40), gives: 40),
            Row(
                "batches may finish in any order", .list([1, 2, 3, 4], through: 4), .settle([3, 4]), .settle([1]),
                gives: 1, open: [2]),
            Row(
                "and then the rest is passed", .list([1, 2, 3, 4], through: 4), .settle([3, 4]), .settle([2, 1]),
                gives: 4),
            Row(
                "a new listing behind an open one", .list([1, 2], through: 2), .list([5], through: 5), .settle([2, 5]),
                gives: 0, open: [1]),
            Row("n:* gives the last message again", from: 10, .list([10], through: 10), gives: 10),
            Row("what lies above the listing does not count", .list([1, 9], through: 5), .settle([1]), gives: 5),
            Row(
                "settling twice or what nobody listed", .list([1], through: 1), .settle([1, 1, 77]), .settle([1]),
                gives: 1),
            Row("the highest UID there is", .list([.max], through: .max), .settle([.max]), gives: .max),
        ])
    func cursor(_ row: Row) {
        var cursor = MailboxCursor(settledThrough: UID(row.start))
        for step in row.steps {
            switch step {
            case .list(let uids, let through): cursor.list(uids.map { UID($0) }, through: UID(through))
            case .settle(let uids): cursor.settle(uids.map { UID($0) })
            }
        }
        #expect(cursor.settledThrough == UID(row.settledThrough))
        #expect(cursor.openUIDs == row.open.map { UID($0) })
        #expect(cursor.isUpToDate == row.open.isEmpty)
    }

    @Test("100,000 messages settled backwards take no quadratic time")
    func manyMessages() {
        var cursor = MailboxCursor()
        let uids = (1...100_000).map { UID(UInt32($0)) }
        cursor.list(uids, through: UID(100_000))
        for uid in uids.reversed() { cursor.settle(CollectionOfOne(uid)) }
        #expect(cursor.settledThrough == UID(100_000))
    }
}
