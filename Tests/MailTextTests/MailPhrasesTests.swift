import MIME
import Testing

@testable import MailText

@Suite struct MailPhrasesTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let says: String
        let words: String
        let text: String
        let own: String
        var testDescription: String { says }

        init(_ says: String, _ words: String, _ text: String, own: String) {
            (self.says, self.words, self.text, self.own) = (says, words, text, own)
        }
    }

    @Test(
        "an admin's words end the own text, and ours alone do not",
        arguments: [
            Row(
                "a line of a ticket system without dashes",
                "[quote-opening]\nReply to this request above\n请在此行以上",
                "It works again.\n\nREPLY to this request above.\nWe have changed the pump.", own: "It works again."),
            Row(
                "the same in Chinese", "[quote-opening]\n请在此行以上回复", "已经好了。\n请在此行以上回复\n我们已更换水泵。", own: "已经好了。"),
            Row(
                "a name between dashes", "[quote-separator]\nMesaxe orixinal",
                "Two, please.\n----- Mesaxe orixinal -----\nHow many?", own: "Two, please."),
            Row(
                "fields of a header in another language", "[quote-from]\nGan\n[quote-date]\nDyddiad",
                "Dau, os gwelwch yn dda.\n\nGan: Ada <ada@example.com>\nDyddiad: 3 Mai 2026\nFaint?",
                own: "Dau, os gwelwch yn dda."),
            Row(
                "a verb", "[quote-verb]\nysgrifennodd",
                "Two.\n\n2026-05-03 10:11 Ada <ada@example.com> ysgrifennodd:\nHow many?", own: "Two."),
            Row(
                "closing words", "[closing]\nWith sunny regards",
                "Please send two.\n\nWith sunny regards\nada of the mill",
                own: "Please send two.\n\nWith sunny regards"),
            Row(
                "what an app adds", "[app-line]\n\"Written on my \"", "Please send two.\n\nWritten on my Slate 7",
                own: "Please send two."),
        ])
    func adminsWords(_ row: Row) {
        let phrases = MailPhrases(adding: [WordFile(row.words)])
        #expect(writtenText(plain: row.text, phrases: phrases).own == row.own)
        #expect(writtenText(plain: row.text).own == row.text)
    }

    @Test("a message is read with them as well") func message() {
        let lines = ["Content-Type: text/plain", "", "Yes.", "", "Answer above this line", "Really?"]
        let message = Message(parsing: Array(lines.joined(separator: "\r\n").utf8))
        let phrases = MailPhrases(adding: [WordFile("[quote-opening]\nanswer above")])
        #expect(writtenText(of: message, phrases: phrases).own == "Yes.")
    }

    @Test("quotation marks keep blanks, a section comes again, comments are passed over") func form() {
        let file = WordFile("# words\n[a]\n \"on \"| x |\n\n[b]\ny\n#\n[a]\nz")
        #expect(file.problems == [])
        #expect(file.words(of: "a").map(\.text) == ["on ", "x", "z"])
        #expect(file.words(of: "a").map(\.line) == [3, 3, 9])
    }

    @Test("a mistake is named with its line") func mistakes() {
        #expect(WordFile("\nwrote\nwrites\n[quote-verb]\nx").problems.map(\.line) == [2])
        let short = WordFile("[quote-opening]\nfine\n-\n[app-line]\nx")
        #expect(MailPhrases.problems(in: short).map(\.line) == [3])
    }

    @Test(
        "our own files have sections that are known, and no mistake",
        arguments: [PackageResources.quotes_txt, PackageResources.signatures_txt])
    func shipped(_ bytes: [UInt8]) {
        let file = WordFile(String(decoding: bytes, as: UTF8.self))
        #expect(file.problems == [])
        #expect(MailPhrases.problems(in: file) == [])
        #expect(file.sections.allSatisfy { MailPhrases.Section(rawValue: $0.name) != nil && !$0.words.isEmpty })
    }
}
