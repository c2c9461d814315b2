import MailText

/// One digit run read as a phone number: which of its groups belong to it, what its extension is, what the library
/// says.
struct PhoneReading {
    /// With the extension.
    let range: Range<Int>
    let e164: String
    let phoneExtension: String
    let confidence: Double
    let evidence: String

    init?(_ run: DigitRun, _ text: ScannedText, isLabelled: Bool, isSignature: Bool, region: String, budget: inout Int)
    {
        let groups = run.groups
        guard isLabelled || !DateShape.matches(run, text.bytes) else { return nil }
        // The whole run first; a number followed by another one or by an extension is found with fewer groups.
        let digits = text.bytes[run.range].filter(isASCIIDigit)
        var count = groups.count
        var tries = 3
        while count > 0, tries > 0 {
            let number = PhoneShape(digits, groups[..<count], run, text.bytes)
            for guess in number.regions(isLabelled: isLabelled, isSignature: isSignature, region: region)
            where budget > 0 && tries > 0 {
                budget -= 1
                tries -= 1
                guard let check = PhoneCheck(guess.number, region: guess.region),
                    check.isValid || isLabelled || guess.isSure
                else { continue }
                let end = groups[count - 1].range.upperBound
                let inner = Self.innerExtension(groups, count, text.bytes)
                let behind = PhoneExtension(text.bytes, after: inner?.end ?? end)
                range = run.range.lowerBound..<(behind?.end ?? inner?.end ?? end)
                e164 = check.e164
                phoneExtension = behind?.digits ?? inner?.digits ?? ""
                confidence = check.isValid ? (isLabelled ? 0.98 : 0.9) : 0.6
                let judgement = check.isValid ? "valid for \(check.region)" : "possible length, range not assigned"
                evidence = (isLabelled ? "label, " : "shape, ") + judgement
                return
            }
            count -= 1
        }
        return nil
    }

    /// `0571-88880000-8001`: a short last group behind a hyphen.
    private static func innerExtension(
        _ groups: [DigitRun.Group], _ count: Int, _ bytes: [UInt8]
    ) -> (digits: String, end: Int)? {
        guard count < groups.count else { return nil }
        let next = groups[count].range
        let gap = groups[count - 1].range.upperBound..<next.lowerBound
        guard gap.count == 1, bytes[gap.lowerBound] == UInt8(ascii: "-"), next.count <= 5, count == groups.count - 1
        else {
            return nil
        }
        return (String(decoding: bytes[next], as: UTF8.self), next.upperBound)
    }
}

/// `转 8001`, `分机414`, `ext. 730`, `x123`, `#12` behind a number.
private struct PhoneExtension {
    let digits: String
    let end: Int

    private static let words: [[UInt8]] = [
        "转接分机", "转分机", "轉分機", "转接", "轉接", "转", "轉", "分机号", "分機號", "分机", "分機", "内線", "内线", "內線", "extension", "extn",
        "ext", "x", "#",
    ].map { Array($0.utf8) }

    init?(_ bytes: [UInt8], after start: Int) {
        var index = start
        func skip(_ isBlank: (UInt8) -> Bool, upTo limit: Int) {
            var left = limit
            while index < bytes.count, left > 0, isBlank(bytes[index]) {
                index += 1
                left -= 1
            }
        }
        skip({ $0 == 0x20 || $0 == 0x2C || $0 == 0x28 || $0 == 0x2D || $0 == 0x3B }, upTo: 3)
        let rest = index..<min(bytes.count, index + 24)
        guard let word = Self.words.first(where: { begins(bytes, rest, with: $0) }) else { return nil }
        index += word.count
        skip({ $0 == 0x20 || $0 == 0x2E || $0 == 0x3A || $0 == 0x3D || $0 == 0x2D }, upTo: 3)
        let first = index
        while index < bytes.count, isASCIIDigit(bytes[index]), index - first < 7 { index += 1 }
        guard index > first, index - first <= 6 else { return nil }
        digits = String(decoding: bytes[first..<index], as: UTF8.self)
        if index < bytes.count, bytes[index] == UInt8(ascii: ")") { index += 1 }
        end = index
    }
}

