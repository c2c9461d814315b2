import Classification
import Foundation
import MailText
import Testing
import Vocabulary

private func scores(_ text: String, subject: String = "", _ lexicon: Lexicon = .shipped) -> ClassificationScores {
    classify(subject: subject, text: writtenText(plain: text), lexicon: lexicon)
}

@Suite struct CategoryTests {
    @Test(
        "the words of a mail speak for its category",
        arguments: [
            ("我要投诉，设备坏了三次，没人处理，非常不满意。", Category.complaint),
            ("我要投訴，客服態度惡劣。", .complaint),
            ("I want to file a complaint about your service.", .complaint),
            ("建议贵司在产品上增加夜间模式。", .suggestion),
            ("It would be great if you added a dark mode, just a suggestion.", .suggestion),
            ("我们想采购20台水泵，请发报价单。", .contractOrder),
            ("Please find attached our purchase order for 20 pumps.", .contractOrder),
            ("请问我的货什么时候发货？物流信息一直没有更新。", .progress),
            ("Where is my order? It has not arrived yet.", .progress),
            ("系统登录不了，一直报错。", .service),
            ("The software crashes with an error message and we cannot log in.", .service),
            ("请开具增值税专用发票，并确认付款是否到账。", .billing),
            ("I was charged twice, please refund one payment.", .billing),
            ("我司地址已变更，新地址如下。", .customerChange),
            ("自动回复：我正在休假，外出中。", .autoReply),
            ("お世話になります。見積書をお願いします。", .contractOrder),
        ])
    func category(_ text: String, _ category: Category) {
        #expect(scores(text).category == category)
    }

    @Test(
        "weak or divided words settle nothing",
        arguments: ["", "附件。", "Hello", "张三 13800138000", "好"])
    func abstains(_ text: String) {
        let result = scores(text)
        #expect(result.category == nil)
    }

    @Test("a negated complaint is none") func negation() {
        #expect(scores("这不是投诉，只是想请问一下价格是多少？").category == .inquiry)
        #expect(scores("This is not a complaint. What is the price of the pump?").category == .inquiry)
    }

    @Test("the subject weighs more than the text") func subject() {
        let inText = scores("投诉").categoryConfidence
        #expect(scores("见主题", subject: "投诉").categoryConfidence > inText)
    }

    @Test("scores are shares: none below zero, together at most one") func shares() {
        let result = scores("我要投诉，并请开发票、查物流、报价。")
        #expect(result.categories.values.allSatisfy { $0 > 0 && $0 <= 1 })
        #expect(result.categories.values.reduce(0, +) <= 1)
    }

    @Test("the reasons name the phrase, where it stood and its weight") func reasons() throws {
        let reason = try #require(scores("", subject: "我要投诉").reasons.first)
        #expect(reason.about == .category)
        #expect(reason.conclusion == "complaint")
        #expect(reason.because.contains("我要投诉"))
        #expect(reason.because.contains("subject"))
        #expect((reason.weight ?? 0) > 3)
    }

    @Test("quoted mail does not count") func quoted() {
        let text = "好\n\n在 2026年8月3日 09:12，客服 <kf@example.com> 写道：\n> 关于您的投诉和退款"
        #expect(scores(text).category == nil)
    }

    @Test("a forward without own words is judged by what it forwards, less surely") func forward() {
        let forwarded = scores(
            "---------- Forwarded message ---------\nFrom: a@example.com\n\nI want to file a complaint.")
        #expect(forwarded.category == .complaint)
        #expect(forwarded.categoryConfidence < scores("I want to file a complaint.").categoryConfidence)
    }

    @Test("admins add phrases, and silence shipped ones") func adminEntries() {
        let place = SourceLocation(file: "lexicon.yaml", line: 3)
        let lexicon = Lexicon.shipped.adding([
            .init("示例活动", .category(Category("campaign")), weight: 3, source: place),
            .init("投诉", .category(.complaint), weight: 0),
        ])
        let result = scores("咨询示例活动", lexicon)
        #expect(result.category == Category("campaign"))
        #expect(result.reasons.contains { $0.source == "lexicon.yaml:3" })
        #expect(scores("投诉", lexicon).category == nil)
    }

    @Test("full-width and upper case are the same words") func folding() {
        #expect(scores("ＵＲＧＥＮＴ").urgency == .p1)
        #expect(scores("urgent").urgency == .p1)
    }
}

@Suite struct UrgencyTests {
    @Test(
        "phrases speak of time",
        arguments: [
            ("生产线停产，万分紧急，请立即处理！", Urgency.p1),
            ("URGENT: production is down", .p1),
            ("至急ご対応ください", .p1),
            ("请尽快安排发货，影响生产。", .p2),
            ("Please reply as soon as possible.", .p2),
            ("不着急，有空时回复即可。", .p4),
            ("No rush, whenever you have time.", .p4),
            ("This is not urgent, no hurry at all.", .p4),
            ("并不紧急，方便时处理即可", .p4),
        ])
    func urgency(_ text: String, _ urgency: Urgency) {
        #expect(scores(text).urgency == urgency)
    }

    @Test("a mail that says nothing of time has none") func none() {
        let result = scores("请问这款水泵的保修期是多长？")
        #expect(result.urgency == nil)
        #expect(result.urgencyConfidence == 0)
    }

    @Test("a complaint is P2 at least") func complaint() {
        #expect(scores("我对服务非常不满意，要投诉。").urgency == .p2)
    }
}

@Suite struct HostileClassificationTests {
    @Test("two megabytes of one pattern are read", arguments: ["投诉", "urgent ", "a", "不", "\n", "请问", "ｕ"])
    func large(_ unit: String) {
        let text = WrittenText(plain: "", own: String(repeating: unit, count: 2_000_000 / unit.utf8.count))
        #expect(scores2(text).reasons.count <= 26)
    }

    private func scores2(_ text: WrittenText) -> ClassificationScores {
        classify(subject: text.own, text: text, lexicon: .shipped)
    }

    @Test("scores survive coding, with the categories by name") func coding() throws {
        let result = scores("我要投诉，很紧急")
        let data = try JSONEncoder().encode(result)
        #expect(try JSONDecoder().decode(ClassificationScores.self, from: data) == result)
        #expect(String(decoding: data, as: UTF8.self).contains("\"complaint\":0."))
    }
}
