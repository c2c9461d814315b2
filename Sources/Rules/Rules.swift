/// Rules: the admins' rule language: check, match, explain. It does not know what a match is used for.
///
/// In: rules as words with places (`RuleDefinition`, made by `ConfigLoading`), and a message that answers `RuleInput`.
/// Out: `RuleOutcome`: what the rules want, which rule wanted it and what it saw.
///
/// Two steps, because understanding runs in parallel and knows no store:
/// - `observe` asks everything that the message alone can answer and keeps what holds, with evidence;
/// - `evaluate` adds the facts of the store and runs the rules in order. Each sets what no earlier rule has set; `stop`
///   ends it. A later rule's `category` and `urgency` see what an earlier rule has set.
///
/// A condition tests one value at a time: an address, a field, never a joined line. Words are compared without regard
/// to case, full width and line breaks. Everything is linear in the text: words are searched with one automaton for all
/// rules (`PhraseMatcher`), regular expressions run in RE2 with a memory cap (`PatternMatcher`).
///
/// What can go wrong: a rule file that cannot stand gives problems with places, all of them; a message never does.
package import Vocabulary

/// Compiled rules, in order. A value without state: many threads may observe at once.
package struct RuleSet: Sendable {
    let rulesInOrder: [CompiledRule]
    let leaves: [Leaf]
    let leafNumbers: [String: Int]
    /// One bit a leaf: whether it is judged late.
    let lateLeaves: [UInt64]
    let observers: [KeyObserver]
    /// The conditions of the rules, laid out for judging.
    let programs: ConditionPrograms

    /// Digest over all conditions and effects; the same files give the same one in every process.
    package let fingerprint: String

    package static let empty = RuleSet(rules: [], leaves: [])

    init(rules: [CompiledRule], leaves: [Leaf]) {
        self.rulesInOrder = rules
        self.leaves = leaves
        leafNumbers = Dictionary(leaves.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var late = [UInt64](repeating: 0, count: (leaves.count + 63) / 64)
        for (number, leaf) in leaves.enumerated() where leaf.isJudgedLate {
            late[number / 64] |= 1 << UInt64(number % 64)
        }
        lateLeaves = late
        programs = ConditionPrograms(rules.map(\.condition))
        observers = KeyObserver.observers(for: leaves)
        fingerprint = stableDigest(rules.map(\.canonical).joined(separator: "\n"))
    }

    /// A rule for lists.
    package struct Entry: Sendable, Equatable {
        package let name: String
        package let location: SourceLocation
        /// The condition in words.
        package let condition: String
        package let effects: [RuleEffect]
        package let stop: Bool
        package let testCount: Int
    }

    package var rules: [Entry] {
        rulesInOrder.map { rule in
            Entry(
                name: rule.name, location: rule.location, condition: rule.condition.description(leaves),
                effects: rule.effects, stop: rule.stop, testCount: rule.tests.count)
        }
    }

    /// Names of the fields that conditions read, as written, each once.
    package var headerNames: [String] {
        var seen: Set<String> = []
        return observers.compactMap { observer in
            guard case .header(let name) = observer.key, seen.insert(asciiLowercased(name)).inserted else { return nil }
            return name
        }
    }

    /// Every key of a message that some condition reads.
    package var keys: [RuleKey] { observers.map(\.key) }

    /// Asks the message whatever the conditions want to know of it.
    package func observe(_ input: some RuleInput) -> RuleObservations {
        var observations = RuleObservations(
            ruleSet: fingerprint, category: input.values(.category).first.map { Category($0) },
            urgency: input.values(.urgency).first.flatMap { Urgency(rawValue: $0) })
        for observer in observers {
            guard !observer.isNumeric else {
                observer.observe(input.numbers(observer.key)) { observations.note(leaves[$0], $1) }
                continue
            }
            let values = input.values(observer.key)
            let origins = input.origins(observer.key)
            guard !values.isEmpty, origins.count == values.count else {
                observer.observe(values) { observations.note(leaves[$0], $1) }
                continue
            }
            // One by one, so that the reason names where the first was found that holds.
            for (value, origin) in zip(values, origins) {
                observer.observe([value]) { leaf, evidence in
                    observations.note(leaves[leaf], evidence.map { "\($0) (\(origin))" })
                }
            }
        }
        return observations
    }

    /// The observations were made by these very rules, so whatever is not among them does not hold.
    package func made(_ observations: RuleObservations) -> Bool { observations.ruleSet == fingerprint }

    /// Runs the rules in order on what was observed and what the store knows.
    ///
    /// Observations of other rules may be given (a reload came between): conditions that they share are judged rightly,
    /// new ones do not hold, and a reason says so.
    package func evaluate(
        _ observations: RuleObservations, facts: RuleFacts, explaining: Bool = false
    ) -> RuleOutcome {
        let run = RuleRun(rules: self, observations: observations, facts: facts)
        run.run(explaining: explaining)
        return run.outcome
    }
}

extension RuleObservations {
    /// What was seen first stays.
    fileprivate mutating func note(_ leaf: Leaf, _ seen: String?) {
        if evidence[leaf.id] == nil { evidence[leaf.id] = seen ?? leaf.description }
    }
}

/// FNV-1a over the text, as 16 hex digits: names conditions and rule sets alike in every process (Swift's own hashes
/// differ from run to run). Not for secrets.
func stableDigest(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
