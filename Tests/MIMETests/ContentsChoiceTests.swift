import Testing

@testable import MIME

/// A multipart of parts that are given whole.
private func multipart(_ type: String, _ parts: String...) -> String {
    "Content-Type: multipart/\(type); boundary=b\n\n" + parts.map { "--b\n\($0)\n" }.joined() + "--b--\n"
}

private let words = "\nPlease see."
private let seenWords = "text 1: Please see."
/// A program, as far as anybody looks.
private let program = "MZ program"

extension ViewCase {
    /// What only serves another part is hidden, but nothing else in its place.
    static let companions = [
        ViewCase(
            "a program that says it is a signature is a file",
            multipart("signed", words, "Content-Type: application/pgp-signature; name=bill.exe\n\n\(program)"),
            [seenWords, "part 2 bill.exe: \(program)"]),
        ViewCase(
            "so is a script with a line of armor before it",
            multipart(
                "signed", words,
                "Content-Type: application/pgp-signature; name=bill.bat\n\n-----BEGIN PGP SIGNATURE-----\ndel *"),
            [seenWords, "part 2 bill.bat: -----BEGIN PGP SIGNATURE-----\ndel *"]),
        ViewCase(
            "a signature of S/MIME is hidden",
            multipart(
                "signed", words,
                "Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\n"
                    + "MIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglg"), [seenWords]),
        ViewCase(
            "what only says it is one is not",
            multipart("signed", words, "Content-Type: application/pkcs7-signature; name=smime.p7s\n\n\(program)"),
            [seenWords, "part 2 smime.p7s: \(program)"]),
        ViewCase(
            "the protocol parameter hides nothing",
            multipart(
                "signed; protocol=\"application/zip\"", words, "Content-Type: application/zip; name=bill.zip\n\nPK"),
            [seenWords, "part 2 bill.zip: PK"]),
        ViewCase(
            "nor does it before an encrypted part",
            multipart(
                "encrypted; protocol=\"application/x-msdownload\"",
                "Content-Type: application/x-msdownload; name=bill.exe\n\n\(program)", words),
            ["text 2: Please see.", "part 1 bill.exe: \(program)"]),
        ViewCase(
            "a program in the place of the version is a file",
            multipart("encrypted", "Content-Type: application/pgp-encrypted\n\n\(program)", words),
            ["text 2: Please see.", "part 1 -: \(program)"]),
        ViewCase(
            "a program in the place of a resource fork is a file",
            multipart("appledouble", "Content-Type: application/applefile; name=bill.exe\n\n\(program)", words),
            ["text 2: Please see.", "part 1 bill.exe: \(program)"]),
        ViewCase(
            "the status in a report is hidden",
            multipart(
                "report; report-type=delivery-status", words,
                "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example",
                "Content-Type: text/rfc822-headers\n\nSubject: x"), [seenWords]),
        ViewCase(
            "a report elsewhere is a file",
            multipart("mixed", words, "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example"),
            [seenWords, "part 2 -: Reporting-MTA: dns; mx.example"]),
        ViewCase(
            "so is a report that was attached",
            multipart(
                "report", words,
                "Content-Type: message/delivery-status\nContent-Disposition: attachment; filename=bill.exe\n\na: b"),
            [seenWords, "part 2 bill.exe: a: b"]),
        ViewCase(
            "and a program that says it is one",
            multipart("report", words, "Content-Type: message/delivery-status\n\n\(program)"),
            [seenWords, "part 2 -: \(program)"]),
        ViewCase(
            "a multipart that is none is a file when it was attached",
            multipart(
                "mixed", words,
                "Content-Type: multipart/mixed\nContent-Disposition: attachment; filename=bill.exe\n\n\(program)"),
            [seenWords, "part 2 bill.exe: \(program)"]),
    ]

    /// Where a mail has no other text.
    static let spareTexts = [
        ViewCase(
            "the only text may have a name", "Content-Type: text/plain; name=body.txt\n\nHello.",
            ["text -: Hello.", "part - body.txt: Hello."]),
        ViewCase(
            "or be marked as attachment at the root",
            "Content-Type: text/html\nContent-Disposition: attachment\n\n<p>Hello.",
            ["text -: <p>Hello.", "part - -: <p>Hello."]),
        ViewCase(
            "or stand in a multipart",
            multipart("mixed", "Content-Type: text/plain; name=a.txt\nContent-Disposition: inline\n\nHello."),
            ["text 1: Hello.", "part 1 a.txt: Hello."]),
        ViewCase(
            "of several with names the first is the text",
            multipart(
                "mixed", "Content-Type: text/plain; name=none.txt\n\n ",
                "Content-Type: text/plain; name=a.txt\n\nHello.",
                "Content-Type: text/plain; name=b.txt\n\nLog."),
            ["text 2: Hello.", "part 1 none.txt:  ", "part 2 a.txt: Hello.", "part 3 b.txt: Log."]),
        ViewCase(
            "text of an unknown kind is text", "Content-Type: text/markdown\n\n*Hello.*", ["text -: *Hello.*"]),
        ViewCase(
            "with a name it is a file, too", "Content-Type: text/enriched; name=a\n\nHello.",
            ["text -: Hello.", "part - a: Hello."]),
        ViewCase(
            "beside a text it is a file only",
            multipart("mixed", words, "Content-Type: text/markdown\n\n*Hello.*"),
            [seenWords, "part 2 -: *Hello.*"]),
        ViewCase(
            "a page without a letter is no text",
            multipart(
                "mixed", "Content-Type: text/html\n\n<style>p { margin: 0 }</style><p>&nbsp;&#8203;</p>",
                "Content-Type: text/plain; name=a.txt\n\nHello."),
            [
                "text 1: <style>p { margin: 0 }</style><p>&nbsp;&#8203;</p>", "text 2: Hello.", "part 2 a.txt: Hello.",
            ]),
        ViewCase(
            "what was attached on purpose is a file",
            multipart("mixed", "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nHello."),
            ["part 1 a.txt: Hello."]),
        ViewCase("an invitation is no text", "Content-Type: text/calendar\n\nBEGIN:", ["part - -: BEGIN:"]),
        ViewCase("nor is a table", "Content-Type: text/csv; name=a.csv\n\na,b", ["part - a.csv: a,b"]),
        ViewCase("nor is a card", "Content-Type: text/vcard\n\nBEGIN:", ["part - -: BEGIN:"]),
    ]
}

