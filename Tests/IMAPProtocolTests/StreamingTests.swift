import IMAPProtocol
import Testing

/// Keeps what it is given.
struct RecordingSink: LiteralSink, Equatable {
    struct Literal: Equatable {
        let size: UInt64
        let uid: UInt32?
        var bytes: [UInt8] = []
        var hasEnded = false
    }

    var literals: [Literal] = []
    /// A call out of order.
    var isConfused = false

    mutating func begin(size: UInt64, uid: UInt32?) {
        if literals.last?.hasEnded == false { isConfused = true }
        literals.append(Literal(size: size, uid: uid))
    }

    mutating func append(_ bytes: borrowing Span<UInt8>) {
        guard let last = literals.indices.last, !literals[last].hasEnded else { return isConfused = true }
        for index in bytes.indices { literals[last].bytes.append(bytes[index]) }
    }

    mutating func end() {
        guard let last = literals.indices.last, !literals[last].hasEnded else { return isConfused = true }
        literals[last].hasEnded = true
    }
}

/// Says only how much came.
private struct CountingSink: LiteralSink, ~Copyable {
    var count = 0
    var calls = 0
    mutating func begin(size: UInt64, uid: UInt32?) {}
    mutating func append(_ bytes: borrowing Span<UInt8>) {
        count += bytes.count
        calls += 1
    }
    mutating func end() {}
}

struct StreamingTests {
    private func reader(inMemory: Int = 0, message: Int = 64 << 20) -> ResponseReader {
        var limits = ResponseReader.Limits()
        limits.inMemory = inMemory
        limits.message = message
        return ResponseReader(limits: limits)
    }

    private func read(_ wire: [UInt8], _ reader: ResponseReader, cuts: [Int]) -> ([Response], RecordingSink) {
        var reader = reader
        var sink = RecordingSink()
        var responses: [Response] = []
        for (start, end) in zip([0] + cuts, cuts + [wire.count]) {
            responses += reader.feed(Array(wire[start..<end]).span, into: &sink)
        }
        #expect(!reader.isInsideResponse)
        return (responses, sink)
    }

    private func wire(_ text: String) -> [UInt8] { Array(text.replacing("\n", with: "\r\n").utf8) }

    /// Puts what went to the sink back into the responses.
    private func gathered(_ responses: [Response], _ sink: RecordingSink) -> [Response] {
        var literals = sink.literals[...]
        return responses.map { response in
            guard case .fetch(var data) = response else { return response }
            data.sections = data.sections.map { section in
                guard case .streamed(let size) = section.content, let literal = literals.popFirst(),
                    literal.size == size, literal.hasEnded
                else { return section }
                return BodySection(
                    name: section.name, origin: section.origin, content: .bytes(literal.bytes),
                    isDecoded: section.isDecoded)
            }
            return .fetch(data)
        }
    }

    @Test("with a sink the same is read, however it is cut", arguments: allRows)
    func sameResponses(_ row: ResponseRow) {
        let wire = Array(row.wire.utf8)
        let (responses, sink) = read(wire, reader(), cuts: [])
        // A malformed response counts what it had; the rest is the same.
        if !responses.contains(where: { if case .malformed = $0 { true } else { false } }) {
            #expect(gathered(responses, sink) == row.responses)
        }
        #expect(!sink.isConfused)
        #expect(sink.literals.allSatisfy { $0.hasEnded && $0.size == $0.bytes.count })
        let single = read(wire, reader(), cuts: Array(wire.indices.dropFirst()))
        #expect(single.0 == responses && single.1 == sink, "byte by byte")
        for cut in wire.indices {
            let cutInTwo = read(wire, reader(), cuts: [cut])
            #expect(cutInTwo.0 == responses && cutInTwo.1 == sink, "cut after \(cut) bytes")
        }
    }

    @Test("only what is larger than the limit goes to the sink, in order")
    func order() {
        let text = wire(
            "* 1 FETCH (UID 7 BODY[] {5}\nabcde BODY[1]<0> {4}\nfghi BINARY[2] ~{6}\njklmno)\n* 2 FETCH (RFC822 {5}\npqrst UID 8)\n"
        )
        let (responses, sink) = read(text, reader(inMemory: 4), cuts: [])
        let contents = responses.map { response -> [BodySection.Content] in
            guard case .fetch(let data) = response else { return [] }
            return data.sections.map(\.content)
        }
        #expect(contents == [[.streamed(5), bytes("fghi"), .streamed(6)], [.streamed(5)]])
        #expect(sink.literals.map { String(decoding: $0.bytes, as: UTF8.self) } == ["abcde", "jklmno", "pqrst"])
        #expect(sink.literals.map(\.uid) == [7, 7, nil])
    }

