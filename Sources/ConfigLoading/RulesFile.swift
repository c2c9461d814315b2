import Rules
import Vocabulary

/// The rule files: nodes into definitions, includes and lists followed. What rules mean is checked by `RuleSet.compile`;
/// here only the form.
///
///     - name: …                a list of rules, or
///
///     include: [../shared/base.yaml]        files whose content belongs here
///     lists:
///       suppliers: ["@parts.example"]       a list, or
///       vips: { file: ../lists/vips.txt }   one entry a line, # begins a remark
///     conditions:
///       from-supplier: { from: { in: suppliers } }
///     rules:
///       - name: …
final class RulesReader {
    private let folder: ConfigFolder
    private let problems: ProblemList
    private(set) var source = RuleSource()
    /// Files that were read, and that are being read now.
    private var read: Set<String> = []
    private var open: [String] = []

    init(folder: ConfigFolder, problems: ProblemList) {
        self.folder = folder
        self.problems = problems
    }

    /// A folder, or one file.
    func readAll(_ path: ConfigPath) {
        if path.path.hasSuffix(".yaml") { return readFile(path.path, required: true) }
        let files = folder.files(path, ending: ".yaml")
        for name in files where !read.contains(name) { readFile(name, required: false) }
    }

    private func readFile(_ name: String, required: Bool) {
        read.insert(name)
        open.append(name)
        defer { open.removeLast() }
        // A file with nothing but comments is fine.
        guard let root = folder.yaml(name, required: required), !root.isEmpty else { return }
        guard root.isTable else {
            return addRules(root)
        }
        guard let table = root.table("rules") else { return }
        if table.location(of: "when") != nil || table.location(of: "name") != nil {
            return root.report("a rule begins with a dash: write `- name: …` and indent the rest of it by two spaces")
        }
        for file in table["include"]?.texts("a file or a list of files") ?? [] { include(file, from: name) }
        addLists(table["lists"], from: name)
        addConditions(table["conditions"])
        if let rules = table["rules"] { addRules(rules) }
        table.finish { key in
            guard let value = table.all.first(where: { $0.key.text == key })?.value, value.isTable,
                value.table("a rule")?.location(of: "when") != nil
            else { return nil }
            return "a rule begins with a dash: write `- name: \(key)` and indent the rest of it by two spaces"
        }
    }

    private func addRules(_ value: ConfigValue) {
        source.rules += (value.list("rules") ?? []).compactMap { RuleForm.rule($0) }
    }

    private func include(_ file: LocatedText, from name: String) {
        let path = resolved(file.text, from: name)
        if let first = open.firstIndex(of: path) {
            let circle = (open[first...] + [path]).joined(separator: " includes ")
            return problems.report(file.location, "\(circle): a file cannot include itself")
        }
        guard read.insert(path).inserted else {
            return problems.report(file.location, "\(path) is read already; include it once")
        }
        guard folder.exists(path) else {
            return problems.report(
                file.location, "there is no file \(path); the path is taken from the folder of this file")
        }
        readFile(path, required: true)
    }

    private func addLists(_ value: ConfigValue?, from name: String) {
        for (key, value) in value?.table("lists by name")?.all ?? [] {
            if value.isTable {
                let table = value.table("a list")
                let file = table?.required("file", "name a file with one entry a line")?.located("a file")
                table?.finish()
                let entries = file.flatMap { self.entries(ofFile: $0, from: name) }
                source.lists.append(ListDefinition(name: key, entries: entries ?? [], isBroken: entries == nil))
            } else {
                let entries = value.texts("a list of texts, or { file: NAME }")
                source.lists.append(ListDefinition(name: key, entries: entries ?? [], isBroken: entries == nil))
            }
        }
    }

