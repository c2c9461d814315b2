import Foundation

/// One client's connection, on a thread of its own: lines in, answers out, and whatever the faults make of them.
struct FakeConversation {
    enum Going { case on, ended, dumb }

    let number: Int
    let line: FakeLine
    let watched: Watched<FakeIMAPState>
    var session = FakeSession()
    private var input: [UInt8] = []
    /// The tag of an IDLE that runs.
    private var idleTag: String?

    init(number: Int, line: FakeLine, watched: Watched<FakeIMAPState>) {
        (self.number, self.line, self.watched) = (number, line, watched)
    }

    consuming func run() {
        var going = greet()
        while going == .on {
            if let command = nextLine() {
                going = take(command)
                continue
            }
            switch line.next() {
            case .closed: going = .ended
            case .timedOut: break
            case .input(let bytes):
                input += bytes
                watched.change { $0.bytesReceived += bytes.count }
            case .orders(let orders): going = follow(orders)
            }
        }
        if idleTag != nil { watched.change { $0.idling -= 1 } }
        if going == .dumb { waitForTheEnd() }
    }

    /// Dumb: what is said is read and not answered, until the client goes away or the server is stopped.
    private func waitForTheEnd() {
        while true {
            switch line.next() {
            case .closed: return
            case .orders(let orders) where orders.contains(.drop) || orders.contains(.reset): return
            case .input, .orders, .timedOut: continue
            }
        }
    }

    private mutating func greet() -> Going {
        let greeting = FakeCommand(tag: "*", verb: "GREETING", arguments: "")
        let count = number
        return answer(greeting) { state, _ in
            if let limit = state.connectionLimit, state.open > limit {
                var reply = FakeReply(result: "BYE too many connections, this is number \(count)")
                reply.cut = (reply.rendered("*").count, .drop)
                return reply
            }
            return FakeReply(result: "OK fake.example ready")
        }
    }

    // MARK: - In

    /// The next command, whole, with its literals; asks for those that wait to be asked for.
    private mutating func nextLine() -> String? {
        var text = "", position = 0
        while let end = input[position...].firstIndex(of: 10) {
            var part = String(decoding: input[position..<end], as: UTF8.self)
            if part.hasSuffix("\r") || part.hasSuffix("\r\n") { part = String(part.dropLast()) }
            guard let (count, isPlus, head) = Self.literal(endOf: part) else {
                input.removeFirst(end + 1)
                return text + part
            }
            if !isPlus && !session.askedLiterals.contains(end) {
                session.askedLiterals.insert(end)
                _ = line.send(Array("+ go on\r\n".utf8))
            }
            guard input.count >= end + 1 + count else { return nil }
            let content = String(decoding: input[(end + 1)..<(end + 1 + count)], as: UTF8.self)
            text += head + "\"" + content.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
            position = end + 1 + count
        }
        return nil
    }

    /// `{12}` or `{12+}` at the end of a line.
    private static func literal(endOf line: String) -> (count: Int, isPlus: Bool, head: String)? {
        guard line.hasSuffix("}"), let brace = line.lastIndex(of: "{") else { return nil }
        var number = line[line.index(after: brace)...].dropLast()
        let isPlus = number.hasSuffix("+")
        if isPlus { number = number.dropLast() }
        return Int(number).map { ($0, isPlus, String(line[..<brace])) }
    }

    private mutating func take(_ text: String) -> Going {
        session.askedLiterals = []
        if let tag = idleTag {
            guard text.uppercased() == "DONE" else { return blame("said `\(text.prefix(40))` in IDLE") }
            idleTag = nil
            watched.change { $0.idling -= 1 }
            return answer(FakeCommand(tag: tag, verb: "DONE", arguments: "")) { state, session in
                var reply = FakeReply()
                session.catchUp(state, &reply)
                return reply
            }
        }
        if session.expectsSASL != nil { return answerSASL(text) }
        var command = FakeCommand(tag: "", verb: "", arguments: "")
        var words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard words.count >= 2, !words[0].isEmpty else {
            return blame("said `\(text.prefix(40))`, which is no command")
        }
        command.tag = words[0]
        command.verb = words[1].uppercased()
        var rest = words.count > 2 ? words[2] : ""
        if command.verb == "UID" {
            words = rest.split(separator: " ", maxSplits: 1).map(String.init)
            command.verb += " " + (words.first ?? "").uppercased()
            rest = words.count > 1 ? words[1] : ""
        }
        command.arguments = rest
        return carryOut(command)
    }

