import MIME
import Testing
import Vocabulary

struct TextCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let input: String
    let expected: String?

    init(_ sentence: String, _ input: String, gives expected: String?) {
        (testDescription, self.input, self.expected) = (sentence, input, expected)
    }
}

@Test(
    "encoded words become text",
    arguments: [
        TextCase("Q with underscores (RFC 2047 section 4.2)", "=?iso-8859-1?Q?a_b=E9?=", gives: "a bé"),
        TextCase("B", "=?UTF-8?B?5oqV6K+J?=", gives: "投诉"),
        TextCase("white space between two words goes (section 6.2)", "=?utf-8?Q?a?=  \r\n =?utf-8?Q?b?=", gives: "ab"),
        TextCase("white space before text stays", "=?utf-8?Q?a?= b =?utf-8?Q?c?=", gives: "a b c"),
        TextCase("a character split over two words", "=?utf-8?B?5oqV6A==?= =?utf-8?B?r4k=?=", gives: "投诉"),
        TextCase(
            "shift state split over two words", "=?iso-2022-jp?B?GyRCJSIl?= =?iso-2022-jp?B?JBsoQg==?=", gives: "アイ"),
        TextCase(
            "base64 cut anywhere, not at its words", "=?utf-8?B?5oqV6K?= =?utf-8?B?+J5aS?=\r\n =?utf-8?B?E55CG?=",
            gives: "投诉处理"),
        TextCase("and the rest of it missing", "=?utf-8?B?5oqV6K?= x", gives: "投\u{FFFD} x"),
        TextCase("one charset by two names", "=?utf-8?B?5oqV6A==?= =?UTF8?B?r4k=?=", gives: "投诉"),
        TextCase("two charsets", "=?iso-8859-1?Q?=E9?= =?koi8-r?Q?=C4?=", gives: "éд"),
        TextCase("a language behind the charset (RFC 2231 section 5)", "=?utf-8*en?Q?x?=", gives: "x"),
        TextCase("no white space around the word", "a=?utf-8?Q?b?=c", gives: "abc"),
        TextCase("spaces inside, against the rule", "=?utf-8?Q?a b?=", gives: "a b"),
        TextCase("base64 without padding", "=?utf-8?B?5oqV6K+J5Q?=", gives: "投诉\u{FFFD}"),
        TextCase("not closed", "=?utf-8?Q?abc", gives: "=?utf-8?Q?abc"),
        TextCase("an unknown encoding", "=?utf-8?X?abc?=", gives: "=?utf-8?X?abc?="),
        TextCase("an unknown charset is guessed", "=?nobody?Q?=E6=8A=95?=", gives: "投"),
        TextCase("an encoded line end stays in its line", "=?utf-8?Q?a=0D=0ABcc:_x?=", gives: "a  Bcc: x"),
        TextCase("raw UTF-8 (RFC 6532)", "投诉", gives: "投诉"),
        TextCase("an equals sign is not yet a word", "1+1=2? yes =?", gives: "1+1=2? yes =?"),
        TextCase("a tab of folding is white space", "a\r\n\tb", gives: "a b"),
    ])
func decodesSubjects(_ row: TextCase) {
    let message = Message(parsing: Array("Subject: \(row.input)\r\n\r\n".utf8))
    #expect(message.subject == row.expected)
    #expect(message.header.first("SUBJECT") == row.expected)
}

struct DateCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let seconds: Int64?

    init(_ text: String, _ seconds: Int64?) { (testDescription, self.seconds) = (text, seconds) }
}

/// 2026-03-10 01:15:30 UTC is 1773105330.
@Test(
    "dates as the RFC writes them, as old programs did and as new ones do",
    arguments: [
        DateCase("Tue, 10 Mar 2026 09:15:30 +0800", 1_773_105_330),
        DateCase("10 Mar 2026 01:15:30 GMT", 1_773_105_330),
        DateCase("Tue, 10 Mar 2026 01:15:30 Z", 1_773_105_330),
        DateCase("Mon, 9 Mar 2026 20:15:30 EST", 1_773_105_330),
        DateCase("Tue,10 Mar 26 9:15:30 +0800 (CST)", 1_773_105_330),
        DateCase("10 March 2026 01:15:30", 1_773_105_330),
        DateCase("2026-03-10 09:15:30 +0800", 1_773_105_330),
        DateCase("2026-03-10T01:15:30Z", 1_773_105_330),
        DateCase("Tue Mar 10 01:15:30 2026", 1_773_105_330),
        DateCase("Tue, 10 Mar 2026 01:15:30.250 +0000", 1_773_105_330),
        DateCase("Tue, 10 Mar 2026 09.15.30 +08:00", 1_773_105_330),
        DateCase("Mar 10, 2026 01:15:30 AM", 1_773_105_330),
        DateCase("Tue, 10 Mar 2026 12:15:30 PM +1100", 1_773_105_330),
        DateCase("Tue, 10 Mar (a (nested) comment) 2026 01:15:30 -0000", 1_773_105_330),
        DateCase("Fri, 21 Nov 97 09:55:06 -0600", 880_127_706),
        DateCase("1 Jan 1970 00:00:00 +0000", 0),
        DateCase("29 Feb 2024 00:00:00 +0000", 1_709_164_800),
        DateCase("yesterday", nil),
        DateCase("32 Mar 2026 01:15:30 +0000", nil),
        DateCase("10 Mar 2026 99:15:30 +0000", nil),
        DateCase("", nil),
    ])
