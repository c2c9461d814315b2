import Logging
import Telemetry

/// Tells systemd that our own loops run: the store's thread answers and Swift's pool schedules this task. Whether a
/// provider answers is none of the watchdog's business, for a restart would not help it.
struct Watchdog: Sendable {
    let shared: DaemonShared
    let manager: ServiceManager

    func run() async {
        // Three signs within the time systemd allows; without a watchdog only the status line is kept fresh.
        let interval = manager.watchdogMicroseconds.map { Duration.microseconds(Int64($0 / 3)) } ?? .seconds(30)
        while !Task.isCancelled {
            await shared.writer.run { _ in }
            if manager.watchdogMicroseconds != nil { manager.watchdog() }
            manager.status(shared.health.statusLine)
            try? await Task.sleep(for: interval)
        }
    }
}
