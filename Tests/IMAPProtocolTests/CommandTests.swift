import Foundation
import IMAPProtocol
import Testing
import Vocabulary

struct CommandTests {
    private static let some = UIDSet(numbers: [1, 2, 9])

    @Test(
        "commands",
        arguments: [
            (Command.capability, "CAPABILITY"),
            (.unselect, "UNSELECT"),
            (.enable(["CONDSTORE", "UTF8=ACCEPT"]), "ENABLE CONDSTORE UTF8=ACCEPT"),
            (.select(MailboxName("a\"b\\c"), readOnly: false), #"SELECT "a\"b\\c""#),
            (.select(MailboxName("投诉"), readOnly: true), #"EXAMINE "&YpWLyQ-""#),
            (.select(MailboxName("INBOX"), readOnly: true, condstore: true), #"EXAMINE "INBOX" (CONDSTORE)"#),
            (.id([("name", "Post\"room"), ("version", "1")]), #"ID ("name" "Post\"room" "version" "1")"#),
            (.create(MailboxName("x\r\np2 DELETE INBOX")), #"CREATE "x&AA0ACg-p2 DELETE INBOX""#),
            (.delimiter, #"LIST "" """#),
            (.list(matching: "Handled/投诉/%"), #"LIST "" "Handled/&YpWLyQ-/%""#),
            (.list(matching: "*", specialUse: true), #"LIST "" "*" RETURN (SPECIAL-USE)"#),
            (
                .status(MailboxName("a b"), [.messages, .uidNext, .size, .deleted, .highestModSeq, .mailboxID]),
                #"STATUS "a b" (MESSAGES UIDNEXT SIZE DELETED HIGHESTMODSEQ MAILBOXID)"#
            ),
            (.quotaRoot(MailboxName("INBOX")), #"GETQUOTAROOT "INBOX""#),
        ])
    func mailboxes(command: Command, text: String) { expect(command, text) }

    @Test(
        "commands about messages",
        arguments: [
            (Command.search(some), "UID SEARCH UID 1:2,9"),
            (.search(some, returning: [.all]), "UID SEARCH RETURN (ALL) UID 1:2,9"),
            (
                .search(from: UID(5), to: UID(7), returning: [.minimum, .maximum, .count]),
                "UID SEARCH RETURN (MIN MAX COUNT) UID 5:7"
            ),
            (.search(from: UID(5), to: nil), "UID SEARCH UID 5:*"),
            (.search(messageID: "<a\"b@x>"), #"UID SEARCH HEADER Message-ID "<a\"b@x>""#),
            (
                .search(messageID: "<a@x>", returning: [.all]),
                #"UID SEARCH RETURN (ALL) HEADER Message-ID "<a@x>""#
            ),
            (.list(from: UID(5), to: nil), "UID FETCH 5:* (UID FLAGS INTERNALDATE RFC822.SIZE)"),
            (.listUIDs(from: UID(5), to: UID(9)), "UID FETCH 5:9 (UID)"),
            (.fetchFlags(from: UID(1), to: nil), "UID FETCH 1:* (UID FLAGS)"),
            (.fetchFlags(from: UID(1), to: nil, changedSince: 0), "UID FETCH 1:* (UID FLAGS)"),
            (
                .fetchFlags(from: UID(1), to: UID(3), changedSince: 715_194_045_007),
                "UID FETCH 1:3 (UID FLAGS) (CHANGEDSINCE 715194045007)"
            ),
            (.fetch(some), "UID FETCH 1:2,9 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])"),
            (
                .fetchHead(UID(4), bytes: 100),
                "UID FETCH 4 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.100>)"
            ),
            (
                .fetchOutline(UID(4)),
                "UID FETCH 4 (UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER])"
            ),
            (.fetchPart(UID(4), number: "1.2", bytes: 100), "UID FETCH 4 (UID BODY.PEEK[1.2]<0.100>)"),
            (
                .fetchFields(["Date", "Message-ID"], of: some),
                "UID FETCH 1:2,9 (UID BODY.PEEK[HEADER.FIELDS (Date Message-ID)])"
            ),
            (.search(since: Date(timeIntervalSince1970: 1_709_164_799)), "UID SEARCH SINCE 28-Feb-2024"),
            (.search(since: Date(timeIntervalSince1970: 1_709_164_800)), "UID SEARCH SINCE 29-Feb-2024"),
            (.search(since: Date(timeIntervalSince1970: 1_709_251_200)), "UID SEARCH SINCE 1-Mar-2024"),
            (.search(since: Date(timeIntervalSince1970: 0)), "UID SEARCH SINCE 1-Jan-1970"),
            (.addFlag("$Done", to: some), "UID STORE 1:2,9 +FLAGS.SILENT ($Done)"),
            (
                .addFlags(["$Done", "\\Seen"], to: some, unchangedSince: 12),
                "UID STORE 1:2,9 (UNCHANGEDSINCE 12) +FLAGS.SILENT ($Done \\Seen)"
            ),
            (.removeFlags(["$Done"], from: some), "UID STORE 1:2,9 -FLAGS.SILENT ($Done)"),
            (.copy(some, to: MailboxName("a b")), #"UID COPY 1:2,9 "a b""#),
            (.move(some, to: MailboxName("Handled/a b")), #"UID MOVE 1:2,9 "Handled/a b""#),
            (.expunge(some), "UID EXPUNGE 1:2,9"),
        ])
    func messages(command: Command, text: String) { expect(command, text) }

    private func expect(_ command: Command, _ text: String) {
        #expect(command.encoded(tag: "p1", dialect: CommandDialect()) == [Array("p1 \(text)\r\n".utf8)])
        #expect(text.hasPrefix(command.verb))
    }

    private func parts(_ command: Command, _ literals: CommandDialect.Literals, utf8: Bool = false) -> [String] {
        command.encoded(tag: "p1", dialect: CommandDialect(literals: literals, utf8: utf8))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("what cannot be quoted is a literal, announced or at once")
    func literals() {
        for count in [1_001, 4_096, 4_097] {
            let long = String(repeating: "x", count: count)
            let command = Command.create(MailboxName(long))
            let waiting = ["p1 CREATE {\(count)}\r\n", long + "\r\n"]
            let pushed = ["p1 CREATE {\(count)+}\r\n" + long + "\r\n"]
            #expect(parts(command, .wait) == waiting)
            #expect(parts(command, .small) == (count <= 4_096 ? pushed : waiting), "RFC 7888 section 5")
            #expect(parts(command, .all) == pushed)
        }
    }

    @Test("a message with NUL is a literal8")
    func append() {
        let name = MailboxName("Sent")
        #expect(
            parts(.append([97, 13, 10], to: name, flags: ["\\Seen"]), .wait)
                == ["p1 APPEND \"Sent\" (\\Seen) {3}\r\n", "a\r\n\r\n"])
        #expect(parts(.append([97, 0], to: name), .all) == ["p1 APPEND \"Sent\" () ~{2+}\r\na\0\r\n"])
    }

    @Test("a Message-ID that is not ASCII is searched in UTF-8, which need not be said once it is agreed")
    func searchInUTF8() {
        let command = Command.search(messageID: "<é@x>")
        #expect(
            parts(command, .wait) == ["p1 UID SEARCH CHARSET UTF-8 HEADER Message-ID {6}\r\n", "<é@x>\r\n"])
        #expect(parts(command, .wait, utf8: true) == ["p1 UID SEARCH HEADER Message-ID \"<é@x>\"\r\n"])
        let hostile = Command.search(messageID: "<a\r\np2 LOGOUT>")
        #expect(parts(hostile, .all) == ["p1 UID SEARCH HEADER Message-ID {14+}\r\n<a\r\np2 LOGOUT>\r\n"])
    }

    @Test(
        "the dialect follows from what the server can do",
        arguments: [
            ([], [], CommandDialect()),
            (["LITERAL-"], [], CommandDialect(literals: .small)),
            (["LITERAL+", "LITERAL-"], [], CommandDialect(literals: .all)),
            (["IMAP4REV2"], [], CommandDialect(literals: .small)),
            (["UTF8=ACCEPT"], [], CommandDialect()),
            ([], ["UTF8=ACCEPT"], CommandDialect(utf8: true)),
            (["IMAP4REV2"], ["IMAP4REV2"], CommandDialect(literals: .small, utf8: true)),
        ] as [(Set<String>, Set<String>, CommandDialect)])
    func dialect(capabilities: Set<String>, enabled: Set<String>, dialect: CommandDialect) {
        #expect(CommandDialect(capabilities: capabilities, enabled: enabled) == dialect)
    }

    @Test(
        "a name that is written can be read again, in every dialect",
        arguments: [
            "INBOX", "a b", "a\"b\\c", "投诉/😀", "R&D", "&-", "{3}", "", "tab\tcr\r\nx", "%*",
            String(repeating: "長", count: 500),
        ])
    func roundTrip(name: String) {
        for utf8 in [false, true] {
            for literals in [CommandDialect.Literals.wait, .small, .all] {
                let command = Command.create(MailboxName(name))
                let wire = command.encoded(tag: "p1", dialect: CommandDialect(literals: literals, utf8: utf8)).joined()
                var reader = ResponseReader()
                if utf8 { _ = reader.feed(Array("* ENABLED UTF8=ACCEPT\r\n".utf8)) }
                let line = Array("* LIST () NIL ".utf8) + wire.dropFirst("p1 CREATE ".utf8.count)
                let expected = ListedMailbox(attributes: [], delimiter: nil, name: name)
                #expect(reader.feed(line) == [.list(expected)])
            }
        }
    }

    @Test(
        "keywords",
        arguments: [
            ("$PostroomDone", true), ("a", true), ("", false), ("a b", false), ("\\Seen", false), ("a]", false),
            ("完", false),
            ("a)\r\nx", false),
        ])
    func keywords(name: String, isKeyword: Bool) { #expect(Command.isKeyword(name) == isKeyword) }
}
