import Classification
import MailText
import Vocabulary

/// How important and how complex a mail is before any rule has spoken (R2, R37), each with its reason.
struct Grading {
    let importance: Importance
    let complexity: Complexity
    let importanceBecause: String
    let complexityBecause: String

    /// More is a long letter: about 300 words of English or 600 characters of Chinese, in bytes of UTF-8.
    private static let longText = 1800
    private static let manyQuestions = 3
    private static let manyFiles = 4
    /// A second category with this share of the evidence is a second matter.
    private static let secondMatter = 0.25

    init(_ understanding: Understanding, category: Category, tier: String?) {
        (importance, importanceBecause) = Self.importance(category, tier: tier)
        (complexity, complexityBecause) = Self.complexity(understanding)
    }

    private static func importance(_ category: Category, tier: String?) -> (Importance, String) {
        if let tier, tier != "standard" { return (.high, "the customer is graded \(tier)") }
        return switch category {
        case .complaint, .contractOrder: (.high, "usual for \(category)")
        case .suggestion, .spam, .autoReply, .bounce: (.low, "usual for \(category)")
        default: (.normal, "usual for \(category)")
        }
    }

    private static func complexity(_ understanding: Understanding) -> (Complexity, String) {
        let matters = understanding.scores.categories.values.count { $0 >= secondMatter }
        if matters > 1 { return (.complex, "it is about \(matters) matters") }
        let questions = questionMarks(understanding.text.own)
        if questions >= manyQuestions { return (.complex, "it asks \(questions) questions") }
        let length = understanding.text.own.utf8.count
        if length > longText { return (.complex, "it is long: \(length) bytes") }
        let files = understanding.attachments.count { !$0.flags.contains("inline") }
        if files >= manyFiles { return (.complex, "\(files) files came with it") }
        return (.simple, "one short matter")
    }

    /// `?` and `？`, a run of them once.
    private static func questionMarks(_ text: String) -> Int {
        var count = 0
        var isRun = false
        for scalar in text.unicodeScalars {
            let isMark = scalar == "?" || scalar == "？"
            if isMark, !isRun { count += 1 }
            isRun = isMark
        }
        return count
    }
}
