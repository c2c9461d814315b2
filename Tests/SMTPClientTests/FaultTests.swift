import SMTPClient
import SMTPProtocol
import TestSupport
import Testing

/// The faults of `fixtures/dialogues/smtp/faults.txt` over a socket: session and transport add nothing and lose nothing.
@Suite struct FaultTests {
    /// Without the connection that died idle: a session makes a new one (`SMTPSessionTests`).
    static let cases = DialogueTable(fixture: "smtp/faults.txt").cases.filter { !$0.name.contains("idle") }

    @Test("every fault gives the same outcome over a connection", arguments: cases)
    func outcome(_ row: DialogueTable.Case) async throws {
        try await withScriptedServer(script(row)) { server in
            var timeouts = SubmissionTimeouts(all: .seconds(20))
            if row.script.contains("STALL") { timeouts = SubmissionTimeouts(all: .milliseconds(300)) }
            timeouts.quit = .milliseconds(50)
            let session = ScriptedRelay.session(server, timeouts: timeouts)
            var outcomes: [String] = []
            for mail in mails(row) {
                do {
                    let result = try await session.send(mail)
                    let each = result.perRecipient.map { summary($0.outcome) }.joined(separator: ", ")
                    outcomes.append(summary(result.outcome) + (result.perRecipient.count > 1 ? " [\(each)]" : ""))
                } catch let error as SubmissionError {
                    guard case .refused(let refusal) = error.reason else { throw error }
                    outcomes.append(summary(.deferred(refusal)))
                }
            }
            await session.quit()
            #expect(outcomes == row.values["gives"])
        }
    }

    private func script(_ row: DialogueTable.Case) -> Dialogue {
        let offers = row.values["offers"]?[0] ?? "PIPELINING ENHANCEDSTATUSCODES"
        let lines = ["relay.example"] + offers.split(separator: " ").map { $0 == "none" ? "HELP" : String($0) }
        let answer = lines.dropLast().map { "S: 250-\($0)\n" }.joined() + "S: 250 \(lines[lines.count - 1])\n"
        let hello = ScriptedRelay.greeting + "C: EHLO post.example.com\n" + answer
        return Dialogue(text: hello + row.script, name: row.name)
    }

    private func mails(_ row: DialogueTable.Case) -> [OutgoingMail] {
        (row.values["mails"]?[0] ?? "plain").split(separator: " ").map { name in
            switch name {
            case "plain": ScriptedRelay.mail()
            case "three": ScriptedRelay.mail(to: "ada@example.net", "bob@example.net", "cyd@example.net")
            case "eight-bit": ScriptedRelay.mail(body: "你好\r\n")
            case "utf8-address": ScriptedRelay.mail(to: "用户@example.net")
            case "utf8-header": ScriptedRelay.mail(subject: "Subject: 回执\r\n")
            default: preconditionFailure("no such mail: \(name)")
            }
        }
    }
}
