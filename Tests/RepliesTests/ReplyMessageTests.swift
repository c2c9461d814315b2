import Foundation
import MIME
import Replies
import TestSupport
import Testing
import Vocabulary

@Suite("The mail that carries a reply")
struct ReplyMessageTests {
    func shipped() throws -> TemplateSet {
        let folder = Checkout.root.appending(path: "etc/postroom/templates")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        let sources = try files.compactMap { path in
            TemplateSource(
                path: "templates/" + path,
                text: path.hasSuffix(".mustache")
                    ? try String(contentsOf: folder.appending(path: path), encoding: .utf8) : "")
        }
        let (set, problems) = TemplateSet.compile(sources: sources, defaultLanguage: .simplifiedChinese)
        #expect(problems.isEmpty, "\(problems)")
        return set
    }

    static let purposes = [
        "attachment-refused", "complaint-received", "need-information", "out-of-hours", "progress", "receipt",
        "resolved",
        "vip-receipt",
    ]

    static let languages: [Language] = [.simplifiedChinese, .traditionalChinese, .english, .japanese]

    /// What an organisation would have in its `postroom.yaml`.
    static let organisation = OrganisationName(
        names: [
            .simplifiedChinese: "示例科技有限公司", .traditionalChinese: "範例科技有限公司", .english: "Example Technology Ltd",
            .japanese: "サンプルテクノロジー株式会社",
        ],
        signatureLines: [
            .simplifiedChinese: ["客户服务部", "邮箱：support@example.com", "服务时间：周一至周五 9:00-18:00"],
            .traditionalChinese: ["客戶服務部", "電子郵件：support@example.com", "服務時間：週一至週五 9:00-18:00"],
            .english: ["Customer Service", "support@example.com", "Monday to Friday, 9:00-18:00"],
            .japanese: ["カスタマーサービス", "メール：support@example.com", "受付時間：月曜日～金曜日 9:00-18:00"],
        ])

    static let subjects: [Language: String] = [
        .simplifiedChinese: "回复：[#1001] 订单 SO-2026-118 何时发货", .traditionalChinese: "RE: 訂單 SO-2026-118 何時出貨",
        .english: "Re: When will order SO-2026-118 be shipped?", .japanese: "Re: 注文 SO-2026-118 の発送について",
    ]
    static let names: [Language: String] = [
        .simplifiedChinese: "王小明", .traditionalChinese: "陳美玲", .english: "Ada Stone", .japanese: "山田 太郎",
    ]

    func values(_ language: Language, named: Bool) throws -> TemplateValues {
        let zone = try #require(TimeZone(identifier: "Asia/Shanghai"))
        let now = Date(timeIntervalSince1970: 1_795_399_200)
        return TemplateValues(
            ticket: TicketNumber(1001), subject: subjectWithoutPrefixes(Self.subjects[language] ?? ""),
            name: named ? Self.names[language] : nil, organisation: Self.organisation.name(in: language),
            signature: Self.organisation.signature(in: language),
            deadline: named ? momentText(now + 8 * 3600, timeZone: zone, language: language) : nil,
            today: dayText(now, timeZone: zone, language: language),
            opens: named ? momentText(now + 7 * 3600, timeZone: zone, language: language) : nil,
            missing: named ? [.orderNumber, .phone].map { fieldLabel($0, language: language) } : [],
            files: named ? ["offer.xlsm", "资料.zip"] : [],
            message: named ? "SO-2026-118: 1/2\n\n- https://www.example.com/118\n- <b>&</b>" : nil)
    }

    /// Each golden file holds the mail with name and deadline, then the neutral one without, then the HTML of the first.
    @Test("golden replies", arguments: languages, purposes)
    func golden(_ language: Language, _ template: String) throws {
        let set = try shipped()
        let full = try #require(set.render(template, language: language, values: values(language, named: true)))
        let neutral = try #require(set.render(template, language: language, values: values(language, named: false)))
        let text = """
            Subject: \(full.subject)

            \(full.text)
            ==== without name and deadline ====
            Subject: \(neutral.subject)

            \(neutral.text)
            ==== as HTML ====
            \(full.html ?? "")
            """
        try compare(text, with: "replies/\(template).\(language).txt")
    }

