import Vocabulary

/// One test of one key, shared by every rule that asks the same.
struct Leaf: Sendable {
    enum Operation: Sendable {
        case exists
        case absent
        /// Folded words; any of them.
        case equals([FoldedText])
        /// Folded phrases; any of them.
        case contains([FoldedText])
        case starts([FoldedText])
        case ends([FoldedText])
        case matches([RE2Pattern])
        /// A number within any of the ranges.
        case within([NumberRange])
    }

    let key: ConditionKey
    let operation: Operation
    /// Digest of what it asks.
    let id: String
    /// `subject contains 退款 or refund`.
    let description: String
    /// Where it stands first.
    let location: SourceLocation

    var isJudgedLate: Bool { key.isJudgedLate }

    /// Says something of this very mail: most mail comes from a customer or has no List-Id, and that is no hint that a
    /// rule was meant for it.
    var isAboutContent: Bool {
        if case .absent = operation { return false }
        return switch key {
        case .message(.kind), .message(.trust), .message(.language), .message(.recipient), .message(.size), .followUp,
            .account, .mailbox, .knownCustomer, .hours, .time, .weekday, .day, .workday, .age, .importance,
            .complexity:
            false
        default: true
        }
    }

    /// Whether one value passes. Only for late leaves: those keys have few, short values.
    func holds(for value: String) -> Bool {
        switch operation {
        case .exists: return true
        case .absent, .within: return false
        case .equals(let words):
            let folded = FoldedText(value)
            return words.contains { $0.equals(folded, key: key) }
        case .contains(let phrases):
            let folded = FoldedText(value)
            return phrases.contains { folded.contains($0) }
        case .starts(let phrases):
            let folded = FoldedText(value)
            return phrases.contains { folded.hasPrefix($0.bytes) }
        case .ends(let phrases):
            let folded = FoldedText(value)
            return phrases.contains { folded.hasSuffix($0.bytes) }
        case .matches(let patterns): return patterns.contains { $0.firstMatch(in: value) != nil }
        }
    }

    /// Whether the value passes, or that there is none.
    func holds(for value: String?) -> Bool {
        if case .absent = operation { return value == nil }
        return value.map { holds(for: $0) } ?? false
    }

    func holds(for number: Double?) -> Bool {
        switch operation {
        case .exists: number != nil
        case .absent: number == nil
        case .within(let ranges): number.map { number in ranges.contains { $0.contains(number) } } ?? false
        default: false
        }
    }
}

/// Numbers from one to another; a missing end is open.
struct NumberRange: Hashable, Sendable {
    var low: Double?
    var lowIsInside = true
    var high: Double?
    var highIsInside = true
    /// Outside instead of inside: a time of day from evening to morning.
    var wraps = false

    func contains(_ number: Double) -> Bool {
        let isAbove = low.map { lowIsInside ? number >= $0 : number > $0 } ?? true
        let isBelow = high.map { highIsInside ? number <= $0 : number < $0 } ?? true
        return wraps ? isAbove || isBelow : isAbove && isBelow
    }

    /// Nothing can be in it.
    var isEmpty: Bool {
        guard !wraps, let low, let high else { return false }
        return low > high || (low == high && !(lowIsInside && highIsInside))
    }
}
