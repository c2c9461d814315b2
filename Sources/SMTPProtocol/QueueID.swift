/// The name under which a server keeps a mail, as the text of its 250 tells; nil when the text is none we know.
///
/// No standard says how. Each form below is what some widespread server writes; an operator greps the relay's log for it.
package func queueID(in reply: SMTPReply) -> String? {
    let text = reply.lines.joined(separator: " ")
    let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    return after("queued as", in: words) ?? named(in: words) ?? beforeMessageAccepted(words) ?? qmail(words)
        ?? inParentheses(words) ?? afterOK(words)
}

/// Postfix: `Ok: queued as 4F3W1z2Qxyz`; others add a comma list after it.
private func after(_ phrase: String, in words: [String]) -> String? {
    let phrase = phrase.split(separator: " ").map(String.init)
    for start in words.indices where start + phrase.count < words.count {
        let here = words[start..<(start + phrase.count)].map { $0.lowercased() }
        if here == phrase { return id(words[start + phrase.count]) }
    }
    return nil
}

/// Exim: `OK id=1tAbCd-0000000012x-0Abc`; Exchange: `[InternalId=123456, Hostname=…]`.
private func named(in words: [String]) -> String? {
    for word in words {
        let word = word.first == "[" ? String(word.dropFirst()) : word
        let lowered = word.lowercased()
        for prefix in ["id=", "internalid=", "queue-id=", "queueid="] where lowered.hasPrefix(prefix) {
            return id(String(word.dropFirst(prefix.count)))
        }
    }
    return nil
}

/// Sendmail and OpenSMTPD: `4ALKx1aB012345 Message accepted for delivery`.
private func beforeMessageAccepted(_ words: [String]) -> String? {
    guard words.count >= 3, words[1].lowercased() == "message", words[2].lowercased() == "accepted" else { return nil }
    return id(words[0])
}

/// qmail: `ok 1700000000 qp 12345`.
private func qmail(_ words: [String]) -> String? {
    guard words.count >= 4, words[2] == "qp" else { return nil }
    return id(words[3])
}

/// Haraka and others: `Message Queued (0E1F2A3B-….1)`.
private func inParentheses(_ words: [String]) -> String? {
    guard let last = words.last, last.first == "(", last.last == ")",
        words.contains(where: { $0.lowercased() == "queued" })
    else { return nil }
    return id(String(last.dropFirst().dropLast()))
}

/// Large providers: `OK 1700000000 abc-123.45 - gsmtp`, `Ok 0100018c-…`: the last word after OK that looks like an id.
private func afterOK(_ words: [String]) -> String? {
    guard words.first?.lowercased().hasPrefix("ok") == true else { return nil }
    let words = words.dropFirst().prefix { $0 != "-" }
    return words.last { word in word.utf8.count >= 8 && word.utf8.contains { $0 &- 48 < 10 } }.flatMap(id)
}

/// Without the punctuation around it; at most 100 octets of visible ASCII.
private func id(_ word: String) -> String? {
    var bytes = Array(word.utf8)[...]
    let around = Array(#".,;:<>()[]""#.utf8)
    while let last = bytes.last, around.contains(last) { bytes.removeLast() }
    while let first = bytes.first, around.contains(first) { bytes.removeFirst() }
    guard (1...100).contains(bytes.count), bytes.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
}
