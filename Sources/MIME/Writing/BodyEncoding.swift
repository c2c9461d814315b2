/// The transfer encoding of a part that we write (RFC 2045 section 6): seven-bit where the text is that already,
/// quoted-printable where most of it is ASCII, base64 for the rest and for files.
enum BodyEncoding: String {
    case sevenBit = "7bit"
    case quotedPrintable = "quoted-printable"
    case base64

    /// For text with CRLF line ends.
    init(text bytes: [UInt8]) {
        var eightBit = 0
        var length = 0
        var longest = 0
        var hasControl = false
        for byte in bytes {
            if byte >= 0x80 { eightBit += 1 }
            if byte < 32 && byte != 9 && byte != 10 && byte != 13 || byte == 127 { hasControl = true }
            length = byte == 10 || byte == 13 ? 0 : length + 1
            longest = Swift.max(longest, length)
        }
        if eightBit == 0 && longest <= 78 && !hasControl && !BodyEncoding.hasFromLine(bytes) {
            self = .sevenBit
        } else {
            // Three bytes for one against four for three: equal at one in six.
            self = eightBit * 6 < bytes.count ? .quotedPrintable : .base64
        }
    }

    /// A line that mbox files would change (RFC 4155): quoted-printable hides it.
    private static func hasFromLine(_ bytes: [UInt8]) -> Bool {
        let from = Array("From ".utf8)
        var start = 0
        while start < bytes.count {
            if bytes[start...].starts(with: from) { return true }
            let newline = findByte(bytes.span, 10, from: start, to: bytes.count)
            if newline < 0 { return false }
            start = newline + 1
        }
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

let hexDigits = Array("0123456789ABCDEF".utf8)
private let base64Alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// Quoted-printable with lines of at most 76 characters; line ends stay line ends, white space before them is encoded
/// (RFC 2045 section 6.7, rules 3 to 5).
func appendQuotedPrintable(_ bytes: [UInt8], to output: inout [UInt8]) {
    var column = 0
    for (index, byte) in bytes.enumerated() {
        let isAtCRLF = byte == 13 && index + 1 < bytes.count && bytes[index + 1] == 10
        if isAtCRLF { continue }
        if byte == 10 {
            output += [13, 10]
            column = 0
            continue
        }
        let isLast = index + 1 >= bytes.count || bytes[index + 1] == 13 || bytes[index + 1] == 10
        let isPlain = byte >= 33 && byte <= 126 && byte != 61 || isBlank(byte) && !isLast
        // The last column is for the `=` of a soft line break.
        if column + (isPlain ? 1 : 3) > 75 {
            output += [61, 13, 10]
            column = 0
        }
        // A dot at the begin of a line, and `From `, survive transports that would change them (RFC 2049 section 3).
        let isFragile = column == 0 && (byte == 46 || byte == 70)
        if isPlain && !isFragile {
            output.append(byte)
            column += 1
        } else {
            output += [61, hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
            column += 3
        }
    }
}

/// Base64 in lines of `lineLength`, each ended by CRLF; in one piece when that is 0.
func appendBase64(_ bytes: [UInt8], lineLength: Int, to output: inout [UInt8]) {
    let source = bytes.span
    let alphabet = base64Alphabet.span
    let whole = source.count / 3 * 3
    var column = 0
    var index = 0
    while index < whole {
        let group = UInt32(source[index]) << 16 | UInt32(source[index + 1]) << 8 | UInt32(source[index + 2])
        output.append(alphabet[Int(group >> 18)])
        output.append(alphabet[Int(group >> 12 & 63)])
        output.append(alphabet[Int(group >> 6 & 63)])
        output.append(alphabet[Int(group & 63)])
        index += 3
        column += 4
        if lineLength > 0 && column + 4 > lineLength {
            output += [13, 10]
            column = 0
        }
    }
    if whole < source.count {
        let group = UInt32(source[whole]) << 16 | (whole + 1 < source.count ? UInt32(source[whole + 1]) << 8 : 0)
        output.append(alphabet[Int(group >> 18)])
        output.append(alphabet[Int(group >> 12 & 63)])
        output.append(whole + 1 < source.count ? alphabet[Int(group >> 6 & 63)] : 61)
        output.append(61)
        column += 4
    }
    if lineLength > 0 && column > 0 { output += [13, 10] }
}
