import TestSupport
import Testing

@testable import MIME

/// What a reader sees of a message, line by line: texts, then files with where they came from.
private func view(_ text: String) -> [String] {
    let message = Message(parsing: Array(text.utf8))
    let contents = message.contents
    let texts = contents.texts.map { part in
        "text \(part.path.isEmpty ? "-" : part.path): " + message.text(part).replacing("\r\n", with: "\n")
    }
    let files = contents.attachments.map { file in
        "\(file.source.rawValue) \(file.part.path.isEmpty ? "-" : file.part.path) \(file.filename ?? "-"): "
            + String(decoding: message.decoded(file.part), as: UTF8.self)
    }
    return texts + files
}

struct ViewCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    let seen: [String]

    init(_ description: String, _ text: String, _ seen: [String]) {
        testDescription = description
        self.text = text
        self.seen = seen
    }
}

private let cat = "begin 644 cat.txt\n#0V%T\n`\nend\n"

extension ViewCase {
    static let uuencoded = [
        ViewCase("a text without files is the part itself", "\nbegin with\nthis\n", ["text -: begin with\nthis\n"]),
        ViewCase(
            "a file is cut out of the text", "\nHere:\n\n\(cat)\nBye\n",
            ["text -: Here:\n\n\nBye\n", "uuencode 1 cat.txt: Cat"]),
        ViewCase(
            "so are several", "\n\(cat)and\n\(cat)",
            ["text -: and\n", "uuencode 1 cat.txt: Cat", "uuencode 2 cat.txt: Cat"]),
        ViewCase(
            "a blank stands for the zero of old programs", "\nbegin 0644 a b.txt\n#0V%T\n \nend \n",
            ["text -: ", "uuencode 1 a b.txt: Cat"]),
        ViewCase(
            "an empty file is a file", "\nbegin 600 none\n`\nend\nx\n", ["text -: x\n", "uuencode 1 none: "]),
        ViewCase(
            "a file in quoted-printable text", "Content-Transfer-Encoding: quoted-printable\n\n=3D\n\(cat)",
            ["text -: =\n", "uuencode 1 cat.txt: Cat"]),
        ViewCase(
            "the base64 form of POSIX", "\nx\nbegin-base64 644 cat.txt\nQ2F0\n====\ny\n",
            ["text -: x\ny\n", "uuencode 1 cat.txt: Cat"]),
        ViewCase(
            "prose is no file", "\nbegin 644 things\nThen do the next one.\nend\n",
            ["text -: begin 644 things\nThen do the next one.\nend\n"]),
        ViewCase(
            "a quoted file is quoted text", "\n> begin 644 cat.txt\n> #0V%T\n> `\n> end\n",
            ["text -: > begin 644 cat.txt\n> #0V%T\n> `\n> end\n"]),
        ViewCase(
            "a page holds none", "Content-Type: text/html\n\n\(cat)", ["text -: \(cat)"]),
        ViewCase(
            "a text that is a file itself holds none", "Content-Disposition: attachment\n\n\(cat)",
            ["text -: \(cat)", "part - -: \(cat)"]),
    ]

    static let structure = [
        ViewCase(
            "a signature is neither text nor file",
            """
            Content-Type: multipart/signed; boundary=b; protocol="application/pgp-signature"

            --b

            Signed words.
            --b
            Content-Type: application/pgp-signature; name=signature.asc

            -----BEGIN PGP SIGNATURE-----
            --b--
            """, ["text 1: Signed words."]),
        ViewCase(
            "another file in the place of a signature is shown",
            """
            Content-Type: multipart/signed; boundary=b; protocol="application/pgp-signature"

            --b

            Signed words.
            --b
            Content-Type: application/octet-stream; name=program.exe

            MZ
            --b--
            """, ["text 1: Signed words.", "part 2 program.exe: MZ"]),
        ViewCase(
            "of an encrypted message the content is shown, not the version",
            """
            Content-Type: multipart/encrypted; boundary=b; protocol="application/pgp-encrypted"

            --b
            Content-Type: application/pgp-encrypted

            Version: 1
            --b
            Content-Type: application/octet-stream; name=encrypted.asc

            -----BEGIN PGP MESSAGE-----
            --b--
            """, ["part 2 encrypted.asc: -----BEGIN PGP MESSAGE-----"]),
        ViewCase(
            "an embedded message is one file",
            """
            Content-Type: multipart/mixed; boundary=b

            --b

            See below.
            --b
            Content-Type: message/rfc822

            Subject: inner
            Content-Type: application/pdf; name=inner.pdf

            x
            --b--
            """,
            ["text 1: See below.", "part 2 -: Subject: inner\nContent-Type: application/pdf; name=inner.pdf\n\nx"]),
        ViewCase(
            "of a Macintosh file the data fork is shown, under the name in the header",
            """
            Content-Type: multipart/appledouble; boundary=b

            --b
            Content-Type: application/applefile
            Content-Transfer-Encoding: base64

            AAUWBwACAAAAAAAAAAAAAAAAAAAAAAAAAAEAAAADAAAAJgAAAAhQbGFuLnR4dA==
            --b
            Content-Type: application/octet-stream

            the plan
            --b--
            """, ["apple-double 2 Plan.txt: the plan"]),
        ViewCase(
            "a Macintosh file in one part is opened",
            """
            Content-Type: application/applefile; name=whole
            Content-Transfer-Encoding: base64

            AAUWAAACAAAAAAAAAAAAAAAAAAAAAAAAAAIAAAADAAAAMgAAAAgAAAABAAAAOgAAAAhQbGFuLnR4dHRoZSBwbGFu
            """, ["apple-single 1 Plan.txt: the plan"]),
        ViewCase(
            "bytes that are no Macintosh file stay what they are",
            "Content-Type: application/applefile; name=x\n\nhello", ["part - x: hello"]),
        ViewCase(
            "a winmail.dat that cannot be opened is a file",
            "Content-Type: application/ms-tnef; name=winmail.dat\n\nhello", ["part - winmail.dat: hello"]),
    ]
}

