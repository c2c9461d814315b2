import Testing

/// A table of dialogues in one file, for behaviour that has many cases.
///
///     DEFINE envelope            lines that many cases share, up to END
///     …
///     END
///     CASE what is shown as the name of the test
///     gives: accepted            a value of the case; any word in lower case, also several times
///     > envelope                 the lines of a DEFINE
///     S: 250 Ok                  the rest is a dialogue, as `ScriptedServer` describes it
package struct DialogueTable {
    package struct Case: Sendable, CustomTestStringConvertible {
        package let name: String
        package fileprivate(set) var values: [String: [String]] = [:]
        /// The dialogue's lines.
        package fileprivate(set) var script = ""

        package var testDescription: String { name }
    }

    package private(set) var cases: [Case] = []

    /// Reads a file of `fixtures/dialogues`. What it cannot read traps, as in `Dialogue`.
    package init(fixture path: String) {
        var definitions: [String: String] = [:]
        var open: String?
        let text = String(decoding: Checkout.fixture("dialogues/\(path)"), as: UTF8.self)
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("DEFINE ") {
                open = String(line.dropFirst(7))
            } else if line == "END" {
                open = nil
            } else if let name = open {
                definitions[name, default: ""] += line + "\n"
            } else if line.hasPrefix("CASE ") {
                cases.append(Case(name: String(line.dropFirst(5))))
            } else {
                precondition(!cases.isEmpty, "\(path): a line before the first CASE: \(line)")
                cases[cases.count - 1].add(line, definitions)
            }
        }
    }
}

extension DialogueTable.Case {
    fileprivate mutating func add(_ line: Substring, _ definitions: [String: String]) {
        if line.hasPrefix("> ") {
            guard let lines = definitions[String(line.dropFirst(2))] else {
                preconditionFailure("there is no definition: \(line)")
            }
            script += lines
            return
        }
        let key = line.prefix { $0.isASCII && $0.isLowercase }
        if !key.isEmpty && line[key.endIndex...].hasPrefix(": ") {
            values[String(key), default: []].append(String(line[key.endIndex...].dropFirst(2)))
        } else {
            script += line + "\n"
        }
    }
}
