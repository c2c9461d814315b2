import Testing
import Vocabulary

/// Texts of our own in the forms of mail programs and providers. None follows RFC 3464.
extension PlainBounceTests {
    struct Bounce: Sendable, CustomTestStringConvertible {
        let sentence: String
        let header: String
        let body: String
        /// `address action status`.
        let recipients: [String]
        var original: String?
        var testDescription: String { sentence }

        init(_ sentence: String, _ header: String, _ body: String, _ recipients: [String], original: String? = nil) {
            self.sentence = sentence
            self.header = header
            self.body = body
            self.recipients = recipients
            self.original = original
        }
    }

    static let daemon = "From: MAILER-DAEMON@relay.example"
    static let notice = "\(daemon)\nSubject: failure notice"

    static let programs = [
        Bounce(
            "qmail, which tells the reason in words and in a code", notice,
            """
            Hi. This is the qmail-send program at relay.example.
            I'm afraid I wasn't able to deliver your message to the following addresses.
            This is a permanent error; I've given up. Sorry it didn't work out.

            <cy@customer.example>:
            192.0.2.9 does not like recipient.
            Remote host said: 550 5.1.1 User unknown

            --- Below this line is a copy of the message.

            Return-Path: <support@example.com>
            Message-ID: <o.1.x@post.example.com>
            To: someone.else@customer.example
            """, ["cy@customer.example failed 5.1.1"], original: "o.1.x@post.example.com"),
        Bounce(
            "qmail that gave up after days: a transient status, and still a failure", notice,
            """
            Hi. This is the qmail-send program at relay.example.

            <cy@customer.example>:
            Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)
            I'm not going to try again; this message has been in the queue too long.
            """, ["cy@customer.example failed 4.4.1"]),
        Bounce(
            "Exim with a folded alias",
            "From: Mail Delivery System <Mailer-Daemon@relay.example>\nSubject: Mail delivery failed: returning message to sender",
            """
            This message was created automatically by mail delivery software.

            A message sent by

              <support+b.7.x@forwarder.example>

            could not be delivered to one or more of its recipients. The following
            address(es) failed:

              dee@customer.example
                (ultimately generated from team@customer.example)
                retry timeout exceeded

            ------ This is a copy of the message, including all the headers. ------
            Message-ID:
             <o.2.x@post.example.com>
            """, ["dee@customer.example failed 5.4.7"], original: "o.2.x@post.example.com"),
        Bounce(
            "Exim's warning is a delay", "\(daemon)\nSubject: Warning: message 1ABC-0001 delayed 24 hours",
            """
            This message was created automatically by mail delivery software.
            A message that you sent has not yet been delivered to one or more of its
            recipients after more than 24 hours on the queue.

              dee@customer.example
                Delay reason: mailbox is full

            No action is required on your part. Delivery attempts will continue.
            """, ["dee@customer.example delayed 4.2.2"]),
        Bounce(
            "sendmail's transcript", "\(daemon)\nSubject: Returned mail: Host unknown",
            """
               ----- The following addresses had permanent fatal errors -----
            <eve@nowhere.example>
                (expanded from: <team@customer.example>)

               ----- Transcript of session follows -----
            550 <eve@nowhere.example>... Host unknown

               ----- Unsent message follows -----
            Message-Id: <o.3.x@post.example.com>
            """, ["eve@nowhere.example failed 5.1.2"], original: "o.3.x@post.example.com"),
        Bounce(
            "old Postfix, whose help desk is no recipient", "\(daemon)\nSubject: Undelivered Mail Returned to Sender",
            """
            This is the Postfix program at host relay.example.

            For further assistance, please contact <helpdesk@relay.example>

            <fay@customer.example>: host mx.customer.example[192.0.2.1] said: 552 Quota
                exceeded (in reply to RCPT TO command)
            """, ["fay@customer.example failed 5.2.2"]),
        Bounce(
            "OpenSMTPD",
            "From: Mailer Daemon <MAILER-DAEMON@relay.example>\nSubject: Delivery status notification: error",
            """
            An error has occurred while attempting to deliver a message for
            the following list of recipients:

            gil@customer.example: 550 5.7.1 Message refused

                Below is a copy of the original message:

            Message-ID: <o.4.x@post.example.com>
            """, ["gil@customer.example failed 5.7.1"], original: "o.4.x@post.example.com"),
        Bounce(
            "the DragonFly agent", "\(daemon)\nSubject: Mail delivery failed",
            """
            This is the DragonFly Mail Agent at relay.example.

            There was an error delivering your mail to <postmaster@customer.example>.

            DNS lookup failure: host customer.example not found
            """, ["postmaster@customer.example failed 5.1.2"]),
        Bounce(
            "Domino",
            "From: Postmaster@customer.example\nSubject: DELIVERY FAILURE: User hal not listed in Domino Directory",
            """
            Your message

              Subject: Your order

            was not delivered to:

              hal@customer.example

            because:

              User hal (hal@customer.example) not listed in Domino Directory
            """, ["hal@customer.example failed 5.1.1"]),
        Bounce(
            "old Exchange, with the mail's own recipients above",
            "From: System Administrator <postmaster@customer.example>\nSubject: Undeliverable: Your order",
            """
            Your message

              To:      buying@customer.example
              Subject: Your order

            did not reach the following recipient(s):

            ian@customer.example on Mon, 23 Nov 2026 10:00:00 +0800
                The recipient name is not recognized
            """, ["ian@customer.example failed 5.1.1"]),
        Bounce(
            "the same with the line ends of an old Mac",
            "From: System Administrator <postmaster@customer.example>\nSubject: Undeliverable: Your order",
            "did not reach the following recipient(s):\r\rian@customer.example on Monday\r    unknown recipient\r",
            ["ian@customer.example failed 5.1.1"]),
        Bounce(
            "IMail, one line", "From: \"Postmaster\" <postmaster@relay.example>\nSubject: Undeliverable Mail",
            "User mailbox exceeds allowed size: jan@customer.example\n\n\nOriginal message follows.\n\nTo: x@y.example",
            ["jan@customer.example failed 5.2.2"]),
        Bounce(
            "IMail, a reason for each", "From: \"Postmaster\" <postmaster@relay.example>\nSubject: Undeliverable Mail",
            """
            Unknown user: kim@customer.example

            RCPT TO generated following response:
            550 5.1.1 <kim@customer.example>... unknown

            Unknown user: lou@customer.example

            RCPT TO generated following response:
            554 5.7.1 <lou@customer.example>... refused
            """, ["kim@customer.example failed 5.1.1", "lou@customer.example failed 5.7.1"]),
        Bounce(
            "GroupWise", "From: Mailer-Daemon@customer.example\nSubject: Message status - undeliverable",
            "The message that you sent was undeliverable to the following:\n\n\tmia@customer.example (user not found)",
            ["mia@customer.example failed 5.1.1"]),
        Bounce(
            "a filter that tells of the sender too",
            "From: postmaster@customer.example\nSubject: Undeliverable Mail: \"Order\"",
            """
            Your message:
               From:    agent7@example.net
               Subject: Order
            Could not be delivered because of

            550 5.1.1 User unknown

            The following recipients were affected:
                ned@customer.example
            """, ["ned@customer.example failed 5.1.1"]),
        Bounce(
            "a telephone company's gateway, under the subject of the mail",
            "From: post_master@sms.example\nSubject: Re:Your order",
            """
            Error: Invalid user address

            Error message below:
            550 - Requested action not taken: no such user here

            Message details:
              Subject: Your order
              MAIL FROM: desk@example.net
              RCPT TO: 5550100@sms.example
            """, ["5550100@sms.example failed 5.1.1"]),
        Bounce(
            "a name alone failed: the mail's own recipient stands in the copy", notice,
            "Your mail could not be delivered.\n\n--- Original message follows.\n\nTo: Ola <ola@customer.example>\n"
                + "Message-ID: <o.5.x@post.example.com>",
            ["ola@customer.example failed 5.0.0"], original: "o.5.x@post.example.com"),
        Bounce(
            "nobody wrote it, and one sentence says all", "From: <>\nReturn-Path: <>\nSubject: Mail",
            "You sent mail to pat@customer.example. That's not a valid user here.",
            ["pat@customer.example failed 5.1.1"]),
    ]

