import MIME
import Testing
import Vocabulary

private func kinds(_ defects: [Defect]) -> Set<Defect.Kind> { Set(defects.map(\.kind)) }

/// A multipart/report whose second part has these fields and this body.
private func report(
    _ body: String, type: String = "delivery-status", fields: String = "Content-Type: message/delivery-status"
) -> Message {
    Message(parsing: Array(reportText(body, type: type, fields: fields).utf8))
}

private func reportText(_ body: String, type: String, fields: String) -> String {
    """
    From: mailer-daemon@mx.example.com
    Content-Type: multipart/report; report-type=\(type); boundary=b

    --b

    Your mail could not be delivered.
    --b
    \(fields)

    \(body)
    --b
    Content-Type: text/rfc822-headers

    Message-ID: <sent@example.com>
    Subject: Hello
    --b--

    """
}

@Suite("Delivery status (RFC 3464)")
struct DeliveryStatusTests {
    static let whole = """
        Original-Envelope-Id: row-77
        Reporting-MTA: dns; mx.example.com
        DSN-Gateway: dns; gate.example.com
        Received-From-MTA: dns; out.example.org
        Arrival-Date: Tue, 10 Mar 2026 09:15:30 +0800
        X-Queue-ID: 4Xz

        Original-Recipient: rfc822;Ada@example.net
        Final-Recipient: rfc822; ada@example.net (Ada)
        Action: Failed (permanently)
        Status: 5.1.1 (bad destination mailbox address)
        Remote-MTA: dns; mail.example.net
        Diagnostic-Code: smtp; 550 5.1.1
            no such
        \tuser
        Last-Attempt-Date: Tue, 10 Mar 2026 01:15:30 +0000
        Final-Log-ID: log-1
        X-Note: y

        Final-Recipient: rfc822; ben@example.net
        Action: delayed
        Status: 4.4.1
        Will-Retry-Until: Wed, 11 Mar 2026 01:15:30 +0000
        """

    @Test("every field of the standard", arguments: ["\n", "\r\n", "\r"])
    func everyField(_ lineEnd: String) throws {
        let source = "Content-Type: message/delivery-status\n\n" + Self.whole + "\n"
        let alone = Message(parsing: Array(source.replacing("\n", with: lineEnd).utf8))
        let status = try #require(alone.deliveryStatus)
        #expect(status.originalEnvelopeID == "row-77")
        #expect(status.reportingMTA == TypedValue(type: "dns", value: "mx.example.com"))
        #expect(status.gateway?.value == "gate.example.com")
        #expect(status.receivedFromMTA?.value == "out.example.org")
        #expect(status.arrivalDate == 1_773_105_330)
        #expect(status.fields.count == 6)
        #expect(status.recipients.count == 2)
        let ada = status.recipients[0]
        #expect(ada.originalRecipient?.value == "Ada@example.net")
        #expect(ada.finalRecipient == TypedValue(type: "rfc822", value: "ada@example.net (Ada)"))
        #expect(ada.address == "ada@example.net")
        #expect(ada.action == "failed")
        #expect(ada.status?.description == "5.1.1")
        #expect(ada.remoteMTA?.value == "mail.example.net")
        #expect(ada.diagnostic == TypedValue(type: "smtp", value: "550 5.1.1 no such user"))
        #expect(ada.lastAttempt == 1_773_105_330)
        #expect(ada.finalLogID == "log-1")
        #expect(ada.fields.last == NamedValue(name: "x-note", value: "y"))
        #expect(status.recipients[1].willRetryUntil == 1_773_191_730)
        #expect(status.defects.isEmpty)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String
        var fields = "Content-Type: message/delivery-status"
        /// `address action status`.
        let expected: [String]
        var defects: Set<Defect.Kind> = []
    }

