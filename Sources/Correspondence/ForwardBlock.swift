import MIME
import Vocabulary

/// The lines with which a mail program begins the text of a mail that it forwards: `From:`, and near it at least one of
/// date, recipient and subject.
struct ForwardBlock {
    /// The line that names the sender.
    var line: String
    /// Nil when the line holds no address or several.
    var sender: NamedAddress?
    var replyTo: NamedAddress?
    var subject: String?
    var messageID: MessageID?
    /// The line above that says "forwarded", where there is one.
    var marker: String?
    /// How many other fields stand with it.
    var fields = 0

    var isMarked: Bool { marker != nil }

    var evidence: String {
        let mark = marker.map { "\"\(shortened($0))\" and " } ?? ""
        return "\(mark)\"\(shortened(line))\" with \(fields) more fields in the text"
    }
}

/// How much of the text is read, and how many lines a block has.
private let textLimit = 16_384
private let blockLines = 10
private let blockLimit = 8

/// The blocks in the first text of a mail, in their order.
func forwardBlocks(_ message: Message) -> [ForwardBlock] {
    guard let part = message.parts.first(where: { $0.isBodyText }) else { return [] }
    let lines = textLines(message, part, limit: textLimit).map { bare($0) }.filter { !$0.isEmpty }
    var blocks: [ForwardBlock] = []
    var index = 0
    while index < lines.count, blocks.count < blockLimit {
        if let (label, _) = fieldLine(lines[index]), label == .from || startsBlock(lines, index),
            let (block, next) = readBlock(lines, index)
        {
            blocks.append(block)
            index = next
        } else {
            index += 1
        }
    }
    return blocks
}

/// Without the marks of a quotation and of bold text.
private func bare(_ line: String) -> String {
    let bytes = line.utf8
    guard let start = bytes.firstIndex(where: { $0 != 62 && $0 != 32 && $0 != 42 && $0 != 124 && $0 != 9 }) else {
        return ""
    }
    return String(bytes[start...]) ?? ""
}

/// Apple and Notes write the sender first, some programs the subject or the date; then a marker or the sender must be near.
private func startsBlock(_ lines: [String], _ index: Int) -> Bool {
    index > 0 && isMarker(lines[index - 1])
}

private func readBlock(_ lines: [String], _ start: Int) -> (ForwardBlock, Int)? {
    var block: ForwardBlock?
    var others = 0
    var subject: String?
    var replyTo: NamedAddress?
    var messageID: MessageID?
    var index = start
    fields: while index < min(lines.count, start + blockLines), let (label, value) = fieldLine(lines[index]) {
        switch label {
        case .from:
            // A second sender begins another block.
            if block != nil { break fields }
            block = ForwardBlock(line: lines[index], sender: namedAddress(value))
        case .subject:
            others += 1
            subject = value
        case .replyTo: replyTo = namedAddress(value)
        case .messageID: messageID = MessageID(value)
        case .date, .recipient: others += 1
        case .other: break
        }
        index += 1
    }
    guard var block, others > 0 else { return nil }
    block.fields = others
    block.subject = subject
    block.replyTo = replyTo
    block.messageID = messageID
    block.marker = (max(0, start - 2)..<start).map { lines[$0] }.last { isMarker($0) }
    return (block, index)
}

/// The one address of a value, with its name. Outlook writes `Ada Stone [mailto:ada@customer.example]`.
private func namedAddress(_ value: String) -> NamedAddress? {
    let addresses = namedAddresses(value)
    guard let address = addresses.first.flatMap({ EmailAddress($0) }),
        addresses.allSatisfy({ asciiLowercased($0) == asciiLowercased(addresses[0]) })
    else { return nil }
    let name = value.prefix { !"<[(".contains($0) }
    let plain = name.filter { !"\"'“”*".contains($0) }.split { $0.isWhitespace }.joined(separator: " ")
    return NamedAddress(displayName: plain.contains("@") ? "" : shortened(plain), address: address)
}

// MARK: - Labels

private enum Label { case from, date, recipient, subject, replyTo, messageID, other }

/// `label: value`; the colon may be full-width and have a blank before it.
private func fieldLine(_ line: String) -> (Label, String)? {
    let bytes = Array(line.utf8.prefix(60))
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? firstIndex(of: wideColon, in: bytes[...]) else {
        return nil
    }
    // Of two colons the first one counts.
    let wide = firstIndex(of: wideColon, in: bytes[...]) ?? .max
    let end = min(colon, wide)
    let name = bytes[..<end].filter { $0 != 42 && $0 != 32 && $0 != 9 }
    guard let label = labels[String(decoding: folded(String(decoding: name, as: UTF8.self)), as: UTF8.self)] else {
        return nil
    }
    let value = line.utf8.dropFirst(end == wide ? end + wideColon.count : end + 1)
    let text = String(decoding: value.drop { $0 == 32 || $0 == 9 || $0 == 42 }, as: UTF8.self)
    return (label, text)
}

private let wideColon = Array("：".utf8)

/// As Outlook, Gmail, Apple Mail, Thunderbird, Notes, QQ Mail and Coremail (163, 126) write them.
private let labels: [String: Label] = {
    var labels: [String: Label] = [:]
    for (label, names) in [
        (
            Label.from,
            [
                "from", "发件人", "發件人", "寄件者", "寄件人", "差出人", "送信者", "von", "de", "da", "van", "от", "från", "fra", "보낸사람",
            ]
        ),
        (
            .date,
            [
                "date", "sent", "datesent", "日期", "时间", "時間", "发送时间", "发送日期", "發送時間", "发件时间", "傳送時間", "寄件日期", "日時",
                "送信日時", "日付", "gesendet", "datum", "envoyé", "enviado", "enviadael", "fecha", "data", "inviato", "дата",
                "보낸날짜", "sentat",
            ]
        ),
        (
            .recipient,
            [
                "to", "收件人", "收件者", "宛先", "to宛先", "an", "à", "À", "para", "a", "aan", "кому", "받는사람", "送信先",
            ]
        ),
        (
            .subject,
            [
                "subject", "主题", "主旨", "主題", "件名", "题目", "betreff", "objet", "asunto", "assunto", "oggetto",
                "onderwerp",
                "тема", "제목", "标题",
            ]
        ),
        (.replyTo, ["reply-to", "replyto", "回复地址", "回覆地址", "返信先", "antwortan", "répondreà"]),
        (.messageID, ["message-id"]),
        (
            .other,
            [
                "cc", "抄送", "抄送人", "副本", "bcc", "importance", "重要性", "priority", "organization", "kopie", "attachments",
                "附件", "添付ファイル",
            ]
        ),
    ] {
        for name in names { labels[name] = label }
    }
    return labels
}()

/// `---------- Forwarded message ---------` and its like. `Original Message` is none: it stands above what is quoted, too.
private func isMarker(_ line: String) -> Bool { line.utf8.count < 160 && markers.isFound(in: folded(line)) }

private let markers = PhraseTable([
    "forwarded message", "begin forwarded message", "forwarded by", "weitergeleitete nachricht", "message transféré",
    "mensaje reenviado", "messaggio inoltrato", "mensagem encaminhada", "转发的邮件", "转发邮件信息", "转发邮件", "转发的信件", "轉寄郵件",
    "轉寄的郵件", "轉發的郵件", "开始转发", "開始轉寄", "転送メッセージ", "転送されたメッセージ", "转发内容",
])
