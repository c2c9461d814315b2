import Foundation
import TestSupport
import Testing

@testable import MIME

/// What a body decodes to as a whole and in pieces.
private func pieces(_ message: Message, _ part: Part) -> (bytes: [UInt8], count: Int, defects: [Defect]) {
    var bytes: [UInt8] = []
    var count = 0
    let defects = message.decode(part) { piece in
        count += 1
        for index in piece.indices { bytes.append(piece[index]) }
    }
    return (bytes, count, defects)
}

private let encodings = ["7bit", "base64", "quoted-printable", "x-uuencode"]

@Test("a body in pieces is the body as a whole", arguments: encodings)
func streamsWhatDecodesAsAWhole(_ encoding: String) throws {
    for length in [0, 1, 2, 3, 57, 58, 1000, 65_535, 65_536, 65_537, 200_000] {
        let content = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 251) }
        let head = "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: \(encoding)\r\n\r\n"
        let message = Message(parsing: Array(head.utf8) + encoded(content, encoding))
        let whole = message.decodedBody(message.parts[0])
        let streamed = pieces(message, message.parts[0])
        #expect(streamed.bytes == whole.bytes, "\(length)")
        #expect(streamed.defects == whole.defects, "\(length)")
        if encoding != "7bit" { #expect(whole.bytes == content, "\(length)") }
        if length == 200_000 && encoding != "7bit" { #expect(streamed.count > 2, "it came in pieces") }
    }
}

/// Every place at which the target may be full.
@Test("a decoder goes on where the room ended", arguments: encodings)
func resumesAnywhere(_ encoding: String) throws {
    let content = Array("Grüße =\u{1} 訂單編號 9. From here on: ==== ????\r\n.\r\n".utf8) + (0...255).map { UInt8($0) }
    let body = encoded(content, encoding) + Array("=\r\n=4\r\n\u{7}==\r\nJUNK! ====".utf8)
    var findings = Findings(limits: .standard)
    let coding = try #require(TransferCoding(named: encoding))
    let whole = coding.decoded(body.span, 0..<body.count, &findings)
    for room in 80...170 {
        var again = Findings(limits: .standard)
        var decoder = TransferDecoder(coding, 0..<body.count)
        var target = [UInt8](repeating: 0, count: room)
        var result: [UInt8] = []
        while !decoder.isDone {
            var output = target.mutableSpan
            let count = decoder.fill(body.span, into: &output, at: 0, &again)
            result += target[..<count]
        }
        #expect(result == whole, "room for \(room)")
        #expect(again.defects == findings.defects, "room for \(room)")
    }
}

private func encoded(_ content: [UInt8], _ encoding: String) -> [UInt8] {
    var output: [UInt8] = []
    switch encoding {
    case "base64": appendBase64(content, lineLength: 76, to: &output)
    case "quoted-printable":
        for (index, byte) in content.enumerated() {
            if index > 0 && index % 25 == 0 { output += Array("=\r\n".utf8) }
            let digits = String(byte, radix: 16, uppercase: true)
            output += Array("=\(digits.count == 1 ? "0" : "")\(digits)".utf8)
        }
    case "x-uuencode":
        output += Array("begin 644 file\r\n".utf8)
        for start in stride(from: 0, to: content.count, by: 45) {
            output += uuencodedLine(content[start...].prefix(45))
        }
        output += Array("`\r\nend\r\n".utf8)
    default: output = content
    }
    return output
}

private func uuencodedLine(_ content: ArraySlice<UInt8>) -> [UInt8] {
    func character(_ value: Int) -> UInt8 { value == 0 ? 96 : UInt8(value + 32) }
    var line = [character(content.count)]
    let padded = Array(content) + [0, 0]
    for start in stride(from: 0, to: content.count, by: 3) {
        let group = Int(padded[start]) << 16 | Int(padded[start + 1]) << 8 | Int(padded[start + 2])
        for shift in [18, 12, 6, 0] { line.append(character(group >> shift & 63)) }
    }
    return line + [13, 10]
}

@Test("a mapped file is read like an array, and let go once") func readsAMappedFile() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "mail.eml")
    let text = "Subject: mapped\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b--\r\n"
    try Data(text.utf8).write(to: file)
    let released = Counter()
    try withMapped(file.path, released) { bytes in
        let message = Message(parsing: bytes)
        let twin = Message(parsing: Array(text.utf8))
        #expect(message.subject == "mapped")
        #expect(message.parts.map(\.path) == twin.parts.map(\.path))
        #expect(message.text(message.parts[1]) == "one")
        #expect(message.raw(message.parts[0]) == twin.raw(twin.parts[0]))
        #expect(released.value == 0)
    }
    #expect(released.value == 1)
}

private final class Counter: @unchecked Sendable {
    var value = 0
}

private func withMapped(_ path: String, _ released: Counter, _ use: (MessageBytes) throws -> Void) throws {
    let descriptor = open(path, O_RDONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    let start = try #require(mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0))
    let region = UnsafeRawBufferPointer(start: start, count: size).bindMemory(to: UInt8.self)
    let address = UInt(bitPattern: start)
    let bytes = MessageBytes(region: region) {
        munmap(UnsafeMutableRawPointer(bitPattern: address), size)
        released.value += 1
    }
    try use(bytes)
}
