/// A charset (RFC 2045 section 2.2) that we can decode, found by its label.
///
/// The tables of all but a few rare ones are read from glibc's iconv once and then used without it: faster, and with the
/// characters that mail really holds (`DoubleByteTable`).
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
        guard let name = Charset.canonical(label) else { return nil }
        if let known = Charset.labels[name] {
            self = known
            return
        }
        switch CharsetRegistry.kind(of: name) {
        case .singleByte: self = .singleByte(name)
        case .other: self = .other(name)
        case .unknown: return nil
        }
    }

    /// The label in lower case without quotes and blanks; nil when it could not be a name. (A slash would be read by
    /// iconv as an instruction, and there is no charset with one in its name.)
    private static func canonical(_ label: String) -> String? {
        var name: [UInt8] = []
        for byte in label.utf8 {
            switch lowercased(byte) {
            case 97...122, 48...57, 45, 46, 95, 58, 43: name.append(lowercased(byte))
            case 32, 9, 34, 39: continue
            default: return nil
            }
        }
        return name.isEmpty || name.count > 40 ? nil : String(decoding: name, as: UTF8.self)
    }

    /// Labels whose meaning in mail is not what iconv makes of them, and those that need no look-up.
    private static let labels: [String: Charset] = {
        var table: [String: Charset] = [:]
        func add(_ charset: Charset, _ names: String...) {
            for name in names { table[name] = charset }
        }
        add(.ascii, "us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us", "646", "us")
        add(
            .utf8, "utf-8", "utf8", "unicode-1-1-utf-8", "utf_8", "uft-8", "utf-8n", "unicode", "cp65001", "x-utf-8",
            "utf8mb4")
        add(.utf16(bigEndian: nil), "utf-16", "utf16", "ucs-2", "iso-10646-ucs-2")
        add(.utf16(bigEndian: true), "utf-16be", "utf16be")
        add(.utf16(bigEndian: false), "utf-16le", "utf16le")
        add(.utf32(bigEndian: nil), "utf-32", "utf32", "ucs-4", "iso-10646-ucs-4")
        add(.utf32(bigEndian: true), "utf-32be", "utf32be")
        add(.utf32(bigEndian: false), "utf-32le", "utf32le")
        // In China mail is labelled gb2312 and written in GBK or GB18030, which contain it.
        add(
            .gb18030, "gb18030", "gb2312", "gbk", "x-gbk", "cp936", "ms936", "windows-936", "gb_2312-80", "euc-cn",
            "euccn", "gb2312-80", "chinese", "csgb2312", "x-euc-cn", "cn-gb", "gb-2312", "gb")
        add(
            .big5, "big5", "big5-hkscs", "big5hkscs", "cp950", "x-big5", "x-x-big5", "cn-big5", "csbig5", "windows-950",
            "big-5", "ms950")
        // The label of the standard's table, used for the Windows code page that contains it.
        add(
            .cp949, "ks_c_5601-1987", "ks_c_5601", "ksc5601", "ks_c_5601-1989", "euc-kr", "euckr", "cp949", "uhc",
            "ms949",
            "windows-949", "korean", "ks_c_5601_1987", "x-windows-949", "cseuckr", "ks_x_1001")
        add(
            .cp932, "shift_jis", "shift-jis", "sjis", "x-sjis", "cp932", "ms932", "ms_kanji", "windows-31j",
            "windows-932",
            "csshiftjis", "x-ms-cp932", "cswindows31j", "shiftjis")
        add(.eucJP, "euc-jp", "eucjp", "x-euc-jp", "eucjp-ms", "eucjp-win", "cseucpkdfmtjapanese", "ujis", "cp51932")
        add(
            .iso2022JP, "iso-2022-jp", "iso2022jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3", "iso-2022-jp-ms",
            "cp50220", "cp50221", "cp50222", "csiso2022jp", "x-cp50220", "x-cp50221")
        add(
            .other("UTF-7"), "utf-7", "unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "csunicode11utf7",
            "unicode-2-0-utf-7", "utf7")
        add(.hz, "hz-gb-2312", "hz")
        add(.singleByte("CP874"), "windows-874", "cp874", "tis-620", "iso-8859-11", "tis620", "x-windows-874")
        add(
            .singleByte("CP1252"), "windows-1252", "cp1252", "x-cp1252", "cp-1252", "x-ansi", "ansi", "win-1252",
            "x-user-defined")
        add(
            .singleByte("ISO-8859-1"), "iso-8859-1", "latin1", "iso8859-1", "iso_8859-1", "l1", "iso-8859", "iso8859_1",
            "iso_8859-1:1987", "iso-8859-1-windows-3.1-latin-1")
        add(.singleByte("ISO-8859-8"), "iso-8859-8-i", "iso-8859-8-e", "iso-8859-8", "logical", "visual")
        add(.singleByte("ISO-8859-6"), "iso-8859-6-i", "iso-8859-6-e", "iso-8859-6")
        add(.singleByte("MACINTOSH"), "macintosh", "x-mac-roman", "mac", "x-macroman")
        add(.singleByte("KOI8-U"), "koi8-ru", "koi8-u")
        for number in 1250...1258 where number != 1252 && number != 1258 {
            add(
                .singleByte("CP\(number)"), "windows-\(number)", "cp\(number)", "x-cp\(number)", "cp-\(number)",
                "win-\(number)")
        }
        return table
    }()

    /// For people and reports: `gb18030`, `utf-8`.
    var name: String {
        switch self {
        case .ascii: "us-ascii"
        case .utf8: "utf-8"
        case .utf16(let big): big == nil ? "utf-16" : big == true ? "utf-16be" : "utf-16le"
        case .utf32(let big): big == nil ? "utf-32" : big == true ? "utf-32be" : "utf-32le"
        case .singleByte(let name), .other(let name):
            name == "CP1252" ? "windows-1252" : String(decoding: name.utf8.map { lowercased($0) }, as: UTF8.self)
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
        default: true
        }
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
@inline(__always)
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
    } else {
        output.append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
        output.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F))
        output.append(0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F))
        output.append(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
    }
}

/// U+FFFD stands for what could not be decoded.
let replacementScalar: UInt32 = 0xFFFD

private func decodeByIconv(_ bytes: Bytes, _ range: Range<Int>, _ name: String, into output: inout [UInt8]) -> Int {
    guard let descriptor = IconvDescriptor(from: name) else { return appendUTF8(bytes, range, to: &output) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    var index = range.lowerBound
    var bad = 0
    while index < range.upperBound {
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
