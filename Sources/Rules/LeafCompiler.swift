import Vocabulary

/// Turns single conditions into leaves, each once, and the lists that they name into their values.
struct LeafCompiler {
    /// As rule files write them; `equals` is the old word for `is`.
    static let textOperations = ["is", "in", "contains", "starts", "ends", "matches", "exists", "absent"]
    static let numberOperations = ["is", "over", "under", "at_least", "at_most", "between", "exists", "absent"]

    let categories: [Category]
    private(set) var all: [Leaf] = []
    private var numbers: [String: Int] = [:]
    private(set) var lists: [String: ListDefinition] = [:]
    private var usedLists: Set<String> = []
    private var problems: [RuleProblem] = []
    private var doubts: [RuleProblem] = []

    init(categories: [Category]) { self.categories = categories }

    static func isEquality(_ leaf: LeafDefinition) -> Bool { ["is", "equals", "in"].contains(leaf.operation.text) }

    mutating func add(_ list: ListDefinition) {
        if let first = lists[list.name.text] {
            report(
                list.name.location, "list \(list.name.text) exists already (\(first.name.location)); names must differ")
            return
        }
        if list.entries.isEmpty, !list.isBroken {
            report(list.name.location, "list \(list.name.text) is empty; conditions with it never hold")
        }
        lists[list.name.text] = list
    }

    mutating func takeProblems() -> [RuleProblem] {
        defer { problems = [] }
        return problems
    }

    /// What is hardly meant, and lists that nobody uses.
    func warnings() -> [RuleProblem] {
        doubts
            + lists.values.filter { !usedLists.contains($0.name.text) }.map {
                RuleProblem($0.name.location, "no rule uses the list \($0.name.text); remove it")
            }
    }

    private mutating func report(_ location: SourceLocation, _ message: String) {
        problems.append(RuleProblem(location, message))
    }

    /// The number of the leaf; nil when it cannot stand.
    mutating func compile(_ definition: LeafDefinition) -> Int? {
        guard let key = ConditionKey(definition.key.text, categories: categories) else {
            report(definition.key.location, unknownKey(definition.key.text))
            return nil
        }
        var definition = definition
        guard fillLists(&definition), let operation = operation(definition, key: key) else { return nil }
        let description = Self.description(key, definition)
        let id = stableDigest(
            ([key.name, definition.operation.text] + definition.operands.map(\.text)).joined(separator: "\u{0}"))
        if let number = numbers[id] { return number }
        all.append(
            Leaf(key: key, operation: operation, id: id, description: description, location: definition.key.location))
        numbers[id] = all.count - 1
        doubts += alwaysHolds(definition, key: key, operation)
        for operand in definition.operands {
            guard let doubt = doubtfulText(operand.text, key: key, operation) else { continue }
            doubts.append(RuleProblem(operand.location, doubt))
        }
        return all.count - 1
    }

    private func unknownKey(_ word: String) -> String {
        if word.hasPrefix("score.") {
            let names = categories.map { "score.\($0)" }
            return "unknown condition \(word); \(advice(for: word, known: names))"
        }
        if word == "not" { return "unknown condition not; write none: with a list of conditions" }
        if word == "or" || word == "and" {
            return "unknown condition \(word); write \(word == "or" ? "any" : "all"): with a list of conditions"
        }
        if word == "<<" {
            return "unknown condition <<; name the condition under `conditions:` and write use: with its name"
        }
        let words = advice(for: word, known: ConditionKey.names)
        guard words == nothingNear else { return "unknown condition \(word); \(words)" }
        return word.contains("-") && !word.contains(".")
            ? "unknown condition \(word); a field of the header is header.\(word)"
            : "unknown condition \(word); `postroom rules schema` lists all that there are"
    }

