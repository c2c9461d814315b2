import FoundationEssentials
import IMAPProtocol
import Testing
import Vocabulary

struct ResponseRow: Sendable, CustomTestStringConvertible {
    let name: String
    let wire: String
    let responses: [Response]
    var testDescription: String { name }

    init(_ name: String, _ wire: String, gives responses: Response...) {
        self.name = name
        self.wire = wire.replacing("\n", with: "\r\n")
        self.responses = responses
    }
}

func text(_ text: String) -> ResponseText { ResponseText(text: text) }

func fetch(_ sequence: UInt32, _ change: (inout FetchData) -> Void) -> Response {
    var data = FetchData(sequence: sequence)
    change(&data)
    return .fetch(data)
}

private func searched(_ change: (inout SearchResult) -> Void) -> Response {
    var result = SearchResult()
    change(&result)
    return .esearch(result)
}

func set(_ text: String) -> UIDSet { UIDSet(parsing: text) ?? UIDSet() }

func bytes(_ text: String) -> BodySection.Content { .bytes(Array(text.utf8)) }

func section(_ name: String, _ text: String, decoded: Bool = false) -> BodySection {
    BodySection(name: name, origin: nil, content: bytes(text), isDecoded: decoded)
}

func coded(_ code: ResponseCode, _ text: String) -> ResponseText { ResponseText(code: code, text: text) }

let statusRows: [ResponseRow] = [
    .init("a greeting", "* OK ready\n", gives: .untagged(.ok, text("ready"))),
    .init(
        "a greeting with a code", "* OK [CAPABILITY IMAP4rev1 idle] hi\n",
        gives: .untagged(.ok, ResponseText(code: .capability(["IMAP4REV1", "IDLE"]), text: "hi"))),
    .init("PREAUTH", "* PREAUTH you are in\n", gives: .untagged(.preauth, text("you are in"))),
    .init("BYE", "* BYE too many connections\n", gives: .untagged(.bye, text("too many connections"))),
    .init("a tagged OK", "p1 OK done\n", gives: .tagged(tag: "p1", .ok, text("done"))),
    .init("a tagged NO in small letters", "p1 no sorry\n", gives: .tagged(tag: "p1", .no, text("sorry"))),
    .init("a tagged BAD without words", "p1 BAD\n", gives: .tagged(tag: "p1", .bad, text(""))),
    .init(
        "TRYCREATE", "p2 NO [TRYCREATE] no such mailbox\n",
        gives: .tagged(tag: "p2", .no, ResponseText(code: .tryCreate, text: "no such mailbox"))),
    .init(
        "a code that we do not know keeps its words", "p2 NO [XGONE a b] gone\n",
        gives: .tagged(tag: "p2", .no, ResponseText(code: .unknown("XGONE", arguments: "a b"), text: "gone"))),
    .init(
        "a known code with nonsense in it", "* OK [UIDNEXT many] x\n",
        gives: .untagged(.ok, ResponseText(code: .unknown("UIDNEXT", arguments: "many"), text: "x"))),
    .init("a code without an end is words", "* OK [ALERT what\n", gives: .untagged(.ok, text("[ALERT what"))),
    .init(
        "a bracket inside quotes does not end a code", "* NO [BADCHARSET (\"a]b\" utf-8)] x\n",
        gives: .untagged(.no, coded(.badCharset(["a]b", "utf-8"]), "x"))),
    .init(
        "words that end like a literal are words", "* OK costs {12}\n* 1 EXISTS\n",
        gives: .untagged(.ok, text("costs {12}")), .exists(1)),
    .init(
        "so also behind a tag", "p1 NO {3}\n+ go\n",
        gives: .tagged(tag: "p1", .no, text("{3}")), .continuation(text("go"))),
    .init(
        "APPENDUID", "p3 OK [APPENDUID 38505 3955] ok\n",
        gives: .tagged(tag: "p3", .ok, ResponseText(code: .appendUID(validity: 38505, set("3955")), text: "ok"))),
    .init(
        "COPYUID", "p3 OK [COPYUID 38505 304,319:320 3956:3958] ok\n",
        gives: .tagged(
            tag: "p3", .ok,
            ResponseText(code: .copyUID(validity: 38505, from: set("304,319:320"), to: set("3956:3958")), text: "ok"))),
    .init(
        "continuations", "+ idling\n+\n+ \n",
        gives: .continuation(text("idling")), .continuation(text("")), .continuation(text(""))),
    .init(
        "SELECT's answer",
        """
        * FLAGS (\\Answered \\Seen $Done)
        * OK [PERMANENTFLAGS (\\Deleted \\*)] Limited
        * 17 EXISTS
        * 2 RECENT
        * OK [UNSEEN 7] first
        * OK [UIDVALIDITY 3857529045] ok
        * OK [UIDNEXT 4392] next
        * OK [HIGHESTMODSEQ 715194045007] m
        p4 OK [READ-ONLY] done

        """,
        gives: .flags(["\\Answered", "\\Seen", "$Done"]),
        .untagged(.ok, ResponseText(code: .permanentFlags(["\\Deleted", "\\*"]), text: "Limited")), .exists(17),
        .recent(2), .untagged(.ok, ResponseText(code: .unseen(7), text: "first")),
        .untagged(.ok, ResponseText(code: .uidValidity(3_857_529_045), text: "ok")),
        .untagged(.ok, ResponseText(code: .uidNext(4392), text: "next")),
        .untagged(.ok, ResponseText(code: .highestModSeq(715_194_045_007), text: "m")),
        .tagged(tag: "p4", .ok, ResponseText(code: .readOnly, text: "done"))),
]

