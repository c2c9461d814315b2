/// Rich text (RTF 1.9.1) as the text of a mail. Outlook writes three kinds: rich text of its own, HTML that is wrapped
/// in RTF so that it can be taken out again unchanged, and plain text wrapped the same way (MS-OXRTFEX).
struct RTFReading: Sendable {
    enum Kind: Sendable, Equatable { case richText, encapsulatedText, encapsulatedHTML }

    var kind: Kind
    /// UTF-8 with CRLF.
    var text: [UInt8]
}

/// The text of a rich text document, or the HTML that is wrapped in it, up to about `limit` bytes. Empty, with a
/// defect, when it is no RTF.
func readRTF(_ bytes: Bytes, _ range: Range<Int>, limit: Int, _ findings: inout Findings) -> RTFReading {
    var reader = RTFReader(limit: limit)
    return reader.read(bytes, range, &findings)
}

/// What a group inherits from the one around it, and gives back at its end.
private struct RTFState {
    enum Destination: UInt8 {
        case text
        /// HTMLTAG: a piece of the wrapped HTML (MS-OXRTFEX, HTMLTAG Destination Group).
        case htmlTag
        case fontTable
        case skipped
    }

    var destination = Destination.text
    /// Between `\htmlrtf` and `\htmlrtf0`: what stands for the HTML in programs that only know RTF.
    var isDuplicate = false
    /// `\v` or `\deleted`.
    var isHidden = false
    /// The pieces of text that follow each `\uN` for programs that do not know it.
    var fallback = 1
    /// Nil: the default font.
    var font: Int?
}

private struct RTFReader {
    private let limit: Int
    private var kind = RTFReading.Kind.richText
    private var state = RTFState()
    private var outer: [RTFState] = []
    /// Groups beyond the limit, which have no state of their own.
    private var uncounted = 0
    private var isAfterStar = false
    /// Pieces of fallback text that are still to be skipped.
    private var toSkip = 0
    private var highSurrogate: UInt32?
    private var defaultCodePage: UInt32 = 1252
    private var defaultFont: Int?
    private var definedFont: Int?
    private var fonts = RTFFonts()
    /// Bytes that wait for their neighbours, for a character may take several, and their code page.
    private var waiting: [UInt8] = []
    private var waitingCodePage: UInt32 = 0
    private var output: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    mutating func read(_ bytes: Bytes, _ range: Range<Int>, _ findings: inout Findings) -> RTFReading {
        var start = range.lowerBound
        while start < range.upperBound && isSpace(bytes[start]) { start += 1 }
        guard startsWithRTF(bytes, start..<range.upperBound) else {
            findings.note(.badRTF)
            return RTFReading(kind: .richText, text: [])
        }
        var tokens = RTFTokenizer(start..<range.upperBound)
        while let token = tokens.next(bytes) {
            take(token, bytes, &findings)
            // The group that was opened first is closed: what follows is padding.
            if outer.isEmpty && uncounted == 0 { break }
            if output.count + waiting.count > limit {
                findings.note(.richTextLimit)
                break
            }
        }
        flush()
        if !outer.isEmpty { findings.note(.badRTF) }
        findings.work += tokens.index - range.lowerBound
        return RTFReading(kind: kind, text: output)
    }

