import Replies
import Testing
import Vocabulary

/// What holds a mail before it leaves. The card numbers are the published test numbers of the card companies, the identity
/// number is the example of GB 11643.
@Suite("Pre-send checks")
struct PreSendCheckTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        let hits: [PreSendFinding.Check]
        var testDescription: String { String(text.prefix(60)) }

        init(_ text: String, _ hits: PreSendFinding.Check...) {
            self.text = text
            self.hits = hits
        }
    }

    private static func address(_ text: String) -> EmailAddress {
        guard let address = EmailAddress(text) else { preconditionFailure("\(text) is no address") }
        return address
    }

    static let context = PreSendContext(
        ticket: TicketNumber(1001), participants: [address("ada@shop.example"), address("bob@shop.example")],
        ours: [address("support@example.com")], agents: [address("li.na@example.com"), address("wang@staff.example")],
        recipientDelimiter: "+", sizeLimit: 100_000)

    private func checks(
        _ text: String, subject: String = "", recipients: [String] = ["ada@shop.example"], attachments: Int = 0,
        size: Int = 1000
    ) -> [PreSendFinding.Check] {
        preSendFindings(
            subject: subject, text: text, recipients: recipients.map(Self.address), attachments: attachments,
            size: size,
            context: Self.context
        ).map(\.check)
    }

    @Test(
        "secrets",
        arguments: [
            Row("Your password: hunter22", .secret), Row("PASSWORD = Tr0ub4dor", .secret), Row("passwd:abcd", .secret),
            Row("您的密码：Abc12345", .secret), Row("您的密码: 88776655", .secret), Row("登录口令：x8Kd92", .secret),
            Row("您的密碼：qwer1234", .secret), Row("パスワード：hello123", .secret), Row("api_key=sk-12345678", .secret),
            Row("access token: eyJhbGci", .secret),
            Row("-----BEGIN RSA PRIVATE KEY-----\nMIIE", .secret), Row("-----BEGIN CERTIFICATE-----\nMIIE"),
            Row("I have forgotten my password."), Row("Please set a new password: it takes a minute."),
            Row("如果忘记密码，请点击重置。"), Row("密码：请联系管理员"), Row("The password: is not needed."),
            Row("card 4111 1111 1111 1111", .secret), Row("4111-1111-1111-1111", .secret),
            Row("5555555555554444", .secret),
            Row("378282246310005", .secret), Row("4111 1111 1111 1112"), Row("0000 0000 0000 0000"),
            Row("tracking number 1234567890123"), Row("身份证 11010519491231002X", .secret),
            Row("110105194912310021"), Row("SF1234567890123456"),
        ])
    func secrets(_ row: Row) { #expect(checks(row.text) == row.hits) }

    @Test(
        "other customers",
        arguments: [
            Row("Ask carol@other.example about it.", .otherCustomer), Row("<carol@other.example>", .otherCustomer),
            Row("mailto:carol@other.example", .otherCustomer), Row("Write to ada@shop.example."),
            Row("bob@shop.example"),
            Row("support@example.com"), Row("support+c.1001.abc@example.com"), Row("info@example.com"),
            Row("See also [#1002].", .otherCustomer), Row("Keep [#1001] in the subject."),
            Row("[#12345678901234567890]"),
            Row("@handle and a@b"), Row("联系 carol@other.example，谢谢", .otherCustomer),
        ])
    func others(_ row: Row) { #expect(checks(row.text) == row.hits) }

    @Test(
        "what is internal",
        arguments: [
            Row("Li Na is at li.na@example.com", .internalAddress), Row("wang@staff.example", .internalAddress),
            Row("http://10.1.2.3/admin", .internalAddress), Row("server 192.168.0.7:8080", .internalAddress),
            Row("172.16.4.4", .internalAddress), Row("172.32.4.4"), Row("8.8.8.8"), Row("version 10.1.2"),
            Row("files.corp/share", .internalAddress), Row("https://wiki.internal/page", .internalAddress),
            Row("https://www.example.com/local"), Row("127.0.0.1", .internalAddress),
        ])
    func `internal`(_ row: Row) { #expect(checks(row.text) == row.hits) }

    @Test(
        "promised attachments",
        arguments: [
            Row("Please find attached our offer.", .missingAttachment),
            Row("The invoice is attached.", .missingAttachment),
            Row("请查收附件。", .missingAttachment), Row("報價詳見附件。", .missingAttachment),
            Row("見積書を添付いたします。", .missingAttachment), Row("Thank you for the attachment."),
            Row("We could not open your attachment."), Row("以下附件未能接收"), Row("添付ファイルは受け取ることができませんでした"),
        ])
    func attachments(_ row: Row) {
        #expect(checks(row.text) == row.hits)
        #expect(checks(row.text, attachments: 1) == [])
    }

    @Test("recipients and size")
    func envelope() {
        #expect(checks("x", recipients: ["ada@shop.example", "eve@evil.example"]) == [.strangeRecipient])
        #expect(checks("x", size: 100_001) == [.tooLarge])
        #expect(checks("x", size: 100_000) == [])
        #expect(checks("fine", subject: "password: hunter22") == [.secret], "the subject counts too")
    }

    @Test("a finding does not repeat what it found")
    func quiet() {
        let findings = preSendFindings(
            subject: "", text: "password: hunter22 carol@other.example", recipients: [Self.address("ada@shop.example")],
            attachments: 0, size: 10, context: Self.context)
        #expect(findings.count == 2)
        for finding in findings {
            #expect(!finding.description.contains("hunter22") && !finding.description.contains("carol"))
        }
    }

    @Test("hostile texts are read in one pass", arguments: ["[#", "4", "@", "password:", "请", "a@b.c "])
    func hostile(_ piece: String) {
        let text = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
        _ = checks(text)
    }
}
