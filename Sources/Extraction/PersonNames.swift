import MailText
import Vocabulary

// The name of the person who wrote: display name of From, self-introduction, first line of the signature.

func findPersonName(_ text: ScannedText, writer: NamedAddress?, _ found: inout DetailList) {
    if let writer { addDisplayName(writer, &found) }
    findIntroduction(text, &found)
    findNameOfCard(text, &found)
    findSignatureName(text, &found)
    findColleagues(text, &found)
}

/// A display name that is a person's, not an address and not a role.
private func addDisplayName(_ writer: NamedAddress, _ found: inout DetailList) {
    let name = writer.displayName
    guard !name.isEmpty, name.utf8.count <= 60, !name.utf8.contains(UInt8(ascii: "@")) else { return }
    let bytes = Array(name.utf8)
    let isRole = roleWords.contains { contains(bytes, 0..<bytes.count, $0) }
    guard !isRole, !bytes.contains(where: isASCIIDigit) else { return }
    found.add(
        Detail(
            .name, value: name, confidence: 0.85, line: nil,
            evidence: "display name of From"))
}

private let roleWords: [[UInt8]] = [
    "support", "service", "sales", "info", "admin", "office", "team", "客服", "服务", "有限", "公司", "部", "postmaster",
    "reply", "ltd", "inc", "gmbh",
    "中心", "系统", "系統",
].map { Array($0.utf8) }

/// `我是恒达公司的王芳（经理）`, `我叫王芳`, `My name is Ada Byron`, `This is Ada Byron from …`.
private func findIntroduction(_ text: ScannedText, _ found: inout DetailList) {
    for mark in text.marks where mark.kind == .introduction {
        let line = text.line(at: mark.start)
        let isHan = text.bytes[mark.start] >= 0x80
        var start = isHan ? mark.end : mark.end + 1
        // `This is Mrs. Byron`
        if let title = text.marks(in: start..<max(start, line.range.upperBound)).first, title.kind == .honorific,
            title.start == start
        {
            start = title.end
            while start < line.range.upperBound, text.bytes[start] == 0x2E || text.bytes[start] == 0x20 { start += 1 }
        }
        guard start < line.range.upperBound else { continue }
        let rest = start..<line.range.upperBound
        let name = isHan ? hanIntroduction(text, rest) : PersonName.latin(text.bytes, rest, atLeast: 2)
        guard let name else { continue }
        found.add(text.detail(.name, name, confidence: 0.85, "self-introduction"), at: name)
        addBracketedTitle(text, behind: name, in: rest, &found)
        return
    }
}

/// Behind `我是`: a name at once, or a company and `的` and a name.
private func hanIntroduction(_ text: ScannedText, _ range: Range<Int>) -> Range<Int>? {
    if let name = PersonName.han(text, range) { return name }
    guard let of = firstRange(text.bytes, range.prefixRange(120), of: Array("的".utf8)) else { return nil }
    return PersonName.han(text, of.upperBound..<range.upperBound)
}

/// `王芳（采购经理）`.
private func addBracketedTitle(
    _ text: ScannedText, behind name: Range<Int>, in range: Range<Int>, _ found: inout DetailList
) {
    let bytes = text.bytes
    guard name.upperBound < range.upperBound, bytes[name.upperBound] == UInt8(ascii: "(") else { return }
    let start = name.upperBound + 1
    guard let end = bytes[start..<min(range.upperBound, start + 60)].firstIndex(of: UInt8(ascii: ")")) else { return }
    guard text.has(.title, in: start..<end) else { return }
    found.add(text.detail(.title, start..<end, confidence: 0.8, "behind the name"), at: start..<end)
}

/// `我同事王芳`, `my colleague Ada Byron`: other people of the customer's side. They come after the writer.
private func findColleagues(_ text: ScannedText, _ found: inout DetailList) {
    for mark in text.marks where mark.kind == .colleague {
        let line = text.line(at: mark.start)
        var start = mark.end
        while start < line.range.upperBound, text.bytes[start] == 0x20 || text.bytes[start] == 0x3A { start += 1 }
        let rest = start..<line.range.upperBound
        guard let name = PersonName.han(text, rest) ?? PersonName.latin(text.bytes, rest, atLeast: 2) else { continue }
        found.add(text.detail(.name, name, confidence: 0.75, "named as a colleague"), at: name)
    }
}

/// The first short line of the signature that is a name, alone or before a title, a number or a bar.
private func findSignatureName(_ text: ScannedText, _ found: inout DetailList) {
    for line in text.lines.lazy.filter(\.isSignature).prefix(4) {
        guard let part = signatureParts(text, line).first, !opensWithLabel(text, part) else { continue }
        if let name = PersonName.han(text, part) {
            found.add(text.detail(.name, name, confidence: 0.85, "first line of the signature"), at: name)
            return
        }
        if let name = PersonName.latin(text.bytes, part, atLeast: 1),
            name.upperBound == part.upperBound || part.upperBound - name.upperBound > 2,
            !text.marks(in: part).contains(where: { $0.kind == .country && $0.start == name.lowerBound })
        {
            found.add(text.detail(.name, name, confidence: 0.75, "first line of the signature"), at: name)
            return
        }
    }
}

/// The first line of a mail that is nothing but a card.
private func findNameOfCard(_ text: ScannedText, _ found: inout DetailList) {
    guard !found.has(.name), isCard(text, found),
        let name = nameOfCard(
            text, hasContacts: !found.taken.isEmpty && !text.lines.contains(where: \.isSignature))
    else { return }
    found.add(text.detail(.name, name, confidence: 0.7, "first line of a card"), at: name)
}