    /// Nil, and a problem, when the file cannot be read.
    private func entries(ofFile file: LocatedText, from name: String) -> [LocatedText]? {
        let path = resolved(file.text, from: name)
        guard folder.exists(path) else {
            problems.report(
                file.location, "there is no file \(path); the path is taken from the folder of this file")
            return nil
        }
        guard let text = folder.text(path, required: true) else { return nil }
        var entries: [LocatedText] = []
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let entry = line.prefix { $0 != "#" }.drop { $0 == " " || $0 == "\t" }
            let end = entry.lastIndex { $0 != " " && $0 != "\t" }
            guard let end else { continue }
            let place = SourceLocation(file: path, line: number + 1, column: 1)
            entries.append(LocatedText(String(entry[...end]), at: place))
        }
        return entries
    }

    private func addConditions(_ value: ConfigValue?) {
        for (key, value) in value?.table("conditions by name")?.all ?? [] {
            guard let condition = RuleForm.condition(value) else { continue }
            source.conditions.append(NamedCondition(name: key, condition: condition))
        }
    }

    /// Without `..` and `.`, so that the same file has one name.
    private func resolved(_ path: String, from name: String) -> String {
        if path.hasPrefix("/") { return path }
        var parts = name.split(separator: "/", omittingEmptySubsequences: false).dropLast().map(String.init)
        for part in path.split(separator: "/") {
            if part == "..", let last = parts.last, last != "..", !last.isEmpty {
                parts.removeLast()
            } else if part != "." {
                parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }
}

/// The form of one rule.
enum RuleForm {
    static func rule(_ value: ConfigValue) -> RuleDefinition? {
        guard let table = value.table("a rule") else { return nil }
        let name = table.required("name", "give the rule a name; explain shows it")?.located("a name")
        let condition = table.required("when", "say for which mail, such as when: { kind: customer }")
            .flatMap { Self.condition($0) }
        var effects: [EffectDefinition]? = []
        if let value = table["then"] { effects = Self.effects(value) }
        let stop = table["stop"]?.bool() ?? false
        let tests = (table["tests"]?.list("tests") ?? []).compactMap { test($0) }
        table.finish { home(of: $0) }
        guard let name, let condition, let effects else { return nil }
        return RuleDefinition(
            name: LocatedText(name.text, at: value.location), condition: condition, effects: effects, stop: stop,
            tests: tests)
    }

    private static let language = RuleLanguage()

    /// Where a key belongs that stands beside `name`, `when` and `then`.
    private static func home(of key: String) -> String? {
        if ["include", "lists", "conditions"].contains(key) { return "it stands at the top of a file, beside rules:" }
        let isAction = language.actions.contains(key)
        let isCondition =
            ["all", "any", "none", "use"].contains(key) || key.hasPrefix("header.")
            || language.keys.contains { $0.name == key }
        guard isAction || isCondition else { return nil }
        let place = isAction && isCondition ? "then, or under when" : isAction ? "then" : "when"
        return "write it under \(place), two spaces further in"
    }

    /// A mapping; several keys in it must all hold.
    static func condition(_ value: ConfigValue) -> ConditionDefinition? {
        guard !value.isList else {
            value.report("say how the conditions of this list belong together: put all:, any: or none: before it")
            return nil
        }
        guard let table = value.table("a condition") else { return nil }
        guard !table.all.isEmpty else {
            value.report("the condition is empty; write at least one key, such as { kind: customer }")
            return nil
        }
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
        case "or", "and", "not":
            let word = ["or": "any", "and": "all"][key.text] ?? "none"
            value.problems.report(
                key.location, "unknown condition \(key.text); write \(word): with a list of conditions")
            if value.isList { for item in value.list("conditions") ?? [] { _ = condition(item) } }
            return nil
        case "use":
            guard let names = value.texts("the name of a condition, or a list of names"), !names.isEmpty else {
                return nil
            }
            return names.count == 1 ? .use(names[0]) : .all(names.map { .use($0) }, at: key.location)
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
                LeafDefinition(key: key, operation: LocatedText("is", at: value.location), operands: operands))
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
        return operands(value).map {
            .leaf(LeafDefinition(key: key, operation: operation, operands: $0.texts, lists: $0.lists))
        }
    }

    /// A text, `{ list: NAME }`, or a list of both.
    private static func operands(_ value: ConfigValue) -> (texts: [LocatedText], lists: [LocatedText])? {
        var texts: [LocatedText] = []
        var lists: [LocatedText] = []
        for item in value.isList ? value.list("texts") ?? [] : [value] {
            if item.isTable {
                let table = item.table("a list")
                let name = table?.required("list", "write a text, or { list: NAME }")?.located("the name of a list")
                table?.finish()
                guard let name else { return nil }
                lists.append(name)
            } else {
                guard let text = item.located("a text or a list of texts") else { return nil }
                texts.append(text)
            }
        }
        return (texts, lists)
    }

    /// `due: { first_response: 2h }` is `due.first_response`. Nil when nothing of it can be read.
    private static func effects(_ value: ConfigValue) -> [EffectDefinition]? {
        guard let table = value.table("actions") else { return nil }
        var effects: [EffectDefinition] = []
        for (key, value) in table.all {
            if ["name", "when", "stop", "tests"].contains(key.text) {
                value.problems.report(
                    key.location, "\(key.text) is no action; write it beside then, two spaces further out")
            } else if key.text == "due", value.isTable {
                for (part, value) in value.table("deadlines")?.all ?? [] {
                    guard let texts = value.texts() else { continue }
                    let key = LocatedText("due.\(part.text)", at: part.location)
                    effects.append(EffectDefinition(key: key, values: texts))
                }
            } else if let texts = value.texts("a value or a list") {
                effects.append(EffectDefinition(key: key, values: texts))
            }
        }
        return effects.isEmpty && !table.all.isEmpty ? nil : effects
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
