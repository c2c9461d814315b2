/// The words by which mail programs introduce quoted mail, as tables for comparing bytes. What they are stands in
/// `Data/quotes.txt`. A class, because it is handed on with every mail and never changes.
final class QuoteBoundaries: Sendable {
    /// What a field of a quoted header is; two different ones close together make a header block.
    enum HeaderField: UInt8, Sendable { case from, date, to, copy, subject }

    /// Names of header fields as programs translate them.
    let headerFields: [UInt64: HeaderField]

    /// The bytes that their names begin with, in either case: most lines are done with after one look.
    let opensHeaderField: [Bool]
    /// Bytes of the longest of them.
    let longestHeaderField: Int

    /// What stands between dashes above a quoted or forwarded mail. The rest of the text is not the writer's.
    let separators: [[UInt8]]

    /// How lines begin that introduce forwarded mail without any dashes, by their first byte in lower case.
    let openings: [[[UInt8]]]

    /// Words of the line above a quote: `On … wrote:`.
    let attributionVerbs: [[UInt8]]

    /// How such a line begins, where it is spread over several lines. A year at the beginning is known without a list.
    let attributionOpeners: [[UInt8]]

    /// The first bytes of those beginnings, of years and of dashes, by byte: most lines are done with after one look.
    let opensAttribution: [Bool]

    /// The last bytes of attributions without a colon: of a verb, of an address in brackets, of dashes.
    let endsAttribution: [Bool]

    init(_ words: [MailPhrases.Section: [String]]) {
        func list(_ section: MailPhrases.Section) -> [[UInt8]] { bothCases(words[section]).map { Array($0.utf8) } }
        headerFields = Self.headerFields(words)
        var opensField = [Bool](repeating: false, count: 256)
        let names = Self.headerSections.flatMap { bothCases(words[$0.0]) }
        for first in names.compactMap(\.utf8.first) {
            opensField[Int(first)] = true
            if isASCIILetter(first) { opensField[Int(first ^ 0x20)] = true }
        }
        opensHeaderField = opensField
        longestHeaderField = names.map(\.utf8.count).max() ?? 0
        separators = list(.quoteSeparator)
        attributionVerbs = list(.quoteVerb)
        attributionOpeners = list(.quoteBeginning).filter { !$0.isEmpty }
        var openings = [[[UInt8]]](repeating: [], count: 256)
        for opening in list(.quoteOpening) {
            if let first = opening.first { openings[Int(first)].append(opening) }
        }
        self.openings = openings
        var opens = [Bool](repeating: false, count: 256)
        for opener in attributionOpeners {
            opens[Int(opener[0])] = true
            if isASCIILetter(opener[0]) { opens[Int(opener[0] ^ 0x20)] = true }
        }
        for byte in [UInt8(ascii: "2"), UInt8(ascii: "-")] { opens[Int(byte)] = true }
        opensAttribution = opens
        var ends = [Bool](repeating: false, count: 256)
        for byte in attributionVerbs.compactMap(\.last) + [UInt8(ascii: ">"), UInt8(ascii: "-")] {
            ends[Int(byte)] = true
        }
        endsAttribution = ends
    }

    private static let headerSections: [(MailPhrases.Section, HeaderField)] = [
        (.quoteFrom, .from), (.quoteDate, .date), (.quoteTo, .to), (.quoteCopy, .copy), (.quoteSubject, .subject),
    ]

    private static func headerFields(_ words: [MailPhrases.Section: [String]]) -> [UInt64: HeaderField] {
        var table: [UInt64: HeaderField] = [:]
        for (section, field) in headerSections {
            for name in bothCases(words[section]) { table[LabelHash.of(name)] = field }
        }
        return table
    }
}
