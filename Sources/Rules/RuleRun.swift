import Vocabulary

/// One evaluation: rules in order over what holds.
///
/// A class because conditions ask it back thousands of times: a value would be copied each time.
final class RuleRun {
    let rules: RuleSet
    let facts: RuleFacts
    let observations: RuleObservations
    /// What was seen for each leaf that holds; late leaves are asked anew for every rule.
    private let evidence: [Int: String]
    /// One bit a leaf: whether it is among those; and whether it is judged late.
    private let held: [UInt64]
    private let late: [UInt64]
    private(set) var outcome = RuleOutcome()

    init(rules: RuleSet, observations: RuleObservations, facts: RuleFacts) {
        self.rules = rules
        self.facts = facts
        self.observations = observations
        var held = [UInt64](repeating: 0, count: rules.lateLeaves.count)
        var evidence: [Int: String] = [:]
        for (id, seen) in observations.evidence {
            guard let number = rules.leafNumbers[id] else { continue }
            evidence[number] = seen
            held[number / 64] |= 1 << UInt64(number % 64)
        }
        self.held = held
        self.evidence = evidence
        late = rules.lateLeaves
    }

    func run(explaining: Bool) {
        if !observations.ruleSet.isEmpty, !rules.made(observations) {
            outcome.reasons.append(
                Reason(.defect, "rules changed", because: "the message was read under another version of the rules"))
        }
        var next = 0
        while let index = rules.programs.firstHolding(from: next, self) {
            if explaining { noteNearMisses(next..<index) }
            let rule = rules.rulesInOrder[index]
            apply(rule)
            next = index + 1
            if rule.stop {
                if explaining { outcome.notReached = rules.rulesInOrder[next...].map(\.name) }
                return
            }
        }
        if explaining { noteNearMisses(next..<rules.rulesInOrder.count) }
    }

    private func noteNearMisses(_ range: Range<Int>) {
        outcome.nearMisses += rules.rulesInOrder[range].compactMap(nearMiss)
    }

    /// One rule alone, explained.
    func run(only index: Int) {
        let rule = rules.rulesInOrder[index]
        if rules.programs.holds(index, self) {
            apply(rule)
        } else if let miss = nearMiss(rule) {
            outcome.nearMisses.append(miss)
        }
    }

    /// One leaf; no text is made.
    func holds(_ number: Int) -> Bool {
        let (word, bit) = (number / 64, UInt64(1) << UInt64(number % 64))
        return late[word] & bit != 0 ? seenLate(number) != nil : held[word] & bit != 0
    }

    private func holds(_ condition: Condition) -> Bool {
        switch condition {
        case .all(let parts): parts.allSatisfy(holds)
        case .any(let parts): parts.contains(where: holds)
        case .none(let parts): !parts.contains(where: holds)
        case .leaf(let number): seen(number) != nil
        }
    }

    /// What was seen for a leaf; nil when it does not hold.
    private func seen(_ number: Int) -> String? {
        rules.leaves[number].isJudgedLate ? seenLate(number) : evidence[number]
    }

    private func seenLate(_ number: Int) -> String? {
        let leaf = rules.leaves[number]
        let form = leaf.key.form
        if form.isNumeric {
            let value = lateNumber(leaf.key)
            guard leaf.holds(for: value) else { return nil }
            return value.map { "\(leaf.key.name) is \(form.words($0))" } ?? leaf.description
        }
        let value = lateWord(leaf.key)
        guard leaf.holds(for: value) else { return nil }
        return value.map { "\(leaf.key.name) is \($0)" } ?? leaf.description
    }

