import MailText

// Mails that are nothing but a card: the lines of a signature without a text above them.

/// Three to fourteen short lines without a sentence, with a number or an address among them, or with a person's name first.
func isCard(_ text: ScannedText, _ found: DetailList) -> Bool {
    let lines = text.lines.filter { !text.trimmedRange($0.range).isEmpty }
    guard lines.count >= 3, lines.count <= 14, !found.taken.isEmpty || nameOfCard(text) != nil else { return false }
    return lines.allSatisfy { line in
        let range = text.trimmedRange(line.range)
        return range.count <= 70 && text.bytes[range.upperBound - 1] != 0x3F
    }
}

/// The first line, when it is nothing but a given name and a family name; unknown ones count where contacts stand below.
func nameOfCard(_ text: ScannedText, hasContacts: Bool = false) -> Range<Int>? {
    guard let line = text.lines.first(where: { !text.trimmedRange($0.range).isEmpty && $0.number != nil }) else {
        return nil
    }
    let range = text.trimmedRange(line.range)
    let capitals = CapitalWords(text)
    let words = capitals.personWords(from: range.lowerBound, range.upperBound)
    guard words.count >= 2, let first = words.first, let last = words.last, last.upperBound == range.upperBound else {
        return nil
    }
    let isGiven =
        capitals.isListed(first, in: text.words.givenNames) || capitals.isListed(first, in: text.words.givenNameWords)
    let hasInitial = words.count >= 3 && words[1..<words.count - 1].contains { $0.count == 1 }
    let isCompany = text.has(.companySuffix, in: range) || text.has(.title, in: range)
    return isGiven || hasInitial || hasContacts && !isCompany && words.count <= 3 ? range : nil
}
