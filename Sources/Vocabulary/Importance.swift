/// How much depends on a mail, whatever its hurry: a contract is important and may wait until tomorrow.
package enum Importance: String, Hashable, Sendable, Codable, CaseIterable, CustomStringConvertible {
    case high, normal, low

    package var description: String { rawValue }
}

/// Whether the front line can deal with a mail, or it takes a specialist.
package enum Complexity: String, Hashable, Sendable, Codable, CaseIterable, CustomStringConvertible {
    case simple, complex

    package var description: String { rawValue }
}
