import Correspondence
import MIME
import Testing
import Vocabulary

/// Forwards of our own writing, in the forms of mail programs.
@Suite("A colleague forwards a customer's mail")
struct ForwardTests {
    struct Forward: Sendable, CustomTestStringConvertible {
        let sentence: String
        let subject: String
        let body: String
        var name = "Ada Stone"
        var original: String? = "Where is my order?"
        var testDescription: String { sentence }
    }

    static let inline = [
        Forward(
            sentence: "Outlook", subject: "FW: Where is my order?",
            body: """
                Please take this one.

                From: Ada Stone <ada@customer.example>
                Sent: Friday, November 20, 2026 10:00 AM
                To: Li Na <li.na@example.com>
                Subject: Where is my order?

                Hello, where is it?
                """),
        Forward(
            sentence: "old Outlook", subject: "FW: Where is my order?",
            body: """
                -----Original Message-----
                From: Ada Stone [mailto:ada@customer.example]
                Sent: Friday, November 20, 2026 10:00 AM
                To: Li Na
                Subject: Where is my order?
                """),
        Forward(
            sentence: "Gmail", subject: "Fwd: Where is my order?",
            body: """
                ---------- Forwarded message ---------
                From: Ada Stone <ada@customer.example>
                Date: Fri, Nov 20, 2026 at 10:00 AM
                Subject: Where is my order?
                To: <li.na@example.com>
                """),
        Forward(
            sentence: "Apple Mail, quoted", subject: "Fwd: Where is my order?",
            body: """
                Begin forwarded message:

                > From: Ada Stone <ada@customer.example>
                > Subject: Where is my order?
                > Date: 20 November 2026 at 10:00:00 GMT
                > To: li.na@example.com
                >
                > Hello
                """),
        Forward(
            sentence: "Thunderbird, subject first, with Message-ID", subject: "Fwd: Where is my order?",
            body: """
                -------- Forwarded Message --------
                Subject: \tWhere is my order?
                Date: \tFri, 20 Nov 2026 10:00:00 +0000
                From: \tAda Stone <ada@customer.example>
                To: \tli.na@example.com
                """),
        Forward(
            sentence: "Notes", subject: "Fw: Where is my order?",
            body: """
                ----- Forwarded by Li Na/Example on 20.11.2026 10:05 -----

                From:\t"Ada Stone" <ada@customer.example>
                To:\tli.na@example.com
                Date:\t20.11.2026 10:00
                Subject:\tWhere is my order?
                """),
        Forward(
            sentence: "QQ Mail", subject: "转发：关于订单",
            body: """
                ------------------ 原始邮件 ------------------
                发件人: "张三" <ada@customer.example>;
                发送时间: 2026年11月20日(星期五) 上午10:00
                收件人: "李娜" <li.na@example.com>;
                主题: 关于订单
                """, name: "张三", original: "关于订单"),
        Forward(
            sentence: "Coremail (163, 126)", subject: "转发:关于订单",
            body: """
                -------- 转发邮件信息 --------
                发件人：张三 <ada@customer.example>
                发送日期：2026-11-20 10:00:00
                收件人：li.na@example.com
                主题：关于订单
                """, name: "张三", original: "关于订单"),
        Forward(
            sentence: "Outlook in traditional Chinese", subject: "轉寄: 訂單",
            body: """
                寄件者: 王小明 <ada@customer.example>
                寄件日期: 2026年11月20日 上午 10:00
                收件者: 李娜 <li.na@example.com>
                主旨: 訂單
                """, name: "王小明", original: "訂單"),
        Forward(
            sentence: "Outlook in Japanese", subject: "転送: 注文の件",
            body: """
                差出人: 佐藤 花子 <ada@customer.example>
                送信日時: 2026年11月20日 10:00
                宛先: 李娜 <li.na@example.com>
                件名: 注文の件
                """, name: "佐藤 花子", original: "注文の件"),
        Forward(
            sentence: "Outlook in German", subject: "WG: Bestellung",
            body: "Von: Ada Stone <ada@customer.example>\nGesendet: Freitag\nAn: Li Na\nBetreff: Bestellung\n",
            original: "Bestellung"),
        Forward(
            sentence: "Outlook in French", subject: "TR : Commande",
            body: "De : Ada Stone <ada@customer.example>\nEnvoyé : vendredi\nÀ : Li Na\nObjet : Commande\n",
            original: "Commande"),
        Forward(
            sentence: "bold labels of a text made from HTML", subject: "Re: Fwd: Where is my order?",
            body: "*From:* Ada Stone <ada@customer.example>\n*Sent:* Friday\n*Subject:* Where is my order?\n"),
        Forward(
            sentence: "an address without a name", subject: "FW: Order",
            body: "From: ada@customer.example\nDate: Friday\nSubject: Order\n", name: "", original: "Order"),
        Forward(
            sentence: "a colleague's forward within the forward", subject: "Fwd: Fwd: Order",
            body: """
                ---------- Forwarded message ---------
                From: Bob <bob@example.com>
                Date: Friday
                Subject: Fwd: Order

                ---------- Forwarded message ---------
                From: Ada Stone <ada@customer.example>
                Date: Thursday
                Subject: Order
                """, original: "Order"),
        Forward(
            sentence: "what the customer quoted is no rival", subject: "FW: Order",
            body: """
                From: Ada Stone <ada@customer.example>
                Sent: Friday
                Subject: Order

                Thanks, see below.

                -----Original Message-----
                From: Carl <carl@maker.example>
                Sent: Thursday
                Subject: Order
                """, original: "Order"),
    ]

