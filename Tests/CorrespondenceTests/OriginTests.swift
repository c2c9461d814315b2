import Correspondence
import Foundation
import MIME
import Testing
import Vocabulary

@Suite("Where an answer goes and what a mail belongs to")
struct OriginTests {
    struct Sender: Sendable, CustomTestStringConvertible {
        let sentence: String
        let header: String
        let writer: String?
        let replyTo: String?
        var testDescription: String { sentence }
    }

    @Test(
        "writer and answer",
        arguments: [
            Sender(
                sentence: "From writes and is answered", header: "", writer: "ada@customer.example",
                replyTo: "ada@customer.example"),
            Sender(
                sentence: "Reply-To is where the answer goes; From stays the writer",
                header: "Reply-To: <orders@customer.example>",
                writer: "ada@customer.example", replyTo: "orders@customer.example"),
            Sender(
                sentence: "a Reply-To that is ours is passed over", header: "Reply-To: support@example.com",
                writer: "ada@customer.example", replyTo: "ada@customer.example"),
            Sender(
                sentence: "the first usable author writes", header: "From: nobody, Ben <ben@customer.example>",
                writer: "ben@customer.example", replyTo: "ben@customer.example"),
            Sender(
                sentence: "without From the Sender writes", header: "From:\nSender: desk@customer.example",
                writer: "desk@customer.example", replyTo: "desk@customer.example"),
            Sender(
                sentence: "without both the Reply-To does", header: "From:\nReply-To: cy@customer.example",
                writer: "cy@customer.example", replyTo: "cy@customer.example"),
            Sender(sentence: "nobody", header: "From:", writer: nil, replyTo: nil),
            Sender(
                sentence: "a form's visitor", header: "From: form@shop.example.net\nReply-To: dee@customer.example",
                writer: "dee@customer.example", replyTo: "dee@customer.example"),
        ])
    func writerAndAnswer(_ row: Sender) {
        let origin = origin(of: message(row.header), identity: identity)
        #expect(origin.writer?.address.description == row.writer)
        #expect(origin.replyTo?.address.description == row.replyTo)
    }

    @Test(
        "reverse paths: missing is unknown, empty is null",
        arguments: [
            ("", ReversePath.absent), ("Return-Path: <>", .null), ("Return-Path:", .null),
            ("Return-Path: <MAILER-DAEMON>", .null), ("Return-Path: bounce", .malformed("bounce")),
            ("Return-Path: <>\nReturn-Path: <old@customer.example>", .null),
        ])
    func reversePaths(_ header: String, _ expected: ReversePath) {
        #expect(origin(of: message(header), identity: identity).reversePath == expected)
    }

    @Test("a reverse path with an address")
    func reversePathAddress() {
        let origin = origin(of: message("Return-Path: <Ada@Customer.example>"), identity: identity)
        #expect(origin.reversePath == EmailAddress("ada@customer.example").map { .address($0) })
    }

    struct Recipient: Sendable, CustomTestStringConvertible {
        let sentence: String
        let header: String
        let ours: String?
        let addressed: Bool
        var tokens: [String] = []
        var testDescription: String { sentence }
    }

    @Test(
        "our address among the recipients",
        arguments: [
            Recipient(
                sentence: "in To", header: "To: support@example.com", ours: "support@example.com", addressed: true),
            Recipient(
                sentence: "in Cc, in other letters", header: "To: a@b.example\nCc: Sales <SALES@Example.com>",
                ours: "sales@example.com", addressed: true),
            Recipient(
                sentence: "with a token", header: "To: <support+c.T0KEN@example.com>", ours: "support@example.com",
                addressed: true, tokens: ["c.T0KEN"]),
            Recipient(
                sentence: "the MTA noted the token",
                header: "To: support@example.com\nDelivered-To: support+b.X@example.com",
                ours: "support@example.com", addressed: true, tokens: ["b.X"]),
            Recipient(
                sentence: "a blind copy", header: "To: a@b.example\nX-Original-To: sales@example.com",
                ours: "sales@example.com", addressed: false),
            Recipient(
                sentence: "redirected by hand (RFC 5322 section 3.6.6)",
                header: "To: a@b.example\nResent-To: Support <support@example.com>", ours: "support@example.com",
                addressed: true),
            Recipient(sentence: "not ours at all", header: "To: undisclosed-recipients:;", ours: nil, addressed: false),
            Recipient(
                sentence: "each token once", header: "To: support+c.A@example.com, support+c.A@example.com",
                ours: "support@example.com", addressed: true, tokens: ["c.A"]),
        ])
    func recipients(_ row: Recipient) {
        let origin = origin(of: message(row.header), identity: identity)
        #expect(origin.ours?.normalized == row.ours)
        #expect(origin.addressedToUs == row.addressed)
        #expect(origin.tokens == row.tokens)
    }

