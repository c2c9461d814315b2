import Foundation

/// What a client said, without its tag.
package struct FakeCommand: Sendable {
    package var tag: String
    /// Upper case, with UID: `UID FETCH`. `GREETING` for the beginning, `DONE` for the end of an IDLE.
    package var verb: String
    package var arguments: String

    package var words: [String] { Self.words(arguments) }

    /// Divides at spaces that stand in no quotes, parentheses or brackets; quotes are taken off.
    static func words(_ text: some StringProtocol) -> [String] {
        var words: [String] = [], word = "", depth = 0, isQuoted = false, isEscaped = false, hasWord = false
        for character in text {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if isQuoted {
                if character == "\\" { isEscaped = true } else if character == "\"" { isQuoted = false }
                if depth > 0 || character != "\\" && character != "\"" { word.append(character) }
            } else if character == " " && depth == 0 {
                if hasWord { words.append(word) }
                (word, hasWord) = ("", false)
                continue
            } else {
                if character == "\"" { isQuoted = true }
                if "([".contains(character) { depth += 1 }
                if ")]".contains(character) { depth -= 1 }
                if character != "\"" || depth > 0 { word.append(character) }
            }
            hasWord = true
        }
        if hasWord { words.append(word) }
        return words
    }
}

/// What a server is about to say: faults change it.
package struct FakeReply: Sendable {
    package enum End: Sendable { case drop, reset, stall }

    /// Whole responses with their CRLF.
    package var untagged: [[UInt8]] = []
    /// `OK done`; empty for none.
    package var result = "OK done"
    /// The result goes before the data.
    package var resultFirst = false
    /// The connection ends, or goes dumb, after so many octets.
    package var cut: (after: Int, end: End)?
    package var delay = Duration.zero
    /// So many octets at a time, with a pause between.
    package var pace: (octets: Int, pause: Duration)?

    package init(result: String = "OK done") { self.result = result }

    package mutating func say(_ line: String) { untagged.append(Array("\(line)\r\n".utf8)) }

    package func rendered(_ tag: String) -> [UInt8] {
        let data = untagged.flatMap { $0 }
        guard !result.isEmpty else { return data }
        let line = Array("\(tag) \(result)\r\n".utf8)
        return resultFirst ? line + data : data + line
    }
}

/// One misbehaviour: of which command, how often, and what.
package struct FakeFault: Sendable {
    /// A verb, or `*` for any.
    let verb: String
    /// What the arguments must hold; nil for anything.
    let holding: String?
    var skipping: Int
    var times: Int
    /// The result of a command that is not carried out.
    private(set) var refusal: String?
    let before: @Sendable (inout FakeIMAPState) -> Void
    let change: @Sendable (inout FakeReply, FakeCommand) -> Void

    /// `before` changes the mailboxes before the command is carried out, `change` the answer.
    package init(
        _ verb: String, holding: String? = nil, skipping: Int = 0, times: Int = 1,
        before: @escaping @Sendable (inout FakeIMAPState) -> Void,
        change: @escaping @Sendable (inout FakeReply, FakeCommand) -> Void
    ) {
        self.verb = verb
        self.holding = holding
        self.skipping = skipping
        self.times = times
        self.before = before
        self.change = change
    }

    /// Changes the answer and nothing else.
    package init(
        _ verb: String, holding: String? = nil, skipping: Int = 0, times: Int = 1,
        change: @escaping @Sendable (inout FakeReply, FakeCommand) -> Void
    ) {
        self.init(verb, holding: holding, skipping: skipping, times: times, before: { _ in }, change: change)
    }

    /// Whether it strikes now; counts.
    mutating func strikes(_ command: FakeCommand) -> Bool {
        guard times > 0, verb == "*" || verb == command.verb else { return false }
        if let holding, !command.arguments.contains(holding) { return false }
        if skipping > 0 {
            skipping -= 1
            return false
        }
        times -= 1
        return true
    }
}

// MARK: - The usual ones

extension FakeFault {
    /// Where an answer is cut.
    package enum Place: Sendable {
        case octet(Int)
        /// So many octets into the first literal.
        case literal(Int)
        /// So many octets before the end.
        case end(Int)

        func position(in bytes: [UInt8]) -> Int {
            switch self {
            case .octet(let count): return min(count, bytes.count)
            case .end(let count): return max(0, bytes.count - count)
            case .literal(let count):
                let brace = bytes.firstIndex(of: UInt8(ascii: "}")) ?? 0
                return min(brace + 3 + count, bytes.count)
            }
        }
    }

    package static let text = "BODY.PEEK[]"

    package static func cut(
        _ verb: String, holding: String? = nil, at place: Place, _ end: FakeReply.End, skipping: Int = 0, times: Int = 1
    ) -> FakeFault {
        FakeFault(verb, holding: holding, skipping: skipping, times: times) { reply, command in
            reply.cut = (place.position(in: reply.rendered(command.tag)), end)
        }
    }

    /// The command is not carried out, and this is the result.
    package static func refuse(
        _ verb: String, holding: String? = nil, with result: String, skipping: Int = 0, times: Int = 1
    ) -> FakeFault {
        var fault = FakeFault(verb, holding: holding, skipping: skipping, times: times) { _, _ in }
        fault.refusal = result
        return fault
    }

    /// A line before the answer, between two of its responses, or behind them.
    package static func say(
        _ line: String, at place: Insertion, of verb: String, holding: String? = nil, times: Int = 1
    )
        -> FakeFault
    {
        FakeFault(verb, holding: holding, times: times) { reply, _ in
            let index =
                switch place {
                case .before: 0
                case .between: min(1, reply.untagged.count)
                case .behind: reply.untagged.count
                }
            reply.untagged.insert(Array("\(line)\r\n".utf8), at: index)
        }
    }

    package enum Insertion: Sendable { case before, between, behind }

    package static func late(_ verb: String, by delay: Duration, times: Int = .max) -> FakeFault {
        FakeFault(verb, times: times) { reply, _ in reply.delay = delay }
    }

    /// The mailboxes change in the moment before a command is carried out.
    package static func meanwhile(
        _ verb: String, holding: String? = nil, skipping: Int = 0,
        _ body: @escaping @Sendable (inout FakeIMAPState) -> Void
    ) -> FakeFault { FakeFault(verb, holding: holding, skipping: skipping, before: body, change: { _, _ in }) }
}
