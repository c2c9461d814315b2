import MailText
import Vocabulary

// Companies in sentences: where the writer says whom they work for, and, with less confidence, where words or a legal form show
// that capitals are a company.

/// `我是上海某某有限公司的…`, `来自…公司`, `My name is Ada Byron from Example Pumps.`
func findIntroducedCompany(_ text: ScannedText, _ found: inout DetailList) {
    let bytes = text.bytes
    for mark in text.marks where mark.kind == .introduction && !found.has(.company) {
        let line = text.line(at: mark.start)
        if bytes[mark.start] < 0x80 {
            findLatinEmployer(text, mark.end..<line.range.upperBound, &found)
            continue
        }
        let clause = mark.end..<min(line.range.upperBound, mark.end + 150)
        guard let suffix = text.marks(in: clause).last(where: { $0.kind == .companySuffix }) else { continue }
        let name = mark.end..<suffix.end
        guard name.count >= 12, name.count <= 90, bytes[name].allSatisfy(mayStandInHanCompany) else { continue }
        found.add(text.detail(.company, name, confidence: 0.8, "self-introduction"), at: name)
    }
}

/// Behind the name: `from`, `of`, `at`, `with`, and words in capitals.
private func findLatinEmployer(_ text: ScannedText, _ range: Range<Int>, _ found: inout DetailList) {
    let bytes = text.bytes
    guard range.count > 1, let name = PersonName.latin(bytes, range.lowerBound + 1..<range.upperBound, atLeast: 1),
        let word = employerWords.first(where: { begins(bytes, name.upperBound..<range.upperBound, with: $0) })
    else { return }
    guard let company = CapitalWords(text).company(from: name.upperBound + word.count, range.upperBound) else { return }
    found.add(text.detail(.company, company, confidence: 0.7, "self-introduction"), at: company)
}

private let employerWords: [[UInt8]] = [" from ", " of ", " at ", " with ", ", from "].map { Array($0.utf8) }

/// What stands in sentences, where neither a signature nor a label names the company.
func findCompaniesInSentences(_ text: ScannedText, _ found: inout DetailList) {
    guard !found.has(.company) else { return }
    let capitals = CapitalWords(text)
    for mark in text.marks where text.bytes[mark.start] < 0x80 {
        let line = text.line(at: mark.start)
        guard line.number != nil, !line.isSignature,
            let (name, confidence, evidence) = company(text, capitals, mark, line), !found.overlapsTaken(name),
            !text.marks(in: name).contains(where: { $0.kind == .country && $0.start == name.lowerBound })
        else { continue }
        found.add(text.detail(.company, name, confidence: confidence, evidence), at: name)
    }
    for label in text.labels where label.kind == .address && text.bytes[label.start] < 0x80 {
        let line = text.line(at: label.start)
        guard line.number != nil else { continue }
        // `The Example Pumps office is at …`
        if begins(text.bytes, label.start..<label.end, with: office), let name = owner(text, capitals, label, line) {
            found.add(text.detail(.company, name, confidence: 0.45, "before a word for what companies have"), at: name)
        }
        guard let start = behind(of, label.end, text, line),
            let name = capitals.company(from: start, line.range.upperBound)
        else { continue }
        found.add(text.detail(.company, name, confidence: 0.5, "whose address is said"), at: name)
    }
}

private func company(
    _ text: ScannedText, _ capitals: CapitalWords, _ mark: ScannedText.Label, _ line: ScannedText.Line
) -> (Range<Int>, Double, String)? {
    let end = line.range.upperBound
    switch mark.kind {
    case .employer:
        guard let start = behind([0x20], mark.end, text, line), let name = capitals.company(from: start, end) else {
            break
        }
        return (name, 0.7, "behind words for an employer")
    case .title:
        // `the CEO of Example Pumps`, `an engineer at Example Pumps`
        guard let start = behind(of, mark.end, text, line) ?? behind(at, mark.end, text, line),
            let name = capitals.company(from: start, end)
        else { break }
        return (name, 0.5, "behind a position")
    case .companySuffix:
        guard let name = capitals.company(endingAt: mark.end, from: line.range.lowerBound),
            name.lowerBound < mark.start,
            name.upperBound == mark.end, capitals.isCapital(mark.start, mark.end) || text.bytes[mark.start] == 0x61
        else { break }
        return (name, 0.5, "company suffix in a sentence")
    case .companyPlace:
        // `the Example Pumps office`
        guard let name = owner(text, capitals, mark, line) else { break }
        return (name, 0.45, "before a word for what companies have")
    case .companyVerb:
        guard mark.start > line.range.lowerBound + 3,
            let name = capitals.company(endingAt: mark.start - 1, from: line.range.lowerBound)
        else { break }
        return (name, 0.4, "before a word for what companies do")
    case .companyKind: return describedCompany(text, capitals, mark, line)
    default: break
    }
    return nil
}

/// Behind `the` and before a word for what companies have.
private func owner(
    _ text: ScannedText, _ capitals: CapitalWords, _ mark: ScannedText.Label, _ line: ScannedText.Line
) -> Range<Int>? {
    guard mark.start > line.range.lowerBound + 5,
        let name = capitals.company(endingAt: mark.start - 1, from: line.range.lowerBound),
        name.lowerBound >= line.range.lowerBound + 4,
        begins(text.bytes, name.lowerBound - 4..<name.lowerBound, with: the)
    else { return nil }
    return name
}

/// `Example Pumps is a design agency`: `is a` near by before the word, and the name before that, at the beginning of its
/// clause.
private func describedCompany(
    _ text: ScannedText, _ capitals: CapitalWords, _ mark: ScannedText.Label, _ line: ScannedText.Line
) -> (Range<Int>, Double, String)? {
    let bytes = text.bytes
    let near = max(line.range.lowerBound, mark.start - 60)..<mark.start
    for word in isA {
        guard let place = firstRange(bytes, near, of: word),
            let name = capitals.company(endingAt: place.lowerBound, from: line.range.lowerBound)
        else { continue }
        let opensClause =
            name.lowerBound == line.range.lowerBound
            || name.lowerBound >= 2 && [0x2E, 0x2C, 0x21, 0x3F].contains(bytes[name.lowerBound - 2])
        if opensClause { return (name, 0.5, "said to be a company") }
    }
    return nil
}

/// The position behind `word`, when it stands right behind `index`.
private func behind(_ word: [UInt8], _ index: Int, _ text: ScannedText, _ line: ScannedText.Line) -> Int? {
    begins(text.bytes, index..<line.range.upperBound, with: word) ? index + word.count : nil
}

private let of = Array(" of ".utf8), at = Array(" at ".utf8), the = Array("the ".utf8), office = Array("office".utf8)
private let isA: [[UInt8]] = [" is a", " was a", " are a"].map { Array($0.utf8) }