    static let providers = [
        Bounce(
            "Gmail's delay",
            "From: Mail Delivery Subsystem <mailer-daemon@big.example>\nSubject: Delivery Status Notification (Delay)",
            """
            THIS IS A WARNING MESSAGE ONLY.

            YOU DO NOT NEED TO RESEND YOUR MESSAGE.

            Delivery to the following recipient has been delayed:

                 qi@customer.example

            Technical details of temporary failure:
            The recipient server did not accept our requests to connect.

            ----- Original message -----

            Message-ID: <o.6.x@post.example.com>
            """, ["qi@customer.example delayed 4.4.1"], original: "o.6.x@post.example.com"),
        Bounce(
            "Yahoo's, each with its reason", "From: MAILER-DAEMON@big.example\nSubject: Delivery failure",
            """
            Message from big.example.
            Unable to deliver message to the following address(es).

            <ray@big.example>:
            Sorry, your message to ray@big.example cannot be delivered. This account is over quota.

            <sue@big.example>:
            Sorry, your message to sue@big.example cannot be delivered. This account has been disabled or discontinued.
            """, ["ray@big.example failed 5.2.2", "sue@big.example failed 5.2.1"]),
        Bounce(
            "Zoho's, in brackets",
            "From: mailer-daemon@big.example\nSubject: Mail Delivery Status Notification (Delay)",
            """
            THIS IS A WARNING MESSAGE ONLY.

            The original message was received at Fri, 20 Nov 2026 03:49:58 +0000
            from desk@example.net [desk@example.net]

            [Status: Error, Address: <tom@customer.example>, ResponseCode 421, , Host not reachable.]
            """, ["tom@customer.example delayed 4.4.1"]),
        Bounce(
            "QQ Mail's", "From: PostMaster@qq.example\nSubject: 系统退信",
            "抱歉，您的邮件被退回来了……\n\n原邮件信息：\n时间 2026-11-20 10:00\n收件人 <li@qq.example>\n",
            ["li@qq.example failed 5.0.0"]),
        Bounce(
            "Coremail's, with the reason in Chinese", "From: Postmaster@163.example\nSubject: 系统退信/Systems bounce",
            """
            您的邮件未能送达以下收件人：
            收件人邮箱：<wu@163.example>
            退信原因：收件人邮箱空间已满。SMTP error, RCPT TO: Host 163.example said 552 Mailbox is full
            """, ["wu@163.example failed 5.2.2"]),
        Bounce(
            "one in traditional Chinese", "From: MAILER-DAEMON@tw.example\nSubject: 無法傳遞的郵件",
            "您的郵件無法送達：\n<chen@tw.example>\n原因：帳號不存在\n", ["chen@tw.example failed 5.1.1"]),
        Bounce(
            "a Japanese provider's", "From: Mail Delivery Subsystem <MAILER-DAEMON@jp.example>\nSubject: Returned mail",
            "次の宛先にメールを配信できませんでした。\n\n<sato@jp.example>\n宛先が見つかりません\n",
            ["sato@jp.example failed 5.1.1"]),
        Bounce(
            "Mail.Ru's, in two languages",
            "From: mailer-daemon@ru.example\nSubject: Ваше сообщение не доставлено. Mail failure.",
            "Ваше письмо не может быть доставлено получателям:\n\n  ivan@ru.example\n    550 пользователь не найден\n",
            ["ivan@ru.example failed 5.1.1"]),
        Bounce(
            "HTML alone", "\(daemon)\nSubject: failure notice\nContent-Type: text/html; charset=utf-8",
            "<p>I'm afraid I wasn't able to deliver your message.<br><b>ulf&#64;customer.example</b><br>No such user<br></p>",
            ["ulf@customer.example failed 5.1.1"]),
        Bounce(
            "a bounce in the text form of a status",
            "From: MAILER-DAEMON@big.example\nSubject: Delivery Status Notification (Failure)",
            "Final-Recipient: rfc822;vic@customer.example\nAction: failed\nStatus: 5.2.2\n"
                + "Diagnostic-Code: smtp; 552 5.2.2 full\n", ["vic@customer.example failed 5.2.2"]),
        Bounce(
            "X-Failed-Recipients decides who failed",
            "\(daemon)\nX-Failed-Recipients: wes@customer.example, xia@customer.example",
            "Message blocked as spam.\n\ncontact abuse@relay.example",
            [
                "wes@customer.example failed 5.7.1", "xia@customer.example failed 5.7.1",
            ]),
        Bounce(
            "a notice from an address that nobody reads",
            "From: no-reply@mobile.example\nReturn-Path: <>\nSubject: Mail",
            "Your mail sent on: Fri, 20 Nov 2026 10:00:00 +0900\n  Could not be delivered to: <yuki@mobile.example>\n"
                + "  As their mailbox is full.", ["yuki@mobile.example failed 5.2.2"]),
        Bounce(
            "a virus scanner that writes from an address of its own",
            "From: scanner@gateway.example\nSubject: Delivery failure notification",
            "Your message with Subject: Re: order\ncould not be delivered to the following recipients:\n\n"
                + "zoe@gateway.example\n\nDelivery attempts will continue to be made for 5 day(s).",
            ["zoe@gateway.example delayed 4.0.0"]),
        Bounce(
            "a gateway in French and English",
            "From: gateway@fr.example\nSubject: RE: Your order : non remis (delivery failed)",
            "****************\nVotre message n'a pas pu etre delivre a\nanne@fr.example\n****************",
            ["anne@fr.example failed 5.0.0"]),
        Bounce(
            "SES as JSON", "From: SES <no-reply@sns.cloud.example>\nSubject: AWS Notification Message",
            #"{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"#
                + #""bea@customer.example","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 \"unknown\""},"#
                + #"{"emailAddress":"cal@customer.example"}]},"mail":{"headers":[],"commonHeaders":{"messageId":"#
                + #""<o.8.x@post.example.com>"}}}"#,
            ["bea@customer.example failed 5.1.1", "cal@customer.example failed 5.0.0"],
            original: "o.8.x@post.example.com"),
        Bounce(
            "SES within an object of SNS", "From: no-reply@sns.cloud.example\nSubject: AWS Notification Message",
            #"{"Type":"Notification","Message":"{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":"#
                + #"[{\"emailAddress\":\"bea@customer.example\",\"status\":\"5.2.2\"}]}}"}"#,
            ["bea@customer.example failed 5.2.2"]),
        Bounce(
            "a filter that shows what the server answered",
            "From: filter@gateway.example\nSubject: Mail could not be delivered",
            "Sent <<< RCPT TO:<zoe@customer.example>\nReceived >>> 550 5.1.1 <zoe@customer.example>... user unknown\n",
            ["zoe@customer.example failed 5.1.1"]),
        Bounce(
            "SES tells of a delivery", "From: no-reply@sns.cloud.example\nSubject: AWS Notification Message",
            #"{"notificationType":"Delivery","mail":{},"delivery":{"recipients":["bea@customer.example"],"#
                + #""smtpResponse":"250 2.6.0 queued"}}"#, ["bea@customer.example delivered 2.6.0"]),
    ]
}
