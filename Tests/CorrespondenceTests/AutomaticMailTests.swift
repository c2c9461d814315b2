import Correspondence
import Testing
import Vocabulary

/// The seal of a Message-ID of ours; 26 digits of base 32.
private let seal = "abcdefghijklmnopqrstuvwxyz"

@Suite("Who wrote a mail, and what forbids an answer")
struct AutomaticMailTests {
    @Test(
        "automatic answers",
        arguments: [
            Row(
                "Outlook's automatic reply",
                """
                Return-Path: <>
                Subject: Automatic reply: Your ticket
                X-Auto-Response-Suppress: All
                Auto-Submitted: auto-generated
                X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent
                """, .automatic,
                [.autoSubmitted, .autoReplyField, .autoReplySubject, .nullReversePath, .responseSuppressed],
                because: "Auto-Submitted: auto-generated"),
            Row(
                "Gmail's vacation responder",
                """
                Auto-Submitted: auto-replied
                Precedence: bulk
                X-Autoreply: yes
                Subject: On holiday Re: Your ticket
                """, .automatic, [.autoSubmitted, .autoReplyField, .precedence], because: "auto-replied"),
            Row(
                "QQ Mail's automatic reply, which has a subject and no field", "Subject: 自动回复:关于订单", .automatic,
                [.autoReplySubject], because: "自动回复"),
            Row("QQ Mail's with a full-width colon", "Subject: 自动回复：已收到您的邮件", .automatic, [.autoReplySubject]),
            Row(
                "163's automatic reply, encoded", "Subject: =?UTF-8?B?6Ieq5Yqo5Zue5aSNOuW3suaUtuWIsA==?=", .automatic,
                [.autoReplySubject]),
            Row("an automatic reply in traditional Chinese", "Subject: 自動回覆: 休假中", .automatic, [.autoReplySubject]),
            Row("two phrases in one", "Subject: Out of Office AutoReply: Your ticket", .automatic, [.autoReplySubject]),
            Row("one in Polish", "Subject: Automatyczna odpowiedź: Zamówienie", .automatic, [.autoReplySubject]),
            Row("one in Japanese", "Subject: 【自動返信】お問い合わせの件", .automatic, [.autoReplySubject]),
            Row("a Japanese absence notice", "Subject: 不在通知", .automatic, [.autoReplySubject]),
            Row("a German one", "Subject: Abwesenheit: bin im Urlaub", .automatic, [.autoReplySubject]),
            Row(
                "Lotus Notes", "Subject: AUTO: Bob Roe is out of the office (returning 11/30)", .automatic,
                [.autoReplySubject]),
            Row("an old autoresponder's field", "X-Autorespond: Your ticket", .automatic, [.autoReplyField]),
            Row("FirstClass", "X-FC-MachineGenerated: true", .automatic, [.autoReplyField]),
            Row("X-Autoreply: no says nothing", "X-Autoreply: no", .customer),
            Row("Precedence: auto_reply", "Precedence: auto_reply", .automatic, [.precedence]),
            Row("Auto-Submitted: no is a person", "Auto-Submitted: no", .customer),
            Row("also with a comment", "Auto-Submitted: no (really)", .customer),
            Row(
                "Auto-Submitted with a parameter", "Auto-Submitted: auto-notified; owner-email=\"a@b.example\"",
                .automatic,
                [.autoSubmitted]),
            Row("Auto-Submitted in capitals", "AUTO-SUBMITTED: Auto-Replied", .automatic, [.autoSubmitted]),
            Row("an empty Auto-Submitted says nothing", "Auto-Submitted:", .customer),
            Row("a person who answers an automatic reply", "Subject: Re: Automatic reply: Your ticket", .customer),
            Row("the same in Chinese", "Subject: 回复：自动回复：已收到您的来信", .customer),
            Row(
                "a question about automatic replies is no automatic reply", "Subject: 自动回复功能怎么设置", .customer,
                [.autoReplySubject]),
            Row("the same in English", "Subject: Out of office messages are not sent", .customer, [.autoReplySubject]),
            Row(
                "but with a null reverse path it is one", "Return-Path: <>\nSubject: Out of office until Monday",
                .automatic,
                [.autoReplySubject, .nullReversePath], because: "two signs together"),
            Row(
                "a holiday answer from an agent is a machine's",
                """
                From: Li Na <li.na@example.com>
                Auto-Submitted: auto-replied
                """, .automatic, [.autoSubmitted]),
        ])
    func automaticAnswers(_ row: Row) { row.check() }

