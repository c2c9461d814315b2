import IMAPProtocol
import Testing

private func listed(
    _ name: String, _ attributes: [String] = [], delimiter: String? = "/",
    _ change: (inout ListedMailbox) -> Void = { _ in }
) -> Response {
    var entry = ListedMailbox(attributes: attributes, delimiter: delimiter, name: name)
    change(&entry)
    return .list(entry)
}

private func counts(_ name: String, _ change: (inout MailboxCounts) -> Void) -> Response {
    var counts = MailboxCounts(name: name)
    change(&counts)
    return .mailboxStatus(counts)
}

private func quota(_ name: String, _ usage: UInt64, _ limit: UInt64) -> QuotaResource {
    QuotaResource(name: name, usage: usage, limit: limit)
}

/// What is said about mailboxes.
let mailboxRows: [ResponseRow] = [
    .init(
        "LIST", "* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent &Xn9USg-\"\n",
        gives: listed("Sent 广告", ["\\hasnochildren", "\\sent"])),
    .init("LIST of a flat bare name", "* LIST () NIL inbox\n", gives: listed("inbox", delimiter: nil)),
    .init("LIST with a name as a literal", "* LIST () \"/\" {3}\na\"b\n", gives: listed("a\"b")),
    .init("a name in raw UTF-8 before anybody agreed to it", "* LIST () \"/\" \"投诉\"\n", gives: listed("投诉")),
    .init(
        "LSUB", "* LSUB (\\Noselect) \".\" \"a.b\"\n",
        gives: .lsub(ListedMailbox(attributes: ["\\noselect"], delimiter: ".", name: "a.b"))),
    .init(
        "extended data of LIST",
        "* LIST () \"/\" \"neu\" (\"OLDNAME\" (\"alt\") \"CHILDINFO\" (\"SUBSCRIBED\" \"x\") X (1 (2)))\n",
        gives: listed("neu") {
            $0.oldName = "alt"
            $0.childInfo = ["SUBSCRIBED", "X"]
        }),
    .init(
        "a mailbox that is not there, with what is below it",
        "* LIST (\\NonExistent) \"/\" Foo (CHILDINFO (SUBSCRIBED))\n",
        gives: listed("Foo", ["\\nonexistent"]) { $0.childInfo = ["SUBSCRIBED"] }),
    .init(
        "STATUS of everything",
        "* STATUS \"a b\" (MESSAGES 231 UIDNEXT 44292 UNSEEN 3 DELETED 1 SIZE 8589934592 RECENT 0 UIDVALIDITY 7 HIGHESTMODSEQ 18446744073709551615 MAILBOXID (F221-2_e) X (1 2) APPENDLIMIT NIL)\n",
        gives: counts("a b") {
            $0.messages = 231
            $0.uidNext = 44292
            $0.unseen = 3
            $0.deleted = 1
            $0.size = 8_589_934_592
            $0.recent = 0
            $0.uidValidity = 7
            $0.highestModSeq = .max
            $0.mailboxID = "F221-2_e"
        }),
    .init("STATUS of nothing", "* STATUS &YpWLyQ- ()\n", gives: counts("投诉") { _ in }),
    .init(
        "NAMESPACE in three groups",
        "* NAMESPACE ((\"INBOX.\" \".\" \"X\" (\"y\"))(\"\" \"/\")) NIL ((\"#shared.\" \".\") (\"#news\" NIL))\n",
        gives: .namespace(
            personal: [Namespace(prefix: "INBOX.", delimiter: "."), Namespace(prefix: "", delimiter: "/")], others: [],
            shared: [Namespace(prefix: "#shared.", delimiter: "."), Namespace(prefix: "#news", delimiter: nil)])),
    .init(
        "NAMESPACE that is cut short", "* NAMESPACE ((\"\" \"/\"))\n",
        gives: .namespace(personal: [Namespace(prefix: "", delimiter: "/")], others: [], shared: [])),
    .init(
        "QUOTA", "* QUOTA \"\" (STORAGE 10 512 MESSAGE 20 20)\n* QUOTA user.a ()\n",
        gives: .quota(root: "", [quota("STORAGE", 10, 512), quota("MESSAGE", 20, 20)]), .quota(root: "user.a", [])),
    .init(
        "QUOTA where -1 stands for no limit", "* QUOTA \"r\" (STORAGE 10 -1 MESSAGE 1 2)\n",
        gives: .quota(root: "r", [quota("MESSAGE", 1, 2)])),
    .init(
        "QUOTAROOT", "* QUOTAROOT INBOX \"\" \"User quota\"\n* QUOTAROOT {1}\nx\n",
        gives: .quotaRoot(mailbox: "INBOX", roots: ["", "User quota"]), .quotaRoot(mailbox: "x", roots: [])),
    .init(
        "after ENABLED UTF8=ACCEPT names stand as they are",
        "* LIST () \"/\" \"R&-D &YpWLyQ-\"\n* ENABLED UTF8=ACCEPT\n* LIST () \"/\" \"R&-D &YpWLyQ-投诉\"\n* STATUS \"&YpWLyQ-\" ()\n",
        gives: listed("R&D 投诉"), .enabled(["UTF8=ACCEPT"]), listed("R&-D &YpWLyQ-投诉"), counts("&YpWLyQ-") { _ in }),
    .init(
        "so also after ENABLED IMAP4rev2", "* ENABLED CONDSTORE IMAP4rev2\n* LIST () \"/\" a&-b\n",
        gives: .enabled(["CONDSTORE", "IMAP4REV2"]), listed("a&-b")),
    .init(
        "ESEARCH with what we read over",
        "* ESEARCH (TAG \"p1\" MAILBOX \"x y\" UIDVALIDITY 7) UID PARTIAL (1:500 4,7:9) MODSEQ 12 COUNT 0\n* ESEARCH\n",
        gives: .esearch(
            {
                var result = SearchResult()
                (result.tag, result.isUID, result.modSeq, result.count) = ("p1", true, 12, 0)
                return result
            }()), .esearch(SearchResult())),
]

