package import Vocabulary

extension RuleSet {
    /// Checks and compiles. With problems the set holds the rules that could be compiled; a caller that is about to run
    /// refuses it.
    package static func compile(
        _ source: RuleSource, categories: [Category] = Category.shipped
    ) -> RuleCompilation {
        var compiler = RuleCompiler(source, categories: categories)
        let rules = source.rules.compactMap { compiler.compile($0) }
        compiler.finish()
        let set = RuleSet(rules: rules, leaves: compiler.leaves.all)
        let warnings = compiler.warnings + (compiler.problems.isEmpty ? set.reachabilityWarnings() : [])
        return RuleCompilation(
            rules: set, problems: compiler.problems,
            warnings: warnings.sorted { left, right in
                (left.location.file, left.location.line, left.location.column)
                    < (right.location.file, right.location.line, right.location.column)
            })
    }

    /// The same for rules that name nothing.
    package static func compile(
        _ definitions: [RuleDefinition], categories: [Category] = Category.shipped
    ) -> (rules: RuleSet, problems: [RuleProblem]) {
        let compilation = compile(RuleSource(rules: definitions), categories: categories)
        return (compilation.rules, compilation.problems)
    }
}

/// Turns definitions into compiled rules; collects every problem instead of stopping at the first.
struct RuleCompiler {
    let categories: [Category]
    var leaves: LeafCompiler
    private(set) var problems: [RuleProblem] = []
    private(set) var warnings: [RuleProblem] = []
    private var places: [String: SourceLocation] = [:]
    private var named: [String: NamedCondition] = [:]
    /// Named conditions that are compiled; nil for one that could not be.
    private var compiled: [String: Condition?] = [:]
    /// Names that are being compiled, the outermost first.
    private var open: [String] = []

    init(_ source: RuleSource, categories: [Category]) {
        self.categories = categories
        leaves = LeafCompiler(categories: categories)
        for list in source.lists { leaves.add(list) }
        for condition in source.conditions {
            if let first = named[condition.name.text] {
                report(
                    condition.name.location,
                    "condition \(condition.name.text) exists already (\(first.name.location)); names must differ")
            } else {
                named[condition.name.text] = condition
            }
        }
        for condition in source.conditions { _ = named(condition.name.text, at: condition.name.location) }
        problems += leaves.takeProblems()
    }

    private var usedNames: Set<String> = []

    mutating func compile(_ definition: RuleDefinition) -> CompiledRule? {
        let before = problems.count
        let name = definition.name
        if name.text.isEmpty {
            report(name.location, "the rule has no name; give it one, it is shown by explain")
        } else if let first = places[name.text] {
            report(name.location, "rule \(name.text) exists already (\(first)); names must differ")
        }
        places[name.text] = places[name.text] ?? name.location
        let condition = condition(definition.condition)
        var effects = EffectCompiler(categories: categories)
        let compiledEffects = effects.compile(definition)
        problems += effects.problems
        var tests = TestCompiler(categories: categories)
        let compiledTests = definition.tests.compactMap { tests.compile($0) }
        problems += tests.problems
        guard problems.count == before, let condition else { return nil }
        let canonical =
            "\(name.text)|\(condition.leafIDs(leaves.all))|\(compiledEffects)|\(definition.stop)"
        return CompiledRule(
            name: name.text, location: name.location, condition: condition,
            effects: compiledEffects, stop: definition.stop,
            tests: compiledTests, canonical: canonical)
    }

    /// Once all rules are compiled: names that nobody uses.
    mutating func finish() {
        for condition in named.values where !usedNames.contains(condition.name.text) {
            warnings.append(
                RuleProblem(condition.name.location, "no rule uses the condition \(condition.name.text); remove it"))
        }
        warnings += leaves.warnings()
    }

    mutating func report(_ location: SourceLocation, _ message: String) {
        problems.append(RuleProblem(location, message))
    }

    // MARK: Conditions

    private mutating func condition(_ definition: ConditionDefinition) -> Condition? {
        switch definition {
        case .all(let parts, let location):
            checkContradictions(parts)
            return group("all", parts, location).map(Condition.all)
        case .any(let parts, let location):
            checkAlternatives(parts, location)
            return group("any", parts, location).map(Condition.any)
        case .none(let parts, let location): return group("none", parts, location).map(Condition.none)
        case .leaf(let leaf):
            if named[leaf.key.text] != nil, ConditionKey(leaf.key.text, categories: categories) == nil {
                let name = leaf.key.text
                report(leaf.key.location, "\(name) is a condition of yours; write use: \(name)")
                return nil
            }
            let number = leaves.compile(leaf)
            problems += leaves.takeProblems()
            return number.map(Condition.leaf)
        case .use(let name): return use(name.text, at: name.location)
        }
    }

