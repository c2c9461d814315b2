import Testing

@testable import MIME

/// What was read, in a form that tests compare: `text/plain utf-8: Hello`, `image/png a.png <cid>: 3 bytes`.
private func described(_ files: [EnclosedFile], _ bytes: [UInt8]) -> [String] {
    files.flatMap { file -> [String] in
        let content: [UInt8] =
            switch file.content {
            case .range(let range): Array(bytes[range])
            case .bytes(let bytes): bytes
            }
        let label = file.charset.map { " \($0)" } ?? ""
        var line = file.mediaType + label + (file.filename.map { " \($0)" } ?? "")
        line += file.contentID.map { " <\($0)>" } ?? ""
        line += file.isBody || file.mediaType == "text/plain" ? ": \(plainText(content, file.charset))" : ""
        return [line] + described(file.enclosed, bytes).map { "> \($0)" }
    }
}

private func plainText(_ bytes: [UInt8], _ label: String?) -> String {
    var output: [UInt8] = []
    _ = (label.flatMap { Charset(label: $0) } ?? .utf8).decode(bytes.span, 0..<bytes.count, into: &output)
    return String(decoding: output, as: UTF8.self)
}

private func read(_ bytes: [UInt8], _ limits: Limits = .standard) -> (lines: [String], defects: [Defect.Kind]) {
    var findings = Findings(limits: limits)
    let files = readTNEF(bytes.span, 0..<bytes.count, &findings)
    return (described(files, bytes), findings.defects.map(\.kind))
}

struct TNEFCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    let expected: [String]
    let defects: [Defect.Kind]

    init(
        _ sentence: String, codePage: UInt32 = 1252, gives expected: [String], _ defects: Defect.Kind...,
        build: (inout TNEFStream) -> Void
    ) {
        var stream = TNEFStream(codePage: codePage)
        build(&stream)
        (testDescription, bytes, self.expected, self.defects) = (sentence, stream.bytes, expected, defects)
    }
}

private let guid = [UInt8](repeating: 9, count: 16)

