import MIME

/// What a spam filter in front of us wrote into the header, for the admins' conditions.
///
/// SpamAssassin (`X-Spam-Flag`, `X-Spam-Status: Yes, score=7.1`, `X-Spam-Level: *******`), rspamd (`X-Spamd-Result:
/// default: True [15.20 / 15.00]`, `X-Rspamd-Score`, `X-Rspamd-Action`), Exchange (`X-MS-Exchange-Organization-SCL`).
/// Anybody can write such fields: they are worth what the filter makes of those that come from outside.
struct SpamFields {
    private(set) var flag = false
    /// The highest that was found.
    private(set) var score: Double?

    init(_ header: Header) {
        for name in ["X-Spam-Flag", "X-Spam"] {
            if header.all(name).contains(where: { Self.begins($0, with: ["yes", "true", "spam"]) }) { flag = true }
        }
        for value in header.all("X-Spam-Status") + header.all("X-Spamd-Result") {
            if Self.begins(value, with: ["yes", "default: true"]) { flag = true }
            note(Self.number(in: value, after: "score=") ?? Self.number(in: value, after: "["))
        }
        for name in ["X-Spam-Score", "X-Rspamd-Score"] { header.all(name).forEach { note(Self.number(in: $0)) } }
        for value in header.all("X-Spam-Level") where value.utf8.first == UInt8(ascii: "*") {
            note(Double(value.utf8.prefix { $0 == UInt8(ascii: "*") }.count))
        }
        for value in header.all("X-Rspamd-Action") where Self.begins(value, with: ["reject", "add", "rewrite"]) {
            flag = true
        }
        for value in header.all("X-MS-Exchange-Organization-SCL") where (Self.number(in: value) ?? 0) >= 5 {
            flag = true
        }
    }

    private mutating func note(_ number: Double?) {
        guard let number else { return }
        score = max(score ?? number, number)
    }

    private static func begins(_ value: String, with words: [String]) -> Bool {
        let start = String(decoding: value.utf8.prefix(20), as: UTF8.self).lowercased()
        return words.contains { start.hasPrefix($0) }
    }

    /// The number behind `mark`, or at the beginning.
    private static func number(in value: String, after mark: String = "") -> Double? {
        var rest = value.prefix(400)
        if !mark.isEmpty {
            guard let place = rest.firstRange(of: mark) else { return nil }
            rest = rest[place.upperBound...]
        }
        let digits = rest.drop { $0 == " " }.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
        return Double(digits)
    }
}