    @Test(
        "recipients, however the blank lines stand",
        arguments: [
            Row(
                testDescription: "no blank line at all",
                body: """
                    Reporting-MTA: dns; mx.example.com
                    Final-Recipient: rfc822; a@example.net
                    Action: failed
                    Status: 5.1.1
                    Final-Recipient: rfc822; b@example.net
                    Action: delayed
                    Status: 4.4.1
                    """, expected: ["a@example.net failed 5.1.1", "b@example.net delayed 4.4.1"],
                defects: [.misplacedBlankLine]),
            Row(
                testDescription: "none, and Original-Recipient goes before",
                body: """
                    Original-Recipient: rfc822; A@example.net
                    Final-Recipient: rfc822; a@example.net
                    Action: failed
                    Status: 5.1.1
                    Original-Recipient: rfc822; B@example.net
                    Final-Recipient: rfc822; b@example.net
                    Action: delayed
                    Status: 4.4.1
                    """, expected: ["a@example.net failed 5.1.1", "b@example.net delayed 4.4.1"],
                defects: [.misplacedBlankLine]),
            Row(
                testDescription: "none, and only the second one has it",
                body: """
                    Final-Recipient: rfc822; a@example.net
                    Action: failed
                    Status: 5.1.1
                    Original-Recipient: rfc822; B@example.net
                    Final-Recipient: rfc822; b@example.net
                    Action: delayed
                    Status: 4.4.1
                    """, expected: ["a@example.net failed 5.1.1", "b@example.net delayed 4.4.1"],
                defects: [.misplacedBlankLine]),
            Row(
                testDescription: "none, and Original-Recipient follows, as Postfix writes it",
                body: """
                    Final-Recipient: rfc822; a@example.net
                    Original-Recipient: rfc822; A@example.net
                    Action: failed
                    Status: 5.1.1
                    Final-Recipient: rfc822; b@example.net
                    Original-Recipient: rfc822; B@example.net
                    Action: delayed
                    Status: 4.4.1
                    """, expected: ["a@example.net failed 5.1.1", "b@example.net delayed 4.4.1"],
                defects: [.misplacedBlankLine]),
            Row(
                testDescription: "one within the fields of a recipient",
                body: """
                    Reporting-MTA: dns; mx.example.com

                    Final-Recipient: rfc822; a@example.net

                    Action: failed
                    Status: 5.1.1

                    Final-Recipient: rfc822; b@example.net
                    Action: delayed
                    Status: 4.4.1
                    """, expected: ["a@example.net failed 5.1.1", "b@example.net delayed 4.4.1"],
                defects: [.misplacedBlankLine]),
            Row(
                testDescription: "many, some of white space",
                body:
                    "Reporting-MTA: dns; mx\n\n\n  \n\t\nAction: failed\nFinal-Recipient: rfc822; a@example.net\nStatus: 5.1.1\n\n\n",
                expected: ["a@example.net failed 5.1.1"]),
            Row(
                testDescription: "fields in another order, white space before the colon, other letters",
                body: "STATUS : 5.1.1\naction:FAILED\nfinal-recipient\t: RFC822;a@example.net",
                expected: ["a@example.net failed 5.1.1"]),
            Row(
                testDescription: "only Original-Recipient",
                body: "Original-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.1.1",
                expected: ["a@example.net failed 5.1.1"]),
            Row(
                testDescription: "a group that is about nobody",
                body: "Reporting-MTA: dns; mx\n\nAction: failed\nStatus: 5.0.0", expected: [],
                defects: [.misplacedBlankLine]),
            Row(
                testDescription: "neither action nor status", body: "Final-Recipient: rfc822; a@example.net",
                expected: ["a@example.net  -"], defects: [.badReportField]),
        ])
    func groups(_ row: Row) throws {
        let status = try #require(report(row.body, fields: row.fields).deliveryStatus)
        #expect(Self.show(status) == row.expected)
        #expect(kinds(status.defects) == row.defects)
    }

    static func show(_ status: DeliveryStatus) -> [String] {
        status.recipients.map { "\($0.address) \($0.action) \($0.status?.description ?? "-")" }
    }

    static let simple = "Final-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.1.1"
    static let encoded = "RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGFAZXhhbXBsZS5uZXQKQWN0aW9uOiBmYWlsZWQKU3RhdHVzOiA1LjEuMQ=="

