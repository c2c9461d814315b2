import MIME
import Testing
import Vocabulary

/// A message of these header lines.
private func header(_ lines: String) -> Header { Message(parsing: Array((lines + "\n\n").utf8)).header }

private func kinds(_ defects: [Defect]) -> [Defect.Kind] { defects.map(\.kind) }

@Suite("Authentication-Results (RFC 8601 section 2.2)")
struct AuthenticationResultsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String
        /// `id version: method/version=result "reason" type.name=value | …`.
        let expected: String
        var isBad = false
    }

    static func show(_ found: AuthenticationResults) -> String {
        let results = found.results.map { result in
            let version = result.version.map { "/\($0)" } ?? ""
            let reason = result.reason.map { " \"\($0)\"" } ?? ""
            let properties = result.properties.map { " \($0.type).\($0.name)=\($0.value)" }.joined()
            return result.method + version + "=" + result.result + reason + properties
        }
        let version = found.version.map { " \($0)" } ?? ""
        return "\(found.authservID ?? "-")\(version): "
            + (found.saysNone ? "none" : results.joined(separator: " | "))
    }

    @Test(
        "read as data",
        arguments: [
            Row(
                testDescription: "nothing was checked (appendix B.2)", body: "example.org 1; none",
                expected: "example.org 1: none"),
            Row(
                testDescription: "one method with a property (B.3)",
                body: "example.com;\r\n          spf=pass smtp.mailfrom=example.net",
                expected: "example.com: spf=pass smtp.mailfrom=example.net"),
            Row(
                testDescription: "several methods with comments (B.5)",
                body:
                    "example.com;\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=pass smtp.mailfrom=example.net",
                expected: "example.com: auth=pass smtp.auth=sender@example.net | spf=pass smtp.mailfrom=example.net"),
            Row(
                testDescription: "a reason in quotes (B.6)",
                body: "example.com; dkim=pass reason=\"good signature; really\" header.i=@mail.example.net",
                expected: "example.com: dkim=pass \"good signature; really\" header.i=@mail.example.net"),
            Row(
                testDescription: "comments and white space wherever they are allowed (B.7)",
                body:
                    "foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n policy (A dot can go here) . (like that) expired\r\n (this surprised me) = (as I wanted to see it) 1362471462",
                expected: "foo.example.net 1: dkim/1=fail policy.expired=1362471462"),
            Row(
                testDescription: "upper case: names and results are lower-cased, values are not",
                body: "MX.Example.com; DKIM=Pass Header.D=Example.NET",
                expected: "MX.Example.com: dkim=pass header.d=Example.NET"),
            Row(
                testDescription: "a value that ends in an equals sign takes nothing from the next",
                body: "mx.example.com; dkim=pass header.b=abc= header.d=example.net",
                expected: "mx.example.com: dkim=pass header.b=abc= header.d=example.net"),
            Row(
                testDescription: "a null sender leaves its property empty",
                body: "mx.example.com; spf=none smtp.mailfrom= smtp.helo=a.example; dkim=none",
                expected: "mx.example.com: spf=none smtp.mailfrom= smtp.helo=a.example | dkim=none"),
            Row(
                testDescription: "a quoted local part",
                body: "mx.example.com; spf=pass smtp.mailfrom=\"a;b\"@example.net",
                expected: "mx.example.com: spf=pass smtp.mailfrom=a;b@example.net"),
            Row(
                testDescription: "a property without type, as one large provider writes",
                body: "mx.example.com; dmarc=pass action=none header.from=example.net",
                expected: "mx.example.com: dmarc=pass .action=none header.from=example.net"),
            Row(
                testDescription: "without authserv-id, as the same one does",
                body: "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.net; dkim=none",
                expected: "-: spf=pass smtp.mailfrom=example.net | dkim=none", isBad: true),
            Row(
                testDescription: "a statement in a comment is none", body: "mx.example.com; spf=none (; dkim=pass)",
                expected: "mx.example.com: spf=none"),
            Row(
                testDescription: "an open comment hides what follows",
                body: "mx.example.com; spf=none (oh; dkim=pass header.d=example.net",
                expected: "mx.example.com: spf=none", isBad: true),
            Row(
                testDescription: "so does an open quote",
                body: "mx.example.com; spf=none reason=\"oh; dkim=pass header.d=example.net",
                expected: "mx.example.com: spf=none \"oh; dkim=pass header.d=example.net\"", isBad: true),
            Row(
                testDescription: "encoded words are not decoded: they could hold a semicolon",
                body: "mx.example.com; spf=none =?utf-8?q?=3B_dkim=3Dpass?=",
                expected: "mx.example.com: spf=none .=?utf-8?q?=3B_dkim=3Dpass?="),
            Row(
                testDescription: "words that are no statement", body: "mx.example.com; hello there",
                expected: "mx.example.com: ", isBad: true),
            Row(
                testDescription: "a semicolon at the end", body: "mx.example.com; spf=pass;",
                expected: "mx.example.com: spf=pass"),
            Row(testDescription: "nothing at all", body: "", expected: "-: ", isBad: true),
        ])
    func reads(_ row: Row) {
        let found = header("Authentication-Results: \(row.body)").authenticationResults
        #expect(found.map(Self.show) == [row.expected])
        #expect(kinds(found[0].defects).contains(.badAuthenticationResults) == row.isBad)
    }

    @Test("comments are kept with what they stand beside")
    func comments() throws {
        let found = try #require(
            header(
                "Authentication-Results: mx (ours) ; dkim=pass (2048-bit (RSA) key) header.d=a.example (x); spf=none"
            )
            .authenticationResults.first)
        #expect(found.comments == ["ours"])
        #expect(found.results.map(\.comments) == [["2048-bit (RSA) key", "x"], []])
        #expect(found.results[0]["header.d"] == "a.example")
        #expect(found.results[0]["header.i"] == nil)
    }
}

