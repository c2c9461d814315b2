import Vocabulary

/// Which rules can never matter: those that never hold, those behind a `stop` that is always earlier, and those whose
/// every wish an earlier rule has always fulfilled already.
///
/// Only what is certain is said. A condition is laid out as alternatives ("cubes"), each a set of leaves that must hold
/// or must not; one alternative implies another when it asks for at least as much. Conditions with very many
/// alternatives are passed over.
struct Reachability {
    /// Leaf number times two; one more when the leaf must not hold.
    typealias Literal = Int
    typealias Cube = Set<Literal>

    private static let cubeLimit = 24

    let rules: [CompiledRule]
    let leaves: [Leaf]
    /// For each leaf those that hold whenever it does, itself included.
    private let implied: [Set<Int>]
    /// Nil: too many alternatives.
    private let cubes: [[Cube]?]
    /// Leaves of the keys that have one value.
    private let sameKey: [ConditionKey: [Int]]
    /// Rules that have an alternative with this literal as its rarest.
    private var index: [Literal: [(rule: Int, cube: Cube)]] = [:]

    init(_ rules: [CompiledRule], leaves: [Leaf]) {
        self.rules = rules
        self.leaves = leaves
        implied = Self.implications(leaves)
        sameKey = Dictionary(grouping: leaves.indices.filter { leaves[$0].key.isSingleValued }) { leaves[$0].key }
        cubes = rules.map { Self.cubes($0.condition, holds: true) }
        var uses: [Literal: Int] = [:]
        for literal in cubes.lazy.compactMap({ $0 }).joined().joined() { uses[literal, default: 0] += 1 }
        for (number, cubes) in cubes.enumerated() {
            for cube in cubes ?? [] {
                guard let rarest = cube.min(by: { (uses[$0] ?? 0, $0) < (uses[$1] ?? 0, $1) }) else { continue }
                index[rarest, default: []].append((number, cube))
            }
        }
    }

    func warnings() -> [RuleProblem] { rules.indices.compactMap(warning) }

    private func warning(_ number: Int) -> RuleProblem? {
        guard let alternatives = cubes[number] else { return nil }
        let rule = rules[number]
        let alive = alternatives.filter { !isContradictory($0) }
        guard !alive.isEmpty else {
            return RuleProblem(rule.location, "rule \(rule.name) never holds: its conditions exclude each other")
        }
        let earlier = alive.map { rulesImplied(by: $0, before: number) }
        let stops = earlier.compactMap { $0.first { rules[$0].stop && isSettled($0, before: number) } }
        if stops.count == alive.count, let stop = stops.first {
            return RuleProblem(
                rule.location,
                "rule \(rule.name) is never reached: whenever it would hold, rule \(rules[stop].name) "
                    + "(\(rules[stop].location)) has held before and stops; put this one first, or remove it")
        }
        guard let common = earlier.dropFirst().reduce(earlier.first, { $0?.intersection($1) }), !rule.stop else {
            return nil
        }
        let settled = common.filter { isSettled($0, before: number) }.sorted()
        let fulfilled = rule.effects.compactMap { effect in
            settled.first { rules[$0].effects.contains { $0.covers(effect) } }
        }
        guard fulfilled.count == rule.effects.count, let by = fulfilled.first else { return nil }
        return RuleProblem(
            rule.location,
            "rule \(rule.name) has no effect: rule \(rules[by].name) (\(rules[by].location)) always holds before it and "
                + "sets the same; put this one first, or remove it")
    }

    /// Earlier rules that hold whenever all of `cube` holds.
    private func rulesImplied(by cube: Cube, before number: Int) -> Set<Int> {
        let closure = closure(of: cube)
        var found: Set<Int> = []
        for literal in closure {
            for entry in index[literal] ?? [] where entry.rule < number && entry.cube.isSubset(of: closure) {
                found.insert(entry.rule)
            }
        }
        return found
    }

    /// What a rule asks of earlier rules may have been otherwise when it was tried: between it and `number` another rule
    /// may have set that.
    private func isSettled(_ rule: Int, before number: Int) -> Bool {
        let asked = Set((cubes[rule] ?? []).joined().map { leaves[$0 / 2].key })
        let settable: [ConditionKey] = [
            .message(.category), .message(.urgency), .tier, .importance, .complexity,
        ]
        let changing = settable.filter(asked.contains)
        guard !changing.isEmpty else { return true }
        return !rules[rule..<number].contains { between in
            between.effects.contains { effect in effect.conditionKey.map(changing.contains) ?? false }
        }
    }

