import MailText
import Vocabulary

// What stands in a signature without a label: company, title and postal address, known by their words, by their place
// below the name, and by the domain of the mail address beside them.

func findBusinessCard(_ text: ScannedText, _ found: inout DetailList) {
    let signature = text.lines.filter(\.isSignature)
    let isAll = isCard(text, found) && (signature.isEmpty || nameOfCard(text) != nil)
    let lines = isAll ? text.lines : signature
    guard !lines.isEmpty else { return }
    var card = BusinessCard(text, lines, found)
    card.read()
    for detail in card.details { found.add(detail.detail, at: detail.range) }
}

/// Reads the lines of a signature, or of a mail that is nothing but contact lines.
private struct BusinessCard {
    private let text: ScannedText
    private let lines: [ScannedText.Line]
    // What was found before.
    private let names: [String]
    private let hosts: [String]
    private let taken: [Range<Int>]
    private var hasAddress: Bool
    /// The letters of the domains of the mail addresses and web addresses found, without their top level.
    private lazy var domains = hosts.compactMap { Self.domainName($0) }
    private(set) var details: [(detail: Detail, range: Range<Int>?)] = []
    private var hasCompany: Bool
    private var hasTitle: Bool
    /// A line above was the name: what follows in capitals belongs to that person.
    private var isBelowName = false

    init(_ text: ScannedText, _ lines: [ScannedText.Line], _ found: DetailList) {
        self.text = text
        self.lines = lines
        names = found.normalized(.name)
        hosts = found.normalized(.email) + found.normalized(.website)
        taken = found.taken
        hasAddress = found.has(.address)
        hasCompany = found.has(.company)
        hasTitle = found.has(.title)
    }

    mutating func read() {
        var index = 0
        while index < lines.count {
            let parts = signatureParts(text, lines[index])
            if parts.count <= 1, let end = readAddress(from: index) {
                index = end
                continue
            }
            for part in parts { read(part) }
            index += 1
        }
    }

    // MARK: One part of a line

    private mutating func read(_ whole: Range<Int>) {
        let part = withoutName(whole)
        if part.lowerBound > whole.lowerBound || isKnown(whole) { isBelowName = true }
        guard !part.isEmpty, part.count <= 120, isFree(part) else { return }
        let marks = text.marks(in: part)
        if let company = hanCompany(part, marks) ?? latinCompany(part, marks) {
            add(.company, company, 0.85, "company suffix")
        } else if isLatin(part), matchesDomain(part) {
            add(.company, part, 0.9, "same as the domain of the address")
        } else if let title = title(part, marks) {
            add(.title, title, 0.75, "word for a position")
        } else if isBelowName, isLatinPhrase(part) {
            readPhrase(part)
        }
    }

    /// Capitals below a name: a position goes on in lower case (`Tree surgeon`) or is a word for a doer (`Geologist`);
    /// anything else is the company.
    private mutating func readPhrase(_ part: Range<Int>) {
        if !hasTitle, goesOnInLowerCase(part) || isDoer(part) {
            add(.title, part, 0.6, "form of a position, below the name")
        } else if !hasCompany, !isPlace(part) {
            add(.company, part, 0.6, "below the name")
        }
    }

    /// A unit, what stands below a street, or a town above its country.
    private func isPlace(_ part: Range<Int>) -> Bool {
        if hasAddress { return true }
        if text.marks(in: part).contains(where: { $0.kind == .premises && $0.start == part.lowerBound }) { return true }
        guard
            let next = lines.first(where: {
                $0.range.lowerBound > part.upperBound && !$0.content.isEmpty
            })
        else { return false }
        let below = next.content
        return text.marks(in: below).contains { $0.kind == .country && $0.start == below.lowerBound }
    }

    /// `555 0100 office`: a number with its label behind it.
    private func hasContactLabel(_ range: Range<Int>) -> Bool {
        text.labels(in: range).contains { label in
            [.phone, .mobile, .fax, .email, .website].contains(label.kind) && label.end - label.start > 1
        }
    }

    private mutating func add(_ field: Detail.Field, _ range: Range<Int>, _ confidence: Double, _ evidence: String) {
        if field == .company { hasCompany = true }
        if field == .title { hasTitle = true }
        details.append((text.detail(field, range, confidence: confidence, evidence), range))
    }

    /// Nothing was read from it yet, and it is no label with a value.
    private func isFree(_ part: Range<Int>) -> Bool {
        let bytes = text.bytes
        guard !bytes[part].contains(0x40), !bytes[part].contains(0x3A), !taken.contains(where: { $0.overlaps(part) })
        else {
            return false
        }
        return !text.labels(in: part).contains { $0.start == part.lowerBound && $0.end == part.upperBound }
    }

