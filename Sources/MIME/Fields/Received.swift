/// One hop of a message, as a Received field notes it (RFC 5321 section 4.4, RFC 5322 section 3.6.7).
///
///     from mail.example.com (mail.example.com [192.0.2.7]) by mx.example.org (Postfix)
///         with ESMTPS id 4Xz for <ada@example.org>; Tue, 10 Mar 2026 09:15:30 +0800
package struct Received: Sendable, Hashable {
    /// A side of the hop.
    package struct Host: Sendable, Hashable {
        /// Behind `from` what the client called itself, which may be a lie; behind `by` the server's own name. Empty
        /// where there are only comments.
        package internal(set) var name: String
        /// What stands behind the name: comments (TCP-info: what the server saw itself) and stray words.
        package internal(set) var info: [String] = []
        /// IP addresses of the name, then of what stands behind it.
        package internal(set) var addresses: [IPAddress] = []
    }

    package internal(set) var from: Host?
    package internal(set) var by: Host?
    package internal(set) var via: String?
    /// The protocol, as written: `ESMTPS`.
    package internal(set) var with: String?
    /// Without angle brackets.
    package internal(set) var id: String?
    /// The (first) recipient of `for`.
    package internal(set) var recipient: ParsedAddress?
    /// In seconds since 1970; nil when it is missing or unreadable.
    package internal(set) var date: Int64?
    /// Comments that belong to neither host.
    package internal(set) var comments: [String] = []
    /// `badReceived` among them: a clause stands twice or a comment is not closed, so that no clause is certain.
    package internal(set) var defects: [Defect] = []
}

extension Field {
    /// The body read as Received.
    package var received: Received {
        var (value, defects) = read(as: name, readReceived)
        value.defects = defects
        return value
    }
}

extension Header {
    /// All Received fields, the topmost (the last hop) first.
    package var received: [Received] { fields(named: "Received").map(\.received) }
}

/// Reads a body of Received (RFC 5321 section 4.4).
func readReceived(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) -> Received {
    findings.work += 2 * range.count
    var reader = ReceivedReader(range, limit: findings.limits.fieldItems)
    return reader.read(bytes, &findings)
}

/// The name that a client gives itself is the only thing here that a stranger writes, and he may write quotes,
/// parentheses and our keywords. So the word behind a keyword is always its value, quotes mean nothing outside of angle
/// brackets, an open parenthesis hides all that follows, and a clause that comes twice makes the whole field doubtful.
private struct ReceivedReader {
    private enum Clause: String { case from, by, via, with, id, `for` }

    private static let field = "Received"
    private let range: Range<Int>
    private var scanner: FieldScanner
    private var wordsLeft: Int
    private var hop = Received()
    /// The clause whose words come next, and whether its value is still to come.
    private var clause: Clause?
    private var awaitsValue = false
    private var seen: Set<Clause> = []

    init(_ range: Range<Int>, limit: Int) {
        self.range = range
        scanner = FieldScanner(range, comments: limit)
        wordsLeft = limit
    }

    mutating func read(_ bytes: Bytes, _ findings: inout Findings) -> Received {
        let end = clausesEnd(bytes)
        scanner = FieldScanner(range.lowerBound..<end, comments: wordsLeft)
        while readWord(bytes, &findings) {}
        if scanner.isUnclosed || seen.isEmpty && hop.comments.isEmpty { bad(&findings) }
        if end < range.upperBound { hop.date = readDate(bytes, end + 1..<range.upperBound) }
        if hop.date == nil { findings.note(.badDate, field: Self.field) }
        return hop
    }

    private func bad(_ findings: inout Findings) { findings.note(.badReceived, field: Self.field) }

    /// Where the date begins: at the last semicolon outside of comments.
    private func clausesEnd(_ bytes: Bytes) -> Int {
        var scanner = FieldScanner(range, comments: 0)
        var end = range.upperBound
        while true {
            scanner.skip(bytes)
            if scanner.isAtEnd { return end }
            _ = scanner.readPlainWord(bytes, stop: 59)
            if scanner.peek(bytes) == 59 {
                end = scanner.index
                scanner.step()
            }
        }
    }

