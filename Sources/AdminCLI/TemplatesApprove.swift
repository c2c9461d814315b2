import ArgumentParser
import ConfigLoading
import Foundation
import Replies
import Storage
import Triage
import Vocabulary

struct TemplatesApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Let a text leave by itself, as it is now.",
        discussion: """
            Automatic replies leave only with a text that somebody has approved (replies.approval in postroom.yaml). The \
            approval is of this very text and its partials: whoever changes it needs a new one. Who approved what and \
            when stays in the audit. Read the text first: postroom templates render NAME --language TAG.
            """)
    @OptionGroup var config: ConfigOptions
    @Argument(help: "Names of templates, such as receipt.") var names: [String] = []
    @Option(help: "Only in this language.") var language: String?
    @Flag(help: "Every template.") var all = false

    func validate() throws {
        if names.isEmpty != all { throw ValidationError("name the templates, or say --all") }
    }

    func run() async throws {
        let loaded = try config.load(secrets: .skipped)
        let templates = loaded.triage.templates
        for name in names where !templates.names.contains(name) {
            throw ValidationError("there is no template \(name); there are \(templates.names.joined(separator: ", "))")
        }
        let store = try open(loaded.storage)
        defer { store.close() }
        let wanted = try found { () throws(StorageError) in try store.templateApprovals(templates) }
            .filter { all || names.contains($0.name) }.filter { language == nil || $0.language.rawValue == language }
        guard !wanted.isEmpty else {
            throw ValidationError("there is no such template in \(language ?? "any language")")
        }
        var waiting: [Int64] = []
        for item in wanted {
            let released = try found { () throws(StorageError) in
                try store.approve(
                    template: item.name, language: item.language, digest: item.digest, actor: "cli:\(NSUserName())",
                    now: Date())
            }
            waiting += released
            print("\(item.approvedAt == nil ? "approved" : "approved before") \(item.name) (\(item.language))")
        }
        if !waiting.isEmpty {
            let ids = waiting.map(String.init).joined(separator: " ")
            print("waiting for it: let them go with `postroom outbox release \(ids)`")
        }
    }

    /// Before the first start there is no store: approving may make it, as the daemon would.
    private func open(_ options: StorageOptions) throws -> Store {
        let isNew = !FileManager.default.fileExists(atPath: options.databasePath)
        return try found { () throws(StorageError) in
            try Store.open(options, role: isNew ? .service : .command, logger: ConfigOptions.silent)
        }
    }
}
