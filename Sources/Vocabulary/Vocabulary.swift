/// Vocabulary: the nouns that two rooms share, one file each.
///
/// Everything here is a value without behaviour beyond reading and writing itself: an address, a Message-ID, the name of
/// a message on a server, urgency, category, language, ticket number, an extracted detail, a reason. No room is known
/// here, and nothing here is a helper: a function that serves one room lives in that room.
///
/// Times are `Date` (UTC). Durations are `Duration`, or carry their unit in the name.

/// A place in a file that an admin edits: every problem and every rule names one.
package struct SourceLocation: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The file, as it was named to us or relative to the configuration's folder (`rules.d/10-vip.yaml`).
    package let file: String
    /// From 1; 0 when only the file is known.
    package let line: Int
    /// From 1; 0 when only the line is known.
    package let column: Int

    package init(file: String, line: Int = 0, column: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`, as compilers and editors read it.
    package var description: String {
        if line == 0 { return file }
        return column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
    }
}
