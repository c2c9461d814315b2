import Foundation
import Replies
import Testing
import Vocabulary

@Suite("Silence, and why")
struct SuppressionTests {
    static let now = Date(timeIntervalSince1970: 1_795_399_200)
    static let options = ReplyOptions(organisation: OrganisationName(names: [.english: "Example Ltd"]))

    struct Row: Sendable, CustomTestStringConvertible {
        let sentence: String
        let expected: ReplySuppression?
        /// Part of the reason.
        let because: String
        let change: @Sendable (inout SuppressionInput) -> Void
        var testDescription: String { sentence }

        init(
            _ sentence: String, _ expected: ReplySuppression?, because: String = "",
            _ change: @escaping @Sendable (inout SuppressionInput) -> Void
        ) {
            self.sentence = sentence
            self.expected = expected
            self.because = because
            self.change = change
        }
    }

    static func customer() -> SuppressionInput {
        SuppressionInput(
            kind: .customer, trust: .unknown, reversePath: .absent, automatic: [],
            replyTo: EmailAddress("ada@customer.example"), addressedToUs: true, isDuplicate: false,
            arrivedAt: now - 60, sentAt: now - 90, now: now, lastReplyToWriter: nil, repliesOnTicketInWindow: 0,
            repliesInProcessWindow: 0, isParticipant: true)
    }

    static let rows = [
        Row("an ordinary customer is answered", nil) { _ in },
        Row("an authenticated one too", nil) { $0.trust = .authenticated },
        Row("a malformed reverse path is not null", nil) { $0.reversePath = .malformed("x") },
        Row("our own mail", .ownMail, because: "our own") { $0.kind = .own },
        Row("a delivery report", .report, because: "delivery report") { $0.kind = .dsn },
        Row("an agent", .notCustomer, because: "our own people") { $0.kind = .agent },
        Row("a machine without any sign", .notCustomer, because: "machine") { $0.kind = .automatic },
        Row("a null reverse path without a sign", .nullReversePath, because: "Return-Path: <>") {
            $0.reversePath = .null
        },
        Row("failed authentication", .failedAuthentication, because: "says fail") { $0.trust = .failed },
        Row("nowhere to answer to", .noReplyAddress, because: "neither From nor Reply-To") { $0.replyTo = nil },
        Row("a blind copy or a list of addresses", .notAddressedToUs, because: "To or Cc") { $0.addressedToUs = false },
        Row("a stranger who quotes a ticket's number", .notParticipant) { $0.isParticipant = false },
        Row("the same mail again", .duplicate) { $0.isDuplicate = true },
        Row("mail of yesterday morning", .tooOld, because: "25 h old, the limit is 24 h") {
            $0.arrivedAt = now - 25 * 3600
        },
        Row("old mail in a mailbox that was moved today", .tooOld) { $0.sentAt = now - 400 * 86400 },
        Row("a clock that starts in 1970 says nothing", nil) { $0.sentAt = Date(timeIntervalSince1970: 0) },
        Row("a clock in the future neither", nil) { $0.sentAt = now + 400 * 86400 },
        Row("no Date at all", nil) { $0.sentAt = nil },
        Row("answered an hour ago", .answeredRecently, because: "answered 1 h ago, once in 24 h is enough") {
            $0.lastReplyToWriter = now - 3600
        },
        Row("answered two days ago", nil) { $0.lastReplyToWriter = now - 48 * 3600 },
        Row("the third answer on a ticket was the last", .ticketCap, because: "3 answers on this ticket within 24 h") {
            $0.repliesOnTicketInWindow = 3
        },
        Row("two leave room for one", nil) { $0.repliesOnTicketInWindow = 2 },
        Row("a flood", .processCap, because: "500 answers within 1 h") { $0.repliesInProcessWindow = 500 },
        Row("what the mail is comes before what was sent already", .ownMail) {
            $0.kind = .own
            $0.isDuplicate = true
            $0.lastReplyToWriter = now
        },
    ]

    @Test("each question", arguments: rows)
    func questions(_ row: Row) {
        var input = Self.customer()
        row.change(&input)
        let found = suppression(of: input, options: Self.options)
        #expect(found?.0 == row.expected)
        guard let (suppression, reason) = found else { return }
        #expect(reason.about == .reply)
        #expect(reason.conclusion == "suppressed: \(suppression.rawValue)")
        #expect(reason.source == suppression.rule)
        #expect(row.because.isEmpty || reason.because.contains(row.because), "\(reason.because)")
    }

    @Test(
        "every sign means silence, also on a customer's mail",
        arguments: [
            (.autoSubmitted, .autoSubmitted), (.mailingList, .mailingList), (.precedence, .precedence),
            (.nullReversePath, .nullReversePath), (.unattendedSender, .unattendedSender),
            (.responseSuppressed, .responseSuppressed), (.autoReplyField, .autoReply), (.autoReplySubject, .autoReply),
            (.report, .report), (.spamFlag, .spam), (.bulkMailer, .bulkMail),
        ] as [(AutomaticSign.Kind, ReplySuppression)])
    func signs(_ kind: AutomaticSign.Kind, _ expected: ReplySuppression) {
        var input = Self.customer()
        input.automatic = [AutomaticSign(kind, seen: "Field: body", rule: "RFC")]
        let found = suppression(of: input, options: Self.options)
        #expect(found?.0 == expected)
        #expect(found?.1.because == "Field: body")
    }

    @Test("no kind of sign is forgotten")
    func allSigns() {
        for kind in AutomaticSign.Kind.allCases {
            var input = Self.customer()
            input.automatic = [AutomaticSign(kind, seen: "x", rule: "y")]
            #expect(suppression(of: input, options: Self.options) != nil, "\(kind)")
        }
    }

    @Test("switched off")
    func off() {
        var options = Self.options
        options.mode = .off
        #expect(suppression(of: Self.customer(), options: options)?.0 == .disabled)
        options.mode = .hold
        #expect(suppression(of: Self.customer(), options: options) == nil)
    }

    @Test("every reason for silence has its cite", arguments: ReplySuppression.allCases)
    func cites(_ suppression: ReplySuppression) {
        #expect(suppression.rule.count > 10)
    }

    @Test(
        "quiet hours",
        arguments: [
            ("receipt", 23, "exempt", 0), ("progress", 23, "until eight next morning", 9),
            ("progress", 3, "until eight", 5),
            ("progress", 12, "at once", 0), ("progress", 8, "at once", 0),
        ])
    func quietHours(_ template: String, _ hour: Int, _ sentence: String, _ hoursLater: Int) throws {
        let zone = try #require(TimeZone(identifier: "Asia/Shanghai"))
        let quiet = QuietHours(timeZone: zone, fromMinute: 22 * 60, toMinute: 8 * 60)
        // Midnight in Shanghai, 23 November 2026.
        let now = Date(timeIntervalSince1970: 1_795_363_200 + Double(hour) * 3600)
        #expect(quiet.notBefore(template: template, now: now) == now + Double(hoursLater) * 3600, "\(sentence)")
    }
}
