import CurlTransport
package import Storage

/// The store on a thread of its own: SQLite blocks until the disk has written, and Swift's pool must not wait for that.
/// What goes through here runs one at a time and in order.
package actor StoreWriter {
    package nonisolated let store: Store
    private nonisolated let thread = ConnectionThread(name: "store")

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    package init(_ store: Store) { self.store = store }

    package func run<Result: Sendable>(_ work: @Sendable (Store) throws -> Result) rethrows -> Result {
        try work(store)
    }
}
