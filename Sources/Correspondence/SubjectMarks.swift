import Vocabulary

enum SubjectMatch: Equatable { case certain, likely }

/// Whether a subject is one that only automatic answers have.
///
/// It must begin with the phrase: `Re: Automatic reply` is a person who answers a machine. Followed by a colon, a
/// bracket or nothing it is certain, because that is how the programs write it; followed by words it may be a question
/// about auto-replies.
func automaticSubject(_ subject: String) -> SubjectMatch? {
    var bytes = Array(asciiLowercased(subject).utf8)[...]
    skip(&bytes, spaceAndOpeners)
    guard let head = bytes.first,
        let phrase = automaticPhrases.first(where: { $0[0] == head && bytes.starts(with: $0) })
    else { return nil }
    // Notes writes `AUTO: Bob Roe is out of the office`; `Auto:` alone is German for a car.
    if phrase == notesPhrase { return contains(Array(bytes), "out of the office") ? .certain : .likely }
    bytes = bytes.dropFirst(phrase.count)
    skip(&bytes, [Array(" ".utf8)])
    // `Out of Office AutoReply: …` is two of them.
    if let second = automaticPhrases.first(where: { bytes.starts(with: $0) }) { bytes = bytes.dropFirst(second.count) }
    skip(&bytes, [Array(" ".utf8)])
    return bytes.isEmpty || closers.contains { bytes.starts(with: $0) } ? .certain : .likely
}

private func skip(_ bytes: inout ArraySlice<UInt8>, _ tokens: [[UInt8]]) {
    while let token = tokens.first(where: { bytes.starts(with: $0) }) { bytes = bytes.dropFirst(token.count) }
}

private let spaceAndOpeners = [" ", "[", "(", "【", "（", "「", "［", "*"].map { Array($0.utf8) }
private let closers = [":", "：", "]", ")", "】", "）", "」", "］", "-", "–", "—", "|", "*", "!", "！", "."].map {
    Array($0.utf8)
}

private let notesPhrase = Array("auto:".utf8)

/// Lower-cased in ASCII. What Outlook, Gmail, Notes, Coremail (163, 126), QQ Mail, and the usual autoresponders write.
private let automaticPhrases: [[UInt8]] = [
    "automatic reply", "automatic response", "automated reply", "automated response", "auto reply", "auto-reply",
    "autoreply", "auto response", "auto-response", "autoresponse", "auto:", "autoresponder", "out of office",
    "out-of-office", "out of the office", "vacation reply", "vacation response", "on vacation:", "away from office",
    "away from the office", "auto-respons", "autorespons",
    "自动回复", "自动答复", "自动应答", "系统自动回复", "自動回覆", "自動回復", "自動答覆", "自動回信", "不在办公室", "不在辦公室",
    "外出自动", "休假自动", "自動返信", "自動応答", "不在通知", "不在のお知らせ", "不在連絡", "abwesenheit",
    "automatische antwort", "réponse automatique", "reponse automatique", "respuesta automática",
    "respuesta automatica", "risposta automatica", "resposta automática", "automatisch antwoord", "autosvar",
    "respuesta automatizada", "automatyczna odpowiedź", "automatické odpoveď", "otomatik yanıt",
    "автоответ", "автоматический ответ", "자동 회신", "자동회신", "부재중",
].map { Array($0.utf8) }

/// Whether a subject announces that a mail was not, or not yet, delivered.
///
/// Many of these phrases may be about a parcel: they are likely, and count when a mail system's own address wrote them. A
/// null reverse path alone, which a web form may have too, needs a phrase that can only be about mail: a certain one.
func deliveryFailureSubject(_ subject: String) -> SubjectMatch? {
    failurePhrases.rank(in: folded(subject)).map { $0 < mailFailurePhrases.count ? .certain : .likely }
}

private let failurePhrases = PhraseTable(mailFailurePhrases + deliveryFailurePhrases)

private let mailFailurePhrases = [
    "undeliverable:", "undeliverable mail", "undeliverable message", "undelivered mail", "undelivered message",
    "delivery status notification", "failure notice", "returned mail", "mail delivery failed", "mail delivery failure",
    "mail delivery warning", "mail system error", "mail failed", "failed mail", "delayed mail", "non-delivery",
    "nondeliverable mail",
    "message not delivered", "message has not", "message status - undeliverable", "warning: could not send message",
    "unzustellbar:", "non remis :", "no se puede entregar:", "退信", "邮件投递失败", "邮件发送失败", "無法傳遞的郵件", "無法傳遞:",
    "未传递:", "未传递：", "未傳遞:", "未傳遞：", "エラーメール", "メール配信エラー", "配信不能",
]

private let deliveryFailurePhrases = [
    "undeliver", "delivery", "delivered", "returned to sender", "unable to deliver", "nondeliver", "mail failure",
    "rejected", "blocked message", "message status", "unzustellbar", "non remis", "no entregado", "mancato recapito",
    "не доставлено", "odrzucona", "processing error", "mail error", "退件", "无法投递", "投递失败", "未送达", "未能送达", "无法送达", "发送失败",
    "无法传递", "無法投遞", "無法傳遞", "無法傳送", "傳送失敗", "投遞失敗", "未送達", "配信できません", "送信できません", "配信エラー", "配達不能",
    "配信に失敗", "送達できません", "不達",
]

private let tagOpening = Array("[#".utf8)

/// All `[#1001]` of a subject, each once.
func ticketNumbers(in subject: String) -> [TicketNumber] {
    let bytes = Array(subject.utf8)
    var numbers: [TicketNumber] = []
    var rest = bytes[...]
    while let open = firstIndex(of: tagOpening, in: rest) {
        let digits = bytes[(open + 2)...].prefix { $0 &- 48 < 10 }
        rest = bytes[digits.endIndex...]
        // A number of nineteen digits is nobody's ticket, and Int64 might not hold it.
        guard rest.first == UInt8(ascii: "]"), (1...18).contains(digits.count) else { continue }
        guard let number = TicketNumber(parsing: String(decoding: digits, as: UTF8.self)) else { continue }
        if !numbers.contains(number) { numbers.append(number) }
    }
    return numbers
}