    @Test(
        "parts that are encoded or mislabelled",
        arguments: [
            Row(
                testDescription: "base64, against RFC 3464 section 2.1", body: encoded,
                fields: "Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64",
                expected: ["a@example.net failed 5.1.1"]),
            Row(
                testDescription: "quoted-printable", body: simple.replacing(":", with: "=3A"),
                fields: "Content-Type: message/delivery-status\nContent-Transfer-Encoding: quoted-printable",
                expected: ["a@example.net failed 5.1.1"]),
            Row(
                testDescription: "plain text", body: simple, fields: "Content-Type: text/plain",
                expected: ["a@example.net failed 5.1.1"], defects: [.mislabelledReport]),
            Row(
                testDescription: "no type", body: simple, fields: "Content-Description: Report",
                expected: ["a@example.net failed 5.1.1"], defects: [.mislabelledReport]),
            Row(
                testDescription: "an embedded message", body: "Reporting-MTA: dns; mx\n\n" + simple,
                fields: "Content-Type: message/rfc822", expected: ["a@example.net failed 5.1.1"],
                defects: [.mislabelledReport]),
            Row(
                testDescription: "bytes, encoded", body: encoded,
                fields: "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64",
                expected: ["a@example.net failed 5.1.1"], defects: [.mislabelledReport]),
        ])
    func labels(_ row: Row) throws {
        let status = try #require(report(row.body, fields: row.fields).deliveryStatus)
        #expect(Self.show(status) == row.expected)
        #expect(kinds(status.defects) == row.defects)
    }

    @Test("text that is no report is none, and so is a report of another kind")
    func none() {
        #expect(report("Dear reader\n\nStatus: fine", fields: "Content-Type: text/plain").deliveryStatus == nil)
        #expect(report(Self.simple, type: "feedback-report", fields: "Content-Type: text/plain").deliveryStatus == nil)
        #expect(Message(parsing: Array(("Subject: x\n\n" + Self.simple).utf8)).deliveryStatus == nil)
    }

    @Test("a report that a gateway wrapped into a mail of its own")
    func wrapped() throws {
        let inner = reportText(
            Self.simple, type: "delivery-status", fields: "Content-Type: message/delivery-status")
        let outer =
            "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n\n\(inner)\n--o--\n"
        let status = try #require(Message(parsing: Array(outer.utf8)).deliveryStatus)
        #expect(Self.show(status) == ["a@example.net failed 5.1.1"])
    }

    @Test(
        "addresses",
        arguments: [
            ("rfc822; a@example.net", "a@example.net"), ("a@example.net", "a@example.net"),
            ("rfc822; <a@example.net>", "a@example.net"), ("rfc822; Ada <a@example.net> (x)", "a@example.net"),
            ("rfc822; \"a b\"@example.net", "\"a b\"@example.net"), ("RFC822;a@example.net(comment)", "a@example.net"),
            ("utf-8; 山田@例え.example", "山田@例え.example"), ("utf-8; \\x{5C71}\\x{7530}@example.net", "山田@example.net"),
            ("utf-8; a\\x{A}b@example.net", "a\\x{A}b@example.net"), ("x400; /S=stone/OU=a b/", "/S=stone/OU=a b/"),
            ("rfc822; =?utf-8?B?5bGx?=@example.net", "山@example.net"), ("local; ada", "ada"), ("rfc822; \"a b", "\"a"),
        ])
    func addresses(_ body: String, _ expected: String) throws {
        let status = try #require(report("Final-Recipient: \(body)\nAction: failed\nStatus: 5.1.1").deliveryStatus)
        #expect(status.recipients.map(\.address) == [expected])
    }

    @Test("lines of another server's answer that nobody folded")
    func unfolded() throws {
        let body =
            "\(Self.simple)\nDiagnostic-Code: smtp; 550-5.1.1 no such user\n550-5.1.1 see the page: help\n550 bye"
        let status = try #require(report(body).deliveryStatus)
        #expect(status.recipients[0].diagnostic?.value == "550-5.1.1 no such user 550-5.1.1 see the page: help 550 bye")
        #expect(kinds(status.defects) == [.badReportField])
    }

    @Test("text in another charset, declared or not")
    func charsets() throws {
        let prefix = Array("Content-Type: message/delivery-status\n\n\(Self.simple)\nDiagnostic-Code: x-local; ".utf8)
        // ISO-2022-JP, which is seven-bit.
        let escaped = Message(parsing: prefix + [27, 36, 66, 37, 34, 27, 40, 66] + Array(" x\n".utf8))
        #expect(escaped.deliveryStatus?.recipients.first?.diagnostic?.value == "ア x")
        let utf8 = Message(parsing: prefix + Array("用户不存在\n".utf8))
        #expect(utf8.deliveryStatus?.recipients.first?.diagnostic?.value == "用户不存在")
    }

