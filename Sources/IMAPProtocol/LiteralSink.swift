/// Takes the text of messages that are too large for memory, as it arrives.
///
/// The calls come as `begin`, any number of `append`, `end`, one literal after the other. When the connection breaks, `end`
/// does not come. Literals belong to responses in order: a response takes as many of those that have begun as it has
/// sections with the content `.streamed`, or as a `Malformation` counts.
package protocol LiteralSink: ~Copyable {
    /// The UID is there when it stood before the text of the message; most servers write it there.
    mutating func begin(size: UInt64, uid: UInt32?)
    mutating func append(_ bytes: borrowing Span<UInt8>)
    mutating func end()
}

/// For who gathers everything.
struct NoSink: LiteralSink {
    mutating func begin(size: UInt64, uid: UInt32?) {}
    mutating func append(_ bytes: borrowing Span<UInt8>) {}
    mutating func end() {}
}

/// A literal that has been read.
enum ResponseLiteral: Sendable, Equatable {
    case bytes([UInt8])
    case tooLarge(UInt64)
    case streamed(UInt64)
}

extension Collection<ResponseLiteral> {
    /// How many went to the sink.
    var streamed: Int {
        reduce(into: 0) { count, literal in if case .streamed = literal { count += 1 } }
    }
}

/// The text of a FETCH response up to a literal: what a stream must know before the response is whole.
///
/// It looks at few bytes, whatever the server sends, because it is asked for each large literal. The parser has the last
/// word: a streamed literal that is not the text of a section makes the response malformed.
struct FetchBeginning {
    let text: [UInt8]
    private static let reach = 8_192

    /// `* 12 FETCH …`
    var isFetch: Bool {
        let rest = text.dropFirst(2).drop { $0 &- 48 < 10 }
        return rest.first == 0x20 && rest.dropFirst().prefix(5).map { $0 & 0xDF } == Self.fetch
    }

    /// Whether the literal is the value of `BODY[…]`, `BINARY[…]` or `RFC822`.
    var awaitsSection: Bool {
        var end = text.count
        while end > 0 && text[end - 1] == 0x20 { end -= 1 }
        guard end < text.count else { return false }
        if end > 0 && text[end - 1] == UInt8(ascii: ">") {
            end -= 1
            while end > 0 && text[end - 1] &- 48 < 10 { end -= 1 }
            guard end > 0, text[end - 1] == UInt8(ascii: "<") else { return false }
            end -= 1
        }
        guard end > 0, text[end - 1] == UInt8(ascii: "]") else { return Self.whole.contains(word(before: end)) }
        guard let bracket = text[max(0, end - Self.reach)..<end].lastIndex(of: UInt8(ascii: "[")) else { return false }
        return Self.sectioned.contains(word(before: bracket))
    }

    /// The UID, when it stands near the beginning. Strings and lists are read over: they may hold the word.
    var uid: UInt32? {
        var depth = 0
        var isQuoted = false
        var index = 0
        let end = min(text.count, Self.reach)
        while index < end {
            switch text[index] {
            case UInt8(ascii: "\\") where isQuoted: index += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case _ where isQuoted: break
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case 0x20 where depth == 1 && word(before: index) == Self.uidWord: return number(from: index + 1)
            default: break
            }
            index += 1
        }
        return nil
    }

    private func number(from start: Int) -> UInt32? {
        let digits = text[start...].drop { $0 == 0x20 }.prefix(11).prefix { $0 &- 48 < 10 }
        return UInt32(String(decoding: digits, as: UTF8.self))
    }

    /// In capitals; of at most 14 bytes.
    private func word(before end: Int) -> [UInt8] {
        let near = text[max(0, end - 14)..<end]
        let start = near.lastIndex { $0 == 0x20 || $0 == UInt8(ascii: "(") || $0 == 0 } ?? near.startIndex - 1
        return near[(start + 1)...].map { $0 &- 97 < 26 ? $0 & 0xDF : $0 }
    }

    private static let fetch = Array("FETCH".utf8)
    private static let uidWord = Array("UID".utf8)
    private static let sectioned = ["BODY", "BINARY"].map { Array($0.utf8) }
    private static let whole = ["RFC822", "RFC822.HEADER", "RFC822.TEXT"].map { Array($0.utf8) }
}
