import Logging
import TestSupport

/// What a daemon has logged, as lines `level phrase key=value …`, for tests that wait for a phrase.
final class CollectedLog: Sendable {
    let lines = Watched<[String]>([])

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self.lines) } }

    /// The lines that hold all of these texts.
    func lines(with texts: [String]) -> [String] {
        lines.value.filter { line in texts.allSatisfy { line.contains($0) } }
    }

    /// False when no such line comes in time.
    func wait(for texts: String..., count: Int = 1, patience: Duration = .seconds(10)) async -> Bool {
        await lines.wait(patience: patience) { lines in
            lines.count { line in texts.allSatisfy { line.contains($0) } } >= count
        }
    }

    private struct Handler: LogHandler {
        let lines: Watched<[String]>
        var logLevel = Logger.Level.debug
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let line = all.sorted { $0.key < $1.key }.reduce("\(event.level) \(event.message)") { line, entry in
                "\(line) \(entry.key)=\(entry.value)"
            }
            lines.change { $0.append(line) }
        }
    }
}
