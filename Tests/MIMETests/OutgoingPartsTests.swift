import Foundation
import MIME
import Testing
import Vocabulary

private func sample(text: String = "Text.\n", html: String? = nil) throws -> OutgoingMessage {
    let from = try #require(EmailAddress("support@example.net"))
    return OutgoingMessage(
        from: NamedAddress(address: from), to: [NamedAddress(address: try #require(EmailAddress("ada@example.com")))],
        subject: "s", date: Date(timeIntervalSince1970: 1_773_105_330),
        messageID: try #require(MessageID("<1.reply@example.net>")), text: text, html: html, boundarySeed: "seed")
}

private func file(
    _ name: String, _ type: String = "application/pdf", _ content: String = "content"
) throws -> OutgoingFile {
    OutgoingFile(name: name, mediaType: try #require(MediaType(type)), content: Array(content.utf8))
}

private func written(_ message: OutgoingMessage) -> String { String(decoding: message.serialized(), as: UTF8.self) }

@Test func aMessageWithEverythingHasTheTreeThatMailProgramsWrite() throws {
    var message = try sample(html: "<p><img src=\"cid:logo@example.net\"></p>\n")
    let logo = InlineImage(
        contentID: try #require(MessageID("logo@example.net")), file: try file("logo.png", "image/png", "picture"))
    #expect(logo.url == "cid:logo@example.net")
    message.inlineImages = [logo]
    message.attachments = [try file("报价单.pdf")]
    let root = Message(parsing: message.serialized()).header.fields.count
    #expect(root == 7)
    #expect(
        written(message).components(separatedBy: "MIME-Version: 1.0\r\n")[1] == """
            Content-Type: multipart/mixed; boundary="=_1_omhhomt0ozzg"\r
            \r
            --=_1_omhhomt0ozzg\r
            Content-Type: multipart/alternative; boundary="=_2_omhhomt0ozzg"\r
            \r
            --=_2_omhhomt0ozzg\r
            Content-Type: text/plain; charset=us-ascii\r
            Content-Transfer-Encoding: 7bit\r
            \r
            Text.\r
            \r
            --=_2_omhhomt0ozzg\r
            Content-Type: multipart/related; type="text/html";\r
             boundary="=_3_omhhomt0ozzg"\r
            \r
            --=_3_omhhomt0ozzg\r
            Content-Type: text/html; charset=us-ascii\r
            Content-Transfer-Encoding: 7bit\r
            \r
            <p><img src="cid:logo@example.net"></p>\r
            \r
            --=_3_omhhomt0ozzg\r
            Content-Type: image/png; name="logo.png"\r
            Content-Transfer-Encoding: base64\r
            Content-Disposition: inline; filename="logo.png"\r
            Content-ID: <logo@example.net>\r
            \r
            cGljdHVyZQ==\r
            --=_3_omhhomt0ozzg--\r
            --=_2_omhhomt0ozzg--\r
            --=_1_omhhomt0ozzg\r
            Content-Type: application/pdf; name="=?utf-8?B?5oql5Lu35Y2VLnBkZg==?="\r
            Content-Transfer-Encoding: base64\r
            Content-Disposition: attachment;\r
             filename*=utf-8''%E6%8A%A5%E4%BB%B7%E5%8D%95.pdf\r
            \r
            Y29udGVudA==\r
            --=_1_omhhomt0ozzg--\r

            """)
}

@Test func picturesWithoutHTMLAreAttachments() throws {
    var message = try sample()
    message.inlineImages = [
        InlineImage(contentID: try #require(MessageID("a b%@x")), file: try file("logo.png", "image/png"))
    ]
    #expect(message.inlineImages[0].url == "cid:ab%25@x")
    let read = Message(parsing: message.serialized())
    #expect(read.parts.map(\.mediaType) == ["multipart/mixed", "text/plain", "image/png"])
    #expect(read.parts[2].disposition == "attachment")
}

@Test(
    "a media type is two tokens and no container",
    arguments: [
        "", "text", "text/", "/plain", "a/b/c", "text/plain; charset=x", "text/pl ain", "te\r\nxt/plain", "text/ü",
        "multipart/mixed",
        "text/" + String(repeating: "x", count: 200),
    ])
func mediaTypes(_ text: String) {
    #expect(MediaType(text) == nil)
}

@Test func aMediaTypeIsLowerCased() {
    #expect(MediaType("Application/PDF")?.description == "application/pdf")
}

@Test(
    "text files say their charset if it is certain",
    arguments: [(Array("a,b\n".utf8), "us-ascii"), (Array("名,前\n".utf8), "utf-8"), ([0xB1, 0xA8, 0xBC, 0xDB], nil)])
func charsets(_ content: [UInt8], _ charset: String?) throws {
    var message = try sample()
    message.attachments = [
        OutgoingFile(name: "a.csv", mediaType: try #require(MediaType("text/csv")), content: content)
    ]
    let read = Message(parsing: message.serialized())
    #expect(read.parts[2].charset == charset)
    #expect(read.decodedBody(read.parts[2]).bytes == content)
}

@Test(
    "a mail is attached as one if it is seven-bit, else as a file",
    arguments: [
        ("Subject: a\n\nText\n", "message/rfc822"), ("Subject: a\r\n\r\nText\r\n", "message/rfc822"),
        ("Subject: a\n\nGrüße\n", "application/octet-stream"), ("Subject: a\n\na\rb\n", "application/octet-stream"),
        ("Subject: a\n\n\0\n", "application/octet-stream"),
        ("Subject: a\n\n" + String(repeating: "x", count: 999), "application/octet-stream"),
    ])
func attachedMails(_ mail: String, _ type: String) throws {
    var message = try sample()
    message.attachments = [try file("mail.eml", "message/rfc822", mail)]
    let read = Message(parsing: message.serialized())
    let part = try #require(read.parts.dropFirst(2).first)
    #expect(part.mediaType == type)
    let content = type == "message/rfc822" ? mail.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n") : mail
    #expect(read.decodedBody(part).bytes == Array(content.utf8))
}

@Test func aMailOfOursWithinAMailOfOursDoesNotEndIt() throws {
    var inner = try sample(html: "<p>x</p>")
    inner.attachments = [try file("a.pdf")]
    var outer = try sample(html: "<p>y</p>")
    outer.attachments = [OutgoingFile(name: "mail.eml", mediaType: .embeddedMessage, content: inner.serialized())]
    let read = Message(parsing: outer.serialized())
    #expect(read.defects.isEmpty)
    #expect(
        read.parts.filter { !$0.isEmbedded }.map(\.mediaType) == [
            "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "message/rfc822",
        ])
}

@Test(
    "long paragraphs flow",
    arguments: [
        (
            String(repeating: "word ", count: 20) + "end\n\n-- \nAda\n",
            "word word word word word word word word word word word word word word word \r\nword word word word word end\r\n"
                + "\r\n-- \r\nAda\r\n"
        ),
        (
            "> " + String(repeating: "quoted ", count: 12) + "\n>> deeper \n",
            "> quoted quoted quoted quoted quoted quoted quoted quoted quoted quoted \r\n> quoted quoted\r\n>> deeper\r\n"
        ),
        (
            String(repeating: "x", count: 62) + " and more From here on, then the rest of it\n From\n",
            String(repeating: "x", count: 62) + " and more \r\n From here on, then the rest of it\r\n  From\r\n"
        ),
        (
            String(repeating: "x", count: 71) + "   From > " + String(repeating: "y", count: 70) + "\n",
            String(repeating: "x", count: 71) + "   \r\n From > \r\n" + String(repeating: "y", count: 70) + "\r\n"
        ),
    ])
func flows(_ text: String, _ expected: String) throws {
    let read = Message(parsing: try sample(text: text).serialized())
    #expect(read.parts[0].parameters["format"] == "flowed")
    #expect(read.parts[0].transferEncoding == "7bit")
    #expect(read.text(read.parts[0]) == expected)
}

@Test(
    "other text does not flow",
    arguments: [
        "short\n", "> short\n From\n", String(repeating: "x", count: 100), String(repeating: "wörd ", count: 40),
        String(repeating: "word ", count: 40) + String(repeating: "x", count: 80),
        String(repeating: "bell\u{7} ", count: 30),
        String(repeating: ">", count: 100), String(repeating: " ", count: 90) + "x",
    ])
func doesNotFlow(_ text: String) throws {
    let read = Message(parsing: try sample(text: text).serialized())
    #expect(read.parts[0].parameters["format"] == nil)
    #expect(read.text(read.parts[0]).replacing("\r\n", with: "") == text.replacing("\n", with: ""))
}

@Test(
    "the transfer encoding fits the text",
    arguments: [
        ("plain\n", "7bit"), ("", "7bit"), ("Grüße und mehr als genug ASCII daneben\n", "quoted-printable"),
        ("您好\n", "base64"),
        ("From here\n", "quoted-printable"), ("x\u{1B}[0m\n", "quoted-printable"),
        (String(repeating: "x", count: 78), "7bit"),
        (String(repeating: "x", count: 79), "quoted-printable"),
    ])
func encodings(_ text: String, _ encoding: String) throws {
    #expect(Message(parsing: try sample(text: text).serialized()).parts[0].transferEncoding == encoding)
}

@Test func aLargeFileIsWrittenAndReadBack() throws {
    var content = [UInt8](repeating: 0, count: 5_000_000)
    for index in content.indices { content[index] = UInt8(truncatingIfNeeded: index &* index >> 7) }
    var message = try sample()
    message.attachments = [OutgoingFile(name: "a.bin", mediaType: .octetStream, content: content)]
    let read = Message(parsing: message.serialized())
    #expect(read.decodedBody(read.parts[2]).bytes == content)
}
