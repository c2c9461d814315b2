/// A charset that was found by looking at the bytes.
struct CharsetGuess {
    let charset: Charset
    /// 0 to 1.
    let confidence: Double
}

/// Guesses the charset of text without a declared one: UTF-8, since other text seldom passes for it by accident; escape
/// sequences of ISO-2022-JP; then the East Asian charset under which the bytes make the most common characters of its
/// language; then windows-1252, under which anything can be read.
func guessCharset(_ bytes: Bytes, _ range: Range<Int>) -> CharsetGuess {
    if hasISO2022JPEscape(bytes, range) { return CharsetGuess(charset: .iso2022JP, confidence: 0.95) }
    if isASCII(bytes, range) { return CharsetGuess(charset: .ascii, confidence: 1) }
    if isValidUTF8(bytes, range) { return CharsetGuess(charset: .utf8, confidence: 0.98) }
    // The first few thousand bytes tell as much as all of them.
    let sample = range.lowerBound..<Swift.min(range.upperBound, range.lowerBound + 4096)
    var best = CharsetGuess(charset: .singleByte("CP1252"), confidence: westernPlausibility(bytes, sample))
    for candidate in [Charset.gb18030, .big5, .cp932, .eucJP, .cp949] {
        let confidence = plausibility(bytes, sample, candidate)
        if confidence > best.confidence { best = CharsetGuess(charset: candidate, confidence: confidence) }
    }
    return best
}

/// In Western text letters with accents stand alone among ASCII; East Asian characters come in runs.
private func westernPlausibility(_ bytes: Bytes, _ range: Range<Int>) -> Double {
    var alone = 0
    var all = 0
    for index in range where bytes[index] >= 0x80 {
        all += 1
        let before = index > range.lowerBound && bytes[index - 1] >= 0x80
        let after = index + 1 < range.upperBound && bytes[index + 1] >= 0x80
        if !before && !after { alone += 1 }
    }
    guard all > 0 else { return 0.2 }
    return 0.2 + 0.5 * Swift.max(0, Double(alone) / Double(all) * 2 - 1)
}

/// Whether a seven-bit text shifts into a Japanese character set: `ESC $ B`, `ESC $ @`, `ESC ( J`, `ESC ( I`.
func hasISO2022JPEscape(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while true {
        index = findByte(bytes, 0x1B, from: index, to: range.upperBound)
        if index < 0 || index + 2 >= range.upperBound { return false }
        switch (bytes[index + 1], bytes[index + 2]) {
        case (0x24, 0x42), (0x24, 0x40), (0x28, 0x4A), (0x28, 0x49): return true
        default: index += 1
        }
    }
}

func isASCII(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    var bits: UInt64 = 0
    while index + 8 <= range.upperBound {
        bits |= load64(bytes, at: index)
        index += 8
    }
    while index < range.upperBound {
        bits |= UInt64(bytes[index])
        index += 1
    }
    return bits & 0x8080_8080_8080_8080 == 0
}

/// How much the bytes look like text of the charset's language: by the share of common characters, and a little by
/// characters standing in runs; 0 when much cannot be decoded.
private func plausibility(_ bytes: Bytes, _ range: Range<Int>, _ charset: Charset) -> Double {
    var output: [UInt8] = []
    let bad = charset.decode(bytes, range, into: &output)
    let frequent = FrequentCharacters.of(charset)
    var letters = 0
    var common = 0.0
    var inRuns = 0
    var wasLetter = false
    for scalar in text(output.span, 0..<output.count).unicodeScalars {
        let isLetter = scalar.value >= 0x80
        if isLetter {
            letters += 1
            if wasLetter { inRuns += 1 }
            if frequent.contains(scalar.value) {
                common += 1
            } else if (0xFF61...0xFF9F).contains(scalar.value) || (0xE000...0xF8FF).contains(scalar.value) {
                // Half-width katakana and private characters are what other charsets look like under these.
                common -= 0.5
            }
        }
        wasLetter = isLetter
    }
    guard letters > 0, bad * 20 <= letters + 19, bad < letters else { return 0 }
    let share = Swift.max(0, common) / Double(letters)
    let runs = Double(inRuns) / Double(letters)
    return 0.05 + 0.2 * runs + 0.7 * share - 0.3 * Double(bad) / Double(letters)
}

/// The most frequent characters of a language's running text, with its punctuation.
private enum FrequentCharacters {
    static func of(_ charset: Charset) -> Set<UInt32> {
        switch charset {
        case .gb18030: simplified
        case .big5: traditional
        case .cp949: korean
        default: japanese
        }
    }

    private static func set(_ text: String) -> Set<UInt32> { Set(text.unicodeScalars.map(\.value)) }

    private static let simplified = set(
        """
        的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去
        法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业
        外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提
        您请贵司谢订单号货款客户服务电邮件投诉退换收发票价格产品质量联系公司先生女士您好感谢，。！？、：；（）“”《》
        """)
    private static let traditional = set(
        """
        的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去
        法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業
        外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提
        您請貴司謝訂單號貨款客戶服務電郵件投訴退換收發票價格產品質量聯繫公司先生女士您好感謝，。！？、：；（）「」
        """)
    private static let japanese: Set<UInt32> = {
        var characters = set(
            "日本人年月会社様願致御件商品注文送信返確認連絡届問合宜申上下今回時間金額者了解対応中国東京用大小学生名前話電番号、。「」・ー！？（）")
        characters.formUnion(0x3041...0x3096)
        characters.formUnion(0x30A1...0x30F6)
        return characters
    }()
    private static let korean = set(
        """
        이다는에을의가하고로지한은도서를사니기어자시있대해인아리나그들일정부전수것게보과만주장제동상스안구원라여요으와거면습성오신공었없조
        우며경소연제저위문비마적화치무계분방물선등세실관체트당때말생용내감학국회계드추천입업금품송처불환배상담락번호메객님드립주문확회했합된되
        """)
}