    private mutating func use(_ name: String, at location: SourceLocation) -> Condition? {
        usedNames.insert(name)
        return named(name, at: location)
    }

    private mutating func named(_ name: String, at location: SourceLocation) -> Condition? {
        if let known = compiled[name] { return known }
        guard let definition = named[name] else {
            let known = named.keys.sorted()
            report(
                location,
                known.isEmpty
                    ? "there is no condition \(name); name it under `conditions:` of a rule file"
                    : "there is no condition \(name); \(advice(for: name, known: known))")
            return nil
        }
        if let first = open.firstIndex(of: name) {
            report(location, "\((open[first...] + [name]).joined(separator: " uses ")): a condition cannot use itself")
            return nil
        }
        open.append(name)
        let condition = condition(definition.condition)
        open.removeLast()
        compiled[name] = .some(condition)
        return condition
    }

    private mutating func group(
        _ word: String, _ parts: [ConditionDefinition], _ location: SourceLocation
    ) -> [Condition]? {
        guard !parts.isEmpty else {
            let meaning = word == "any" ? "never holds" : "always holds"
            report(location, "an empty \(word) \(meaning); list at least one condition, or remove it")
            return nil
        }
        let conditions = parts.map { condition($0) }
        let good = conditions.compactMap { $0 }
        return good.count == conditions.count ? good : nil
    }

    /// Inside one `all`: the same condition also under `none`, or two different values for a key that has one.
    private mutating func checkContradictions(_ parts: [ConditionDefinition]) {
        var wanted: [String: (words: Set<FoldedText>, at: SourceLocation)] = [:]
        var asked: [LeafShape: SourceLocation] = [:]
        for case .leaf(let leaf) in parts {
            asked[LeafShape(leaf)] = leaf.key.location
            guard LeafCompiler.isEquality(leaf), leaf.lists.isEmpty,
                ConditionKey(leaf.key.text, categories: categories)?.isSingleValued == true
            else { continue }
            let words = Set(leaf.operands.map { FoldedText($0.text) })
            if let earlier = wanted[leaf.key.text], earlier.words.isDisjoint(with: words) {
                report(
                    leaf.key.location,
                    "\(leaf.key.text) cannot be this and, as line \(earlier.at.line) wants, something else; use any")
            }
            wanted[leaf.key.text] = wanted[leaf.key.text] ?? (words, leaf.key.location)
        }
        for case .none(let excluded, _) in parts {
            for case .leaf(let leaf) in excluded {
                guard let place = asked[LeafShape(leaf)] else { continue }
                report(
                    leaf.key.location,
                    "line \(place.line) wants the very condition that none forbids here: this never holds")
            }
        }
    }

    /// Inside one `any`: a key that exists or is absent, which is always so.
    private mutating func checkAlternatives(_ parts: [ConditionDefinition], _ location: SourceLocation) {
        var existing: Set<String> = []
        var absent: Set<String> = []
        for case .leaf(let leaf) in parts {
            if leaf.operation.text == "exists" { existing.insert(leaf.key.text) }
            if leaf.operation.text == "absent" { absent.insert(leaf.key.text) }
        }
        guard let key = existing.intersection(absent).min() else { return }
        warnings.append(
            RuleProblem(location, "always holds: \(key) either exists or is absent; remove one of the two"))
    }

    /// A leaf without its places.
    private struct LeafShape: Hashable {
        let key: String
        let operation: String
        let operands: Set<String>

        init(_ leaf: LeafDefinition) {
            key = leaf.key.text
            operation = leaf.operation.text
            operands = Set(leaf.operands.map(\.text) + leaf.lists.map { "list \($0.text)" })
        }
    }
}

extension Condition {
    /// The condition over the digests of its leaves, for the fingerprint.
    func leafIDs(_ leaves: [Leaf]) -> String {
        func list(_ word: String, _ parts: [Condition]) -> String {
            "\(word)(" + parts.map { $0.leafIDs(leaves) }.joined(separator: ";") + ")"
        }
        return switch self {
        case .all(let parts): list("all", parts)
        case .any(let parts): list("any", parts)
        case .none(let parts): list("none", parts)
        case .leaf(let number): leaves[number].id
        }
    }
}
