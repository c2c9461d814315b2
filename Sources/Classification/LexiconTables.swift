import Vocabulary

/// Reads the shipped tables: a line is a meaning, a weight, a colon and phrases between bars.
///
///     complaint 2.5: 投诉|投訴|
///         file a complaint
///     P1 2: 紧急|urgent
///
/// A line that begins with a blank goes on with the one before.
enum LexiconTables {
    static let entries: [Lexicon.Entry] = [chinese, english, japanese].flatMap(read)

    /// The tables are ours: a line that cannot be read is our own mistake. Read as bytes, because this is done at every
    /// start and `Character` would take longer than all the rest.
    private static func read(_ table: String) -> [Lexicon.Entry] {
        var meaning: (Lexicon.Entry.Meaning, weight: Double)?
        return Array(table.utf8).split(separator: 0x0A).flatMap { line -> [Lexicon.Entry] in
            var phrases = line
            if line.first != 0x20 {
                let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
                meaning = parts.first.flatMap(readHead)
                phrases = parts.last ?? []
            }
            guard let meaning else {
                preconditionFailure("lexicon line without meaning and weight: \(String(decoding: line, as: UTF8.self))")
            }
            return phrases.split(separator: UInt8(ascii: "|")).map {
                Lexicon.Entry(String(decoding: withoutBlanks($0), as: UTF8.self), meaning.0, weight: meaning.weight)
            }
        }
    }

    /// `complaint 2.5`, `P1 2`.
    private static func readHead(_ text: ArraySlice<UInt8>) -> (Lexicon.Entry.Meaning, weight: Double)? {
        let words = text.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 2, let weight = Double(words[1]) else { return nil }
        return (Urgency(rawValue: words[0]).map { .urgency($0) } ?? .category(Category(words[0])), weight)
    }

    private static func withoutBlanks(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text.drop { $0 == 0x20 }
        while text.last == 0x20 { text.removeLast() }
        return text
    }
}
