import Testing

@testable import SMTPProtocol

@Suite struct TransparencyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let expected: String

        init(_ name: String, _ text: String, gives expected: String) {
            (testDescription, self.text, self.expected) = (name, text, expected)
        }
    }

    @Test(
        "a mail cannot end itself",
        arguments: [
            Case("text without dots stays", "a\r\nb\r\n", gives: "a\r\nb\r\n"),
            Case("a dot within a line stays", "a.b\r\nc.\r\n", gives: "a.b\r\nc.\r\n"),
            Case("a lone dot gets another (RFC 5321 §4.5.2)", "a\r\n.\r\nb\r\n", gives: "a\r\n..\r\nb\r\n"),
            Case("a dot at the beginning of all", ".a\r\n", gives: "..a\r\n"),
            Case("two dots become three", "..\r\n", gives: "...\r\n"),
            Case("the last line gets its end", "a", gives: "a\r\n"),
            Case("a last line that is a dot", "a\r\n.", gives: "a\r\n..\r\n"),
            Case(
                "LF dot LF is no end (smuggling)", "a\n.\nMAIL FROM:<x@example.com>\n",
                gives: "a\r\n..\r\nMAIL FROM:<x@example.com>\r\n"),
            Case("CR dot CR is no end", "a\r.\rb", gives: "a\r\n..\r\nb\r\n"),
            Case("LF dot CRLF is no end", "a\n.\r\nb\r\n", gives: "a\r\n..\r\nb\r\n"),
            Case("CR CR LF", "a\r\r\n.\r\n", gives: "a\r\n\r\n..\r\n"),
            Case("a CR at the very end", "a\r", gives: "a\r\n"),
            Case("nothing", "", gives: ""),
        ])
    func transparency(_ row: Case) {
        let sent = transparent(Array(row.text.utf8))
        #expect(String(decoding: sent, as: UTF8.self) == row.expected)
    }

    @Test("whatever the octets, nothing in front of the end looks like one, to any server")
    func noEndInside() {
        var generator = Generator(state: 7)
        let alphabet: [UInt8] = [13, 10, 46, 97]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<4, using: &generator)]
            }
            let sent = transparent(bytes)
            let lines = sent.split(separator: 10, omittingEmptySubsequences: false).dropLast()
            #expect(lines.allSatisfy { $0.last == 13 && !$0.dropLast().contains(13) && $0 != [46, 13] }, "\(bytes)")
            #expect(sent.isEmpty || sent.suffix(2) == [13, 10])
        }
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 33)
        }
    }
}
