package import Vocabulary

extension RuleSet {
    /// Checks and compiles. With problems the set holds the rules that could be compiled; a caller that is about to run
    /// refuses it.
    package static func compile(
        _ definitions: [RuleDefinition], categories: [Category] = Category.shipped
    ) -> (rules: RuleSet, problems: [RuleProblem]) {
        var compiler = RuleCompiler(categories: categories)
        let rules = definitions.compactMap { compiler.compile($0) }
        return (RuleSet(rules: rules, leaves: compiler.leaves), compiler.problems)
    }
}

/// Turns definitions into compiled rules; collects every problem instead of stopping at the first.
struct RuleCompiler {
    let categories: [Category]
    private(set) var leaves: [Leaf] = []
    private(set) var problems: [RuleProblem] = []
    private var leafNumbers: [String: Int] = [:]
    private var places: [String: SourceLocation] = [:]

    init(categories: [Category]) { self.categories = categories }

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
        let effects = definition.effects.compactMap { effect($0) }
        checkEffects(definition)
        let tests = definition.tests.compactMap { test($0) }
        guard problems.count == before, let condition else { return nil }
        let canonical =
            "\(name.text)|\(condition.description(leaves))|\(effects)|\(definition.stop)"
        return CompiledRule(
            name: name.text, location: name.location, condition: condition,
            program: ConditionProgram(condition), effects: effects, stop: definition.stop,
            tests: tests, canonical: canonical)
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
        case .any(let parts, let location): return group("any", parts, location).map(Condition.any)
        case .none(let parts, let location): return group("none", parts, location).map(Condition.none)
        case .leaf(let leaf): return self.leaf(leaf).map(Condition.leaf)
        }
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
            guard leaf.operation.text == "equals", ConditionKey(leaf.key.text)?.isSingleValued == true else { continue }
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

    /// A leaf without its places.
    private struct LeafShape: Hashable {
        let key: String
        let operation: String
        let operands: Set<String>

        init(_ leaf: LeafDefinition) {
            key = leaf.key.text
            operation = leaf.operation.text
            operands = Set(leaf.operands.map(\.text))
        }
    }

    private mutating func leaf(_ definition: LeafDefinition) -> Int? {
        guard let key = ConditionKey(definition.key.text) else {
            report(
                definition.key.location,
                "unknown condition \(definition.key.text); \(advice(for: definition.key.text, known: ConditionKey.names))"
            )
            return nil
        }
        guard let operation = operation(definition, key: key) else { return nil }
        let description = Self.description(key, definition)
        let id = stableDigest(description)
        if let number = leafNumbers[id] { return number }
        leaves.append(
            Leaf(key: key, operation: operation, id: id, description: description, location: definition.key.location))
        leafNumbers[id] = leaves.count - 1
        return leaves.count - 1
    }

    private static func description(_ key: ConditionKey, _ definition: LeafDefinition) -> String {
        let operands = definition.operands.map(\.text).joined(separator: " or ")
        return switch definition.operation.text {
        case "exists", "absent": "\(key.name) \(definition.operation.text)"
        case "equals": "\(key.name) is \(operands)"
        default: "\(key.name) \(definition.operation.text) \(operands)"
        }
    }

    private static let operations = ["equals", "contains", "matches", "exists", "absent"]

    private mutating func operation(_ definition: LeafDefinition, key: ConditionKey) -> Leaf.Operation? {
        let word = definition.operation
        switch word.text {
        case "exists": return .exists
        case "absent": return .absent
        case "equals", "contains", "matches": break
        default:
            report(
                word.location, "unknown test \(word.text); \(advice(for: word.text, known: Self.operations))")
            return nil
        }
        guard !definition.operands.isEmpty else {
            report(word.location, "\(word.text) has no values and never holds; list at least one")
            return nil
        }
        return switch word.text {
        case "equals": equals(definition.operands, key: key)
        case "contains": contains(definition.operands)
        default: matches(definition.operands)
        }
    }

    private mutating func equals(_ operands: [LocatedText], key: ConditionKey) -> Leaf.Operation? {
        let before = problems.count
        if let words = key.words(categories: categories) {
            for operand in operands where !words.contains(where: { FoldedText($0) == FoldedText(operand.text) }) {
                report(
                    operand.location,
                    "\(key.name) is never \"\(operand.text)\"; \(advice(for: operand.text, known: words))")
            }
        }
        for operand in operands { checkAttachment(operand, key: key) }
        return problems.count == before ? .equals(operands.map { FoldedText($0.text) }) : nil
    }

    /// No clean name and no media type has a wildcard in it, and a type without a slash is no type.
    private mutating func checkAttachment(_ operand: LocatedText, key: ConditionKey) {
        guard key == .message(.attachmentName) || key == .message(.attachmentType) else { return }
        if operand.text.contains(where: { $0 == "*" || $0 == "?" }) {
            report(
                operand.location,
                "\"\(operand.text)\" is compared as it stands; for a pattern write "
                    + "{ matches: '\(Self.pattern(fromWildcards: operand.text))' }")
        } else if key == .message(.attachmentType), !operand.text.contains("/") {
            report(
                operand.location,
                "attachment.type is never \"\(operand.text)\"; write a media type such as application/pdf")
        }
    }

    /// `*.pdf` as a regular expression, fit to stand between single quotes: `(?i)\.pdf$`.
    private static func pattern(fromWildcards text: String) -> String {
        var pattern = ""
        for character in text {
            switch character {
            case "*": pattern += ".*"
            case "?": pattern += "."
            case "'": pattern += "''"
            default: pattern += #".\+()[]{}^$|"#.contains(character) ? "\\\(character)" : String(character)
            }
        }
        pattern = "^" + pattern + "$"
        while pattern.hasPrefix("^.*") { pattern.removeFirst(3) }
        while pattern.hasSuffix(".*$") { pattern.removeLast(3) }
        return "(?i)" + pattern
    }

    private mutating func contains(_ operands: [LocatedText]) -> Leaf.Operation? {
        let before = problems.count
        let phrases = operands.map { FoldedText($0.text) }
        for (operand, phrase) in zip(operands, phrases) where phrase.bytes.isEmpty {
            report(operand.location, "contains with an empty text always holds; write the words to look for")
        }
        return problems.count == before ? .contains(phrases) : nil
    }

    private mutating func matches(_ operands: [LocatedText]) -> Leaf.Operation? {
        var patterns: [RE2Pattern] = []
        for operand in operands {
            do throws(RE2Pattern.Failure) {
                patterns.append(try RE2Pattern(operand.text))
            } catch {
                report(
                    operand.location,
                    "bad regular expression: \(error.message); see https://github.com/google/re2/wiki/Syntax")
            }
        }
        return patterns.count == operands.count ? .matches(patterns) : nil
    }

    // MARK: Effects

    private static let effectKeys = [
        "category", "urgency", "team", "assignee", "reply", "ask", "ignore", "quarantine", "notify",
    ]

    private mutating func checkEffects(_ definition: RuleDefinition) {
        if definition.effects.isEmpty, !definition.stop {
            report(definition.location, "rule \(definition.name.text) does nothing; give it a `then` or `stop: true`")
        }
        let keys = definition.effects.map(\.key.text)
        guard keys.contains("ignore") || keys.contains("quarantine") else { return }
        for effect in definition.effects where ["team", "assignee", "reply"].contains(effect.key.text) {
            guard effect.values.first?.text != "none" else { continue }
            report(
                effect.key.location,
                "mail that is ignored or quarantined gets no \(effect.key.text); remove one of the two")
        }
    }

    private mutating func effect(_ definition: EffectDefinition) -> RuleEffect? {
        let key = definition.key
        guard Self.effectKeys.contains(key.text) else {
            report(key.location, "unknown action \(key.text); \(advice(for: key.text, known: Self.effectKeys))")
            return nil
        }
        if key.text == "notify" {
            guard !definition.values.isEmpty else {
                report(key.location, "notify names nobody; list persons or teams")
                return nil
            }
            return .notify(definition.values.map(\.text))
        }
        if key.text == "ask" { return ask(definition) }
        guard definition.values.count == 1, let value = definition.values.first, !value.text.isEmpty else {
            report(key.location, "\(key.text) takes one value")
            return nil
        }
        return effect(key, value)
    }

    private mutating func ask(_ definition: EffectDefinition) -> RuleEffect? {
        let names = Detail.Field.allCases.map(\.rawValue)
        var fields: [Detail.Field] = []
        for value in definition.values {
            guard let field = Detail.Field(rawValue: value.text) else {
                report(value.location, "unknown detail \(value.text); \(advice(for: value.text, known: names))")
                continue
            }
            if !fields.contains(field) { fields.append(field) }
        }
        if definition.values.isEmpty {
            report(definition.key.location, "ask names no detail; list some, such as phone")
        }
        return fields.isEmpty ? nil : .ask(fields)
    }

    private mutating func effect(_ key: LocatedText, _ value: LocatedText) -> RuleEffect? {
        switch key.text {
        case "category":
            let names = categories.map(\.rawValue)
            guard names.contains(value.text) else {
                report(
                    value.location,
                    "unknown category \(value.text); \(advice(for: value.text, known: names)) "
                        + "(categories of your own are listed in postroom.yaml)")
                return nil
            }
            return .category(Category(value.text))
        case "urgency":
            guard let urgency = Urgency(rawValue: value.text) else {
                report(value.location, "urgency is P1, P2, P3 or P4, not \(value.text)")
                return nil
            }
            return .urgency(urgency)
        case "team": return .team(value.text)
        case "assignee": return .assignee(value.text)
        case "reply": return value.text == "none" ? .noReply : .reply(value.text)
        default:
            guard value.text == "true" else {
                report(value.location, "\(key.text) is true, or is left out; \(value.text) means nothing here")
                return nil
            }
            return key.text == "ignore" ? .ignore : .quarantine
        }
    }

    // MARK: Tests

    private mutating func test(_ definition: RuleTestDefinition) -> RuleTest? {
        let before = problems.count
        var test = RuleTest(location: definition.location)
        var expectation: Bool?
        for entry in definition.entries {
            switch entry.key.text {
            case "expect": expectation = expected(entry)
            default: take(entry, into: &test)
            }
        }
        if problems.count == before, expectation == nil {
            report(
                definition.location, "the test does not say what to expect; add `expect: match` or `expect: no match`")
        }
        test.expectsMatch = expectation ?? true
        return problems.count == before ? test : nil
    }

    private mutating func expected(_ entry: RuleTestDefinition.Entry) -> Bool? {
        switch entry.values.first?.text {
        case "match": return true
        case "no match", "no-match", "no_match": return false
        case let other:
            report(
                entry.values.first?.location ?? entry.key.location,
                "expect is `match` or `no match`, not \(other ?? "nothing")")
            return nil
        }
    }

    private mutating func take(_ entry: RuleTestDefinition.Entry, into test: inout RuleTest) {
        let name = entry.key.text == "tier" ? "customer.tier" : entry.key.text
        guard let key = ConditionKey(name) else {
            let known = ConditionKey.names + ["tier", "expect"]
            report(entry.key.location, "unknown key \(name) in a test; \(advice(for: name, known: known))")
            return
        }
        let values = entry.values.map(\.text)
        if let words = key.words(categories: categories) {
            for value in entry.values where !words.contains(value.text) {
                report(
                    value.location, "\(key.name) is never \"\(value.text)\"; \(advice(for: value.text, known: words))")
            }
        }
        switch key {
        case .message(let key): test.values[key] = values
        case .tier: test.facts.tier = values.first
        case .followUp: test.facts.isFollowUp = values.first == "true"
        case .ticketState: test.facts.ticketState = values.first
        case .hours: test.facts.isOpen = values.first == "open"
        }
    }
}
