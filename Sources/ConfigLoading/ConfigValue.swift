import Rules
import Vocabulary
import Yams

/// A node of a file with its place. Whoever asks for a form that it has not reports a problem and gets nil.
struct ConfigValue {
    let node: Node
    let file: String
    let problems: ProblemList

    var location: SourceLocation {
        SourceLocation(file: file, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0)
    }

    var isTable: Bool { node.mapping != nil }
    var isList: Bool { node.sequence != nil }

    func report(_ message: String) { problems.report(location, message) }

    /// The text of a scalar, whatever it looks like; nil for lists and mappings, without a problem.
    var scalar: String? { node.scalar?.string }

    /// `key:` with nothing behind it.
    var isEmpty: Bool {
        guard let scalar = node.scalar else { return false }
        return scalar.style == .plain && (scalar.string.isEmpty || scalar.string == "~" || scalar.string == "null")
    }

    func text(_ what: String = "a text") -> String? {
        guard let scalar, !isEmpty else {
            report(isEmpty ? "there is no value; write \(what), or remove the line" : "expected \(what), not \(form)")
            return nil
        }
        return scalar
    }

    func located(_ what: String = "a text") -> LocatedText? {
        text(what).map { LocatedText($0, at: location) }
    }

    /// One text or a list of texts.
    func texts(_ what: String = "a text or a list of texts") -> [LocatedText]? {
        guard let sequence = node.sequence else { return located(what).map { [$0] } }
        let items = sequence.map { child($0).located() }
        return items.contains { $0 == nil } ? nil : items.compactMap { $0 }
    }

    func bool() -> Bool? {
        switch scalar {
        case "true": return true
        case "false": return false
        default:
            report("\(scalar.map { "\($0) is neither true nor false; " } ?? "")write true or false")
            return nil
        }
    }

    func int(_ range: ClosedRange<Int>) -> Int? {
        guard let scalar, let value = Int(scalar), range.contains(value) else {
            report("write a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    func word<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> Word? where Word.RawValue == String {
        choice(
            Dictionary(uniqueKeysWithValues: type.allCases.map { ($0.rawValue, $0) }),
            order: type.allCases.map(\.rawValue))
    }

    /// One of fixed words.
    func choice<Value>(_ values: [String: Value], order: [String]) -> Value? {
        guard let text = text(order.joined(separator: " or ")) else { return nil }
        guard let value = values[text] else {
            report("\(text) is not one of \(order.joined(separator: ", "))")
            return nil
        }
        return value
    }

    func address() -> EmailAddress? {
        guard let text = text("an address such as support@example.com") else { return nil }
        guard let address = EmailAddress(text) else {
            report("\(text) is no mail address; write only local@domain, without a name")
            return nil
        }
        return address
    }

    func addresses() -> [EmailAddress] {
        guard let sequence = node.sequence else { return address().map { [$0] } ?? [] }
        return sequence.compactMap { child($0).address() }
    }

    func list(_ what: String) -> [ConfigValue]? {
        guard let sequence = node.sequence else {
            report("expected a list of \(what), each after a dash, not \(form)")
            return nil
        }
        return sequence.map(child)
    }

    func table(_ what: String) -> ConfigTable? {
        guard let mapping = node.mapping else {
            report("expected \(what) as `key: value` lines, not \(form)\(colonHint)")
            return nil
        }
        return ConfigTable(mapping: mapping, value: self)
    }

    func child(_ node: Node) -> ConfigValue { ConfigValue(node: node, file: file, problems: problems) }

    private var form: String {
        switch node {
        case .scalar: isEmpty ? "nothing" : "a text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .alias: "an alias"
        }
    }

    private var colonHint: String {
        guard let scalar else { return "" }
        if scalar.contains("：") { return "; a full-width colon ：is no colon, write `: `" }
        let isGlued = scalar.contains(":") && !scalar.contains(": ") && !scalar.contains("://")
        return isGlued ? "; write a space behind the colon" : ""
    }
}

/// A mapping that remembers which keys were asked for. `finish` makes a problem of every other.
final class ConfigTable {
    let value: ConfigValue
    private let entries: [(key: LocatedText, value: ConfigValue)]
    private var known: [String] = []

    init(mapping: Node.Mapping, value: ConfigValue) {
        self.value = value
        entries = mapping.compactMap { key, node in
            let key = value.child(key)
            guard let text = key.scalar else {
                key.report("a key is a single word")
                return nil
            }
            let child = value.child(node)
            // `{ team:front }` is a key without a value.
            if child.isEmpty, text.contains(where: { $0 == ":" || $0 == "：" }) {
                let remedy =
                    text.contains("：")
                    ? "a full-width colon ：is no colon, write `: `" : "write a space behind the colon"
                key.report("\(text) has no value; \(remedy)")
                return nil
            }
            return (LocatedText(text, at: key.location), child)
        }
    }

    /// All entries in file order, for mappings whose keys are names.
    var all: [(key: LocatedText, value: ConfigValue)] { entries }

    /// The value of an optional key.
    subscript(_ key: String) -> ConfigValue? {
        if !known.contains(key) { known.append(key) }
        return entries.first { $0.key.text == key }?.value
    }

    /// The place of a key that is there.
    func location(of key: String) -> SourceLocation? { entries.first { $0.key.text == key }?.key.location }

    func required(_ key: String, _ remedy: String) -> ConfigValue? {
        if let value = self[key] { return value }
        value.report("\(key) is missing; \(remedy)")
        return nil
    }

    /// Reports every key that nobody asked for; `hint` may know where one belongs.
    func finish(_ hint: (String) -> String? = { _ in nil }) {
        for (key, _) in entries where !known.contains(key.text) {
            let remedy = hint(key.text) ?? advice(for: key.text, known: known)
            value.problems.report(key.location, "unknown key \(key.text); \(remedy)")
        }
    }
}
