/// A header block (RFC 5322 section 2.2): the fields of a message or part, in their order.
///
/// Field names are compared without regard to ASCII case. A field body is decoded when it is asked for.
package struct Header: Sendable {
    /// The bytes that the ranges of `entries` point into; shared with the message.
    let bytes: MessageBytes
    let entries: [FieldEntry]
    /// What raw bytes above 127 that are no UTF-8 most likely are: the charset of the message's text.
    var rawCharset: Charset?

    init(bytes: MessageBytes, entries: [FieldEntry]) {
        self.bytes = bytes
        self.entries = entries
    }

    package var count: Int { entries.count }

    /// All fields, also several of one name.
    package var fields: [Field] { entries.map { field($0) } }

    package func contains(_ name: String) -> Bool { entry(name) != nil }

    /// The body of the first field of that name: unfolded, encoded words decoded, without white space around it.
    package func first(_ name: String) -> String? {
        entry(name).map { field($0).body }
    }

    /// The field at this place, from 0.
    package func field(at index: Int) -> Field { field(entries[index]) }

    /// Whether the field at this place has that name.
    package func isField(at index: Int, named name: String) -> Bool { entries[index].isNamed(name, in: bytes.span) }

    /// FNV-1a over the name in ASCII lower case, to look a field up among many names without making its text.
    package func nameHash(at index: Int) -> UInt64 {
        let bytes = bytes.span
        var hash = NameHash()
        for place in entries[index].name { hash.add(bytes[place]) }
        return hash.value
    }

    /// The same for a name that is asked for.
    package static func nameHash(_ name: String) -> UInt64 {
        var hash = NameHash()
        for byte in name.utf8 { hash.add(byte) }
        return hash.value
    }

    private struct NameHash {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func add(_ byte: UInt8) { value = (value ^ UInt64(lowercased(byte))) &* 0x0000_0100_0000_01B3 }
    }

    /// The bodies of all fields of that name, in order.
    package func all(_ name: String) -> [String] {
        entries(named: name).map { field($0).body }
    }

    /// The first field's body as it stands in the bytes: folded, not decoded, without the last line end.
    package func raw(_ name: String) -> [UInt8]? { entry(name).map { bytes.copy($0.body) } }

    /// All field bodies of that name as they stand.
    package func allRaw(_ name: String) -> [[UInt8]] { entries(named: name).map { bytes.copy($0.body) } }

    private func field(_ entry: FieldEntry) -> Field { Field(bytes: bytes, entry: entry, rawCharset: rawCharset) }

    func entry(_ name: String) -> FieldEntry? { place(of: name).map { entries[$0] } }

    func entry(_ key: FieldKey) -> FieldEntry? { place(of: key).map { entries[$0] } }

    func entries(named name: String) -> [FieldEntry] {
        var found: [FieldEntry] = []
        var place = place(of: name)
        while let current = place {
            found.append(entries[current])
            place = self.place(of: name, from: current + 1)
        }
        return found
    }

    /// Where the first field of that name at or after `start` stands in `entries`.
    func place(of name: String, from start: Int = 0) -> Int? { place(of: FieldKey(name), from: start) }

    func place(of key: FieldKey, from start: Int = 0) -> Int? {
        var place = start
        while place < entries.count {
            if entries[place].outline == key.outline && entries[place].isNamed(key.name, in: bytes.span) {
                return place
            }
            place += 1
        }
        return nil
    }
}

/// One field of a header.
package struct Field: Sendable {
    let bytes: MessageBytes
    let entry: FieldEntry
    let rawCharset: Charset?

    /// As written.
    package var name: String { text(bytes.span, entry.name) }

    /// Unfolded, encoded words decoded, without white space around it.
    package var body: String {
        var findings = Findings(limits: .standard)
        findings.rawCharset = rawCharset
        return decodedText(bytes.span, entry.body(upTo: findings.limits.fieldBytes), findings: &findings)
    }

    /// As it stands: folded, not decoded.
    package var rawBody: [UInt8] { bytes.copy(entry.body) }
}

/// Where a field stands.
struct FieldEntry: Sendable {
    /// Without white space before the colon.
    let name: Range<Int>
    /// After the colon, without white space and line ends around it.
    let body: Range<Int>
    /// Length, first and last letter of the name: tells nearly all names apart without reading them.
    let outline: Int

    init(_ bytes: Bytes, name: Range<Int>, body: Range<Int>) {
        self.name = name
        self.body = body
        outline = FieldEntry.outline(name.count, bytes[name.lowerBound], bytes[name.upperBound - 1])
    }

    static func outline(of name: String) -> Int {
        let name = name.utf8Span.span
        return name.isEmpty ? 0 : outline(name.count, name[0], name[name.count - 1])
    }

    private static func outline(_ count: Int, _ first: UInt8, _ last: UInt8) -> Int {
        count << 16 | Int(lowercased(first)) << 8 | Int(lowercased(last))
    }

    /// The same field with a longer body.
    func extended(to end: Int) -> FieldEntry {
        FieldEntry(name: name, body: body.lowerBound..<end, outline: outline)
    }

    private init(name: Range<Int>, body: Range<Int>, outline: Int) {
        (self.name, self.body, self.outline) = (name, body, outline)
    }

    /// The body, cut at a limit.
    func body(upTo limit: Int) -> Range<Int> {
        body.lowerBound..<Swift.min(body.upperBound, body.lowerBound + limit)
    }

    func isNamed(_ wanted: String, in bytes: Bytes) -> Bool {
        let wanted = wanted.utf8Span.span
        guard wanted.count == name.count else { return false }
        for place in wanted.indices where lowercased(bytes[name.lowerBound + place]) != lowercased(wanted[place]) {
            return false
        }
        return true
    }
}

/// A name that fields are looked up by, for those that are asked for in every mail.
struct FieldKey: Sendable {
    let name: String
    let outline: Int

    init(_ name: String) {
        self.name = name
        outline = FieldEntry.outline(of: name)
    }

    static let from = FieldKey("From")
    static let sender = FieldKey("Sender")
    static let replyTo = FieldKey("Reply-To")
    static let to = FieldKey("To")
    static let cc = FieldKey("Cc")
    static let subject = FieldKey("Subject")
    static let date = FieldKey("Date")
    static let messageID = FieldKey("Message-ID")
    static let inReplyTo = FieldKey("In-Reply-To")
    static let references = FieldKey("References")
    static let contentType = FieldKey("Content-Type")
    static let contentTransferEncoding = FieldKey("Content-Transfer-Encoding")
    static let contentDisposition = FieldKey("Content-Disposition")
}
