/// The words by which mail programs introduce quoted mail, seen in what they write in their languages: Outlook,
/// Gmail, Apple Mail, Thunderbird, Foxmail, QQ Mail, NetEase (163), WeCom, Yahoo. Everything in lower case.
enum QuoteBoundaries {
    /// What a field of a quoted header is; two different ones close together make a header block.
    enum HeaderField: UInt8, Sendable { case from, date, to, copy, subject }

    /// Names of header fields as Outlook and others translate them.
    static let headerFields: [UInt64: HeaderField] = {
        var table: [UInt64: HeaderField] = [:]
        let names: [(HeaderField, String)] = [
            (
                .from,
                "from|von|de|da|van|från|fra|od|от|от кого|发件人|寄件者|寄件人|發件人|差出人|送信者|보낸 사람|보낸사람|lähettäjä|mittente|remitente"
            ),
            (.from, "expéditeur|afzender|nadawca|kimden|feladó|odesílatel"),
            (
                .date,
                "sent|date|gesendet|datum|envoyé|enviado|enviado el|enviada em|inviato|data|fecha|verzonden|skickat|sendt|wysłano|дата|отправлено|发送时间"
            ),
            (
                .date,
                "发送日期|日期|時間|时间|傳送時間|傳送日期|寄件日期|寄件時間|送信日時|日時|日付|보낸 날짜|날짜|lähetetty|sent at|date sent|gönderildi|dato"
            ),
            (.to, "to|an|à|para|a|aan|till|til|do|кому|收件人|收件者|宛先|받는 사람|받는사람|vastaanottaja|kime|destinataire"),
            (.copy, "cc|bcc|kopie|抄送|副本|抄送人|копия|참조|reply-to|responder a|密件抄送"),
            (
                .subject,
                "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|тема|主题|主題|主旨|标题|標題|件名|제목|aihe|konu"
            ),
        ]
        for (field, list) in names {
            for name in list.split(separator: "|").flatMap(bothCases) { table[LabelHash.of(name)] = field }
        }
        return table
    }()

    /// What stands between dashes above a quoted or forwarded mail. The rest of the text is not the writer's.
    static let separators: [[UInt8]] = list(
        """
        original message|original appointment|original mail|original email|original e-mail|original text|original
        forwarded message|forwarded by|begin forwarded message|reply message|replied message|forwarded mail
        原始邮件|原始郵件|原邮件|原郵件|邮件原件|郵件原件|原始信息|原始訊息|原信|回复的原邮件|回覆的原郵件
        回复的邮件|回覆的郵件|转发的邮件|轉寄的郵件|转发邮件|轉寄郵件|转发信息|轉寄訊息
        已转发的邮件|已轉寄郵件|引用|回复邮件|转发开始|以下是转发的邮件|原文
        元のメッセージ|転送されたメッセージ|転送メッセージ|オリジナルメッセージ|원본 메시지|전달된 메시지|원본 메일
        ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht|message d'origine|message d’origine
        message original|message transféré
        mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original
        mensagem encaminhada
        oorspronkelijk bericht|doorgestuurd bericht|originalmeddelande|opprinnelig melding|oprindelig meddelelse
        alkuperäinen viesti|vidarebefordrat meddelande|videresendt melding|videresendt besked|välitetty viesti
        yönlendirilmiş mesaj|orijinal mesaj|tin nhắn gốc|thư gốc|tin nhắn đã chuyển tiếp|přeposlaná zpráva
        reply above this line|reply above the line|请在此行上方回复|请在此线上方回复|請在此行上方回覆
        исходное сообщение|пересылаемое сообщение|пересланное сообщение|wiadomość oryginalna|oryginalna wiadomość
        původní zpráva
        """)

    /// Lines that introduce forwarded mail without any dashes.
    static let openings: [[UInt8]] = list(
        """
        begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message réexpédié
        inicio del mensaje reenviado:
        inizio messaggio inoltrato:|下面是被转发的邮件：|下面是被轉寄的郵件：|開始轉寄郵件：|以下是转发的邮件：
        début du message transféré|begin doorgestuurd bericht:|início da mensagem encaminhada:
        vidarebefordrat brev:|videresendt meddelelse:|начало переадресованного сообщения:|początek przekazywanej wiadomości:
        転送されたメッセージ：|始めのメッセージ：|開始転送メッセージ:
        """)

    /// Words of the line above a quote: `On … wrote:`.
    static let attributionVerbs: [[UInt8]] = list(
        """
        wrote|writes|wrote the following|写道|寫道|写到|寫到|撰写|撰寫|的邮件|のメール|書きました|님이 작성|작성
        écrit|ecrit|schrieb|geschrieben|escribió|escribio|va escriure|ha scritto|escreveu|schreef|geschreven
        skrev|napisał|napisała|napisał(a)|пишет|писал|писала|написал|написала|написав|kirjoitti|napsal|napsal(a)
        napísal|yazdı|şunu yazdı|írta|a scris|έγραψε|đã viết|menulis|tarihinde
        """)

    /// How such a line begins, where it is spread over several lines. A year at the beginning is known without a list.
    static let attributionOpeners: [[UInt8]] = list(
        "on |le |am |el |il |em |op |den |dnia |w dniu |at |vào |dne |a |ons |tis |ti |ma |pada |la |på |στις |vào |在|于|於"
    )

    /// The first bytes of those beginnings, of years and of dashes, by byte: most lines are done with after one look.
    static let opensAttribution: [Bool] = {
        var table = [Bool](repeating: false, count: 256)
        for opener in attributionOpeners {
            table[Int(opener[0])] = true
            if isASCIILetter(opener[0]) { table[Int(opener[0] ^ 0x20)] = true }
        }
        for byte in [UInt8(ascii: "2"), UInt8(ascii: "-")] { table[Int(byte)] = true }
        return table
    }()

    /// The last bytes of attributions without a colon: of a verb, of an address in brackets, of dashes.
    static let endsAttribution: [Bool] = {
        var table = [Bool](repeating: false, count: 256)
        for byte in attributionVerbs.compactMap(\.last) + [UInt8(ascii: ">"), UInt8(ascii: "-")] {
            table[Int(byte)] = true
        }
        return table
    }()

    private static func list(_ text: String) -> [[UInt8]] {
        text.split(whereSeparator: { $0 == "|" || $0 == "\n" }).flatMap(bothCases).map { Array($0.utf8) }
    }
}

/// The phrase, and with a capital where its first letter is not ASCII: bytes are compared without case in ASCII only.
func bothCases(_ phrase: Substring) -> [Substring] {
    guard let first = phrase.first, !first.isASCII else { return [phrase] }
    let capital = first.uppercased()
    return capital == String(first) ? [phrase] : [phrase, Substring(capital + phrase.dropFirst())]
}