    /// Reads one word; false at the end.
    private mutating func readWord(_ bytes: Bytes, _ findings: inout Findings) -> Bool {
        scanner.skip(bytes)
        let comments = scanner.takeComments(bytes, field: Self.field, &findings)
        for comment in comments { take(info: comment) }
        guard !scanner.isAtEnd else { return false }
        guard wordsLeft > 0 else {
            findings.note(.fieldItemLimit, field: Self.field)
            return false
        }
        wordsLeft -= 1
        if scanner.peek(bytes) == 59 {
            // An earlier semicolon than that of the date ends nothing.
            scanner.step()
            return true
        }
        if awaitsValue, clause == .for || clause == .id, scanner.peek(bytes) == 60 {
            scanner.step()
            let inside = scanner.readThrough(62, bytes) ?? scanner.readPlainWord(bytes, stop: 59)
            take(value: text(bytes, trimmed(bytes, inside)))
            return true
        }
        let range = scanner.readPlainWord(bytes, stop: 59)
        let next = Clause(rawValue: lowercasedText(bytes, range))
        // `from (comment) by`: the name is missing.
        if awaitsValue, next == nil || comments.isEmpty {
            take(value: text(bytes, range))
        } else if let next {
            begin(next, &findings)
        } else {
            take(word: text(bytes, range))
        }
        return true
    }

    private mutating func begin(_ next: Clause, _ findings: inout Findings) {
        guard seen.insert(next).inserted else {
            bad(&findings)
            // The first one stays; the words of this one are nobody's.
            clause = nil
            return
        }
        clause = next
        awaitsValue = true
        if next == .from { hop.from = Received.Host(name: "") }
        if next == .by { hop.by = Received.Host(name: "") }
    }

    private mutating func take(value: String) {
        awaitsValue = false
        switch clause {
        case .from: hop.from?.take(name: value)
        case .by: hop.by?.take(name: value)
        case .via: hop.via = value
        case .with: hop.with = value
        case .id: hop.id = value
        case .for: hop.recipient = ParsedAddress(displayName: "", address: value)
        case nil: break
        }
    }

    /// `with Microsoft SMTP Server`: more words of a value. Behind a host's name they are information like a comment.
    private mutating func take(word: String) {
        switch clause {
        case .from: hop.from?.take(info: word)
        case .by: hop.by?.take(info: word)
        case .via: hop.via = [hop.via, word].compactMap(\.self).joined(separator: " ")
        case .with: hop.with = [hop.with, word].compactMap(\.self).joined(separator: " ")
        case .id, .for, nil: break
        }
    }

    private mutating func take(info: String) {
        switch clause {
        case .from: hop.from?.take(info: info)
        case .by: hop.by?.take(info: info)
        default: hop.comments.append(info)
        }
    }
}

extension Received.Host {
    mutating func take(name: String) {
        self.name = name
        takeAddresses(name)
    }

    mutating func take(info text: String) {
        info.append(text)
        takeAddresses(text)
    }

    /// Words that are addresses: `[192.0.2.7]`, `192.0.2.7:25`, `[IPv6:2001:db8::1]`.
    private mutating func takeAddresses(_ text: String) {
        let bytes = Array(text.utf8)
        for word in bytes.split(whereSeparator: { !mayStandInAddress($0) }) where word.count >= 3 {
            let isV4WithPort = word.count { $0 == 58 } == 1
            let bare = isV4WithPort ? word.prefix { $0 != 58 } : word
            if let address = IPAddress(String(decoding: bare, as: UTF8.self)) { addresses.append(address) }
        }
    }

    private func mayStandInAddress(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == 46 || byte == 58 || byte == 45 || byte == 95
    }
}
