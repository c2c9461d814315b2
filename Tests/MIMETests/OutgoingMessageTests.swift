import Foundation
import MIME
import Testing
import Vocabulary

private func address(_ text: String, _ name: String = "") throws -> NamedAddress {
    NamedAddress(displayName: name, address: try #require(EmailAddress(text)))
}

private func sample(subject: String = "Hello", text: String = "Text.\n", html: String? = nil) throws -> OutgoingMessage
{
    OutgoingMessage(
        from: try address("support@example.net", "Support"), to: [try address("ada@example.com", "Ada")],
        subject: subject, date: Date(timeIntervalSince1970: 1_773_105_330),
        messageID: try #require(MessageID("<1.reply@example.net>")), text: text, html: html, boundarySeed: "seed")
}

private func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
}

@Test func aPlainMessageIsWrittenInTheOrderOfTheRFC() throws {
    var message = try sample()
    message.inReplyTo = MessageID("<a@example.com>")
    message.references = ["<r1@example.com>", "<a@example.com>"].compactMap { MessageID($0) }
    message.fields = [(.autoSubmitted, "auto-replied")]
    #expect(
        String(decoding: message.serialized(), as: UTF8.self)
            == """
            Date: Tue, 10 Mar 2026 01:15:30 +0000\r
            From: Support <support@example.net>\r
            To: Ada <ada@example.com>\r
            Subject: Hello\r
            Message-ID: <1.reply@example.net>\r
            In-Reply-To: <a@example.com>\r
            References: <r1@example.com> <a@example.com>\r
            Auto-Submitted: auto-replied\r
            MIME-Version: 1.0\r
            Content-Type: text/plain; charset=us-ascii\r
            Content-Transfer-Encoding: 7bit\r
            \r
            Text.\r

            """)
}

struct RoundTripCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let name: String
    let subject: String
    let text: String
    let html: String?

    init(_ sentence: String, name: String = "Support", subject: String = "s", text: String = "t\n", html: String? = nil)
    {
        (testDescription, self.name, self.subject, self.text, self.html) = (sentence, name, subject, text, html)
    }
}