@Suite("Received (RFC 5321 section 4.4)")
struct ReceivedTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String
        /// `name addresses > by via with id for date`, a dash for what is missing.
        let expected: String
        var isBad = false
    }

    static func show(_ hop: Received) -> String {
        let from = hop.from.map { ([$0.name] + $0.addresses.map(\.description)).joined(separator: " ") } ?? "-"
        return [
            from, ">", hop.by?.name ?? "-", hop.via ?? "-", hop.with ?? "-", hop.id ?? "-",
            hop.recipient?.address ?? "-", hop.date.map { "\($0)" } ?? "-",
        ].joined(separator: " ")
    }

    @Test(
        "clauses",
        arguments: [
            Row(
                testDescription: "Postfix",
                body:
                    "from mail.example.net (mail.example.net [192.0.2.7])\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n\tby mx.example.com (Postfix) with ESMTPS id 4XzAbC\r\n\tfor <ada@example.com>; Tue, 10 Mar 2026 09:15:30 +0800 (CST)",
                expected: "mail.example.net 192.0.2.7 > mx.example.com - ESMTPS 4XzAbC ada@example.com 1773105330"),
            Row(
                testDescription: "Exim, which puts the address where it knows no name",
                body:
                    "from [192.0.2.7] (helo=laptop) by mx.example.com with esmtp (Exim 4.96) id 1x-2y; 10 Mar 2026 01:15:30 GMT",
                expected: "[192.0.2.7] 192.0.2.7 > mx.example.com - esmtp 1x-2y - 1773105330"),
            Row(
                testDescription: "Exchange, with a protocol of several words",
                body:
                    "from A.example.com (2001:db8::1) by B.example.com (2001:DB8:0:0::2)\r\n with Microsoft SMTP Server (TLS) id 15.2.1; Tue, 10 Mar 2026 01:15:30 +0000",
                expected: "A.example.com 2001:db8::1 > B.example.com - Microsoft SMTP Server 15.2.1 - 1773105330"),
            Row(
                testDescription: "qmail, first line",
                body: "(qmail 123 invoked from network); 10 Mar 2026 01:15:30 -0000",
                expected: "- > - - - - - 1773105330"),
            Row(
                testDescription: "qmail, second line: addresses without brackets",
                body: "from unknown (HELO desk) (192.0.2.7)\n  by mx.example.com with SMTP; 10 Mar 2026 01:15:30 -0000",
                expected: "unknown 192.0.2.7 > mx.example.com - SMTP - - 1773105330"),
            Row(
                testDescription: "an address of RFC 5321 section 4.1.3 and a via",
                body:
                    "from a.example ([IPv6:2001:db8::7]:2525) by b.example via TCP with SMTP; Tue, 10 Mar 2026 01:15:30 +0000",
                expected: "a.example 2001:db8::7 > b.example TCP SMTP - - 1773105330"),
            Row(
                testDescription: "no client", body: "by mx.example.com with HTTP; Tue, 10 Mar 2026 01:15:30 +0000",
                expected: "- > mx.example.com - HTTP - - 1773105330"),
            Row(
                testDescription: "the name of the client is missing",
                body: "from (desk [192.0.2.7]) by mx.example.com with SMTP; Tue, 10 Mar 2026 01:15:30 +0000",
                expected: " 192.0.2.7 > mx.example.com - SMTP - - 1773105330"),
            Row(
                testDescription: "a client that calls itself by a keyword",
                body: "from by (evil.example [192.0.2.7]) by mx.example.com with SMTP; Tue, 10 Mar 2026 01:15:30 +0000",
                expected: "by 192.0.2.7 > mx.example.com - SMTP - - 1773105330"),
            Row(
                testDescription: "one that opens a quote, closed far behind",
                body:
                    "from \"a (x [192.0.2.7]) by mx.example.com with SMTP for <\"b by c with LMTP\"@example.com>; Tue, 10 Mar 2026 01:15:30 +0000",
                expected: "\"a 192.0.2.7 > mx.example.com - SMTP - \"b by c with LMTP\"@example.com 1773105330"),
            Row(
                testDescription: "one that writes whole clauses makes the field doubtful",
                body:
                    "from x by y with LMTP (evil [192.0.2.7]) by mx.example.com with ESMTP; Tue, 10 Mar 2026 01:15:30 +0000",
                expected: "x > y - LMTP - - 1773105330", isBad: true),
            Row(
                testDescription: "an open parenthesis hides the rest",
                body: "from ( (x [192.0.2.7]) by mx.example.com with SMTP; Tue, 10 Mar 2026 01:15:30 +0000",
                expected: " 192.0.2.7 > - - - - - -", isBad: true),
            Row(
                testDescription: "a semicolon before the one of the date",
                body: "from a.example by b.example id x;y with SMTP; Tue, 10 Mar 2026 01:15:30 +0000",
                expected: "a.example > b.example - SMTP x - 1773105330"),
            Row(
                testDescription: "nothing that can be read", body: "apparently", expected: "- > - - - - - -",
                isBad: true),
        ])
    func reads(_ row: Row) {
        let hops = header("Received: \(row.body)").received
        #expect(hops.map(Self.show) == [row.expected])
        #expect(kinds(hops[0].defects).contains(.badReceived) == row.isBad)
        #expect(kinds(hops[0].defects).contains(.badDate) == (hops[0].date == nil))
    }

    @Test("hops are in the order of the header, the last one first")
    func order() {
        let hops = header("Received: by c.example; x\nSubject: s\nRECEIVED: by b.example\nReceived: by a.example")
            .received
        #expect(hops.map(\.by?.name) == ["c.example", "b.example", "a.example"])
    }

    @Test("comments stay with the host that they describe")
    func information() {
        let hop = header("Received: from a (b [192.0.2.1]) (TLS) by c (Postfix) with SMTP (x)").received[0]
        #expect(hop.from?.info == ["b [192.0.2.1]", "TLS"])
        #expect(hop.by?.info == ["Postfix"])
        #expect(hop.comments == ["x"])
    }
}