    @Test("inline: the original sender is the customer", arguments: inline)
    func inlineForward(_ row: Forward) {
        let mail = message("From: Li Na <li.na@example.com>\nSubject: \(row.subject)", body: row.body)
        let origin = origin(of: mail, identity: identity)
        #expect(origin.kind == .customer, "\(origin.reasons)")
        #expect(origin.writer?.address.description == "ada@customer.example")
        #expect(origin.writer?.displayName == row.name)
        #expect(origin.replyTo == origin.writer)
        #expect(origin.forwarded?.how == .inline)
        #expect(origin.forwarded?.originalSubject == row.original)
        #expect(origin.trust == .unknown)
        let reason = origin.reasons.first { $0.about == .kind }?.because ?? ""
        #expect(reason.contains("forwarded by li.na@example.com") && reason.contains("more fields"), "\(reason)")
    }

    static let attached = """
        From: Ada Stone <ada@customer.example>
        Reply-To: orders@customer.example
        To: li.na@example.com
        Subject: Where is my order?
        Message-ID: <m1@customer.example>
        Precedence: bulk

        Hello
        """

    /// A mail with these parts, each with its header.
    private func multipart(_ header: String, _ parts: [String]) -> Message {
        message(
            header + "\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b",
            body: parts.map { "--b\n\($0)\n" }.joined() + "--b--\n")
    }

    private let rfc822 = "Content-Type: message/rfc822\n\n"

    @Test("as attachment: sender, Reply-To, Message-ID and signs of the mail within")
    func attachment() {
        let mail = multipart(
            "From: bob@example.com\nSubject: for you",
            ["Content-Type: text/plain\n\nSee below.", rfc822 + Self.attached])
        let origin = origin(of: mail, identity: identity)
        #expect(origin.kind == .customer, "\(origin.reasons)")
        #expect(origin.writer?.address.description == "ada@customer.example")
        #expect(origin.replyTo?.address.description == "orders@customer.example")
        #expect(origin.forwarded?.how == .attachment)
        #expect(origin.forwarded?.originalMessageID?.value == "m1@customer.example")
        #expect(origin.references.map(\.value) == ["m1@customer.example"])
        #expect(origin.automatic.map(\.kind) == [.precedence])
    }

    @Test("inline, where the mail is HTML alone")
    func html() {
        let body = """
            <html><body><p>Please answer.</p><hr><div><b>From:</b> Ada Stone &lt;ada@customer.example&gt;<br>
            <b>Sent:</b>&nbsp;Friday<br><b>To:</b> Li Na<br><b>Subject:</b> Order<br></div><p>Hello</p></body></html>
            """
        let mail = message("From: bob@example.com\nSubject: FW: Order\nContent-Type: text/html", body: body)
        let origin = origin(of: mail, identity: identity)
        #expect(origin.writer?.address.description == "ada@customer.example", "\(origin.reasons)")
        #expect(origin.forwarded?.originalSubject == "Order")
    }

    @Test("anybody at our own domain may forward, not only agents")
    func colleague() {
        let body = Self.inline[0].body
        let mail = message("From: Mei <mei@post.example.com>\nSubject: FW: order", body: body)
        #expect(origin(of: mail, identity: identity).writer?.address.description == "ada@customer.example")
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let sentence: String
        let header: String
        let body: String
        let kind: WriterKind
        var because = ""
        var testDescription: String { sentence }
    }

    static let block = "From: Ada Stone <ada@customer.example>\nSent: Friday\nSubject: Order\n"

