import MailText
import Vocabulary

// Postal addresses without a label, in the signature: Chinese ones by their administrative words, English ones by house
// number and street word.

func findPostalAddress(_ text: ScannedText, _ found: inout DetailList) {
    guard !found.has(.address) else { return }
    let lines = text.lines.filter(\.isSignature)
    for (index, line) in lines.enumerated() {
        let range = text.trimmedRange(line.range)
        if isChinese(text, range) {
            return add(text, text.written(range), line, &found)
        }
        if isEnglishStreet(text, range) {
            var value = text.written(range)
            if index + 1 < lines.count, isEnglishTown(text.bytes, text.trimmedRange(lines[index + 1].range)) {
                value += ", " + text.written(text.trimmedRange(lines[index + 1].range))
            }
            return add(text, value, line, &found)
        }
    }
}

private func add(_ text: ScannedText, _ value: String, _ line: ScannedText.Line, _ found: inout DetailList) {
    found.add(Detail(.address, value: value, confidence: 0.75, line: line.number, evidence: "form of an address"))
}

/// 省 市 区 县 … 路 街 号: one of the first kind and one of the second.
private func isChinese(_ text: ScannedText, _ range: Range<Int>) -> Bool {
    guard range.count >= 18, range.count <= 200, !text.bytes[range].contains(0x3A) else { return false }
    return text.bytes[range.lowerBound] >= 0x80 && text.has(.area, in: range) && text.has(.street, in: range)
}

/// A house number, and a word for a street.
private func isEnglishStreet(_ text: ScannedText, _ range: Range<Int>) -> Bool {
    guard range.count >= 8, range.count <= 120, isASCIIDigit(text.bytes[range.lowerBound]) else { return false }
    return text.marks(in: range).contains { $0.kind == .street && text.bytes[$0.start] < 0x80 }
}

/// `Washington, DC 20012`: a comma and a postal code.
private func isEnglishTown(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard range.count >= 6, range.count <= 80, let first = range.first, isASCIILetter(bytes[first]) else {
        return false
    }
    let digits = bytes[range].count { isASCIIDigit($0) }
    return bytes[range].contains(0x2C) && digits >= 4 && digits <= 9 && !bytes[range].contains(0x40)
}
