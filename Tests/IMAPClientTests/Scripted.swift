import CurlTransport
import IMAPClient
import Logging
import TestSupport
import Testing
import Vocabulary

/// One changed setting of the account.
struct Setting: Sendable {
    let apply: @Sendable (inout AccountOptions) -> Void

    init<Value: Sendable>(_ path: any WritableKeyPath<AccountOptions, Value> & Sendable, _ value: Value) {
        apply = { $0[keyPath: path] = value }
    }
}

/// Sessions with scripted servers.
enum Scripted {
    static let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    static func account(port: Int, _ change: (inout AccountOptions) -> Void = { _ in }) throws -> AccountOptions {
        var account = AccountOptions(
            name: AccountName("support"), endpoint: Endpoint(host: "127.0.0.1", port: port, security: .none),
            credentials: Credentials(user: "support@example.com", secret: Secret("correct horse")),
            address: try #require(EmailAddress("support@example.com")), commandTimeout: .seconds(10))
        change(&account)
        return account
    }

    /// What every session says first, up to an open INBOX.
    static func opening(_ capabilities: String = "IDLE UIDPLUS MOVE", select: String? = nil) -> String {
        """
        LOGIN imap \(capabilities)
        C: TAG CAPABILITY
        S: * CAPABILITY IMAP4rev1 \(capabilities)
        S: TAG OK done
        C: TAG ID ("name" "Postroom" *)
        S: * ID ("name" "scripted")
        S: TAG OK done
        C: TAG SELECT "INBOX"
        \(select ?? standardSelect)
        """
    }

    static let standardSelect = """
        S: * FLAGS (\\Seen \\Deleted)
        S: * 3 EXISTS
        S: * OK [UIDVALIDITY 7] valid
        S: * OK [UIDNEXT 10] next
        S: * OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] flags
        S: TAG OK [READ-WRITE] done
        """

    /// Plays `opening` and the dialogue, with the session connected and INBOX selected.
    static func run(
        _ dialogue: String, capabilities: String = "IDLE UIDPLUS MOVE", select: String? = nil,
        with setting: Setting? = nil,
        sourceLocation: Testing.SourceLocation = #_sourceLocation,
        _ body: (IMAPSession, MailboxStatus) async throws -> Void
    ) async throws {
        let text = opening(capabilities, select: select) + "\n" + dialogue
        try await withScriptedServer(Dialogue(text: text), sourceLocation: sourceLocation) { server in
            let session = IMAPSession(account: try account(port: server.port) { setting?.apply(&$0) }, logger: quiet)
            try await session.connect()
            let status = try await session.select(MailboxName("INBOX"))
            try await body(session, status)
        }
    }

    static func listed(_ uids: UInt32..., size: Int = 5) -> [ListedMessage] {
        uids.map { ListedMessage(uid: UID($0), size: size, internalDate: nil, flags: []) }
    }
}

func uids(_ numbers: UInt32...) -> [UID] { numbers.map { UID($0) } }

/// The error of an action; nil, and a failed test, when there is none.
func failure(
    sourceLocation: Testing.SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async -> IMAPError? {
    await #expect(throws: IMAPError.self, sourceLocation: sourceLocation) { try await body() }
}

extension FetchedMessage {
    /// Of a message that was kept in memory.
    var bytes: [UInt8] {
        if case .bytes(let bytes) = content { bytes } else { [] }
    }
}
