import Foundation
import MIME
import Testing

/// The text of a body with this label, and the charset it was read in.
private func decode(_ bytes: [UInt8], label: String) -> DecodedText {
    let message = Message(parsing: Array("Content-Type: text/plain; charset=\"\(label)\"\n\n".utf8) + bytes)
    return message.decodedText(message.parts[0])
}

/// What a program of this machine writes; nil when it is not there.
private func output(of program: String, _ arguments: [String]) -> [UInt8]? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? [UInt8](data) : nil
}

@Test func everyCharsetThatIconvListsIsKnown() {
    guard let list = output(of: "iconv", ["-l"]) else {
        print("SKIPPED: no iconv program to ask for its charsets")
        return
    }
    let names = list.split(separator: 10).map { line in
        // `UTF-8//`, `ISO-10646/UTF8/`: the slashes at the end belong to the list.
        String(decoding: line, as: UTF8.self).replacing(/\/+$/, with: "")
    }
    #expect(names.count > 1000)
    for name in names {
        let text = decode([0x41, 0xE1, 0xE1, 0x42], label: name)
        #expect(!text.defects.contains { $0.kind == .unknownCharset }, "\(name)")
    }
}

/// The labels of the WHATWG Encoding Standard (section 4.2), each line one encoding, without those of UTF-8,
/// x-user-defined and "replacement".
private let whatwgLabels = """
    866 cp866 csibm866 ibm866
    csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
    csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
    csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
    csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
    arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 iso88596
    csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso_8859-7:1987 sun_eu_greek
    csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical
    csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6
    iso-8859-13 iso8859-13 iso885913
    iso-8859-14 iso8859-14 iso885914
    csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9
    cskoi8r koi koi8 koi8-r koi8_r
    csmacintosh mac macintosh x-mac-roman
    dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874
    cp1250 windows-1250 x-cp1250
    cp1251 windows-1251 x-cp1251
    cp1252 windows-1252 x-cp1252
    cp1253 windows-1253 x-cp1253
    cp1254 windows-1254 x-cp1254
    cp1255 windows-1255 x-cp1255
    cp1256 windows-1256 x-cp1256
    cp1257 windows-1257 x-cp1257
    cp1258 windows-1258 x-cp1258
    x-mac-cyrillic x-mac-ukrainian
    chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030
    big5 big5-hkscs cn-big5 csbig5 x-x-big5
    cseucpkdfmtjapanese euc-jp x-euc-jp
    csiso2022jp iso-2022-jp
    csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis
    cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949
    iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 iso-ir-100 csisolatin1 cp819 ibm819
    csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5
    csiso2022kr iso-2022-kr
    iso-2022-cn iso-2022-cn-ext
    utf-16be unicodefffe
    """

@Test("labels of one encoding mean one charset", arguments: whatwgLabels.split(separator: "\n").map(String.init))
func labelsMeanTheSame(_ line: String) {
    // Letters of many scripts under many charsets; what they are does not matter, only that all labels agree.
    let bytes: [UInt8] = [0x41, 0xB5, 0xE1, 0xC4, 0xE3, 0xB0, 0xA1, 0x20, 0xD0, 0xCF, 0x42]
    let texts = line.split(separator: " ").map { decode(bytes, label: String($0)) }
    #expect(Set(texts.map(\.charset)).count == 1, "\(texts.map(\.charset))")
    #expect(Set(texts.map(\.text)).count == 1)
    #expect(texts.allSatisfy { text in !text.defects.contains { $0.kind == .unknownCharset } })
}

struct LabelCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    let expected: String

    init(_ label: String, _ bytes: [UInt8], means expected: String) {
        (testDescription, self.bytes, self.expected) = (label, bytes, expected)
    }
}