@Suite("IP addresses in fields")
struct IPAddressTests {
    @Test(
        "read, and written as RFC 5952 asks",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("[192.0.2.7]", "192.0.2.7"), ("[IPv6:2001:DB8::1]", "2001:db8::1"),
            ("2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"), ("::", "::"), ("::1", "::1"),
            ("1::", "1::"),
            ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:1:1:1:0:1", "2001:db8:1:1:1:1:0:1"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("256.0.0.1", nil), ("1.2.3", nil), ("1.2.3.4.5", nil),
            ("1..2.3", nil), ("::1::", nil), ("1:2:3:4:5:6:7", nil), ("1:2:3:4:5:6:7:8:9", nil), ("12345::", nil),
            (":1", nil), ("1:", nil), ("1:2:3:4:5:6:7:8::", nil), ("mail.example.com", nil), ("", nil), ("[]", nil),
            ("::g", nil),
        ] as [(String, String?)])
    func spellings(_ text: String, _ expected: String?) {
        #expect(IPAddress(text)?.description == expected)
    }

    @Test(
        "loopback",
        arguments: [
            ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("::ffff:127.0.0.1", true), ("128.0.0.1", false),
            ("::2", false), ("::", false), ("7f00::1", false),
        ])
    func loopback(_ text: String, _ expected: Bool) {
        #expect(IPAddress(text)?.isLoopback == expected)
    }
}