let dataRows: [ResponseRow] = [
    .init(
        "CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN LITERAL+ \n",
        gives: .capability(["IMAP4REV1", "AUTH=PLAIN", "LITERAL+"])),
    .init("EXPUNGE", "* 44 EXPUNGE\n", gives: .expunge(44)),
    .init("VANISHED", "* VANISHED 405,407,410:425\n", gives: .vanished(set("405,407,410:425"), earlier: false)),
    .init("VANISHED (EARLIER)", "* VANISHED (EARLIER) 41\n", gives: .vanished(set("41"), earlier: true)),
    .init("SEARCH", "* SEARCH 2 84 882\n", gives: .search([2, 84, 882], modSeq: nil)),
    .init(
        "SEARCH that found nothing", "* SEARCH\n* SEARCH \n", gives: .search([], modSeq: nil), .search([], modSeq: nil)),
    .init("SEARCH with MODSEQ", "* SEARCH 2 5 (MODSEQ 917162500)\n", gives: .search([2, 5], modSeq: 917_162_500)),
    .init(
        "ESEARCH", "* ESEARCH (TAG \"p9\") UID MIN 4 MAX 9 COUNT 3 ALL 4,8:9 MODSEQ 7\n",
        gives: searched {
            $0.tag = "p9"
            $0.isUID = true
            $0.minimum = 4
            $0.maximum = 9
            $0.count = 3
            $0.all = set("4,8:9")
            $0.modSeq = 7
        }),
    .init(
        "ID", "* ID (\"name\" \"Dove\\\"cot\" \"version\" NIL)\n* ID NIL\n",
        gives: .id(["name": "Dove\"cot"]), .id([:])),
    .init("ENABLED", "* ENABLED condstore\n", gives: .enabled(["CONDSTORE"])),
    .init(
        "data that we do not know", "* GENURLAUTH \"a\" (1 2)\n* 5 XYZZY {2}\n)(\n",
        gives: .other("GENURLAUTH"), .other("XYZZY")),
]

