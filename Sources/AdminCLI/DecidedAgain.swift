import ConfigLoading
import Foundation
import Rules
import Storage
import Triage
import Vocabulary

/// A stored message, understood and decided again from its bytes and the facts of that time. Promise 7 of CONTRIBUTING:
/// under the same configuration it comes out as it did.
struct DecidedAgain {
    let understanding: Understanding
    let facts: Facts
    let decision: Decision
    let decidedAt: Date

    init(_ message: StoredMessage, raw: [UInt8], options: TriageOptions) throws {
        understanding = understand(raw, options: options)
        facts = try message.decodedFacts()
        decidedAt = message.decidedAt
        decision = decide(understanding, facts: facts, options: options, now: decidedAt)
    }
}

/// The configurations that the store kept, each loaded once.
final class KeptConfigurations {
    private let store: Store
    private let config: ConfigOptions
    private var loaded: [String: Config?] = [:]

    init(_ store: Store, _ config: ConfigOptions) {
        self.store = store
        self.config = config
    }

    /// Nil when its files were not kept, or this program does not accept them any more.
    func config(_ version: String) -> Config? {
        if let known = loaded[version] { return known }
        let files = ((try? store.files(ofConfiguration: version)) ?? []).map {
            ConfigSource(name: $0.name, bytes: $0.bytes)
        }
        let found =
            files.isEmpty
            ? nil
            : try? loadConfig(
                directory: config.folder, environment: ProcessInfo.processInfo.environment, secrets: .skipped,
                stored: files)
        loaded[version] = .some(found)
        return found
    }
}
