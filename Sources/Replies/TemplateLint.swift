import Vocabulary

/// One tag of a template: what it is and where it stands.
private struct Tag {
    /// `#`, `^`, `/`, `>`, `!`, or another character that Mustache gives a meaning; nil for a variable.
    let sigil: Character?
    let name: String
    let location: SourceLocation
}

/// A piece of a file with the line on which it begins.
struct TemplatePiece {
    let text: String
    let firstLine: Int
    let firstColumn: Int
}

/// Finds what Mustache would pass over in silence. The tags are read from the source, not from the parsed template,
/// because only the source knows lines; afterwards Mustache parses it as well.
func lint(_ file: TemplateSource, partials: Set<String>) -> [TemplateProblem] {
    if file.isPartial {
        return lint(TemplatePiece(text: file.text, firstLine: 1, firstColumn: 1), of: file, partials: partials)
    }
    let (subject, body) = subjectAndBody(of: file)
    guard !subject.text.isEmpty else {
        let location = SourceLocation(file: file.location.file, line: subject.firstLine, column: 1)
        return [TemplateProblem(location: location, message: "expected \"Subject: …\", then a blank line and the text")]
    }
    var problems = lint(subject, of: file, partials: partials) + lint(body, of: file, partials: partials)
    if body.text.utf8.allSatisfy({ $0 <= 0x20 }) {
        let location = SourceLocation(file: file.location.file, line: body.firstLine)
        problems.append(TemplateProblem(location: location, message: "the text is empty; write it below a blank line"))
    }
    return problems
}

/// Splits a template into subject and body. The subject is empty when there is none.
func subjectAndBody(of file: TemplateSource) -> (subject: TemplatePiece, body: TemplatePiece) {
    let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
    var index = 0
    var inComment = false
    while index < lines.count {
        let line = lines[index]
        let opens = line.hasPrefix("{{!")
        guard inComment || opens || trimmed(line).isEmpty else { break }
        if opens || inComment { inComment = !trimmed(line).hasSuffix("}}") }
        index += 1
    }
    let prefix = "Subject:"
    guard index < lines.count, lines[index].hasPrefix(prefix),
        index + 1 == lines.count || trimmed(lines[index + 1]).isEmpty
    else {
        let nothing = TemplatePiece(text: "", firstLine: min(index + 1, lines.count), firstColumn: 1)
        return (nothing, nothing)
    }
    let subject = TemplatePiece(
        text: trimmed(lines[index].dropFirst(prefix.count)), firstLine: index + 1,
        firstColumn: prefix.count + 1 + lines[index].dropFirst(prefix.count).prefix { $0 == " " || $0 == "\t" }.count)
    let rest = lines.dropFirst(index + 2).joined(separator: "\n")
    return (subject, TemplatePiece(text: rest, firstLine: index + 3, firstColumn: 1))
}

private func trimmed(_ text: Substring) -> String {
    var text = text.unicodeScalars[...]
    while let last = text.last, last.properties.isWhitespace { text.removeLast() }
    while let first = text.first, first.properties.isWhitespace { text.removeFirst() }
    return String(text)
}

/// Two files of one name and language: the second would silently win.
func duplicates(in sources: [TemplateSource]) -> [TemplateProblem] {
    var seen: [String: SourceLocation] = [:]
    return sources.compactMap { source in
        let key = source.language.rawValue + "/" + source.name
        guard let first = seen.updateValue(seen[key] ?? source.location, forKey: key) else { return nil }
        return TemplateProblem(
            location: source.location,
            message: "template \"\(source.name)\" in \(source.language) is already in \(first)")
    }
}

/// A template and every partial that it reaches, each once.
func reachedFiles(from name: String, among files: [String: TemplateSource]) -> [TemplateSource] {
    var reached: [String: TemplateSource] = [:]
    var open = [name]
    while let next = open.popLast() {
        guard reached[next] == nil, let file = files[next] else { continue }
        reached[next] = file
        let piece = TemplatePiece(text: file.text, firstLine: 1, firstColumn: 1)
        open += tags(in: piece, file: file.location.file).tags.filter { $0.sigil == ">" }.map(\.name)
    }
    return Array(reached.values)
}

/// Names of the variables that a file uses, sections included.
func usedVariables(_ file: TemplateSource) -> Set<String> {
    let piece = TemplatePiece(text: file.text, firstLine: 1, firstColumn: 1)
    return Set(tags(in: piece, file: file.location.file).tags.filter { $0.sigil == nil || $0.sigil == "#" }.map(\.name))
}

/// Partials that include each other would never end.
func cycles(in files: [TemplateSource]) -> [TemplateProblem] {
    var includes: [String: [String]] = [:]
    for file in files where file.isPartial {
        let piece = TemplatePiece(text: file.text, firstLine: 1, firstColumn: 1)
        includes[file.name] = tags(in: piece, file: file.location.file).tags.filter { $0.sigil == ">" }.map(\.name)
    }
    return files.filter(\.isPartial).compactMap { file in
        var reached: Set<String> = []
        var open = includes[file.name] ?? []
        while let next = open.popLast() {
            guard reached.insert(next).inserted else { continue }
            open += includes[next] ?? []
        }
        guard reached.contains(file.name) else { return nil }
        return TemplateProblem(location: file.location, message: "partial \"\(file.name)\" includes itself")
    }
}

