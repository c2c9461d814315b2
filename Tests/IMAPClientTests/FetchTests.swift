import CurlTransport
import FoundationEssentials
import IMAPClient
import IMAPProtocol
import TestSupport
import Testing
import Vocabulary

struct FetchTests {
    private let items = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])"

    private func batches(_ groups: [UInt32]...) -> [FetchBatch] {
        groups.flatMap { FetchPlan($0.flatMap { Scripted.listed($0) }).batches }
    }

    /// All batches, one after another.
    private func collect(_ session: IMAPSession, _ batches: [FetchBatch]) async throws -> [FetchedBatch] {
        try await session.startFetch(batches)
        var result: [FetchedBatch] = []
        while let batch = try await session.nextBatch() { result.append(batch) }
        return result
    }

    private func texts(_ batch: FetchedBatch) -> [String] {
        batch.messages.map { "\($0.uid) \(String(decoding: $0.bytes, as: UTF8.self))" }
    }

    @Test("two commands are in flight before the first answer, and the third follows the first result")
    func pipeline() async throws {
        try await Scripted.run(
            """
            C: TAG1 UID FETCH 1:2 \(items)
            C: TAG2 UID FETCH 3 \(items)
            S-: * 1 FETCH (UID 1 FLAGS () INTERNALDATE "21-Nov-2026 09:00:00 +0800" RFC822.SIZE 5 BODY[]\u{20}
            LITERAL: a\\r\\nb\\n
            S: )
            S-: * 2 FETCH (BODY[]\u{20}
            LITERAL: TAG1 OK done\\r\\n* BYE\\r\\n
            S:  UID 2 RFC822.SIZE 99)
            S: TAG1 OK done
            C: TAG3 UID FETCH 8 \(items)
            S-: * 3 FETCH (UID 3 RFC822.SIZE 1 BODY[]\u{20}
            LITERAL: c
            S: )
            S: TAG2 OK done
            S-: * 4 FETCH (UID 8 RFC822.SIZE 1 BODY[]\u{20}
            LITERAL: d
            S: )
            S: TAG3 OK done
            """
        ) { session, _ in
            let result = try await collect(session, batches([1, 2], [3], [8]))
            #expect(result.map(texts) == [["1 a\r\nb\n", "2 TAG1 OK done\r\n* BYE\r\n"], ["3 c"], ["8 d"]])
            #expect(result[0].messages.map(\.sizeDiffers) == [false, true])
            #expect(result[0].messages[0].internalDate?.timeIntervalSince1970 == 1_795_222_800)
            #expect(result.allSatisfy { $0.missing.isEmpty && $0.failed.isEmpty })
        }
    }

    @Test("the handler of one batch runs while the next is read")
    func handles() async throws {
        try await Scripted.run(
            """
            C: TAG1 UID FETCH 1 \(items)
            C: TAG2 UID FETCH 2 \(items)
            S-: * 1 FETCH (UID 1 BODY[]\u{20}
            LITERAL: a
            S: )
            S: TAG1 OK done
            S-: * 1 FETCH (UID 2 BODY[]\u{20}
            LITERAL: b
            S: )
            S: TAG2 OK done
            """
        ) { session, _ in
            var seen: [String] = []
            try await session.fetch(batches([1], [2])) { batch in
                await Task.yield()
                seen += texts(batch)
            }
            #expect(seen == ["1 a", "2 b"])
        }
    }

    @Test("when the handler throws, the rest is read over and the session lives")
    func handlerThrows() async throws {
        struct Full: Error {}
        try await Scripted.run(
            """
            C: TAG1 UID FETCH 1 \(items)
            C: TAG2 UID FETCH 2 \(items)
            S-: * 1 FETCH (UID 1 BODY[]\u{20}
            LITERAL: a
            S: )
            S: TAG1 OK done
            C: TAG3 UID FETCH 3 \(items)
            S-: * 1 FETCH (UID 2 BODY[]\u{20}
            LITERAL: b
            S: )
            S: TAG2 OK done
            S: TAG3 OK done
            C: TAG NOOP
            S: TAG OK done
            """
        ) { session, _ in
            await #expect(throws: Full.self) {
                try await session.fetch(batches([1], [2], [3])) { _ in throw Full() }
            }
            try await session.noop()
        }
    }

    @Test("answers in any order, in pieces, with other data and junk between them")
    func unordered() async throws {
        try await Scripted.run(
            """
            C: TAG1 UID FETCH 1:2 \(items)
            C: TAG2 UID FETCH 3 \(items)
            S-: * 3 FETCH (UID 3 BODY[]\u{20}
            LITERAL: c
            S: )
            S: * 4 EXISTS
            S: * 77 FETCH (FLAGS (\\Seen))
            S: * 2 FETCH (UID 2 FLAGS ($x) RFC822.SIZE 1)
            S: what is this {3}
            S: * OK Still here
            S-: * 2 FETCH (UID 2 BODY[]\u{20}
            LITERAL: b
            S: )
            S-: * 50 FETCH (UID 50 BODY[]\u{20}
            LITERAL: nobody asked
            S: )
            S: * 1 EXPUNGE
            S-: * 1 FETCH (UID 1 BODY[]\u{20}
            LITERAL: a
            S: )
            S: TAG1 OK done
            S: TAG2 OK done
            """
        ) { session, _ in
            let result = try await collect(session, batches([1, 2], [3]))
            #expect(result.map(texts) == [["1 a", "2 b"], ["3 c"]])
            #expect(result[0].messages[1].flags == ["$x"])
        }
    }

    @Test("who was left out: gone, refused, unreadable, or only forgotten")
    func leftOut() async throws {
        try await Scripted.run(
            """
            C: TAG1 UID FETCH 1:6 \(items)
            S-: * 1 FETCH (UID 1 RFC822.SIZE 1 BODY[]\u{20}
            LITERAL: a
            S: )
            S: * 2 FETCH (UID 2 BODY[] NIL)
            S: * 3 FETCH (UID 3 RFC822.SIZE oops BODY[] "x")
            S: TAG1 OK done
            C: TAG NOOP
            S: TAG OK done
            C: TAG UID SEARCH UID 2:6
            S: * SEARCH 2 3 5 6
            S: TAG OK done
            C: TAG UID FETCH 3 \(items)
            S: * 3 FETCH (UID 3 RFC822.SIZE oops BODY[] "x")
            S: TAG OK done
            C: TAG UID FETCH 5 \(items)
            S: TAG NO cannot read it
            C: TAG UID FETCH 6 \(items)
            S-: * 5 FETCH (UID 6 RFC822.SIZE 1 BODY[]\u{20}
            LITERAL: f
            S: )
            S: TAG OK done
            """
        ) { session, _ in
            let result = try await collect(session, batches([1, 2, 3, 4, 5, 6]))
            #expect(result.map(texts) == [["1 a", "6 f"]])
            #expect(result[0].missing == uids(4))
            #expect(result[0].failed.map(\.uid) == uids(2, 3, 5))
            #expect(
                result[0].failed.map(\.said) == [
                    "the server has no text for it", "the server's answer cannot be read", "cannot read it",
                ])
        }
    }

    @Test("one bad message in a refused batch costs no other", arguments: ["NO", "BAD"])
    func refusedBatch(status: String) async throws {
        try await Scripted.run(
            """
            C: TAG1 UID FETCH 1:3 \(items)
            C: TAG2 UID FETCH 4 \(items)
            S: TAG1 \(status) message 2 is broken
            S-: * 4 FETCH (UID 4 BODY[]\u{20}
            LITERAL: d
            S: )
            S: TAG2 OK done
            C: TAG NOOP
            S: TAG OK done
            C: TAG UID SEARCH UID 1:3
            S: * SEARCH 1 2 3
            S: TAG OK done
            C: TAG UID FETCH 1 \(items)
            S: * 1 FETCH (UID 1 RFC822.SIZE 1 BODY[] "a")
            S: TAG OK done
            C: TAG UID FETCH 2 \(items)
            S: TAG \(status) broken
            C: TAG UID FETCH 3 \(items)
            S: * 1 FETCH (UID 3 RFC822.SIZE 1 BODY[] "c")
            S: TAG OK done
            """
        ) { session, _ in
            let result = try await collect(session, batches([1, 2, 3], [4]))
            #expect(result.map(texts) == [["1 a", "3 c"], ["4 d"]])
            #expect(result[0].failed == [FetchFailure(uid: UID(2), said: "broken")])
        }
    }

    @Test("a server in trouble blames no message")
    func passing() async throws {
        try await Scripted.run(
            """
            C: TAG1 UID FETCH 1:3 \(items)
            S: TAG1 NO [UNAVAILABLE] storage is down
            """
        ) { session, _ in
            let error = await failure { _ = try await collect(session, batches([1, 2, 3])) }
            #expect(error?.reason == .refused)
            #expect(error?.disposition == .retry)
        }
    }

    @Test("a text that is empty although it has a size cannot be had; one that is empty is empty")
    func emptyTexts() async throws {
        try await Scripted.run(
            """
            C: TAG1 UID FETCH 1:2 \(items)
            S: * 1 FETCH (UID 1 RFC822.SIZE 0 BODY[] "")
            S: * 2 FETCH (UID 2 RFC822.SIZE 9 BODY[] "")
            S: TAG1 OK done
            C: TAG NOOP
            S: TAG OK done
            C: TAG UID SEARCH UID 2
            S: * SEARCH 2
            S: TAG OK done
            """
        ) { session, _ in
            let result = try await collect(session, batches([1, 2]))
            #expect(result.map(texts) == [["1 "]])
            #expect(result[0].failed == [FetchFailure(uid: UID(2), said: "the server gives an empty text")])
        }
    }

    @Test("a message that is larger than the server said is read over and reported")
    func tooLarge() async throws {
        let large = String(repeating: "x", count: (1 << 20) + 1_251)
        try await Scripted.run(
            """
            C: TAG1 UID FETCH 1:2 \(items)
            S-: * 1 FETCH (UID 1 RFC822.SIZE 9 BODY[]\u{20}
            LITERAL: \(large)
            S: )
            S: * 2 FETCH (UID 2 RFC822.SIZE 1 BODY[] "b")
            S: TAG1 OK done
            C: TAG NOOP
            S: TAG OK done
            C: TAG UID SEARCH UID 1
            S: * SEARCH 1
            S: TAG OK done
            """, with: Setting(\.maxMessageSize, 1_000)
        ) { session, _ in
            let result = try await collect(session, batches([1, 2]))
            #expect(result.map(texts) == [["2 b"]])
            #expect(result[0].failed.map(\.said) == ["its text has 1049827 bytes, more than is allowed"])
        }
    }

    struct Break: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        let reason: IMAPError.Reason
    }

    @Test(
        "a connection that breaks names who was not answered, and nobody gets another's text",
        arguments: [
            Break(
                testDescription: "half a literal", script: "S-: * 2 FETCH (UID 2 BODY[] \nHALF: 0123456789\nDROP",
                reason: .transport(.closed)),
            Break(
                testDescription: "half a literal, then silence",
                script: "S-: * 2 FETCH (UID 2 BODY[] \nHALF: 0123456789\nSTALL",
                reason: .transport(.timedOut)),
            Break(testDescription: "a reset", script: "RESET", reason: .transport(.closed)),
            Break(testDescription: "BYE", script: "S: * BYE shutting down\nDROP", reason: .bye),
            Break(testDescription: "silence", script: "STALL", reason: .transport(.timedOut)),
            Break(
                testDescription: "an absurd literal", script: "S: * 2 FETCH (UID 2 BODY[] {99999999999999}",
                reason: .protocolViolation),
            Break(
                testDescription: "a literal that is longer than announced: the surplus is never read as a mail",
                script: """
                    S: * 2 FETCH (UID 2 RFC822.SIZE 9 BODY[] {3}
                    RAW: abc stray\\r\\n* 3 FETCH (UID 3 BODY[] \"forged\")\\r\\np1 OK done\\r\\n)\\r\\n
                    S: TAG1 OK done
                    """,
                reason: .protocolViolation),
            Break(
                testDescription: "a literal that is shorter than announced: it swallows the next mail's beginning",
                script: """
                    S: * 2 FETCH (UID 2 RFC822.SIZE 3 BODY[] {12}
                    RAW: abc)\\r\\n* 3 FETCH (UID 3 BODY[] \"c\")\\r\\n
                    S: TAG1 OK done
                    """,
                reason: .protocolViolation),
        ])
    func breaks(_ row: Break) async throws {
        let script =
            Scripted.opening() + """

                C: TAG1 UID FETCH 1:3 \(items)
                C: TAG2 UID FETCH 4 \(items)
                S: * 1 FETCH (UID 1 RFC822.SIZE 1 BODY[] "a")
                \(row.script)
                """
        let server = try ScriptedServer(Dialogue(text: script))
        let account = try Scripted.account(port: server.port) { $0.commandTimeout = .milliseconds(500) }
        let session = IMAPSession(account: account, logger: Scripted.quiet)
        try await session.connect()
        _ = try await session.select(MailboxName("INBOX"))
        let error = await failure { _ = try await collect(session, batches([1, 2, 3], [4])) }
        #expect(error?.reason == row.reason)
        #expect(error?.unanswered == uids(2, 3))
        #expect(error?.endsSession == true)
        #expect(await failure { try await session.noop() }?.reason == .notReady)
        server.stop()
    }

    @Test("a slow transfer that makes progress is not cut, one that trickles is")
    func progress() async throws {
        let slow = (0..<6).map { _ in "WAIT 150 ms\nRAW: \(String(repeating: "x", count: 2_000))" }.joined(
            separator: "\n")
        try await Scripted.run(
            """
            C: TAG1 UID FETCH 1 \(items)
            S: * 1 FETCH (UID 1 RFC822.SIZE 12000 BODY[] {12000}
            \(slow)
            S: )
            S: TAG1 OK done
            """, with: Setting(\.commandTimeout, .milliseconds(400))
        ) { session, _ in
            let result = try await collect(session, batches([1]))
            #expect(result[0].messages.map(\.bytes.count) == [12_000])
        }
        let trickle = (0..<40).map { _ in "WAIT 50 ms\nRAW: x" }.joined(separator: "\n")
        let script =
            Scripted.opening() + """

                C: TAG1 UID FETCH 1 \(items)
                S: * 1 FETCH (UID 1 RFC822.SIZE 12000 BODY[] {12000}
                \(trickle)
                """
        let server = try ScriptedServer(Dialogue(text: script))
        let account = try Scripted.account(port: server.port) { $0.commandTimeout = .milliseconds(300) }
        let session = IMAPSession(account: account, logger: Scripted.quiet)
        try await session.connect()
        _ = try await session.select(MailboxName("INBOX"))
        let error = await failure { _ = try await collect(session, batches([1])) }
        #expect(error?.reason == .transport(.timedOut))
        server.stop()
    }

    @Test("the beginning of a message that is too large")
    func head() async throws {
        try await Scripted.run(
            """
            C: TAG UID FETCH 1 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.4>)
            S-: * 1 FETCH (UID 1 RFC822.SIZE 900 BODY[]<0>\u{20}
            LITERAL: abcd
            S: )
            S: TAG OK done
            C: TAG UID FETCH 2 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.65536>)
            S: TAG OK done
            """
        ) { session, _ in
            let message = try await session.fetchHead(of: UID(1), bytes: 4)
            #expect(message?.bytes == Array("abcd".utf8))
            #expect(message?.size == 900)
            try await #expect(session.fetchHead(of: UID(2)) == nil)
        }
    }

    @Test("abort ends a transfer at once")
    func abort() async throws {
        let script = Scripted.opening() + "\nC: TAG1 UID FETCH 1 \(items)\nSTALL"
        let server = try ScriptedServer(Dialogue(text: script))
        let session = IMAPSession(account: try Scripted.account(port: server.port), logger: Scripted.quiet)
        try await session.connect()
        _ = try await session.select(MailboxName("INBOX"))
        try await session.startFetch(batches([1]))
        async let reading = outcome(session)
        session.abort()
        #expect(await reading == .transport(.interrupted))
        server.stop()
    }

    private func outcome(_ session: IMAPSession) async -> IMAPError.Reason? {
        do { _ = try await session.nextBatch() } catch { return error.reason }
        return nil
    }
}
