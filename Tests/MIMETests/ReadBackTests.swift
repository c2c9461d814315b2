import Foundation
import MIME
import TestSupport
import Testing

/// What we write, others read: hundreds of messages, listed by GMime, by Python's `email` and by our own reader, and
/// compared with what they were made from. `fixtures/readback/README.md` has the programs and the lines they print.
@Suite("Other libraries read what we write")
struct ReadBackTests {
    static let count = 400

    static let samples: [OutgoingMessage] = {
        var samples = ReadBackSamples(seed: 2026)
        return (0..<count).compactMap { samples.message($0) }
    }()

    @Test("every sample is seven-bit, deterministic and within the line limits")
    func form() throws {
        #expect(Self.samples.count == Self.count)
        for message in Self.samples {
            let bytes = message.serialized()
            #expect(bytes == message.serialized())
            #expect(bytes.allSatisfy { $0 < 0x80 && $0 > 0 } && !message.needsSMTPUTF8)
            let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).dropLast()
            #expect(lines.allSatisfy { $0.last == 13 && !$0.dropLast().contains(13) }, "only CRLF")
            for line in lines where line.count > 79 {
                let text = String(decoding: line, as: UTF8.self)
                #expect(line.count <= 999 && Self.mayBeLong(text), "\(text)")
            }
        }
    }

    /// File names stay in one piece, and so do the longest addresses.
    static func mayBeLong(_ line: String) -> Bool {
        [" filename*=utf-8''", " filename=\"", " name=\"", " <llllllll", "X-Note: xxxx", "llllllll@example.com"]
            .contains {
                line.contains($0)
            }
    }

    @Test("our own reader")
    func own() throws {
        for message in Self.samples {
            compare(ReadBackListing(reading: message.serialized()).lines, with: message, "our own reader")
        }
    }

    @Test("Python's email package", .enabled(if: Tool.isThere("python3"), "python3 is not installed"))
    func python() throws {
        let script = Checkout.fixtures.appending(path: "readback/python_reader.py").path
        try compareAll(reader: "Python") { folder in try Tool.run(["python3", script, folder]) }
    }

    @Test("GMime", .enabled(if: Tool.hasGMime, "libgmime-3.0-dev, pkg-config or a C compiler is not installed"))
    func gmime() throws {
        let programs = try TemporaryFolder()
        let program = programs.url.appending(path: "gmime_reader").path
        let source = Checkout.fixtures.appending(path: "readback/gmime_reader.c").path
        let flags = try Tool.run(["pkg-config", "--cflags", "--libs", "gmime-3.0"]).split(
            whereSeparator: \.isWhitespace)
        _ = try Tool.run([Tool.compiler, "-Wall", "-Werror", source, "-o", program] + flags.map(String.init))
        try compareAll(reader: "GMime") { folder in try Tool.run([program, folder]) }
    }

    private func compareAll(reader: String, _ list: (_ folder: String) throws -> String) throws {
        let folder = try TemporaryFolder()
        for (number, message) in Self.samples.enumerated() {
            let file = folder.url.appending(path: String(format: "%04d.eml", number))
            try Data(message.serialized()).write(to: file)
        }
        var listings: [[String]] = []
        for line in try list(folder.path).split(separator: "\n") {
            if line.hasPrefix("message ") {
                listings.append([])
            } else {
                listings[listings.count - 1].append(String(line))
            }
        }
        try #require(listings.count == Self.samples.count)
        for (message, lines) in zip(Self.samples, listings) { compare(lines, with: message, reader) }
    }

    private func compare(_ lines: [String], with message: OutgoingMessage, _ reader: String) {
        let found = unflowed(lines)
        // A flowed text loses the spaces at the ends of its lines.
        let expected = zip(ReadBackListing(expecting: message).lines, found.isFlowed).map { $1 ? trimmedLines($0) : $0 }
        guard expected != found.lines else { return }
        let difference = zip(expected, found.lines).first { $0 != $1 }
        Issue.record(
            """
            \(reader) reads \(message.messageID) differently (\(expected.count) and \(found.lines.count) lines)
            expected: \(difference?.0 ?? expected.last ?? "")
            found:    \(difference?.1 ?? found.lines.last ?? "")
            """)
    }

    /// The lines with flowed bodies joined (RFC 3676 section 4.2) and without the lines `flowed`; which ones were joined.
    private func unflowed(_ lines: [String]) -> (lines: [String], isFlowed: [Bool]) {
        var result: [String] = []
        var marks: [Bool] = []
        var isFlowed = false
        for line in lines {
            if line == "flowed" {
                isFlowed = true
                continue
            }
            let isBody = isFlowed && line.hasPrefix("body ")
            result.append(isBody ? "body " + joinedFlowed(String(line.dropFirst(5))) : line)
            marks.append(isBody)
            if isBody { isFlowed = false }
        }
        return (result, marks)
    }

    private func joinedFlowed(_ body: String) -> String {
        var paragraphs: [(depth: Int, text: String)] = []
        var isOpen = false
        for line in body.components(separatedBy: "%0D%0A").dropLast() {
            let depth = line.prefix { $0 == ">" }.count
            var text = line.dropFirst(depth)
            if text.hasPrefix(" ") { text = text.dropFirst() }
            if isOpen, let last = paragraphs.last, last.depth == depth {
                paragraphs[paragraphs.count - 1].text += text
            } else {
                paragraphs.append((depth, String(text)))
            }
            isOpen = text.hasSuffix(" ") && text != "-- "
        }
        return paragraphs.map { quoted($0.depth, $0.text) + "%0D%0A" }.joined()
    }

    private func trimmedLines(_ body: String) -> String {
        guard body.hasPrefix("body ") else { return body }
        let lines = body.dropFirst(5).components(separatedBy: "%0D%0A").map { line in
            let depth = line.prefix { $0 == ">" }.count
            var text = line.dropFirst(depth)
            if depth > 0 && text.hasPrefix(" ") { text = text.dropFirst() }
            while text.hasSuffix(" ") && text != "-- " { text = text.dropLast() }
            return quoted(depth, String(text))
        }
        return "body " + lines.joined(separator: "%0D%0A")
    }

    private func quoted(_ depth: Int, _ text: String) -> String {
        depth == 0 ? text : String(repeating: ">", count: depth) + " " + text
    }
}

/// Programs of the machine that a test may use.
private enum Tool {
    struct Failure: Error, CustomStringConvertible { let description: String }

    static let compiler = isThere("cc") ? "cc" : "clang"
    static let hasGMime =
        isThere(compiler) && isThere("pkg-config") && (try? run(["pkg-config", "--exists", "gmime-3.0"])) != nil

    static func isThere(_ name: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    /// What the program prints; throws when it fails.
    static func run(_ words: [String]) throws -> String {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "output")
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        let output = try FileHandle(forWritingTo: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        try output.close()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(words[0]) ended with \(process.terminationStatus)")
        }
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }
}
