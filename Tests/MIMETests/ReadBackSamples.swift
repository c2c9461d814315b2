import Foundation
import MIME
import Vocabulary

/// Messages for `ReadBackTests`, put together from tables by a random source with a fixed seed: each value comes with what a
/// reader must find.
struct ReadBackSamples {
    /// Written and expected.
    typealias Pair = (written: String, read: String)

    private var random: SplitMix

    init(seed: UInt64) { random = SplitMix(state: seed) }

    static let words = [
        "order", "Re:", "Invoice", "PO-2026/118", "50%", "a=b", "x?=y", "=?", "?=", "=?utf-8?Q?not_me?=", "C:\\temp",
        "\"q\"",
        "'s", "(paren", "paren)", "<tag>", "a,b;c", "[#1001]", "@", "–", "Grüße", "Äpfel", "naïve", "coûté", "œuvre",
        "¿qué?",
        "Zażółć", "gęślą", "Příliš", "žluťoučký", "İstanbul", "Привет", "заказ", "Καλημέρα", "שלום", "עולם", "مرحبا",
        "فاتورة",
        "नमस्ते", "ใบแจ้งหนี้", "订单", "什么时候发货", "訂單", "何時出貨", "ご注文", "カタカナ", "ﾊﾝｶｸ", "주문", "견적서", "đơn", "hàng",
        "👋", "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽", "𝔄𝔅", "𠮷野家", "全角　空白", "a\u{A0}b", "e\u{301}", "☎️", "№", "½", "™",
    ]

    static let names: [String] = [
        "", "Ada", "Ada Stone", "Stone, Ada", "Ada \"the\" Stone", "Ada (Support)", "Ada \\ Stone", "A. Stone",
        "Ada@Work",
        "O'Neil; Ada", "<Ada>", "[Ada]", "Ada: Stone", "=?utf-8?Q?x?=", "客户服务部", "示例科技（上海）有限公司", "陳美玲", "山田 太郎",
        "김민수", "Jürgen Müller", "Müller, Jürgen", "François \"Fred\" Côté", "Анна Петрова", "Ελένη", "محمد علي",
        "דנה כהן",
        "สมชาย", "👩‍💻 Ada", "Ada 客服 Stone", "a中中中中中中中中中中中中中中中中中中中中中中中中中中中中中中中",
        "a very long name of a department of a company with, commas and \"quotes\" that fills more than one line",
    ]

    static let addresses: [Pair] = [
        ("ada@example.com", "ada@example.com"), ("a.b-c_d+e=f@example.co.uk", "a.b-c_d+e=f@example.co.uk"),
        ("support+c.X7@example.com", "support+c.X7@example.com"), ("Ada@EXAMPLE.com", "Ada@example.com"),
        ("a,b@example.com", "\"a,b\"@example.com"), ("a..b@example.com", "\"a..b\"@example.com"),
        ("a(b)@example.com", "\"a(b)\"@example.com"), ("\"a:b\"@example.com", "\"a:b\"@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"), ("ada@例子.测试", "ada@xn--fsqu00a.xn--0zwm56d"),
        ("ada@пример.example", "ada@xn--e1afmkfd.example"),
        ("!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"),
        (String(repeating: "l", count: 64) + "@example.com", String(repeating: "l", count: 64) + "@example.com"),
    ]

    static let filenames: [Pair] = [
        ("report.pdf", "report.pdf"), ("my report (final), v2.pdf", "my report (final), v2.pdf"),
        ("报价单.pdf", "报价单.pdf"),
        ("見積書（最終版）.xlsx", "見積書（最終版）.xlsx"), ("Rechnung für März.pdf", "Rechnung für März.pdf"),
        ("счёт.docx", "счёт.docx"),
        ("100% 'sure'.txt", "100% 'sure'.txt"), ("100% 保证'a'.txt", "100% 保证'a'.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\报价\\单.pdf", "单.pdf"), ("evil\r\nBcc: x@example.com\r\n.txt", "evil Bcc_ x@example.com.txt"),
        ("invoice\u{202E}fdp.exe", "invoicefdp.exe"), ("   .hidden. ", "attachment.hidden"), ("", "attachment"),
        ("...", "attachment"),
        ("👩‍💻.png", "👩💻.png"), ("a;b=c.txt", "a;b=c.txt"), ("say \"hi\".txt", "say _hi_.txt"),
        ("semi;名=前.txt", "semi;名=前.txt"),
        (String(repeating: "长", count: 200) + ".pdf", String(repeating: "长", count: 83) + ".pdf"),
        (
            String(repeating: "long name ", count: 12) + ".tar",
            String(repeating: "long name ", count: 11) + "long name.tar"
        ),
        ("a" + String(repeating: "中", count: 40) + ".zip", "a" + String(repeating: "中", count: 40) + ".zip"),
    ]

    static let attacks = [
        "x\r\nBcc: victim@example.org", "x\nX-Evil: 1", "x\r\n\r\n<html>", "x\u{2028}Bcc: a@example.org",
        "x\u{85}Bcc: a@example.org",
        "\0\u{7}\u{1B}[31m", "x\r\n bcc: y", "\r\n", "\t tab\tbed \t", "--=_1_", "x\u{B}y\u{C}z", "\u{7F}\u{9F}",
    ]

