import Testing

@testable import MailText

/// Signatures without a delimiter, and what looks like one and is not.
@Suite struct SignatureLayoutTests {
    @Test(
        "own text ends where the signature begins",
        arguments: [
            OwnTextCase(
                "a Chinese name and the date, as letters end",
                "请尽快安排退货。\n\n王芳\n2026年8月3日",
                own: "请尽快安排退货。"),
            OwnTextCase(
                "company, name and date",
                "请尽快安排退货。\n\n东方某某有限公司\n王小芳\n2026年8月3日",
                own: "请尽快安排退货。"),
            OwnTextCase(
                "name and number on one line",
                "请寄一份样本。\n\n王芳 13800000000",
                own: "请寄一份样本。"),
            OwnTextCase(
                "name, title and number between bars",
                "请寄一份样本。\n\n王芳 | 采购经理 | 138 0000 0000\n某某科技有限公司",
                own: "请寄一份样本。"),
            OwnTextCase(
                "a sentence that introduces the writer, below thanks",
                "请寄一份样本。\n谢谢！\n\n我是某某科技公司的王芳，电话 138 0000 0000。",
                own: "请寄一份样本。\n谢谢！"),
            OwnTextCase(
                "an introduction that says more stays",
                "您好！\n\n我是王芳，电话13800000000，想退货。",
                own: "您好！\n\n我是王芳，电话13800000000，想退货。"),
            OwnTextCase(
                "labels below a row of stars",
                "请报价。\n\n***************\n姓名：王芳\n公司：某某公司\n电话：010-12345678\n我们的口号：质量第一",
                own: "请报价。"),
            OwnTextCase(
                "a slogan below a row of equal signs",
                "请报价。\n\n==========\n王芳\n质量第一，用户至上！\n电话：010-12345678",
                own: "请报价。"),
            OwnTextCase(
                "a signature above a confidentiality note",
                "Please send two.\n\nBob Stone\nStone & Sons Ltd.\nPhone: 020 7946 0000\n\nThis email and any attachments are confidential.\nIf you got it by mistake, delete it.",
                own: "Please send two."),
            OwnTextCase(
                "a single word that is no name stays",
                "Which colour? See below.\n\nRed",
                own: "Which colour? See below.\n\nRed"),
            OwnTextCase(
                "a name that the text announces stays",
                "Please send it to this person:\n\nJohn Smith",
                own: "Please send it to this person:\n\nJohn Smith"),
            OwnTextCase(
                "a number that the text runs into stays",
                "My new number is\n\n020 7946 0000",
                own: "My new number is\n\n020 7946 0000"),
            OwnTextCase(
                "a name behind a dash",
                "It is done.\n\n- Ada",
                own: "It is done."),
            OwnTextCase(
                "German closing words",
                "Bitte senden Sie zwei Stück.\n\nMit freundlichen Grüßen\n\nAda Byron\nMusterfirma GmbH\nTel. 030 123456",
                own: "Bitte senden Sie zwei Stück.\n\nMit freundlichen Grüßen"),
            OwnTextCase(
                "Russian closing words with a capital",
                "Пришлите, пожалуйста, счёт.\n\nС уважением,\nИван Петров\nтел. +7 495 000-00-00",
                own: "Пришлите, пожалуйста, счёт.\n\nС уважением,"),
            OwnTextCase(
                "a Japanese signature between rows",
                "見積書をお送りください。\nよろしくお願いいたします。\n\n--------------------\n山田太郎\n株式会社サンプル 営業部\nTEL: 03-0000-0000\n--------------------",
                own: "見積書をお送りください。\nよろしくお願いいたします。"),
            OwnTextCase(
                "Korean closing words",
                "견적서를 보내 주세요.\n감사합니다.\n\n홍길동 드림\n전화: 02-000-0000",
                own: "견적서를 보내 주세요.\n감사합니다."),
            OwnTextCase(
                "French closing words",
                "Merci d'envoyer le devis.\n\nCordialement,\n\nJean Dupont\nResponsable achats\nTél. : 01 00 00 00 00",
                own: "Merci d'envoyer le devis.\n\nCordialement,"),
            OwnTextCase(
                "what stands in a postscript stays",
                "Please send two.\n\nBest regards,\nAda\n\nPS: the blue ones, please, because the red ones were too large for us.",
                own:
                    "Please send two.\n\nBest regards,\nAda\n\nPS: the blue ones, please, because the red ones were too large for us."
            ),
            OwnTextCase(
                "a slogan with an address in the signature",
                "Please send two.\n\nThanks\nAda Byron\nSales Manager\nBig savings all summer! Visit www.example.com",
                own: "Please send two.\n\nThanks"),
            OwnTextCase(
                "an address that is the matter stays",
                "Please deliver to the new warehouse.\n\n12 Long Lane, Springfield, OR 97477",
                own: "Please deliver to the new warehouse.\n\n12 Long Lane, Springfield, OR 97477"),
            OwnTextCase(
                "labelled lines that the text announces stay",
                "请改送到下面的地址。\n\n地址：北京市某区某路1号\n电话：13800000000",
                own: "请改送到下面的地址。\n\n地址：北京市某区某路1号\n电话：13800000000"),
            OwnTextCase(
                "a list of dates stays",
                "Deliver on:\n2026-08-03\n2026-08-04",
                own: "Deliver on:\n2026-08-03\n2026-08-04"),
            OwnTextCase(
                "unlabelled lines between name and number",
                "Please send two.\n\nAda Byron | head of machine design\nAnalytical Engines\n12 Long Lane, Suite 5\nPhone: 020 7946 0000",
                own: "Please send two."),
            OwnTextCase(
                "a serial number above the signature is matter",
                "请派人维修。\n设备序列号：13800000000\n\n王芳\n手机：13800000001", own: "请派人维修。\n设备序列号：13800000000"),
            OwnTextCase(
                "a list's footer below the writer's own signature",
                "Two, please.\n\n-- \nAda\n\n____\nPump list\nlist.example.com", own: "Two, please."),
            OwnTextCase(
                "a table of dashes is no delimiter",
                "Please check this.\nitem   count\n----   -----\npump   2",
                own: "Please check this.\nitem   count\n----   -----\npump   2"),
            OwnTextCase(
                "a long line above closing words does not hide them",
                "我们公司的设备昨天开始不能正常工作请尽快安排工程师过来看看好吗\n盼复！\n王芳\n",
                own: "我们公司的设备昨天开始不能正常工作请尽快安排工程师过来看看好吗\n盼复！"),
        ])
    func ownText(_ row: OwnTextCase) {
        #expect(writtenText(plain: row.text).own == row.own)
    }

