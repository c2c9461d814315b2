import MIME

/// Which texts of a message are shown where it has several forms of the same (RFC 2046 section 5.1.4).
///
/// A part of a multipart/alternative is a branch: a text, or a multipart with texts and other alternatives inside. Of
/// the branches one is shown, whole: the first with plain text, else the last, which is the sender's best. Texts of one
/// kind that are branches of the same alternative are all shown: nobody sends the same text twice in the same form, so
/// that this is a program that took the wrong multipart.
struct AlternativeChoice {
    enum Form: Int, Comparable {
        case other, html, plain
        static func < (one: Form, other: Form) -> Bool { one.rawValue < other.rawValue }
    }

    /// A place in a multipart/alternative.
    private struct Place {
        let alternative: Int
        let branch: Int
        /// The text, or the inner alternative, is the branch itself.
        let isBranch: Bool

        init(_ path: String, in outer: String, _ alternative: Int) {
            self.alternative = alternative
            let inside = path.utf8.dropFirst(outer.isEmpty ? 0 : outer.utf8.count + 1)
            let step = inside.prefix { $0 != UInt8(ascii: ".") }
            branch = Int(Substring(step)) ?? 0
            isBranch = step.count == inside.count
        }
    }

    private struct Alternative {
        /// In an outer one.
        let place: Place?
        var best: Form?
        var branch = 0
        /// The chosen branch is a text.
        var isText = false
        var isShown = false
    }

    /// Of each text; nil outside of alternatives.
    private var places: [Place?] = []
    private var forms: [Form?]
    /// Outer ones before inner ones.
    private var alternatives: [Alternative] = []
    private var numbers: [String: Int] = [:]

    init(_ texts: [Part], of message: Message) {
        forms = Array(repeating: nil, count: texts.count)
        var outer: [String: String] = [:]
        if texts.contains(where: { $0.alternative != nil }) {
            for part in message.parts where !part.isEmbedded {
                if let alternative = part.alternative { outer[part.path] = alternative }
            }
        }
        for text in texts {
            guard let alternative = text.alternative else {
                places.append(nil)
                continue
            }
            places.append(Place(text.path, in: alternative, number(alternative, outer)))
        }
    }

    /// As deep as the message is nested (`Limits.nesting`).
    private mutating func number(_ path: String, _ outer: [String: String]) -> Int {
        if let known = numbers[path] { return known }
        var place: Place?
        if let around = outer[path], around.utf8.count < path.utf8.count {
            place = Place(path, in: around, number(around, outer))
        }
        numbers[path] = alternatives.count
        alternatives.append(Alternative(place: place))
        return alternatives.count - 1
    }

    /// Whether the alternative of a text has plain text somewhere in it.
    func hasPlain(_ text: Int) -> Bool { places[text].map { alternatives[$0.alternative].best == .plain } ?? false }

    /// A text that is not blank. Plain texts come first, and each form in the order of the message.
    mutating func offer(_ text: Int, _ form: Form) {
        forms[text] = form
        var isText = true
        var next = places[text]
        while let place = next {
            let best = alternatives[place.alternative].best
            if best.map({ form > $0 || form == $0 && form != .plain }) ?? true {
                alternatives[place.alternative].best = form
                alternatives[place.alternative].branch = place.branch
                alternatives[place.alternative].isText = isText && place.isBranch
            }
            isText = false
            next = alternatives[place.alternative].place
        }
    }

    mutating func decide() {
        for index in alternatives.indices {
            alternatives[index].isShown = alternatives[index].place.map(isChosen) ?? true
        }
    }

    func isShown(_ text: Int) -> Bool {
        guard let place = places[text] else { return true }
        let alternative = alternatives[place.alternative]
        if isChosen(place) { return true }
        return alternative.isShown && alternative.isText && place.isBranch && forms[text] == alternative.best
    }

    private func isChosen(_ place: Place) -> Bool {
        let alternative = alternatives[place.alternative]
        return alternative.isShown && alternative.branch == place.branch
    }
}
