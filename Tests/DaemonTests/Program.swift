import ConfigLoading
import Foundation
import Glibc
import Storage
import TestSupport

/// The built `postroom`, for what only a process of its own can show: that it dies, that it is refused the store.
enum Program {
    /// Beside the test program, where SwiftPM puts both.
    static let path: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(filePath: own).deletingLastPathComponent().appending(path: "postroom").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        let named = URL(filePath: ProcessInfo.processInfo.arguments[0])
        return named.deletingLastPathComponent().appending(path: "postroom").path
    }()

    /// How a daemon in this process has marked messages understood: by the program, with the configuration as shipped.
    static let understandMarked = [
        path, "understand-marked", "--config", Checkout.root.appending(path: "etc/postroom").path,
    ]

    /// Runs a program to its end and gives its exit code (128 and more: a signal) and what it printed.
    static func run(
        _ arguments: [String], of executable: String = path, environment: [String: String] = [:]
    ) async throws -> (code: Int32, text: String) {
        let output = FileManager.default.temporaryDirectory.appending(path: "postroom-out-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        guard FileManager.default.createFile(atPath: output.path, contents: nil) else {
            throw TrialError(text: "no temporary file")
        }
        let handle = try FileHandle(forWritingTo: output)
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, asked in asked }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        try handle.close()
        let status = process.terminationStatus
        let text = String(decoding: (try? Data(contentsOf: output)) ?? Data(), as: UTF8.self)
        return (process.terminationReason == .uncaughtSignal ? 128 + status : status, text)
    }
}

extension Trial {
    /// One `postroom serve --once` in a process of its own, on this trial's store and server. Its lines join the log.
    func runProgram(_ environment: [String: String] = [:]) async throws -> Int32 {
        let config = try writeConfig()
        let (code, text) = try await Program.run(
            ["serve", "--once", "--config", config], environment: environment)
        log.lines.change { lines in lines += text.split(separator: "\n").map(String.init) }
        return code
    }

    /// The shipped configuration with this trial's server and store.
    private func writeConfig() throws -> String {
        let path = folder.path + "/config", secret = folder.path + "/secret"
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        try FileManager.default.copyItem(at: Checkout.root.appending(path: "etc/postroom"), to: URL(filePath: path))
        _ = FileManager.default.createFile(
            atPath: secret, contents: Data("correct horse\n".utf8), attributes: [.posixPermissions: 0o600])
        let text = """
            mode: act
            region: CN
            time_zone: Asia/Shanghai
            organisation:
              default_language: en
              name: { en: Example Ltd, zh-Hans: 示例公司, zh-Hant: 示例公司, ja: サンプル株式会社 }
              message_id_domain: post.example.com
            storage: { directory: \(self.config.storage.directory) }
            submission: { host: 127.0.0.1, port: 9, security: none, helo: desk.example.com }
            replies: { mode: hold }
            log: { level: debug, format: text }
            accounts:
              support:
                address: support@example.com
                host: 127.0.0.1
                port: \(server.port)
                security: none
                password: { file: \(secret) }
                start: all

            """
        try text.write(toFile: path + "/postroom.yaml", atomically: true, encoding: .utf8)
        return path
    }
}
