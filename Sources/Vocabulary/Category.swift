/// What a mail is about (R3 of the users' standards). Admins may add their own, so this is a name and not an enum.
package struct Category: Hashable, Sendable, Codable, RawRepresentable, Comparable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package static let inquiry = Category("inquiry")
    package static let complaint = Category("complaint")
    package static let suggestion = Category("suggestion")
    package static let contractOrder = Category("contract_order")
    package static let progress = Category("progress")
    /// Technical questions and faults.
    package static let service = Category("service")
    package static let process = Category("process")
    package static let billing = Category("billing")
    package static let customerChange = Category("customer_change")
    package static let bounce = Category("bounce")
    package static let autoReply = Category("auto_reply")
    package static let spam = Category("spam")
    package static let other = Category("other")

    /// The shipped ones, in the order that tables and reports use.
    package static let shipped: [Category] = [
        .inquiry, .complaint, .suggestion, .contractOrder, .progress, .service, .process, .billing, .customerChange,
        .bounce, .autoReply, .spam, .other,
    ]

    package static func < (left: Category, right: Category) -> Bool { left.rawValue < right.rawValue }
    package var description: String { rawValue }
}
