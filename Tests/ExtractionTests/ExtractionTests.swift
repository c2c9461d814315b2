import MailText
import Testing
import Vocabulary

@testable import Extraction

private func found(_ text: String, _ field: Detail.Field, subject: String = "", region: String = "CN") -> [String] {
    details(in: writtenText(plain: text), subject: subject, writer: nil, options: ExtractionOptions(region: region))
        .filter { $0.field == field }.map {
            $0.phoneExtension.isEmpty ? $0.normalized : "\($0.normalized);ext=\($0.phoneExtension)"
        }
}

struct DetailCase: Sendable, CustomTestStringConvertible {
    let says: String
    let text: String
    let values: [String]
    let region: String

    init(_ says: String, _ text: String, gives values: [String], region: String = "CN") {
        self.says = says
        self.text = text
        self.values = values
        self.region = region
    }

    var testDescription: String { says }
}

@Suite struct PhoneTests {
    @Test(
        "phones are found in the forms people write",
        arguments: [
            DetailCase("a mobile number", "请打 13800138000", gives: ["+8613800138000"]),
            DetailCase("in groups", "手机：138-0013-8000", gives: ["+8613800138000"]),
            DetailCase("with country code", "+86 138 0013 8000", gives: ["+8613800138000"]),
            DetailCase("with brackets around the code", "（+86）13800138000", gives: ["+8613800138000"]),
            DetailCase("with 0086", "0086-13800138000", gives: ["+8613800138000"]),
            DetailCase("full-width digits", "电话：１３８００１３８０００", gives: ["+8613800138000"]),
            DetailCase("a landline with area code", "电话：021-62880000", gives: ["+862162880000"]),
            DetailCase("area code in brackets", "座机：（0571）87650000", gives: ["+8657187650000"]),
            DetailCase("an extension", "电话：021-62880000 转 8001", gives: ["+862162880000;ext=8001"]),
            DetailCase("an extension behind 分机", "021-62880000分机12", gives: ["+862162880000;ext=12"]),
            DetailCase("an extension behind a hyphen", "电话：021-62880000-8001", gives: ["+862162880000;ext=8001"]),
            DetailCase("400 numbers", "热线 400-820-0000", gives: ["+864008200000"]),
            DetailCase(
                "two numbers behind one label", "电话：13800138000/13900139000",
                gives: ["+8613800138000", "+8613900139000"]),
            DetailCase("North America", "Tel: (202) 555-0143", gives: ["+12025550143"], region: "US"),
            DetailCase(
                "North America with extension", "Phone 202-555-0143 ext. 12", gives: ["+12025550143;ext=12"],
                region: "US"),
            DetailCase("international", "T: +44 20 7946 0018", gives: ["+442079460018"]),
            DetailCase(
                "Hong Kong with its code in brackets", "電話：（852）2345 6789", gives: ["+85223456789"], region: "HK"),
            DetailCase("Taiwan", "手機：0912-345-678", gives: ["+886912345678"], region: "TW"),
        ])
    func phones(_ row: DetailCase) {
        #expect(found(row.text, .phone, region: row.region) == row.values)
    }

    @Test(
        "other numbers are not phones",
        arguments: [
            "订单号：13800138000", "订单编号 20260817000123", "银行卡号：6222020200012345678", "日期 2026-08-17 至 2026-09-01",
            "服务器 192.168.100.200",
            "序列号 SN20260817001", "邮编：200001", "金额 1234567.89 元", "QQ：123456789", "物流单号：SF1234567890123",
            "v13800138000x",
            "Card no. 4111 1111 1111 1111", "Invoice no. 2025550143", "2026.08.17 12:30", "身份证号：110101199003070000",
            "a@13800138000.example",
        ])
    func notPhones(_ text: String) {
        #expect(found(text, .phone) == [])
    }

    /// Mainland numbers in digits alone are read without libphonenumber's parser; a blank sends the same number there.
    @Test("a mainland number without blanks is judged like one with them", arguments: ["CN", "US"])
    func plainForms(_ region: String) {
        var seed: UInt64 = 1
        for start in ["1", "13", "15", "17", "179", "18", "0", "010", "021", "0571", "00"] {
            for count in 10...13 {
                for _ in 0..<20 {
                    var digits = start
                    while digits.count < count {
                        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                        digits += String(seed >> 33 % 10)
                    }
                    for prefix in ["", "+86"] {
                        let plain = PhoneCheck(prefix + digits, region: region)
                        let parsed = PhoneCheck(prefix + digits.prefix(3) + " " + digits.dropFirst(3), region: region)
                        #expect(plain?.e164 == parsed?.e164, "\(prefix)\(digits)")
                        #expect(plain?.region == parsed?.region)
                        #expect(plain?.isValid == parsed?.isValid)
                    }
                }
            }
        }
    }

    @Test("phones of the quoted mail are not the customer's") func quoted() {
        let text = "请回电 13800138000\n\n在 2026年8月3日 09:12，客服 <kf@example.com> 写道：\n> 电话：021-62880000\n"
        #expect(found(text, .phone) == ["+8613800138000"])
        #expect(found(text, .email) == [])
    }

    @Test("a detail names its line, and the value as written") func line() throws {
        let text = writtenText(plain: "你好\n\n手机：１３８００１３８０００\n")
        let phone = try #require(
            details(in: text, subject: "", writer: nil, options: ExtractionOptions(region: "CN")).first {
                $0.field == .phone
            })
        #expect(phone.line == 2)
        #expect(phone.value == "１３８００１３８０００")
        #expect(phone.evidence.contains("valid for CN"))
    }
}

