/// The number of a ticket, given once and for ever, counting up from 1001. Shown as `#1001`; in a subject as `[#1001]`.
package struct TicketNumber: Hashable, Sendable, Codable, RawRepresentable, Comparable, CustomStringConvertible {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// Reads `1001`, `#1001` and `[#1001]`.
    package init?(parsing text: some StringProtocol) {
        var digits = text[...]
        if digits.hasPrefix("["), digits.hasSuffix("]") { digits = digits.dropFirst().dropLast() }
        if digits.hasPrefix("#") { digits = digits.dropFirst() }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 &- 48 < 10 }), let value = Int64(digits) else { return nil }
        rawValue = value
    }

    /// How it stands in the subject of our mail.
    package var subjectTag: String { "[#\(rawValue)]" }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    package var description: String { "#\(rawValue)" }
}