    /// What an earlier rule has set comes before what is known.
    private func lateWord(_ key: ConditionKey) -> String? {
        func word(_ flag: Bool) -> String { flag ? "true" : "false" }
        return switch key {
        case .account: facts.account
        case .mailbox: facts.mailbox
        case .knownCustomer: word(facts.isKnownCustomer)
        case .tier: outcome.effects.tier ?? facts.tier
        case .followUp: word(facts.isFollowUp)
        case .reopened: word(facts.reopens)
        case .ticketState: facts.ticketState
        case .hours: facts.isOpen.map { $0 ? "open" : "closed" }
        case .weekday: facts.moment?.weekday
        case .workday: facts.moment.map { word($0.isWorkday) }
        case .importance: (outcome.effects.importance ?? facts.importance)?.rawValue
        case .complexity: (outcome.effects.complexity ?? facts.complexity)?.rawValue
        case .message(.category): (outcome.effects.category ?? observations.category)?.rawValue
        case .message(.urgency): (outcome.effects.urgency ?? observations.urgency)?.rawValue
        case .message, .openTickets, .ticketAge, .time, .day, .age:
            preconditionFailure("\(key) is no word that is judged late")
        }
    }

    private func lateNumber(_ key: ConditionKey) -> Double? {
        switch key {
        case .openTickets: facts.openTickets.map(Double.init)
        case .ticketAge: facts.ticketAge
        case .age: facts.age
        case .time: facts.moment.map { Double($0.minute) }
        case .day: facts.moment.map { Double($0.day) }
        default: preconditionFailure("\(key) is no number that is judged late")
        }
    }

    /// What was seen for every leaf that made `condition` hold.
    private func evidence(of condition: Condition) -> [String] {
        switch condition {
        case .all(let parts), .any(let parts): parts.filter(holds).flatMap(evidence(of:))
        case .none(let parts): parts.map { "not: " + $0.description(rules.leaves) }
        case .leaf(let number): seen(number).map { [$0] } ?? []
        }
    }

    private func apply(_ rule: CompiledRule) {
        let evidence = evidence(of: rule.condition)
        var applied: [RuleEffect] = []
        for effect in rule.effects {
            guard let taken = outcome.effects.take(effect) else { continue }
            applied.append(taken)
            let (about, conclusion) = taken.words
            outcome.reasons.append(
                Reason(
                    about, conclusion, because: "rule \(rule.name): \(evidence.joined(separator: "; "))",
                    source: "\(rule.location.file):\(rule.location.line)"))
        }
        outcome.matched.append(
            RuleMatch(name: rule.name, location: rule.location, evidence: evidence, applied: applied))
    }

    // MARK: Near misses

    /// A rule is near when turning one single leaf would make it hold, and another leaf, one about the content, speaks
    /// for it already.
    private func nearMiss(_ rule: CompiledRule) -> RuleNearMiss? {
        guard let flip = flipToHold(rule.condition), flip.count == 1, let leaf = flip.first.map({ rules.leaves[$0] })
        else { return nil }
        let evidence = positiveEvidence(rule.condition)
        guard !evidence.isEmpty else { return nil }
        return RuleNearMiss(
            name: rule.name, location: rule.location, evidence: evidence, failed: leaf.description,
            failedAt: leaf.location)
    }

    private func positiveEvidence(_ condition: Condition) -> [String] {
        switch condition {
        case .all(let parts), .any(let parts): parts.flatMap(positiveEvidence)
        case .none: []
        case .leaf(let number): rules.leaves[number].isAboutContent ? seen(number).map { [$0] } ?? [] : []
        }
    }

    /// The fewest leaves to turn so that `condition` holds.
    private func flipToHold(_ condition: Condition) -> Set<Int>? {
        switch condition {
        case .all(let parts): union(parts.map(flipToHold))
        case .any(let parts): fewest(parts.map(flipToHold))
        case .none(let parts): union(parts.map(flipToFail))
        case .leaf(let number): seen(number) == nil ? [number] : []
        }
    }

    private func flipToFail(_ condition: Condition) -> Set<Int>? {
        switch condition {
        case .all(let parts): fewest(parts.map(flipToFail))
        case .any(let parts): union(parts.map(flipToFail))
        case .none(let parts): fewest(parts.map(flipToHold))
        case .leaf(let number): seen(number) != nil ? [number] : []
        }
    }

