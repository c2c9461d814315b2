import Testing

@testable import MIME

/// What content is, by its bytes.
struct SniffCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    let type: String?

    init(_ description: String, _ bytes: [UInt8], _ type: String?) {
        testDescription = description
        self.bytes = bytes
        self.type = type
    }

    init(_ description: String, _ text: String, _ type: String?) { self.init(description, Array(text.utf8), type) }
}

/// A program of Windows: the old header, then the new one where it says.
private let windowsProgram: [UInt8] =
    [0x4D, 0x5A] + [UInt8](repeating: 0, count: 58) + [0x40, 0, 0, 0] + [0x50, 0x45, 0, 0] + [0x64, 0x86]

extension SniffCase {
    static let all: [SniffCase] = [
        SniffCase("a program of Windows", windowsProgram, "application/vnd.microsoft.portable-executable"),
        SniffCase("a program of DOS", [0x4D, 0x5A, 0x90, 0, 3, 0, 0, 0], "application/x-dosexec"),
        SniffCase("a word that starts like a program", "MZ 204 is the number of the form.", "text/plain"),
        SniffCase("a program of Linux", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0], "application/x-executable"),
        SniffCase("a class of Java", [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 61], "application/java-vm"),
        SniffCase("a universal binary", [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 2], "application/x-mach-binary"),
        SniffCase("a shell script", "#!/bin/sh\necho hello\n", "text/x-script"),
        SniffCase("a PHP script", "<?php echo 1; ?>", "application/x-httpd-php"),
        SniffCase("a PDF", "%PDF-1.7\n%\u{E2}\u{E3}", "application/pdf"),
        SniffCase("a PDF behind an empty line", "\n%PDF-1.4\ntrailer", "application/pdf"),
        SniffCase(
            "a PDF behind bytes of no kind", [UInt8](repeating: 1, count: 1000) + "%PDF-1.4".utf8, "application/pdf"),
        SniffCase("a PDF too far behind", String(repeating: "x", count: 1024) + "%PDF-1.4", "text/plain"),
        SniffCase("a page that shows a PDF", "<html>%PDF-1.4", "text/html"),
        SniffCase("a split zip", [0x50, 0x4B, 0x30, 0x30, 0x50, 0x4B, 3, 4, 20, 0], "application/zip"),
        SniffCase("a zip that spans disks", [0x50, 0x4B, 7, 8, 0x50, 0x4B, 3, 4, 20, 0], "application/zip"),
        SniffCase("an installer of macOS", Array("xar!".utf8) + [0, 28, 0, 1], "application/x-xar"),
        SniffCase("rich text", "{\\rtf1\\ansi hello}", "application/rtf"),
        SniffCase("a PNG", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], "image/png"),
        SniffCase("a JPEG", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16], "image/jpeg"),
        SniffCase("a WebP picture", Array("RIFF".utf8) + [1, 0, 0, 0] + Array("WEBPVP8 ".utf8), "image/webp"),
        SniffCase("a film", [0, 0, 0, 24] + Array("ftypisom".utf8) + [0, 0, 2, 0], "video/mp4"),
        SniffCase("a picture of a telephone", [0, 0, 0, 24] + Array("ftypheic".utf8) + [0, 0, 0, 0], "image/heif"),
        SniffCase("a bitmap", [0x42, 0x4D] + [UInt8](repeating: 0, count: 12) + [40, 0, 0, 0], "image/bmp"),
        SniffCase("words that start like a bitmap", "BMW and other names of cars", "text/plain"),
        SniffCase("an MPEG frame", [0xFF, 0xFB, 0x90, 0x64], "audio/mpeg"),
        SniffCase("gzip", [0x1F, 0x8B, 8, 0], "application/gzip"),
        SniffCase("tar", [UInt8](repeating: 0, count: 257) + Array("ustar".utf8), "application/x-tar"),
        SniffCase("RAR", Array("Rar!\u{1A}\u{7}".utf8) + [0], "application/vnd.rar"),
        SniffCase("a page", "\u{FEFF}  <!-- made by hand -->\n<HTML><body>", "text/html"),
        SniffCase("a page that declares itself", "<!DOCTYPE html>\n<title>x", "text/html"),
        SniffCase("a page in UTF-16", [0xFF, 0xFE] + "<html>".utf8.flatMap { [$0, 0] as [UInt8] }, "text/html"),
        SniffCase("a drawing with scripts", "<?xml version=\"1.0\"?>\n<svg xmlns=\"x\">", "image/svg+xml"),
        SniffCase("XML", "<?xml version=\"1.0\"?>\n<invoice/>", "application/xml"),
        SniffCase("less than", "<3 is not a tag", "text/plain"),
        SniffCase("a calendar", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "text/calendar"),
        SniffCase("a calendar after empty lines, in small letters", "\r\n\r\nbegin:vcalendar\r\n", "text/calendar"),
        SniffCase("a business card", "BEGIN:VCARD\nVERSION:4.0\n", "text/vcard"),
        SniffCase("a mail", "Received: from a.example\n\tby b.example\nSubject: x\n\n", "message/rfc822"),
        SniffCase(
            "a mail folder", "From ada@example.org Thu Jan  1 00:00:00 2026\nDate: x\nTo: y\n", "application/mbox"),
        SniffCase("a letter that starts with To", "To: whom it may concern\nI hereby declare\n", "text/plain"),
        SniffCase("an encrypted OpenPGP message", "-----BEGIN PGP MESSAGE-----\n\nhQEM", "application/pgp-encrypted"),
        SniffCase("a winmail.dat", [0x78, 0x9F, 0x3E, 0x22, 0, 0], "application/vnd.ms-tnef"),
        SniffCase(
            "S/MIME",
            [0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 3]
                + [UInt8](repeating: 0, count: 16), "application/pkcs7-mime"),
        SniffCase(
            "an OpenPGP message without armor", [0x85, 1, 0x0C, 3, 1, 2, 3, 4, 5, 6, 7, 8, 1, 7, 0xFF, 9],
            "application/pgp-encrypted"),
        SniffCase("plain words", "Nothing special.\n", "text/plain"),
        SniffCase("Chinese in GB18030", [0xC4, 0xFA, 0xBA, 0xC3], "text/plain"),
        SniffCase("bytes of no kind", [0, 1, 2, 3, 4, 5], nil),
        SniffCase("nothing", [UInt8](), nil),
    ]
}

