import CurlTransport
import Foundation
import IMAPClient
import TestSupport
import Testing
import Vocabulary

/// Against a real Dovecot.
@Suite(.serialized, .enabled(if: MailHost.isAvailable, MailHost.skipComment))
struct DovecotTests {
    /// One for the suite; it goes with the process.
    private static let host = Result { try MailHost() }
    private let host: MailHost
    private let inbox = MailboxName("INBOX")

    init() throws { host = try Self.host.get() }

    private func session(
        _ user: String, security: Endpoint.Security = .startTLS, password: String? = nil, caFile: String? = nil,
        _ change: (inout AccountOptions) -> Void = { _ in }
    ) throws -> IMAPSession {
        let port = security == .implicitTLS ? host.imapsPort : host.imapPort
        var account = try Scripted.account(port: port)
        account.endpoint = Endpoint(host: "localhost", port: port, security: security, caFile: caFile ?? host.caFile)
        account.credentials = Credentials(user: "\(user)@\(host.domain)", secret: Secret(password ?? "\(user)-secret"))
        change(&account)
        return IMAPSession(account: account, logger: Scripted.quiet)
    }

    private func open(
        _ user: String, _ change: (inout AccountOptions) -> Void = { _ in }
    ) async throws -> (IMAPSession, MailboxStatus) {
        let session = try session(user, change)
        try await session.connect()
        return (session, try await session.select(inbox))
    }

    private func mail(_ number: Int, lines: Int = 20) -> [UInt8] {
        let line = "line of mail \(number), p1 OK done, * 5 EXISTS, {12}\r\n"
        return Array(
            ("From: ada@example.com\r\nTo: support@sandbox.test\r\nSubject: mail \(number)\r\n"
                + "Message-ID: <\(number)@example.com>\r\n\r\n" + String(repeating: line, count: lines)).utf8)
    }

    @Test(
        "plain, STARTTLS and TLS, with PLAIN, LOGIN and CRAM-MD5", arguments: Endpoint.Security.allCases,
        [Credentials.Mechanism.automatic, .plain, .login, .cramMD5])
    func logsIn(security: Endpoint.Security, mechanism: Credentials.Mechanism) async throws {
        let session = try session("agent1", security: security) {
            $0.credentials = Credentials(user: $0.credentials.user, secret: $0.credentials.secret, mechanism: mechanism)
        }
        try await session.connect()
        let status = try await session.select(inbox)
        #expect(status.allowsKeywords && !status.readOnly)
        #expect(await session.capabilities.isSuperset(of: ["IDLE", "UIDPLUS", "MOVE", "ID"]))
        await session.logout()
    }

    @Test("a certificate of an unknown authority is refused", arguments: [Endpoint.Security.startTLS, .implicitTLS])
    func wrongCA(security: Endpoint.Security) async throws {
        let session = try session("agent1", security: security, caFile: "/etc/ssl/certs/ca-certificates.crt")
        let error = try #require(await failure { try await session.connect() })
        #expect(error.reason == .transport(.tls) || error.reason == .transport(.misconfigured))
        #expect("\(error)".contains("certificate"))
    }

    @Test("a wrong password holds the account")
    func wrongPassword() async throws {
        let session = try session("agent1", password: "wrong")
        let error = try #require(await failure { try await session.connect() })
        #expect(error.reason == .transport(.authenticationFailed))
        #expect(error.disposition == .hold)
        #expect(!"\(error)".contains("agent1@"))
    }

    @Test("500 mails come whole, in order, in batches that overlap")
    func fetchesMany() async throws {
        let mails = (1...500).map { mail($0, lines: $0 % 50) }
        let box = try TemporaryFolder()
        for (number, mail) in mails.enumerated() {
            try Data(mail).write(to: box.url.appending(path: "\(number).eml"))
        }
        try host.command("deliver", "-u", "sales", "-j", "8", box.path)
        let (session, _) = try await open("sales") { $0.fetchLimits = FetchLimits(messages: 64, bytes: 100_000) }
        let listing = try await session.messages(above: UID(0))
        #expect(listing.messages.count == 500)
        #expect(listing.isComplete)
        let batches = FetchPlan(listing.messages, limits: session.account.fetchLimits).batches
        #expect(batches.count >= 8)
        var fetched: [FetchedMessage] = []
        try await session.fetch(batches) { batch in
            #expect(batch.missing.isEmpty && batch.failed.isEmpty)
            fetched += batch.messages
        }
        #expect(fetched.map(\.uid) == listing.messages.map(\.uid))
        #expect(fetched.allSatisfy { !$0.sizeDiffers && $0.internalDate != nil && !$0.flags.contains("\\Seen") })
        // LMTP puts trace fields in front.
        let bodies = fetched.map { message in
            String(decoding: message.bytes, as: UTF8.self).split(separator: "From: ada", maxSplits: 1).last.map(
                String.init)
        }
        #expect(Set(bodies) == Set(mails.map { String(decoding: $0.dropFirst("From: ada".utf8.count), as: UTF8.self) }))
        let again = try await session.messages(above: listing.through)
        #expect(again.messages.isEmpty && again.isComplete)
        await session.logout()
    }

