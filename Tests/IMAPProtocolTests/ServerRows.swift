import FoundationEssentials
import IMAPProtocol

// What real servers are known to do, each in its manner; the words are our own.

private func mailbox(_ name: String, _ attributes: [String], _ delimiter: String? = "/") -> Response {
    .list(ListedMailbox(attributes: attributes, delimiter: delimiter, name: name))
}

private let dovecot: [ResponseRow] = [
    .init(
        "Dovecot: a greeting, and a SELECT with the time it took",
        """
        * OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN] Dovecot ready.
        * OK [CLOSED] Previous mailbox closed.
        * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $PostroomDone)
        * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $PostroomDone \\*)] Flags permitted.
        * 3 EXISTS
        * 0 RECENT
        p4 OK [READ-WRITE] Select completed (0.001 + 0.000 secs).

        """,
        gives: .untagged(
            .ok,
            coded(
                .capability([
                    "IMAP4REV1", "SASL-IR", "LOGIN-REFERRALS", "ID", "ENABLE", "IDLE", "LITERAL+", "AUTH=PLAIN",
                ]), "Dovecot ready.")),
        .untagged(.ok, coded(.closed, "Previous mailbox closed.")),
        .flags(["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft", "$PostroomDone"]),
        .untagged(
            .ok,
            coded(
                .permanentFlags([
                    "\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft", "$PostroomDone", "\\*",
                ]), "Flags permitted.")), .exists(3), .recent(0),
        .tagged(tag: "p4", .ok, coded(.readWrite, "Select completed (0.001 + 0.000 secs)."))),
    .init(
        "Dovecot: a domain that is missing has a name",
        "* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL \"root\" \"MISSING_DOMAIN\")) NIL NIL ((NIL NIL \"undisclosed-recipients\" NIL)(NIL NIL NIL NIL)) NIL NIL NIL NIL))\n",
        gives: fetch(1) {
            $0.envelope = envelope {
                $0.from = [entry(nil, "root", "MISSING_DOMAIN")]
                $0.to = [.group(name: utf8("undisclosed-recipients"), members: [])]
            }
        }),
    .init(
        "Dovecot: still here, in the middle of a FETCH that changes flags",
        """
        * 7 FETCH (UID 90 MODSEQ (411) FLAGS (\\Seen))
        * OK Still here
        * 8 EXISTS
        * VANISHED 12:14
        p7 OK [HIGHESTMODSEQ 412] Fetch completed (0.010 + 0.000 + 0.009 secs).

        """,
        gives: fetch(7) {
            $0.uid = 90
            $0.modSeq = 411
            $0.flags = ["\\Seen"]
        }, .untagged(.ok, text("Still here")), .exists(8), .vanished(set("12:14"), earlier: false),
        .tagged(
            tag: "p7", .ok, coded(.highestModSeq(412), "Fetch completed (0.010 + 0.000 + 0.009 secs)."))),
]

private let gmail: [ResponseRow] = [
    .init(
        "Gmail: names with what they are for, in another language",
        """
        * LIST (\\HasChildren \\Noselect) "/" "[Gmail]"
        * LIST (\\All \\HasNoChildren) "/" "[Gmail]/&YkBnCZCuTvY-"

        """,
        gives: mailbox("[Gmail]", ["\\haschildren", "\\noselect"]),
        mailbox("[Gmail]/所有邮件", ["\\all", "\\hasnochildren"])),
    .init(
        "Gmail: its own items before the text, labels of every form",
        "* 2 FETCH (X-GM-THRID 1278455344230334865 X-GM-MSGID 1278455344230334866 X-GM-LABELS (\\Inbox \"\\\\Sent\" foo] \"a (b\" &AAk-) UID 5 BODY[] {4}\na)\n)\n",
        gives: fetch(2) {
            $0.uid = 5
            $0.sections = [section("", "a)\r\n")]
        }),
    .init(
        "Gmail: an announced size behind the quota",
        "* QUOTAROOT \"INBOX\" \"\"\n* QUOTA \"\" (STORAGE 15728639 15728640)\np1 OK Success\n",
        gives: .quotaRoot(mailbox: "INBOX", roots: [""]),
        .quota(root: "", [QuotaResource(name: "STORAGE", usage: 15_728_639, limit: 15_728_640)]),
        .tagged(tag: "p1", .ok, text("Success"))),
    .init(
        "Gmail: too much of everything", "* BYE [OVERQUOTA] Account exceeded limits.\n",
        gives: .untagged(.bye, coded(.condition(.overQuota), "Account exceeded limits."))),
]

