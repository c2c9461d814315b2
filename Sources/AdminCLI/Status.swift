import ArgumentParser
import Foundation
import Storage

/// How the post room is doing.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show mailboxes, deliveries, tickets and the outbox in numbers.")
    @OptionGroup var config: ConfigOptions
    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        let (store, zone) = try config.openStoreWithZone()
        let status = try found { () throws(StorageError) in try store.status() }
        if json { return print(try compactJSON(status)) }
        print("daemon      \(status.servicePID.map { "running as process \($0)" } ?? "not running")")
        print("deliveries  \(counts(status.deliveries))")
        print("tickets     \(counts(status.tickets))")
        print("outbox      \(counts(status.outbox))")
        if let parked = status.deliveries["parked"], parked > 0 {
            print("\n\(parked) message\(parked == 1 ? " is" : "s are") parked: see postroom parked list")
        }
        for alarm in status.alarms {
            print("\nALARM since \(moment(alarm.since, zone))  \(alarm.account)/\(alarm.mailbox): \(alarm.detail)")
        }
        guard !status.mailboxes.isEmpty else { return print("\nno mailbox was opened yet") }
        var table = Table([
            .init("mailbox"), .init("cursor", .right), .init("in progress", .right), .init("to acknowledge", .right),
            .init("last complete cycle"),
        ])
        for mailbox in status.mailboxes {
            table.add([
                "\(mailbox.account)/\(mailbox.mailbox)", "\(mailbox.cursor)", "\(mailbox.inProgress)",
                "\(mailbox.unacknowledged)", mailbox.lastCycle.map { moment($0, zone) } ?? "never",
            ])
        }
        print("\n" + table.rendered())
    }

    private func counts(_ counts: [String: Int]) -> String {
        if counts.isEmpty { return "none" }
        return counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}
