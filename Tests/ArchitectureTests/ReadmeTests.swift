import Foundation
import TestSupport
import Testing

/// What README.md and CONTRIBUTING.md tell people to type must work: commands exist with their flags, scripts and files are there.
@Suite struct ReadmeTests {
    static let documents = ["README.md", "CONTRIBUTING.md", "Benchmarks/README.md"]

    @Test("every script and every file that is named is there", arguments: documents)
    func namedFiles(_ document: String) throws {
        let text = try Self.text(document)
        let folders = [
            "scripts/", "fixtures/", "etc/", "systemd/", "Sources/", "Tests/", "Benchmarks/", "Fuzz/", "docs/", ".ci/",
        ]
        let words = text.split { !($0.isLetter || $0.isNumber || "/._-*<>".contains($0)) }.map(String.init)
        for word in Set(words) where folders.contains(where: word.hasPrefix) && !word.contains(where: "<*".contains) {
            let path = word.hasSuffix(".") ? String(word.dropLast()) : word
            let full = Checkout.root.appending(path: path).path
            #expect(FileManager.default.fileExists(atPath: full), "\(document) names \(path)")
            if path.hasPrefix("scripts/"), !path.contains(".") || path == ".ci/run" {
                #expect(FileManager.default.isExecutableFile(atPath: full), "\(path) cannot be run")
            }
        }
    }

    @Test("no measurement is missing from README.md")
    func noPlaceholder() throws {
        let text = try Self.text("README.md")
        let isComplete = !text.contains(/@[A-Z]+@/)
        #expect(isComplete, "README.md holds a place that was to be filled in")
        #expect(text.contains("scripts/demo") && text.contains("scripts/test"))
    }

    @Test(
        "every subcommand and every flag that is named exists", .enabled(if: Self.program != nil, "no program is built")
    )
    func commands() async throws {
        let program = try #require(Self.program)
        for command in try Self.documents.flatMap({ Self.commands(in: try Self.text($0)) }).uniqued() {
            let words = command.dropFirst().prefix {
                $0.first?.isLowercase == true && !$0.contains("/") && !$0.contains(".")
            }
            var path = Array(words)
            var help = try Self.output(of: program, path + ["--help"])
            // What is no subcommand is an argument: `postroom help tickets`.
            if path.first == "help" {
                path.removeFirst()
                help = try Self.output(of: program, path + ["--help"])
            }
            #expect(help.status == 0, "postroom \(path.joined(separator: " ")) is no command")
            let usage = "USAGE: postroom " + path.map { $0 + " " }.joined()
            #expect(
                path.isEmpty || (help.text + " ").contains(usage),
                "postroom \(path.joined(separator: " ")) is no command")
            for flag in command where flag.hasPrefix("--") && flag != "--help" {
                #expect(help.text.contains(flag), "postroom \(path.joined(separator: " ")) has no \(flag)")
            }
        }
    }

    @Test("commands are found in code blocks and in backticks")
    func extraction() {
        let text = """
            ```sh
            .build/release/postroom try --config etc/postroom a.eml
            ls
            ```
            Say `postroom tickets list --json`, or `list`.
            """
        let found = Self.commands(in: text)
        #expect(
            found == [
                ["postroom", "try", "--config", "etc/postroom", "a.eml"], ["postroom", "tickets", "list", "--json"],
            ])
    }

    // MARK: - Reading

    private static func text(_ document: String) throws -> String {
        try String(contentsOf: Checkout.root.appending(path: document), encoding: .utf8)
    }

    /// Every command line of ours, as words.
    static func commands(in text: String) -> [[String]] {
        var found: [[String]] = []
        var isBlock = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isBlock.toggle()
                continue
            }
            let isIndented = line.hasPrefix("    ")
            let pieces =
                isBlock || isIndented
                ? [line]
                : line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                    .filter { $0.offset % 2 == 1 }.map(\.element)
            for piece in pieces {
                var words = piece.split(separator: " ").map(String.init)
                guard let first = words.first, first == "postroom" || first.hasSuffix("/postroom") else { continue }
                words[0] = "postroom"
                found.append(
                    words.prefix { !$0.hasPrefix("#") }.map { $0.trimmingCharacters(in: .init(charactersIn: "[]…,")) })
            }
        }
        return found
    }

    /// The built program, beside the test runner.
    static let program: String? = {
        guard let runner = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return nil
        }
        let path = URL(filePath: runner).deletingLastPathComponent().appending(path: "postroom").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    private static func output(of program: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}

extension Array where Element: Hashable {
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
