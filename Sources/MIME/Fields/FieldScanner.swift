/// Walks over a structured field body (RFC 5322 section 3.2.2): white space, comments and quoted strings. What stands
/// between them is for the reader of that field kind.
///
/// A comment or quoted string without its end runs to the end of the body, so hostile input is read once, and so that
/// nothing behind the opening character passes for something that its writer said outside of it.
struct FieldScanner {
    private(set) var index: Int
    let end: Int
    /// A comment or quoted string was not closed.
    private(set) var isUnclosed = false
    /// Comments passed and not yet taken, without their parentheses.
    private var comments: [Range<Int>] = []
    private var commentsLeft: Int

    /// `comments`: how many of them are kept.
    init(_ range: Range<Int>, comments limit: Int) {
        index = range.lowerBound
        end = range.upperBound
        commentsLeft = limit
    }

    var isAtEnd: Bool { index >= end }

    /// The byte here; 0 at the end, which means nothing in any field.
    func peek(_ bytes: Bytes) -> UInt8 { index < end ? bytes[index] : 0 }

    mutating func step() { if index < end { index += 1 } }

    mutating func skipSpace(_ bytes: Bytes) {
        while index < end && isSpace(bytes[index]) { index += 1 }
    }

    /// Passes white space and comments (CFWS); says whether there were any.
    @discardableResult
    mutating func skip(_ bytes: Bytes) -> Bool {
        let start = index
        while true {
            skipSpace(bytes)
            guard peek(bytes) == 40 else { return index > start }
            let comment = readComment(bytes)
            guard commentsLeft > 0 else { continue }
            commentsLeft -= 1
            comments.append(comment)
        }
    }

    /// The decoded text of the comments passed since the last call, the empty ones left out.
    mutating func takeComments(_ bytes: Bytes, field: String, _ findings: inout Findings) -> [String] {
        guard !comments.isEmpty else { return [] }
        var texts: [String] = []
        for comment in comments {
            let text = decodedText(bytes, trimmed(bytes, comment), findings: &findings, field: field)
            if !text.isEmpty { texts.append(text) }
        }
        comments.removeAll(keepingCapacity: true)
        return texts
    }

    /// From an opening parenthesis past its closing one; comments nest and hold quoted pairs.
    private mutating func readComment(_ bytes: Bytes) -> Range<Int> {
        let start = index + 1
        var depth = 0
        while index < end {
            switch bytes[index] {
            case 92: index += 1
            case 40: depth += 1
            case 41: depth -= 1
            default: break
            }
            index += 1
            if depth == 0 { return start..<index - 1 }
        }
        index = end
        isUnclosed = true
        return start..<end
    }

    /// From an opening quote past its closing one (section 3.2.4), quoted pairs undone, folding dropped.
    mutating func readQuoted(_ bytes: Bytes, into text: inout [UInt8]) {
        index += 1
        while index < end && bytes[index] != 34 {
            if bytes[index] == 92 && index + 1 < end { index += 1 }
            let byte = bytes[index]
            if byte != 13 && byte != 10 { text.append(byte) }
            index += 1
        }
        if index >= end { isUnclosed = true }
        step()
    }

    /// Bytes up to white space, a comment, or one of `stops`; quoted strings among them are undone.
    mutating func readWord(_ bytes: Bytes, stops: (UInt8, UInt8)) -> [UInt8] {
        var word: [UInt8] = []
        while index < end {
            let byte = bytes[index]
            if isSpace(byte) || byte == 40 || byte == stops.0 || byte == stops.1 { break }
            if byte == 34 {
                readQuoted(bytes, into: &word)
            } else {
                word.append(byte)
                index += 1
            }
        }
        return word
    }

    /// Bytes up to white space, a comment, or `stop`, as they stand.
    mutating func readPlainWord(_ bytes: Bytes, stop: UInt8) -> Range<Int> {
        let start = index
        while index < end && !isSpace(bytes[index]) && bytes[index] != 40 && bytes[index] != stop { index += 1 }
        return start..<index
    }

    /// Bytes up to `stop`, which is passed too; nil when it does not follow.
    mutating func readThrough(_ stop: UInt8, _ bytes: Bytes) -> Range<Int>? {
        let found = findByte(bytes, stop, from: index, to: end)
        guard found >= 0 else { return nil }
        defer { index = found + 1 }
        return index..<found
    }

    /// Gives up: nothing further is read.
    mutating func stop() { index = end }
}

extension Field {
    /// Reads the body, cut at the limit, with one of the readers of structured fields.
    func read<Value>(
        as name: String, _ reader: (Bytes, Range<Int>, inout Findings) -> Value
    ) -> (value: Value, defects: [Defect]) {
        var findings = Findings(limits: .standard)
        findings.rawCharset = rawCharset
        let body = entry.body(upTo: findings.limits.fieldBytes)
        if body != entry.body { findings.note(.fieldBytesLimit, field: name) }
        let value = reader(bytes.span, body, &findings)
        return (value, findings.defects)
    }
}

extension Header {
    /// All fields of that name, in order.
    func fields(named name: String) -> [Field] {
        (0..<count).lazy.filter { isField(at: $0, named: name) }.map { field(at: $0) }
    }
}

/// A name and its text: a field of a report, or of a mailto URI.
package struct NamedValue: Sendable, Hashable {
    /// Lower-cased.
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
