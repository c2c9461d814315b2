import Foundation
import IMAPClient
import TestSupport
import Vocabulary

// Trouble with the list of what is in a mailbox, and lines that nobody asked for.

extension FaultMatrix {
    /// What only the listing asks for.
    private static let list = "RFC822.SIZE)"

    private static func edit(
        _ uid: UInt32, _ body: @escaping @Sendable (inout FakeMessage) -> Void
    )
        -> @Sendable (inout FakeIMAPState) -> Void
    { { $0.inbox.edit(uid, body) } }

    private static func editAll(
        _ body: @escaping @Sendable (inout FakeMessage) -> Void
    ) -> @Sendable (inout FakeIMAPState) -> Void {
        { for uid: UInt32 in 1...5 { $0.inbox.edit(uid, body) } }
    }

    private static let takesOneMore: @Sendable (Trial) async throws -> Void = { trial in
        try await trial.drainUntilDone()
        trial.server.deliver(CustomerMail.number(6))
        try await trial.drainUntilDone()
    }

    static let listing: [FaultRow] = [
        FaultRow(
            "UIDNEXT is too low", gives: Outcome(recorded: 6), server: { $0.inbox.promisedUIDNext = 1 },
            act: takesOneMore),
        FaultRow(
            "UIDNEXT is far too high", gives: Outcome(recorded: 6),
            server: { $0.inbox.promisedUIDNext = 4_000_000_000 }, act: takesOneMore),
        FaultRow(
            "the UIDs have gaps of millions", gives: Outcome(recorded: 6),
            server: { $0.inbox.uidNext = 90_000_000 }, act: takesOneMore),
        FaultRow(
            "INTERNALDATE is left out", gives: Outcome(recorded: 5), server: editAll { $0.internalDate = nil }),
        FaultRow(
            "INTERNALDATE is nonsense", gives: Outcome(recorded: 5),
            server: editAll { $0.nonsenseDate = "32-Foo-0000 99:99:99 +9999" }),
        FaultRow(
            "the server's clock is ten years ahead", gives: Outcome(recorded: 5),
            server: editAll { $0.internalDate = Date() + 10 * 365 * 86_400 }),
        FaultRow(
            "the server's clock stands in 1970", gives: Outcome(recorded: 5),
            server: editAll { $0.internalDate = Date(timeIntervalSince1970: 1) }),
        FaultRow("RFC822.SIZE is too small", gives: Outcome(recorded: 5), server: editAll { $0.announcedSize = 1 }),
        FaultRow(
            "RFC822.SIZE is too large", gives: Outcome(recorded: 5), server: editAll { $0.announcedSize = 9 << 20 }),
        FaultRow(
            "RFC822.SIZE is absurd, so only the beginning is read", gives: Outcome(recorded: 5),
            says: ["message is over the size limit"], server: edit(3) { $0.announcedSize = 1 << 40 }),
        FaultRow(
            "one message cannot be listed", gives: Outcome(recorded: 5), says: ["response could not be read"],
            server: edit(3) { $0.isListedBadly = true }),
        FaultRow(
            "the listing is refused every time", gives: Outcome(recorded: 5),
            server: { $0.faults = [.refuse("UID FETCH", holding: list, with: "NO internal error", times: .max)] }),
        FaultRow(
            "the listing is not understood", gives: Outcome(recorded: 5),
            server: { $0.faults = [.refuse("UID FETCH", holding: list, with: "BAD what", times: .max)] }),
        FaultRow(
            "the connection breaks in the listing", gives: Outcome(recorded: 5), says: ["mailbox failed"],
            server: { $0.faults = [.cut("UID FETCH", holding: list, at: .octet(150), .drop)] }),
        FaultRow(
            "the server falls silent in the listing", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "disposition=retry"],
            server: { $0.faults = [.cut("UID FETCH", holding: list, at: .octet(150), .stall)] },
            account: { $0.commandTimeout = .milliseconds(300) }),
        FaultRow(
            "the listing comes in reverse", gives: Outcome(recorded: 5),
            server: { $0.faults = [FakeFault("UID FETCH", times: .max) { reply, _ in reply.untagged.reverse() }] }),
        FaultRow(
            "the listing names a message twice", gives: Outcome(recorded: 5),
            server: {
                $0.faults = [FakeFault("UID FETCH", holding: list) { reply, _ in reply.untagged += reply.untagged }]
            }),
        FaultRow(
            "changed flags and numbers come unasked in the listing", gives: Outcome(recorded: 5),
            server: { state in
                state.faults = ["* 3 FETCH (FLAGS (\\Seen))", "* 2 RECENT", "* 5 EXISTS", "* FLAGS (\\Seen)"].map {
                    .say($0, at: .between, of: "UID FETCH", holding: list)
                }
            }),
        FaultRow(
            "all is written in lower case and with spaces to spare", gives: Outcome(recorded: 5),
            server: { state in
                state.faults = ["SELECT", "UID FETCH", "UID SEARCH"].map { verb in
                    FakeFault(verb, times: .max) { reply, _ in reply.untagged = reply.untagged.map(sloppy) }
                }
            }),
        FaultRow(
            "a line of two megabytes comes in between", gives: Outcome(recorded: 5),
            says: ["response could not be read"],
            server: {
                $0.faults = [
                    .say("* X " + String(repeating: "x", count: 2 << 20), at: .between, of: "UID FETCH", holding: list)
                ]
            }),
        FaultRow(
            "a line that is no IMAP comes in between", gives: Outcome(recorded: 5),
            says: ["response could not be read"],
            server: { $0.faults = [.say("%%% what?", at: .between, of: "UID FETCH", holding: list)] }),
        FaultRow(
            "the server says that it is still there", gives: Outcome(recorded: 5),
            server: { state in
                state.faults = ["UID FETCH", "SELECT", "UID STORE"].map {
                    .say("* OK Still here", at: .before, of: $0, times: .max)
                }
            }),
        FaultRow(
            "the server raises an alarm", gives: Outcome(recorded: 5), says: ["server sent an alert"],
            server: { $0.faults = [.say("* OK [ALERT] the quota is nearly used up", at: .before, of: "SELECT")] }),
        FaultRow(
            "every answer comes late", gives: Outcome(recorded: 5),
            server: { $0.faults = [.late("*", by: .milliseconds(20))] }
        ),
    ]

    /// The words before a literal in lower case, divided by two spaces.
    @Sendable private static func sloppy(_ response: [UInt8]) -> [UInt8] {
        let end = response.firstIndex(of: 13) ?? response.endIndex
        let head = String(decoding: response[..<end], as: UTF8.self)
        let words = head.lowercased().replacing(" flags", with: "  flags").replacing(" uid", with: " uid")
        return Array(words.utf8) + response[end...]
    }
}