    @Test("references come first, then In-Reply-To, each once")
    func references() {
        let origin = origin(
            of: message("References: <a@x> <b@x>\nIn-Reply-To: <b@x> <c@x>"), identity: identity)
        #expect(origin.references.map(\.value) == ["a@x", "b@x", "c@x"])
    }

    @Test(
        "ticket numbers of a subject",
        arguments: [
            ("[#1001] hello", [1001]), ("Re: [#1001] hello [#1002] [#1001]", [1001, 1002]), ("#1001 hello", []),
            ("[#] [#12a] [1001]", []), ("[#99999999999999999999]", []), ("回复：[#1001] 关于", [1001]), ("[#10[#11]", [11]),
        ] as [(String, [Int64])])
    func ticketNumbers(_ subject: String, _ expected: [Int64]) {
        let origin = origin(of: message("Subject: \(subject)"), identity: identity)
        #expect(origin.ticketNumbers.map(\.rawValue) == expected)
    }

    @Test(
        "which of our addresses answers when several were written to",
        arguments: [
            ("To: sales@example.com, support@example.com", "sales@example.com", "in To"),
            ("To: a@b.example\nCc: support@example.com, sales@example.com", "support@example.com", "in Cc"),
            ("Cc: sales@example.com\nTo: support@example.com", "support@example.com", "in To"),
            (
                "To: a@b.example\nX-Original-To: sales@example.com\nDelivered-To: support@example.com",
                "sales@example.com", "fields of the delivery"
            ),
        ])
    func severalOfOurs(_ header: String, _ ours: String, _ because: String) {
        let origin = origin(of: message(header), identity: identity)
        #expect(origin.ours?.normalized == ours)
        let reason = origin.reasons.first { $0.about == .reply }
        #expect(reason?.conclusion == "answered as \(ours)")
        let found = reason?.because ?? ""
        #expect(found.contains(because), "\(found)")
    }

    @Test("one address of ours, also twice and with a token, needs no reason")
    func oneOfOurs() {
        let origin = origin(
            of: message("To: support@example.com, Support+c.A@example.com\nDelivered-To: support@example.com"),
            identity: identity)
        #expect(!origin.reasons.contains { $0.about == .reply })
    }

    @Test("an answer that goes elsewhere than to From says why")
    func replyTo() {
        let origin = origin(of: message("Reply-To: orders@customer.example"), identity: identity)
        let reason = origin.reasons.first { $0.about == .reply }
        #expect(reason?.conclusion == "answered to orders@customer.example")
        #expect(reason?.because == "Reply-To of ada@customer.example")
    }

    @Test("a subject with two numbers says so, and decides nothing")
    func twoNumbers() {
        let reasons = origin(of: message("Subject: Fwd: [#1001] Re: [#1002] pumps"), identity: identity).reasons
        let reason = reasons.first { $0.about == .thread }
        #expect(reason?.conclusion == "no ticket by subject")
        #expect(reason?.because == "the subject names several: [#1001], [#1002]")
        let one = origin(of: message("Subject: Re: [#1001] and [#1001]"), identity: identity)
        #expect(!one.reasons.contains { $0.about == .thread })
    }

    /// Outlook makes both from the subject alone, so that strangers share them.
    @Test("Thread-Index and Thread-Topic decide nothing")
    func threadIndex() {
        let plain = origin(of: message("Subject: Invoice"), identity: identity)
        let marked = origin(
            of: message(
                "Subject: Invoice\nThread-Index: AQHZ0000000000000000000000000000000A==\nThread-Topic: [#1001] Invoice"),
            identity: identity)
        #expect(marked == plain)
    }

    @Test("what was stored before forwards and claims were known is still read")
    func oldRecords() throws {
        let origin = origin(of: message("Subject: Re: [#1001] pumps"), identity: identity)
        var old = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(origin)) as? [String: Any])
        old["forwarded"] = nil
        old["ownClaim"] = nil
        let read = try JSONDecoder().decode(MailOrigin.self, from: JSONSerialization.data(withJSONObject: old))
        #expect(read == origin)
    }

    @Test("a message of nothing is a customer's mail without a writer")
    func emptyMessage() {
        let origin = origin(of: Message(parsing: []), identity: identity)
        #expect(origin.kind == .customer)
        #expect(origin.writer == nil)
        #expect(origin.trust == .unknown)
    }
}