    /// Adds the entries of the named lists to the operands.
    private mutating func fillLists(_ definition: inout LeafDefinition) -> Bool {
        if definition.operation.text == "in" {
            definition.lists += definition.operands
            definition.operands = []
        }
        var isGood = true
        for name in definition.lists {
            usedLists.insert(name.text)
            if let list = lists[name.text] {
                definition.operands += list.entries
                if list.entries.isEmpty { isGood = false }
                continue
            }
            isGood = false
            let known = lists.keys.sorted()
            report(
                name.location,
                known.isEmpty
                    ? "there is no list \(name.text); name it under `lists:` of a rule file, or write values with `is`"
                    : "there is no list \(name.text); \(advice(for: name.text, known: known))"
                        + (nearest(to: name.text, in: known) == nil ? "; values themselves are written with `is`" : ""))
        }
        return isGood
    }

    private static func description(_ key: ConditionKey, _ definition: LeafDefinition) -> String {
        let values = definition.operands.prefix(Self.valuesShown).map(\.text).joined(separator: " or ")
        let more = definition.operands.count - Self.valuesShown
        let words =
            definition.lists.isEmpty
            ? values + (more > 0 ? " or \(more) more" : "")
            : definition.lists.map { "the list \($0.text)" }.joined(separator: " or ")
        return switch definition.operation.text {
        case "exists", "absent": "\(key.name) \(definition.operation.text)"
        case "is", "equals": "\(key.name) is \(words)"
        case "in": "\(key.name) is in \(words)"
        case "at_least", "at_most":
            "\(key.name) is \(definition.operation.text.replacing("_", with: " ")) \(words)"
        case "between": "\(key.name) is between " + definition.operands.map(\.text).joined(separator: " and ")
        case "over", "under": "\(key.name) is \(definition.operation.text) \(words)"
        default: "\(key.name) \(definition.operation.text) \(words)"
        }
    }

    private static let valuesShown = 20

    private mutating func operation(_ definition: LeafDefinition, key: ConditionKey) -> Leaf.Operation? {
        let word = definition.operation
        let known = key.form.isNumeric ? Self.numberOperations : Self.textOperations
        let name = word.text == "equals" ? "is" : word.text
        guard known.contains(name) else {
            if Self.textOperations.contains(name) || Self.numberOperations.contains(name) {
                report(
                    word.location,
                    "\(key.name) is \(key.form.isNumeric ? "a number" : "a text"): it cannot be asked `\(name)`, only "
                        + known.joined(separator: ", "))
            } else if name == "list" {
                report(word.location, "unknown test list; write in: with the name of a list")
            } else if name == "not" {
                report(word.location, "unknown test not; put the condition into none: [...]")
            } else {
                report(word.location, "unknown test \(name); \(advice(for: name, known: known))")
            }
            return nil
        }
        switch name {
        case "exists": return .exists
        case "absent": return .absent
        default: break
        }
        guard !definition.operands.isEmpty else {
            report(word.location, "\(name) has no values and never holds; list at least one")
            return nil
        }
        if key.form.isNumeric { return ranges(definition, key: key, name).map(Leaf.Operation.within) }
        return switch name {
        case "is", "in": equals(definition.operands, key: key)
        case "contains": phrases(definition).map(Leaf.Operation.contains)
        case "starts": phrases(definition).map(Leaf.Operation.starts)
        case "ends": phrases(definition).map(Leaf.Operation.ends)
        default: matches(definition.operands)
        }
    }

    // MARK: Texts

    private mutating func equals(_ operands: [LocatedText], key: ConditionKey) -> Leaf.Operation? {
        let before = problems.count
        if let words = key.words(categories: categories) {
            for operand in operands where !words.contains(where: { FoldedText($0) == FoldedText(operand.text) }) {
                report(
                    operand.location,
                    "\(key.name) is never \"\(operand.text)\"; "
                        + Self.remedy(for: operand.text, key: key, words: words))
            }
        }
        for operand in operands { checkValue(operand, key: key) }
        return problems.count == before ? .equals(operands.map { FoldedText($0.text) }) : nil
    }

