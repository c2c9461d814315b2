import CurlTransport
import IMAPClient
import TestSupport
import Vocabulary

// Trouble before a mailbox is open.

extension FaultMatrix {
    private static func hangUp(_ result: String) -> FakeFault {
        FakeFault("GREETING") { reply, _ in
            reply.result = result
            reply.cut = (reply.rendered("*").count, .drop)
        }
    }

    static let login: [FaultRow] = [
        FaultRow(
            "the connection breaks before the greeting", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "disposition=retry"],
            server: { $0.faults = [.cut("GREETING", at: .octet(0), .drop)] }),
        FaultRow(
            "the connection is reset in the greeting", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "disposition=retry"],
            server: { $0.faults = [.cut("GREETING", at: .octet(6), .reset)] }),
        FaultRow(
            "the server accepts and says nothing", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "could not connect to port"],
            server: { $0.faults = [.cut("GREETING", at: .octet(0), .stall)] },
            account: { $0.connectTimeout = .milliseconds(300) }),
        FaultRow(
            "the greeting is a goodbye", gives: Outcome(recorded: 5), says: ["mailbox failed", "no proper greeting"],
            server: { $0.faults = [hangUp("BYE under repair")] }),
        FaultRow(
            "another service answers on the port", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "no proper greeting"],
            server: {
                $0.faults = [
                    FakeFault("GREETING") { reply, _ in
                        reply.result = ""
                        reply.say("HTTP/1.1 400 Bad Request")
                        reply.cut = (100, .drop)
                    }
                ]
            }),
        FaultRow(
            "a wrong password is tried once and never again", gives: Outcome(recorded: 0, waiting: 5),
            says: ["mailbox failed", "disposition=hold"], server: { $0.password = "another" },
            act: { trial in
                try await trial.serving {
                    _ = await trial.log.wait(for: "mailbox failed")
                    let came = await trial.server.watched.wait(patience: .milliseconds(1_300)) { $0.logins > 1 }
                    trial.expect(!came, "it was tried again")
                }
                trial.expect(trial.server.state.logins == 1, "\(trial.server.state.logins) logins")
            }),
        FaultRow(
            "the login is put off as unavailable", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "the login was put off"],
            server: { $0.faults = [.refuse("AUTHENTICATE", with: "NO [UNAVAILABLE] the directory is away")] }),
        FaultRow(
            "the login is put off by a limit", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "the login was put off"],
            server: { $0.faults = [.refuse("AUTHENTICATE", with: "NO [LIMIT] too many sessions")] }),
        FaultRow(
            "the connection breaks in the login", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "disposition=retry"],
            server: { $0.faults = [.cut("AUTHENTICATE", at: .octet(0), .drop)] }),
        FaultRow(
            "the server falls silent in the login", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "disposition=retry"],
            server: { $0.faults = [.cut("AUTHENTICATE", at: .octet(0), .stall)] },
            account: {
                $0.connectTimeout = .milliseconds(300)
                $0.commandTimeout = .milliseconds(300)
            }),
        FaultRow(
            "the server says goodbye after the login", gives: Outcome(recorded: 5),
            says: ["mailbox failed", "disposition=retry"],
            server: {
                $0.faults = [
                    FakeFault("AUTHENTICATE") { reply, command in
                        reply.say("* BYE too busy")
                        reply.resultFirst = true
                        reply.cut = (reply.rendered(command.tag).count, .drop)
                    }
                ]
            }),
        FaultRow(
            "the server offers no STARTTLS, so no password is sent", gives: Outcome(recorded: 0, waiting: 5),
            says: ["mailbox failed", "does not offer STARTTLS"],
            account: {
                $0.endpoint = Endpoint(host: "127.0.0.1", port: $0.endpoint.port, security: .startTLS)
            },
            act: { trial in
                for _ in 1...2 { try await trial.drain() }
                trial.expect(trial.server.state.logins == 0, "a password was sent")
            }),
        FaultRow(
            "the server knows only the SASL mechanism LOGIN", gives: Outcome(recorded: 5),
            server: { state in
                state.faults = [
                    FakeFault("CAPABILITY", times: .max) { reply, _ in
                        reply.untagged = [Array("* CAPABILITY IMAP4rev1 AUTH=LOGIN\r\n".utf8)]
                    }
                ]
            }),
        FaultRow(
            "the server offers nothing but IMAP4rev1", gives: Outcome(recorded: 5), server: { $0.capabilities = [] }),
        FaultRow(
            "one mailbox more than the server has connections for", gives: Outcome(recorded: 10),
            server: { state in
                for number in 11...15 { state.add(CustomerMail.number(number), to: "Sales") }
                state.connectionLimit = 1
            },
            account: { $0.mailboxes = [MailboxName("INBOX"), MailboxName("Sales")] },
            act: { trial in
                for _ in 1...8 where try await !trial.drain() {}
                trial.expect(trial.server.state.mostOpen <= 2, "\(trial.server.state.mostOpen) connections at once")
            }),
    ]
}
