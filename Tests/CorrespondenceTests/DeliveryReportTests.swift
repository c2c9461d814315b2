import Correspondence
import MIME
import TestSupport
import Testing
import Vocabulary

@Suite("Delivery reports (RFC 3464) and what looks like one")
struct DeliveryReportTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let fixture: String
        var kind = WriterKind.dsn
        /// `address action status`.
        var recipients: [String] = []
        var diagnostic = ""
        var original: String?
        var envelope: String?
        var testDescription: String { fixture }
    }

    static let rows = [
        Row(
            fixture: "001-postfix-dsn", recipients: ["ada@customer.example failed 5.1.1"],
            diagnostic: "550 5.1.1 <ada@customer.example>: Recipient address rejected",
            original: "t1001.1@post.example.com", envelope: "row-77"),
        Row(
            fixture: "002-postfix-delayed", recipients: ["ben@slow.example delayed 4.4.1"],
            diagnostic: "connect to mail.slow.example", original: "t1002.1@post.example.com"),
        Row(
            fixture: "003-exchange-ndr", recipients: ["full@customer.example failed 5.2.2"],
            diagnostic: "554 5.2.2 mailbox full", original: "t1003.1@post.example.com"),
        Row(
            fixture: "004-qmail-failure", recipients: ["cy@old.customer.example failed 5.1.1"],
            diagnostic: "no mailbox here", original: "t1004.1@post.example.com"),
        Row(
            fixture: "005-exim-failed", recipients: ["dee@gone.example failed 5.1.1"],
            diagnostic: "550 No such user here", original: "t1005.1@post.example.com"),
        Row(
            fixture: "006-provider-zh", recipients: ["wang.fang@cn.example failed 5.1.1"],
            diagnostic: "550 User not found"),
        Row(
            fixture: "007-sendmail-report-without-type",
            recipients: ["eve@gw.example failed 5.7.1", "frank@gw.example failed 5.1.1"], diagnostic: "554 refused",
            original: "t1007.1@post.example.com"),
        Row(fixture: "008-read-receipt", kind: .automatic),
        Row(fixture: "009-person-forwards-a-bounce", kind: .customer),
        Row(fixture: "010-delivered", recipients: ["山田@例え.example delivered 2.0.0"]),
    ]

    @Test("recognised and read", arguments: rows, [false, true])
    func reports(_ row: Row, withCRLF: Bool) {
        var bytes = Checkout.fixture("messages/auto/\(row.fixture).eml")
        if withCRLF { bytes = bytes.flatMap { $0 == 10 ? [13, 10] : [$0] } }
        let origin = origin(of: Message(parsing: bytes), identity: identity)
        #expect(origin.kind == row.kind, "\(origin.reasons)")
        let report = origin.report
        #expect((report?.recipients ?? []).map { "\($0.finalRecipient) \($0.action) \($0.status)" } == row.recipients)
        #expect(row.diagnostic.isEmpty || (report?.recipients.first?.diagnostic ?? "").contains(row.diagnostic))
        #expect(report?.originalMessageID?.value == row.original)
        #expect(report?.envelopeID == row.envelope)
    }

    @Test("the bounce token comes with the report")
    func bounceToken() {
        let bytes = Checkout.fixture("messages/auto/001-postfix-dsn.eml")
        #expect(origin(of: Message(parsing: bytes), identity: identity).tokens == ["b.k3v9"])
    }

    @Test("a customer who complains that mail was not delivered is no bounce")
    func subjectAlone() {
        let mail = message("Subject: Undelivered mail - please help")
        #expect(origin(of: mail, identity: identity).kind == .customer)
    }

    @Test("a forged report cannot fill the store")
    func manyRecipients() {
        let groups = (0..<5_000).map { "\nFinal-Recipient: rfc822; a\($0)@x.example\nAction: failed\nStatus: 5.1.1\n" }
        let mail = message(
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            body: "--b\nContent-Type: message/delivery-status\n\n\(groups.joined())\n--b--\n")
        let report = origin(of: mail, identity: identity).report
        #expect(report?.recipients.count == 100)
    }
}
