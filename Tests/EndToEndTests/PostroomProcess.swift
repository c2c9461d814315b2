import Foundation
import Glibc
import TestSupport

/// The built `postroom`, run as a user would run it.
final class PostroomProcess {
    /// Beside the test program, where SwiftPM puts both.
    static let executable: URL = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(filePath: own).deletingLastPathComponent().appending(path: "postroom")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        let named = URL(filePath: ProcessInfo.processInfo.arguments[0])
        return named.deletingLastPathComponent().appending(path: "postroom")
    }()

    private let process = Process()
    private let output: URL
    let folder: TemporaryFolder

    /// Starts `postroom ARGUMENTS`; standard output goes to a file, which `lines` reads.
    init(_ arguments: [String], environment: [String: String] = [:], in folder: TemporaryFolder) throws {
        self.folder = folder
        output = folder.url.appending(path: "out-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: output.path, contents: nil)
        let handle = try FileHandle(forWritingTo: output)
        process.executableURL = Self.executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, asked in asked }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        try handle.close()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var text: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }
    var lines: [String] { text.split(separator: "\n").map(String.init) }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// The exit code, or 128 plus the signal that ended it; nil when it still runs after `patience`.
    func exitCode(patience: Duration = .seconds(60)) -> Int32? {
        guard waitUntil(patience: patience, { !self.process.isRunning }) else { return nil }
        process.waitUntilExit()
        let status = process.terminationStatus
        return process.terminationReason == .uncaughtSignal ? 128 + status : status
    }

    /// Waits for a log line with this phrase as its event.
    func waitFor(event: String, patience: Duration = .seconds(30)) -> Bool {
        waitUntil(patience: patience) { self.text.contains("\"event\":\"\(event)\"") }
    }

    /// The summary line of `serve --once`.
    var summary: [String: Any]? {
        guard let line = lines.last(where: { $0.contains("\"event\":\"summary\"") }) else { return nil }
        return try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    }

    /// Runs to the end and gives output and exit code.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], in folder: TemporaryFolder
    ) throws -> (code: Int32?, process: PostroomProcess) {
        let process = try PostroomProcess(arguments, environment: environment, in: folder)
        return (process.exitCode(), process)
    }
}

/// Looks again and again, for things that another process does; false when it does not happen in time.
func waitUntil(patience: Duration, _ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
        if try condition() { return true }
        usleep(10_000)
    }
    return try condition()
}