    @Test(
        "requests for silence",
        arguments: [
            Row(
                "X-Auto-Response-Suppress: All does not prove a machine", "X-Auto-Response-Suppress: All", .customer,
                [.responseSuppressed]),
            Row(
                "OOF among others means us", "X-Auto-Response-Suppress: DR, OOF, AutoReply", .customer,
                [.responseSuppressed]),
            Row(
                "DR and RN ask for no reports, which we never send", "X-Auto-Response-Suppress: DR, RN, NRN", .customer),
            Row("None asks for nothing", "X-Auto-Response-Suppress: None", .customer),
            Row("Precedence: bulk alone loses no customer", "Precedence: bulk", .customer, [.precedence]),
            Row("Precedence: junk too", "Precedence: junk", .customer, [.precedence]),
            Row("Precedence: list without a list", "Precedence: list", .customer, [.precedence]),
            Row("Precedence: first-class says nothing", "Precedence: first-class", .customer),
            Row("a null reverse path alone", "Return-Path: <>", .customer, [.nullReversePath]),
            Row("an empty Return-Path is null", "Return-Path:", .customer, [.nullReversePath]),
            Row(
                "the null path as Postfix's pipe writes it", "Return-Path: <MAILER-DAEMON>", .customer,
                [.nullReversePath]),
            Row(
                "a null path and bulk together are a machine", "Return-Path: <>\nPrecedence: bulk", .automatic,
                [.precedence, .nullReversePath], because: "two signs together"),
            Row("SpamAssassin's flag", "X-Spam-Flag: YES", .customer, [.spamFlag]),
            Row("SpamAssassin's status", "X-Spam-Status: Yes, score=9.1", .customer, [.spamFlag]),
            Row("a clean status", "X-Spam-Status: No, score=-1.0", .customer),
            Row("Exchange's confidence level", "X-MS-Exchange-Organization-SCL: 6", .customer, [.spamFlag]),
            Row("a low one", "X-MS-Exchange-Organization-SCL: 1", .customer),
            Row("Rspamd", "X-Rspamd-Action: add header", .customer, [.spamFlag]),
        ])
    func requestsForSilence(_ row: Row) { row.check() }

    @Test(
        "senders whom nobody reads",
        arguments: [
            Row("no-reply", "From: Shop <no-reply@shop.example>", .automatic, [.unattendedSender]),
            Row("noreply with a number", "From: noreply2@bank.example", .automatic, [.unattendedSender]),
            Row("do_not_reply", "From: do_not_reply@bank.example", .automatic, [.unattendedSender]),
            Row(
                "a portal that writes for the person in Reply-To",
                """
                From: Portal <no-reply@portal.example>
                Reply-To: Ada Stone <ada@customer.example>
                """, .customer, [.unattendedSender], because: "writes for the person in Reply-To"),
            Row(
                "no-reply with a Reply-To of the same kind",
                """
                From: no-reply@portal.example
                Reply-To: donotreply@portal.example
                """, .automatic, [.unattendedSender]),
            Row(
                "a person whose answers go to nobody", "Reply-To: no-reply@customer.example", .customer,
                [.unattendedSender]),
            Row(
                "a mailer-daemon without any report", "From: MAILER-DAEMON@relay.example", .automatic,
                [.unattendedSender]),
            Row("a postmaster may be a person", "From: postmaster@customer.example", .customer, [.unattendedSender]),
            Row(
                "an order-request role may be a person", "From: order-request@customer.example", .customer,
                [.unattendedSender]),
            Row("owner- of a list", "From: owner-chess@club.example", .customer, [.unattendedSender]),
            Row(
                "notifications with bulk", "From: notifications@tracker.example\nPrecedence: bulk", .automatic,
                [.unattendedSender, .precedence]),
            Row(
                "a reverse path of list software", "Return-Path: <chess-bounces@club.example>", .customer,
                [.unattendedSender]),
            Row("a name that only contains the letters", "From: Norepla Yin <n.yin@customer.example>", .customer),
        ])
    func unattendedSenders(_ row: Row) { row.check() }

