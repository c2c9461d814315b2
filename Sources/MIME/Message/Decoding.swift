import Vocabulary

/// A body with its transfer encoding undone, and what was wrong with it.
package struct DecodedBody: Sendable {
    package let bytes: [UInt8]
    package let defects: [Defect]
}

/// A body as text, and how its charset was found.
package struct DecodedText: Sendable {
    package let text: String
    /// The charset that was used: `gb18030`.
    package let charset: String
    /// 1 when the declared charset was used, less when it had to be guessed.
    package let confidence: Double
    package let defects: [Defect]
}

extension Message {
    /// The body of a part with its transfer encoding undone; of a multipart or embedded message, its bytes as they stand.
    package func decoded(_ part: Part) -> [UInt8] { decodedBody(part).bytes }

    /// The body of a part as a person wants to read it; U+FFFD where nothing sensible can be read.
    package func text(_ part: Part) -> String { likelyText(part).text }

    /// The same with what was wrong with it.
    package func likelyText(_ part: Part) -> DecodedText { decodedText(part, trust: .likely) }

    package func decodedBody(_ part: Part) -> DecodedBody {
        var findings = Findings(limits: .standard)
        findings.part = part.path
        let bytes = coding(of: part).decoded(part.header.bytes.span, part.body, &findings)
        return DecodedBody(bytes: bytes, defects: findings.defects)
    }

    /// The body of a part as text, by its declared charset as long as that can be true.
    package func decodedText(_ part: Part) -> DecodedText { decodedText(part, trust: .declared) }

    private func decodedText(_ part: Part, trust: LabelTrust) -> DecodedText {
        var findings = Findings(limits: .standard)
        findings.part = part.path
        let coding = coding(of: part)
        if coding == .identity { return text(part.header.bytes.span, part.body, part, trust, &findings) }
        let bytes = coding.decoded(part.header.bytes.span, part.body, &findings)
        return text(bytes.span, 0..<bytes.count, part, trust, &findings)
    }

    /// Hands the body of a part, its transfer encoding undone, to `take` in pieces of some ten thousand bytes, or in one
    /// piece where nothing has to be undone. Nothing is kept: an attachment is hashed or saved without a second copy of it
    /// in memory. Returns what was wrong with it.
    package func decode(_ part: Part, _ take: (Span<UInt8>) -> Void) -> [Defect] {
        decode(part, coding(of: part), take)
    }

    /// As `decode`, but of an embedded message that is encoded, which RFC 2045 section 6.4 forbids, the message as it was
    /// read: what stands in `parts` below it.
    func decodeFile(_ part: Part, _ take: (Span<UInt8>) -> Void) -> [Defect] {
        decode(part, part.kind == .message ? declaredCoding(of: part) : coding(of: part), take)
    }

    private func decode(_ part: Part, _ coding: TransferCoding, _ take: (Span<UInt8>) -> Void) -> [Defect] {
        var findings = Findings(limits: .standard)
        findings.part = part.path
        let bytes = part.header.bytes.span
        guard coding.changesBytes else {
            take(bytes.extracting(part.body))
            return []
        }
        var decoder = TransferDecoder(coding, part.body)
        var piece = [UInt8](repeating: 0, count: Swift.min(1 << 16, coding.bound(part.body.count)))
        while !decoder.isDone {
            var output = piece.mutableSpan
            let count = decoder.fill(bytes, into: &output, at: 0, &findings)
            take(piece.span.extracting(0..<count))
        }
        return findings.defects
    }

    private func coding(of part: Part) -> TransferCoding {
        part.kind == .leaf ? declaredCoding(of: part) : .identity
    }

    private func declaredCoding(of part: Part) -> TransferCoding {
        guard let name = part.transferEncoding else { return .identity }
        return TransferCoding(named: name) ?? .identity
    }

    private func text(
        _ bytes: Bytes, _ range: Range<Int>, _ part: Part, _ trust: LabelTrust, _ findings: inout Findings
    ) -> DecodedText {
        let label = part.parameters["charset"]
        let result = decodeBodyText(bytes, range, label: label, trust: trust, &findings)
        return DecodedText(
            text: result.text, charset: result.charset.name, confidence: result.confidence, defects: findings.defects)
    }
}
