import Synchronization
import Vocabulary

/// A template rendered once, with marks where the values of a single mail stand: subject, text and HTML cut into pieces.
///
/// A thousand receipts differ in number, subject and deadline only. Rendering, tidying and making HTML for each is most
/// of the cost of a reply; filling a form is joining strings. It is also safer: a value is put in after the lines and
/// elements are made, so it can become neither.
struct ReplyForm: Sendable {
    /// What the form depends on; all else is a mark.
    struct Key: Hashable, Sendable {
        let template: String
        let language: Language
        /// Which optional values are there: their sections are rendered or left out.
        let present: Set<String>
        let organisation: String
        let signature: [String]
        /// Labels of what is asked for: a few combinations.
        let missing: [String]
    }

    private enum Piece: Sendable {
        case literal(String)
        case value(String)
    }

    private let subject: [Piece]
    private let text: [Piece]
    private let html: [Piece]

    /// Names of the values that differ from mail to mail, each with a mark: a character of plane 15, which no template
    /// and no font has (Unicode section 23.5).
    static let marks: [String: String] = Dictionary(
        uniqueKeysWithValues: ["ticket", "subject", "name", "deadline", "category", "today", "opens"].enumerated().map {
            ($1, String(Unicode.Scalar(UInt32(0xF0000 + $0)) ?? "\u{FFFD}"))
        })

    /// Cuts what was rendered with the marks as values.
    init(_ rendered: RenderedReply) {
        subject = Self.pieces(of: rendered.subject)
        text = Self.pieces(of: rendered.text)
        html = Self.pieces(of: rendered.html ?? "")
    }

    func filled(_ values: [String: String], language: Language) -> RenderedReply {
        let escapedValues = values.mapValues { escaped($0) }
        return RenderedReply(
            subject: Self.joined(subject, values), text: Self.joined(text, values),
            html: Self.joined(html, escapedValues), language: language)
    }

    private static func joined(_ pieces: [Piece], _ values: [String: String]) -> String {
        var result = ""
        for piece in pieces {
            switch piece {
            case .literal(let text): result += text
            case .value(let name): result += values[name] ?? ""
            }
        }
        return result
    }

    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = [], literal = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard let name = names[scalar] else {
                literal.append(scalar)
                continue
            }
            pieces += [.literal(String(literal)), .value(name)]
            literal = String.UnicodeScalarView()
        }
        return pieces + [.literal(String(literal))]
    }

    private static let names = Dictionary(
        uniqueKeysWithValues: marks.compactMap { name, mark in mark.unicodeScalars.first.map { ($0, name) } })
}

/// The forms that were needed so far. Remembering them changes no result, only its cost, so a `TemplateSet` stays a value.
final class ReplyForms: Sendable {
    private let forms = Mutex<[ReplyForm.Key: ReplyForm]>([:])
    /// Templates, languages and present values multiply to a few hundred at the most; this is for a mistake.
    private static let limit = 1000

    func form(_ key: ReplyForm.Key, make: () -> ReplyForm) -> ReplyForm {
        if let known = forms.withLock({ $0[key] }) { return known }
        let made = make()
        forms.withLock { forms in
            if forms.count >= Self.limit { forms.removeAll() }
            forms[key] = made
        }
        return made
    }
}
