package import MailText

/// The words by which details are known: labels before a value, company suffixes, positions, surnames, and the forms of
/// an organisation's own numbers. Ours stand in `Data/words.txt`, built into the program; an admin's files of the same
/// form are added to them. A class, because it is handed on with every mail and never changes.
package final class DetailWords: Sendable {
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
        // Cues in sentences.
        /// `Mrs.`: a name follows.
        case honorific
        /// `maiden name is`: whatever follows in capitals is a name; `speak to`: where it is two words.
        case nameLead = "name-lead"
        case personLead = "person-lead"
        /// `said`: who stands before it is a person.
        case nameFollower = "name-follower"
        /// `work for`: a company follows.
        case employer
        /// `headquarters`, `acquired`, `design agency`: what stands before it, or is said to be it, is a company.
        case companyPlace = "company-place"
        case companyVerb = "company-verb"
        case companyKind = "company-kind"
        /// `live at`, `is at`: an address follows; behind the second only one with a street.
        case addressLead = "address-lead"
        case premisesLead = "premises-lead"
        // Lists that are no phrases of the text.
        case surname
        case compoundSurname = "compound-surname"
        case notAName = "not-a-name"
        /// Given names; those that are words as well count only before a family name.
        case givenName = "given-name"
        case givenNameWord = "given-name-and-word"
        /// Words that are written with a capital and stand in no name; in no name of a person.
        case capitalWord = "capital-word"
        case noPerson = "no-person"
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
            case .surname, .compoundSurname, .notAName, .givenName, .givenNameWord, .capitalWord, .noPerson, .orderForm,
                .contractForm,
                .trackingForm:
                false
            default: true
            }
        }
    }

    let finder: PhraseFinder
    private let kinds: [Kind]
    let surnames: HanSet
    /// These and `notNames` as `LabelHash`, like the words below.
    let compoundSurnames: Set<UInt64>
    /// The first characters of all family names.
    let nameOpeners: HanSet
    let notNames: Set<UInt64>
    let givenNames: Set<UInt64>
    let givenNameWords: Set<UInt64>
    let capitalWords: Set<UInt64>
    let noPersons: Set<UInt64>
    /// Single words of company suffixes: `Inc`.
    let companyEndings: Set<UInt64>
    let forms: [NumberForm]

    package static let standard = DetailWords(adding: [])

    /// - Parameter files: those of the admin; sections of other rooms are passed over.
    package init(adding files: [WordFile]) {
        var words: [Kind: [String]] = [:]
        for section in (Self.builtIn + files).flatMap(\.sections) {
            guard let kind = Kind(rawValue: section.name) else { continue }
            words[kind, default: []] += section.words.map(\.text)
        }
        var phrases: [String] = []
        var kinds: [Kind] = []
        for kind in Kind.allCases where kind.isPhrase {
            let own = words[kind] ?? []
            phrases += own
            kinds += own.map { _ in kind }
        }
        finder = PhraseFinder(phrases)
        self.kinds = kinds
        let single = (words[.surname] ?? []).flatMap(\.unicodeScalars)
        surnames = HanSet(single)
        nameOpeners = HanSet(single + (words[.compoundSurname] ?? []).compactMap(\.unicodeScalars.first))
        func hashes(_ kind: Kind) -> Set<UInt64> { Set((words[kind] ?? []).map { LabelHash.of($0) }) }
        compoundSurnames = hashes(.compoundSurname)
        notNames = hashes(.notAName)
        givenNameWords = hashes(.givenNameWord)
        givenNames = hashes(.givenName).subtracting(givenNameWords)
        capitalWords = hashes(.capitalWord)
        noPersons = capitalWords.union(hashes(.noPerson))
        companyEndings = hashes(.companySuffix)
        forms = [Kind.orderForm, .contractForm, .trackingForm].flatMap { kind in
            (words[kind] ?? []).map { NumberForm($0, kind) }
        }
    }

    func kind(of hit: PhraseFinder.Hit) -> Kind { kinds[hit.phrase] }

    private static let builtIn = [PackageResources.words_txt, PackageResources.given_names_txt].map {
        WordFile(String(decoding: $0, as: UTF8.self))
    }

    /// What is wrong with the words of a file that this room would read.
    package static func problems(in file: WordFile) -> [WordFileProblem] {
        [Kind.orderForm, .contractForm, .trackingForm].flatMap { kind in
            file.words(of: kind.rawValue).filter { !NumberForm($0.text, kind).hasPlaceholder }.map { word in
                WordFileProblem(
                    line: word.line,
                    message:
                        "\(word.text) in [\(kind.rawValue)] is one number, no form; write # for each digit, @ for a letter"
                )
            }
        }
    }
}

/// Some of the characters U+4E00 to U+9FFF, a bit for each: nearly every line is asked about, and hashing takes longer.
struct HanSet: Sendable {
    private static let first: UInt32 = 0x4E00
    private var bits = [UInt64](repeating: 0, count: (0xA000 - 0x4E00) / 64)

    init(_ scalars: [Unicode.Scalar]) {
        for scalar in scalars where scalar.value >= Self.first && scalar.value < 0xA000 {
            let place = Int(scalar.value - Self.first)
            bits[place / 64] |= 1 << UInt64(place % 64)
        }
    }

    /// - Parameter value: a character of that range.
    func contains(_ value: UInt32) -> Bool {
        let place = Int(value - Self.first)
        return bits[place / 64] & 1 << UInt64(place % 64) != 0
    }
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

    /// Whether it stands for more than one number.
    var hasPlaceholder: Bool { bytes.contains { "#@?".utf8.contains($0) } }

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