    private func startsWithRTF(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
        guard range.count >= 5 else { return false }
        return zip(range, #"{\rtf"#.utf8).allSatisfy { bytes[$0] == $1 }
    }

    private mutating func take(_ token: RTFToken, _ bytes: Bytes, _ findings: inout Findings) {
        switch token {
        case .groupStart: open(&findings)
        case .groupEnd: close()
        case .word(let word, let number): take(word, number)
        case .symbol(let byte): take(symbol: byte)
        case .byte(let byte):
            if !skipsFallback() { append(byte) }
        case .text(let range): take(text: range, bytes)
        }
        if case .symbol(UInt8(ascii: "*")) = token { isAfterStar = true } else { isAfterStar = false }
    }

    // MARK: Groups

    private mutating func open(_ findings: inout Findings) {
        toSkip = 0
        guard outer.count < findings.limits.richTextGroups else {
            if uncounted == 0 { findings.note(.nestingLimit) }
            uncounted += 1
            return
        }
        outer.append(state)
    }

    private mutating func close() {
        toSkip = 0
        if uncounted > 0 {
            uncounted -= 1
        } else if let last = outer.popLast() {
            state = last
        }
    }

    // MARK: Control words

    private mutating func take(_ word: RTFWord?, _ number: Int?) {
        if word != .u && skipsFallback() { return }
        guard let word else {
            // An unknown destination is to be skipped when a star stands before it (RTF 1.9.1, Destinations).
            if isAfterStar && state.destination != .htmlTag { state.destination = .skipped }
            return
        }
        if let scalar = word.scalar { return append(scalar: scalar) }
        if word.isSkipped || isAfterStar || word.isList && kind == .encapsulatedHTML { return enter(word) }
        switch word {
        case .f: selectFont(number)
        case .plain: (state.font, state.isHidden) = (nil, false)
        case .v, .deleted: state.isHidden = number != 0
        case .uc: state.fallback = Swift.max(0, Swift.min(number ?? 1, 64))
        case .u: append(unicode: number ?? 0)
        case .htmlrtf: state.isDuplicate = number != 0
        case .fonttbl: if state.destination == .text { state.destination = .fontTable }
        case .fcharset: defineFont(number.flatMap { codePage(fontCharset: $0) })
        case .cpg: defineFont(number.flatMap { UInt32(exactly: $0) })
        default: takeHeader(word, number)
        }
    }

    private mutating func takeHeader(_ word: RTFWord, _ number: Int?) {
        switch word {
        case .ansi: defaultCodePage = 1252
        case .mac: defaultCodePage = 10000
        case .pc: defaultCodePage = 437
        case .pca: defaultCodePage = 850
        case .ansicpg: if let page = number.flatMap({ UInt32(exactly: $0) }), page != 0 { defaultCodePage = page }
        case .deff: defaultFont = number
        // MS-OXRTFEX, Recognizing RTF Containing Encapsulation: they stand in the header, before any text.
        case .fromhtml: if output.isEmpty && number != 0 { kind = .encapsulatedHTML }
        case .fromtext: if output.isEmpty { kind = .encapsulatedText }
        default: break
        }
    }

    /// The word of a destination: decides what the rest of the group is.
    private mutating func enter(_ word: RTFWord) {
        // Inside a piece of HTML there are no other destinations.
        if state.destination == .htmlTag || state.destination == .skipped { return }
        switch word {
        case .htmltag where kind == .encapsulatedHTML: state.destination = .htmlTag
        case .shpinst, .shppict: break
        default: state.destination = .skipped
        }
    }

    private mutating func selectFont(_ number: Int?) {
        if state.destination == .fontTable { definedFont = number } else { state.font = number }
    }

    private mutating func defineFont(_ page: UInt32?) {
        guard state.destination == .fontTable, let definedFont, let page else { return }
        fonts.define(definedFont, page)
    }

    // MARK: Text

    /// Whether this piece stands in for a `\uN` before it.
    private mutating func skipsFallback() -> Bool {
        guard toSkip > 0 else { return false }
        toSkip -= 1
        return true
    }

    private var isShown: Bool {
        !state.isDuplicate && !state.isHidden && uncounted == 0
            && (state.destination == .text || state.destination == .htmlTag)
    }

    private mutating func take(symbol byte: UInt8) {
        if byte == UInt8(ascii: "*") || skipsFallback() { return }
        switch byte {
        case 10, 13: append(scalar: 10)
        case 9: append(scalar: 9)
        case UInt8(ascii: "~"): append(scalar: 0xA0)
        case UInt8(ascii: "_"): append(scalar: 0x2011)
        case UInt8(ascii: "-"): if kind == .encapsulatedHTML { append(scalar: 0xAD) }
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\\"): append(byte)
        default: break
        }
    }

    private mutating func take(text range: Range<Int>, _ bytes: Bytes) {
        var index = range.lowerBound
        while index < range.upperBound && toSkip > 0 {
            if !isLineEnd(bytes[index]) { toSkip -= 1 }
            index += 1
        }
        while index < range.upperBound && isLineEnd(bytes[index]) { index += 1 }
        guard isShown && index < range.upperBound else { return }
        settle()
        while index < range.upperBound {
            if !isLineEnd(bytes[index]) { waiting.append(bytes[index]) }
            index += 1
        }
    }

    /// Line ends in the file mean nothing, and a NUL is padding.
    private func isLineEnd(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 || byte == 0 }

    private mutating func append(_ byte: UInt8) {
        guard isShown else { return }
        settle()
        waiting.append(byte)
    }

    private mutating func append(scalar: UInt32) {
        guard isShown else { return }
        flush()
        if scalar == 10 { output.append(13) }
        MIME.append(scalar, to: &output)
    }

    /// `\uN`: a UTF-16 unit as a signed number.
    private mutating func append(unicode number: Int) {
        toSkip = state.fallback
        guard isShown, (-32768...65535).contains(number) else { return }
        let unit = UInt32(truncatingIfNeeded: number) & 0xFFFF
        flush(keepingSurrogate: true)
        if let high = highSurrogate, unit & 0xFC00 == 0xDC00 {
            highSurrogate = nil
            return MIME.append(0x10000 + (high & 0x3FF) << 10 + unit & 0x3FF, to: &output)
        }
        flush()
        if unit & 0xFC00 == 0xD800 {
            highSurrogate = unit
        } else if unit & 0xFC00 == 0xDC00 {
            MIME.append(replacementScalar, to: &output)
        } else if unit >= 32 || unit == 9 {
            MIME.append(RTFFonts.shown(unit), to: &output)
        }
    }

    // MARK: Code pages

    /// Makes `waiting` ready for bytes of the present code page.
    private mutating func settle() {
        let page = state.font.flatMap { fonts[$0] } ?? defaultFont.flatMap { fonts[$0] } ?? defaultCodePage
        if page != waitingCodePage || highSurrogate != nil { flush() }
        waitingCodePage = page
    }

    /// Writes out what waits.
    private mutating func flush(keepingSurrogate: Bool = false) {
        if highSurrogate != nil && !keepingSurrogate {
            highSurrogate = nil
            MIME.append(replacementScalar, to: &output)
        }
        guard !waiting.isEmpty else { return }
        // Taken out and put back, so that its room is used again.
        var bytes: [UInt8] = []
        swap(&bytes, &waiting)
        if waitingCodePage == symbolCodePage {
            for byte in bytes { MIME.append(RTFFonts.shown(0xF000 | UInt32(byte)), to: &output) }
        } else {
            let charset = fonts.charset(waitingCodePage)
            if charset.keepsASCII && isASCII(bytes.span, 0..<bytes.count) {
                output.append(contentsOf: bytes)
            } else {
                // Not straight into the output: decoders ask for the room they need, and a text has thousands of
                // pieces.
                var decoded: [UInt8] = []
                _ = charset.decode(bytes.span, 0..<bytes.count, into: &decoded)
                output.append(contentsOf: decoded)
            }
        }
        bytes.removeAll(keepingCapacity: true)
        swap(&bytes, &waiting)
    }
}

/// The font table as far as text needs it: font number to code page.
private struct RTFFonts {
    /// Documents have some dozens; the rest are in the default code page.
    private static let limit = 4096
    private var pages: [Int: UInt32] = [:]
    private var charsets: [UInt32: Charset] = [:]

