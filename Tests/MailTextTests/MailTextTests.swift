import MIME
import Testing
import Vocabulary

@testable import MailText

/// A text and what the writer wrote of it; rows read as sentences.
struct OwnTextCase: Sendable, CustomTestStringConvertible {
    let says: String
    let text: String
    let own: String

    init(_ says: String, _ text: String, own: String) {
        self.says = says
        self.text = text
        self.own = own
    }

    var testDescription: String { says }
}

@Suite struct OwnTextTests {
    @Test(
        "own text ends where quoted mail begins",
        arguments: [
            OwnTextCase("plain text is all own", "Hello\nworld\n", own: "Hello\nworld"),
            OwnTextCase("an empty mail has no text", "", own: ""),
            OwnTextCase("blank lines only are no text", "\n \n\t\n", own: ""),
            OwnTextCase("a mail of nothing but a quote has no own text", "> old\n> words\n", own: ""),
            OwnTextCase(
                "an answer above a marked quote",
                "Yes.\n\nOn Mon, Aug 3, 2026 at 9:12 AM Ada <a@example.com> wrote:\n> Ok?",
                own: "Yes."),
            OwnTextCase(
                "an attribution wrapped over two lines",
                "Yes.\n\nOn Mon, Aug 3, 2026 at 9:12 AM Ada Example Longname\n<ada.longname@example.com> wrote:\n\n> Ok?",
                own: "Yes."),
            OwnTextCase(
                "an answer below the quote", "On 2026-08-03, Ada wrote:\n> Shall we?\n\nYes, at nine.",
                own: "Yes, at nine."),
            OwnTextCase(
                "answers between the quotes stay", "> First?\nYes.\n> Second?\nNo.\n", own: "Yes.\nNo."),
            OwnTextCase(
                "an unmarked quote below an attribution with a date",
                "好的。\n\n在 2026年8月3日 09:12，客服 <kf@example.com> 写道：\n\n您好，请确认。", own: "好的。"),
            OwnTextCase(
                "Gmail in Chinese", "收到\n\n客服 <kf@example.com> 于2026年8月28日周五 17:07写道：\n\n> 您好", own: "收到"),
            OwnTextCase(
                "Gmail in traditional Chinese", "收到\n\n客服 <kf@example.com> 於 2026年8月28日 週五 下午5:07寫道：\n\n> 您好", own: "收到"
            ),
            OwnTextCase(
                "QQ Mail", "同意\n\n------------------ 原始邮件 ------------------\n发件人: \"客服\" <kf@example.com>;\n您好",
                own: "同意"),
            OwnTextCase(
                "NetEase with a table of bars",
                "同意\n\n---- 回复的原邮件 ----\n| 发件人 | 客服<kf@example.com> |\n| 日期 | 2026年8月2日 |\n您好", own: "同意"),
            OwnTextCase(
                "Outlook, English", "Agreed.\n\n-----Original Message-----\nFrom: A <a@example.com>\nHello",
                own: "Agreed."),
            OwnTextCase(
                "Outlook header block below a rule of underscores",
                "Agreed.\n\n________________________________\nFrom: A <a@example.com>\nSent: Monday, 3 August 2026 09:12\nTo: B\nSubject: Offer\n\nHello",
                own: "Agreed."),
            OwnTextCase(
                "Outlook header block in Chinese", "同意\n\n发件人： 客服\n发送时间： 2026年8月3日\n收件人： 张三\n主题： 报价\n\n您好", own: "同意"),
            OwnTextCase(
                "Outlook header block in traditional Chinese", "同意\n\n寄件者: 客服\n寄件日期: 2026年8月3日\n收件者: 張三\n主旨: 報價\n\n您好",
                own: "同意"),
            OwnTextCase(
                "bold header labels", "Agreed.\n\n*From:* A <a@example.com>\n*Date:* 3 August 2026\n*To:* B\n\nHello",
                own: "Agreed."),
            OwnTextCase(
                "Japanese header block", "承知しました。\n\n差出人: 受付 <r@example.com>\n送信日時: 2026年8月3日\n宛先: 山田\n件名: 見積\n\n本文",
                own: "承知しました。"),
            OwnTextCase(
                "Japanese attribution", "承知しました。\n\n2026年8月3日(月) 9:12 受付 <r@example.com>:\n\n本文", own: "承知しました。"),
            OwnTextCase(
                "German attribution", "Ja.\n\nAm 03.08.2026 um 09:12 schrieb Ada <a@example.com>:\n> Hallo", own: "Ja."),
            OwnTextCase(
                "a forward has its own words above",
                "FYI\n\n---------- Forwarded message ---------\nFrom: A <a@example.com>\nText", own: "FYI"),
            OwnTextCase(
                "a sentence that ends in a colon is no attribution",
                "Order 20261234 has these faults:\n- scratched\n- wet",
                own: "Order 20261234 has these faults:\n- scratched\n- wet"),
            OwnTextCase(
                "one header-like line is text", "From: the warehouse we hear nothing.\nPlease ask again.",
                own: "From: the warehouse we hear nothing.\nPlease ask again."),
            OwnTextCase(
                "a form with a subject line is text", "姓名：张三\n主题：报价\n内容：请报价", own: "姓名：张三\n主题：报价\n内容：请报价"),
            OwnTextCase("CR LF and lone CR are line ends", "a\r\nb\rc", own: "a\nb\nc"),
        ])
    func ownText(_ row: OwnTextCase) {
        #expect(writtenText(plain: row.text).own == row.own)
    }

