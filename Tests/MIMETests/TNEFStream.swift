/// Builds TNEF streams for tests (MS-OXTNEF 2.1.3), right ones and wrong ones.
struct TNEFStream {
    private(set) var bytes: [UInt8] = [0x78, 0x9F, 0x3E, 0x22, 1, 0]

    init(codePage: UInt32 = 1252) { add(1, 0x0006_9007, little(codePage) + little(0)) }

    /// An attribute with its checksum, or with a wrong one.
    mutating func add(_ level: UInt8, _ identifier: UInt32, _ data: [UInt8], checksumOff: UInt16 = 0) {
        let sum = data.reduce(UInt16(0)) { $0 &+ UInt16($1) } &+ checksumOff
        bytes += [level] + little(identifier) + little(UInt32(data.count)) + data
        bytes += [UInt8(truncatingIfNeeded: sum), UInt8(truncatingIfNeeded: sum >> 8)]
    }

    mutating func addMessage(_ properties: [UInt8]...) { add(1, 0x0006_9003, list(properties)) }

    /// attAttachRenddata, title, data where there is some, and the properties.
    mutating func addAttachment(_ title: String, _ data: [UInt8]?, _ properties: [UInt8]...) {
        add(2, 0x0006_9002, [UInt8](repeating: 0, count: 14))
        add(2, 0x0001_8010, Array(title.utf8) + [0])
        if let data { add(2, 0x0006_800F, data) }
        if !properties.isEmpty { add(2, 0x0006_9005, list(properties)) }
    }

    /// Bytes that are no attribute.
    mutating func append(_ bytes: [UInt8]) { self.bytes += bytes }

    private func list(_ properties: [[UInt8]]) -> [UInt8] { little(UInt32(properties.count)) + properties.joined() }
}

func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

private func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4) }

func utf16(_ text: String) -> [UInt8] {
    text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
}

/// One property; `name` is the GUID and name that those from 0x8000 on need.
func property(_ identifier: UInt32, _ type: UInt32, name: [UInt8] = [], values: [[UInt8]]) -> [UInt8] {
    little(identifier << 16 | type) + name + little(UInt32(values.count))
        + values.flatMap { little(UInt32($0.count)) + padded($0) }
}

func unicode(_ identifier: UInt32, _ text: String) -> [UInt8] {
    property(identifier, 0x1F, values: [utf16(text) + [0, 0]])
}
func string8(_ identifier: UInt32, _ text: [UInt8]) -> [UInt8] { property(identifier, 0x1E, values: [text + [0]]) }
func binary(_ identifier: UInt32, _ data: [UInt8]) -> [UInt8] { property(identifier, 0x102, values: [data]) }
func integer(_ identifier: UInt32, _ value: UInt32) -> [UInt8] { little(identifier << 16 | 3) + little(value) }

/// IID_IMessage, then the stream of the embedded message.
func embedded(_ stream: TNEFStream) -> [UInt8] {
    property(0x3701, 0x0D, values: [[7, 3, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46] + stream.bytes])
}

/// A compressed rich text of literals only, with the CRC that `decompressRTF` should find.
func literalLZFu(_ text: String, crcOff: UInt32 = 0) -> [UInt8] {
    let raw = Array(text.utf8)
    var contents: [UInt8] = []
    for start in stride(from: 0, to: raw.count, by: 8) where start + 8 <= raw.count {
        contents += [0] + raw[start..<start + 8]
    }
    let rest = raw.count % 8
    // The reference to the place of writing: the prefix of 207 bytes and what was written, modulo the ring.
    let place = (207 + raw.count) & 0xFFF
    contents += [1 << UInt8(rest)] + raw.suffix(rest)
    contents += [UInt8(truncatingIfNeeded: place >> 4), UInt8(truncatingIfNeeded: place << 4)]
    return little(UInt32(contents.count + 12)) + little(UInt32(raw.count)) + Array("LZFu".utf8)
        + little(crc(contents) &+ crcOff) + contents
}

/// Bit by bit, to test the table against something else than itself.
private func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return crc
}
