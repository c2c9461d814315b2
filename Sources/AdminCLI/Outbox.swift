import ArgumentParser
import Foundation
import MIME
import Storage
import Vocabulary

/// Mail that we send.
struct Outbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "List and show outgoing mail; release, repeat or drop it.",
        subcommands: [
            OutboxList.self, OutboxShow.self, OutboxPreview.self, OutboxRelease.self, OutboxRetry.self, OutboxDrop.self,
            OutboxBlocked.self, OutboxUnblock.self,
        ],
        defaultSubcommand: OutboxList.self)
}

struct OutboxList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List outgoing mail, newest first.")
    @OptionGroup var config: ConfigOptions
    @Option(help: "Only this state, such as queued, held, accepted, deferred, uncertain or failed. May be repeated.")
    var state: [OutboxState] = []
    @Option(help: "Only mail of this ticket.") var ticket: TicketNumber?
    @Option(help: "At most this many.") var limit = 200
    @Flag(help: "Print one JSON object a mail.") var json = false

    func run() async throws {
        let (store, zone) = try config.openStoreWithZone()
        let items = try found { () throws(StorageError) in
            try store.outboxItems(OutboxFilter(states: state, ticket: ticket, limit: limit))
        }
        if json {
            for item in items { print(try compactJSON(item)) }
            return
        }
        guard !items.isEmpty else { return print("no outgoing mail") }
        var table = Table([
            .init("id", .right), .init("ticket", .right), .init("state"), .init("to", maximum: 30),
            .init("subject", maximum: 40), .init("created"), .init("said", maximum: 40),
        ])
        for item in items {
            table.add([
                "\(item.id)", "\(item.ticket)", item.state.rawValue,
                item.recipients.map(\.address).joined(separator: ", "), item.subject, moment(item.createdAt, zone),
                item.reason ?? item.lastReply ?? "",
            ])
        }
        print(table.rendered())
    }
}

struct OutboxShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an outgoing mail as its recipient reads it.")
    @OptionGroup var config: ConfigOptions
    @Argument(help: "Id of the mail, from outbox list.") var id: Int64
    @Flag(help: "The octets as they are sent.") var raw = false
    @Flag(help: "Print one JSON object.") var json = false

    func run() async throws {
        let (store, zone) = try config.openStoreWithZone()
        let item = try found { () throws(StorageError) in try store.outboxItem(id) }
        if json { return print(try compactJSON(item)) }
        let bytes = try found { () throws(StorageError) in try store.rawMessage(item.digest) }
        guard let bytes else {
            printError("postroom outbox show: the archive does not have mail \(id)")
            throw ExitStatus.ioError
        }
        if raw { return FileHandle.standardOutput.write(Data(bytes)) }
        let message = Message(parsing: bytes)
        print(
            "Outgoing mail \(item.id) of ticket \(item.ticket): \(item.state), created \(moment(item.createdAt, zone))")
        if let reason = item.reason { print("Why: \(printable(reason))") }
        for recipient in item.recipients {
            let said = (recipient.reply ?? item.lastReply).map { ": \(printable($0))" } ?? ""
            print("\(printable(recipient.address)) \(recipient.state.rawValue)\(said)")
        }
        for name in ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted"] {
            if let body = message.header.first(name) { print("\(name): \(printable(body))") }
        }
        print("")
        if let part = message.parts.first(where: { $0.mediaType == "text/plain" }) { print(message.text(part)) }
    }
}

/// What the changing commands share.
struct OutboxChangeOptions: ParsableArguments {
    @OptionGroup var config: ConfigOptions
    @Argument(help: "Ids of the mails, from outbox list.") var ids: [Int64]

    func apply(_ done: String, _ change: (Store, Int64, String) throws(StorageError) -> Void) throws {
        let (store, _) = try config.openStoreWithZone()
        for id in ids {
            try found { () throws(StorageError) in try change(store, id, "cli:\(NSUserName())") }
            print("\(done) \(id)")
        }
    }
}

struct OutboxRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "release", abstract: "Let held mail go.")
    @OptionGroup var options: OutboxChangeOptions

    func run() async throws {
        try options.apply("released") { store, id, actor throws(StorageError) in
            try store.release(id, actor: actor, now: Date())
        }
    }
}

struct OutboxRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Send again what failed or may have gone out.",
        discussion: "A mail that is uncertain may reach its recipient a second time; only a person can want that.")
    @OptionGroup var options: OutboxChangeOptions

    func run() async throws {
        try options.apply("queued again") { store, id, actor throws(StorageError) in
            try store.retryOutbox(id, actor: actor, now: Date())
        }
    }
}

struct OutboxDrop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "drop", abstract: "Cancel mail that has not gone out.")
    @OptionGroup var options: OutboxChangeOptions
    @Option(help: "Why, for the record.") var reason = "dropped by an operator"

    func run() async throws {
        try options.apply("dropped") { store, id, actor throws(StorageError) in
            try store.cancel(id, reason: reason, actor: actor, now: Date())
        }
    }
}

extension OutboxState: ExpressibleByArgument {}
