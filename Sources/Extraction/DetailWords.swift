import MailText

/// The words by which details are known: labels before a value, company suffixes, positions, surnames, and the forms of
/// an organisation's own numbers. Ours stand in `Data/words.txt`, built into the program; an admin's files of the same
/// form are added to them.
package struct DetailWords: Sendable {
    /// The names of the sections of such a file.
    package enum Kind: String, Sendable, CaseIterable {
        case phone, mobile, fax, email, website, order, contract, tracking
        case creditCode = "credit-code"
        case name, company
        case titleLabel = "title-label"
        case address
        /// A number that is none of ours: bank card, postal code, serial number, QQ, amount.
        case otherNumber = "other-number"
        // What follows stands in no front of a value; it says what its sentence or line is.
        /// `我是`, `my name is`: a person says who writes.
        case introduction
        /// `我同事`, `my colleague`: another person of the customer's side.
        case colleague
        /// `变更为`, `is now`: what stands behind it is new.
        case change
        /// `请`, `could you`: a sentence asks for something.
        case request
        /// `http://`, `www.`: a web address begins.
        case webAddress = "web-address"
        case companySuffix = "company-suffix"
        /// A word for a position: 经理, engineer.
        case title
        /// Parts of an address: area (省, 市), street (路, street), country, and premises (unit, flat).
        case area, street, country, premises
        // Lists that are no phrases of the text.
        case surname
        case compoundSurname = "compound-surname"
        case notAName = "not-a-name"
        case orderForm = "order-form"
        case contractForm = "contract-form"
        case trackingForm = "tracking-form"

        var precedesValue: Bool {
            switch self {
            case .phone, .mobile, .fax, .email, .website, .order, .contract, .tracking, .creditCode, .name, .company,
                .titleLabel, .address, .otherNumber:
                true
            default: false
            }
        }

        var isPhrase: Bool {
            switch self {
            case .surname, .compoundSurname, .notAName, .orderForm, .contractForm, .trackingForm: false
            default: true
            }
        }
    }

    let finder: PhraseFinder
    private let kinds: [Kind]
    let surnames: Set<Unicode.Scalar>
    let compoundSurnames: Set<String>
    let notNames: Set<String>
    let forms: [NumberForm]

    package static let standard = DetailWords(adding: [])

    /// - Parameter lists: the sections of the admin's files.
    package init(adding lists: [[Kind: [String]]]) {
        var words: [Kind: [String]] = [:]
        for list in [Self.builtIn] + lists { words.merge(list) { $0 + $1 } }
        var phrases: [String] = []
        var kinds: [Kind] = []
        for kind in Kind.allCases where kind.isPhrase {
            let own = words[kind] ?? []
            phrases += own
            kinds += own.map { _ in kind }
        }
        finder = PhraseFinder(phrases)
        self.kinds = kinds
        surnames = Set((words[.surname] ?? []).flatMap(\.unicodeScalars))
        compoundSurnames = Set(words[.compoundSurname] ?? [])
        notNames = Set(words[.notAName] ?? [])
        forms = [Kind.orderForm, .contractForm, .trackingForm].flatMap { kind in
            (words[kind] ?? []).map { NumberForm($0, kind) }
        }
    }

    func kind(of hit: PhraseFinder.Hit) -> Kind { kinds[hit.phrase] }

    private static let builtIn: [Kind: [String]] = {
        do throws(WordFileProblem) {
            return try read(String(decoding: PackageResources.words_txt, as: UTF8.self))
        } catch {
            preconditionFailure("words.txt:\(error.line): \(error.message)")
        }
    }()

    /// Reads a file of words: `[section]`, then words separated by `|` or line ends; `#` and a blank begin a comment.
    package static func read(_ text: String) throws(WordFileProblem) -> [Kind: [String]] {
        var words: [Kind: [String]] = [:]
        var section: Kind?
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = trimmed(line)
            if line.isEmpty || line == "#" || line.hasPrefix("# ") { continue }
            if line.first == "[", line.last == "]" {
                let name = String(line.dropFirst().dropLast())
                guard let kind = Kind(rawValue: name) else {
                    let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw WordFileProblem(line: number + 1, message: "unknown section [\(name)]; there are \(known)")
                }
                section = kind
                continue
            }
            guard let section else {
                throw WordFileProblem(
                    line: number + 1, message: "words before the first section; begin with a line such as [title]")
            }
            words[section, default: []] += line.split(separator: "|").map(trimmed).filter { !$0.isEmpty }
        }
        return words
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}

/// What is wrong with a file of words.
package struct WordFileProblem: Error {
    package let line: Int
    package let message: String
}

/// The form of a number as an admin writes it: `KD-######`, `W#+`. `#` is a digit, `@` a letter, `?` either, `+` means
/// any more of the one before; everything else is itself, letters without case.
struct NumberForm: Sendable {
    let kind: DetailWords.Kind
    let text: String
    private let bytes: [UInt8]

    init(_ text: String, _ kind: DetailWords.Kind) {
        self.kind = kind
        self.text = text
        bytes = text.utf8.map { asciiLowercased($0) }
    }

    /// Whether the whole of `range` has this form. A `+` takes all it can, so the work is linear.
    func matches(_ source: [UInt8], _ range: Range<Int>) -> Bool {
        var place = range.lowerBound
        var last: UInt8 = 0
        for mark in bytes {
            if mark == UInt8(ascii: "+"), last != 0 {
                while place < range.upperBound, Self.fits(source[place], last) { place += 1 }
                continue
            }
            guard place < range.upperBound, Self.fits(source[place], mark) else { return false }
            place += 1
            last = mark
        }
        return place == range.upperBound && !bytes.isEmpty
    }

    private static func fits(_ byte: UInt8, _ mark: UInt8) -> Bool {
        switch mark {
        case UInt8(ascii: "#"): isASCIIDigit(byte)
        case UInt8(ascii: "@"): isASCIILetter(byte)
        case UInt8(ascii: "?"): isASCIILetterOrDigit(byte)
        default: asciiLowercased(byte) == mark
        }
    }
}