    @Test("without a sink everything is gathered, as ever")
    func noSink() {
        var reader = reader()
        let expected = fetch(1) { $0.sections = [section("", "abcde")] }
        #expect(reader.feed(wire("* 1 FETCH (BODY[] {5}\nabcde)\n")) == [expected])
    }

    @Test(
        "the UID is told when it stands before the text and nowhere else",
        arguments: [
            ("UID 7 ", 7), ("FLAGS (a) uid  7 ", 7), ("X (UID 9) UID 7 ", 7), ("X \" UID 9 (\\\"\" UID 7 ", 7),
            ("X {6}\n UID 9 UID 7 ", 7), ("XUID 9 ", nil), ("UIDX 9 ", nil), ("X (UID 9) ", nil), ("", nil),
        ] as [(String, UInt32?)])
    func uid(before: String, uid: UInt32?) {
        let (_, sink) = read(wire("* 1 FETCH (\(before)BODY[] {2}\nab)\n"), reader(), cuts: [])
        #expect(sink.literals.map(\.uid) == [uid])
    }

    @Test("what is no section stays in memory")
    func otherLiterals() {
        let text = wire(
            "* LIST () \"/\" {3}\nabc\n* 1 FETCH (ENVELOPE (NIL {2}\ns] NIL NIL NIL NIL NIL NIL NIL NIL) X-GM-LABELS (a] {1}\nb) UID 3)\n"
        )
        let (responses, sink) = read(text, reader(), cuts: [])
        #expect(sink.literals.isEmpty)
        let expected = fetch(1) {
            $0.uid = 3
            $0.envelope = envelope { $0.subject = utf8("s]") }
        }
        #expect(responses.last == expected)
    }

    @Test(
        "a response that goes wrong says how many literals it had given away",
        arguments: [
            ("* 1 FETCH (UID 3 BODY[] {2}\nab BODY[1] {2}\ncd", Malformation.Kind.syntax, 2),
            ("* 1 FETCH (UID 3 X (BODY[] {2}\nab))", .syntax, 1),
            ("* 1 FETCH (UID 3) BODY[] {2}\nab", .syntax, 1),
            ("* 1 FETCH (UID 3 BODY[] {2}\nab BODY[] {1099511627777}", .unreadable, 1),
        ] as [(String, Malformation.Kind, Int)])
    func malformed(text: String, kind: Malformation.Kind, streamed: Int) {
        var reader = reader()
        var sink = RecordingSink()
        let responses = reader.feed(wire(text + "\n").span, into: &sink)
        guard case .malformed(let malformation) = responses.first, responses.count == 1 else {
            Issue.record("\(responses)")
            return
        }
        #expect(malformation.kind == kind)
        #expect(malformation.streamed == streamed)
        #expect(sink.literals.count == streamed)
    }

    @Test("what is larger than a message may be is read over, sink or not")
    func tooLarge() {
        let (responses, sink) = read(
            wire("* 1 FETCH (BODY[] {5}\nabcde BODY[1] {4}\nabcd)\n"), reader(message: 4), cuts: [])
        let expected = fetch(1) {
            $0.sections = [
                BodySection(name: "", origin: nil, content: .tooLarge(5)),
                BodySection(name: "1", origin: nil, content: .streamed(4)),
            ]
        }
        #expect(responses == [expected])
        #expect(sink.literals.map(\.size) == [4])
    }

    @Test("a gigabyte passes in pieces as it came")
    func gigabyte() {
        var reader = reader(inMemory: 8 << 20, message: 2 << 30)
        var sink = CountingSink()
        let piece = [UInt8](repeating: 10, count: 1 << 20)
        #expect(reader.feed(wire("* 1 FETCH (UID 1 BODY[] {1073741824}\n").span, into: &sink).isEmpty)
        for _ in 0..<1_024 { #expect(reader.feed(piece.span, into: &sink).isEmpty) }
        let expected = fetch(1) {
            $0.uid = 1
            $0.sections = [BodySection(name: "", origin: nil, content: .streamed(1 << 30))]
        }
        #expect(reader.feed(wire(")\n").span, into: &sink) == [expected])
        let (count, calls) = (sink.count, sink.calls)
        #expect(count == 1 << 30)
        #expect(calls == 1_024)
    }
}
