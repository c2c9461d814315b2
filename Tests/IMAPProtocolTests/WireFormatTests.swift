import FoundationEssentials
import IMAPProtocol
import Testing
import Vocabulary

struct WireFormatTests {
    @Test(
        "mailbox names in modified UTF-7 (RFC 3501 section 5.1.3)",
        arguments: [
            ("INBOX", "INBOX"), ("Handled/投诉", "Handled/&YpWLyQ-"), ("&", "&-"), ("a&b", "a&-b"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"), ("😀", "&2D3eAA-"), ("tab\t", "tab&AAk-"),
            ("", ""),
            ("é", "&AOk-"),
        ])
    func mailboxNames(name: String, wire: String) {
        #expect(ModifiedUTF7.encode(name) == wire)
        #expect(ModifiedUTF7.decode(wire) == name)
    }

    @Test(
        "a name that is not modified UTF-7 stays as it is", arguments: ["a&b", "&!-", "投诉", "&2D0-", "&AGE", "&AOl-"])
    func wrongNames(wire: String) { #expect(ModifiedUTF7.decode(wire) == wire) }

    @Test(
        "INTERNALDATE",
        arguments: [
            ("17-Jul-1996 02:44:25 -0700", 837_596_665), (" 1-Jan-1970 00:00:00 +0000", 0),
            ("01-Jan-1970 00:00:00 +0000", 0),
            ("29-Feb-2024 23:59:60 +0800", 1_709_222_400), ("31-dec-1999 23:59:59 +0000", 946_684_799),
            (" 1-Mar-2000 00:00:00 +0530", 951_849_000), ("21-Nov-2026 09:00:00 +0800", 1_795_222_800),
        ] as [(String, Double)])
    func internalDates(text: String, seconds: Double) {
        #expect(internalDate(parsing: Array(text.utf8))?.timeIntervalSince1970 == seconds, "\(text)")
    }

    @Test(
        "what is no INTERNALDATE",
        arguments: [
            "", "now", "17-Jul-1996", "32-Jul-1996 00:00:00 +0000", "17-Xyz-1996 02:44:25 -0700",
            "17-Jul-96 02:44:25 -0700",
            "17-Jul-1996 24:00:00 +0000", "17-Jul-1996 02:44:25", "17-Jul-1996 02:44:25 UTC",
            "17-Jul-1996 02:44:25 +00",
        ])
    func wrongDates(text: String) { #expect(internalDate(parsing: Array(text.utf8)) == nil) }

    @Test(
        "UID sets are as short as can be and name nobody else",
        arguments: [
            ([1, 2, 3], "1:3"), ([3, 1, 2, 2], "1:3"), ([1, 3], "1,3"), ([7], "7"), ([1, 2, 4, 5, 9], "1:2,4:5,9"),
            ([UInt32.max, UInt32.max - 1], "4294967294:4294967295"), ([], ""),
        ] as [([UInt32], String)])
    func sets(numbers: [UInt32], text: String) {
        let set = UIDSet(numbers.map { UID($0) })
        #expect(set.description == text)
        #expect(set.count == UInt64(Set(numbers).count))
        for number in numbers { #expect(set.contains(UID(number))) }
        #expect(!set.contains(UID(6)))
    }

    @Test("what is no UID set", arguments: ["", "*", "1:*", "0", "1,", "a", "1:2:3", "-1", "4294967296"])
    func wrongSets(text: String) { #expect(UIDSet(parsing: text) == nil) }

    @Test("a reversed range is the same range")
    func reversed() { #expect(UIDSet(parsing: "4:1")?.description == "1:4") }

    @Test("long sets are sent in pieces that hold everything")
    func pieces() {
        let uids = (1...2_000).map { UID(UInt32($0 * 3)) }
        let pieces = UIDSet(uids).pieces(maximumLength: 500)
        #expect(pieces.count > 10)
        #expect(pieces.allSatisfy { $0.description.utf8.count <= 500 })
        #expect(pieces.reduce(0) { $0 + $1.count } == 2_000)
    }
}
