/// Reads an address list (RFC 5322 section 3.4, obsolete forms of section 4.4): display names, groups, comments, quoted
/// strings, routes; and what people write instead: no brackets, one bracket, no commas, bare words.
struct AddressListReader {
    /// A word of the address being read.
    private struct Piece {
        enum Kind { case atom, quoted, literal }
        let kind: Kind
        /// Quoted strings: without the quotes.
        let range: Range<Int>
        /// White space or a comment stood before it.
        let isApart: Bool
    }

    let range: Range<Int>
    let field: String
    private var index: Int
    private var pieces: [Piece] = []
    private var comment: Range<Int>?
    private var angle: Range<Int>?
    private var isApart = false
    /// A word of this address holds an at sign.
    private var hasAtSign = false
    /// An opening parenthesis, quote or bracket was found without its end; further ones are plain characters, or
    /// hostile input would be read once for each.
    private var hasOpenComment = false
    private var hasOpenQuote = false
    private var list: [ParsedAddress] = []

    init(range: Range<Int>, field: String) {
        self.range = range
        self.field = field
        index = range.lowerBound
    }

    private var limit = 0

    mutating func read(_ bytes: Bytes, limit: Int, _ findings: inout Findings) -> [ParsedAddress] {
        self.limit = limit
        findings.work += range.count
        while index < range.upperBound {
            guard list.count < limit else {
                findings.note(.addressLimit, field: field)
                break
            }
            readOne(bytes, &findings)
            finish(bytes, &findings)
        }
        return list
    }

    /// Reads up to the end of one address: a comma, a semicolon, or the colon of a group.
    private mutating func readOne(_ bytes: Bytes, _ findings: inout Findings) {
        while index < range.upperBound {
            let byte = bytes[index]
            switch byte {
            case 44, 59:
                index += 1
                return
            case 58 where angle == nil && !hasAtSign:
                // `Group: a@example.com;` The name of the group is not kept.
                pieces.removeAll(keepingCapacity: true)
                comment = nil
                index += 1
            case 40 where !hasOpenComment: readComment(bytes)
            case 34 where !hasOpenQuote: readQuoted(bytes)
            case 60: readAngle(bytes)
            case 91: readLiteral(bytes)
            default:
                if isSpace(byte) {
                    isApart = true
                    index += 1
                } else {
                    readAtom(bytes)
                }
            }
        }
    }

    private mutating func add(_ kind: Piece.Kind, _ range: Range<Int>) {
        if angle == nil { pieces.append(Piece(kind: kind, range: range, isApart: isApart)) }
        isApart = false
    }

    private mutating func readComment(_ bytes: Bytes) {
        var depth = 0
        var cursor = index
        while cursor < range.upperBound {
            switch bytes[cursor] {
            case 92: cursor += 1
            case 40: depth += 1
            case 41: depth -= 1
            default: break
            }
            cursor += 1
            if depth == 0 {
                // Behind an address it holds the name (RFC 5322 section 3.4, last note); before one it says nothing.
                if !pieces.isEmpty || angle != nil { comment = index + 1..<cursor - 1 }
                index = cursor
                isApart = true
                return
            }
        }
        hasOpenComment = true
    }

    private mutating func readQuoted(_ bytes: Bytes) {
        var cursor = index + 1
        while cursor < range.upperBound && bytes[cursor] != 34 { cursor += bytes[cursor] == 92 ? 2 : 1 }
        guard cursor < range.upperBound else {
            hasOpenQuote = true
            return
        }
        add(.quoted, index + 1..<cursor)
        index = cursor + 1
    }

    private mutating func readLiteral(_ bytes: Bytes) {
        let start = index
        while index < range.upperBound && bytes[index] != 93 && bytes[index] != 44 && bytes[index] != 62 { index += 1 }
        if index < range.upperBound && bytes[index] == 93 { index += 1 }
        add(.literal, start..<index)
    }

    private mutating func readAngle(_ bytes: Bytes) {
        index += 1
        let start = index
        var isQuoted = false
        var isDomain = false
        while index < range.upperBound {
            let byte = bytes[index]
            // Only the local part may be quoted; a stray quote in a domain must not swallow the addresses behind.
            if byte == 34 && !isDomain { isQuoted.toggle() }
            if byte == 64 && !isQuoted { isDomain = true }
            if byte == 92 && isQuoted { index += 1 }
            if !isQuoted && (byte == 62 || byte == 44 && !isRoute(bytes, start)) { break }
            // `<a@example.com<mailto:a@example.com>>`, as one program forwards addresses: the first one counts.
            if byte == 60 && !isQuoted && index > start { break }
            index += 1
        }
        index = Swift.min(index, range.upperBound)
        if angle == nil || trimmed(bytes, angle ?? start..<start).isEmpty { angle = start..<index }
        if index < range.upperBound && bytes[index] == 62 { index += 1 }
    }

