import Testing

@testable import MIME

struct RTFCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let rtf: String
    let expected: String
    let defects: [Defect.Kind]

    init(_ sentence: String, _ rtf: String, gives expected: String, _ defects: Defect.Kind...) {
        (testDescription, self.rtf, self.expected, self.defects) = (sentence, rtf, expected, defects)
    }
}

private func read(_ rtf: String, _ limits: Limits = .standard) -> (reading: RTFReading, findings: Findings) {
    var findings = Findings(limits: limits)
    let bytes = Array(rtf.utf8)
    let reading = readRTF(bytes.span, 0..<bytes.count, limit: limits.richTextBytes, &findings)
    return (reading, findings)
}

private let textCases = [
    RTFCase("text and paragraphs", #"{\rtf1\ansi\pard Hello\par world\line !}"#, gives: "Hello\r\nworld\r\n!"),
    RTFCase("line ends of the file mean nothing", "{\\rtf1 Hel\r\nlo\r\n\\par\r\nyou}", gives: "Hello\r\nyou"),
    RTFCase("a backslash before a line end is a paragraph", "{\\rtf1 a\\\nb}", gives: "a\r\nb"),
    RTFCase("escaped syntax", #"{\rtf1 \{a\} \\b}"#, gives: #"{a} \b"#),
    RTFCase("one blank belongs to the word before it", #"{\rtf1\b  a\b0 b}"#, gives: " ab"),
    RTFCase("characters with names", #"{\rtf1 \ldblquote a\rdblquote\emdash\bullet\~\_x\-y}"#, gives: "“a”—•\u{A0}‑xy"),
    RTFCase("tables", #"{\rtf1 a\cell b\cell\row c}"#, gives: "a\tb\t\r\nc"),
    RTFCase("a byte in the code page of the document", #"{\rtf1\ansi\ansicpg1251 \'c4\'e0}"#, gives: "Да"),
    RTFCase("a byte without one is Western", #"{\rtf1\ansi \'e4}"#, gives: "ä"),
    RTFCase("a document of old DOS", #"{\rtf1\pc \'84}"#, gives: "ä"),
    RTFCase("a character of two bytes", #"{\rtf1\ansi\ansicpg936 \'c4\'e3\'ba\'c3}"#, gives: "你好"),
    RTFCase("one whose second byte looks like a letter", #"{\rtf1\ansi\ansicpg932 \'83A\'83\'41}"#, gives: "アア"),
    RTFCase(
        "the font says the code page",
        #"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fnil\fcharset204{\*\fname Arial;}Arial Cyr;}}"#
            + #"\f0 \'e4 {\f1 \'e4} \'e4\f1 \'e4\plain  \'e4}"#, gives: "ä д äд ä"),
    RTFCase(
        "the default font too", #"{\rtf1\ansi\deff3{\fonttbl{\f3\fcharset161 A;}}\'e1\'e2}"#, gives: "αβ"),
    RTFCase(
        "a font table without groups", #"{\rtf1\ansi\deff3{\fonttbl\f3\fcharset161 A;\f4\fcharset0 B;}\'e1\f4 \'e1}"#,
        gives: "αá"),
    RTFCase("a picture font's bullet", #"{\rtf1{\fonttbl{\f2\fcharset2 Symbol;}}\f2 \'b7\u-3913 ?}"#, gives: "••"),
    RTFCase("Unicode, with what stands in for it", #"{\rtf1\u26085 ?\u26412\'3f}"#, gives: "日本"),
    RTFCase("Unicode, negative", #"{\rtf1\u-4119?}"#, gives: "\u{EFE9}"),
    RTFCase("a pair of surrogates", "{\\rtf1\\u-10179?\r\n\\u-8704?!}", gives: "😀!"),
    RTFCase("half a pair", #"{\rtf1\u-10179?a\u-8704?}"#, gives: "\u{FFFD}a\u{FFFD}"),
    RTFCase("two bytes stand in", #"{\rtf1\uc2\u26085\'93\'fa a}"#, gives: "日 a"),
    RTFCase("nothing stands in", #"{\rtf1\uc0\u26085 a{\uc1\u26412 ?}\u26412 b}"#, gives: "日a本本b"),
    RTFCase("what stands in may be missing", #"{\rtf1 {\u26085}\u26412\u26085 ?}"#, gives: "日本日"),
    RTFCase(
        "tables and properties are not text",
        #"{\rtf1{\colortbl;\red0\green0\blue0;}{\stylesheet{\s1 Normal;}}{\info{\author A}}{\*\generator G;}x}"#,
        gives: "x"),
    RTFCase(
        "nor pictures and field codes",
        #"{\rtf1 a{\pict\pngblip 89504e47}{\field{\*\fldinst{HYPERLINK "http://example.com"}}{\fldrslt link}}}"#,
        gives: "alink"),
    RTFCase("nor binary data, whatever it holds", #"{\rtf1 a{\pict\bin5 }}}}}b}c}"#, gives: "ac"),
    RTFCase("hidden text is not shown", #"{\rtf1 a{\v secret}b\v x\v0 c}"#, gives: "abc"),
    RTFCase("bullets of lists are", #"{\rtf1{\listtext\'b7\tab}a\par}"#, gives: "·\ta\r\n"),
    RTFCase("what follows the last brace is nothing", "{\\rtf1 a}\0\0garbage", gives: "a"),
    RTFCase("a cut document is read to its end", #"{\rtf1 a{\b b"#, gives: "ab", .badRTF),
    RTFCase("what is no RTF has no text", "Hello", gives: "", .badRTF),
]

private let htmlCases = [
    RTFCase(
        "tags and text come out, the doubles do not",
        #"{\rtf1\ansi\fromhtml1 {\*\htmltag18 <html>}{\*\htmltag50 <body>}\htmlrtf{\b\htmlrtf0 Hi\htmlrtf}\htmlrtf0 "#
            + #"{\*\htmltag84 &nbsp;}\htmlrtf\'a0\htmlrtf0 there{\*\htmltag58 </body>}}"#,
        gives: "<html><body>Hi&nbsp;there</body>"),
    RTFCase(
        "line ends inside and between tags",
        #"{\rtf1\fromhtml1{\*\htmltag1 <style>\par a\{b:c\}\tab\par </style>}{\*\htmltag4 \par }x\line y}"#,
        gives: "<style>\r\na{b:c}\t\r\n</style>\r\nx\r\ny"),
    RTFCase(
        "a group gives its suppression back", #"{\rtf1\fromhtml1 a{\htmlrtf b}c\htmlrtf d\htmlrtf0 e}"#, gives: "ace"),
    RTFCase(
        "the other form of a tag is left", #"{\rtf1\fromhtml1{\*\mhtmltag64 <img src="cid:x">}{\*\htmltag64 <p>}}"#,
        gives: "<p>"),
    RTFCase(
        "fonts count although they are suppressed",
        #"{\rtf1\ansi\fromhtml1{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset134 S;}}\htmlrtf\f1\htmlrtf0 \'c4\'e3}"#,
        gives: "你"),
    RTFCase(
        "Unicode in a tag", #"{\rtf1\ansi\fromhtml1{\*\htmltag96 <a title="\u20320 ?\'e4">}}"#,
        gives: #"<a title="你ä">"#),
    RTFCase(
        "bullets are the HTML's business", #"{\rtf1\fromhtml1{\pntext *\tab}{\*\htmltag64 <li>}a}"#, gives: "<li>a"),
]

@Test("rich text becomes text", arguments: textCases)
func readsRichText(_ row: RTFCase) {
    let result = read(row.rtf)
    #expect(result.reading.kind == .richText)
    #expect(String(decoding: result.reading.text, as: UTF8.self) == row.expected)
    #expect(result.findings.defects.map(\.kind) == row.defects)
}

@Test("HTML comes out of rich text", arguments: htmlCases)
func takesHTMLOut(_ row: RTFCase) {
    let result = read(row.rtf)
    #expect(result.reading.kind == .encapsulatedHTML)
    #expect(String(decoding: result.reading.text, as: UTF8.self) == row.expected)
    #expect(result.findings.defects.map(\.kind) == row.defects)
}

@Test func plainTextComesOutOfRichText() {
    let result = read(
        #"{\rtf1\ansi\ansicpg1252\fromtext \deff0{\fonttbl{\f0\fswiss Arial;}}\pard > a\par b \{c\}\par}"#)
    #expect(result.reading.kind == .encapsulatedText)
    #expect(String(decoding: result.reading.text, as: UTF8.self) == "> a\r\nb {c}\r\n")
}

@Test func groupsBeyondTheLimitAreLeftOut() {
    let deep = #"{\rtf1 a"# + String(repeating: "{", count: 50) + "b" + String(repeating: "}", count: 50) + "c}"
    let result = read(deep, Limits(richTextGroups: 40))
    #expect(String(decoding: result.reading.text, as: UTF8.self) == "ac")
    #expect(result.findings.defects.map(\.kind) == [.nestingLimit])
    #expect(read(deep).findings.defects.isEmpty)
}

@Test func textBeyondTheLimitIsLeftOut() {
    let result = read(#"{\rtf1 "# + String(repeating: #"abcdefghi\par "#, count: 100) + "}", Limits(richTextBytes: 200))
    #expect((200...220).contains(result.reading.text.count))
    #expect(result.findings.defects.map(\.kind) == [.richTextLimit, .badRTF])
}

@Test func noCutAndNoChangedByteIsTooMuch() {
    for row in textCases + htmlCases {
        let rtf = Array(row.rtf.utf8)
        for end in 0..<rtf.count {
            var findings = Findings(limits: .standard)
            let part = readRTF(rtf.span, 0..<end, limit: 1 << 20, &findings)
            #expect(part.text.count <= 3 * end)
            for value: UInt8 in [0, 0x7B, 0x7D, 0x5C, 0x27, 0xFF] {
                var changed = rtf
                changed[end] = value
                _ = readRTF(changed.span, 0..<rtf.count, limit: 1 << 20, &findings)
            }
        }
    }
}

// MARK: Compression

/// The two examples of MS-OXRTFCP section 3.
@Test(
    "compressed rich text of the specification is undone",
    arguments: [
        (
            [
                0x2D, 0, 0, 0, 0x2B, 0, 0, 0, 0x4C, 0x5A, 0x46, 0x75, 0xF1, 0xC5, 0xC7, 0xA7, 0x03, 0x00, 0x0A, 0x00,
                0x72, 0x63,
                0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0A, 0xF3, 0x20, 0x68, 0x65, 0x6C, 0x09, 0x00, 0x20, 0x62,
                0x77,
                0x05, 0xB0, 0x6C, 0x64, 0x7D, 0x0A, 0x80, 0x0F, 0xA0,
            ], "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
        ),
        (
            [
                0x1A, 0, 0, 0, 0x1C, 0, 0, 0, 0x4C, 0x5A, 0x46, 0x75, 0xE2, 0xD4, 0x4B, 0x51, 0x41, 0x00, 0x04, 0x20,
                0x57, 0x58,
                0x59, 0x5A, 0x0D, 0x6E, 0x7D, 0x01, 0x0E, 0xB0,
            ], #"{\rtf1 WXYZWXYZWXYZWXYZWXYZ}"#
        ),
    ] as [([UInt8], String)])
func undoesCompression(_ bytes: [UInt8], _ expected: String) {
    #expect(decompressed(bytes).text == expected)
    #expect(decompressed(bytes).defects.isEmpty)
    for end in 0..<bytes.count { #expect(decompressed(Array(bytes[..<end])).defects == [.badCompressedRTF]) }
}

private func decompressed(_ bytes: [UInt8], limit: Int = 1 << 20) -> (text: String?, defects: [Defect.Kind]) {
    var findings = Findings(limits: .standard)
    let text = decompressRTF(bytes.span, 0..<bytes.count, limit: limit, &findings)
    return (text.map { String(decoding: $0, as: UTF8.self) }, findings.defects.map(\.kind))
}

@Test func uncompressedRichTextIsTakenAsItIs() {
    func mela(_ text: String, rawSize: Int) -> [UInt8] {
        little(UInt32(text.utf8.count + 12)) + little(UInt32(rawSize)) + Array("MELA".utf8) + little(0)
            + Array(text.utf8)
    }
    #expect(decompressed(mela("{\\rtf1 a}", rawSize: 9)).text == "{\\rtf1 a}")
    #expect(decompressed(mela("{\\rtf1 a}  ", rawSize: 9)).text == "{\\rtf1 a}")
    #expect(decompressed(mela("{\\rtf1 a}", rawSize: 10)).defects == [.badCompressedRTF])
    #expect(decompressed(mela("{\\rtf1 a}", rawSize: 9), limit: 4).defects == [.richTextLimit])
}

@Test func literalsAreUndoneAtEveryLength() {
    for count in 0..<40 {
        let text = String(repeating: "x", count: count)
        #expect(decompressed(literalLZFu(text)).text == text)
        #expect(decompressed(literalLZFu(text)).defects.isEmpty)
    }
}

@Test func compressedTextEndsAtTheLimit() {
    let result = decompressed(literalLZFu(String(repeating: "abcdefgh", count: 100)), limit: 100)
    #expect(result.text?.utf8.count == 100)
    #expect(result.defects == [.richTextLimit])
}
