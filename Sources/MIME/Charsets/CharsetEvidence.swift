// How many bits a text costs under each charset it may be written in: the fewer, the likelier the charset.

/// The places of a text that tell its charset: bytes above 127 with what stands around them.
struct CharsetSample {
    let bytes: [UInt8]

    /// Takes at most `limit` bytes, so that a long text costs no more than its reading.
    init(_ source: Bytes, _ range: Range<Int>, limit: Int = 2048) {
        var bytes: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound && bytes.count < limit {
            guard source[index] >= 0x80 else {
                index += 1
                continue
            }
            // One byte before, three after: a second byte of a pair may be ASCII, and letters around tell words.
            if index > range.lowerBound { bytes.append(source[index - 1]) }
            var quiet = 0
            while index < range.upperBound && quiet < 3 && bytes.count < limit {
                quiet = source[index] < 0x80 ? quiet + 1 : 0
                bytes.append(source[index])
                index += 1
            }
            // A half character where the sample was cut must not count as a wrong one.
            if quiet == 3 { bytes.append(32) }
        }
        self.bytes = bytes
    }
}

/// What a byte of ASCII costs under any charset.
private let plainBits = 4.5
/// What a byte or pair costs that is no character.
private let wrongBits = 26.0

extension AlphabetModel {
    /// Nil when too much of it is no character.
    func bits(_ sample: [UInt8]) -> Double {
        var total = prior
        var previous: Kind?
        for index in sample.indices {
            let byte = sample[index]
            guard byte >= 0x80 else {
                total += plainBits
                previous = nil
                continue
            }
            let kind = kind[Int(byte & 0x7F)]
            total += cost[Int(byte & 0x7F)]
            let before = index > 0 ? sample[index - 1] : 32
            let after = index + 1 < sample.count ? sample[index + 1] : 32
            if kind != .other {
                total += isOwnScript ? ownScript(before, after, previous) : accent(before, after)
                if kind == .upper { total += upper(before, after, previous) }
            }
            previous = kind
        }
        return total
    }

    /// Words of another script hold no Latin letters and more than one letter.
    private func ownScript(_ before: UInt8, _ after: UInt8, _ previous: Kind?) -> Double {
        (isLetter(before) || isLetter(after) ? 6 : 0) + (before >= 0x80 && previous != .other ? 0.3 : 1.5)
    }

    /// A letter with an accent mostly stands alone among Latin letters.
    private func accent(_ before: UInt8, _ after: UInt8) -> Double {
        (before >= 0x80 ? 4.5 : 0) + (isLetter(before) || isLetter(after) ? 0 : 3)
    }

    /// Capitals begin a word or stand among capitals.
    private func upper(_ before: UInt8, _ after: UInt8, _ previous: Kind?) -> Double {
        if previous == .lower || (97...122).contains(before) { return 5 }
        if previous == .upper || (65...90).contains(before) || (65...90).contains(after) { return -1.5 }
        return 0
    }
}

extension IdeographModel {
    func bits(_ sample: [UInt8]) -> Double {
        let table = Self.table(of: charset)
        var total = prior
        var index = 0
        var wasLetter = false
        while index < sample.count {
            let byte = sample[index]
            guard byte >= 0x80 else {
                total += plainBits
                wasLetter = isLetter(byte)
                index += 1
                continue
            }
            // Latin letters right beside are rare and are what accents have.
            if wasLetter { total += 3 }
            let (length, bits) = character(sample, index, table)
            total += bits
            index += length
            wasLetter = false
            if index < sample.count && isLetter(sample[index]) { total += 3 }
        }
        return total
    }

    private func character(_ sample: [UInt8], _ index: Int, _ table: DoubleByteTable) -> (length: Int, bits: Double) {
        let byte = sample[index]
        // Cut in the middle of a character, which is common in subjects.
        guard index + 1 < sample.count else { return (1, table.singles[Int(byte & 0x7F)] != 0 ? 12 : 5) }
        let second = sample[index + 1]
        let scalar = table.scalar(byte, second)
        if scalar != 0 {
            let bits = frequent[scalar] ?? rest[Int(byte & 0x7F)]
            // The ranges of GB2312 end where the second byte leaves its upper half: there are GBK's additions.
            return (2, charset == .gb18030 && second < 0xA1 ? Swift.max(bits, 22) : bits)
        }
        switch charset {
        case .gb18030 where isDigit(second) && index + 3 < sample.count && isDigit(sample[index + 3]): return (4, 30)
        case .eucJP where byte == 0x8E && (0xA1...0xDF).contains(second): return (2, 20)
        case .eucJP where byte == 0x8F && second >= 0xA1 && index + 2 < sample.count && sample[index + 2] >= 0xA1:
            return (3, 30)
        // Half-width katakana.
        case .cp932 where table.singles[Int(byte & 0x7F)] != 0: return (1, 12)
        default: return (1, wrongBits)
        }
    }

    private static func table(of charset: Charset) -> DoubleByteTable {
        switch charset {
        case .gb18030: .gbk
        case .big5: .big5
        case .cp949: .cp949
        case .cp932: .cp932
        default: .eucJP
        }
    }
}
