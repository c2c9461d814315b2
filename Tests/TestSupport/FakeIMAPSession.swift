import Foundation

/// What one connection knows: who it is, which mailbox is open, which messages it has been told of. Pure: a command and
/// the server's state in, an answer out.
struct FakeSession {
    var isAuthenticated = false
    var isIdentified = false
    var isIdling = false
    var selected: String?
    var isReadOnly = false
    /// UIDs by message number, as far as the client was told.
    var view: [UInt32] = []
    /// A SASL exchange that waits for the client's next line.
    var expectsSASL: (tag: String, isLogin: Bool, user: String?)?
    /// Where literals stand that the client was asked to send.
    var askedLiterals: Set<Int> = []

    mutating func answer(_ command: FakeCommand, _ state: inout FakeIMAPState) -> FakeReply {
        switch command.verb {
        case "CAPABILITY": return capability(state)
        case "NOOP", "CHECK": return told(state)
        case "LOGOUT":
            var reply = FakeReply()
            reply.say("* BYE see you")
            return reply
        case "ID":
            isIdentified = true
            var reply = FakeReply()
            reply.say("* ID (\"name\" \"fake\")")
            return reply
        case "LOGIN", "AUTHENTICATE": return login(command, &state)
        default: break
        }
        guard isAuthenticated else { return FakeReply(result: "BAD log in first") }
        switch command.verb {
        case "SELECT", "EXAMINE": return select(command, state)
        case "UNSELECT":
            selected = nil
            return FakeReply()
        case "NAMESPACE" where state.capabilities.contains("NAMESPACE"): return namespace(state)
        case "LIST", "LSUB": return list(command, state)
        case "CREATE": return create(command, &state)
        case "STATUS": return status(command, state)
        case "ENABLE", "SUBSCRIBE": return FakeReply()
        default: return answerSelected(command, &state)
        }
    }

    private mutating func answerSelected(_ command: FakeCommand, _ state: inout FakeIMAPState) -> FakeReply {
        if command.verb == "EXPUNGE" || command.verb == "CLOSE" {
            state.clientErrors.append("\(command.verb) removes what others have marked")
            return FakeReply(result: "NO not here")
        }
        guard let name = selected else { return FakeReply(result: "BAD no mailbox is selected") }
        guard state.mailboxes[name] != nil else { return FakeReply(result: "NO [NONEXISTENT] the mailbox is gone") }
        switch command.verb {
        case "IDLE" where state.capabilities.contains("IDLE"):
            isIdling = true
            var reply = FakeReply(result: "")
            reply.say("+ idling")
            return reply
        case "UID FETCH": return fetch(command, &state, name)
        case "UID SEARCH": return search(command, state, name)
        case "UID STORE": return store(command, &state, name)
        case "UID COPY": return copy(command, &state, name)
        case "UID MOVE" where state.capabilities.contains("MOVE"): return move(command, &state, name)
        case "UID EXPUNGE" where state.capabilities.contains("UIDPLUS"): return expunge(command, &state, name)
        default:
            state.clientErrors.append("`\(command.verb)` was never offered")
            return FakeReply(result: "BAD unknown command")
        }
    }

    // MARK: - Who

    private func capability(_ state: FakeIMAPState) -> FakeReply {
        var reply = FakeReply()
        let names = ["IMAP4rev1", "AUTH=PLAIN", "AUTH=LOGIN"] + state.capabilities
        reply.say("* CAPABILITY " + names.joined(separator: " "))
        return reply
    }

    private mutating func login(_ command: FakeCommand, _ state: inout FakeIMAPState) -> FakeReply {
        let words = command.words
        if command.verb == "LOGIN" { return admit(words.first, words.last, &state) }
        guard let mechanism = words.first?.uppercased(), ["PLAIN", "LOGIN"].contains(mechanism) else {
            return FakeReply(result: "NO no such mechanism")
        }
        expectsSASL = (command.tag, mechanism == "LOGIN", nil)
        if words.count > 1 { return takeSASL(words[1], &state) }
        var reply = FakeReply(result: "")
        reply.say("+ ")
        return reply
    }

    mutating func takeSASL(_ text: String, _ state: inout FakeIMAPState) -> FakeReply {
        let decoded = String(decoding: Data(base64Encoded: text) ?? Data(), as: UTF8.self)
        guard var exchange = expectsSASL, exchange.isLogin else {
            expectsSASL = nil
            let parts = decoded.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
            return admit(parts.count == 3 ? parts[1] : nil, parts.last, &state)
        }
        if let user = exchange.user {
            expectsSASL = nil
            return admit(user, decoded, &state)
        }
        exchange.user = decoded
        expectsSASL = exchange
        var reply = FakeReply(result: "")
        reply.say("+ UGFzc3dvcmQ6")
        return reply
    }

    private mutating func admit(_ user: String?, _ password: String?, _ state: inout FakeIMAPState) -> FakeReply {
        state.logins += 1
        guard user == state.user, password == state.password else {
            return FakeReply(result: "NO [AUTHENTICATIONFAILED] wrong user name or password")
        }
        isAuthenticated = true
        return FakeReply(result: "OK welcome")
    }

