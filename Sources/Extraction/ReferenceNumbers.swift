import MailText
import Vocabulary

// Numbers of orders, contracts and parcels: by the label before them, else by a shape that says what they are.

/// Letters, digits and what joins them, with a digit: `SO-2025-0012`, `1Z999AA10123456784`.
private struct Token {
    let range: Range<Int>
    let digits: Int
    let letters: Int
}

func findReferenceNumbers(_ text: ScannedText, _ found: inout DetailList) {
    var scanner = TokenScanner(text.bytes)
    var previous: (field: Detail.Field, end: Int)?
    var line = ScannedText.Line.none
    while let token = scanner.next() {
        if token.range.lowerBound >= line.range.upperBound { line = text.line(at: token.range.lowerBound) }
        guard let reading = read(token, text, line, previous) else { continue }
        let range = reading.range ?? token.range
        found.add(
            text.detail(
                reading.field, range, normalized: normalized(text, range), confidence: reading.confidence,
                reading.evidence),
            at: line.number == nil ? nil : range)
        previous = (reading.field, range.upperBound)
        scanner.resume(at: range.upperBound)
    }
}

private struct Reading {
    let field: Detail.Field
    /// Where it goes on beyond the token.
    var range: Range<Int>?
    let confidence: Double
    let evidence: String
}

private func normalized(_ text: ScannedText, _ range: Range<Int>) -> String {
    let bytes = text.bytes[range]
    if !bytes.contains(0x20) { return text.plain(range).uppercased() }
    return String(decoding: bytes.filter { $0 != 0x20 }, as: UTF8.self).uppercased()
}

private func read(
    _ token: Token, _ text: ScannedText, _ line: ScannedText.Line, _ previous: (field: Detail.Field, end: Int)?
) -> Reading? {
    let start = token.range.lowerBound
    if let own = readOwnForm(token, text) { return own }
    if let code = readCreditCode(token, text, line) { return code }
    if let label = text.label(before: start, lineStart: line.range.lowerBound) {
        var words: String { text.plain(label.start..<label.end) }
        switch label.kind {
        case .order where fitsOrder(token, label, text):
            return Reading(field: .orderNumber, confidence: 0.96, evidence: "label " + words)
        case .contract where token.digits >= 3 && fitsOrder(token, label, text):
            let end = contractEnd(text.bytes, token.range.upperBound)
            return Reading(
                field: .contractNumber, range: start..<end, confidence: 0.96, evidence: "label " + words)
        case .tracking where token.digits >= 6:
            return Reading(field: .trackingNumber, confidence: 0.96, evidence: "label " + words)
        case .creditCode, .phone, .mobile, .fax, .otherNumber: return nil
        default: break
        }
    }
    if let contract = readBracketedContract(token, text, line) { return contract }
    if let previous, previous.field != .creditCode, joins(text.bytes, previous.end..<start), token.digits >= 4 {
        return Reading(field: previous.field, confidence: 0.85, evidence: "listed behind another one")
    }
    return readShape(token, text)
}

/// `订单号 12` is a number, `order 212 units` is not: a bare word needs more digits than one that says "number".
private func fitsOrder(_ token: Token, _ label: ScannedText.Label, _ text: ScannedText) -> Bool {
    let between = text.bytes[label.start..<token.range.lowerBound]
    let saysNumber =
        between.contains(UInt8(ascii: ":")) || between.contains(UInt8(ascii: "#"))
        || numberWords.contains { contains(text.bytes, label.start..<token.range.lowerBound, $0) }
    if token.range.count > 40 { return false }
    return saysNumber ? token.digits >= 3 && token.range.count >= 4 : token.digits >= 5
}

private let numberWords: [[UInt8]] = ["号", "號", "no", "num"].map { Array($0.utf8) }

/// `CT-0817/2026`: the year or a short number behind a slash belongs to it.
private func contractEnd(_ bytes: [UInt8], _ end: Int) -> Int {
    guard end + 1 < bytes.count, bytes[end] == UInt8(ascii: "/") else { return end }
    var place = end + 1
    while place < bytes.count, isASCIILetterOrDigit(bytes[place]) || bytes[place] == UInt8(ascii: "-") { place += 1 }
    return place - end > 1 && place - end <= 6 ? place : end
}

