import Foundation
import TestSupport
import Testing

/// `scripts/crashtest` and `scripts/powerloss` at a small size, so that both keep working and a change that breaks their promises
/// is seen at once. The full sizes are run by hand; CONTRIBUTING says when.
@Suite("crash scripts", .serialized, .enabled(if: MailHost.isAvailable, MailHost.skipComment))
struct CrashScriptTests {
    @Test func aPowerLossTakesNothingThatAServerWasToldOf() throws {
        let (code, text) = try run("powerloss", "12", "3")
        #expect(code == 0, "\(text)")
        if text.contains("skipped") {
            print(text)
        } else {
            #expect(text.contains("nothing that a server was told is lost"), "\(text)")
        }
    }

    @Test func aFewKillsAtNamedPointsAndAnywhereLoseAndRepeatNothing() throws {
        let (code, text) = try run(
            "crashtest", "48", "5", "3",
            environment: ["CRASH_POINTS": "archive-after commit-before acknowledge-told claim-after dot-after"])
        #expect(code == 0, "\(text)")
        #expect(text.contains("nothing lost, nothing twice"), "\(text)")
    }

    /// Runs the script with the program that was built beside this test, for both kinds of build.
    private func run(
        _ script: String, _ arguments: String..., environment: [String: String] = [:]
    ) throws -> (code: Int32, text: String) {
        let folder = try TemporaryFolder()
        let output = folder.url.appending(path: "out")
        _ = FileManager.default.createFile(atPath: output.path, contents: nil)
        let handle = try FileHandle(forWritingTo: output)
        let process = Process()
        process.executableURL = Checkout.root.appending(path: "scripts/\(script)")
        process.arguments = arguments
        let program = PostroomProcess.executable.path
        process.environment = ProcessInfo.processInfo.environment
            .merging(["POSTROOM": program, "POSTROOM_DEBUG": program]) { $1 }.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        try handle.close()
        return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
    }
}
