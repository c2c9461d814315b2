import MIME
import Testing

/// Text in a charset, by looking up our own decoder backwards: how a charset is found is tested here, not what it
/// holds.
private struct Encoder {
    private var cells: [Unicode.Scalar: [UInt8]] = [:]

    init(_ label: String) {
        var sources = (0x80...0xFF).map { [UInt8($0)] }
        if !label.hasPrefix("windows") && !label.hasPrefix("iso") && !label.hasPrefix("koi") {
            for first in 0x81...0xFE { sources += (0x40...0xFE).map { [UInt8(first), UInt8($0)] } }
        }
        let header = Array("Content-Type: text/plain; charset=\(label)\n\n".utf8)
        let message = Message(parsing: header + sources.flatMap { $0 + [10] })
        let lines = message.text(message.parts[0]).unicodeScalars.split(separator: "\n")
        for (source, line) in zip(sources, lines) {
            if line.count == 1, let scalar = line.first, cells[scalar] == nil { cells[scalar] = source }
        }
    }

    func encode(_ text: String) -> [UInt8] {
        text.unicodeScalars.flatMap { $0.isASCII ? [UInt8($0.value)] : cells[$0] ?? [0x3F] }
    }
}

private let encoders: [String: Encoder] = {
    var encoders: [String: Encoder] = [:]
    for row in guesses where encoders[row.encoding] == nil { encoders[row.encoding] = Encoder(row.encoding) }
    return encoders
}()

struct GuessCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let encoding: String
    let text: String
    /// The charset that the guess names, where it is another one that has the same characters at these places.
    let named: String

    init(_ encoding: String, _ text: String, named: String? = nil) {
        (testDescription, self.encoding, self.text) = ("\(encoding): \(text)", encoding, text)
        self.named = named ?? encoding
    }
}

private let guesses = [
    GuessCase("gb18030", "张伟"),
    GuessCase("gb18030", "退款"),
    GuessCase("gb18030", "什么时候发货？"),
    GuessCase("gb18030", "您好，订单号 20260310，请尽快退款，谢谢！"),
    GuessCase("gb18030", "电话：010-5555 0100"),
    GuessCase("big5-hkscs", "退款"),
    GuessCase("big5-hkscs", "什麼時候出貨？"),
    GuessCase("big5-hkscs", "您好，請問我的訂單何時可以送到？謝謝您的協助。"),
    GuessCase("cp932", "お知らせ"),
    GuessCase("cp932", "請求書の送付について"),
    GuessCase("cp932", "いつもお世話になっております。先日の注文の件です。"),
    GuessCase("euc-jp", "お知らせ"),
    GuessCase("euc-jp", "いつもお世話になっております。先日の注文の件です。"),
    GuessCase("cp949", "안녕하세요"),
    GuessCase("cp949", "주문한 상품이 아직 도착하지 않았습니다. 확인 부탁드립니다."),
    GuessCase("windows-1252", "Rückfrage"),
    GuessCase("windows-1252", "Größe"),
    GuessCase("windows-1252", "ÜBERWEISUNG"),
    GuessCase("windows-1252", "São João"),
    GuessCase("windows-1252", "AUTORIZAÇÃO DE DEVOLUÇÃO"),
    GuessCase("windows-1252", "l’été à Orléans – déjà fini…"),
    GuessCase("windows-1252", "¿Cuándo llegará mi pedido? ¡Gracias, señor!"),
    GuessCase("windows-1252", "Åsa Öberg, Västerås"),
    GuessCase("windows-1251", "Здравствуйте, когда придёт мой заказ?"),
    GuessCase("windows-1251", "Коли буде доставлено моє замовлення, чи ви його вже відправили?"),
    GuessCase("koi8-r", "Здравствуйте, когда придёт мой заказ?"),
    GuessCase("iso-8859-5", "Здравствуйте, когда придёт мой заказ?"),
    GuessCase("windows-1253", "Καλημέρα, πότε θα παραδοθεί η παραγγελία μου;"),
    GuessCase("windows-874", "กรุณาส่งใบแจ้งหนี้มาที่อีเมลนี้", named: "cp874"),
    GuessCase("windows-1256", "يرجى إرسال الفاتورة إلى هذا البريد"),
    GuessCase("windows-1255", "נא לשלוח לי את החשבונית לחודש מרץ"),
    GuessCase(
        "windows-1250", "Dobrý den, chtěl bych se zeptat, kdy bude doručena moje objednávka. Děkuji předem za odpověď."),
    GuessCase(
        "windows-1254", "siparişimin ne zaman teslim edileceğini öğrenmek istiyorum, hızlı cevabınız için teşekkürler"),
]

@Test("the charset of undeclared text is found", arguments: guesses)
func findsUndeclaredCharsets(_ row: GuessCase) throws {
    let bytes = try #require(encoders[row.encoding]).encode(row.text)
    let message = Message(parsing: Array("Content-Type: text/plain\n\n".utf8) + bytes)
    let reading = message.decodedText(message.parts[0])
    #expect(reading.text == row.text)
    #expect(reading.charset == row.named)
    #expect(reading.confidence < 1)
    #expect(reading.defects.map(\.kind) == [.undeclaredCharset])
}