    /// What follows the name on the same part: `Ada Byron, Head of Design`, `王芳 经理`.
    private func withoutName(_ part: Range<Int>) -> Range<Int> {
        var end = part.lowerBound
        if let name = PersonName.han(text, part), isKnown(name) { end = name.upperBound }
        for name in taken where name.lowerBound == part.lowerBound && name.upperBound <= part.upperBound {
            end = max(end, name.upperBound)
        }
        guard end > part.lowerBound else { return part }
        while end < part.upperBound, text.bytes[end] == 0x20 || text.bytes[end] == 0x2C || text.bytes[end] == 0x2F {
            end += 1
        }
        var rest = text.trimmedRange(end..<part.upperBound)
        if rest.count > 2, text.bytes[rest.lowerBound] == 0x28, text.bytes[rest.upperBound - 1] == 0x29 {
            rest = rest.lowerBound + 1..<rest.upperBound - 1
        }
        return rest
    }

    private func isKnown(_ range: Range<Int>) -> Bool {
        names.contains { text.isWritten($0, at: range) }
    }

    // MARK: Companies

    /// The Han word that ends in a company suffix.
    private func hanCompany(_ part: Range<Int>, _ marks: ArraySlice<ScannedText.Label>) -> Range<Int>? {
        let bytes = text.bytes
        guard let suffix = marks.last(where: { $0.kind == .companySuffix && bytes[$0.start] >= 0x80 }) else {
            return nil
        }
        var start = suffix.start
        while start > part.lowerBound, mayStandInHanCompany(bytes[start - 1]) { start -= 1 }
        if let introduction = marks.last(where: { $0.kind == .introduction && $0.end <= suffix.start }) {
            start = max(start, introduction.end)
        }
        let count = suffix.end - start
        return count >= 12 && count <= 90 ? start..<suffix.end : nil
    }

    /// The whole part, when it ends in a suffix: `Example Pumps Co., Ltd.`
    private func latinCompany(_ part: Range<Int>, _ marks: ArraySlice<ScannedText.Label>) -> Range<Int>? {
        guard part.count <= 80, isASCIILetterOrDigit(text.bytes[part.lowerBound]) else { return nil }
        let ends = marks.contains {
            $0.kind == .companySuffix && $0.end >= part.upperBound - 1 && $0.start > part.lowerBound
        }
        return ends ? part : nil
    }

    /// `Paper Lantern` and `paperlantern.com`: the words run together begin as the domain does.
    private mutating func matchesDomain(_ part: Range<Int>) -> Bool {
        if domains.isEmpty { return false }
        let letters = text.bytes[part].filter(isASCIILetterOrDigit).map { asciiLowercased($0) }
        guard letters.count >= 3 else { return false }
        return domains.contains { domain in
            let shared = zip(letters, domain).prefix { $0 == $1 }.count
            return shared >= min(6, letters.count, domain.count) && shared >= 3
                && (shared == letters.count || shared == domain.count || shared >= 8)
        }
    }

    private static func domainName(_ value: String) -> [UInt8]? {
        let bytes = Array(value.utf8)
        guard let host = bytes.split(separator: UInt8(ascii: "@")).last?.split(separator: UInt8(ascii: "/")).first
        else {
            return nil
        }
        // The longest label but the last is the name: `example` of `www.example.com.cn`.
        return host.split(separator: UInt8(ascii: ".")).dropLast().max { $0.count < $1.count }
            .map { $0.filter(isASCIILetterOrDigit).map { asciiLowercased($0) } }
    }

    // MARK: Titles

    private func title(_ part: Range<Int>, _ marks: ArraySlice<ScannedText.Label>) -> Range<Int>? {
        let bytes = text.bytes
        guard part.count <= 60, !bytes[part].contains(where: isASCIIDigit) else { return nil }
        guard let last = marks.last(where: { $0.kind == .title }) else { return nil }
        if bytes[part.lowerBound] < 0x80 { return part }
        return part.count <= 36 && last.end == part.upperBound ? part : nil
    }

    private func isLatin(_ part: Range<Int>) -> Bool {
        isASCIILetterOrDigit(text.bytes[part.lowerBound]) && part.count <= 70
    }

    /// One to seven words that begin with a capital, no sentence.
    private func isLatinPhrase(_ part: Range<Int>) -> Bool {
        let bytes = text.bytes
        guard isASCIILetterOrDigit(bytes[part.lowerBound]), bytes[part.lowerBound] < 0x61, part.count <= 60 else {
            return false
        }
        guard !bytes[part].contains(0x3F), !bytes[part].contains(0x21), bytes[part.upperBound - 1] != 0x2C else {
            return false
        }
        let words = bytes[part].split(separator: 0x20).count
        let digits = bytes[part].count { isASCIIDigit($0) }
        return words <= 7 && digits <= 3
    }

    private func goesOnInLowerCase(_ part: Range<Int>) -> Bool {
        let words = text.bytes[part].split(separator: 0x20)
        guard words.count >= 2, let last = words.last, let first = last.first else { return false }
        return first >= 0x61 && first <= 0x7A
    }

    /// `Geologist`, `Sculptor`, `Librarian`: one word, made of a verb or a field and an ending for who does it.
    private func isDoer(_ part: Range<Int>) -> Bool {
        let bytes = text.bytes
        guard !bytes[part].contains(0x20), part.count >= 5, bytes[part].allSatisfy(isASCIILetter) else { return false }
        return Self.doerEndings.contains { ends(bytes, part, with: $0) }
    }