    @Test(
        "lists and mass mail",
        arguments: [
            Row(
                "Mailman 2, a post that only the list was sent",
                """
                Return-Path: <chess-bounces@club.example>
                To: chess@club.example
                Precedence: list
                List-Id: Chess talk <chess.club.example>
                List-Post: <mailto:chess@club.example>
                List-Unsubscribe: <https://club.example/options/chess>
                X-BeenThere: chess@club.example
                X-Mailman-Version: 2.1.39
                """, .automatic, [.mailingList, .unattendedSender, .precedence], because: "List-Id"),
            Row(
                "Mailman 3",
                """
                To: chess@club.example
                List-Id: Chess talk <chess.club.example>
                List-Post: <mailto:chess@club.example>
                X-Mailman-Version: 3.3.8
                """, .automatic, [.mailingList]),
            Row(
                "a person who writes to a list and to us",
                """
                To: chess@club.example
                Cc: support@example.com
                Return-Path: <chess-bounces@club.example>
                List-Id: <chess.club.example>
                List-Post: <mailto:chess@club.example>
                Precedence: list
                """, .customer, [.mailingList, .unattendedSender, .precedence]),
            Row(
                "our shared mailbox is a Google group",
                """
                To: support@example.com
                Return-Path: <support+bncBC123@example.com>
                List-ID: <support.example.com>
                List-Post: <https://groups.google.example/a/support/post>, <mailto:support@example.com>
                Mailing-list: list support@example.com; contact support+owners@example.com
                Precedence: list
                X-Google-Group-Id: 123456789
                """, .customer),
            Row(
                "our shared mailbox is a Mailman list of ours",
                """
                Return-Path: <support-bounces@example.com>
                List-Id: Support <support.example.com>
                Precedence: list
                """, .customer),
            Row(
                "a Google group of somebody else",
                """
                To: parents@school.example
                Precedence: list
                List-ID: <parents.school.example>
                List-Post: <mailto:parents@school.example>
                X-Google-Group-Id: 42
                """, .automatic, [.mailingList, .precedence]),
            Row(
                "a newsletter",
                """
                List-Unsubscribe: <https://news.example/u/1>
                List-Unsubscribe-Post: List-Unsubscribe=One-Click
                Feedback-ID: 77:campaign:esp
                """, .automatic, [.mailingList, .bulkMailer]),
            Row(
                "an announcement list that takes no posts", "List-Id: <news.shop.example>\nList-Post: NO", .automatic,
                [.mailingList]),
            Row("a list field of RFC 2369 alone", "List-Help: <mailto:help@list.example>", .automatic, [.mailingList]),
            Row(
                "an answer to our mail through the customer's group",
                """
                References: <t1001.1@post.example.com>
                List-Id: <buying.customer.example>
                Precedence: list
                """, .customer, [.mailingList, .precedence]),
            Row("a campaign field alone", "X-Campaign: spring", .customer, [.bulkMailer]),
            Row(
                "a campaign field with bulk", "X-CampaignID: 9\nPrecedence: bulk", .automatic,
                [.precedence, .bulkMailer]),
            Row("a relay that marks everybody's mail", "Feedback-ID: 1.eu-west-1.abc=:AmazonSES", .customer),
            Row(
                "a mass mailer's field on a list mail to us, with a reverse path of its own",
                """
                To: support@example.com
                List-Id: <club.example>
                List-Post: <mailto:club@club.example>
                Feedback-ID: x:y:z
                """, .automatic, [.mailingList, .bulkMailer], because: "two signs together"),
        ])
    func listsAndMassMail(_ row: Row) { row.check() }

