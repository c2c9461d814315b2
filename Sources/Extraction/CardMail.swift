import MailText

// Mails that are nothing but a card: the lines of a signature without a text above them.

/// Three to fourteen short lines without a sentence, with a number or an address among them, or with a person's name first.
func isCard(_ text: ScannedText, _ found: DetailList) -> Bool {
    var count = 0
    for line in text.lines where !line.content.isEmpty {
        count += 1
        if count > 14 || line.content.count > 70 || text.bytes[line.content.upperBound - 1] == 0x3F { return false }
    }
    return count >= 3 && (!found.taken.isEmpty || nameOfCard(text) != nil)
}

/// The first line, when it is nothing but a given name and a family name; unknown ones count where contacts stand below.
func nameOfCard(_ text: ScannedText, hasContacts: Bool = false) -> Range<Int>? {
    guard let line = text.lines.first(where: { !$0.content.isEmpty && $0.number != nil }) else { return nil }
    let range = line.content
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
