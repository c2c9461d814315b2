import IMAPClient
import TestSupport
import Vocabulary

// Trouble with telling the server that a message is recorded: keywords, copies, moves.

extension FaultMatrix {
    private static let movesAway: @Sendable (inout AccountOptions) -> Void = { $0.acknowledge.moveTo = "Done" }

    private static func lacking(_ names: String...) -> @Sendable (inout FakeIMAPState) -> Void {
        { state in
            state.mailboxes["Done"] = FakeMailbox(uidValidity: 9)
            state.capabilities.removeAll { names.contains($0) }
        }
    }

    private static let copyOnly = lacking("MOVE")

    static let telling: [FaultRow] = [
        FaultRow(
            "the mailbox keeps no keywords", gives: Outcome(recorded: 5, told: 0),
            says: ["mailbox keeps no keywords"], server: { $0.inbox.permanentFlags = "\\Seen \\Deleted" }),
        FaultRow(
            "the keyword is not understood", gives: Outcome(recorded: 5, told: 0), says: ["mailbox keeps no keywords"],
            server: { $0.faults = [.refuse("UID STORE", with: "BAD no such flag", times: .max)] }),
        FaultRow(
            "the keyword is refused for the moment", gives: Outcome(recorded: 5),
            says: ["recorded mail could not be marked or moved"],
            server: { $0.faults = [.refuse("UID STORE", with: "NO [INUSE] somebody else writes")] },
            act: { trial in
                try await trial.drain()
                try await trial.drainUntilDone()
            }),
        FaultRow(
            "the keyword is set and the answer is lost", gives: Outcome(recorded: 5), says: ["mailbox failed"],
            server: { $0.faults = [.cut("UID STORE", at: .octet(0), .drop)] }),
        FaultRow(
            "the keyword is set and the server falls silent", gives: Outcome(recorded: 5), says: ["mailbox failed"],
            server: { $0.faults = [.cut("UID STORE", at: .octet(0), .stall)] },
            account: { $0.commandTimeout = .milliseconds(300) }),
        FaultRow(
            "a message is deleted before it is marked", gives: Outcome(recorded: 5, told: 4),
            server: { state in state.faults = [.meanwhile("UID STORE") { $0.inbox.remove([2]) }] }),
        FaultRow(
            "messages are moved and the answer is lost", gives: Outcome(recorded: 5), says: ["mailbox failed"],
            server: { $0.faults = [.cut("UID MOVE", at: .octet(0), .drop)] }, account: movesAway),
        FaultRow(
            "the mailbox to move to does not exist", gives: Outcome(recorded: 5), account: movesAway,
            act: { trial in
                try await trial.drainUntilDone()
                trial.expect(trial.server.state.mailboxes["Done"]?.messages.count == 5, "it was not made")
            }),
        FaultRow(
            "there is no room to move to, and new mail is taken all the same", gives: Outcome(recorded: 6),
            says: ["recorded mail could not be marked or moved"],
            server: { $0.faults = [.refuse("UID MOVE", with: "NO [OVERQUOTA] no room", times: 2)] }, account: movesAway,
            act: { trial in
                try await trial.drain()
                trial.server.deliver(CustomerMail.number(6))
                try await trial.drain()
                trial.expect(try trial.measured().recorded == 6, "new mail was held up")
                try await trial.drainUntilDone()
            }),
        FaultRow(
            "there is no room to copy to for the moment", gives: Outcome(recorded: 5),
            says: ["recorded mail could not be marked or moved"],
            server: { state in
                copyOnly(&state)
                state.faults = [.refuse("UID COPY", with: "NO [OVERQUOTA] no room")]
            }, account: movesAway,
            act: { trial in
                try await trial.drain()
                try await trial.drainUntilDone()
            }),
        FaultRow(
            "the server cannot move, and copies in one go", gives: Outcome(recorded: 5), server: copyOnly,
            account: movesAway,
            act: { trial in
                try await trial.drainUntilDone()
                trial.expect(trial.server.state.inbox.messages.isEmpty, "the originals are still there")
            }),
        FaultRow(
            "messages are copied and the answer is lost", gives: Outcome(recorded: 5), says: ["mailbox failed"],
            server: { state in
                copyOnly(&state)
                state.faults = [.cut("UID COPY", at: .octet(0), .drop)]
            }, account: movesAway),
        FaultRow(
            "messages are copied and cannot be marked as deleted", gives: Outcome(recorded: 5),
            says: ["recorded mail could not be marked or moved"],
            server: { state in
                copyOnly(&state)
                state.faults = [.refuse("UID STORE", holding: "\\Deleted", with: "NO [INUSE] somebody else writes")]
            }, account: movesAway,
            act: { trial in
                try await trial.drain()
                try await trial.drainUntilDone()
            }),
        FaultRow(
            "messages are copied and the removal is not answered", gives: Outcome(recorded: 5),
            says: ["mailbox failed"],
            server: { state in
                copyOnly(&state)
                state.faults = [.cut("UID EXPUNGE", at: .octet(0), .drop)]
            }, account: movesAway),
        FaultRow(
            "the server can neither move nor expunge by UID, so the originals stay",
            gives: Outcome(recorded: 5, told: 10), says: ["messages were copied"], server: lacking("MOVE", "UIDPLUS"),
            account: movesAway),
        FaultRow(
            "all mailboxes stand below INBOX and are divided by dots", gives: Outcome(recorded: 5),
            server: { ($0.prefix, $0.delimiter) = ("INBOX.", ".") },
            account: { $0.acknowledge.moveTo = "Done/2026" },
            act: { trial in
                try await trial.drainUntilDone()
                let names = trial.server.state.mailboxes.keys.sorted()
                trial.expect(names == ["INBOX", "INBOX.Done.2026"], "mailboxes are \(names)")
            }),
        FaultRow(
            "flags come unasked in the answer to a STORE", gives: Outcome(recorded: 5),
            server: {
                $0.faults = [.say("* 2 FETCH (UID 2 FLAGS (\\Seen $PostroomDone))", at: .before, of: "UID STORE")]
            }),
    ]
}
