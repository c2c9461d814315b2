import Foundation
import TestSupport

/// Mails of invented customers: each number is another person with another matter, so each opens a ticket of its own.
enum CustomerMail {
    static func number(_ number: Int, extra: String = "", body: String? = nil, filler: Int = 0) -> [UInt8] {
        let text = body ?? "Hello, my order SO-2026-\(100_000 + number) has not come yet. Where is it?"
        return mail(
            from: "Customer \(number) <customer\(number)@buyer\(number).example>",
            id: "<matter-\(number)@buyer.example>",
            subject: "Order \(number) is late", extra: extra, body: text + filling(filler))
    }

    /// A mail from its fields; nil leaves a field out.
    static func mail(
        from: String?, id: String?, subject: String, extra: String = "", body: String, date: Date = Date()
    ) -> [UInt8] {
        var lines: [String] = []
        if let from { lines.append("From: \(from)") }
        lines += ["To: support@example.com", "Subject: \(subject)", "Date: \(field(date))"]
        if let id { lines.append("Message-ID: \(id)") }
        lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
        return Array((lines.joined(separator: "\r\n") + "\r\n" + extra + "\r\n" + body + "\r\n").utf8)
    }

    /// Lines that do not shrink when they are packed.
    static func noise(_ count: Int, seed: UInt64) -> String {
        var random = SeededRandom(seed)
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + count / 36)
        while bytes.count < count {
            bytes += (0..<72).map { _ in letters[Int(random.next() >> 58)] } + [13, 10]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func filling(_ count: Int) -> String {
        count == 0 ? "" : "\r\n" + String(repeating: "Please have a look at it soon.\r\n", count: count / 32 + 1)
    }

    private static func field(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: date)
    }
}

/// The same numbers for the same seed (SplitMix64), so that a failed run can be repeated.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