    @Test("closing words are told apart from the signature, and stay own text") func closing() {
        let text = writtenText(plain: "Please send two.\n\nMany thanks\nBest regards,\n\nAda Byron")
        #expect(text.closingLines == [2, 3])
        #expect(text.signatureLines == [5])
        #expect(text.own == "Please send two.\n\nMany thanks\nBest regards,")
        let signed = writtenText(plain: "Please send two.\n\nThanks, Ada")
        #expect(signed.closingLines == [2])
        #expect(signed.signatureLines == [])
        #expect(signed.own == "Please send two.\n\nThanks, Ada")
        #expect(writtenText(plain: "Please send two.\n\nThanks!").closingLines == [])
    }
}

@Suite struct LineFactsTests {
    private func facts(_ text: String) -> LineFacts { LineFacts(Array(text.utf8), 0..<text.utf8.count) }

    @Test(
        "names in alphabets with capitals, with particles and accents",
        arguments: [
            ("Ada Byron", true), ("J. E. McExample", true), ("Ludwig van Beispiel", true), ("Ada and Bob", true),
            ("Émilie Čapková", true), ("Иван Петров", true), ("иван петров", false), ("王芳", true), ("and", false),
            ("please call me", false), ("Ada 5", false), ("", false),
        ])
    func names(_ text: String, _ isName: Bool) { #expect(facts(text).looksLikeName == isName) }

    @Test(
        "streets",
        arguments: [
            ("12 Long Lane, Springfield", true), ("Springfield, OR 97477", true), ("42 rue de Exemple", true),
            ("I ordered 5, got 3", false), ("we need 12 pumps", false), ("Ada Byron", false),
        ])
    func streets(_ text: String, _ isStreet: Bool) { #expect(facts(text).looksLikeStreet == isStreet) }
}
