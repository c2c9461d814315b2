import Foundation
import MIME
import TestSupport
import Testing
import Vocabulary

/// Every message of `fixtures/messages/{rfc,wild,malformed,hostile}` reads as the `.expected.json` beside it says, with LF
/// and with CRLF line ends.
///
/// `POSTROOM_WRITE_GOLDEN=1` writes what is read instead of comparing it; look at the difference before it is committed.
struct GoldenFixture: CustomTestStringConvertible, Sendable {
    let path: String
    var testDescription: String { path }

    static let all: [GoldenFixture] = ["rfc", "wild", "malformed", "hostile"].flatMap { kind in
        let folder = Checkout.fixtures.appending(path: "messages/\(kind)").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().filter { $0.hasSuffix(".eml") }.map {
            GoldenFixture(path: "messages/\(kind)/\($0.dropLast(4))")
        }
    }
}

/// What a golden file holds of a message: everything but offsets and line ends.
struct MessageSummary: Encodable {
    struct PartSummary: Encodable {
        let path: String
        let kind: String
        let type: String
        let charset: String?
        let disposition: String?
        let filename: String?
        let encoding: String?
        let role: String?
        let text: String?
        let size: Int?
    }

    let fields: [[String]]
    let from: [[String]]
    let to: [[String]]
    let cc: [[String]]
    let subject: String
    let date: Int64?
    let messageID: String?
    let inReplyTo: [String]
    let references: [String]
    let parts: [PartSummary]
    let defects: [String]

    init(_ message: Message) {
        func pairs(_ list: [ParsedAddress]) -> [[String]] { list.map { [$0.displayName, $0.address] } }
        fields = message.header.fields.map { [$0.name, $0.body] }
        from = pairs(message.from)
        to = pairs(message.to)
        cc = pairs(message.cc)
        subject = message.subject
        date = message.date
        messageID = message.messageID?.value
        inReplyTo = message.inReplyTo.map(\.value)
        references = message.references.map(\.value)
        var defects = message.defects.map(\.description)
        var parts: [PartSummary] = []
        for part in message.parts {
            let body = message.decodedText(part)
            let isShown = part.kind == .leaf && part.isText || part.isUndivided
            if isShown { defects += body.defects.map(\.description) }
            let role = part.isBodyText ? "body" : part.isAttachment ? "attachment" : nil
            let text = body.text.replacing("\r\n", with: "\n")
            parts.append(
                PartSummary(
                    path: part.path, kind: part.kind.rawValue, type: part.mediaType, charset: part.charset,
                    disposition: part.disposition, filename: part.filename, encoding: part.transferEncoding, role: role,
                    text: isShown ? text : nil,
                    size: part.kind == .leaf && !part.isText ? message.decoded(part).filter { $0 != 13 }.count : nil))
        }
        self.parts = parts
        self.defects = defects
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

/// The same bytes with CRLF where LF stood alone.
func withCRLF(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
        if byte == 10 && (index == 0 || bytes[index - 1] != 13) { result.append(13) }
        result.append(byte)
    }
    return result
}

func withLF(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() where byte != 13 || index + 1 >= bytes.count || bytes[index + 1] != 10 {
        result.append(byte)
    }
    return result
}

@Test("a fixture reads as its golden file says", arguments: GoldenFixture.all)
func readsAsExpected(_ fixture: GoldenFixture) throws {
    let bytes = Checkout.fixture("\(fixture.path).eml")
    let lf = try MessageSummary(Message(parsing: bytes)).json()
    let golden = Checkout.fixtures.appending(path: "\(fixture.path).expected.json")
    if ProcessInfo.processInfo.environment["POSTROOM_WRITE_GOLDEN"] != nil {
        try Data(lf.utf8).write(to: golden)
    }
    let expected = String(decoding: try Data(contentsOf: golden), as: UTF8.self)
    #expect(lf == expected, "with the line ends of the file")
    let crlf = try MessageSummary(Message(parsing: withCRLF(bytes))).json()
    #expect(crlf == expected, "with CRLF")
}

@Test("a fixture cut anywhere still gives a message", arguments: GoldenFixture.all)
func survivesTruncation(_ fixture: GoldenFixture) {
    let bytes = Checkout.fixture("\(fixture.path).eml")
    for end in bytes.indices {
        let message = Message(parsing: Array(bytes[..<end]))
        #expect(!message.parts.isEmpty)
        for part in message.parts {
            #expect(message.raw(part).count == part.body.count)
            _ = message.text(part)
        }
    }
}

@Test func thereAreFixturesOfEveryKind() {
    #expect(GoldenFixture.all.count >= 40)
}
