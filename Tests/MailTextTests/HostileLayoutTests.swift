import Testing

@testable import MailText

/// Texts that nobody writes: what comes out is checked, and that they come to an end at all.
@Suite struct HostileLayoutTests {
    @Test("a megabyte without a line end is one line of own text") func oneLine() {
        let text = String(repeating: "On 2026-08-03 a@b wrote ", count: 45_000)
        let written = writtenText(plain: text)
        #expect(written.writtenLines == [0..<1])
        #expect(written.signatureLines.isEmpty)
        #expect(written.own.utf8.count <= TextLimits.standard.textBytes)
    }

    @Test("a million marks are one quoted line") func marks() {
        let written = writtenText(plain: String(repeating: ">", count: 1_000_000))
        #expect(written.own == "")
        #expect(written.writtenLines == [])
    }

    @Test("half a million quoted lines, and the answer below") func quotedLines() {
        let written = writtenText(plain: String(repeating: ">\n", count: 500_000) + "Yes, please do.")
        #expect(written.own == "Yes, please do.")
    }

    @Test(
        "thousands of lines like attributions keep the text above",
        arguments: [
            "On 3 Aug 2026, Ada <ada@example.com> wrote:\n", "on 2026 wrote\n", "> wrote:\n", "2026/8/3 Ada <a@b.c>\n",
            "Ada <a@example.com> schrieb am\n12:30:\n", "On 1 2 3 4\n\n", "<\n", "2026 <\n",
        ])
    func attributions(_ line: String) {
        let written = writtenText(plain: "Two, please.\n\n" + String(repeating: line, count: 20_000))
        #expect(written.own.hasPrefix("Two, please."))
    }

    @Test(
        "thousands of lines like signatures keep the text above",
        arguments: [
            "Ada Byron\n", "-- \n", "Thanks,\n", "Tel: 020 7946 0000\n", "我是王芳，电话13800000000。\n\n", "PS: more\n", "_\n",
        ])
    func signatures(_ line: String) {
        let written = writtenText(plain: "Two, please.\n" + String(repeating: line, count: 20_000))
        #expect(written.own.hasPrefix("Two, please."))
        #expect(written.signatureLines.count <= 24)
    }

    @Test("blank lines in masses between attribution and text") func blanks() {
        let lines = "On 3 Aug 2026, Ada <ada@example.com> wrote:" + String(repeating: "\n", count: 200)
        let written = writtenText(plain: "Yes.\n" + String(repeating: lines, count: 2_000))
        #expect(written.own == "Yes.")
    }
}
