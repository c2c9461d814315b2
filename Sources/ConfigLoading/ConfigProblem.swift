package import Vocabulary

/// One thing that must be mended: where, what, and what to do.
package struct ConfigProblem: Sendable, Hashable, CustomStringConvertible {
    package let location: SourceLocation
    package let message: String

    package init(_ location: SourceLocation, _ message: String) {
        self.location = location
        self.message = message
    }

    /// `postroom.yaml:12:5: unknown key acounts; did you mean accounts?`
    package var description: String { "\(location): \(message)" }
}

/// A configuration that cannot be used, with everything that is wrong with it.
package struct ConfigError: Error, Sendable, CustomStringConvertible {
    package let problems: [ConfigProblem]

    package init(problems: [ConfigProblem]) { self.problems = problems }

    /// The first problem and how many more there are: for one line of a log.
    package var description: String {
        guard let first = problems.first else { return "no problem" }
        return problems.count == 1 ? "\(first)" : "\(first) (and \(problems.count - 1) more; run postroom check)"
    }
}

/// Where the sections of one load leave their problems.
final class ProblemList {
    private var problems: [ConfigProblem] = []
    /// Files in the order in which they were read; problems are shown in it.
    private var fileOrder: [String: Int] = [:]

    var isEmpty: Bool { problems.isEmpty }
    var count: Int { problems.count }

    func report(_ location: SourceLocation, _ message: String) {
        problems.append(ConfigProblem(location, message))
    }

    func noteFile(_ name: String) {
        if fileOrder[name] == nil { fileOrder[name] = fileOrder.count }
    }

    /// By file, line and column; each once.
    func sorted() -> [ConfigProblem] {
        var seen: Set<ConfigProblem> = []
        return problems.filter { seen.insert($0).inserted }.enumerated().sorted { left, right in
            key(left.element, left.offset) < key(right.element, right.offset)
        }.map(\.element)
    }

    private func key(_ problem: ConfigProblem, _ offset: Int) -> (Int, String, Int, Int, Int) {
        let place = problem.location
        return (fileOrder[place.file] ?? Int.max, place.file, place.line, place.column, offset)
    }
}
