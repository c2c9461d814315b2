import ConfigLoading
import Foundation
import Logging
import Storage
import Triage
import Vocabulary

/// Keeps in the store which configuration is in force, and that a newer one was refused: `postroom config log` and
/// `postroom status` show it, and what was decided can be explained by the very rules that decided.
struct ConfigurationRecord {
    let shared: DaemonShared

    /// Where the alarm stands: in place of a mailbox.
    static let place = (AccountName("configuration"), MailboxName("reload"))

    func noteInForce(_ config: Config) async {
        for warning in config.warnings {
            shared.logger.warning("configuration can stand and is hardly meant", metadata: ["where": "\(warning)"])
        }
        let files = config.sources.map { StoredFile(name: $0.name, bytes: $0.bytes) }
        do {
            try await shared.writer.run { store in
                try store.noteConfiguration(config.triage.configVersion, files: files, now: Date())
                _ = try store.clear(
                    .configuration, account: Self.place.0, mailbox: Self.place.1,
                    detail: "configuration \(config.triage.configVersion) is in force", now: Date())
            }
        } catch {
            shared.logger.error("configuration could not be kept in the store", metadata: ["error": "\(error)"])
        }
    }

    func noteRefused(_ why: String) async {
        let version = shared.config.triage.configVersion
        do {
            _ = try await shared.writer.run { store in
                try store.raise(
                    .configuration, account: Self.place.0, mailbox: Self.place.1,
                    detail: "\(why). Configuration \(version) stays in force; mend the files and reload.", now: Date())
            }
            shared.noticeSignal.signal()
        } catch {
            shared.logger.error("refused configuration could not be noted", metadata: ["error": "\(error)"])
        }
    }
}
