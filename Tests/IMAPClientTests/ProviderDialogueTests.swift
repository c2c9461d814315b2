import CurlTransport
import IMAPClient
import TestSupport
import Testing
import Vocabulary

/// What different kinds of servers say, from the login to the first news, as `fixtures/dialogues/imap` has it.
struct ProviderDialogueTests {
    struct Provider: Sendable, CustomTestStringConvertible {
        let file: String
        var keyword = KeywordOutcome.stored
        /// A mailbox that is made, in our spelling.
        var creates: String?

        var testDescription: String { file }
    }

    @Test(
        "all mail is taken and the first news is heard",
        arguments: [
            Provider(file: "id-before-select", keyword: .notKept), Provider(file: "no-idle", keyword: .notKept),
            Provider(file: "exchange", keyword: .notKept), Provider(file: "courier", creates: "Done/2026"),
            Provider(file: "gmail"),
        ])
    func provider(_ row: Provider) async throws {
        try await withScriptedServer(Dialogue(fixture: "imap/\(row.file).txt")) { server in
            let account = try Scripted.account(port: server.port) { $0.pollInterval = .milliseconds(30) }
            let session = IMAPSession(account: account, logger: Scripted.quiet)
            try await session.connect()
            _ = try await session.select(MailboxName("INBOX"))
            let listing = try await session.messages(above: UID(0))
            #expect(listing.messages.count == 2)
            #expect(listing.messages.allSatisfy { $0.internalDate != nil })
            try await session.startFetch(FetchPlan(listing.messages).batches)
            let batch = try #require(try await session.nextBatch())
            #expect(batch.messages.map { String(decoding: $0.bytes, as: UTF8.self) } == Self.texts)
            #expect(batch.failed.isEmpty && batch.missing.isEmpty)
            let outcome = try await session.add(keyword: "$PostroomDone", to: listing.messages.map(\.uid))
            #expect(outcome == row.keyword)
            if let name = row.creates { try await session.create(MailboxName(name)) }
            try await #expect(session.idle(until: .now + .seconds(20)) == .mailboxChanged)
        }
    }

    @Test("a line that breaks, falls silent and then holds gives the message once")
    func brokenLine() async throws {
        try await withScriptedServer(Dialogue(fixture: "imap/broken-line.txt")) { server in
            let account = try Scripted.account(port: server.port) { $0.commandTimeout = .milliseconds(300) }
            for reason in [IMAPError.Reason.transport(.closed), .transport(.timedOut)] {
                let session = IMAPSession(account: account, logger: Scripted.quiet)
                let error = await failure { _ = try await Self.first(of: session) }
                #expect(error?.reason == reason)
                #expect(error?.unanswered == uids(1))
            }
            let batch = try await Self.first(of: IMAPSession(account: account, logger: Scripted.quiet))
            #expect(batch?.messages.map { String(decoding: $0.bytes, as: UTF8.self) } == [Self.texts[0]])
        }
    }

    private static func first(of session: IMAPSession) async throws -> FetchedBatch? {
        try await session.connect()
        _ = try await session.select(MailboxName("INBOX"))
        try await session.startFetch(FetchPlan(Scripted.listed(1)).batches)
        return try await session.nextBatch()
    }

    private static let texts = ["Subject: 1\r\n\r\none\r\n ", "Subject: 2\r\n\r\ntwo\r\n "]
}
