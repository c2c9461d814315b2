/// Undoes the compression of PidTagRtfCompressed (MS-OXRTFCP): LZ77 over a ring of 4,096 bytes that begins with the
/// usual words of an RTF header, or no compression at all. Nil when it is neither.
///
/// A wrong CRC or length is a defect and the text is read all the same. A byte of input gives at most 8.1 of output;
/// `limit` ends it.
func decompressRTF(_ bytes: Bytes, _ range: Range<Int>, limit: Int, _ findings: inout Findings) -> [UInt8]? {
    // MS-OXRTFCP 2.1.3.1.1: COMPSIZE (of what follows itself), RAWSIZE, COMPTYPE, CRC.
    guard range.count >= 16 else {
        findings.note(.badCompressedRTF)
        return nil
    }
    let start = range.lowerBound
    let size = Int(littleEndian32(bytes, at: start))
    let rawSize = Int(littleEndian32(bytes, at: start + 4))
    let contents = start + 16..<Swift.max(start + 16, Swift.min(range.upperBound, start + 4 + size))
    if start + 4 + size > range.upperBound { findings.note(.badCompressedRTF) }
    findings.work += contents.count
    switch littleEndian32(bytes, at: start + 8) {
    case 0x414C_454D:  // MELA
        let kept = Swift.min(contents.count, rawSize, limit)
        if kept < rawSize { findings.note(kept < contents.count ? .richTextLimit : .badCompressedRTF) }
        return [UInt8](copying: bytes, contents.lowerBound..<contents.lowerBound + kept)
    case 0x7546_5A4C:  // LZFu
        if crc32(bytes, contents) != littleEndian32(bytes, at: start + 12) { findings.note(.badCompressedRTF) }
        return decompressLZFu(bytes, contents, rawSize, limit, &findings)
    default:
        findings.note(.badCompressedRTF)
        return nil
    }
}

/// MS-OXRTFCP 2.2: runs of eight tokens, each run behind a byte whose bits tell literals from references into the
/// ring. A reference to the place of writing ends the text.
private func decompressLZFu(
    _ bytes: Bytes, _ range: Range<Int>, _ rawSize: Int, _ limit: Int, _ findings: inout Findings
) -> [UInt8] {
    var ring = initialRing
    var place = ringPrefix.count
    var output: [UInt8] = []
    output.reserveCapacity(Swift.min(rawSize, limit, range.count * 8))
    var index = range.lowerBound
    var isOver = false
    while !isOver && index < range.upperBound {
        var control = bytes[index]
        index += 1
        var tokens = 0
        while tokens < 8 && !isOver && output.count < limit {
            if control & 1 == 0 {
                guard index < range.upperBound else { break }
                output.append(bytes[index])
                ring[place] = bytes[index]
                place = (place + 1) & 0xFFF
                index += 1
            } else {
                guard index + 1 < range.upperBound else { break }
                let token = Int(bytes[index]) << 8 | Int(bytes[index + 1])
                index += 2
                var from = token >> 4
                isOver = from == place
                for _ in 0..<(isOver ? 0 : token & 15 + 2) {
                    output.append(ring[from])
                    ring[place] = ring[from]
                    (from, place) = ((from + 1) & 0xFFF, (place + 1) & 0xFFF)
                }
            }
            control >>= 1
            tokens += 1
        }
        // Eight tokens, the end, the limit, or bytes that end inside a run.
        if tokens < 8 { break }
    }
    findings.work += output.count
    if output.count >= limit {
        findings.note(.richTextLimit)
    } else if output.count != rawSize || !isOver {
        findings.note(.badCompressedRTF)
    }
    return output
}

/// MS-OXRTFCP 2.1.2.1.
private let ringPrefix: [UInt8] = Array(
    (#"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "#
        + #"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"# + "\r\n"
        + #"\par \pard\plain\f0\fs20\b\i\u\tab\tx"#).utf8)

private let initialRing: [UInt8] = ringPrefix + [UInt8](repeating: 0, count: 4096 - ringPrefix.count)

/// MS-OXRTFCP 2.1.3.2: the polynomial of Ethernet, but starting at zero and without the final inversion.
private func crc32(_ bytes: Bytes, _ range: Range<Int>) -> UInt32 {
    let table = crcTable.span
    var crc: UInt32 = 0
    for index in range { crc = table[Int((crc ^ UInt32(bytes[index])) & 0xFF)] ^ crc >> 8 }
    return crc
}

private let crcTable: [UInt32] = (0..<256).map { value in
    var crc = UInt32(value)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    return crc
}
