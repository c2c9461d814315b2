import Vocabulary

/// Tells the language of a text by its scripts, and by small common words and letters where one script serves many.
///
/// Kana means Japanese, Hangul Korean; Han without kana is Chinese, simplified or traditional by the characters that
/// exist in one form only. Some Latin words in a Chinese mail do not make it English: one Han character carries about
/// as much as a word.
struct LanguageGuess {
    let language: Language

    /// Enough to know; a long mail costs no more.
    private static let bytesRead = 4096

    init(_ bytes: [UInt8]) {
        var counts = ScriptCounts()
        counts.count(bytes, upTo: Self.bytesRead)
        language = Self.language(counts, bytes)
    }

    private static func language(_ counts: ScriptCounts, _ bytes: [UInt8]) -> Language {
        let latinWords = counts.latin / 5
        let han = counts.han + counts.kana
        let best = max(han, counts.hangul, counts.cyrillic / 5, counts.arabic / 4, counts.hebrew / 4, counts.thai / 4)
        let others = max(best, counts.devanagari / 4, counts.greek / 5)
        if others == 0 && counts.latin == 0 { return .undetermined }
        if latinWords > others * 2 || others == 0 { return LatinLanguage.guess(bytes) }
        if counts.kana > 0, counts.kana * 6 >= counts.han { return .japanese }
        if others == counts.hangul { return Language("ko") }
        if others == han { return counts.traditional > counts.simplified ? .traditionalChinese : .simplifiedChinese }
        if others == counts.cyrillic / 5 { return Language(counts.ukrainian > 0 ? "uk" : "ru") }
        if others == counts.arabic / 4 { return Language("ar") }
        if others == counts.hebrew / 4 { return Language("he") }
        if others == counts.thai / 4 { return Language("th") }
        if others == counts.greek / 5 { return Language("el") }
        return Language("hi")
    }
}

/// Characters of a text by script.
private struct ScriptCounts {
    var latin = 0
    var han = 0
    var simplified = 0
    var traditional = 0
    var kana = 0
    var hangul = 0
    var cyrillic = 0
    var ukrainian = 0
    var greek = 0
    var arabic = 0
    var hebrew = 0
    var thai = 0
    var devanagari = 0

    mutating func count(_ bytes: [UInt8], upTo limit: Int) {
        let end = min(bytes.count, limit)
        var index = 0
        while index < end {
            let byte = bytes[index]
            if byte < 0x80 {
                if isASCIILetter(byte) { latin += 1 }
                index += 1
            } else if byte < 0xE0 {
                if index + 1 < end { countTwoBytes(UInt32(byte & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F)) }
                index += 2
            } else if byte < 0xF0 {
                if index + 2 < end {
                    countThreeBytes(
                        UInt32(byte & 0x0F) << 12 | UInt32(bytes[index + 1] & 0x3F) << 6
                            | UInt32(bytes[index + 2] & 0x3F))
                }
                index += 3
            } else {
                index += 4
            }
        }
    }

    private mutating func countTwoBytes(_ scalar: UInt32) {
        switch scalar {
        case 0xC0...0x24F: latin += 1
        case 0x370...0x3FF: greek += 1
        case 0x400...0x52F:
            cyrillic += 1
            if scalar == 0x456 || scalar == 0x457 || scalar == 0x454 || scalar == 0x491 { ukrainian += 1 }
        case 0x590...0x5FF: hebrew += 1
        case 0x600...0x6FF: arabic += 1
        default: break
        }
    }

    private mutating func countThreeBytes(_ scalar: UInt32) {
        switch scalar {
        case 0x4E00...0x9FFF:
            han += 1
            switch HanVariants.form(of: scalar) {
            case .simplified: simplified += 1
            case .traditional: traditional += 1
            case .both: break
            }
        case 0x3041...0x30FF: kana += 1
        case 0x3400...0x4DBF: han += 1
        case 0xAC00...0xD7A3: hangul += 1
        case 0xE00...0xE7F: thai += 1
        case 0x900...0x97F: devanagari += 1
        default: break
        }
    }
}

/// Which of the languages in Latin letters: the one whose small words occur most.
private enum LatinLanguage {
    /// Two hundred words show it.
    private static let bytesRead = 1200

    static func guess(_ bytes: [UInt8]) -> Language {
        var scores = [Int](repeating: 0, count: languages.count)
        var words = 0
        var hash = LabelHash()
        var length = 0
        for byte in bytes.prefix(bytesRead) {
            if isASCIILetter(byte) || byte >= 0x80 {
                hash.add(byte)
                length += 1
                continue
            }
            if length > 0 {
                words += 1
                if length <= 8, let found = smallWords[hash.value] { scores[Int(found)] += 1 }
            }
            hash = LabelHash()
            length = 0
        }
        if length > 0, length <= 8, let found = smallWords[hash.value] { scores[Int(found)] += 1 }
        let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
        // English is the common language of mail: another one has to show itself.
        return scores[best] > scores[0] && scores[best] >= 2 ? Language(languages[best]) : .english
    }

    private static let languages = ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "fi", "tr", "vi", "no", "da"]

    /// Words that one of the languages has and the others mostly do not: articles, pronouns, forms of "to be".
    private static let smallWords: [UInt64: UInt8] = {
        let words: [(String, String)] = [
            (
                "en",
                "the|and|is|of|to|you|that|for|with|have|this|are|not|was|please|we|your|my|it|be|thanks|from|will|can"
            ),
            (
                "de",
                "der|die|das|und|ist|nicht|ich|sie|wir|mit|für|ein|eine|auf|auch|bitte|haben|werden|mir|uns|dem|den|sehr|danke"
            ),
            (
                "fr",
                "le|les|des|est|et|vous|nous|pour|une|dans|que|qui|je|pas|avec|sur|merci|bonjour|votre|cette|au|aux|être"
            ),
            (
                "es",
                "el|los|las|una|por|para|con|usted|está|gracias|pero|hola|muy|como|mi|del|al|su|lo|más|buenos|que|y"
            ),
            ("it", "il|gli|una|per|con|sono|che|non|della|grazie|ciao|del|questo|anche|alla|nel|di|mi|vi|buongiorno|e"),
            ("pt", "os|uma|para|com|não|por|você|obrigado|que|mais|do|da|dos|em|ao|olá|meu|seu|é|está|muito"),
            ("nl", "het|een|van|ik|niet|dat|wij|voor|met|zijn|maar|ook|bij|deze|graag|bedankt|hebben|aan|te|naar"),
            ("sv", "och|att|det|jag|är|inte|för|med|på|som|hej|tack|ett|har|kan|vi|du"),
            ("pl", "nie|się|jest|na|że|dla|proszę|dziękuję|z|w|czy|jak|mam|od|oraz|dzień"),
            ("fi", "ja|on|ei|että|se|kiitos|olen|hei|mutta|myös|kun|ovat|minä"),
            ("tr", "ve|bir|bu|için|ile|var|teşekkür|merhaba|değil|çok|olarak|daha"),
            ("vi", "và|của|là|không|cho|các|được|tôi|có|với|này|xin|cảm|ơn"),
            ("no", "og|jeg|ikke|det|er|til|på|hei|takk|har|av|dere|vi"),
            ("da", "og|jeg|ikke|det|er|til|på|hej|tak|har|af|jer|vi"),
        ]
        var table: [UInt64: UInt8] = [:]
        for (index, row) in words.enumerated() {
            for word in row.1.split(separator: "|") where table[LabelHash.of(word)] == nil {
                table[LabelHash.of(word)] = UInt8(index)
            }
        }
        return table
    }()
}
