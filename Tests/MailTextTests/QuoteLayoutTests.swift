import Testing

@testable import MailText

/// How mail programs and services introduce the mail that is answered, each in a text of our own.
@Suite struct QuoteLayoutTests {
    @Test(
        "own text ends where a program quotes",
        arguments: [
            OwnTextCase(
                "German Outlook",
                "Passt so.\n\nVon: Ada Byron <ada@example.com>\nGesendet: Montag, 3. August 2026 09:12\nAn: Kunde\nBetreff: AW: Angebot\n\nGuten Tag",
                own: "Passt so."),
            OwnTextCase(
                "Japanese Outlook",
                "承知しました。\n\n差出人: 窓口 <kf@example.com>\n送信日時: 2026年8月3日 9:12\n宛先: 顧客\n件名: RE: 見積\n\nお世話になります",
                own: "承知しました。"),
            OwnTextCase(
                "Korean Outlook",
                "확인했습니다.\n\n보낸 사람: 지원 <kf@example.com>\n보낸 날짜: 2026년 8월 3일 월요일 오전 9:12\n받는 사람: 고객\n제목: RE: 문의\n\n안녕하세요",
                own: "확인했습니다."),
            OwnTextCase(
                "Polish Outlook",
                "Zgoda.\n\nOd: Ada <ada@example.com>\nWysłano: poniedziałek, 3 sierpnia 2026 09:12\nDo: Klient\nTemat: RE: Oferta\n\nWitam",
                own: "Zgoda."),
            OwnTextCase(
                "Italian Outlook",
                "Va bene.\n\nDa: Ada <ada@example.com>\nInviato: lunedì 3 agosto 2026 09:12\nA: Cliente\nOggetto: R: Offerta\n\nSalve",
                own: "Va bene."),
            OwnTextCase(
                "Dutch Outlook",
                "Akkoord.\n\nVan: Ada <ada@example.com>\nVerzonden: maandag 3 augustus 2026 09:12\nAan: Klant\nOnderwerp: RE: Offerte\n\nHallo",
                own: "Akkoord."),
            OwnTextCase(
                "Russian Outlook, labels with capitals",
                "Согласен.\n\nОт: Ада <ada@example.com>\nОтправлено: 3 августа 2026 г. 9:12\nКому: Клиент\nТема: RE: Цена\n\nДобрый день",
                own: "Согласен."),
            OwnTextCase(
                "Portuguese Outlook",
                "Está bem.\n\nDe: Ada <ada@example.com>\nEnviada em: segunda-feira, 3 de agosto de 2026 09:12\nPara: Cliente\nAssunto: RE: Oferta\n\nOlá",
                own: "Está bem."),
            OwnTextCase(
                "Outlook on a phone, its note and its rule",
                "Fine.\n\nGet Outlook for iOS\n________________________________\nFrom: Ada <ada@example.com>\nSent: Monday, August 3, 2026 9:12:00 AM\nTo: Bob <b@example.com>\nSubject: Re: x\n\nHello",
                own: "Fine."),
            OwnTextCase(
                "Japanese Gmail, no verb",
                "了解です。\n\n2026年8月3日(月) 9:12 窓口 <kf@example.com>:\n\n> こんにちは\n",
                own: "了解です。"),
            OwnTextCase(
                "Korean Gmail",
                "네.\n\n2026년 8월 3일 (월) 오전 9:12, 지원 <kf@example.com>님이 작성:\n\n> 안녕하세요\n",
                own: "네."),
            OwnTextCase(
                "French Gmail, wrapped inside the verb",
                "Oui.\n\nLe lun. 3 août 2026 à 09:12, Ada Byron <ada@example.com> a\nécrit :\n\n> Bonjour\n",
                own: "Oui."),
            OwnTextCase(
                "Spanish Gmail, wrapped before the verb",
                "Sí.\n\nEl lun, 3 ago 2026 a las 9:12, Ada Byron (<ada@example.com>)\nescribió:\n\n> Hola\n",
                own: "Sí."),
            OwnTextCase(
                "Portuguese Gmail",
                "Sim.\n\nEm seg., 3 de ago. de 2026 às 09:12, Ada <ada@example.com>\nescreveu:\n\n> Olá\n",
                own: "Sim."),
            OwnTextCase(
                "Polish Gmail, the date without an opener",
                "Tak.\n\npon., 3 sie 2026 o 09:12 Ada Byron <ada@example.com> napisał(a):\n\n> Cześć\n",
                own: "Tak."),
            OwnTextCase(
                "Dutch Gmail",
                "Ja.\n\nOp ma 3 aug 2026 om 09:12 schreef Ada <ada@example.com>:\n\n> Hoi\n",
                own: "Ja."),
            OwnTextCase(
                "Swedish Gmail",
                "Ja.\n\nDen mån 3 aug. 2026 kl 09:12 skrev Ada <ada@example.com>:\n\n> Hej\n",
                own: "Ja."),
            OwnTextCase(
                "Danish Gmail",
                "Ja.\n\nman. 3. aug. 2026 kl. 09.12 skrev Ada <ada@example.com>:\n\n> Hej\n",
                own: "Ja."),
            OwnTextCase(
                "Russian Gmail, no verb",
                "Да.\n\nпн, 3 авг. 2026 г. в 09:12, Ada Byron <ada@example.com>:\n\n> Привет\n",
                own: "Да."),
            OwnTextCase(
                "Italian Gmail",
                "Sì.\n\nIl giorno lun 3 ago 2026 alle ore 09:12 Ada Byron <ada@example.com>\nha scritto:\n\n> Ciao\n",
                own: "Sì."),
            OwnTextCase(
                "German Gmail, wrapped inside the brackets",
                "Ja.\n\nAm Mo., 3. Aug. 2026 um 09:12 Uhr schrieb Ada Byron <\nada@example.com>:\n\n> Hallo\n",
                own: "Ja."),
            OwnTextCase(
                "Turkish Gmail, the verb last",
                "Evet.\n\nAda <ada@example.com>, 3 Ağu 2026 Pzt, 09:12 tarihinde şunu yazdı:\n\n> Merhaba\n",
                own: "Evet."),
            OwnTextCase(
                "mutt with date in brackets, told by the quote below",
                "Right.\n\n* Ada Byron <ada@example.com> [2026-08-03 09:12 +0200]:\n> Hello\n",
                own: "Right."),
            OwnTextCase(
                "NetEase, unmarked",
                "收到。\n\n\n\n在 2026-08-03 09:12:11，\"客服\" <kf@example.com> 写道：\n\n您好\n请确认",
                own: "收到。"),
            OwnTextCase(
                "NetEase in English, unmarked",
                "Got it.\n\nAt 2026-08-03 09:12:11, \"Support\" <kf@example.com> wrote:\n\nHello\n",
                own: "Got it."),
            OwnTextCase(
                "NetEase, header in columns",
                "收到。\n\n---- 回复的原邮件 ----\n发件人    客服<kf@example.com>\n发送日期    2026年8月3日\n收件人    客户\n主题    Re: x\n您好",
                own: "收到。"),
            OwnTextCase(
                "WeCom",
                "同意。\n\n------------------ Original ------------------\nFrom: \"客服\"<kf@example.com>;\nDate: Mon, Aug 3, 2026 09:12 AM\nTo: \"x\"<x@example.com>;\nSubject: Re\n\n您好",
                own: "同意。"),
            OwnTextCase(
                "Aliyun below a row of dashes",
                "好的。\n------------------------------------------------------------------\n发件人：客服 <kf@example.com>\n发送时间：2026年8月3日(星期一) 09:12\n收件人：客户 <x@example.com>\n主　题：Re: 咨询\n\n您好",
                own: "好的。"),
            OwnTextCase(
                "QQ Mail on a phone",
                "好。\n\n---原始邮件---\n发件人: \"客服\"<kf@example.com>\n发送时间: 2026年8月3日(周一) 上午9:12\n收件人: \"x\";\n主题: Re\n\n您好",
                own: "好。"),
            OwnTextCase(
                "an address and 写道, unmarked",
                "好。\nkf@example.com 于2026年8月3日周一 上午9:12写道：\n您好",
                own: "好。"),
            OwnTextCase(
                "Zoho between dashes, no colon",
                "好。\n\n---- 在 星期一, 2026-08-03 09:12:00 +0800 客服 <kf@example.com> 撰写 ----\n\n您好",
                own: "好。"),
            OwnTextCase(
                "a helpdesk's line above which one answers",
                "Works now.\n\n##- Please type your reply above this line -##\n\nYour request was updated.",
                own: "Works now."),
            OwnTextCase(
                "answers between quoted lines, a single word too",
                "> First question?\nYes, of course.\n> Second question?\nNo.\n\n> Third?\nLarge",
                own: "Yes, of course.\nNo.\n\nLarge"),
            OwnTextCase(
                "an answer below Apple Mail's quote",
                "On 3 Aug 2026, at 09:12, Ada <ada@example.com> wrote:\n\n> Shall we?\n\nYes, at nine.\n\nBob Stone",
                own: "Yes, at nine."),
            OwnTextCase(
                "a quote and nothing else",
                "On 3 Aug 2026, at 09:12, Ada <ada@example.com> wrote:\n> Shall we?",
                own: ""),
            OwnTextCase(
                "Yahoo, indented",
                "ok\n\n    On Friday, August 28, 2026 at 05:07:00 PM GMT+8, Ada <a@example.com> wrote:  \n \n Hello there\n",
                own: "ok"),
            OwnTextCase(
                "an iPhone in traditional Chinese, attribution inside the marks",
                "好的\n\n從我的 iPhone 傳送\n\n> 客服 <kf@example.com> 於 2026年8月3日 上午9:12 寫道：\n> \n> 您好",
                own: "好的"),
            OwnTextCase(
                "brackets of the address broken over blank lines, `> wrote:` alone",
                "Fine.\n\nOn Mon, 3 Aug 2026 at 09:12 Ada Byron\n\n<\nmailto:Ada <ada@example.com>\n> wrote:\n\nShall we?",
                own: "Fine."),
            OwnTextCase(
                "date and address alone on a line, as old Gmail wrote",
                "Fine.\n\n2026/8/3 Ada Byron <ada@example.com>\n\nShall we?", own: "Fine."),
            OwnTextCase(
                "the verb on the line above the colon",
                "Gut.\n\nAda Byron <ada@example.com> schrieb am Mo., 3. Aug. 2026\num 09:12 Uhr:\n\n> Ja?", own: "Gut."),
            OwnTextCase(
                "a mail that begins with an attribution answers a quote that was taken away",
                "On 3 Aug 2026 at 09:12, Ada <ada@example.com> wrote:\n\nYes, both of them.", own: "Yes, both of them."),
            OwnTextCase(
                "the last word of a quoted line, wrapped after it was marked",
                "Yes.\n\n> The pump stopped at noon and we looked at each of its many valves in\nturn\n> and found nothing.",
                own: "Yes."),
            OwnTextCase(
                "an answer of one small word below a question",
                "> Do you want both of the pumps that we offered you last week, on Monday?\nyes\n> And the valves?\nno",
                own: "yes\nno"),
            OwnTextCase(
                "rows of signs at the end say nothing", "Two, please.\n\n----\n####\n", own: "Two, please."),
            OwnTextCase(
                "a time in a sentence that ends in a colon",
                "We met at 09:12 on 2026-08-03 and agreed on this:\n- two pumps",
                own: "We met at 09:12 on 2026-08-03 and agreed on this:\n- two pumps"),
        ])
    func ownText(_ row: OwnTextCase) {
        #expect(writtenText(plain: row.text).own == row.own)
    }
}
