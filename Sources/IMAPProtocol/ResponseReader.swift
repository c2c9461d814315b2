internal import Glibc

/// Cuts a server's bytes into responses, and has each whole one parsed.
package struct ResponseReader: Sendable {
    package struct Limits: Sendable, Hashable {
        /// The text of one response, literals aside.
        package var text = 1 << 20
        /// The literals of a FETCH together, which are messages; and each one that goes to a sink.
        package var message = 64 << 20
        /// The text of a message that is larger goes to the sink, when there is one.
        package var inMemory = Int.max
        /// The literals of any other response together: names.
        package var names = 64 << 10
        package var literals = 4_096
        package var depth = 200
        /// More than this is not even read over.
        package var absurd: UInt64 = 1 << 40
        package init() {}
    }

    private enum State {
        case line
        case literal(left: Int)
        /// The sink has not heard of it yet.
        case announced(size: UInt64, uid: UInt32?)
        case streamedLiteral(left: UInt64, size: UInt64)
        case skippedLiteral(left: UInt64)
    }

    private let limits: Limits
    private var state = State.line
    /// The text of the response so far; NUL where a literal stands.
    private var text: [UInt8] = []
    /// Where in `text` the current line begins.
    private var lineStart = 0
    private var literals: [ResponseLiteral] = []
    private var literalBytes = 0
    private var literal: [UInt8] = []
    /// The end of an over-long line: it may announce a literal. Nil while the response is within its limits.
    private var tail: [UInt8]?
    private var hasSink = false
    /// Mailbox names come as UTF-8 and no longer in modified UTF-7: the server has said ENABLED to UTF8=ACCEPT (RFC 6855
    /// section 3) or IMAP4rev2 (RFC 9051 section 5.1). It may do both in one piece, so the reader sees to it itself.
    package private(set) var utf8Names = false

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// Takes the next bytes and gives the responses that they complete.
    package mutating func feed(_ bytes: borrowing Span<UInt8>) -> [Response] {
        hasSink = false
        var sink = NoSink()
        return read(bytes, &sink)
    }

    package mutating func feed(_ bytes: [UInt8]) -> [Response] { feed(bytes.span) }

    /// The same, but the text of a message that is larger than `Limits.inMemory` goes to the sink as it arrives. Who begins
    /// with a sink stays with it: without one, what is left of a literal that it has begun to take is read over.
    package mutating func feed<Sink: LiteralSink & ~Copyable>(
        _ bytes: borrowing Span<UInt8>, into sink: inout Sink
    ) -> [Response] {
        hasSink = true
        return read(bytes, &sink)
    }

    private mutating func read<Sink: LiteralSink & ~Copyable>(
        _ bytes: borrowing Span<UInt8>, _ sink: inout Sink
    ) -> [Response] {
        var responses: [Response] = []
        var index = 0
        while index < bytes.count {
            switch state {
            case .line:
                let end = endOfLine(in: bytes, from: index)
                appendText(bytes.extracting(index..<(end ?? bytes.count)))
                guard let end else { return responses }
                index = end + 1
                finishLine(&responses)
            case .literal(let left):
                let count = min(left, bytes.count - index)
                appendToLiteral(bytes.extracting(index..<index + count))
                index += count
                state = .literal(left: left - count)
                if left == count { finishLiteral(.bytes(take(&literal))) }
            case .announced(let size, let uid):
                sink.begin(size: size, uid: uid)
                state = .streamedLiteral(left: size, size: size)
            case .streamedLiteral(let left, let size):
                let count = Int(min(left, UInt64(bytes.count - index)))
                sink.append(bytes.extracting(index..<index + count))
                index += count
                state = .streamedLiteral(left: left - UInt64(count), size: size)
                guard left == UInt64(count) else { continue }
                sink.end()
                finishLiteral(.streamed(size))
            case .skippedLiteral(let left):
                let count = Int(min(left, UInt64(bytes.count - index)))
                index += count
                state = left == UInt64(count) ? .line : .skippedLiteral(left: left - UInt64(count))
            }
        }
        return responses
    }

    /// Whether a response has begun and is not complete: then silence means that the server is stuck or gone.
    package var isInsideResponse: Bool {
        if case .line = state { return !text.isEmpty }
        return true
    }

    // MARK: - Lines

    private func endOfLine(in bytes: borrowing Span<UInt8>, from start: Int) -> Int? {
        unsafe bytes.withUnsafeBytes { buffer -> Int? in
            guard let base = buffer.baseAddress else { return nil }
            guard let found = unsafe memchr(base + start, 0x0A, buffer.count - start) else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    private mutating func appendText(_ bytes: borrowing Span<UInt8>) {
        let room = tail == nil ? limits.text - text.count : 0
        let kept = min(room, bytes.count)
        let head = bytes.extracting(0..<kept)
        unsafe head.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
        guard kept < bytes.count else { return }
        var end = tail ?? Array(text.suffix(Self.tailLength))
        let rest = bytes.extracting(max(kept, bytes.count - Self.tailLength)..<bytes.count)
        unsafe rest.withUnsafeBufferPointer { unsafe end.append(contentsOf: $0) }
        tail = end.suffix(Self.tailLength)
    }

    /// Long enough for `~{18446744073709551615+}` and CR.
    private static let tailLength = 32

    private mutating func finishLine(_ responses: inout [Response]) {
        if tail != nil {
            if tail?.last == 0x0D { tail?.removeLast() }
        } else if text.count > lineStart && text.last == 0x0D {
            text.removeLast()
        }
        let end =
            tail.map { LiteralAnnouncement(endOf: $0, notBefore: 0) }
            ?? LiteralAnnouncement(endOf: text, notBefore: lineStart)
        guard mayHoldLiterals, let announced = end else { return finishResponse(&responses) }
        if tail == nil { text.removeLast(announced.length) }
        begin(announced, &responses)
    }

    /// Literals stand in untagged data only. A status ends in words for people, and words may look like a literal.
    private var mayHoldLiterals: Bool {
        guard text.count > 2, text[0] == UInt8(ascii: "*"), text[1] == 0x20 else { return false }
        let word = text[2..<min(text.count, 10)].prefix { $0 != 0x20 }.map { $0 & 0xDF }
        return !Self.statusWords.contains(word)
    }

    private static let statusWords: [[UInt8]] = ["OK", "NO", "BAD", "BYE", "PREAUTH"].map { Array($0.utf8) }

    private mutating func finishResponse(_ responses: inout [Response]) {
        if tail != nil {
            let place = ResponseParser.firstWord(of: text)
            responses.append(
                .malformed(
                    Malformation(
                        .tooLong, place: place, hadLiteral: !literals.isEmpty, streamed: literals.streamed)))
        } else if !text.isEmpty {
            var parser = ResponseParser(
                text: take(&text), literals: take(&literals), maximumDepth: limits.depth, utf8Names: utf8Names)
            let response = parser.parse()
            note(response)
            responses.append(response)
            text = parser.returnText()
        }
        tail = nil
        text.removeAll(keepingCapacity: text.capacity <= 64 << 10)
        literals = []
        literalBytes = 0
        lineStart = 0
    }

    private mutating func note(_ response: Response) {
        guard case .enabled(let names) = response else { return }
        if names.contains("UTF8=ACCEPT") || names.contains("IMAP4REV2") { utf8Names = true }
    }

    // MARK: - Literals

    private mutating func begin(_ announced: LiteralAnnouncement, _ responses: inout [Response]) {
        guard announced.size <= limits.absurd else {
            responses.append(
                .malformed(
                    Malformation(
                        .unreadable, place: ResponseParser.firstWord(of: text), streamed: literals.streamed)))
            tail = []
            state = .skippedLiteral(left: .max)
            return
        }
        let isFetch = FetchBeginning(text: text).isFetch
        let limit = isFetch ? limits.message : limits.names
        if tail == nil && (literals.count >= limits.literals || text.count >= limits.text) { tail = [] }
        if tail == nil && isFetch && mayStream(announced.size) && FetchBeginning(text: text).awaitsSection {
            state = .announced(size: announced.size, uid: FetchBeginning(text: text).uid)
            return
        }
        if tail != nil || announced.size > UInt64(limit - literalBytes) {
            if tail == nil { finishLiteral(.tooLarge(announced.size)) } else { tail = [] }
            state = announced.size == 0 ? .line : .skippedLiteral(left: announced.size)
            return
        }
        let size = Int(announced.size)
        literalBytes += size
        literal = []
        literal.reserveCapacity(size)
        state = .literal(left: size)
        if size == 0 { finishLiteral(.bytes([])) }
    }

    private mutating func appendToLiteral(_ bytes: borrowing Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe literal.append(contentsOf: $0) }
    }

    private mutating func finishLiteral(_ content: ResponseLiteral) {
        literals.append(content)
        text.append(ResponseParser.literalMark)
        lineStart = text.count
        state = .line
    }

    private func mayStream(_ size: UInt64) -> Bool {
        hasSink && size > UInt64(max(limits.inMemory, 0)) && size <= UInt64(max(limits.message, 0))
    }
}

/// `{123}`, `{123+}`, `{123-}` or `~{123}` at the end of a line (RFC 9051 section 4.3, RFC 7888, RFC 3516).
private struct LiteralAnnouncement {
    let size: UInt64
    /// Of the announcement itself, in bytes.
    let length: Int

    init?(endOf text: [UInt8], notBefore start: Int) {
        var index = text.count - 1
        guard index > start, text[index] == UInt8(ascii: "}") else { return nil }
        index -= 1
        if text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index -= 1 }
        let end = index
        while index >= start && text[index] &- 48 < 10 && end - index < 20 { index -= 1 }
        guard index >= start, index < end, text[index] == UInt8(ascii: "{") else { return nil }
        let digits = text[(index + 1)...end]
        size = UInt64(String(decoding: digits, as: UTF8.self)) ?? .max
        if index > start && text[index - 1] == UInt8(ascii: "~") { index -= 1 }
        length = text.count - index
    }
}

/// Moves an array out of a variable, so that only one owner is left and nothing is copied.
private func take<Element>(_ array: inout [Element]) -> [Element] {
    var taken: [Element] = []
    swap(&taken, &array)
    return taken
}
