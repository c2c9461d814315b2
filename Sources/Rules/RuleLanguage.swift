package import Vocabulary

/// What the rule language has, for editors and manuals: drawn from the tables that the compiler itself uses.
package struct RuleLanguage: Sendable {
    /// A key of conditions.
    package struct Key: Sendable, Equatable {
        package let name: String
        /// `text`, `word`, `number`, `size`, `duration`, `time`, `date`.
        package let form: String
        /// The words that it can have; nil when anything may be written.
        package let words: [String]?
    }

    package let keys: [Key]
    package let textTests: [String]
    package let numberTests: [String]
    package let actions: [String]
    package let categories: [String]
    package let urgencies = Urgency.allCases.map(\.rawValue)
    package let importances = Importance.allCases.map(\.rawValue)
    package let complexities = Complexity.allCases.map(\.rawValue)
    package let details = Detail.Field.allCases.map(\.rawValue)

    package init(categories: [Category] = Category.shipped) {
        self.categories = categories.map(\.rawValue)
        let names = ConditionKey.names.filter { !$0.hasPrefix("score.") && !$0.hasPrefix("header.") }
        let scores = categories.map { "score.\($0)" }
        keys = (names + scores).compactMap { name in
            ConditionKey(name, categories: categories).map { key in
                let words = key.words(categories: categories)
                return Key(name: name, form: words == nil ? key.form.word : "word", words: words)
            }
        }
        textTests = LeafCompiler.textOperations
        numberTests = LeafCompiler.numberOperations
        actions = EffectCompiler.keys.filter { !$0.contains(".") }
    }
}

extension ConditionKey.Form {
    fileprivate var word: String {
        switch self {
        case .text: "text"
        case .number: "number"
        case .size: "size"
        case .duration: "duration"
        case .timeOfDay: "time"
        case .day: "date"
        }
    }
}
