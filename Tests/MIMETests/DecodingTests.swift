import MIME
import Testing

struct BodyCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let encoding: String
    let body: String
    let expected: String
    let defects: [Defect.Kind]

    init(_ sentence: String, _ encoding: String, _ body: String, gives expected: String, _ defects: Defect.Kind...) {
        (testDescription, self.encoding, self.body) = (sentence, encoding, body)
        (self.expected, self.defects) = (expected, defects)
    }
}

@Test(
    "transfer encodings are undone",
    arguments: [
        BodyCase("base64 in lines", "base64", "SGVsbG8s\r\nIHdvcmxk\r\n", gives: "Hello, world"),
        BodyCase("base64 in odd lines", "base64", "SGVsb\nG8sIHdv\ncmxkIQ\n==\n", gives: "Hello, world!"),
        BodyCase("base64 with junk", "base64", "SG!Vs(bG8=", gives: "Hello", .junkInBase64),
        BodyCase("base64 cut short", "base64", "SGVsbG8", gives: "Hello", .truncatedBase64),
        BodyCase("base64 joined from two blocks", "Base64", "SGVsbG8=\nLCB3b3JsZA==\n", gives: "Hello, world"),
        BodyCase("base64 with a footer", "base64", "SGVsbG8=\n___\nA list\n", gives: "Hello", .dataAfterBase64),
        BodyCase("base64 of nothing", "base64", "\r\n", gives: ""),
        BodyCase("quoted-printable", "quoted-printable", "a=3Db =C3=A9 =c3=a9", gives: "a=b é é"),
        BodyCase("soft line breaks, also with blanks", "quoted-printable", "a=\nb= \t\r\nc", gives: "abc"),
        BodyCase(
            "an equals sign alone stays", "quoted-printable", "a = b =zz", gives: "a = b =zz", .badQuotedPrintable),
        BodyCase("quoted-printable cut short", "quoted-printable", "ab=", gives: "ab"),
        BodyCase("an unknown encoding changes nothing", "x-other", "a=3Db", gives: "a=3Db"),
        BodyCase("7bit changes nothing", "7bit", "a=3Db", gives: "a=3Db"),
        BodyCase("uuencode", "x-uuencode", "begin 644 a\n%2&5L;&\\\n`\nend\n", gives: "Hello"),
        BodyCase("uuencode without its end", "uuencode", "begin 644 a\n%2&5L;&\\\n", gives: "Hello", .badUuencode),
    ])
func undoesTransferEncodings(_ row: BodyCase) {
    let message = Message(parsing: Array("Content-Transfer-Encoding: \(row.encoding)\n\n\(row.body)".utf8))
    let body = message.decodedBody(message.parts[0])
    #expect(String(decoding: body.bytes, as: UTF8.self) == row.expected)
    #expect(body.defects.map(\.kind) == row.defects)
    #expect(message.decoded(message.parts[0]) == body.bytes)
}

@Test func base64OfEveryLengthAndLineLengthComesBack() {
    let data = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    for count in [0, 1, 2, 3, 5, 57, 58, 100, 200] {
        for line in [4, 7, 60, 76, 400] {
            var text: [UInt8] = []
            for (index, byte) in encodedBase64(Array(data[..<count])).enumerated() {
                if index > 0 && index % line == 0 { text += [13, 10] }
                text.append(byte)
            }
            let message = Message(parsing: Array("Content-Transfer-Encoding: base64\n\n".utf8) + text)
            #expect(message.decoded(message.parts[0]) == Array(data[..<count]), "\(count) bytes in lines of \(line)")
        }
    }
}

/// Straight from RFC 4648, to test the decoder against something else than our own encoder.
private func encodedBase64(_ bytes: [UInt8]) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        bits <<= UInt32(8 * (3 - group.count))
        for place in 0...group.count { result.append(alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)]) }
        result += [UInt8](repeating: 61, count: 3 - group.count)
    }
    return result
}

struct CharsetCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let label: String?
    let bytes: [UInt8]
    let expected: String

    init(_ sentence: String, _ label: String?, _ bytes: [UInt8], gives expected: String) {
        (testDescription, self.label, self.bytes, self.expected) = (sentence, label, bytes, expected)
    }
}

