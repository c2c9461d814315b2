import SMTPProtocol
import TestSupport
import Testing

/// What a server can do to a mail, and what we then say became of it: `fixtures/dialogues/smtp/faults.txt`.
@Suite struct FaultTableTests {
    static let cases = DialogueTable(fixture: "smtp/faults.txt").cases

    @Test("every fault gives the defined outcome, however the answers are cut", arguments: cases)
    func outcome(_ row: DialogueTable.Case) {
        let (script, mails) = (script(row), mails(row))
        let whole = SubmissionHarness(script, mails)
        #expect(whole.results.map(summary) == row.values["gives"], "\(whole.log)")
        #expect(!whole.log.contains { $0.hasPrefix("mismatch") || $0.hasPrefix("stuck") }, "\(whole.log)")
        let octets = SubmissionHarness(script, mails, cut: .everyOctet)
        #expect(octets.results == whole.results)
        for place in 1..<max(2, whole.serverOctets) {
            let cut = SubmissionHarness(script, mails, cut: .after(place))
            #expect(cut.results == whole.results, "cut after \(place)")
        }
    }

    @Test("the end of a mail never leaves before it is announced", arguments: cases)
    func announcedFirst(_ row: DialogueTable.Case) {
        let harness = SubmissionHarness(script(row), mails(row))
        let ends = harness.writes.count { $0.count > 3 && $0.suffix(5).elementsEqual("\r\n.\r\n".utf8) }
        #expect(ends == harness.log.count { $0 == "beforeCompletion" })
    }

    /// With EHLO and its answer in front.
    private func script(_ row: DialogueTable.Case) -> Dialogue {
        let offers = row.values["offers"]?[0] ?? "PIPELINING ENHANCEDSTATUSCODES"
        let lines = ["relay.example"] + offers.split(separator: " ").map { $0 == "none" ? "HELP" : String($0) }
        let answer = lines.dropLast().map { "S: 250-\($0)\n" }.joined() + "S: 250 \(lines[lines.count - 1])\n"
        return Dialogue(text: "C: EHLO post.example.com\n" + answer + row.script, name: row.name)
    }

    private func mails(_ row: DialogueTable.Case) -> [OutgoingMail] {
        (row.values["mails"]?[0] ?? "plain").split(separator: " ").map { name in
            switch name {
            case "plain": Mails.plain
            case "three": Mails.three
            case "eight-bit": Mails.mail(body: "你好\r\n")
            case "utf8-address": Mails.mail(to: ["用户@example.net"])
            case "utf8-header": Mails.mail(subject: "Subject: 回执\r\n")
            default: preconditionFailure("no such mail: \(name)")
            }
        }
    }
}