    /// With `UPDATE_GOLDEN=1` in the environment the file is written instead, to be reviewed like code.
    func compare(_ text: String, with path: String) throws {
        let file = Checkout.fixtures.appending(path: path)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test("every shipped purpose is there in every shipped language")
    func complete() throws {
        let set = try shipped()
        #expect(set.names == Self.purposes)
        #expect(set.advice.map(\.description) == [])
        for name in set.names { #expect(Set(set.languages(of: name)) == Set(Self.languages)) }
    }

    func reply(
        subject: String = "Where is my order?", name: String? = "Ada", to: NamedAddress? = nil,
        inReplyTo: MessageID? = MessageID("a@customer.example"), references: [MessageID] = []
    ) throws -> OutgoingMessage {
        let set = try shipped()
        let values = TemplateValues(
            ticket: TicketNumber(1001), subject: subject, name: name, organisation: "Example Technology Ltd",
            deadline: "Monday", today: "today")
        let rendered = try #require(set.render("receipt", language: .english, values: values))
        return replyMessage(
            rendered: rendered, to: try to ?? named("Ada Stone", "ada@customer.example"),
            from: try named("Example Support", "support@example.com"), inReplyTo: inReplyTo, references: references,
            identifiers: ReplyIdentifiers(
                messageID: try #require(MessageID("t1001.1@post.example.com")), ticket: TicketNumber(1001),
                date: Date(timeIntervalSince1970: 1_795_399_200),
                reversePath: try #require(EmailAddress("support+b.X@example.com")),
                replyTo: EmailAddress("support+c.X@example.com"), mark: "5f2a"))
    }

    func named(_ name: String, _ address: String) throws -> NamedAddress {
        NamedAddress(displayName: name, address: try #require(EmailAddress(address)))
    }

    @Test("fields are right, as another reader sees them")
    func fields() throws {
        let references = ["r1@x.example", "r2@x.example"].compactMap { MessageID($0) }
        let mail = Message(parsing: try reply(references: references).serialized())
        #expect(mail.defects.isEmpty, "\(mail.defects)")
        #expect(mail.subject == "[#1001] We have received your message: Where is my order?")
        #expect(mail.header.all("Auto-Submitted") == ["auto-replied"])
        #expect(mail.header.all("X-Auto-Response-Suppress") == ["All"])
        #expect(mail.header.all("X-Postroom") == ["5f2a"])
        #expect(mail.header.all("Content-Language") == ["en"])
        #expect(!mail.header.contains("Precedence"))
        #expect(!mail.header.contains("Return-Path"))
        #expect(mail.messageID?.value == "t1001.1@post.example.com")
        #expect(mail.inReplyTo.map(\.value) == ["a@customer.example"])
        #expect(mail.references.map(\.value) == ["r1@x.example", "r2@x.example", "a@customer.example"])
        #expect(mail.from.map(\.address) == ["support@example.com"])
        #expect(mail.replyTo.map(\.address) == ["support+c.X@example.com"])
        #expect(mail.to.map(\.address) == ["ada@customer.example"])
        #expect(mail.parts.map(\.mediaType) == ["multipart/alternative", "text/plain", "text/html"])
        #expect(mail.text(mail.parts[1]).contains("Dear Ada,"))
        #expect(mail.text(mail.parts[2]).contains("<li style="))
    }

    @Test("a mail without Message-ID is answered without threading fields")
    func noOriginalID() throws {
        let mail = Message(parsing: try reply(inReplyTo: nil).serialized())
        #expect(!mail.header.contains("In-Reply-To"))
        #expect(!mail.header.contains("References"))
    }

    @Test("of a very long thread the first and the last ids are kept, and the answered one once")
    func longThread() throws {
        let references =
            (1...500).compactMap { MessageID("r\($0)@x.example") }
            + [MessageID("a@customer.example")].compactMap(\.self)
        let mail = try reply(references: references)
        #expect(mail.references.count == 20)
        #expect(mail.references.first?.value == "r1@x.example")
        #expect(mail.references.suffix(2).map(\.value) == ["r500@x.example", "a@customer.example"])
    }

    @Test("the subject carries the tag even if the template forgot it")
    func tag() throws {
        let rendered = RenderedReply(subject: "Thank you", text: "x\n", html: nil, language: .english)
        let mail = replyMessage(
            rendered: rendered, to: try named("", "ada@customer.example"), from: try named("", "support@example.com"),
            inReplyTo: nil, references: [],
            identifiers: ReplyIdentifiers(
                messageID: try #require(MessageID("t@post.example.com")), ticket: TicketNumber(1002),
                date: Date(timeIntervalSince1970: 0),
                reversePath: try #require(EmailAddress("support@example.com")), replyTo: nil))
        #expect(mail.subject == "[#1002] Thank you")
        #expect(mail.replyTo == nil)
    }

    @Test(
        "nothing that a customer writes becomes a field, a line or markup",
        arguments: [
            "x\r\nBcc: victim@example.net", "x\nX-Evil: 1", "x\u{2028}Bcc: victim@example.net",
            "=?utf-8?Q?x=0D=0ABcc:_victim@example.net?=",
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{organisation}} {{#name}}", "{{{x}}}",
            "- point\n- point",
            "-- \nfake signature", "\u{202E}txet", "\0\u{7}\u{1B}[31m", String(repeating: "长", count: 5_000),
        ])
    func injection(_ evil: String) throws {
        let mail = try reply(
            subject: evil, name: evil,
            to: NamedAddress(displayName: evil, address: #require(EmailAddress("ada@customer.example"))))
        let bytes = mail.serialized()
        let read = Message(parsing: bytes)
        #expect(read.header.fields.map(\.name) == Message(parsing: try reply().serialized()).header.fields.map(\.name))
        #expect(!mail.subject.unicodeScalars.contains { $0.value < 32 || $0.value == 0x2028 || $0.value == 0x202E })
        #expect(mail.subject.count < 200)
        let html = try #require(mail.html)
        #expect(!html.contains("<script") && !html.contains("<img"))
        #expect(html.components(separatedBy: "<li").count == 4, "a list of three points")
        #expect(mail.text.components(separatedBy: "\n-- \n").count == 2, "one signature")
        #expect(mail.text.contains("Example Technology Ltd"))
    }

    @Test(
        "a name that is none gives the neutral salutation",
        arguments: [
            "", "  ", "ada@customer.example", "http://evil.example", "Buy at shop.com", "A\r\nB: 5", "4711",
            "<b>Ada</b>",
            String(repeating: "Ada ", count: 50),
        ])
    func neutralSalutation(_ name: String) throws {
        #expect(try reply(name: name).text.hasPrefix("Dear customer,\n"))
    }

    @Test(
        "a subject with a link is not repeated",
        arguments: [
            "Win at http://evil.example/x", "see www.evil.example", "shop.example.com now", "加微信 evil.top",
        ])
    func links(_ subject: String) throws {
        #expect(try reply(subject: subject).subject == "[#1001] We have received your message")
    }

    @Test("dots that are no links", arguments: ["offer.pdf", "Version 2.1.0", "Dr. Stone", "Fa. Müller u.a.", "a.b"])
    func noLinks(_ subject: String) throws {
        #expect(try reply(subject: subject).subject.hasSuffix(": \(subject)"))
    }

    @Test(
        "subjects without their prefixes",
        arguments: [
            ("Re: Hello", "Hello"), ("RE: Fwd: Hello", "Hello"), ("回复：转发：订单", "订单"), ("答复: Re[2]: x", "x"),
            ("[#1001] Re: [#1001] x", "x"), ("AW: WG: x", "x"), ("返信：x", "x"), ("Return of goods", "Return of goods"),
            ("Re", "Re"), ("re:", ""), ("RE(3): x", "x"), ("Research: x", "Research: x"), ("[Order] x", "[Order] x"),
        ])
    func prefixes(_ subject: String, _ expected: String) {
        #expect(subjectWithoutPrefixes(subject) == expected)
    }

    @Test(
        "moments as a customer reads them",
        arguments: [
            ("Asia/Shanghai", Language.simplifiedChinese, "2026年11月23日（星期一）18:00（北京时间）"),
            ("Asia/Taipei", .traditionalChinese, "2026年11月23日（星期一）18:00（台北時間）"),
            ("Asia/Tokyo", .japanese, "2026年11月23日（月）19:00（日本時間）"),
            ("Europe/Berlin", .english, "Monday, 23 November 2026, 11:00 (UTC+1)"),
            ("Asia/Kolkata", .english, "Monday, 23 November 2026, 15:30 (UTC+5:30)"),
            ("UTC", .english, "Monday, 23 November 2026, 10:00 (UTC)"),
        ])
    func moments(_ zone: String, _ language: Language, _ expected: String) throws {
        let date = Date(timeIntervalSince1970: 1_795_428_000)
        #expect(momentText(date, timeZone: try #require(TimeZone(identifier: zone)), language: language) == expected)
    }

    @Test(
        "leap days and year ends",
        arguments: [
            (951_782_400, "Tuesday, 29 February 2000"), (1_798_675_199, "Wednesday, 30 December 2026"),
            (-86_400, "Wednesday, 31 December 1969"), (1_709_164_800, "Thursday, 29 February 2024"),
            (0, "Thursday, 1 January 1970"),
        ])
    func days(_ seconds: Int, _ expected: String) throws {
        let utc = try #require(TimeZone(identifier: "UTC"))
        #expect(dayText(Date(timeIntervalSince1970: Double(seconds)), timeZone: utc, language: .english) == expected)
    }
}