    private static func remedy(for text: String, key: ConditionKey, words: [String]) -> String {
        if ["yes", "no", "on", "off"].contains(text.lowercased()), words.contains("true") {
            return "write true or false"
        }
        if key == .weekday, text.contains("-") { return "list the days one by one, or ask workday: true" }
        return advice(for: text, known: words)
    }

    /// No clean name and no media type has a wildcard in it, and a type without a slash is no type; no address either.
    private mutating func checkValue(_ operand: LocatedText, key: ConditionKey) {
        checkAddress(operand, key: key)
        switch key {
        case .message(.language) where !Self.isLanguage(operand.text):
            report(
                operand.location,
                "language is never \"\(operand.text)\"; write a code such as zh, zh-Hans, zh-Hant, en or ja")
        case .message(.attachmentName), .message(.attachmentType), .message(.from), .message(.to), .message(.cc),
            .message(.recipient), .message(.replyTo), .message(.subject):
            let isAttachment = key == .message(.attachmentName) || key == .message(.attachmentType)
            if operand.text.contains("*") || (isAttachment && operand.text.contains("?")) {
                report(
                    operand.location,
                    "\"\(operand.text)\" is compared as it stands; "
                        + (operand.text.hasPrefix("*@")
                            ? "for a whole domain write \"\(operand.text.dropFirst())\""
                            : "for a pattern write { matches: '\(Self.pattern(fromWildcards: operand.text))' }"))
            } else if key == .message(.attachmentType), !operand.text.contains("/") {
                report(
                    operand.location,
                    "attachment.type is never \"\(operand.text)\"; write a media type such as application/pdf")
            }
        default: break
        }
    }

    /// Address and display name are values of their own.
    private mutating func checkAddress(_ operand: LocatedText, key: ConditionKey) {
        guard key.isAddress, operand.text.contains("@") else { return }
        if operand.text.contains(where: { ",;，；、".contains($0) }) {
            report(
                operand.location,
                "\"\(operand.text)\" is never one value; write each address as a value of its own")
        } else if operand.text.contains("<") {
            report(
                operand.location,
                "\"\(operand.text)\" is never one value: write the address alone, without the name and < >")
        }
    }

