import ConfigLoading
import Foundation
import IMAPClient
import Rules
import TestSupport
import Testing
import Triage
import Vocabulary

/// What other programs that take mail have been seen to get wrong, as lessons for ours, in our own words. Lessons that
/// are about a misbehaving server are rows of the fault matrix: one message that cannot be had or that kills, a text that
/// looks like protocol, a slow line, deaf connections, a mailbox that wants to be told a name, new UIDs.
@Suite("Field pains", .serialized) struct FieldPainsTests {
    @Test("lessons", arguments: FieldPains.rows) func lesson(_ row: FaultRow) async throws { try await row.verify() }
    @Test("lessons of state", arguments: FieldPains.state) func state(_ row: FaultRow) async throws {
        try await row.verify()
    }
    @Test("lessons of identity", arguments: FieldPains.identity) func identity(_ row: FaultRow) async throws {
        try await row.verify()
    }
}

enum FieldPains {
    // MARK: - Nothing is stuck, skipped or lost

    static let rows: [FaultRow] = [
        FaultRow(
            "a sender whom a rule ignores is dealt with, and holds up nobody", gives: Outcome(recorded: 6, tickets: 5),
            says: ["delivery recorded", "outcome=ignored"],
            server: { state in
                let mail = CustomerMail.mail(
                    from: "Pest <pest@unwanted.example>", id: "<pest@unwanted.example>", subject: "Buy", body: "Now!")
                state.add(mail)
            },
            config: { $0.triage.rules = ignoring("pest@unwanted.example") }),
        FaultRow(
            "what was parked is not tried at every run", gives: Outcome(recorded: 4, parked: 1),
            says: ["delivery recorded", "outcome=parked"],
            server: { $0.inbox.edit(3) { $0.body = .null } },
            act: { trial in
                try await trial.drainUntilDone()
                let asked = trial.server.state.commands.count { $0.contains(FakeFault.text) }
                for _ in 1...3 { try await trial.drain() }
                let now = trial.server.state.commands.count { $0.contains(FakeFault.text) }
                trial.expect(now == asked, "texts were asked for again")
            }),
        FaultRow(
            "a mail of nine megabytes holds up nobody", gives: Outcome(recorded: 6),
            server: { state in
                let line = String(repeating: "QmFzZTY0IGlzIG5vdCBlbmNyeXB0aW9uLg==", count: 2) + "\r\n"
                state.add(CustomerMail.number(6, body: String(repeating: line, count: (9 << 20) / line.utf8.count)))
            }),
        FaultRow(
            "after an outage of days everything older is still fetched", gives: Outcome(recorded: 65),
            act: { trial in
                try await trial.drainUntilDone()
                trial.server.change { state in
                    for number in 6...65 {
                        let age = Double(70 - number) * 12 * 3600
                        state.add(CustomerMail.number(number)) { $0.internalDate = Date() - age }
                    }
                }
                try await trial.drainUntilDone()
            }),
        FaultRow(
            "walking in pieces goes on behind a message that fails", mails: 9, gives: Outcome(recorded: 8, parked: 1),
            says: ["delivery recorded", "outcome=parked"],
            server: { $0.inbox.edit(4) { $0.body = .refused("NO cannot read it") } },
            account: { $0.fetchLimits.messages = 2 }),
        FaultRow(
            "messages that vanish while others are taken shift nothing", mails: 9, gives: Outcome(recorded: 9, told: 7),
            server: { state in
                state.faults = [
                    .meanwhile("UID FETCH", holding: FakeFault.text, skipping: 2) { $0.inbox.remove([1, 2]) }
                ]
            },
            account: { $0.fetchLimits.messages = 2 }),
        FaultRow(
            "what was recorded before a break is not fetched again", mails: 9, gives: Outcome(recorded: 9),
            says: ["mailbox failed"],
            server: { $0.faults = [.cut("UID FETCH", holding: FakeFault.text, at: .literal(9), .drop, skipping: 3)] },
            account: { $0.fetchLimits.messages = 2 },
            act: { trial in
                try await trial.drainUntilDone()
                let first = trial.server.state.commands.count { $0.hasPrefix("UID FETCH 1:2 ") }
                trial.expect(first == 1, "the first batch was fetched \(first) times")
            }),
        FaultRow(
            "a message that shows up below the cursor is found by comparing", gives: Outcome(recorded: 6),
            says: ["messages are on the server and not in the ledger"],
            act: { trial in
                let hidden = trial.server.change { state in
                    state.add(CustomerMail.number(6))
                    let late = state.inbox.messages.remove(at: 2)
                    return late
                }
                try await trial.drainUntilDone()
                trial.server.change { $0.inbox.messages.insert(hidden, at: 2) }
                try await trial.serving { await trial.awaitTold(6) }
            }),
        FaultRow(
            "every part is asked for by itself, and nothing marks mail as seen", gives: Outcome(recorded: 5),
            act: { trial in
                try await trial.drainUntilDone()
                let fetches = trial.server.state.commands.filter { $0.hasPrefix("UID FETCH") }
                trial.expect(fetches.allSatisfy { $0.split(separator: "BODY").count <= 2 }, "several parts at once")
                let seen = trial.server.state.inbox.messages.count { $0.flags.contains("\\Seen") }
                trial.expect(seen == 0, "\(seen) messages were marked as seen")
            }),
        FaultRow(
            "a login that fails is said loudly at every start", gives: Outcome(recorded: 0, waiting: 5),
            says: ["error mailbox failed", "check user name and password"], server: { $0.password = "another" },
            act: { trial in
                for _ in 1...2 {
                    try await trial.drain()
                    trial.stop()
                }
                let said = trial.log.lines(with: ["error mailbox failed"]).count
                trial.expect(said == 2, "it was said \(said) times")
            }),
    ]

    /// The rule of an admin who wants to hear no more of somebody.
    private static func ignoring(_ address: String) -> RuleSet {
        let place = SourceLocation(file: "rules.d/test.yaml", line: 1, column: 1)
        let condition = ConditionDefinition.leaf(
            LeafDefinition(
                key: LocatedText("from", at: place), operation: LocatedText("equals", at: place),
                operands: [LocatedText(address, at: place)]))
        let effect = EffectDefinition(
            key: LocatedText("ignore", at: place), values: [LocatedText("true", at: place)])
        let rule = RuleDefinition(
            name: LocatedText("pest", at: place), condition: condition, effects: [effect], stop: true, tests: [])
        return RuleSet.compile([rule]).0
    }
}
