import MIME
import Vocabulary

/// A delivery report as JSON, which Amazon SES sends by mail when a sender asked for it ("Amazon SNS notification
/// contents", public documentation of SES): one object in one line, with a line of text below it.
///
/// Nothing but strings is read, and no nesting: the first value of a key that stands behind its list's name.
func notification(in message: Message) -> (DeliveryReport, String)? {
    guard let part = message.parts.first(where: { $0.isBodyText }), part.mediaType == "text/plain"
    else { return nil }
    let bytes = Array(message.text(part).utf8.prefix(32_000)).drop { $0 <= 32 }
    guard bytes.first == UInt8(ascii: "{") else { return nil }
    let plain = JSONStrings(bytes: Array(bytes))
    // SNS puts the object as a string into one of its own: each quote has a backslash.
    let isWrapped = firstIndex(of: Array("\\\"notificationType\\\"".utf8), in: bytes) != nil
    let json = isWrapped ? JSONStrings(bytes: unescaped(bytes)) : plain
    let kind = json.value(of: "notificationType", from: 0) ?? json.value(of: "eventType", from: 0)
    let id = json.place(of: "headers").flatMap { json.value(of: "messageId", from: $0) }
    switch kind {
    case "Bounce":
        guard let list = json.place(of: "bouncedRecipients") else { return nil }
        let isTransient = json.value(of: "bounceType", from: 0) == "Transient"
        let recipients = json.groups(from: list, key: "emailAddress").map { start, end in
            let diagnostic = json.value(of: "diagnosticCode", from: start, to: end) ?? ""
            let status = json.value(of: "status", from: start, to: end) ?? (isTransient ? "4.0.0" : "5.0.0")
            return DeliveryReport.Recipient(
                finalRecipient: json.value(of: "emailAddress", from: start, to: end) ?? "",
                action: asciiLowercased(json.value(of: "action", from: start, to: end) ?? "failed"),
                status: EnhancedStatus(firstIn: status)?.description ?? "", diagnostic: shortened(diagnostic, to: 500))
        }
        return (report(recipients, id), "notificationType Bounce")
    case "Delivery":
        guard let list = json.place(of: "recipients") else { return nil }
        let response = json.value(of: "smtpResponse", from: list) ?? ""
        let recipients = json.strings(from: list).map {
            DeliveryReport.Recipient(
                finalRecipient: $0, action: "delivered",
                status: EnhancedStatus(firstIn: response)?.description ?? "2.0.0",
                diagnostic: shortened(response, to: 500))
        }
        return (report(recipients, id), "notificationType Delivery")
    default:
        return nil
    }
}

/// One level of backslashes less.
private func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var isEscaped = false
    for byte in bytes {
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        if !isEscaped { text.append(byte) }
    }
    return text
}

private func report(_ recipients: [DeliveryReport.Recipient], _ id: String?) -> DeliveryReport {
    DeliveryReport(
        recipients: recipients.filter { $0.finalRecipient.contains("@") },
        originalMessageID: id.flatMap { MessageID($0) },
        envelopeID: nil)
}

/// Strings of a JSON text by their keys.
private struct JSONStrings {
    let bytes: [UInt8]

    /// Where `"key":` begins, and where its value does.
    private func find(_ key: String, from start: Int) -> (key: Int, value: Int)? {
        let name = Array("\"\(key)\"".utf8)
        guard start < bytes.count, let found = firstIndex(of: name, in: bytes[start...]) else { return nil }
        let colon = bytes[(found + name.count)...].firstIndex { $0 > 32 } ?? bytes.endIndex
        return colon < bytes.count && bytes[colon] == UInt8(ascii: ":") ? (found, colon + 1) : nil
    }

    func place(of key: String) -> Int? { find(key, from: 0)?.value }

    func value(of key: String, from start: Int, to end: Int = .max) -> String? {
        guard let place = find(key, from: start)?.value, place < end else { return nil }
        return string(at: place)?.text
    }

    /// Where each object of a list begins and ends, told by a key that every one has first.
    func groups(from start: Int, key: String) -> [(Int, Int)] {
        var starts: [Int] = []
        let close = bytes[start...].firstIndex(of: UInt8(ascii: "]")) ?? bytes.endIndex
        var index = start
        while let place = find(key, from: index), place.key < close, starts.count < recipientLimit {
            starts.append(place.key)
            index = place.value
        }
        return starts.indices.map { (starts[$0], $0 + 1 < starts.count ? starts[$0 + 1] : close) }
    }

    /// The strings of the list that begins here.
    func strings(from start: Int) -> [String] {
        var found: [String] = []
        var index = start
        while let (text, end) = string(at: index), found.count < recipientLimit {
            found.append(text)
            let next = bytes[end...].firstIndex { $0 > 32 } ?? bytes.endIndex
            guard next < bytes.count, bytes[next] == UInt8(ascii: ",") else { break }
            index = next + 1
        }
        return found
    }

    /// The string that begins here, blanks and an opening bracket passed over; escapes stay but for quotes and slashes.
    private func string(at start: Int) -> (text: String, end: Int)? {
        var index = start
        while index < bytes.count, bytes[index] <= 32 || bytes[index] == UInt8(ascii: "[") { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
        index += 1
        var text: [UInt8] = []
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count { index += 1 }
            text.append(bytes[index])
            index += 1
        }
        return index < bytes.count ? (String(decoding: text, as: UTF8.self), index + 1) : nil
    }
}