    /// `<@a.example,@b.example:user@example.com>`: commas in a route end nothing (section 4.4).
    private func isRoute(_ bytes: Bytes, _ start: Int) -> Bool { start < range.upperBound && bytes[start] == 64 }

    private mutating func readAtom(_ bytes: Bytes) {
        let start = index
        if bytes[index] == 61, let end = endOfEncodedWord(bytes) {
            index = end
        } else {
            index += 1
            while index < range.upperBound && !isSpecial(bytes[index]) { index += 1 }
        }
        add(.atom, start..<index)
        if let last = pieces.last, !hasAtSign { hasAtSign = hasAt(bytes, last) }
    }

    /// An encoded word may hold commas and brackets that its writer forgot to encode.
    private func endOfEncodedWord(_ bytes: Bytes) -> Int? {
        guard index + 1 < range.upperBound, bytes[index + 1] == 63 else { return nil }
        var marks = 0
        var cursor = index + 1
        // RFC 2047 allows 75 characters; the bound keeps hostile input linear.
        let last = Swift.min(range.upperBound, index + 1000)
        while cursor < last && !isSpace(bytes[cursor]) {
            if bytes[cursor] == 63 {
                marks += 1
                if marks >= 4 && cursor + 1 < range.upperBound && bytes[cursor + 1] == 61 { return cursor + 2 }
            }
            cursor += 1
        }
        return nil
    }

