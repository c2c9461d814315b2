import Testing

@testable import MIME

/// A text with or without a file in it.
struct UuencodeCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    /// Name and whether it is whole; nil: all of it is text.
    let file: String?
    let isComplete: Bool

    init(_ description: String, _ text: String, file: String? = nil, isComplete: Bool = true) {
        testDescription = description
        self.text = text
        self.file = file
        self.isComplete = isComplete
    }
}

private let full = "M" + String(repeating: "0V%T", count: 15) + "\n"

extension UuencodeCase {
    static let prose = [
        UuencodeCase(
            "a year is no mode", "begin 2026 with a discount.\nMANY THANKS TO YOU ALL\nCALL 555 BEFORE FRIDAY.\n"),
        UuencodeCase("a year with full lines", "begin 2026 sales\n\(full)\(full)`\nend\n"),
        UuencodeCase("a number of things", "begin 100 things\nend\n"),
        UuencodeCase("a number of things, an empty line", "begin 100 things\n\nend\n"),
        UuencodeCase("a number of things, a blank line", "begin 100 things\n \nend\n"),
        UuencodeCase("capitals", "begin 644 times\nMANY THANKS\nAND GOOD BYE\nend\n"),
        UuencodeCase("capitals to the end of the mail", "begin 755 AND SO ON\nMANY THANKS\nCALL US BEFORE FRIDAY\n"),
        UuencodeCase("a digit that is not octal", "begin 648 a.txt\n#0V%T\n`\nend\n"),
        UuencodeCase("five digits", "begin 00644 a.txt\n#0V%T\n`\nend\n"),
        UuencodeCase("a length that the lines do not have", "begin 644 a.txt\n#0V%T0V%T\n`\nend\n"),
        UuencodeCase("lines that grow", "begin 644 a.txt\n#0V%T\n&0V%T0V%T\n`\nend\n"),
        UuencodeCase("lines behind the last one", "begin 644 a.txt\n&0V%T0V%T\n#0V%T\n#0V%T\n`\nend\n"),
        UuencodeCase("one full line without an end", "begin 644 a.txt\n\(full)and no more\n"),
        UuencodeCase("a short line without an end", "begin 644 a.txt\n#0V%T\n"),
        UuencodeCase("capitals are no `end`", "begin 644 a.txt\n#0V%T\nEND\n"),
        UuencodeCase("base64 that is words", "begin-base64 644 a.txt\nsome words here\n====\n"),
        UuencodeCase("base64 of a year", "begin-base64 2026 a.txt\nQ2F0\n====\n"),
    ]

    static let files = [
        UuencodeCase("a sticky mode", "begin 1777 a.txt\n#0V%T\n`\nend\n", file: "a.txt"),
        UuencodeCase("full lines, then a shorter one", "begin 644 a\n\(full)\(full)#0V%T\n`\nend\n", file: "a"),
        UuencodeCase("no zero before the end", "begin 644 a\n#0V%T\nend\n", file: "a"),
        UuencodeCase("a checksum behind every line", "begin 644 a\n#0V%TA\n`\nend\n", file: "a"),
        UuencodeCase("a last group that is not filled up", "begin 644 a\n$0V%T00\n`\nend\n", file: "a"),
        UuencodeCase("blanks lost behind one of the lines", "begin 644 a\n\(full)M0V%T\n#0V%T\n\nend\n", file: "a"),
        UuencodeCase("an empty line between", "begin 644 a\n\(full)\n#0V%T\n`\nend\n", file: "a"),
        UuencodeCase("the zero without the end", "begin 644 a\n#0V%T\n`\nEnd\n", file: "a", isComplete: false),
        UuencodeCase("two full lines of a cut mail", "begin 644 a\n\(full)\(full)", file: "a", isComplete: false),
    ]
}

private func read(_ text: String) -> UuencodedText {
    let bytes = Array(text.utf8)
    return UuencodedText(bytes.span, bytes.indices, limit: 10)
}

@Test("prose that starts with `begin` stays prose", arguments: UuencodeCase.prose)
func keepsProse(_ row: UuencodeCase) {
    for text in [row.text, row.text.replacing("\n", with: "\r\n"), "Let us\n\(row.text)Regards\n"] {
        #expect(read(text).files == [])
    }
}

@Test("a file in a text is cut out", arguments: UuencodeCase.files)
func cutsFile(_ row: UuencodeCase) {
    for text in [row.text, row.text.replacing("\n", with: "\r\n")] {
        let files = read(text).files
        #expect(files.map(\.name) == [row.file])
        #expect(files.map(\.isComplete) == [row.isComplete])
    }
}
