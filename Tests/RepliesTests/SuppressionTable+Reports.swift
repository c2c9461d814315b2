import Foundation
import Replies
import Vocabulary

extension SuppressionTable {
    private static let status = """
        --b
        Content-Type: text/plain

        Sorry.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; relay.example

        Final-Recipient: rfc822; ada@customer.example
        Action: failed
        Status: 5.1.1

        --b--
        """

    private static let multipart = "Content-Type: multipart/report; report-type=delivery-status; boundary=b"

    /// Reports about delivery, reading and complaints.
    static let reports = [
        HeaderSet(
            "Postfix",
            "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example (Mail Delivery System)\nAuto-Submitted: auto-replied\nSubject: Undelivered Mail Returned to Sender\n\(multipart)",
            .dsn, .report, body: status),
        HeaderSet(
            "sendmail",
            "Return-Path: <MAILER-DAEMON>\nFrom: Mail Delivery Subsystem <MAILER-DAEMON@relay.example>\nAuto-Submitted: auto-generated (failure)\nSubject: Returned mail: see transcript for details\n\(multipart)",
            .dsn, .report, body: status),
        HeaderSet(
            "Exchange Online",
            "Return-Path: <>\nFrom: <postmaster@customer.example>\nSubject: Undeliverable: Your ticket\nX-MS-Exchange-Message-Is-Ndr:\nAuto-Submitted: auto-replied\n\(multipart)",
            .dsn, .report, body: status),
        HeaderSet(
            "Google",
            "Return-Path: <>\nFrom: Mail Delivery Subsystem <mailer-daemon@big.example>\nX-Failed-Recipients: ada@customer.example\nAuto-Submitted: auto-replied\n\(multipart)",
            .dsn, .report, body: status),
        HeaderSet(
            "Amazon SES",
            "Return-Path: <>\nFrom: MAILER-DAEMON@ses.example\nSubject: Delivery Status Notification (Failure)\n\(multipart)",
            .dsn, .report, body: status),
        HeaderSet(
            "a report without its type",
            "From: Mail Delivery System <>\nSubject: Delivery status notification\nContent-Type: multipart/report; boundary=b",
            .dsn, .report, body: status),
        HeaderSet(
            "a status part in multipart/mixed",
            "Return-Path: <>\nFrom: postmaster@old.example\nContent-Type: multipart/mixed; boundary=b", .dsn,
            .unattendedSender, body: status),
        HeaderSet(
            "qmail", "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example\nSubject: failure notice", .dsn,
            .unattendedSender,
            body: "Hi. This is the qmail-send program at relay.example.\n\n<ada@customer.example>:\nno mailbox here\n"),
        HeaderSet(
            "Exim",
            "Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@relay.example>\nX-Failed-Recipients: ada@customer.example\nAuto-Submitted: auto-replied\nSubject: Mail delivery failed: returning message to sender",
            .dsn, .autoSubmitted, body: "This message was created automatically by mail delivery software.\n"),
        HeaderSet(
            "Exim's warning", "From: Mailer-Daemon@relay.example\nSubject: Warning: message 1ABC delayed 24 hours",
            .dsn, .unattendedSender,
            body: "A message that you sent has not yet been delivered to:\n\n  ada@customer.example\n"),
        HeaderSet(
            "QQ Mail's 系统退信", "Return-Path: <>\nFrom: PostMaster@qq.example\nSubject: 系统退信", .dsn, .unattendedSender,
            body: "您的邮件被退回来了\n"),
        HeaderSet(
            "Coremail's bounce", "From: postmaster@163.example\nSubject: 系统退信/Systems bounce\nX-Mailer: Coremail", .dsn,
            .unattendedSender, body: "退信原因：用户不存在\n"),
        HeaderSet(
            "Yahoo's bounce", "From: MAILER-DAEMON@big.example\nSubject: Failure Notice", .dsn, .unattendedSender,
            body: "Sorry, we were unable to deliver your message.\n"),
        HeaderSet(
            "Domino's bounce", "From: Postmaster@customer.example\nSubject: DELIVERY FAILURE: User ada not listed",
            .dsn, .unattendedSender, body: "Your message was not delivered to: ada@customer.example\n"),
        HeaderSet(
            "a gateway that bounces from any address",
            "From: scanner@gw.example\nSubject: Delivery failure notification", .dsn, .report,
            body: "Your message could not be delivered to the following recipients:\n\nada@customer.example\n"),
        HeaderSet(
            "an agent's full mailbox",
            "Return-Path: <>\nFrom: postmaster@example.com\nTo: support+b.7.x@example.com\nSubject: Undeliverable: [#1001]\n\(multipart)",
            .dsn, .report, body: status),
        HeaderSet(
            "a delivery notice that all went well",
            "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example\nSubject: Successful Mail Delivery Report\n\(multipart)",
            .dsn, .report,
            body: status.replacingOccurrences(of: "failed", with: "delivered").replacingOccurrences(
                of: "5.1.1", with: "2.0.0")),
        HeaderSet(
            "Outlook's read receipt",
            "Subject: Read: Your ticket\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b",
            .automatic, .report),
        HeaderSet(
            "Outlook's read receipt in German",
            "Subject: Gelesen: Vorgang\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\nAuto-Submitted: auto-replied",
            .automatic, .report),
        HeaderSet(
            "Thunderbird's read receipt",
            "Subject: Return Receipt (displayed) - Your ticket\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b",
            .automatic, .report),
        HeaderSet(
            "an unread mail was deleted",
            "Subject: Not read: Your ticket\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b",
            .automatic, .report),
        HeaderSet(
            "a Sieve script refused",
            "From: Mail Delivery Subsystem <postmaster@customer.example>\nSubject: Automatically rejected mail\nAuto-Submitted: auto-replied (rejected)\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b",
            .dsn, .report),
        HeaderSet(
            "a provider's complaint (ARF)",
            "From: feedback@isp.example\nSubject: FW: Your ticket\nContent-Type: multipart/report; report-type=feedback-report; boundary=b",
            .automatic, .report),
        HeaderSet(
            "a DMARC aggregate report",
            "From: noreply-dmarc@big.example\nSubject: Report domain: example.com Submitter: big.example\nContent-Type: application/zip",
            .automatic, .unattendedSender),
        HeaderSet(
            "a TLS report", "From: tlsrpt@big.example\nContent-Type: multipart/report; report-type=tlsrpt; boundary=b",
            .automatic, .report),
    ]
}