@Test(
    "labels that only mail programs know",
    arguments: [
        LabelCase("x-gbk", [0x95, 0xF1], means: "曬"),
        LabelCase("MS936", [0xC4, 0xE3], means: "你"),
        LabelCase("cp-936", [0xC4, 0xE3], means: "你"),
        LabelCase("Windows1251", [0xEF], means: "п"),
        LabelCase("win-1250", [0x9C], means: "ś"),
        LabelCase("ISO8859_15", [0xA4], means: "€"),
        LabelCase("iso-8859-8-i", [0xE0], means: "א"),
        LabelCase("x-sjis", [0x88, 0x9F], means: "亜"),
        LabelCase("cp50220", Array("\u{1B}$B0!".utf8), means: "亜"),
        LabelCase("iso-2022-kr", Array("\u{1B}$)C\u{0E}>H\u{0F}".utf8), means: "안"),
        LabelCase("x-euc-tw", [0xC4, 0xE3], means: "中"),
        LabelCase("charset=koi8-r", [0xD0], means: "п"),
        LabelCase("windows-65001", Array("投".utf8), means: "投"),
        LabelCase("ISO-10646/UTF-8", Array("投".utf8), means: "投"),
        LabelCase("cp1258", [0x61, 0xEC], means: "á"),
        LabelCase("iso646-de", Array("[".utf8), means: "Ä"),
        LabelCase("cp037", [0xC1, 0x4B], means: "A."),
        LabelCase("utf-7", Array("+AOk-".utf8), means: "é"),
        LabelCase("utf-16", [0x4E, 0x2D], means: "中"),
        LabelCase("utf-16", Array("no zero bytes at all".utf8), means: "no zero bytes at all"),
    ])
func labelsOfMailPrograms(_ row: LabelCase) {
    #expect(decode(row.bytes, label: row.testDescription).text == row.expected)
}

@Test(
    "characters of more than a pair",
    arguments: [
        LabelCase("big5", [0x88, 0x62, 0x88, 0xA5], means: "Ê\u{304}ê\u{30C}"),
        LabelCase("big5", [0xA1, 0x45, 0xC6, 0xA1], means: "‧①"),
        LabelCase("iso-2022-jp-2", Array("\u{1B}.A\u{1B}Ni\u{1B}.F\u{1B}Na!".utf8), means: "éα!"),
        LabelCase("iso-2022-jp-3", Array("\u{1B}$(O$w\u{1B}$(P!!\u{1B}(Ba".utf8), means: "か\u{309A}𠂉a"),
        LabelCase("iso-2022-jp-2", Array("\u{1B}$AVP\u{1B}$(C>H\u{1B}$(D0!\u{1B}(B".utf8), means: "中안丂"),
        LabelCase("gb18030", [0xA8, 0xBC, 0x94, 0x39, 0xDA, 0x33], means: "ḿ💩"),
        LabelCase("euc-jisx0213", [0xA4, 0xF7], means: "か\u{309A}"),
    ])
func charactersOfMoreThanAPair(_ row: LabelCase) {
    #expect(decode(row.bytes, label: row.testDescription).text == row.expected)
}

/// Whatever the bytes and the label, there is a text, and no more of it than the longest character makes.
@Test func hostileBytesStayTextUnderEveryCharset() {
    guard let list = output(of: "iconv", ["-l"]) else {
        print("SKIPPED: no iconv program to ask for its charsets")
        return
    }
    var seed: UInt64 = 7
    func next() -> UInt8 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: seed >> 56)
    }
    let wild = (0..<600).map { _ in next() }
    let shifts = (0..<600).map { _ in
        [0x1B, 0x24, 0x28, 0x29, 0x0E, 0x0F, 0x4E, 0x41, 0x7E, 0x7B, 0x2B, 0xFF][Int(next() % 12)] as UInt8
    }
    for line in list.split(separator: 10) {
        let name = String(decoding: line, as: UTF8.self).replacing(/\/+$/, with: "")
        for bytes in [wild, shifts, Array(wild[..<1]), [0x1B], [0xFF, 0xFE], []] {
            #expect(decode(bytes, label: name).text.utf8.count <= 20 * bytes.count + 4200, "\(name)")
        }
    }
}

