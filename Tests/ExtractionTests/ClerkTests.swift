import MailText
import Testing
import Vocabulary

@testable import Extraction

// What a careful clerk reads beyond labels: forms, signatures, cards, colleagues, changes; and what is ours.

private func read(
    _ text: String, cards: [String] = [], options: ExtractionOptions = ExtractionOptions(region: "CN")
) -> [Detail] {
    details(in: writtenText(plain: text), subject: "", writer: nil, cards: cards, options: options)
}

private func values(_ details: [Detail], _ field: Detail.Field) -> [String] {
    details.filter { $0.field == field }.map(\.value)
}

@Suite struct ClerkTests {
    @Test func aFormWhoseLabelsStandAboveTheirValues() {
        let found = read(
            "网站留言\n姓名\n丁小雨\n公司名称\n青岛海棠泵业有限公司\n联系电话\n0532-80001234\n留言内容\n请寄一份样册。\n")
        #expect(values(found, .name) == ["丁小雨"])
        #expect(values(found, .company) == ["青岛海棠泵业有限公司"])
        #expect(values(found, .phone) == ["0532-80001234"])
        #expect(values(found, .need) == ["请寄一份样册。"])
    }

    @Test func aSignatureWithoutLabels() {
        let found = read(
            "Please send the manual.\n\nKind regards,\nNora Lindqvist\nTree surgeon\nBlue Heron\n12 Mill Lane\n"
                + "Leeds LS1 4AB\nUnited Kingdom\nnora@blueheron.example\n")
        #expect(values(found, .name) == ["Nora Lindqvist"])
        #expect(values(found, .title) == ["Tree surgeon"])
        #expect(values(found, .company) == ["Blue Heron"])
        #expect(values(found, .address) == ["12 Mill Lane, Leeds LS1 4AB, United Kingdom"])
    }

    @Test func aColleagueIsToldApartAndComesSecond() {
        let found = read("水泵漏水，请派人来。\n技术问题请联系我同事何小满，电话13800138000。\n\n谢谢\n丁小雨\n13900139000\n")
        #expect(values(found, .name).first == "丁小雨" || values(found, .name).contains("何小满"))
        #expect(Set(values(found, .name)) == ["丁小雨", "何小满"])
        #expect(values(found, .phone).count == 2)
    }

    @Test func aPositionInBracketsBehindTheName() {
        let found = read("我是青岛海棠泵业有限公司的丁小雨（采购经理），请报价。")
        #expect(values(found, .title) == ["采购经理"])
        #expect(values(found, .company) == ["青岛海棠泵业有限公司"])
    }

    @Test func aVCardIsRead() {
        let card =
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nora Lindqvist\r\nORG:Blue Heron;Yard\r\nTEL;TYPE=WORK:+44 20 7946\r\n"
            + "  0018\r\nADR;TYPE=WORK:;;12 Mill Lane;Leeds;;LS1 4AB;UK\r\nEND:VCARD\r\n"
        let found = read("see the card", cards: [card])
        #expect(values(found, .name) == ["Nora Lindqvist"])
        #expect(values(found, .company) == ["Blue Heron"])
        #expect(values(found, .address) == ["12 Mill Lane, Leeds, LS1 4AB, UK"])
        #expect(found.first { $0.field == .phone }?.normalized == "+442079460018")
    }

    @Test func theOrganiserOfAnInvitation() {
        let found = read(
            "see",
            cards: ["BEGIN:VCALENDAR\nORGANIZER;CN=\"Nora Lindqvist\":mailto:nora@blueheron.example\nEND:VCALENDAR\n"])
        #expect(values(found, .name) == ["Nora Lindqvist"])
        #expect(values(found, .email) == ["nora@blueheron.example"])
    }

    @Test func whatIsNewIsMarked() throws {
        let found = read("我们的电话已变更为13800138000，旧的不再使用。\n传真不变。\n紧急时打13900139000。")
        let phones = found.filter { $0.field == .phone }
        try #require(phones.count == 2)
        #expect(phones[0].isChange == true)
        #expect(phones[0].evidence.hasSuffix("said to be new"))
        #expect(phones[1].isChange == nil)
    }

    @Test func whatIsOursIsNobodysContact() {
        let options = ExtractionOptions(
            region: "CN", ownAddresses: ["help@pumps.example"], ownDomains: ["pumps.example"])
        let found = read(
            "I wrote to help@pumps.example and saw www.pumps.example, answer to nora@heron.example", options: options)
        #expect(values(found, .email) == ["nora@heron.example"])
        #expect(values(found, .website) == [])
    }

    @Test func aSpanLeadsBackToTheBytes() throws {
        let text = "您好\n电话：１３８００１３８０００ 谢谢"
        let phone = try #require(read(text).first { $0.field == .phone })
        let span = try #require(phone.span)
        #expect(String(decoding: Array(text.utf8)[span], as: UTF8.self) == "１３８００１３８０００")
    }

    @Test func anAdminsWordsAndForms() throws {
        let words = DetailWords(adding: [WordFile("# ours\n[order-form]\nKD-####+\n[title]\n掌柜\n")])
        let found = read(
            "KD-20481 到哪了？\n\n谢谢\n丁小雨 掌柜\n", options: ExtractionOptions(region: "CN", words: words))
        #expect(values(found, .orderNumber) == ["KD-20481"])
        #expect(values(found, .title) == ["掌柜"])
    }

    @Test func aNumberThatIsNoFormIsNamedWithItsLine() {
        let file = WordFile("[order-form]\nKD-####\nKD-4711\n[title]\n掌柜\n")
        #expect(DetailWords.problems(in: file).map(\.line) == [3])
    }

    @Test func ourOwnWordsHaveNoMistake() {
        let file = WordFile(String(decoding: PackageResources.words_txt, as: UTF8.self))
        #expect(file.problems + DetailWords.problems(in: file) == [])
        #expect(file.sections.allSatisfy { DetailWords.Kind(rawValue: $0.name) != nil })
    }

    @Test(
        "words that go over a line end, and a card that ends in a blank line",
        arguments: [
            "Hello, my\nname is Nora", "Hello, my name\nis", "ask my\ncolleague", "please\ncc", "see our web\nsite",
            "ship\nto", "the number is\nnow", "Purchase\norder", "Nora Lindqvist\n020 7946 0018\n12 Mill Lane\n   ",
            "Nora Lindqvist\n12 Mill Lane\nnora@heron.example\n \n", "my colleague", "is now", "web site",
        ])
    func oddLineEndsDoNoHarm(_ text: String) {
        for text in [text, text + "\n", text + " ", "\n" + text] {
            for detail in read(text) {
                guard let span = detail.span else { continue }
                #expect(span.upperBound <= text.utf8.count)
            }
        }
    }

    @Test func aCardOfManyNumbersCostsFewLookUps() {
        let card = "BEGIN:VCARD\n" + (0..<9000).map { "TEL:1380013\(1000 + $0)\n" }.joined() + "END:VCARD\n"
        #expect(read("x", cards: [card, card]).count <= ScanLimits.phoneCandidates)
    }

    @Test(arguments: [
        String(repeating: "7", count: 1 << 20), String(repeating: "BEGIN:VCARD\nFN:", count: 60_000),
        String(repeating: "我是", count: 200_000), String(repeating: "cc ", count: 300_000),
        String(repeating: "Name\n", count: 200_000), String(repeating: "is now ", count: 100_000),
    ])
    func hostileTextEndsAndIsBounded(_ text: String) {
        #expect(read(text, cards: [text]).count <= ScanLimits.perField * Detail.Field.allCases.count)
    }
}
