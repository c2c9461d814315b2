import Extraction
import Foundation
import MIME
import MailText

/// TextBenchmark: what understanding the text of a mail costs, without parsing it. `text_peers.py` does similar work with
/// talon and phonenumbers; `scripts/bench-text` runs all.
///
///     TextBenchmark FOLDER SECONDS     CPU time of the rooms MailText and Extraction over all mails of a folder, one JSON line
///     TextBenchmark --texts FOLDER     what MailText reads of each mail, a JSON line each: the input of the peers
@main
enum TextBenchmark {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.count) {
        case ("--texts", 2): printTexts(folder: arguments[2])
        case (let folder?, 2): printSpeed(folder: folder, seconds: Double(arguments[2]) ?? 1)
        default:
            FileHandle.standardError.write(Data("usage: TextBenchmark FOLDER SECONDS | --texts FOLDER\n".utf8))
            exit(64)
        }
    }

    private static func printTexts(folder: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for mail in load(folder) {
            let text = writtenText(of: mail.message, mail.contents)
            guard let line = try? encoder.encode(["plain": text.plain, "own": text.own]) else { continue }
            print(String(decoding: line, as: UTF8.self))
        }
    }

    private static func printSpeed(folder: String, seconds: Double) {
        let mails = load(folder)
        let options = ExtractionOptions(region: "CN")
        var read: [WrittenText] = []
        var plainBytes = 0
        var count = 0
        let decoded = secondsPerPass(atLeast: seconds) {
            read = mails.map { writtenText(of: $0.message, $0.contents) }
        }
        let plain = read.map(\.plain)
        let text = secondsPerPass(atLeast: seconds) {
            for plain in plain { count += writtenText(plain: plain).signatureLines.count }
        }
        let extraction = secondsPerPass(atLeast: seconds) {
            count = 0
            for (mail, text) in zip(mails, read) {
                count += details(in: text, subject: mail.subject, writer: nil, options: options).count
            }
        }
        for text in read { plainBytes += text.plain.utf8.count }
        print(
            """
            {"reader":"Postroom","mails":\(mails.count),"bytes":\(mails.reduce(0) { $0 + $1.message.bytes.count }),\
            "text_bytes":\(plainBytes),"details":\(count),"decoded_seconds":\(decoded),"text_seconds":\(text),\
            "extraction_seconds":\(extraction)}
            """)
    }

    /// A class, so that handing it on is not measured.
    private final class Mail {
        let message: Message
        let contents: Contents
        let subject: String

        init(_ message: Message) {
            self.message = message
            contents = message.contents
            subject = message.subject
        }
    }

    private static func load(_ folder: String) -> [Mail] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".eml") }.sorted().compactMap { name in
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return nil }
            return Mail(Message(parsing: [UInt8](data)))
        }
    }

    /// CPU time of one call of `work`, warmed up, as the mean of many.
    private static func secondsPerPass(atLeast seconds: Double, _ work: () -> Void) -> Double {
        work()
        let start = cpuSeconds()
        var passes = 0
        var spent = 0.0
        repeat {
            work()
            passes += 1
            spent = cpuSeconds() - start
        } while spent < seconds
        return spent / Double(passes)
    }

    private static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
