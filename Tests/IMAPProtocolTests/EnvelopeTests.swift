import IMAPProtocol
import Testing

func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

private func person(_ name: String?, _ local: String?, _ domain: String?) -> Envelope.Address {
    Envelope.Address(displayName: name.map(utf8), localPart: local.map(utf8), domain: domain.map(utf8))
}

func entry(_ name: String?, _ local: String?, _ domain: String?) -> Envelope.Entry {
    .address(person(name, local, domain))
}

func envelope(_ change: (inout Envelope) -> Void) -> Envelope {
    var envelope = Envelope()
    change(&envelope)
    return envelope
}

/// A FETCH of an ENVELOPE whose To is this.
private func toRow(_ name: String, _ to: String, gives entries: [Envelope.Entry]?) -> ResponseRow {
    ResponseRow(
        name, "* 1 FETCH (UID 4 ENVELOPE (NIL NIL NIL NIL NIL \(to) NIL NIL NIL NIL))\n",
        gives: fetch(1) { data in
            data.uid = 4
            data.envelope = entries.map { entries in envelope { $0.to = entries } }
        })
}

let envelopeRows: [ResponseRow] = [
    .init(
        "an envelope",
        """
        * 12 FETCH (ENVELOPE ("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "Order \\"7\\"" \
        (("Ada Example" NIL "ada" "example.com")) (("Ada Example" NIL "ada" "example.com")) \
        ((NIL NIL "reply" "example.com")) ((NIL NIL "support" "shop.example")("Bob" NIL "bob" "shop.example")) \
        NIL ((NIL NIL "archive" "shop.example")) "<a@example.com>" "<b@example.com>") UID 9)

        """,
        gives: fetch(12) {
            $0.uid = 9
            $0.envelope = envelope {
                $0.date = utf8("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)")
                $0.subject = utf8("Order \"7\"")
                $0.from = [entry("Ada Example", "ada", "example.com")]
                $0.sender = $0.from
                $0.replyTo = [entry(nil, "reply", "example.com")]
                $0.to = [entry(nil, "support", "shop.example"), entry("Bob", "bob", "shop.example")]
                $0.bcc = [entry(nil, "archive", "shop.example")]
                $0.inReplyTo = utf8("<a@example.com>")
                $0.messageID = utf8("<b@example.com>")
            }
        }),
    .init(
        "a subject as a literal holds anything",
        "* 1 FETCH (ENVELOPE (NIL {9}\na)\n\"({3} NIL NIL NIL NIL NIL NIL NIL NIL) UID 2)\n",
        gives: fetch(1) {
            $0.uid = 2
            $0.envelope = envelope { $0.subject = utf8("a)\r\n\"({3}") }
        }),
    .init(
        "what a later standard adds is read over",
        "* 1 FETCH (ENVELOPE (NIL \"s\" NIL NIL NIL NIL NIL NIL NIL NIL \"x\" (1 (2))) UID 2)\n",
        gives: fetch(1) {
            $0.uid = 2
            $0.envelope = envelope { $0.subject = utf8("s") }
        }),
    .init("no envelope", "* 1 FETCH (ENVELOPE NIL UID 2)\n", gives: fetch(1) { $0.uid = 2 }),
    .init(
        "an envelope that is too short costs only itself", "* 1 FETCH (ENVELOPE (NIL \"s\" NIL NIL) UID 2 FLAGS (a))\n",
        gives: fetch(1) {
            $0.uid = 2
            $0.flags = ["a"]
        }),
    .init(
        "an envelope with a number for a subject costs only itself, literals and all",
        "* 1 FETCH (ENVELOPE ({1}\na 7 ({2}\nbc) NIL) BODY[] {1}\nd)\n",
        gives: fetch(1) { $0.sections = [section("", "d")] }),
    toRow(
        "a group",
        "((NIL NIL \"team\" NIL)(NIL NIL \"a\" \"x\") (\"B\" NIL \"b\" \"y\")(NIL NIL NIL NIL)(NIL NIL \"c\" \"z\"))",
        gives: [
            .group(name: utf8("team"), members: [person(nil, "a", "x"), person("B", "b", "y")]), entry(nil, "c", "z"),
        ]
    ),
    toRow(
        "an empty group", "((NIL NIL \"undisclosed-recipients\" NIL)(NIL NIL NIL NIL))",
        gives: [.group(name: utf8("undisclosed-recipients"), members: [])]),
    toRow(
        "two local users are no group", "((NIL NIL \"root\" NIL)(NIL NIL \"cron\" NIL)(NIL NIL \"a\" \"x\"))",
        gives: [entry(nil, "root", nil), entry(nil, "cron", nil), entry(nil, "a", "x")]),
    toRow("a local user with a name", "((\"Cron\" NIL \"cron\" NIL))", gives: [entry("Cron", "cron", nil)]),
    toRow("the end of no group", "((NIL NIL NIL NIL)(NIL NIL \"a\" \"x\"))", gives: [entry(nil, "a", "x")]),
    toRow("an empty list for NIL", "()", gives: []),
    toRow("a source route is dropped", "((NIL \"@r\" \"a\" \"x\"))", gives: [entry(nil, "a", "x")]),
    toRow("an address of three parts", "((NIL \"a\" \"x\"))", gives: nil),
    toRow("an address in UTF-8", "((\"é\" NIL \"è\" {3}\n投))", gives: [entry("é", "è", "投")]),
]

