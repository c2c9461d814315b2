import TestSupport
import Testing

/// The tests' own tool: what a dialogue says is what happens, and a mismatch is readable.
@Suite struct ScriptedPeerTests {
    @Test("a tag is kept and given back, literals are announced")
    func tags() {
        let said = play(
            """
            C: TAG1 UID FETCH 1:9 (*)
            C: TAG2 NOOP
            S-: * 1 FETCH (BODY[]
            LITERAL: a\\r\\nb
            S: )
            S: TAG1 OK done
            HALF: abcdef
            S{3}: x\\xFFy
            """, client: "a7 UID FETCH 1:9 (FLAGS)\r\na8 NOOP\r\n")
        #expect(said.text == "* 1 FETCH (BODY[]{4}\r\na\r\nb)\r\na7 OK done\r\n{6}\r\nabcx\u{FFFD}y")
    }

    @Test(
        "a line that was not wanted is told with what was",
        arguments: [
            ("C: QUIT", "NOOP\r\n", "connection 1, step 1: wanted `QUIT`, but `NOOP` came"),
            ("C: TAG NOOP", "a1 IDLE\r\n", "connection 1, step 1: wanted `TAG NOOP`, but `a1 IDLE` came"),
            ("S: hi\nC{3}: abc", "abd", "connection 1, step 2: wanted `abc`, but `abd` came"),
        ])
    func mismatch(_ script: String, _ client: String, _ expected: String) {
        #expect(play(script, client: client).end == .mismatch(expected))
    }

    @Test(
        "a star stands for anything",
        arguments: [
            ("C: MAIL *", "MAIL FROM:<>", true), ("C: *", "", true), ("C: a*b*c", "abxbc", true),
            ("C: a*b", "abx", false),
            ("C: UID FETCH 1:* (*)", "UID FETCH 1:5 (FLAGS)", true), ("C: MAIL*", "MAI", false), ("C: a", "ab", false),
        ])
    func wildcard(_ script: String, _ line: String, _ matches: Bool) {
        #expect((play(script, client: line + "\r\n").end == .needInput(nil)) == matches)
    }

    @Test("a message is kept without its dots, in whatever pieces it comes")
    func message() {
        var player = DialoguePlayer(Dialogue("MESSAGE\nS: 250 Ok").connections[0])
        var actions: [DialoguePlayer.Action] = []
        for byte in "a\r\n..b\r\n.\r\n".utf8 {
            player.take([byte])
            let action = player.advance()
            if action != .needInput("connection 1, step 1: wanted `a message and its final dot`") {
                actions.append(action)
            }
        }
        actions.append(player.advance())
        #expect(actions == [.message(Array("a\r\n.b\r\n".utf8)), .send(Array("250 Ok\r\n".utf8))])
        #expect(player.isFinished)
    }

    @Test(
        "a login is answered whichever way it is made",
        arguments: [
            ("LOGIN imap IDLE", "a CAPABILITY\r\nb AUTHENTICATE PLAIN\r\nAGEAYg==\r\n", "b OK welcome\r\n"),
            ("LOGIN imap", "a LOGIN x y\r\n", "a OK welcome\r\n"),
            ("LOGIN smtp SIZE", "EHLO x\r\nAUTH LOGIN\r\nYQ==\r\nYg==\r\n", "235 2.7.0 welcome\r\n"),
            ("LOGIN smtp", "EHLO x\r\nAUTH PLAIN AGEAYg==\r\n", "235 2.7.0 welcome\r\n"),
        ])
    func login(_ script: String, _ client: String, _ end: String) {
        let said = play(script, client: client)
        #expect(said.text.hasSuffix(end))
        #expect(said.end == .needInput(nil))
    }

    /// What the server says to a client that says everything at once, and how it ends.
    private func play(_ script: String, client: String) -> (text: String, end: DialoguePlayer.Action) {
        var player = DialoguePlayer(Dialogue(text: script).connections[0])
        player.take(client.utf8)
        var said: [UInt8] = []
        while true {
            let action = player.advance()
            guard case .send(let bytes) = action else { return (String(decoding: said, as: UTF8.self), action) }
            said += bytes
        }
    }
}
