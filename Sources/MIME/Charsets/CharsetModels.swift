import Glibc

// What text of a language looks like in a charset: how many bits each character costs (the logarithm of how rare it
// is). The charset under which bytes cost least is the one they were most likely written in. The numbers are rounded
// from letter counts of running text; a bit more or less changes no answer that was clear.

/// A script written with one byte a character.
struct AlphabetModel: Sendable {
    let charset: Charset
    /// What to hold against it before looking: charsets that mail seldom holds without saying so.
    let prior: Double
    /// A script of its own, whose words hold no Latin letters; else Latin with accents.
    let isOwnScript: Bool
    /// For each byte from 0x80 on, bits; 24 and more where there is no character.
    let cost: [Double]
    let kind: [Kind]

    enum Kind: Sendable { case lower, upper, other }

    /// `letters`: small letters, the most frequent first; `first` and `step`: bits of the first and what each next
    /// adds.
    init(
        _ charset: Charset, prior: Double, isOwnScript: Bool, letters: String, first: Double, step: Double,
        signs: String = "", caps: Bool = true
    ) {
        self.charset = charset
        self.prior = prior
        self.isOwnScript = isOwnScript
        var bits: [UInt32: Double] = [:]
        var kinds: [UInt32: Kind] = [:]
        for (rank, letter) in letters.unicodeScalars.enumerated() {
            bits[letter.value] = first + step * Double(rank)
            kinds[letter.value] = .lower
            guard caps, let upper = letter.properties.uppercaseMapping.unicodeScalars.first, upper != letter
            else { continue }
            bits[upper.value] = first + step * Double(rank) + 3
            kinds[upper.value] = .upper
        }
        for sign in (signs + AlphabetModel.commonSigns).unicodeScalars where bits[sign.value] == nil {
            bits[sign.value] = 7.5
        }
        var cost: [Double] = []
        var kind: [Kind] = []
        for byte in UInt8(0x80)...0xFF {
            var output: [UInt8] = []
            let source = [byte]
            let bad = charset.decode(source.span, 0..<1, into: &output)
            let scalar = bad == 0 ? onlyScalar(output.span, output.count) ?? 0xFFFD : 0xFFFD
            let isControl = scalar < 0xA0 || scalar == 0xFFFD
            cost.append(bits[scalar] ?? (isControl ? 26 : 14))
            kind.append(kinds[scalar] ?? .other)
        }
        self.cost = cost
        self.kind = kind
    }

    /// Typographic signs that stand in text of every language.
    private static let commonSigns = "\u{2019}\u{201C}\u{201D}\u{2013}\u{2014}\u{2026}\u{A0}«»€§°©®•·„£№"

    static let western = AlphabetModel(
        .singleByte("CP1252"), prior: 0, isOwnScript: false, letters: "éäüöàèóíáñçãßêåúøôâîõëæïìòùûœðþýÿ", first: 3,
        step: 0.2, signs: "¿¡ªº")

    /// Scripts that must prove themselves: `guessCharset` takes them only by a wide margin.
    static let others: [AlphabetModel] =
        [
            .singleByte("CP1251"), .singleByte("KOI8-R"), .singleByte("KOI8-U"), .singleByte("ISO-8859-5"),
            .singleByte("CP866"),
        ]
        .enumerated().map { rank, charset in
            AlphabetModel(
                charset, prior: 3 + 2 * Double(rank), isOwnScript: true,
                letters: "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфіїъєёґ", first: 3.2, step: 0.14)
        } + [
            AlphabetModel(
                .singleByte("CP1253"), prior: 5, isOwnScript: true, letters: greek, first: 3.2, step: 0.14),
            AlphabetModel(
                .singleByte("ISO-8859-7"), prior: 5.5, isOwnScript: true, letters: greek, first: 3.2, step: 0.14),
            AlphabetModel(
                .windows(1255), prior: 5, isOwnScript: true, letters: "יוהלארתבשמנםדעחקפכטסצגזןךףץ", first: 3.2,
                step: 0.16, caps: false),
            AlphabetModel(
                .windows(1256), prior: 5, isOwnScript: true, letters: "اليمونرتبةعدسفهكقأحجشصطخإىضزذثئءغظؤآ",
                first: 3, step: 0.16, signs: "،؛؟", caps: false),
            AlphabetModel(
                .singleByte("ISO-8859-6"), prior: 7, isOwnScript: true,
                letters: "اليمونرتبةعدسفهكقأحجشصطخإىضزذثئءغظؤآ", first: 3, step: 0.16, signs: "،؛؟", caps: false),
            AlphabetModel(
                .singleByte("CP874"), prior: 5, isOwnScript: true,
                letters:
                    "านรอกง่้เยม\u{E31}ลวท\u{E35}สตดะคหปิจไแขพบ\u{E38}\u{E39}ใ์ำชโ\u{E37}ผถซณธ\u{E36}\u{E47}ศญภๆษฟฐฉฝฎฏฌ",
                first: 3.6, step: 0.08, caps: false),
            AlphabetModel(
                .windows(1250), prior: 4, isOwnScript: false, letters: "áíéęąěłžčšýřśóżőćńůöúűťüďňźşţăâîđ", first: 3.4,
                step: 0.13),
            AlphabetModel(
                .singleByte("ISO-8859-2"), prior: 4.5, isOwnScript: false,
                letters: "áíéęąěłžčšýřśóżőćńůöúűťüďňźşţăâîđ", first: 3.4, step: 0.13),
            AlphabetModel(
                .windows(1254), prior: 5, isOwnScript: false, letters: "ışüğöçİâî", first: 2.6, step: 0.3),
        ]

