import Vocabulary

/// Whether a machine sent the message, in its own words (RFC 3834 section 5).
package struct AutoSubmitted: Sendable {
    /// Lower-cased: `no`, `auto-generated`, `auto-replied`, or another one (`auto-notified`, RFC 5436 section 2.7.1);
    /// empty when the field says nothing.
    package internal(set) var keyword = ""
    /// `owner-email="ada@example.com"`.
    package internal(set) var parameters = ParameterList.none
    package internal(set) var comments: [String] = []
    package internal(set) var defects: [Defect] = []
}

extension Field {
    /// The body read as Auto-Submitted.
    package var autoSubmitted: AutoSubmitted {
        var (value, defects) = read(as: name, readAutoSubmitted)
        value.defects = defects
        return value
    }
}

extension Header {
    /// The first Auto-Submitted field; nil when there is none.
    package var autoSubmitted: AutoSubmitted? { fields(named: "Auto-Submitted").first?.autoSubmitted }
}

/// Reads a body of Auto-Submitted (RFC 3834 section 5.1): a keyword, then parameters.
func readAutoSubmitted(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) -> AutoSubmitted {
    findings.work += range.count
    let field = "Auto-Submitted"
    var scanner = FieldScanner(range, comments: findings.limits.fieldItems)
    var found = AutoSubmitted()
    scanner.skip(bytes)
    let word = scanner.readWord(bytes, stops: (59, 44))
    found.keyword = asciiLowercased(text(word.span, 0..<word.count))
    scanner.skip(bytes)
    found.comments = scanner.takeComments(bytes, field: field, &findings)
    if word.isEmpty || scanner.isUnclosed || !scanner.isAtEnd && scanner.peek(bytes) != 59 {
        findings.note(.badAutoSubmitted, field: field)
    }
    found.parameters = readParameters(bytes, scanner.index..<scanner.end, field: field, findings: &findings)
    return found
}
