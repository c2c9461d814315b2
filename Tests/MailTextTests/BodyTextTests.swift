import MIME
import MailText
import Testing

@Suite struct BodyTextTests {
    private func text(_ lines: [String]) -> WrittenText {
        writtenText(of: Message(parsing: Array(lines.joined(separator: "\r\n").utf8)))
    }

    private func alternative(plain: String, html: String) -> WrittenText {
        text([
            "From: Ada Example <ada@example.com>", "MIME-Version: 1.0",
            "Content-Type: multipart/alternative; boundary=b", "", "--b",
            "Content-Type: text/plain; charset=utf-8", "", plain, "--b", "Content-Type: text/html; charset=utf-8", "",
            html, "--b--", "",
        ])
    }

    @Test("of an alternative the plain text is read") func plainPreferred() {
        #expect(alternative(plain: "plain words", html: "<p>html words</p>").own == "plain words")
    }

    @Test("a blank plain text gives way to the HTML") func blankPlain() {
        #expect(alternative(plain: " ", html: "<p>html words</p>").own == "html words")
    }

    @Test("a message of HTML alone is rendered") func htmlOnly() {
        let mail = text(["MIME-Version: 1.0", "Content-Type: text/html; charset=utf-8", "", "<p>请问<b>多少钱</b>？</p>"])
        #expect(mail.plain == "请问多少钱？")
    }

    @Test("several body parts are one text, attachments are not") func severalParts() {
        let mail = text([
            "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/plain", "",
            "one", "--b",
            "Content-Type: text/plain", "Content-Disposition: attachment; filename=a.txt", "", "not this", "--b",
            "Content-Type: text/plain",
            "", "two", "--b--", "",
        ])
        #expect(mail.own == "one\ntwo")
    }

    @Test("flowed text is joined") func flowed() {
        let mail = text(["MIME-Version: 1.0", "Content-Type: text/plain; format=flowed", "", "one ", "two", "three"])
        #expect(mail.own == "one two\nthree")
    }

    @Test("the name in From tells the signature") func writerName() {
        let mail = text(["From: Ada Example <ada@example.com>", "", "Please send two pumps.", "", "Ada"])
        #expect(mail.own == "Please send two pumps.")
    }

    @Test("a message without any text is empty") func noText() {
        #expect(text(["From: a@example.com", "", ""]).own.isEmpty)
    }
}
