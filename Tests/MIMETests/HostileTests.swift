import Foundation
import HostileMail
import MIME
import Testing
import Vocabulary

private func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

/// How many of the thing, so that a message is a few ten thousand bytes in an ordinary build.
private func small(_ mail: HostileMail) -> Int {
    let one = max(1, mail.bytes(1000).count - mail.bytes(0).count)
    return min(mail.count, max(100, 40_000 * 1000 / one))
}

@Test("twice the input is at most twice the work", arguments: HostileMail.all)
func worksInLinearTime(_ mail: HostileMail) {
    let once = mail.bytes(small(mail))
    let twice = mail.bytes(2 * small(mail))
    let (one, two) = (Message(parsing: once), Message(parsing: twice))
    #expect(Double(two.work) <= 2.2 * Double(max(one.work, once.count)))
    #expect(one.work <= 8 * once.count + 1000, "work per byte is bounded: \(one.work) for \(once.count)")
    #expect(two.defects.count <= Limits.standard.defects + 1)
    #expect(!two.parts.isEmpty && two.parts.count <= Limits.standard.parts + Limits.standard.nesting)
}

@Test("everything can be asked of a hostile message", arguments: HostileMail.all)
func answersEverything(_ mail: HostileMail) {
    let message = Message(parsing: mail.bytes(small(mail) / 4))
    for part in message.parts {
        let body = message.decodedBody(part)
        let text = message.decodedText(part)
        #expect(body.defects.count <= Limits.standard.defects + 1)
        #expect(text.text.utf8.count <= 12 * body.bytes.count + 16)
    }
    let contents = message.contents
    for attachment in contents.attachments {
        var size = 0
        let facts = message.facts(of: attachment) { piece in size += piece.count }
        #expect(facts.size == size)
        #expect(!facts.name.text.isEmpty)
    }
    _ = message.deliveryStatus
    _ = message.header.received
    _ = message.header.authenticationResults
    _ = message.header.list
}

@Test("a message that is encoded in a message in a message is not decoded for ever")
func encodedMessagesCostNoMoreThanTheirSize() {
    let head = "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n"
    let mail = Array((times(head, 50) + "Subject: in\n\n" + times("text\n", 10_000)).utf8)
    let message = Message(parsing: mail)
    #expect(message.work <= 4 * mail.count)
    #expect(message.defects.contains { $0.kind == .nestingLimit })
    #expect(message.parts.last?.kind == .leaf, "the rest is raw")
}

@Test("one encoded message in another is read")
func oneEncodedMessageInAnotherIsRead() {
    let head = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    let inner = Array("Subject: innermost\n\ntext of some length, so that it is worth it\n".utf8)
    let middle = Array(head.utf8) + Array(Data(inner).base64EncodedData())
    let mail = Array(head.utf8) + Array(Data(middle).base64EncodedData())
    let message = Message(parsing: mail)
    #expect(message.parts.map(\.kind) == [.message, .message, .leaf])
    #expect(message.parts.last?.header.first("Subject") == "innermost")
}

@Test func limitsKeepTheRestRawAndSaySo() {
    let limits = Limits(
        nesting: 2, parts: 3, fields: 4, fieldBytes: 20, encodedWords: 1, addresses: 2, messageIDs: 1, parameters: 1,
        defects: 20)
    let text = """
        Subject: =?utf-8?Q?a?= =?utf-8?Q?b?=
        To: a@b.c,d@e.f,g@h.i
        References: <1@a><2@a>
        Content-Type: multipart/mixed; boundary=x; a=b
        X-Over: the limit

        --x
        Content-Type: multipart/mixed; boundary=y

        --y
        Content-Type: multipart/mixed; boundary=z

        --z

        deep
        --x

        one too many
        --x--
        """
    let kinds = Set(Message(parsing: Array(text.utf8), limits: limits).defects.map(\.kind))
    for kind: Defect.Kind in [.fieldLimit, .fieldBytesLimit, .messageIDLimit] { #expect(kinds.contains(kind)) }
    var wide = limits
    wide.fieldBytes = 1000
    let message = Message(parsing: Array(text.utf8), limits: wide)
    let found = Set(message.defects.map(\.kind))
    for kind: Defect.Kind in [.encodedWordLimit, .addressLimit, .parameterLimit, .partLimit, .nestingLimit] {
        #expect(found.contains(kind), "\(kind)")
    }
    #expect(message.to.count == 2)
    #expect(message.parts.count == 3)
    #expect(message.subject == "a=?utf-8?Q?b?=" || message.subject == "a =?utf-8?Q?b?=")
}

@Test func theNumberOfDefectsIsBounded() {
    let fields = times("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: odd\nSubject\n", 1)
    let text = fields + times("--b\nContent-Type: odd\nContent-Transfer-Encoding: odd\n\n\n", 3000)
    let message = Message(parsing: Array(text.utf8), limits: Limits(defects: 50))
    #expect(message.defects.count == 51)
    #expect(message.defects.last?.kind == .defectLimit)
}

/// What the fuzz targets found (`scripts/fuzz`), made short, with the promise that it broke.
@Test(
    "what goes into lines of ours is one line",
    arguments: [
        "From:@\u{1}", "From: <\u{1B}(B", "From: <\u{0}>", "From: a\u{7F}b@c.example", "From: \"\u{1}\"@a.example",
        "Subject: a\u{0}b\u{1}", "Subject: =?utf-8?Q?a=0D=0AB: c?=", "From: =?utf-8?B?AAECCg==?= <a@b.example>",
        "Message-ID: <a\u{1}@b>", "References: <a\u{0}@b> <\u{1B}@c>",
        "Content-Transfer-Encoding: message/disposition-notification\n s",
    ])
func keepsControlsOut(_ field: String) {
    let message = Message(parsing: Array("\(field)\n\ntext\n".utf8))
    var texts = [message.subject, message.parts[0].transferEncoding ?? ""]
    texts += message.from.flatMap { [$0.displayName, $0.address] }
    texts += ([message.messageID] + message.references).compactMap { $0?.value }
    for text in texts { #expect(text.utf8.allSatisfy { $0 >= 32 && $0 != 127 }, "\(text.debugDescription)") }
}

@Test(
    "a fold inside a word or value is the same with LF and with CRLF",
    arguments: [
        "Content-Disposition: attachment; filename=e\n e", "Content-Disposition: attachment; filename*1=e\n e",
        "Content-Type: text/plain; name=\"a\n b\"", "Content-Type: text/plain; name*=utf-8''a\n b",
        "Subject: =?utf-8?Q?a\n b?=", "Subject: =?utf-8?B?YW\n Jj?=", "From: \"a\n b\" <a\n @b.example>",
    ])
func foldsAreLineEndsOfBothKinds(_ field: String) {
    let mail = Array("\(field)\n\ntext\n".utf8)
    let (lf, crlf) = (Message(parsing: mail), Message(parsing: withCRLF(mail)))
    #expect(lf.subject == crlf.subject)
    #expect(lf.from == crlf.from)
    #expect(lf.parts[0].filename == crlf.parts[0].filename)
    #expect(lf.parts[0].filename?.utf8.contains(10) != true)
}

@Test func addressLimitCountsAllFieldsOfAName() {
    let mail = Array("From: --c\nFrom: @To: F@ a@b\n\n".utf8)
    #expect(Message(parsing: mail, limits: Limits(addresses: 2)).from.count == 2)
}
