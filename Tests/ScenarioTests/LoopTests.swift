import Foundation
import MIME
import Replies
import Storage
import Testing
import Triage
import Vocabulary

/// Machines that answer machines. Each row is a correspondent that ended badly for somebody's mail system; all must end
/// with at most one automatic answer, and with a reason.
@Suite("Loop torture")
struct LoopTests {
    private static let start = Date(timeIntervalSince1970: 1_790_643_600)  // 2026-09-29 09:00 in Shanghai, a Tuesday

    /// What a correspondent does with a mail of ours: the mails that come back.
    typealias Correspondent = @Sendable (_ mail: Message, _ sent: SimulatedPostRoom.Sent, _ round: Int) -> [String]

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        /// The mail that begins it.
        var first = letter()
        let answers: Correspondent
        /// How the mails that come back must end, and why nothing answers them.
        let ends: DeliveryState
        let reason: ReplySuppression
        /// Automatic mails in all.
        var sent = 1
        /// The window per sender is no excuse.
        var perWriter: TimeInterval = 0

        var testDescription: String { name }
    }

    /// Plays until nothing moves any more, ten rounds at the most.
    @Test("at most one automatic answer, ended by a reason", arguments: rows)
    func ends(_ row: Row) throws {
        let room = try SimulatedPostRoom(start: Self.start) { $0.replies.perWriterPeriod = row.perWriter }
        try room.approveTemplates(now: Self.start)
        var now = Self.start
        var incoming = [row.first]
        var sent: [SimulatedPostRoom.Sent] = []
        var verdicts: [RecordedDelivery] = []
        for round in 0..<10 where !incoming.isEmpty {
            now += 60
            let deliveries = try room.receive(incoming.map { Array($0.utf8) }, at: now)
            if round > 0 { verdicts += deliveries }
            let leaving = try room.sendDue(at: now)
            sent += leaving
            incoming = leaving.flatMap { mail in row.answers(Message(parsing: mail.bytes), mail, round) }
        }
        #expect(incoming.isEmpty, "it went on for ten rounds")
        #expect(sent.count == row.sent)
        #expect(!verdicts.isEmpty, "nothing came back: the row plays nothing")
        for delivery in verdicts {
            #expect(delivery.state == row.ends)
            #expect(delivery.decision?.reply == .suppressed(row.reason))
        }
        try room.expectConsistent()
    }

    @Test("fifty looping mails in one batch get one answer")
    func batch() throws {
        let room = try SimulatedPostRoom(start: Self.start)
        try room.approveTemplates(now: Self.start)
        let mails = (1...50).map { letter(id: "loop-\($0)", body: "Your request was received, round \($0).\n") }
        let deliveries = try room.receive(mails.map { Array($0.utf8) }, at: Self.start)
        #expect(try room.sendDue(at: Self.start).count == 1)
        let reasons = deliveries.dropFirst().map(\.decision?.reply)
        #expect(reasons.allSatisfy { $0 == .suppressed(.answeredRecently) })
        try room.expectConsistent()
    }

    @Test("fifty senders that answer at once are stopped by the cap of the whole post room")
    func flood() throws {
        let room = try SimulatedPostRoom(start: Self.start) { $0.replies.processCap = 20 }
        try room.approveTemplates(now: Self.start)
        let mails = (1...50).map { letter(from: "robot\($0)@machines.example", id: "flood-\($0)") }
        let deliveries = try room.receive(mails.map { Array($0.utf8) }, at: Self.start)
        #expect(try room.sendDue(at: Self.start).count == 20)
        #expect(deliveries.filter { $0.decision?.reply == .suppressed(.processCap) }.count == 30)
        #expect(deliveries.allSatisfy { $0.state == .ticketed }, "not answered is not lost")
        try room.expectConsistent()
    }

    /// A writes to B once; each answers what the other sends, as far as it answers at all. With `strips`, what is between
    /// them takes every mark off: Auto-Submitted, X-Postroom, X-Auto-Response-Suppress.
    @Test("two post rooms answer each other at most once", arguments: [false, true])
    func twoPostRooms(strips: Bool) throws {
        let ours = try SimulatedPostRoom(start: Self.start) { $0.replies.perWriterPeriod = 0 }
        let theirs = try SimulatedPostRoom(address: "help@partner.example", start: Self.start) {
            $0.replies.perWriterPeriod = 0
        }
        for room in [ours, theirs] { try room.approveTemplates(now: Self.start) }
        var now = Self.start
        var toUs = [Array(letter(from: "help@partner.example", id: "begin").utf8)]
        var toThem: [[UInt8]] = []
        var automatic = (ours: 0, theirs: 0)
        for _ in 0..<10 where !toUs.isEmpty || !toThem.isEmpty {
            now += 60
            try ours.receive(toUs, at: now)
            try theirs.receive(toThem, at: now)
            let fromUs = try ours.sendDue(at: now), fromThem = try theirs.sendDue(at: now)
            automatic.ours += fromUs.count
            automatic.theirs += fromThem.count
            toThem = fromUs.map { Self.carried($0, strips: strips) }
            toUs = fromThem.map { Self.carried($0, strips: strips) }
        }
        #expect(toUs.isEmpty && toThem.isEmpty, "they went on for ten rounds")
        #expect(automatic.ours == 1)
        #expect(automatic.theirs == (strips ? 1 : 0))
        try ours.expectConsistent()
        try theirs.expectConsistent()
    }

    /// As it arrives: with the Return-Path of the last delivery, and without marks when somebody on the way takes them off.
    private static func carried(_ mail: SimulatedPostRoom.Sent, strips: Bool) -> [UInt8] {
        let marks = ["Auto-Submitted:", "X-Auto-Response-Suppress:", "X-Postroom:"]
        let lines = String(decoding: mail.bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let kept = strips ? lines.filter { line in !marks.contains { line.hasPrefix($0) } } : lines
        return Array(
            ("Return-Path: <\(mail.reversePath?.description ?? "")>\r\n" + kept.joined(separator: "\r\n")).utf8)
    }
}

