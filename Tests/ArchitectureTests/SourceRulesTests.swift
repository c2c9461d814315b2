import Foundation
import TestSupport
import Testing

/// A call that must not stand in some rooms, as a sequence of tokens.
struct ForbiddenWord: Sendable, CustomTestStringConvertible {
    let tokens: [String]
    let because: String
    var testDescription: String { tokens.joined() }

    init(_ tokens: String..., because: String) {
        (self.tokens, self.because) = (tokens, because)
    }

    /// Lines on which it stands. `.now` alone counts only where a type is left out (`= .now`): `input.now` is a value.
    func lines(in words: [SourceText.Token]) -> [Int] {
        guard words.count >= tokens.count else { return [] }
        return (0...(words.count - tokens.count)).compactMap { start in
            guard zip(tokens, words[start...]).allSatisfy({ $0 == $1.text }) else { return nil }
            let before = start > 0 ? words[start - 1].text : ""
            if tokens[0] == ".", let last = before.utf8.last {
                if last | 0x20 &- 97 < 26 || last &- 48 < 10 || ")]?!_`".utf8.contains(last) { return nil }
            } else if before == "." || before == "func" || before == "case" || before == "var" || before == "let" {
                return nil
            }
            return words[start].line
        }
    }

    /// In pure and wire rooms: whatever makes the same input give another output, or reaches outside.
    static let impure: [ForbiddenWord] = [
        .init("Date", "(", ")", because: "reads the clock"),
        .init("Date", ".", "now", because: "reads the clock"),
        .init("Date", ".", "init", "(", ")", because: "reads the clock"),
        .init("Date", "(", "timeIntervalSinceNow", because: "reads the clock"),
        .init(".", "now", because: "reads the clock"),
        .init("ContinuousClock", because: "reads the clock"),
        .init("SuspendingClock", because: "reads the clock"),
        .init("DispatchTime", because: "reads the clock"),
        .init("clock_gettime", because: "reads the clock"),
        .init("gettimeofday", because: "reads the clock"),
        .init("localtime", because: "reads the clock's zone"),
        .init("FileManager", because: "reads the disk"),
        .init("FileHandle", because: "reads the disk"),
        .init("Bundle", because: "reads the disk"),
        .init("fopen", because: "reads the disk"),
        .init("contentsOfFile", because: "reads the disk"),
        .init("Data", "(", "contentsOf", because: "reads the disk"),
        .init("String", "(", "contentsOf", because: "reads the disk"),
        .init("ProcessInfo", because: "reads the environment"),
        .init("CommandLine", because: "reads the environment"),
        .init("getenv", because: "reads the environment"),
        .init("Process", "(", because: "starts a process"),
        .init("URLSession", because: "uses the network"),
        .init("print", "(", because: "writes to stdout"),
        .init("debugPrint", "(", because: "writes to stdout"),
        .init("Logger", "(", because: "logs; return a reason instead"),
        .init("UUID", "(", ")", because: "is random"),
        .init("SystemRandomNumberGenerator", because: "is random"),
        .init("randomElement", because: "is random"),
        .init("shuffled", because: "is random"),
        .init("Locale", ".", "current", because: "depends on the machine's locale"),
        .init("Locale", ".", "autoupdatingCurrent", because: "depends on the machine's locale"),
        .init("TimeZone", ".", "current", because: "depends on the machine's zone"),
        .init("TimeZone", ".", "autoupdatingCurrent", because: "depends on the machine's zone"),
        .init("Calendar", ".", "current", because: "depends on the machine's locale"),
        .init("NSRegularExpression", because: "is not linear in its input"),
    ]

    /// Everywhere in Sources.
    static let anywhere: [ForbiddenWord] = [
        .init("public", because: "we ship programs: write package"),
        .init("try!", because: "outside input must not throw us off"),
        .init("as!", because: "outside input must not throw us off"),
        .init("fatalError", because: "our own mistakes trap with preconditionFailure, nothing else traps"),
        .init("Task", "{", because: "tasks have parents"),
        .init("Task", ".", "detached", because: "tasks have parents"),
        .init("Task", "(", because: "tasks have parents"),
    ]

