import Correspondence
import Foundation
import MIME
import TestSupport
import Testing
import Vocabulary

/// Other people's mail, where it lies beside the checkout; it is no part of the project.
@Suite("Mail of other people")
struct CorpusTests {
    static let folder = Checkout.root.deletingLastPathComponent().appending(path: "shared/corpus/mime")

    /// Bounce parsers' own test sets: nearly all of their mails are bounces. The rest is told by the name of the file.
    static let bounceSets = ["sisimai/", "Mail-DeliveryStatus-BounceParser", "flufl.bounce"]
    static let noBounces = ["rfc3834", "arf-", "/spam-bogus", "/spam-with-image"]

    struct Source {
        let id: String
        let isBounceSet: Bool
    }

    struct Figures {
        var bounces = 0
        var missed: [String] = []
        var standard = 0
        var right = 0
        var wrong: [String] = []
        var plain = 0
        var plainNamed = 0
        var originals = 0
        var mistaken: [String] = []
    }

    @Test("bounces are recognised and read, and nothing else is taken for one")
    func corpus() throws {
        guard let sources = Self.sources() else {
            print("skipped: no corpus beside the checkout")
            return
        }
        var figures = Figures()
        for source in sources { Self.measure(source, &figures) }
        let recognised = figures.bounces - figures.missed.count
        print("bounces: \(recognised) of \(figures.bounces) recognised, missed: \(figures.missed)")
        print("RFC 3464: recipient and status right in \(figures.right) of \(figures.standard), not: \(figures.wrong)")
        print("without a status part: recipient and status read in \(figures.plainNamed) of \(figures.plain)")
        print("original Message-ID read in \(figures.originals); taken for bounces: \(figures.mistaken)")
        #expect(recognised * 100 >= figures.bounces * 98)
        #expect(figures.right * 100 >= figures.standard * 95)
        #expect(figures.mistaken.isEmpty)
    }

    private static func sources() -> [Source]? {
        guard let table = try? String(contentsOf: folder.appending(path: "SOURCES.tsv"), encoding: .utf8) else {
            return nil
        }
        return table.split(separator: "\n").dropFirst().map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            let isBounce = bounceSets.contains { columns[2].hasPrefix($0) } && !noBounces.contains { line.contains($0) }
            return Source(id: String(columns[0]), isBounceSet: isBounce)
        }
    }

    private static func measure(_ source: Source, _ figures: inout Figures) {
        let path = folder.appending(path: "messages/\(source.id).eml").path
        let bytes = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
        let message = Message(parsing: bytes)
        let origin = origin(of: message, identity: identity)
        #expect(!origin.reasons.isEmpty)
        let text = String(decoding: bytes, as: UTF8.self)
        let isStandard = isStandardReport(message)
        guard source.isBounceSet || isStandard else {
            if origin.kind == .dsn, !looksLikeBounce(message, text) { figures.mistaken.append(source.id) }
            return
        }
        figures.bounces += 1
        guard let report = origin.report else { return figures.missed.append(source.id) }
        if report.originalMessageID != nil { figures.originals += 1 }
        let read = Set(report.recipients.map { "\(asciiLowercased($0.finalRecipient)) \($0.status)" })
        let expected = statedRecipients(text)
        if isStandard, !expected.isEmpty {
            figures.standard += 1
            if read.isSuperset(of: expected) { figures.right += 1 } else { figures.wrong.append(source.id) }
        } else if expected.isEmpty {
            figures.plain += 1
            let isRead = report.recipients.contains { $0.finalRecipient.contains("@") && !$0.status.isEmpty }
            if isRead { figures.plainNamed += 1 }
        }
    }

    private static func isStandardReport(_ message: Message) -> Bool {
        let root = message.parts[0]
        return root.mediaType == "multipart/report"
            && root.parameters["report-type"]?.lowercased() == "delivery-status"
    }

    /// Bounces in other projects' sets: written by a mail system or on behalf of nobody.
    private static func looksLikeBounce(_ message: Message, _ text: String) -> Bool {
        let from = asciiLowercased(message.header.first("From") ?? "")
        return ["mailer-daemon", "postmaster", "mail delivery", "mail-daemon", "mailer daemon"].contains {
            from.contains($0)
        }
            || asciiLowercased(text).contains("delivery-status") || asciiLowercased(message.subject) == "failure notice"
    }

    /// `address status` of each group of lines with Final-Recipient and Status, read without our parser.
    private static func statedRecipients(_ text: String) -> Set<String> {
        var found: Set<String> = []
        var address: String?
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let lower = asciiLowercased(String(line.prefix(400)))
            if lower.hasPrefix("final-recipient:") {
                let value = lower.dropFirst(16).split(separator: ";").last ?? ""
                address = value.filter { !" <>\t".contains($0) }
            } else if lower.hasPrefix("status:"), let final = address, final.contains("@") {
                let code = lower.dropFirst(7).drop { $0 == " " }.prefix { $0.isNumber || $0 == "." }
                if code.contains(".") { found.insert("\(final) \(code)") }
                address = nil
            }
        }
        return found
    }
}
