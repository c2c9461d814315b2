import ArgumentParser
import Digest
import Foundation
import Storage
import Vocabulary

/// Messages that could not be processed. Their bytes are kept, and a minimal ticket is open for each.
struct Parked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parked", abstract: "List, show, retry and close messages that could not be processed.",
        subcommands: [ParkedList.self, ParkedShow.self, ParkedRetry.self, ParkedClose.self],
        defaultSubcommand: ParkedList.self)
}

struct ParkedList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List parked messages, oldest first.")
    @OptionGroup var config: ConfigOptions
    @Flag(help: "Print one JSON object a message.") var json = false

    func run() async throws {
        let (store, zone) = try config.openStoreWithZone()
        let parked = try found { () throws(StorageError) in try store.parked() }
        if json {
            for delivery in parked { print(try compactJSON(delivery)) }
            return
        }
        guard !parked.isEmpty else { return print("nothing is parked") }
        var table = Table([
            .init("id", .right), .init("ticket", .right), .init("mailbox"), .init("uid", .right), .init("size", .right),
            .init("arrived"), .init("why", maximum: 60),
        ])
        for delivery in parked {
            table.add([
                "\(delivery.deliveryID)", delivery.ticket.map { "\($0)" } ?? "-",
                "\(delivery.locator.account)/\(delivery.locator.mailbox)", "\(delivery.locator.uid)",
                "\(delivery.size)",
                moment(delivery.arrivedAt, zone),
                delivery.reason + (delivery.retryRequested ? " (retry asked for)" : ""),
            ])
        }
        print(table.rendered())
    }
}

struct ParkedShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what is known of a parked message; with --raw its octets.")
    @OptionGroup var config: ConfigOptions
    @Argument(help: "Id, from parked list.") var id: Int64
    @Flag(help: "The octets of the message as they came.") var raw = false
    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        let (store, zone) = try config.openStoreWithZone()
        let delivery = try found { () throws(StorageError) in try store.parkedDelivery(id) }
        if json { return print(try compactJSON(delivery)) }
        if raw {
            let bytes = try found { () throws(StorageError) in try delivery.digest.flatMap(store.rawMessage) }
            guard let bytes else {
                printError("postroom parked show: there are no octets of message \(id); it could never be fetched")
                throw ExitStatus.noInput
            }
            return FileHandle.standardOutput.write(Data(bytes))
        }
        print(
            """
            Parked message \(delivery.deliveryID)
              mailbox  \(delivery.locator)
              arrived  \(moment(delivery.arrivedAt, zone)), \(delivery.size) bytes
              why      \(printable(delivery.reason))
              ticket   \(delivery.ticket.map { "\($0)" } ?? "-")
              octets   \(delivery.digest.map { "kept, SHA-256 \($0.hex)" } ?? "none: it could never be fetched")
            """)
    }
}

struct ParkedRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Ask for another attempt.",
        discussion: "The daemon makes it, in a child process, at its next look at the store.")
    @OptionGroup var options: OutboxChangeOptions

    func run() async throws {
        try options.apply("retry asked for") { store, id, actor throws(StorageError) in
            try store.retryParked(id, actor: actor, now: Date())
        }
    }
}

struct ParkedClose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Close a parked message that was dealt with by hand; its ticket is closed too.")
    @OptionGroup var options: OutboxChangeOptions

    func run() async throws {
        try options.apply("closed") { store, id, actor throws(StorageError) in
            try store.closeParked(id, actor: actor, now: Date())
        }
    }
}
