import ArgumentParser
import ConfigLoading
import Daemon
import Foundation
import Logging
import Rules
import Storage
import Telemetry
import Triage

/// The daemon.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Take mail, answer it, keep the deadlines. With --once: what is waiting, then stop.",
        discussion: """
            Runs in the foreground and logs to standard output, as systemd likes it. SIGTERM ends it in order, SIGHUP reads \
            the configuration again.

            With --once the last line is a JSON summary, and the exit code is 0, 75 when a mailbox could not be reached, or \
            78 when the configuration is bad.
            """)

    @OptionGroup var config: ConfigOptions
    @Flag(help: "Take what is waiting, send what is due, print a summary and stop.") var once = false
    @Option(help: "Log level: trace, debug, info, notice, warning or error.") var logLevel: LogLevelArgument?
    @Option(help: "Log lines as json, text, or auto (text on a terminal).") var logFormat: LogOptions.Format?

    func run() async throws {
        var loaded = try config.load()
        if let logLevel { loaded.log.level = logLevel.level }
        if let logFormat { loaded.log.format = logFormat }
        startLogging(loaded.log)
        for failure in loaded.triage.failedRuleTests() {
            // The mail must be taken in all the same.
            Logger(label: "postroom").warning("a test of a rule fails", metadata: ["where": "\(failure)"])
        }
        let daemon = try makeDaemon(loaded)
        if once {
            let summary = await daemon.drainOnce()
            StandardOutput.write(line: try summary.jsonLine())
            if summary.exit != 0 { throw ExitCode(Int32(summary.exit)) }
        } else {
            let status = await daemon.serve()
            if status != 0 { throw ExitCode(status) }
        }
    }

    /// Also refused when a test of a rule fails: then the rules do not do what their admin thinks, and the ones in force do.
    private static func reloaded(_ folder: String, _ environment: [String: String]) throws -> Config {
        let config = try loadConfig(directory: folder, environment: environment)
        let failures = config.triage.failedRuleTests()
        guard failures.isEmpty else {
            throw ConfigError(problems: failures.map { ConfigProblem($0.location, $0.message) })
        }
        return config
    }

    /// How this program is called to understand marked messages in a child process.
    static func isolatedArguments(_ folder: String) -> [String] {
        ["/proc/self/exe", "understand-marked", "--config", folder]
    }

    private func makeDaemon(_ loaded: Config) throws -> Daemon {
        let environment = ProcessInfo.processInfo.environment
        let folder = config.folder
        do {
            return try Daemon(
                config: loaded, isolatedArguments: Self.isolatedArguments(folder),
                environment: environment, logger: Logger(label: "postroom"),
                reload: { try Self.reloaded(folder, environment) })
        } catch let error as StorageError {
            Logger(label: "postroom").error("store could not be opened", metadata: ["error": "\(error)"])
            printError("postroom serve: \(error)")
            throw error.disposition == .retry ? ExitStatus.temporary : ExitStatus.ioError
        }
    }
}

/// The values of `--log-level`. swift-log's own type is not made an argument type: that is for its package to do.
enum LogLevelArgument: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
extension LogOptions.Format: ExpressibleByArgument {}

/// Internal: reads marked messages on standard input and hands back what it understood (see `IsolatedUnderstanding`).
struct UnderstandMarked: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "understand-marked", abstract: "Understand messages in a child process (internal).",
        shouldDisplay: false)

    @OptionGroup var config: ConfigOptions

    func run() async throws {
        MarkedMessageServer.run(options: try config.load(secrets: .skipped).triage)
    }
}
