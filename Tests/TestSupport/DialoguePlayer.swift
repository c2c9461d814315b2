/// Plays the server's side of one connection without a socket: octets of the client in, actions out.
///
/// `ScriptedServer` does what the actions say on a socket; a test of a pure session does it by hand:
///
///     player.take(session.output)
///     while case .send(let bytes) = player.advance() { session.receive(bytes) }
package struct DialoguePlayer: Sendable {
    package enum Action: Sendable, Equatable {
        case send([UInt8])
        case wait(Duration)
        /// A whole message came by SMTP.
        case message([UInt8])
        /// Nothing more to do before the client says something; nil when nothing certain is expected of it.
        case needInput(String?)
        /// From here on the client is not read any more.
        case freeze
        case drop
        case reset
        /// The client said something else; the text says what was wanted and what came.
        case mismatch(String)
    }

    private let steps: [Dialogue.Step]
    private let connection: Int
    private var position = 0
    private var input: [UInt8] = []
    private var consumed = 0
    private var tags: [String: String] = [:]
    private var login: ScriptedLogin?
    private var partialMessage: [UInt8] = []

    package init(_ steps: [Dialogue.Step], connection: Int = 1) {
        self.steps = steps
        self.connection = connection
    }

    /// True when every step was played.
    package var isFinished: Bool { position == steps.count }

    package mutating func take(_ bytes: some Sequence<UInt8>) {
        if consumed > 0 {
            input.removeFirst(consumed)
            consumed = 0
        }
        input.append(contentsOf: bytes)
    }

    /// What happens next. Call it until it gives `needInput`, `drop`, `reset` or `mismatch`.
    package mutating func advance() -> Action {
        guard position < steps.count else {
            consumed = input.count
            return .needInput(nil)
        }
        switch steps[position] {
        case .send(let text):
            position += 1
            return .send(bytes(of: text))
        case .wait(let time):
            position += 1
            return .wait(time)
        case .drop:
            position = steps.count
            return .drop
        case .reset:
            position = steps.count
            return .reset
        case .stall:
            position = steps.count
            return .needInput(nil)
        case .freeze:
            position = steps.count
            return .freeze
        case .expectLine(let pattern): return line(pattern)
        case .expectBytes(let bytes): return literal(bytes)
        case .message: return message()
        case .login(let smtp, let capabilities): return login(smtp: smtp, capabilities)
        }
    }

    private func bytes(of text: Dialogue.Text) -> [UInt8] {
        switch text {
        case .bytes(let bytes): return bytes
        case .line(let line, let ending):
            var line = line
            let word = String(line.prefix { $0 != " " })
            if word.hasPrefix("TAG") { line = (tags[word] ?? word) + line.dropFirst(word.count) }
            return Array((ending ? line + "\r\n" : line).utf8)
        }
    }

    private mutating func line(_ wantedLine: String) -> Action {
        guard let line = nextLine() else { return .needInput(wanted(wantedLine)) }
        var pattern = Array(wantedLine.utf8)[...]
        var text = line[...]
        let word = String(decoding: pattern.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        if word.hasPrefix("TAG") {
            let tag = text.prefix { $0 != UInt8(ascii: " ") }
            tags[word] = String(decoding: tag, as: UTF8.self)
            pattern = pattern.dropFirst(word.utf8.count)
            text = text.dropFirst(tag.count)
        }
        guard matches(text, pattern) else {
            return .mismatch("\(wanted(wantedLine)), but `\(shown(line))` came")
        }
        position += 1
        return advance()
    }

    private mutating func literal(_ bytes: [UInt8]) -> Action {
        let have = input[consumed...].prefix(bytes.count)
        guard have.count == bytes.count else { return .needInput(wanted("\(bytes.count) octets")) }
        guard have.elementsEqual(bytes) else {
            return .mismatch("\(wanted(shown(bytes))), but `\(shown(Array(have)))` came")
        }
        consumed += bytes.count
        position += 1
        return advance()
    }

    /// The lines up to the one that is a dot; `.` itself is undone (RFC 5321 section 4.5.2).
    private mutating func message() -> Action {
        while let line = nextLine() {
            if line == [UInt8(ascii: ".")] {
                position += 1
                defer { partialMessage = [] }
                return .message(partialMessage)
            }
            partialMessage += line.first == UInt8(ascii: ".") ? line.dropFirst() : line[...]
            partialMessage += [13, 10]
        }
        return .needInput(wanted("a message and its final dot"))
    }

    private mutating func login(smtp: Bool, _ capabilities: [String]) -> Action {
        var login = self.login ?? ScriptedLogin(smtp: smtp, capabilities: capabilities)
        defer { self.login = login }
        if let greeting = login.greeting() { return .send(greeting) }
        if login.isDone {
            position += 1
            return advance()
        }
        guard let line = nextLine() else { return .needInput(wanted("a login")) }
        guard let answer = login.answer(line) else {
            return .mismatch("\(wanted("a login")), but `\(shown(line))` came")
        }
        return .send(answer)
    }

    /// One line without its CRLF; a bare LF is not a line's end.
    private mutating func nextLine() -> [UInt8]? {
        var index = consumed
        while index + 1 < input.count {
            if input[index] == 13 && input[index + 1] == 10 {
                defer { consumed = index + 2 }
                return Array(input[consumed..<index])
            }
            index += 1
        }
        return nil
    }

    private func wanted(_ what: String) -> String { "connection \(connection), step \(position + 1): wanted `\(what)`" }

    private func shown(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(200), as: UTF8.self)
            .replacing("\r", with: "\\r").replacing("\n", with: "\\n")
    }

    /// `*` in the pattern stands for any octets, also none.
    private func matches(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        let star = UInt8(ascii: "*")
        var at = text.startIndex, wanted = pattern.startIndex
        var afterStar: Int?, retryAt = at
        while at < text.endIndex {
            if wanted < pattern.endIndex && pattern[wanted] == star {
                wanted += 1
                (afterStar, retryAt) = (wanted, at)
            } else if wanted < pattern.endIndex && pattern[wanted] == text[at] {
                wanted += 1
                at += 1
            } else if let back = afterStar {  // let the last star take one octet more
                retryAt += 1
                (wanted, at) = (back, retryAt)
            } else {
                return false
            }
        }
        return pattern[wanted...].allSatisfy { $0 == star }
    }
}
