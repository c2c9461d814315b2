/// A charset (RFC 2045 section 2.2) that we can decode, found by its label.
///
/// The tables of all but a few rare ones are read from glibc's iconv once and then used without it: faster, and with
/// the characters that mail really holds (`DoubleByteTable`).
enum Charset: Sendable, Equatable {
    case ascii
    case utf8
    case utf16(bigEndian: Bool?)
    case utf32(bigEndian: Bool?)
    /// One byte a character; the name is iconv's.
    case singleByte(String)
    case gb18030, big5, cp949, cp932, eucJP, iso2022JP, hz
    /// Decoded by iconv each time; the name is iconv's.
    case other(String)

    /// Nil when nobody knows the label.
    init?(label: String) {
        guard let known = CharsetLabel.charset(label) else { return nil }
        self = known
    }

    /// A code page of Windows.
    static func windows(_ number: Int) -> Charset {
        // Hebrew points and Vietnamese tones stand behind their letters and are joined with them: more than a table.
        number == 1255 || number == 1258 ? .other("CP\(number)") : .singleByte("CP\(number)")
    }

    /// For people and reports: `gb18030`, `utf-8`.
    var name: String {
        switch self {
        case .ascii: "us-ascii"
        case .utf8: "utf-8"
        case .utf16(let big): big == nil ? "utf-16" : big == true ? "utf-16be" : "utf-16le"
        case .utf32(let big): big == nil ? "utf-32" : big == true ? "utf-32be" : "utf-32le"
        case .singleByte(let name), .other(let name):
            name.utf8.starts(with: "CP125".utf8)
                ? "windows-" + name.dropFirst(2) : String(decoding: name.utf8.map { lowercased($0) }, as: UTF8.self)
        case .gb18030: "gb18030"
        case .big5: "big5-hkscs"
        case .cp949: "cp949"
        case .cp932: "cp932"
        case .eucJP: "euc-jp"
        case .iso2022JP: "iso-2022-jp"
        case .hz: "hz-gb-2312"
        }
    }

    /// ASCII bytes mean ASCII characters, whatever stands before them.
    var keepsASCII: Bool {
        switch self {
        case .utf16, .utf32, .iso2022JP, .hz, .other: false
        // Not so in EBCDIC and in the national variants of ISO 646.
        case .singleByte(let name): CharsetRegistry.table(of: name)?.keepsASCII ?? true
        default: true
        }
    }

    /// Pairs of bytes, of East Asia.
    var isMultiByte: Bool {
        switch self {
        case .gb18030, .big5, .cp949, .cp932, .eucJP: true
        default: false
        }
    }

    /// The bytes as a text, and how many places could not be decoded and became U+FFFD.
    func text(_ bytes: Bytes, _ range: Range<Int>) -> (text: String, bad: Int) {
        var output: [UInt8] = []
        // Chinese text grows by half; the room for a first piece is enough for a small one.
        if range.count > 4096 { output.reserveCapacity(range.count / 2 * 3 + 2 * 4096) }
        let bad = decode(bytes, range, into: &output)
        if case .other = self { return (MIME.text(output.span, 0..<output.count), bad) }
        return (writtenText(output.span), bad)
    }

    /// Appends the text as UTF-8; returns how many places could not be decoded and became U+FFFD.
    func decode(_ bytes: Bytes, _ range: Range<Int>, into output: inout [UInt8]) -> Int {
        switch self {
        case .ascii, .utf8: return appendUTF8(bytes, range, to: &output)
        case .utf16(let big): return decodeUTF16(bytes, range, bigEndian: big, into: &output)
        case .utf32(let big): return decodeUTF32(bytes, range, bigEndian: big, into: &output)
        case .singleByte(let name):
            guard let table = CharsetRegistry.table(of: name) else { return appendUTF8(bytes, range, to: &output) }
            return table.decode(bytes, range, into: &output)
        case .gb18030: return decodeGB18030(bytes, range, into: &output)
        case .big5: return DoubleByteTable.big5.decode(bytes, range, into: &output)
        case .cp949: return DoubleByteTable.cp949.decode(bytes, range, into: &output)
        case .cp932: return decodeShiftJIS(bytes, range, into: &output)
        case .eucJP: return decodeEUCJP(bytes, range, into: &output)
        case .iso2022JP: return decodeISO2022JP(bytes, range, into: &output)
        case .hz: return decodeHZ(bytes, range, into: &output)
        case .other(let name): return decodeByIconv(bytes, range, name, into: &output)
        }
    }
}

