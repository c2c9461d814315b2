import Foundation

// FETCH, SEARCH, STORE, COPY, MOVE and UID EXPUNGE of a fake server.

extension FakeSession {
    // MARK: - FETCH

    mutating func fetch(_ command: FakeCommand, _ state: inout FakeIMAPState, _ name: String) -> FakeReply {
        let words = command.words
        guard words.count == 2, var mailbox = state.mailboxes[name] else { return FakeReply(result: "BAD fetch what") }
        var reply = FakeReply(), octets = 0
        noteNew(mailbox.messages.map(\.uid), &reply)
        let items = Self.items(words[1])
        let wantsText = items.contains { $0.hasPrefix("BODY") }
        let chosen = Self.chosen(words[0], of: mailbox)
        for message in chosen {
            if message.isListedBadly && !wantsText {
                reply.say("* \(number(message.uid)) FETCH (UID \(message.uid) FLAGS (\\Seen RFC822.SIZE")
                continue
            }
            if wantsText {
                if case .refused(let result) = message.body {
                    reply.result = result
                    continue
                }
                if case .leftOut = message.body { continue }
                if case .leftOutOfSets = message.body, chosen.count > 1 { continue }
            }
            let answer = response(message, items)
            if wantsText, reply.cut == nil, case .broken(let after) = message.body {
                reply.cut = (octets + FakeFault.Place.literal(after).position(in: answer), .drop)
            }
            octets += answer.count
            reply.untagged.append(answer)
            if items.contains(where: { $0.hasPrefix("BODY[") }) {
                mailbox.edit(message.uid) { $0.flags.insert("\\Seen") }
            }
        }
        if items.contains(where: { $0.hasPrefix("BODY[") }) {
            state.clientErrors.append("BODY[ without PEEK marks mail as seen")
            state.mailboxes[name] = mailbox
        }
        return reply
    }

    static func items(_ list: String) -> [String] {
        let inner = list.hasPrefix("(") ? String(list.dropFirst().dropLast()) : list
        return FakeCommand.words(inner).map { $0.uppercased() }
    }

    private func number(_ uid: UInt32) -> Int { (view.firstIndex(of: uid) ?? -1) + 1 }

    private func response(_ message: FakeMessage, _ items: [String]) -> [UInt8] {
        var bytes = Array("* \(number(message.uid)) FETCH (UID \(message.uid)".utf8)
        for item in items where item != "UID" {
            switch item {
            case "FLAGS": bytes += " FLAGS (\(message.flags.sorted().joined(separator: " ")))".utf8
            case "RFC822.SIZE": bytes += " RFC822.SIZE \(message.announcedSize ?? message.bytes.count)".utf8
            case "INTERNALDATE":
                if let text = message.nonsenseDate ?? message.internalDate.map(Self.date) {
                    bytes += " INTERNALDATE \"\(text)\"".utf8
                }
            case "BODYSTRUCTURE":
                let count = message.bytes.count
                bytes += " BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"8BIT\" \(count) \(count / 60 + 1))".utf8
            default: bytes += section(message, item)
            }
        }
        return bytes + Array(")\r\n".utf8)
    }

    /// ` BODY[…] {n}` and the octets.
    private func section(_ message: FakeMessage, _ item: String) -> [UInt8] {
        var name = item.replacing("BODY.PEEK[", with: "BODY["), content = message.bytes
        if name.contains("[HEADER") { content = Self.header(of: content) }
        if let open = name.lastIndex(of: "<"), open > name.startIndex {
            let numbers = name[name.index(after: open)...].dropLast().split(separator: ".").compactMap { Int($0) }
            if numbers.count == 2 {
                content = Array(content.dropFirst(numbers[0]).prefix(numbers[1]))
                name = name[..<open] + "<\(numbers[0])>"
            }
        }
        switch message.body {
        case .null: return Array(" \(name) NIL".utf8)
        case .empty: return Array(" \(name) {0}\r\n".utf8)
        case .announced(let more): return Array(" \(name) {\(content.count + more)}\r\n".utf8) + content
        case .given, .broken, .leftOut, .leftOutOfSets, .refused:
            return Array(" \(name) {\(content.count)}\r\n".utf8) + content
        }
    }

