/// A mail as it goes over the wire after DATA, without the final dot (RFC 5321 section 4.5.2).
///
/// A line that begins with a dot gets one more. Every line ends with CRLF, also where a lone CR or LF came in: servers
/// disagree about what those are, and a `LF . LF` that one of them takes for the end lets a mail's text speak as SMTP
/// commands (the "smuggling" of 2023). The text itself never changes otherwise. One pass, at most one copy.
func transparent(_ bytes: [UInt8]) -> [UInt8] {
    let cr: UInt8 = 13, lf: UInt8 = 10, dot = UInt8(ascii: ".")
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 64 + 8)
    var run = 0  // from here on nothing has been copied
    var index = 0
    var isLineStart = true
    while index < bytes.count {
        let byte = bytes[index]
        if isLineStart && byte == dot { result.append(contentsOf: bytes[run..<index]); run = index; result.append(dot) }
        isLineStart = false
        guard byte == cr || byte == lf else {
            index += 1
            continue
        }
        let isPair = byte == cr && index + 1 < bytes.count && bytes[index + 1] == lf
        if !isPair {
            result.append(contentsOf: bytes[run..<index])
            result.append(cr)
            result.append(lf)
            run = index + 1
        }
        index += isPair ? 2 : 1
        isLineStart = true
    }
    result.append(contentsOf: bytes[run...])
    if !isLineStart {
        result.append(cr)
        result.append(lf)
    }
    return result
}
