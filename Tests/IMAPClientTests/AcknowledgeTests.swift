import IMAPClient
import TestSupport
import Testing
import Vocabulary

struct AcknowledgeTests {
    private let handled = MailboxName("Handled/投诉")

    @Test("a keyword is set on ranges")
    func keyword() async throws {
        try await Scripted.run(
            """
            C: TAG UID STORE 1:3,7 +FLAGS.SILENT ($PostroomDone)
            S: TAG OK done
            """
        ) { session, _ in
            try await #expect(session.add(keyword: "$PostroomDone", to: uids(3, 1, 2, 7)) == .stored)
            try await #expect(session.add(keyword: "$PostroomDone", to: []) == .stored)
            try await #expect(session.add(keyword: "not a keyword", to: uids(1)) == .notKept)
        }
    }

    @Test(
        "a mailbox without room for keywords of ours",
        arguments: [
            ("(\\Seen)", "$PostroomDone", false), ("(\\Seen $postroomdone)", "$PostroomDone", true),
            ("(\\Seen \\*)", "x", true),
        ])
    func permanentFlags(flags: String, keyword: String, isKept: Bool) async throws {
        let select = "S: * OK [UIDVALIDITY 7] v\nS: * OK [PERMANENTFLAGS \(flags)] f\nS: TAG OK done"
        let store = isKept ? "C: TAG UID STORE 1 +FLAGS.SILENT (\(keyword))\nS: TAG OK done" : ""
        try await Scripted.run(store, select: select) { session, status in
            #expect(status.keeps(keyword: keyword) == isKept)
            try await #expect(session.add(keyword: keyword, to: uids(1)) == (isKept ? .stored : .notKept))
        }
    }

    @Test(
        "a server that only refuses when asked",
        arguments: ["BAD Command Argument Error. 11", "NO [LIMIT] too many keywords"])
    func refusedKeyword(answer: String) async throws {
        try await Scripted.run("C: TAG UID STORE 1 +FLAGS.SILENT ($x)\nS: TAG \(answer)") { session, _ in
            try await #expect(session.add(keyword: "$x", to: uids(1)) == .notKept)
        }
    }

    @Test("long sets go in several commands")
    func longSets() async throws {
        let numbers = (1...400).map { UID(UInt32($0 * 2)) }
        try await Scripted.run(
            """
            C: TAG UID STORE * +FLAGS.SILENT ($x)
            S: TAG OK done
            C: TAG UID STORE * +FLAGS.SILENT ($x)
            S: TAG OK done
            C: TAG UID STORE *800 +FLAGS.SILENT ($x)
            S: TAG OK done
            """
        ) { session, _ in
            try await #expect(session.add(keyword: "$x", to: numbers) == .stored)
        }
    }

    @Test("MOVE, into a mailbox that is made when it is missing, under the server's own name")
    func move() async throws {
        try await Scripted.run(
            """
            C: TAG LIST "" ""
            S: * LIST (\\Noselect) "." ""
            S: TAG OK done
            C: TAG UID MOVE 4:5 "Handled.&YpWLyQ-"
            S: TAG NO [TRYCREATE] no such mailbox
            C: TAG CREATE "Handled.&YpWLyQ-"
            S: TAG NO [ALREADYEXISTS] somebody was faster
            C: TAG UID MOVE 4:5 "Handled.&YpWLyQ-"
            S: * OK [COPYUID 9 4:5 1:2] moved
            S: * 1 EXPUNGE
            S: TAG OK done
            """
        ) { session, _ in
            try await #expect(session.move(uids(4, 5), to: handled) == .moved)
        }
    }

    @Test(
        "names below a prefix",
        arguments: [("Handled/x", "INBOX.Handled.x"), ("INBOX.Done", "INBOX.Done"), ("inbox", "INBOX")])
    func prefix(name: String, wire: String) async throws {
        let ask = name == "inbox" ? "" : "C: TAG NAMESPACE\nS: * NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\nS: TAG OK done"
        try await Scripted.run(
            """
            \(ask)
            C: TAG CREATE "\(wire)"
            S: TAG OK done
            """, capabilities: "NAMESPACE"
        ) { session, _ in
            try await session.create(MailboxName(name))
        }
    }

    /// What is asked before a COPY: what the original is, and whether the target has it.
    private static let asked = """
        C: TAG UID FETCH 4 (UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])
        S: * 1 FETCH (UID 4 RFC822.SIZE 5 BODY[HEADER.FIELDS (MESSAGE-ID)] "Message-ID: <a@example.com>")
        S: TAG OK done
        C: TAG EXAMINE "Done"

        """

    private static let againInbox = "\nC: TAG SELECT \"INBOX\"\n" + Scripted.standardSelect + "\n"

