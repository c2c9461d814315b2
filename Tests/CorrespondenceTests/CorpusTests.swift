import Correspondence
import Foundation
import MIME
import TestSupport
import Testing
import Vocabulary

/// Other people's mail, where it lies beside the checkout; it is no part of the project.
@Suite("Mail of other people")
struct CorpusTests {
    static let folder = Checkout.root.deletingLastPathComponent().appending(path: "shared/corpus/mime/messages")

    @Test("every standard report is recognised, and nothing that is read makes trouble")
    func corpus() throws {
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted() else {
            print("skipped: no corpus beside the checkout")
            return
        }
        var reports = 0
        var named = 0
        var missed: [String] = []
        for file in files {
            let bytes = FileManager.default.contents(atPath: Self.folder.appending(path: file).path).map { [UInt8]($0) }
            let message = Message(parsing: bytes ?? [])
            let origin = origin(of: message, identity: identity)
            #expect(!origin.reasons.isEmpty)
            guard isStandardReport(message) else { continue }
            reports += 1
            if origin.kind != .dsn { missed.append(file) }
            if origin.report?.recipients.contains(where: { $0.finalRecipient.contains("@") && !$0.status.isEmpty })
                ?? false
            {
                named += 1
            }
        }
        print("standard delivery reports: \(reports), recipient and status read in \(named), missed: \(missed)")
        #expect(missed.isEmpty)
        #expect(Double(named) >= 0.9 * Double(reports))
    }

    private func isStandardReport(_ message: Message) -> Bool {
        let root = message.parts[0]
        return root.mediaType == "multipart/report"
            && root.parameters["report-type"]?.lowercased() == "delivery-status"
    }
}
