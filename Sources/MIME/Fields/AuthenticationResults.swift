import Vocabulary

/// What one Authentication-Results field says (RFC 8601 section 2.2). As data only: anybody can write such a field, and
/// whether the server named in it may be believed is not asked here.
package struct AuthenticationResults: Sendable, Hashable {
    /// `dkim/1=pass reason="good" (2048-bit) header.d=example.com`.
    package struct MethodResult: Sendable, Hashable {
        /// Lower-cased: `dkim`, `spf`, `dmarc` (section 2.7).
        package let method: String
        /// Behind a slash; nil where there is none, which means 1.
        package let version: Int?
        /// Lower-cased: `pass`, `fail`, `softfail`, `none`, `temperror` (section 2.7).
        package let result: String
        package internal(set) var reason: String?
        /// In their order; one may stand several times.
        package internal(set) var properties: [Property] = []
        /// Free text; never a statement.
        package internal(set) var comments: [String] = []

        /// The value of the first property of that (lower-cased) name: `header.d`.
        package subscript(_ name: String) -> String? {
            properties.first { $0.type.isEmpty ? $0.name == name : name == $0.type + "." + $0.name }?.value
        }
    }

    /// `header.d=example.com` (section 2.3): what was looked at.
    package struct Property: Sendable, Hashable {
        /// Lower-cased: `smtp`, `header`, `body`, `policy`; empty where the writer left it out.
        package let type: String
        /// Lower-cased.
        package let name: String
        /// As written, without quotes.
        package let value: String
    }

    /// Who says it (section 2.5), as written; compared without regard to case. Nil where it is missing, as some large
    /// providers write the field within their own systems.
    package internal(set) var authservID: String?
    /// Of the syntax; nil where it is not given, which means 1.
    package internal(set) var version: Int?
    package internal(set) var results: [MethodResult] = []
    /// `none`: nothing was checked.
    package internal(set) var saysNone = false
    /// Those before the first result.
    package internal(set) var comments: [String] = []
    package internal(set) var defects: [Defect] = []
}

extension Field {
    /// The body read as Authentication-Results.
    package var authenticationResults: AuthenticationResults {
        var (value, defects) = read(as: name, readAuthenticationResults)
        value.defects = defects
        return value
    }
}

extension Header {
    /// All Authentication-Results fields, the topmost (the last one added) first.
    package var authenticationResults: [AuthenticationResults] {
        fields(named: "Authentication-Results").map(\.authenticationResults)
    }
}

/// Reads a body of Authentication-Results (RFC 8601 section 2.2).
func readAuthenticationResults(
    _ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings
) -> AuthenticationResults {
    findings.work += range.count
    var reader = AuthenticationResultsReader(range, limit: findings.limits.fieldItems)
    return reader.read(bytes, &findings)
}

private struct AuthenticationResultsReader {
    /// `key=value`, or a word.
    private struct Item {
        let key: String
        let value: String?
    }

    /// What stands between two semicolons.
    private struct Statement {
        var items: [Item] = []
        var comments: [String] = []
    }

    private static let field = "Authentication-Results"
    private var scanner: FieldScanner
    private var itemsLeft: Int
    private var found = AuthenticationResults()

    init(_ range: Range<Int>, limit: Int) {
        scanner = FieldScanner(range, comments: limit)
        itemsLeft = limit
    }

    mutating func read(_ bytes: Bytes, _ findings: inout Findings) -> AuthenticationResults {
        takeHead(statement(bytes, isHead: true, &findings), &findings)
        while !scanner.isAtEnd { take(statement(bytes, isHead: false, &findings), &findings) }
        if scanner.isUnclosed { bad(&findings) }
        return found
    }

    private func bad(_ findings: inout Findings) { findings.note(.badAuthenticationResults, field: Self.field) }

