/// The lines of the login dialogue that the server sent, as far as they matter afterwards.
final class LoginLines {
    private(set) var last = ""
    /// SASL mechanisms that the server offers, in its order.
    private(set) var offered: [String] = []
    /// The first line is no greeting of mail.
    private(set) var isForeign = false
    private var seen = 0

    func add(_ line: String) {
        seen += 1
        guard seen <= 1_000 else { return }
        let text = String(line.prefix(1_000)).trimmingASCIISpace
        guard !text.isEmpty else { return }
        // RFC 9051 section 7: a greeting begins with `* `; RFC 5321 section 4.2: with three digits.
        if last.isEmpty { isForeign = !text.hasPrefix("* ") && !text.utf8.prefix(3).allSatisfy { $0 &- 48 < 10 } }
        last = text
        addMechanisms(of: text.uppercased())
    }

    /// IMAP: `AUTH=PLAIN` in a CAPABILITY response or code; SMTP: `250-AUTH PLAIN LOGIN`, of old also `250-AUTH=PLAIN LOGIN`.
    private func addMechanisms(of line: String) {
        let words = line.split { " []".contains($0) }
        let isSMTP = line.hasPrefix("250-AUTH") || line.hasPrefix("250 AUTH")
        guard isSMTP || words.contains("CAPABILITY") else { return }
        for word in isSMTP ? words.dropFirst() : words[...] {
            guard isSMTP || word.hasPrefix("AUTH=") else { continue }
            let name = String(word.trimmingPrefix("250-").trimmingPrefix("AUTH").trimmingPrefix("="))
            if !name.isEmpty, !offered.contains(name) { offered.append(name) }
        }
    }

    /// The last line ended the capabilities: the client gave up by itself.
    var endsWithCapabilities: Bool { last.hasPrefix("250") || last.uppercased().contains(" OK") }

    var isBye: Bool { last.uppercased().hasPrefix("* BYE") || last.hasPrefix("421") || last.hasPrefix("554") }

    /// RFC 5530 section 3: reasons that pass. RFC 4954 section 6: 454.
    var isTemporary: Bool {
        let upper = last.uppercased()
        return ["[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]"].contains { upper.contains($0) }
            || upper.hasPrefix("454") || upper.hasPrefix("421") || upper.hasPrefix("* BYE")
    }
}

extension String {
    fileprivate var trimmingASCIISpace: String {
        var text = self[...]
        while let first = text.utf8.first, first <= 0x20 { text = text.dropFirst() }
        while let last = text.utf8.last, last <= 0x20 { text = text.dropLast() }
        return String(text)
    }
}

/// For CURLOPT_HEADERFUNCTION; `context` is a `LoginLines`.
func collectLine(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    let length = size * count
    guard let bytes, let context else { return length }
    let line = UnsafeBufferPointer(start: UnsafePointer(bytes), count: length)
    let lines = Unmanaged<LoginLines>.fromOpaque(context).takeUnretainedValue()
    lines.add(String(decoding: UnsafeRawBufferPointer(line), as: UTF8.self))
    return length
}
