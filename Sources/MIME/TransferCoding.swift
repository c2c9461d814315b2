/// What Content-Transfer-Encoding asks to be undone (RFC 2045 section 6).
enum TransferCoding: Sendable {
    case identity, base64, quotedPrintable, uuencode

    /// Nil for a name that nobody knows; its body is left as it is.
    init?(named name: String) {
        switch name {
        case "7bit", "8bit", "binary", "7-bit", "8-bit", "7 bit", "8 bit": self = .identity
        case "base64": self = .base64
        case "quoted-printable": self = .quotedPrintable
        case "x-uuencode", "uuencode", "x-uue", "uue": self = .uuencode
        default: return nil
        }
    }

    var changesBytes: Bool { self != .identity }

    func decoded(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) -> [UInt8] {
        findings.work += range.count
        if self == .identity { return Array(copying: bytes, range) }
        // No decoder writes more than it reads; the rest is room for writing eight bytes at a time.
        var result = [UInt8](repeating: 0, count: range.count + 16)
        let count =
            switch self {
            case .identity: 0
            case .base64: decodeBase64(bytes, range, into: &result, at: 0, &findings)
            case .quotedPrintable: decodeQuotedPrintable(bytes, range, into: &result, at: 0, &findings)
            case .uuencode: decodeUuencode(bytes, range, into: &result, &findings)
            }
        result.removeLast(result.count - count)
        return result
    }
}
