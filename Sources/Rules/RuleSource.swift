/// All that the rule files say, in order: what `RuleSet.compile` takes.
package struct RuleSource: Sendable {
    /// Lists of values that conditions name: `in: suppliers`.
    package var lists: [ListDefinition]
    /// Conditions that rules name: `use: from-supplier`.
    package var conditions: [NamedCondition]
    package var rules: [RuleDefinition]

    package init(lists: [ListDefinition] = [], conditions: [NamedCondition] = [], rules: [RuleDefinition] = []) {
        self.lists = lists
        self.conditions = conditions
        self.rules = rules
    }
}

/// A named list, whether it stands in the rule file or in a file of its own.
package struct ListDefinition: Hashable, Sendable {
    package var name: LocatedText
    package var entries: [LocatedText]
    /// Its entries could not be read, which is reported already.
    package var isBroken: Bool

    package init(name: LocatedText, entries: [LocatedText], isBroken: Bool = false) {
        self.name = name
        self.entries = entries
        self.isBroken = isBroken
    }
}

/// A condition with a name, for rules that ask the same again and again.
package struct NamedCondition: Hashable, Sendable {
    package var name: LocatedText
    package var condition: ConditionDefinition

    package init(name: LocatedText, condition: ConditionDefinition) {
        self.name = name
        self.condition = condition
    }
}

/// What the compiler made of the files.
package struct RuleCompilation: Sendable {
    package let rules: RuleSet
    /// What cannot stand: the configuration is refused.
    package let problems: [RuleProblem]
    /// What can stand and is hardly meant.
    package let warnings: [RuleProblem]
}
