/// Joins the lines of `format=flowed` (RFC 3676): a line that ends in a space goes on in the next one of the same quote
/// depth; a space at the beginning protects what follows it; `-- ` never flows.
func unflowed(_ text: String, deletingSpace: Bool) -> String {
    let bytes = normalizedLineEnds(text, limit: TextLimits.standard.textBytes)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var openDepth: Int?
    var start = 0
    while start <= bytes.count {
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        let line = FlowedLine(bytes, start..<end)
        if openDepth == line.depth, !line.isSignatureDelimiter {
            if deletingSpace { out.removeLast() }
        } else {
            if start > 0 { out.append(0x0A) }
            if line.depth > 0 {
                out.append(contentsOf: repeatElement(UInt8(ascii: ">"), count: line.depth))
                out.append(0x20)
            }
        }
        out.append(contentsOf: bytes[line.content])
        openDepth = line.isFlowed ? line.depth : nil
        start = end + 1
    }
    return String(decoding: out, as: UTF8.self)
}

private struct FlowedLine {
    let depth: Int
    let content: Range<Int>
    let isSignatureDelimiter: Bool
    let isFlowed: Bool

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        var start = range.lowerBound
        while start < range.upperBound, bytes[start] == UInt8(ascii: ">") { start += 1 }
        depth = start - range.lowerBound
        if start < range.upperBound, bytes[start] == 0x20 { start += 1 }
        content = start..<range.upperBound
        isSignatureDelimiter = content.count == 3 && Array(bytes[content]) == Array("-- ".utf8)
        isFlowed = !isSignatureDelimiter && !content.isEmpty && bytes[content.upperBound - 1] == 0x20
    }
}
