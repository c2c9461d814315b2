/// Whether a subject begins as mail programs mark what they forward: `Fwd:`, `转发：`, also behind `Re:` or a list's tag.
func isForwardSubject(_ subject: String) -> Bool {
    let bytes = folded(subject)
    var rest = bytes.prefix(200)
    for _ in 0..<6 {
        rest = rest.drop { $0 == 32 }
        if forwardMarks.begins(rest) { return true }
        if answerMarks.begins(rest), let colon = endOfMark(rest) {
            rest = rest[colon...]
        } else if rest.first == UInt8(ascii: "["), let close = rest.firstIndex(of: UInt8(ascii: "]")) {
            rest = rest[(close + 1)...]
        } else {
            return false
        }
    }
    return false
}

/// Behind the colon, also a full-width one.
private func endOfMark(_ text: ArraySlice<UInt8>) -> Int? {
    let wide = Array("：".utf8)
    for index in text.indices.prefix(16) {
        if text[index] == UInt8(ascii: ":") { return index + 1 }
        if text[index...].starts(with: wide) { return index + wide.count }
    }
    return nil
}

/// English, German (WG), French (TR), Spanish and Portuguese (RV, ENC), Italian (I), Dutch (Doorst), Nordic (VS, VB),
/// Polish (PD), Chinese in both scripts, Japanese, Korean.
private let forwardMarks = PhraseTable(
    ["fwd", "fw", "wg", "tr", "rv", "enc", "i", "doorst", "vs", "vb", "pd", "转发", "轉寄", "轉發", "转寄", "転送", "전달"]
        .flatMap { [$0 + ":", $0 + "：", $0 + " :"] } + ["[fwd:"])

private let answerMarks = PhraseTable(
    ["re", "aw", "sv", "antw", "回复", "答复", "回覆", "答覆", "返信"].flatMap { [$0 + ":", $0 + "："] })