    private func union(_ sets: [Set<Int>?]) -> Set<Int>? {
        sets.reduce(into: Set<Int>?([])) { result, set in
            guard let set, let sofar = result else { return result = nil }
            result = sofar.union(set)
        }
    }

    private func fewest(_ sets: [Set<Int>?]) -> Set<Int>? {
        sets.compactMap { $0 }.min { $0.count < $1.count }
    }
}

extension RuleEffects {
    /// Takes what no earlier rule has set; gives what was taken.
    mutating func take(_ effect: RuleEffect) -> RuleEffect? {
        switch effect {
        case .category(let value): return set(&category, value) ? effect : nil
        case .urgency(let value): return set(&urgency, value) ? effect : nil
        case .importance(let value): return set(&importance, value) ? effect : nil
        case .complexity(let value): return set(&complexity, value) ? effect : nil
        case .team(let value): return set(&team, value) ? effect : nil
        case .assignee(let value): return set(&assignee, value) ? effect : nil
        case .tier(let value): return set(&tier, value) ? effect : nil
        case .moveTo(let value): return set(&moveTo, value) ? effect : nil
        case .due(let value): return set(&due, value) ? effect : nil
        case .resolution(let value): return set(&resolution, value) ? effect : nil
        case .holdReply(let value): return set(&holdReply, value) ? effect : nil
        case .reply(let value): return !noReply && set(&reply, value) ? effect : nil
        case .noReply: return reply == nil && set(&noReply) ? effect : nil
        case .ask(let fields):
            guard ask.isEmpty else { return nil }
            ask = fields
            return effect
        case .ignore(let reason):
            guard set(&ignore) else { return nil }
            ignoreReason = reason
            return effect
        case .quarantine: return set(&quarantine) ? effect : nil
        case .notify(let names): return add(names, to: &notify).map { .notify($0) }
        case .tags(let names): return add(names, to: &tags).map { .tags($0) }
        case .watch(let names): return add(names, to: &watch).map { .watch($0) }
        }
    }
}

/// Adds what is not there yet; gives that, or nil when all of it is.
private func add(_ names: [String], to list: inout [String]) -> [String]? {
    let new = names.filter { !list.contains($0) }
    list += new
    return new.isEmpty ? nil : new
}

private func set<Value>(_ field: inout Value?, _ value: Value) -> Bool {
    guard field == nil else { return false }
    field = value
    return true
}

private func set(_ flag: inout Bool) -> Bool {
    defer { flag = true }
    return !flag
}

extension RuleEffect {
    /// What a reason says of it.
    var words: (about: Reason.Subject, conclusion: String) {
        switch self {
        case .category(let value): (.category, value.rawValue)
        case .urgency(let value): (.urgency, value.rawValue)
        case .importance(let value): (.importance, value.rawValue)
        case .complexity(let value): (.complexity, value.rawValue)
        case .team(let value): (.team, value)
        case .assignee(let value): (.assignee, value)
        case .reply(let value): (.reply, value)
        case .noReply: (.reply, "none")
        case .ask(let fields): (.reply, "ask for \(fields.map(\.rawValue).joined(separator: ", "))")
        case .tier(let value): (.tier, value)
        case .tags(let names): (.handling, "tagged \(names.joined(separator: ", "))")
        case .watch(let names): (.handling, "watched by \(names.joined(separator: ", "))")
        case .moveTo(let value): (.handling, "moved to \(value)")
        case .due(let value): (.deadline, "first response within \(value)")
        case .resolution(let value): (.deadline, "solved within \(value)")
        case .holdReply(let why): (.reply, "held: \(why)")
        case .ignore(let why): (.kind, why.map { "ignored: \($0)" } ?? "ignored")
        case .quarantine: (.kind, "quarantined")
        case .notify(let names): (.handling, "notify \(names.joined(separator: ", "))")
        }
    }
}
