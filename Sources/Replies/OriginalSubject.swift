/// A customer's subject as it is repeated in a reply: without the prefixes that mail programs pile up and without our
/// own tags, so that a thread does not read `[#1001] Re: [#1001] 回复：…`.
package func subjectWithoutPrefixes(_ subject: String) -> String {
    var rest = oneLine(subject)[...]
    while true {
        let before = rest
        rest = rest.drop { $0 == " " }
        if let prefix = replyPrefix(of: rest) { rest = rest.dropFirst(prefix) }
        if let tag = leadingTag(of: rest) { rest = rest.dropFirst(tag) }
        if rest == before { return String(rest) }
    }
}

/// Characters of `Re:`, `Fwd:`, `回复：`, `RE[2]:` at the beginning; nil when there is none.
private func replyPrefix(of text: Substring) -> Int? {
    let word = text.prefix { $0 != ":" && $0 != "：" && $0 != "[" && $0 != "(" && $0 != " " }
    guard prefixes.contains(word.lowercased()) else { return nil }
    var length = word.count
    var rest = text.dropFirst(length).drop { $0 == " " }
    length += text.dropFirst(length).prefix { $0 == " " }.count
    if let open = rest.first, open == "[" || open == "(" {
        let count = rest.prefix { $0 != "]" && $0 != ")" }.count + 1
        guard rest.dropFirst().prefix(count - 2).allSatisfy(\.isNumber) else { return nil }
        rest = rest.dropFirst(count)
        length += count
    }
    guard let colon = rest.first, colon == ":" || colon == "：" else { return nil }
    return length + 1
}

/// Of the mail programs of Europe, China, Taiwan and Japan.
private let prefixes: Set<String> = [
    "re", "fw", "fwd", "aw", "wg", "sv", "vs", "antw", "tr", "rv", "rif", "res", "enc", "回复", "答复", "转发", "回覆", "回應",
    "轉寄", "轉發", "答覆", "返信", "转", "轉", "回信",
]

/// Characters of `[#1001]` at the beginning.
private func leadingTag(of text: Substring) -> Int? {
    guard text.hasPrefix("[#") else { return nil }
    let digits = text.dropFirst(2).prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, text.dropFirst(2 + digits.count).first == "]" else { return nil }
    return digits.count + 3
}
