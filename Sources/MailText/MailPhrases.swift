/// The words that introduce quoted mail, close a letter and lead the lines of a signature. Ours stand in `Data/quotes.txt`
/// and `Data/signatures.txt`, built into the program; an admin's files of the same form are added to them.
package struct MailPhrases: Sendable {
    /// The sections of such a file.
    package enum Section: String, Sendable, CaseIterable {
        /// Names of the fields of a quoted header.
        case quoteFrom = "quote-from"
        case quoteDate = "quote-date"
        case quoteTo = "quote-to"
        case quoteCopy = "quote-copy"
        case quoteSubject = "quote-subject"
        /// What stands between dashes above quoted mail.
        case quoteSeparator = "quote-separator"
        /// How a line begins that introduces quoted mail without dashes.
        case quoteOpening = "quote-opening"
        /// `wrote`, and how such a line begins: `On `.
        case quoteVerb = "quote-verb"
        case quoteBeginning = "quote-beginning"
        case closing
        case closingBeginning = "closing-beginning"
        case appLine = "app-line"
        case disclaimer
        case contactLabel = "contact-label"
        case cardLabel = "card-label"
        case linePart = "line-part"
        case matter
        case selfIntroduction = "self-introduction"
        case postscript, announcement, place
        case ordinaryWord = "ordinary-word"
        case frequentSurname = "frequent-surname"

        /// Whether a single letter or sign would cut mail where nobody meant it to be cut.
        fileprivate var needsMoreThanOneCharacter: Bool {
            switch self {
            case .quoteSeparator, .quoteOpening, .quoteVerb, .closingBeginning, .disclaimer, .matter, .linePart, .place,
                .announcement, .selfIntroduction, .postscript:
                true
            default: false
            }
        }
    }

    let quotes: QuoteBoundaries
    let signatures: SignaturePhrases

    package static let standard = MailPhrases(adding: [])

    /// - Parameter files: those of the admin; sections of other rooms are passed over.
    package init(adding files: [WordFile]) {
        var words: [Section: [String]] = [:]
        for file in Self.builtIn + files {
            for section in file.sections {
                guard let kind = Section(rawValue: section.name) else { continue }
                words[kind, default: []] += section.words.map(\.text)
            }
        }
        quotes = QuoteBoundaries(words)
        signatures = SignaturePhrases(words)
    }

    /// What is wrong with the words of a file that this room would read.
    package static func problems(in file: WordFile) -> [WordFileProblem] {
        file.sections.flatMap { section -> [WordFileProblem] in
            guard let kind = Section(rawValue: section.name), kind.needsMoreThanOneCharacter else { return [] }
            return section.words.filter { $0.text.count < 2 }.map { word in
                WordFileProblem(
                    line: word.line,
                    message: "\(word.text) in [\(section.name)] would be found everywhere; write two characters or more"
                )
            }
        }
    }

    private static let builtIn: [WordFile] = [PackageResources.quotes_txt, PackageResources.signatures_txt].map {
        WordFile(String(decoding: $0, as: UTF8.self))
    }
}

/// A word list for comparing bytes: lower case, and with a capital where its first letter is not ASCII, because bytes are
/// compared without case in ASCII only.
func bothCases(_ phrases: [String]?) -> [String] {
    (phrases ?? []).flatMap { phrase -> [String] in
        let phrase = phrase.lowercased()
        guard let first = phrase.first, !first.isASCII else { return [phrase] }
        let capital = first.uppercased()
        return capital == String(first) ? [phrase] : [phrase, capital + phrase.dropFirst()]
    }
}
