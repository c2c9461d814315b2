import MailText
import Vocabulary

// Phones: our own scanner finds runs of digits that may be one, by label or by shape, and the library judges those.

func findPhones(_ text: ScannedText, region: String, _ found: inout DetailList) {
    var scanner = DigitRunScanner(text.bytes)
    var budget = ScanLimits.phoneCandidates
    var taken = found.taken[...]
    var line = ScannedText.Line.none
    var afterPhone: Int?
    while budget > 0, let run = scanner.next() {
        while let first = taken.first, first.upperBound <= run.range.lowerBound { taken.removeFirst() }
        if let first = taken.first, first.overlaps(run.range) { continue }
        if run.range.lowerBound >= line.range.upperBound { line = text.line(at: run.range.lowerBound) }
        let label = phoneLabel(before: run, text, line, afterPhone)
        if case .other = label { continue }
        guard
            let reading = PhoneReading(
                run, text, isLabelled: label == .phone, isSignature: line.isSignature, region: region,
                budget: &budget)
        else {
            continue
        }
        afterPhone = reading.range.upperBound
        scanner.resume(at: reading.range.upperBound)
        if label == .fax { continue }
        found.add(
            text.detail(
                .phone, reading.range, normalized: reading.e164, phoneExtension: reading.phoneExtension,
                confidence: reading.confidence, reading.evidence),
            at: reading.range)
    }
}

/// A stretch of digits and the signs that stand between the groups of a phone number.
struct DigitRun {
    struct Group {
        let range: Range<Int>

        /// How many digits.
        var count: Int { range.count }
    }

    let range: Range<Int>
    let groups: [Group]
    let hasPlus: Bool
}

enum PhoneLabel { case none, phone, fax, other }

/// What the label before the run says; `A / B` behind a phone is a phone as well.
private func phoneLabel(
    before run: DigitRun, _ text: ScannedText, _ line: ScannedText.Line, _ afterPhone: Int?
) -> PhoneLabel {
    let start = run.range.lowerBound
    if let label = text.label(before: start, lineStart: line.range.lowerBound) {
        switch label.kind {
        case .phone, .mobile: return .phone
        case .fax: return .fax
        case .otherNumber, .order, .contract, .tracking, .creditCode: return .other
        default: break
        }
    }
    if let afterPhone, start > afterPhone, start - afterPhone <= 4, afterPhone >= line.range.lowerBound {
        let gap = text.bytes[afterPhone..<start]
        if gap.contains(UInt8(ascii: "/")) || gap.contains(UInt8(ascii: ",")) || gap.contains(0xE3) { return .phone }
    }
    return .none
}

/// Finds digit runs. Every byte is looked at a bounded number of times: a run that was not a phone is never read again.
struct DigitRunScanner {
    private let bytes: [UInt8]
    private var index = 0

    /// Digits of E.164 and a prefix; a longer run is cut, and no phone.
    private static let longestRun = 40

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Continues behind what was read as a phone.
    mutating func resume(at position: Int) { index = max(position, 0) }

    mutating func next() -> DigitRun? {
        while true {
            let digit = firstDigit(in: bytes, from: index)
            guard digit < bytes.count else { return nil }
            if let run = run(from: opening(before: digit)) { return run }
        }
    }

    /// Where `+86`, `(028)`, `(+86)` begins, for the first digit of it.
    private func opening(before digit: Int) -> Int {
        var start = digit
        while start > index, digit - start < 3 {
            let byte = bytes[start - 1]
            let isBlank = byte == 0x20 && start - 1 > index && (bytes[start - 2] == 0x28 || bytes[start - 2] == 0x2B)
            guard byte == UInt8(ascii: "+") || byte == UInt8(ascii: "(") || isBlank else { break }
            start -= 1
        }
        return start
    }

    /// Reads one run and moves behind it; nil when it cannot be a phone.
    private mutating func run(from start: Int) -> DigitRun? {
        var place = start
        var digits = 0
        var hasPlus = false
        var end = start
        while place < bytes.count, place - start < Self.longestRun {
            let groupStart = place
            while place < bytes.count, isASCIIDigit(bytes[place]) { place += 1 }
            if place > groupStart {
                digits += place - groupStart
                end = place
            }
            guard let next = separatorEnd(from: place, isFirst: digits == 0, hasPlus: &hasPlus) else { break }
            place = next
        }
        index = max(end, start + 1)
        guard digits >= 5, digits <= 24, !touchesWord(start, end) else {
            // A very long run of digits is passed in one go.
            while index < bytes.count, isASCIIDigit(bytes[index]) { index += 1 }
            return nil
        }
        return DigitRun(range: start..<end, groups: groups(in: start..<end), hasPlus: hasPlus)
    }

    /// The stretches of digits; found again, because most runs are too short to be worth a list.
    private func groups(in range: Range<Int>) -> [DigitRun.Group] {
        var groups: [DigitRun.Group] = []
        var place = range.lowerBound
        while place < range.upperBound {
            let start = place
            while place < range.upperBound, isASCIIDigit(bytes[place]) { place += 1 }
            if place > start { groups.append(DigitRun.Group(range: start..<place)) } else { place += 1 }
        }
        return groups
    }

    /// Where the next group begins, behind at most three separators; nil when the run ends here.
    private func separatorEnd(from start: Int, isFirst: Bool, hasPlus: inout Bool) -> Int? {
        var place = start
        while place < bytes.count, place - start < 4 {
            switch bytes[place] {
            case UInt8(ascii: "+"):
                guard isFirst else { return nil }
                hasPlus = true
                place += 1
            case 0x20, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"): place += 1
            default: return place > start && isASCIIDigit(bytes[place]) ? place : nil
            }
        }
        return place > start && place < bytes.count && isASCIIDigit(bytes[place]) ? place : nil
    }

    /// Part of a code or a decimal: `SO123`, `v1.2`, `123abc`. `Tel13800000000` is no word that goes on.
    private func touchesWord(_ start: Int, _ end: Int) -> Bool {
        if end < bytes.count {
            let next = bytes[end]
            let isExtension = (next | 0x20) == UInt8(ascii: "x") || (next | 0x20) == UInt8(ascii: "e")
            if isASCIILetter(next), !isExtension { return true }
            if next == UInt8(ascii: "@") || next == UInt8(ascii: "%") || next == UInt8(ascii: "_") { return true }
        }
        guard start > 0 else { return false }
        let before = bytes[start - 1]
        if before == UInt8(ascii: "@") || before == UInt8(ascii: "_") || before == UInt8(ascii: "$")
            || before == UInt8(ascii: "=")
        {
            return true
        }
        if before == UInt8(ascii: "-") || before == UInt8(ascii: ".") {
            return start > 1 && isASCIILetterOrDigit(bytes[start - 2])
        }
        return isASCIILetter(before)
    }
}
