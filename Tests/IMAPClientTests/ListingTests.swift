import Foundation
import IMAPClient
import TestSupport
import Testing
import Vocabulary

struct ListingTests {
    private let items = "(UID FLAGS INTERNALDATE RFC822.SIZE)"

    @Test("everything above a UID, in order, with what a plan needs")
    func lists() async throws {
        try await Scripted.run(
            """
            C: TAG UID FETCH 5:* \(items)
            S: * 3 FETCH (UID 9 FLAGS (\\Seen) INTERNALDATE "21-Nov-2026 09:00:00 +0800" RFC822.SIZE 300)
            S: * 5 EXISTS
            S: * 2 FETCH (UID 7 FLAGS () INTERNALDATE "21-Nov-2026 08:00:00 +0800" RFC822.SIZE 200)
            S: TAG OK done
            """
        ) { session, _ in
            let listing = try await session.messages(above: UID(4))
            #expect(listing.messages.map(\.uid) == uids(7, 9))
            #expect(listing.messages.map(\.size) == [200, 300])
            #expect(listing.messages.map(\.isSeen) == [false, true])
            #expect(listing.messages[1].internalDate == Date(timeIntervalSince1970: 1_795_222_800))
            #expect(listing.through == UID(9))
            #expect(listing.isComplete)
        }
    }

    @Test("n:* gives the last message again, which is not new")
    func lastAgain() async throws {
        try await Scripted.run(
            """
            C: TAG UID FETCH 10:* \(items)
            S: * 3 FETCH (UID 9 FLAGS () RFC822.SIZE 300)
            S: TAG OK done
            """
        ) { session, _ in
            let listing = try await session.messages(above: UID(9))
            #expect(listing.messages.isEmpty)
            #expect(listing.through == UID(9))
            #expect(listing.isComplete)
        }
    }

    @Test("a backlog is walked in windows of UIDs, and the last window is open")
    func windows() async throws {
        let select = """
            S: * 3 EXISTS
            S: * OK [UIDVALIDITY 7] valid
            S: * OK [UIDNEXT 1000] next
            S: TAG OK done
            """
        let first = (1...100).map { "S: * \($0) FETCH (UID \($0) FLAGS () RFC822.SIZE 1)" }.joined(separator: "\n")
        try await Scripted.run(
            """
            C: TAG UID FETCH 1:100 \(items)
            \(first)
            S: TAG OK done
            C: TAG UID FETCH 101:200 \(items)
            S: TAG OK done
            C: TAG UID FETCH 201:400 \(items)
            S: TAG OK done
            C: TAG UID FETCH 401:800 \(items)
            S: * 101 FETCH (UID 801 FLAGS () RFC822.SIZE 1)
            S: TAG OK done
            C: TAG UID FETCH 801:* \(items)
            S: * 101 FETCH (UID 801 FLAGS () RFC822.SIZE 1)
            S: * 102 FETCH (UID 1003 FLAGS () RFC822.SIZE 1)
            S: TAG OK done
            """, select: select
        ) { session, _ in
            let listing = try await session.messages(above: UID(0), limit: 100)
            #expect(listing.messages.count == 100)
            #expect(listing.through == UID(100))
            #expect(!listing.isComplete)
            let rest = try await session.messages(above: listing.through, limit: 100)
            #expect(rest.messages.map(\.uid) == uids(801, 1003))
            #expect(rest.through == UID(1003))
            #expect(rest.isComplete)
        }
    }

    @Test(
        "a message that cannot be described is listed all the same",
        arguments: [
            "S: * 2 FETCH (UID 7 RFC822.SIZE many)\nS: TAG OK done", "S: * 2 FETCH (FLAGS ((\nS: TAG OK done",
            "S: TAG NO cannot read message 2", "S: TAG BAD internal error",
        ])
    func undescribable(answer: String) async throws {
        try await Scripted.run(
            """
            C: TAG UID FETCH 5:* \(items)
            S: * 3 FETCH (UID 9 FLAGS () RFC822.SIZE 300)
            \(answer)
            C: TAG UID SEARCH UID 5:*
            S: * SEARCH 7 9 4
            S: TAG OK done
            """
        ) { session, _ in
            let listing = try await session.messages(above: UID(4))
            #expect(listing.messages.map(\.uid) == uids(7, 9))
        }
    }

    @Test("batches by count and by size; what is too large stands apart")
    func plans() {
        func plan(_ sizes: [Int], messages: Int = 200, bytes: Int = 100, maximum: Int = .max) -> FetchPlan {
            let listed = sizes.enumerated().map {
                ListedMessage(uid: UID(UInt32($0.offset + 1)), size: $0.element, internalDate: nil, flags: [])
            }
            return FetchPlan(
                listed.shuffled(), limits: FetchLimits(messages: messages, bytes: bytes), maxMessageSize: maximum)
        }
        #expect(plan([]).batches.isEmpty)
        #expect(plan([60, 40, 1]).batches.map { $0.uids.map(\.rawValue) } == [[1, 2], [3]])
        #expect(plan([60, 41]).batches.map(\.announcedBytes) == [60, 41])
        #expect(plan([500, 1, 1]).batches.map { $0.uids.map(\.rawValue) } == [[1], [2, 3]])
        #expect(plan([1, 1, 1, 1, 1], messages: 2).batches.map(\.uids.count) == [2, 2, 1])
        let oversized = plan([1, 51, 2], maximum: 50)
        #expect(oversized.oversized.map(\.uid) == uids(2))
        #expect(oversized.batches.map { $0.uids.map(\.rawValue) } == [[1, 3]])
    }
}