@Test func moreTextMakesAGuessSurer() throws {
    let encoder = Encoder("gb18030")
    var confidence = 0.0
    for text in ["退款", "请尽快退款", "您好，请尽快退款，谢谢！"] {
        let message = Message(parsing: Array("Content-Type: text/plain\n\n".utf8) + encoder.encode(text))
        let reading = message.decodedText(message.parts[0])
        #expect(reading.confidence >= confidence, "\(text)")
        confidence = reading.confidence
    }
    #expect(confidence > 0.9)
}

@Test func evidenceFarDownALongTextCounts() {
    let body = Array((String(repeating: "plain words only\n", count: 2000) + "<td>").utf8)
    let message = Message(
        parsing: Array("Content-Type: text/html\n\n".utf8) + body + Encoder("gb18030").encode("您好，请尽快退款"))
    #expect(message.text(message.parts[0]).hasSuffix("您好，请尽快退款"))
}

@Test(
    "markup says what it is written in",
    arguments: [
        #"<html><head><meta charset="koi8-r"></head>"#,
        #"<META http-equiv=Content-Type content="text/html; charset=koi8-r">"#,
        #"<meta name=viewport content=x><meta charset = 'KOI8-R' />"#,
        #"<?xml version="1.0" encoding="koi8-r"?>"#,
    ])
func markupSaysItsCharset(_ head: String) {
    // Two letters: too few to guess from.
    let message = Message(parsing: Array("Content-Type: text/html\n\n\(head)".utf8) + [0xC4, 0xC1])
    #expect(message.text(message.parts[0]) == head + "да")
    // UTF-8 that kept an old head is UTF-8.
    let utf8 = Message(parsing: Array("Content-Type: text/html\n\n\(head)да".utf8))
    #expect(utf8.text(utf8.parts[0]) == head + "да")
}

@Test(
    "the bytes go before what cannot be true",
    arguments: [
        ("utf-8 cut in its last character", "-", Array("投诉处理".utf8.dropLast()), "投诉处\u{FFFD}"),
        ("a byte order mark", "-", [0xFF, 0xFE, 0x95, 0x62, 0xC9, 0x8B], "投诉"),
        ("ISO-2022-KR without a label", "-", Array("\u{1B}$)C\u{0E}>H3g\u{0F}".utf8), "안녕"),
        ("Shift_JIS called EUC-JP", "euc-jp", Encoder("cp932").encode("いつもお世話になっております。"), "いつもお世話になっております。"),
        ("GBK called UTF-8", "utf-8", Encoder("gb18030").encode("您好，请尽快退款"), "您好，请尽快退款"),
        ("GBK called us-ascii", "us-ascii", Encoder("gb18030").encode("您好，请尽快退款"), "您好，请尽快退款"),
        ("unknown-8bit (RFC 1428)", "unknown-8bit", Encoder("gb18030").encode("您好，请尽快退款"), "您好，请尽快退款"),
    ] as [(String, String, [UInt8], String)])
func bytesGoBeforeWrongLabels(_ sentence: String, label: String, bytes: [UInt8], expected: String) {
    let parameter = label == "-" ? "" : "; charset=\(label)"
    let message = Message(parsing: Array("Content-Type: text/plain\(parameter)\n\n".utf8) + bytes)
    #expect(message.text(message.parts[0]) == expected, "\(sentence)")
}

@Test(
    "what a person reads, beside what the label says",
    arguments: [
        ("UTF-8 called iso-8859-1", "iso-8859-1", Array("é".utf8), "Ã©", "é"),
        ("Windows quotes called iso-8859-1", "iso-8859-1", [0x93, 0x61, 0x94], "\u{93}a\u{94}", "“a”"),
        ("iso-8859-1 that is it", "iso-8859-1", [0x63, 0x61, 0x66, 0xE9], "café", "café"),
        ("two letters that only look like UTF-8 stay Chinese", "gb2312", [0xC1, 0xAA, 0xCD, 0xA8], "联通", "联通"),
    ] as [(String, String, [UInt8], String, String)])
func aPersonReads(_ sentence: String, label: String, bytes: [UInt8], declared: String, likely: String) {
    let message = Message(parsing: Array("Content-Type: text/plain; charset=\(label)\n\n".utf8) + bytes)
    #expect(message.decodedText(message.parts[0]).text == declared, "\(sentence)")
    #expect(message.text(message.parts[0]) == likely, "\(sentence)")
}

/// One writer's fields are in one charset: together they tell what one name of two characters does not.
@Test func rawFieldsSpeakForEachOther() {
    let gbk = Encoder("gb18030")
    let message = Message(
        parsing: Array("From: ".utf8) + gbk.encode("王芳") + Array(" <wang@example.com>\nSubject: ".utf8)
            + gbk.encode("请尽快处理我们的退款申请，谢谢") + Array("\nContent-Type: text/plain\n\nok\n".utf8))
    #expect(message.from.first?.displayName == "王芳")
    #expect(message.subject == "请尽快处理我们的退款申请，谢谢")
}