    @Test("what is quoted stays in the plain text") func plainKeepsAll() {
        let text = writtenText(plain: "Yes.\r\n> Ok?\r\n")
        #expect(text.plain == "Yes.\n> Ok?\n")
        #expect(text.writtenLines == [0..<1, 2..<3])
    }
}

@Suite struct SignatureTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let says: String
        let text: String
        let lines: [Int]
        let writer: String?

        init(_ says: String, _ text: String, lines: [Int], writer: String? = nil) {
            self.says = says
            self.text = text
            self.lines = lines
            self.writer = writer
        }

        var testDescription: String { says }
    }

    @Test(
        "the signature is found by its delimiter, by closing words or by its contact lines",
        arguments: [
            Row(
                "the delimiter is dash dash space (RFC 3676 section 4.3)", "Help\n-- \nAda\nExample Ltd.",
                lines: [1, 2, 3]),
            Row(
                "a delimiter that lost its space counts before short lines", "Help me\n--\nAda Example", lines: [1, 2]),
            Row("a delimiter inside a quote is not ours", "> x\n> -- \n> Bob\nMine is here", lines: []),
            Row("lines below closing words", "请处理。\n\n此致\n敬礼\n\n张晓明\n电话：021-55550000", lines: [5, 6]),
            Row("closing words with nothing below are text", "请处理。\n\n谢谢！", lines: []),
            Row("English closing words", "Please call.\n\nBest regards,\nAda Example\n+1 202 555 0100", lines: [3, 4]),
            Row("contact lines at the end, without any closing", "请处理。\n\n王芳\n采购部\n手机：13800000000", lines: [2, 3, 4]),
            Row("what a phone's app wrote is not the writer's", "OK\n\n发自我的iPhone", lines: []),
            Row("the app's note below a signature belongs to it", "OK.\n\nAda\nSent from my phone", lines: [2, 3]),
            Row("the sender's own name at the end", "Please send two.\n\nAda", lines: [2], writer: "Ada Example"),
            Row(
                "a mail of nothing but contact lines says them as its matter", "王芳\n电话：021-55550000\n邮箱：w@example.com",
                lines: []),
            Row(
                "a long answer below thanks is no signature",
                "Thanks\n" + String(repeating: "This is a long line of text that goes on. ", count: 8), lines: []),
            Row(
                "a sentence at the end is text", "Hello\n\nThe pump stopped at noon and does not start again.",
                lines: []),
        ])
    func signature(_ row: Row) {
        #expect(writtenText(plain: row.text, writer: row.writer).signatureLines == row.lines)
    }

    @Test("the signature is no own text") func notOwn() {
        let text = writtenText(plain: "请处理。\n\n此致\n敬礼\n\n张晓明\n电话：021-55550000")
        #expect(text.own == "请处理。\n\n此致\n敬礼")
    }
}

@Suite struct LanguageTests {
    @Test(
        "the language shows in scripts and small words",
        arguments: [
            ("您好，请问这个设备什么时候发货？", "zh-Hans"),
            ("您好，請問這個設備什麼時候發貨？", "zh-Hant"),
            ("請確認 order 1234567 的 tracking number", "zh-Hant"),
            ("Please send us the quotation for the pump.", "en"),
            ("お世話になっております。納期を教えてください。", "ja"),
            ("안녕하세요. 주문을 확인해 주세요.", "ko"),
            ("Bitte senden Sie uns die Rechnung, danke und viele Grüße", "de"),
            ("Bonjour, pouvez-vous nous envoyer la facture pour le mois, merci", "fr"),
            ("Здравствуйте, когда будет отправлен заказ?", "ru"),
            ("12345", "und"),
            ("", "und"),
        ])
    func language(_ text: String, _ tag: String) {
        #expect(writtenText(plain: text).language.rawValue == tag)
    }

    @Test("the quoted mail does not decide the language") func ownDecides() {
        let text = writtenText(
            plain: "好的，谢谢您。\n\n> Please confirm the delivery date and the address.\n> Thank you very much.")
        #expect(text.language == .simplifiedChinese)
    }
}