@Test(
    "charsets by the labels that mail carries",
    arguments: [
        CharsetCase("gb2312 means GB18030", "gb2312", [0xE9, 0x46, 0x88, 0xD2], gives: "镕堃"),
        CharsetCase("GB18030 in four bytes", "gb18030", [0x81, 0x30, 0x84, 0x36, 0x95, 0x32, 0x82, 0x36], gives: "¥𠀀"),
        CharsetCase("the euro sign of code page 936", "gbk", [0x80], gives: "€"),
        CharsetCase("ks_c_5601-1987 means code page 949", "KS_C_5601-1987", [0x8C, 0x63, 0xB0, 0xA1], gives: "똠가"),
        CharsetCase("shift_jis means code page 932", "Shift_JIS", [0x87, 0x40, 0x81, 0x60, 0xB1], gives: "①～ｱ"),
        CharsetCase("Big5 with the Hong Kong supplement", "big5", [0xA7, 0x41, 0x9D, 0xF2], gives: "你𨋢"),
        CharsetCase("EUC-JP with three bytes", "euc-jp", [0xA4, 0xA2, 0x8E, 0xB1, 0x8F, 0xB0, 0xA1], gives: "あｱ丂"),
        CharsetCase("EUC-JP with NEC row 13", "euc-jp", [0xAD, 0xA1], gives: "①"),
        CharsetCase("ISO-2022-JP", "iso-2022-jp", Array("\u{1B}$B$\"\u{1B}(Ba".utf8), gives: "あa"),
        CharsetCase(
            "its half-width katakana and NEC row 13", "iso-2022-jp", Array("\u{1B}(I1\u{1B}$B-!".utf8), gives: "ｱ①"),
        CharsetCase("a line ends the shift", "iso-2022-jp", Array("\u{1B}$B$\"\nabc".utf8), gives: "あ\nabc"),
        CharsetCase("ISO-2022-JP without a label", nil, Array("\u{1B}$B$\"\u{1B}(B".utf8), gives: "あ"),
        CharsetCase("ISO-2022-JP labelled us-ascii", "us-ascii", Array("\u{1B}$B$\"\u{1B}(B".utf8), gives: "あ"),
        CharsetCase("unicode-1-1-utf-7", "unicode-1-1-utf-7", Array("+ZeVnLA- a".utf8), gives: "日本 a"),
        CharsetCase("windows-874", "windows-874", [0xA1, 0x80], gives: "ก€"),
        CharsetCase("koi8-r", "KOI8-R", [0xD0, 0xD2], gives: "пр"),
        CharsetCase("windows-1251", "windows-1251", [0xEF, 0xF0], gives: "пр"),
        CharsetCase("utf-16 with a mark", "utf-16", [0xFF, 0xFE, 0x2D, 0x4E], gives: "中"),
        CharsetCase("utf-16be with a surrogate pair", "utf-16be", [0xD8, 0x40, 0xDC, 0x00], gives: "𠀀"),
        CharsetCase("utf-32le", "utf-32le", [0x2D, 0x4E, 0, 0], gives: "中"),
        CharsetCase("quotes and case do not matter", "\"UTF8\"", Array("中".utf8), gives: "中"),
        CharsetCase("hz", "hz-gb-2312", Array("~{VPND~}".utf8), gives: "中文"),
        CharsetCase("a charset nobody knows is guessed", "x-nobody", Array("中".utf8), gives: "中"),
        CharsetCase("an instruction to iconv is no charset", "utf-8//IGNORE", Array("中".utf8), gives: "中"),
        CharsetCase(
            "windows-1252 without a label", nil, [0x4B, 0xF6, 0x6C, 0x6E, 0x20, 0x96, 0x20, 0x80], gives: "Köln – €"),
        CharsetCase("one broken byte in UTF-8 is damage", "utf-8", Array("中文字符".utf8) + [0xFF], gives: "中文字符\u{FFFD}"),
        CharsetCase("half a pair at the end", "gbk", [0xD6, 0xD0, 0xCE], gives: "中\u{FFFD}"),
    ])
func decodesCharsets(_ row: CharsetCase) {
    let parameter = row.label.map { "; charset=\($0)" } ?? ""
    let message = Message(parsing: Array("Content-Type: text/plain\(parameter)\n\n".utf8) + row.bytes)
    #expect(message.text(message.parts[0]) == row.expected)
}

@Test func aGuessSaysHowSureItIs() {
    let body = Array("Content-Type: text/plain\n\n".utf8) + [0xD6, 0xD0, 0xCE, 0xC4, 0xB5, 0xC4, 0xCE, 0xD2]
    let text = Message(parsing: body).decodedText(Message(parsing: body).parts[0])
    #expect(text.text == "中文的我")
    #expect(text.charset == "gb18030")
    #expect(text.confidence > 0.3 && text.confidence < 1)
    #expect(text.defects.map(\.kind) == [.undeclaredCharset])
}

@Test func aRawHeaderIsReadInTheCharsetOfTheBody() {
    // Two characters are too few to guess from.
    let raw =
        Array("Subject: ".utf8) + [0xD5, 0xC5, 0xCE, 0xB0]
        + Array("\nContent-Type: text/plain; charset=gb2312\n\n".utf8)
    let message = Message(parsing: raw)
    #expect(message.subject == "张伟")
    #expect(message.header.first("Subject") == "张伟")
    #expect(message.defects.map(\.kind) == [.eightBitField])
}
