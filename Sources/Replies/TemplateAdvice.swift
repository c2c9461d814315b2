import Vocabulary

/// What could be better in templates that are right: shown by `postroom check`, and no reason to refuse them.
///
/// For each: whether the subject carries the ticket's tag, whether somebody signs, whether the tone is neutral (the service
/// standard asks for neutral wording, R8), and whether all languages say the same.
func templateAdvice(_ sources: [TemplateSource]) -> [TemplateProblem] {
    let byLanguage = Dictionary(grouping: sources, by: \.language)
    var advice: [TemplateProblem] = []
    for files in byLanguage.values {
        let byName = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
        for file in files where !file.isPartial { advice += adviceOnText(file, among: byName) }
    }
    return (advice + missingLanguages(byLanguage) + missingVariables(sources)).sorted {
        ($0.location.file, $0.location.line, $0.message) < ($1.location.file, $1.location.line, $1.message)
    }
}

private func adviceOnText(_ file: TemplateSource, among files: [String: TemplateSource]) -> [TemplateProblem] {
    var advice: [TemplateProblem] = []
    let (subject, _) = subjectAndBody(of: file)
    if !subject.text.contains("[{{ticket}}]") {
        let location = SourceLocation(file: file.location.file, line: subject.firstLine)
        advice.append(
            TemplateProblem(location: location, message: "the subject has no [{{ticket}}]; it is put in front of it"))
    }
    let reached = reachedFiles(from: file.name, among: files)
    let isSigned = reached.contains { source in
        source.text.split(separator: "\n").contains { $0 == "--" || $0 == "-- " }
    }
    if !isSigned {
        advice.append(
            TemplateProblem(location: file.location, message: "nobody signs; end it with {{> _signature}} or a line --")
        )
    }
    for (number, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        let lowered = line.lowercased()
        for word in accusing[file.language.rawValue] ?? [] where lowered.contains(word) {
            advice.append(
                TemplateProblem(
                    location: SourceLocation(file: file.location.file, line: number + 1),
                    message: "\"\(word)\" blames or promises too much; write what happens next, in neutral words"))
        }
    }
    return advice
}

/// Words that tell a customer that he is wrong, or promise what nobody can keep.
private let accusing: [String: [String]] = [
    "zh-Hans": ["您的错误", "您弄错", "你们自己", "绝对不会", "保证永远", "与我们无关"],
    "zh-Hant": ["您的錯誤", "您弄錯", "你們自己", "絕對不會", "保證永遠", "與我們無關"],
    "en": ["your fault", "your mistake", "you failed to", "you should have", "never again", "not our problem"],
    "ja": ["お客様の責任", "お客様のミス", "絶対に", "二度と"],
]

private func missingLanguages(_ byLanguage: [Language: [TemplateSource]]) -> [TemplateProblem] {
    let all = Set(byLanguage.values.flatMap { $0.filter { !$0.isPartial }.map(\.name) })
    return byLanguage.flatMap { language, files -> [TemplateProblem] in
        guard let first = files.min(by: { $0.location.file < $1.location.file }) else { return [] }
        let folder = first.location.file.split(separator: "/").dropLast().joined(separator: "/")
        return all.subtracting(files.map(\.name)).sorted().map { name in
            TemplateProblem(
                location: SourceLocation(file: folder),
                message: "there is no \(name) in \(language); it is sent in another language")
        }
    }
}

/// A variable that all other languages of a template use.
private func missingVariables(_ sources: [TemplateSource]) -> [TemplateProblem] {
    Dictionary(grouping: sources.filter { !$0.isPartial }, by: \.name).values.flatMap { siblings -> [TemplateProblem] in
        guard siblings.count > 2 else { return [] }
        let used = siblings.map { (file: $0, names: usedVariables($0)) }
        return used.flatMap { entry -> [TemplateProblem] in
            let others = used.filter { $0.file.language != entry.file.language }.map(\.names)
            let common = others.dropFirst().reduce(others.first ?? []) { $0.intersection($1) }
            return common.subtracting(entry.names).sorted().map { name in
                TemplateProblem(
                    location: entry.file.location,
                    message: "every other language says \"\(name)\", and this one does not")
            }
        }
    }
}