    // MARK: - Which mailbox

    private mutating func select(_ command: FakeCommand, _ state: FakeIMAPState) -> FakeReply {
        selected = nil
        let name = Self.canonical(command.words.first)
        if state.requiresID && !isIdentified { return FakeReply(result: "NO SELECT Unsafe Login. Please contact us") }
        guard let mailbox = state.mailboxes[name] else {
            return FakeReply(result: "NO [NONEXISTENT] there is no such mailbox")
        }
        selected = name
        isReadOnly = mailbox.isReadOnly || command.verb == "EXAMINE"
        view = mailbox.messages.map(\.uid)
        var reply = FakeReply(result: isReadOnly ? "OK [READ-ONLY] opened" : "OK [READ-WRITE] opened")
        reply.say("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)")
        reply.say("* \(view.count) EXISTS")
        reply.say("* 0 RECENT")
        if mailbox.hasNoValidity {
            reply.say("* NO [UIDNOTSTICKY] UIDs do not last")
        } else {
            reply.say("* OK [UIDVALIDITY \(mailbox.uidValidity)] valid")
        }
        reply.say("* OK [UIDNEXT \(mailbox.promisedUIDNext ?? mailbox.uidNext)] next")
        reply.say("* OK [PERMANENTFLAGS (\(isReadOnly ? "" : mailbox.permanentFlags))] kept")
        return reply
    }

    static func canonical(_ name: String?) -> String { name?.uppercased() == "INBOX" ? "INBOX" : name ?? "" }

    private func namespace(_ state: FakeIMAPState) -> FakeReply {
        var reply = FakeReply()
        reply.say("* NAMESPACE ((\"\(state.prefix)\" \"\(state.delimiter)\")) NIL NIL")
        return reply
    }

    private func list(_ command: FakeCommand, _ state: FakeIMAPState) -> FakeReply {
        var reply = FakeReply()
        let pattern = command.words.count > 1 ? command.words[1] : ""
        if pattern.isEmpty {
            reply.say("* \(command.verb) (\\Noselect) \"\(state.delimiter)\" \"\"")
        } else {
            for name in state.mailboxes.keys.sorted()
            where pattern.contains("*") || pattern.contains("%") || pattern == name {
                reply.say("* \(command.verb) () \"\(state.delimiter)\" \"\(name)\"")
            }
        }
        return reply
    }

    private func create(_ command: FakeCommand, _ state: inout FakeIMAPState) -> FakeReply {
        let name = Self.canonical(command.words.first)
        if state.mailboxes[name] != nil { return FakeReply(result: "NO [ALREADYEXISTS] it is there") }
        guard name.hasPrefix(state.prefix) else { return FakeReply(result: "NO [CANNOT] not outside \(state.prefix)") }
        state.mailboxes[name] = FakeMailbox(uidValidity: UInt32(70 + state.mailboxes.count))
        return FakeReply()
    }

    private func status(_ command: FakeCommand, _ state: FakeIMAPState) -> FakeReply {
        let words = command.words, name = Self.canonical(words.first)
        guard let mailbox = state.mailboxes[name] else { return FakeReply(result: "NO [NONEXISTENT] no such mailbox") }
        let items = (words.last ?? "").dropFirst().dropLast().split(separator: " ").map { item -> String in
            switch item.uppercased() {
            case "MESSAGES": "MESSAGES \(mailbox.messages.count)"
            case "UIDNEXT": "UIDNEXT \(mailbox.promisedUIDNext ?? mailbox.uidNext)"
            case "UIDVALIDITY": "UIDVALIDITY \(mailbox.uidValidity)"
            case "UNSEEN": "UNSEEN \(mailbox.messages.count { !$0.flags.contains("\\Seen") })"
            default: "\(item.uppercased()) 0"
            }
        }
        var reply = FakeReply()
        reply.say("* STATUS \"\(name)\" (\(items.joined(separator: " ")))")
        return reply
    }

    // MARK: - What is new

    private mutating func told(_ state: FakeIMAPState) -> FakeReply {
        var reply = FakeReply()
        catchUp(state, &reply)
        return reply
    }

    /// EXPUNGE for what has gone, EXISTS for what has come.
    mutating func catchUp(_ state: FakeIMAPState, _ reply: inout FakeReply) {
        guard let selected, let mailbox = state.mailboxes[selected] else { return }
        let present = mailbox.messages.map(\.uid), known = Set(present)
        for index in view.indices.reversed() where !known.contains(view[index]) {
            reply.say("* \(index + 1) EXPUNGE")
            view.remove(at: index)
        }
        noteNew(present, &reply)
    }

    /// EXISTS alone: an EXPUNGE may not come in the answer to every command.
    mutating func noteNew(_ present: [UInt32], _ reply: inout FakeReply) {
        let last = view.last ?? 0
        let new = present.filter { $0 > last }
        guard !new.isEmpty else { return }
        view += new
        reply.say("* \(view.count) EXISTS")
    }
}
