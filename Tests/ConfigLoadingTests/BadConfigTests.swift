import ConfigLoading
import Foundation
import TestSupport
import Testing

/// One file of `fixtures/config/bad`: a change to the good configuration, and the problems that it gives.
struct BadConfig: CustomTestStringConvertible, Sendable {
    let file: String
    let sentence: String
    let edits: [String]
    let expected: [String]
    /// What is reported of it when it can stand and is hardly meant.
    let warnings: [String]

    var testDescription: String { "\(file): \(sentence)" }

    static let folder = Checkout.fixtures.appending(path: "config")

    static let all: [BadConfig] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "bad").path)) ?? []
        return names.sorted().map(BadConfig.init(file:))
    }()

    init(file: String) {
        let bytes = Checkout.fixture("config/bad/\(file)")
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        self.file = file
        sentence = lines.first ?? ""
        edits = lines.dropFirst().filter { !$0.hasPrefix("= ") && !$0.hasPrefix("~ ") }
        expected = lines.filter { $0.hasPrefix("= ") }.map { String($0.dropFirst(2)) }
        warnings = lines.filter { $0.hasPrefix("~ ") }.map { String($0.dropFirst(2)) }
    }

    /// The good configuration with the changes, in a folder of its own.
    func write(to target: URL) throws {
        try FileManager.default.copyItem(at: Self.folder.appending(path: "base"), to: target)
        var name = ""
        var lines: [String] = []
        var place = 0
        var (mark, lineEnd) = ("", "\n")
        func finish() throws {
            guard !name.isEmpty else { return }
            let file = target.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try (mark + lines.map { $0 + lineEnd }.joined()).write(to: file, atomically: true, encoding: .utf8)
            (mark, lineEnd) = ("", "\n")
        }
        for edit in edits {
            let rest = String(edit.dropFirst())
            switch edit.first {
            case "@":
                try finish()
                name = rest
                lines = try String(contentsOf: target.appending(path: name), encoding: .utf8)
                    .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
            case "-":
                place = try #require(lines.firstIndex(of: rest), "\(file): no line \(rest)")
                lines.remove(at: place)
            case "+":
                lines.insert(rest, at: place)
                place += 1
            case "n":
                try finish()
                (name, lines, place) = (String(edit.split(separator: " ")[1]), [], 0)
            case "t":
                let count = try #require(Int(edit.split(separator: " ")[1])) - 1
                lines.insert(contentsOf: repeatElement(lines[place - 1], count: count), at: place)
                place += count
            case "b": mark = "\u{FEFF}"
            case "c": lineEnd = "\r\n"
            case "d":
                try FileManager.default.removeItem(at: target.appending(path: name))
                name = ""
            default:
                let new = String(edit.split(separator: " ")[1])
                try FileManager.default.moveItem(at: target.appending(path: name), to: target.appending(path: new))
                name = ""
            }
        }
        try finish()
    }
}

/// Loads a folder with the secrets that the fixtures name.
func problems(ofFolder folder: URL, secrets: SecretLoading = .required) throws -> [String] {
    try findings(ofFolder: folder, secrets: secrets).problems
}

func findings(
    ofFolder folder: URL, secrets: SecretLoading = .required
) throws -> (problems: [String], warnings: [String]) {
    let credentials = try TemporaryFolder()
    try "secret\n".write(to: credentials.url.appending(path: "submission"), atomically: true, encoding: .utf8)
    do {
        let config = try loadConfig(
            directory: folder.path,
            environment: ["IMAP_PASSWORD": "secret", "CREDENTIALS_DIRECTORY": credentials.path],
            secrets: secrets)
        return ([], config.warnings.map(\.description))
    } catch {
        return (error.problems.map(\.description), [])
    }
}

@Suite struct BadConfigTests {
    @Test("every mistake is reported at its place, with what to do, all at once", arguments: BadConfig.all)
    func bad(_ row: BadConfig) throws {
        let folder = try TemporaryFolder()
        let target = folder.url.appending(path: "etc")
        try row.write(to: target)
        let found = try findings(ofFolder: target)
        #expect(found.problems == row.expected)
        #expect(found.warnings == row.warnings)
    }

    @Test("there are at least 120 of them, each with a problem or a warning")
    func enough() {
        #expect(BadConfig.all.count >= 120)
        #expect(BadConfig.all.allSatisfy { !$0.expected.isEmpty || !$0.warnings.isEmpty })
    }

    @Test("the configuration that they change has none")
    func base() throws {
        #expect(try problems(ofFolder: BadConfig.folder.appending(path: "base")) == [])
    }
}
