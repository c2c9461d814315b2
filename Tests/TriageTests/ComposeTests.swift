import Foundation
import Replies
import Testing
import Triage
import Vocabulary

private func composed(_ mail: [UInt8]) throws -> ComposedReply {
    let options = try Sample.options()
    let decision = decide(
        understand(mail, options: options), facts: Facts(arrivedAt: Sample.monday), options: options,
        now: Sample.monday + 60)
    guard case .send(let plan) = decision.reply else { throw Silence(reply: decision.reply) }
    let identifiers = ReplyIdentifiers(
        messageID: try #require(MessageID("<r1@post.example.com>")), ticket: TicketNumber(1001),
        date: Sample.monday + 60, reversePath: Sample.address("support+b.x@example.com"),
        replyTo: Sample.address("support+c.y@example.com"))
    return try #require(compose(plan, identifiers: identifiers, options: options))
}

private struct Silence: Error { let reply: ReplyDecision }

@Test func aReceiptThreadsAndSaysThatItIsAutomatic() throws {
    let reply = try composed(Sample.mail(extra: "References: <0@customer.example>\r\n"))
    let text = String(decoding: reply.bytes, as: UTF8.self)
    #expect(text.contains("In-Reply-To: <1@customer.example>"))
    #expect(text.contains("References: <0@customer.example> <1@customer.example>"))
    #expect(text.contains("Auto-Submitted: auto-replied"))
    #expect(text.contains("Message-ID: <r1@post.example.com>"))
    #expect(reply.subject.contains("[#1001]"))
    #expect(reply.recipients == [Sample.address("ada@customer.example")])
    #expect(reply.reversePath == Sample.address("support+b.x@example.com"))
    #expect(!text.replacingOccurrences(of: "\r\n", with: "").contains("\n"))
}

@Test func theSameDecisionGivesTheSameOctets() throws {
    let mail = Sample.mail(subject: "=?UTF-8?B?6K6i5Y2V5p+l6K+i?=", body: "什么时候发货？")
    #expect(try composed(mail).bytes == composed(mail).bytes)
}

@Test func aSubjectCannotAddAHeaderField() throws {
    let reply = try composed(Sample.mail(subject: "=?UTF-8?Q?Hi=0D=0ABcc:_eve@evil.example?="))
    let header = String(decoding: reply.bytes, as: UTF8.self).components(separatedBy: "\r\n\r\n")[0]
    #expect(!header.components(separatedBy: "\r\n").contains { $0.lowercased().hasPrefix("bcc") })
}
