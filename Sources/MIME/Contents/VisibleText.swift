/// What of a text a reader sees, roughly: without white space, characters of no width and, of HTML, without tags,
/// styles and scripts. Enough to tell whether a text is blank and whether two texts say the same; nothing is rendered.
struct VisibleText {
    /// UTF-8.
    private(set) var bytes: [UInt8] = []
    private let text: [UInt8]
    private var index = 0

    /// Stops once more than `limit` bytes are seen. Linear in the text.
    init(_ text: String, isHTML: Bool, limit: Int = .max) {
        self.text = Array(text.utf8)
        while index < self.text.count, bytes.count < limit {
            switch self.text[index] {
            case UInt8(ascii: "<") where isHTML && isMarkup: skipMarkup()
            case UInt8(ascii: "&") where isHTML: reference()
            default: character()
            }
        }
    }

    /// The letters and digits alone: lines, bullets and quotation marks differ between two forms of one text.
    var letters: [UInt8] { bytes.filter { isLetter($0) || isDigit($0) || $0 >= 0x80 } }

    private mutating func character() {
        let length = VisibleText.blankLength(text.span, at: index)
        if length == 0 { bytes.append(text[index]) }
        index += Swift.max(1, length)
    }

    // MARK: HTML

    private static let comment = Array("<!--".utf8)

    private var isMarkup: Bool {
        guard index + 1 < text.count else { return false }
        let next = text[index + 1]
        return isLetter(next) || next == UInt8(ascii: "/") || next == UInt8(ascii: "!") || next == UInt8(ascii: "?")
    }

    private mutating func skipMarkup() {
        if isFound(text.span, VisibleText.comment, at: index) {
            skip(past: "-->")
            return
        }
        for name in ["style", "script", "title"] where isTag(name) { skip(past: "</" + name) }
        skip(past: ">")
    }

    private func isTag(_ name: String) -> Bool {
        let end = index + 1 + name.utf8.count
        return isNext(Array(name.utf8), at: index + 1) && (end >= text.count || !isLetter(text[end]))
    }

    private mutating func skip(past end: String) {
        let end = Array(end.utf8)
        while index < text.count, !isNext(end, at: index) { index += 1 }
        index = Swift.min(text.count, index + end.count)
    }

    /// `word` is in lower case; the text may not be.
    private func isNext(_ word: [UInt8], at place: Int) -> Bool {
        guard word.count <= text.count - place else { return false }
        for offset in word.indices where lowercased(text[place + offset]) != word[offset] { return false }
        return true
    }

    /// A character reference: `&nbsp;`, `&#8203;`, `&#xA0;`.
    private mutating func reference() {
        let end = Swift.min(text.count, index + 12)
        guard let semicolon = text[index..<end].firstIndex(of: UInt8(ascii: ";")) else {
            character()
            return
        }
        let name = String(decoding: text[index + 1..<semicolon], as: UTF8.self)
        guard let character = VisibleText.character(name) else {
            self.character()
            return
        }
        index = semicolon + 1
        let utf8 = Array(String(character).utf8)
        if VisibleText.blankLength(utf8.span, at: 0) == 0 { bytes += utf8 }
    }

    private static func character(_ name: String) -> Unicode.Scalar? {
        if name.hasPrefix("#") {
            let digits = name.dropFirst()
            let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
            return (isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)).flatMap(Unicode.Scalar.init)
        }
        return named[name]
    }

    private static let named: [String: Unicode.Scalar] = [
        "nbsp": "\u{A0}", "shy": "\u{AD}", "ensp": "\u{2002}", "emsp": "\u{2003}", "thinsp": "\u{2009}",
        "zwnj": "\u{200C}", "zwj": "\u{200D}", "lrm": "\u{200E}", "rlm": "\u{200F}", "Tab": "\t", "NewLine": "\n",
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
    ]

    // MARK: Blanks

    /// Bytes of the character at `index` when it shows nothing: white space, control characters, zero width; else 0.
    private static func blankLength(_ bytes: Bytes, at index: Int) -> Int {
        let byte = bytes[index]
        if byte <= 0x20 || byte == 0x7F { return 1 }
        guard byte >= 0x80, index + 1 < bytes.count else { return 0 }
        let second = bytes[index + 1]
        // C1 controls, no-break space, soft hyphen; the grapheme joiner.
        if byte == 0xC2 { return second <= 0xA0 || second == 0xAD ? 2 : 0 }
        if byte == 0xCD { return second == 0x8F ? 2 : 0 }
        guard index + 2 < bytes.count else { return 0 }
        let third = bytes[index + 2]
        return switch (byte, second) {
        // U+2000 to U+200F, U+2028 to U+202F.
        case (0xE2, 0x80): third <= 0x8F || 0xA8...0xAF ~= third ? 3 : 0
        // U+205F to U+206F.
        case (0xE2, 0x81): third >= 0x9F && third <= 0xAF ? 3 : 0
        // The ideographic space, the Hangul filler, the byte order mark, the Mongolian vowel separator.
        case (0xE3, 0x80): third == 0x80 ? 3 : 0
        case (0xE3, 0x85): third == 0xA4 ? 3 : 0
        case (0xEF, 0xBB): third == 0xBF ? 3 : 0
        case (0xE1, 0xA0): third == 0x8E ? 3 : 0
        default: 0
        }
    }
}
