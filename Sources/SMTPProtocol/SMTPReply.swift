/// What a server answered to one command (RFC 5321 section 4.2).
package struct SMTPReply: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Three digits, 200 to 599.
    package let code: Int
    /// RFC 3463, when the server uses them and it agrees with the code.
    package let enhanced: EnhancedStatus?
    /// The text of each line, without code and enhanced code; cut to 500 octets a line.
    package let lines: [String]

    package init(code: Int, enhanced: EnhancedStatus? = nil, lines: [String]) {
        self.code = code
        self.enhanced = enhanced
        self.lines = lines
    }

    package var isPositive: Bool { code / 100 == 2 }
    /// 3xx: say more.
    package var isIntermediate: Bool { code / 100 == 3 }
    /// 4xx: the same may succeed later (RFC 5321 section 4.2.1).
    package var isTransient: Bool { code / 100 == 4 }
    /// 5xx: the same will fail again.
    package var isPermanent: Bool { code / 100 == 5 }

    /// 421: the server closes the connection, whatever it was asked (RFC 5321 section 3.8).
    package var isClosing: Bool { code == 421 }

    /// The server objects to who we are, not to this mail: trying the next one would be refused as well (RFC 4954
    /// section 6).
    package var isAboutCredentials: Bool {
        if [530, 534, 535, 538].contains(code) { return true }
        return enhanced.map { $0.subject == 7 && [8, 9, 11].contains($0.detail) && isPermanent } ?? false
    }

    /// One line fit for a log: no control characters, no local part of an address, at most 200 characters.
    package var description: String {
        let status = enhanced.map { "\(code) \($0)" } ?? "\(code)"
        return printable(([status] + lines).joined(separator: " "))
    }
}

/// An enhanced status code: `5.1.1` (RFC 3463).
package struct EnhancedStatus: Sendable, Hashable, Codable, CustomStringConvertible {
    /// 2 success, 4 transient, 5 permanent.
    package let category: Int
    package let subject: Int
    package let detail: Int

    package init(category: Int, subject: Int, detail: Int) {
        self.category = category
        self.subject = subject
        self.detail = detail
    }

    /// Reads a status that stands alone, as in a DSN's Status field.
    package init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        guard let status = EnhancedStatus(consuming: &rest), rest.isEmpty else { return nil }
        self = status
    }

    /// Reads a status from the front and takes it away; leaves the text alone when there is none.
    init?(consuming text: inout ArraySlice<UInt8>) {
        var rest = text
        guard let category = Self.number(&rest, digits: 1), [2, 4, 5].contains(category), rest.popDot(),
            let subject = Self.number(&rest, digits: 3), rest.popDot(), let detail = Self.number(&rest, digits: 3),
            rest.first.map({ $0 == 0x20 || $0 == 0x09 }) ?? true
        else { return nil }
        self.init(category: category, subject: subject, detail: detail)
        text = rest
    }

    package var description: String { "\(category).\(subject).\(detail)" }

    private static func number(_ text: inout ArraySlice<UInt8>, digits: Int) -> Int? {
        var value = 0
        var count = 0
        while count < digits, let digit = text.first, digit &- 48 < 10 {
            value = value * 10 + Int(digit - 48)
            text.removeFirst()
            count += 1
        }
        return count == 0 ? nil : value
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func popDot() -> Bool {
        guard first == UInt8(ascii: ".") else { return false }
        removeFirst()
        return true
    }
}

/// Outside text made fit for a log line: one line, no control characters, at most 200 characters, and of an address only
/// the domain (servers repeat the recipient in what they refuse).
func printable(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8.prefix(4_096) {
        if byte == UInt8(ascii: "@") {
            while let last = result.last, isLocalPart(last) { result.removeLast() }
            result += "…@".utf8
        } else if byte <= 0x20 || byte == 0x7F {
            if result.last != 0x20 { result.append(0x20) }
        } else {
            result.append(byte)
        }
    }
    if result.last == 0x20 { result.removeLast() }
    let line = String(decoding: result, as: UTF8.self)
    return line.count <= 200 ? line : String(line.prefix(199)) + "…"
}

private func isLocalPart(_ byte: UInt8) -> Bool {
    byte > 0x20 && !#"()<>[]{}"':;,@"#.utf8.contains(byte)
}