@Test(
    "what is written is read back",
    arguments: [
        RoundTripCase("plain ASCII", subject: "Your order [#1001]"),
        RoundTripCase("Chinese", name: "客户服务", subject: "回复：我的订单还没有发货 [#1001]", text: "尊敬的客户：\n\n您好。\n"),
        RoundTripCase(
            "a long subject",
            subject: String(repeating: "关于订单的问题，", count: 40) + " and " + String(repeating: "word ", count: 60)),
        RoundTripCase("mixed scripts in a subject", subject: "Re: 订单 PO-1 und Grüße von Ada"),
        RoundTripCase("a subject that looks encoded", subject: "=?utf-8?Q?not_me?= really"),
        RoundTripCase("a name with comma and quotes", name: #"Example, "Ada" \ Co."#),
        RoundTripCase("a name that looks encoded", name: "=?utf-8?Q?x?="),
        RoundTripCase("emoji", name: "👋 Ada", subject: "👨‍👩‍👧 family", text: "👋\n"),
        RoundTripCase(
            "mostly ASCII: quoted-printable",
            text: "Grüße = fine \n trailing \t\n.dot\nFrom me\n" + String(repeating: "x", count: 300) + "\n"),
        RoundTripCase("HTML beside text", text: "您好\n", html: "<p>您好</p>\n"),
        RoundTripCase("a text that holds a boundary", text: "--=_seed\n--=_\n", html: "<p>--=_</p>\n"),
        RoundTripCase("an empty text", text: ""),
        RoundTripCase("a line of mbox", text: "From here on\n"),
    ])
func roundTrips(_ row: RoundTripCase) throws {
    var message = try sample(subject: row.subject, text: row.text, html: row.html)
    message.from = try address("support@example.net", row.name)
    let bytes = message.serialized()
    #expect(bytes == message.serialized(), "the same message gives the same bytes")
    #expect(bytes.allSatisfy { $0 < 0x80 }, "seven-bit")
    for line in lines(bytes) { #expect(line.utf8.count <= 78) }
    #expect(!lines(bytes).contains { $0.contains("\n") || $0.contains("\r") })

    let read = Message(parsing: bytes)
    #expect(read.defects.isEmpty)
    #expect(read.subject == row.subject.split(separator: " ").joined(separator: " "))
    #expect(read.from == [ParsedAddress(displayName: row.name, address: "support@example.net")])
    #expect(read.to.map(\.address) == ["ada@example.com"])
    #expect(read.date == 1_773_105_330)
    #expect(read.messageID?.value == "1.reply@example.net")
    let bodies = read.parts.filter(\.isBodyText)
    #expect(bodies.map(\.mediaType) == (row.html == nil ? ["text/plain"] : ["text/plain", "text/html"]))
    #expect(read.text(bodies[0]) == row.text.replacingOccurrences(of: "\n", with: "\r\n"))
    if let html = row.html { #expect(read.text(bodies[1]) == html.replacingOccurrences(of: "\n", with: "\r\n")) }
    for part in read.parts { #expect(read.decodedText(part).defects.isEmpty) }
}

@Test func aFieldCannotSmuggleInAnotherOne() throws {
    for name in ["", "A B", "A:", "A\r\nBcc", "Ä", "A\u{0}", String(repeating: "a", count: 100)] {
        #expect(FieldName(name) == nil)
    }
    let injection = "x\r\nBcc: victim@example.org\r\n\r\nbody\u{0}\u{7F}\u{85}"
    var message = try sample(subject: injection)
    message.from = try address("support@example.net", injection)
    message.replyTo = try address("\"a,b\"@example.com", "\r\n\tx: y")
    message.fields = [(try #require(FieldName("X-Note")), injection), (.precedence, "\r\n\r\n")]
    message.boundarySeed = injection
    message.html = "<p>\r\nBcc: no\r\n</p>"
    let read = Message(parsing: message.serialized())
    #expect(!read.header.contains("Bcc"))
    #expect(
        read.header.fields.map(\.name) == [
            "Date", "From", "Reply-To", "To", "Subject", "Message-ID", "X-Note", "Precedence", "MIME-Version",
            "Content-Type",
        ])
    #expect(read.parts.map(\.mediaType) == ["multipart/alternative", "text/plain", "text/html"])
    #expect(read.defects.isEmpty)
}

@Test(
    "a field that the writer or a server writes cannot be added",
    arguments: [
        "Bcc", "to", "SUBJECT", "Content-Type", "content-transfer-encoding", "MIME-Version", "Received", "Return-Path",
    ])
func fieldsOfTheWriter(_ name: String) {
    #expect(FieldName(name) == nil)
}

@Test func addressesThatNeedQuotesGetThem() throws {
    var message = try sample()
    message.to = [
        try address("a,b@example.com", "Comma"), try address("c(d@example.com"),
        try address("\"e f\"@example.com".replacing(" ", with: "_")),
    ]
    #expect(Message(parsing: message.serialized()).to.count == 3)
    #expect(Message(parsing: message.serialized()).to[0].address == "\"a,b\"@example.com")
    #expect(!message.needsSMTPUTF8)
    message.to = [try address("用户@例子.测试")]
    #expect(message.needsSMTPUTF8)
}

@Test func manyRecipientsAndReferencesAreFolded() throws {
    var message = try sample()
    message.to = try (0..<200).map { try address("user\($0)@example.com", "User \($0)") }
    message.references = (0..<200).compactMap { MessageID("<\($0).reference@example.com>") }
    let bytes = message.serialized()
    for line in lines(bytes) { #expect(line.utf8.count <= 78) }
    let read = Message(parsing: bytes)
    #expect(read.to.count == 200)
    #expect(read.references == message.references)
}

@Test func whatNoSpecificationAllowsInADomainStaysWithinItsAddress() throws {
    var message = try sample()
    message.to = [
        try address("a@evil,example.com"), try address("\"x\",y,\"z\"@example.com"), try address("b@ex(ample.com", "B"),
        try address("c@[192.0.2.1]"), try address("last@example.com"),
    ]
    let read = Message(parsing: message.serialized())
    #expect(
        read.to.map(\.address) == [
            "a@evil?example.com", #""\"x\",y,\"z\""@example.com"#, "b@ex?ample.com", "c@[192.0.2.1]",
            "last@example.com",
        ])
}

@Test(
    "domains in ASCII",
    arguments: [
        ("bücher.example", "xn--bcher-kva.example"), ("BÜCHER.Example", "xn--bcher-kva.example"),
        ("例子.测试", "xn--fsqu00a.xn--0zwm56d"), ("例子。测试", "xn--fsqu00a.xn--0zwm56d"),
        ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"), ("παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp"),
        ("उदाहरण.परीक्षा", "xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g"), ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("실례.테스트", "xn--9n2bp8q.xn--9t4b11yi5a"), ("مثال.إختبار", "xn--mgbh0fb.xn--kgbechtv"),
        ("faß.example", "xn--fa-hia.example"), ("mail.例子.example.com", "mail.xn--fsqu00a.example.com"),
    ])
func asciiDomains(_ domain: String, _ expected: String) throws {
    #expect(try address("a@" + domain).address.withASCIIDomain.description == "a@" + expected)
}

@Test(
    "domains that are left alone",
    arguments: [
        "example.com", "☃.example", "e\u{301}.example", "-ü.example", "ü..example", String(repeating: "ü", count: 63),
    ])
func otherDomains(_ domain: String) throws {
    let before = try address("a@" + domain).address
    #expect(before.withASCIIDomain.description == before.description)
}

@Test func onlyALocalPartBeyondASCIINeedsSMTPUTF8() throws {
    var message = try sample()
    message.to = [try address("ada@bücher.example", "Ada")]
    #expect(!message.needsSMTPUTF8)
    #expect(message.serialized().allSatisfy { $0 < 0x80 })
    #expect(Message(parsing: message.serialized()).to.map(\.address) == ["ada@xn--bcher-kva.example"])
    message.cc = [try address("ädä@bücher.example")]
    #expect(message.needsSMTPUTF8)
    #expect(Message(parsing: message.serialized()).header.first("Cc") == "ädä@bücher.example")
}

@Test func identifiersThatCannotBeWrittenAreLeftOut() throws {
    var message = try sample()
    let ids = [
        "good@example.com", "ü@example.com", "a b@example.com", "a<b@example.com", String(repeating: "x", count: 2_000),
    ]
    message.references = ids.compactMap { MessageID($0) }
    message.inReplyTo = MessageID("ü@example.com")
    let read = Message(parsing: message.serialized())
    #expect(read.references.map(\.value) == ["good@example.com"])
    #expect(!read.header.contains("In-Reply-To"))
    message.references.removeFirst()
    #expect(!Message(parsing: message.serialized()).header.contains("References"))
}

@Test(
    "no line is longer than the standard allows, whatever is in it",
    arguments: ["x", "ü", "中", "👋", "a,", "\\", "x ", "=?", "\u{301}", ">"])
func longLines(_ piece: String) throws {
    let long = String(repeating: piece, count: 20_000)
    var message = try sample(subject: long, text: long, html: long)
    message.from = try address("support@example.net", long)
    message.to = [
        try address(String(repeating: "l", count: 64) + "@" + String(repeating: "d.", count: 120) + "example", long)
    ]
    message.fields = [(.postroom, long)]
    message.attachments = [OutgoingFile(name: long, mediaType: .octetStream, content: [1, 2, 3])]
    message.messageID = try #require(MessageID(long + "@example.net"))
    let written = lines(message.serialized())
    #expect(written.allSatisfy { $0.utf8.count <= 998 })
    let read = Message(parsing: message.serialized())
    #expect(read.subject == long.split(separator: " ").joined(separator: " "))
    #expect(read.from.map(\.displayName) == [long.split(separator: " ").joined(separator: " ")])
    #expect(read.text(read.parts[2]).filter { !$0.isNewline } == long.trimmingCharacters(in: .whitespaces))
}

@Test(
    "dates",
    arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 +0000"),
        (-86_400, "Wed, 31 Dec 1969 00:00:00 +0000"), (1e300, "Fri, 31 Dec 9999 23:59:59 +0000"),
        (-1e300, "Mon, 01 Jan 1900 00:00:00 +0000"), (.nan, "Mon, 01 Jan 1900 00:00:00 +0000"),
        (.infinity, "Fri, 31 Dec 9999 23:59:59 +0000"),
    ])
func dates(_ seconds: Double, _ expected: String) throws {
    var message = try sample()
    message.date = Date(timeIntervalSince1970: seconds)
    #expect(Message(parsing: message.serialized()).header.first("Date") == expected)
}
