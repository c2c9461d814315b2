import Rules
import Vocabulary

/// One file of `rules.d`: nodes into definitions. What rules mean is checked by `RuleSet.compile`; here only the form.
struct RulesFile {
    private(set) var definitions: [RuleDefinition] = []

    init(_ root: ConfigValue?) {
        // A file with nothing but comments is fine.
        guard let root, !root.isEmpty else { return }
        definitions = (root.list("rules") ?? []).compactMap { Self.rule($0) }
    }

    private static func rule(_ value: ConfigValue) -> RuleDefinition? {
        guard let table = value.table("a rule") else { return nil }
        let name = table.required("name", "give the rule a name; explain shows it")?.located("a name")
        let condition = table.required("when", "say for which mail, such as when: { kind: customer }")
            .flatMap { RulesFile.condition($0) }
        let effects = table["then"].map { RulesFile.effects($0) } ?? []
        let stop = table["stop"]?.bool() ?? false
        let tests = (table["tests"]?.list("tests") ?? []).compactMap { test($0) }
        table.finish()
        guard let name, let condition else { return nil }
        return RuleDefinition(
            name: LocatedText(name.text, at: value.location), condition: condition, effects: effects, stop: stop,
            tests: tests)
    }

    /// A mapping; several keys in it must all hold.
    private static func condition(_ value: ConfigValue) -> ConditionDefinition? {
        guard !value.isList else {
            value.report("say how the conditions of this list belong together: put all:, any: or none: before it")
            return nil
        }
        guard let table = value.table("a condition") else { return nil }
        let parts = table.all.map { condition($0.key, $0.value) }
        let good = parts.compactMap { $0 }
        guard good.count == parts.count else { return nil }
        return good.count == 1 ? good[0] : .all(good, at: value.location)
    }

    private static func condition(_ key: LocatedText, _ value: ConfigValue) -> ConditionDefinition? {
        switch key.text {
        case "all", "any", "none":
            guard let items = value.list("conditions") else { return nil }
            let parts = items.map { condition($0) }
            let good = parts.compactMap { $0 }
            guard good.count == parts.count else { return nil }
            return switch key.text {
            case "all": .all(good, at: key.location)
            case "any": .any(good, at: key.location)
            default: .none(good, at: key.location)
            }
        default: return leaf(key, value)
        }
    }

    /// `category: complaint`, `kind: [dsn, own]`, `header.List-Id: exists`, `text: { contains: [退款] }`.
    private static func leaf(_ key: LocatedText, _ value: ConfigValue) -> ConditionDefinition? {
        guard value.isTable else {
            guard let operands = value.texts("a value, a list, or a test such as { contains: [refund] }") else {
                return nil
            }
            if operands.count == 1, value.scalar != nil, ["exists", "absent"].contains(operands[0].text) {
                return .leaf(LeafDefinition(key: key, operation: operands[0], operands: []))
            }
            return .leaf(
                LeafDefinition(key: key, operation: LocatedText("equals", at: value.location), operands: operands))
        }
        guard let table = value.table("a test") else { return nil }
        guard !table.all.isEmpty else {
            value.report("\(key.text) is asked nothing; write a value, or a test such as { contains: [refund] }")
            return nil
        }
        let leaves = table.all.compactMap { test(of: key, operation: $0.key, $0.value) }
        guard leaves.count == table.all.count else { return nil }
        return leaves.count == 1 ? leaves[0] : .all(leaves, at: value.location)
    }

    private static func test(
        of key: LocatedText, operation: LocatedText, _ value: ConfigValue
    ) -> ConditionDefinition? {
        if operation.text == "exists" || operation.text == "absent" {
            guard let wanted = value.bool() else { return nil }
            let word = (operation.text == "exists") == wanted ? "exists" : "absent"
            return .leaf(
                LeafDefinition(key: key, operation: LocatedText(word, at: operation.location), operands: []))
        }
        return value.texts("a text or a list of texts").map {
            .leaf(LeafDefinition(key: key, operation: operation, operands: $0))
        }
    }

    private static func effects(_ value: ConfigValue) -> [EffectDefinition] {
        (value.table("actions")?.all ?? []).compactMap { key, value in
            value.texts("a value or a list").map { EffectDefinition(key: key, values: $0) }
        }
    }

    /// `header: { List-Id: x }` in a test is the same as `header.List-Id: x`.
    private static func test(_ value: ConfigValue) -> RuleTestDefinition? {
        guard let table = value.table("a test") else { return nil }
        var entries: [RuleTestDefinition.Entry] = []
        for (key, value) in table.all {
            if value.isTable, let inner = value.table("values") {
                entries += inner.all.compactMap { part, value in
                    value.texts().map {
                        .init(key: LocatedText("\(key.text).\(part.text)", at: part.location), values: $0)
                    }
                }
            } else if let texts = value.texts() {
                entries.append(.init(key: key, values: texts))
            }
        }
        return RuleTestDefinition(location: value.location, entries: entries)
    }
}