@Test(
    "a reader sees texts and files",
    arguments: ViewCase.uuencoded + ViewCase.structure + ViewCase.companions + ViewCase.spareTexts)
func seesContents(_ row: ViewCase) {
    #expect(view(row.text) == row.seen)
    let crlf = row.text.replacing("\n", with: "\r\n")
    #expect(view(crlf).map { $0.replacing("\r\n", with: "\n") } == row.seen, "with CRLF")
}

@Test func aFileWhoseEndIsMissingIsKeptWithADefect() {
    let line = "M" + String(repeating: "0V%T", count: 15) + "\n"
    let text = "\nbegin 644 long.txt\n\(line)\(line)cut here\n"
    let message = Message(parsing: Array(text.utf8))
    let contents = message.contents
    #expect(contents.defects == [Defect(.badUuencode, in: "root")])
    #expect(contents.attachments.map { message.decoded($0.part).count } == [90])
    #expect(contents.texts.map(message.text) == ["cut here\n"])
}

@Test func filesBeyondTheLimitStayText() {
    let message = Message(parsing: Array(("\n" + String(repeating: cat, count: 1_200)).utf8))
    let contents = message.contents
    #expect(contents.attachments.count == Limits.standard.enclosedFiles)
    #expect(contents.defects.map(\.kind) == [.enclosedLimit])
    #expect(contents.texts.map { message.text($0) } == [String(repeating: cat, count: 200)])
}

@Test("an image that the text refers to is told from one that is sent")
func inlineImages() {
    let text = """
        Content-Type: multipart/related; boundary=b

        --b
        Content-Type: text/html

        <img src="cid:logo@example.org">
        --b
        Content-Type: image/png
        Content-ID: <logo@example.org>

        x
        --b
        Content-Type: image/png; name=photo.png

        y
        --b--
        """
    let files = Message(parsing: Array(text.utf8)).contents.attachments
    #expect(files.map(\.isInline) == [true, false])
    #expect(files.map(\.contentID) == ["logo@example.org", nil])
}

@Test("what is signed or encrypted is told by the structure")
func protections() {
    func protections(_ text: String) -> [String] {
        Message(parsing: Array(text.utf8)).contents.protections.map {
            "\($0.kind.rawValue) \($0.path)|\($0.protocolType)|\($0.micalg ?? "")|\($0.content ?? "")|\($0.control ?? "")"
        }
    }
    let body = "\n\n--b\n\nx\n--b\nContent-Type: application/pkcs7-signature\n\ny\n--b--\n"
    let signed = "Content-Type: multipart/signed; boundary=b; micalg=SHA-256; protocol=\"application/pkcs7-signature\""
    #expect(protections(signed + body) == ["signed |application/pkcs7-signature|sha-256|1|2"])
    #expect(protections("Content-Type: multipart/encrypted; boundary=b" + body) == ["encrypted |||2|1"])
    let smime = "Content-Type: application/pkcs7-mime"
    #expect(protections(smime + "; smime-type=signed-data\n\nx") == ["signed-opaque |application/pkcs7-mime|||"])
    #expect(protections(smime + "; smime-type=enveloped-data\n\nx") == ["encrypted |application/pkcs7-mime|||"])
    // SEQUENCE, the identifier of enveloped-data, and some more.
    let enveloped = "\nContent-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHA6CAMIACAQAxggEuMIIB\n"
    #expect(protections(smime + enveloped) == ["encrypted |application/pkcs7-mime|||"])
}