    @Test("new mail ends an IDLE")
    func idles() async throws {
        let (session, _) = try await open("billing")
        let listing = try await session.messages(above: UID(0))
        async let idling = session.idle(until: .now + .seconds(30))
        try host.deliver([mail(1)], to: "billing")
        try await #expect(idling == .mailboxChanged)
        try await #expect(session.messages(above: listing.through).messages.count == 1)
        session.interrupt()
        try await #expect(session.idle(until: .now + .seconds(30)) == .interrupted)
        await session.logout()
    }

    @Test("keyword and move, into a mailbox that did not exist; expunged mail is missing")
    func acknowledges() async throws {
        try host.deliver([mail(1), mail(2), mail(3)], to: "agent2")
        let (session, _) = try await open("agent2")
        let all = try await session.messages(above: UID(0)).messages.map(\.uid)
        #expect(all.count == 3)
        try await #expect(session.add(keyword: "$PostroomDone", to: all) == .stored)
        try await #expect(session.add(keyword: "$PostroomDone", to: all) == .stored, "once more does no harm")
        let flags = try await session.messages(above: UID(0)).messages.map(\.flags)
        #expect(flags.allSatisfy { $0.contains("$PostroomDone") && !$0.contains("\\Seen") })
        let target = MailboxName("Handled/投诉")
        try await #expect(session.move([all[0], all[2]], to: target) == .moved)
        try await session.startFetch([FetchBatch(uids: all, announcedBytes: 0)])
        let batch = try await session.nextBatch()
        #expect(batch?.messages.map(\.uid) == [all[1]])
        #expect(batch?.missing == [all[0], all[2]])
        try await #expect(session.select(target).exists == 2)
        await session.logout()
    }

    @Test("sessions that are killed in the middle name what is open, and a new one goes on")
    func dropped() async throws {
        try host.deliver((1...30).map { mail($0, lines: 2_000) }, to: "agent3")
        let (session, _) = try await open("agent3")
        let listing = try await session.messages(above: UID(0))
        let batches = FetchPlan(listing.messages, limits: FetchLimits(messages: 2)).batches
        try await session.startFetch(batches)
        let first = try #require(try await session.nextBatch())
        try host.command("drop-imap")
        let error = await failure { while try await session.nextBatch() != nil {} }
        #expect(error?.endsSession == true)
        #expect(error?.disposition == .retry)
        #expect(error?.unanswered.isEmpty == false)
        try await session.connect()
        _ = try await session.select(inbox)
        var count = first.messages.count
        try await session.fetch(Array(batches.dropFirst())) { count += $0.messages.count }
        #expect(count == 30)
        await session.logout()
    }

    @Test("a server that stops without a word is noticed")
    func stalled() async throws {
        let (session, _) = try await open("agent1") { $0.commandTimeout = .milliseconds(500) }
        try host.command("stall-imap")
        let error = await failure { try await session.noop() }
        try host.command("resume-imap")
        #expect(error?.reason == .transport(.timedOut))
    }

    @Test("a server that is gone and back")
    func restarted() async throws {
        let (session, _) = try await open("agent1")
        try host.command("kill-imap")
        #expect(await failure { _ = try await session.idle(until: .now + .seconds(20)) }?.endsSession == true)
        let error = await failure { try await session.connect() }
        #expect(error?.reason == .transport(.unreachable))
        try host.command("restart-imap")
        try await session.connect()
        try await #expect(session.select(inbox).uidValidity.rawValue > 0)
        await session.logout()
    }
}