/// Dates, times and IP addresses, which have separators like phones.
private enum DateShape {
    static func matches(_ run: DigitRun, _ bytes: [UInt8]) -> Bool {
        guard !run.hasPlus, bytes[run.range.lowerBound] != UInt8(ascii: "(") else { return false }
        let groups = run.groups
        guard groups.count >= 2 else { return isCompactDate(run, bytes) }
        let (first, second) = (groups[0].count, groups[1].count)
        if first == 4, second <= 2, isYear(bytes, groups[0].range) { return true }
        if groups.count >= 3, first <= 2, second <= 2, groups[2].count == 4, isYear(bytes, groups[2].range) {
            return true
        }
        guard groups.count == 4, groups.allSatisfy({ $0.count <= 3 }) else { return false }
        return bytes[run.range].count { $0 == UInt8(ascii: ".") } == 3
    }

    private static func isYear(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let first = bytes[range.lowerBound]
        let second = bytes[range.lowerBound + 1]
        return first == 0x32 && second == 0x30 || first == 0x31 && second == 0x39
    }

    /// `20260203`.
    private static func isCompactDate(_ run: DigitRun, _ bytes: [UInt8]) -> Bool {
        run.range.count == 8 && isYear(bytes, run.range) && bytes[run.range.lowerBound + 4] <= 0x31
    }
}

/// The digits of a candidate, and where in the world such a form is in use.
private struct PhoneShape {
    struct Guess {
        /// For the library: digits, with `+` for an international number.
        let number: String
        let region: String
        /// The form alone is proof enough, even where the library's tables (older than the newest ranges) disagree.
        let isSure: Bool
    }

    private let digits: ArraySlice<UInt8>
    private let groups: ArraySlice<DigitRun.Group>
    private let isPlus: Bool
    private let isGrouped: Bool

    /// - Parameters:
    ///   - digits: those of the whole run.
    ///   - groups: the first groups of it.
    init(_ digits: [UInt8], _ groups: ArraySlice<DigitRun.Group>, _ run: DigitRun, _ bytes: [UInt8]) {
        self.digits = digits.prefix(groups.reduce(0) { $0 + $1.count })
        self.groups = groups
        isPlus = run.hasPlus
        isGrouped = groups.count > 1 || bytes[run.range.lowerBound] == UInt8(ascii: "(")
    }

    func regions(isLabelled: Bool, isSignature: Bool, region: String) -> [Guess] {
        guard digits.count >= 5, digits.count <= 17 else { return [] }
        if isPlus {
            return digits.count >= 7 ? [Guess(number: "+" + text(digits[...]), region: region, isSure: false)] : []
        }
        if begins("00"), digits.count >= 10 {
            return [Guess(number: "+" + text(digits[2...]), region: region, isSure: false)]
        }
        if begins("86"), isMainland(digits[2...]) {
            return [Guess(number: "+" + text(digits[...]), region: "CN", isSure: false)]
        }
        if let own = neighbour { return [Guess(number: "+" + text(digits[...]), region: own, isSure: false)] }
        var guesses: [Guess] = []
        if region == "CN" ? isMainland(digits[...]) : isMobileOfMainland(digits[...]) {
            guesses.append(Guess(number: text(digits[...]), region: "CN", isSure: isMobileOfMainland(digits[...])))
        }
        if region == "TW" || !isLabelled || guesses.isEmpty, isTaiwan {
            guesses.append(Guess(number: text(digits[...]), region: "TW", isSure: false))
        }
        if isNorthAmerican(isLabelled || region == "US" || region == "CA") {
            guesses.append(Guess(number: text(digits[...]), region: "US", isSure: false))
        }
        if isLabelled || region == "HK" && isGrouped && digits.count == 8,
            !guesses.contains(where: { $0.region == region })
        {
            guesses.append(Guess(number: text(digits[...]), region: region, isSure: false))
        }
        // Two groups of four: Hong Kong and Macau write their numbers so, and no region of ours without a code does.
        if isLabelled || isSignature, Self.lengths(of: groups, are: 4, 4), digits[0] != 0x30, digits[0] != 0x31,
            region != "HK"
        {
            guesses.append(Guess(number: text(digits[...]), region: "HK", isSure: false))
        }
        if guesses.isEmpty, isGrouped, digits[0] == 0x30, digits.count >= 9 {
            guesses.append(Guess(number: text(digits[...]), region: region, isSure: false))
        }
        return guesses
    }

