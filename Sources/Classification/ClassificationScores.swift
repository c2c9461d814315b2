package import Vocabulary

/// What the words of a mail speak for. Scores, not a decision: rules of the admins come first, and a person decides
/// where the words are weak.
package struct ClassificationScores: Sendable, Codable, Equatable {
    /// Share of the evidence for each category, 0 to 1; what is missing to 1 is doubt. Categories without any evidence
    /// are left out.
    package var categories: [Category: Double]
    /// The best category, or nil when the evidence is weak or divided: then we abstain.
    package var category: Category?
    package var categoryConfidence: Double
    /// Nil when no word spoke of time: the caller takes its default.
    package var urgency: Urgency?
    package var urgencyConfidence: Double
    /// Each phrase that counted, with its weight, strongest first.
    package var reasons: [Reason]

    package init(
        categories: [Category: Double] = [:], category: Category? = nil, categoryConfidence: Double = 0,
        urgency: Urgency? = nil, urgencyConfidence: Double = 0, reasons: [Reason] = []
    ) {
        self.categories = categories
        self.category = category
        self.categoryConfidence = categoryConfidence
        self.urgency = urgency
        self.urgencyConfidence = urgencyConfidence
        self.reasons = reasons
    }
}

extension ClassificationScores {
    private enum CodingKeys: String, CodingKey {
        case categories, category, categoryConfidence, urgency, urgencyConfidence, reasons
    }

    /// The categories as an object by name: a dictionary with keys of our own would be written as a list.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let named = Dictionary(uniqueKeysWithValues: categories.map { ($0.key.rawValue, $0.value) })
        try container.encode(named, forKey: .categories)
        try container.encodeIfPresent(category, forKey: .category)
        try container.encode(categoryConfidence, forKey: .categoryConfidence)
        try container.encodeIfPresent(urgency, forKey: .urgency)
        try container.encode(urgencyConfidence, forKey: .urgencyConfidence)
        try container.encode(reasons, forKey: .reasons)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let named = try container.decode([String: Double].self, forKey: .categories)
        self.init(
            categories: Dictionary(uniqueKeysWithValues: named.map { (Category($0.key), $0.value) }),
            category: try container.decodeIfPresent(Category.self, forKey: .category),
            categoryConfidence: try container.decode(Double.self, forKey: .categoryConfidence),
            urgency: try container.decodeIfPresent(Urgency.self, forKey: .urgency),
            urgencyConfidence: try container.decode(Double.self, forKey: .urgencyConfidence),
            reasons: try container.decode([Reason].self, forKey: .reasons))
    }
}