    private static let greek = "αοιετσνηυρπκμλςίωγάόδθχέήφβώύξζψϊϋ"
}

/// A script written with two bytes a character.
struct IdeographModel: Sendable {
    let charset: Charset
    let prior: Double
    /// Bits of the characters that running text is mostly made of.
    let frequent: [UInt32: Double]
    /// Bits of every other character, by its first byte from 0x80 on.
    let rest: [Double]

    /// `sets`: characters with the most frequent first, with the share of text that they make up all together.
    private init(
        _ charset: Charset, prior: Double, sets: [(String, share: Double, offset: Double)],
        rest ranges: [(ClosedRange<Int>, Double)]
    ) {
        self.charset = charset
        self.prior = prior
        var frequent: [UInt32: Double] = [:]
        for (text, share, offset) in sets {
            let scalars = text.unicodeScalars.map(\.value).filter { $0 >= 0x80 }
            // Zipf: a character's share falls with its rank.
            var total = 0.0
            for rank in scalars.indices { total += 1 / (Double(rank) + offset) }
            for (rank, scalar) in scalars.enumerated() where frequent[scalar] == nil {
                frequent[scalar] = -log2(share / total / (Double(rank) + offset))
            }
        }
        self.frequent = frequent
        var rest = [Double](repeating: 26, count: 128)
        for (range, bits) in ranges {
            for byte in range { rest[byte - 0x80] = bits }
        }
        self.rest = rest
    }

    static let all: [IdeographModel] = [
        // GB2312: signs, kana and alphabets, 3,755 hanzi by sound, 3,008 rare ones by stroke; then GBK's additions.
        IdeographModel(
            .gb18030, prior: 0, sets: [(FrequentCharacters.simplified, 0.72, 20), ("，。、：！？（）“”《》；", 0.1, 2)],
            rest: [(0x81...0xA0, 22), (0xA1...0xA9, 16), (0xAA...0xAF, 24), (0xB0...0xD7, 13.7), (0xD8...0xF7, 18.5)]),
        // Big5: signs, 5,401 frequent hanzi, 7,652 rare ones; the Hong Kong supplement around them.
        IdeographModel(
            .big5, prior: 2, sets: [(FrequentCharacters.traditional, 0.72, 20), ("，。、：！？（）「」；", 0.1, 2)],
            rest: [(0x87...0xA0, 23), (0xA1...0xA3, 16), (0xA4...0xC6, 14), (0xC7...0xC8, 20), (0xC9...0xF9, 19.5)]),
        // Japanese is mostly kana. 2,965 kanji by sound, 3,390 rare ones.
        IdeographModel(
            .cp932, prior: 2, sets: FrequentCharacters.japanese,
            rest: [(0x81...0x84, 16), (0x87...0x87, 16), (0x88...0x97, 14.5), (0x98...0x9F, 20), (0xE0...0xEA, 20)]),
        IdeographModel(
            .eucJP, prior: 3, sets: FrequentCharacters.japanese,
            rest: [(0xA1...0xA8, 16), (0xAD...0xAD, 16), (0xB0...0xCF, 14.5), (0xD0...0xF4, 20)]),
        // 2,350 syllables, 4,888 hanja that mail seldom holds, and 8,822 syllables that nobody needs.
        IdeographModel(
            .cp949, prior: 1, sets: [(FrequentCharacters.korean, 0.85, 15)],
            rest: [(0x81...0xA0, 23), (0xA1...0xAC, 16.5), (0xB0...0xC8, 13.5), (0xCA...0xFD, 19.5)]),
    ]
}

/// The characters that most running text is made of, the most frequent first.
private enum FrequentCharacters {
    static let simplified = """
        的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去
        法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业
        外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提
        您请贵司谢订单号货款客户服务电邮件投诉退换收发票价格品质量联系先生女士感
        """
    static let traditional = """
        的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去
        法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業
        外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提
        您請貴司謝訂單號貨款客戶服務電郵件投訴退換收票價格品質量聯繫生女士感
        """
    static let japanese: [(String, share: Double, offset: Double)] = [
        ("のいしにたとをはまてがでかするりなっらこもあさきれけおくだうえせんそつどみちょめわばじよごろずゃねべほへげふひゅやむぶびゆぎゆぐぞぜぱぽぼぺぬぷぴ", 0.5, 8),
        ("、。ー・「」！？（）　", 0.1, 1.5),
        ("ンスルトイラリクアッレドテシフグロコマプタジメカキバオサムニデエセハダナチウソケパモノビワヤガホズュョベャツミボギブポゴェペァヒィヘザネピユヨォ", 0.1, 10),
        (
            """
            日本人年月会社様願致御件商品注文送信返確認連絡届問合宜申上下今回時間金額者了解対応中国東京用大小学生名前話電番号事一二三行出来見\
            分部入力手方場先新取引料理内容利場開始終変更登録情報加予定発売受付予約担当株式市区県田山木川高野村井口度必要現在使用可能不明
            """, 0.18, 20
        ),
    ]
    static let korean = """
        이다는에을의가하고로지한은도서를사니기어자시있대해인아리나그들일정부전수것게보과만주장제동상스안구원라여요으와거면습성오신공었없조
        우며경소연저위문비마적화치무계분방물선등세실관체트당때말생용내감학국회드추천입업금품송처불환배담락번호메객님립확합됨된되녕십같많월년
        """
}