func readsDates(_ row: DateCase) {
    let message = Message(parsing: Array("Date: \(row.testDescription)\r\n\r\n".utf8))
    #expect(message.date == row.seconds)
    #expect(message.defects.contains { $0.kind == .badDate } == (row.seconds == nil))
}

@Test(
    "message identifiers with comments and without brackets",
    arguments: [
        TextCase("a comment", "<1234 @ local(a comment) .machine .example>", gives: "1234@local.machine.example"),
        TextCase("nested", "<a(b (c) d)@example.com>", gives: "a@example.com"),
        TextCase("the closing bracket forgotten", "<a@example.com", gives: "a@example.com"),
        TextCase("forgotten before other text", "<a@example.com (x)", gives: "a@example.com"),
        TextCase("letters", "<a(1)@example.com>", gives: "a(1)@example.com"),
        TextCase("never closed", "<a( b@example.com>", gives: "a(b@example.com"),
        TextCase("quoted", "<\"a (b)\"@example.com>", gives: "\"a(b)\"@example.com"),
    ])
func readsCommentsOfMessageIDs(_ row: TextCase) {
    let message = Message(parsing: Array("Message-ID: \(row.input)\r\n\r\n".utf8))
    #expect(message.messageID?.value == row.expected)
}

@Test func messageIDsLoseTheirBracketsAndFolding() {
    let message = Message(
        parsing: Array(
            """
            Message-ID: bare@example.com
            In-Reply-To: Your message of "Monday" <a b@example.com>
            References: <1@example.com>
             <2@example.
             com><3@example.com>, <> <unclosed

            """.utf8))
    #expect(message.messageID?.value == "bare@example.com")
    #expect(message.inReplyTo.map(\.value) == ["ab@example.com"])
    #expect(message.references.map(\.value) == ["1@example.com", "2@example.com", "3@example.com"])
}

@Test(
    "file names in all their spellings",
    arguments: [
        TextCase("quoted", #"attachment; filename="a b.txt""#, gives: "a b.txt"),
        TextCase("bare with spaces", "attachment; filename=a b.txt; size=3", gives: "a b.txt"),
        TextCase("bare, and the semicolon forgotten", "attachment; filename=a.txt size=3", gives: "a.txt"),
        TextCase("RFC 2231", "attachment; filename*=utf-8'zh'%E6%8A%95.txt", gives: "投.txt"),
        TextCase(
            "RFC 2231 in pieces out of order", "attachment; filename*1=b.txt; filename*0*=utf-8''%E6%8A%95",
            gives: "投b.txt"),
        TextCase("ten pieces count as numbers", "attachment; filename*10=k; filename*2=c; filename*0=a", gives: "ack"),
        TextCase("both forms: the extended one", "attachment; filename=old; filename*=utf-8''new", gives: "new"),
        TextCase("encoded words against the rule", "attachment; filename=\"=?utf-8?B?5oqV?=.txt\"", gives: "投.txt"),
        TextCase(
            "encoded words inside RFC 2231", "attachment; filename*0=\"=?utf-8?B?5o\"; filename*1=\"qV?=\"", gives: "投"),
        TextCase("raw UTF-8", "attachment; filename=\"投.txt\"", gives: "投.txt"),
        TextCase("percent signs alone mean nothing", "attachment; filename=\"100%25.txt\"", gives: "100%25.txt"),
        TextCase("a comment", "attachment (see below); filename=a.txt (1 kB)", gives: "a.txt"),
        TextCase("a comment before the equals sign", "attachment; filename (x) =a.txt", gives: "a.txt"),
        TextCase("empty", "attachment; filename=\"\"", gives: nil),
        TextCase("none", "attachment", gives: nil),
        TextCase("not closed", "attachment; filename=\"a.txt", gives: "a.txt"),
    ])
func readsFileNames(_ row: TextCase) {
    let message = Message(parsing: Array("Content-Disposition: \(row.input)\r\n\r\n".utf8))
    #expect(message.parts[0].filename == row.expected)
    #expect(message.parts[0].disposition == "attachment")
}

@Test func fieldsAreFoundWithoutRegardToCase() {
    let message = Message(parsing: Array("X-A: 1\nx-a:  2 \nX-B: \n folded\n\n".utf8))
    #expect(message.header.all("X-a") == ["1", "2"])
    #expect(message.header.contains("x-B"))
    #expect(!message.header.contains("X-"))
    #expect(message.header.raw("x-b").map { String(decoding: $0, as: UTF8.self) } == "folded")
    #expect(message.header.fields.map(\.name) == ["X-A", "x-a", "X-B"])
}

@Test("dashes hide no delimiter and make none", arguments: ["\n", "\r\n", "\r"])
func dashesInBodies(_ lineEnd: String) {
    let bodies = ["- one", "a - b -", "--", "---", "-\n-\n--bx", "x--b", " --b", "a-\n\n-", "a-", "", "-"]
    let text =
        "Content-Type: multipart/mixed; boundary=b\n\npre-amble\n--b\n\n"
        + bodies.joined(separator: "\n--b\n\n") + "\n--b--\nepilogue - with dashes\n--\n"
    let message = Message(parsing: Array(text.replacing("\n", with: lineEnd).utf8))
    let found = message.parts.dropFirst().map { String(decoding: message.raw($0), as: UTF8.self) }
    #expect(found == bodies.map { $0.replacing("\n", with: lineEnd) })
}
