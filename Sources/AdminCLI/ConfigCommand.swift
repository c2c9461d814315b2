import ArgumentParser
import Foundation
import Storage
import Vocabulary

/// Which configurations were in force.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show which configurations were in force, and what changed.",
        subcommands: [ConfigLog.self, ConfigShow.self], defaultSubcommand: ConfigLog.self)
}

struct ConfigLog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "List the configurations that were in force, the newest first.")
    @OptionGroup var config: ConfigOptions
    @Option(help: "At most this many.") var limit = 50
    @Flag(help: "Print one JSON object a configuration.") var json = false

    private struct Row: Encodable {
        let configuration: StoredConfiguration
        let changes: [String]

        enum CodingKeys: String, CodingKey { case changes }

        func encode(to encoder: any Encoder) throws {
            try configuration.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(changes, forKey: .changes)
        }
    }

    func run() async throws {
        let (store, zone) = try config.openStoreWithZone()
        let all = try found { () throws(StorageError) in try store.configurations() }
        let rows = try all.indices.prefix(limit).map { index in
            let older = index + 1 < all.count ? all[index + 1] : nil
            return Row(configuration: all[index], changes: try changes(store, from: older, to: all[index]))
        }
        if json {
            for row in rows { print(try compactJSON(row)) }
            return
        }
        guard !rows.isEmpty else { return print("no configuration was in force yet") }
        var table = Table([
            .init("number", .right), .init("version"), .init("in force since"), .init("mails", .right),
            .init("changes", maximum: 80),
        ])
        for row in rows {
            let configuration = row.configuration
            table.add([
                "\(configuration.number)", configuration.version,
                moment(configuration.since ?? configuration.firstUsedAt, zone), "\(configuration.deliveries)",
                row.changes.joined(separator: ", "),
            ])
        }
        print(table.rendered())
    }

    /// `rules.d/10.yaml +3 -1`.
    private func changes(
        _ store: Store, from older: StoredConfiguration?, to newer: StoredConfiguration
    ) throws -> [String] {
        guard !newer.files.isEmpty else { return ["its files were not kept"] }
        guard let older, !older.files.isEmpty else { return ["the first that was kept"] }
        return try FileDiff.all(
            from: files(store, older.version), to: files(store, newer.version)
        ).map(\.summary)
    }
}

private func files(_ store: Store, _ name: String) throws -> [StoredFile] {
    try found { () throws(StorageError) in try store.files(ofConfiguration: name) }
}

struct ConfigShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a configuration that was in force, or how two differ.",
        discussion: """
            Without options: what it changed against the one before it. With --files its files are printed whole; with \
            --against the difference to another one.
            """)
    @OptionGroup var config: ConfigOptions
    @Flag(help: "Print the files whole.") var files = false
    @Option(help: ArgumentHelp("Compare with this one.", valueName: "number")) var against: String?
    @Argument(help: "Number or version, as config log shows it.") var number: String

    func run() async throws {
        let (store, zone) = try config.openStoreWithZone()
        let all = try found { () throws(StorageError) in try store.configurations() }
        guard let index = all.firstIndex(where: { "\($0.number)" == number || $0.version == number }) else {
            printError("postroom config: there is no configuration \(number); see postroom config log")
            throw ExitStatus.noInput
        }
        let shown = all[index]
        print(
            "configuration \(shown.number), version \(shown.version), in force since "
                + "\(moment(shown.since ?? shown.firstUsedAt, zone)), \(shown.deliveries) mails\n")
        let own = try AdminCLI.files(store, shown.version)
        guard !own.isEmpty else { return print("its files were not kept") }
        if files {
            for file in own { print("==> \(file.name) <==\n" + String(decoding: file.bytes, as: UTF8.self)) }
            return
        }
        let other = against ?? (index + 1 < all.count ? all[index + 1].version : nil)
        let diffs = FileDiff.all(from: try other.map { try AdminCLI.files(store, $0) } ?? [], to: own)
        print(diffs.isEmpty ? "the same files" : diffs.map { $0.rendered() }.joined(separator: "\n"))
    }
}

/// How a file changed, by lines.
struct FileDiff {
    let name: String
    private let old: [Substring]
    private let new: [Substring]
    private let removed: Set<Int>
    private let inserted: Set<Int>

    static func all(from old: [StoredFile], to new: [StoredFile]) -> [FileDiff] {
        let (before, after) = (byName(old), byName(new))
        return Set(before.keys).union(after.keys).sorted().compactMap { name in
            guard before[name] != after[name] else { return nil }
            return FileDiff(name: name, old: before[name] ?? [], new: after[name] ?? [])
        }
    }

    private static func byName(_ files: [StoredFile]) -> [String: [UInt8]] {
        Dictionary(files.map { ($0.name, $0.bytes) }) { first, _ in first }
    }

    private init(name: String, old: [UInt8], new: [UInt8]) {
        self.name = name
        self.old = Self.lines(old)
        self.new = Self.lines(new)
        var (removed, inserted): (Set<Int>, Set<Int>) = ([], [])
        for change in self.new.difference(from: self.old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        (self.removed, self.inserted) = (removed, inserted)
    }

    private static func lines(_ bytes: [UInt8]) -> [Substring] {
        var lines = String(decoding: bytes, as: UTF8.self)
            .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// `rules.d/10.yaml +3 -1`
    var summary: String { "\(name) +\(inserted.count) -\(removed.count)" }

    private static let context = 2

    /// Changed lines with two lines around them, `-` before the old and `+` before the new.
    func rendered() -> String {
        var lines: [(text: String, isChange: Bool)] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if removed.contains(left) {
                lines.append(("-\(old[left])", true))
                left += 1
            } else if inserted.contains(right) {
                lines.append(("+\(new[right])", true))
                right += 1
            } else {
                lines.append((" \(new[right])", false))
                left += 1
                right += 1
            }
        }
        var result = ["--- \(summary)"]
        var wasShown = true
        for index in lines.indices {
            let near = max(0, index - Self.context)...min(lines.count - 1, index + Self.context)
            let isShown = near.contains { lines[$0].isChange }
            if isShown { result.append(lines[index].text) } else if wasShown { result.append("…") }
            wasShown = isShown
        }
        return result.joined(separator: "\n") + "\n"
    }
}