/// `合同字[2026]第060号`: the year in brackets, as Chinese offices number their papers. The token is the year.
private func readBracketedContract(_ token: Token, _ text: ScannedText, _ line: ScannedText.Line) -> Reading? {
    let bytes = text.bytes
    guard token.range.count == 4, token.letters == 0, token.range.upperBound + 6 < line.range.upperBound else {
        return nil
    }
    let (open, end) = (token.range.lowerBound - 1, token.range.upperBound)
    guard open > line.range.lowerBound, let first = brackets[bytes[open]], bytes[end] == first else { return nil }
    let rest = end + 1..<line.range.upperBound
    guard begins(bytes, rest, with: Array("第".utf8)) else { return nil }
    var place = end + 4
    while place < rest.upperBound, isASCIIDigit(bytes[place]) { place += 1 }
    guard place > end + 4,
        begins(bytes, place..<rest.upperBound, with: Array("号".utf8))
            || begins(bytes, place..<rest.upperBound, with: Array("號".utf8))
    else { return nil }
    var start = open
    while start > line.range.lowerBound, bytes[start - 1] >= 0x80 { start -= 1 }
    guard contains(bytes, start..<open, Array("合".utf8)) || contains(bytes, start..<open, Array("字".utf8)),
        open - start <= 24
    else { return nil }
    return Reading(
        field: .contractNumber, range: start..<place + 3, confidence: 0.9, evidence: "form of a document number")
}

private let brackets: [UInt8: UInt8] = [UInt8(ascii: "["): UInt8(ascii: "]"), UInt8(ascii: "("): UInt8(ascii: ")")]

/// `A123、B456`, `A123 / B456`, `A123 and B456`.
private func joins(_ bytes: [UInt8], _ gap: Range<Int>) -> Bool {
    guard gap.count >= 1, gap.count <= 7 else { return false }
    var hasSeparator = false
    var index = gap.lowerBound
    while index < gap.upperBound {
        let rest = index..<gap.upperBound
        if bytes[index] == 0x20 {
            index += 1
        } else if bytes[index] == UInt8(ascii: ",") || bytes[index] == UInt8(ascii: "/")
            || bytes[index] == UInt8(ascii: "&")
        {
            hasSeparator = true
            index += 1
        } else if let word = joiners.first(where: { begins(bytes, rest, with: $0) }) {
            hasSeparator = true
            index += word.count
        } else {
            return false
        }
    }
    return hasSeparator
}

private let joiners: [[UInt8]] = ["、", "和", "及", "与", "與", "and "].map { Array($0.utf8) }

/// The forms that the admin has written down.
private func readOwnForm(_ token: Token, _ text: ScannedText) -> Reading? {
    guard let form = text.words.forms.first(where: { $0.matches(text.bytes, token.range) }) else { return nil }
    let field: Detail.Field =
        switch form.kind {
        case .contractForm: .contractNumber
        case .trackingForm: .trackingNumber
        default: .orderNumber
        }
    return Reading(field: field, confidence: 0.97, evidence: "form \(form.text)")
}

/// Shapes that are used so widely that they need no label.
private func readShape(_ token: Token, _ text: ScannedText) -> Reading? {
    let bytes = text.bytes
    let start = token.range.lowerBound
    let prefix = token.range.prefix { isASCIILetter(bytes[$0]) }.count
    if prefix == 0 {
        guard token.letters == 0, token.digits >= 5, token.digits == token.range.count, token.digits <= 16, start > 0,
            bytes[start - 1] == UInt8(ascii: "#"), start < 2 || bytes[start - 2] != UInt8(ascii: "[")
        else { return nil }
        return Reading(field: .orderNumber, confidence: 0.6, evidence: "shape #number")
    }
    let letters = text.plain(start..<start + prefix).uppercased()
    let rest = token.range.count - prefix
    if token.letters == prefix, token.digits >= 6, orderPrefixes.contains(letters) {
        return Reading(field: .orderNumber, confidence: 0.8, evidence: "shape \(letters) and digits")
    }
    if token.digits >= 6, contractPrefixes.contains(letters) {
        return Reading(field: .contractNumber, confidence: 0.75, evidence: "shape \(letters) and digits")
    }
    if let digits = trackingPrefixes[letters], digits.contains(token.digits), token.digits == rest {
        return Reading(field: .trackingNumber, confidence: 0.8, evidence: "shape of a waybill")
    }
    return nil
}

