package import Vocabulary

/// A word of a rule file with its place.
package struct LocatedText: Hashable, Sendable {
    package let text: String
    package let location: SourceLocation

    package init(_ text: String, at location: SourceLocation) {
        self.text = text
        self.location = location
    }
}

/// One rule as it stands in a file: words and places, nothing checked yet. `RuleSet.compile` checks.
package struct RuleDefinition: Hashable, Sendable {
    package var name: LocatedText
    package var condition: ConditionDefinition
    package var effects: [EffectDefinition]
    /// No later rule is tried once this one has matched.
    package var stop: Bool
    package var tests: [RuleTestDefinition]

    /// Where the rule begins.
    package var location: SourceLocation { name.location }

    package init(
        name: LocatedText, condition: ConditionDefinition, effects: [EffectDefinition], stop: Bool = false,
        tests: [RuleTestDefinition] = []
    ) {
        self.name = name
        self.condition = condition
        self.effects = effects
        self.stop = stop
        self.tests = tests
    }
}

/// What must hold. `none` holds when none of its conditions does.
package indirect enum ConditionDefinition: Hashable, Sendable {
    case all([ConditionDefinition], at: SourceLocation)
    case any([ConditionDefinition], at: SourceLocation)
    case none([ConditionDefinition], at: SourceLocation)
    case leaf(LeafDefinition)
    /// A condition that has a name.
    case use(LocatedText)

    package var location: SourceLocation {
        switch self {
        case .all(_, let location), .any(_, let location), .none(_, let location): location
        case .leaf(let leaf): leaf.key.location
        case .use(let name): name.location
        }
    }
}

/// One test of one key: `subject contains 退款`. It holds when any value of the key passes with any of `operands` or of the
/// entries of `lists`.
package struct LeafDefinition: Hashable, Sendable {
    /// `subject`, `header.List-Id`, `customer.tier`, …
    package var key: LocatedText
    /// `is`, `contains`, `over` and so on (`LeafCompiler.operations`).
    package var operation: LocatedText
    package var operands: [LocatedText]
    /// Names of lists.
    package var lists: [LocatedText]

    package init(key: LocatedText, operation: LocatedText, operands: [LocatedText], lists: [LocatedText] = []) {
        self.key = key
        self.operation = operation
        self.operands = operands
        self.lists = lists
    }
}

/// One entry of `then`: `urgency: P1`, `notify: [a, b]`; of `due: { resolution: 3wd }` the key is `due.resolution`.
package struct EffectDefinition: Hashable, Sendable {
    package var key: LocatedText
    package var values: [LocatedText]

    package init(key: LocatedText, values: [LocatedText]) {
        self.key = key
        self.values = values
    }
}

/// One entry of `tests`: a made-up mail by its keys (those of conditions), and `expect: match` or `expect: no match`.
package struct RuleTestDefinition: Hashable, Sendable {
    package var location: SourceLocation
    package var entries: [Entry]

    package struct Entry: Hashable, Sendable {
        package var key: LocatedText
        package var values: [LocatedText]

        package init(key: LocatedText, values: [LocatedText]) {
            self.key = key
            self.values = values
        }
    }

    package init(location: SourceLocation, entries: [Entry]) {
        self.location = location
        self.entries = entries
    }
}

/// Something in a rule file that cannot stand: what it is, and what to do.
package struct RuleProblem: Hashable, Sendable, CustomStringConvertible {
    package let location: SourceLocation
    package let message: String

    package init(_ location: SourceLocation, _ message: String) {
        self.location = location
        self.message = message
    }

    package var description: String { "\(location): \(message)" }
}
