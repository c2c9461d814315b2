import Replies
import Vocabulary

extension SuppressionTable {
    /// Holiday answers, receipts of help desks, and machines that answer everything.
    static let autoReplies = [
        HeaderSet(
            "Exchange Online, out of office",
            """
            Return-Path: <>
            Subject: Automatic reply: Your ticket
            X-Auto-Response-Suppress: All
            Auto-Submitted: auto-generated
            X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent
            """, .automatic, .autoSubmitted),
        HeaderSet(
            "Exchange 2007, out of office",
            """
            Subject: Out of Office AutoReply: Your ticket
            X-Auto-Response-Suppress: All
            X-MS-Has-Attach:
            """, .automatic, .autoReply),
        HeaderSet(
            "Outlook in Chinese", "Subject: 自动答复: 您的工单\nX-Auto-Response-Suppress: All", .automatic, .autoReply),
        HeaderSet(
            "Outlook in traditional Chinese", "Subject: 自動回覆: 您的來信\nX-Auto-Response-Suppress: All", .automatic,
            .autoReply),
        HeaderSet(
            "Outlook in Japanese", "Subject: 自動応答: お問い合わせ\nAuto-Submitted: auto-generated", .automatic, .autoSubmitted),
        HeaderSet("Outlook in German", "Subject: Automatische Antwort: Ihr Vorgang", .automatic, .autoReply),
        HeaderSet("Outlook in French", "Subject: Réponse automatique : votre demande", .automatic, .autoReply),
        HeaderSet("Outlook in Spanish", "Subject: Respuesta automática: su caso", .automatic, .autoReply),
        HeaderSet("Outlook in Polish", "Subject: Automatyczna odpowiedź: sprawa", .automatic, .autoReply),
        HeaderSet(
            "Gmail's vacation responder",
            """
            Auto-Submitted: auto-replied
            Precedence: bulk
            X-Autoreply: yes
            Subject: Away Re: Your ticket
            """, .automatic, .autoSubmitted),
        HeaderSet(
            "Notes and Domino",
            "Subject: AUTO: Bob Roe is out of the office (returning 11/30/2026)\nX-Mailer: Lotus Domino",
            .automatic, .autoReply),
        HeaderSet(
            "Coremail (163)",
            "Subject: =?GBK?B?19S2r7vYuLQ=?=: ticket\nX-Mailer: Coremail Webmail Server\nX-AUTO-REPLY: yes", .automatic,
            .autoReply),
        HeaderSet("Coremail (126), subject alone", "Subject: 自动回复:您的来信我已收到", .automatic, .autoReply),
        HeaderSet("QQ Mail", "Subject: 自动回复：关于订单\nX-QQ-MIME: TCMime 1.0\nX-Mailer: QQMail 2.x", .automatic, .autoReply),
        HeaderSet("QQ Mail for companies", "Subject: [自动回复]关于订单", .automatic, .autoReply),
        HeaderSet("Aliyun mail", "Subject: 自动回复：订单\nX-Mailer: Alimail-Mailagent", .automatic, .autoReply),
        HeaderSet(
            "Sieve vacation (Pigeonhole)",
            """
            Return-Path: <>
            X-Sieve: Pigeonhole Sieve 0.5
            Auto-Submitted: auto-replied (vacation)
            Precedence: bulk
            X-Auto-Response-Suppress: All
            Subject: Out of Office
            """, .automatic, .autoSubmitted),
        HeaderSet(
            "Sieve vacation with a subject of the owner",
            "Return-Path: <>\nAuto-Submitted: auto-replied (vacation)\nSubject: Bin weg",
            .automatic, .autoSubmitted),
        HeaderSet(
            "vacation(1) of the BSDs", "Precedence: bulk\nAuto-Submitted: auto-replied\nSubject: away", .automatic,
            .autoSubmitted),
        HeaderSet(
            "vacation(1) of old Suns", "Precedence: junk\nSubject: Vacation reply: Your ticket", .automatic, .autoReply),
        HeaderSet("GroupWise rule", "Subject: Auto Reply: Your ticket\nX-Autoreply: yes", .automatic, .autoReply),
        HeaderSet(
            "cPanel's autoresponder", "X-Autorespond: Your ticket\nX-Precedence: bulk\nX-Loop: bob@host.example",
            .automatic, .autoReply),
        HeaderSet(
            "Plesk's autoresponder", "Precedence: bulk\nX-Autoreply-From: bob@host.example\nSubject: Re: Your ticket",
            .automatic, .autoReply),
        HeaderSet("Kerio's", "X-Autoresponder: yes\nSubject: I am away", .automatic, .autoReply),
        HeaderSet("FirstClass", "X-FC-MachineGenerated: true\nSubject: Re: Your ticket", .automatic, .autoReply),
        HeaderSet(
            "Zimbra", "Auto-Submitted: auto-replied (zimbra; vacation)\nPrecedence: bulk\nSubject: Out of Office",
            .automatic, .autoSubmitted),
        HeaderSet(
            "Roundcube with managesieve", "Auto-Submitted: auto-replied\nSubject: Auto: Your ticket", .automatic,
            .autoSubmitted),
        HeaderSet(
            "Fastmail", "Auto-Submitted: auto-replied\nX-ME-Proxy: x\nSubject: Vacation: Re: Your ticket", .automatic,
            .autoSubmitted),
        HeaderSet(
            "Proton",
            "Auto-Submitted: auto-replied\nX-Autoreply: yes\nX-Pm-Origin: internal\nSubject: Auto: Your ticket",
            .automatic, .autoSubmitted),
        HeaderSet("Yahoo", "Subject: Auto reply: Your ticket\nX-Yahoo-Auto-Reply: yes", .automatic, .autoReply),
        HeaderSet(
            "Zendesk's receipt",
            """
            Return-Path: <>
            Auto-Submitted: auto-generated
            X-Auto-Response-Suppress: All
            X-Mailer: Zendesk Mailer
            Precedence: bulk
            Subject: [Request received] Your ticket
            """, .automatic, .autoSubmitted),
        HeaderSet(
            "Freshdesk's receipt",
            "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nSubject: Ticket Received", .automatic,
            .autoSubmitted),
        HeaderSet(
            "osTicket's receipt",
            "Auto-Submitted: auto-replied\nX-Autoreply: yes\nX-Autoreply-From: help@desk.example\nPrecedence: auto_reply\nX-Auto-Response-Suppress: DR, RN, OOF, AutoReply",
            .automatic, .autoSubmitted),
        HeaderSet(
            "Zammad's receipt",
            "Auto-Submitted: auto-replied\nX-Loop: yes\nPrecedence: bulk\nX-Auto-Response-Suppress: All", .automatic,
            .autoSubmitted),
        HeaderSet(
            "OTRS's receipt",
            "Auto-Submitted: auto-replied\nX-Powered-By: OTRS\nX-Loop: help@desk.example\nPrecedence: bulk", .automatic,
            .autoSubmitted),
        HeaderSet(
            "Request Tracker's receipt",
            "Auto-Submitted: auto-replied\nX-RT-Loop-Prevention: desk\nPrecedence: bulk\nSubject: [desk #7] AutoReply: Your ticket",
            .automatic, .autoSubmitted),
        HeaderSet(
            "a help desk that only asks for silence with bulk",
            "X-Auto-Response-Suppress: All\nPrecedence: bulk\nX-Campaign-Id: receipts", .automatic, .precedence),
        HeaderSet(
            "Postmark's or another relay's answer with Precedence: auto_reply alone", "Precedence: auto_reply",
            .automatic, .precedence),
        HeaderSet(
            "a holiday answer from an agent's own mailbox",
            "From: li.na@example.com\nAuto-Submitted: auto-replied\nSubject: 自动回复：休假", .automatic, .autoSubmitted),
        HeaderSet(
            "an answering machine that signs as autoreply@",
            "From: autoreply@customer.example\nSubject: Re: Your ticket", .automatic, .unattendedSender),
        HeaderSet(
            "Another Postroom",
            "Auto-Submitted: auto-replied\nX-Postroom: abc\nX-Auto-Response-Suppress: All\nMessage-ID: <o.7.abcdefghijklmnopqrstuvwxyz@post.customer.example>",
            .automatic, .autoSubmitted),
    ]
}