@Test("content is told by its first bytes", arguments: SniffCase.all)
func sniffs(_ row: SniffCase) {
    let type = sniffedType(row.bytes.span)
    #expect(type?.mediaType == row.type)
}

@Test("every beginning of known content can be looked at")
func sniffsBeginnings() {
    for start in [windowsProgram, Array("BEGIN:VCALENDAR\r\n".utf8), Array("<!-- x --><svg ".utf8)] {
        for end in start.indices { _ = sniffedType(start.span.extracting(0..<end)) }
    }
    // One byte of every value, thrice over, in front of nothing and of little.
    for byte in UInt8.min...UInt8.max {
        let bytes = [UInt8](repeating: byte, count: 30)
        for count in [1, 2, 3, 4, 8, 16, 30] { _ = sniffedType(bytes.span.extracting(0..<count)) }
    }
}

@Test(
    "a name's extension is compared with the content",
    arguments: [
        ("application/pdf", "pdf", true), ("application/pdf", "exe", false), ("text/plain", "csv", true),
        ("text/plain", "pdf", false), ("application/zip", "docx", true), ("application/zip", "rar", true),
        ("application/rtf", "doc", true), ("image/png", "jpg", true), ("text/html", "xls", false),
        ("application/vnd.microsoft.portable-executable", "jpg", false), ("text/plain", "unheard-of", nil),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "zip", true),
    ] as [(String, String, Bool?)])
func extensionFits(_ type: String, _ name: String, _ fits: Bool?) {
    #expect(FileType.declared(type)?.fits(name) == fits)
}

@Test(
    "an extension that starts something is known",
    arguments: [
        "dmg", "iso", "pkg", "appimage", "desktop", "jnlp", "slk", "iqy", "rdp", "diagcab", "xbap", "pyz", "terminal",
        "vbscript", "exe", "lnk",
    ])