struct CodecCase: CustomTestStringConvertible, Sendable {
    let label: String
    let codec: String
    let differing: Int

    init(_ label: String, _ codec: String, differing: Int = 0) {
        (self.label, self.codec, self.differing) = (label, codec, differing)
    }

    var testDescription: String { "\(label) as Python's \(codec)" }
}

/// Every character that Python finds in one byte or two, one a line.
private let cellsOfCodec = """
    import sys
    codec = sys.argv[1]
    cells = [bytes([a]) for a in range(32, 256)]
    cells += [bytes([a, b]) for a in range(128, 256) for b in range(0x21, 256) if b != 127]
    if codec == "euc_jp": cells += [bytes([0x8f, a, b]) for a in range(0xa1, 255) for b in range(0xa1, 255)]
    def stands_alone(byte):
        try: return byte.decode(codec) != ""
        except UnicodeDecodeError: return False
    for cell in cells:
        try: text = cell.decode(codec)
        except UnicodeDecodeError: continue
        if len(cell) == 2 and stands_alone(cell[:1]): continue
        if len(cell) == 1 or codec.startswith(("big5", "gb", "cp9", "euc", "shift")):
            print(cell.hex(), text.encode("utf-8").hex())
    """

@Test(
    "the tables are those of Python",
    arguments: [
        CodecCase("iso-8859-1", "latin_1"), CodecCase("iso-8859-2", "iso8859_2"), CodecCase("iso-8859-5", "iso8859_5"),
        CodecCase("iso-8859-7", "iso8859_7"), CodecCase("iso-8859-15", "iso8859_15"), CodecCase("koi8-r", "koi8_r"),
        CodecCase("windows-1250", "cp1250"), CodecCase("windows-1251", "cp1251"), CodecCase("windows-1252", "cp1252"),
        CodecCase("windows-1253", "cp1253"), CodecCase("windows-1256", "cp1256"), CodecCase("windows-874", "cp874"),
        CodecCase("cp866", "cp866"), CodecCase("ks_c_5601-1987", "cp949"), CodecCase("euc-kr", "euc_kr"),
        CodecCase("gbk", "gbk"),
        // GB18030 has a middle dot and a dash where Python's older table has signs of the same look.
        CodecCase("gb2312", "gb2312", differing: 2),
        // Private characters of single bytes, which mail never means.
        CodecCase("shift_jis", "cp932", differing: 4),
        // A tilde that the standard has no wide form of.
        CodecCase("euc-jp", "euc_jp", differing: 1),
        // Signs of the Windows code page (WHATWG).
        CodecCase("big5-hkscs", "big5hkscs", differing: 11),
    ])
func tablesAreThoseOfPython(_ row: CodecCase) {
    guard let lines = output(of: "python3", ["-c", cellsOfCodec, row.codec]) else {
        print("SKIPPED: no python3 to compare \(row.label) with")
        return
    }
    var bytes: [UInt8] = []
    var expected: [String] = []
    for line in lines.split(separator: 10) {
        let pair = line.split(separator: 32).map(unhex)
        // The C1 controls, which no text holds.
        if pair.count != 2 || pair[1].count == 2 && pair[1][0] == 0xC2 && pair[1][1] < 0xA0 { continue }
        bytes += pair[0] + [10]
        expected.append(String(decoding: pair[1], as: UTF8.self))
    }
    let text = decode(bytes, label: row.label).text
    let found = text.unicodeScalars.split(separator: "\n").map { String($0) }
    #expect(expected.count > 90)
    #expect(found.count == expected.count)
    let differing = zip(found, expected).filter { !$0.unicodeScalars.elementsEqual($1.unicodeScalars) }
    #expect(differing.count == row.differing, "\(differing.prefix(20))")
}

private func unhex(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let digits = text.map { $0 < 58 ? $0 - 48 : $0 - 87 }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
