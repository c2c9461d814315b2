import ArgumentParser
import Foundation
import Storage
import Vocabulary

struct OutboxBlocked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blocked",
        abstract: "List the addresses that get nothing automatic, because mail to them came back.")
    @OptionGroup var config: ConfigOptions
    @Flag(help: "Print one JSON object an address.") var json = false

    func run() async throws {
        let (store, zone) = try config.openStoreWithZone()
        let blocked = try found { () throws(StorageError) in try store.blockedAddresses(now: Date()) }
        if json {
            for item in blocked { print(try compactJSON(item)) }
            return
        }
        guard !blocked.isEmpty else { return print("no address is blocked") }
        var table = Table([.init("address", maximum: 50), .init("status"), .init("until")])
        for item in blocked { table.add([item.address, item.status, moment(item.until, zone)]) }
        print(table.rendered())
    }
}

struct OutboxUnblock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unblock", abstract: "Let automatic mail go to an address again.")
    @OptionGroup var config: ConfigOptions
    @Argument(help: "The address, from outbox blocked.") var addresses: [String]

    func run() async throws {
        let (store, _) = try config.openStoreWithZone()
        for text in addresses {
            guard let address = EmailAddress(text) else { throw ValidationError("\(text) is no address") }
            try found { () throws(StorageError) in
                try store.unblock(address, actor: "cli:\(NSUserName())", now: Date())
            }
            print("unblocked \(text)")
        }
    }
}