    @Test(
        "left as it is",
        arguments: [
            Refusal(
                sentence: "a customer who forwards somebody else's mail stays the customer",
                header: "Subject: Fwd: Order", body: "From: Carl <carl@maker.example>\nSent: Friday\nSubject: Order\n",
                kind: .customer),
            Refusal(
                sentence: "a forward from the shared address itself",
                header: "From: support@example.com\nSubject: FW: Order",
                body: block, kind: .agent),
            Refusal(
                sentence: "no forward in the subject", header: "From: bob@example.com\nSubject: Re: Order", body: block,
                kind: .agent),
            Refusal(
                sentence: "a forward subject and no block", header: "From: bob@example.com\nSubject: Fwd: Order",
                body: "Ask Ada.\n", kind: .agent),
            Refusal(
                sentence: "authentication failed",
                header: "Authentication-Results: mx.example.com; dmarc=fail header.from=example.com\n"
                    + "From: bob@example.com\nSubject: FW: Order", body: block, kind: .agent,
                because: "authentication failed"),
            Refusal(
                sentence: "it answers a mail of ours",
                header: "From: bob@example.com\nSubject: FW: Order\nReferences: <o.1.x@post.example.com>", body: block,
                kind: .agent, because: "answers one of ours"),
            Refusal(
                sentence: "it was sent to a ticket's token",
                header: "From: bob@example.com\nSubject: FW: Order\nTo: support+c.1.x@example.com", body: block,
                kind: .agent, because: "answers one of ours"),
            Refusal(
                sentence: "two forwards in one mail", header: "From: bob@example.com\nSubject: Fwd: Orders",
                body: """
                    ---------- Forwarded message ---------
                    From: Ada <ada@customer.example>
                    Date: Friday

                    ---------- Forwarded message ---------
                    From: Ben <ben@other.example>
                    Date: Thursday
                    """, kind: .agent, because: "several senders"),
            Refusal(
                sentence: "the sender has no address", header: "From: bob@example.com\nSubject: FW: Order",
                body: "From: Ada Stone\nSent: Friday\nSubject: Order\n", kind: .agent, because: "no single address"),
            Refusal(
                sentence: "a mail among ourselves", header: "From: bob@example.com\nSubject: FW: Order",
                body: "From: Li Na <li.na@example.com>\nSent: Friday\nSubject: Order\n", kind: .agent,
                because: "our own people"),
            Refusal(
                sentence: "a machine's mail", header: "From: bob@example.com\nSubject: FW: News",
                body: "From: Shop <no-reply@shop.example>\nSent: Friday\nSubject: News\n", kind: .agent,
                because: "nobody who writes"),
            Refusal(
                sentence: "a holiday answer that quotes a forward",
                header: "From: bob@example.com\nSubject: FW: Order\nAuto-Submitted: auto-replied", body: block,
                kind: .automatic),
        ])
    func refusals(_ row: Refusal) {
        let origin = origin(of: message(row.header, body: row.body), identity: identity)
        #expect(origin.kind == row.kind, "\(origin.reasons)")
        #expect(origin.forwarded == nil)
        #expect(
            row.because.isEmpty || origin.reasons.contains { $0.because.contains(row.because) }, "\(origin.reasons)")
    }

    @Test("several attached mails, and one of a machine, are left as they are")
    func attachedRefusals() {
        let two = multipart(
            "From: bob@example.com\nSubject: Fwd: orders", [rfc822 + Self.attached, rfc822 + Self.attached])
        #expect(origin(of: two, identity: identity).kind == .agent)
        let machine = "From: a@b.example\nAuto-Submitted: auto-generated\n\nHello"
        let one = multipart("From: bob@example.com\nSubject: Fwd: order", [rfc822 + machine])
        let found = origin(of: one, identity: identity)
        #expect(found.kind == .agent)
        #expect(found.reasons.contains { $0.because.contains("no customer's") })
    }

    @Test("a forward of a forward as attachments")
    func nested() {
        let inner =
            "From: li.na@example.com\nSubject: Fwd: order\nContent-Type: multipart/mixed; boundary=c\n\n"
            + "--c\n\(rfc822)\(Self.attached)\n--c--\n"
        let mail = multipart("From: bob@example.com\nSubject: Fwd: order", [rfc822 + inner])
        #expect(origin(of: mail, identity: identity).writer?.address.description == "ada@customer.example")
    }

    @Test("a long text is read only at its beginning")
    func longText() {
        let body = String(repeating: "From: nobody\n", count: 20_000) + Self.block
        let mail = message("From: bob@example.com\nSubject: FW: Order", body: body)
        #expect(origin(of: mail, identity: identity).kind == .agent)
    }
}
