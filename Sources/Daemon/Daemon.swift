/// Daemon: the running program. It opens the store, starts the lanes of each account, the outbox, the alarms and the watchdog,
/// and ends them in order.
///
/// - SIGTERM and SIGINT: batches in work are finished, recorded and told to the server; the mail that is being sent is
///   settled; exit 0.
/// - SIGHUP: the configuration is read again; a bad one is reported and the old one stays in force.
/// - `--once`: what is waiting is taken, replies that are due are sent, a JSON summary line is printed; exit 0, or 75
///   when a mailbox could not be reached.
///
/// No rule of the domain is here: deciding is Triage's, keeping is Storage's.

import CSystemShim
package import ConfigLoading
import Foundation
import IMAPClient
package import Logging
import ServiceLifecycle
import Storage
import Telemetry
import Triage
import UnixSignals
import Vocabulary

package struct Daemon: Sendable {
    private let shared: DaemonShared
    private let manager: ServiceManager
    private let reloadConfig: @Sendable () throws -> Config

    /// Opens the store; throws when it cannot be opened or another daemon holds it.
    ///
    /// - Parameters:
    ///   - isolatedArguments: how this program is called to understand marked messages in a child process.
    ///   - reload: reads the configuration again, for SIGHUP.
    package init(
        config: Config, isolatedArguments: [String], environment: [String: String], logger: Logger,
        reload: @escaping @Sendable () throws -> Config
    ) throws {
        _ = system_limit_malloc_arenas(2)
        // A large message gives its memory back as soon as it is done with.
        _ = system_set_malloc_mmap_threshold(256 << 10)
        system_ignore_sigpipe()
        let store = try Store.open(config.storage, role: .service, logger: logger) { FaultPoint.reach($0) }
        shared = DaemonShared(
            config: config, writer: StoreWriter(store),
            isolated: IsolatedUnderstanding(arguments: isolatedArguments), logger: logger)
        manager = ServiceManager(environment: environment)
        reloadConfig = reload
    }

    /// Lets go of the store. Nothing may be called afterwards.
    package func close() { shared.writer.store.close() }

    /// Runs until a signal ends it. The exit code of the process.
    package func serve() async -> Int32 {
        let service = DaemonService(shared: shared, manager: manager, reloadConfig: reloadConfig)
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        configuration.maximumGracefulShutdownDuration = .seconds(25)
        do {
            try await ServiceGroup(configuration: configuration).run()
            shared.logger.notice("daemon stopped")
            return 0
        } catch {
            shared.logger.error("daemon failed", metadata: ["error": "\(error)"])
            return 70
        }
    }

    /// Takes what is waiting, sends what is due, and ends.
    package func drainOnce() async -> RunSummary {
        let started = ContinuousClock.now
        let config = shared.config
        await ConfigurationRecord(shared: shared).noteInForce(config)
        shared.logger.notice("run started", metadata: ["config": "\(config.triage.configVersion)"])
        await ParkedRetries(shared: shared).runOnce()
        let allReached = await withTaskGroup(of: Bool.self) { group in
            for account in config.accounts {
                group.addTask { await AccountLane.drainOnce(account, shared: shared) }
            }
            return await group.reduce(true) { $0 && $1 }
        }
        await OutboxService(shared: shared).drainOnce()
        await NoticeService(shared: shared).sendDue()
        await WebhookService(shared: shared).postDue()
        await countOutbox()
        let (seconds, attoseconds) = (ContinuousClock.now - started).components
        return shared.counters.summary(
            seconds: Double(seconds) + Double(attoseconds) / 1e18, exit: allReached ? 0 : 75)
    }

    /// Compares every mailbox with its ledger and takes what is missing, once: `postroom reconcile --repair` where no daemon
    /// runs. False when a mailbox could not be read.
    package func repair() async -> Bool {
        var allReached = true
        for account in shared.config.accounts {
            let gate = LoginGate()
            for mailbox in account.mailboxes {
                let intake = MailboxIntake(account: account, mailbox: mailbox, shared: shared)
                let reached = await intake.drainOnce(gate, reconciling: true) == .reached
                allReached = allReached && reached
            }
        }
        return allReached
    }

    /// What the run did not send, by state: held, still queued, deferred.
    private func countOutbox() async {
        guard let status = try? await shared.writer.run({ try $0.status() }) else { return }
        shared.counters.set(replies: status.outbox)
    }

    /// ServiceLifecycle logs its own steps at info; ours are enough.
    private var quiet: Logger {
        var logger = shared.logger
        logger.logLevel = .warning
        return logger
    }
}

/// The services of a running daemon, as children of one task: they end before it does.
private struct DaemonService: Service {
    let shared: DaemonShared
    let manager: ServiceManager
    let reloadConfig: @Sendable () throws -> Config

    func run() async throws {
        // Before anybody is told that we are ready: from then on a reload may be asked for.
        let reloadSignals = await UnixSignalsSequence(trapping: .sighup)
        await ConfigurationRecord(shared: shared).noteInForce(shared.config)
        shared.logger.notice(
            "daemon started",
            metadata: [
                "config": "\(shared.config.triage.configVersion)", "accounts": "\(shared.config.accounts.count)",
                "mode": "\(shared.config.mode)",
            ])
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await Watchdog(shared: shared, manager: manager).run() }
            group.addTask { await OutboxService(shared: shared).run() }
            group.addTask { await ParkedRetries(shared: shared).run() }
            group.addTask { await SilenceAlarm(shared: shared).run() }
            group.addTask { await NoticeService(shared: shared).run() }
            group.addTask { await CanaryService(shared: shared).run() }
            group.addTask { await watchMailboxes(reloadSignals) }
            manager.ready("started")
            try? await gracefulShutdown()
            shared.logger.notice("daemon stopping")
            manager.stopping()
            group.cancelAll()
            await shared.sessions.end(within: .seconds(10))
        }
    }

    /// One set of intakes for each configuration; a reload ends the old set, in order, and starts a new one.
    private func watchMailboxes(_ signals: UnixSignalsSequence) async {
        let reloads = Signal()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in signals where await reload() { reloads.signal() }
            }
            group.addTask {
                while !Task.isCancelled { await watchUntilReload(reloads) }
            }
            await group.waitForAll()
        }
    }

    private func watchUntilReload(_ reloads: Signal) async {
        let config = shared.config
        shared.health.forgetAll()
        await withTaskGroup(of: Void.self) { group in
            for account in config.accounts {
                for lane in AccountLane.lanes(of: account, shared: shared) {
                    for mailbox in lane.mailboxes { shared.health.expect(account.name, mailbox) }
                    group.addTask { await lane.run() }
                }
            }
            await reloads.wait()
            group.cancelAll()
            if !Task.isCancelled { await shared.sessions.end(within: .seconds(10)) }
        }
    }

    /// True when a new configuration is in force.
    private func reload() async -> Bool {
        manager.reloading()
        defer { manager.ready("reloaded") }
        let record = ConfigurationRecord(shared: shared)
        do {
            let config = try reloadConfig()
            await record.noteInForce(config)
            shared.adopt(config)
            shared.logger.notice("configuration reloaded", metadata: ["config": "\(config.triage.configVersion)"])
            return true
        } catch {
            shared.logger.error(
                "configuration is bad; the old one stays in force", metadata: ["error": "\(error)"])
            await record.noteRefused("\(error)")
            return false
        }
    }
}