private func lint(_ piece: TemplatePiece, of file: TemplateSource, partials: Set<String>) -> [TemplateProblem] {
    let (tags, unfinished) = tags(in: piece, file: file.location.file)
    var problems = unfinished.map { [TemplateProblem(location: $0, message: "\"{{\" without \"}}\"")] } ?? []
    var open: [Tag] = []
    for tag in tags {
        switch tag.sigil {
        case "!": continue
        case ">": problems += partialProblems(tag, partials: partials)
        case "#", "^":
            problems += nameProblems(tag)
            open.append(tag)
        case "/":
            problems += closeProblems(tag, open: open)
            if open.last?.name == tag.name { open.removeLast() }
        case nil:
            problems += nameProblems(tag) + sectionProblems(tag, open: open)
        case .some(let sigil):
            let message = "\"{{\(sigil)\" is not used here; templates have variables, sections, partials and comments"
            problems.append(TemplateProblem(location: tag.location, message: message))
        }
    }
    return problems
        + open.map { TemplateProblem(location: $0.location, message: "section \"\($0.name)\" is not closed") }
}

private func nameProblems(_ tag: Tag) -> [TemplateProblem] {
    let known = TemplateValues.required.union(TemplateValues.optional)
    guard !known.contains(tag.name) else {
        guard tag.sigil != nil, TemplateValues.required.contains(tag.name) else { return [] }
        let message = "\"\(tag.name)\" is always there and needs no section; write {{\(tag.name)}}"
        return [TemplateProblem(location: tag.location, message: message)]
    }
    let known2 = known.sorted()
    let hint =
        nearest(to: tag.name, among: known2).map { "did you mean \"\($0)\"?" }
        ?? "known are \(known2.joined(separator: ", "))"
    return [TemplateProblem(location: tag.location, message: "unknown variable \"\(tag.name)\"; \(hint)")]
}

private func sectionProblems(_ tag: Tag, open: [Tag]) -> [TemplateProblem] {
    guard TemplateValues.optional.contains(tag.name),
        !open.contains(where: { $0.sigil == "#" && $0.name == tag.name })
    else { return [] }
    let message = "\"\(tag.name)\" may be missing; write {{#\(tag.name)}}…{{\(tag.name)}}…{{/\(tag.name)}}"
    return [TemplateProblem(location: tag.location, message: message)]
}

private func closeProblems(_ tag: Tag, open: [Tag]) -> [TemplateProblem] {
    guard open.last?.name != tag.name else { return [] }
    let expected = open.last.map { "the open section is \"\($0.name)\", line \($0.location.line)" } ?? "none is open"
    return [TemplateProblem(location: tag.location, message: "\"{{/\(tag.name)}}\" closes nothing; \(expected)")]
}

private func partialProblems(_ tag: Tag, partials: Set<String>) -> [TemplateProblem] {
    guard !partials.contains(tag.name) else { return [] }
    let hint =
        nearest(to: tag.name, among: partials.sorted()).map { "did you mean \"\($0)\"?" }
        ?? "a partial is a file of the same language whose name begins with \"_\""
    return [TemplateProblem(location: tag.location, message: "unknown partial \"\(tag.name)\"; \(hint)")]
}

/// All tags with line and column (both from 1, columns in characters), and where a tag begins that never ends.
private func tags(in piece: TemplatePiece, file: String) -> (tags: [Tag], unfinished: SourceLocation?) {
    var tags: [Tag] = []
    var rest = Array(piece.text)[...]
    var line = piece.firstLine
    var column = piece.firstColumn
    while let character = rest.first {
        guard character == "{", rest.dropFirst().first == "{" else {
            (line, column) = character.isNewline ? (line + 1, 1) : (line, column + 1)
            rest = rest.dropFirst()
            continue
        }
        let location = SourceLocation(file: file, line: line, column: column)
        guard
            let end = rest.indices.dropFirst(2).first(where: {
                rest[$0] == "}" && rest.dropFirst($0 - rest.startIndex + 1).first == "}"
            })
        else { return (tags, location) }
        tags.append(tag(rest[(rest.startIndex + 2)..<end], at: location))
        for passed in rest[...(end + 1)] { (line, column) = passed.isNewline ? (line + 1, 1) : (line, column + 1) }
        rest = rest[(end + 2)...]
    }
    return (tags, nil)
}

private func tag(_ inside: ArraySlice<Character>, at location: SourceLocation) -> Tag {
    let text = trimmed(Substring(String(inside)))
    guard let first = text.first, !first.isLetter, first != "_" else {
        return Tag(sigil: nil, name: text, location: location)
    }
    return Tag(sigil: first, name: trimmed(text.dropFirst()), location: location)
}

/// The known name closest to a misspelt one, when it is close enough to be meant.
private func nearest(to name: String, among known: [String]) -> String? {
    let distances = known.map { (distance(Array(name), Array($0)), $0) }
    guard let best = distances.min(by: { $0.0 < $1.0 }), best.0 <= max(2, name.count / 3) else { return nil }
    return best.1
}

/// Levenshtein's distance.
private func distance(_ left: [Character], _ right: [Character]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, b) in right.enumerated() {
            let cost = min(row[j + 1] + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
            diagonal = row[j + 1]
            row[j + 1] = cost
        }
    }
    return row[right.count]
}