    /// Places where one is right, as `path: word`, each with the reason.
    static let allowed: [String: String] = [
        "Sources/Digest/SecretKey.swift: SystemRandomNumberGenerator":
            "a fresh key is random; callers in pure rooms are given one"
    ]
}

/// Rules that need no parser: forbidden calls, sizes, words left in comments.
@Suite struct SourceRulesTests {
    let sources = SourceText.sources

    @Test("a pure room reads no clock, disk, network, environment, locale or randomness, and logs nothing")
    func pureRooms() {
        let pure = Set(RoomTable.rooms.filter(\.kind.isPure).map(\.name))
        report(ForbiddenWord.impure, in: sources.filter { pure.contains($0.room) })
    }

    @Test("no room publishes, forces a try or a cast, traps on input, or starts a task without a parent")
    func everyRoom() {
        report(ForbiddenWord.anywhere, in: sources)
    }

    @Test("in the room that reads outside bytes, one file holds all that is unsafe")
    func unsafeBytes() {
        for file in sources where file.room == "MIME" && file.path != "Sources/MIME/Bytes/Octets.swift" {
            let lines = file.tokens.filter { $0.text == "unsafe" || $0.text.contains("Unsafe") }.map(\.line)
            #expect(lines.isEmpty, "\(file.path):\(lines): move it to Octets.swift, with its reason")
        }
    }

    private func report(_ words: [ForbiddenWord], in files: [SourceText]) {
        for file in files {
            let tokens = file.tokens
            let present = Set(tokens.map(\.text))
            for word in words
            where present.isSuperset(of: word.tokens)
                && ForbiddenWord.allowed["\(file.path): \(word.testDescription)"] == nil
            {
                for line in word.lines(in: tokens) {
                    Issue.record("\(file.path):\(line): \(word.testDescription) \(word.because)")
                }
            }
        }
    }

    @Test("a source file has at most 450 lines, or a reason")
    func fileSizes() {
        for file in sources {
            let count = file.text.utf8.count { $0 == UInt8(ascii: "\n") }
            if count > 450 {
                #expect(
                    RoomTable.longFiles[file.path] != nil,
                    "\(file.path) has \(count) lines: split it, or give the reason")
            } else {
                #expect(
                    RoomTable.longFiles[file.path] == nil, "\(file.path) has \(count) lines now: take it off the list")
            }
        }
        for path in RoomTable.longFiles.keys {
            #expect(sources.contains { $0.path == path }, "\(path) is on the list of long files and is not there")
        }
    }

    @Test("no file is called after a heap")
    func fileNames() {
        let heaps = ["Util", "Utils", "Helper", "Helpers", "Common", "Manager", "Misc"]
        // systemd calls itself so: `systemd.service(5)`.
        for file in sources where file.name != "ServiceManager.swift" {
            let stem = file.name.replacing(".swift", with: "")
            #expect(!heaps.contains { stem.hasSuffix($0) }, "\(file.path): name it after what it is")
        }
    }

    @Test("the scanner is not fooled by comments and strings")
    func scanner() {
        let text = """
            // Date() in a comment
            /* print( /* nested */ fatalError */
            let a = "Date() \\(FileManager.default) try!"
            let c = try !isRight(try! right())
            let b = #"a " public \\(x) "# + \"\"\"
              Task { "quoted" }
              \"\"\"
            package import struct Foundation.Date
            foo.import(x)
            let now: Date = .now
            let later = input.now
            """
        let file = SourceText(path: "Sources/X/X.swift", room: "X", text: text)
        let tokens = file.tokens
        #expect(file.imports == [.init(text: "Foundation", line: 8)])
        func lines(_ words: String...) -> [Int] {
            (ForbiddenWord.impure + ForbiddenWord.anywhere).first { $0.tokens == words }?.lines(in: tokens) ?? [-1]
        }
        #expect(lines("Date", "(", ")") == [])
        #expect(lines("FileManager") == [3])
        #expect(lines("public") == [])
        #expect(lines("Task", "{") == [])
        #expect(lines(".", "now") == [10])
        #expect(lines("try!") == [4])
    }
}
