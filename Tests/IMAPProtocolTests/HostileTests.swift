import IMAPProtocol
import Testing

/// What a broken or malicious server may send: memory stays bounded, time linear, and the reader goes on.
struct HostileTests {
    private func read(_ wire: [UInt8], limits: ResponseReader.Limits = .init(), pieces: Int = 65_536) -> [Response] {
        var reader = ResponseReader(limits: limits)
        var responses: [Response] = []
        var index = 0
        while index < wire.count {
            let end = min(index + pieces, wire.count)
            responses += reader.feed(Array(wire[index..<end]))
            index = end
        }
        return responses
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("a line of 10 MB is read over")
    func longLine() {
        let wire = bytes("* OK ") + [UInt8](repeating: 97, count: 10 << 20) + bytes("\r\n* 1 EXISTS\r\n")
        #expect(read(wire) == [.malformed(Malformation(.tooLong, place: "OK")), .exists(1)])
    }

    @Test("a long line without an end costs no more than the limit")
    func endlessLine() {
        var reader = ResponseReader()
        let piece = [UInt8](repeating: 97, count: 1 << 20)
        for _ in 0..<64 { #expect(reader.feed(piece).isEmpty) }
        #expect(reader.feed(bytes("\n")).count == 1)
    }

    @Test("a literal at the end of an over-long line is read over with it", arguments: [1, 7, 1 << 16])
    func literalAfterLongLine(pieces: Int) {
        var limits = ResponseReader.Limits()
        limits.text = 1_000
        let wire =
            bytes("* LIST ") + [UInt8](repeating: 97, count: 2_000)
            + bytes(" {13}\r\n* 9 EXISTS\r\n{1}\r\n more {1}\r\nx\r\n* 1 EXISTS\r\n")
        let responses = read(wire, limits: limits, pieces: pieces)
        #expect(responses.last == .exists(1))
        #expect(!responses.contains(.exists(9)))
    }

    @Test("a list of a million levels is refused without a deep stack")
    func deepLists() {
        let wire =
            bytes("* 1 FETCH (UID 3 ENVELOPE ") + [UInt8](repeating: 40, count: 1_000_000) + bytes("\r\n* 1 EXISTS\r\n")
        #expect(read(wire) == [.malformed(Malformation(.syntax, place: "FETCH", uid: 3)), .exists(1)])
        let closed = bytes("* 1 FETCH (X ") + [UInt8](repeating: 40, count: 199) + [UInt8](repeating: 41, count: 199)
        #expect(read(closed + bytes(" UID 3)\r\n")).count == 1)
    }

    @Test("a message over the limit is read over and its size reported")
    func largeMessage() {
        var limits = ResponseReader.Limits()
        limits.message = 1_000
        let wire =
            bytes("* 1 FETCH (UID 7 BODY[] {1001}\r\n") + [UInt8](repeating: 10, count: 1_001)
            + bytes(")\r\n* 2 EXISTS\r\n")
        var data = FetchData(sequence: 1)
        data.uid = 7
        data.sections = [BodySection(name: "", origin: nil, content: .tooLarge(1_001))]
        for pieces in [1, 100, 1 << 16] {
            #expect(read(wire, limits: limits, pieces: pieces) == [.fetch(data), .exists(2)])
        }
    }

    @Test("a huge announcement reserves nothing", arguments: ["1000000000000", "4294967295"])
    func hugeAnnouncement(size: String) {
        var reader = ResponseReader()
        #expect(reader.feed(bytes("* 1 FETCH (BODY[] {\(size)}\r\nabc")).isEmpty)
        #expect(reader.isInsideResponse)
    }

    @Test(
        "an absurd announcement ends all", arguments: ["1099511627777", "99999999999999999999", "18446744073709551615"])
    func absurdAnnouncement(size: String) {
        var reader = ResponseReader()
        let responses = reader.feed(bytes("* 1 FETCH (BODY[] {\(size)}\r\n* 5 EXISTS\r\n"))
        #expect(responses == [.malformed(Malformation(.unreadable, place: "FETCH"))])
        #expect(reader.feed(bytes("* 5 EXISTS\r\n")).isEmpty)
    }

    @Test("a hundred thousand literals in one response are read over")
    func manyLiterals() {
        let wire =
            bytes("* LIST ") + Array(repeating: bytes("{1}\r\na "), count: 100_000).joined()
            + bytes("\r\n* 1 EXISTS\r\n")
        #expect(read(wire) == [.malformed(Malformation(.tooLong, place: "LIST", hadLiteral: true)), .exists(1)])
    }

    @Test("names are not as large as messages")
    func largeName() {
        let wire =
            bytes("* LIST () \"/\" {70000}\r\n") + [UInt8](repeating: 97, count: 70_000) + bytes("\r\n* 1 EXISTS\r\n")
        #expect(read(wire) == [.malformed(Malformation(.syntax, place: "LIST", hadLiteral: true)), .exists(1)])
    }

    @Test("noise never traps and never stops the reader")
    func noise() {
        var seed: UInt64 = 42
        func random() -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return seed >> 33
        }
        let words = [
            "* ", "p1 ", "+ ", "OK ", "FETCH ", "(", ")", "\"", "\\", "{3}\r\n", "{0}\r\n", "~{2+}\r\n", "[", "]",
            "UID ",
            "BODY[]", "<0>", " ", "7", "NIL", "\r\n", "\n", "\r", "\u{0}", "LIST ", "SEARCH ", "ESEARCH ",
            "INTERNALDATE ",
            "STATUS ", "ID ", "NAMESPACE ", "VANISHED ", "1:*", "&", "&-", "投诉", "CAPABILITY ", "UIDVALIDITY ",
            "COPYUID ",
        ].map { Array($0.utf8) }
        for _ in 0..<1_000 {
            let wire = (0..<(random() % 40)).flatMap { _ in words[Int(random()) % words.count] }
            var whole = ResponseReader()
            let responses = whole.feed(wire)
            var single = ResponseReader()
            #expect(wire.flatMap { single.feed([$0]) } == responses, "\(String(decoding: wire, as: UTF8.self))")
        }
    }
}
