/// The transfer encoding of a part that we write: seven-bit where the text is that already, quoted-printable where most of
/// it is ASCII, base64 for the rest (RFC 2045 section 6).
enum BodyEncoding: String {
    case sevenBit = "7bit"
    case quotedPrintable = "quoted-printable"
    case base64

    init(for bytes: [UInt8]) {
        var eightBit = 0
        var length = 0
        var longest = 0
        var hasControl = false
        for byte in bytes {
            if byte >= 0x80 { eightBit += 1 }
            if byte < 32 && byte != 9 && byte != 10 && byte != 13 || byte == 127 { hasControl = true }
            length = byte == 10 ? 0 : length + 1
            longest = Swift.max(longest, length)
        }
        if eightBit == 0 && longest <= 79 && !hasControl && !BodyEncoding.hasFromLine(bytes) {
            self = .sevenBit
        } else {
            self = eightBit * 6 < bytes.count ? .quotedPrintable : .base64
        }
    }

    /// A line that mbox files would change (RFC 4155): quoted-printable hides it.
    private static func hasFromLine(_ bytes: [UInt8]) -> Bool {
        let from = Array("From ".utf8)
        if bytes.starts(with: from) { return true }
        for index in bytes.indices where bytes[index] == 10 && bytes[(index + 1)...].starts(with: from) { return true }
        return false
    }

    func append(_ bytes: [UInt8], to output: inout [UInt8]) {
        switch self {
        case .sevenBit: output += bytes
        case .quotedPrintable: appendQuotedPrintable(bytes, to: &output)
        case .base64: appendBase64(bytes, lineLength: 76, to: &output)
        }
    }
}

private let hexDigits = Array("0123456789ABCDEF".utf8)
private let base64Alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// Quoted-printable with lines of at most 76 characters; line ends stay line ends, white space before them is encoded
/// (RFC 2045 section 6.7, rules 3 to 5).
func appendQuotedPrintable(_ bytes: [UInt8], to output: inout [UInt8]) {
    var column = 0
    for (index, byte) in bytes.enumerated() {
        if byte == 13 && index + 1 < bytes.count && bytes[index + 1] == 10 { continue }
        if byte == 10 {
            output += [13, 10]
            column = 0
            continue
        }
        let isLast = index + 1 >= bytes.count || bytes[index + 1] == 13 || bytes[index + 1] == 10
        let isPlain = byte >= 33 && byte <= 126 && byte != 61 || isBlank(byte) && !isLast
        // A dot at the begin of a line, and `From `, survive transports that would change them (RFC 2049 section 3).
        let isFragile = column == 0 && (byte == 46 || byte == 70)
        let width = isPlain && !isFragile ? 1 : 3
        if column + width > 75 {
            output += [61, 13, 10]
            column = 0
        }
        if width == 1 {
            output.append(byte)
        } else {
            output += [61, hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
        }
        column += width
    }
}

/// Base64 in lines of `lineLength`, each ended by CRLF; in one piece when that is 0.
func appendBase64(_ bytes: [UInt8], lineLength: Int, to output: inout [UInt8]) {
    var column = 0
    var index = 0
    while index < bytes.count {
        let left = bytes.count - index
        let group =
            UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
            | (left > 2 ? UInt32(bytes[index + 2]) : 0)
        output.append(base64Alphabet[Int(group >> 18)])
        output.append(base64Alphabet[Int(group >> 12 & 63)])
        output.append(left > 1 ? base64Alphabet[Int(group >> 6 & 63)] : 61)
        output.append(left > 2 ? base64Alphabet[Int(group & 63)] : 61)
        index += 3
        column += 4
        if lineLength > 0 && (column + 4 > lineLength || index >= bytes.count) {
            output += [13, 10]
            column = 0
        }
    }
}