    static func header(of bytes: [UInt8]) -> [UInt8] {
        let end: [UInt8] = [13, 10, 13, 10]
        guard bytes.count >= 4 else { return bytes }
        let start = (0...(bytes.count - 4)).first { bytes[$0..<$0 + 4].elementsEqual(end) }
        return start.map { Array(bytes[..<($0 + 4)]) } ?? bytes
    }

    static func date(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let part = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        let day = (part.day ?? 0) < 10 ? " \(part.day ?? 0)" : "\(part.day ?? 0)"
        return "\(day)-\(months[(part.month ?? 1) - 1])-\(part.year ?? 0) "
            + "\(two(part.hour)):\(two(part.minute)):\(two(part.second)) +0000"
    }

    // MARK: - Sets and SEARCH

    static func ranges(_ set: some StringProtocol, last: UInt32) -> [ClosedRange<UInt32>] {
        set.split(separator: ",").compactMap { piece in
            let ends = piece.split(separator: ":").compactMap { $0 == "*" ? last : UInt32($0) }
            guard let first = ends.first, let second = ends.last else { return nil }
            return min(first, second)...max(first, second)
        }
    }

    static func chosen(_ set: String, of mailbox: FakeMailbox) -> [FakeMessage] {
        let ranges = ranges(set, last: mailbox.messages.last?.uid ?? 0)
        return mailbox.messages.filter { message in ranges.contains { $0.contains(message.uid) } }
    }

    mutating func search(_ command: FakeCommand, _ state: FakeIMAPState, _ name: String) -> FakeReply {
        guard let mailbox = state.mailboxes[name] else { return FakeReply(result: "BAD search where") }
        var words = command.words[...]
        if words.first?.uppercased() == "CHARSET" { words = words.dropFirst(2) }
        var found = mailbox.messages
        while let test = Self.test(&words, mailbox) { found = found.filter(test) }
        var reply = FakeReply()
        if !words.isEmpty { return FakeReply(result: "BAD unknown search key \(words[words.startIndex])") }
        noteNew(mailbox.messages.map(\.uid), &reply)
        reply.untagged.insert(Array(("* SEARCH" + found.map { " \($0.uid)" }.joined() + "\r\n").utf8), at: 0)
        return reply
    }

    private static func test(_ words: inout ArraySlice<String>, _ mailbox: FakeMailbox) -> ((FakeMessage) -> Bool)? {
        guard let key = words.first else { return nil }
        var rest = words.dropFirst()
        func flag(_ name: String, _ wanted: Bool) -> (FakeMessage) -> Bool { { $0.flags.contains(name) == wanted } }
        var result: ((FakeMessage) -> Bool)?
        switch key.uppercased() {
        case "ALL": result = { _ in true }
        case "SEEN", "UNSEEN": result = flag("\\Seen", key.uppercased() == "SEEN")
        case "DELETED", "UNDELETED": result = flag("\\Deleted", key.uppercased() == "DELETED")
        case "KEYWORD", "UNKEYWORD": result = rest.popFirst().map { flag($0, key.uppercased() == "KEYWORD") }
        case "UID":
            let uids = Set(chosen(rest.popFirst() ?? "", of: mailbox).map(\.uid))
            result = { uids.contains($0.uid) }
        case "LARGER": result = Int(rest.popFirst() ?? "").map { size in { $0.bytes.count > size } }
        case "SMALLER": result = Int(rest.popFirst() ?? "").map { size in { $0.bytes.count < size } }
        case "HEADER":
            let field = (rest.popFirst() ?? "").lowercased(), value = (rest.popFirst() ?? "").lowercased()
            result = { message in
                String(decoding: header(of: message.bytes), as: UTF8.self).replacing("\r\n ", with: " ")
                    .split(separator: "\r\n").contains {
                        let line = $0.lowercased()
                        return line.hasPrefix(field + ":") && (value.isEmpty || line.contains(value))
                    }
            }
        case "NOT": if let inner = test(&rest, mailbox) { result = { !inner($0) } }
        case "OR":
            if let one = test(&rest, mailbox), let other = test(&rest, mailbox) { result = { one($0) || other($0) } }
        // Days are too coarse for a test: everything is of today.
        case "SINCE", "SENTSINCE": result = rest.popFirst().map { _ in { _ in true } }
        default:
            if let ranges = key.first?.isNumber == true ? ranges(key, last: UInt32(mailbox.messages.count)) : nil {
                let uids = Set(
                    mailbox.messages.enumerated().filter { item in
                        ranges.contains { $0.contains(UInt32(item.offset) + 1) }
                    }.map(\.element.uid))
                result = { uids.contains($0.uid) }
            } else if key.hasPrefix("(") {
                var inner = FakeCommand.words(key.dropFirst().dropLast())[...], tests: [(FakeMessage) -> Bool] = []
                while let test = test(&inner, mailbox) { tests.append(test) }
                if inner.isEmpty { result = { message in tests.allSatisfy { $0(message) } } }
            }
        }
        if result != nil { words = rest }
        return result
    }

