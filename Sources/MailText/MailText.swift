/// MailText: what the person wrote.
///
/// In goes the text of a mail, as one plain string or as a parsed message; out comes `WrittenText`: the whole text, the
/// part of it that the writer wrote now (no quoted mail, no signature), the lines of the signature, and the language.
/// Nothing here guesses what the text means.
///
/// Order of work: body parts to plain text (`text/plain` preferred inside `multipart/alternative`, RFC 2046 section
/// 5.1.4; `format=flowed` undone, RFC 3676; HTML rendered to lines), then quoted mail marked (`QuotedLines`), then the
/// signature found at the end of what is left (`SignatureBlock`), then the language told by its scripts and small words
/// (`LanguageGuess`). The words by which quotes and signatures are known stand in data files, to which an admin adds
/// (`MailPhrases`).
///
/// What can go wrong: nothing throws. Every step is linear in its input and works on UTF-8 bytes; a text longer than
/// `TextLimits.standard` is cut, because no person wrote the rest.

/// The text of one mail, and which lines of it are new.
package import Vocabulary

package struct WrittenText: Sendable, Codable, Equatable {
    /// The whole text, lines ended by LF; quoted HTML stands behind `> `.
    package let plain: String
    /// What the writer wrote: no quoted mail, no signature; without blank lines at both ends.
    package let own: String
    /// Lines of `plain`, from 0, that are the writer's signature, without the blank ones.
    package let signatureLines: [Int]
    /// Lines of `plain` with the closing words that lead to the signature. They are own text: thanks are said.
    package let closingLines: [Int]
    /// Lines of `plain` that are new: the own text, closing words and the signature; everything else is quoted mail or
    /// the line that introduces it.
    package let writtenLines: [Range<Int>]
    package let language: Language

    package init(
        plain: String, own: String, signatureLines: [Int] = [], closingLines: [Int] = [],
        writtenLines: [Range<Int>]? = nil,
        language: Language = .undetermined
    ) {
        self.plain = plain
        self.own = own
        self.signatureLines = signatureLines
        self.closingLines = closingLines
        self.writtenLines = writtenLines ?? [0..<(plain.utf8.count { $0 == UInt8(ascii: "\n") } + 1)]
        self.language = language
    }
}

/// Bounds of the work on one mail.
package struct TextLimits: Sendable, Hashable {
    /// Bytes of text that are read; what stands behind is neither own text nor searched.
    package var textBytes: Int
    package static let standard = TextLimits(textBytes: 1 << 20)
}

/// Reads one plain text as the body of a mail. `writer` is the display name of its sender, where known: a last line
/// that repeats it is a signature.
package func writtenText(
    plain: String, writer: String? = nil, phrases: MailPhrases = .standard
) -> WrittenText {
    let text = TextLines(normalizedLineEnds(plain, limit: TextLimits.standard.textBytes))
    let quoted = QuotedLines(text, phrases.quotes).isQuoted
    let written = text.lines.indices.filter { !quoted[$0] }
    let signature = SignatureBlock(text, written: written, writer: writer, phrases.signatures)
    let own = ownText(text, lines: written, without: Set(signature.cut))
    let language = LanguageGuess(own.isEmpty ? text.bytes : own).language
    let isUnchanged = text.bytes.count == plain.utf8.count
    return WrittenText(
        plain: isUnchanged ? plain : String(decoding: text.bytes, as: UTF8.self),
        own: String(decoding: own, as: UTF8.self),
        signatureLines: signature.lines, closingLines: signature.closing, writtenLines: ranges(of: written),
        language: language)
}

/// The written lines that are no signature, without blank lines at both ends.
private func ownText(_ text: TextLines, lines: [Int], without signature: Set<Int>) -> [UInt8] {
    var own = lines.filter { !signature.contains($0) }[...]
    while let first = own.first, text.lines[first].isBlank { own.removeFirst() }
    while let last = own.last, text.lines[last].isBlank { own.removeLast() }
    var bytes: [UInt8] = []
    if let first = own.first, let last = own.last {
        bytes.reserveCapacity(text.lines[last].range.upperBound - text.lines[first].range.lowerBound + 1)
    }
    for line in own {
        bytes.append(contentsOf: text.bytes[text.lines[line].range])
        bytes.append(0x0A)
    }
    if !bytes.isEmpty { bytes.removeLast() }
    return bytes
}

private func ranges(of lines: [Int]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for line in lines {
        if let last = ranges.last, last.upperBound == line {
            ranges[ranges.count - 1] = last.lowerBound..<line + 1
        } else {
            ranges.append(line..<line + 1)
        }
    }
    return ranges
}
