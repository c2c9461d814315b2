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
    }
}

/// What a line end is made of changes nothing that is read.
@Test func lineEndsDoNotChangeTheReading() {
    guard let messages = Corpus.messages() else { return }
    // With CR among them lines are counted in other ways.
    for (id, bytes) in messages where !hasBareCR(bytes) {
        let (lf, crlf) = (Message(parsing: withLF(bytes)), Message(parsing: withCRLF(bytes)))
        #expect(lf.header.fields.map(\.body) == crlf.header.fields.map(\.body), "\(id)")
        #expect(lf.from + lf.to + lf.cc == crlf.from + crlf.to + crlf.cc, "\(id)")
        #expect(lf.defects == crlf.defects, "\(id)")
        #expect(lf.parts.map(\.path) == crlf.parts.map(\.path), "\(id)")
        #expect(lf.parts.map(\.filename) == crlf.parts.map(\.filename), "\(id)")
        for (one, other) in zip(lf.parts, crlf.parts) where one.isText && one.body.count < 20_000 {
            // A line end of one byte breaks UTF-16.
            if one.charset?.hasPrefix("utf-16") == true { continue }
            let (text, same) = (lf.text(one).utf8.filter { $0 != 13 }, crlf.text(other).utf8.filter { $0 != 13 })
            #expect(text == same, "\(id) \(one.path)")
        }
    }
}

private func hasBareCR(_ bytes: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0] == 13 && ($0 + 1 == bytes.count || bytes[$0 + 1] != 10) }
}

/// A mail that was cut off anywhere is read, and is not called whole: inside its header, inside a line, or before the
/// closing line of its outermost multipart. (A text cut at the end of a line looks like one that ends there.)
@Test func noCutMessageGetsACleanBill() {
    guard let messages = Corpus.messages() else { return }
    let isFull = ProcessInfo.processInfo.environment["POSTROOM_FULL_CORPUS"] != nil
    var cuts = 0
    for (id, bytes) in messages {
        // All cuts of long messages together are 65 GB to read: a dozen of each unless asked for.
        let step = isFull || bytes.count < 16_384 ? 97 : bytes.count / 97 / 12 * 97
        for bytes in isFull ? [bytes, withLF(bytes), withCRLF(bytes)] : [bytes] {
            let whole = Whole(bytes)
            for cut in stride(from: step, to: bytes.count, by: step) {
                let message = Message(parsing: Array(bytes[..<cut]))
                cuts += 1
                #expect(!message.parts.isEmpty, "\(id) at \(cut)")
                if whole.isDamaged(at: cut) { #expect(!message.defects.isEmpty, "\(id) at \(cut)") }
                for part in message.parts where part.kind == .leaf && part.body.count < 8_000 {
                    _ = part.isText ? message.decodedText(part).text.utf8.count : message.decoded(part).count
                }
            }
        }
    }
    print("corpus: \(cuts) messages cut short were read")
}

/// Where a message may be cut without a trace.
private struct Whole {
    let bytes: [UInt8]
    let bodyStart: Int
    /// The closing line of the outermost multipart; 0 where there is none.
    let close: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let root = Message(parsing: bytes).parts[0]
        bodyStart = root.body.lowerBound
        var close = 0
        if root.kind == .multipart, !root.isUndivided, let boundary = root.parameters["boundary"] {
            let line = Array("\n--\(boundary)--".utf8)
            var start = bodyStart
            let last = bytes.count - line.count
            while start <= last && !bytes[start..<start + line.count].elementsEqual(line) { start += 1 }
            close = start <= last ? start + line.count : 0
        }
        self.close = close
    }

    func isDamaged(at cut: Int) -> Bool {
        cut < bodyStart || cut < close || bytes[cut - 1] != 10 && bytes[cut - 1] != 13
    }
}

/// Compares with the fields on which two other parsers agree, without digests.
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
        if want["text_size"] != nil { check(want["text_size"], "\(message.decodedText(part).text.utf8.count)") }
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
