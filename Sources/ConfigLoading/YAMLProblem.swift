import Vocabulary
import Yams

/// What Yams says about a file that is no YAML, in words that say what to do.
func yamlProblem(_ error: any Error, file: String, text: String) -> (SourceLocation, String) {
    func place(_ mark: Mark) -> SourceLocation { SourceLocation(file: file, line: mark.line, column: mark.column) }
    switch error as? YamlError {
    case .scanner(let context?, "found unexpected end of stream", _, _):
        return (place(context.mark), "not YAML: this quote is not closed")
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
        .composer(let context, let problem, let mark, _):
        return (place(mark), "not YAML: \(problem)\(hint(problem, at: mark, from: context?.mark, in: text))")
    case .duplicatedKeysInMapping(let keys, let context):
        let key = keys.first ?? "?"
        return (
            secondPlace(of: key, first: context.mark, file: file, text: text),
            "\(key) stands twice (first in line \(context.mark.line)); keep one"
                + (beginsEntry(context.mark, in: text) ? ", or begin a second entry with a dash" : "")
        )
    case .reader(let problem, _, _, _):
        return (SourceLocation(file: file), "cannot be read: \(problem); remove control characters")
    default:
        return (SourceLocation(file: file), "not YAML")
    }
}

/// The lines as libyaml counts them, whatever ends them.
private func lines(of text: String) -> [Substring] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
}

/// The usual mistakes behind libyaml's terse messages. `start` is where what could not be read to its end begins.
private func hint(_ problem: String, at mark: Mark, from start: Mark?, in text: String) -> String {
    let lines = lines(of: text)
    guard lines.indices.contains(mark.line - 1) else { return "" }
    // The parser often complains one line late.
    let near = lines[max(0, mark.line - 2)...(mark.line - 1)]
    if near.contains(where: { $0.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") }) {
        return "; indent with spaces, YAML allows no tabs"
    }
    if problem.contains("escape character") {
        return "; in double quotes \\ begins an escape: write regular expressions in single quotes"
    }
    if near.contains(where: { $0.contains("：") }) { return "; a full-width colon ：is no colon, write `: `" }
    if near.contains(where: { $0.contains { "｛｝［］【】".contains($0) } }) {
        return "; write { } and [ ], not full-width ones"
    }
    if near.contains(where: { $0.contains("“") || $0.contains("”") }) { return "; write straight quotes \"" }
    if problem.contains("alphabetic or numeric") || problem.contains("undefined alias") {
        return "; put a value that begins with * or & in quotes"
    }
    if let sign = lines[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1).first,
        "@%`".unicodeScalars.contains(sign)
    {
        return "; put a value that begins with \(sign) in quotes"
    }
    if problem.contains("another document") { return "; a file is one document: remove the line ---" }
    if problem.contains("mapping values") {
        return "; write each `key: value` in a line of its own, and a text with a colon and a space in it in quotes"
    }
    if problem.contains("expected ',' or"), let start {
        let sign = problem.contains("]") ? "[" : "{"
        let isRemark = lines[max(0, min(start.line, mark.line) - 1)...(mark.line - 1)].contains { $0.contains(" #") }
        return "; the \(sign) of line \(start.line) is not closed, or something in it is not quoted rightly"
            + (isRemark ? " (# behind a space begins a remark)" : "")
    }
    return "; look at the indentation and the quotes here and in the line above"
}

/// Whether the key begins an entry of a list: its dash stands before it.
private func beginsEntry(_ mark: Mark, in text: String) -> Bool {
    let lines = lines(of: text)
    guard lines.indices.contains(mark.line - 1) else { return false }
    let before = lines[mark.line - 1].unicodeScalars.prefix(mark.column - 1)
    return before.contains("-") && before.allSatisfy { $0 == " " || $0 == "-" }
}

/// Yams tells where a doubled key stands first; the one to look at is the second.
private func secondPlace(of key: String, first: Mark, file: String, text: String) -> SourceLocation {
    let lines = lines(of: text)
    let indent = first.column - 1
    for (index, line) in lines.enumerated().dropFirst(first.line) {
        let scalars = line.unicodeScalars
        guard scalars.count > indent, scalars.prefix(indent).allSatisfy({ $0 == " " || $0 == "-" }) else { continue }
        let rest = String(scalars.dropFirst(indent))
        if ["\(key):", "\"\(key)\":", "'\(key)':"].contains(where: { rest.hasPrefix($0) }) {
            return SourceLocation(file: file, line: index + 1, column: first.column)
        }
    }
    // In braces it stands further on in the same line.
    let line = lines.indices.contains(first.line - 1) ? lines[first.line - 1] : ""
    return SourceLocation(
        file: file, line: first.line, column: laterColumn(of: key, after: first.column, in: line) ?? first.column)
}

private func laterColumn(of key: String, after first: Int, in line: Substring) -> Int? {
    let scalars = Array(line.unicodeScalars)
    let wanted = Array("\(key):".unicodeScalars)
    guard scalars.count >= first + wanted.count else { return nil }
    for start in first...(scalars.count - wanted.count) where " {,".unicodeScalars.contains(scalars[start - 1]) {
        if scalars[start...].starts(with: wanted) { return start + 1 }
    }
    return nil
}
