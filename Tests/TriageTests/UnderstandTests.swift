import Correspondence
import Digest
import Foundation
import MIME
import MailText
import Rules
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

private let twoFiles: [UInt8] = {
    let lines = [
        "From: Ada <ada@customer.example>", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "Two files:",
        "",
        "begin 644 ../cat.txt", "#0V%T", "`", "end", "--b", "Content-Type: application/pdf; name=\"order.pdf.exe\"",
        "Content-Transfer-Encoding: base64", "", "IyEvYmluL3NoCg==", "--b--", "",
    ]
    return Array(lines.joined(separator: "\r\n").utf8)
}()

@Test func everyAttachmentIsDescribed() throws {
    let understanding = understand(twoFiles, options: try Sample.options())
    #expect(understanding.text.plain == "Two files:\n\n")
    #expect(
        understanding.attachments == [
            AttachmentFact(
                path: "1.1", filename: "cat.txt", mediaType: "text/plain", declaredType: "application/octet-stream",
                size: 3, digest: sha256(Array("Cat".utf8)), source: "uuencode", flags: ["path"]),
            AttachmentFact(
                path: "2", filename: "order.pdf.exe", mediaType: "text/x-script", declaredType: "application/pdf",
                size: 10, digest: sha256(Array("#!/bin/sh\n".utf8)), source: "part",
                flags: ["double-extension", "misdeclared", "misnamed", "runnable"]),
        ])
}

@Test("what is wrong with a body is a defect, once", arguments: ["text/html", "text/plain"])
func defectsOfTheBody(_ type: String) throws {
    let lines = [
        "From: Ada <ada@customer.example>", "Content-Type: \(type)", "Content-Transfer-Encoding: base64", "",
        "PHA+SGVsbG8uP", "",
    ]
    let understanding = understand(Array(lines.joined(separator: "\r\n").utf8), options: try Sample.options())
    #expect(understanding.defects.filter { $0.hasPrefix("truncatedBase64") } == ["truncatedBase64: root"])
}

@Test("defects are bounded, however many texts have some")
func defectsAreBounded() throws {
    let part = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\u{1}"
    var mail = Array("Content-Type: multipart/mixed; boundary=b\r\n\r\n".utf8)
    for _ in 0..<1_500 { mail += Array(part.utf8) + [0xFF, 13, 10] }
    let defects = understand(mail + Array("--b--\r\n".utf8), options: try Sample.options()).defects
    #expect(defects.count == Limits.standard.defects + 1)
    #expect(defects.last == "defectLimit: root")
}

@Test func rulesKnowTheFlagsOfAttachments() {
    #expect(RuleKey.attachmentFlags == AttachmentFacts.Flag.allCases.map(\.rawValue).sorted())
}

@Test("what a rule saw of an attachment says in which file")
func evidenceNamesTheFile() throws {
    let place = SourceLocation(file: "rules.d/test.yaml", line: 1, column: 1)
    let wanted = [("attachment.flag", "runnable"), ("attachment.type", "text/plain"), ("attachment.name", "cat.txt")]
    let leaves = wanted.map { key, value in
        ConditionDefinition.leaf(
            LeafDefinition(
                key: LocatedText(key, at: place), operation: LocatedText("equals", at: place),
                operands: [LocatedText(value, at: place)]))
    }
    let (rules, problems) = RuleSet.compile([
        RuleDefinition(
            name: LocatedText("files", at: place), condition: .all(leaves, at: place), effects: [], stop: true)
    ])
    try #require(problems.isEmpty, "\(problems)")
    let understanding = understand(twoFiles, options: try Sample.options(rules: rules))
    #expect(
        understanding.observations.evidence.values.sorted() == [
            "attachment.flag is runnable (order.pdf.exe)", "attachment.name is cat.txt",
            "attachment.type is text/plain (cat.txt)",
        ])
}

/// Stored fingerprints outlive the program that made them: how a charset is read must not be part of them.
@Test func theFingerprintIsOfWhatWasSentNotOfHowItIsRead() throws {
    let raw: [UInt8] = [0xB6, 0xA9, 0xB5, 0xA5, 0xCD, 0xCB, 0xBF, 0xEE]  // GBK, undeclared
    let head = "Message-ID: <1@example.com>\r\nFrom: =?gb2312?B?zfW3vA==?= <wang@example.com>\r\nSubject: "
    let mail = Array(head.utf8) + raw + Array("\r\n more\r\n\r\nbody\r\n".utf8)
    // Length and value of Message-ID, Date, From, To and Subject, unfolded.
    let sent = Array("15:<1@example.com>0:40:=?gb2312?B?zfW3vA==?= <wang@example.com>0:13:".utf8)
    let expected = sha256(sent + raw + Array(" more".utf8) + Array("body".utf8))
    #expect(understand(mail, options: try Sample.options()).fingerprint == expected)
}