let fetchRows: [ResponseRow] = [
    .init(
        "a whole message",
        "* 12 FETCH (UID 40 FLAGS (\\Seen $x) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 5 BODY[] {5}\nab\n))\n",
        gives: fetch(12) {
            $0.uid = 40
            $0.flags = ["\\Seen", "$x"]
            $0.internalDate = Date(timeIntervalSince1970: 837_596_665)
            $0.size = 5
            $0.sections = [BodySection(name: "", origin: nil, content: bytes("ab\r\n)"))]
        }),
    .init(
        "a message that holds protocol", "* 1 FETCH (BODY[] {32}\n* 2 EXISTS\np1 OK done\n* BYE {9)\n* 3 EXISTS\n",
        gives: fetch(1) {
            $0.sections = [BodySection(name: "", origin: nil, content: bytes("* 2 EXISTS\r\np1 OK done\r\n* BYE {9"))]
        }, .exists(3)),
    .init(
        "an empty message", "* 1 FETCH (BODY[] {0}\n UID 3)\n",
        gives: fetch(1) {
            $0.uid = 3
            $0.sections = [BodySection(name: "", origin: nil, content: bytes(""))]
        }),
    .init(
        "two messages", "* 1 FETCH (UID 1 BODY[] {1}\na)\n* 2 FETCH (UID 2 BODY[] {1}\nb)\n",
        gives: fetch(1) {
            $0.uid = 1
            $0.sections = [BodySection(name: "", origin: nil, content: bytes("a"))]
        },
        fetch(2) {
            $0.uid = 2
            $0.sections = [BodySection(name: "", origin: nil, content: bytes("b"))]
        }),
    .init(
        "the beginning of a message", "* 1 FETCH (BODY[]<0> {2}\nab UID 9)\n",
        gives: fetch(1) {
            $0.uid = 9
            $0.sections = [BodySection(name: "", origin: 0, content: bytes("ab"))]
        }),
    .init(
        "NIL for a message", "* 1 FETCH (UID 9 BODY[] NIL)\n",
        gives: fetch(1) {
            $0.uid = 9
            $0.sections = [BodySection(name: "", origin: nil, content: .none)]
        }),
    .init(
        "a quoted message", "* 1 FETCH (BODY[] \"a\\\\b\")\n",
        gives: fetch(1) { $0.sections = [BodySection(name: "", origin: nil, content: bytes("a\\b"))] }),
    .init(
        "several sections",
        "* 1 FETCH (BODY[HEADER.FIELDS (FROM \"TO\")] {3}\nx\n BODY[1.2.TEXT] \"y\" RFC822 {1}\nz)\n",
        gives: fetch(1) {
            $0.sections = [
                BodySection(name: "HEADER.FIELDS (FROM \"TO\")", origin: nil, content: bytes("x\r\n")),
                BodySection(name: "1.2.TEXT", origin: nil, content: bytes("y")),
                BodySection(name: "", origin: nil, content: bytes("z")),
            ]
        }),
    .init(
        "items that we read over",
        "* 1 FETCH (PREVIEW {1}\n) X-GM-MSGID 12 X-GM-LABELS (a \"b c\" {4}\n)(\n) EMAILID (M1) SAVEDATE NIL MODSEQ (7) UID 2)\n",
        gives: fetch(1) {
            $0.modSeq = 7
            $0.uid = 2
        }),
    .init(
        "BINARY and its size",
        "* 1 FETCH (BINARY[1.2] ~{3}\na\u{7}b BINARY[2]<4> {1}\nx BINARY.SIZE[1.2] 3 BINARY[3] NIL)\n",
        gives: fetch(1) {
            $0.sections = [
                section("1.2", "a\u{7}b", decoded: true),
                BodySection(name: "2", origin: 4, content: bytes("x"), isDecoded: true),
                BodySection(name: "3", origin: nil, content: .none, isDecoded: true),
            ]
            $0.binarySizes = [BinarySize(name: "1.2", size: 3)]
        }),
    .init(
        "a decoded message is not the message", "* 1 FETCH (BINARY[] ~{1}\na BODY[] {1}\nb)\n",
        gives: fetch(1) { $0.sections = [section("", "a", decoded: true), section("", "b")] }),
    .init(
        "the old names of header and text", "* 1 FETCH (RFC822.HEADER {3}\na\n RFC822.TEXT \"b\")\n",
        gives: fetch(1) { $0.sections = [section("HEADER", "a\r\n"), section("TEXT", "b")] }),
    .init(
        "a literal with plus or minus", "* 1 FETCH (BODY[] {1+}\na BODY[1] {1-}\nb BODY[2] ~{1+}\nc)\n",
        gives: fetch(1) { $0.sections = [section("", "a"), section("1", "b"), section("2", "c")] }),
    .init(
        "flags in quotes", "* 3 FETCH (FLAGS (\\Seen \"old one\"))\n",
        gives: fetch(3) { $0.flags = ["\\Seen", "old one"] }),
    .init("changed flags, unasked", "* 3 FETCH (FLAGS ())\n", gives: fetch(3) { $0.flags = [] }),
    .init("a date that is none", "* 3 FETCH (INTERNALDATE \"yesterday\" UID 1)\n", gives: fetch(3) { $0.uid = 1 }),
]

