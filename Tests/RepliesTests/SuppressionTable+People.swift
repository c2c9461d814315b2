import Replies
import Vocabulary

extension SuppressionTable {
    private static let forwarded = """
        From: Ada Stone <ada@customer.example>
        Sent: Friday, November 20, 2026 10:00 AM
        To: Li Na
        Subject: Where is my order?

        Where is it?
        """

    /// People's mail. Each opens a ticket; where silence is asked for, only the receipt is missing.
    static let people = [
        HeaderSet("an ordinary inquiry", "Return-Path: <ada@customer.example>", .customer, nil),
        HeaderSet("one from a telephone", "X-Mailer: iPhone Mail (21F90)\nMIME-Version: 1.0 (1.0)", .customer, nil),
        HeaderSet("Outlook, which wants no reports", "X-Auto-Response-Suppress: DR, RN, NRN", .customer, nil),
        HeaderSet("Outlook with None", "X-Auto-Response-Suppress: None", .customer, nil),
        HeaderSet(
            "Outlook users whose company asks for silence", "X-Auto-Response-Suppress: All", .customer,
            .responseSuppressed),
        HeaderSet("an inquiry with Precedence: bulk", "Precedence: bulk", .customer, .precedence),
        HeaderSet("an inquiry with Precedence: list", "Precedence: list", .customer, .precedence),
        HeaderSet("an inquiry with Precedence: normal", "Precedence: normal", .customer, nil),
        HeaderSet(
            "a person whose subject is about automatic replies", "Subject: Your auto reply confused me", .customer, nil),
        HeaderSet(
            "a question that begins with the words", "Subject: Out of office messages are not sent", .customer,
            .autoReply),
        HeaderSet("the same in Chinese", "Subject: 自动回复功能怎么设置", .customer, .autoReply),
        HeaderSet(
            "a person who answers our receipt",
            "Subject: Re: Automatic reply: Your ticket\nIn-Reply-To: <o.7.abc@post.example.com>", .customer, nil),
        HeaderSet("a car", "Subject: Auto parts, order 7", .customer, nil),
        HeaderSet(
            "a customer at a relay that marks all mail",
            "Feedback-ID: 1.eu-west-1.abc=:AmazonSES\nReturn-Path: <0102018abc@ses.example>", .customer, nil),
        HeaderSet(
            "a customer whose relay rewrites the reverse path",
            "Return-Path: <SRS0=ab12=cd=customer.example=ada@forwarder.example>", .customer, nil),
        HeaderSet(
            "a customer whose mail a forwarder passed on",
            "Delivered-To: old@forwarder.example\nX-Forwarded-To: support@example.com\nX-Forwarded-For: old@forwarder.example support@example.com\nReturn-Path: <old+caf_=support=example.com@forwarder.example>",
            .customer, nil),
        HeaderSet(
            "mail that an inbox rule of Exchange passed on",
            "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", .customer, .autoReply),
        HeaderSet(
            "our own shared group",
            "Return-Path: <support+bncBC123@example.com>\nList-ID: <support.example.com>\nList-Post: <mailto:support@example.com>\nPrecedence: list\nX-Google-Group-Id: 1",
            .customer, nil),
        HeaderSet("a person with a name like no-reply's", "From: Norepla Yin <n.yin@customer.example>", .customer, nil),
        HeaderSet(
            "a postmaster who asks", "From: Postmaster <postmaster@customer.example>\nSubject: Your order form",
            .customer, .unattendedSender),
        HeaderSet(
            "a portal that writes for a person",
            "From: Portal <no-reply@portal.example>\nReply-To: Ada <ada@customer.example>", .customer, .unattendedSender
        ),
        HeaderSet(
            "a form that the admin named",
            "From: form@shop.example.net\nReply-To: Ada <ada@customer.example>\nAuto-Submitted: auto-generated",
            .customer, nil),
        HeaderSet(
            "our own site's form", "From: Website <support@example.com>\nReply-To: ada@customer.example", .customer, nil
        ),
        HeaderSet(
            "a person who accepts a meeting by hand",
            "Subject: Accepted: Visit\nContent-Type: text/calendar; method=REPLY", .customer, nil),
        HeaderSet(
            "a complaint about a mail that did not arrive", "Subject: Undelivered mail - please help", .customer, nil,
            body: "I wrote to you and it came back.\n"),
        HeaderSet(
            "a complaint about a parcel", "Subject: Delivery failed again", .customer, nil,
            body: "The parcel was not delivered to the address given.\n"),
        HeaderSet(
            "a person who forwards a bounce", "Subject: Fwd: failure notice", .customer, nil,
            body: "Hi. This is the qmail-send program.\n"),
        HeaderSet(
            "an old Date and a strange Mailer", "X-Mailer: Foxmail 7, 2, 25\nX-Priority: 3\nX-Has-Attach: no",
            .customer, nil),
        HeaderSet(
            "QQ Mail by hand",
            "From: =?gb18030?B?1cXI/Q==?= <123456@qq.example>\nX-QQ-mid: webmail1\nX-QQ-FEAT: abc\nSubject: 订单",
            .customer, nil),
        HeaderSet(
            "an agent forwards a customer's mail", "From: Li Na <li.na@example.com>\nSubject: FW: Where is my order?",
            .customer, nil, body: forwarded),
        HeaderSet("a null reverse path, as some forms have", "Return-Path: <>", .customer, .nullReversePath),
        HeaderSet(
            "a blind copy", "To: partners@customer.example\nDelivered-To: support@example.com", .customer,
            .notAddressedToUs),
        HeaderSet("nobody to answer to", "From: undisclosed", .customer, .noReplyAddress),
        HeaderSet("answers go to nobody", "Reply-To: no-reply@customer.example", .customer, .unattendedSender),
        HeaderSet("Auto-Submitted: no", "Auto-Submitted: no", .customer, nil),
        HeaderSet("a clean verdict of the filter", "X-Spam-Status: No, score=-1.9\nX-Spam-Flag: NO", .customer, nil),
        HeaderSet(
            "authenticated", "Authentication-Results: mx.example.com; dkim=pass header.d=customer.example", .customer,
            nil),
    ]
}
