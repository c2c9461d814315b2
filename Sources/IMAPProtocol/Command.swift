package import Vocabulary

/// One command, ready to be sent under a tag.
package struct Command: Sendable, Equatable {
    enum Piece: Sendable, Equatable {
        case text(String)
        case literal([UInt8])
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
    func with(string: String) -> Command {
        let bytes = Array(string.utf8)
        guard bytes.count <= 1_000, bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return with(.text(" ")).with(.literal(bytes))
        }
        return with(Self.quoted(bytes))
    }

    func with(mailbox: MailboxName) -> Command { with(string: ModifiedUTF7.encode(mailbox.rawValue)) }

    private func with(_ piece: Piece) -> Command {
        var copy = self
        if case .text(let added) = piece, case .text(let last)? = copy.pieces.last {
            copy.pieces[copy.pieces.count - 1] = .text(last + added)
        } else {
            copy.pieces.append(piece)
        }
        return copy
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        var quoted: [UInt8] = [UInt8(ascii: "\"")]
        for byte in bytes {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
            quoted.append(byte)
        }
        quoted.append(UInt8(ascii: "\""))
        return String(decoding: quoted, as: UTF8.self)
    }

    /// The bytes, in the parts between which the server must say `+`. With LITERAL+ (RFC 7888) there is one part.
    package func encoded(tag: String, literalPlus: Bool) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var current = Array("\(tag) ".utf8)
        for piece in pieces {
            switch piece {
            case .text(let text): current.append(contentsOf: text.utf8)
            case .literal(let bytes):
                current.append(contentsOf: "{\(bytes.count)\(literalPlus ? "+" : "")}\r\n".utf8)
                if !literalPlus {
                    parts.append(current)
                    current = []
                }
                current.append(contentsOf: bytes)
            }
        }
        current.append(contentsOf: "\r\n".utf8)
        parts.append(current)
        return parts
    }

    /// Whether a name can be a keyword: an atom, and no system flag (RFC 9051 section 9, flag-keyword).
    package static func isKeyword(_ name: String) -> Bool {
        let specials = Set(#"(){ %*"\]"#.utf8)
        return (1...100).contains(name.utf8.count)
            && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && !specials.contains($0) }
    }
}

// MARK: - The commands we use

extension Command {
    package static let capability = Command("CAPABILITY")
    package static let noop = Command("NOOP")
    package static let idle = Command("IDLE")
    package static let logout = Command("LOGOUT")
    package static let namespace = Command("NAMESPACE")
    /// RFC 9051 section 6.3.9: a LIST of nothing tells the hierarchy delimiter.
    package static let delimiter = Command("LIST").with(#""" """#)

    /// What ends an IDLE; it has no tag (RFC 2177 section 3).
    package static let done = Array("DONE\r\n".utf8)

    /// RFC 2971. Some providers refuse SELECT to who has not said it.
    package static func id(_ parameters: [(String, String)]) -> Command {
        let list = parameters.map { quoted(printable($0.0)) + " " + quoted(printable($0.1)) }.joined(separator: " ")
        return Command("ID").with("(\(list))")
    }

    private static func printable(_ text: String) -> [UInt8] { text.utf8.filter { (0x20...0x7E).contains($0) } }

    package static func select(_ mailbox: MailboxName, readOnly: Bool) -> Command {
        Command(readOnly ? "EXAMINE" : "SELECT").with(mailbox: mailbox)
    }

    package static func create(_ mailbox: MailboxName) -> Command { Command("CREATE").with(mailbox: mailbox) }

    /// The messages of a range, as a listing needs them; nil for an upper end without limit.
    package static func list(from first: UID, to last: UID?) -> Command {
        let end = last.map(\.description) ?? "*"
        return Command("UID FETCH").with("\(first):\(end) (UID FLAGS INTERNALDATE RFC822.SIZE)")
    }

    /// Whole messages. PEEK, or the server would mark them as seen.
    package static func fetch(_ uids: UIDSet) -> Command {
        Command("UID FETCH").with("\(uids) (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])")
    }

    /// The first bytes of one message.
    package static func fetchHead(_ uid: UID, bytes: Int) -> Command {
        Command("UID FETCH").with("\(uid) (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.\(bytes)>)")
    }

    /// Which of these exist.
    package static func search(_ uids: UIDSet) -> Command { Command("UID SEARCH").with("UID \(uids)") }

    package static func search(from first: UID, to last: UID?) -> Command {
        Command("UID SEARCH").with("UID \(first):\(last.map(\.description) ?? "*")")
    }

    package static func addFlag(_ flag: String, to uids: UIDSet) -> Command {
        Command("UID STORE").with("\(uids) +FLAGS.SILENT (\(flag))")
    }

    package static func copy(_ uids: UIDSet, to mailbox: MailboxName) -> Command {
        Command("UID COPY").with("\(uids)").with(mailbox: mailbox)
    }

    package static func move(_ uids: UIDSet, to mailbox: MailboxName) -> Command {
        Command("UID MOVE").with("\(uids)").with(mailbox: mailbox)
    }

    /// RFC 4315 section 2.1. There is no command for a bare EXPUNGE here, and there shall be none: it removes what
    /// others have marked.
    package static func expunge(_ uids: UIDSet) -> Command { Command("UID EXPUNGE").with("\(uids)") }
}