    private func blame(_ what: String) -> Going {
        watched.change { $0.clientErrors.append(what) }
        return .ended
    }

    private mutating func carryOut(_ command: FakeCommand) -> Going {
        let isSecret = command.verb == "LOGIN" || command.verb == "AUTHENTICATE"
        watched.change { $0.commands.append(isSecret ? command.verb : "\(command.verb) \(command.arguments)") }
        let going = answer(command) { state, session in session.answer(command, &state) }
        if command.verb == "IDLE", session.isIdling {
            session.isIdling = false
            if going == .on {
                idleTag = command.tag
                watched.change { state in
                    state.idling += 1
                    state.idles += 1
                }
                // What came since the last answer must not wait for the next mail.
                return announce()
            }
        }
        return command.verb == "LOGOUT" && going == .on ? .ended : going
    }

    private mutating func answerSASL(_ text: String) -> Going {
        let tag = session.expectsSASL?.tag ?? ""
        return answer(FakeCommand(tag: tag, verb: "SASL", arguments: "")) { state, session in
            session.takeSASL(text, &state)
        }
    }

    // MARK: - Out

    /// Works out an answer and lets the faults change it, under one lock; then says it.
    private mutating func answer(
        _ command: FakeCommand, _ body: (inout FakeIMAPState, inout FakeSession) -> FakeReply
    ) -> Going {
        var session = session
        let reply = watched.change { state in
            let striking = state.faults.indices.filter { state.faults[$0].strikes(command) }
            let faults = striking.map { state.faults[$0] }
            for fault in faults { fault.before(&state) }
            let refusal = faults.lazy.compactMap(\.refusal).first
            var reply = refusal.map { FakeReply(result: $0) } ?? body(&state, &session)
            for fault in faults { fault.change(&reply, command) }
            state.bytesSent += reply.rendered(command.tag).count
            return reply
        }
        self.session = session
        return say(reply, command.tag)
    }

    private mutating func say(_ reply: FakeReply, _ tag: String) -> Going {
        if reply.delay > .zero, let going = pause(reply.delay) { return going }
        var bytes = reply.rendered(tag)
        if let cut = reply.cut { bytes = Array(bytes.prefix(cut.after)) }
        var rest = bytes[...]
        let step = reply.pace?.octets ?? bytes.count
        while !rest.isEmpty {
            guard line.send(rest.prefix(step)) else { return .ended }
            rest = rest.dropFirst(step)
            if let pace = reply.pace, !rest.isEmpty, let going = pause(pace.pause) { return going }
        }
        switch reply.cut?.end {
        case .drop: return .ended
        case .reset:
            line.hardenClose()
            return .ended
        case .stall: return .dumb
        case nil: return .on
        }
    }

    /// Waits; nil when the time is over, else why there is nothing more to say.
    private mutating func pause(_ duration: Duration) -> Going? {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            switch line.next(within: ContinuousClock.now.duration(to: end)) {
            case .timedOut: return nil
            case .closed: return .ended
            case .input(let bytes): input += bytes
            case .orders(let orders):
                let going = follow(orders)
                if going != .on { return going }
            }
        }
        return nil
    }

    private mutating func follow(_ orders: [FakeLine.Order]) -> Going {
        for order in orders {
            switch order {
            case .announce:
                let going = announce()
                if going != .on { return going }
            case .say(let text): _ = line.send(Array("\(text)\r\n".utf8))
            case .drop: return .ended
            case .reset:
                line.hardenClose()
                return .ended
            case .stall: return .dumb
            }
        }
        return .on
    }

    /// Tells a client that idles what has changed.
    private mutating func announce() -> Going {
        guard idleTag != nil, !watched.value.isSilentInIdle else { return .on }
        var session = session
        let reply = watched.change { state in
            var reply = FakeReply(result: "")
            session.catchUp(state, &reply)
            return reply
        }
        self.session = session
        return say(reply, "")
    }
}
