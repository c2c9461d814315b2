import Vocabulary

/// A rule after checking.
struct CompiledRule: Sendable {
    let name: String
    let location: SourceLocation
    let condition: Condition
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

/// The conditions of all rules in one array, parents before children: most rules do not hold for most mail, and that
/// must cost little.
struct ConditionPrograms: Sendable {
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
    /// Where each rule begins.
    private var starts: [Int] = []

    init(_ conditions: [Condition]) {
        for condition in conditions {
            starts.append(steps.count)
            append(condition)
        }
    }

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

    /// The first rule from `first` on that holds with the leaves that hold in `run`; nil when none does.
    func firstHolding(from first: Int, _ run: RuleRun) -> Int? {
        steps.withUnsafeBufferPointer { steps in
            for rule in first..<starts.count where Self.holds(steps, at: starts[rule], run) { return rule }
            return nil
        }
    }

    func holds(_ rule: Int, _ run: RuleRun) -> Bool {
        steps.withUnsafeBufferPointer { Self.holds($0, at: starts[rule], run) }
    }

    private static func holds(_ steps: UnsafeBufferPointer<Step>, at place: Int, _ run: RuleRun) -> Bool {
        let step = steps[place]
        guard step.kind != .leaf else { return run.holds(Int(step.leaf)) }
        // `all` ends at the first that fails, the others at the first that holds.
        let decisive = step.kind != .all
        var child = place + 1
        while child < Int(step.end) {
            if holds(steps, at: child, run) == decisive { return step.kind == .any }
            child = Int(steps[child].end)
        }
        return step.kind != .any
    }
}
