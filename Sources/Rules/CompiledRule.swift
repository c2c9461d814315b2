import Vocabulary

/// A rule after checking.
struct CompiledRule: Sendable {
    let name: String
    let location: SourceLocation
    let condition: Condition
    /// The same condition, laid out for judging.
    let program: ConditionProgram
    let effects: [RuleEffect]
    let stop: Bool
    let tests: [RuleTest]
    /// All that the rule means, as text; for the fingerprint.
    let canonical: String
}

/// A condition over leaves by their numbers.
indirect enum Condition: Sendable {
    case all([Condition])
    case any([Condition])
    case none([Condition])
    case leaf(Int)

    /// In words: `all of (category is complaint; none of (header.List-Id exists))`.
    func description(_ leaves: [Leaf]) -> String {
        func list(_ word: String, _ parts: [Condition]) -> String {
            "\(word) of (" + parts.map { $0.description(leaves) }.joined(separator: "; ") + ")"
        }
        return switch self {
        case .all(let parts) where parts.count == 1: parts[0].description(leaves)
        case .all(let parts): list("all", parts)
        case .any(let parts): list("any", parts)
        case .none(let parts): list("none", parts)
        case .leaf(let number): leaves[number].description
        }
    }
}

/// A condition in one array, parents before children: most rules do not hold for most mail, and that must cost little.
struct ConditionProgram: Sendable {
    private enum Kind: UInt8, Sendable {
        case all, any, none, leaf
    }

    private struct Step: Sendable {
        let kind: Kind
        /// Number of the leaf.
        let leaf: Int32
        /// Where the step after this one and its children stands.
        var end: Int32
    }

    private var steps: [Step] = []

    init(_ condition: Condition) { append(condition) }

    private mutating func append(_ condition: Condition) {
        let place = steps.count
        switch condition {
        case .leaf(let number): steps.append(Step(kind: .leaf, leaf: Int32(number), end: 0))
        case .all(let parts): appendGroup(.all, parts)
        case .any(let parts): appendGroup(.any, parts)
        case .none(let parts): appendGroup(.none, parts)
        }
        steps[place].end = Int32(steps.count)
    }

    private mutating func appendGroup(_ kind: Kind, _ parts: [Condition]) {
        steps.append(Step(kind: kind, leaf: -1, end: 0))
        for part in parts { append(part) }
    }

    /// Whether the condition holds with the leaves that hold in `run`.
    func holds(_ run: RuleRun) -> Bool { holds(at: 0, run) }

    private func holds(at place: Int, _ run: RuleRun) -> Bool {
        let step = steps[place]
        guard step.kind != .leaf else { return run.holds(Int(step.leaf)) }
        // `all` ends at the first that fails, the others at the first that holds.
        let decisive = step.kind != .all
        var child = place + 1
        while child < Int(step.end) {
            if holds(at: child, run) == decisive { return step.kind == .any }
            child = Int(steps[child].end)
        }
        return step.kind != .any
    }
}

/// One test of one key, shared by every rule that asks the same.
struct Leaf: Sendable {
    enum Operation: Sendable {
        case exists
        case absent
        /// Folded words; any of them.
        case equals([FoldedText])
        /// Folded phrases; any of them.
        case contains([FoldedText])
        case matches([RE2Pattern])
    }

    let key: ConditionKey
    let operation: Operation
    /// Digest of `description`.
    let id: String
    /// `subject contains 退款 or refund`.
    let description: String
    /// Where it stands first.
    let location: SourceLocation

    /// Judged when the message is decided: on the store, or on what an earlier rule has set.
    var isJudgedLate: Bool {
        switch key {
        case .tier, .followUp, .ticketState, .hours, .message(.category), .message(.urgency): true
        case .message: false
        }
    }

    /// Says something of this very mail: most mail comes from a customer or has no List-Id, and that is no hint that a
    /// rule was meant for it.
    var isAboutContent: Bool {
        if case .absent = operation { return false }
        return switch key {
        case .message(.kind), .message(.trust), .message(.language), .message(.recipient), .followUp: false
        default: true
        }
    }

    /// Whether one value passes. Only for late leaves and for keys with few, short values.
    func holds(for value: String) -> Bool {
        switch operation {
        case .exists: return true
        case .absent: return false
        case .equals(let words):
            let folded = FoldedText(value)
            return words.contains { $0.equals(folded, key: key) }
        case .contains(let phrases):
            let folded = FoldedText(value)
            return phrases.contains { folded.contains($0) }
        case .matches(let patterns): return patterns.contains { $0.firstMatch(in: value) != nil }
        }
    }

    /// Whether the key's values pass, when there are these.
    func holds(for values: [String]) -> Bool {
        if case .absent = operation { return values.isEmpty }
        return values.contains { holds(for: $0) }
    }
}
