/// A file of words, as we ship them and as an admin adds to them in `words.d`:
///
///     # a comment
///     [section]
///     one word|another one
///     "from "|the next word
///
/// Words are separated by bars or line ends, without the blanks around them; double quotation marks keep those. A
/// section may come again. The rooms that know words take their own sections out of the same file, so that an admin has one
/// folder and need not know which room reads what.
package struct WordFile: Sendable {
    package struct Word: Sendable, Hashable {
        package let text: String
        package let line: Int
    }

    package struct Section: Sendable {
        package let name: String
        package let line: Int
        package fileprivate(set) var words: [Word] = []
    }

    package private(set) var sections: [Section] = []
    /// What no room could read.
    package private(set) var problems: [WordFileProblem] = []

    package init(_ text: String) {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            read(Self.trimmed(line), number: index + 1)
        }
    }

    private mutating func read(_ line: Substring, number: Int) {
        if line.isEmpty || line == "#" || line.hasPrefix("# ") { return }
        if line.first == "[", line.last == "]" {
            sections.append(Section(name: String(line.dropFirst().dropLast()), line: number))
        } else if sections.isEmpty {
            // One problem for all that stands there.
            guard problems.isEmpty else { return }
            problems.append(
                WordFileProblem(
                    line: number, message: "words before the first section; begin with a line such as [title]"))
        } else {
            sections[sections.count - 1].words += line.split(separator: "|").map(Self.word).filter { !$0.isEmpty }
                .map { Word(text: $0, line: number) }
        }
    }

    /// The words of all sections of this name.
    package func words(of section: String) -> [Word] { sections.filter { $0.name == section }.flatMap(\.words) }

    private static func word(_ piece: Substring) -> String {
        let word = trimmed(piece)
        let isQuoted = word.count >= 2 && word.first == "\"" && word.last == "\""
        return String(isQuoted ? word.dropFirst().dropLast() : word)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}

/// What is wrong with a file of words.
package struct WordFileProblem: Error, Hashable {
    package let line: Int
    package let message: String

    package init(line: Int, message: String) {
        self.line = line
        self.message = message
    }
}
