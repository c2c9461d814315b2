import ConfigLoading
import Foundation
import Storage

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