@Suite("Auto-Submitted (RFC 3834 section 5)")
struct AutoSubmittedTests {
    @Test(
        "keyword and parameters",
        arguments: [
            ("auto-replied", "auto-replied", nil, false), ("Auto-Generated", "auto-generated", nil, false),
            ("(a comment) no (really)", "no", nil, false),
            ("auto-notified; owner-email=\"ada@example.com\"", "auto-notified", "ada@example.com", false),
            ("auto-generated ; (x) owner-email=ada@example.com (y)", "auto-generated", "ada@example.com", false),
            ("auto-replied (vacation) by hand", "auto-replied", nil, true), ("", "", nil, true),
            ("auto-replied, auto-generated", "auto-replied", nil, true),
        ] as [(String, String, String?, Bool)])
    func reads(_ body: String, _ keyword: String, _ owner: String?, _ isBad: Bool) throws {
        let found = try #require(header("Auto-Submitted: \(body)").autoSubmitted)
        #expect(found.keyword == keyword)
        #expect(found.parameters["owner-email"] == owner)
        #expect(kinds(found.defects).contains(.badAutoSubmitted) == isBad)
    }

    @Test func noField() { #expect(header("Subject: x").autoSubmitted == nil) }
}

@Suite("List fields (RFC 2369, RFC 2919, RFC 8058)")
struct ListFieldTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String
        let uris: [String]
        var isBad = false
    }

    @Test(
        "URIs of a field",
        arguments: [
            Row(
                testDescription: "in the order of preference, with comments (RFC 2369 section 2)",
                body: "<ftp://ftp.example.com/list.txt> (FTP), <mailto:list@example.com?subject=help> (by mail)",
                uris: ["ftp://ftp.example.com/list.txt FTP", "mailto:list@example.com?subject=help by mail"]),
            Row(
                testDescription: "white space of folding inside the brackets", body: "<https://news.example/\r\n u/1>",
                uris: ["https://news.example/u/1"]),
            Row(
                testDescription: "commas and parentheses in a URI", body: "<https://news.example/u?a=1,2(3)>",
                uris: ["https://news.example/u?a=1,2(3)"]),
            Row(
                testDescription: "the comma between them is missing", body: "<https://a.example/> <mailto:b@c.example>",
                uris: ["https://a.example/", "mailto:b@c.example"]),
            Row(
                testDescription: "without brackets", body: "https://news.example/u/1",
                uris: ["https://news.example/u/1"], isBad: true),
            Row(
                testDescription: "the closing bracket is missing", body: "<https://news.example/u/1",
                uris: ["https://news.example/u/1"], isBad: true),
            Row(
                testDescription: "all of it in encoded words, as one gateway does",
                body: "=?us-ascii?Q?=3Chttps=3A//news.example/u/1=3E,_=3Cmailto=3Aa=40b.example=3E?=",
                uris: ["https://news.example/u/1", "mailto:a@b.example"], isBad: true),
            Row(testDescription: "words", body: "visit our page", uris: [], isBad: true),
            Row(testDescription: "empty brackets", body: "<>", uris: [], isBad: true),
            Row(testDescription: "nothing", body: "", uris: [], isBad: true),
        ])
    func uris(_ row: Row) {
        let list = header("List-Unsubscribe: \(row.body)").list
        #expect(list.unsubscribe.map { ([$0.text] + $0.comments).joined(separator: " ") } == row.uris)
        #expect(kinds(list.defects).contains(.badListField) == row.isBad)
    }

    @Test("all fields at once")
    func all() {
        let list = header(
            """
            List-Id: "Chess, and talk" <Chess.Club.Example>
            List-Help: <mailto:help@club.example>
            List-Subscribe: <https://club.example/s>
            List-Owner: <mailto:ada@club.example> (Ada)
            List-Archive: <https://club.example/archive>
            List-Post: NO (posting is closed)
            list-unsubscribe: <mailto:u@club.example>, <https://club.example/u>
            List-Unsubscribe-Post: List-Unsubscribe=One-Click
            """
        ).list
        #expect(list.id?.phrase == "Chess, and talk")
        #expect(list.id?.identifier == "chess.club.example")
        #expect(list.help.map(\.text) == ["mailto:help@club.example"])
        #expect(list.subscribe.map(\.scheme) == ["https"])
        #expect(list.owner.map(\.comments) == [["Ada"]])
        #expect(list.archive.map(\.text) == ["https://club.example/archive"])
        #expect(list.post.isEmpty && list.refusesPosts)
        #expect(list.oneClickURI?.text == "https://club.example/u")
        #expect(list.defects.isEmpty && !list.isEmpty)
    }

    @Test("one click needs an HTTPS URI (RFC 8058 section 3.1)")
    func oneClick() {
        let list = header(
            "List-Unsubscribe: <mailto:u@club.example>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click"
        ).list
        #expect(list.offersOneClick && list.oneClickURI == nil)
        #expect(header("List-Unsubscribe: <https://club.example/u>").list.oneClickURI == nil)
    }

    @Test(
        "identifiers (RFC 2919 section 2)",
        arguments: [
            ("<chess.club.example>", "|chess.club.example"), ("Chess <chess.club.example>", "Chess|chess.club.example"),
            ("=?utf-8?B?5qOL?= <qi.club.example>", "棋|qi.club.example"), ("chess.club.example", "|chess.club.example"),
            ("a <b> <c.example>", "a <b>|c.example"), ("=?utf-8?q?Chess_=3Cc.example=3E?=", "Chess|c.example"),
            ("Chess <c.example", "Chess|c.example"), ("<>", nil), ("", nil),
        ] as [(String, String?)])
    func identifiers(_ body: String, _ expected: String?) {
        let id = header("List-Id: \(body)").list.id
        #expect(id.map { "\($0.phrase)|\($0.identifier)" } == expected)
    }

    @Test("mailto URIs (RFC 6068)")
    func mailto() throws {
        let uri = try #require(
            header("List-Unsubscribe: <MAILTO:a%2Bb@c.example,d@e.example?Subject=leave%20now&body=x%0D%0ABcc:%20y>")
                .list.unsubscribe.first)
        #expect(uri.recipients.map(\.description) == ["a+b@c.example", "d@e.example"])
        #expect(uri.mailtoFields.map(\.name) == ["subject", "body"])
        #expect(uri.mailtoFields.map(\.value) == ["leave now", "x  Bcc: y"])
    }

    @Test("a mail that came through no list")
    func none() {
        let list = header("Subject: x").list
        #expect(list.isEmpty && list.defects.isEmpty)
    }

    @Test("a field that stands twice")
    func twice() {
        let list = header("List-Post: <mailto:a@b.example>\nList-Post: <mailto:c@d.example>").list
        #expect(list.post.map(\.text) == ["mailto:a@b.example"])
        #expect(kinds(list.defects) == [.duplicateField])
    }
}