    /// Hong Kong, Macau and Taiwan by their codes without `+`, in a group of its own: `(852) 2345 6789`.
    private var neighbour: String? {
        guard isGrouped, groups[0].count == 3 else { return nil }
        if begins("852"), digits.count == 11 { return "HK" }
        if begins("853"), digits.count == 11 { return "MO" }
        return begins("886") && (11...13).contains(digits.count) ? "TW" : nil
    }

    private static func lengths(of groups: ArraySlice<DigitRun.Group>, are lengths: Int...) -> Bool {
        groups.elementsEqual(lengths) { $0.count == $1 }
    }

    private func text(_ digits: ArraySlice<UInt8>) -> String { String(decoding: digits, as: UTF8.self) }

    private func begins(_ prefix: StaticString) -> Bool {
        guard digits.count >= prefix.utf8CodeUnitCount else { return false }
        return (0..<prefix.utf8CodeUnitCount).allSatisfy { digits[$0] == prefix.utf8Start[$0] }
    }

    /// 1[3-9] and nine digits: the mobile numbers of the national plan (MIIT).
    private func isMobileOfMainland(_ digits: ArraySlice<UInt8>) -> Bool {
        guard digits.count == 11, let first = digits.first else { return false }
        let second = digits[digits.startIndex + 1]
        return first == 0x31 && second >= 0x33
            && (isGrouped ? groups[0].count == 11 || groups[0].count <= 4 : true)
    }

    /// Mobile; area code 0xx or 0xxx and seven or eight digits; 400 and 800.
    private func isMainland(_ digits: ArraySlice<UInt8>) -> Bool {
        if isMobileOfMainland(digits) { return true }
        guard let first = digits.first, digits.count >= 10 else { return false }
        if first == 0x30 { return digits.count <= 12 && (isGrouped || digits.count >= 11) }
        let second = digits[digits.startIndex + 1]
        let third = digits[digits.startIndex + 2]
        return digits.count == 10 && (first == 0x34 || first == 0x38) && second == 0x30 && third == 0x30
            || digits.startIndex > 0 && digits.count <= 11 && first != 0x30 && isGrouped
    }

    /// 09 and eight digits; 02 to 08 and seven or eight (numbering plan of the NCC).
    private var isTaiwan: Bool {
        guard begins("0"), digits.count == 9 || digits.count == 10, isGrouped || begins("09") else { return false }
        return digits[1] != 0x30 && digits[1] != 0x31
    }

    /// Ten digits as 3-3-4, area code and exchange from 2 on (NANPA).
    private func isNorthAmerican(_ isExpected: Bool) -> Bool {
        var rest = digits
        var groups = groups
        if rest.count == 11, rest.first == 0x31 {
            rest.removeFirst()
            if groups.first?.count == 1 { groups.removeFirst() }
        }
        guard rest.count == 10, rest[rest.startIndex] >= 0x32, rest[rest.startIndex + 3] >= 0x32 else { return false }
        return isExpected || Self.lengths(of: groups, are: 3, 3, 4) || Self.lengths(of: groups, are: 3, 7)
    }
}
