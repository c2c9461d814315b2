import Foundation
import TestSupport
import Testing

/// The commands about answers, as a person types them.
@Suite("Commands about answers", .serialized)
struct AnswerCommandsTests {
    private func config(_ folder: TemporaryFolder) throws -> String {
        let config = folder.path + "/config"
        try FileManager.default.copyItem(
            atPath: Checkout.root.appending(path: "etc/postroom").path, toPath: config)
        let path = config + "/postroom.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("directory: /var/lib/postroom", with: "directory: \(folder.path)/state")
            .write(toFile: path, atomically: true, encoding: .utf8)
        return config
    }

    @Test("templates are listed, read and approved; a changed text is not approved")
    func templates() async throws {
        let folder = try TemporaryFolder()
        let config = try config(folder)
        let before = try await Program.run(["templates", "list", "--json", "--config", config])
        #expect(before.text.split(separator: "\n").count == 32)
        #expect(!before.text.contains("approvedAt"))

        let approved = try await Program.run(["templates", "approve", "receipt", "--config", config])
        #expect(approved.code == 0)
        #expect(approved.text.contains("approved receipt (zh-Hans)"))
        #expect(
            try await Program.run(["templates", "list", "--config", config]).text.contains(
                "receipt             ja        2"))

        let file = config + "/templates/en/receipt.mustache"
        try (try String(contentsOfFile: file, encoding: .utf8) + "\nMore.\n").write(
            toFile: file, atomically: true, encoding: .utf8)
        let check = try await Program.run(["check", "--config", config])
        #expect(check.text.contains("not approved"))
        #expect(check.text.contains(", receipt (en)") && !check.text.contains(", receipt (zh-Hans)"))

        let unknown = try await Program.run(["templates", "approve", "reciept", "--config", config])
        #expect(unknown.code == 64)
        #expect(unknown.text.contains("there is no template reciept"))
    }

    @Test("a template is rendered in each language, and as HTML")
    func render() async throws {
        let folder = try TemporaryFolder()
        let config = try config(folder)
        let page = folder.path + "/page.html"
        let rendered = try await Program.run([
            "templates", "render", "resolved", "--language", "zh-Hant", "--html", page, "--config", config,
        ])
        #expect(rendered.code == 0)
        #expect(rendered.text.hasPrefix("Subject: [#1001] 處理結果"))
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("<html lang=\"zh-Hant\">"))
        #expect(
            try await Program.run(["templates", "render", "resolved", "--language", "fr", "--config", config]).code
                == 64)
    }

    @Test("a preview shows the answer, or why there is none, and changes nothing")
    func preview() async throws {
        let folder = try TemporaryFolder()
        let config = try config(folder)
        let demo = Checkout.fixtures.appending(path: "demo").path
        let answer = try await Program.run([
            "outbox", "preview", demo + "/05-complaint-zh-hans-refund.eml", "--config", config,
        ])
        #expect(answer.code == 0)
        #expect(answer.text.contains("complaint-received (zh-Hans)") && answer.text.contains("尊敬的客户"))
        let silence = try await Program.run([
            "outbox", "preview", demo + "/32-list-en-newsletter.eml", "--json", "--config", config,
        ])
        #expect(silence.text.contains("\"suppressed\":\"mailingList\""))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/state"))
        #expect(try await Program.run(["outbox", "preview", "/nowhere.eml", "--config", config]).code == 66)
    }

    @Test("without a store the commands that need one say so")
    func absent() async throws {
        let folder = try TemporaryFolder()
        let config = try config(folder)
        for words in [["outbox", "blocked"], ["tickets", "progress", "1001", "text"]] {
            let result = try await Program.run(words + ["--config", config])
            #expect(result.code == 74)
            #expect(result.text.contains("postroom.sqlite"))
        }
        #expect(try await Program.run(["tickets", "progress", "1001", " ", "--config", config]).code == 64)
    }
}