    mutating func message(_ number: Int) -> OutgoingMessage? {
        guard let from = named(), let id = MessageID("<\(number).reply@post.example.com>") else { return nil }
        var message = OutgoingMessage(
            from: from, to: (0...random.below(3)).compactMap { _ in named() }, subject: subject(),
            date: Date(timeIntervalSince1970: Double(random.below(4_000_000_000))), messageID: id, text: text(),
            boundarySeed: "seed \(number)")
        if random.below(4) == 0 { message.sender = named() }
        if random.below(3) == 0 { message.replyTo = named() }
        if random.below(4) == 0 { message.cc = (0...random.below(30)).compactMap { _ in named() } }
        if random.below(2) == 0 {
            message.inReplyTo = MessageID("<CA+\(number)=x@mail.example.com>")
            message.references = references()
        }
        if random.below(3) == 0, let note = FieldName("X-Note") { message.fields.append((note, subject())) }
        if random.below(2) == 0 { message.html = html() }
        if random.below(4) == 0 { message.inlineImages = (0...random.below(2)).compactMap { image(number, $0) } }
        if random.below(3) == 0 { message.attachments = (0...random.below(3)).compactMap { _ in file() } }
        return message
    }

    private mutating func named() -> NamedAddress? {
        let name = random.below(12) == 0 ? random.pick(Self.attacks) : random.pick(Self.names)
        return EmailAddress(random.pick(Self.addresses).written).map { NamedAddress(displayName: name, address: $0) }
    }

    private mutating func subject() -> String {
        switch random.below(20) {
        case 0: return ""
        case 1: return random.pick(Self.attacks)
        case 2: return String(repeating: random.pick(["x", "长", "ü", "👋", "a中"]), count: 300)
        default: return (0...random.below(25)).map { _ in random.pick(Self.words) }.joined(separator: " ")
        }
    }

    private mutating func line() -> String {
        switch random.below(12) {
        case 0: return ""
        case 1:
            return random.pick([
                "From here on", "> quoted text", "-- ", ".", "..dots", "  indented", "--=_1_abc", "=3D=", "F", ">",
            ])
        case 2: return String(repeating: random.pick(["x", "长", "ü", "="]), count: 1 + random.below(1200))
        case 3: return random.pick(Self.attacks)
        case 4: return "trailing space and tab " + (random.below(2) == 0 ? " " : "\t")
        default: return (0...random.below(40)).map { _ in random.pick(Self.words) }.joined(separator: " ")
        }
    }

    private mutating func text() -> String {
        if random.below(15) == 0 { return "" }
        let ending = random.pick(["\n", "\r\n", "\r"])
        if random.below(4) == 0 { return asciiText() }
        return (0...random.below(12)).map { _ in line() }.joined(separator: ending) + random.pick(["", ending])
    }

    /// Paragraphs that flow.
    private mutating func asciiText() -> String {
        let ascii = [
            "Dear", "customer,", "we", "From", ">", "--", "have", "received", "your", "message", "about", "PO-1", "of",
            "-",
        ]
        return (0...random.below(8)).map { _ in
            (0...random.below(60)).map { _ in random.pick(ascii) }.joined(separator: random.below(9) == 0 ? "  " : " ")
        }.joined(separator: "\n") + "\n"
    }

    private mutating func html() -> String {
        (0...random.below(6)).map { _ in "<p>\(line())</p>" }.joined(separator: random.pick(["\n", ""])) + "\n"
    }

    private mutating func references() -> [MessageID] {
        let count = random.pick([0, 1, 3, 30, 200])
        let ids = (0..<count).compactMap { MessageID("<\($0).\(random.below(1_000_000))$x@mail\($0 % 7).example.com>") }
        // One that cannot be written: it is left out.
        return ids
            + (random.below(6) == 0 ? [MessageID("识别@例子.example"), MessageID("a b@x.example")].compactMap(\.self) : [])
    }

    private mutating func bytes() -> [UInt8] { (0..<random.below(400)).map { _ in UInt8(random.below(256)) } }

    private mutating func image(_ number: Int, _ index: Int) -> InlineImage? {
        guard let id = MessageID("img\(index).\(number)@post.example.com"), let type = MediaType("image/png") else {
            return nil
        }
        return InlineImage(
            contentID: id,
            file: OutgoingFile(name: random.pick(Self.filenames).written, mediaType: type, content: bytes()))
    }

    private mutating func file() -> OutgoingFile? {
        let name = random.pick(Self.filenames).written
        switch random.below(6) {
        case 0:
            let text = (0...3).map { _ in random.pick(Self.words) }.joined(separator: "\n")
            return MediaType("text/csv").map { OutgoingFile(name: name, mediaType: $0, content: Array(text.utf8)) }
        case 1:
            let mail = "Subject: a mail within\nFrom: ada@example.com\n\n--=_1_\nFrom the text\n"
            return OutgoingFile(name: "mail.eml", mediaType: .embeddedMessage, content: Array(mail.utf8))
        case 2:
            let mail = "Subject: a mail with 8 bits\nFrom: ada@example.com\n\nGrüße\n"
            return OutgoingFile(name: "mail.eml", mediaType: .embeddedMessage, content: Array(mail.utf8))
        default:
            return MediaType("application/pdf").map { OutgoingFile(name: name, mediaType: $0, content: bytes()) }
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers everywhere.
struct SplitMix {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
