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
        edits = lines.dropFirst().filter { !$0.hasPrefix("= ") }
        expected = lines.filter { $0.hasPrefix("= ") }.map { String($0.dropFirst(2)) }
    }

    /// The good configuration with the changes, in a folder of its own.
    func write(to target: URL) throws {
        try FileManager.default.copyItem(at: Self.folder.appending(path: "base"), to: target)
        var name = ""
        var lines: [String] = []
        var place = 0
        func finish() throws {
            guard !name.isEmpty else { return }
            try (lines.joined(separator: "\n") + "\n")
                .write(to: target.appending(path: name), atomically: true, encoding: .utf8)
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
    let credentials = try TemporaryFolder()
    try "secret\n".write(to: credentials.url.appending(path: "submission"), atomically: true, encoding: .utf8)
    do {
        _ = try loadConfig(
            directory: folder.path,
            environment: ["IMAP_PASSWORD": "secret", "CREDENTIALS_DIRECTORY": credentials.path],
            secrets: secrets)
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

@Suite struct BadConfigTests {
    @Test("every mistake is reported at its place, with what to do, all at once", arguments: BadConfig.all)
    func bad(_ row: BadConfig) throws {
        let folder = try TemporaryFolder()
        let target = folder.url.appending(path: "etc")
        try row.write(to: target)
        let found = try problems(ofFolder: target)
        #expect(found == row.expected)
    }

    @Test("there are at least 25 of them, each with a problem")
    func enough() {
        #expect(BadConfig.all.count >= 25)
        #expect(BadConfig.all.allSatisfy { !$0.expected.isEmpty })
    }

    @Test("the configuration that they change has none")
    func base() throws {
        #expect(try problems(ofFolder: BadConfig.folder.appending(path: "base")) == [])
    }
}
