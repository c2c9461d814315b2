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
