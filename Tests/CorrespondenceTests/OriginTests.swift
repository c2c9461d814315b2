import Correspondence
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

    @Test("a message of nothing is a customer's mail without a writer")
    func emptyMessage() {
        let origin = origin(of: Message(parsing: []), identity: identity)
        #expect(origin.kind == .customer)
        #expect(origin.writer == nil)
        #expect(origin.trust == .unknown)
    }
}
