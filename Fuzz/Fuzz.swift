import CLibFuzzer
import Foundation

/// Fuzz: libFuzzer against the rooms that read mail. Built and run by `scripts/fuzz`, never part of an ordinary build.
///
///     Fuzz --target=NAME [ARGUMENT OF LIBFUZZER]...    fuzzes, or runs the inputs that are named
///     Fuzz seeds FOLDER OUT                            cuts the mails and files of a folder into first inputs for the targets
///     Fuzz mail NAME INPUT                             prints the mail that a target makes of an input: a fixture
///
/// Each target (`FuzzTarget`) turns the bytes of libFuzzer into a mail; what must hold for every mail
/// (`MailInvariants`) is checked for all of them alike. A broken promise aborts, which libFuzzer reports as a crash.
@main
enum Fuzz {
    // The callback of C captures nothing; this is set once, before the first call.
    nonisolated(unsafe) static var target = FuzzTarget.raw

    static func main() {
        let arguments = CommandLine.arguments
        switch (arguments.dropFirst().first, arguments.count) {
        case ("seeds", 4): writeSeeds(ofFilesIn: arguments[2], to: arguments[3])
        case ("mail", 4): printMail(target: arguments[2], input: arguments[3])
        case (let option?, _) where option.hasPrefix("--target="):
            guard let target = FuzzTarget(rawValue: String(option.dropFirst("--target=".count))) else { usage() }
            fuzz(target)
        default: usage()
        }
    }

    private static func usage() -> Never {
        let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")
        complain(
            """
            usage: Fuzz --target=\(names) [ARGUMENT OF LIBFUZZER]...
                   Fuzz seeds FOLDER OUT
                   Fuzz mail NAME INPUT
            """)
        exit(64)
    }

    /// Hands over to libFuzzer, which ignores our option (two dashes) and gives it to the processes that it starts itself.
    private static func fuzz(_ target: FuzzTarget) {
        self.target = target
        var count = CommandLine.argc
        var values = CommandLine.unsafeArgv
        let result = withUnsafeMutablePointer(to: &values) { start in
            start.withMemoryRebound(to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self, capacity: 1) {
                LLVMFuzzerRunDriver(&count, $0) { start, count in
                    let input = [UInt8](UnsafeBufferPointer(start: start, count: count))
                    checkMail(Fuzz.target.mail(from: input))
                    return 0
                }
            }
        }
        exit(result)
    }

    private static func printMail(target: String, input: String) {
        guard let target = FuzzTarget(rawValue: target), let bytes = FileManager.default.contents(atPath: input) else {
            usage()
        }
        FileHandle.standardOutput.write(Data(target.mail(from: [UInt8](bytes))))
    }
}

func complain(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
