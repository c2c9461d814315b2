import Classification
import ConfigLoading
import Foundation
import MailText
import Rules
import TestSupport
import Testing
import Triage

/// One ```yaml block of `docs/rules-cookbook.md`: a whole rule file.
struct Recipe: CustomTestStringConvertible, Sendable {
    let heading: String
    let text: String

    var testDescription: String { heading }

    static let all: [Recipe] = {
        let url = Checkout.root.appending(path: "docs/rules-cookbook.md")
        let page = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        let sections = page.components(separatedBy: "\n## ").dropFirst()
        return sections.flatMap { section in
            let heading = section.components(separatedBy: "\n")[0]
            let blocks = section.components(separatedBy: "```yaml\n").dropFirst()
            return blocks.map { Recipe(heading: heading, text: $0.components(separatedBy: "```")[0]) }
        }
    }()
}

@Suite struct CookbookTests {
    @Test("every recipe stands alone beside the sample, without a warning, and its tests pass", arguments: Recipe.all)
    func recipe(_ recipe: Recipe) throws {
        let folder = try TemporaryFolder()
        let target = folder.url.appending(path: "etc")
        try FileManager.default.copyItem(at: URL(filePath: SampleConfigTests.folder), to: target)
        let rules = target.appending(path: "rules.d")
        try FileManager.default.removeItem(at: rules)
        try FileManager.default.createDirectory(at: rules, withIntermediateDirectories: true)
        try recipe.text.write(to: rules.appending(path: "10.yaml"), atomically: true, encoding: .utf8)
        let config = try loadConfig(directory: target.path, environment: [:], secrets: .skipped)
        #expect(config.warnings.map(\.description) == [])
        #expect(config.triage.rules.rules.allSatisfy { $0.testCount >= 2 })
        let failures = config.triage.rules.runTests { subject, text in
            let scores = classify(
                subject: subject, text: writtenText(plain: text), lexicon: config.triage.lexicon)
            return (scores.category, scores.urgency)
        }
        #expect(failures.map(\.description) == [])
    }

    @Test("there are at least fifteen")
    func enough() {
        #expect(Recipe.all.count >= 15)
    }
}
