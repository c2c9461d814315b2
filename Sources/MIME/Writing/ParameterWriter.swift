// Parameters of Content-Type and Content-Disposition (RFC 2045 section 5.1, RFC 2183).
//
// A file name beyond ASCII is written twice, the way Apple Mail does it: as encoded words in the `name` of Content-Type,
// which no standard allows and which QQ Mail, 163 and Outlook read, and percent-encoded in the `filename` of
// Content-Disposition (RFC 2231 section 4), which Gmail, Thunderbird, Apple Mail and newer Outlooks read and prefer. The
// latter in one piece, a line longer than 78 characters: continuations (RFC 2231 section 3) turn into `tcmime.bin` at QQ.

extension FieldWriter {
    /// Content-Type of a file.
    mutating func write(_ field: String, value: String, charset: String?, name: String) {
        var words = [Array("\(value);".utf8)]
        if let charset { words.append(Array("charset=\(charset);".utf8)) }
        write(field, words: words + nameParameter(name))
    }

    /// Content-Disposition of a file.
    mutating func write(_ field: String, value: String, filename: String) {
        write(field, words: [Array("\(value);".utf8), filenameParameter(filename)])
    }

    private func nameParameter(_ name: String) -> [[UInt8]] {
        let bytes = fieldText(name)
        let opening = Array("name=".utf8)
        if isASCII(bytes.span, 0..<bytes.count) { return [opening + quotedString(bytes)] }
        // Room for `name="` before and `"` after the words.
        var words = encodedWords(bytes, firstLength: 67, length: 67)
        words[0] = opening + [34] + words[0]
        words[words.count - 1].append(34)
        return words
    }

    private func filenameParameter(_ name: String) -> [UInt8] {
        let bytes = fieldText(name)
        if isASCII(bytes.span, 0..<bytes.count) { return Array("filename=".utf8) + quotedString(bytes) }
        var parameter = Array("filename*=utf-8''".utf8)
        for byte in bytes { appendPercentEncoded(byte, keeping: "", to: &parameter) }
        return parameter
    }
}

/// `%HH` for all but letters, digits and a few marks that are safe in parameters and URLs (RFC 2231 section 7, RFC 3986).
func appendPercentEncoded(_ byte: UInt8, keeping: StaticString, to output: inout [UInt8]) {
    if isLetter(byte) || isDigit(byte) || "-._~\(keeping)".utf8.contains(byte) {
        output.append(byte)
    } else {
        output += [37, hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
    }
}