    @Test("without MOVE, what an earlier try has copied is not copied again")
    func copiedBefore() async throws {
        try await Scripted.run(
            """
            C: TAG LIST "" ""
            S: * LIST () "/" ""
            S: TAG OK done

            """ + Self.asked + """
                S: * 2 EXISTS
                S: * OK [UIDVALIDITY 9] valid
                S: TAG OK [READ-ONLY] done
                C: TAG UID SEARCH HEADER Message-ID "<a@example.com>"
                S: * SEARCH 1 2
                S: TAG OK done
                C: TAG UID FETCH 1:2 (UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])
                S: * 1 FETCH (UID 1 RFC822.SIZE 4 BODY[HEADER.FIELDS (MESSAGE-ID)] "Message-ID: <a@example.com>")
                S: * 2 FETCH (UID 2 RFC822.SIZE 5 BODY[HEADER.FIELDS (MESSAGE-ID)] "message-id:<a@example.com>")
                S: TAG OK done
                """ + Self.againInbox + """
                    C: TAG UID STORE 4 +FLAGS.SILENT (\\Deleted)
                    S: TAG OK done
                    C: TAG UID EXPUNGE 4
                    S: TAG OK done
                    """, capabilities: "UIDPLUS"
        ) { session, _ in
            try await #expect(session.move(uids(4), to: MailboxName("Done"), begun: [UID(4)]) == .moved)
        }
    }

    @Test("an earlier try that found no such mailbox has copied nothing")
    func begunInVain() async throws {
        try await Scripted.run(
            """
            C: TAG LIST "" ""
            S: * LIST () "/" ""
            S: TAG OK done

            """ + Self.asked + "S: TAG NO [NONEXISTENT] no such mailbox" + Self.againInbox + """
                C: TAG UID COPY 4 "Done"
                S: TAG OK [COPYUID 9 4 1] copied
                C: TAG UID STORE 4 +FLAGS.SILENT (\\Deleted)
                S: TAG OK done
                C: TAG UID EXPUNGE 4
                S: TAG OK done
                """, capabilities: "UIDPLUS"
        ) { session, _ in
            try await #expect(session.move(uids(4), to: MailboxName("Done"), begun: [UID(4)]) == .moved)
        }
    }

    @Test("another mail with the same Message-ID and size, but of another date, is not taken for the copy")
    func likeness() async throws {
        try await Scripted.run(
            """
            C: TAG LIST "" ""
            S: * LIST () "/" ""
            S: TAG OK done
            C: TAG UID FETCH 4 *
            S: * 1 FETCH (UID 4 INTERNALDATE "08-Nov-2026 09:00:00 +0000" RFC822.SIZE 5 BODY[HEADER.FIELDS (MESSAGE-ID)] "Message-ID: <a@b>")
            S: TAG OK done
            C: TAG EXAMINE "Done"
            S: * 1 EXISTS
            S: * OK [UIDVALIDITY 9] valid
            S: TAG OK done
            C: TAG UID SEARCH HEADER Message-ID "<a@b>"
            S: * SEARCH 1
            S: TAG OK done
            C: TAG UID FETCH 1 *
            S: * 1 FETCH (UID 1 INTERNALDATE "07-Nov-2026 09:00:00 +0000" RFC822.SIZE 5 BODY[HEADER.FIELDS (MESSAGE-ID)] "Message-ID: <a@b>")
            S: TAG OK done
            """ + Self.againInbox + """
                C: TAG UID COPY 4 "Done"
                S: TAG OK [COPYUID 9 4 1] copied
                C: TAG UID STORE 4 +FLAGS.SILENT (\\Deleted)
                S: TAG OK done
                C: TAG UID EXPUNGE 4
                S: TAG OK done
                """, capabilities: "UIDPLUS"
        ) { session, _ in
            try await #expect(session.move(uids(4), to: MailboxName("Done"), begun: [UID(4)]) == .moved)
        }
    }

    @Test("without MOVE: copy, mark, and expunge these and no others")
    func copies() async throws {
        try await Scripted.run(
            """
            C: TAG LIST "" ""
            S: * LIST () "/" ""
            S: TAG OK done
            C: TAG UID COPY 4 "Done"
            S: TAG OK [COPYUID 9 4 1] copied
            C: TAG UID STORE 4 +FLAGS.SILENT (\\Deleted)
            S: TAG OK done
            C: TAG UID EXPUNGE 4
            S: * 1 EXPUNGE
            S: TAG OK done
            """, capabilities: "UIDPLUS"
        ) { session, _ in
            try await #expect(session.move(uids(4), to: MailboxName("Done")) == .moved)
        }
    }

    @Test("without UIDPLUS too: a bare EXPUNGE is never sent")
    func copiedOnly() async throws {
        try await Scripted.run(
            """
            C: TAG LIST "" ""
            S: TAG OK done
            C: TAG UID COPY 4 "Done"
            S: TAG OK copied
            C: TAG UID STORE 4 +FLAGS.SILENT (\\Deleted)
            S: TAG OK done
            C: TAG NOOP
            S: TAG OK done
            """, capabilities: ""
        ) { session, _ in
            try await #expect(session.move(uids(4), to: MailboxName("Done")) == .copiedOnly)
            try await session.noop()
        }
    }

    @Test("a full target is an error that names itself, and the session lives")
    func quota() async throws {
        try await Scripted.run(
            """
            C: TAG LIST "" ""
            S: TAG OK done
            C: TAG UID MOVE 4 "Done"
            S: TAG NO [OVERQUOTA] mailbox of ada@example.com is full
            C: TAG NOOP
            S: TAG OK done
            """
        ) { session, _ in
            let error = await failure { _ = try await session.move(uids(4), to: MailboxName("Done")) }
            #expect(error?.serverCode == "OVERQUOTA")
            #expect(error?.said == "mailbox of …@example.com is full")
            #expect(error?.endsSession == false)
            try await session.noop()
        }
    }
}
