import Vocabulary

/// Conditions that can stand and are hardly meant: they are warned about.
extension LeafCompiler {
    /// A text that is compared as it stands and hardly meant so; nil when there is nothing to say.
    func doubtfulText(_ text: String, key: ConditionKey, _ operation: Leaf.Operation) -> String? {
        if case .matches = operation { return Self.doubtfulPattern(text) }
        guard key.form == .text, let first = text.first, let last = text.last, text.count > 1 else { return nil }
        if "“「『‘".contains(first), "”」』’".contains(last) {
            return "\(text) is looked for with its quotation marks; write straight quotes, or none"
        }
        if case .equals = operation { return doubtfulValue(text, key: key) }
        if first == "*" || last == "*", !text.contains("**") {
            return "\"\(text)\" is looked for with its *; words are found anywhere, remove it"
        }
        let pieces = text.split { $0 == "，" || $0 == "、" }
        if pieces.count > 1, pieces.allSatisfy({ $0.count <= 4 }) {
            return "\"\(text)\" is one text with a full-width comma; between two texts write a comma and a space"
        }
        return nil
    }

    private func doubtfulValue(_ text: String, key: ConditionKey) -> String? {
        let word = String(text.prefix { $0 != " " })
        let rest = String(text.dropFirst(word.count + 1))
        if ["contains", "starts", "ends", "matches"].contains(word), !rest.isEmpty {
            return "\"\(text)\" is compared as it stands; for a test write { \(word): … }"
        }
        if lists[text] != nil || (word == "in" && lists[rest] != nil) {
            return "\"\(text)\" is compared as it stands; for the list write { in: \(rest.isEmpty ? text : rest) }"
        }
        let isDomain = text.contains(".") && !text.contains("@") && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard key.isAddress, isDomain else { return nil }
        return "\"\(text)\" is no address; for every address of a domain write \"@\(text)\""
    }

    /// `/refund/i`, as other languages write it.
    private static func doubtfulPattern(_ text: String) -> String? {
        let ignoresCase = text.hasSuffix("/i")
        guard text.count > 3, text.hasPrefix("/"), ignoresCase || text.hasSuffix("/") else { return nil }
        let inner = text.dropFirst().dropLast(ignoresCase ? 2 : 1)
        return "\"\(text)\" also looks for the slashes; write '\(ignoresCase ? "(?i)" : "")\(inner)'"
    }

    /// Conditions that hold for whatever comes.
    func alwaysHolds(_ definition: LeafDefinition, key: ConditionKey, _ operation: Leaf.Operation) -> [RuleProblem] {
        let place = definition.operation.location
        switch operation {
        case .matches(let patterns):
            return zip(definition.operands, patterns).filter { $1.firstMatch(in: "") != nil }.map { operand, _ in
                RuleProblem(
                    operand.location,
                    "\"\(operand.text)\" also matches an empty text, so it always holds; write what must be there")
            }
        case .equals(let words):
            guard let all = key.words(categories: categories), all.count > 1,
                Set(words).isSuperset(of: all.map { FoldedText($0) })
            else { return [] }
            return [RuleProblem(place, "always holds: \(key.name) has no other value; remove the condition")]
        case .exists
        where [.message(.kind), .message(.trust), .message(.language), .message(.size), .hours].contains(key):
            return [RuleProblem(place, "always holds: every mail has \(key.name); remove the condition")]
        default: return []
        }
    }
}
