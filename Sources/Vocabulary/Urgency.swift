/// How soon somebody must act: P1 is the most urgent. An input of the deadline, not the deadline itself.
package enum Urgency: String, Hashable, Sendable, Codable, Comparable, CaseIterable, CustomStringConvertible {
    case p1 = "P1"
    case p2 = "P2"
    case p3 = "P3"
    case p4 = "P4"

    /// P1 is less than P4, so that a sort puts the most urgent first.
    package static func < (left: Urgency, right: Urgency) -> Bool { left.rawValue < right.rawValue }
    package var description: String { rawValue }
}