let brokenRows: [ResponseRow] = [
    .init(
        "an unreadable token after the UID names the UID", "* 3 FETCH (UID 7 RFC822.SIZE many)\n* 4 EXISTS\n",
        gives: .malformed(Malformation(.syntax, place: "FETCH", uid: 7)), .exists(4)),
    .init(
        "a list without an end", "* 3 FETCH (UID 7\n", gives: .malformed(Malformation(.syntax, place: "FETCH", uid: 7))),
    .init(
        "junk lines", "hello?\n\n*\n*x\n* 1 EXISTS\n",
        gives: .malformed(Malformation(.junk, place: "")), .malformed(Malformation(.junk, place: "")),
        .malformed(Malformation(.junk, place: "")), .exists(1)),
    .init(
        "NUL, which stands for literals inside", "* LIST () NIL \u{0}\n* 3 FETCH (BODY[] \u{0} BODY[] {1}\na)\n",
        gives: .malformed(Malformation(.syntax, place: "LIST")),
        .malformed(Malformation(.syntax, place: "FETCH", hadLiteral: true))),
    .init(
        "a number that is too big", "* 4294967296 EXISTS\n", gives: .malformed(Malformation(.syntax, place: "EXISTS"))),
    .init("a quote without an end", "* LIST () \"/\" \"abc\n", gives: .malformed(Malformation(.syntax, place: "LIST"))),
]

/// Everything that is read.
let allRows =
    statusRows + codeRows + dataRows + mailboxRows + fetchRows + envelopeRows + structureRows + serverRows + brokenRows

struct ResponseTests {
    @Test("a response is read", arguments: allRows)
    func reads(_ row: ResponseRow) {
        var reader = ResponseReader()
        #expect(reader.feed(Array(row.wire.utf8)) == row.responses)
        #expect(!reader.isInsideResponse)
    }

    @Test("the cuts do not matter", arguments: allRows)
    func cuts(_ row: ResponseRow) {
        let wire = Array(row.wire.utf8)
        var reader = ResponseReader()
        #expect(wire.flatMap { reader.feed([$0]) } == row.responses, "byte by byte")
        for cut in 0...wire.count {
            var reader = ResponseReader()
            let responses = reader.feed(Array(wire[..<cut])) + reader.feed(Array(wire[cut...]))
            #expect(responses == row.responses, "cut after \(cut) bytes")
            if responses != row.responses { break }
        }
    }

    @Test("lines may end with LF alone", arguments: allRows)
    func linefeeds(_ row: ResponseRow) {
        guard !row.wire.contains("{") else { return }
        var reader = ResponseReader()
        #expect(reader.feed(Array(row.wire.replacing("\r\n", with: "\n").utf8)) == row.responses)
    }
}