@Test("pieces and content elsewhere are facts")
func partialAndExternal() throws {
    let partial = Message(
        parsing: Array("Content-Type: message/partial; id=\"a@b.example\"; number=2; total=3\n\nx".utf8))
    #expect(partial.parts[0].partialMessage == PartialMessage(id: "a@b.example", number: 2, total: 3))
    let unnumbered = Message(parsing: Array("Content-Type: message/partial; id=x\n\n".utf8))
    #expect(unnumbered.parts[0].partialMessage == nil)
    let elsewhere = Message(
        parsing: Array(
            """
            Content-Type: message/external-body; access-type=URL; size=1200;
             URL="https://files.example.org/
              report.pdf"

            Content-Type: application/pdf
            Content-ID: <x@example.org>

            """.utf8))
    let external = try #require(elsewhere.externalBody(elsewhere.parts[0]))
    #expect(external.accessType == "url")
    #expect(external.url == "https://files.example.org/report.pdf")
    #expect(external.size == 1200)
    #expect(external.mediaType == "application/pdf")
}

struct FactsCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let fields: String
    let body: String
    let name: String
    let type: String
    let flags: Set<AttachmentFacts.Flag>

    init(
        _ description: String, _ fields: String, _ body: String, _ name: String, _ type: String,
        _ flags: Set<AttachmentFacts.Flag> = []
    ) {
        testDescription = description
        self.fields = fields
        self.body = body
        self.name = name
        self.type = type
        self.flags = flags
    }

    static let all = [
        FactsCase("a PDF", "application/pdf; name=a.pdf", "%PDF-1.7", "a.pdf", "application/pdf"),
        FactsCase(
            "a PDF that its sender had no type for", "application/octet-stream; name=a.pdf", "%PDF-1.7", "a.pdf",
            "application/pdf"),
        FactsCase("a PDF without a name", "application/pdf", "%PDF-1.7", "attachment.pdf", "application/pdf"),
        FactsCase(
            "a program that says it is a PDF", "application/pdf; name=a.pdf", "#!/bin/sh\n", "a.pdf", "text/x-script",
            [.runnable, .misnamed, .misdeclared]),
        FactsCase(
            "a script is text", "text/plain; name=run.js", "alert(1)", "run.js", "text/x-windows-script", [.runnable]),
        FactsCase(
            "a script without a declared type", "application/octet-stream; name=run.bat", "del *", "run.bat",
            "text/x-windows-script", [.runnable]),
        FactsCase(
            "a table is text", "application/octet-stream; name=a.csv", "a,b\n", "a.csv", "text/csv"),
        FactsCase(
            "a calendar that nobody declared", "application/octet-stream; name=invite", "BEGIN:VCALENDAR\n",
            "invite.ics",
            "text/calendar"),
        FactsCase("a card by its type", "text/x-vcard", "", "attachment.vcf", "text/vcard"),
        FactsCase(
            "a page in the clothes of a workbook", "application/vnd.ms-excel; name=a.xls", "<html>", "a.xls",
            "text/html",
            [.misnamed, .misdeclared]),
        FactsCase(
            "a name that hides what it is", "application/octet-stream; name=\"x\u{202E}fdp.scr\"", "?", "xfdp.scr",
            "text/plain", [.runnable, .misnamed, .bidirectionalControl]),
        FactsCase(
            "a message for somebody else's eyes", "application/octet-stream; name=a.asc",
            "-----BEGIN PGP MESSAGE-----\n",
            "a.asc", "application/pgp-encrypted", [.encrypted]),
    ]
}

@Test("an attachment is described", arguments: FactsCase.all)
func describesAttachment(_ row: FactsCase) throws {
    let text = "Content-Type: \(row.fields)\nContent-Disposition: attachment\n\n\(row.body)"
    let message = Message(parsing: Array(text.utf8))
    let attachment = try #require(message.contents.attachments.first)
    var taken = 0
    let facts = message.facts(of: attachment) { taken += $0.count }
    #expect(facts.name.text == row.name)
    #expect(facts.mediaType == row.type)
    #expect(facts.flags == row.flags)
    #expect(facts.size == row.body.utf8.count)
    #expect(taken == facts.size)
}

@Test func anEmbeddedMessageGoesByItsSubject() throws {
    let text = "Content-Type: message/rfc822\n\nSubject: Re: a/b v1.exe\n\nhello\n"
    let message = Message(parsing: Array(text.utf8))
    let facts = message.facts(of: try #require(message.contents.attachments.first))
    #expect(facts.name.text == "Re_ a_b v1_exe.eml")
    #expect(facts.flags == [])
}

@Test("lines that start like files and are none cost one look each")
func manyBeginnings() {
    let lines =
        String(repeating: "begin 644 a\n", count: 100_000) + String(repeating: "begin-base64 644 a\n", count: 100_000)
    #expect(Message(parsing: Array(("\n" + lines).utf8)).contents.attachments.isEmpty)
}
