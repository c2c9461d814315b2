import Vocabulary
import Yams

/// What Yams says about a file that is no YAML, in words that say what to do.
func yamlProblem(_ error: any Error, file: String, text: String) -> (SourceLocation, String) {
    func place(_ mark: Mark) -> SourceLocation { SourceLocation(file: file, line: mark.line, column: mark.column) }
    switch error as? YamlError {
    case .scanner(let context?, "found unexpected end of stream", _, _):
        return (place(context.mark), "not YAML: this quote is not closed")
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
        return (place(mark), "not YAML: \(problem)\(hint(at: mark, in: text))")
    case .composer(_, let problem, let mark, _):
        return (place(mark), "not YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
        let key = keys.first ?? "?"
        return (
            secondPlace(of: key, first: context.mark, file: file, text: text),
            "\(key) stands twice (first in line \(context.mark.line)); keep one"
        )
    case .reader(let problem, _, _, _):
        return (SourceLocation(file: file), "cannot be read: \(problem); remove control characters")
    default:
        return (SourceLocation(file: file), "not YAML")
    }
}

/// The usual mistakes behind libyaml's terse messages.
private func hint(at mark: Mark, in text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(mark.line - 1) else { return "" }
    // The parser often complains one line late.
    let near = lines[max(0, mark.line - 2)...(mark.line - 1)]
    if near.contains(where: { $0.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") }) {
        return "; indent with spaces, YAML allows no tabs"
    }
    if near.contains(where: { $0.contains("：") }) { return "; a full-width colon ：is no colon, write `: `" }
    if near.contains(where: { $0.contains("“") || $0.contains("”") }) { return "; write straight quotes \"" }
    if near.contains(where: { $0.contains(": *") || $0.contains(": &") || $0.contains(": @") || $0.contains(": %") }) {
        return "; put values that begin with * & @ or % in quotes"
    }
    return "; look at the indentation and the quotes here and in the line above"
}

/// Yams tells where a doubled key stands first; the one to look at is the second.
private func secondPlace(of key: String, first: Mark, file: String, text: String) -> SourceLocation {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let indent = first.column - 1
    for (index, line) in lines.enumerated().dropFirst(first.line) {
        let scalars = line.unicodeScalars
        guard scalars.count > indent, scalars.prefix(indent).allSatisfy({ $0 == " " || $0 == "-" }) else { continue }
        let rest = String(scalars.dropFirst(indent))
        if ["\(key):", "\"\(key)\":", "'\(key)':"].contains(where: { rest.hasPrefix($0) }) {
            return SourceLocation(file: file, line: index + 1, column: first.column)
        }
    }
    return SourceLocation(file: file, line: first.line, column: first.column)
}