    private func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case 44, 59, 58, 60, 91: true
        case 40: !hasOpenComment
        case 34: !hasOpenQuote
        default: isSpace(byte)
        }
    }

    private func hasAt(_ bytes: Bytes, _ piece: Piece) -> Bool {
        piece.kind == .atom && findByte(bytes, 64, from: piece.range.lowerBound, to: piece.range.upperBound) >= 0
    }

    // MARK: From pieces to an address

    private mutating func finish(_ bytes: Bytes, _ findings: inout Findings) {
        defer {
            pieces.removeAll(keepingCapacity: true)
            (comment, angle, isApart, hasAtSign) = (nil, nil, false, false)
        }
        if let angle {
            var address = addressText(bytes, angle)
            var name = pieces.isEmpty ? commentText(bytes, &findings) : phrase(bytes, pieces[...], &findings)
            if isPhrase(bytes, angle) && !address.utf8.contains(64) {
                // `<Saved by some program>`: a name in the wrong place.
                if name.isEmpty { name = decodedText(bytes, trimmed(bytes, angle), findings: &findings, field: field) }
                address = ""
            }
            if address.isEmpty { findings.note(.badAddress, field: field) }
            if name.isEmpty && address.utf8.first == 64 {
                // A domain alone names nobody.
                findings.note(.badAddress, field: field)
                return
            }
            list.append(ParsedAddress(displayName: name, address: withoutJunk(address, &findings)))
        } else if !pieces.isEmpty {
            finishBare(bytes, &findings)
        }
    }

    /// Addresses without brackets: the words around an at sign that belong together; words before them are a name.
    /// There may be several with only white space between.
    private mutating func finishBare(_ bytes: Bytes, _ findings: inout Findings) {
        guard hasAtSign else {
            // One word may be a local address (`root`); several are a name.
            findings.note(.badAddress, field: field)
            let isWord = pieces.indices.allSatisfy { index in
                pieces[index].kind != .quoted && (index == 0 || belongsTogether(bytes, index - 1, index))
            }
            list.append(
                isWord
                    ? ParsedAddress(displayName: "", address: bareAddress(bytes, 0...pieces.count - 1, &findings))
                    : ParsedAddress(displayName: phrase(bytes, pieces[...], &findings), address: ""))
            return
        }
        var start = 0
        while let at = pieces[start...].firstIndex(where: { hasAt(bytes, $0) }) {
            var first = at
            while first > start && belongsTogether(bytes, first - 1, first) { first -= 1 }
            var last = at
            while last + 1 < pieces.count && belongsTogether(bytes, last, last + 1) { last += 1 }
            if first > start { findings.note(.badAddress, field: field) }
            let name = first > start ? phrase(bytes, pieces[start..<first], &findings) : commentText(bytes, &findings)
            let address = bareAddress(bytes, first...last, &findings)
            if name.isEmpty && address.utf8.first == 64 {
                findings.note(.badAddress, field: field)
            } else {
                list.append(ParsedAddress(displayName: name, address: address))
            }
            start = last + 1
            guard list.count < limit else { break }
        }
        if start < pieces.count { findings.note(.badAddress, field: field) }
    }

    private func bareAddress(_ bytes: Bytes, _ words: ClosedRange<Int>, _ findings: inout Findings) -> String {
        var address = ""
        for piece in pieces[words] {
            var range = piece.range
            // The closing bracket of an opening one that was lost.
            while piece.kind == .atom && !range.isEmpty && bytes[range.upperBound - 1] == 62 {
                range = range.lowerBound..<range.upperBound - 1
            }
            let inner = withoutControls(bytes, range)
            address += piece.kind == .quoted ? "\"\(inner)\"" : inner
        }
        return withoutJunk(address, &findings)
    }

    /// A domain ends where a character stands that none may hold (RFC 5322 section 3.4.1), such as a bracket or quote
    /// whose partner was lost.
    private func withoutJunk(_ address: String, _ findings: inout Findings) -> String {
        let bytes = address.utf8Span.span
        guard let at = domainStart(bytes), at + 1 < bytes.count, bytes[at + 1] != 91 else { return address }
        var end = at + 1
        while end < bytes.count && !isForbiddenInDomain(bytes[end]) { end += 1 }
        if end == bytes.count || end == at + 1 { return address }
        findings.note(.badAddress, field: field)
        return text(bytes, 0..<end)
    }

    /// The first at sign outside of quotes.
    private func domainStart(_ bytes: Bytes) -> Int? {
        var isQuoted = false
        for index in bytes.indices {
            if bytes[index] == 34 { isQuoted.toggle() }
            if bytes[index] == 64 && !isQuoted { return index }
        }
        return nil
    }

    private func isForbiddenInDomain(_ byte: UInt8) -> Bool {
        switch byte {
        case 34, 40, 41, 44, 58, 59, 60, 62, 91, 92, 93: true
        default: false
        }
    }

    /// A control character has no business in an address, and would end a line of ours somewhere.
    private func withoutControls(_ bytes: Bytes, _ range: Range<Int>) -> String {
        var value: [UInt8] = []
        value.reserveCapacity(range.count)
        for index in range where bytes[index] >= 32 && bytes[index] != 127 { value.append(bytes[index]) }
        return text(value.span, 0..<value.count)
    }

    /// Nothing between them, or one ends or the other begins with a dot or at sign (obsolete white space, section 4.4).
    private func belongsTogether(_ bytes: Bytes, _ left: Int, _ right: Int) -> Bool {
        if !pieces[right].isApart { return true }
        let end = pieces[left].kind == .atom ? bytes[pieces[left].range.upperBound - 1] : 0
        let begin = pieces[right].kind == .atom ? bytes[pieces[right].range.lowerBound] : 0
        return end == 46 || end == 64 || begin == 46 || begin == 64
    }

    /// What stands between the brackets, without route, comments and white space.
    private func addressText(_ bytes: Bytes, _ range: Range<Int>) -> String {
        var start = range.lowerBound
        if isRoute(bytes, start) {
            let colon = findByte(bytes, 58, from: start, to: range.upperBound)
            if colon >= 0 { start = colon + 1 }
        }
        if isPlainAddress(bytes, start..<range.upperBound) { return text(bytes, start..<range.upperBound) }
        var value: [UInt8] = []
        value.reserveCapacity(range.upperBound - start)
        var isQuoted = false
        var depth = 0
        for index in start..<range.upperBound {
            let byte = bytes[index]
            if byte == 34 && depth == 0 { isQuoted.toggle() }
            if !isQuoted && byte == 40 { depth += 1 }
            if depth == 0 && (isQuoted || !isSpace(byte)) && byte != 60 && byte >= 32 && byte != 127 {
                value.append(byte)
            }
            if !isQuoted && byte == 41 && depth > 0 { depth -= 1 }
        }
        return text(value.span, 0..<value.count)
    }

    /// Nothing to take out.
    private func isPlainAddress(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
        for index in range {
            let byte = bytes[index]
            if byte <= 32 || byte == 34 || byte == 40 || byte == 60 || byte == 127 { return false }
        }
        return true
    }

    /// More than one word.
    private func isPhrase(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
        let words = trimmed(bytes, range)
        for index in words where isSpace(bytes[index]) { return true }
        return false
    }

    private func commentText(_ bytes: Bytes, _ findings: inout Findings) -> String {
        guard let comment else { return "" }
        return decodedText(bytes, trimmed(bytes, comment), findings: &findings, field: field)
    }

    private func phrase(_ bytes: Bytes, _ pieces: ArraySlice<Piece>, _ findings: inout Findings) -> String {
        if let only = pieces.first, pieces.count == 1, only.kind == .atom {
            return decodedText(bytes, only.range, findings: &findings, field: field)
        }
        var value: [UInt8] = []
        if let first = pieces.first, let last = pieces.last {
            value.reserveCapacity(last.range.upperBound - first.range.lowerBound)
        }
        for piece in pieces {
            if piece.isApart && !value.isEmpty { value.append(32) }
            var index = piece.range.lowerBound
            while index < piece.range.upperBound {
                if piece.kind == .quoted && bytes[index] == 92 && index + 1 < piece.range.upperBound { index += 1 }
                value.append(bytes[index])
                index += 1
            }
        }
        return decodedText(value.span, 0..<value.count, findings: &findings, field: field)
    }
}
