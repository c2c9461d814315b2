import Vocabulary

/// What a mail asks of a server, worked out before anything is said.
struct Envelope: Sendable {
    let needsEightBit: Bool
    let needsUTF8: Bool

    /// RFC 6531 section 3.4: addresses or a header beyond ASCII need SMTPUTF8. Other octets beyond ASCII need 8BITMIME.
    init(_ mail: OutgoingMail) {
        let addresses = mail.recipients + (mail.reversePath.map { [$0] } ?? [])
        let header = Self.header(of: mail.bytes)
        let headerIsASCII = header.allSatisfy { $0 < 0x80 }
        needsUTF8 = !headerIsASCII || !addresses.allSatisfy { $0.description.utf8.allSatisfy { $0 < 0x80 } }
        needsEightBit = !headerIsASCII || !mail.bytes[header.endIndex...].allSatisfy { $0 < 0x80 }
    }

    /// Looked at before the mail is: it may be huge.
    static func sizeProblem(_ mail: OutgoingMail, _ server: ServerExtensions) -> String? {
        guard case .octets(let limit) = server.size, mail.bytes.count > limit else { return nil }
        return "the mail has \(mail.bytes.count) octets, and the server takes at most \(limit)"
    }

    /// Why this mail cannot go to this server; nil when it can.
    func problem(_ mail: OutgoingMail, _ server: ServerExtensions) -> String? {
        if needsUTF8 && !server.smtpUTF8 {
            return "an address or the header is not ASCII, and the server does not offer SMTPUTF8"
        }
        if needsEightBit && !server.eightBitMIME {
            return "the mail has 8-bit octets, and the server does not offer 8BITMIME"
        }
        return nil
    }

    func mailCommand(_ mail: OutgoingMail, _ server: ServerExtensions) -> String {
        var command = "MAIL FROM:<\(mail.reversePath?.description ?? "")>"
        if server.size != nil { command += " SIZE=\(mail.bytes.count)" }
        if needsEightBit { command += " BODY=8BITMIME" }
        if needsUTF8 { command += " SMTPUTF8" }
        if server.dsn, let notification = mail.notification {
            command += " RET=\(notification.returnsWholeMail ? "FULL" : "HDRS")"
            if let id = Self.envelopeID(notification.envelopeID) { command += " ENVID=\(id)" }
        }
        return command
    }

    func recipientCommand(_ recipient: EmailAddress, _ mail: OutgoingMail, _ server: ServerExtensions) -> String {
        var command = "RCPT TO:<\(recipient)>"
        if server.dsn, let notification = mail.notification {
            let occasions = DeliveryNotification.Occasion.allCases.filter { notification.occasions.contains($0) }
            command += " NOTIFY=" + (occasions.isEmpty ? "NEVER" : occasions.map(\.rawValue).joined(separator: ","))
        }
        return command
    }

    /// The octets up to the first empty line.
    private static func header(of bytes: [UInt8]) -> ArraySlice<UInt8> {
        var lineStart = 0
        while let end = bytes[lineStart...].firstIndex(of: 10) {
            let line = bytes[lineStart..<end]
            if line.isEmpty || line.elementsEqual([13]) { return bytes[..<lineStart] }
            lineStart = end + 1
        }
        return bytes[...]
    }

    /// xtext (RFC 3461 section 4): `+`, `=` and what is not visible ASCII are written `+HH`. The RFC allows 100 octets;
    /// an id that is longer, or none, is not sent.
    private static func envelopeID(_ text: String) -> String? {
        let hex = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            if 0x21...0x7E ~= byte && byte != UInt8(ascii: "+") && byte != UInt8(ascii: "=") {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "+"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return (1...100).contains(result.count) ? String(decoding: result, as: UTF8.self) : nil
    }
}