/// Appends UTF-8, with U+FFFD for what is not; returns how many of those.
func appendUTF8(_ bytes: Bytes, _ range: Range<Int>, to output: inout [UInt8]) -> Int {
    if isValidUTF8(bytes, range) {
        output.append(contentsOf: [UInt8](copying: bytes, range))
        return 0
    }
    let repaired = text(bytes, range)
    var bad = 0
    for scalar in repaired.unicodeScalars where scalar == "\u{FFFD}" { bad += 1 }
    output.append(contentsOf: repaired.utf8)
    return bad
}

/// Appends one character.
func append(_ scalar: UInt32, to output: inout [UInt8]) {
    if scalar < 0x80 {
        output.append(UInt8(truncatingIfNeeded: scalar))
    } else if scalar < 0x800 {
        output.append(0xC0 | UInt8(truncatingIfNeeded: scalar >> 6))
        output.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
    } else if scalar < 0x10000 {
        output.append(0xE0 | UInt8(truncatingIfNeeded: scalar >> 12))
        output.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F))
        output.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
    } else if scalar < 0x110000 {
        output.append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
        output.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F))
        output.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F))
        output.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
    } else {
        // A cell that holds a character with its mark (`DoubleByteTable`).
        append(scalar & 0x1F_FFFF, to: &output)
        append(DoubleByteTable.mark(of: scalar), to: &output)
    }
}

/// Runs the loop of a decoder over pieces of its input. `step` reads up to `end`, or a little past it in the last
/// character, and no further than there is room for eight bytes in the target; half as much again as the input is
/// enough for most text.
@inline(__always)
func decodeInPieces(
    _ range: Range<Int>, into output: inout [UInt8],
    _ step: (_ index: inout Int, _ end: Int, _ target: inout MutableSpan<UInt8>, _ written: inout Int) -> Int
) -> Int {
    var index = range.lowerBound
    var bad = 0
    while index < range.upperBound {
        let end = Swift.min(range.upperBound, index + 4096)
        var written = output.count
        output.append(contentsOf: repeatElement(0, count: (end - index) / 2 * 3 + 32))
        var target = output.mutableSpan
        bad += step(&index, end, &target, &written)
        output.removeLast(output.count - written)
    }
    return bad
}

/// Eight bytes of ASCII at once, as long as they come.
@inline(__always)
func copyASCII(
    _ bytes: Bytes, _ index: inout Int, _ end: Int, _ target: inout MutableSpan<UInt8>, _ written: inout Int
) {
    while index + 8 <= end && written + 8 <= target.count {
        let word = load64(bytes, at: index)
        if word & 0x8080_8080_8080_8080 != 0 { return }
        store64(&target, at: written, word)
        index += 8
        written += 8
    }
}

/// Writes one character, of which there is room for.
@inline(__always)
func store(_ scalar: UInt32, _ target: inout MutableSpan<UInt8>, _ written: inout Int) {
    if scalar < 0x80 {
        target[written] = UInt8(truncatingIfNeeded: scalar)
        written += 1
    } else if scalar < 0x800 {
        target[written] = 0xC0 | UInt8(truncatingIfNeeded: scalar >> 6)
        target[written + 1] = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
        written += 2
    } else if scalar < 0x10000 {
        target[written] = 0xE0 | UInt8(truncatingIfNeeded: scalar >> 12)
        target[written + 1] = 0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F)
        target[written + 2] = 0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F)
        written += 3
    } else {
        storeRare(scalar, &target, &written)
    }
}

private func storeRare(_ scalar: UInt32, _ target: inout MutableSpan<UInt8>, _ written: inout Int) {
    var bytes: [UInt8] = []
    append(scalar, to: &bytes)
    for byte in bytes {
        target[written] = byte
        written += 1
    }
}

/// U+FFFD stands for what could not be decoded.
let replacementScalar: UInt32 = 0xFFFD

private func decodeByIconv(_ bytes: Bytes, _ range: Range<Int>, _ name: String, into output: inout [UInt8]) -> Int {
    guard let descriptor = IconvDescriptor(from: name) else { return appendUTF8(bytes, range, to: &output) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    var index = range.lowerBound
    var bad = 0
    // No charset makes more of a byte; a fault of iconv must not fill the memory.
    let limit = output.count + 16 * range.count + buffer.count
    while index < range.upperBound && output.count < limit {
        var target = buffer.mutableSpan
        let step = descriptor.convert(bytes, index..<range.upperBound, into: &target, at: 0)
        output.append(contentsOf: buffer[..<step.written])
        index += step.read
        if step.error == 0 { break }
        if step.error == outputFull && (step.read > 0 || step.written > 0) { continue }
        append(replacementScalar, to: &output)
        bad += 1
        index += 1
    }
    var target = buffer.mutableSpan
    let rest = descriptor.finish(into: &target, at: 0)
    output.append(contentsOf: buffer[..<rest])
    return bad
}
