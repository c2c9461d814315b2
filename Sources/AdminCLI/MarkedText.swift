import MailText
import Triage
import Vocabulary

/// The details of a mail as `postroom explain` shows them: field, value, why, and the lines they were read from with each
/// value in brackets.
func markedDetails(_ understanding: Understanding) -> String {
    guard !understanding.details.isEmpty else { return "" }
    var lines = ["  details"]
    for detail in understanding.details {
        let place = detail.line.map { "line \($0 + 1)" } ?? "header"
        lines.append(
            "    \(detail.field.rawValue): \(cut(printable(detail.value), to: 80)) "
                + "(\(place), \(printable(detail.evidence)), confidence "
                + "\(Int((detail.confidence * 100).rounded())) %)")
    }
    let marked = markedLines(understanding)
    if !marked.isEmpty { lines += ["", "  text"] + marked }
    return lines.joined(separator: "\n") + "\n"
}

/// `    5  电话：[phone: 13800138000]`: the lines that hold a detail.
private func markedLines(_ understanding: Understanding) -> [String] {
    let bytes = Array(understanding.text.plain.utf8)
    let spans = understanding.details.compactMap { detail in detail.span.map { (detail.field.rawValue, $0) } }
        .filter { $0.1.upperBound <= bytes.count }.sorted { $0.1.lowerBound < $1.1.lowerBound }
    var shown: [String] = []
    var start = 0
    var number = 1
    var next = 0
    while start <= bytes.count, next < spans.count {
        let end = firstIndex(of: 0x0A, in: bytes, from: start)
        var line = ""
        var place = start
        while next < spans.count, spans[next].1.lowerBound <= end {
            let (field, span) = spans[next]
            next += 1
            // One detail inside another: the outer one is marked.
            guard span.lowerBound >= place else { continue }
            let stop = min(span.upperBound, end)
            line += String(decoding: bytes[place..<span.lowerBound], as: UTF8.self)
            line += "[\(field): " + String(decoding: bytes[span.lowerBound..<stop], as: UTF8.self) + "]"
            place = stop
        }
        if place > start {
            line += String(decoding: bytes[place..<max(place, end)], as: UTF8.self)
            let label = String(number)
            shown.append(
                "    " + String(repeating: " ", count: max(0, 4 - label.count)) + label + "  "
                    + cut(printable(line), to: 160))
        }
        start = end + 1
        number += 1
    }
    return shown
}
