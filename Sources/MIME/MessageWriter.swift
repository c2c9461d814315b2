import Vocabulary

import struct Foundation.Date

/// Writes an `OutgoingMessage`: header in the order of RFC 5322 section 3.6, then one text part, or a
/// multipart/alternative (RFC 2046 section 5.1.4) with the plain text first.
struct MessageWriter {
    private(set) var output: [UInt8] = []

    mutating func write(_ message: OutgoingMessage) {
        var fields = FieldWriter()
        fields.write("Date", structured: [dateText(message.date)])
        fields.write("From", addresses: [message.from])
        if let sender = message.sender { fields.write("Sender", addresses: [sender]) }
        if let replyTo = message.replyTo { fields.write("Reply-To", addresses: [replyTo]) }
        if !message.to.isEmpty { fields.write("To", addresses: message.to) }
        fields.write("Subject", unstructured: message.subject)
        fields.write("Message-ID", identifiers: [message.messageID])
        if let id = message.inReplyTo { fields.write("In-Reply-To", identifiers: [id]) }
        if !message.references.isEmpty { fields.write("References", identifiers: message.references) }
        for field in message.fields { fields.write(field.name.description, unstructured: field.body) }
        fields.write("MIME-Version", structured: ["1.0"])
        if let html = message.html {
            let boundary = self.boundary(seed: message.boundarySeed, avoiding: Array((message.text + html).utf8))
            fields.write("Content-Type", structured: ["multipart/alternative;", "boundary=\"\(boundary)\""])
            output = fields.output
            append("\r\n")
            part(message.text, type: "text/plain", boundary)
            part(html, type: "text/html", boundary)
            append("--\(boundary)--\r\n")
        } else {
            output = fields.output
            body(message.text, type: "text/plain")
        }
    }

    private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }

    private mutating func part(_ text: String, type: String, _ boundary: String) {
        append("--\(boundary)\r\n")
        body(text, type: type)
        append("\r\n")
    }

    private mutating func body(_ text: String, type: String) {
        let bytes = canonicalText(text)
        let encoding = BodyEncoding(for: bytes)
        let charset = isASCII(bytes.span, 0..<bytes.count) ? "us-ascii" : "utf-8"
        append("Content-Type: \(type); charset=\(charset)\r\nContent-Transfer-Encoding: \(encoding.rawValue)\r\n\r\n")
        encoding.append(bytes, to: &output)
    }

    /// A boundary that cannot stand in the parts: they are seven-bit and encoded, and this holds `=_`, which
    /// quoted-printable and base64 never write (RFC 2045 section 6.7); for plain parts it is compared.
    private func boundary(seed: String, avoiding text: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in seed.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var boundary = "=_\(String(hash, radix: 36))"
        while contains(text, Array(boundary.utf8)) { boundary += "_" }
        return boundary
    }

    private func contains(_ text: [UInt8], _ sequence: [UInt8]) -> Bool {
        var index = 0
        while true {
            index = findByte(text.span, sequence[0], from: index, to: text.count)
            if index < 0 { return false }
            if text[index...].starts(with: sequence) { return true }
            index += 1
        }
    }

    /// RFC 5322 section 3.3, in UTC.
    private func dateText(_ date: Date) -> String {
        let seconds = Int64(date.timeIntervalSince1970.rounded(.down))
        return dateFieldText(seconds)
    }
}

/// `Tue, 11 Jun 2024 01:35:30 +0000`.
func dateFieldText(_ seconds: Int64) -> String {
    let days = Int((Double(seconds) / 86400).rounded(.down))
    let time = Int(seconds) - days * 86400
    let (year, month, day) = civilDate(daysSince1970: days)
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][((days % 7) + 7) % 7]
    let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(weekday), \(two(day)) \(name) \(year) \(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60)) +0000"
}

func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

/// Text as a body has it: CRLF line ends, no lone CR or LF, no NUL (RFC 5322 section 2.3).
func canonicalText(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 64)
    var wasCR = false
    for byte in text.utf8 {
        if byte == 10 {
            if !wasCR { bytes += [13, 10] }
        } else if byte == 13 {
            bytes += [13, 10]
        } else if byte != 0 {
            bytes.append(byte)
        }
        wasCR = byte == 13
    }
    if !bytes.isEmpty && bytes.last != 10 { bytes += [13, 10] }
    return bytes
}
