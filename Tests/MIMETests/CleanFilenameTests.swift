import Testing

@testable import MIME

struct NameCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let sent: String
    let clean: String
    let oddities: Set<CleanFilename.Oddity>
    let type: FileType?

    init(
        _ description: String, _ sent: String, _ clean: String, _ oddities: Set<CleanFilename.Oddity> = [],
        type: FileType? = nil
    ) {
        testDescription = description
        self.sent = sent
        self.clean = clean
        self.oddities = oddities
        self.type = type
    }
}

extension NameCase {
    static let all: [NameCase] = [
        NameCase("an ordinary name stays", "Report 2026.pdf", "Report 2026.pdf"),
        NameCase("Chinese stays", "合同（终版）.docx", "合同（终版）.docx"),
        NameCase("an emoji stays", "party 🎉.png", "party 🎉.png"),
        NameCase(
            "emoji of several parts stay", "\u{1F468}\u{200D}\u{1F4BB} \u{2764}\u{FE0F}\u{200D}\u{1F525}.png",
            "\u{1F468}\u{200D}\u{1F4BB} \u{2764}\u{FE0F}\u{200D}\u{1F525}.png"),
        NameCase("a keycap stays", "step 1\u{FE0F}\u{20E3}.png", "step 1\u{FE0F}\u{20E3}.png"),
        NameCase("a style of no emoji goes", "a1\u{FE0F}.png", "a1.png", [.hiddenCharacters]),
        NameCase(
            "a joiner between letters goes", "a\u{200D}b\u{1F4BB}\u{200D}.png", "ab\u{1F4BB}.png", [.hiddenCharacters]),
        NameCase("so does what hides behind it", "a\u{FE0F}\u{200D}\u{1F4BB}", "a\u{1F4BB}", [.hiddenCharacters]),
        NameCase("folders of POSIX go", "../../etc/passwd", "passwd", [.path]),
        NameCase("folders of Windows go", "C:\\temp\\a.exe", "a.exe", [.path]),
        NameCase("nothing behind the last separator", "folder/", "attachment", [.path]),
        NameCase("an empty name gets one", "", "attachment"),
        NameCase("only dots", "...", "attachment"),
        NameCase("a hidden file is seen", ".htaccess", "attachment.htaccess"),
        NameCase("dots and blanks at the end go", "setup.exe. . ", "setup.exe"),
        NameCase("control characters go", "a\u{0}b\r\n.txt", "ab.txt", [.hiddenCharacters]),
        NameCase(
            "a changed direction is changed back", "invoice\u{202E}fdp.exe", "invoicefdp.exe", [.bidirectionalControl]),
        NameCase("characters without width go", "pay\u{200B}ment\u{FEFF}.pdf", "payment.pdf", [.hiddenCharacters]),
        NameCase("Hangul fillers go", "a\u{3164}.scr", "a.scr", [.hiddenCharacters]),
        NameCase(
            "a long row of blanks hides nothing", "invoice.pdf" + String(repeating: " ", count: 150) + ".exe",
            "invoice.pdf.exe", [.doubleExtension]),
        NameCase("two extensions", "photo.JPG.scr", "photo.JPG.scr", [.doubleExtension]),
        NameCase("signs between two extensions", "invoice.pdf_.exe", "invoice.pdf_.exe", [.doubleExtension]),
        NameCase("a number between two extensions", "invoice. pdf (1).exe", "invoice. pdf (1).exe", [.doubleExtension]),
        NameCase("words behind an extension are words", "about.doc reader.exe", "about.doc reader.exe"),
        NameCase("a page behind a document", "order.pdf.html", "order.pdf.html", [.doubleExtension]),
        NameCase("an archive has two by custom", "source.tar.gz", "source.tar.gz"),
        NameCase("a version number is no extension of a document", "tool-1.2.exe", "tool-1.2.exe"),
        NameCase("a device of Windows", "con.txt", "_con.txt", [.reservedName]),
        NameCase("a device of Windows without extension", "LPT1", "_LPT1", [.reservedName]),
        NameCase("a device with a superscript digit", "com\u{B9}.log", "_com\u{B9}.log", [.reservedName]),
        NameCase("a console is none", "console.txt", "console.txt"),
        NameCase("a stream of NTFS", "a.txt:b.exe", "a.txt_b.exe"),
        NameCase("signs that Windows does not take", "what?<is>\"this\"|*.txt", "what__is__this___.txt"),
        NameCase("an option is no file", "-rf", "_rf"),
        NameCase("a name without extension gets that of its content", "scan", "scan.pdf", type: .pdf),
        NameCase("but not that of plain text", "Makefile", "Makefile", type: .plainText),
        NameCase("but none that runs", "update", "update", type: .windowsProgram),
        NameCase("a wrong extension stays, and is flagged elsewhere", "scan.txt", "scan.txt", type: .pdf),
        NameCase("a sentence ends with a dot", "Minutes of the meeting.", "Minutes of the meeting"),
        NameCase("what stands behind a dot may be words", "Re. your order", "Re. your order"),
    ]
}

@Test("a file name is made fit to be shown and saved", arguments: NameCase.all)
func cleansName(_ row: NameCase) {
    let name = CleanFilename(row.sent, type: row.type)
    #expect(name.text == row.clean)
    #expect(name.oddities == row.oddities)
}

@Test("a long name is cut before its extension, at a character")
func cutsNames() {
    for letter in ["a", "é", "合", "🎉"] {
        let name = CleanFilename(String(repeating: letter, count: 5000) + ".docx")
        #expect(name.text.utf8.count <= 255)
        #expect(name.text.utf8.count > 250)
        #expect(name.text.hasSuffix(letter + ".docx") || name.oddities == [.cut] && letter.utf8.count > 1)
        #expect(!name.text.unicodeScalars.contains("\u{FFFD}"))
        #expect(name.oddities.contains(.cut))
    }
    let dots = CleanFilename(String(repeating: ".a", count: 20_000))
    #expect(dots.text.utf8.count <= 255)
}

@Test("a clean name stays as it is when it is cleaned again")
func cleanedTwice() {
    let sent = [
        "../con", "a\u{202E}b.exe ", ". .x", "-", "  -a.b", ". -x.y", "a.pdf .exe", "\u{200B}/\u{200B}", "x. .y",
        "_-.-", String(repeating: "\u{1F468}\u{200D}\u{1F4BB}", count: 100), "\u{1F468}\u{200D}/\u{200D}\u{1F4BB}",
    ]
    for name in sent {
        let once = CleanFilename(name)
        #expect(CleanFilename(once.text).text == once.text, "\(name)")
        #expect(!once.text.isEmpty)
    }
}

@Test("a name that is cut right behind a dot and letters has that extension, and is clean")
func aCutNameEndsInWhatItShows() {
    for filler in 240...252 {
        let name = String(repeating: "a", count: filler) + " .exe and more words without any end"
        let clean = CleanFilename(name)
        #expect(clean.text.utf8.count <= 255)
        #expect(CleanFilename(clean.text).text == clean.text, "\(filler)")
        #expect(clean.fileExtension == CleanFilename(clean.text).fileExtension, "\(filler)")
    }
}
