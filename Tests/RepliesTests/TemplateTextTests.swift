import Digest
import Foundation
import Replies
import Testing
import Vocabulary

/// Values of several lines, the hash of a text, and advice.
@Suite("What differs from mail to mail")
struct TemplateTextTests {
    private static let language = Language.english

    private static func set(_ files: [(name: String, text: String)]) -> TemplateSet {
        let sources = files.map {
            TemplateSource(
                name: $0.name, language: language, text: $0.text,
                location: Vocabulary.SourceLocation(file: "templates/en/\($0.name).mustache"))
        }
        let (set, problems) = TemplateSet.compile(sources: sources)
        #expect(problems.isEmpty, "\(problems)")
        return set
    }

    private static let letter = """
        Subject: [{{ticket}}] News

        Dear customer,

        {{#message}}
        {{message}}
        {{/message}}

        {{#files}}
        {{files}}
        {{/files}}

        {{> _signature}}

        """

    private static func rendered(
        message: String? = nil, files: [String] = [], subject: String = ""
    ) throws -> RenderedReply {
        let set = set([("letter", letter), ("_signature", "--\n{{organisation}}\n")])
        let values = TemplateValues(
            ticket: TicketNumber(1001), subject: subject, name: nil, organisation: "Example Ltd", deadline: nil,
            today: "today", files: files, message: message)
        return try #require(set.render("letter", language: language, values: values))
    }

    @Test("a message keeps its lines, its paragraphs and its points")
    func message() throws {
        let reply = try Self.rendered(message: "First line\nsecond line\n\nNext:\n- one\n- two\n")
        #expect(reply.text.contains("\nFirst line\nsecond line\n\nNext:\n- one\n- two\n"))
        let html = try #require(reply.html)
        #expect(html.contains("First line<br>\nsecond line</p>"))
        #expect(html.contains("one</li>") && html.contains("two</li>"))
    }

    @Test(
        "nothing gets out of the letter",
        arguments: ["<script>x</script>", "a\u{202E}b", "\u{0}\u{1B}[31mred", "{{ticket}}"])
    func hostile(_ evil: String) throws {
        let reply = try Self.rendered(message: "before \(evil) after", files: [evil + ".zip"])
        let html = try #require(reply.html)
        #expect(!html.contains("<script"))
        #expect(!reply.text.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{0}" || $0 == "\u{1B}" })
        #expect(reply.text.contains("before ") && reply.text.contains(" after"))
    }

    @Test("a line of two hyphens in a message begins no signature")
    func delimiter() throws {
        let html = try #require(try Self.rendered(message: "above\n--\nbelow").html)
        let signature = try #require(html.range(of: "border-top"))
        #expect(html[..<signature.lowerBound].contains("below"))
    }

    @Test("a message of many pages is cut, and a thousand different ones are not remembered")
    func bounded() throws {
        let long = try Self.rendered(message: String(repeating: "word ", count: 100_000))
        #expect(long.text.count < 9_000)
        for number in 0..<1_200 { _ = try Self.rendered(message: "number \(number)") }
    }

    @Test(
        "a subject that must not be repeated is left out",
        arguments: [
            "call me at bob@elsewhere.example", "card 4111 1111 1111 1111", "ID 11010519491231002X",
            "see http://x.example",
        ])
    func subject(_ text: String) {
        let values = TemplateValues(
            ticket: TicketNumber(1), subject: text, name: nil, organisation: "x", deadline: nil, today: "x")
        #expect(values.subject == nil)
    }

    @Test("an order number of a few digits is no secret")
    func orderNumber() {
        let values = TemplateValues(
            ticket: TicketNumber(1), subject: "Order 2026-118 000 7", name: nil, organisation: "x", deadline: nil,
            today: "x")
        #expect(values.subject == "Order 2026-118 000 7")
    }

    @Test("the hash covers the text and every partial that it reaches, and nothing else")
    func digest() throws {
        let files = [("a", "Subject: x\n\n{{> _b}}\n"), ("_b", "{{> _c}}\n"), ("_c", "c\n"), ("_d", "d\n")]
        func hash(_ files: [(String, String)]) throws -> String {
            try #require(Self.set(files).digest(of: "a", language: Self.language)).hex
        }
        let original = try hash(files)
        #expect(try hash(files.reversed()) == original)
        for index in 0..<3 {
            var changed = files
            changed[index].1 += "more\n"
            #expect(try hash(changed) != original, "a change of \(files[index].0)")
        }
        var other = files
        other[3].1 += "more\n"
        #expect(try hash(other) == original)
        #expect(Self.set(files).digest(of: "a", language: .japanese) == nil)
    }

    struct Advised: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let advice: [String]
        var testDescription: String { name }
    }

    @Test(
        "advice",
        arguments: [
            Advised(name: "nothing to say", text: "Subject: [{{ticket}}] x\n\nText\n\n--\nWe\n", advice: []),
            Advised(
                name: "no tag", text: "Subject: x\n\nText\n\n--\nWe\n",
                advice: ["templates/en/a.mustache:1: the subject has no [{{ticket}}]; it is put in front of it"]),
            Advised(
                name: "no signature", text: "Subject: [{{ticket}}] x\n\nText\n",
                advice: ["templates/en/a.mustache: nobody signs; end it with {{> _signature}} or a line --"]),
            Advised(
                name: "it blames", text: "Subject: [{{ticket}}] x\n\nIt was Your mistake.\n\n--\nWe\n",
                advice: [
                    "templates/en/a.mustache:3: \"your mistake\" blames or promises too much; write what happens next, in neutral words"
                ]),
        ])
    func advice(_ row: Advised) {
        #expect(Self.set([("a", row.text)]).advice.map(\.description) == row.advice)
    }

    @Test("every field that can be asked for has a label in every shipped language")
    func labels() {
        for language in [Language.simplifiedChinese, .traditionalChinese, .english, .japanese] {
            for field in Detail.Field.allCases {
                #expect(fieldLabel(field, language: language) != field.rawValue)
            }
        }
    }
}
