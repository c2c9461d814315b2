/// What one short line is made of: the marks by which a name, an address or a sentence is told.
struct LineFacts {
    private(set) var digits = 0
    private(set) var hasAddress = false
    private(set) var hasLink = false
    /// Bytes that are letters.
    private(set) var wordBytes = 0
    /// Words in an alphabet that has capitals.
    private(set) var words = 0
    /// Words that begin with a small letter, but for those that stand inside names (`van`, `and`).
    private(set) var smallWords = 0
    private(set) var beginsWithCapital = false
    private(set) var endsSentence = false
    private(set) var looksLikeName = false
    /// `12 Long Lane, Springfield`, `Springfield, OR 97477`: a number, more capitals than small words, and commas or
    /// the number in front.
    private(set) var looksLikeStreet = false
    /// ` | `, ` - `, ` / ` or ` • ` between two parts.
    private(set) var hasSeparator = false
    /// Bytes of Chinese and other writing without capitals.
    private(set) var wide = 0

    private var letters = 0
    private var particles = 0
    private var signs = 0
    private var commas = 0

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        scan(bytes, range)
        wordBytes = letters + wide
        hasLink =
            contains(bytes, range, Self.www) || contains(bytes, range, Self.http) || Self.isDomain(bytes, range)
        hasSeparator = Self.separators.contains { contains(bytes, range, $0) }
        endsSentence = sentenceEnds(bytes, range)
        let isCapital = words > 0 && smallWords == 0 && words > particles && wide < 4
        let latinName = isCapital && words - particles <= 4 && range.count <= 40
        let hanName = letters == 0 && wide >= 6 && wide <= 12
        looksLikeName = digits == 0 && signs == 0 && commas == 0 && (latinName || hanName)
        looksLikeStreet = isStreet(bytes, range)
    }

    private func isStreet(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard let first = range.first, digits > 0, digits < 12, signs == 0, wide < 4, range.count <= 90, words > 1,
            words > smallWords * 2
        else { return false }
        return commas > 0 && (beginsWithCapital || isASCIIDigit(bytes[first])) && smallWords <= 2
            || isASCIIDigit(bytes[first]) && smallWords <= 1
    }

    private static let longestParticle = 3

    /// Small words inside names, and between the names of two.
    private static let nameParticles: Set<UInt64> = Set(
        [
            "van", "von", "der", "den", "de", "da", "di", "du", "la", "le", "bin", "al", "el", "ter", "ten", "dos",
            "and", "und",
            "et", "y", "e", "i",
        ].map { LabelHash.of($0) })

    private static let www = Array("www.".utf8)
    private static let separators = [" | ", " - ", " / ", " • ", " – "].map { Array($0.utf8) }
    private static let http = Array("http".utf8)

    // MARK: One pass over the line

    private mutating func scan(_ bytes: [UInt8], _ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            if let length = Self.letterLength(bytes, index, range.upperBound) {
                index = scanWord(
                    bytes, index, range.upperBound, firstLength: length, isFirst: index == range.lowerBound)
                continue
            }
            let byte = bytes[index]
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x80...: wide += 1
            case UInt8(ascii: "@"): hasAddress = true
            case UInt8(ascii: ","): commas += 1
            case 0x20, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "'"), UInt8(ascii: "&"): break
            default: signs += 1
            }
            index += 1
        }
    }

    /// Reads one word, which may hold an apostrophe, and gives its end.
    private mutating func scanWord(
        _ bytes: [UInt8], _ start: Int, _ end: Int, firstLength: Int, isFirst: Bool
    ) -> Int {
        var index = start + firstLength
        while index < end {
            if let length = Self.letterLength(bytes, index, end) {
                index += length
            } else if bytes[index] == UInt8(ascii: "'"), index + 1 < end, isASCIILetter(bytes[index + 1]) {
                index += 1
            } else {
                break
            }
        }
        letters += index - start
        words += 1
        if Self.isCapital(bytes, start) {
            if isFirst { beginsWithCapital = true }
        } else if index - start <= Self.longestParticle, Self.nameParticles.contains(LabelHash.of(bytes, start..<index))
        {
            particles += 1
        } else {
            smallWords += 1
        }
        return index
    }

    /// Length of the letter at `index` in the Latin, Greek or Cyrillic alphabet, nil when there is none.
    private static func letterLength(_ bytes: [UInt8], _ index: Int, _ end: Int) -> Int? {
        let byte = bytes[index]
        if isASCIILetter(byte) { return 1 }
        // U+00C0 to U+024F, U+0380 to U+052F.
        guard byte >= 0xC3 && byte <= 0xC9 || byte >= 0xCE && byte <= 0xD4, index + 1 < end else { return nil }
        return 2
    }

    /// Letters beyond ASCII and Cyrillic count as capitals: an accent tells nothing of case by its byte.
    private static func isCapital(_ bytes: [UInt8], _ index: Int) -> Bool {
        switch bytes[index] {
        case 0x61...0x7A: false
        case 0xD0: bytes[index + 1] < 0xB0
        case 0xD1: false
        default: true
        }
    }

    // MARK: Ends

    /// `example.com` alone on its line.
    private static func isDomain(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.count >= 4, range.count <= 64, let dot = bytes[range].lastIndex(of: UInt8(ascii: ".")) else {
            return false
        }
        return dot > range.lowerBound + 1 && range.upperBound - dot > 2
            && bytes[dot + 1..<range.upperBound].allSatisfy(isASCIILetter)
            && bytes[range.lowerBound..<dot].allSatisfy {
                isASCIILetterOrDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
            }
    }

    /// A sentence ends in `.`, `?`, `!`, `。` or their like, and is no abbreviation such as `Ltd.`
    private func sentenceEnds(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard let last = range.last else { return false }
        switch bytes[last] {
        case UInt8(ascii: "?"), UInt8(ascii: "!"), UInt8(ascii: ","): return true
        case UInt8(ascii: "."): return range.count > 40 || smallWords > 0
        default: return Self.endsInWideStop(bytes, range)
        }
    }

    /// Whether nothing more belongs to the sentence: it ends in a full stop or the like.
    static func isFinished(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard let last = range.last else { return true }
        switch bytes[last] {
        case UInt8(ascii: "?"), UInt8(ascii: "!"), UInt8(ascii: "."), UInt8(ascii: ")"), 0x22: return true
        default: return endsInWideStop(bytes, range)
        }
    }

    private static func endsInWideStop(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.count >= 3 else { return false }
        let end = range.upperBound
        switch (bytes[end - 3], bytes[end - 2], bytes[end - 1]) {
        case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F): return true
        default: return false
        }
    }

    /// Whether the line announces what stands below it.
    static func endsInColon(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        ends(bytes, range, with: [UInt8(ascii: ":")]) || ends(bytes, range, with: [0xEF, 0xBC, 0x9A])
    }
}
