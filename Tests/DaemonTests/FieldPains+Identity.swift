import Foundation
import IMAPClient
import TestSupport
import Vocabulary

// What a message is known by, and what says nothing about it.

extension FieldPains {
    private static func letter(
        from: String? = "Ada Example <ada@buyer.example>", id: String?, _ body: String = "Where is my order SO-2026-1?"
    ) -> [UInt8] { CustomerMail.mail(from: from, id: id, subject: "My order", body: body, date: moment) }

    /// One second for all: a second tells nobody apart.
    private static let moment = Date() - 3600

    private static func twoMailboxes(_ account: inout AccountOptions) {
        account.mailboxes = [MailboxName("INBOX"), MailboxName("Sales")]
    }

    // MARK: - Connections and marks

    static let state: [FaultRow] = [
        FaultRow(
            "mail that somebody has read, answered or flagged is taken", gives: Outcome(recorded: 5),
            server: { state in
                for (uid, flags) in [
                    (1, ["\\Seen"]), (2, ["\\Seen", "\\Answered"]), (3, ["\\Flagged", "$Forwarded"]),
                ] {
                    state.inbox.edit(UInt32(uid)) { $0.flags = Set(flags) }
                }
            }),
        FaultRow(
            "mail that is seen while we wait is taken", gives: Outcome(recorded: 6),
            act: { trial in
                try await trial.serving {
                    await trial.awaitIdling()
                    trial.server.change { state in state.add(CustomerMail.number(6)) { $0.flags = ["\\Seen"] } }
                    await trial.awaitTold(6)
                }
            }),
        FaultRow(
            "a keyword of ours that somebody has copied onto new mail does not hide it", gives: Outcome(recorded: 5),
            server: { state in for uid: UInt32 in 1...5 { state.inbox.edit(uid) { $0.flags = [Trial.keyword] } } }),
        FaultRow(
            "an IDLE is renewed, and hears mail afterwards", gives: Outcome(recorded: 6),
            account: { $0.idleRenewal = .milliseconds(80) },
            act: { trial in
                try await trial.serving {
                    let renewed = await trial.server.watched.wait { $0.idles >= 4 }
                    trial.expect(renewed, "it was not renewed")
                    trial.server.deliver(CustomerMail.number(6))
                    await trial.awaitTold(6)
                }
            }),
        FaultRow(
            "broken connections are not left open, and no mail is taken by two", gives: Outcome(recorded: 8),
            says: ["mailbox failed"],
            act: { trial in
                try await trial.serving {
                    await trial.awaitTold(5)
                    for number in 6...8 {
                        await trial.awaitIdling()
                        trial.server.order(.drop)
                        trial.server.deliver(CustomerMail.number(number))
                        await trial.awaitTold(number)
                    }
                }
                trial.expect(trial.server.state.mostOpen <= 2, "\(trial.server.state.mostOpen) connections at once")
                let closed = await trial.server.watched.wait { $0.open == 0 }
                trial.expect(closed, "a connection was left open")
            }),
        FaultRow(
            "mail that another program takes away first is gone, and nothing else",
            gives: Outcome(recorded: 4, gone: 1),
            server: { $0.inbox.remove([2]) }),
    ]

    // MARK: - Identity

    static let identity: [FaultRow] = [
        FaultRow(
            "mail without a Message-ID stops nothing", gives: Outcome(recorded: 7),
            server: { state in
                state.add(letter(id: nil, "The first matter."))
                state.add(letter(id: nil, "Another matter."))
            }),
        FaultRow(
            "one sender, one subject, one second and no Message-ID are still two mails", mails: 0,
            gives: Outcome(recorded: 2, tickets: 2),
            server: { state in
                state.add(letter(id: nil, "Two pallets, please."))
                state.add(letter(id: nil, "Three pallets, please."))
            }),
        FaultRow(
            "an empty, missing or broken From stops nothing", gives: Outcome(recorded: 9, tickets: 9),
            server: { state in
                for (number, from) in [nil, "", "<>", "\"Ada <ada@"].enumerated() {
                    state.add(letter(from: from, id: "<from-\(number)@buyer.example>", "Matter \(number)."))
                }
            }),
        FaultRow(
            "one Message-ID on two contents is two mails", mails: 0, gives: Outcome(recorded: 2, tickets: 2),
            server: { state in
                state.add(
                    letter(from: "Carrier <a@carrier.example>", id: "<same@carrier.example>", "Parcel 1 is late."))
                state.add(
                    letter(from: "Carrier <b@carrier.example>", id: "<same@carrier.example>", "Parcel 2 is lost."))
            }),
        FaultRow(
            "one mail in two mailboxes is one ticket", mails: 0, gives: Outcome(recorded: 2, tickets: 1),
            says: ["delivery recorded", "outcome=duplicate"],
            server: { state in
                state.add(letter(id: "<both@buyer.example>"))
                state.add(letter(id: "<both@buyer.example>"), to: "Sales")
            },
            account: twoMailboxes),
        FaultRow(
            "a mail that is put there again under a new UID is known", gives: Outcome(recorded: 6, tickets: 5),
            says: ["delivery recorded", "outcome=duplicate"],
            act: { trial in
                try await trial.drainUntilDone()
                trial.server.deliver(trial.server.state.delivered[2].bytes)
                try await trial.drainUntilDone()
            }),
        FaultRow(
            "a whole mailbox that is put there again opens no ticket", gives: Outcome(recorded: 10, tickets: 5),
            says: ["delivery recorded", "outcome=duplicate"],
            act: { trial in
                try await trial.drainUntilDone()
                for message in trial.server.state.delivered { trial.server.deliver(message.bytes) }
                try await trial.drainUntilDone()
            }),
        FaultRow(
            "mail without a Message-ID is known again when all UIDs are new", mails: 0,
            gives: Outcome(recorded: 2, told: 1, tickets: 1), says: ["delivery recorded", "outcome=duplicate"],
            server: { $0.add(letter(id: nil)) },
            act: { trial in
                try await trial.drainUntilDone()
                trial.server.change { $0.renumber() }
                try await trial.drainUntilDone()
            }),
    ]
}
