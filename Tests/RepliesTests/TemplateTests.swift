import Replies
import TestSupport
import Testing
import Vocabulary

import struct Foundation.URL

@Suite("Templates are strict where Mustache is not")
struct TemplateTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        let sentence: String
        let text: String
        /// `line:column: message`, each.
        let problems: [String]
        var testDescription: String { sentence }
    }

    static let head = "Subject: Hello {{ticket}}\n\n"

    @Test(
        "problems with line and column",
        arguments: [
            Bad(
                sentence: "an unknown variable, with the nearest known one", text: head + "Dear\n  {{tiket}}\n",
                problems: ["4:3: unknown variable \"tiket\"; did you mean \"ticket\"?"]),
            Bad(
                sentence: "one that resembles none", text: head + "{{zzzzzzz}}\n",
                problems: [
                    "3:1: unknown variable \"zzzzzzz\"; known are category, deadline, files, message, missing, name, opens, organisation, signature, subject, ticket, today"
                ]),
            Bad(
                sentence: "an unknown variable in the subject", text: "{{! note }}\nSubject: [{{number}}] Hi\n\nText\n",
                problems: [
                    "2:11: unknown variable \"number\"; known are category, deadline, files, message, missing, name, opens, organisation, signature, subject, ticket, today"
                ]),
            Bad(
                sentence: "an unknown section", text: head + "{{#nmae}}x{{/nmae}}\n",
                problems: ["3:1: unknown variable \"nmae\"; did you mean \"name\"?"]),
            Bad(
                sentence: "a partial that is missing", text: head + "Text\n{{> _signatur}}\n",
                problems: ["4:1: unknown partial \"_signatur\"; did you mean \"_signature\"?"]),
            Bad(
                sentence: "a partial that is no partial", text: head + "{{> receipt}}\n",
                problems: [
                    "3:1: unknown partial \"receipt\"; a partial is a file of the same language whose name begins with \"_\""
                ]),
            Bad(
                sentence: "an optional value without its section", text: head + "Dear {{name}},\n",
                problems: ["3:6: \"name\" may be missing; write {{#name}}…{{name}}…{{/name}}"]),
            Bad(
                sentence: "an optional value in the section of its absence",
                text: head + "{{^name}}Dear {{name}}{{/name}}\n",
                problems: ["3:15: \"name\" may be missing; write {{#name}}…{{name}}…{{/name}}"]),
            Bad(
                sentence: "a section for what is always there", text: head + "{{#ticket}}x{{/ticket}}\n",
                problems: ["3:1: \"ticket\" is always there and needs no section; write {{ticket}}"]),
            Bad(
                sentence: "a section that is not closed", text: head + "{{#name}}Dear {{name}}\n",
                problems: ["3:1: section \"name\" is not closed"]),
            Bad(
                sentence: "sections that cross", text: head + "{{#name}}{{#subject}}{{/name}}{{/subject}}\n",
                problems: [
                    "3:1: section \"name\" is not closed",
                    "3:22: \"{{/name}}\" closes nothing; the open section is \"subject\", line 3",
                ]),
            Bad(
                sentence: "a close without an open", text: head + "{{/name}}\n",
                problems: ["3:1: \"{{/name}}\" closes nothing; none is open"]),
            Bad(
                sentence: "a tag that never ends", text: head + "Text {{ticket\n",
                problems: ["3:6: \"{{\" without \"}}\""]),
            Bad(
                sentence: "unescaped values", text: head + "{{{organisation}}} {{&organisation}}\n",
                problems: [
                    "3:1: \"{{{\" is not used here; templates have variables, sections, partials and comments",
                    "3:20: \"{{&\" is not used here; templates have variables, sections, partials and comments",
                ]),
            Bad(
                sentence: "other delimiters", text: head + "{{=<% %>=}}\n",
                problems: ["3:1: \"{{=\" is not used here; templates have variables, sections, partials and comments"]),
            Bad(
                sentence: "a content type of its own", text: head + "{{% CONTENT_TYPE:HTML}}\n",
                problems: ["3:1: \"{{%\" is not used here; templates have variables, sections, partials and comments"]),
            Bad(
                sentence: "no subject", text: "Dear customer,\n",
                problems: ["1:1: expected \"Subject: …\", then a blank line and the text"]),
            Bad(
                sentence: "no blank line below the subject", text: "Subject: x\nDear customer,\n",
                problems: ["1:1: expected \"Subject: …\", then a blank line and the text"]),
            Bad(
                sentence: "a subject of nothing", text: "{{! a }}\nSubject:\n\nText\n",
                problems: ["2:1: expected \"Subject: …\", then a blank line and the text"]),
            Bad(
                sentence: "a text of nothing", text: "Subject: x\n\n  \n",
                problems: ["3: the text is empty; write it below a blank line"]),
            Bad(
                sentence: "an empty file", text: "",
                problems: ["1:1: expected \"Subject: …\", then a blank line and the text"]),
            Bad(
                sentence: "two mistakes, both named", text: head + "{{a1}}\n{{#name}}\n",
                problems: [
                    "3:1: unknown variable \"a1\"; known are category, deadline, files, message, missing, name, opens, organisation, signature, subject, ticket, today",
                    "4:1: section \"name\" is not closed",
                ]),
        ])
    func problems(_ row: Bad) {
        let sources = [
            source("receipt", row.text), source("_signature", "--\n{{organisation}}\n"),
        ]
        let (_, problems) = TemplateSet.compile(sources: sources)
        #expect(problems.map { "\($0)" } == row.problems.map { "templates/en/receipt.mustache:\($0)" })
    }

    @Test("a partial that includes itself, over another one")
    func cycles() {
        let (_, problems) = TemplateSet.compile(sources: [
            source("_a", "{{> _b}}\n"), source("_b", "{{> _a}}\n"), source("x", Self.head + "{{> _a}}\n"),
        ])
        #expect(problems.map(\.message) == ["partial \"_a\" includes itself", "partial \"_b\" includes itself"])
    }

    @Test("two files of one name")
    func duplicates() {
        let (_, problems) = TemplateSet.compile(sources: [source("x", Self.head + "a"), source("x", Self.head + "b")])
        #expect(
            problems.map(\.message) == [
                "template \"x\" in en is already in templates/en/x.mustache"
            ])
    }

    @Test("what a partial says is text as well: nothing is escaped in the plain form, everything in the other")
    func partialsAreText() throws {
        let (set, problems) = TemplateSet.compile(sources: [
            source("x", "Subject: {{organisation}}\n\nA & B <{{organisation}}>\n{{> _signature}}\n"),
            source("_signature", "--\n{{organisation}} <b>\n"),
        ])
        #expect(problems.isEmpty)
        let reply = try #require(
            set.render("x", language: .english, values: values(organisation: "Müller & Söhne <x>")))
        #expect(reply.subject == "Müller & Söhne <x>")
        #expect(reply.text == "A & B <Müller & Söhne <x>>\n-- \nMüller & Söhne <x> <b>\n")
        let html = try #require(reply.html)
        #expect(html.contains("A &amp; B &lt;Müller &amp; Söhne &lt;x&gt;&gt;"))
        #expect(html.contains("Müller &amp; Söhne &lt;x&gt; &lt;b&gt;</p>"))
    }

    @Test("an absent section leaves no hole")
    func absentSections() throws {
        let (set, _) = TemplateSet.compile(sources: [
            source("x", "Subject: x\n\nFirst\n\n{{#name}}\nDear {{name}}\n\n{{/name}}\n\n\nLast\n\n\n")
        ])
        #expect(set.render("x", language: .english, values: values())?.text == "First\n\nLast\n")
    }

    struct Choice: Sendable, CustomTestStringConvertible {
        let wanted: Language
        let offered: [Language]
        let chosen: Language?
        var testDescription: String { "\(wanted) of \(offered)" }
    }

    @Test(
        "the language that the customer reads best",
        arguments: [
            Choice(wanted: "zh-Hans", offered: ["en", "zh-Hans", "zh-Hant"], chosen: "zh-Hans"),
            Choice(wanted: "zh-TW", offered: ["en", "zh-Hans", "zh-Hant"], chosen: "zh-Hant"),
            Choice(wanted: "zh-HK", offered: ["en", "zh-Hans"], chosen: "zh-Hans"),
            Choice(wanted: "zh", offered: ["en", "zh-Hant", "zh-Hans"], chosen: "zh-Hans"),
            Choice(wanted: "zh-Hant-CN", offered: ["zh-Hans", "zh-Hant"], chosen: "zh-Hant"),
            Choice(wanted: "en-GB", offered: ["ja", "en"], chosen: "en"),
            Choice(wanted: "de", offered: ["ja", "en"], chosen: "en"),
            Choice(wanted: "und", offered: ["ja", "en"], chosen: "en"),
            Choice(wanted: "de", offered: ["ja"], chosen: nil),
        ])
    func languages(_ row: Choice) {
        let (set, _) = TemplateSet.compile(
            sources: row.offered.map { source("x", Self.head + "text", language: $0) }, defaultLanguage: .english)
        #expect(set.language(of: "x", wanted: row.wanted) == row.chosen)
        #expect(set.render("x", language: row.wanted, values: values())?.language == row.chosen)
    }

    @Test("a template nobody wrote gives no reply")
    func unknownTemplate() {
        #expect(TemplateSet.empty.render("receipt", language: .english, values: values()) == nil)
        #expect(TemplateSet.empty.names.isEmpty)
    }

    @Test("a template from an editor on Windows")
    func windows() {
        let (set, problems) = TemplateSet.compile(sources: [
            source("x", "\u{FEFF}Subject: Hi\r\n\r\n{{today}}\r\nb\r\n")
        ])
        #expect(problems.isEmpty)
        #expect(set.render("x", language: .english, values: values())?.text == "23 November 2026\nb\n")
    }

    @Test("the language and name of a path")
    func paths() {
        let source = TemplateSource(path: "templates/zh-Hant/receipt.mustache", text: "")
        #expect(source?.name == "receipt")
        #expect(source?.language == .traditionalChinese)
        #expect(TemplateSource(path: "templates/README.md", text: "") == nil)
        #expect(TemplateSource(path: "receipt.mustache", text: "") == nil)
    }
}

extension Language: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(value) }
}

func source(_ name: String, _ text: String, language: Language = .english) -> TemplateSource {
    TemplateSource(
        name: name, language: language, text: text,
        location: SourceLocation(file: "templates/\(language)/\(name).mustache"))
}

func values(
    subject: String = "", name: String? = nil, organisation: String = "Example Ltd", signature: [String] = [],
    deadline: String? = nil
) -> TemplateValues {
    TemplateValues(
        ticket: TicketNumber(1001), subject: subject, name: name, organisation: organisation, signature: signature,
        deadline: deadline, today: "23 November 2026")
}
