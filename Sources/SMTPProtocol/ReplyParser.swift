/// Reads replies from the octets of a server, in whatever pieces they come.
///
/// Lenient where life asks for it: a bare LF ends a line, a code without text is a reply, the lines of one reply may
/// disagree about the code (the last one counts, as it does for Postfix). Bounded: of a line 500 octets are kept, and
/// what never ends is an error.
struct ReplyParser: Sendable {
    enum Failure: Error, Equatable, CustomStringConvertible {
        /// A line that does not begin with a code between 200 and 599.
        case notAReply(String)
        case endlessLine
        case endlessReply

        var description: String {
            switch self {
            case .notAReply(let line): "the server said what is no reply: \(printable(line))"
            case .endlessLine: "the server sent a line without an end"
            case .endlessReply: "the server sent a reply without an end"
            }
        }
    }

    /// RFC 5321 section 4.5.3.1.5 allows 512 with code and CRLF.
    static let keptOctets = 500
    static let longestLine = 65_536
    static let mostLines = 512

    private var line: [UInt8] = []
    private var lineLength = 0
    private var lines: [String] = []
    private var enhanced: EnhancedStatus?

    /// Takes octets from the front of `bytes` up to the end of one reply; nil when there is none yet.
    mutating func next(_ bytes: inout ArraySlice<UInt8>) throws(Failure) -> SMTPReply? {
        while let end = bytes.firstIndex(of: 10) {
            keep(bytes[..<end])
            bytes = bytes[(end + 1)...]
            if lineLength > Self.longestLine { throw .endlessLine }
            if let reply = try endOfLine() { return reply }
        }
        keep(bytes)
        bytes = []
        if lineLength > Self.longestLine { throw .endlessLine }
        return nil
    }

    private mutating func keep(_ piece: ArraySlice<UInt8>) {
        lineLength += piece.count
        line += piece.prefix(Self.keptOctets + 4 - line.count)
    }

    private mutating func endOfLine() throws(Failure) -> SMTPReply? {
        defer {
            line = []
            lineLength = 0
        }
        if line.last == 13 { line.removeLast() }
        guard let code = Self.code(line) else {
            throw .notAReply(String(decoding: line.prefix(100), as: UTF8.self))
        }
        let goesOn = line.count > 3 && line[3] == UInt8(ascii: "-")
        var text = line.dropFirst(4)
        let status = EnhancedStatus(consuming: &text)
        if lines.isEmpty { enhanced = status }
        if text.first == 0x20 && status != nil { text.removeFirst() }
        lines.append(String(decoding: text, as: UTF8.self))
        if goesOn {
            if lines.count >= Self.mostLines { throw .endlessReply }
            return nil
        }
        defer {
            lines = []
            enhanced = nil
        }
        // RFC 2034 section 4: the class must agree with the code; when it does not, the code is what counts.
        return SMTPReply(code: code, enhanced: enhanced?.category == code / 100 ? enhanced : nil, lines: lines)
    }

    private static func code(_ line: [UInt8]) -> Int? {
        guard line.count >= 3, line[0] &- 50 < 4, line[1] &- 48 < 10, line[2] &- 48 < 10 else { return nil }
        if line.count > 3 && line[3] != 0x20 && line[3] != UInt8(ascii: "-") { return nil }
        return Int(line[0] - 48) * 100 + Int(line[1] - 48) * 10 + Int(line[2] - 48)
    }
}