/// A mail of a person, or of a machine that hides being one.
private func letter(
    from: String = "ada@shop.example", id: String = "first", subject: String = "Where is order PO-20260001?",
    fields: [String] = [], body: String = "Please tell me where my order is.\n"
) -> String {
    let head = [
        "Return-Path: <\(from)>", "From: <\(from)>", "To: support@example.com", "Subject: \(subject)",
        "Date: Tue, 29 Sep 2026 09:00:00 +0800", "Message-ID: <\(id)@\(from.split(separator: "@").last ?? "x")>",
    ]
    return (head + fields).joined(separator: "\r\n") + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body
}

private func messageID(_ mail: SimulatedPostRoom.Sent) -> String { "<\(mail.messageID.value)>" }

private let rows: [LoopTests.Row] = [
    .init(
        name: "an autoresponder without any mark answers below our mail",
        answers: { _, sent, round in
            [
                letter(
                    id: "auto-\(round)", subject: "Thank you for your message",
                    fields: ["In-Reply-To: \(messageID(sent))", "References: \(messageID(sent))"],
                    body: "We have received your message and will answer soon.\n")
            ]
        }, ends: .followedUp, reason: .followUp),
    .init(
        name: "an autoresponder without mark or references",
        answers: { _, _, round in
            [letter(id: "auto-\(round)", subject: "Thank you", body: "We have received your message.\n")]
        }, ends: .ticketed, reason: .answeredRecently, perWriter: 24 * 3600),
    .init(
        name: "an autoresponder that keeps our subject with its tag",
        answers: { mail, _, round in
            [letter(id: "auto-\(round)", subject: "Re: \(mail.subject)", body: "We are looking into it.\n")]
        }, ends: .followedUp, reason: .followUp),
    .init(
        name: "a vacation reply to our receipt",
        answers: { mail, sent, round in
            [
                letter(
                    id: "away-\(round)", subject: "Automatic reply: \(mail.subject)",
                    fields: ["In-Reply-To: \(messageID(sent))", "Auto-Submitted: auto-replied (vacation)"],
                    body: "I am away until Monday.\n")
            ]
        }, ends: .ignored, reason: .autoSubmitted),
    .init(
        name: "a vacation reply that goes to the reverse path",
        answers: { _, sent, round in
            [
                letter(id: "away-\(round)", subject: "Away", body: "I am away until Monday.\n")
                    .replacingOccurrences(
                        of: "To: support@example.com", with: "To: \(sent.reversePath?.description ?? "")")
            ]
        }, ends: .dsn, reason: .report),
    .init(
        name: "a Mailman list that sends its members our receipt, and we are one of them",
        first: letter(from: "users@lists.example", id: "post"),
        answers: { _, sent, _ in
            let list = [
                "Precedence: list", "List-Id: <users.lists.example>", "X-BeenThere: users@lists.example",
                "List-Post: <mailto:users@lists.example>", "Sender: users-bounces@lists.example",
            ]
            return [list.joined(separator: "\r\n") + "\r\n" + String(decoding: sent.bytes, as: UTF8.self)]
        }, ends: .own, reason: .ownMail),
    .init(
        name: "a Mailman list that answers each mail with a notice of its own",
        first: letter(from: "users@lists.example", id: "post"),
        answers: { _, _, round in
            [
                letter(
                    from: "users-bounces@lists.example", id: "list-\(round)",
                    subject: "Your message to Users awaits moderator approval",
                    fields: [
                        "Precedence: bulk", "List-Id: <users.lists.example>", "X-BeenThere: users@lists.example",
                        "X-List-Administrivia: yes", "Auto-Submitted: auto-replied",
                    ])
            ]
        }, ends: .ignored, reason: .autoSubmitted),
    .init(
        name: "a member of a list whose answer to our receipt comes through the list",
        first: letter(from: "users@lists.example", id: "post"),
        answers: { mail, sent, round in
            [
                letter(
                    from: "users@lists.example", id: "list-\(round)", subject: "[Users] Re: \(mail.subject)",
                    fields: [
                        "Precedence: list", "List-Id: <users.lists.example>", "X-BeenThere: users@lists.example",
                        "List-Post: <mailto:users@lists.example>", "References: \(messageID(sent))",
                    ])
            ]
        }, ends: .followedUp, reason: .followUp),
    .init(
        name: "a bounce that quotes the ticket",
        answers: { mail, sent, round in
            [
                letter(
                    from: "MAILER-DAEMON@shop.example", id: "bounce-\(round)",
                    subject: "failure notice: \(mail.subject)",
                    fields: ["Return-Path: <>"],
                    body: """
                        Hi. This is the qmail-send program at shop.example.
                        I'm afraid I wasn't able to deliver your message.

                        <ada@shop.example>:
                        Sorry, no mailbox here by that name. (#5.1.1)

                        --- Below this line is a copy of the message.

                        Message-ID: \(messageID(sent))
                        Subject: \(mail.subject)
                        """)
            ]
        }, ends: .dsn, reason: .report),
    .init(
        name: "a colleague's full mailbox, reported with the ticket's number in it",
        answers: { mail, _, round in
            [
                letter(
                    from: "MAILER-DAEMON@example.com", id: "full-\(round)",
                    subject: "Undelivered Mail Returned to Sender",
                    fields: ["Content-Language: en", "Auto-Submitted: auto-replied"],
                    body: "<li.na@example.com>: mailbox is full (5.2.2)\n\nSubject: \(mail.subject)\n")
            ]
        }, ends: .dsn, reason: .report),
    .init(
        name: "a provider that gives our own copy another Message-ID",
        answers: { _, sent, round in
            let text = String(decoding: sent.bytes, as: UTF8.self)
            return [text.replacingOccurrences(of: messageID(sent), with: "<rewritten-\(round)@provider.example>")]
        }, ends: .own, reason: .ownMail),
    .init(
        name: "our own mail, sent back with the mark of somebody else's",
        answers: { _, sent, round in
            let text = String(decoding: sent.bytes, as: UTF8.self)
                .replacingOccurrences(of: messageID(sent), with: "<rewritten-\(round)@provider.example>")
                .replacingOccurrences(of: "X-Postroom: o.1.", with: "X-Postroom: o.2.")
            return [text]
        }, ends: .ignored, reason: .autoSubmitted),
    .init(
        name: "a forwarder that sends us our own receipt as a new mail of the customer",
        answers: { mail, sent, round in
            [
                letter(
                    id: "fwd-\(round)", subject: "Fwd: \(mail.subject)", fields: ["References: \(messageID(sent))"],
                    body: "---------- Forwarded message ---------\n" + (mail.parts.first.map { mail.text($0) } ?? ""))
            ]
        }, ends: .followedUp, reason: .followUp),
    .init(
        name: "a read receipt for our receipt",
        answers: { mail, sent, round in
            [
                letter(
                    id: "mdn-\(round)", subject: "Read: \(mail.subject)",
                    fields: [
                        "References: \(messageID(sent))", "MIME-Version: 1.0",
                        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
                    ], body: "--b\r\n\r\nread\r\n--b--\r\n")
            ]
        }, ends: .ignored, reason: .report),
]