// MARK: - Structures

func part(
    _ number: String, in parent: Int? = nil, _ type: String, _ change: (inout BodyPart) -> Void = { _ in }
) -> BodyPart {
    var part = BodyPart(number: number, parent: parent, mediaType: type)
    change(&part)
    return part
}

func parameters(_ pairs: (String, String)...) -> [BodyPart.Parameter] {
    pairs.map { BodyPart.Parameter(name: $0.0, value: utf8($0.1)) }
}

private func structureRow(
    _ name: String, _ structure: String, item: String = "BODYSTRUCTURE", gives parts: [BodyPart]?
) -> ResponseRow {
    ResponseRow(
        name, "* 1 FETCH (\(item) \(structure) UID 4)\n",
        gives: fetch(1) {
            $0.uid = 4
            $0.structure = parts.map(BodyStructure.init)
        })
}

private func text(
    _ number: String, in parent: Int? = nil, _ size: UInt64, _ lines: UInt64, _ type: String = "text/plain"
) -> BodyPart {
    part(number, in: parent, type) {
        $0.transferEncoding = "7bit"
        $0.size = size
        $0.lines = lines
    }
}

private let embeddedEnvelope = "(NIL \"inner\" NIL NIL NIL NIL NIL NIL NIL NIL)"

let structureRows: [ResponseRow] = [
    structureRow(
        "one text", #"("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3028 92)"#,
        gives: [
            part("1", "text/plain") {
                $0.parameters = parameters(("charset", "US-ASCII"))
                $0.transferEncoding = "7bit"
                $0.size = 3028
                $0.lines = 92
            }
        ]),
    structureRow(
        "BODY without extension data",
        #"(("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 2)("TEXT" "HTML" NIL NIL NIL "7BIT" 3 4) "ALTERNATIVE")"#,
        item: "BODY",
        gives: [part("", "multipart/alternative"), text("1", in: 0, 1, 2), text("2", in: 0, 3, 4, "text/html")]),
    structureRow(
        "all the extension data",
        #"(("text" "plain" NIL "<c@x>" "a text" "7bit" 1 2 "md5" ("inline" NIL) ("de" "en") "http://x/" 7 (8 "9")) "mixed" ("boundary" "b b") ("attachment" ("filename" "x")) "de" NIL "more" (1))"#,
        gives: [
            part("", "multipart/mixed") {
                $0.parameters = parameters(("boundary", "b b"))
                $0.disposition = .init(kind: "attachment", parameters: parameters(("filename", "x")))
                $0.languages = ["de"]
            },
            part("1", in: 0, "text/plain") {
                $0.contentID = utf8("<c@x>")
                $0.description = utf8("a text")
                $0.transferEncoding = "7bit"
                $0.size = 1
                $0.lines = 2
                $0.disposition = .init(kind: "inline", parameters: [])
                $0.languages = ["de", "en"]
                $0.location = utf8("http://x/")
            },
        ]),
    structureRow(
        "an embedded message and what is in it",
        #"(("text" "plain" NIL NIL NIL "7bit" 1 2) ("message" "rfc822" NIL NIL NIL "7bit" 900 \#(embeddedEnvelope) (("text" "plain" NIL NIL NIL "7bit" 3 4) ("text" "html" NIL NIL NIL "7bit" 5 6) "alternative") 20 NIL ("attachment" ("filename" "m.eml"))) ("message" "global" NIL NIL NIL "7bit" 80 \#(embeddedEnvelope) ("text" "plain" NIL NIL NIL "7bit" 7 8) 9) "mixed")"#,
        gives: [
            part("", "multipart/mixed"), text("1", in: 0, 1, 2),
            part("2", in: 0, "message/rfc822") {
                $0.transferEncoding = "7bit"
                $0.size = 900
                $0.lines = 20
                $0.envelope = envelope { $0.subject = utf8("inner") }
                $0.disposition = .init(kind: "attachment", parameters: parameters(("filename", "m.eml")))
            },
            part("2", in: 2, "multipart/alternative"), text("2.1", in: 3, 3, 4), text("2.2", in: 3, 5, 6, "text/html"),
            part("3", in: 0, "message/global") {
                $0.transferEncoding = "7bit"
                $0.size = 80
                $0.lines = 9
                $0.envelope = envelope { $0.subject = utf8("inner") }
            },
            text("3.1", in: 6, 7, 8),
        ]),
    structureRow(
        "a message that is only a message",
        #"("message" "rfc822" NIL NIL NIL "7bit" 90 \#(embeddedEnvelope) ("text" "plain" NIL NIL NIL "7bit" 7 8) 9)"#,
        gives: [
            part("1", "message/rfc822") {
                $0.transferEncoding = "7bit"
                $0.size = 90
                $0.lines = 9
                $0.envelope = envelope { $0.subject = utf8("inner") }
            }, text("1.1", in: 0, 7, 8),
        ]),
    structureRow(
        "a multipart in a multipart",
        #"((("text" "plain" NIL NIL NIL "7bit" 1 2)("text" "plain" NIL NIL NIL "7bit" 3 4) "alternative")("text" "plain" NIL NIL NIL "7bit" 5 6) "mixed")"#,
        gives: [
            part("", "multipart/mixed"), part("1", in: 0, "multipart/alternative"), text("1.1", in: 1, 1, 2),
            text("1.2", in: 1, 3, 4), text("2", in: 0, 5, 6),
        ]),
    structureRow(
        "file names as literals",
        "(\"application\" \"pdf\" (\"name\" {3}\na)\") NIL NIL \"base64\" 7 NIL (\"attachment\" (\"filename\" {6}\n投诉)) NIL)",
        gives: [
            part("1", "application/pdf") {
                $0.parameters = parameters(("name", "a)\""))
                $0.transferEncoding = "base64"
                $0.size = 7
                $0.disposition = .init(kind: "attachment", parameters: parameters(("filename", "投诉")))
            }
        ]),
    structureRow(
        "an embedded message that is described like a file",
        #"("message" "rfc822" ("name" "m.eml") NIL NIL "base64" 90 NIL ("attachment" NIL) NIL NIL)"#,
        gives: [
            part("1", "message/rfc822") {
                $0.parameters = parameters(("name", "m.eml"))
                $0.transferEncoding = "base64"
                $0.size = 90
                $0.disposition = .init(kind: "attachment", parameters: [])
            }
        ]),
    structureRow(
        "NIL and words where strings should be", #"(NIL NIL NIL NIL NIL NIL NIL NIL attachment)"#,
        gives: [part("1", "/") { $0.disposition = .init(kind: "attachment", parameters: []) }]),
    structureRow("no structure", "NIL", gives: nil),
    structureRow("an empty list", "()", gives: nil),
    structureRow(
        "a broken one costs only itself", #"(("text" "plain" (1 (2)) NIL NIL "7bit" 1 2) "mixed")"#, gives: nil),
    structureRow("a part that ends too soon", #"(("text" "plain") "mixed")"#, gives: nil),
]