private let bodyCases = [
    TNEFCase("the body property is the text", gives: ["text/plain utf-16le: Grüße"]) {
        $0.addMessage(unicode(0x1000, "Grüße"))
    },
    TNEFCase(
        "an eight-bit body is in the OEM code page", codePage: 1251, gives: ["text/plain cp1251: Да"]
    ) { $0.addMessage(string8(0x1000, [0xC4, 0xE0])) },
    TNEFCase("the old body attribute does too", codePage: 936, gives: ["text/plain gbk: 你好"]) {
        $0.add(1, 0x0002_800C, [0xC4, 0xE3, 0xBA, 0xC3, 0])
    },
    TNEFCase("the body property goes before the attribute", gives: ["text/plain utf-16le: new"]) {
        $0.addMessage(unicode(0x1000, "new"))
        $0.add(1, 0x0002_800C, Array("old\0".utf8))
    },
    TNEFCase(
        "HTML has a code page of its own, which may stand behind it", gives: ["text/html koi8-r: <b>Да</b>"]
    ) { $0.addMessage(binary(0x1013, [60, 98, 62, 0xE4, 0xC1, 60, 47, 98, 62]), integer(0x3FDE, 20866)) },
    TNEFCase("HTML as Unicode", gives: ["text/plain utf-16le: a", "text/html utf-16le: <p>a"]) {
        $0.addMessage(unicode(0x1013, "<p>a"), unicode(0x1000, "a"))
    },
    TNEFCase("without a code page the label stays open", codePage: 0, gives: ["text/plain: Hello"]) {
        $0.addMessage(string8(0x1000, Array("Hello".utf8)))
    },
    TNEFCase("rich text becomes the text when it is all there is", gives: ["text/plain utf-8: Hello\r\nyou"]) {
        $0.addMessage(binary(0x1009, literalLZFu(#"{\rtf1\ansi Hello\par you}"#)))
    },
    TNEFCase("rich text beside a text is left", gives: ["text/plain utf-16le: Hello"]) {
        $0.addMessage(unicode(0x1000, "Hello"), binary(0x1009, literalLZFu(#"{\rtf1\ansi Hello you}"#)))
    },
    TNEFCase("a blank text does not hide the rich one", gives: ["text/plain utf-8: Hello"]) {
        $0.addMessage(unicode(0x1000, " \r\n"), binary(0x1009, literalLZFu(#"{\rtf1\ansi Hello}"#)))
    },
    TNEFCase(
        "HTML wrapped in rich text is taken out", gives: ["text/plain utf-16le: Hi", "text/html utf-8: <p>Hi</p>"]
    ) {
        $0.addMessage(
            unicode(0x1000, "Hi"),
            binary(
                0x1009, literalLZFu(#"{\rtf1\fromhtml1{\*\htmltag64 <p>}Hi\htmlrtf\par\htmlrtf0{\*\htmltag72 </p>}}"#)))
    },
    TNEFCase("a wrong CRC is noted and the text read", gives: ["text/plain utf-8: Hello"], .badCompressedRTF) {
        $0.addMessage(binary(0x1009, literalLZFu(#"{\rtf1 Hello}"#, crcOff: 1)))
    },
    TNEFCase("rich text that is none is noted", gives: [], .badCompressedRTF) {
        $0.addMessage(binary(0x1009, [1, 2, 3]))
    },
]

private let propertyCases = [
    TNEFCase("named properties are skipped, by number and by name", gives: ["text/plain utf-16le: x"]) {
        $0.addMessage(
            property(0x8001, 0x1F, name: guid + little(0) + little(0x8503), values: [utf16("not me\0")]),
            property(0x8002, 0x1F, name: guid + little(1) + little(10) + utf16("Hello") + [0, 0], values: [[65, 0]]),
            unicode(0x1000, "x"))
    },
    TNEFCase("values of every size are skipped", gives: ["text/plain utf-16le: x"]) {
        let sizes: [(UInt32, Int)] = [
            (0, 0), (1, 0), (2, 4), (3, 4), (4, 4), (5, 8), (6, 8), (7, 8), (10, 4), (11, 4), (20, 8), (64, 8),
            (72, 16),
        ]
        let skipped = sizes.flatMap { little(0x6001_0000 | $0.0) + [UInt8](repeating: 7, count: $0.1) }
        let body = unicode(0x1000, "x")
        $0.add(1, 0x0006_9003, little(UInt32(sizes.count + 1)) + skipped + body)
    },
    TNEFCase("several values are skipped", gives: ["text/plain utf-16le: x"]) {
        $0.addMessage(
            little(0x6001_1003) + little(3) + little(1) + little(2) + little(3),
            property(0x6002, 0x101F, values: [utf16("one"), utf16("two!"), []]),
            unicode(0x1000, "x"))
    },
    TNEFCase("an unknown type ends the list", gives: ["text/plain utf-16le: x"], .badTNEF) {
        $0.addMessage(unicode(0x1000, "x"), little(0x6001_0099) + little(1))
    },
    TNEFCase("a count that lies is noted", gives: ["text/plain utf-16le: x"], .badTNEF) {
        $0.add(1, 0x0006_9003, little(0xFFFF_FFFF) + unicode(0x1000, "x"))
    },
    TNEFCase("a value longer than its list is cut", gives: ["text/plain cp1252: abcd"], .truncatedTNEF) {
        $0.add(1, 0x0006_9003, little(1) + little(0x1000_001E) + little(1) + little(0xFFFF_FFFE) + Array("abcd".utf8))
    },
    TNEFCase("a huge number of values is no work", gives: [], .badTNEF) {
        $0.add(1, 0x0006_9003, little(1) + little(0x6001_1048) + little(0xFFFF_FFFF))
    },
]

private let attachmentCases = [
    TNEFCase("an attachment has the name of its title", gives: ["application/octet-stream a.txt"]) {
        $0.addAttachment("a.txt", [1, 2, 3])
    },
    TNEFCase("the long name goes before it", gives: ["image/png A long name – 图.png <i@example.com>"]) {
        $0.addAttachment(
            "ALONGN~1.PNG", [1], unicode(0x3707, "A long name – 图.png"), unicode(0x3704, "ALONGN~1.PNG"),
            unicode(0x370E, "Image/PNG"), string8(0x3712, Array("<i@example.com>".utf8)))
    },
    TNEFCase("names are in the OEM code page", codePage: 1251, gives: ["application/octet-stream Да.txt"]) {
        $0.addAttachment("x", [1], string8(0x3707, [0xC4, 0xE0] + Array(".txt".utf8)))
    },
    TNEFCase("a media type that is none is not taken over", gives: ["application/octet-stream a"]) {
        $0.addAttachment("a", [1], unicode(0x370E, "PNG image"))
    },
    TNEFCase("nor what follows one", gives: ["image/png a"]) {
        $0.addAttachment("a", [1], unicode(0x370E, "image/png\r\nX-Other: 1/2"))
    },
    TNEFCase("nor one that would have parts", gives: ["application/octet-stream a"]) {
        $0.addAttachment("a", [1], unicode(0x370E, "multipart/mixed"))
    },
    TNEFCase("data in the property only", gives: ["text/plain a: hello"]) {
        $0.addAttachment("a", nil, unicode(0x370E, "text/plain"), binary(0x3701, Array("hello".utf8)))
    },
    TNEFCase("data before the name", gives: ["application/octet-stream late"]) {
        $0.add(2, 0x0006_9002, [UInt8](repeating: 0, count: 14))
        $0.add(2, 0x0006_800F, [1])
        $0.add(2, 0x0001_8010, Array("late\0".utf8))
    },
    TNEFCase("an attachment that forgot its beginning", gives: ["application/octet-stream lost"]) {
        $0.add(2, 0x0001_8010, Array("lost\0".utf8))
    },
    TNEFCase("empty files are files", gives: ["application/octet-stream a", "application/octet-stream b"]) {
        $0.addAttachment("a", nil)
        $0.addAttachment("b", [])
    },
    TNEFCase(
        "an embedded message is a stream of its own",
        gives: ["application/ms-tnef Report", "> text/plain utf-16le: inside", "> application/octet-stream in.bin"]
    ) {
        var inner = TNEFStream()
        inner.addMessage(unicode(0x0037, "Report"), unicode(0x1000, "inside"))
        inner.addAttachment("in.bin", [1, 2])
        $0.addAttachment("Untitled Attachment", nil, embedded(inner))
    },
    TNEFCase("the fork of a Mac file that holds the data", gives: ["text/plain Notes: data"]) {
        var file = [UInt8](repeating: 0, count: 128)
        file.replaceSubrange(1..<7, with: [5] + Array("Notes".utf8))
        file[86] = 4
        file += Array("data".utf8) + [UInt8](repeating: 0, count: 124) + Array("resources".utf8)
        let oid: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x14, 0x03, 0x0B, 0x01]
        $0.addAttachment("", file, binary(0x3702, oid), unicode(0x370E, "text/plain"))
    },
]

private let brokenCases = [
    TNEFCase("a wrong checksum is noted and the data read", gives: ["text/plain cp1252: x"], .badTNEFChecksum) {
        $0.add(1, 0x0002_800C, Array("x\0".utf8), checksumOff: 1)
    },
    TNEFCase("an attribute of no known level ends the stream", gives: ["text/plain cp1252: x"], .badTNEF) {
        $0.add(1, 0x0002_800C, Array("x\0".utf8))
        $0.add(7, 0x0002_800C, Array("y\0".utf8))
    },
    TNEFCase("line ends that a gateway hung on are nothing", gives: ["text/plain cp1252: x"]) {
        $0.add(1, 0x0002_800C, Array("x\0".utf8))
        $0.append([13, 10, 0, 0])
    },
    TNEFCase("the begin of an attribute is noted", gives: ["text/plain cp1252: x"], .truncatedTNEF) {
        $0.add(1, 0x0002_800C, Array("x\0".utf8))
        $0.append([1, 0x0C, 0x80])
    },
    TNEFCase("a cut attachment is kept as far as it goes", gives: ["text/plain a: he"], .truncatedTNEF) {
        $0.addAttachment("a", nil, unicode(0x370E, "text/plain"))
        $0.append([2] + little(0x0006_800F) + little(5) + Array("he".utf8))
    },
]

@Test("TNEF streams are read", arguments: [bodyCases, propertyCases, attachmentCases, brokenCases].flatMap { $0 })
func readsTNEF(_ row: TNEFCase) {
    let result = read(row.bytes)
    #expect(result.lines == row.expected)
    #expect(result.defects == row.defects)
}

@Test func whatIsNoTNEFIsNoted() {
    #expect(read([]).defects == [.badTNEF])
    #expect(read(Array("winmail".utf8)).defects == [.badTNEF])
    #expect(read([0x78, 0x9F, 0x3E, 0x22, 0]).defects == [.badTNEF])
}

@Test func theMessageIsKnownByClassAndSubject() {
    var stream = TNEFStream(codePage: 1251)
    stream.add(1, 0x0007_8008, Array("IPM.Microsoft Mail.Note\0".utf8))
    stream.add(1, 0x0001_8004, [0xC4, 0xE0, 0])
    var findings = Findings(limits: .standard)
    var allowance = TNEFAllowance(.standard)
    let message = readTNEFMessage(stream.bytes.span, 0..<stream.bytes.count, &allowance, &findings)
    #expect(message.messageClass == "IPM.Microsoft Mail.Note")
    #expect(message.subject == "Да")
}

/// A message inside a message inside a message …
private func nested(_ depth: Int) -> TNEFStream {
    var stream = TNEFStream()
    stream.addMessage(unicode(0x1000, "level \(depth)"))
    if depth > 1 { stream.addAttachment("m", nil, embedded(nested(depth - 1))) }
    return stream
}

@Test func embeddedMessagesAreOpenedUpToTheLimit() {
    let all = read(nested(11).bytes)
    #expect(all.defects.isEmpty)
    #expect(all.lines.last == String(repeating: "> ", count: 10) + "text/plain utf-16le: level 1")
    let deeper = read(nested(12).bytes)
    #expect(deeper.defects == [.nestingLimit])
    #expect(deeper.lines.last == String(repeating: "> ", count: 10) + "application/ms-tnef m")
}

@Test func attachmentsAreReadUpToTheLimitWhereverTheyAre() {
    var inner = TNEFStream()
    for index in 0..<5 { inner.addAttachment("\(index)", [1]) }
    var stream = TNEFStream()
    for _ in 0..<3 { stream.addAttachment("m", nil, embedded(inner)) }
    let result = read(stream.bytes, Limits(parts: 6))
    #expect(result.defects == [.partLimit])
    #expect(result.lines.count == 6)
}

@Test func richTextIsReadUpToTheLimitWhereverItIs() {
    var inner = TNEFStream()
    inner.addMessage(binary(0x1009, literalLZFu(#"{\rtf1 "# + String(repeating: "a", count: 80) + "}")))
    var stream = TNEFStream()
    for _ in 0..<4 { stream.addAttachment("m", nil, embedded(inner)) }
    let result = read(stream.bytes, Limits(richTextBytes: 100))
    #expect(result.defects.first == .richTextLimit)
    #expect(result.lines.filter { $0.contains("utf-8: aaa") }.count == 2)
}

@Test func everyCutStreamIsReadAndNoted() {
    let bytes = sample().bytes
    for end in 0..<bytes.count {
        let defects = read(Array(bytes[..<end])).defects
        // Between two attributes nothing is missing.
        #expect(!defects.isEmpty || isAttributeEnd(bytes, end), "cut at \(end)")
    }
}

@Test func everyChangedByteIsReadAndThoseOfDataAreNoted() {
    let bytes = sample().bytes
    let unchecked = uncheckedBytes(bytes)
    for index in bytes.indices {
        for value in [0, 1, 0x7F, 0x80, 0xFF, bytes[index] ^ 0x10] as [UInt8] where value != bytes[index] {
            var changed = bytes
            changed[index] = value
            let defects = read(changed).defects
            #expect(!defects.isEmpty || unchecked.contains(index), "byte \(index)")
        }
    }
}

/// The key of the stream, and level and identifier of each attribute, which no checksum covers.
private func uncheckedBytes(_ bytes: [UInt8]) -> Set<Int> {
    var places: Set<Int> = [4, 5]
    var index = 6
    while index < bytes.count {
        places.formUnion(index..<index + 5)
        index += attributeSize(bytes, index)
    }
    return places
}

private func attributeSize(_ bytes: [UInt8], _ index: Int) -> Int {
    11 + (0..<4).reduce(0) { $0 | Int(bytes[index + 5 + $1]) << (8 * $1) }
}

private func sample() -> TNEFStream {
    var inner = TNEFStream()
    inner.addMessage(unicode(0x0037, "Report"), string8(0x1000, Array("inside".utf8)))
    var stream = TNEFStream()
    stream.addMessage(
        property(0x8002, 0x1F, name: guid + little(1) + little(10) + utf16("Hello") + [0, 0], values: [[65, 0]]),
        binary(0x1009, literalLZFu(#"{\rtf1\ansi Hello \'e4\par you}"#)))
    stream.addAttachment("a", [1, 2, 3], unicode(0x3707, "long.txt"), unicode(0x370E, "text/plain"))
    stream.addAttachment("m", nil, embedded(inner))
    return stream
}

private func isAttributeEnd(_ bytes: [UInt8], _ end: Int) -> Bool {
    var index = 6
    while index < end { index += attributeSize(bytes, index) }
    return index == end
}

@Test func workGrowsWithTheStream() {
    func work(_ count: Int) -> Int {
        var stream = TNEFStream()
        for _ in 0..<count { stream.addAttachment("a", [UInt8](repeating: 7, count: 100), unicode(0x3707, "long.txt")) }
        var findings = Findings(limits: .standard)
        _ = readTNEF(stream.bytes.span, 0..<stream.bytes.count, &findings)
        return findings.work
    }
    #expect(work(2000) <= 2 * work(1000))
}
