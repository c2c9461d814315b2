/// Reads the parameters behind the value of a structured field: RFC 2045 section 5.1, with continuations and charsets
/// of RFC 2231, and encoded words where programs put them against RFC 2047 section 5.
func readParameters(
    _ bytes: Bytes, _ range: Range<Int>, field: String, findings: inout Findings
) -> ParameterList {
    guard range.lowerBound < range.upperBound else { return .none }
    findings.work += range.count
    var reader = ParameterReader(range: range, field: field)
    reader.read(bytes, &findings)
    return reader.list(bytes, &findings)
}

private struct ParameterReader {
    /// One `name*2*=value` of RFC 2231, or a plain parameter (`section` nil).
    struct Piece {
        let name: String
        let section: Int?
        /// Percent-encoded, the first with charset and language.
        let isExtended: Bool
        let value: Value
    }

    /// Where a value stands; its bytes when they are not those, because something was escaped.
    struct Value {
        let range: Range<Int>
        var unescaped: [UInt8]?

        func copy(_ bytes: Bytes) -> [UInt8] { unescaped ?? Array(copying: bytes, range) }
    }

    let range: Range<Int>
    let field: String
    var index: Int
    var pieces: [Piece] = []

    init(range: Range<Int>, field: String) {
        self.range = range
        self.field = field
        index = range.lowerBound
    }

    mutating func read(_ bytes: Bytes, _ findings: inout Findings) {
        pieces.reserveCapacity(4)
        while index < range.upperBound {
            skipSeparators(bytes)
            let start = index
            var nameEnd: Int?
            while index < range.upperBound && bytes[index] != 61 && bytes[index] != 59 && bytes[index] != 34 {
                // A comment may stand between the name and the equals sign (RFC 2045 section 5.1).
                if bytes[index] == 40, let end = endOfComment(bytes) {
                    nameEnd = nameEnd ?? index
                    index = end
                } else {
                    index += 1
                }
            }
            guard index < range.upperBound, bytes[index] == 61 else {
                if index > start { findings.note(.badParameter, field: field) }
                if index < range.upperBound && bytes[index] == 34 { index += 1 }
                continue
            }
            var name = trimmed(bytes, start..<(nameEnd ?? index))
            // After a missing semicolon: only the last word is the name.
            for place in name.reversed() where isSpace(bytes[place]) {
                name = place + 1..<name.upperBound
                break
            }
            index += 1
            // `charset=;` says as little as no parameter.
            guard let value = readValue(bytes) else { continue }
            guard pieces.count < findings.limits.parameters else {
                findings.note(.parameterLimit, field: field)
                return
            }
            if name.isEmpty {
                findings.note(.badParameter, field: field)
            } else {
                pieces.append(piece(bytes, name, value))
            }
        }
    }

    /// Semicolons, white space and comments.
    private mutating func skipSeparators(_ bytes: Bytes) {
        while index < range.upperBound {
            if bytes[index] == 40, let end = endOfComment(bytes) {
                index = end
            } else if bytes[index] == 59 || isSpace(bytes[index]) {
                index += 1
            } else {
                return
            }
        }
    }

    private func endOfComment(_ bytes: Bytes) -> Int? {
        var depth = 0
        var cursor = index
        while cursor < range.upperBound {
            if bytes[cursor] == 40 { depth += 1 }
            if bytes[cursor] == 41 { depth -= 1 }
            cursor += 1
            if depth == 0 { return cursor }
        }
        return range.upperBound
    }

    /// Nil when there is none; an empty quoted string is one.
    private mutating func readValue(_ bytes: Bytes) -> Value? {
        while index < range.upperBound && isSpace(bytes[index]) { index += 1 }
        if index < range.upperBound && bytes[index] == 34 { return readQuoted(bytes) }
        let start = index
        var end = index
        while index < range.upperBound && bytes[index] != 59 {
            if isSpace(bytes[index]) {
                // Some programs forget the quotes around a name with spaces, others the semicolon before the next name.
                var next = index
                while next < range.upperBound && isSpace(bytes[next]) { next += 1 }
                if next < range.upperBound && bytes[next] == 40 || parameterBegins(bytes, next) { break }
                index = next
            } else {
                index += 1
                end = index
            }
        }
        guard end > start else { return nil }
        if findByte(bytes, 10, from: start, to: end) < 0 && findByte(bytes, 13, from: start, to: end) < 0 {
            return Value(range: start..<end)
        }
        // Without the line ends of folding.
        var value: [UInt8] = []
        value.reserveCapacity(end - start)
        for place in start..<end where bytes[place] != 13 && bytes[place] != 10 { value.append(bytes[place]) }
        return Value(range: start..<end, unescaped: value)
    }

    /// A token and an equals sign stand here.
    private func parameterBegins(_ bytes: Bytes, _ start: Int) -> Bool {
        var cursor = start
        // No parameter has a longer name; the bound keeps hostile input linear.
        let last = Swift.min(range.upperBound, start + 32)
        while cursor < last {
            let byte = bytes[cursor]
            guard isLetter(byte) || isDigit(byte) || byte == 45 || byte == 42 else { break }
            cursor += 1
        }
        return cursor > start && cursor < last && bytes[cursor] == 61
    }

