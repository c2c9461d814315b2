import Foundation
import MIME
import TestSupport
import Testing
import Vocabulary

/// Other people's messages, outside the project: read when they are there.
private enum Corpus {
    static let folder = Checkout.root.deletingLastPathComponent().appending(path: "shared/corpus/mime")

    static func messages() -> [(id: String, bytes: [UInt8])]? {
        let messages = folder.appending(path: "messages").path
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: messages) else {
            print("SKIPPED: no message corpus at \(folder.path); the parser is tested on our own fixtures only")
            return nil
        }
        return names.sorted().filter { $0.hasSuffix(".eml") }.compactMap { name in
            FileManager.default.contents(atPath: "\(messages)/\(name)").map { (String(name.dropLast(4)), [UInt8]($0)) }
        }
    }

    static func expectations() throws -> [String: [String: Any]] {
        var rows: [String: [String: Any]] = [:]
        for line in try Data(contentsOf: folder.appending(path: "expect.jsonl")).split(separator: 10) {
            guard let row = try JSONSerialization.jsonObject(with: line) as? [String: Any],
                let id = row["id"] as? String
            else { continue }
            rows[id] = row
        }
        return rows
    }
}

@Test func everyMessageOfTheCorpusIsReadWithinItsBounds() {
    guard let messages = Corpus.messages() else { return }
    for (id, bytes) in messages {
        for variant in [bytes, withLF(bytes), withCRLF(bytes)] {
            let message = Message(parsing: variant)
            #expect(message.work <= 10 * variant.count + 1000, "\(id)")
            for part in message.parts where part.kind == .leaf { #expect(message.raw(part).count == part.body.count) }
        }
        for cut in 1...5 where bytes.count > 10 {
            let message = Message(parsing: Array(bytes[..<(bytes.count * cut / 6)]))
            #expect(!message.parts.isEmpty, "\(id)")
            for part in message.parts where part.isText && part.body.count < 20_000 { _ = message.text(part) }
        }
    }
}

/// Compares with the fields on which two other parsers agree, without digests: `score_mime.py` does the same with them.
@Test func theCorpusIsReadAsTwoOtherParsersReadIt() throws {
    guard let messages = Corpus.messages() else { return }
    let expectations = try Corpus.expectations()
    var score = Score()
    for (id, bytes) in messages {
        guard let row = expectations[id], row["headers"] is [String: Any] else { continue }
        score.judge(Message(parsing: bytes), row)
    }
    print("corpus: \(score.right) of \(score.judged) judged fields are right")
    #expect(score.judged > 20_000)
    #expect(Double(score.right) >= 0.999 * Double(score.judged))
}

private struct Score {
    var right = 0
    var judged = 0

    mutating func judge(_ message: Message, _ row: [String: Any]) {
        check(row["header_count"], "\(message.header.count)")
        let headers = row["headers"] as? [String: Any] ?? [:]
        func addresses(_ list: [ParsedAddress]) -> String { text(list.map { [$0.displayName, $0.address] }) }
        check(headers["from"], addresses(message.from))
        check(headers["to"], addresses(message.to))
        check(headers["cc"], addresses(message.cc))
        check(headers["subject"], message.header.contains("Subject") ? text(message.subject) : "null")
        check(headers["date"], message.date.map { "\($0)" } ?? "null")
        check(headers["in-reply-to"], text(message.inReplyTo.map(\.value)))
        check(headers["references"], text(message.references.map(\.value)))
        guard row["shape"] as? String == "agreed", let parts = row["parts"] as? [[String: Any]] else { return }
        let wanted = parts.map { "\($0["path"] ?? "")|\($0["kind"] ?? "")|\($0["type"] ?? "")" }
        judged += 1
        if wanted == message.parts.map({ "\($0.path)|\($0.kind.rawValue)|\($0.mediaType)" }) { right += 1 }
        for want in parts {
            guard let path = want["path"] as? String, let part = message.part(path) else { continue }
            judge(part, of: message, want)
        }
    }

    private mutating func judge(_ part: Part, of message: Message, _ want: [String: Any]) {
        check(want["charset"], part.charset.map(text) ?? "null")
        check(want["disposition"], part.disposition.map(text) ?? "null")
        guard part.kind == .leaf else { return }
        check(want["filename"], part.filename.map(text) ?? "null")
        check(want["encoding"], part.transferEncoding.map(text) ?? "null")
        if want["size"] != nil { check(want["size"], "\(message.decoded(part).count)") }
        if want["text_size"] != nil { check(want["text_size"], "\(message.text(part).utf8.count)") }
    }

    private mutating func check(_ want: Any?, _ got: String) {
        guard let want = want as? [String: Any], let value = want["value"] else { return }
        judged += 1
        if text(value) == got { right += 1 }
    }

    /// Any JSON value as one line, white space squeezed.
    private func text(_ value: Any) -> String {
        switch value {
        case is NSNull: "null"
        case let list as [Any]: "[" + list.map(text).joined(separator: ",") + "]"
        case let string as String:
            "\"" + string.split(whereSeparator: \.isWhitespace).joined(separator: " ") + "\""
        default: "\(value)"
        }
    }
}
