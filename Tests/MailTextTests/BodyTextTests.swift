import MIME
import MailText
import Testing

struct NestedCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let tree: Tree
    let text: String
}

/// The parts of a message, each text with its form.
indirect enum Tree: Sendable {
    case multipart(String, [Tree])
    case plain(String)
    case html(String)

    func lines(_ depth: Int = 0) -> [String] {
        switch self {
        case .multipart(let type, let parts):
            ["Content-Type: multipart/\(type); boundary=b\(depth)x", ""]
                + parts.flatMap { ["--b\(depth)x"] + $0.lines(depth + 1) } + ["--b\(depth)x--", ""]
        case .plain(let text): ["Content-Type: text/plain", "", text]
        case .html(let text): ["Content-Type: text/html", "", "<p>\(text)</p>"]
        }
    }
}

private func alternative(_ parts: Tree...) -> Tree { .multipart("alternative", parts) }
private func mixed(_ parts: Tree...) -> Tree { .multipart("mixed", parts) }

extension NestedCase {
    static let all = [
        NestedCase(
            testDescription: "plain beside an alternative",
            tree: alternative(.plain("plain"), alternative(.html("page"), .html("better"))), text: "plain"),
        NestedCase(
            testDescription: "plain in the inner one",
            tree: alternative(.html("page"), alternative(.plain("plain"), .html("other"))), text: "plain"),
        NestedCase(
            testDescription: "plain in both", tree: alternative(alternative(.plain("one"), .html("1")), .plain("two")),
            text: "one"),
        NestedCase(
            testDescription: "plain nowhere: the last", tree: alternative(.html("page"), alternative(.html("better"))),
            text: "better"),
        NestedCase(
            testDescription: "a blank last one", tree: alternative(.html("page"), alternative(.html(" "))), text: "page"
        ),
        NestedCase(
            testDescription: "a branch of several texts is shown whole",
            tree: alternative(
                mixed(
                    .plain("one"), alternative(.plain("two"), .html("2")), alternative(.html("three")), .plain("four")),
                .html("page")), text: "one\ntwo\nthree\nfour"),
        NestedCase(
            testDescription: "an alternative below an alternative that has no text",
            tree: alternative(alternative(alternative(.plain("plain"), .html("page")))), text: "plain"),
        NestedCase(
            testDescription: "two alternatives side by side",
            tree: mixed(alternative(.plain("one"), .html("1")), alternative(.html("2"), .plain("two"))),
            text: "one\ntwo"),
        NestedCase(
            testDescription: "plain texts that are called alternatives",
            tree: alternative(.plain("one"), .html("page"), .plain("two")), text: "one\ntwo"),
    ]
}

@Suite struct BodyTextTests {
    private func text(_ lines: [String]) -> WrittenText {
        writtenText(of: Message(parsing: Array(lines.joined(separator: "\r\n").utf8)))
    }

    private func twoForms(plain: String, html: String) -> WrittenText {
        text([
            "From: Ada Example <ada@example.com>", "MIME-Version: 1.0",
            "Content-Type: multipart/alternative; boundary=b", "", "--b",
            "Content-Type: text/plain; charset=utf-8", "", plain, "--b", "Content-Type: text/html; charset=utf-8", "",
            html, "--b--", "",
        ])
    }

    @Test("of an alternative the plain text is read") func plainPreferred() {
        #expect(twoForms(plain: "plain words", html: "<p>html words</p>").own == "plain words")
    }

    @Test("a blank plain text gives way to the HTML") func blankPlain() {
        #expect(twoForms(plain: " ", html: "<p>html words</p>").own == "html words")
    }

    @Test("of alternatives within alternatives one branch is shown", arguments: NestedCase.all)
    func nestedAlternatives(_ row: NestedCase) {
        #expect(text(["MIME-Version: 1.0"] + row.tree.lines()).own == row.text)
    }

    @Test("thousands of alternatives are looked at once", .timeLimit(.minutes(1)))
    func manyAlternatives() {
        let one = alternative(.html("1"), .plain("a"))
        let mail = text(["MIME-Version: 1.0"] + Tree.multipart("mixed", Array(repeating: one, count: 3_000)).lines())
        #expect(mail.plain.utf8.count { $0 == UInt8(ascii: "a") } == 3_000)
    }

    @Test(
        "text of a kind we do not know is plain text",
        arguments: ["text/markdown", "text/enriched", "text/plain; name=a.txt"])
    func unknownKind(_ type: String) {
        #expect(text(["MIME-Version: 1.0", "Content-Type: \(type)", "", "one <b>two"]).own == "one <b>two")
    }

    @Test("what was wrong with the texts is handed over") func defects() {
        let lines = [
            "Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/html",
            "Content-Transfer-Encoding: base64", "", "PHA+SGVsbG8uP", "--b", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable", "", "a=FFb", "--b--", "",
        ]
        let message = Message(parsing: Array(lines.joined(separator: "\r\n").utf8))
        var defects: [Defect] = []
        #expect(!writtenText(of: message, message.contents, noting: &defects).own.isEmpty)
        #expect(defects == [Defect(.truncatedBase64, in: "1"), Defect(.wrongCharset, in: "2")])
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