    subscript(font: Int) -> UInt32? { pages[font] }

    mutating func define(_ font: Int, _ page: UInt32) {
        // If both \fcharset and \cpg appear, \cpg is ignored (RTF 1.9.1, Font Table).
        if pages[font] == nil && pages.count < Self.limit { pages[font] = page }
    }

    mutating func charset(_ page: UInt32) -> Charset {
        if let known = charsets[page] { return known }
        let found =
            charsetLabel(codePage: page).flatMap { Charset(label: $0) }.flatMap { isOfFonts($0) ? $0 : nil }
            ?? .singleByte("CP1252")
        if charsets.count < Self.limit { charsets[page] = found }
        return found
    }

    /// No font has a charset that shifts, and one that iconv must open for each piece of text would cost too much.
    private func isOfFonts(_ charset: Charset) -> Bool {
        switch charset {
        case .other, .iso2022JP, .hz: false
        default: true
        }
    }

    /// Fonts of pictures put theirs in the private characters from U+F000 on; the bullets and smileys of mail are
    /// known.
    static func shown(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0xF0B7, 0xF0A8, 0xF06C: 0x2022
        case 0xF0A7, 0xF06E: 0x25AA
        case 0xF0D8: 0x27A2
        case 0xF0E0: 0x2192
        case 0xF0FC: 0x2713
        case 0xF020...0xF07E: scalar - 0xF000
        default: scalar
        }
    }
}