func startsSomething(_ name: String) throws {
    let text = "Content-Disposition: attachment; filename=\"a.\(name)\"\n\n\u{1}\u{2}\u{3}"
    let message = Message(parsing: Array(text.utf8))
    let facts = message.facts(of: try #require(message.contents.attachments.first))
    #expect(facts.flags == [.runnable])
}

@Test(
    "S/MIME says whether it is encrypted",
    arguments: [(7, 2), (7, 3), (7, 6), (16, 9), (16, 23), (16, 3)] as [(Int, UInt8)])
func tellsEncryptedPKCS7(_ row: Int, _ arc: UInt8) {
    let start: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1]
    let identifier: [UInt8] = row == 7 ? [0x06, 9] + start + [7, arc] : [0x06, 11] + start + [9, 16, 1, arc]
    let bytes = [0x30, 0x80] + identifier + [0xA0, 0x80] + [UInt8](repeating: 0, count: 20)
    let isEncrypted = [(7, 3), (7, 6), (16, 23)].contains { $0 == (row, arc) }
    #expect(probe(bytes, chunk: 5) == .init(type: .pkcs7, isEncrypted: isEncrypted, size: bytes.count))
}

@Test("an embedded message is measured and looked at as it was read, in any transfer encoding")
func measuresEncodedMessage() throws {
    let inner = "From: ada@example.com\nSubject: inner\n\nHi\n"
    func facts(_ coding: String, _ body: String) throws -> (AttachmentFacts, [UInt8]) {
        let head = "Content-Type: multipart/mixed; boundary=X\n\n--X\nContent-Type: message/rfc822\n"
        let message = Message(parsing: Array((head + "Content-Transfer-Encoding: \(coding)\n\n\(body)\n--X--\n").utf8))
        var content: [UInt8] = []
        let file = try #require(message.contents.attachments.first)
        let facts = message.facts(of: file) { content.append(contentsOf: [UInt8](copying: $0, 0..<$0.count)) }
        return (facts, content)
    }
    let base64 = "RnJvbTogYWRhQGV4YW1wbGUuY29tClN1YmplY3Q6IGlubmVyCgpIaQo="
    for (coding, body) in [("7bit", inner), ("base64", base64), ("quoted-printable", inner)] {
        let (facts, content) = try facts(coding, body)
        #expect(content == Array(inner.utf8), "\(coding)")
        #expect(facts.size == inner.utf8.count)
        #expect(facts.sniffed == .email)
        #expect(facts.name.text == "inner.eml")
        #expect(facts.flags == [])
    }
}

@Test func everyFileTypeIsFoundByItsMediaTypeAndExtensions() {
    for type in FileType.all {
        #expect(!type.extensions.isEmpty)
        for name in type.extensions { #expect(FileType.named(name).contains(type)) }
    }
    #expect(FileType.declared("text/x-vcard") == .contact)
}

struct TypeCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let declared: String
    let filename: String
    let type: String
    let flags: Set<AttachmentFacts.Flag>

    init(
        _ description: String, _ declared: String, _ filename: String, _ type: String,
        _ flags: Set<AttachmentFacts.Flag> = []
    ) {
        testDescription = description
        self.declared = declared
        self.filename = filename
        self.type = type
        self.flags = flags
    }

    func facts(_ content: [UInt8]) throws -> AttachmentFacts {
        let head = "Content-Type: \(declared); name=\"\(filename)\"\nContent-Disposition: attachment\n\n"
        let message = Message(parsing: Array(head.utf8) + content)
        return message.facts(of: try #require(message.contents.attachments.first))
    }

    static let tables = [
        TypeCase("by its name", "application/octet-stream", "data.csv", "text/csv"),
        TypeCase("by its name, where it is declared as text", "text/plain", "data.csv", "text/csv"),
        TypeCase("as declared", "text/csv", "data.txt", "text/csv"),
        TypeCase("by an old name of the type", "text/comma-separated-values", "data", "text/csv"),
        TypeCase("as Windows with Office declares it", "application/vnd.ms-excel", "data.CSV", "text/csv"),
        TypeCase(
            "as no workbook", "application/vnd.ms-excel", "data.xls", "text/plain", [.misnamed, .misdeclared]),
        TypeCase("as no PDF either", "application/pdf", "data.csv", "text/csv", [.misdeclared]),
        TypeCase(
            "as a script, which is the worse of the two", "text/csv", "data.bat", "text/x-windows-script", [.runnable]),
    ]
}

@Test("lines of a table, in GBK, are told", arguments: TypeCase.tables)
func tellsTables(_ row: TypeCase) throws {
    // 编号,名称 and a row.
    let content: [UInt8] = [0xB1, 0xE0, 0xBA, 0xC5, 0x2C, 0xC3, 0xFB, 0xB3, 0xC6, 0x0D, 0x0A] + Array("1,A\r\n".utf8)
    let facts = try row.facts(content)
    #expect(facts.mediaType == row.type)
    #expect(facts.flags == row.flags)
}