    private static let doerEndings: [[UInt8]] = ["er", "or", "ist", "ian", "man", "woman", "ant", "ee", "cipal", "eon"]
        .map { Array($0.utf8) }

    // MARK: Addresses

    /// Reads an address that begins on line `index`; returns the line behind it.
    private mutating func readAddress(from index: Int) -> Int? {
        let first = addressContent(index)
        guard !first.isEmpty, !hasAddress else { return nil }
        if isChineseAddress(text, first) {
            hasAddress = true
            details.append((text.detail(.address, first, confidence: 0.75, "form of an address"), first))
            return index + 1
        }
        guard opensAddress(first, at: index) else { return nil }
        var end = index + 1
        while end < lines.count, end - index < 6, continuesAddress(end) { end += 1 }
        guard end > index + 1 || isWholeAddress(first) else { return nil }
        hasAddress = true
        let pieces = (index..<end).map { text.written(addressContent($0)) }
        let place = text.detail(.address, first, confidence: 0.7, "form of an address")
        let value = pieces.map { $0.hasSuffix(",") ? String($0.dropLast()) : $0 }.joined(separator: ", ")
        let last = addressContent(end - 1)
        let span = place.span.map { $0.lowerBound..<max($0.upperBound, text.plainPlaces(last).upperBound) }
        details.append(
            (
                Detail(
                    .address, value: value, confidence: 0.7, line: place.line, evidence: place.evidence, span: span),
                first.lowerBound..<last.upperBound
            ))
        return end
    }

    private func addressContent(_ index: Int) -> Range<Int> { lines[index].content }

    /// A street with its number: digits and letters, at either end or behind a word for premises.
    private func opensAddress(_ range: Range<Int>, at index: Int) -> Bool {
        let bytes = text.bytes
        guard range.count >= 6, range.count <= 140, isFree(range), !hasContactLabel(range) else { return false }
        let digits = bytes[range].count { isASCIIDigit($0) }
        let letters = bytes[range].count { isASCIILetter($0) || $0 >= 0x80 }
        guard digits >= 1, digits <= 14, letters >= 4 else { return false }
        let marks = text.marks(in: range)
        if marks.contains(where: { $0.kind == .premises && $0.start == range.lowerBound }) { return true }
        if isASCIIDigit(bytes[range.lowerBound]) || isASCIIDigit(bytes[range.upperBound - 1]) { return true }
        return marks.contains { $0.kind == .street || $0.kind == .country }
    }

    /// One line that says it all: a word for a street with a number at the beginning, or several parts with a postal code
    /// or a country.
    private func isWholeAddress(_ range: Range<Int>) -> Bool {
        let bytes = text.bytes
        let marks = text.marks(in: range)
        let pieces = bytes[range].split(separator: 0x2C)
        if pieces.count >= 2, marks.contains(where: { $0.kind == .country && $0.end == range.upperBound }) {
            return true
        }
        let numbered = pieces.count { $0.contains(where: isASCIIDigit) }
        let hasStreet = marks.contains { $0.kind == .street && bytes[$0.start] < 0x80 }
        let opensPremises = marks.contains { $0.kind == .premises && $0.start == range.lowerBound }
        return numbered >= 2 || hasStreet && (isASCIIDigit(bytes[range.lowerBound]) || opensPremises)
    }

    /// A town with its postal code, a country, a suite, or a town that one of these follows.
    private func continuesAddress(_ index: Int) -> Bool {
        if isAddressTail(index) { return true }
        let range = addressContent(index)
        guard !range.isEmpty, isFree(range), isLatinPhrase(range) || text.bytes[range.lowerBound] >= 0xC3,
            index + 1 < lines.count
        else {
            return false
        }
        let marks = text.marks(in: range)
        return isAddressTail(index + 1) && latinCompany(range, marks) == nil && title(range, marks) == nil
    }

    private func isAddressTail(_ index: Int) -> Bool {
        let range = addressContent(index)
        let bytes = text.bytes
        guard range.count >= 2, range.count <= 90, isFree(range), !hasContactLabel(range) else { return false }
        if text.marks(in: range).contains(where: { $0.kind == .country && $0.start == range.lowerBound }) {
            return true
        }
        if bytes[range.lowerBound] == 0x2C { return true }
        let digits = bytes[range].count { isASCIIDigit($0) }
        let letters = bytes[range].count { isASCIILetter($0) || $0 >= 0x80 }
        return digits >= 1 && digits <= 10 && letters >= 2
    }
}

func mayStandInHanCompany(_ byte: UInt8) -> Bool {
    byte >= 0x80 || isASCIILetterOrDigit(byte) || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
}

/// 省 市 区 县 … 路 街 号: one of the first kind and one of the second.
private func isChineseAddress(_ text: ScannedText, _ range: Range<Int>) -> Bool {
    guard range.count >= 18, range.count <= 200, !text.bytes[range].contains(0x3A) else { return false }
    let marks = text.marks(in: range)
    return text.bytes[range.lowerBound] >= 0x80
        && marks.contains { $0.kind == .area && text.bytes[$0.start] >= 0x80 }
        && marks.contains { $0.kind == .street && text.bytes[$0.start] >= 0x80 }
}