/// An attribute of a TNEF stream (MS-OXTNEF section 2.1.3.1).
private func attribute(_ level: UInt8, _ id: [UInt8], _ data: [UInt8]) -> [UInt8] {
    let sum = data.reduce(0) { $0 + Int($1) }
    return [level] + id + [UInt8(data.count), 0, 0, 0] + data + [UInt8(sum & 255), UInt8(sum >> 8 & 255)]
}

private let winmail: [UInt8] =
    [0x78, 0x9F, 0x3E, 0x22, 1, 0] + attribute(1, [0x0C, 0x80, 2, 0], Array("Hello from inside.\0".utf8))
    + attribute(2, [0x02, 0x90, 6, 0], [1, 0] + [UInt8](repeating: 0, count: 12))
    + attribute(2, [0x10, 0x80, 1, 0], Array("plan.txt\0".utf8))
    + attribute(2, [0x0F, 0x80, 6, 0], Array("the plan".utf8))

@Test("a winmail.dat gives its files, and its text where the mail has none")
func winmailContents() {
    let field = "Content-Type: application/ms-tnef; name=winmail.dat\n\n"
    let alone = Message(parsing: Array(field.utf8) + winmail)
    #expect(alone.contents.texts.map(alone.text) == ["Hello from inside."])
    #expect(alone.contents.texts.map(\.path) == ["1"])
    #expect(
        alone.contents.attachments.map { "\($0.source) \($0.part.path) \($0.filename ?? "")" } == ["tnef 2 plan.txt"])
    #expect(alone.contents.attachments.map { alone.decoded($0.part) } == [Array("the plan".utf8)])
}

struct BesideWinmail: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    let texts: [String]
    let files: [String]

    init(_ description: String, _ text: String, _ texts: [String], _ files: [String] = ["2.2"]) {
        testDescription = description
        self.text = text
        self.texts = texts
        self.files = files
    }

    private static let inside = "Hello from inside."
    private static let long = String(repeating: "These are my own words. ", count: 30)

    static let all = [
        BesideWinmail("white space", "\n ", [inside]),
        BesideWinmail("an encoded line end", "Content-Transfer-Encoding: base64\n\nDQo=", [inside]),
        BesideWinmail(
            "a no-break space",
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n=C2=A0=20",
            [inside]
        ),
        BesideWinmail("an empty page", "Content-Type: text/html\n\n<html><body></body></html>", [inside]),
        BesideWinmail("the same words", "\nHello\nfrom inside", ["Hello\nfrom inside"]),
        BesideWinmail("the same words with a footer", "\n\(inside)\n--\nThe list", ["\(inside)\n--\nThe list"]),
        BesideWinmail("a line of a gateway", "\nScanned by Example.", ["Scanned by Example.", inside]),
        BesideWinmail("a text of its own", "\n\(long)", [long], ["2.2", "2.1"]),
    ]
}

@Test("the body of a winmail.dat is not lost, whatever stands beside it", arguments: BesideWinmail.all)
func besideWinmail(_ row: BesideWinmail) {
    let start = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\(row.text)\n--b\n"
    let field = "Content-Type: application/ms-tnef; name=winmail.dat\n\n"
    let message = Message(parsing: Array((start + field).utf8) + winmail + Array("\n--b--\n".utf8))
    #expect(message.contents.texts.map(message.text) == row.texts)
    #expect(message.contents.attachments.map(\.part.path) == row.files)
}

@Test("what a reader would see of a text")
func visibleText() {
    func seen(_ text: String, isHTML: Bool = true) -> String {
        String(decoding: VisibleText(text, isHTML: isHTML).bytes, as: UTF8.self)
    }
    #expect(seen("<p class=\"a\">A &amp; B<!-- no --><STYLE>p{}</STYLE>\u{A0}C</p>") == "A&BC")
    #expect(seen("a < b &c; &#x4F60;\u{3000}\u{200B}\u{FEFF}") == "a<b&c;\u{4F60}")
    #expect(seen("&nbsp;&#160;&shy;&#8203;<br><title>x</title><script>y") == "")
    #expect(seen("<p>&nbsp;", isHTML: false) == "<p>&nbsp;")
}
