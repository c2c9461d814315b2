import SMTPProtocol
import TestSupport
import Testing
import Vocabulary

@Suite struct SubmissionDialogueTests {
    @Test("the dialogues of the fixtures, with every cut", arguments: ["two-mails.txt", "one-at-a-time.txt"])
    func fixtures(_ name: String) {
        let script = Dialogue(fixture: "smtp/\(name)")
        let mails = [Mails.plain, Mails.mail(to: ["bob@example.org"], body: ".dot\r\n")]
        let whole = SubmissionHarness(script, mails)
        #expect(
            whole.log == [
                "ready", "beforeCompletion", "accepted 4F3W1z2Q01", "beforeCompletion", "accepted 4F3W1z2Q02",
                "closed: quit: 221 2.0.0 Bye",
            ])
        #expect(whole.messages == mails.map(\.bytes))
        for place in 1..<whole.serverOctets {
            #expect(SubmissionHarness(script, mails, cut: .after(place)).log == whole.log)
        }
    }

    @Test("with PIPELINING an envelope is one write, and so are content and dot")
    func writes() {
        let harness = SubmissionHarness(Dialogue(fixture: "smtp/two-mails.txt"), [Mails.plain, Mails.plain])
        let text = harness.writes.map { String(decoding: $0, as: UTF8.self) }
        let envelope = "MAIL FROM:<support@example.com> SIZE=29\r\nRCPT TO:<ada@example.net>\r\nDATA\r\n"
        let content = "Subject: a receipt\r\n\r\nHello\r\n.\r\n"
        #expect(text == ["EHLO post.example.com\r\n", envelope, content, "RSET\r\n" + envelope, content, "QUIT\r\n"])
    }

    @Test("a long mail leaves before it is announced, but for its dot")
    func longMail() {
        var dialogue = ready(["PIPELINING"])
        let body = String(repeating: "0123456789\r\n", count: 10_000)
        dialogue.begin(Mails.mail(body: body))
        _ = dialogue.takeOutput()
        dialogue.receive(Array("250 Ok\r\n250 Ok\r\n354 go on\r\n".utf8))
        #expect(dialogue.takeOutput().suffix(12).elementsEqual("0123456789\r\n".utf8))
        #expect(dialogue.nextEvent() == .beforeCompletion)
        dialogue.complete()
        #expect(dialogue.takeOutput() == Array(".\r\n".utf8))
    }

    @Test("a long mail whose connection ends before its dot is deferred")
    func longMailCut() {
        var dialogue = ready(["PIPELINING"])
        dialogue.begin(Mails.mail(body: String(repeating: "0123456789\r\n", count: 10_000)))
        dialogue.receive(Array("250 Ok\r\n250 Ok\r\n354 go on\r\n".utf8))
        dialogue.connectionEnded("the server closed the connection")
        guard case .finished(let result) = dialogue.nextEvent() else { return #expect(Bool(false)) }
        #expect(summary(result) == "deferred connection")
        #expect(dialogue.takeOutput().isEmpty)
    }

    @Test("many recipients leave a hundred commands at a time")
    func manyRecipients() {
        var dialogue = ready(["PIPELINING"])
        dialogue.begin(Mails.mail(to: (0..<250).map { "r\($0)@example.net" }))
        var counts: [Int] = []
        while true {
            let output = dialogue.takeOutput()
            if output.isEmpty { break }
            let commands = output.count { $0 == 10 }
            counts.append(commands)
            let isLast = output.suffix(6).elementsEqual("DATA\r\n".utf8)
            let answers = String(repeating: "250 Ok\r\n", count: isLast ? commands - 1 : commands)
            dialogue.receive(Array((answers + (isLast ? "354 go\r\n" : "")).utf8))
        }
        #expect(counts == [100, 100, 52])
        #expect(dialogue.nextEvent() == .beforeCompletion)
    }

    @Test("a server that does not know EHLO is greeted with HELO")
    func helo() {
        let script: Dialogue = """
            C: EHLO post.example.com
            S: 502 5.5.1 what?
            C: HELO post.example.com
            S: 250 old.example
            C: MAIL FROM:<support@example.com>
            S: 250 Ok
            C: RCPT TO:<ada@example.net>
            S: 250 Ok
            C: DATA
            S: 354 go on
            MESSAGE
            S: 250 Ok
            C: QUIT
            S: 221 bye
            """
        #expect(SubmissionHarness(script, [Mails.plain]).results.map(summary) == ["accepted"])
    }

    @Test("EHLO is refused for now")
    func ehloRefused() {
        let harness = SubmissionHarness("C: EHLO *\nS: 421 4.3.2 too many connections", [Mails.plain])
        #expect(harness.log == ["closed: hello: 421 4.3.2 too many connections"])
    }

    @Test("the null reverse path, and a report asked for")
    func notification() {
        var dialogue = ready(["DSN"])
        let ada = Mails.address("ada@example.net")
        let asked = DeliveryNotification(envelopeID: "out+17=a b", occasions: [.failure, .success])
        dialogue.begin(OutgoingMail(reversePath: nil, recipients: [ada], bytes: [65], notification: asked))
        #expect(text(dialogue.takeOutput()) == "MAIL FROM:<> RET=HDRS ENVID=out+2B17+3Da+20b\r\n")
        dialogue.receive(Array("250 Ok\r\n".utf8))
        #expect(text(dialogue.takeOutput()) == "RCPT TO:<ada@example.net> NOTIFY=SUCCESS,FAILURE\r\n")
    }

    @Test("a report that cannot be had is not asked for")
    func noNotification() {
        var dialogue = ready([])
        let ada = Mails.address("ada@example.net")
        let asked = DeliveryNotification(envelopeID: "17")
        dialogue.begin(OutgoingMail(reversePath: ada, recipients: [ada], bytes: [65], notification: asked))
        #expect(text(dialogue.takeOutput()) == "MAIL FROM:<ada@example.net>\r\n")
    }

    @Test("our own name cannot carry a command")
    func heloName() {
        var dialogue = SubmissionDialogue(heloName: "x.example\r\nMAIL FROM:<y@example.com>")
        dialogue.start()
        #expect(text(dialogue.takeOutput()) == "EHLO x.exampleMAILFROM:yexample.com\r\n")
        var nameless = SubmissionDialogue(heloName: "\r\n")
        nameless.start()
        #expect(text(nameless.takeOutput()) == "EHLO localhost\r\n")
    }

    @Test(
        "an address that could carry a command is none",
        arguments: [
            "a\r\nRCPT TO:<b@example.net>@example.com", "a@example.com\r\nDATA", "a@example.com>", "a b@example.com",
            "a\u{0}@example.com",
        ])
    func injection(_ text: String) { #expect(EmailAddress(text) == nil) }

    @Test("the time limit follows what is waited for")
    func waiting() {
        var dialogue = SubmissionDialogue(heloName: "post.example.com")
        dialogue.start()
        #expect(dialogue.waiting == .command)
        dialogue.receive(Array("250 relay\r\n".utf8))
        #expect(dialogue.waiting == .nothing)
        _ = dialogue.nextEvent()
        dialogue.begin(Mails.plain)
        #expect(dialogue.waiting == .command)
        dialogue.receive(Array("250 Ok\r\n250 Ok\r\n".utf8))
        #expect(dialogue.waiting == .data)
        dialogue.receive(Array("354 go on\r\n".utf8))
        _ = dialogue.nextEvent()
        dialogue.complete()
        #expect(dialogue.waiting == .completion)
    }

    private func ready(_ offers: [String]) -> SubmissionDialogue {
        var dialogue = SubmissionDialogue(heloName: "post.example.com")
        dialogue.start()
        _ = dialogue.takeOutput()
        dialogue.receive(
            Array((["250-relay"] + offers.map { "250-\($0)" } + ["250 HELP"]).joined(separator: "\r\n").utf8))
        dialogue.receive([13, 10])
        _ = dialogue.nextEvent()
        return dialogue
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
