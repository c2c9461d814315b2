import Replies
import Vocabulary

extension SuppressionTable {
    /// Other mail that no person typed, and mail that our own side marked.
    static let machines = [
        HeaderSet("a shop that nobody reads", "From: Shop <no-reply@shop.example>", .automatic, .unattendedSender),
        HeaderSet(
            "a bank's do-not-reply", "From: do_not_reply@bank.example\nSubject: Your statement", .automatic,
            .unattendedSender),
        HeaderSet(
            "a parcel service",
            "From: DPD <noreply@parcel.example>\nSubject: Your parcel\nX-CSA-Complaints: c@eco.example", .automatic,
            .bulkMail),
        HeaderSet(
            "a Google alert", "From: Alerts <alerts-noreply@big.example>\nSubject: Alert - pumps", .automatic,
            .unattendedSender),
        HeaderSet(
            "a payment provider", "From: service@pay.example\nAuto-Submitted: auto-generated\nSubject: Receipt",
            .automatic, .autoSubmitted),
        HeaderSet(
            "cron",
            "From: Cron Daemon <root@host.example>\nAuto-Submitted: auto-generated\nSubject: Cron <root@host> backup\nPrecedence: bulk",
            .automatic, .autoSubmitted),
        HeaderSet(
            "a monitor", "From: nagios@host.example\nAuto-Submitted: auto-generated\nSubject: ** PROBLEM", .automatic,
            .autoSubmitted),
        HeaderSet(
            "Bugzilla", "From: bugzilla-daemon@bugs.example\nAuto-Submitted: auto-generated\nX-Bugzilla-Type: changed",
            .automatic, .autoSubmitted),
        HeaderSet(
            "Jira",
            "From: Bob (JIRA) <jira@tracker.example>\nAuto-Submitted: auto-generated\nPrecedence: bulk\nX-JIRA-FingerPrint: 1",
            .automatic, .autoSubmitted),
        HeaderSet(
            "a calendar's reminder",
            "From: Calendar <calendar-notification@big.example>\nAuto-Submitted: auto-generated\nSubject: Reminder",
            .automatic, .autoSubmitted),
        HeaderSet(
            "Exchange's answer to a meeting made by a rule",
            "Subject: Accepted: Visit\nContent-Type: text/calendar; method=REPLY\nAuto-Submitted: auto-generated\nX-Auto-Response-Suppress: All",
            .automatic, .autoSubmitted),
        HeaderSet(
            "a room that answers invitations",
            "From: room1@customer.example\nSubject: Declined: Visit\nX-MS-Exchange-Generated-Message-Source: Resource Booking\nAuto-Submitted: auto-replied",
            .automatic, .autoSubmitted),
        HeaderSet(
            "a challenge of a spam filter",
            "From: challenge@filter.example\nReturn-Path: <>\nPrecedence: bulk\nSubject: Please confirm your mail",
            .automatic, .precedence),
        HeaderSet(
            "our receipt come back",
            "From: Support <support@example.com>\nX-Postroom: 5f2a\nAuto-Submitted: auto-replied\nMessage-ID: <o.7.abcdefghijklmnopqrstuvwxyz@post.example.com>",
            .own, .ownMail),
        HeaderSet(
            "our receipt with a new Message-ID",
            "From: support@example.com\nX-Postroom: 5f2a\nMessage-ID: <new@provider.example>", .own, .ownMail),
        HeaderSet(
            "our receipt without our field",
            "From: support@example.com\nMessage-ID: <o.7.abcdefghijklmnopqrstuvwxyz@post.example.com>", .own, .ownMail),
        HeaderSet("an agent", "From: Li Na <li.na@example.com>", .agent, .notCustomer),
        HeaderSet(
            "a colleague who writes from the shared address",
            "From: support@example.com\nMessage-ID: <webmail1@post.example.com>", .agent, .notCustomer),
        HeaderSet("SpamAssassin says spam", "X-Spam-Flag: YES\nX-Spam-Status: Yes, score=12.1", .customer, .spam),
        HeaderSet("Rspamd says spam", "X-Rspamd-Action: add header", .customer, .spam),
        HeaderSet("Exchange says spam", "X-MS-Exchange-Organization-SCL: 6", .customer, .spam),
        HeaderSet("bogofilter says spam", "X-Bogosity: Spam, tests=bogofilter, spamicity=0.99", .customer, .spam),
        HeaderSet(
            "DMARC failed", "Authentication-Results: mx.example.com; dmarc=fail header.from=customer.example",
            .customer, .failedAuthentication),
    ]
}
