/// An enhanced status code (RFC 3463 section 2): `5.1.1`.
package struct EnhancedStatus: Sendable, Hashable, CustomStringConvertible {
    /// 2 success, 4 trouble that may pass, 5 failure.
    package let category: Int
    package let subject: Int
    package let detail: Int

    package init?(category: Int, subject: Int, detail: Int) {
        guard [2, 4, 5].contains(category), (0...999).contains(subject), (0...999).contains(detail) else { return nil }
        (self.category, self.subject, self.detail) = (category, subject, detail)
    }

    /// The first one that stands alone in a text: none within the numbers of an IP address or version.
    package init?(firstIn text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard let found = EnhancedStatus.first(in: bytes.span) else { return nil }
        self = found
    }

    package var description: String { "\(category).\(subject).\(detail)" }

    private static func first(in bytes: Bytes) -> EnhancedStatus? {
        var index = 0
        while index < bytes.count {
            let start = index
            while index < bytes.count && (isDigit(bytes[index]) || bytes[index] == 46) { index += 1 }
            if index == start {
                index += 1
                continue
            }
            if let status = EnhancedStatus(numbers: bytes, start..<index) { return status }
        }
        return nil
    }

    /// Three numbers of up to 1, 3 and 3 digits; a full stop may follow.
    private init?(numbers bytes: Bytes, _ range: Range<Int>) {
        guard (5...10).contains(range.count) else { return nil }
        var numbers: [Int] = []
        var digits = 0
        var number = 0
        for index in range.lowerBound...range.upperBound {
            if index < range.upperBound && bytes[index] != 46 {
                number = number * 10 + Int(bytes[index] &- 48)
                digits += 1
            } else if digits > 0 && digits <= 3 {
                numbers.append(number)
                (number, digits) = (0, 0)
            } else if index < range.upperBound || numbers.count != 3 || digits != 0 {
                return nil
            }
        }
        guard numbers.count == 3, bytes[range.lowerBound + 1] == 46 else { return nil }
        self.init(category: numbers[0], subject: numbers[1], detail: numbers[2])
    }
}