/// Codes, one by one.
let codeRows: [ResponseRow] =
    ResponseCode.Condition.allCases.map {
        ResponseRow(
            "the code \($0.rawValue)", "p1 NO [\($0.rawValue)] so it is\n",
            gives: .tagged(tag: "p1", .no, coded(.condition($0), "so it is")))
    } + [
        .init(
            "a condition in small letters and with words", "* OK [alert now] x\n",
            gives: .untagged(.ok, coded(.condition(.alert), "x"))),
        .init(
            "BADCHARSET without charsets", "p1 NO [BADCHARSET] x\n",
            gives: .tagged(tag: "p1", .no, coded(.badCharset([]), "x"))),
        .init(
            "MODIFIED", "p1 OK [MODIFIED 7,9] not all\n",
            gives: .tagged(tag: "p1", .ok, coded(.modified(set("7,9")), "not all"))),
        .init(
            "MAILBOXID", "* OK [MAILBOXID (F2212ea87-6097)] ok\n",
            gives: .untagged(.ok, coded(.mailboxID("F2212ea87-6097"), "ok"))),
        .init("NOMODSEQ", "* OK [NOMODSEQ] none\n", gives: .untagged(.ok, coded(.noModSeq, "none"))),
        .init("UIDNOTSTICKY", "* NO [UIDNOTSTICKY] x\n", gives: .untagged(.no, coded(.uidNotSticky, "x"))),
        .init("CLOSED", "* OK [CLOSED]\n", gives: .untagged(.ok, coded(.closed, ""))),
        .init(
            "READ-WRITE behind a tag", "p1 OK [READ-WRITE] go\n",
            gives: .tagged(tag: "p1", .ok, coded(.readWrite, "go"))),
        .init(
            "progress, which we do not know", "* OK [INPROGRESS (\"p1\" 175 1000)] still here\n",
            gives: .untagged(.ok, coded(.unknown("INPROGRESS", arguments: "(\"p1\" 175 1000)"), "still here"))),
    ]

struct MailboxDataTests {
    @Test("a code has the name it came with", arguments: codeRows)
    func names(_ row: ResponseRow) {
        for case .tagged(_, _, let text) in row.responses {
            #expect(text.code.map { row.wire.contains("[\($0.name)") } == true)
        }
    }

    @Test("what a listed mailbox is for")
    func attributes() {
        let sent = ListedMailbox(attributes: ["\\hasnochildren", "\\sent", "\\x"], delimiter: "/", name: "Gesendet")
        #expect(sent.specialUses == ["\\sent"])
        #expect(sent.isSelectable)
        #expect(!ListedMailbox(attributes: ["\\noselect"], delimiter: "/", name: "a").isSelectable)
        #expect(!ListedMailbox(attributes: ["\\nonexistent"], delimiter: "/", name: "a").isSelectable)
    }

    @Test("a full mailbox is full")
    func full() {
        #expect(quota("STORAGE", 512, 512).isFull)
        #expect(!quota("STORAGE", 511, 512).isFull)
    }
}