    private mutating func statement(_ bytes: Bytes, isHead: Bool, _ findings: inout Findings) -> Statement {
        var statement = Statement()
        while true {
            scanner.skip(bytes)
            if scanner.isAtEnd { break }
            if scanner.peek(bytes) == 59 {
                scanner.step()
                break
            }
            guard itemsLeft > 0 else {
                findings.note(.fieldItemLimit, field: Self.field)
                scanner.stop()
                break
            }
            itemsLeft -= 1
            statement.items.append(item(bytes, isHead: isHead))
        }
        statement.comments = scanner.takeComments(bytes, field: Self.field, &findings)
        return statement
    }

    private mutating func item(_ bytes: Bytes, isHead: Bool) -> Item {
        var key = scanner.readWord(bytes, stops: (59, 61))
        scanner.skip(bytes)
        // `dkim / 1`, `header . d`: white space and comments may stand around the slash and the dot.
        while !isHead, [46, 47].contains(scanner.peek(bytes)) || [46, 47].contains(key.last), !scanner.isAtEnd {
            let piece = scanner.readWord(bytes, stops: (59, 61))
            if piece.isEmpty { break }
            key += piece
            scanner.skip(bytes)
        }
        guard scanner.peek(bytes) == 61 else { return Item(key: text(key), value: nil) }
        scanner.step()
        // `smtp.mailfrom= smtp.helo=a.example`: a null sender, which the grammar has no form for.
        if scanner.skip(bytes), propertyBegins(bytes) { return Item(key: text(key), value: "") }
        return Item(key: text(key), value: text(scanner.readWord(bytes, stops: (59, 59))))
    }

    private func text(_ word: [UInt8]) -> String { MIME.text(word.span, 0..<word.count) }

    /// `type.name=` stands here.
    private func propertyBegins(_ bytes: Bytes) -> Bool {
        var cursor = scanner.index
        var dots = 0
        // No property has a longer name; the bound keeps hostile input linear.
        let last = Swift.min(scanner.end, cursor + 64)
        while cursor < last {
            let byte = bytes[cursor]
            if byte == 61 { return dots == 1 }
            guard isLetter(byte) || isDigit(byte) || byte == 45 || byte == 46 || byte == 95 else { return false }
            if byte == 46 { dots += 1 }
            cursor += 1
        }
        return false
    }

    /// `authserv-id [version]`.
    private mutating func takeHead(_ head: Statement, _ findings: inout Findings) {
        guard let first = head.items.first else { return bad(&findings) }
        guard first.value == nil else {
            bad(&findings)
            return take(head, &findings)
        }
        found.authservID = first.key
        found.comments = head.comments
        guard head.items.count > 1 else { return }
        found.version = head.items[1].value == nil ? Int(head.items[1].key) : nil
        if found.version == nil || head.items.count > 2 { bad(&findings) }
    }

    /// `method[/version]=result`, then a reason and properties; or `none`.
    private mutating func take(_ statement: Statement, _ findings: inout Findings) {
        guard let first = statement.items.first else { return }
        guard let result = first.value else {
            let isNone = asciiLowercased(first.key) == "none" && statement.items.count == 1
            if isNone { found.saysNone = true } else { bad(&findings) }
            return
        }
        let (method, version) = split(first.key, at: 47)
        var made = AuthenticationResults.MethodResult(
            method: asciiLowercased(method), version: version.flatMap { Int($0) }, result: asciiLowercased(result))
        made.comments = statement.comments
        for item in statement.items.dropFirst() {
            guard let value = item.value else {
                bad(&findings)
                continue
            }
            let key = asciiLowercased(item.key)
            if key == "reason" {
                if made.reason == nil { made.reason = value }
                continue
            }
            let (type, name) = split(key, at: 46)
            made.properties.append(.init(type: name == nil ? "" : type, name: name ?? type, value: value))
        }
        found.results.append(made)
    }

    private func split(_ key: String, at mark: UInt8) -> (String, String?) {
        guard let place = key.utf8.firstIndex(of: mark) else { return (key, nil) }
        return (String(key[..<place]), String(key[key.utf8.index(after: place)...]))
    }
}
