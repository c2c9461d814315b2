/// The words by which a signature is known, as tables. What they are stands in `Data/signatures.txt`. A class, because it
/// is handed on with every mail and never changes.
///
/// Full-width forms are not needed there, because only the beginnings of lines are compared.
final class SignaturePhrases: Sendable {
    /// Closing words: the signature stands below them. Compared with the whole line but for punctuation.
    let closings: Set<UInt64>

    /// Labels that lead a contact line. The value is how strongly it says "signature", 1 or 2.
    let labels: [UInt64: Int]

    /// Words of a line that announces what stands below it.
    let announcements: [[UInt8]]

    /// Words of one line that are no name, though a capital begins them: short answers and calls for haste.
    let ordinaryWords: Set<UInt64>

    /// Surnames by which a line of two or three Chinese characters is taken for a name.
    let surnames: Set<UInt64>

    /// What a phrase says of the line it stands in.
    enum Mark: UInt8, Sendable {
        case closing = 1, app = 2, disclaimer = 4, part = 8, matter = 16, introduction = 32, place = 64, postscript =
            128

        /// Whether it only counts at the beginning of the line.
        var opensLine: Bool { self != .part && self != .matter && self != .place }
    }

    let finder: PhraseFinder
    private let marks: [Mark]

    init(_ words: [MailPhrases.Section: [String]]) {
        closings = Self.keys(words[.closing])
        ordinaryWords = Self.keys(words[.ordinaryWord])
        announcements = bothCases(words[.announcement]).map { Array($0.utf8) }
        surnames = Set((words[.frequentSurname] ?? []).flatMap { $0.map { LabelHash.of(String($0)) } })
        var labels: [UInt64: Int] = [:]
        for name in bothCases(words[.cardLabel]) { labels[LabelHash.of(name)] = 1 }
        for name in bothCases(words[.contactLabel]) { labels[LabelHash.of(name)] = 2 }
        self.labels = labels
        let lists: [(Mark, MailPhrases.Section)] = [
            (.closing, .closingBeginning), (.app, .appLine), (.disclaimer, .disclaimer), (.part, .linePart),
            (.matter, .matter), (.introduction, .selfIntroduction), (.place, .place), (.postscript, .postscript),
        ]
        let marked = lists.flatMap { mark, section in
            // A line goes on behind its beginning, in the middle of a word as well.
            bothCases(words[section]).map { (mark, mark.opensLine ? $0 + "*" : $0) }
        }
        marks = marked.map(\.0)
        finder = PhraseFinder(marked.map(\.1))
    }

    func mark(of hit: PhraseFinder.Hit) -> Mark { marks[hit.phrase] }

    private static func keys(_ phrases: [String]?) -> Set<UInt64> {
        Set(bothCases(phrases).map { phrase in Self.closingKey(Array(phrase.utf8)) })
    }

    /// A closing line without punctuation and blanks, so that `Best regards,` and `此致  敬礼！` find their entry.
    static func closingKey(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var hash = LabelHash()
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if isASCIILetterOrDigit(byte) {
                hash.add(byte)
                index += 1
            } else if byte < 0x80 {
                index += 1
            } else {
                let end = min(index + utf8Length(leadByte: byte), range.upperBound)
                if !isPunctuation(bytes, index..<end) { for place in index..<end { hash.add(bytes[place]) } }
                index = end
            }
        }
        return hash.value
    }

    private static func closingKey(_ bytes: [UInt8]) -> UInt64 { closingKey(bytes, 0..<bytes.count) }

    /// U+2000 to U+206F, U+3000 to U+303F, full-width forms of ASCII punctuation, no-break space.
    private static func isPunctuation(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        switch (bytes[range.lowerBound], range.count) {
        case (0xE2, 3): bytes[range.lowerBound + 1] < 0x82
        case (0xE3, 3): bytes[range.lowerBound + 1] == 0x80
        case (0xEF, 3):
            bytes[range.lowerBound + 1] == 0xBC && bytes[range.lowerBound + 2] < 0x90
                || bytes[range.lowerBound + 2] > 0x98 && bytes[range.lowerBound + 1] == 0xBC
                    && bytes[range.lowerBound + 2] < 0xA0
        case (0xC2, 2): bytes[range.lowerBound + 1] == 0xA0
        default: false
        }
    }
}
