internal import Vocabulary

/// One command, ready to be sent under a tag.
///
/// There is no CLOSE and no bare EXPUNGE among them, and there shall be none: both remove what others have marked as deleted
/// (RFC 9051 sections 6.4.1 and 6.4.3). UNSELECT leaves a mailbox, UID EXPUNGE removes what it names.
package struct Command: Sendable, Equatable {
    enum Piece: Sendable, Equatable {
        case text(String)
        case string([UInt8])
        /// A name or a pattern of names; how it is written depends on the dialect.
        case mailbox(String)
        case literal([UInt8])
        /// Bytes that may hold NUL (RFC 3516 section 4.4).
        case literal8([UInt8])
        /// Says that strings are UTF-8, where that is not agreed.
        case charset
    }

    /// For logs and errors: `UID FETCH`. Never an argument, which may be private.
    package let verb: String
    private(set) var pieces: [Piece]

    init(_ verb: String) {
        self.verb = verb
        pieces = [.text(verb)]
    }

    /// Arguments that need neither quotes nor escapes: numbers, sets, lists of our own.
    func with(_ text: String) -> Command { with(.text(" " + text)) }

    /// A string: quoted where that is possible, else a literal (RFC 9051 section 4.3).
    func with(string: String) -> Command { with(" ", .string(Array(string.utf8))) }

    func with(mailbox: MailboxName) -> Command { with(" ", .mailbox(mailbox.rawValue)) }

    func with(pattern: String) -> Command { with(" ", .mailbox(pattern)) }

    func with(literal bytes: [UInt8]) -> Command { with(" ", .literal(bytes)) }

    func with(literal8 bytes: [UInt8]) -> Command { with(" ", .literal8(bytes)) }

    func withCharset() -> Command { with(.charset) }

    private func with(_ text: String, _ piece: Piece) -> Command { with(.text(text)).with(piece) }

    private func with(_ piece: Piece) -> Command {
        var copy = self
        if case .text(let added) = piece, case .text(let last)? = copy.pieces.last {
            copy.pieces[copy.pieces.count - 1] = .text(last + added)
        } else {
            copy.pieces.append(piece)
        }
        return copy
    }

    /// The bytes, in the parts between which the server must say `+`.
    package func encoded(tag: String, dialect: CommandDialect) -> [[UInt8]] {
        var writer = CommandWriter(dialect: dialect)
        writer.append(text: "\(tag) ")
        for piece in pieces {
            switch piece {
            case .text(let text): writer.append(text: text)
            case .string(let bytes): writer.append(string: bytes)
            case .mailbox(let name): writer.append(mailbox: name)
            case .literal(let bytes): writer.append(literal: bytes, mark: "")
            case .literal8(let bytes): writer.append(literal: bytes, mark: "~")
            case .charset: if !dialect.utf8 { writer.append(text: " CHARSET UTF-8") }
            }
        }
        writer.append(text: "\r\n")
        return writer.finished()
    }

    /// Whether a name can be a keyword: an atom, and no system flag (RFC 9051 section 9, flag-keyword).
    package static func isKeyword(_ name: String) -> Bool {
        let specials = Set(#"(){ %*"\]"#.utf8)
        return (1...100).contains(name.utf8.count)
            && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && !specials.contains($0) }
    }

    /// A quoted string of printable ASCII.
    static func quoted(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var quoted: [UInt8] = [UInt8(ascii: "\"")]
        for byte in bytes {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
            quoted.append(byte)
        }
        quoted.append(UInt8(ascii: "\""))
        return quoted
    }
}

/// How this server wants its commands.
package struct CommandDialect: Sendable, Hashable {
    /// Which literals may be sent without waiting for `+` (RFC 7888).
    package enum Literals: Sendable, Hashable {
        case wait
        /// LITERAL-: up to 4,096 bytes.
        case small
        /// LITERAL+: all.
        case all
    }

    package var literals: Literals
    /// UTF8=ACCEPT or IMAP4rev2 is enabled: names and quoted strings are UTF-8 (RFC 6855 section 3, RFC 9051 section 5.1).
    package var utf8: Bool

    package init(literals: Literals = .wait, utf8: Bool = false) {
        self.literals = literals
        self.utf8 = utf8
    }

    /// From what the server can do and what has been enabled, both in capitals. IMAP4rev2 includes LITERAL-.
    package init(capabilities: Set<String>, enabled: Set<String> = []) {
        if capabilities.contains("LITERAL+") {
            literals = .all
        } else if capabilities.contains("LITERAL-") || capabilities.contains("IMAP4REV2") {
            literals = .small
        } else {
            literals = .wait
        }
        utf8 = enabled.contains("UTF8=ACCEPT") || enabled.contains("IMAP4REV2")
    }

    /// RFC 7888 section 5.
    static let smallLiteral = 4_096

    func mayPush(_ count: Int) -> Bool {
        switch literals {
        case .wait: false
        case .small: count <= Self.smallLiteral
        case .all: true
        }
    }
}

/// Puts the bytes of a command together.
private struct CommandWriter {
    let dialect: CommandDialect
    private var parts: [[UInt8]] = []
    private var current: [UInt8] = []

    init(dialect: CommandDialect) { self.dialect = dialect }

    mutating func append(text: String) { current.append(contentsOf: text.utf8) }

    mutating func append(mailbox name: String) {
        append(string: Array((dialect.utf8 ? name : ModifiedUTF7.encode(name)).utf8))
    }

    mutating func append(string bytes: [UInt8]) {
        if bytes.count <= 1_000 && bytes.allSatisfy(mayBeQuoted) {
            current.append(contentsOf: Command.quoted(bytes))
        } else {
            append(literal: bytes, mark: "")
        }
    }

    private func mayBeQuoted(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) || dialect.utf8 && byte >= 0x80
    }

    mutating func append(literal bytes: [UInt8], mark: String) {
        let pushes = dialect.mayPush(bytes.count)
        append(text: "\(mark){\(bytes.count)\(pushes ? "+" : "")}\r\n")
        if !pushes {
            parts.append(current)
            current = []
        }
        current.append(contentsOf: bytes)
    }

    func finished() -> [[UInt8]] { parts + [current] }
}