@Suite("Structured fields of a hostile sender")
struct HostileFieldTests {
    static let pieces = [
        "(", ")", "()", "\"", "\\", "(\\", "<", ">", ";", ",", "=", ".", "/", "a=b ", "a.b=c ", ";a=b", "a/1=b;",
        "from ",
        "from a by b ", "[", "[1.2.3.4]", "1.2.3.4 ", ":", "::1 ", "<mailto:a@b>", "<", "=?utf-8?q?a?= ", " ", "\r\n ",
        "é",
        "\u{0}", "a",
    ]

    @Test("any piece, very often, is read once and little is kept", arguments: pieces)
    func repeated(_ piece: String) {
        let body = String(repeating: piece, count: 100_000 / piece.utf8.count)
        let fields = header(
            "Authentication-Results: \(body)\nReceived: \(body)\nAuto-Submitted: \(body)\nList-Id: \(body)\nList-Post: \(body)"
        )
        let results = fields.authenticationResults.flatMap(\.results)
        #expect(results.count + results.reduce(0) { $0 + $1.properties.count + $1.comments.count } <= 2_001)
        let hops = fields.received
        #expect(hops.allSatisfy { ($0.from?.info.count ?? 0) + $0.comments.count <= 2_000 })
        #expect(fields.list.post.count <= 1_000)
        #expect(fields.autoSubmitted != nil)
    }

    @Test("every split of a field is read without trouble")
    func cut() {
        let body =
            "from \"a\\\" (b(\\)c) [IPv6:2001:db8::1]) by <x> with y; =?utf-8?q?x?= d.e = f reason=\"g\";, <mailto:h%4"
        for length in 0...body.utf8.count {
            let part = String(decoding: body.utf8.prefix(length), as: UTF8.self)
            let fields = header(
                "Authentication-Results: \(part)\nReceived: \(part)\nAuto-Submitted: \(part)\nList-Id: \(part)\nList-Post: \(part)"
            )
            #expect(fields.authenticationResults.count == 1 && fields.received.count == 1)
            _ = (fields.autoSubmitted, fields.list.post.map(\.recipients), fields.list.id)
        }
    }
}