    @Test(
        "people, agents, forms and ourselves",
        arguments: [
            Row("an ordinary customer", "", .customer, because: "neither ours nor a machine's"),
            Row("a customer with a reverse path of his own", "Return-Path: <ada@customer.example>", .customer),
            Row("an agent", "From: Li Na <li.na@example.com>", .agent, because: "an agent's address"),
            Row("an agent's address with an extension", "From: Bob <bob+desk@example.com>", .agent),
            Row(
                "our own receipt come back",
                """
                From: Support <support@example.com>
                Auto-Submitted: auto-replied
                X-Postroom: 5f2a
                Message-ID: <o.7.\(seal)@post.example.com>
                """, .own, [.autoSubmitted], because: "X-Postroom and a Message-ID"),
            Row(
                "our own with an id that a provider rewrote",
                """
                From: support@example.com
                X-Postroom: 5f2a
                Message-ID: <rewritten@provider.example>
                """, .own, because: "X-Postroom"),
            Row(
                "our own without our field",
                """
                From: support+c.TOKEN@example.com
                Message-ID: <o.7.\(seal)@post.example.com>
                """, .own, because: "a Message-ID of our form"),
            Row(
                "a notice of ours, in capitals by a provider",
                """
                From: support@example.com
                Message-ID: <N.12.\(seal.uppercased())@POST.example.com>
                """, .own),
            Row(
                "a colleague who writes from the shared address with webmail of our domain",
                """
                From: support@example.com
                Message-ID: <b8f1c2d3-0a4e@post.example.com>
                """, .agent, because: "a shared address of ours"),
            Row(
                "an id that only looks like ours: the seal is too short",
                """
                From: support@example.com
                Message-ID: <o.7.abc@post.example.com>
                """, .agent),
            Row(
                "an id of our form at another domain",
                """
                From: support@example.com
                Message-ID: <o.7.\(seal)@elsewhere.example>
                """, .agent),
            Row(
                "our id in a stranger's mail", "Message-ID: <o.7.\(seal)@post.example.com>", .customer),
            Row("our field in a stranger's mail", "X-Postroom: 5f2a\nMessage-ID: <t1@post.example.com>", .customer),
            Row(
                "a script on our own site that writes for a visitor",
                """
                From: Website <support@example.com>
                Reply-To: ada@customer.example
                Auto-Submitted: auto-generated
                """, .customer, because: "writes for the person in Reply-To"),
            Row(
                "a form that the admin named",
                """
                From: form@shop.example.net
                Reply-To: Ada Stone <ada@customer.example>
                Auto-Submitted: auto-generated
                """, .customer),
            Row(
                "a form's automatic answer is still a machine's",
                """
                From: form@shop.example.net
                Auto-Submitted: auto-replied
                """, .automatic, [.autoSubmitted]),
            Row(
                "a note that a colleague wrote from the shared address", "From: support@example.com", .agent,
                because: "a shared address of ours"),
            Row(
                "an agent who writes from the shared address and wants the answer",
                """
                From: support@example.com
                Reply-To: Li Na <li.na@example.com>
                """, .agent, because: "a shared address of ours"),
            Row("an empty From", "From:", .customer, because: "no usable address"),
            Row("a null From", "From: <>", .customer, because: "no usable address"),
            Row("no From, but a Sender", "From: Ada\nSender: ada@customer.example", .customer),
            Row("a From of nothing but words", "From: undisclosed", .customer),
        ])
    func peopleAndOurselves(_ row: Row) { row.check() }

    @Test(
        "reports that are not about delivery",
        arguments: [
            Row(
                "a read receipt (RFC 8098)",
                """
                Subject: Read: Your ticket
                Content-Type: multipart/report; report-type=disposition-notification; boundary=b
                """, .automatic, [.report], because: "disposition-notification"),
            Row(
                "a complaint of a provider (RFC 5965)",
                """
                Content-Type: multipart/report; report-type=feedback-report; boundary=b
                """, .automatic, [.report]),
        ])
    func otherReports(_ row: Row) { row.check() }

    @Test("the claim of our own mail is handed on")
    func ownClaim() {
        let mail = message("From: support@example.com\nX-Postroom: 5f2a\nMessage-ID: <rewritten@provider.example>")
        let claim = origin(of: mail, identity: identity).ownClaim
        #expect(claim == OwnClaim(mark: "5f2a", messageID: MessageID("rewritten@provider.example")))
        #expect(origin(of: message("X-Postroom: 5f2a"), identity: identity).ownClaim == nil)
    }

    @Test("every sign names its rule and what was seen")
    func signsExplainThemselves() {
        let origin = origin(
            of: message("Auto-Submitted: auto-replied\nPrecedence: bulk\nReturn-Path: <>"), identity: identity)
        #expect(
            origin.automatic.map(\.seen) == [
                "Auto-Submitted: auto-replied", "Precedence: bulk", "Return-Path: <>",
            ])
        #expect(
            origin.automatic.map(\.rule) == [
                "RFC 3834 section 5", "RFC 3834 section 2", "RFC 5321 section 4.5.5",
            ])
    }

    @Test("a sign quotes no more than a reason may hold")
    func longBodiesAreCut() {
        let long = String(repeating: "x", count: 100_000)
        let origin = origin(of: message("X-Autoreply: \(long)\nSubject: 自动回复：\(long)"), identity: identity)
        #expect(origin.automatic.allSatisfy { $0.seen.count < 200 })
    }
}
