import Correspondence
import Foundation
import MailText
import Testing
import Triage
import Vocabulary

@Test func theSameMailByAnotherWayHasTheSameFingerprintAndAnotherDigest() throws {
    let options = try Sample.options()
    let mail = Sample.mail()
    let again = Array("Received: from relay.example by mx.example; Mon, 23 Nov 2026 09:00:01 +0800\r\n".utf8) + mail
    let first = understand(mail, options: options), second = understand(again, options: options)
    #expect(first.fingerprint == second.fingerprint)
    #expect(first.rawDigest != second.rawDigest)
    #expect(understand(mail + Array("\r\n".utf8), options: options).fingerprint == first.fingerprint)
}

@Test(
    "a mail that says something else has another fingerprint",
    arguments: [
        Sample.mail(id: "<2@customer.example>"), Sample.mail(subject: "Where is my order"),
        Sample.mail(from: "Eve <eve@customer.example>"), Sample.mail(body: "Order SO-2026-000124 has not come."),
    ])
func otherContentOtherFingerprint(_ other: [UInt8]) throws {
    let options = try Sample.options()
    #expect(understand(other, options: options).fingerprint != understand(Sample.mail(), options: options).fingerprint)
}

@Test func whatMattersOfACustomersMailIsUnderstood() throws {
    let understanding = understand(
        Sample.mail(
            from: "=?UTF-8?B?5p2O5aic?= <li@customer.example>", subject: "=?UTF-8?B?6K6i5Y2V5p+l6K+i?=",
            body: "您好，订单号：SO-2026-000123 什么时候发货？\r\n\r\n电话：010-5555 0100\r\n"),
        options: try Sample.options())
    #expect(understanding.subject == "订单查询")
    #expect(understanding.origin.kind == .customer)
    #expect(understanding.origin.writer?.displayName == "李娜")
    #expect(understanding.text.language == .simplifiedChinese)
    #expect(understanding.details.contains { $0.field == .orderNumber && $0.value == "SO-2026-000123" })
    #expect(understanding.sentAt == Sample.monday)
}

@Test(
    "any bytes at all are understood",
    arguments: [
        [], [0], [0x0A], Array(repeating: 0xFF, count: 4096), Array("From ".utf8), Array("\r\n\r\n".utf8),
        Array("Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n--x--".utf8),
    ])
func anyBytes(_ bytes: [UInt8]) throws {
    let options = try Sample.options()
    let understanding = understand(bytes, options: options)
    #expect(understanding.size == bytes.count)
    let decision = decide(understanding, facts: Facts(arrivedAt: Sample.monday), options: options, now: Sample.monday)
    #expect(decision.outcome == .ticketed)
}