    // MARK: - Changes

    func store(_ command: FakeCommand, _ state: inout FakeIMAPState, _ name: String) -> FakeReply {
        let words = command.words
        guard words.count == 3, let mailbox = state.mailboxes[name] else { return FakeReply(result: "BAD store what") }
        if isReadOnly { return FakeReply(result: "NO [READ-ONLY] nothing can be changed") }
        let flags = Self.originals(words[2])
        for flag in flags where !flag.hasPrefix("\\") && !mailbox.permanentFlags.contains("\\*") {
            if !mailbox.permanentFlags.contains(flag) { return FakeReply(result: "NO [LIMIT] no keywords here") }
        }
        var reply = FakeReply()
        for message in Self.chosen(words[0], of: mailbox) {
            state.mailboxes[name]?.edit(message.uid) { message in
                if words[1].hasPrefix("-") { message.flags.subtract(flags) } else { message.flags.formUnion(flags) }
                guard !words[1].uppercased().contains("SILENT") else { return }
                let list = message.flags.sorted().joined(separator: " ")
                reply.say("* \(number(message.uid)) FETCH (UID \(message.uid) FLAGS (\(list)))")
            }
        }
        return reply
    }

    private static func originals(_ list: String) -> [String] {
        FakeCommand.words(list.hasPrefix("(") ? list.dropFirst().dropLast() : list[...])
    }

    func copy(_ command: FakeCommand, _ state: inout FakeIMAPState, _ name: String) -> FakeReply {
        let words = command.words, target = Self.canonical(words.last)
        guard words.count == 2, let mailbox = state.mailboxes[name] else { return FakeReply(result: "BAD copy what") }
        guard state.mailboxes[target] != nil else {
            return FakeReply(result: "NO [TRYCREATE] there is no such mailbox")
        }
        let chosen = Self.chosen(words[0], of: mailbox)
        let new = chosen.map { String(state.insert($0, into: target)) }
        guard state.capabilities.contains("UIDPLUS"), !new.isEmpty else { return FakeReply() }
        let old = chosen.map { String($0.uid) }.joined(separator: ",")
        let validity = state.mailboxes[target]?.uidValidity ?? 0
        return FakeReply(result: "OK [COPYUID \(validity) \(old) \(new.joined(separator: ","))] copied")
    }

    mutating func move(_ command: FakeCommand, _ state: inout FakeIMAPState, _ name: String) -> FakeReply {
        if isReadOnly { return FakeReply(result: "NO [READ-ONLY] nothing can be moved") }
        var reply = copy(command, &state, name)
        guard reply.result.hasPrefix("OK"), let mailbox = state.mailboxes[name] else { return reply }
        let uids = Set(Self.chosen(command.words[0], of: mailbox).map(\.uid))
        state.mailboxes[name]?.remove(uids)
        if reply.result.contains("[") { reply.say("* \(reply.result)") }
        reply.result = "OK moved"
        catchUp(state, &reply)
        return reply
    }

    mutating func expunge(_ command: FakeCommand, _ state: inout FakeIMAPState, _ name: String) -> FakeReply {
        guard let mailbox = state.mailboxes[name] else { return FakeReply(result: "BAD expunge where") }
        let marked = Self.chosen(command.arguments, of: mailbox).filter { $0.flags.contains("\\Deleted") }
        state.mailboxes[name]?.remove(Set(marked.map(\.uid)))
        return told(by: state)
    }

    private mutating func told(by state: FakeIMAPState) -> FakeReply {
        var reply = FakeReply()
        catchUp(state, &reply)
        return reply
    }
}