    /// A code of two or three letters, not one of a country; of Chinese the script, not the country.
    private static func isLanguage(_ text: String) -> Bool {
        let text = text.lowercased()
        let code = String(text.prefix { $0 != "-" })
        guard (2...3).contains(code.utf8.count), code.utf8.allSatisfy({ $0 &- 0x61 < 26 }) else { return false }
        if ["cn", "jp", "kr", "tw"].contains(code) { return false }
        return code != "zh" || ["zh", "zh-hans", "zh-hant"].contains(text)
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

    private mutating func phrases(_ definition: LeafDefinition) -> [FoldedText]? {
        let before = problems.count
        let phrases = definition.operands.map { FoldedText($0.text) }
        for (operand, phrase) in zip(definition.operands, phrases) where phrase.bytes.isEmpty {
            report(
                operand.location,
                "\(definition.operation.text) with an empty text always holds; write the words to look for")
        }
        return problems.count == before ? phrases : nil
    }

    private mutating func matches(_ operands: [LocatedText]) -> Leaf.Operation? {
        var patterns: [RE2Pattern] = []
        for operand in operands {
            if operand.text.unicodeScalars.contains(where: { $0.value == 0x08 }) {
                report(
                    operand.location,
                    "there is a backspace in it: in double quotes \\b is one; write the pattern in single quotes")
                continue
            }
            do throws(RE2Pattern.Failure) {
                patterns.append(try RE2Pattern(operand.text))
            } catch {
                report(operand.location, "bad regular expression: \(error.message); \(Self.remedy(operand.text))")
            }
        }
        return patterns.count == operands.count ? .matches(patterns) : nil
    }

    private static func remedy(_ pattern: String) -> String {
        if pattern.contains("(?=") || pattern.contains("(?!") || pattern.contains("(?<") {
            return "RE2 looks neither ahead nor behind, because that cannot be done in linear time; use all: and none:"
        }
        if pattern.hasPrefix("*") || pattern.hasPrefix("?") {
            return "for a wildcard write `.*`; to find words anywhere use contains"
        }
        return "see https://github.com/google/re2/wiki/Syntax"
    }

    // MARK: Numbers

    private mutating func ranges(_ definition: LeafDefinition, key: ConditionKey, _ name: String) -> [NumberRange]? {
        let values = definition.operands.compactMap { value($0, key: key) }
        guard values.count == definition.operands.count else { return nil }
        if name == "between" { return between(definition, values, key: key).map { [$0] } }
        guard name == "is" || values.count == 1 else {
            report(definition.operation.location, "\(name) takes one value; for two ends write between: [from, to]")
            return nil
        }
        return values.map { value in
            switch name {
            case "is": NumberRange(low: value, high: value)
            case "over": NumberRange(low: value, lowIsInside: false)
            case "under": NumberRange(high: value, highIsInside: false)
            case "at_least": NumberRange(low: value)
            default: NumberRange(high: value)
            }
        }
    }

    /// The end of a time of day is not inside: `[09:00, 12:00]` ends when the clock strikes. From evening to morning is
    /// around midnight.
    private mutating func between(
        _ definition: LeafDefinition, _ values: [Double], key: ConditionKey
    ) -> NumberRange? {
        guard values.count == 2 else {
            report(definition.operation.location, "between takes two values, as in between: [from, to]")
            return nil
        }
        var range = NumberRange(low: values[0], high: values[1])
        if key.form == .timeOfDay {
            range.highIsInside = false
            range.wraps = values[0] > values[1]
        }
        guard !range.isEmpty else {
            report(
                definition.operation.location,
                "nothing is between \(definition.operands[0].text) and \(definition.operands[1].text); the smaller "
                    + "value comes first")
            return nil
        }
        return range
    }

    private mutating func value(_ operand: LocatedText, key: ConditionKey) -> Double? {
        guard let value = key.form.value(operand.text) else {
            report(
                operand.location,
                "\"\(operand.text)\" is no value for \(key.name); \(Self.remedy(for: operand.text, key: key))")
            return nil
        }
        guard !key.isShare || (0...1).contains(value) else {
            report(operand.location, "\(key.name) is from 0 to 1, not \(operand.text); for 80 % write 0.8")
            return nil
        }
        return value
    }

    private static func remedy(for text: String, key: ConditionKey) -> String {
        if key.isShare { return "write a number from 0 to 1; for 80 % write 0.8" }
        if key.form == .timeOfDay, text.contains("-") { return "for a span write { between: [18:00, 22:00] }" }
        let isFullWidth = text.unicodeScalars.contains { (0xFF01...0xFF5E).contains($0.value) }
        return isFullWidth ? "\(key.form.remedy), with half-width digits" : key.form.remedy
    }
}

extension ConditionKey.Form {
    /// A value as written in a rule file; nil when it is none.
    func value(_ text: String) -> Double? {
        switch self {
        case .text: nil
        case .number: Quantity.number(text)
        case .size: Quantity.bytes(text).map(Double.init)
        case .duration: Quantity.seconds(text).map(Double.init)
        case .timeOfDay: Quantity.minuteOfDay(text).map(Double.init)
        case .day: Quantity.day(text).map(Double.init)
        }
    }

    var remedy: String {
        switch self {
        case .text: "write a text"
        case .number: "write a number such as 3 or 0.8"
        case .size: "write a size such as 10MB"
        case .duration: Quantity.durationWords
        case .timeOfDay: "write a time of day such as 18:00"
        case .day: "write a day such as 2026-11-11"
        }
    }
}
