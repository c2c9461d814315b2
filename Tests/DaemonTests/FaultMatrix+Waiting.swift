import ConfigLoading
import IMAPClient
import TestSupport
import Vocabulary

// Trouble while the daemon waits for news.

extension FaultMatrix {
    /// Serves, waits until it idles, does something, and waits for the mail that comes then.
    private static func meanwhile(
        idling: Bool = true, _ body: @escaping @Sendable (Trial) async throws -> Void
    ) -> @Sendable (Trial) async throws -> Void {
        { trial in
            try await trial.serving {
                await trial.awaitTold(5)
                if idling { await trial.awaitIdling() }
                try await body(trial)
                await trial.awaitTold(6)
            }
        }
    }

    private static let delivers: @Sendable (Trial) async throws -> Void = { $0.server.deliver(CustomerMail.number(6)) }

    static let waiting: [FaultRow] = [
        FaultRow(
            "mail comes while we wait", gives: Outcome(recorded: 6), act: meanwhile(delivers)),
        FaultRow(
            "the server has no IDLE, so it is asked", gives: Outcome(recorded: 6),
            server: { $0.capabilities.removeAll { $0 == "IDLE" } },
            account: { $0.pollInterval = .milliseconds(150) }, act: meanwhile(idling: false, delivers)),
        FaultRow(
            "IDLE is refused, so the server is asked", gives: Outcome(recorded: 6), says: ["server refused idle"],
            server: { $0.faults = [.refuse("IDLE", with: "NO not for you", times: .max)] },
            account: { $0.pollInterval = .milliseconds(150) },
            act: meanwhile(idling: false) { trial in
                _ = await trial.log.wait(for: "server refused idle")
                trial.server.deliver(CustomerMail.number(6))
            }),
        FaultRow(
            "the server announces nothing while we wait", gives: Outcome(recorded: 6),
            server: { $0.isSilentInIdle = true }, account: { $0.pollInterval = .milliseconds(200) },
            act: meanwhile(delivers)),
        FaultRow(
            "the connection breaks while we wait", gives: Outcome(recorded: 6), says: ["mailbox failed"],
            act: meanwhile { trial in
                trial.server.order(.drop)
                trial.server.deliver(CustomerMail.number(6))
            }),
        FaultRow(
            "the connection is reset while we wait", gives: Outcome(recorded: 6), says: ["mailbox failed"],
            act: meanwhile { trial in
                trial.server.order(.reset)
                trial.server.deliver(CustomerMail.number(6))
            }),
        FaultRow(
            "the server says goodbye while we wait", gives: Outcome(recorded: 6),
            says: ["mailbox failed", "idle too long"],
            act: meanwhile { trial in
                trial.server.order(.say("* BYE idle too long"))
                trial.server.deliver(CustomerMail.number(6))
            }),
        FaultRow(
            "the server goes deaf while we wait", gives: Outcome(recorded: 6),
            says: ["mailbox failed", "disposition=retry"],
            account: {
                $0.commandTimeout = .milliseconds(300)
                $0.idleRenewal = .milliseconds(300)
            },
            act: meanwhile { trial in
                trial.server.order(.stall)
                trial.server.deliver(CustomerMail.number(6))
            }),
        FaultRow(
            "one mail goes while another comes, so their number stays", gives: Outcome(recorded: 6, told: 5),
            account: { $0.pollInterval = .milliseconds(300) },
            act: { trial in
                try await trial.serving {
                    await trial.awaitTold(5)
                    await trial.awaitIdling()
                    trial.server.change { state in
                        state.inbox.remove([1])
                        state.add(CustomerMail.number(6))
                    }
                    let wasTold = await trial.server.watched.wait {
                        $0.inbox.messages.last?.flags.contains(Trial.keyword) == true
                    }
                    trial.expect(wasTold, "it was not taken")
                }
            }),
        FaultRow(
            "flags and nonsense come while we wait", gives: Outcome(recorded: 6), says: ["response could not be read"],
            act: meanwhile { trial in
                for line in ["* 4 FETCH (FLAGS (\\Seen))", "* 2 RECENT", "%%% what?", "* OK Still here"] {
                    trial.server.order(.say(line))
                }
                trial.server.deliver(CustomerMail.number(6))
            }),
        FaultRow(
            "the mailbox gets new UIDs while we wait", gives: Outcome(recorded: 11, told: 6, tickets: 6),
            says: ["mailbox has new UIDs"],
            act: { trial in
                try await trial.serving {
                    await trial.awaitTold(5)
                    await trial.awaitIdling()
                    trial.server.watched.change { state in
                        state.renumber()
                        state.add(CustomerMail.number(6))
                    }
                    trial.server.order(.drop)
                    await trial.awaitTold(6)
                }
            }),
        FaultRow(
            "mail is there before the first wait begins", gives: Outcome(recorded: 6),
            server: { state in
                state.faults = [.meanwhile("IDLE") { $0.add(CustomerMail.number(6)) }]
            },
            act: { trial in try await trial.serving { await trial.awaitTold(6) } }),
        FaultRow(
            "another account cannot be reached, which is nobody else's trouble", gives: Outcome(recorded: 6),
            says: ["mailbox failed", "could not connect", "account=other"],
            config: { config in
                if let other = try? Trial.account(port: 1, name: "other") { config.accounts.append(other) }
            }, act: meanwhile(delivers)),
    ]
}