    private func closure(of cube: Cube) -> Cube {
        var closure: Cube = []
        for literal in cube {
            if literal % 2 == 0 {
                for leaf in implied[literal / 2] { closure.insert(leaf * 2) }
                for leaf in excluded(by: literal / 2) { closure.insert(leaf * 2 + 1) }
            } else {
                closure.insert(literal)
            }
        }
        return closure
    }

    /// Leaves that cannot hold beside this one: other words of a key that has one value.
    private func excluded(by leaf: Int) -> [Int] {
        guard leaves[leaf].key.isSingleValued, case .equals(let words) = leaves[leaf].operation else { return [] }
        let own = Set(words)
        return (sameKey[leaves[leaf].key] ?? []).filter { other in
            guard case .equals(let words) = leaves[other].operation else { return false }
            return own.isDisjoint(with: words)
        }
    }

    private func isContradictory(_ cube: Cube) -> Bool {
        let closure = closure(of: cube)
        return closure.contains { $0 % 2 == 0 && closure.contains($0 + 1) }
    }

    // MARK: Laying out

    /// The alternatives in which `condition` comes out as `holds`; nil when there are too many.
    private static func cubes(_ condition: Condition, holds: Bool) -> [Cube]? {
        switch condition {
        case .leaf(let number): [[number * 2 + (holds ? 0 : 1)]]
        case .all(let parts): holds ? product(parts, true) : union(parts, false)
        case .any(let parts): holds ? union(parts, true) : product(parts, false)
        case .none(let parts): holds ? product(parts, false) : union(parts, true)
        }
    }

    private static func union(_ parts: [Condition], _ holds: Bool) -> [Cube]? {
        var result: [Cube] = []
        for part in parts {
            guard let cubes = cubes(part, holds: holds), result.count + cubes.count <= cubeLimit else { return nil }
            result += cubes
        }
        return result
    }

    private static func product(_ parts: [Condition], _ holds: Bool) -> [Cube]? {
        var result: [Cube] = [[]]
        for part in parts {
            guard let cubes = cubes(part, holds: holds), result.count * cubes.count <= cubeLimit else { return nil }
            result = result.flatMap { left in cubes.map { left.union($0) } }
        }
        return result
    }

    // MARK: Between leaves

    /// Of one key: fewer words imply more words, and every test but `absent` implies `exists`.
    private static func implications(_ leaves: [Leaf]) -> [Set<Int>] {
        var implied = leaves.indices.map { Set([$0]) }
        for group in Dictionary(grouping: leaves.indices, by: { leaves[$0].key }).values where group.count > 1 {
            let existing = group.first { if case .exists = leaves[$0].operation { true } else { false } }
            let equalities = group.compactMap { number -> (Int, Set<FoldedText>)? in
                guard case .equals(let words) = leaves[number].operation else { return nil }
                return (number, Set(words))
            }
            for number in group {
                if let existing {
                    if case .absent = leaves[number].operation {} else { implied[number].insert(existing) }
                }
            }
            // Lists of thousands are not compared with one another.
            for (number, words) in equalities where equalities.count <= 200 && words.count <= 200 {
                for (other, more) in equalities where other != number && words.isSubset(of: more) {
                    implied[number].insert(other)
                }
            }
        }
        return implied
    }
}

extension RuleSet {
    func reachabilityWarnings() -> [RuleProblem] { Reachability(rulesInOrder, leaves: leaves).warnings() }
}

extension RuleEffect {
    /// The condition that sees what this sets.
    fileprivate var conditionKey: ConditionKey? {
        switch self {
        case .category: .message(.category)
        case .urgency: .message(.urgency)
        case .importance: .importance
        case .complexity: .complexity
        case .tier: .tier
        default: nil
        }
    }

    /// After this one the other can do nothing.
    fileprivate func covers(_ other: RuleEffect) -> Bool {
        switch (self, other) {
        case (.category, .category), (.urgency, .urgency), (.importance, .importance), (.complexity, .complexity),
            (.team, .team), (.assignee, .assignee), (.tier, .tier), (.moveTo, .moveTo), (.due, .due),
            (.resolution, .resolution), (.holdReply, .holdReply), (.ask, .ask), (.ignore, .ignore),
            (.quarantine, .quarantine), (.reply, .reply), (.reply, .noReply), (.noReply, .reply), (.noReply, .noReply):
            true
        case (.notify(let has), .notify(let wants)), (.tags(let has), .tags(let wants)),
            (.watch(let has), .watch(let wants)):
            Set(wants).isSubset(of: has)
        default: false
        }
    }
}
