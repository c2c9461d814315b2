import Extraction
import MailText
import Rules
import Vocabulary

extension ConfigLoader {
    /// The files of `words.d`. Each room takes its own sections out of every one of them: an admin need not know which room
    /// reads a word.
    func wordFiles() -> [WordFile] {
        folder.files(ConfigPath(path: "words.d", location: nil), ending: ".txt").compactMap { name in
            guard let text = folder.text(name, required: true) else { return nil }
            let file = WordFile(text)
            let found =
                file.problems + unknownSections(file) + DetailWords.problems(in: file) + MailPhrases.problems(in: file)
            for problem in found {
                problems.report(SourceLocation(file: name, line: problem.line), problem.message)
            }
            return file
        }
    }

    private func unknownSections(_ file: WordFile) -> [WordFileProblem] {
        let known = DetailWords.Kind.allCases.map(\.rawValue) + MailPhrases.Section.allCases.map(\.rawValue)
        return file.sections.filter { !known.contains($0.name) }.map { section in
            let hint = nearest(to: section.name, in: known).map { "did you mean [\($0)]?" }
            return WordFileProblem(
                line: section.line,
                message: "unknown section [\(section.name)]; \(hint ?? "there are \(known.joined(separator: ", "))")")
        }
    }
}
