/// Telemetry: what operators see of a running daemon: log lines and the state that systemd is told.
///
/// - `startLogging` sets up swift-log once: JSON lines for machines, readable lines for a terminal, both on standard
///   output, where systemd collects them. Every value passes `masked`, the last net under the rule that no address,
///   name or body stands in a log line (promise 10 of CONTRIBUTING).
/// - `ServiceManager` speaks the notification protocol of systemd (sd_notify(3)): READY, RELOADING, STOPPING, STATUS,
///   WATCHDOG. Without systemd it does nothing.
///
/// Pure rooms never log: they return reasons, and the shells log those.

package import Logging

/// How log lines look and which are written.
package struct LogOptions: Sendable, Hashable {
    package enum Format: String, Sendable, CaseIterable {
        /// One JSON object a line.
        case json
        /// Readable lines.
        case text
        /// Text when standard output is a terminal, else JSON.
        case auto
    }

    package var level: Logger.Level
    package var format: Format

    package init(level: Logger.Level = .info, format: Format = .auto) {
        self.level = level
        self.format = format
    }
}