    private mutating func readQuoted(_ bytes: Bytes) -> Value {
        index += 1
        let start = index
        while index < range.upperBound && bytes[index] != 34 {
            if bytes[index] == 92 || bytes[index] == 13 || bytes[index] == 10 { return readEscaped(bytes, start) }
            index += 1
        }
        defer { index += 1 }
        return Value(range: start..<index)
    }

    /// The same with quoted pairs (RFC 5322 section 3.2.1), whatever stands behind the backslash, or folded.
    private mutating func readEscaped(_ bytes: Bytes, _ start: Int) -> Value {
        var value = Array(copying: bytes, start..<index)
        while index < range.upperBound && bytes[index] != 34 {
            var byte = bytes[index]
            if byte == 92 && index + 1 < range.upperBound {
                index += 1
                byte = bytes[index]
            }
            if byte != 13 && byte != 10 { value.append(byte) }
            index += 1
        }
        let end = Swift.min(index, range.upperBound)
        index += 1
        return Value(range: start..<end, unescaped: value)
    }

    private func piece(_ bytes: Bytes, _ name: Range<Int>, _ value: Value) -> Piece {
        let star = findByte(bytes, 42, from: name.lowerBound, to: name.upperBound)
        guard star > name.lowerBound else {
            return Piece(name: lowercasedText(bytes, name), section: nil, isExtended: false, value: value)
        }
        let base = lowercasedText(bytes, name.lowerBound..<star)
        let isExtended = bytes[name.upperBound - 1] == 42
        var section = 0
        for index in star + 1..<name.upperBound where isDigit(bytes[index]) && section < 1_000_000 {
            section = section * 10 + Int(bytes[index] &- 48)
        }
        return Piece(name: base, section: section, isExtended: isExtended, value: value)
    }

    /// Puts pieces together. The extended form wins over the plain one beside it (RFC 2231 is newer than what it
    /// amends, and programs that send both mean the plain one for old readers).
    func list(_ bytes: Bytes, _ findings: inout Findings) -> ParameterList {
        var result: [ParameterList.Parameter] = []
        result.reserveCapacity(pieces.count)
        var extended: [String: [Piece]] = [:]
        var order: [String] = []
        for piece in pieces where piece.section != nil {
            if extended[piece.name] == nil { order.append(piece.name) }
            extended[piece.name, default: []].append(piece)
        }
        for name in order {
            let sorted = (extended[name] ?? []).enumerated().sorted {
                ($0.element.section ?? 0, $0.offset) < ($1.element.section ?? 0, $1.offset)
            }.map(\.element)
            result.append(.init(name: name, value: joined(bytes, sorted, &findings)))
        }
        for piece in pieces where piece.section == nil && extended[piece.name] == nil {
            let value =
                if let unescaped = piece.value.unescaped {
                    decodedText(unescaped.span, 0..<unescaped.count, findings: &findings, field: field)
                } else {
                    decodedText(bytes, piece.value.range, findings: &findings, field: field)
                }
            result.append(.init(name: piece.name, value: value))
        }
        return ParameterList(parameters: result)
    }

    /// RFC 2231 sections 3 and 4: `utf-8'en'%E6%8A%95`.
    private func joined(_ source: Bytes, _ pieces: [Piece], _ findings: inout Findings) -> String {
        var charset: String?
        var value: [UInt8] = []
        for (number, piece) in pieces.enumerated() {
            let content = piece.value.copy(source)
            let bytes = content.span
            var start = 0
            if number == 0 && piece.isExtended {
                let first = findByte(bytes, 39, from: 0, to: bytes.count)
                let second = first < 0 ? -1 : findByte(bytes, 39, from: first + 1, to: bytes.count)
                if second >= 0 {
                    charset = lowercasedText(bytes, 0..<first)
                    start = second + 1
                } else if first > 0, Charset(label: lowercasedText(bytes, 0..<first)) != nil {
                    // The quote that ends the (empty) language was forgotten.
                    charset = lowercasedText(bytes, 0..<first)
                    start = first + 1
                }
            }
            if piece.isExtended {
                decodePercent(bytes, start..<bytes.count, into: &value)
            } else {
                value += content
            }
        }
        let declared = charset.flatMap { Charset(label: $0) }
        if charset != nil && charset != "" && declared == nil { findings.note(.unknownCharset, field: field) }
        if declared == nil && findByte(value.span, 61, from: 0, to: value.count) >= 0 {
            // RFC 2231 pieces that hold encoded words: two standards at once, as some programs do.
            return decodedText(value.span, 0..<value.count, findings: &findings, field: field)
        }
        let decoded = decodeDeclared(value.span, 0..<value.count, declared)
        if decoded.bad > 0 { findings.note(.badParameter, field: field) }
        return decoded.text
    }

    private func decodePercent(_ bytes: Bytes, _ range: Range<Int>, into target: inout [UInt8]) {
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == 37 && index + 2 < range.upperBound {
                let high = hexValue(bytes[index + 1])
                let low = hexValue(bytes[index + 2])
                if high | low < 16 {
                    target.append(high << 4 | low)
                    index += 3
                    continue
                }
            }
            target.append(bytes[index])
            index += 1
        }
    }
}
