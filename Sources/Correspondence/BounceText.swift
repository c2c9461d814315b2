import MIME
import Vocabulary

/// The text of a mail that looks like a bounce: what the mail system wrote, up to the copy of the returned mail.
struct BounceText {
    /// Without blank ones, and without blanks at their ends.
    let said: [String]
    /// The beginning of the copy, where it stands in the text.
    let copy: [String]

    /// A mail system says what it has to say at the beginning.
    private static let limit = 16_000

    init(_ message: Message) {
        guard let part = message.parts.first(where: { $0.isBodyText }) else {
            (said, copy) = ([], [])
            return
        }
        let lines = textLines(message, part, limit: Self.limit)
        // The first line never begins the copy: some mails say `Original message` above their own words.
        let end = lines.dropFirst().firstIndex { copyBegins($0) } ?? lines.endIndex
        said = lines[..<end].filter { !$0.isEmpty }
        copy = Array(lines[end...].prefix(200))
    }

    private init() { (said, copy) = ([], []) }

    /// For a mail whose text is not looked at.
    static let unread = BounceText()

    /// The first lines that are more than decoration, lower-cased, joined with blanks.
    func opening(lines: Int) -> [UInt8] {
        let first = said.lazy.filter { line in line.utf8.contains { ($0 | 32) &- 97 < 26 || $0 >= 128 } }.prefix(lines)
        return Array(folded(first.joined(separator: " ")).prefix(1_000))
    }

    var all: [UInt8] { folded(said.joined(separator: "\n")) }
}

/// The trimmed lines of a text part, cut at the limit; CR, LF and CRLF end a line. The tags of HTML are taken out.
func textLines(_ message: Message, _ part: Part, limit: Int) -> [String] {
    let text = Array(message.text(part).utf8.prefix(limit))
    let isHTML = part.mediaType == "text/html"
    return (isHTML ? withoutTags(text) : text).split(omittingEmptySubsequences: false) { $0 == 10 || $0 == 13 }
        .map { line in
            let start = line.firstIndex { $0 > 32 } ?? line.endIndex
            let end = line.lastIndex { $0 > 32 }.map { $0 + 1 } ?? start
            return String(decoding: line[start..<max(start, end)], as: UTF8.self)
        }
}

/// Text of HTML, good enough to find addresses and phrases: tags that end a line become one, others nothing, and the
/// five entities that mail systems write are undone.
private func withoutTags(_ html: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(html.count)
    var index = 0
    // The next closing bracket, looked for once.
    var end = -1
    while index < html.count {
        switch html[index] {
        case UInt8(ascii: "<"):
            if end < index { end = html[index...].firstIndex(of: UInt8(ascii: ">")) ?? .max }
            // A bracket that is never closed is text.
            guard end - index < 2_000 else { fallthrough }
            if endsLine(html[(index + 1)..<end]) { text.append(10) }
            index = end + 1
        case UInt8(ascii: "&"):
            let rest = html[index...]
            let entity = entities.first { rest.starts(with: $0.name) }
            text.append(entity?.byte ?? html[index])
            index += entity?.name.count ?? 1
        default:
            text.append(html[index])
            index += 1
        }
    }
    return text
}

private func endsLine(_ tag: ArraySlice<UInt8>) -> Bool {
    let name = tag.drop { $0 == UInt8(ascii: "/") }.prefix { ($0 | 32) &- 97 < 26 || $0 &- 48 < 10 }
    return ["br", "p", "div", "tr", "td", "li", "h1", "h2", "h3", "pre", "table", "title", "blockquote"]
        .contains(String(decoding: folded(String(decoding: name, as: UTF8.self)), as: UTF8.self))
}

private let entities: [(name: [UInt8], byte: UInt8)] = [
    ("&lt;", 60), ("&gt;", 62), ("&amp;", 38), ("&nbsp;", 32), ("&quot;", 34), ("&#64;", 64),
].map { (Array($0.0.utf8), $0.1) }

/// Whether the copy of the returned mail begins on this line: its addresses are not those that failed.
private func copyBegins(_ line: String) -> Bool {
    let bytes = folded(line)
    let words = bytes.drop { $0 == 32 || $0 == 45 || $0 == 61 || $0 == 42 || $0 == 62 || $0 == 124 || $0 == 35 }
    return copyMarks.begins(words) || copyFields.begins(bytes[...])
}

private let copyMarks = PhraseTable([
    "below this line is a copy", "below the next line is a copy", "this is a copy of the", "original message",
    "message header", "the header of the original", "the header and top", "returned message", "returned mail follows",
    "unsent message", "message text follows", "header of the source mail", "your message reads", "below is a copy",
    "attachment is a copy", "old message", "the first 50 lines", "the beginning of the original",
    "text of your message",
    "copy of your message", "your original message", "header of your message", "headers of your message",
    "start of returned message", "included is a copy", "content of the message", "原邮件内容", "原邮件如下", "原邮件：", "原邮件:",
    "原始邮件", "原文如下", "以下是原邮件",
    "原始郵件", "元のメッセージ", "以下は元の", "ursprüngliche nachricht", "message d'origine",
])

private let copyFields = PhraseTable([
    "return-path:", "received:", "message-id:", "dkim-signature:", "mime-version:", "delivered-to:",
    ">return-path:", ">received:",
])