@Suite struct ReferenceTests {
    @Test(
        "order numbers are found by label and by shape",
        arguments: [
            DetailCase("simplified label", "订单号：20260817001", gives: ["20260817001"]),
            DetailCase("traditional label", "訂單編號: DD20260817", gives: ["DD20260817"]),
            DetailCase("Japanese label", "注文番号：ABC-12345", gives: ["ABC-12345"]),
            DetailCase("English labels", "Order no. 1234567, PO Number: PO-7788", gives: ["1234567", "PO-7788"]),
            DetailCase("in a sentence", "我的订单号是20260817001，请查", gives: ["20260817001"]),
            DetailCase("two behind one label", "订单号：A10001、A10002", gives: ["A10001", "A10002"]),
            DetailCase("by shape", "关于 SO-2026-081700 的问题", gives: ["SO-2026-081700"]),
            DetailCase("a number sign", "about #1234567 please", gives: ["#1234567".replacing("#", with: "")]),
            DetailCase("a quantity is no number", "we order 212 units", gives: []),
            DetailCase("our own ticket tag is no order", "Re: [#1234567]", gives: []),
        ])
    func orders(_ row: DetailCase) {
        #expect(found(row.text, .orderNumber) == row.values)
    }

    @Test("an order number in the subject counts") func subject() {
        #expect(found("请查", .orderNumber, subject: "订单号 20260817001") == ["20260817001"])
    }

    @Test(
        "contracts, parcels and credit codes",
        arguments: [
            (Detail.Field.contractNumber, "合同编号：HT-2026-0817", ["HT-2026-0817"]),
            (.contractNumber, "Contract No. CT-0817/2026", ["CT-0817/2026"]),
            (.contractNumber, "合同号：合同字[2026]第060号", ["合同字[2026]第060号"]),
            (.trackingNumber, "快递单号：SF1234567890123", ["SF1234567890123"]),
            (.trackingNumber, "Tracking number: 1Z999AA10123456784", ["1Z999AA10123456784"]),
            (.creditCode, "税号：91350100M000100Y43", ["91350100M000100Y43"]),
            (.creditCode, "91350100M000100Y44 无标签且校验位错误", []),
        ])
    func others(_ field: Detail.Field, _ text: String, _ values: [String]) {
        #expect(found(text, field) == values)
    }
}

@Suite struct PersonTests {
    @Test(
        "the name of the person is found",
        arguments: [
            DetailCase("a label", "姓名：王芳", gives: ["王芳"]),
            DetailCase("whom to call", "请联系欧阳晓明，电话：13800138000。", gives: ["欧阳晓明"]),
            DetailCase("a self-introduction", "您好，我是示例机械有限公司的王芳。", gives: ["王芳"]),
            DetailCase("an English self-introduction", "My name is Ada Byron and I need help.", gives: ["Ada Byron"]),
            DetailCase("the first line of a signature", "请处理。\n\n此致\n敬礼\n\n王芳 采购经理\n13800138000", gives: ["王芳"]),
            DetailCase("an English signature", "Please call.\n\nBest regards,\nAda Byron\nBuyer", gives: ["Ada Byron"]),
            DetailCase("a form", "Name: Ada Byron\nPhone: 202-555-0143", gives: ["Ada Byron"]),
            DetailCase("no name", "请问多少钱？", gives: []),
        ])
    func names(_ row: DetailCase) {
        #expect(found(row.text, .name, region: row.region) == row.values)
    }

    @Test("the display name of From is a name, an address or a role is not") func displayName() throws {
        let address = try #require(EmailAddress("ada@example.com"))
        func names(_ displayName: String) -> [String] {
            details(
                in: writtenText(plain: "x"), subject: "",
                writer: NamedAddress(displayName: displayName, address: address),
                options: ExtractionOptions(region: "CN")
            ).filter { $0.field == .name }.map(\.value)
        }
        #expect(names("Ada Byron") == ["Ada Byron"])
        #expect(names("ada@example.com") == [])
        #expect(names("客服中心") == [])
    }

    @Test("company, title, address, website, e-mail") func others() {
        let text = """
            请处理。

            此致
            敬礼

            王芳
            采购经理
            示例机械（上海）有限公司
            上海市浦东新区示例路88号
            邮箱：wang.fang@example.com
            www.example.com
            """
        #expect(found(text, .company) == ["示例机械（上海）有限公司"])
        #expect(found(text, .title) == ["采购经理"])
        #expect(found(text, .address) == ["上海市浦东新区示例路88号"])
        #expect(found(text, .email) == ["wang.fang@example.com"])
        #expect(found(text, .website) == ["example.com"])
    }

    @Test("the request is the first sentence that asks") func need() {
        #expect(found("您好！\n我们上周收到了货。\n请问什么时候可以安装？\n谢谢", .need) == ["请问什么时候可以安装？"])
    }
}

@Suite struct HostileDetailTests {
    @Test(
        "two megabytes of one pattern are read",
        arguments: [
            "1", "1-", "+", "(", "电话", "电话：1", "订单号", "@", "a@b.c", "www.", "http://", "我是", "有限公司", "\n", "A1-",
            "138001380001", " ", "13800138000 ", "¥1",
        ])
    func large(_ unit: String) {
        let text = WrittenText(plain: String(repeating: unit, count: 2_000_000 / unit.utf8.count), own: "")
        let found = details(in: text, subject: text.plain, writer: nil, options: ExtractionOptions(region: "CN"))
        #expect(found.count <= ScanLimits.perField * Detail.Field.allCases.count)
    }

    @Test("an empty mail has no details") func empty() {
        #expect(
            details(in: writtenText(plain: ""), subject: "", writer: nil, options: ExtractionOptions(region: "CN"))
                .isEmpty)
    }
}
