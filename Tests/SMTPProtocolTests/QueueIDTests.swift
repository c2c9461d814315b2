import SMTPProtocol
import Testing

@Suite struct QueueIDTests {
    @Test(
        "queue ids as widespread servers tell them",
        arguments: [
            ("Ok: queued as 4F3W1z2Qxyz", "4F3W1z2Qxyz"),
            ("Ok: queued as E192BF82126", "E192BF82126"),
            ("OK id=1tAbCd-0000000012x-0Abc", "1tAbCd-0000000012x-0Abc"),
            ("4ALKx1aB012345 Message accepted for delivery", "4ALKx1aB012345"),
            ("<a1@mail.example> [InternalId=123456789, Hostname=mx.example] Queued mail for delivery", "123456789"),
            ("OK  1700000000 a1b2c3-d4e5f6.123 - gsmtp", "a1b2c3-d4e5f6.123"),
            ("Ok 0100018cabcdef01-6a7b8c9d-000000", "0100018cabcdef01-6a7b8c9d-000000"),
            ("ok 1700000000 qp 12345", "12345"),
            ("Message Queued (0E1F2A3B-4C5D-6E7F.1)", "0E1F2A3B-4C5D-6E7F.1"),
            ("Mail OK queued as smtp5,AbCdEfGh12,1700000000", "smtp5,AbCdEfGh12,1700000000"),
            ("Ok: queued as", nil),
            ("Ok", nil),
            ("fine, thank you", nil),
            ("", nil),
            ("queued as \u{1}\u{2}", nil),
        ])
    func queueIDs(_ text: String, _ expected: String?) {
        #expect(queueID(in: SMTPReply(code: 250, lines: [text])) == expected)
    }

    @Test("an id is never longer than 100 octets")
    func longID() {
        let text = "Ok: queued as \(String(repeating: "A", count: 300))"
        #expect(queueID(in: SMTPReply(code: 250, lines: [text])) == nil)
    }
}
