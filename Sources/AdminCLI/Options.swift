import ArgumentParser
import BusinessTime
import ConfigLoading
import Foundation
import Logging
import Storage
import Triage

/// `--config DIR`, for every command.
struct ConfigOptions: ParsableArguments {
    @Option(
        name: [.customLong("config"), .customShort("c")],
        help: ArgumentHelp("Folder of the configuration (else $POSTROOM_CONFIG, else /etc/postroom).", valueName: "dir")
    )
    var directory: String?

    var folder: String {
        directory ?? ProcessInfo.processInfo.environment["POSTROOM_CONFIG"] ?? "/etc/postroom"
    }

    /// The checked configuration. Prints every problem and ends with 78 when there is one.
    /// `rules` is a folder or file of rules in place of those that it names.
    func load(secrets: SecretLoading = .required, rules: String? = nil) throws -> Config {
        do {
            return try loadConfig(
                directory: folder, environment: ProcessInfo.processInfo.environment, secrets: secrets, rules: rules)
        } catch {
            for problem in error.problems { printError(problem.description) }
            printError("postroom: \(error.problems.count) problem\(error.problems.count == 1 ? "" : "s") in \(folder)")
            throw ExitStatus.config
        }
    }

    /// The store for a short look or change beside a running daemon, and the organisation's time zone for what people read.
    func openStoreWithZone() throws -> (Store, TimeZone) {
        let config = try load(secrets: .skipped)
        do {
            return (try Store.open(config.storage, role: .command, logger: Self.silent), config.timeZone)
        } catch {
            printError("postroom: \(error)")
            throw ExitStatus.ioError
        }
    }

    /// Commands speak to a person on the terminal, not to a log.
    static let silent = Logger(label: "postroom") { _ in SwiftLogNoOpLogHandler() }
}

/// `--config DIR` of `try`: without one, and without /etc/postroom, what Postroom knows by itself decides.
struct TryOptions: ParsableArguments {
    @OptionGroup var config: ConfigOptions

    func triageOptions() throws -> TriageOptions {
        let isNamed = config.directory != nil || ProcessInfo.processInfo.environment["POSTROOM_CONFIG"] != nil
        if isNamed || FileManager.default.fileExists(atPath: config.folder + "/postroom.yaml") {
            return try config.load(secrets: .skipped).triage
        }
        printError("postroom try: no configuration in \(config.folder); deciding with built-in defaults (see --config)")
        return Config.builtInTriage
    }
}

extension Config {
    /// Where moments are shown to people: the zone of the calendar that counts where no other does.
    var timeZone: TimeZone { TimeZone(identifier: triage.serviceLevels.fallback.calendar.timeZone) ?? .gmt }
}
