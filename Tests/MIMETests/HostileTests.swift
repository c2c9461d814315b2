import MIME
import Testing

/// A family of messages that grows with `n`; reading one twice as long may look at twice as many bytes, and no more.
struct HostileCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let size: Int
    let make: @Sendable (Int) -> String

    init(_ sentence: String, size: Int = 2000, _ make: @escaping @Sendable (Int) -> String) {
        (testDescription, self.size, self.make) = (sentence, size, make)
    }
}

private func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

private let hostileCases: [HostileCase] = [
    HostileCase("nested multiparts, never closed") { n in
        (0..<n).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined()
    },
    HostileCase("nested multiparts with one boundary") {
        times("Content-Type: multipart/mixed; boundary=b\n\n--b\n", $0)
    },
    HostileCase("nested messages") { times("Content-Type: message/rfc822\n\n", $0) + "Subject: in\n\ntext" },
    HostileCase("many fields") { times("X-A: b\n", $0) + "\n" },
    HostileCase("one long field") { "Subject: " + times("abcdefgh ", $0) + "\n\n" },
    HostileCase("many folded lines") { "Subject: a\n" + times(" b\n", $0) + "\n" },
    HostileCase("a boundary that never ends") {
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + times("line\n", $0)
    },
    HostileCase("lines that begin like a boundary") {
        "Content-Type: multipart/mixed; boundary=abcdefg\n\n" + times("--abcdefx\n--abcdef\n", $0)
    },
    HostileCase("empty parts") { "Content-Type: multipart/mixed; boundary=b\n\n" + times("--b\n\n", $0) },
    HostileCase("doubled delimiters") { "Content-Type: multipart/mixed; boundary=b\n\n" + times("--b\n", $0) },
    HostileCase("encoded words") { "Subject: " + times("=?utf-8?Q?a?= ", $0) + "\n\n" },
    HostileCase("encoded words that never end") { "Subject: " + times("=?utf-8?Q?a", $0) + "\n\n" },
    HostileCase("encoded words that never end, as names") { "To: " + times("=?utf-8?Q?a,", $0) + "\n\n" },
    HostileCase("addresses") { "To: " + times("a@b.c, ", $0) + "\n\n" },
    HostileCase("addresses without commas") { "To: " + times("a@b.c ", $0) + "\n\n" },
    HostileCase("nested comments") { "To: " + times("(", $0) + " a@b.c\n\n" },
    HostileCase("opening quotes and brackets") { "To: a" + times("\"<", $0) + "\n\n" },
    HostileCase("colons") { "To: a@b " + times(": ", $0) + "\n\n" },
    HostileCase("parameters") { "Content-Type: text/plain" + times("; a=b", $0) + "\n\n" },
    HostileCase("pieces of RFC 2231") { n in
        "Content-Type: text/plain" + (0..<n).map { "; name*\($0)*=a" }.joined() + "\n\n"
    },
    HostileCase("white space in a parameter") { "Content-Type: text/plain; name=a" + times(" ", $0) + "b\n\n" },
    HostileCase("identifiers") { "References: " + times("<a@b> ", $0) + "\n\n" },
    HostileCase("opening identifiers") { "References: " + times("<", $0) + "\n\n" },
    HostileCase("a date without end") { "Date: " + times("(1 Jan", $0) + "\n\n" },
]

@Test("twice the input is at most twice the work", arguments: hostileCases)
func worksInLinearTime(_ row: HostileCase) {
    let once = Array(row.make(row.size).utf8)
    let twice = Array(row.make(row.size * 2).utf8)
    let small = Message(parsing: once)
    let big = Message(parsing: twice)
    #expect(Double(big.work) <= 2.2 * Double(max(small.work, once.count)))
    #expect(small.work <= 8 * once.count + 1000, "work per byte is bounded")
    #expect(big.defects.count <= Limits.standard.defects + 1)
}

@Test("hostile input of a megabyte is read to its end", arguments: hostileCases)
func readsBigHostileInput(_ row: HostileCase) {
    let one = row.make(1000).utf8.count
    let message = Message(parsing: Array(row.make(1000 * max(1, (1 << 20) / one)).utf8))
    #expect(!message.parts.isEmpty)
    #expect(message.parts.count <= Limits.standard.parts)
}

@Test func limitsKeepTheRestRawAndSaySo() {
    let limits = Limits(
        nesting: 2, parts: 3, fields: 4, fieldBytes: 20, encodedWords: 1, addresses: 2, messageIDs: 1, parameters: 1,
        defects: 20)
    let text = """
        Subject: =?utf-8?Q?a?= =?utf-8?Q?b?=
        To: a@b.c,d@e.f,g@h.i
        References: <1@a><2@a>
        Content-Type: multipart/mixed; boundary=x; a=b
        X-Over: the limit

        --x
        Content-Type: multipart/mixed; boundary=y

        --y
        Content-Type: multipart/mixed; boundary=z

        --z

        deep
        --x

        one too many
        --x--
        """
    let kinds = Set(Message(parsing: Array(text.utf8), limits: limits).defects.map(\.kind))
    for kind: Defect.Kind in [.fieldLimit, .fieldBytesLimit, .messageIDLimit] { #expect(kinds.contains(kind)) }
    var wide = limits
    wide.fieldBytes = 1000
    let message = Message(parsing: Array(text.utf8), limits: wide)
    let found = Set(message.defects.map(\.kind))
    for kind: Defect.Kind in [.encodedWordLimit, .addressLimit, .parameterLimit, .partLimit, .nestingLimit] {
        #expect(found.contains(kind), "\(kind)")
    }
    #expect(message.to.count == 2)
    #expect(message.parts.count == 3)
    #expect(message.subject == "a=?utf-8?Q?b?=" || message.subject == "a =?utf-8?Q?b?=")
}

@Test func theNumberOfDefectsIsBounded() {
    let fields = times("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: odd\nSubject\n", 1)
    let text = fields + times("--b\nContent-Type: odd\nContent-Transfer-Encoding: odd\n\n\n", 3000)
    let message = Message(parsing: Array(text.utf8), limits: Limits(defects: 50))
    #expect(message.defects.count == 51)
    #expect(message.defects.last?.kind == .defectLimit)
}
