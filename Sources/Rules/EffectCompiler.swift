import Vocabulary

/// Reads the `then` of a rule: what may stand there, each with one form of value.
struct EffectCompiler {
    /// As rule files write them, in the order in which advice lists them.
    static let keys = [
        "category", "urgency", "importance", "complexity", "team", "assignee", "tier", "tags", "watch", "notify",
        "due", "due.first_response", "due.resolution", "reply", "ask", "hold_reply", "move_to", "ignore", "quarantine",
    ]

    let categories: [Category]
    private(set) var problems: [RuleProblem] = []

    init(categories: [Category]) { self.categories = categories }

    mutating func compile(_ rule: RuleDefinition) -> [RuleEffect] {
        let effects = rule.effects.compactMap { effect($0) }
        if rule.effects.isEmpty, !rule.stop {
            report(rule.location, "rule \(rule.name.text) does nothing; give it a `then` or `stop: true`")
        }
        checkTogether(rule)
        return effects
    }

    private mutating func report(_ location: SourceLocation, _ message: String) {
        problems.append(RuleProblem(location, message))
    }

    /// Mail that nobody works on has no owner and no reply.
    private mutating func checkTogether(_ rule: RuleDefinition) {
        let keys = rule.effects.map(\.key.text)
        if let reply = rule.effects.first(where: { $0.key.text == "hold_reply" }),
            rule.effects.contains(where: { $0.key.text == "reply" && $0.values.first?.text == "none" })
        {
            report(reply.key.location, "there is no reply to hold: the rule says reply: none; remove one of the two")
        }
        guard keys.contains("ignore") || keys.contains("quarantine") else { return }
        let idle = ["team", "assignee", "reply", "due", "due.first_response", "due.resolution", "hold_reply", "ask"]
        for effect in rule.effects where idle.contains(effect.key.text) {
            guard effect.values.first?.text != "none" else { continue }
            report(
                effect.key.location,
                "mail that is ignored or quarantined gets no \(effect.key.text); remove one of the two")
        }
    }

    private mutating func effect(_ definition: EffectDefinition) -> RuleEffect? {
        let key = definition.key
        guard Self.keys.contains(key.text) else {
            report(key.location, "unknown action \(key.text); \(advice(for: key.text, known: Self.keys))")
            return nil
        }
        switch key.text {
        case "notify": return names(definition, of: "persons or teams").map { .notify($0) }
        case "watch": return names(definition, of: "persons or teams").map { .watch($0) }
        case "tags": return names(definition, of: "words").map { .tags($0) }
        case "ask": return ask(definition)
        default:
            guard definition.values.count <= 1 else {
                report(key.location, "\(key.text) takes one value, not \(definition.values.count); keep one")
                return nil
            }
            guard let value = definition.values.first, !value.text.isEmpty else {
                report(key.location, "\(key.text) takes one value")
                return nil
            }
            return effect(key, value)
        }
    }

    private mutating func names(_ definition: EffectDefinition, of what: String) -> [String]? {
        let key = definition.key
        let names = definition.values.map(\.text)
        guard !names.isEmpty, !names.contains("") else {
            report(
                key.location,
                "\(key.text) names \(key.text == "tags" ? "none" : "nobody"); list \(what)")
            return nil
        }
        if key.text == "tags",
            let bad = definition.values.first(where: {
                $0.text.contains { ",，、".contains($0) } || $0.text.count > 40
            })
        {
            report(bad.location, "a tag is a word or two without a comma, not \"\(bad.text)\"")
            return nil
        }
        return names
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
        case "importance": return word(key, value, Importance.self).map { .importance($0) }
        case "complexity": return word(key, value, Complexity.self).map { .complexity($0) }
        case "team": return .team(value.text)
        case "assignee": return .assignee(value.text)
        case "tier": return .tier(value.text)
        case "reply": return value.text == "none" ? .noReply : .reply(value.text)
        case "hold_reply": return reason(key, value).map { .holdReply($0) }
        case "move_to": return mailbox(value).map { .moveTo($0) }
        case "due", "due.first_response": return time(value).map { .due($0) }
        case "due.resolution": return time(value).map { .resolution($0) }
        case "ignore": return value.text == "true" ? .ignore(nil) : reason(key, value).map { .ignore($0) }
        default:
            guard value.text == "true" else {
                report(value.location, "quarantine is true, or is left out; \(value.text) means nothing here")
                return nil
            }
            return .quarantine
        }
    }

    private mutating func word<Word: RawRepresentable & CaseIterable>(
        _ key: LocatedText, _ value: LocatedText, _ type: Word.Type
    ) -> Word? where Word.RawValue == String {
        if let word = Word(rawValue: value.text) { return word }
        report(
            value.location,
            "\(key.text) is \(type.allCases.map(\.rawValue).joined(separator: " or ")), not \(value.text)")
        return nil
    }

    /// A sentence; `false` and `no` would read like one and mean the opposite.
    private mutating func reason(_ key: LocatedText, _ value: LocatedText) -> String? {
        guard !["true", "false", "yes", "no"].contains(value.text) else {
            report(
                value.location,
                key.text == "ignore"
                    ? "ignore is true or a reason, or is left out; \(value.text) means nothing here"
                    : "\(key.text) says why, in words for the person who will look at it; not \(value.text)")
            return nil
        }
        return value.text
    }

    private mutating func mailbox(_ value: LocatedText) -> String? {
        let name = value.text
        guard !name.utf8.contains(where: { $0 < 0x20 }), name.utf8.count <= 200, !name.hasPrefix("/"),
            !name.hasSuffix("/")
        else {
            report(value.location, "move_to takes the name of a mailbox such as Done/Invoices, not \"\(name)\"")
            return nil
        }
        guard name.lowercased() != "inbox" else {
            report(value.location, "move_to INBOX would bring the mail in again; name another mailbox")
            return nil
        }
        return name
    }

    private mutating func time(_ value: LocatedText) -> ServiceTime? {
        if let time = Quantity.serviceTime(value.text) { return time }
        report(value.location, "\(value.text) is no time for a deadline; \(Quantity.serviceWords)")
        return nil
    }
}