private let exchange: [ResponseRow] = [
    .init(
        "Exchange: a message that it cannot make leaves a NO and no FETCH",
        "* 4 FETCH (UID 8 RFC822.SIZE 0)\np9 NO The specified message is unavailable.\n",
        gives: fetch(4) {
            $0.uid = 8
            $0.size = 0
        }, .tagged(tag: "p9", .no, text("The specified message is unavailable."))),
    .init(
        "Exchange: the UID behind the text and a space before the end",
        "* 4 FETCH (BODY[] {3}\na\n UID 8 )\n",
        gives: fetch(4) {
            $0.uid = 8
            $0.sections = [section("", "a\r\n")]
        }),
    .init(
        "Exchange: an embedded item without lines and an attachment without a size",
        #"* 4 FETCH (UID 8 BODYSTRUCTURE (("text" "plain" ("charset" "gb2312") NIL NIL "quoted-printable" 12 1 NIL NIL NIL NIL)("application" "octet-stream" ("name" "a.bin") NIL NIL "base64" -1 NIL ("attachment" ("filename" "a.bin" "size" "7")) NIL) "mixed" ("boundary" "_000_") NIL "zh-CN"))"#
            + "\n",
        gives: fetch(4) {
            $0.uid = 8
            $0.structure = BodyStructure(parts: [
                part("", "multipart/mixed") {
                    $0.parameters = parameters(("boundary", "_000_"))
                    $0.languages = ["zh-cn"]
                },
                part("1", in: 0, "text/plain") {
                    $0.parameters = parameters(("charset", "gb2312"))
                    $0.transferEncoding = "quoted-printable"
                    $0.size = 12
                    $0.lines = 1
                },
                part("2", in: 0, "application/octet-stream") {
                    $0.parameters = parameters(("name", "a.bin"))
                    $0.transferEncoding = "base64"
                    $0.disposition = .init(
                        kind: "attachment", parameters: parameters(("filename", "a.bin"), ("size", "7")))
                },
            ])
        }),
]

private let coremail: [ResponseRow] = [
    .init(
        "Coremail: a greeting with a name in brackets that is no code",
        "* OK Coremail System IMap Server Ready(example[10774b26])\n",
        gives: .untagged(.ok, text("Coremail System IMap Server Ready(example[10774b26])"))),
    .init(
        "163: who has not said ID", "p3 NO SELECT Unsafe Login. Please contact kefu@example.com for help\n",
        gives: .tagged(tag: "p3", .no, text("SELECT Unsafe Login. Please contact kefu@example.com for help"))),
    .init(
        "Coremail: names without an agreed form, and two spaces",
        "* LIST  (\\Drafts)  \"/\"  \"&g0l6P3ux-\"\n* LIST () \"/\" \"病毒邮件\"\n",
        gives: mailbox("草稿箱", ["\\drafts"]), mailbox("病毒邮件", [])),
    .init(
        "Coremail: small letters and a subject as it stood in the mail",
        "* 1 fetch (uid 3 flags (\\seen) ENVELOPE (NIL {3}\n投 NIL NIL NIL NIL NIL NIL NIL NIL))\n",
        gives: fetch(1) {
            $0.uid = 3
            $0.flags = ["\\seen"]
            $0.envelope = envelope { $0.subject = utf8("投") }
        }),
]

private let courier: [ResponseRow] = [
    .init(
        "Courier: everything is below INBOX",
        "* NAMESPACE ((\"INBOX.\" \".\")) NIL ((\"#shared.\" \".\")(\"shared.\" \".\"))\n* LIST (\\Unmarked \\HasChildren) \".\" \"INBOX\"\n",
        gives: .namespace(
            personal: [Namespace(prefix: "INBOX.", delimiter: ".")], others: [],
            shared: [Namespace(prefix: "#shared.", delimiter: "."), Namespace(prefix: "shared.", delimiter: ".")]),
        mailbox("INBOX", ["\\unmarked", "\\haschildren"], ".")),
    .init(
        "Courier: the alert of a full mailbox, before the result",
        "* NO [ALERT] Mailbox is at 95% of quota\n* 1 FETCH (FLAGS (\\Recent) UID 2)\np2 OK FETCH completed.\n",
        gives: .untagged(.no, coded(.condition(.alert), "Mailbox is at 95% of quota")),
        fetch(1) {
            $0.flags = ["\\Recent"]
            $0.uid = 2
        }, .tagged(tag: "p2", .ok, text("FETCH completed."))),
]

private let cyrus: [ResponseRow] = [
    .init(
        "Cyrus: names that stand bare, quota by root, the link to the full text",
        """
        * LIST (\\HasNoChildren) "." INBOX.Handled.2026
        * QUOTA user.support (STORAGE 102400 102400 X-ANNOTATION-STORAGE 0 -1)
        * OK [URLMECH INTERNAL] none
        p5 NO [OVERQUOTA] Over quota

        """,
        gives: mailbox("INBOX.Handled.2026", ["\\hasnochildren"], "."),
        .quota(root: "user.support", [QuotaResource(name: "STORAGE", usage: 102_400, limit: 102_400)]),
        .untagged(.ok, coded(.unknown("URLMECH", arguments: "INTERNAL"), "none")),
        .tagged(tag: "p5", .no, coded(.condition(.overQuota), "Over quota"))),
    .init(
        "Cyrus: ESEARCH, VANISHED (EARLIER), and MODIFIED",
        """
        * ESEARCH (TAG "p6") UID ALL 2:4,7 MODSEQ 90060115194045001
        * VANISHED (EARLIER) 300:310,405,411
        p6 OK [MODIFIED 4] Conditional STORE failed

        """,
        gives: .esearch(
            {
                var result = SearchResult()
                result.tag = "p6"
                result.isUID = true
                result.all = set("2:4,7")
                result.modSeq = 90_060_115_194_045_001
                return result
            }()), .vanished(set("300:310,405,411"), earlier: true),
        .tagged(tag: "p6", .ok, coded(.modified(set("4")), "Conditional STORE failed"))),
]

let serverRows: [ResponseRow] = dovecot + gmail + exchange + coremail + courier + cyrus
