import Correspondence
import Testing
import Vocabulary

@Suite("Bounces without a machine-readable part")
struct PlainBounceTests {
    @Test("recognised and read", arguments: programs + providers)
    func plain(_ row: Bounce) {
        let origin = origin(of: message(row.header, body: row.body), identity: identity)
        #expect(origin.kind == .dsn, "\(origin.reasons)")
        let recipients = (origin.report?.recipients ?? []).map { "\($0.finalRecipient) \($0.action) \($0.status)" }
        #expect(recipients == row.recipients)
        #expect(origin.report?.originalMessageID?.value == row.original)
    }

    @Test(
        "people who write about bounces and deliveries",
        arguments: [
            ("Subject: Undelivered mail - please help", "I sent you a mail and it came back: 550 User unknown."),
            ("Subject: Fwd: Mail delivery failed", "This message was created automatically by mail delivery software."),
            ("Subject: Delivery failed", "The parcel was not delivered to the address given. Order 4711, a@b.example."),
            ("Subject: 快递未送达", "您好，包裹无法送达，请联系 wang@customer.example"),
            ("Subject: Rejected", "Your message to our team could not be delivered, we think. ada@customer.example"),
            (
                "From: postmaster@customer.example\nSubject: Delivery of pumps",
                "Hello, we did not get the pumps. Our policy is to pay late."
            ),
            (
                "Subject: Delivery problem",
                "Hi,\nsince Friday I get this from your server:\nhost mx said: 550 5.1.1 <a@b.example> User unknown"
            ),
            ("From: Ada\nSubject: Order", "Hello, my pump could not be delivered on Friday."),
            ("Return-Path: <>\nSubject: Order", "My mail could not be delivered to you, so I use the form."),
            (
                "Subject: AWS Notification Message",
                #"{"notificationType":"Bounce","bouncedRecipients":[{"emailAddress":"a@b.example"}]}"#
            ),
        ])
    func people(_ header: String, _ body: String) {
        let origin = origin(of: message(header, body: body), identity: identity)
        #expect(origin.kind == .customer, "\(origin.reasons)")
        #expect(origin.report == nil)
    }

    @Test("a refusal in the form of a read receipt is a failure (RFC 5429 section 2.1.1)")
    func refusal() {
        let header = """
            From: Mail Delivery Subsystem <postmaster@customer.example>
            Subject: Automatically rejected mail
            Content-Type: multipart/report; report-type=disposition-notification; boundary=b
            """
        let body = """
            --b

            Your message to <ada@customer.example> was automatically rejected.
            --b
            Content-Type: message/disposition-notification

            Final-Recipient: rfc822; ada@customer.example
            Original-Message-ID: <o.9.x@post.example.com>
            Disposition: automatic-action/MDN-sent-automatically; deleted

            --b--
            """
        let report = origin(of: message(header, body: body), identity: identity).report
        #expect(report?.recipients.map(\.finalRecipient) == ["ada@customer.example"])
        #expect(report?.recipients.map(\.status) == ["5.7.1"])
        #expect(report?.originalMessageID?.value == "o.9.x@post.example.com")
    }

    @Test(
        "fields of a report that are missing or odd",
        arguments: [
            (
                "Final-Recipient: rfc822; a@b.example\nAction: FAILED (given up)\nStatus: 5.0.0",
                "a@b.example failed 5.0.0"
            ),
            ("Original-Recipient: rfc822;a@b.example\nAction: delayed\nStatus: 4.4.1", "a@b.example delayed 4.4.1"),
            (
                "Final-Recipient: x400; /S=ada/C=gb/\nOriginal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1",
                "a@b.example failed 5.1.1"
            ),
            (
                "Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp; 550 mailbox full",
                "a@b.example failed 5.2.2"
            ),
            ("Final-Recipient: rfc822; a@b.example\nStatus: 4.2.2", "a@b.example delayed 4.2.2"),
            ("Final-Recipient: rfc822; a@b.example\nAction: relayed\nStatus: 2.1.9", "a@b.example relayed 2.1.9"),
            ("Final-Recipient: rfc822; a@b.example\nAction: expanded\nStatus: 2.0.0", "a@b.example expanded 2.0.0"),
        ])
    func oddFields(_ fields: String, _ expected: String) {
        let mail = message(
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            body: "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n\(fields)\n\n--b--\n")
        let recipients = origin(of: mail, identity: identity).report?.recipients ?? []
        #expect(recipients.map { "\($0.finalRecipient) \($0.action) \($0.status)" } == [expected])
    }

    @Test("a status part that names nobody: the text does, or the returned mail")
    func emptyStatus() {
        let mail = message(
            "From: MAILER-DAEMON@relay.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b",
            body: """
                --b
                Content-Type: message/delivery-status

                Reporting-MTA: dns; relay.example
                Original-Envelope-Id: row-9

                --b
                Content-Type: message/rfc822

                To: Ada <ada@customer.example>
                Message-ID: <o.9.x@post.example.com>

                Hello
                --b--
                """)
        let report = origin(of: mail, identity: identity).report
        #expect(report?.recipients.map(\.finalRecipient) == ["ada@customer.example"])
        #expect(report?.envelopeID == "row-9")
    }

    @Test("HTML whose tags never close is read once")
    func openTags() {
        let body = String(repeating: "<", count: 200_000)
        let mail = message(Self.notice + "\nContent-Type: text/html", body: body)
        #expect(origin(of: mail, identity: identity).kind == .dsn)
    }

    @Test("a text of nothing but addresses costs no more than the limit")
    func manyAddresses() {
        let body = (0..<20_000).map { "<a\($0)@customer.example>: unknown user" }.joined(separator: "\n")
        let report = origin(of: message(Self.notice, body: body), identity: identity).report
        #expect(report?.recipients.count == 100)
    }
}
