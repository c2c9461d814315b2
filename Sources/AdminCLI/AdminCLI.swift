/// AdminCLI: the commands of `postroom`, one file each, over the same `Storage` calls that the daemon uses.
///
/// Every command that lists has `--json` for programs and a table for people. Exit codes are those of sysexits(3): 0, 64
/// wrong usage, 65 bad input data, 66 no such input, 70 our own fault, 74 a file or the store could not be read or
/// written, 75 try again later, 78 bad configuration.

import ArgumentParser

/// The program: reads the arguments of the process, runs the command, exits.
package func runPostroom() async { await Postroom.main() }

struct Postroom: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postroom",
        abstract: "The post room of a company: every customer mail recorded, answered, assigned and kept safe.",
        discussion: """
            Postroom polls IMAP mailboxes, reads every mail, opens a ticket for each customer's request, judges how urgent \
            it is, gives it to somebody, sends a receipt and keeps the deadline.

            Start here:
              postroom check --config etc/postroom         is the configuration right?
              postroom try mail.eml --config etc/postroom  what would happen to this mail?
              postroom serve --once                        take what is waiting, then stop
              postroom tickets list                        what is open, for whom, until when
              postroom explain 1001                        why

            The configuration is a folder, /etc/postroom unless --config or POSTROOM_CONFIG names another.
            """,
        version: "postroom 0.1.0",
        subcommands: [
            Serve.self, Check.self, Try.self, Explain.self, Tickets.self, Outbox.self, Templates.self, Parked.self,
            RulesCommand.self, ConfigCommand.self,
            Reconcile.self, Status.self, UnderstandMarked.self,
        ])
}
