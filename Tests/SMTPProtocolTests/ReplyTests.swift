import TestSupport
import Testing

@testable import SMTPProtocol

@Suite struct ReplyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let octets: String
        let expected: String

        init(_ name: String, _ octets: String, gives expected: String) {
            (testDescription, self.octets, self.expected) = (name, octets, expected)
        }
    }

    @Test(
        "replies are read as servers write them, however they are cut",
        arguments: [
            Case("one line", "250 Ok\r\n", gives: "250||Ok"),
            Case("an enhanced status", "550 5.1.1 no such user\r\n", gives: "550|5.1.1|no such user"),
            Case("an enhanced status alone", "250 2.0.0\r\n", gives: "250|2.0.0|"),
            Case("a status that contradicts the code is dropped", "450 5.1.1 hm\r\n", gives: "450||hm"),
            Case("what looks like a status and is none", "250 2.0 Ok\r\n", gives: "250||2.0 Ok"),
            Case("a version number is no status", "250 2.0.0x ready\r\n", gives: "250||2.0.0x ready"),
            Case(
                "several lines", "250-relay.example\r\n250-PIPELINING\r\n250 SIZE 1000\r\n",
                gives: "250||relay.example/PIPELINING/SIZE 1000"),
            Case("the last code counts when they differ", "250-one\r\n550 two\r\n", gives: "550||one/two"),
            Case("bare LF", "250-a\n250 b\n", gives: "250||a/b"),
            Case("a code alone", "250\r\n", gives: "250||"),
            Case("no text after the space", "250 \r\n", gives: "250||"),
            Case("two replies", "250 a\r\n354 b\r\n", gives: "250||a 354||b"),
            Case("half a reply is none", "250-a\r\n250 b", gives: ""),
            Case("octets that are no UTF-8", "250 \u{E9}t\u{E9}\r\n", gives: "250||\u{E9}t\u{E9}"),
            Case("no code", "hello\r\n", gives: "!the server said what is no reply: hello"),
            Case("an empty line", "\r\n", gives: "!the server said what is no reply: "),
            Case("a code that no reply has", "199 x\r\n", gives: "!the server said what is no reply: 199 x"),
            Case("four digits", "2500 x\r\n", gives: "!the server said what is no reply: 2500 x"),
            Case(
                "a reply after which nonsense comes", "250 a\r\nGET / HTTP/1.1\r\n",
                gives: "250||a !the server said what is no reply: GET / HTTP/1.1"),
        ])
    func parsing(_ row: Case) {
        let octets = Array(row.octets.utf8)
        #expect(read([octets]) == row.expected)
        #expect(read(octets.map { [$0] }) == row.expected)
        for place in 0...octets.count {
            #expect(read([Array(octets[..<place]), Array(octets[place...])]) == row.expected, "cut after \(place)")
        }
    }

    @Test("a line that is too long is cut, not refused")
    func longLine() {
        let text = read([Array("250 \(String(repeating: "x", count: 5_000))\r\n".utf8)])
        #expect(text == "250||" + String(repeating: "x", count: ReplyParser.keptOctets))
    }

    @Test("a line without an end is an error, and so is a reply without an end")
    func endless() {
        #expect(read([Array(repeating: UInt8(ascii: "2"), count: 70_000)]) == "!the server sent a line without an end")
        let lines = String(repeating: "250-x\r\n", count: 600)
        #expect(read([Array(lines.utf8)]) == "!the server sent a reply without an end")
        #expect(
            read(Array(repeating: Array("250-x\r\n".utf8), count: 600)) == "!the server sent a reply without an end")
    }

    @Test("what a server says is fit for a log: one line, no local part, not too long")
    func description() {
        let reply = SMTPReply(
            code: 550, enhanced: EnhancedStatus("5.1.1"), lines: ["<ada.lovelace@example.net>: no\tsuch user", "sorry"])
        #expect(reply.description == "550 5.1.1 <…@example.net>: no such user sorry")
        let long = SMTPReply(code: 250, lines: [String(repeating: "字", count: 400)])
        #expect(long.description.count == 200)
    }

    @Test(
        "a status of a DSN",
        arguments: [
            ("5.1.1", "5.1.1"), ("4.4.7", "4.4.7"), ("5.999.999", "5.999.999"), ("3.0.0", nil), ("5.1", nil),
            ("5.1.1000", nil),
            ("5.1.1 x", nil), ("", nil),
        ])
    func status(_ text: String, _ expected: String?) { #expect(EnhancedStatus(text)?.description == expected) }

    /// All replies as text, a failure as `!` and its words.
    private func read(_ pieces: [[UInt8]]) -> String {
        var parser = ReplyParser()
        var replies: [String] = []
        for piece in pieces {
            var rest = piece[...]
            do throws(ReplyParser.Failure) {
                while let reply = try parser.next(&rest) {
                    let text = reply.lines.joined(separator: "/")
                    replies.append("\(reply.code)|\(reply.enhanced?.description ?? "")|\(text)")
                }
            } catch {
                replies.append("!\(error)")
                return replies.joined(separator: " ")
            }
        }
        return replies.joined(separator: " ")
    }
}

@Suite struct ServerExtensionsTests {
    @Test("what servers offer is read in any case and order")
    func offers() {
        let server = ServerExtensions(
            SMTPReply(
                code: 250,
                lines: [
                    "PIPELINING.example says hello", "pipelining", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "DSN",
                    "ENHANCEDSTATUSCODES", "AUTH PLAIN login", "AUTH=XOAUTH2", "X-UNKNOWN",
                ]))
        #expect(server.pipelining && server.eightBitMIME && server.smtpUTF8 && server.dsn && server.enhancedStatusCodes)
        #expect(server.size == .octets(52_428_800))
        #expect(server.authentication == ["PLAIN", "LOGIN", "XOAUTH2"])
    }

    @Test("the first line is a name and offers nothing")
    func firstLine() {
        #expect(ServerExtensions(SMTPReply(code: 250, lines: ["PIPELINING"])) == ServerExtensions())
    }

    @Test("SIZE without a limit", arguments: ["SIZE", "SIZE 0", "SIZE many", "SIZE 99999999999999999999"])
    func size(_ line: String) {
        #expect(ServerExtensions(SMTPReply(code: 250, lines: ["relay", line])).size == .unknown)
    }
}
