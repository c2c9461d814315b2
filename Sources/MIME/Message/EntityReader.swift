import Vocabulary

/// Walks through a message: header blocks, multiparts (RFC 2046 section 5.1) and embedded messages (section 5.2.1).
///
/// One pass: each line is looked at once, whatever the nesting, because the delimiter lines of all open multiparts are
/// looked for together. A delimiter of an outer multipart ends everything inside it.
struct EntityReader {
    let limits: Limits
    private(set) var findings: Findings
    private var parts: [Part] = []
    private var delimiters = DelimiterLines()

    init(limits: Limits) {
        self.limits = limits
        findings = Findings(limits: limits)
    }

    /// Bytes that may still be decoded to read encoded messages in messages: each level would cost as much as the message.
    private var decodable = 0

    mutating func parts(of bytes: MessageBytes) -> [Part] {
        decodable = bytes.count + bytes.count / 4 * 3
        read(bytes, in: Context())
        return parts
    }

    /// What an entity inherits from what it stands in.
    private struct Context {
        var path = ""
        var depth = 0
        var isEmbedded = false
        var alternative: String?
        /// message/rfc822 in a multipart/digest (RFC 2046 section 5.1.5).
        var defaultType = "text/plain"
        /// The header of a whole message, where a stray `From ` line may stand first.
        var isMessage = true
    }

    private mutating func read(_ bytes: MessageBytes, in context: Context) {
        var lines = LineEnds.lf
        if findByte(bytes.span, LineEnds.lf.byte, from: 0, to: bytes.count) < 0,
            findByte(bytes.span, LineEnds.cr.byte, from: 0, to: bytes.count) >= 0
        {
            lines = .cr
            findings.part = context.path
            findings.note(.bareCRLineEnds)
        }
        let outer = delimiters
        delimiters = DelimiterLines()
        delimiters.lineEnds = lines
        let mark = "\u{FEFF}"
        let start = starts(bytes.span, 0..<bytes.count, with: mark) ? mark.utf8.count : 0
        _ = entity(bytes, from: start, in: context)
        delimiters = outer
    }

    /// Reads one entity and everything inside it; returns the delimiter line that ended it.
    private mutating func entity(_ bytes: MessageBytes, from start: Int, in context: Context) -> DelimiterLines.Hit {
        findings.part = context.path
        var block = HeaderReader(delimiters: delimiters)
        let end = block.read(bytes.span, from: start, isMessage: context.isMessage, &findings)
        let header = Header(bytes: bytes, entries: block.entries)
        var content = ContentFields(header: header, defaultType: context.defaultType)
        content.read(&findings)
        let kind = self.kind(of: content, depth: context.depth)
        let index = parts.count
        parts.append(
            content.part(
                path: context.path, kind: kind, body: end.body..<end.body, isEmbedded: context.isEmbedded,
                alternative: context.alternative))
        if let hit = end.delimiter { return hit }
        var inner = context
        inner.depth += 1
        let hit =
            switch kind {
            case .leaf: delimiters.next(bytes.span, from: end.body, work: &findings.work)
            case .multipart: multipart(bytes, from: end.body, content, in: inner, index)
            case .message: embedded(bytes, from: end.body, content, in: inner)
            }
        parts[index].body = end.body..<Swift.max(end.body, hit.contentEnd)
        return hit
    }

    /// message/news is the old name of message/rfc822 for articles (RFC 5537 section 2.3).
    private func isMessage(_ type: String) -> Bool {
        type == "message/rfc822" || type == "message/global" || type == "message/news"
    }

    private mutating func kind(of content: ContentFields, depth: Int) -> Part.Kind {
        let kind: Part.Kind
        if begins(content.mediaType, with: "multipart/") {
            kind = .multipart
        } else if begins(content.mediaType, with: "message/"), isMessage(content.mediaType) {
            kind = .message
        } else {
            return .leaf
        }
        if depth >= limits.nesting {
            findings.note(.nestingLimit)
            return .leaf
        }
        if content.coding.changesBytes { findings.note(.encodedComposite, field: "Content-Transfer-Encoding") }
        return kind
    }

    private mutating func multipart(
        _ bytes: MessageBytes, from start: Int, _ content: ContentFields, in inherited: Context, _ index: Int
    ) -> DelimiterLines.Hit {
        var context = inherited
        context.isMessage = false
        context.defaultType = content.mediaType == "multipart/digest" ? "message/rfc822" : "text/plain"
        context.alternative = content.mediaType == "multipart/alternative" ? inherited.path : inherited.alternative
        guard let boundary = content.boundary else {
            findings.note(.missingBoundary, field: "Content-Type")
            parts[index].isUndivided = true
            return delimiters.next(bytes.span, from: start, work: &findings.work)
        }
        let level = delimiters.push(boundary)
        var hit = delimiters.next(bytes.span, from: start, work: &findings.work)
        let found = hit.level == level
        var child = 0
        while hit.level == level && !hit.isClose {
            if let again = delimiters.delimiter(bytes.span, at: hit.next, start: hit.next) {
                // Two delimiter lines without even the empty line of a part between: no part.
                findings.note(.doubledDelimiter)
                hit = again
                continue
            }
            guard parts.count < limits.parts else {
                findings.part = inherited.path
                findings.note(.partLimit)
                hit = delimiters.next(bytes.span, from: hit.next, work: &findings.work)
                continue
            }
            child += 1
            context.path = inherited.path.isEmpty ? "\(child)" : "\(inherited.path).\(child)"
            hit = entity(bytes, from: hit.next, in: context)
        }
        findings.part = inherited.path
        delimiters.pop()
        if !found {
            findings.note(.boundaryNotFound)
            parts[index].isUndivided = true
        } else if hit.level != level {
            findings.note(.unterminatedMultipart)
        } else {
            // The epilogue, up to the next delimiter of an outer multipart.
            hit = delimiters.next(bytes.span, from: hit.next, work: &findings.work)
        }
        return hit
    }

    private mutating func embedded(
        _ bytes: MessageBytes, from start: Int, _ content: ContentFields, in inherited: Context
    ) -> DelimiterLines.Hit {
        var context = inherited
        context.path = inherited.path.isEmpty ? "1" : "\(inherited.path).1"
        context.isEmbedded = true
        context.alternative = nil
        context.defaultType = "text/plain"
        context.isMessage = true
        guard content.coding.changesBytes else { return entity(bytes, from: start, in: context) }
        // RFC 2045 section 6.4 forbids an encoded message; some write one. Its bytes are decoded and read on their own.
        let hit = delimiters.next(bytes.span, from: start, work: &findings.work)
        let body = start..<Swift.max(start, hit.contentEnd)
        guard body.count <= decodable else {
            findings.note(.nestingLimit)
            parts[parts.count - 1].kind = .leaf
            return hit
        }
        decodable -= body.count
        let decoded = content.coding.decoded(bytes.span, body, &findings)
        read(MessageBytes(decoded), in: context)
        return hit
    }
}