    @Test("the returned mail, whole or as header")
    func returned() {
        #expect(report(Self.simple).returnedHeaders.map { $0.first("Message-ID") } == ["<sent@example.com>"])
        let whole = report(Self.simple, fields: "Content-Type: message/rfc822\n\nMessage-ID: <whole@example.com>")
        #expect(whole.returnedHeaders.map { $0.first("Message-ID") } == ["<whole@example.com>", "<sent@example.com>"])
        #expect(Message(parsing: Array("Subject: x\n\ny\n".utf8)).returnedHeaders.isEmpty)
    }

    @Test(
        "enhanced status codes (RFC 3463 section 2)",
        arguments: [
            ("5.1.1", "5.1.1"), ("550 5.7.26 denied", "5.7.26"), ("(5.1.1).", "5.1.1"), ("said 4.4.1.", "4.4.1"),
            ("host 5.6.7.8 said 5.0.0", "5.0.0"), ("3.1.1", nil), ("15.1.1", nil), ("5.1", nil), ("5.1.1234", nil),
            ("5..1.1", nil), ("version 8.5.1.1", nil), ("#5.1.1#", "5.1.1"), ("", nil),
        ] as [(String, String?)])
    func statusCodes(_ text: String, _ expected: String?) {
        #expect(EnhancedStatus(firstIn: text)?.description == expected)
    }

    @Test(
        "hostile reports are cut, not read for ever",
        arguments: [
            "Final-Recipient: rfc822; a@b\n", "Original-Recipient: rfc822; a@b\n",
            "Final-Recipient: a@b\n\nAction: x\n\n",
            "a:b\n", "a:b\n\n", ":\n", "\n", "\r", " \n", "a\n", "Status: 5.1.1\n", "Status: 5.1.1\n\n", "(", "a:",
            "\\x{41}",
        ])
    func hostile(_ line: String) throws {
        let start = "Content-Type: message/delivery-status\n\nFinal-Recipient: utf-8; a@b\n"
        let message = Message(
            parsing: Array((start + String(repeating: line, count: 1_000_000 / line.utf8.count)).utf8))
        let status = try #require(message.deliveryStatus)
        #expect(status.recipients.count <= 1_000)
        #expect(kinds(status.defects).contains(.reportLimit))
        #expect(status.defects.count <= 1_001)
    }
}

@Suite("Read receipts (RFC 8098)")
struct DispositionNotificationTests {
    @Test("every field of the standard")
    func everyField() throws {
        let message = report(
            """
            Reporting-UA: desk.example.com; Some Mailer 1.0
            MDN-Gateway: dns; gate.example.com
            Original-Recipient: rfc822;Ada@example.net
            Final-Recipient: rfc822;ada@example.net
            Original-Message-ID: <sent@example.com>
            Disposition: manual-action/MDN-sent-manually; displayed/error, x-other (late)
            Error: it was long
            X-Note: y
            """, type: "disposition-notification", fields: "Content-Type: message/disposition-notification")
        let found = try #require(message.dispositionNotification)
        #expect(found.reportingUA == "desk.example.com")
        #expect(found.product == "Some Mailer 1.0")
        #expect(found.gateway?.value == "gate.example.com")
        #expect(found.originalRecipient?.address == "Ada@example.net")
        #expect(found.finalRecipient?.address == "ada@example.net")
        #expect(found.originalMessageID?.value == "sent@example.com")
        #expect(found.disposition?.actionMode == "manual-action")
        #expect(found.disposition?.sendingMode == "mdn-sent-manually")
        #expect(found.disposition?.type == "displayed")
        #expect(found.disposition?.modifiers == ["error", "x-other"])
        #expect(found.errors == ["it was long"])
        #expect(found.fields.count == 8)
        #expect(found.defects.isEmpty)
        #expect(message.deliveryStatus == nil)
    }