/// `Tel`, `公司：`, and a `Name` that a colon follows: the value is read elsewhere.
private func opensWithLabel(_ text: ScannedText, _ part: Range<Int>) -> Bool {
    text.labels(in: part).contains { label in
        guard label.start == part.lowerBound else { return false }
        return label.kind != .name || label.end == part.upperBound || text.bytes[part].contains(0x3A)
    }
}

/// The forms that names of people have.
enum PersonName {
    /// Family name and one or two characters, ended by something that is no Han character, or by a title.
    static func han(_ text: ScannedText, _ range: Range<Int>) -> Range<Int>? {
        // Most lines begin with no family name.
        guard let first = hanCharacter(text.bytes, range.lowerBound, range.upperBound),
            text.words.nameOpeners.contains(first)
        else { return nil }
        // A name has four characters at most, so that five tell whether it ends.
        var count = 1
        while count < 5, hanCharacter(text.bytes, range.lowerBound + count * 3, range.upperBound) != nil { count += 1 }
        guard count >= 2 else { return nil }
        func hash(_ length: Int) -> UInt64 { LabelHash.of(text.bytes, range.prefixRange(length * 3)) }
        let isCompound = text.words.compoundSurnames.contains(hash(2))
        guard isCompound || text.words.surnames.contains(first) else { return nil }
        let familyLength = isCompound ? 2 : 1
        for length in (familyLength + 1...familyLength + 2).reversed() where length <= count {
            let end = range.lowerBound + length * 3
            guard length == count || isFollowedByTitle(text, end..<range.upperBound) else { continue }
            // `周一`, `方便`: words that begin as a name does.
            return text.words.notNames.contains(hash(length)) ? nil : range.lowerBound..<end
        }
        return nil
    }

    /// The character at `index`, when it is one of U+4E00 to U+9FFF.
    private static func hanCharacter(_ bytes: [UInt8], _ index: Int, _ end: Int) -> UInt32? {
        guard index + 2 < end, bytes[index] >= 0xE4, bytes[index] < 0xEA else { return nil }
        let value =
            UInt32(bytes[index] & 0x0F) << 12 | UInt32(bytes[index + 1] & 0x3F) << 6 | UInt32(bytes[index + 2] & 0x3F)
        return value >= 0x4E00 && value < 0xA000 ? value : nil
    }

    private static func isFollowedByTitle(_ text: ScannedText, _ range: Range<Int>) -> Bool {
        honorifics.contains { begins(text.bytes, range, with: $0) }
            || text.marks(in: range.prefixRange(30)).contains {
                $0.kind == .title && $0.start <= range.lowerBound + 12
            }
    }

    private static let honorifics: [[UInt8]] = ["先生", "女士", "小姐", "敬上", "谨上", "謹上", "様", "さん", "です", "と申"].map {
        Array($0.utf8)
    }

    /// One to five words with a capital, and `de`, `van` and their like between them; ends before a comma, a bar or
    /// another word in lower case.
    static func latin(_ bytes: [UInt8], _ range: Range<Int>, atLeast least: Int) -> Range<Int>? {
        var index = range.lowerBound
        var end = index
        var words = 0
        while index < range.upperBound, words < 5 {
            let start = index
            while index < range.upperBound, mayStandInLatin(bytes[index]) { index += 1 }
            guard index > start else { break }
            if words > 0, CapitalWords.particles.contains(LabelHash.of(bytes, start..<index)),
                isASCIILowercase(bytes[start])
            {
                guard let next = skipBlanks(bytes, index, range.upperBound) else { break }
                index = next
                continue
            }
            let isCapital = isASCIILetter(bytes[start]) && !isASCIILowercase(bytes[start]) || bytes[start] >= 0xC3
            guard isCapital, bytes[start] < 0xE2 else { break }
            if LabelHash.notNames.contains(LabelHash.of(bytes, start..<index)) { break }
            if index - start <= 2, index < range.upperBound, bytes[index] == 0x2E { index += 1 }
            words += 1
            end = index
            guard let next = skipBlanks(bytes, index, range.upperBound) else { break }
            index = next
        }
        return words >= least && end - range.lowerBound >= 3 ? range.lowerBound..<end : nil
    }

    private static func isASCIILowercase(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }

    private static func mayStandInLatin(_ byte: UInt8) -> Bool {
        isASCIILetter(byte) || byte >= 0xC3 && byte < 0xE2 || byte & 0xC0 == 0x80 || byte == 0x27 || byte == 0x2D
    }

    /// Behind one or two blanks; nil where something else follows.
    private static func skipBlanks(_ bytes: [UInt8], _ index: Int, _ end: Int) -> Int? {
        guard index < end, bytes[index] == 0x20 else { return nil }
        return index + 1 < end && bytes[index + 1] == 0x20 ? index + 2 : index + 1
    }
}

extension LabelHash {
    /// Capitalised words that begin lines of signatures and are no names.
    fileprivate static let notNames: Set<UInt64> = Set(
        [
            "The", "Sent", "Get", "From", "To", "Please", "Thanks", "Thank", "Best", "Kind", "Regards", "Sincerely",
            "Customer", "Sales", "Support", "Team",
            "Department", "Dept", "Tel", "Phone", "Mobile", "Email", "Fax", "Address", "Confidential", "Inc", "Ltd",
            "LLC", "Company", "Dear", "Hello",
            "Contact", "Name", "Submitted", "Begin", "BEGIN", "Message", "Not", "Very", "Writing", "Trying", "This",
            "That", "We", "Our", "Office", "Street", "Manager", "Director", "Engineer",
        ].map { LabelHash.of($0) })
}

extension Range<Int> {
    /// At most the first `count` positions.
    func prefixRange(_ count: Int) -> Range<Int> { lowerBound..<Swift.min(upperBound, lowerBound + count) }
}
