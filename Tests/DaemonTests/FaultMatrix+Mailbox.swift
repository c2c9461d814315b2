import IMAPClient
import TestSupport
import Vocabulary

// Trouble with opening a mailbox, and with what a mailbox is.

extension FaultMatrix {
    static let mailbox: [FaultRow] = [
        FaultRow(
            "the mailbox is refused to who has not said its name", gives: Outcome(recorded: 5),
            server: { $0.requiresID = true }),
        FaultRow(
            "the server does not know the ID command", gives: Outcome(recorded: 5), says: ["server refused id"],
            server: { $0.faults = [.refuse("ID", with: "BAD unknown command", times: .max)] }),
        FaultRow(
            "the mailbox is missing for a while", gives: Outcome(recorded: 5), says: ["mailbox failed", "SELECT"],
            server: { $0.faults = [.refuse("SELECT", with: "NO [NONEXISTENT] no such mailbox", times: 2)] }),
        FaultRow(
            "the mailbox cannot be opened for the moment", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "SELECT", "disposition=retry"],
            server: { $0.faults = [.refuse("SELECT", with: "NO [UNAVAILABLE] the disk is away")] }),
        FaultRow(
            "the mailbox can only be read", gives: Outcome(recorded: 5, told: 0),
            server: { $0.inbox.isReadOnly = true }),
        FaultRow(
            "the UIDs of the mailbox do not last, so nothing is taken", gives: Outcome(recorded: 0, waiting: 5),
            says: ["mailbox failed", "no lasting UIDs"], server: { $0.inbox.hasNoValidity = true },
            act: { trial in for _ in 1...2 { try await trial.drain() } }),
        FaultRow(
            "the mailbox gets new UIDs between two runs", gives: Outcome(recorded: 10, told: 5, tickets: 5),
            says: ["mailbox has new UIDs"],
            act: { trial in
                try await trial.drainUntilDone()
                trial.server.change { $0.renumber() }
                try await trial.drainUntilDone()
            }),
        FaultRow(
            "the mailbox gets new UIDs and new mail at once", gives: Outcome(recorded: 11, told: 6, tickets: 6),
            says: ["mailbox has new UIDs"],
            act: { trial in
                try await trial.drainUntilDone()
                trial.server.change { state in
                    state.renumber()
                    state.add(CustomerMail.number(6))
                }
                try await trial.drainUntilDone()
            }),
        FaultRow(
            "the mailbox is renamed under our hands and comes back", gives: Outcome(recorded: 5),
            says: ["mailbox failed"],
            server: { state in
                state.faults = [
                    .meanwhile("UID FETCH", holding: FakeFault.text) { state in
                        state.mailboxes["Elsewhere"] = state.mailboxes.removeValue(forKey: "INBOX")
                    }
                ]
            },
            act: { trial in
                try await trial.drain()
                trial.server.change { state in
                    state.mailboxes["INBOX"] = state.mailboxes.removeValue(forKey: "Elsewhere")
                }
                try await trial.drainUntilDone()
            }),
        FaultRow(
            "one of two mailboxes does not exist", gives: Outcome(recorded: 5), says: ["mailbox failed", "SELECT"],
            account: { $0.mailboxes = [MailboxName("Nowhere"), MailboxName("INBOX")] },
            act: { trial in for _ in 1...2 { try await trial.drain() } }),
        FaultRow(
            "the connection breaks in the answer to SELECT", gives: Outcome(recorded: 5), says: ["mailbox failed"],
            server: { $0.faults = [.cut("SELECT", at: .octet(40), .drop)] }),
        FaultRow(
            "the server falls silent in the answer to SELECT", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "disposition=retry"],
            server: { $0.faults = [.cut("SELECT", at: .octet(40), .stall)] },
            account: { $0.commandTimeout = .milliseconds(300) }),
    ]
}