    @Test(
        "dispositions",
        arguments: [
            ("automatic-action/MDN-sent-automatically;deleted", "automatic-action mdn-sent-automatically deleted"),
            ("displayed", "  displayed"), ("manual-action; displayed", "manual-action  displayed"),
            (
                "manual-action / MDN-sent-manually ; processed / error,",
                "manual-action mdn-sent-manually processed error"
            ),
            (";", nil), ("manual-action/MDN-sent-manually;", nil),
        ] as [(String, String?)])
    func dispositions(_ body: String, _ expected: String?) throws {
        let message = report(
            "Final-Recipient: rfc822;a@b.example\nDisposition: \(body)", type: "disposition-notification",
            fields: "Content-Type: message/disposition-notification")
        let found = try #require(message.dispositionNotification)
        let text = found.disposition.map {
            ([$0.actionMode, $0.sendingMode, $0.type] + $0.modifiers).joined(separator: " ")
        }
        #expect(text == expected)
        #expect(kinds(found.defects).contains(.badReportField) == (expected == nil))
    }

    @Test("mislabelled, with blank lines")
    func mislabelled() throws {
        let message = report(
            "Final-Recipient: rfc822;a@b.example\n\nDisposition: displayed", type: "disposition-notification",
            fields: "Content-Type: text/plain")
        let found = try #require(message.dispositionNotification)
        #expect(found.disposition?.type == "displayed")
        #expect(kinds(found.defects) == [.mislabelledReport, .misplacedBlankLine])
    }

    @Test("who asks for one (section 2.1)")
    func asked() {
        let message = Message(parsing: Array("Disposition-Notification-To: Ada <ada@example.net>\n\n".utf8))
        #expect(message.header.dispositionNotificationTo.map(\.address) == ["ada@example.net"])
        #expect(message.dispositionNotification == nil)
    }
}

@Suite("Feedback reports (RFC 5965)")
struct FeedbackReportTests {
    @Test("every field of the standard")
    func everyField() throws {
        let message = report(
            """
            Feedback-Type: Abuse
            User-Agent: SomeGenerator/1.0
            Version: 1
            Original-Envelope-Id: row-78
            Original-Mail-From: <news@example.com>
            Original-Rcpt-To: <user@example.net>
            Original-Rcpt-To: <other@example.net>
            Arrival-Date: Tue, 10 Mar 2026 01:15:30 GMT
            Reporting-MTA: dns; mail.example.net
            Source-IP: 192.0.2.1
            Incidents: 3
            Authentication-Results: mail.example.net;
             spf=fail smtp.mailfrom=news@example.com
            Reported-Domain: example.com
            Reported-Uri: https://example.com/earn.html
            Reported-Uri: mailto:user@example.com
            Removal-Recipient: user@example.net
            """, type: "feedback-report", fields: "Content-Type: message/feedback-report")
        let found = try #require(message.feedbackReport)
        #expect(found.feedbackType == "abuse")
        #expect(found.userAgent == "SomeGenerator/1.0")
        #expect(found.version == "1")
        #expect(found.originalEnvelopeID == "row-78")
        #expect(found.originalMailFrom == "news@example.com")
        #expect(found.originalRecipients == ["user@example.net", "other@example.net"])
        #expect(found.arrivalDate == 1_773_105_330)
        #expect(found.reportingMTA?.value == "mail.example.net")
        #expect(found.sourceIP == IPAddress("192.0.2.1"))
        #expect(found.incidents == 3)
        #expect(
            found.authenticationResults.map(AuthenticationResultsTests.show) == [
                "mail.example.net: spf=fail smtp.mailfrom=news@example.com"
            ])
        #expect(found.reportedDomains == ["example.com"])
        #expect(found.reportedURIs == ["https://example.com/earn.html", "mailto:user@example.com"])
        #expect(found.fields.count == 16)
        #expect(found.defects.isEmpty)
    }

    @Test("a null reverse path, an old date field, no type")
    func odd() throws {
        let message = report(
            "Original-Mail-From: <>\nReceived-Date: Tue, 10 Mar 2026 01:15:30 GMT\nIncidents: none",
            type: "feedback-report",
            fields: "Content-Type: message/feedback-report")
        let found = try #require(message.feedbackReport)
        #expect(found.originalMailFrom == "")
        #expect(found.arrivalDate == 1_773_105_330)
        #expect(found.incidents == 1)
        #expect(kinds(found.defects) == [.badReportField])
    }
}
