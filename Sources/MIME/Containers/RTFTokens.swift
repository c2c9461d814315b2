/// The pieces of an RTF text (RTF 1.9.1, Syntax).
enum RTFToken: Sendable {
    case groupStart, groupEnd
    /// A control word that we know, or nil, and its number.
    case word(RTFWord?, Int?)
    /// A backslash before something that is no letter.
    case symbol(UInt8)
    /// A byte of text written as `\'hh`.
    case byte(UInt8)
    /// Bytes of text as they stand; line ends among them mean nothing.
    case text(Range<Int>)
}

/// Cuts RTF into tokens. Nothing is wrong at this level: what cannot be read is a symbol.
struct RTFTokenizer {
    private(set) var index: Int
    private let end: Int

    init(_ range: Range<Int>) { (index, end) = (range.lowerBound, range.upperBound) }

    mutating func next(_ bytes: Bytes) -> RTFToken? {
        guard index < end else { return nil }
        let start = index
        index += 1
        switch bytes[start] {
        case UInt8(ascii: "{"): return .groupStart
        case UInt8(ascii: "}"): return .groupEnd
        case UInt8(ascii: "\\"): return control(bytes)
        default:
            while index < end && !isSyntax(bytes[index]) { index += 1 }
            return .text(start..<index)
        }
    }

    private func isSyntax(_ byte: UInt8) -> Bool { byte == 0x5C || byte == 0x7B || byte == 0x7D }

    private mutating func control(_ bytes: Bytes) -> RTFToken? {
        guard index < end else { return nil }
        let byte = bytes[index]
        if isLetter(byte) { return word(bytes) }
        index += 1
        guard byte == UInt8(ascii: "'"), index + 1 < end else { return .symbol(byte) }
        let (high, low) = (hexValue(bytes[index]), hexValue(bytes[index + 1]))
        guard high < 16 && low < 16 else { return .symbol(byte) }
        index += 2
        return .byte(high << 4 | low)
    }

    /// Letters, a number, and one blank that belongs to the word.
    private mutating func word(_ bytes: Bytes) -> RTFToken {
        var hash = RTFWord.hashStart
        let start = index
        while index < end && isLetter(bytes[index]) && index - start < 32 {
            hash = RTFWord.hash(hash, bytes[index])
            index += 1
        }
        let isNegative = index + 1 < end && bytes[index] == UInt8(ascii: "-") && isDigit(bytes[index + 1])
        if isNegative { index += 1 }
        var number: Int?
        let digits = index
        while index < end && isDigit(bytes[index]) && index - digits < 10 {
            number = (number ?? 0) * 10 + Int(bytes[index] & 15)
            index += 1
        }
        if isNegative { number = number.map { -$0 } }
        if index < end && bytes[index] == 32 { index += 1 }
        let word = RTFWord.table[hash]
        // \binN: N bytes that are no RTF.
        if word == .bin, let number { index += Swift.max(0, Swift.min(number, end - index)) }
        return .word(word, number)
    }
}

/// The control words that matter to the text.
enum RTFWord: String, CaseIterable, Sendable {
    // Header and fonts
    case rtf, ansi, mac, pc, pca, ansicpg, deff, fonttbl, f, fcharset, cpg, plain, uc, u, bin
    // Encapsulation (MS-OXRTFEX)
    case fromhtml, fromtext, htmltag, mhtmltag, htmlrtf
    // Text that is not shown
    case v, deleted
    case colortbl, stylesheet, info, pict, header, headerl, headerr, headerf, footer, footerl, footerr, footerf
    case ftnsep, ftnsepc, ftncn, aftnsep, aftnsepc, aftncn, xe, tc, rxe, filetbl, fldinst, nonesttables, nonshppict
    case shprslt, sp, pntext, listtext
    // Star destinations whose text is shown
    case shpinst, shppict
    // Characters
    case par, line, sect, page, column, row, nestrow, cell, nestcell, tab, lquote, rquote, ldblquote, rdblquote
    case bullet, endash, emdash, emspace, enspace, qmspace, zwj, zwnj, ltrmark, rtlmark, zwbo, zwnbo

    /// Groups with this word hold no text of the document.
    var isSkipped: Bool {
        switch self {
        case .mhtmltag, .colortbl, .stylesheet, .info, .pict, .header, .headerl, .headerr, .headerf, .footer, .footerl,
            .footerr, .footerf, .ftnsep, .ftnsepc, .ftncn, .aftnsep, .aftnsepc, .aftncn, .xe, .tc, .rxe, .filetbl,
            .fldinst, .nonesttables, .nonshppict, .shprslt, .sp:
            true
        default: false
        }
    }

    /// Bullets and numbers of lists as text; wrapped HTML has its own.
    var isList: Bool { self == .pntext || self == .listtext }

    /// The character that the word stands for; a line end for all that starts a new line.
    var scalar: UInt32? {
        switch self {
        case .par, .line, .sect, .page, .column, .row, .nestrow: 0x0A
        case .cell, .nestcell, .tab: 0x09
        case .lquote: 0x2018
        case .rquote: 0x2019
        case .ldblquote: 0x201C
        case .rdblquote: 0x201D
        case .bullet: 0x2022
        case .endash: 0x2013
        case .emdash: 0x2014
        case .emspace: 0x2003
        case .enspace: 0x2002
        case .qmspace: 0x2005
        case .zwj: 0x200D
        case .zwnj: 0x200C
        case .ltrmark: 0x200E
        case .rtlmark: 0x200F
        case .zwbo: 0x200B
        case .zwnbo: 0x2060
        default: nil
        }
    }

    /// FNV-1a, so that a word is looked up without making a string of it.
    static let hashStart: UInt64 = 0xCBF2_9CE4_8422_2325
    static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    static let table: [UInt64: RTFWord] = {
        var table: [UInt64: RTFWord] = [:]
        for word in allCases { table[word.rawValue.utf8.reduce(hashStart, hash)] = word }
        return table
    }()
}
