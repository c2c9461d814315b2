/// An IP address as mail fields name it: `[192.0.2.7]`, `[IPv6:2001:db8::1]` (RFC 5321 section 4.1.3), with or without
/// the brackets. Two spellings of one address are equal, and so are an IPv4 address and its form within IPv6.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// Nil for anything else, also for an IPv4 address with missing or too large numbers.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        self.init(bytes.span, 0..<bytes.count)
    }

    init?(_ bytes: Bytes, _ range: Range<Int>) {
        var range = range
        if range.count > 2, bytes[range.lowerBound] == 91, bytes[range.upperBound - 1] == 93 {
            range = range.lowerBound + 1..<range.upperBound - 1
        }
        // The longest, `IPv6:` with eight groups and an IPv4 address at the end.
        guard range.count <= 50 else { return nil }
        if range.count > 5, lowercasedText(bytes, range.lowerBound..<range.lowerBound + 5) == "ipv6:" {
            range = range.lowerBound + 5..<range.upperBound
        }
        if let value = IPAddress.dotted(bytes, range) {
            (high, low) = (0, 0xFFFF << 32 | UInt64(value))
        } else if let groups = IPAddress.groups(bytes, range) {
            high = groups[0..<4].reduce(0) { $0 << 16 | UInt64($1) }
            low = groups[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
        } else {
            return nil
        }
    }

    package var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// 127.0.0.0/8 or ::1.
    package var isLoopback: Bool { isIPv4 ? UInt32(truncatingIfNeeded: low) >> 24 == 127 : high == 0 && low == 1 }

    /// In the form of RFC 5952.
    package var description: String {
        if isIPv4 {
            return pieces(low, of: 8).suffix(4).map { String($0) }.joined(separator: ".")
        }
        let groups = pieces(high, of: 16) + pieces(low, of: 16)
        // The first longest run of two or more zero groups becomes `::` (section 4.2).
        var best = 0..<0
        var start = 0
        for (place, group) in groups.enumerated() {
            if group != 0 { start = place + 1 } else if place + 1 - start > best.count { best = start..<place + 1 }
        }
        let text = groups.map { String($0, radix: 16) }
        guard best.count > 1 else { return text.joined(separator: ":") }
        return text[..<best.lowerBound].joined(separator: ":") + "::" + text[best.upperBound...].joined(separator: ":")
    }

    /// The number cut into pieces of so many bits, the highest first.
    private func pieces(_ number: UInt64, of width: UInt64) -> [UInt64] {
        let mask: UInt64 = (1 << width) - 1
        return (1...64 / width).map { (place: UInt64) in number >> (64 - place * width) & mask }
    }

    /// Four decimal numbers.
    private static func dotted(_ bytes: Bytes, _ range: Range<Int>) -> UInt32? {
        guard (7...15).contains(range.count) else { return nil }
        var value: UInt32 = 0
        var number: UInt32 = 0
        var digits = 0
        var dots = 0
        for index in range {
            let byte = bytes[index]
            if byte == 46 {
                guard digits > 0, dots < 3 else { return nil }
                value = value << 8 | number
                (number, digits, dots) = (0, 0, dots + 1)
            } else {
                guard isDigit(byte), digits < 3 else { return nil }
                number = number * 10 + UInt32(byte &- 48)
                digits += 1
                guard number < 256 else { return nil }
            }
        }
        return dots == 3 && digits > 0 ? value << 8 | number : nil
    }

    /// Eight groups of hexadecimal digits (RFC 4291 section 2.2); the last two may be an IPv4 address.
    private static func groups(_ bytes: Bytes, _ range: Range<Int>) -> [UInt16]? {
        var groups: [UInt16] = []
        var gap: Int?
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == 58 {
                let isDouble = index + 1 < range.upperBound && bytes[index + 1] == 58
                guard isDouble ? gap == nil : !groups.isEmpty && index + 1 < range.upperBound else { return nil }
                if isDouble { gap = groups.count }
                index += isDouble ? 2 : 1
                continue
            }
            let start = index
            while index < range.upperBound && bytes[index] != 58 { index += 1 }
            if index == range.upperBound, let value = dotted(bytes, start..<index) {
                groups += [UInt16(truncatingIfNeeded: value >> 16), UInt16(truncatingIfNeeded: value)]
            } else if let value = hexadecimal(bytes, start..<index) {
                groups.append(value)
            } else {
                return nil
            }
            guard groups.count <= 8 else { return nil }
        }
        guard let gap else { return groups.count == 8 ? groups : nil }
        guard groups.count < 8 else { return nil }
        groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        return groups
    }

    private static func hexadecimal(_ bytes: Bytes, _ range: Range<Int>) -> UInt16? {
        guard (1...4).contains(range.count) else { return nil }
        var value: UInt16 = 0
        for index in range {
            let digit = hexValue(bytes[index])
            guard digit < 16 else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return value
    }
}
