import ArgumentParser
import ConfigLoading
import Correspondence
import Extraction
import Foundation
import MIME
import Triage
import Vocabulary

/// Decides about messages in files as the daemon would, without a server and without a store.
///
/// Each message is judged on its own, as the first mail of an unknown customer: the moment is the one in its Date
/// field, or now when it has none or `--now` says so.
struct Try: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Decide about messages in files, without servers.",
        discussion: """
            PATH is an .eml file, an mbox, a Maildir, a folder of .eml files, or - for one message on standard input.

            With --json one object a message is printed: what was read (message), what the person wrote (text), the \
            details found in it, its attachments with their flags, and the decision with its reasons. File names in \
            message.parts stand as they were sent; those in attachments are clean.
            """)

    @OptionGroup var options: TryOptions
    @Flag(help: "Print one JSON object a message.") var json = false
    @Option(
        help: ArgumentHelp(
            "Plain texts instead of messages: lines {\"id\",\"text\",\"subject\"?,\"from_\"?,\"region\"?}.",
            valueName: "file"))
    var jsonl: String?
    @Option(help: ArgumentHelp("Decide as at this moment (2026-11-21T09:00:00Z).", valueName: "time")) var now: String?
    @Argument(help: "Messages: files, mboxes, Maildirs, folders, or -.") var paths: [String] = []

    func validate() throws {
        if paths.isEmpty && jsonl == nil { throw ValidationError("name at least one PATH, or --jsonl FILE") }
    }

    func run() async throws {
        let options = try self.options.triageOptions()
        let moment = try now.map(parseMoment)
        var failed = false
        for path in paths {
            do {
                try MessageFiles.each(in: path) { id, bytes in
                    try show(TryReport(id: id, bytes: bytes, options: options, now: moment))
                }
            } catch let error as MessageFiles.Failure {
                printError("postroom try: \(error.description)")
                failed = true
            }
        }
        if let jsonl { try eachText(in: jsonl, options: options, moment: moment) }
        if failed { throw ExitStatus.noInput }
    }

    private func show(_ report: TryReport) throws {
        if json {
            print(try report.jsonLine())
        } else {
            print(report.forPeople())
        }
    }

    private func eachText(in file: String, options: TriageOptions, moment: Date?) throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            printError("postroom try: cannot read \(file)")
            throw ExitStatus.noInput
        }
        let decoder = JSONDecoder()
        for (index, line) in [UInt8](data).split(separator: 0x0A).enumerated() {
            guard let text = try? decoder.decode(PlainText.self, from: Data(line)) else {
                printError("postroom try: \(file):\(index + 1): not an object with id and text")
                throw ExitStatus.dataError
            }
            var options = options
            if let region = text.region { options.extraction.region = region }
            let bytes = text.asMessage(to: options.identity.addresses.first)
            try show(TryReport(id: text.id, bytes: bytes, options: options, now: moment))
        }
    }

    private func parseMoment(_ text: String) throws -> Date {
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw ValidationError("--now \(text): write a moment as 2026-11-21T09:00:00Z")
        }
        return date
    }
}

/// A line of `--jsonl`: text that never was a mail.
private struct PlainText: Decodable {
    let id: String
    let text: String
    let subject: String?
    let from: String?
    let region: String?

    enum CodingKeys: String, CodingKey {
        case id, text, subject, region
        case from = "from_"
    }

    /// The text as the smallest message that carries it, so that it goes the way every mail goes.
    func asMessage(to address: EmailAddress?) -> [UInt8] {
        func oneLine(_ value: String) -> String {
            String(decoding: value.utf8.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }, as: UTF8.self)
        }
        // Who wrote is not known where the line does not say it, and then no address is made up.
        var head = from.map { "From: \(oneLine($0))\n" } ?? ""
        if let address { head += "To: \(address)\n" }
        if let subject { head += "Subject: \(oneLine(subject))\n" }
        head += "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        return Array((head + text).utf8)
    }
}