/// SO sales order, PO purchase order, DD and DH 订单 (dingdan), XS 销售, CG 采购.
private let orderPrefixes: Set<String> = ["SO", "PO", "DD", "ORD", "ORDER", "XSDD", "CGDD", "XS", "CG", "DDH"]
/// HT 合同 (hetong), XSHT and CGHT its sales and purchase forms.
private let contractPrefixes: Set<String> = ["HT", "XSHT", "CGHT", "CON", "HTBH"]
/// Public waybill forms: SF Express, YTO, J&T, JD Logistics, and the UPU S10 form of postal items.
private let trackingPrefixes: [String: ClosedRange<Int>] = [
    "SF": 12...15, "YT": 13...15, "JT": 13...13, "JDVA": 11...13, "JDVB": 11...13, "JD": 11...15, "ZTO": 12...12,
]

/// GB 32100-2015: 18 characters of digits and capitals without I, O, S, V, Z; the last one is a check digit modulo 31.
private func readCreditCode(_ token: Token, _ text: ScannedText, _ line: ScannedText.Line) -> Reading? {
    guard token.range.count == 18 else { return nil }
    let labelled = text.label(before: token.range.lowerBound, lineStart: line.range.lowerBound)?.kind == .creditCode
    let characters = text.bytes[token.range].map { asciiLowercased($0) }
    guard let right = creditCodeCheck(characters) else { return nil }
    if right, token.letters > 0 || labelled {
        return Reading(field: .creditCode, confidence: 0.98, evidence: "check digit right")
    }
    return labelled ? Reading(field: .creditCode, confidence: 0.6, evidence: "check digit wrong") : nil
}

private let creditCodeAlphabet = Array("0123456789abcdefghjklmnpqrtuwxy".utf8)

/// Nil when a character is not of the alphabet; else whether the check digit is right.
private func creditCodeCheck(_ characters: [UInt8]) -> Bool? {
    var sum = 0
    var weight = 1
    for (index, character) in characters.enumerated() {
        guard let value = creditCodeAlphabet.firstIndex(of: character) else { return nil }
        if index == 17 { return value == (31 - sum % 31) % 31 }
        sum += value * weight
        weight = weight * 3 % 31
    }
    return nil
}

/// Cuts a text into tokens that hold a digit. A token takes `-`, `_` and `.` between its letters and digits.
private struct TokenScanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func resume(at position: Int) { index = max(index, position) }

    mutating func next() -> Token? {
        while true {
            let digit = firstDigit(in: bytes, from: index)
            guard digit < bytes.count else { return nil }
            var start = digit
            while start > index, digit - start < 40, isASCIILetterOrDigit(bytes[start - 1]) || isJointBefore(start) {
                start -= 1
            }
            while isASCIILetterOrDigit(bytes[start]) == false { start += 1 }
            index = start
            if let token = token(from: start) { return token }
        }
    }

    /// Reads one token and moves behind it; nil when it has not enough digits.
    private mutating func token(from start: Int) -> Token? {
        var digits = 0
        var letters = 0
        while index < bytes.count {
            let byte = bytes[index]
            if isASCIIDigit(byte) {
                digits += 1
            } else if isASCIILetter(byte) {
                letters += 1
            } else if !isJoint(at: index) {
                break
            }
            index += 1
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: "@") {
            skipAddress()
            return nil
        }
        return digits >= 3 && index - start <= 64 ? Token(range: start..<index, digits: digits, letters: letters) : nil
    }

    /// Whether a joint between two letters or digits stands right before `place`.
    private func isJointBefore(_ place: Int) -> Bool {
        place - 2 >= index && isJoint(at: place - 1) && isASCIILetterOrDigit(bytes[place - 2])
    }

    private func isJoint(at index: Int) -> Bool {
        let byte = bytes[index]
        guard byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") else { return false }
        return index + 1 < bytes.count && isASCIILetterOrDigit(bytes[index + 1])
    }

    /// The domain of an e-mail address is no number either.
    private mutating func skipAddress() {
        while index < bytes.count, bytes[index] > 0x20, bytes[index] < 0x80, bytes[index] != UInt8(ascii: ",") {
            index += 1
        }
    }
}
