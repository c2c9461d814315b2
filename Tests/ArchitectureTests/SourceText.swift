import Foundation
import TestSupport

/// One Swift file as the architecture tests read it: raw, and as tokens without comments and without the text of strings.
///
/// A small scanner, not a parser: good enough to find an import line or a call by name, and not fooled by a word that
/// stands in a comment or in a string.
struct SourceText: Sendable {
    /// Relative to the checkout.
    let path: String
    let room: String
    let text: String
    /// Identifiers whole, every other visible character by itself; `try!` and `as!` are one token.
    let tokens: [Token]

    struct Token: Equatable, Sendable {
        let text: String
        let line: Int
    }

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var name: String { String(path.split(separator: "/").last ?? "") }

    /// Everything under Sources, read once for all tests.
    static let sources = all(under: "Sources")

    init(path: String, room: String, text: String) {
        (self.path, self.room, self.text) = (path, room, text)
        var scanner = TokenScanner(text)
        tokens = scanner.run()
    }

    /// Every Swift file of a folder of the checkout, in path order.
    static func all(under folder: String) -> [SourceText] {
        files(under: folder, suffix: ".swift").map { path in
            let room = path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            let data = FileManager.default.contents(atPath: Checkout.root.appending(path: path).path) ?? Data()
            return SourceText(path: path, room: room, text: String(decoding: data, as: UTF8.self))
        }
    }

    /// Paths of files, relative to the checkout; links to folders are followed, build folders are not.
    static func files(under folder: String, suffix: String) -> [String] {
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: Checkout.root.appending(path: folder).path)) ?? []
        return names.sorted().flatMap { name -> [String] in
            let path = folder + "/" + name
            var isFolder: ObjCBool = false
            guard
                FileManager.default.fileExists(atPath: Checkout.root.appending(path: path).path, isDirectory: &isFolder)
            else { return [] }
            if isFolder.boolValue { return name.hasPrefix(".") ? [] : files(under: path, suffix: suffix) }
            return name.hasSuffix(suffix) ? [path] : []
        }
    }

    /// The modules that the file imports, with the line: `import struct Foundation.Date` gives `Foundation`.
    var imports: [Token] {
        var found: [Token] = []
        for (index, token) in tokens.enumerated() where token.text == "import" {
            // A member called `import` has a dot before it; a declaration attribute or access word does not.
            if index > 0, tokens[index - 1].text == "." { continue }
            var next = index + 1
            let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            if next < tokens.count, kinds.contains(tokens[next].text) { next += 1 }
            if next < tokens.count { found.append(Token(text: tokens[next].text, line: token.line)) }
        }
        return found
    }
}

/// Walks over the bytes once. Skips line and block comments (they nest) and the inside of string literals.
struct TokenScanner {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var found: [SourceText.Token] = []

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func run() -> [SourceText.Token] {
        while index < bytes.count {
            let byte = bytes[index]
            if starts(with: "//") {
                skip { $0 == UInt8(ascii: "\n") }
            } else if starts(with: "/*") {
                skipBlockComment()
            } else if let pounds = stringStart() {
                skipString(pounds: pounds)
            } else if Self.isWord(byte) {
                takeWord()
            } else {
                if byte > 0x20 { found.append(.init(text: String(UnicodeScalar(byte)), line: line)) }
                advance()
            }
        }
        return found
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte | 0x20 &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private func starts(with text: StaticString, at offset: Int = 0) -> Bool {
        let start = index + offset
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { word in bytes[start..<start + word.count].elementsEqual(word) }
    }

    private mutating func advance(by count: Int = 1) {
        for _ in 0..<count where index < bytes.count {
            if bytes[index] == UInt8(ascii: "\n") { line += 1 }
            index += 1
        }
    }

    private mutating func skip(until end: (UInt8) -> Bool) {
        while index < bytes.count, !end(bytes[index]) { advance() }
    }

    private mutating func takeWord() {
        let start = index
        while index < bytes.count, Self.isWord(bytes[index]) { index += 1 }
        if starts(with: "!"), [Array("try".utf8), Array("as".utf8)].contains(Array(bytes[start..<index])) {
            index += 1
        }
        found.append(.init(text: String(decoding: bytes[start..<index], as: UTF8.self), line: line))
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                advance(by: 2)
            } else if starts(with: "*/") {
                depth -= 1
                advance(by: 2)
            } else {
                advance()
            }
        } while depth > 0 && index < bytes.count
    }

    /// The number of `#` before a quotation mark here; nil when no string starts here.
    private func stringStart() -> Int? {
        var pounds = 0
        while index + pounds < bytes.count, bytes[index + pounds] == UInt8(ascii: "#") { pounds += 1 }
        return starts(with: "\"", at: pounds) ? pounds : nil
    }

    private mutating func skipString(pounds: Int) {
        advance(by: pounds)
        let isLong = starts(with: "\"\"\"")
        advance(by: isLong ? 3 : 1)
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\"), closes("#", count: pounds, after: 1) {
                if bytes[min(index + 1 + pounds, bytes.count - 1)] == UInt8(ascii: "(") {
                    advance(by: 1 + pounds)
                    takeInterpolation()
                } else {
                    advance(by: 2 + pounds)
                }
            } else if starts(with: isLong ? "\"\"\"" : "\""), closes("#", count: pounds, after: isLong ? 3 : 1) {
                advance(by: (isLong ? 3 : 1) + pounds)
                return
            } else {
                advance()
            }
        }
    }

    private func closes(_ mark: Character, count: Int, after offset: Int) -> Bool {
        let start = index + offset
        guard start + count <= bytes.count else { return false }
        return bytes[start..<start + count].allSatisfy { $0 == mark.asciiValue }
    }

    /// What stands in `\(…)` is code: its words are tokens.
    private mutating func takeInterpolation() {
        var depth = 0
        repeat {
            if let pounds = stringStart() {
                skipString(pounds: pounds)
            } else if Self.isWord(bytes[index]) {
                takeWord()
            } else {
                if bytes[index] == UInt8(ascii: "(") { depth += 1 }
                if bytes[index] == UInt8(ascii: ")") { depth -= 1 }
                if bytes[index] > 0x20 { found.append(.init(text: String(UnicodeScalar(bytes[index])), line: line)) }
                advance()
            }
        } while depth > 0 && index < bytes.count
    }
}
