/// One customer detail found in a mail: what was written, what it means, how sure we are and where it stood.
package struct Detail: Hashable, Sendable, Codable {
    /// The fields of the contract of `postroom try --json`.
    package enum Field: String, Hashable, Sendable, Codable, CaseIterable {
        case name, company, title, phone, email, address, website
        case orderNumber = "order_no"
        case contractNumber = "contract_no"
        case trackingNumber = "tracking_no"
        /// Unified social credit code of a Chinese organisation (GB 32100).
        case creditCode = "uscc"
        /// The sentence that states the request.
        case need
    }

    package let field: Field
    /// As written; the lines of an address with `, ` between them.
    package let value: String
    /// The form that is compared: E.164 for a phone, lower case for an address; the value itself where there is none.
    package let normalized: String
    /// A phone's extension; empty otherwise.
    package let phoneExtension: String
    /// 0 to 1.
    package let confidence: Double
    /// Line of the plain text, from 0; nil when it comes from the header or a file.
    package let line: Int?
    /// What was checked and found: `valid for CN`, `check digit right`, `display name of From`.
    package var evidence: String
    /// Where it stands in the plain text, in bytes of UTF-8; nil where `line` is nil.
    package let span: Range<Int>?
    /// True when the mail says that this is new: `our address is now …`.
    package var isChange: Bool?

    package init(
        _ field: Field, value: String, normalized: String? = nil, phoneExtension: String = "", confidence: Double,
        line: Int?, evidence: String, span: Range<Int>? = nil
    ) {
        self.field = field
        self.value = value
        self.normalized = normalized ?? value
        self.phoneExtension = phoneExtension
        self.confidence = confidence
        self.line = line
        self.evidence = evidence
        self.span = span
    }
}
