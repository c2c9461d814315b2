import MailText
import Vocabulary

// The sentence that states the request: the first one of the own text that asks for something.

func findNeed(_ text: ScannedText, _ found: inout DetailList) {
    var search = RequestSearch(text)
    for (index, line) in text.lines.enumerated() where !line.isSignature && line.number != nil {
        if let message = labelledMessage(text, index, line) {
            return add(text, message, 0.85, "field of a form", &found)
        }
    }
    for line in text.lines where !line.isSignature && line.number != nil && !line.content.isEmpty {
        // A short paragraph is the request as a whole: its sentences explain one another.
        if line.range.count <= 260 {
            search.read(line.content, found)
        } else {
            for sentence in splitSentences(text, line) { search.read(sentence, found) }
        }
        if let request = search.request { return add(text, request, 0.7, "asks for something", &found) }
    }
    if let first = search.first { add(text, first, 0.4, "first sentence", &found) }
}

/// Looks at one sentence after the other until one asks for something.
private struct RequestSearch {
    private let text: ScannedText
    private var sentences = 0
    private(set) var request: Range<Int>?
    /// The first sentence that may be one.
    private(set) var first: Range<Int>?

    init(_ text: ScannedText) { self.text = text }

    mutating func read(_ sentence: Range<Int>, _ found: DetailList) {
        guard request == nil, sentences < 60 else { return }
        sentences += 1
        // `You can reach me on …` asks for nothing.
        guard let content = requestPart(text, sentence), !found.overlapsTaken(content) else { return }
        if asks(text, content) { request = content }
        if first == nil { first = content }
    }
}

private func add(
    _ text: ScannedText, _ range: Range<Int>, _ confidence: Double, _ evidence: String, _ found: inout DetailList
) {
    found.add(text.detail(.need, range, confidence: confidence, evidence))
}

/// What stands behind or below the label of a form's message: `留言内容：…`, `| Message | … |`, `**Message** …`.
private func labelledMessage(_ text: ScannedText, _ index: Int, _ line: ScannedText.Line) -> Range<Int>? {
    let bytes = text.bytes
    var content = line.content
    guard content.count >= 4, content.count <= 2000 else { return nil }
    if index > 0, isMessageLabel(bytes, ScannedText.bare(bytes, text.lines[index - 1].content)) {
        return content
    }
    let isBold = begins(bytes, content, with: [0x2A, 0x2A])
    if isBold { content = content.lowerBound + 2..<content.upperBound }
    let separator =
        isBold
        ? firstRange(bytes, content.prefixRange(40), of: [0x2A, 0x2A]) : labelEnd(bytes, content.prefixRange(40))
    guard let separator, isMessageLabel(bytes, ScannedText.bare(bytes, content.lowerBound..<separator.lowerBound))
    else {
        return nil
    }
    let value = ScannedText.bare(bytes, separator.upperBound..<content.upperBound)
    return value.count >= 2 ? value : nil
}

private func isMessageLabel(_ bytes: [UInt8], _ label: Range<Int>) -> Bool {
    label.count <= longestMessageLabel && messageLabelHashes.contains(LabelHash.of(bytes, label))
}

/// A line cut behind `。！？!?` and behind a full stop that a blank follows.
private func splitSentences(_ text: ScannedText, _ line: ScannedText.Line) -> [Range<Int>] {
    let bytes = text.bytes
    var sentences: [Range<Int>] = []
    var start = line.range.lowerBound
    var index = start
    while index < line.range.upperBound {
        let byte = bytes[index]
        var end: Int?
        if byte == 0x21 || byte == 0x3F || byte == 0x2E && index + 1 < line.range.upperBound && bytes[index + 1] == 0x20
        {
            end = index + 1
        } else if byte == 0xE3, index + 2 < line.range.upperBound, bytes[index + 1] == 0x80, bytes[index + 2] == 0x82 {
            end = index + 3
        }
        if let end {
            sentences.append(text.trimmedRange(start..<end))
            start = end
            index = end
        } else {
            index += 1
        }
    }
    sentences.append(text.trimmedRange(start..<line.range.upperBound))
    return sentences.filter { !$0.isEmpty }
}

/// Nil for greetings, labelled lines and very short pieces.
private func requestPart(_ text: ScannedText, _ sentence: Range<Int>) -> Range<Int>? {
    let bytes = text.bytes
    guard sentence.count >= 10, sentence.count <= 600 else { return nil }
    if sentence.count <= 36, greetings.contains(where: { begins(bytes, sentence, with: $0) }) { return nil }
    guard let separator = labelEnd(bytes, sentence.prefixRange(40)) else { return sentence }
    let label = text.trimmedRange(sentence.lowerBound..<separator.lowerBound)
    if messageLabels.contains(where: { ends(bytes, label, with: $0) }) {
        return text.trimmedRange(separator.upperBound..<sentence.upperBound)
    }
    return bytes[separator.lowerBound] == 0x3A ? nil : sentence
}

/// The colon, tab, bar, equals sign or `】` behind a label; a bar or `【` may stand before it.
private func labelEnd(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
    var index = range.lowerBound + (bytes[range.lowerBound] == 0x7C ? 1 : 0)
    while index < range.upperBound {
        switch bytes[index] {
        case 0x3A, 0x09, 0x7C, 0x3D: return index..<index + 1
        case 0xE3 where begins(bytes, index..<range.upperBound, with: closingBracket): return index..<index + 3
        default: index += 1
        }
    }
    return nil
}

private let closingBracket = Array("】".utf8)

private let greetings: [[UInt8]] = [
    "您好", "你好", "尊敬的", "贵司", "貴司", "各位", "hi", "hello", "dear", "good morning", "good afternoon", "hey", "谢谢", "謝謝",
    "感谢", "thank", "此致", "敬礼", "祝",
    "お世話", "我是", "我叫", "my name", "this is", "订单", "訂單", "order",
].map { Array($0.utf8) }

private let messageLabels: [[UInt8]] = [
    "message", "comments", "comment", "question", "request", "inquiry", "enquiry", "details", "留言", "留言内容", "留言內容",
    "内容", "內容", "需求", "需求描述", "问题", "問題", "您的留言", "咨询内容", "諮詢內容",
    "问题描述", "問題描述", "描述", "備註", "备注", "说明", "說明", "need", "subject", "body",
].map { Array($0.utf8) }

private let messageLabelHashes = Set(messageLabels.map { LabelHash.of($0, $0.indices) })
private let longestMessageLabel = messageLabels.map(\.count).max() ?? 0

private func asks(_ text: ScannedText, _ range: Range<Int>) -> Bool {
    text.bytes[range.upperBound - 1] == 0x3F || text.has(.request, in: range)
}
